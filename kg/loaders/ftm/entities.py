"""Entities as files hold them: JSON lines, nested or as a delta, and statements as a table.

Whatever the form, what comes out is plain: one entity, or a part of one, whose properties are lists
of texts; what was nested in it follows as an entity of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem
from kg.loaders.ftm.vocabulary import BACK, COUNTRIES, NAMES
from kg.loaders.kit.actors import KEPT_AS_ONE, ONE_BY_ONE, listed, may_be_joined, places
from kg.loaders.kit.json import read_json, read_line
from kg.loaders.kit.reading import Audit, Records, Row, lines, suffix
from kg.loaders.kit.tables import Plain, rows_of
from kg.loaders.kit.typed import TEXT, TEXTS, WHOLE, Tell, typed

TABLES = (".csv", ".tsv")
SUFFIXES = (".json", ".jsonl", ".ndjson", ".ftm", ".ijson", *TABLES)

STATEMENT = ("canonical_id", "entity_id", "prop", "schema", "value", "dataset")
"""Columns of a table of statements that are read."""

DELETED = "DEL"
AWAY = "a delta file takes entities away, which a load cannot: load the whole list again"

Entity = Mapping[str, Any]


def entities(file: Path, audit: Audit | None = None) -> Iterator[tuple[str, Entity]]:
    """Places and entities; what is none goes to the audit. Raises `InputError` for a file of which
    most is none."""
    records = Records(file, audit)
    if suffix(file) in TABLES:
        yield from _statements(file, records, audit)
    else:
        for place, given in _objects(file, records):
            yield from _plain(place, given, audit)
    records.close()


def _objects(file: Path, records: Records) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each entity, checked, with those nested in it as they are."""
    for place, read in _records(file, records):
        try:
            given = _changed(read())
            if given == DELETED:
                records.told(place, "DEL", AWAY, "op")
                records.kept()
                continue
            _check(given, place)
        except InputError as why:
            records.lost(why.problems[0])
            continue
        records.kept()
        yield place, given


def _records(file: Path, records: Records) -> Iterator[tuple[str, Callable[[], Any]]]:
    """What each line holds, or each item of a file that is one list, to be read in its turn."""
    first = next((line for _, line in lines(file, records=Records(file)) if line.strip()), "")
    if first.strip() == "[" or first.lstrip().startswith("[{"):
        for number, item in enumerate(read_json(file)):
            yield f"{file}#[{number}]", partial(lambda found: found, item)
        return
    if first.strip() == "{":
        for number, item in enumerate(_whole(read_json(file))):
            yield f"{file}#[{number}]", partial(lambda found: found, item)
        return
    for number, line in lines(file, records=records):
        place = f"{file}:{number}"
        if line.strip():
            yield place, partial(read_line, line, place)


def _whole(content: Any) -> list[Any]:
    """The entities of a file that is one object: a page of results, or an entity itself."""
    lists = (content.get(name) for name in ("entities", "results"))
    return next((found for found in lists if isinstance(found, list)), [content])


def is_foreign(file: Path) -> bool:
    """Whether a file that lies beside others is none of entities: a table of something else than
    statements, or a document about the dataset."""
    first = next((line for _, line in lines(file, records=Records(file)) if line.strip()), "")
    if suffix(file) not in TABLES:
        return first.strip() == "{"
    return not set(STATEMENT) <= set(re.findall(r"\w+", first))


def is_delta(file: Path) -> bool:
    """Whether a file tells what was added, changed or deleted, by its first line."""
    if suffix(file) not in TABLES:
        with suppress(InputError):  # which is told when the file is read
            return any(_is_change(read()) for _, read in islice(_records(file, Records(file)), 1))
    return False


def _is_change(given: Any) -> bool:
    return isinstance(given, dict) and "op" in given and "schema" not in given


def _changed(given: Any) -> Any:
    """The entity of a line of a delta file: what was added or changed, or that it was deleted."""
    if not _is_change(given):
        return given
    return DELETED if given["op"] == DELETED else given.get("entity")


def _check(entity: Any, place: str) -> None:
    """An entity has an id, a schema and properties; its names and datasets are text."""
    if not isinstance(entity, dict) or not entity.keys() >= {"id", "schema", "properties"}:
        message = "is no FollowTheMoney entity: it needs `id`, `schema` and `properties`"
        raise InputError(Problem(message, place))
    wrong = {
        "id": not isinstance(entity["id"], str) or not entity["id"].strip(),
        "schema": not isinstance(entity["schema"], str),
        "caption": not isinstance(entity.get("caption"), str | None),
        **{name: not _is_texts(entity.get(name)) for name in ("datasets", "referents")},
    }
    for field in (name for name, is_wrong in wrong.items() if is_wrong):
        many = "a list of texts" if field in ("datasets", "referents") else "text"
        raise InputError(Problem(f"{many} is wanted", place, field, str(entity[field])[:80]))
    if not isinstance(entity["properties"], dict):
        message = "is no FollowTheMoney entity: an object is wanted"
        raise InputError(Problem(message, place, "properties", str(entity["properties"])[:80]))


