"""Parameters that a user sets by name, of a question, measure or picture: one reader for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kg.base.errors import UsageError, offering

TYPES: Mapping[str, str] = {
    "id": "an entity's id (kind:name)",
    "text": "a text",
    "integer": "a whole number",
    "number": "a number",
    "day": "a day (YYYY-MM-DD)",
    "flag": "true or false",
}
"""What a parameter of each type must be."""

PYTHON: Mapping[type, str] = {bool: "flag", int: "integer", float: "number", str: "text"}
"""The type for each of Python's that a function may ask for."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter: its type, its default (unless it is required), and what it is."""

    name: str
    type: str
    default: Any = None
    doc: str = ""
    required: bool = False

    def parse(self, given: Any) -> Any:
        """The value by type, of text or of what a script passes. Raises `UsageError`."""
        try:
            return parse(self.type, given)
        except (TypeError, ValueError, OverflowError):
            example = "" if self.default is None else f" (example: {self.default!r})"
            raise UsageError(
                f"parameter {self.name} must be {TYPES[self.type]}, not {given!r}{example}"
            ) from None


def arguments(owner: str, known: Iterable[Parameter], given: Mapping[str, Any]) -> dict[str, Any]:
    """What was given, by type; `owner` is whose parameters they are.

    Raises `UsageError` for an unknown name, a wrong value, and for one that is needed and missing.
    """
    by_name = {parameter.name: parameter for parameter in known}
    for name in given:
        if name not in by_name:
            has = f"(it has: {', '.join(by_name) or 'none'})"
            message = f"{owner} has no parameter {name!r} {has}"
            raise UsageError(offering(message, name, by_name, otherwise=""))
    for name, parameter in by_name.items():
        if parameter.required and name not in given:
            raise UsageError(f"{owner} needs the parameter {name!r} (-p {name}=…)")
    return {name: by_name[name].parse(value) for name, value in given.items()}


def parse(type_: str, given: Any) -> Any:
    """One value. Raises `ValueError`, `TypeError` or `OverflowError` where it is none of the type.
    A type that is none of `TYPES` is whatever its function takes."""
    match type_:
        case "integer":
            return _whole(given)
        case "number":
            return float(given)
        case "day":
            return date.fromisoformat(str(given)).isoformat()
        case "flag":
            return _flag(str(given).casefold())
        case "id" if ":" not in str(given) or str(given).split() != [str(given)]:
            raise ValueError(given)
        case "id" | "text":
            return str(given)
    return given


def _whole(given: Any) -> int:
    if isinstance(given, float) and not given.is_integer():  # int() would cut it off
        raise ValueError(given)
    return int(given)


def _flag(word: str) -> bool:
    if word not in ("true", "false"):
        raise ValueError(word)
    return word == "true"
