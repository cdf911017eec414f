"""What an object says of itself: its names, its dates, what drives it, what it runs on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.base.errors import an
from kg.identity import names
from kg.loaders.kit.actors import KEPT_AS_ONE, ONE_BY_ONE, listed, may_be_joined
from kg.loaders.stix import attack, incidents, times
from kg.loaders.stix.bundle import Object, references, texts
from kg.loaders.stix.observed import WALLETS
from kg.loaders.stix.reading import Reading, locator
from kg.ontology import publishers

SILENT = ("identity", "location", *WALLETS)
"""Types whose objects are declared, and say nothing more."""

SOFTWARE = ("malware", "tool")
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
    dates = list(_dates(object, months=_is_numbered(reading, object)))
    yield from dates
    if object["type"] == "incident":
        when = incidents.occurred(reading, object)
        if when and ("occurred", when) not in dates:
            yield "occurred", when
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
    """Each name as said by the author of the list, citing those whose reports it names for it."""
    called = reading.emit.called(subject)
    written = [
        object["name"],
        *(name for field in NAMES for name in _names(reading, object, field)),
    ]
    described = {r.get("source_name"): r.get("description", "") for r in references(object)}
    for name in dict.fromkeys(written):
        text = described.get(name, "")
        cited = dict(attack.cited(text, object))
        if name == called and not cited:
            continue
        hedge = found[0] if (found := attack.HEDGES.search(attack.CITATION.sub("", text))) else None
        where = f"{locator(object)}, name {name!r}"
        said: dict[str, Any] = reading.said(object) | {
            "locator": f"{where}, citing {'; '.join(cited)}" if cited else where,
            "cites": "; ".join(dict.fromkeys(_publishers(cited.values()))) or None, "hedge": hedge,
        }  # fmt: skip
        predicate, value = _name(reading, subject, name)
        reading.emit.claim(subject, predicate, value, **said)


def _names(reading: Reading, object: Object, field: str) -> Iterator[str]:
    """The names in a field, each by itself: `A; B` is two, and told."""
    for text in texts(object, field):
        each = listed(text) or [text]
        place = reading.bundle.places[object["id"]]
        if len(each) > 1:
            reading.audit.miss(place, f"{object['type']}.{field}", text, ONE_BY_ONE)
        # `Win32/StrongPity2` is how scanners call one thing.
        for name in filter(may_be_joined, each if object["type"] not in SOFTWARE else ()):
            reading.audit.miss(place, f"{object['type']}.{field}", name, KEPT_AS_ONE)
        yield from each


def _name(reading: Reading, subject: str, name: str) -> tuple[str, str]:
    """Under which predicate a name is claimed, and how it is written there."""
    predicate = names.predicate(name)
    kind = reading.emit.kind(subject) or ""
    if reading.emit.ontology.property(kind, predicate) is None or predicate == "alias":
        return "alias", name
    return predicate, names.value(name)


def _publishers(cited: Iterable[Mapping[str, str]]) -> Iterator[str]:
    """Who published each work that is cited, where that can be told."""
    for reference in cited:
        if publisher := publishers.of_address(reference.get("url", "")):
            yield publisher.name


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
