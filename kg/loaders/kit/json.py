"""JSON as published: whole files (catalogues fit into memory), and single lines of long ones.

JSON leaves open what a repeated key and a number beyond all range mean, and has no NaN: Python
keeps the last, makes infinity, and reads it all the same. Here each is an error with its place.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem
from kg.loaders.kit.encodings import UTF_8, advice, odd
from kg.loaders.kit.reading import open_text

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a surrogate pair, as JSON escapes it; two halves together are one character."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"(?P<colon>\s*:)?|[{}]', re.DOTALL)
"""What tells where objects begin and end, and which keys they have."""


def read_json(path: Path, encoding: str = "UTF-8") -> Any:
    """The content of a JSON file (also `.json.gz`), which is UTF-8 unless somebody says otherwise.
    Raises `InputError` with file and place."""
    try:
        with open_text(path, "utf-8-sig" if encoding.lower() in UTF_8 else encoding) as stream:
            text = stream.read()
    except UnicodeDecodeError as why:
        looks = advice(odd([why.object], encoding.lower()))
        raise _error(f"{path}:1", f"is not {encoding} ({why.reason}): {looks}") from None
    except (OSError, EOFError, zlib.error) as why:
        raise _error(f"{path}:1", f"cannot be read: {why}") from None
    try:
        return _parsed(text, f"{path}#")
    except _Repeated:
        raise InputError(_repeated(text, str(path))) from None
    except json.JSONDecodeError as why:
        if text.lstrip().startswith("<"):
            raise _error(f"{path}:1", "is XML or a web page, and no JSON") from None
        raise _error(f"{path}:{why.lineno}", f"broken JSON: {why.msg}") from None
    except (ValueError, RecursionError) as why:
        raise _error(f"{path}:1", _refused(why)) from None


def read_line(line: str, place: str) -> Any:
    """The JSON that one line holds. Raises `InputError` with its place."""
    try:
        return _parsed(line, place)
    except _Repeated as why:
        key = ascii(why.key)[1:-1]
        raise InputError(Problem("stands twice in one object", place, key)) from None
    except (ValueError, RecursionError) as why:
        raise _error(place, _refused(why)) from None


def _refused(why: Exception) -> str:
    return "nests too deep" if isinstance(why, RecursionError) else f"broken JSON: {why}"


class _Repeated(ValueError):
    """An object has a key twice."""

    def __init__(self, key: str) -> None:
        super().__init__(key)
        self.key = key


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        keys = [key for key, _ in pairs]
        raise _Repeated(next(key for key in keys if keys.count(key) > 1))
    return found


def _real(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise ValueError(f"{text[:40]} is too large a number")
    return number


def _no_constant(text: str) -> float:
    raise ValueError(f"{text} is no value of JSON")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_real, parse_constant=_no_constant
)


def _parsed(text: str, place: str) -> Any:
    content = _DECODER.decode(text)
    if _HALF.search(text):
        _refuse_halves(content, place)
    return content


def _repeated(text: str, path: str) -> Problem:
    """Where a key stands twice in one object: the parser itself does not tell."""
    objects: list[dict[str, int]] = []
    for token in _TOKEN.finditer(text):
        if token[0] == "{":
            objects.append({})
        elif token[0] == "}":
            objects.pop()
        elif token["colon"]:
            key = json.loads(token[0].removesuffix(token["colon"]))
            if key in objects[-1]:
                first, line = (text.count("\n", 0, start) + 1
                               for start in (objects[-1][key], token.start()))  # fmt: skip
                message = f"stands twice in one object, first on line {first}"
                return Problem(message, f"{path}:{line}", ascii(key)[1:-1])
            objects[-1][key] = token.start()
    raise AssertionError("no key is repeated")


def _refuse_halves(content: Any, place: str) -> None:
    """Raise `InputError` for text that no file can hold: a surrogate without its other half."""
    left = [(content, "")]
    while left:
        value, path = left.pop()
        match value:
            case dict():
                left += [(name, f"{path}.{ascii(name)[1:-1]}") for name in value]
                left += [(item, f"{path}.{ascii(name)[1:-1]}") for name, item in value.items()]
            case list():
                left += [(item, f"{path}[{number}]") for number, item in enumerate(value)]
            case str() if any("\ud800" <= letter <= "\udfff" for letter in value):
                message = "holds half a character (a lone surrogate)"
                field = path.removeprefix(".")
                where, field = (place + field, "") if place.endswith("#") else (place, field)
                raise InputError(Problem(message, where, field, ascii(value)[1:-1]))


def _error(place: str, message: str) -> InputError:
    return InputError(Problem(message, place))
