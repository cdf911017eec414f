"""From one manifest to the next: what a database that holds the one lacks of the other.

Nothing is read from the database: what it holds is what its stamp says, projected once more for the
keys that the change touches. `kg verify` reads the values themselves. What is believed otherwise of
these keys than before is told by the same two projections.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from hashlib import sha256
from pathlib import Path
from sys import modules

import polars as pl

from kg.ask.diff import Beliefs, beliefs_of, unchanged
from kg.base.settings import code_state
from kg.claims.columns import LINKS, empty
from kg.graph.concluded import merged_ids
from kg.graph.graph import Graph
from kg.graph.index import SLIM, Index
from kg.graph.project import Keys, canonical
from kg.graph.touched import touched
from kg.ledger.delta import Apart, changed
from kg.ledger.ledger import Entry, Ledger, Manifest
from kg.ontology import Ontology
from kg.stores.base import FINGERPRINTS, Delta, Plan, difference, held

MUCH = 0.2
"""Where more of the rows than this have changed, projecting all of them is as quick."""


@dataclass(frozen=True)
class Step:
    """The rows that turn one graph into the next, and what is believed otherwise then."""

    delta: Delta
    beliefs: Beliefs


def step(
    ledger: Ledger, ontology: Ontology, old: Manifest, new: Manifest, apart: Apart
) -> Step | None:
    """The rows that turn the graph of `old` into that of `new`; None where so much has changed that
    everything had better be projected and compared with what the database holds."""
    if old.id == new.id:
        return Step(Delta({}, {}, {}, {}, Plan()), unchanged())
    rows = changed(apart, old, new).rows
    if rows.height > MUCH * max(entry_rows(old), entry_rows(new)):
        return None
    was, is_ = _sides(ledger, ontology, (old, new), rows)
    return Step(difference(is_, held(was)), beliefs_of(was, is_, ontology))


def believed(
    ledger: Ledger, ontology: Ontology, old: Manifest, new: Manifest, apart: Apart
) -> Beliefs:
    """What is believed otherwise in the `new` manifest: only what both have is projected."""
    if old.id == new.id or not old.entries or not new.entries:
        return unchanged()
    rows = changed(apart, old, new).rows
    return beliefs_of(*_sides(ledger, ontology, (old, new), rows, both=True), ontology)


def _sides(
    ledger: Ledger,
    ontology: Ontology,
    manifests: tuple[Manifest, Manifest],
    rows: pl.DataFrame,
    both: bool = False,
) -> tuple[Graph, Graph]:
    """What the changed rows touch, before and after; `both`: only what is there before and after,
    and no claims."""
    read = cache(lambda entry: ledger.read(Manifest((entry,)), SLIM))
    before, after = (index_of(ledger, ontology, manifest, read) for manifest in manifests)
    if both:
        rows = rows.filter(_about_known(rows, before, after))
    keys = touched(before, after, rows)
    if both:
        keys = _held_by(after, _held_by(before, keys))
    was, is_ = (
        index.part(keys, partial(_rows, ledger, manifest, index))
        for index, manifest in zip((before, after), manifests, strict=True)
    )
    return was, is_


def _about_known(rows: pl.DataFrame, before: Index, after: Index) -> pl.Series:
    """Which rows speak of what was there before, or point at other claims: of a source that comes
    with much of its own the rest changes no belief."""
    ids = pl.concat([before.slim["subject"], before.slim["object"].drop_nulls()]).unique()
    there = pl.concat([ids, before.merged(ids).rename("subject"), after.merged(ids)]).unique()
    known = pl.Series(sorted(set(after.sources_of(there).to_list())), dtype=pl.String)
    links = pl.any_horizontal(pl.col(name).is_not_null() for name in LINKS)
    return rows.select(pl.col("subject").is_in(known.implode()) | links).to_series()


def _held_by(index: Index, keys: Keys) -> Keys:
    """The nodes and edges among these keys of which an index has a row."""
    about = pl.concat([keys.nodes, keys.edges["subject"].rename("id")]).unique()
    rows = canonical(
        index.mentioning(index.sources_of(about), ["subject"]), index.identity, index.ontology
    )
    there = keys.nodes.is_in(rows["subject"].unique().implode())
    edges = keys.edges.join(rows, on=keys.edges.columns, how="semi")
    return Keys(keys.nodes.filter(there), edges, keys.claims.clear())


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
    database that was written with another one is compared value by value once more. Another
    process must come to the same, or each of them compares everything."""
    told = sha256(repr((dict(ontology.nodes), dict(ontology.edges))).encode())
    for file in sorted(
        {modules[type(one).__module__].__file__ or "" for one in ontology.types.values()}
    ):
        told.update(Path(file).read_bytes())
    told.update(code_state("claims", "graph", "ontology").encode() + FINGERPRINTS.encode())
    return told.hexdigest()[:16]
