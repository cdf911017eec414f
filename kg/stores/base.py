"""What every engine offers, and the rows that move between a graph and an engine."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any, Protocol

import polars as pl

from kg.base.errors import DatabaseError
from kg.graph.graph import EdgeKey, Graph
from kg.ontology import Ontology

FINGERPRINT = "fingerprint"
"""Property of every node and edge that `kg` wrote: marks it as ours, tells whether it changed."""

FINGERPRINTS = "2"
"""Which way of making them: a database that has others is written anew."""

MARK = "KnowledgeGraph"
"""Label of the one node that says that `kg` owns the graph, and from which ledger it was built."""

Run = Callable[[str, Mapping[str, Any]], "Table"]
"""Runs one statement with its parameters in a transaction that is open."""

Progress = Callable[[str, int, int], None]
"""Called with what is written (`nodes`, `edges`…), rows done, rows in all."""


@dataclass(frozen=True)
class Capabilities:
    """What an engine can do; code asks here, never for the engine's name."""

    shared: bool = False
    """Others may write into the same database."""
    full_text: bool = True
    full_text_needs_rows: bool = False
    """A full-text index can only be made once rows with that property exist."""
    fixed_keys: bool = False
    """A node keeps its id and its kind for as long as it is there, whoever writes."""
    small_scans: bool = False
    """Planning costs nothing and rows are held in memory: edges are read a type at a time."""


@dataclass(frozen=True)
class Stamp:
    """What a database says it was built from."""

    manifest: str
    version: str
    ledger: str | None = None
    """The ledger's own id; None where a `kg` wrote it that knew none."""
    shape: str | None = None
    """Which vocabulary and which projection made it."""
    counts: str | None = None
    """What there is of each kind and type, as JSON."""


@dataclass(frozen=True)
class Table:
    """Rows that a query returned: column names in order, and one list a row."""

    columns: list[str]
    rows: list[list[Any]]


@dataclass(frozen=True)
class Reading:
    """An answer, and what the graph was stamped with from before it was read until after it."""

    table: Table
    stamp: Stamp | None


class Unsettled(DatabaseError):
    """The graph is not what its ledger amounts to; with a `writer`, it may be in a moment."""

    def __init__(self, text: str, writer: str = "") -> None:
        super().__init__(text)
        self.writer = writer


@dataclass(frozen=True)
class Plan:
    """How many of each kind would be added, changed, removed; zeros are left out."""

    add: Mapping[str, int] = field(default_factory=dict)
    change: Mapping[str, int] = field(default_factory=dict)
    remove: Mapping[str, int] = field(default_factory=dict)

    @property
    def empty(self) -> bool:
        """Whether the database already holds just this graph."""
        return not (self.add or self.change or self.remove)

    def onto(self, counts: Mapping[str, int]) -> dict[str, int]:
        """What there is of each kind once the plan is carried out; zeros are left out."""
        then = Counter(counts)
        then.update(self.add)
        then.subtract(self.remove)
        return {name: count for name, count in sorted(then.items()) if count}

    def as_dict(self) -> dict[str, dict[str, int]]:
        """The shape that `kg plan --format json` prints."""
        return {"add": dict(self.add), "change": dict(self.change), "remove": dict(self.remove)}


@dataclass(frozen=True)
class Delta:
    """The rows that turn what a database holds into a graph."""

    put_nodes: Mapping[str, pl.DataFrame]
    put_edges: Mapping[EdgeKey, pl.DataFrame]
    drop_nodes: Mapping[str, list[str]]
    drop_edges: Mapping[EdgeKey, pl.DataFrame]
    plan: Plan


@dataclass(frozen=True)
class Stored:
    """What a database holds of ours: keys (`id`; `from`, `to`) and `fingerprint`."""

    nodes: Mapping[str, pl.DataFrame]
    edges: Mapping[EdgeKey, pl.DataFrame]


