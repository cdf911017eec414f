"""Objects that are things: groups, software, campaigns, incidents, identities, places."""

from __future__ import annotations

from kg.loaders.kit.reading import slug
from kg.loaders.stix import attack, places
from kg.loaders.stix.bundle import Object, is_text
from kg.loaders.stix.fields import TYPES, UNUSED
from kg.loaders.stix.reading import CLASSES, KINDS, PLAIN_CLASSES, REPORTS, Reading

SAYING = (*REPORTS, "relationship", "opinion")
"""Types that are no things, and are read all the same."""

SILENT = frozenset(("marking-definition", "extension-definition", "x-mitre-collection"))
"""Types that are read with what they are about."""


def entity(reading: Reading, object: Object) -> None:
    """Declare what an object stands for; types that nothing is made of are counted."""
    type_, place = object["type"], reading.bundle.places[object["id"]]
    if type_ in KINDS or type_ in SAYING:
        _strange(reading, object, place)
    elif type_ not in SILENT:
        reading.unused[f"STIX type {type_}"] += 1
    if type_ == "location":
        _place(reading, object, place)
    elif type_ in KINDS and not is_text(object.get("name")):
        reading.emit.warn(place, "name", object.get("name"), "an object without a name: left out")
    elif type_ in KINDS:
        reading.ids[object["id"]] = _declare(reading, object, place)


def _strange(reading: Reading, object: Object, place: str) -> None:
    """Report the fields that nobody knows."""
    for name in sorted(object.keys() - TYPES.keys() - UNUSED):
        if object[name] not in (None, "", [], {}):
            reading.audit.miss(place, f"{object['type']}.{name}", str(object[name])[:60],
                               "is not understood")  # fmt: skip


def _declare(reading: Reading, object: Object, place: str) -> str:
    type_, name = object["type"], object["name"]
    if type_ == "identity" and attack.is_mitre(object):
        return reading.mitre()
    number = attack.number(object)
    # A technique is what ATT&CK numbers it; of a group or software only MITRE itself can say that.
    own = number if type_ == "attack-pattern" or _is_mitres(reading, object) else None
    prefix = _prefix(reading, object, place)
    codes = [f"attack:{number}"] if number and not own else []
    return reading.declare(
        f"{prefix}:attack-{slug(own)}" if own else f"{prefix}:{reading.key(object['id'])}",
        name, place=place,
        category={"software": type_, "incident": "cyber"}.get(prefix),
        record=f"attack:{own}" if own else f"stix:{object['id']}",
        codes=[f"stix:{object['id']}"] if own else codes or None,
        marking=reading.marking(object),
    )  # fmt: skip


def _is_mitres(reading: Reading, object: Object) -> bool:
    return attack.speaks_in(object, reading.bundle.objects)


def _prefix(reading: Reading, object: Object, place: str) -> str:
    if object["type"] != "identity":
        return KINDS[object["type"]][0]
    class_ = object.get("identity_class", "unknown")
    if class_ not in CLASSES and class_ not in PLAIN_CLASSES:
        why = "is no class of STIX; taken for an organization"
        reading.audit.miss(place, "identity_class", class_, why)
    return CLASSES.get(class_, "organization")


def _place(reading: Reading, object: Object, place: str) -> None:
    found = places.place_of(object)
    if found is None:
        told = next((object[f] for f in ("name", "country", "region", "city") if object.get(f)), "")
        why = "a location that is no country and no region: left out"
        reading.audit.miss(place, "location", told, why)
        return
    reading.ids[object["id"]] = reading.declare(
        found.id,
        found.name,
        record=f"stix:{object['id']}",
        place=place,
        marking=reading.marking(object),
    )
    if found.locality:
        reading.localities[object["id"]] = found.locality
