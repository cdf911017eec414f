"""Claims row by row, for the formats whose atom is the claim as ours is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from kg.claims.columns import COLUMNS, those
from kg.graph.corpus import Corpus

Row = dict[str, Any]

NOTED = those(lambda column: column.stix == "note" and column.name != "value")
"""What qualifies a claim and no field of STIX holds: a line of a note each."""


def claims(corpus: Corpus, *, relations: bool | None = None) -> Iterator[Row]:
    """Claims sorted by id; only those with an object, or only those with a value, if asked. What
    their sources call the ends is `subject_name` and `object_name`; `subject_here` and
    `object_here` what that became, where it is called otherwise here."""
    frame = corpus.claims.sort("id").with_columns(_here(corpus, "subject"), _here(corpus, "object"))
    if relations is not None:
        with_object = pl.col("object").is_not_null()
        frame = frame.filter(with_object if relations else ~with_object)
    return frame.iter_rows(named=True)


def _here(corpus: Corpus, end: str) -> pl.Expr:
    here = pl.col(end).replace_strict(corpus.names, default=None, return_dtype=pl.String())
    return pl.when(pl.col(f"{end}_name") != here).then(here).alias(f"{end}_here")


def declared_edges(corpus: Corpus) -> list[tuple[str, str, str]]:
    """(from, type, to) of what entities declare to belong to, without repetition, sorted."""
    rows = corpus.statements.filter(pl.col("declared") & pl.col("object").is_not_null())
    return sorted(rows.select("subject", "predicate", "object").unique().iter_rows())


def entities(corpus: Corpus) -> Iterator[tuple[str, str, Row]]:
    """(id, kind, properties) of every entity, by kind and id; absent properties are absent."""
    for kind, frame in corpus.graph.nodes.items():
        if kind != "Claim":
            for row in frame.iter_rows(named=True):
                yield row["id"], kind, {k: v for k, v in row.items() if v is not None and v != []}


def remarks(claim: Mapping[str, Any]) -> list[str]:
    """What qualifies a claim beyond its ends, as `key: text` lines."""
    lines = [
        f"{name}: {COLUMNS[name].label if claim[name] is True else claim[name]}"
        for name in NOTED
        if claim[name]
    ]
    lines += [
        f"{end} in its words: {claim[f'{end}_name']} (here: {claim[f'{end}_here']})"
        for end in ("subject", "object")
        if claim[f"{end}_here"]
    ]
    lines += [f"{key}: {text}" for key, text in qualifiers(claim).items()]
    if claim["standing"] != "asserted":
        lines.append(f"status: {claim['standing']}")
    return lines


def qualifiers(claim: Mapping[str, Any]) -> dict[str, str]:
    """What the edge kind declares (role, responsibility…), as the claim gives it."""
    found = json.loads(claim["qualifiers"] or "{}")
    return {str(key): str(value) for key, value in found.items() if value is not None}
