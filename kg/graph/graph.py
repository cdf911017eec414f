"""The projected graph: frames by kind, and the networkx view of them."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import networkx as nx

EdgeKey = tuple[str, str, str]
"""(type, kind it starts at, kind it ends at)"""


@dataclass(frozen=True)
class Graph:
    """Nodes by kind (`id`, `name`, `roles`, properties), edges by type and ends (`from`, `to`, …).

    A null cell is an absent property.
    """

    nodes: Mapping[str, pl.DataFrame] = field(default_factory=dict)
    edges: Mapping[EdgeKey, pl.DataFrame] = field(default_factory=dict)

    @cached_property
    def names(self) -> dict[str, str]:
        """Display name by id of what is no claim."""
        return {
            id: name
            for kind, frame in self.nodes.items()
            if kind != "Claim"
            for id, name in frame.select("id", "name").iter_rows()
        }

    def counts(self) -> dict[str, int]:
        """How many nodes of each kind and edges of each type; kinds without any are left out."""
        found: Counter[str] = Counter()
        for kind, frame in self.nodes.items():
            found[kind] += frame.height
        for (type_, _, _), frame in self.edges.items():
            found[type_] += frame.height
        return {name: count for name, count in sorted(found.items()) if count}

    def kind_of(self, id: str) -> str | None:
        """The kind of a node that is in the graph."""
        for kind, frame in self.nodes.items():
            if id in frame["id"]:
                return kind
        return None

    def edges_of(self, type_: str) -> pl.DataFrame:
        """All edges of one type, whatever their ends, with `from_kind` and `to_kind`."""
        frames = [
            frame.with_columns(from_kind=pl.lit(start), to_kind=pl.lit(end))
            for (name, start, end), frame in self.edges.items()
            if name == type_
        ]
        empty = pl.DataFrame(
            schema=dict.fromkeys(("from", "to", "from_kind", "to_kind"), pl.String)
        )
        return pl.concat(frames, how="diagonal_relaxed") if frames else empty

    def networkx(self, claims: Collection[str] | None = None) -> nx.MultiDiGraph[str]:
        """A `MultiDiGraph`: nodes carry `kind`, `roles` and properties; an edge's key is its type,
        which its attribute `kind` repeats. Absent properties are absent, dates are `date`.
        `claims`: the properties that nodes of claims carry (default: all)."""
        import networkx as nx  # whoever does not ask for it does not pay for it

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        with uncollected():
            for kind, frame in self.nodes.items():
                if kind == "Claim" and claims is not None:
                    frame = frame.select(name for name in frame.columns if name in claims)
                for row in frame.iter_rows(named=True):
                    graph.add_node(row["id"], kind=kind, **present(row))
            for (type_, _, _), frame in self.edges.items():
                _add_edges(graph, type_, frame)
        return graph


def _add_edges(graph: Any, type_: str, frame: pl.DataFrame) -> None:
    """Edges between nodes that are there. As `add_edge` does it, which looks several times at each
    for what cannot be here."""
    names = [name for name in frame.columns if name not in ("from", "to")]
    after, before = graph._succ, graph._pred
    for start, end, *values in frame.select("from", "to", *names).iter_rows():
        found = zip(names, values, strict=True)
        data = {"kind": type_, **{k: v for k, v in found if v is not None and v != []}}
        between = after[start].get(end)
        if between is None:
            after[start][end] = before[end][start] = {type_: data}
        else:
            between[type_] = data


@contextmanager
def uncollected() -> Iterator[None]:
    """Make millions of objects that all stay: Python need not look again and again for garbage
    among them (a quarter of the time)."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def present(row: Mapping[str, Any]) -> dict[str, Any]:
    """The properties that a row has: nulls and empty lists are absent, whatever the engine."""
    return {name: value for name, value in row.items() if value is not None and value != []}
