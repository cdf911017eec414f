"""Entities as objects, each that came from STIX under its own id."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlsplit

from kg.exports.stix.bundle import Bundle, made_id, time
from kg.graph.corpus import Corpus
from kg.loaders.stix.places import REGIONS
from kg.ontology import countries

STIX_ID = re.compile(
    r"[a-z][a-z0-9-]+--[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
)

CLASSES = {"Person": "individual", "Sector": "class"}
"""STIX `identity_class` of the kinds that are identities; every other is an organization."""

ALIASED = {"intrusion-set", "campaign", "malware", "tool", "attack-pattern"}
"""Types that have `aliases`."""

REGION_TERMS = {name: term for term, name in REGIONS.items()}

ATTACK_PAGES = {"G": "groups", "S": "software", "C": "campaigns", "T": "techniques"}


class Things:
    """What entities became. What STIX has no object for is a note; documents are reports, where
    they have a day and something of theirs is in the bundle."""

    def __init__(self, bundle: Bundle) -> None:
        self.bundle = bundle
        self.own, self.named = _declared(bundle.corpus)
        self.noted: Counter[str] = Counter()
        """Kinds that STIX has no object for."""
        self.real: set[str] = set()
        """Entities that STIX has an object for."""
        for id in bundle.entities:
            self.entity(id)

    def entity(self, id: str) -> None:
        """One object for an entity, and one for each that came from STIX and became it."""
        kind, row = self.bundle.entities[id]
        type_ = self.type_of(kind, row)
        if type_ is None or type_ == "report":
            self.bundle.ids[id] = made_id("note", id)
            if type_ is None:
                self.noted[kind] += 1
            self.beside_of(self.bundle.ids[id], id, row["ids"])
            return
        given = {source: self.own[source] for source in row["ids"] if source in self.own}
        self.bundle.ids[id] = given.get(id) or min(given.values(), default=made_id(type_, id))
        self.real.add(id)
        self.put(id, kind, self.bundle.ids[id], row)
        for source, stix_id in given.items():
            self.put(id, kind, stix_id, row | {"name": self.named.get(source, row["name"])})
        self.beside_of(self.bundle.ids[id], id, [s for s in row["ids"] if s not in given])
        for source, stix_id in given.items():
            self.beside_of(stix_id, source, [source])

    def beside_of(self, stix_id: str, first: str, sources: Iterable[str]) -> None:
        """The entities that an object is, the one that it stands for first."""
        for source in sorted(sources, key=lambda source: source != first):
            own = source == first and source in self.bundle.entities
            name = self.bundle.name(source) if own else self.named.get(source, source)
            self.bundle.beside.is_entity(stix_id, source, name)

    def put(self, id: str, kind: str, stix_id: str, row: Mapping[str, Any]) -> None:
        """One object. What several sources hold is one entity here and keeps its objects there."""
        type_ = stix_id.partition("--")[0]
        marked = self.bundle.marked(self.bundle.entity_marks.get(id))
        self.bundle.add(stix_id, type_, **self.properties(id, kind, type_, row), **marked)

    def mention(self, id: str) -> str:
        """The object of an entity that others may refer to. What STIX has no object for becomes a
        note when it is first mentioned, so that documents that are reports are none."""
        stix_id = self.bundle.ids[id]
        if id not in self.real and stix_id not in self.bundle.objects:
            kind, row = self.bundle.entities[id]
            self.bundle.add(
                stix_id, "note", abstract=row["name"], content=f"{kind}: {row['name']}",
                object_refs=[self.bundle.maker], external_references=references(id, row),
                **self.bundle.marked(self.bundle.entity_marks.get(id)),
            )  # fmt: skip
        return stix_id

    def type_of(self, kind: str, row: Mapping[str, Any]) -> str | None:
        """The STIX type that the ontology names for an entity."""
        standard = self.bundle.corpus.ontology.node(kind).standards.get("STIX")
        if standard is None:
            return None
        if kind == "Software":
            return "tool" if row.get("category") == "tool" else "malware"
        return standard.split()[0]

    def properties(self, id: str, kind: str, type_: str, row: Mapping[str, Any]) -> dict[str, Any]:
        """What the type requires, and what we know."""
        found: dict[str, Any] = {"name": row["name"], "external_references": references(id, row)}
        others = [name for name in row.get("names", ()) if name != row["name"]]
        if type_ in ALIASED and others:
            found["aliases"] = others
        if type_ == "identity":
            found["identity_class"] = CLASSES.get(kind, "organization")
        if type_ == "malware":
            found["is_family"] = True
        if type_ == "cryptocurrency-wallet":
            found["value"] = row["name"]
        if type_ == "location" and kind == "Region":
            found["region"] = REGION_TERMS.get(row["name"], row["name"])
        elif type_ == "location":
            found["country"] = _alpha2(id) or row["name"]
        for end in ("first_seen", "last_seen"):
            if type_ in ("intrusion-set", "campaign", "malware") and f"{end}_from" in row:
                found[end] = time(row[f"{end}_from"])
        if "last_seen" in found and found["last_seen"] < found.get("first_seen", ""):
            del found["last_seen"]
        return found


def _declared(corpus: Corpus) -> tuple[dict[str, str], dict[str, str]]:
    """Source id → the STIX id that it came with, and → the name that it came with."""
    own: dict[str, str] = {}
    named: dict[str, str] = {}
    rows = corpus.statements.filter("declared").sort("id")
    for source, predicate, value in rows.select("subject_as", "predicate", "value").iter_rows():
        if predicate == "name":
            named.setdefault(source, value)
        elif predicate in ("codes", "record") and STIX_ID.fullmatch(value.removeprefix("stix:")):
            own.setdefault(source, value.removeprefix("stix:"))
    return own, named


def references(id: str, row: Mapping[str, Any]) -> list[dict[str, str]]:
    """Our id, the sources' own keys, and addresses."""
    found = [{"source_name": "kg", "external_id": id}]
    attack = [key for key in _listed(row, "record") if key.startswith("attack:")]
    pages = {}
    for key in attack:
        number = key.partition(":")[2]
        folder = ATTACK_PAGES.get(number[:1])
        url = f"https://attack.mitre.org/{folder}/{number.replace('.', '/')}" if folder else ""
        pages[url] = number
        found.append(
            {"source_name": "mitre-attack", "external_id": number} | ({"url": url} if url else {})
        )
    for key in _listed(row, "record") + _listed(row, "codes"):
        scheme, _, rest = key.partition(":")
        if key not in attack and not STIX_ID.fullmatch(rest):
            found.append({"source_name": scheme, "external_id": rest or key})
    urls = [url for url in _listed(row, "url") if url not in pages]
    return found + [{"source_name": urlsplit(url).hostname or "web", "url": url} for url in urls]


def _listed(row: Mapping[str, Any], name: str) -> list[str]:
    value = row.get(name) or []
    return [value] if isinstance(value, str) else list(value)


def _alpha2(id: str) -> str | None:
    return countries.alpha2().get(id.partition(":")[2])
