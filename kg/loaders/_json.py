"""JSON as published: whole files (catalogues fit into memory), and single lines of long ones."""

from __future__ import annotations

import json
import re
import zlib
from pathlib import Path
from typing import Any

from kg.errors import InputError, Problem
from kg.loaders._reading import open_text

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""Half of a surrogate pair, as JSON escapes it; two halves together are one character."""


def read_json(path: Path) -> Any:
    """The content of a JSON file (also `.json.gz`). Raises `InputError` with file and place."""
    try:
        with open_text(path) as stream:
            text = stream.read()
    except UnicodeDecodeError as why:
        raise _error(f"{path}:1", f"is not UTF-8 ({why.reason})") from None
    except (OSError, EOFError, zlib.error) as why:
        raise _error(f"{path}:1", f"cannot be read: {why}") from None
    try:
        return _parsed(text, f"{path}#")
    except json.JSONDecodeError as why:
        raise _error(f"{path}:{why.lineno}", f"broken JSON: {why.msg}") from None
    except (ValueError, RecursionError) as why:
        raise _error(f"{path}:1", _refused(why)) from None


def read_line(line: str, place: str) -> Any:
    """The JSON that one line holds. Raises `InputError` with its place."""
    try:
        return _parsed(line, place)
    except (ValueError, RecursionError) as why:
        raise _error(place, _refused(why)) from None


def _refused(why: Exception) -> str:
    return "nests too deep" if isinstance(why, RecursionError) else f"broken JSON: {why}"


def _parsed(text: str, place: str) -> Any:
    content = json.loads(text)
    if _HALF.search(text):
        _refuse_halves(content, place)
    return content


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
