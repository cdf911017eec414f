"""What a type of values is: all that anybody has to know of it, in one class.

One type is one file in `kg/ontology/types/`, or in the folder `ontology/types/` of `$KG_PATH`.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, ClassVar, Literal

from kg.ontology.values import BadValue, Value

if TYPE_CHECKING:
    import polars as pl

Held = Literal["text", "integer", "number", "bool"]
"""What a value is in the graph."""

POLICIES = ("first", "latest", "union")
"""Those that mean something for values of any type."""


class ValueType:
    """A type whose values are texts; others say what is different about theirs.

    The first line of a subclass's docstring stands in the reference.
    """

    name: ClassVar[str] = "text"
    """The word for it in the ontology (`type: …`)."""
    held: ClassVar[Held] = "text"
    policies: ClassVar[tuple[str, ...]] = POLICIES
    """How one value may follow from several claims."""
    dated: ClassVar[bool] = False
    """It has a first and a last day, which stand beside it (`occurred_from`, `occurred_to`)."""
    beside: ClassVar[tuple[str, ...]] = ("hedge",)
    """Columns of the claim that stand beside a node's value (`amount_stolen_bound`): without them
    it would say more than its source did. A bound that is the value itself (`point`) does not."""
    page: ClassVar[str] = "{}"
    """How a picture's script treats it where that differs from text (`TEXT_RULE` in `facts.js`): a
    JavaScript object with any of `value(claim, policy)`, `apart(claims, declared, dates, policy)`
    and `caption(claim)`."""

    def __repr__(self) -> str:
        """The same in every process: what a graph's shape is told by holds it."""
        return f"{type(self).__module__}.{type(self).__qualname__}()"

    def parse(self, given: str) -> Value:
        """Read a text and give its canonical form. Raises `BadValue`."""
        return plain_text(given)

    def settled(
        self, value: Value, *, bound: str | None, unit: str | None, default: str | None
    ) -> Value:
        """A parsed value with the bound and the unit that are given apart; `default` is the unit of
        the property. Raises `BadValue`."""
        if bound or unit:
            raise BadValue(f"only a quantity has a bound or a unit, and this is {self.name}")
        return value

    def value(self, unit: str | None) -> pl.Expr:
        """A claim's value as the graph holds it, of the columns of claims; null where it is none
        that the property can have. `unit` is the property's own."""
        import polars as pl  # whoever asks a graph a question does not pay for it

        return pl.col("value")

    def apart(self) -> pl.Expr:
        """Whether claims of one property, in one unit, cannot all be right (an aggregation)."""
        import polars as pl

        return pl.col("value").n_unique() > 1

    def caption(self, text: str, unit: str | None = None, bound: str | None = None) -> str:
        """A value as one would say it: `at least 11,000,000 USD`."""
        return text


HALVES = re.compile("[\ud800-\udfff]")
"""Halves of surrogate pairs: no file may hold one alone."""


def plain_text(given: str) -> Value:
    """Any words: Unicode NFC, trimmed; not empty, no broken surrogates. Zero bytes are kept."""
    clean = unicodedata.normalize("NFC", given).strip()
    if not clean:
        raise BadValue("empty")
    if HALVES.search(clean):
        raise BadValue("holds characters that no file may hold")
    return Value(clean)
