"""The graph as the XML formats hold it: scalars only, and every edge with an id of its own."""

from __future__ import annotations

import json
import re
from collections import Counter
from datetime import date, datetime
from typing import Any

import networkx as nx

from kg.graph.corpus import Corpus

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold in any way."""

FLATTENED = (
    "lists are JSON text, dates are ISO text (read them back with json.loads, fromisoformat)"
)


def flat(value: Any) -> Any:
    """A property as an XML format can hold it: text, number, boolean; lists as JSON text."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        value = json.dumps([flat(item) for item in value], ensure_ascii=False)
    return CONTROL.sub("\ufffd", value) if isinstance(value, str) else value


def flat_network(corpus: Corpus) -> Any:
    """A MultiDiGraph of flat properties; edges carry `id` (`from|TYPE|to`), nodes a `label`.

    Properties that are an integer here and a float there become floats: these formats give an
    attribute one type.
    """
    graph = corpus.graph.networkx()
    mixed = _mixed(graph)
    network = nx.MultiDiGraph()
    for node, data in sorted(graph.nodes(data=True)):
        network.add_node(node, label=flat(data.get("name", node)), **_flat(data, mixed))
    for start, end, key, data in sorted(graph.edges(keys=True, data=True), key=lambda e: e[:3]):
        id = f"{start}|{key}|{end}"
        network.add_edge(start, end, key=id, id=id, label=key, **_flat(data, mixed))
    return network


def plain_network(corpus: Corpus) -> Any:
    """The same as networkx's writers and pyvis take it."""
    network = flat_network(corpus)
    rename_reserved(network)
    return network


def rename_reserved(network: Any) -> None:
    """A claim's span is called `start` and `end` too; in GEXF those are times."""
    for _, data in network.nodes(data=True):
        for name in ("start", "end"):
            if name in data:
                data[f"span_{name}"] = data.pop(name)


def _flat(data: dict[str, Any], mixed: set[str]) -> dict[str, Any]:
    found = {name: flat(value) for name, value in data.items() if name not in ("id", "label")}
    return {name: float(v) if name in mixed else v for name, v in found.items()}


def _mixed(graph: Any) -> set[str]:
    """Names of properties that are an integer in one place and a float in another."""
    types: dict[str, set[type]] = {}
    for data in [d for _, d in graph.nodes(data=True)] + [d for *_, d in graph.edges(data=True)]:
        for name, value in data.items():
            types.setdefault(name, set()).add(type(value))
    return {name for name, found in types.items() if found == {int, float}}


def counts(network: Any) -> Counter[str]:
    """How many nodes and edges it has."""
    return Counter(nodes=network.number_of_nodes(), edges=network.number_of_edges())
