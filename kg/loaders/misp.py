"""MISP events: what an organisation shares of one incident, and by which tags it names actors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem
from kg.claims.checks import Checks
from kg.claims.emitter import Emitter
from kg.claims.marking import level, strictest
from kg.loaders.kit.json import read_json
from kg.loaders.kit.reading import Audit, Records, gather, named_once, slug

FORMAT = "misp"
DOC = "MISP events (a feed's UUID.json, or an export): who is behind one, with which tools, at whom"
HOME = "https://www.misp-project.org/feeds/"
LICENCE = "as each feed states it"
CHECKS = Checks()

TAG = re.compile(r'misp-galaxy:([a-z0-9-]+)="(.+)"')
"""How a tag names an entry of a galaxy."""

GALAXIES: Mapping[str, tuple[str, str]] = {
    "threat-actor": ("group", "ATTRIBUTED_TO"),
    "mitre-intrusion-set": ("group", "ATTRIBUTED_TO"),
    "microsoft-activity-group": ("group", "ATTRIBUTED_TO"),
    "malpedia": ("software", "USED"),
    "mitre-malware": ("software", "USED"),
    "mitre-tool": ("software", "USED"),
    "ransomware": ("software", "USED"),
    "rat": ("software", "USED"),
    "banker": ("software", "USED"),
    "tool": ("software", "USED"),
    "sector": ("sector", "TARGETS_SECTOR"),
}
"""Galaxy → kind of its entries, and what an event says by naming one."""

NUMBERED = re.compile(r"(.+) - ([GS]\d{4})")
"""How MISP calls what ATT&CK numbers."""

Declare = Callable[..., str]
"""`Emitter.entity`, for names that are spelt in several ways."""

HEDGE = "tagged with"
"""A tag says that an event has to do with an actor, and leaves open how surely."""


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read the events; several files are one source."""
    audit, entity = Audit(), named_once(emit)
    for path in gather(paths, [".json"]):
        if path.name in ("manifest.json", "hashes.csv"):
            continue
        records = Records(path, audit)
        for place, event in _events(read_json(path), path):
            try:
                _event(event, place, emit, entity)
            except InputError as why:
                records.lost(why.problems[0])
            else:
                records.kept()
        records.close()
    audit.report(emit)


def _events(content: Any, path: Path) -> Iterator[tuple[str, Any]]:
    """Place and content of what should be an event: one, a list, or an answer of the server."""
    if isinstance(content, dict) and isinstance(content.get("response"), list):
        content = content["response"]
    for number, item in enumerate(content if isinstance(content, list) else [content]):
        place = f"{path}#[{number}]" if isinstance(content, list) else f"{path}#"
        yield place, item.get("Event") if isinstance(item, dict) else None


def _event(event: Any, place: str, emit: Emitter, entity: Declare) -> None:
    """One event: a document by the organisation, and the incident that it is about."""
    wanted = ("uuid", "info", "date")
    if not isinstance(event, dict) or not all(isinstance(event.get(k), str) for k in wanted):
        raise InputError(Problem(f"is no MISP event with {', '.join(wanted)}", place))
    tags = [str(tag.get("name", "")) for tag in _listed(event, "Tag")]
    marking = strictest(map(level, (tag for tag in tags if tag.casefold().startswith("tlp:"))))
    org = event.get("Orgc")
    name = org.get("name") if isinstance(org, dict) else None
    author = entity(f"organization:misp-{slug(name)}", name, place=place) if name else None
    document = entity(
        f"document:misp-{event['uuid']}", event["info"], date=event["date"], date_basis="metadata",
        published_by=author, marking=marking, record=f"misp-event:{event['uuid']}", place=place,
    )  # fmt: skip
    incident = entity(
        f"incident:misp-{event['uuid']}", event["info"], category="cyber", marking=marking,
        record=f"misp-event:{event['uuid']}", place=place,
    )  # fmt: skip
    said: dict[str, Any] = {
        "asserter": author,
        "document": document,
        "marking": marking,
        "place": place,
    }
    for tag in dict.fromkeys(tags):
        named = TAG.fullmatch(tag)
        if named and named[1] in GALAXIES:
            predicate, other = _named(named[1], named[2], entity, place)
            emit.claim(incident, predicate, other, hedge=HEDGE, locator=tag, **said)
        elif named:
            emit.note(f"tags of galaxies not loaded: {named[1]}")
    for part in ("Attribute", "Object"):
        emit.note(f"{part.lower()}s not loaded", len(_listed(event, part)))


def _named(galaxy: str, value: str, entity: Declare, place: str) -> tuple[str, str]:
    """What an event says by the tag of a galaxy, and of whom or what."""
    prefix, predicate = GALAXIES[galaxy]
    numbered = NUMBERED.fullmatch(value)
    name, key = (numbered[1], f"attack:{numbered[2]}") if numbered else (value, f"misp:{value}")
    more = {} if prefix == "sector" else {"record": key}
    return predicate, entity(f"{prefix}:misp-{slug(value)}", name, place=place, **more)


def _listed(event: Mapping[str, Any], key: str) -> list[Any]:
    found = event.get(key)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []
