"""What each word of a table mapping must hold, checked before anything in it is understood."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

from kg.base.errors import Problem
from kg.base.yamlfile import Map


class Shape(NamedTuple):
    """What a value must be, in words, and whether one is."""

    what: str
    fits: Callable[[Any], bool]


def _texts(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(item, str) for item in given)


def _words_to_words(given: Any) -> bool:
    return isinstance(given, Map) and all(isinstance(v, str | None) for v in given.values())


def _encodings(given: Any) -> bool:
    names = [given] if isinstance(given, str) else given
    if not _texts(names):
        return False
    try:
        # Python also knows codecs that make no text (base64), or none of anything (undefined).
        return all("a".encode(name).decode(name) == "a" for name in names)
    except (LookupError, ValueError):
        return False


def _read_back(form: str) -> datetime:
    """The third of February 2001 as `strptime` reads what a form makes of it: what the form does
    not tell is 1, and the year 1900."""
    return datetime.strptime(datetime(2001, 2, 3, 12, tzinfo=UTC).strftime(form), form)


def told(form: str) -> int:
    """How many characters of a day (`2001-02-03`) a `strptime` form tells; 0 without a year."""
    read = _read_back(form)
    if read.year != 2001:
        return 0
    return 4 if read.month != 2 else 7 if read.day != 3 else 10


def _date_forms(given: Any) -> bool:
    """Whether it is a form, or a list of them: `excel`, or what `strptime` reads and what tells the
    year at least."""
    forms = [given] if isinstance(given, str) else given
    try:
        return _texts(forms) and all(form == "excel" or told(form) > 0 for form in forms)
    except (ValueError, re.error):
        return False


TEXT = Shape("text", lambda given: isinstance(given, str))
TEXTS = Shape("a list of texts", _texts)
MAPPING = Shape("a mapping", lambda given: isinstance(given, Map))

TABLE = {
    "encoding": Shape("an encoding such as utf-8, or a list of them", _encodings),
    "delimiter": Shape("one character", lambda given: isinstance(given, str) and len(given) == 1),
    "sheet": TEXT,
    "null": TEXTS,
    "columns": MAPPING,
    "document": TEXT,
    "asserter": TEXT,
    "entities": MAPPING,
    "claims": Shape("a list", lambda given: isinstance(given, list)),
    "ignore": TEXTS,
}
COLUMN = {
    "null": TEXTS,
    "keep": TEXTS,
    "match": TEXT,
    "split": Shape("text, or a list of texts", lambda g: TEXT.fits(g) or TEXTS.fits(g)),
    "map": Shape("a mapping of text to text", _words_to_words),
    "date": Shape(
        "a strptime form with a year, such as '%d.%m.%Y', or a list of them", _date_forms
    ),
    "country": Shape("true or false", lambda given: given in ("true", "false")),
}


def misshapen(given: Map, path: Path) -> Iterator[Problem]:
    """A problem for each word that holds something else; an empty one is as good as absent."""
    yield from wrong(given, TABLE, path)
    columns, entities = _map(given, "columns"), _map(given, "entities")
    for name, spec in columns.items():
        if isinstance(spec, Map):
            yield from wrong(spec, COLUMN, path)
        else:
            place = f"{path}:{columns.lines[name]}"
            yield Problem("must be a mapping such as {split: ';'}", place, name, str(spec)[:80])
    for id, declared in entities.items():
        if not isinstance(declared, str | Map):
            place = f"{path}:{entities.lines[id]}"
            yield Problem("must be a name, or a mapping", place, id, str(declared or "")[:80])


def _map(given: Map, word: str) -> Map:
    found = given.get(word)
    return found if isinstance(found, Map) else Map(given.line)


def wrong(given: Map, shapes: Mapping[str, Shape], path: Path) -> Iterator[Problem]:
    """A problem for each word that holds what does not fit its shape."""
    for word, shape in shapes.items():
        value = given.get(word)
        if value is not None and not shape.fits(value):
            place = f"{path}:{given.lines[word]}"
            yield Problem(f"must be {shape.what}", place, word, str(value)[:80])
