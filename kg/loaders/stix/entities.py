"""Objects that are things: groups, software, campaigns, incidents, what they run on, places."""

from __future__ import annotations

import re

from kg.loaders.kit.reading import slug
from kg.loaders.stix import attack, incidents, places
from kg.loaders.stix.bundle import Object, is_text, references
from kg.loaders.stix.fields import TYPES, UNUSED
from kg.loaders.stix.observed import WALLETS, seen
from kg.loaders.stix.reading import CLASSES, KINDS, PLAIN_CLASSES, REPORTS, Reading

SAYING = (*REPORTS, "relationship", "opinion")
"""Types that are no things, and are read all the same."""

SILENT = frozenset(("marking-definition", "extension-definition", "x-mitre-collection"))
"""Types that are read with what they are about."""

_CVE = re.compile(r"CVE-\d{4}-\d{4,}", re.ASCII | re.IGNORECASE)


def entity(reading: Reading, object: Object) -> None:
    """Declare what an object stands for; types that nothing is made of are counted."""
    type_, place = object["type"], reading.bundle.places[object["id"]]
    if type_ in KINDS or type_ in SAYING:
        _strange(reading, object, place)
    elif type_ not in SILENT and not seen(object):
        reading.unused[f"STIX type {type_}"] += 1
    if type_ == "location":
        _place(reading, object, place)
    elif type_ in KINDS and not is_text(_called(object)):
        reading.emit.warn(place, "name", object.get("name"), "an object without a name: left out")
    elif type_ in KINDS:
        reading.ids[object["id"]] = _declare(reading, object, place)


def _strange(reading: Reading, object: Object, place: str) -> None:
    """Report the fields and extensions that nobody knows."""
    for name in sorted(object.keys() - TYPES.keys() - UNUSED):
        if object[name] not in (None, "", [], {}):
            reading.audit.miss(place, f"{object['type']}.{name}", str(object[name])[:60],
                               "is not understood")  # fmt: skip
    for id, held in object.get("extensions", {}).items():
        known = id == incidents.CORE and object["type"] == "incident" and isinstance(held, dict)
        if not known and held != {"extension_type": "new-sco"}:
            reading.audit.miss(place, f"{object['type']}.extensions", id,
                               "is an extension that is not understood")  # fmt: skip


def _declare(reading: Reading, object: Object, place: str) -> str:
    type_ = object["type"]
    if type_ == "identity" and attack.is_mitre(object):
        return reading.mitre()
    prefix, record = _prefix(reading, object, place), f"stix:{object['id']}"
    if type_ in WALLETS and (wallet := seen(object)):
        return reading.declare(wallet[0].id, wallet[0].name, place=place, record=record,
                               marking=reading.marking(object))  # fmt: skip
    listed, number = _listed(reading, object), attack.number(object)
    key, own = listed or (reading.key(object["id"]), record)
    return reading.declare(
        f"{prefix}:{key}", _called(object), place=place,
        category={"software": type_, "incident": "cyber"}.get(prefix), record=own,
        codes=[record] if listed else [f"attack:{number}"] if number else None,
        marking=reading.marking(object),
    )  # fmt: skip


def _called(object: Object) -> str:
    """Its name; a wallet is called by its address."""
    address = object.get("value") if object["type"] in WALLETS else None
    return str(address or object.get("name", ""))


def _listed(reading: Reading, object: Object) -> tuple[str, str] | None:
    """Our key and the record of what goes by one number everywhere: a weakness by its CVE, a
    technique by ATT&CK's. Of a group or software only MITRE itself can say that it is ATT&CK's."""
    if object["type"] == "vulnerability":
        cve = _cve(object)
        return (slug(cve), f"cve:{cve}") if cve else None
    number = attack.number(object)
    mitres = attack.speaks_in(object, reading.bundle.objects)
    if number and (object["type"] == "attack-pattern" or mitres):
        return f"attack-{slug(number)}", f"attack:{number}"
    return None


def _cve(object: Object) -> str | None:
    """Its number: the name, else the one that it refers to; several say not which it is."""
    if _CVE.fullmatch(object["name"].strip()):
        return str(object["name"]).strip().upper()
    keys = {r.get("external_id", "").strip().upper() for r in references(object)
            if r.get("source_name", "").strip().casefold() == "cve"}  # fmt: skip
    numbers = [key for key in keys if _CVE.fullmatch(key)]
    return numbers[0] if len(numbers) == 1 else None


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
