"""Dates."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.ontology import edtf
from kg.ontology.value_type import POLICIES, ValueType
from kg.ontology.values import Value

if TYPE_CHECKING:
    import polars as pl


EAST, WEST = 14, 12
"""Hours by which a day begins before that of UTC in the east, and ends after it in the west."""


class Date(ValueType):
    """Read one EDTF date: text as written (instants in UTC), earliest and latest day, precision."""

    name = "edtf"
    policies = (*POLICIES, "lowest", "highest", "most_precise")
    dated = True
    page = "{ apart: daysApart }"

    def parse(self, given: str) -> Value:
        """The text as written, and the days that it covers."""
        return edtf.parse(given)

    def apart(self) -> pl.Expr:
        """Dates differ where no day is in all of them: one that contains another does not. Times of
        day are compared as such, and with a day wherever on earth that may have been meant."""
        import polars as pl

        instant = (pl.col("valid_precision") == "instant").fill_null(False)
        moment = pl.col("value").str.to_datetime("%+", strict=False).dt.replace_time_zone(None)
        moments = pl.when(instant).then(moment)
        first = pl.when(~instant).then(pl.col("valid_from")).max().cast(pl.Datetime("us"))
        last = pl.when(~instant).then(pl.col("valid_to")).min().cast(pl.Datetime("us"))
        apart = (
            (first > last)
            | (moments.max() > moments.min())
            | (first - pl.duration(hours=EAST) > moments.min())
            | (moments.max() >= last + pl.duration(days=1, hours=WEST))
        )
        return apart.fill_null(False)
