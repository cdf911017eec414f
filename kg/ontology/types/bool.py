"""True and false."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ontology.value_type import ValueType
from kg.ontology.values import BadValue, Value

if TYPE_CHECKING:
    import polars as pl


class Truth(ValueType):
    """`true` or `false`; `yes`, `no`, `1` and `0` are taken for them."""

    name = "bool"
    held = "bool"
    page = "{ value: (claim) => ({ true: true, false: false })[claim.value] ?? null }"

    def parse(self, given: str) -> Value:
        """`true` or `false`."""
        word = given.strip().casefold()
        if word in ("true", "yes", "1"):
            return Value("true")
        if word in ("false", "no", "0"):
            return Value("false")
        raise BadValue("neither true nor false")

    def value(self, unit: str | None) -> pl.Expr:
        """What is neither stays readable in its claim."""
        import polars as pl

        text = pl.col("value")
        return pl.when(text.is_in(["true", "false"])).then(text == "true")
