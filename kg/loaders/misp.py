"""MISP events: what an organisation shares of one incident, and by which tags it names actors."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem
from kg.claims.checks import Checks
from kg.claims.emitter import Emitter
from kg.claims.marking import level, strictest
from kg.loaders import misp_galaxy
from kg.loaders.kit.json import read_json
from kg.loaders.kit.observed import WALLET, observed
from kg.loaders.kit.reading import Audit, Records, gather, named_once, slug
from kg.loaders.kit.typed import FLAG, TEXT, Tell, typed

FORMAT = "misp"
DOC = "MISP events (a feed's UUID.json, or an export): who is behind one, with what, at whom"
HOME = "https://www.misp-project.org/feeds/"
LICENCE = "as each feed states it"
CHECKS = Checks()

TAG = re.compile(r'misp-galaxy:([a-z0-9-]+)="(.+)"')
"""How a tag names an entry of a galaxy."""

GALAXIES: Mapping[str, tuple[str, str]] = {
    "threat-actor": ("group", "ATTRIBUTED_TO"),
    "mitre-intrusion-set": ("group", "ATTRIBUTED_TO"),
    "microsoft-activity-group": ("group", "ATTRIBUTED_TO"),
    "mitre-attack-pattern": ("technique", "USED"),
    **dict.fromkeys(
        ("malpedia", "mitre-malware", "mitre-tool", *misp_galaxy.SOFTWARE), ("software", "USED")
    ),
    "sector": ("sector", "TARGETS_SECTOR"),
}
"""Galaxy → kind of its entries, and what an event says by naming one."""

NUMBERED = re.compile(r"(.+) - ([GST]\d{4}(?:\.\d{3})?)")
"""How MISP calls what ATT&CK numbers."""
MATRIX = re.compile(r"^mitre-(?:enterprise|mobile|pre|ics)-attack-")
"""Galaxies of ATT&CK had its matrices in their names, until 2018."""

OBSERVED = {
    "domain": "domain", "hostname": "domain", "ip-src": "address", "ip-dst": "address",
    "url": "url", "uri": "url", "email": "account", "email-src": "account", "btc": WALLET,
    "xmr": WALLET,
}  # fmt: skip
"""Types of attributes that are what an operation runs on, and which sort each is."""
ATTRIBUTE = {"type": TEXT, "value": TEXT, "to_ids": FLAG, "deleted": FLAG}

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
                _event(event, place, emit, entity, audit)
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
        yield place, item.get("Event", item) if isinstance(item, dict) else None


def _event(event: Any, place: str, emit: Emitter, entity: Declare, audit: Audit) -> None:
    """One event: a document by the organisation, and the incident that it is about."""
    wanted = ("uuid", "info")
    if not isinstance(event, dict) or not all(isinstance(event.get(k), str) for k in wanted):
        raise InputError(Problem(f"is no MISP event with {', '.join(wanted)}", place))
    tags = _tags(event)
    marking = _marking(tags)
    day = event.get("date") if isinstance(event.get("date"), str) else None
    org = event.get("Orgc")
    name = org.get("name") if isinstance(org, dict) else None
    author = entity(f"organization:misp-{slug(name)}", name, place=place) if name else None
    document = entity(
        f"document:misp-{event['uuid']}", event["info"], date=day, date_basis=day and "metadata",
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
        galaxy = MATRIX.sub("mitre-", named[1]) if named else ""
        if named and galaxy in GALAXIES:
            predicate, other = _named(galaxy, named[2], entity, place)
            emit.claim(incident, predicate, other, hedge=HEDGE, locator=tag, **said)
        elif named:
            emit.note(f"tags of galaxies not loaded: {galaxy}")
        elif not _marks(tag):
            emit.note(f"tags not loaded: {tag.partition(':')[0] or 'without a name'}")
    for holder in (event, *_listed(event, "Object")):
        for attribute in _listed(holder, "Attribute"):
            _attribute(attribute, incident, emit, entity, audit.teller(place, "Attribute."), said)


def _attribute(
    given: Mapping[str, Any], incident: str, emit: Emitter, entity: Declare, tell: Tell,
    said: Mapping[str, Any],
) -> None:  # fmt: skip
    """What an event lists to be looked for: linked to it, if it is what an operation runs on. It
    may be marked more strictly than its event."""
    attribute = typed(given, ATTRIBUTE, tell)
    type_, value = attribute.get("type", ""), attribute.get("value", "")
    if attribute.get("deleted"):
        emit.note("attributes that were deleted")
        return
    seen = observed(OBSERVED[type_], value) if type_ in OBSERVED else None
    if seen is None or not seen.name or not attribute.get("to_ids"):
        mark = ", not marked for detection" if seen and seen.name else ""
        emit.note(f"attributes not loaded: {type_ or 'without a type'}{mark}")
        return
    tags = _tags(attribute)
    said = {**said, "marking": strictest((said["marking"], _marking(tags)))}
    for tag in (tag for tag in tags if not _marks(tag)):
        emit.note(f"tags of attributes not loaded: {tag.partition('=')[0] or 'without a name'}")
    id = entity(seen.id, seen.name, place=said["place"], marking=said["marking"], **seen.declared)
    emit.claim(id, "LINKED_TO", incident, link="listed for detection", **said)


def _tags(holder: Mapping[str, Any]) -> list[str]:
    return [str(tag.get("name") or "") for tag in _listed(holder, "Tag")]


def _marks(tag: str) -> bool:
    return tag.casefold().startswith("tlp:")


def _marking(tags: Iterable[str]) -> str | None:
    """The strictest marking among tags."""
    return strictest(map(level, filter(_marks, tags)))


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
