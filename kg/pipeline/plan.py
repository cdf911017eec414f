"""What a build would change."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kg.claims.columns import empty
from kg.graph.conclude import conclude
from kg.graph.corpus import corpus_of
from kg.ledger.ledger import Batch, Ledger
from kg.ontology import Ontology
from kg.pipeline.check import check
from kg.pipeline.ownership import refuse_stranger
from kg.stores import Plan, Store
from kg.stores.base import difference


def plan(
    ledger: Ledger,
    store: Store | None,
    ontology: Ontology,
    batches: Sequence[Batch],
    *,
    replace: bool = False,
) -> Plan:
    """What `change(…, exactly=True)` would do; nothing is written anywhere. Raises
    `DatabaseError` where it would refuse a graph that is not this ledger's."""
    check(batches, ontology)
    if store is not None:
        refuse_stranger(ledger, store, replace)
    statements = pl.concat([empty(), *(batch.frame.drop("place") for batch in batches)])
    conclusions = conclude(statements, ontology, ledger).frame.drop("place")
    corpus = corpus_of(ledger, ontology, statements=pl.concat([statements, conclusions]))
    if store is None:
        return Plan(add=corpus.graph.counts())
    return difference(corpus.graph, store.stored(ontology)).plan
