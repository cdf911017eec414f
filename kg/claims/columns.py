"""The one frame that everything is kept in: its columns, and what identifies a row."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable

import polars as pl

DATES = ("valid", "asserted")
"""Columns that hold EDTF text; each has `_from`, `_to` (days), and `_basis` beside it."""

LINKS = ("derived_from", "disputes", "retracts", "supersedes")
"""Columns that point at other claims: by id, or until linked as `SOURCE#ref`."""

STATEMENTS: dict[str, pl.DataType] = {
    "id": pl.String(),
    "source": pl.String(),
    "format": pl.String(),
    "ref": pl.String(),
    "declared": pl.Boolean(),
    "subject": pl.String(),
    "predicate": pl.String(),
    "object": pl.String(),
    "value": pl.String(),
    "unit": pl.String(),
    "bound": pl.String(),
    "number": pl.Float64(),
    "negative": pl.Boolean(),
    "statement": pl.String(),
    "asserter": pl.String(),
    "document": pl.String(),
    "locator": pl.String(),
    "paragraph": pl.Int64(),
    "start": pl.Int64(),
    "end": pl.Int64(),
    "summary": pl.String(),
    "quote": pl.String(),
    "hedge": pl.String(),
    "collective": pl.Boolean(),
    "qualifiers": pl.String(),
    "valid": pl.String(),
    "valid_from": pl.Date(),
    "valid_to": pl.Date(),
    "valid_precision": pl.String(),
    "valid_basis": pl.String(),
    "asserted": pl.String(),
    "asserted_from": pl.Date(),
    "asserted_to": pl.Date(),
    "asserted_basis": pl.String(),
    "recorded": pl.Datetime("us", "UTC"),
    "reliability": pl.String(),
    "credibility": pl.String(),
    "likelihood": pl.String(),
    "confidence": pl.String(),
    "attribution_type": pl.String(),
    "attribution_basis": pl.String(),
    "marking": pl.String(),
    "status": pl.String(),
    **{link: pl.List(pl.String()) for link in LINKS},
}

IDENTIFYING = (
    "subject",
    "predicate",
    "object",
    "value",
    "unit",
    "bound",
    "asserter",
    "document",
    "valid",
)
"""What makes two rows the same claim, with polarity and `declared`; never confidence or the run."""


def empty() -> pl.DataFrame:
    """A frame without rows."""
    return pl.DataFrame(schema=STATEMENTS)


def beside(frame: pl.DataFrame, table: pl.DataFrame, on: list[str], column: str) -> pl.Series:
    """A column of `table` (one row a key) for each row of `frame`, null where it has none.

    A join of the frame itself would copy all of its columns, and statements have many.
    """
    return frame.select(on).join(table, on=on, how="left", maintain_order="left")[column]


def claim_id(parts: Iterable[str | None], negative: bool, declared: bool) -> str:
    """`claim:` and 16 hex digits of SHA-256 over the parts, in the order of `IDENTIFYING`."""
    # JSON keeps the parts apart, whatever characters stand in them.
    text = json.dumps([negative, declared, *parts])
    return "claim:" + hashlib.sha256(text.encode()).hexdigest()[:16]


def content_hash(statements: pl.DataFrame) -> str:
    """SHA-256 of the rows without the time of recording, whatever their order."""
    columns = [name for name in STATEMENTS if name != "recorded"]
    # NDJSON, not a binary format: the digest must not change with a library's version.
    text = statements.select(columns).sort("id").write_ndjson()
    return hashlib.sha256(text.encode()).hexdigest()