def _is_texts(given: object) -> bool:
    return given is None or (isinstance(given, list) and all(isinstance(i, str) for i in given))


# ------------------------------------------------------------------ nested ones


def _plain(
    place: str, given: Entity, audit: Audit | None, outer: Entity | None = None
) -> Iterator[tuple[str, Entity]]:
    """An entity with the ids of those that were nested in it, and then these."""
    nested: list[tuple[str, Entity]] = []
    properties = {}
    for name, values in given["properties"].items():
        found = values if isinstance(values, list) else [values]
        inside = [value for value in found if _is_entity(value)]
        nested += [(name, value) for value in inside]
        if name not in BACK or len(inside) < len(found):
            properties[name] = [_text(value) for value in found if value is not None]
    tell = audit.teller(place) if audit else _in_silence
    texts = _each(typed(properties, dict.fromkeys(properties, TEXTS), tell), tell)
    datasets = given.get("datasets") or (outer or {}).get("datasets")
    whole = {**given, "datasets": datasets, "properties": texts}
    yield place, whole
    for name, value in nested:
        yield from _plain(place, _pointing(value, BACK.get(name), given["id"]), audit, whole)


def _is_entity(value: object) -> bool:
    """Whether it is a whole entity, and not a mere `{"id": …}`."""
    try:
        _check(value, "")
    except InputError:
        return False
    return True


def _pointing(nested: Entity, back: str | None, id: str) -> Entity:
    """A nested entity with its own word for what it is nested in, where that was left out."""
    if back is None or nested["properties"].get(back):
        return nested
    return {**nested, "properties": {**nested["properties"], back: [id]}}


def _text(value: object) -> object:
    """One value: a nested entity as its id, a number as it is printed."""
    if isinstance(value, dict) and TEXT.fits(value.get("id")):
        return str(value["id"])
    return str(value) if WHOLE.fits(value) else value


def _each(properties: Mapping[str, list[str]], tell: Tell) -> dict[str, list[str]]:
    """The properties with each value by itself: of a name, a country or a date FollowTheMoney
    takes several as several values, and not as `kp; ru`."""
    found = {}
    for name, values in properties.items():
        parts = [part for value in values for part in _parts(name, value)]
        if len(parts) > len(values):
            several = next(value for value in values if len(_parts(name, value)) > 1)
            tell(name, several, ONE_BY_ONE)
        for value in filter(may_be_joined, parts if name in NAMES else ()):
            tell(name, value, KEPT_AS_ONE)
        found[name] = parts
    return found


def _parts(name: str, value: str) -> list[str]:
    if name in COUNTRIES:
        return places(value) or [value]
    several = name in NAMES or name.endswith("Date")
    return (listed(value) if several else []) or [value]


def _in_silence(field: str, value: object, why: str) -> None:
    """The first reading tells nothing: the second does."""


# ------------------------------------------------------------------ statements


def _statements(file: Path, records: Records, audit: Audit | None) -> Iterator[tuple[str, Entity]]:
    """One part of an entity for each row, which names the dataset that its value comes from."""
    for row in rows_of(file, Plain(STATEMENT, STATEMENT), audit or Audit()):
        id, schema = row["canonical_id"].strip() or row["entity_id"].strip(), row["schema"].strip()
        if not id or not schema:
            why = "a statement needs an id and a schema"
            records.lost(Problem(why, row.place, "canonical_id", row["value"][:80]))
            continue
        records.kept()
        if not _is_external(row):
            part = _part(row, id, schema)
            tell = audit.teller(row.place) if audit else _in_silence
            yield row.place, {**part, "properties": _each(part["properties"], tell)}


def _is_external(row: Row) -> bool:
    """Whether a value was only found elsewhere, and is no part of the list."""
    return row.get("external", "").strip().casefold() in ("t", "true", "1")


def _part(row: Row, id: str, schema: str) -> Entity:
    prop, value = row["prop"].strip(), row["value"].strip()
    return {
        "id": id,
        "schema": schema,
        "datasets": [row["dataset"].strip()] if row["dataset"].strip() else [],
        "referents": [row["entity_id"].strip()],
        # `id` says that the entity is in the dataset, and nothing of it.
        "properties": {prop: [value]} if prop != "id" and value else {},
    }
