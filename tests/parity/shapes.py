"""What an engine answers, and what is compared of it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx

import kg
from kg.ask import questions
from kg.base.parameters import Parameter
from kg.stores import Store
from kg.stores.base import FINGERPRINT, MARK

Node = tuple[frozenset[str], Mapping[str, Any]]
Edge = tuple[str, str, str]


Asked = tuple[str, str]
"""A question's name, and its arguments as JSON."""


@dataclass(frozen=True)
class Contents:
    """A whole graph: labels and properties by id, properties by (from, type, to)."""

    nodes: Mapping[str, Node]
    edges: Mapping[Edge, Mapping[str, Any]]
    doubles: tuple[Edge, ...] = ()


@dataclass(frozen=True)
class Answers:
    """The rows of every question as they came, and the graph as it reads."""

    rows: Mapping[Asked, list[list[Any]]]
    contents: Contents
    counts: Mapping[str, int]
    raw: list[Any]


def ask(graph: kg.KnowledgeGraph, projection: nx.MultiDiGraph[str]) -> Answers:
    """Ask every saved question with all its arguments, and read the graph back."""
    rows = {asked: answer(graph.store, *asked) for asked in askings(projection)}
    raw = [graph.query(statement).table.rows for statement in RAW]
    return Answers(rows, read_back(graph), graph.store.counts(), raw)


def answer(store: Store, question: str, given: str) -> list[list[Any]]:
    """The rows as `kg query` gives them; what it asks besides is not asked each time."""
    found = questions.find(question)
    table = store.query(found.cypher, found.arguments(json.loads(given)))
    return found.told(table.columns, table.rows)[1]


def askings(projection: nx.MultiDiGraph[str]) -> list[Asked]:
    """Every question with its defaults, and with others that the graph suggests."""
    found: dict[Asked, None] = {}
    for name, question in questions.discover().items():
        for given in arguments(question, projection):
            found[(name, json.dumps(given, sort_keys=True))] = None
    return list(found)


def arguments(question: questions.Question, graph: nx.MultiDiGraph[str]) -> list[dict[str, Any]]:
    """Its defaults; every node of a default's kind; edges, days and numbers where it takes such."""
    defaults = question.arguments({})
    asked = [defaults]
    if {"subject", "predicate", "object"} <= defaults.keys():
        asked += [
            {"subject": start, "predicate": type_, "object": end}
            for start, end, type_, data in graph.edges(keys=True, data=True)
            if data.get("support")
        ][:: max(1, graph.number_of_edges() // 100)]
        return asked
    for parameter in question.parameters:
        for value in _alternatives(parameter, graph):
            asked.append({**defaults, parameter.name: value})
    return asked


def _alternatives(parameter: Parameter, graph: nx.MultiDiGraph[str]) -> list[Any]:
    if parameter.type == "id":
        kind = str(parameter.default).partition(":")[0] + ":"
        return sorted(node for node in graph if node.startswith(kind))[:5]
    if parameter.type == "day":
        return ["2019-01-01", "2021-06-30"]
    return [0, 4000] if parameter.type == "integer" else []


def read_back(graph: kg.KnowledgeGraph) -> Contents:
    """Everything that stands in its engine, but for the mark that it is ours."""
    return read_store(graph.store)


def read_store(store: Store) -> Contents:
    """Everything that stands in an engine, but for the mark that it is ours."""
    nodes = {}
    for (found,) in store.query(f"MATCH (n) WHERE NOT n:{MARK} RETURN n AS n").rows:
        node = dict(found)
        labels = frozenset(node.pop("labels"))
        nodes[node["id"]] = (labels, _own(node))
    edges: dict[Edge, Mapping[str, Any]] = {}
    doubles = []
    for (found,) in store.query("MATCH ()-[r]->() RETURN r AS r").rows:
        edge = dict(found)
        key = (edge.pop("from"), edge.pop("type"), edge.pop("to"))
        if key in edges:
            doubles.append(key)
        edges[key] = _own(edge)
    return Contents(nodes, edges, tuple(doubles))


RAW = (
    "MATCH (s:State {id: 'state:ZAF'}) RETURN s AS found",
    "MATCH (:Agency {id: 'agency:fiji-cert'})-[r:PART_OF]->() RETURN r AS found",
    "MATCH p = (:Agency {id: 'agency:fiji-cert'})-[:PART_OF]->() RETURN p AS found",
    "MATCH (a:Agency {id: 'agency:fiji-cert'})-[r:PART_OF]->(b) RETURN [a, [r], {of: b}] AS found",
    "MATCH (a:Agency {id: 'agency:joint-body'})-[r:PART_OF]->(b) WITH r, b ORDER BY b.id "
    "RETURN collect(r) AS found",
    "OPTIONAL MATCH (n:State {id: 'state:none'})-[r:PART_OF]->() RETURN [n, r] AS found",
    "RETURN {a: 1, b: [null, 'x', 1.5, true]} AS found",
    "RETURN [date('2020-02-29'), datetime('2020-02-29T10:00:00Z')] AS found",
    "RETURN duration.inDays(date('2020-01-01'), date('2021-01-01')).days AS found",
)
"""Statements that return what is no plain value."""


def wanted(graph: nx.MultiDiGraph[str]) -> Contents:
    """What the networkx projection says that an engine should hold."""
    nodes = {}
    for id, data in graph.nodes(data=True):
        own = {"id": id, **data}
        labels = frozenset([own["kind"], *own.pop("roles", [])])
        nodes[id] = (labels, own)
    edges = {}
    for start, end, type_, data in graph.edges(keys=True, data=True):
        edges[(start, type_, end)] = {name: v for name, v in data.items() if name != "kind"}
    return Contents(nodes, edges)


def _own(properties: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if name != FINGERPRINT}


def typed(value: Any) -> Any:
    """A value with its type, so that 1, 1.0 and True differ."""
    if isinstance(value, list | tuple):
        return ("list", tuple(typed(item) for item in value))
    if isinstance(value, Mapping):
        return ("map", tuple((name, typed(value[name])) for name in sorted(value)))
    if isinstance(value, str):
        return ("str", str(value))
    if isinstance(value, date):
        return ("date", value.isoformat())
    return (type(value).__name__, value)


def bag(rows: Iterable[Iterable[Any]]) -> list[str]:
    """Rows without their order."""
    return sorted(repr(typed(list(row))) for row in rows)
