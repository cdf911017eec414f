"""JSON fields by type: what a field must hold is said once; what holds something else is told.

A number is no name: what is of another type than its format lays down is left out with a warning,
never taken for what it might have meant. Words that leave no doubt are the one exception: `"true"`
and `1` are read as what they say, and told. Where they stand on `revoked`, leaving them out would
let a claim stand that its author took back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

Tell = Callable[[str, object, str], None]
"""Called with the field, what it holds, and what is wrong with it."""


class Type(NamedTuple):
    """What a field holds, in words, and whether something is that."""

    what: str
    fits: Callable[[Any], bool]
    many: bool = False
    """Whether it is a list of them; one alone is as good as a list of one."""
    inside: Mapping[str, Type] = MappingProxyType({})
    """Of an object: what its fields hold."""
    meant: Mapping[str, Any] = MappingProxyType({})
    """What other things that may stand for one are read as, by what they are as text."""


def _is_whole(given: object) -> bool:
    return isinstance(given, int) and not isinstance(given, bool)


SPELT = {
    **dict.fromkeys(("true", "t", "yes", "y", "on", "1"), True),
    **dict.fromkeys(("false", "f", "no", "n", "off", "0"), False),
}
"""How else a truth value is written; no other word is one."""

TEXT = Type("text", lambda given: isinstance(given, str))
FLAG = Type("true or false (without quotes)", lambda given: isinstance(given, bool), meant=SPELT)
WHOLE = Type("a whole number (without quotes)", _is_whole)
OBJECT = Type("an object", lambda given: isinstance(given, dict))
KEY = Type("text or a whole number", lambda given: isinstance(given, str) or _is_whole(given))
TEXTS = TEXT._replace(many=True)
OBJECTS = OBJECT._replace(many=True)
KEYS = KEY._replace(many=True)


def typed(given: Mapping[str, Any], types: Mapping[str, Type], tell: Tell) -> dict[str, Any]:
    """What of an object is of its type, null left out; fields that `types` does not name stay as
    they are."""
    kept = {}
    for name, value in given.items():
        type_ = types.get(name)
        if type_ is None:
            kept[name] = value
        elif value is not None and (found := _fitting(name, value, type_, tell)) is not None:
            kept[name] = found
    return kept


def _fitting(name: str, value: object, type_: Type, tell: Tell) -> Any:
    items: list[Any] = value if isinstance(value, list) and type_.many else [value]
    fitting: list[Any] = []
    for item in items:
        if not type_.fits(item):
            fitting += _meant(name, item, type_, tell)
        elif type_.inside:
            fitting.append(typed(item, type_.inside, lambda n, v, why: tell(f"{name}.{n}", v, why)))
        else:
            fitting.append(item)
    if type_.many:
        return fitting
    return fitting[0] if fitting else None


def _meant(name: str, item: object, type_: Type, tell: Tell) -> list[Any]:
    """What something of another type is read as, if that leaves no doubt; told either way."""
    word = str(item).strip().casefold() if type_.meant else ""
    read = [type_.meant[word]] if word in type_.meant else []
    became = f"read as {str(read[0]).lower()}" if read else "left out"
    tell(name, item, f"is not {type_.what} and was {became}")
    return read
