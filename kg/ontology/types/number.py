"""Numbers; other quantities are made of this one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, ClassVar

from kg.base.errors import nearest
from kg.ontology.quantity import BOUNDS, currency, digits, quantity
from kg.ontology.value_type import POLICIES, Held, ValueType
from kg.ontology.values import BadValue, Value

if TYPE_CHECKING:
    import polars as pl


class Number(ValueType):
    """A number: `300,000`, `1.5 million`, `over 40`, `-0.5`."""

    name = "number"
    held: ClassVar[Held] = "number"
    policies = (*POLICIES, "lowest", "highest")
    beside = ("unit", "bound", *ValueType.beside)
    page = "{ value: ownNumber, apart: numbersApart, caption: quantityCaption }"

    def parse(self, given: str) -> Value:
        """Its digits, and the bound that its words state."""
        amount, bound, words = quantity(given)
        if words:
            raise BadValue(f"a number without a unit is wanted, not {' '.join(words)!r}")
        return Value(digits(amount), number=float(amount), bound=bound)

    def settled(
        self, value: Value, *, bound: str | None, unit: str | None, default: str | None
    ) -> Value:
        """What is given apart wins over what the text says. Raises BadValue for an unknown bound or
        unit, and for two different units."""
        given = self.unit(unit) if unit else None
        if given and value.unit and given != value.unit:
            raise BadValue(f"the amount is in {value.unit}, its unit says {given}")
        if bound is not None and bound not in BOUNDS:
            raise BadValue(f"not a bound ({', '.join(BOUNDS)}): {bound!r}", nearest(bound, BOUNDS))
        return replace(
            value, bound=bound or value.bound or "point", unit=given or value.unit or default
        )

    def unit(self, word: str) -> str:
        """The unit that a word means: a currency. Raises BadValue where it is none."""
        return currency(word)

    def value(self, unit: str | None) -> pl.Expr:
        """What is no number, or is in another unit, stays readable in its claim."""
        import polars as pl

        own = pl.col("unit").is_null() | (pl.col("unit") == (unit or pl.col("unit")))
        dtype = pl.Int64 if self.held == "integer" else pl.Float64
        return pl.when(own).then(pl.col("number").cast(dtype, strict=False))

    def apart(self) -> pl.Expr:
        """Numbers with their bounds differ where no value fits them all."""
        import polars as pl

        number, bound = pl.col("number"), pl.col("bound")
        least = pl.when(bound != "upper").then(number).max()
        most = pl.when(bound != "lower").then(number).min()
        return (least > most).fill_null(False)

    def caption(self, text: str, unit: str | None = None, bound: str | None = None) -> str:
        """Its bound, the digits in threes, its unit."""
        words = {"lower": "at least", "upper": "at most"}.get(bound or "")
        return " ".join(part for part in (words, _in_threes(text), unit) if part)


def _in_threes(text: str) -> str:
    try:
        return f"{Decimal(text):,f}"
    except ArithmeticError:  # a value of published data that did not parse
        return text
