"""From files to objects by STIX id: bundles, TAXII envelopes, lists, lines, single objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem
from kg.base.fillers import without_fillers
from kg.claims.emitter import Emitter
from kg.loaders.kit.json import read_json, read_line
from kg.loaders.kit.reading import Audit, Records, lines, suffix
from kg.loaders.kit.typed import typed
from kg.loaders.stix import times
from kg.loaders.stix.fields import IN_PASSING, TIMES, TYPES

Object = Mapping[str, Any]

SUFFIXES = (".json", ".jsonl", ".ndjson", ".stix", ".stix2", ".stix21")
BUNDLE = "bundle"
NO_BUNDLE = "is no STIX bundle: `type: bundle` and a list `objects` are wanted"
NO_OBJECT = "is no STIX object with `type` and `id`"


@dataclass
class Bundle:
    """What the files hold together: objects by STIX id, the newest of each, with their places."""

    objects: dict[str, dict[str, Any]] = field(default_factory=dict)
    places: dict[str, str] = field(default_factory=dict)
    spots: dict[str, str] = field(default_factory=dict)
    """STIX id → file and index."""
    refused: list[Problem] = field(default_factory=list)
    """What is no file of STIX, and was left out."""


def collect(paths: Iterable[Path], audit: Audit, emit: Emitter) -> Bundle:
    """All objects of some files. Raises `InputError` where a file is broken, or none holds any."""
    bundle = Bundle()
    for path in paths:
        records = Records(path, audit)
        for spot, given in _contents(path, bundle, records):
            if not isinstance(given, dict) or not is_text(given.get("id"), given.get("type")):
                records.lost(Problem(NO_OBJECT, spot))
            else:
                records.kept()
                _take(given, spot, path, bundle, audit, emit)
        records.close()
    if not bundle.objects:
        raise InputError(bundle.refused or [Problem("holds no objects", str(p)) for p in paths])
    for problem in bundle.refused:
        audit.miss(problem.place, problem.field, problem.value, f"{problem.message}; left out")
    return bundle


def _take(
    given: dict[str, Any], spot: str, path: Path, bundle: Bundle, audit: Audit, emit: Emitter
) -> None:
    place = f"{path}#{given['id']}"
    tell = audit.teller(place, f"{given['type']}.")
    object = _spelt(dated(typed(given, TYPES, tell), place, audit))
    if _counts(object, spot, bundle, audit, emit):
        bundle.objects[object["id"]] = object
        bundle.places[object["id"]] = place
        bundle.spots[object["id"]] = spot


def _spelt(object: dict[str, Any]) -> dict[str, Any]:
    """The object with its type of relationship as STIX spells it: `Originates from` is
    `originates-from`."""
    printed = object.get("relationship_type")
    if printed is None:
        return object
    return object | {
        "relationship_type": "-".join(re.split(r"[\s_-]+", printed.casefold().strip()))
    }


def dated(object: dict[str, Any], place: str, audit: Audit) -> dict[str, Any]:
    """The object without times that programs write where none is known; these are told."""
    fillers = [name for name in TIMES if name in object and not without_fillers(object[name])]
    for name in fillers:
        audit.miss(place, f"{object['type']}.{name}", object[name], "is a placeholder and no date")
    return {name: value for name, value in object.items() if name not in fillers}


# What a file holds


def _contents(path: Path, bundle: Bundle, records: Records) -> Iterator[tuple[str, Any]]:
    """Place and content of everything in a file that should be an object."""
    for spot, content in _documents(path, records):
        found = list(_inside(content, spot))
        if not found and not _is_empty(content):
            bundle.refused.append(Problem(NO_BUNDLE, f"{path}:1" if spot.endswith("#") else spot))
        yield from found


def _documents(path: Path, records: Records) -> Iterator[tuple[str, Any]]:
    """The JSON of a file: one text, or one a line."""
    if suffix(path) not in (".jsonl", ".ndjson"):
        try:
            yield f"{path}#", read_json(path)
            return
        except InputError:
            if not _is_lines(path):
                raise
    for number, line in lines(path):
        if line.strip():
            try:
                yield f"{path}:{number}", read_line(line, f"{path}:{number}")
            except InputError as why:
                records.lost(why.problems[0])


def _is_lines(path: Path) -> bool:
    """Whether the first line that says anything is an object of its own, and another follows."""
    try:
        said = (line for _, line in lines(path) if line.strip())
        first = next(said, "")
        return isinstance(read_line(first, ""), dict) and next(said, None) is not None
    except InputError:
        return False


def _inside(content: Any, spot: str) -> Iterator[tuple[str, Any]]:
    """A bundle's and an envelope's objects, the items of a list, an object that stands alone."""
    match content:
        case {"objects": list(objects)} if str(content.get("type", BUNDLE)).casefold() == BUNDLE:
            start = spot if spot.endswith("#") else f"{spot}#"
            for number, item in enumerate(objects):
                at = f"{start}objects[{number}]"
                yield from _inside(item, at) if _is_bundle(item) else [(at, item)]
        case list():
            for number, item in enumerate(content):
                at = f"{spot}[{number}]"
                yield from _inside(item, at) if _is_bundle(item) else [(at, item)]
        case {"type": str(type_), "id": str()} if type_.casefold() != BUNDLE:
            yield spot, content


def _is_bundle(content: Any) -> bool:
    return isinstance(content, dict) and isinstance(content.get("objects"), list)


def _is_empty(content: Any) -> bool:
    return _is_bundle(content) and not content["objects"]


# Versions of one object


def _counts(object: Object, spot: str, bundle: Bundle, audit: Audit, emit: Emitter) -> bool:
    """Whether an object is new, or a newer version of one that is known.

    STIX tells versions of one id apart by `modified`: two of one time that say something else are
    an error.
    """
    id = str(object["id"])
    known = bundle.objects.get(id)
    if known is None:
        return True
    if _said(known) == _said(object):
        _keep_markings(known, object)
        return False
    before, now = times.moment(known.get("modified")), times.moment(object.get("modified"))
    if before is None or now is None or before == now:
        why = f"stands at {bundle.spots[id]} with other content and no other `modified`"
        emit.error(spot, "id", id, why)
        return False
    why = "object in several versions: the one that was modified last counts"
    audit.miss(spot, "modified", f"{known['modified']}, {object['modified']}", why)
    return now > before


def _said(object: Object) -> str:
    """What an object says, without what is left out on purpose."""
    return json.dumps({n: v for n, v in object.items() if n not in IN_PASSING}, sort_keys=True)


def _keep_markings(known: dict[str, Any], copy: Object) -> None:
    """What one copy of an object is marked with, all of them are."""
    for name in ("object_marking_refs", "granular_markings"):
        more = [item for item in copy.get(name, ()) if item not in known.get(name, ())]
        if more:
            known[name] = [*known.get(name, ()), *more]


# What an object holds


def is_text(*values: object) -> bool:
    """Whether each is text, and not empty."""
    return all(isinstance(value, str) and value for value in values)


def texts(object: Object, field_name: str) -> list[str]:
    """The texts in a field that holds one or several; blank ones say nothing."""
    return [text for text in object.get(field_name, ()) if text.strip()]


def references(object: Object) -> list[dict[str, str]]:
    """The external references of an object."""
    found: list[dict[str, str]] = object.get("external_references", [])
    return found
