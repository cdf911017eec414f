"""What statements need of the ontology: a kind that was there when they were loaded may be gone."""

from __future__ import annotations

import os
from collections.abc import Iterator

import polars as pl

from kg.base.errors import UsageError
from kg.ontology import Ontology

SHOWN = 5
"""Names of what is missing that one source's sentence holds."""


def refuse_missing_kinds(statements: pl.DataFrame, ontology: Ontology) -> None:
    """Raise `UsageError` that says which source needs which kinds that the ontology lacks."""
    missing: dict[str, set[str]] = {}
    for source, need in _missing(statements, ontology):
        missing.setdefault(source, set()).add(need)
    if missing:
        folders = os.environ.get("KG_PATH")
        raise UsageError(
            f"{'; '.join(_sentence(source, needs) for source, needs in sorted(missing.items()))}: "
            "no ontology here has that, and nothing was changed. KG_PATH names the folders with "
            f"kinds of one's own (it {f'is {folders}' if folders else 'is not set'}); "
            "`kg unload` takes a source out"
        )


def _missing(statements: pl.DataFrame, ontology: Ontology) -> Iterator[tuple[str, str]]:
    """(source, what it needs): an edge, a kind by its prefix, or a property of a kind."""
    kinds = {node.prefix: kind for kind, node in ontology.nodes.items()}
    colon = pl.col("subject").str.find(":", literal=True)
    start = pl.col("subject").str.slice(0, colon).alias("start")
    asked = statements.lazy().select("source", "predicate", start).unique().collect()
    for source, predicate, start in asked.iter_rows():
        kind = kinds.get(start)
        if kind is None:
            yield source, f"a kind of node for {start}:…"
        if predicate.isupper():
            if predicate not in ontology.edges:
                yield source, f"the edge {predicate}"
        elif kind is not None and predicate not in ontology.nodes[kind].properties:
            yield source, f"the property {predicate} of {kind}"


def _sentence(source: str, needs: set[str]) -> str:
    first = sorted(needs)
    more = f" and {len(first) - SHOWN} more" if len(first) > SHOWN else ""
    return f"source {source} needs {', '.join(first[:SHOWN])}{more}"
