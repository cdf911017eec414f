"""Microsoft's list of threat actors: its own names, where they come from, what others call them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem, nearest
from kg.claims.checks import Checks
from kg.claims.emitter import Emitter
from kg.identity import names
from kg.loaders.kit.actors import KEPT_AS_ONE, may_be_joined, places
from kg.loaders.kit.json import read_json
from kg.loaders.kit.reading import Audit, Records, Row, gather, named_once, slug
from kg.loaders.kit.sources import date_of
from kg.ontology import countries

FORMAT = "microsoft"
DOC = "Microsoft's names for threat actors and what others call them (MicrosoftMapping.json)"
HOME = "https://github.com/microsoft/mstic"
LICENCE = "CC BY 4.0, with attribution to Microsoft"
CHECKS = Checks(minimum={"Group": 1})

MICROSOFT = "organization:microsoft"
NAME, ORIGIN, OTHERS = "Threat actor name", "Origin/Threat", "Other names"

FAMILIES = {
    "typhoon": "CHN",
    "sandstorm": "IRN",
    "rain": "LBN",
    "sleet": "PRK",
    "vortex": "PAK",
    "lightning": "PSE",
    "blizzard": "RUS",
    "squall": "SGP",
    "hail": "KOR",
    "dust": "TUR",
    "gust": "ARE",
    "cyclone": "VNM",
}
"""The state that a family of weather names stands for (Microsoft Learn, How Microsoft names threat
actors), whose actors it names by it. Which one, is asked only where the list itself names none
that can be told."""

THREATS = {
    "financially motivated": "motive",
    "influence operations": "motive",
    "private sector offensive actor": "description",
    "covert network": "description",
    "group in development": "status",
}
"""What else `Origin/Threat` says, and the property that it is."""


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read the list; several files are one source."""
    entity = named_once(emit)
    publisher = entity(MICROSOFT, "Microsoft")
    document = emit.entity(
        "document:microsoft-threat-actors", "Microsoft: names of threat actors",
        published_by=publisher, url="https://learn.microsoft.com/unified-secops-platform/"
        "microsoft-threat-actor-naming",
        date=(date := date_of(paths)), date_basis="metadata" if date else None,
    )  # fmt: skip
    audit = Audit()
    met: dict[str, Row] = {}
    for row in _rows(gather(paths, [".json"]), audit):
        first = met.setdefault(slug(row[NAME]), row)
        if dict(first) != row:
            why = f"another entry of this name is at {first.place}; both are read as one actor"
            emit.warn(row.place, NAME, row[NAME], why)
        _actor(Row(row, row.place), emit, audit, document, first[NAME].strip())
    audit.report(emit)


def _rows(files: Sequence[Path], audit: Audit) -> Iterator[Row]:
    for path in files:
        content = read_json(path)
        if not isinstance(content, list):
            raise InputError(Problem("is no list of threat actors", f"{path}:1"))
        records = Records(path, audit)
        for number, entry in enumerate(content):
            place = f"{path}#[{number}]"
            try:
                entry = _check(entry, place)
            except InputError as why:
                records.lost(why.problems[0])
                continue
            records.kept()
            yield Row(entry, place)
        records.close()


def _check(entry: Any, place: str) -> dict[str, str]:
    """A list entry as it is: it has a name, and text or a list of texts everywhere."""
    if not isinstance(entry, dict):
        raise InputError(Problem("is no threat actor (an object is wanted)", place))
    found = {}
    for field, value in entry.items():
        texts = value if isinstance(value, list) else [value or ""]
        if not all(isinstance(text, str) for text in texts):
            raise InputError(Problem("text is wanted", place, field, str(value)[:60]))
        found[field] = ", ".join(texts)
    if not found.get(NAME, "").strip():
        raise InputError(Problem("there is no such field", place, NAME, near=nearest(NAME, entry)))
    return found


def _actor(row: Row, emit: Emitter, audit: Audit, document: str, called: str) -> None:
    name = row.take(NAME)
    id = emit.entity(f"group:microsoft-{slug(name)}", called, record=f"microsoft:{name}",
                     place=row.place)  # fmt: skip
    said: dict[str, Any] = {"asserter": MICROSOFT, "document": document, "place": row.place}
    for other in dict.fromkeys(n.strip() for n in [name, *_OTHER.split(row.take(OTHERS))]):
        if may_be_joined(other):
            audit.miss(row.place, OTHERS, other, KEPT_AS_ONE)
        if other and other != called:
            emit.claim(id, names.predicate(other), names.value(other), locator=f"{name}, {OTHERS}",
                       **said)  # fmt: skip
    origin = row.take(ORIGIN)
    for predicate, target in origins(origin, name, audit, row.place):
        if target.startswith("state:"):
            emit.entity(target, countries.names()[target.partition(":")[2]])
        emit.claim(id, predicate, target, locator=f"{name}, {ORIGIN}", **said)
    audit.rest(row)


_OTHER = re.compile(r"[,;|\n]")


def origins(text: str, name: str, audit: Audit, place: str) -> Iterator[tuple[str, str]]:
    """(predicate, target) of each part of `Origin/Threat`, the state first.

    A weather of a state names its actors; of all others (Tempest, Tsunami, Flood, Storm) the origin
    is where they are, and holds no state responsible.
    What is neither a country nor a known sort of threat is left to the audit.
    """
    parts = [part for each in text.split(",") for part in places(each)]
    states = [code for part in parts if (code := countries.code(part))]
    family = FAMILIES.get(name.split()[-1].casefold())
    for code in states or ([family] if family else []):
        yield "ATTRIBUTED_TO" if family else "LOCATED_IN", f"state:{code}"
    for part in parts:
        predicate = THREATS.get(part.casefold())
        if predicate:
            yield predicate, part
        elif countries.code(part) is None:
            audit.miss(place, ORIGIN, part, "is neither a country nor a known sort of threat")
