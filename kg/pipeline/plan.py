"""What a build, or a load, would change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import polars as pl

from kg.ask.diff import Beliefs, beliefs_of, unchanged
from kg.claims.columns import empty
from kg.graph.conclude import conclude
from kg.graph.corpus import corpus_of
from kg.graph.link import REFERRING
from kg.ledger.ledger import Batch, Ledger
from kg.ontology import Ontology
from kg.pipeline.check import beside, check
from kg.pipeline.ownership import refuse_stranger
from kg.stores import Plan, Store
from kg.stores.base import difference


@dataclass(frozen=True)
class Forecast(Plan):
    """A plan, and what would be believed otherwise of what is there."""

    beliefs: Beliefs = field(default_factory=unchanged)


def plan(
    ledger: Ledger,
    store: Store | None,
    ontology: Ontology,
    batches: Sequence[Batch],
    *,
    exactly: bool = True,
    replace: bool = False,
    beliefs: bool = False,
) -> Forecast:
    """What `change` would do; nothing is written anywhere. `beliefs`: also what of them, which
    takes one more projection. Raises `DatabaseError` where it would refuse a graph that is not this
    ledger's."""
    rest = beside(ledger, batches, exactly=exactly)
    check(batches, ontology, ledger.read(rest, REFERRING) if rest.entries else None)
    if store is not None:
        refuse_stranger(ledger, store, replace)
    statements = pl.concat([empty(), *(batch.frame.drop("place") for batch in batches)])
    if rest.entries:
        statements = pl.concat([ledger.read(rest), statements])
    conclusions = conclude(statements, ontology, ledger).frame.drop("place")
    graph = corpus_of(ledger, ontology, statements=pl.concat([statements, conclusions])).graph
    told = unchanged()
    if beliefs and ledger.exists:
        told = beliefs_of(corpus_of(ledger, ontology).graph, graph, ontology)
    if store is None:
        return Forecast(add=graph.counts(), beliefs=told)
    found = difference(graph, store.stored(ontology)).plan
    return Forecast(found.add, found.change, found.remove, told)
