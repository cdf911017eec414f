"""The one frame that everything is kept in: its columns, and what identifies a row."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from json.encoder import encode_basestring_ascii
from typing import Any

import polars as pl

from kg.ontology import Column, Ontology
from kg.ontology.columns import shipped

COLUMNS = shipped()
"""Every column by name, in order, with all that is declared of it (`nodes/claim.yaml`)."""

DTYPES: Mapping[str, Callable[[], pl.DataType]] = {
    "text": lambda: pl.String(),
    "id": lambda: pl.String(),
    "ids": lambda: pl.List(pl.String()),
    "edtf": lambda: pl.String(),
    "date": lambda: pl.Date(),
    "moment": lambda: pl.Datetime("us", "UTC"),
    "integer": lambda: pl.Int64(),
    "number": lambda: pl.Float64(),
    "bool": lambda: pl.Boolean(),
}
"""Type of a column → what makes the type that holds it."""


class _Schema(Mapping[str, "pl.DataType"]):
    """Every column and its type; Polars is not asked for the types before somebody is."""

    def __getitem__(self, name: str) -> pl.DataType:
        return DTYPES[COLUMNS[name].type]()

    def __iter__(self) -> Iterator[str]:
        return iter(COLUMNS)

    def __len__(self) -> int:
        return len(COLUMNS)


STATEMENTS = _Schema()
"""The schema of the frame."""


def those(test: Callable[[Column], bool]) -> tuple[str, ...]:
    """Names of the columns that pass, in order."""
    return tuple(column.name for column in COLUMNS.values() if test(column))


def shown(place: str) -> tuple[str, ...]:
    """The columns that are shown in one of `kg.ontology.columns.PLACES`, in order."""
    return those(lambda column: place in column.show)


def marks(claim: Mapping[str, Any], ontology: Ontology) -> list[str]:
    """What stands beside a claim wherever one is read: `confidence high`, `source F (cannot be
    judged)`; of a flag its label alone."""
    found = []
    for name in shown("mark"):
        label, value = COLUMNS[name].label, claim.get(name)
        if value is True:
            found.append(label)
        elif value:
            meaning = codes(COLUMNS[name], ontology).get(value)
            found.append(f"{label} {value}" + (f" ({meaning})" if meaning else ""))
    return found


def value_said(claim: Mapping[str, Any], ontology: Ontology) -> str:
    """The value of a claim with its bound, unit and hedge: `about 12,000,000 USD`; empty where it
    has none."""
    if claim["value"] is None:
        return ""
    parts = (claim[name] for name in ("subject", "predicate", "value", "unit", "bound"))
    return " ".join(filter(None, (claim["hedge"], ontology.caption(*parts))))


def codes(column: Column, ontology: Ontology) -> dict[str, str]:
    """What the terms of a column mean, where these are letters or digits that tell nothing."""
    terms = ontology.vocabulary[column.vocabulary].terms if column.vocabulary else {}
    return {term: meaning for term, meaning in terms.items() if len(term) == 1}


IDENTIFYING = those(lambda column: column.identifies)
"""What makes two rows the same claim, with polarity and `declared`; never confidence or the run."""

SAID = tuple(name for name in (*IDENTIFYING, "negative") if name != "document")
"""What makes it the same claim, in whichever document it stands."""

TELLING = those(lambda column: column.tells)
"""What may differ between two rows of one claim, and tells more than where it stands."""

DETAILS = tuple(
    n for n in TELLING if n.partition("_")[0] not in ("asserted", "withdrawn", "status")
)
"""The same, but for how it stands, and since when."""

DATES = those(lambda column: column.given and column.type == "edtf")
"""Columns that hold EDTF text; each has `_from`, `_to` (days), and `_basis` beside it."""

LINKS = those(lambda column: column.given and column.type == "ids")
"""Columns that point at other claims: by id, or until linked as `SOURCE#ref`."""


def empty() -> pl.DataFrame:
    """A frame without rows."""
    return pl.DataFrame(schema=STATEMENTS)


def beside(frame: pl.DataFrame, table: pl.DataFrame, on: list[str], column: str) -> pl.Series:
    """A column of `table` (one row a key) for each row of `frame`, null where it has none.

    A join of the frame itself would copy all of its columns, and statements have many.
    """
    return frame.select(on).join(table, on=on, how="left", maintain_order="left")[column]


def spread(values: pl.Series, where: pl.Series) -> pl.Series:
    """One of `values` for each row that `where` marks, in their order; null for every other."""
    place = pl.select(pl.when(where).then(where.cum_sum() - 1)).to_series()
    return values.gather(place)


def without_empty(frame: pl.DataFrame) -> pl.DataFrame:
    """Only the columns in which some row has a value."""
    return frame.select(
        column for column in frame.get_columns() if column.null_count() < len(column)
    )


def claim_id(parts: Iterable[str | None], negative: bool, declared: bool) -> str:
    """`claim:` and 16 hex digits of SHA-256 over the parts, in the order of `IDENTIFYING`."""
    # JSON keeps the parts apart, whatever characters stand in them. As `json.dumps` writes it, in
    # a fifth of its time: it makes ready for any value, and these are texts or nothing.
    written = ["null" if part is None else encode_basestring_ascii(part) for part in parts]
    flags = ("true" if flag else "false" for flag in (negative, declared))
    text = f"[{', '.join((*flags, *written))}]"
    return "claim:" + hashlib.sha256(text.encode()).hexdigest()[:16]


TEXT_ROWS = 10_000
"""Rows that are made text of at once: all of them would take more memory than the rows."""


def content_hash(statements: pl.DataFrame) -> str:
    """SHA-256 of the rows without the time of recording, whatever their order."""
    columns = [name for name in STATEMENTS if name != "recorded"]
    # NDJSON, not a binary format: the digest must not change with a library's version.
    told = hashlib.sha256()
    for rows in statements.select(columns).sort("id").iter_slices(TEXT_ROWS):
        told.update(rows.write_ndjson().encode())
    return told.hexdigest()


def stands(statements: pl.DataFrame) -> pl.Expr:
    """Which rows say something that none of these linked statements takes back."""
    retracted = statements["retracts"].explode().drop_nulls()
    gone = pl.col("id").is_in(retracted.implode())
    gone |= pl.col("status").is_in(["retracted", "superseded"]).fill_null(False)
    return ~pl.col("negative") & ~gone
