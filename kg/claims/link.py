"""From what each source says on its own to one body: refs resolved, nothing dangling."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kg.claims.schema import LINKS
from kg.errors import Problem, nearest


def link(statements: pl.DataFrame) -> pl.DataFrame:
    """Turn `SOURCE#ref` in the link columns into the ids of all claims that carry the ref.

    A ref that nothing carries is dropped here; `dangling` reports it beforehand.
    """
    by_ref = (
        statements.filter(pl.col("ref").is_not_null())
        .group_by(key=pl.concat_str("source", pl.lit("#"), "ref"))
        .agg(ids=pl.col("id").sort())
    )
    for column in LINKS:
        pairs = statements.filter(pl.col(column).is_not_null()).select(
            "id", "source", key=pl.col(column)
        )
        if pairs.is_empty():
            continue
        found = (
            pairs.explode("key")
            .join(by_ref, on="key", how="left")
            .with_columns(ids=pl.coalesce("ids", pl.concat_list("key")))
            .explode("ids")
            .filter(pl.col("ids").str.starts_with("claim:"))
            .group_by("id", "source")
            .agg(pl.col("ids").unique().sort().alias(column))
        )
        statements = statements.drop(column).join(
            found, on=["id", "source"], how="left", maintain_order="left"
        )
    return statements


def dangling(statements: pl.DataFrame, among: pl.DataFrame | None = None) -> list[Problem]:
    """A problem for each reference of `statements` to an entity or a ref that exists nowhere.

    `among` is everything that will be in the ledger (default: the statements alone).
    """
    everything = statements if among is None else among
    named = pl.col("declared") & (pl.col("predicate") == "name")
    known = everything.filter(named)["subject"].unique()
    return [
        *_missing_entities(statements, known),
        *_missing_refs(statements, everything),
    ]


def _missing_entities(statements: pl.DataFrame, known: pl.Series) -> Iterable[Problem]:
    for field in ("subject", "object", "asserter", "document"):
        missing = statements.filter(
            pl.col(field).is_not_null() & ~pl.col(field).is_in(known.implode())
        )
        names = known.to_list() if missing.height else []
        for place, value in _first_places(missing, field):
            yield Problem(
                "no entity of this id is declared", place, field, value, nearest(value, names)
            )


def _missing_refs(statements: pl.DataFrame, everything: pl.DataFrame) -> Iterable[Problem]:
    carried = (
        everything.filter(pl.col("ref").is_not_null())
        .select(key=pl.concat_str("source", pl.lit("#"), "ref"))["key"]
        .unique()
    )
    ids = everything["id"]
    for field in LINKS:
        refs = statements.filter(pl.col(field).is_not_null()).explode(field)
        missing = refs.filter(
            ~pl.col(field).is_in(carried.implode()) & ~pl.col(field).is_in(ids.implode())
        )
        for place, value in _first_places(missing, field):
            yield Problem(
                "no claim carries this ref", place, field, value, nearest(value, carried.to_list())
            )


def _first_places(missing: pl.DataFrame, field: str) -> Iterable[tuple[str, str]]:
    """Each missing value once, with the first place that names it."""
    if missing.is_empty():
        return []
    place = pl.col("place") if "place" in missing.columns else pl.col("source")
    found = missing.group_by(field, maintain_order=True).agg(place.first().alias("at"))
    return [(at or "", value) for value, at in found.select(field, "at").iter_rows()]