class Store(Protocol):
    """One engine with one database open."""

    name: str
    capabilities: Capabilities

    def prepare(self, ontology: Ontology, *, full_text: bool = True) -> None:
        """Make constraints and indexes; return once they are online. A first build leaves those for
        full text to `fill`."""

    def stamp(self) -> Stamp | None:
        """What the database was built from; None where `kg` never wrote to it."""

    def set_stamp(self, stamp: Stamp) -> None:
        """Mark the database as ours, and as built from this."""

    @property
    def stale(self) -> bool:
        """Whether what is open is an older state than what stands there now: open it again."""

    def writer(self) -> str:
        """Who writes into the graph at this moment, for messages; empty where nobody does."""

    def writing(self) -> AbstractContextManager[None]:
        """Hold the database for one writer. Raises `DatabaseError` that names another one."""

    def hold(self) -> None:
        """Raise `DatabaseError` where another writer has taken over what `writing` held."""

    def stored(self, ontology: Ontology) -> Stored:
        """The keys and fingerprints of what is ours in it."""

    def foreign(self) -> int:
        """How many nodes it holds that `kg` did not write."""

    def refuse(self, delta: Delta) -> None:
        """Raise `DatabaseError` where writing this would lose something that is not ours."""

    def apply(self, delta: Delta, ontology: Ontology, progress: Progress | None = None) -> None:
        """Write; raises `DatabaseError` naming the first missing keys where rows did not arrive."""

    def empty(self) -> bool:
        """Whether there is nothing in it but what marks it as ours."""

    def anew(self) -> AbstractContextManager[Store]:
        """Where a first build is written, for as long as the block lasts: this store itself, or one
        that takes its place when the block ends well, and else leaves it as it was."""

    def fill(
        self, parts: Iterable[Graph], ontology: Ontology, progress: Progress | None = None
    ) -> None:
        """Write a graph in parts (no edge before its ends) into a database that is empty; raises
        as `apply`."""

    def settle(self, delta: Delta) -> None:
        """Raise `DatabaseError` where something is still there that was to go."""

    def counts(self) -> dict[str, int]:
        """How many nodes by kind and edges by type are ours."""

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> Table:
        """Run one statement; reading only, unless `write`. `timeout` in seconds; `bounded` in
        memory too, where the engine runs in our own process: for what somebody else wrote."""

    def read(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> Reading:
        """Answer a question from one state of the graph. Raises `Unsettled` where the graph was
        written meanwhile."""

    def close(self) -> None:
        """Let go of the database."""


# Rows


def fingerprinted(frame: pl.DataFrame) -> pl.DataFrame:
    """Add `fingerprint`: a hash of the values that each row has, whatever other columns exist. The
    ends of an edge are its key and no values: edges without properties all have the same."""
    parts = []
    for name in sorted(set(frame.columns) - {"from", "to"}):
        column = pl.col(name)
        if frame.schema[name] == pl.List(pl.String):
            column = pl.when(column.list.len() > 0).then(column.list.join("\x1e")).otherwise(None)
        parts.append(pl.lit(name + "\x1d") + column.cast(pl.String))
    if not parts:
        return frame.with_columns(pl.lit(_hashed("")).alias(FINGERPRINT))
    texts = frame.select(pl.concat_str(parts, separator="\x1f", ignore_nulls=True)).to_series()
    hashes = [_hashed(text) for text in texts]
    return frame.with_columns(pl.Series(FINGERPRINT, hashes, dtype=pl.String))


def _hashed(text: str) -> str:
    return blake2b(text.encode(), digest_size=8).hexdigest()


def held(graph: Graph) -> Stored:
    """What a database holds that has just this graph."""
    return Stored(
        {k: fingerprinted(f).select("id", FINGERPRINT) for k, f in graph.nodes.items()},
        {k: fingerprinted(f).select("from", "to", FINGERPRINT) for k, f in graph.edges.items()},
    )


def difference(graph: Graph, stored: Stored) -> Delta:
    """What must be written and removed so that the database holds just `graph`."""
    add: Counter[str] = Counter()
    change: Counter[str] = Counter()
    remove: Counter[str] = Counter()

    def split(
        name: str, wanted: pl.DataFrame | None, held: pl.DataFrame | None, key: list[str]
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        wanted = pl.DataFrame(schema=dict.fromkeys(key, pl.String)) if wanted is None else wanted
        if FINGERPRINT not in wanted.columns:
            wanted = fingerprinted(wanted)
        if held is None or held.is_empty():
            add[name] += wanted.height
            return wanted, wanted.select(key).head(0)
        joined = wanted.join(held.rename({FINGERPRINT: "held"}), on=key, how="left")
        put = joined.filter(pl.col("held").ne_missing(pl.col(FINGERPRINT)))
        added = put["held"].null_count()
        gone = held.join(wanted, on=key, how="anti").select(key)
        add[name] += added
        change[name] += put.height - added
        remove[name] += gone.height
        return put.drop("held"), gone

    nodes = {
        kind: split(kind, graph.nodes.get(kind), stored.nodes.get(kind), ["id"])
        for kind in sorted({*graph.nodes, *stored.nodes})
    }
    edges = {
        key: split(key[0], graph.edges.get(key), stored.edges.get(key), ["from", "to"])
        for key in sorted({*graph.edges, *stored.edges})
    }
    return Delta(
        put_nodes={kind: put for kind, (put, _) in nodes.items() if put.height},
        put_edges={key: put for key, (put, _) in edges.items() if put.height},
        drop_nodes={kind: gone["id"].to_list() for kind, (_, gone) in nodes.items() if gone.height},
        drop_edges={key: gone for key, (_, gone) in edges.items() if gone.height},
        plan=Plan(*(dict(sorted((+counts).items())) for counts in (add, change, remove))),
    )


def everything(graph: Graph) -> Delta:
    """All of a graph, for a database that holds nothing yet."""
    return difference(graph, Stored({}, {}))


def batches(frame: pl.DataFrame, rows: int = 5_000, size: int = 4_000_000) -> list[pl.DataFrame]:
    """Cut a frame into pieces of at most `rows` rows and about `size` bytes."""
    each = max(1, frame.estimated_size() // max(1, frame.height))
    step = max(1, min(rows, size // int(each)))
    return list(frame.iter_slices(step))
