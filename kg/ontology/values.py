"""What a parsed value looks like, what refuses to be one, and the vocabularies of enumerations."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from kg.base.errors import nearest


class BadValue(ValueError):
    """A value that its type refuses: a plain sentence, and what was probably meant.

    It knows no place: the caller does, and makes a `kg.base.errors.Problem` of both.
    """

    def __init__(self, message: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.near = near


@dataclass(frozen=True, slots=True)
class Value:
    """One value: canonical text, and the machine's view of it where it has one.

    `number` is set for money and numbers (with `bound`, and `unit` for money); `start` and `end`
    (earliest and latest day, in UTC, both inclusive; null = open) and `precision` for dates.
    """

    text: str
    number: float | None = None
    unit: str | None = None
    bound: str | None = None
    start: date | None = None
    end: date | None = None
    precision: str | None = None


def as_text(value: object) -> str:
    """What YAML or a data frame hands over (a text, number, date, truth value) as text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """A closed list of terms: `terms` maps each to its meaning, `also` other wordings to a term."""

    name: str
    source: str
    terms: Mapping[str, str]
    also: Mapping[str, str] = field(default_factory=dict)
    doc: str = ""
    _folded: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        folded = {fold(term): term for term in self.terms}
        folded.update({fold(wording): term for wording, term in self.also.items()})
        object.__setattr__(self, "_folded", folded)

    def find(self, text: str) -> str:
        """The term that `text` means; case, hyphens and explanations in parentheses do not matter.

        Raises BadValue with the nearest terms.
        """
        term = self._folded.get(fold(text)) or self._folded.get(fold(_PARENTHESES.sub("", text)))
        if term is None:
            near = nearest(text, self.terms)
            known = "" if near else f"; it has {', '.join(self.terms)}"
            raise BadValue(f"not a term of the vocabulary {self.name}{known}", near)
        return term


_PARENTHESES = re.compile(r"\([^)]*\)")
_BETWEEN_WORDS = re.compile(r"[\s_-]+")


def fold(text: str) -> str:
    """The form in which terms are compared: lower case, one space between words."""
    return _BETWEEN_WORDS.sub(" ", text).strip().casefold()
