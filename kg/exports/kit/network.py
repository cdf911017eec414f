"""The graph as the formats for networks hold it, row after row: it is never held twice."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from heapq import merge
from operator import itemgetter
from typing import Any

import polars as pl

from kg.graph.corpus import Corpus
from kg.graph.graph import Graph, present

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold in any way."""

FLATTENED = (
    "lists are JSON text, dates are ISO text (read them back with json.loads, fromisoformat)"
)

Data = dict[str, Any]
Node = tuple[str, Data]
"""Id, properties."""
Edge = tuple[str, str, str, Data]
"""From, to, type, properties."""


def nodes(graph: Graph) -> Iterator[Node]:
    """Nodes sorted by id, with their `kind` and what is present of their properties."""
    parts = (_nodes(kind, frame) for kind, frame in graph.nodes.items())
    return merge(*parts, key=itemgetter(0))


def _nodes(kind: str, frame: pl.DataFrame) -> Iterator[Node]:
    for row in frame.sort("id").iter_rows(named=True):
        yield row["id"], {"kind": kind, **present(row)}


def edges(graph: Graph) -> Iterator[Edge]:
    """Edges sorted by ends and type, with their type as `kind` too."""
    parts = (_edges(type_, frame) for (type_, *_), frame in graph.edges.items())
    return merge(*parts, key=itemgetter(0, 1, 2))


def _edges(type_: str, frame: pl.DataFrame) -> Iterator[Edge]:
    for row in frame.sort("from", "to").iter_rows(named=True):
        start, end = row.pop("from"), row.pop("to")
        yield start, end, type_, {"kind": type_, **present(row)}


def flat(value: Any) -> Any:
    """A property as an XML format can hold it: text, number, boolean; lists as JSON text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        value = json.dumps([flat(item) for item in value], ensure_ascii=False)
    return CONTROL.sub("\ufffd", value) if isinstance(value, str) else value


@dataclass(frozen=True)
class Flat:
    """The graph with flat properties; edges carry `id` (`from|TYPE|to`), nodes a `label`.

    Properties that are an integer here and a float there become floats: these formats give an
    attribute one type.
    """

    graph: Graph

    def nodes(self) -> Iterator[Node]:
        """Sorted by id."""
        for id, data in nodes(self.graph):
            yield id, {"label": flat(data.get("name", id)), **self._flat(data)}

    def edges(self) -> Iterator[Edge]:
        """Sorted by ends and type."""
        for start, end, type_, data in edges(self.graph):
            id = f"{start}|{type_}|{end}"
            yield start, end, type_, {"id": id, "label": type_, **self._flat(data)}

    @property
    def counts(self) -> dict[str, int]:
        """How many nodes and edges it has."""
        return {
            "nodes": sum(frame.height for frame in self.graph.nodes.values()),
            "edges": sum(frame.height for frame in self.graph.edges.values()),
        }

    def _flat(self, data: Data) -> Data:
        found = {name: flat(value) for name, value in data.items() if name not in ("id", "label")}
        return {name: float(v) if name in self._mixed else v for name, v in found.items()}

    @cached_property
    def _mixed(self) -> frozenset[str]:
        """Names of properties that are an integer in one place and a float in another."""
        kinds: dict[str, set[str]] = {}
        for frame in (*self.graph.nodes.values(), *self.graph.edges.values()):
            for column in frame.get_columns():
                if column.null_count() < len(column):
                    kinds.setdefault(column.name, set()).add(_number(column.dtype))
        return frozenset(name for name, found in kinds.items() if found == {"int", "float"})


def _number(dtype: pl.DataType) -> str:
    if dtype.is_integer():
        return "int"
    return "float" if dtype.is_float() else ""


def plain_network(corpus: Corpus) -> Any:
    """A MultiDiGraph as networkx's writers and pyvis take it; an edge's key is its id."""
    import networkx as nx

    network: Any = nx.MultiDiGraph()
    plain = Flat(corpus.graph)
    for id, data in plain.nodes():
        network.add_node(id, **without_times(data))
    for start, end, _, data in plain.edges():
        network.add_edge(start, end, key=data["id"], **data)
    return network


def without_times(data: Data) -> Data:
    """A claim's span is called `start` and `end` too; in GEXF those are times."""
    spans = {f"span_{name}": data.pop(name) for name in ("start", "end") if name in data}
    return data | spans


def first_types(things: Iterable[Mapping[str, Any]]) -> dict[str, type]:
    """Property → the type of its first value, in the order in which they are met."""
    found: dict[str, type] = {}
    for data in things:
        for name, value in data.items():
            if name not in found:
                found[name] = type(value)
    return found
