"""What an object says of itself: its names, its dates, what drives it, what it runs on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.base.errors import an
from kg.identity import names
from kg.loaders.kit.reading import slug
from kg.loaders.stix import attack, times
from kg.loaders.stix.bundle import Object, references, texts
from kg.loaders.stix.reading import Reading, locator
from kg.ontology import publishers

SILENT = ("identity", "location")
"""Types whose objects are declared, and say nothing more."""

NAMES = ("aliases", "x_mitre_aliases", "x_opencti_aliases")
TEXTS = {
    "x_mitre_platforms": "platform",
    "primary_motivation": "motive",
    "secondary_motivations": "motive",
    "threat_actor_types": "actor_type",
}
"""Fields whose texts are values, and the property that each is."""


def values(reading: Reading, object: Object) -> None:
    """Everything that an object says of itself."""
    subject = reading.ids.get(object["id"])
    if subject is None or object["type"] in SILENT:
        return
    _aliases(reading, subject, object)
    for predicate, value in _told(reading, object):
        _claim(reading, subject, predicate, value, object)
    _subset(reading, subject, object)


def _told(reading: Reading, object: Object) -> Iterator[tuple[str, str]]:
    """(property, value) of what stands in its fields."""
    yield from _dates(object, months=_is_numbered(reading, object))
    if object["type"] != "attack-pattern":
        yield from (("url", r["url"]) for r in references(object) if r.get("url"))
    for phase in object.get("kill_chain_phases", ()):
        yield "tactic", phase.get("phase_name", "")
    for field, predicate in TEXTS.items():
        yield from ((predicate, text) for text in texts(object, field))
    for flag, word in (("revoked", "revoked"), ("x_mitre_deprecated", "deprecated")):
        if object.get(flag):
            yield "status", word


def _is_numbered(reading: Reading, object: Object) -> bool:
    """Whether it is an object of ATT&CK, by MITRE's own word."""
    return attack.speaks_in(object, reading.bundle.objects) and bool(attack.number(object))


def _dates(object: Object, months: bool) -> Iterator[tuple[str, str]]:
    """First and last seen, and when an event took place. ATT&CK gives months and fills in day and
    hour."""
    seen = {name: found[: 7 if months else 10] for name in ("first_seen", "last_seen")
            if (found := times.day(object.get(name)))}  # fmt: skip
    if object["type"] != "incident":
        yield from seen.items()
    first, last = seen.get("first_seen"), seen.get("last_seen")
    if object["type"] in ("campaign", "incident") and (first or last):
        yield "occurred", first if first == last and first else f"{first or ''}/{last or ''}"


def _claim(reading: Reading, subject: str, predicate: str, value: str, object: Object) -> None:
    """A claim of the object's author; a predicate that the kind lacks is counted."""
    kind = reading.emit.ontology.kind_of(subject) or ""
    if not value:
        return
    if reading.emit.ontology.property(kind, predicate) is None:
        reading.unused[f"{predicate} of {an(kind)}"] += 1
        return
    reading.emit.claim(subject, predicate, value, **reading.said(object))


def _aliases(reading: Reading, subject: str, object: Object) -> None:
    """Each name as said by the author of the list, which derives from those it cites."""
    called = reading.emit.called(subject)
    written = [object["name"], *(name for field in NAMES for name in texts(object, field))]
    described = {r.get("source_name"): r.get("description", "") for r in references(object)}
    for name in dict.fromkeys(written):
        text = described.get(name, "")
        hedge = found[0] if (found := attack.HEDGES.search(attack.CITATION.sub("", text))) else None
        said: dict[str, Any] = reading.said(object) | {
            "locator": f"{locator(object)}, name {name!r}", "hedge": hedge}  # fmt: skip
        predicate, value = _name(reading, subject, name)
        sources = [
            reading.emit.claim(subject, predicate, value,
                               **said | {"asserter": who, "document": document})
            for who, document in _cited(reading, text, object)
        ]  # fmt: skip
        if name != called or sources:
            reading.emit.claim(subject, predicate, value, derived_from=sources or None, **said)


def _name(reading: Reading, subject: str, name: str) -> tuple[str, str]:
    """Under which predicate a name is claimed, and how it is written there."""
    predicate = names.predicate(name)
    kind = reading.emit.kind(subject) or ""
    if reading.emit.ontology.property(kind, predicate) is None or predicate == "alias":
        return "alias", name
    return predicate, names.value(name)


def _cited(reading: Reading, text: str, object: Object) -> Iterator[tuple[str, str]]:
    """(publisher, document) of each citation that can be told."""
    for name, reference in attack.cited(text, object):
        publisher = publishers.of_address(reference.get("url", ""))
        if publisher is None:
            continue
        who = reading.declare(publisher.id, publisher.name)
        title, date = attack.work(reference)
        yield (
            who,
            reading.declare(
                f"document:attack-{slug(name)}", title or name, url=reference["url"], date=date,
                date_basis="metadata" if date else None, published_by=who,
            ),
        )  # fmt: skip


def _subset(reading: Reading, subject: str, object: Object) -> None:
    """ATT&CK links the group of which it calls another a sub-set: as good as a field."""
    for match in attack.SUBSET.finditer(object.get("description", "")):
        whole = f"group:attack-{match['id'].casefold()}"
        if reading.emit.has(whole) and whole != subject and subject.startswith("group:"):
            said = reading.said(object) | {
                "locator": f"{locator(object)}, description",
                "hedge": "considered" if match["hedge"] else None,
            }
            reading.emit.claim(subject, "SUBGROUP_OF", whole, **said)
