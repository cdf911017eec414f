"""From one manifest to the next: what a database that holds the one lacks of the other.

Nothing is read from the database: what it holds is what its stamp says, projected once more for the
keys that the change touches. `kg verify` reads the values themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from hashlib import sha256

import polars as pl

from kg.base.settings import code_state
from kg.claims.columns import empty
from kg.graph.conclude import merged_ids
from kg.graph.index import SLIM, Index
from kg.graph.touched import touched
from kg.ledger.delta import Apart, changed
from kg.ledger.ledger import Entry, Ledger, Manifest
from kg.ontology import Ontology
from kg.stores.base import FINGERPRINTS, Delta, Plan, difference, held

MUCH = 0.2
"""Where more of the rows than this have changed, projecting all of them is as quick."""


def step(
    ledger: Ledger, ontology: Ontology, old: Manifest, new: Manifest, apart: Apart
) -> Delta | None:
    """The rows that turn the graph of `old` into that of `new`; None where so much has changed that
    everything had better be projected and compared with what the database holds."""
    if old.id == new.id:
        return Delta({}, {}, {}, {}, Plan())
    rows = changed(apart, old, new).rows
    if rows.height > MUCH * max(entry_rows(old), entry_rows(new)):
        return None
    read = cache(lambda entry: ledger.read(Manifest((entry,)), SLIM))
    before, after = (index_of(ledger, ontology, manifest, read) for manifest in (old, new))
    keys = touched(before, after, rows)
    was = before.part(keys, partial(_rows, ledger, old, before))
    is_ = after.part(keys, partial(_rows, ledger, new, after))
    return difference(is_, held(was))


def entry_rows(manifest: Manifest) -> int:
    """How many rows a manifest's files have."""
    return sum(entry.rows for entry in manifest.entries)


def index_of(
    ledger: Ledger,
    ontology: Ontology,
    manifest: Manifest,
    read: Callable[[Entry], pl.DataFrame],
) -> Index:
    """The first pass over a ledger's rows; `read` gives the slim ones of a source."""
    slim = pl.concat([empty().select(SLIM), *map(read, manifest.entries)])
    return Index(slim, merged_ids(ledger, manifest), ontology)


def _rows(ledger: Ledger, manifest: Manifest, index: Index, ids: pl.Series) -> pl.DataFrame:
    """All rows of some ids, out of the sources that have any of them."""
    there = set(index.slim.filter(pl.col("id").is_in(ids.implode()))["source"])
    entries = tuple(entry for entry in manifest.entries if entry.source.name in there)
    return ledger.read(Manifest(entries), ids=ids)


@cache
def shape(ontology: Ontology) -> str:
    """What a graph depends on besides its ledger: the vocabulary, and the code that projects. A
    database that was written with another one is compared value by value once more."""
    told = sha256(repr((dict(ontology.nodes), dict(ontology.edges))).encode())
    told.update(code_state("claims", "graph", "ontology").encode() + FINGERPRINTS.encode())
    return told.hexdigest()[:16]
