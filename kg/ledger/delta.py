"""What changed between two manifests of a ledger, row by row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import polars as pl

from kg.claims.columns import STATEMENTS, empty
from kg.ledger.ledger import Entry, Ledger, Manifest

CONTENT = [name for name in STATEMENTS if name != "recorded"]
"""What a row says: all but when it was recorded."""


@dataclass(frozen=True)
class Changed:
    """The rows (schema `STATEMENTS`) of two manifests that the other does not have as they are."""

    before: pl.DataFrame
    after: pl.DataFrame

    @property
    def rows(self) -> pl.DataFrame:
        """Both."""
        return pl.concat([self.before, self.after])


Apart: TypeAlias = "Callable[[Entry | None, Entry | None], tuple[pl.DataFrame, pl.DataFrame]]"
"""The rows of one source that the other entry lacks or has otherwise."""


def apart_in(ledger: Ledger) -> Apart:
    """Tells two entries of a source apart by reading them, and each pair once."""
    return cache(lambda one, other: _apart(_rows(ledger, one), _rows(ledger, other)))


def changed(apart: Apart, old: Manifest, new: Manifest) -> Changed:
    """What is not the same in both. Only the sources that differ are read."""
    before = {entry.source.name: entry for entry in old.entries}
    after = {entry.source.name: entry for entry in new.entries}
    names = [
        name
        for name in sorted({*before, *after})
        if _hash(before.get(name)) != _hash(after.get(name))
    ]
    parts = [apart(before.get(name), after.get(name)) for name in names]
    return Changed(*(pl.concat([empty(), *(part[side] for part in parts)]) for side in (0, 1)))


def _hash(entry: Entry | None) -> str | None:
    return None if entry is None else entry.hash


def _rows(ledger: Ledger, entry: Entry | None) -> pl.DataFrame:
    return empty() if entry is None else ledger.read(Manifest((entry,)))


def _apart(one: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of each frame that the other lacks or has otherwise."""
    if one.is_empty() or other.is_empty():
        return (one, other)
    differs = differing(one.select(CONTENT), other.select(CONTENT), "id")
    wanted = pl.col("id").is_in(differs.implode())
    return one.filter(wanted), other.filter(wanted)


def differing(one: pl.DataFrame, other: pl.DataFrame, key: str) -> pl.Series:
    """Keys (unique in each frame) whose rows are not the same in both, or stand in one alone."""
    columns = [name for name in one.columns if name != key]
    both = one.join(other, on=key, how="inner", suffix=" other")
    alone = [
        here.join(there, on=key, how="anti")[key] for here, there in ((one, other), (other, one))
    ]
    unlike = [pl.col(name).ne_missing(pl.col(f"{name} other")) for name in columns]
    return pl.concat([*alone, both.filter(pl.any_horizontal(unlike))[key]])
