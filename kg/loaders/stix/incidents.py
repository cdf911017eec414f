"""When an incident took place, as OASIS's core extension of incidents tells it: by its own times,
or by those of what happened in it, which stand inside (version 1) or in events (version 2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from kg.base.fillers import without_fillers
from kg.loaders.stix import times
from kg.loaders.stix.bundle import Object
from kg.loaders.stix.reading import Reading

CORE = "extension-definition--ef765651-680c-498d-9894-99799f2fa126"

HAPPENED = ("events", "event_refs", "attacker_activities")
"""Fields that hold what happened. What its defenders did took place after it, and is not read."""

STARTS, ENDS = ("start_time", "time"), ("end_time", "stop_time", "time")
READ = {"extension_type", *HAPPENED, *STARTS, *ENDS, "start_time_fidelity", "end_time_fidelity"}
KEPT = {"year": 4, "month": 7}
"""Fidelity of a time → how much of its day counts."""

NOT_YET = ("not-occurred", "pending")


def occurred(reading: Reading, incident: Object) -> str | None:
    """From the first to the last that it tells, in EDTF; all else that it holds is told."""
    place, held = reading.bundle.places[incident["id"]], core(incident)
    for name in sorted(held.keys() - READ):
        reading.audit.miss(place, f"incident.extensions.{name}", str(held[name])[:60],
                           "is known, and nothing here can hold it")  # fmt: skip
    parts = [held, *_happened(reading, held, place)]
    starts = [day for part in parts if (day := _day(reading, part, STARTS, place))]
    ends = [day for part in parts if (day := _day(reading, part, ENDS, place))]
    first, last = min(starts, default=""), max(ends, default="")
    if any(_before(end, first) for end in ends):
        first = ""  # of what ended before, nobody says when it began
    if any(_before(last, start) for start in starts) or any(map(_goes_on, parts)):
        last = ""
    if not first and not last:
        return None
    return first if first == last else f"{first}/{last}"


def core(object: Object) -> Mapping[str, Any]:
    """What the extension holds; nothing where there is none."""
    held = object.get("extensions", {}).get(CORE)
    return held if isinstance(held, dict) else {}


def _happened(reading: Reading, held: Mapping[str, Any], place: str) -> Iterator[Mapping[str, Any]]:
    """What happened in the incident, without what is only expected or was withdrawn."""
    for name in HAPPENED:
        given = held.get(name) or []
        for item in given if isinstance(given, list) else [given]:
            ref = item.get("event_ref") if isinstance(item, dict) else item
            found = item if isinstance(item, dict) and ref is None else None
            if isinstance(ref, str):
                found = reading.bundle.objects.get(ref)
            if found is None:
                reading.audit.miss(place, f"incident.extensions.{name}", str(ref)[:60],
                                   "leads to nothing in these files")  # fmt: skip
            elif found.get("status") in NOT_YET or found.get("is_projection"):
                reading.unused["event of an incident that has not taken place"] += 1
            elif not found.get("revoked"):
                yield found


def _day(reading: Reading, part: Mapping[str, Any], names: Sequence[str], place: str) -> str:
    """The day of the first of these times, as exactly as it is said to be known."""
    for name in names:
        given = part.get(name)
        if given is None:
            continue
        if (day := times.day(given)) and without_fillers(given):
            return day[: KEPT.get(str(part.get(f"{name}_fidelity")), 10)]
        reading.audit.miss(place, f"incident.extensions.{name}", str(given)[:60],
                           "is no time, or a placeholder; left out")  # fmt: skip
    return ""


def _before(one: str, other: str) -> bool:
    """Whether one day, month or year is over when another begins."""
    length = min(len(one), len(other))
    return one[:length] < other[:length]


def _goes_on(part: Mapping[str, Any]) -> bool:
    return part.get("status") == "ongoing"
