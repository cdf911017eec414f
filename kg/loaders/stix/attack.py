"""What is MITRE's: who speaks in ATT&CK, under which numbers, and what its texts cite."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from kg.loaders.stix.bundle import Object, references

MITRE = "organization:mitre"
IDS = frozenset(("identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5",))
"""The identity under which MITRE publishes ATT&CK."""

NAMES = frozenset(("the mitre corporation", "mitre corporation", "mitre", "mitre att&ck"))
"""What that identity is called where others have given it an id of their own."""

MARK = "marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"
"""MITRE's notice of copyright: what carries it is MITRE's, also where the author was left out."""

CATALOGUES = ("mitre-attack", "mitre-mobile-attack", "mitre-ics-attack", "mitre-pre-attack")
HOME = "https://attack.mitre.org/"

_KEY = re.compile(r"(?P<letter>[A-Z]{1,3})\d{3,4}(?:\.\d{3})?", re.ASCII)
LETTERS = {"intrusion-set": "G", "malware": "S", "tool": "S", "campaign": "C",
           "attack-pattern": "T"}  # fmt: skip
"""STIX type → with which letter ATT&CK numbers it."""

CITATION = re.compile(r"\(Citation: ([^)]+)\)")
HEDGES = re.compile(r"overlaps?|potential relationship|may be|possibly|suspected", re.IGNORECASE)
SUBSET = re.compile(
    r"(?P<hedge>is considered )?(?:a )?sub-?(?:set|group) of (?:the )?"
    r"\[[^\]]+\]\(https://attack\.mitre\.org/groups/(?P<id>G\d{4})\)"
)
_VERSION = re.compile(r"attack-v?(\d+(?:\.\d+)*)")


def number(object: Object) -> str | None:
    """`G0032` of an object that ATT&CK numbers, or that says so of itself."""
    letter = LETTERS.get(object["type"], "")
    for reference in references(object):
        key = reference.get("external_id", "")
        found = _KEY.fullmatch(key) if reference.get("source_name") in CATALOGUES else None
        if found and found["letter"] == letter:
            return key
    return None


def is_mitre(identity: Object) -> bool:
    """Whether an identity is MITRE."""
    return identity["id"] in IDS or str(identity.get("name", "")).strip().casefold() in NAMES


def speaks_in(object: Object, identities: Mapping[str, Object]) -> bool:
    """Whether an object is MITRE's word: it is said to be the author, or holds the copyright."""
    author = object.get("created_by_ref")
    if author is None:
        return MARK in object.get("object_marking_refs", ())
    return author in IDS or (author in identities and is_mitre(identities[author]))


BESIDE = ("marking-definition", "identity", "x-mitre-collection")


def published(objects: Mapping[str, Object]) -> bool:
    """Whether the files together are ATT&CK: all that they hold is MITRE's word, and numbered."""
    told = [o for o in objects.values() if o["type"] not in BESIDE]
    return any(map(number, told)) and all(speaks_in(object, objects) for object in told)


def title(files: Sequence[Path], objects: Iterable[Object]) -> str:
    """`MITRE ATT&CK 18.1`, with the version that the collection or all files' names tell."""
    told = {str(o.get("x_mitre_version", "")) for o in objects
            if o["type"] == "x-mitre-collection"}  # fmt: skip
    versions = told - {""} or {m[1] for file in files if (m := _VERSION.search(file.name))}
    return f"MITRE ATT&CK {versions.pop()}" if len(versions) == 1 else "MITRE ATT&CK"


def cited(text: str, object: Object) -> Iterator[tuple[str, Mapping[str, str]]]:
    """Name and reference of each citation in a text."""
    by_name = {str(r.get("source_name")).strip(): r for r in references(object)}
    for name in dict.fromkeys(c.strip() for c in CITATION.findall(text)):
        yield name, by_name.get(name, {})
