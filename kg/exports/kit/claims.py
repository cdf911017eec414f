"""Claims row by row, for the formats whose atom is the claim as ours is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from kg.graph.corpus import Corpus

Row = dict[str, Any]


def claims(corpus: Corpus, *, relations: bool | None = None) -> Iterator[Row]:
    """Claims sorted by id; only those with an object, or only those with a value, if asked."""
    frame = corpus.claims.sort("id")
    if relations is not None:
        with_object = pl.col("object").is_not_null()
        frame = frame.filter(with_object if relations else ~with_object)
    return frame.iter_rows(named=True)


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


def value_text(claim: Mapping[str, Any]) -> str:
    """A value with its bound and unit, as one would say it."""
    bound = {"lower": "at least", "upper": "at most"}.get(claim["bound"] or "", "")
    return " ".join(part for part in (bound, claim["value"], claim["unit"]) if part)


def remarks(claim: Mapping[str, Any]) -> list[str]:
    """What qualifies a claim beyond its ends, as `key: text` lines."""
    lines = [f"{key}: {claim[key]}" for key in (
        "hedge", "valid", "likelihood", "confidence", "reliability", "credibility",
        "attribution_type", "attribution_basis") if claim[key]]  # fmt: skip
    if claim["collective"]:
        lines.append("collective: blamed together, not each alone")
    lines += [f"{key}: {text}" for key, text in qualifiers(claim).items()]
    if claim["standing"] != "asserted":
        lines.append(f"status: {claim['standing']}")
    return lines


def qualifiers(claim: Mapping[str, Any]) -> dict[str, str]:
    """What the edge kind declares (role, responsibility…), as the claim gives it."""
    found = json.loads(claim["qualifiers"] or "{}")
    return {str(key): str(value) for key, value in found.items() if value is not None}
