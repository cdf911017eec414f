"""An answer's rows, for scripts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from kg.base.errors import UsageError, offering
from kg.base.html import InNotebook, paragraph, table
from kg.stores import Table

if TYPE_CHECKING:
    import pandas as pd
    import polars as pl


@dataclass(frozen=True, repr=False)
class Rows(InNotebook, Sequence[dict[str, Any]]):
    """A query's answer: a sequence of dicts keyed by column, in order."""

    table: Table
    hints: tuple[str, ...] = ()
    """Why there are no rows: what was asked for by an id that names nothing here."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self.table.columns

    def __len__(self) -> int:
        return len(self.table.rows)

    def __getitem__(self, index: Any) -> Any:
        """A row by its place, rows by a slice, a column's values by its name."""
        if isinstance(index, str):
            return [row[self._place(index)] for row in self.table.rows]
        if isinstance(index, slice):
            return [dict(zip(self.columns, row, strict=True)) for row in self.table.rows[index]]
        return dict(zip(self.columns, self.table.rows[index], strict=True))

    def _place(self, column: str) -> int:
        if column not in self.columns:
            message = f"the answer has no column {column!r}"
            raise UsageError(offering(message, column, self.columns, otherwise=""))
        return self.columns.index(column)

    def __repr__(self) -> str:
        return f"<{len(self)} rows of {', '.join(self.columns)}>"

    def _repr_html_(self) -> str:
        return table(self.columns, self.table.rows) + "".join(map(paragraph, self.hints))

    def polars(self) -> pl.DataFrame:
        """The rows as a Polars frame."""
        import polars as pl

        return pl.DataFrame(
            self.table.rows, schema=self.columns, orient="row", infer_schema_length=None
        )

    def pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame."""
        import pandas as pd

        return pd.DataFrame(self.table.rows, columns=self.columns)
