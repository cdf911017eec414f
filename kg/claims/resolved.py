"""From a ledger to a corpus: who is who is worked out here, over all that has been loaded."""

from __future__ import annotations

import polars as pl

from kg.claims.corpus import Corpus, Lens
from kg.claims.ledger import Ledger, Manifest
from kg.ontology import Ontology


def corpus_of(
    ledger: Ledger,
    ontology: Ontology,
    *,
    lens: Lens = Lens(),  # noqa: B008  (frozen)
    manifest: Manifest | None = None,
    statements: pl.DataFrame | None = None,
) -> Corpus:
    """The corpus of a ledger's committed manifest, of another `manifest`, or of `statements`."""
    chosen = manifest or ledger.manifest()
    rows = ledger.read(chosen) if statements is None else statements
    return Corpus.of(
        rows,
        ontology,
        lens=lens,
        manifest=chosen.id,
        sources=[entry.source.name for entry in chosen.entries],
    )
