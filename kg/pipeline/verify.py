"""Verify: what a database holds against what the ledger amounts to, value by value, and mending it.

The database is read a kind or type at a time, in batches; memory holds what differs, no more.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import polars as pl

from kg.graph.graph import EdgeKey, Graph
from kg.graph.project import edge_properties, node_properties
from kg.ontology import Ontology
from kg.stores import Store, readback
from kg.stores.base import FINGERPRINT, batches, fingerprinted
from kg.stores.cypher import property_maps
from kg.stores.readback import Ends, Held


@dataclass(frozen=True)
class Drift:
    """One value that is not what the ledger amounts to. None is an absent value.

    The property `labels` of a node that is missing or too many is None on one side; `edges` counts
    how many edges of one type run between two nodes.
    """

    element: str
    """A node's id, or `FROM TYPE TO`."""
    property: str
    stored: Any
    expected: Any


@dataclass(frozen=True)
class NodeFault:
    """A node that should be there, and is not as it should be."""

    kind: str
    id: str
    print: str
    held: Held | None
    drift: list[Drift]
    labels: tuple[str, ...] = ()
    """Labels of ours that it should not have."""


@dataclass(frozen=True)
class Stray:
    """A node of ours that should not be there, or not as what it is."""

    held: Held
    drift: list[Drift]
    home: tuple[str, str] | None = None
    """Kind and id of the missing node that it is."""
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class EdgeFault:
    """An edge that should be there once, and is not as it should be."""

    key: EdgeKey
    ends: Ends
    drift: list[Drift]
    keep: str | None = None
    doubles: tuple[str, ...] = ()


@dataclass(frozen=True)
class StrayEdge:
    """An edge of ours that should not be there."""

    type: str
    number: str
    drift: list[Drift]


Fault = NodeFault | Stray | EdgeFault | StrayEdge


@dataclass
class Reading:
    """One way through a database beside the graph that it should hold."""

    graph: Graph
    store: Store
    ontology: Ontology
    take: bool = True
    """What should be ours and does not say so is ours, unless it has properties that are not."""
    read: Counter[str] = field(default_factory=Counter)
    """How many nodes of each kind and edges of each type were found, and are ours."""
    _missing: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Kind and id of each missing node, by the fingerprint that it would have and by its id."""

    def faults(self) -> Iterator[list[Fault]]:
        """What is wrong, a batch at a time; nodes before edges. Whoever mends a batch before
        asking for the next one reads what comes after it as it is then."""
        for kind, frame in self.graph.nodes.items():
            for batch in batches(frame):
                yield [*self._nodes(kind, batch)]
        yield [*self._strays()]
        for key, frame in self.graph.edges.items():
            for batch in batches(frame):
                yield [*self._edges(key, batch)]
        yield [*self._stray_edges()]

    # Nodes

    def _nodes(self, kind: str, batch: pl.DataFrame) -> Iterator[NodeFault]:
        roles = batch["roles"].to_list() if "roles" in batch.columns else [[]] * batch.height
        rows = list(property_maps(fingerprinted(batch).drop("roles", strict=False)))
        held = readback.nodes_held(self.store, kind, [row["id"] for row in rows])
        ours = node_properties(kind, self.ontology)
        self.read[kind] += sum(node.ours for node in held.values())
        for row, given in zip(rows, roles, strict=True):
            wanted = {"kind": kind, **row}
            labels = {kind, *(given or ())}
            fault = self._node(wanted, labels, held.get(row["id"]), ours)
            if fault.drift:
                yield fault

    def _node(
        self, wanted: Mapping[str, Any], labels: set[str], held: Held | None, ours: frozenset[str]
    ) -> NodeFault:
        kind, id, print_ = wanted["kind"], wanted["id"], wanted[FINGERPRINT]
        if held is None:
            self._missing |= {print_: (kind, id), id: (kind, id)}
            return NodeFault(kind, id, print_, None, [Drift(id, "labels", None, sorted(labels))])
        known = held.labels & {*self.ontology.nodes, *self.ontology.roles}
        drift = [] if known == labels else [Drift(id, "labels", sorted(known), sorted(labels))]
        drift += differing(id, held.properties, wanted, ours)
        return NodeFault(kind, id, print_, held, drift, tuple(sorted(known - labels)))

    def _strays(self) -> Iterator[Stray]:
        kinds = list(self.ontology.nodes)
        for kind in kinds:
            found = readback.nodes_of_ours(self.store, kind, kinds, self.read[kind])
            if found:
                wanted = self.graph.nodes.get(kind)
                ids = set() if wanted is None else set(wanted["id"])
                for node in found:
                    id = node.properties["id"]
                    # What also has the label of its own kind is looked at there.
                    at_home = self.ontology.kind_of(str(id)) in node.labels - {kind}
                    if not at_home and id not in ids:
                        yield self._stray(node)
        for node in readback.nodes_of_ours(self.store, "", kinds, 0):
            yield self._stray(node)

    def _stray(self, node: Held) -> Stray:
        id = node.properties["id"]
        known = node.labels & {*self.ontology.nodes, *self.ontology.roles}
        home = self._missing.get(node.properties[FINGERPRINT]) or self._missing.get(id)
        if home is None:
            name = str(id or f"node {node.number}")
            return Stray(node, [Drift(name, "labels", sorted(known), None)])
        kind, was = home
        others = tuple(sorted((known & set(self.ontology.nodes)) - {kind}))
        drift = [Drift(was, "labels", sorted(known), [kind])] if kind not in known else []
        drift += [Drift(was, "id", id, was)] if id != was else []
        return Stray(node, drift, home, others)

    # Edges

    def _edges(self, key: EdgeKey, batch: pl.DataFrame) -> Iterator[EdgeFault]:
        rows = list(property_maps(fingerprinted(batch)))
        ends = [(row.pop("from"), row.pop("to")) for row in rows]
        held = readback.edges_held(self.store, key, ends)
        ours = edge_properties(key[0], self.ontology) | {FINGERPRINT}
        for pair, wanted in zip(ends, rows, strict=True):
            found = [edge for edge in held.get(pair, ()) if self._counts(edge, ours)]
            self.read[key[0]] += sum(edge.ours for edge in found)
            fault = _edge(key, pair, wanted, found, ours)
            if fault.drift:
                yield fault

    def _counts(self, edge: Held, ours: frozenset[str]) -> bool:
        """What carries a property that is not ours was made by somebody else: it is left alone."""
        return edge.ours or (self.take and edge.properties.keys() <= ours)

    def _stray_edges(self) -> Iterator[StrayEdge]:
        for type_, count in readback.edge_counts(self.store).items():
            if count == self.read[type_]:
                continue
            wanted = {
                ends
                for key, frame in self.graph.edges.items()
                if key[0] == type_
                for ends in frame.select("from", "to").iter_rows()
            }
            for (start, end), number in readback.edges_of_ours(self.store, type_):
                if (start, end) not in wanted:
                    element = f"{start} {type_} {end}"
                    yield StrayEdge(type_, number, [Drift(element, "edges", 1, 0)])


def _edge(
    key: EdgeKey,
    ends: Ends,
    wanted: Mapping[str, Any],
    found: Sequence[Held],
    ours: frozenset[str],
) -> EdgeFault:
    element = f"{ends[0]} {key[0]} {ends[1]}"
    drift = [] if len(found) == 1 else [Drift(element, "edges", len(found), 1)]
    if not found:
        return EdgeFault(key, ends, drift)
    # Of several, one of ours stays, with what others put on it; what differs is written again.
    best, *rest = sorted(
        found, key=lambda edge: (not edge.ours, -len(edge.properties.keys() - ours))
    )
    drift += differing(element, best.properties, wanted, ours)
    return EdgeFault(key, ends, drift, best.number, tuple(edge.number for edge in rest))


def differing(
    element: str, stored: Mapping[str, Any], wanted: Mapping[str, Any], ours: frozenset[str]
) -> list[Drift]:
    """The properties of ours whose values are not the wanted ones."""
    return [
        Drift(element, name, stored.get(name), wanted.get(name))
        for name in sorted(ours | wanted.keys())
        if not same(stored.get(name), wanted.get(name))
    ]


def same(one: Any, other: Any) -> bool:
    """Whether two values are one, type and all: 1, 1.0 and true are three."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, float) and isinstance(other, float) and math.isnan(one):
        return math.isnan(other)
    kinds = [date if isinstance(value, date) else type(value) for value in (one, other)]
    return kinds[0] is kinds[1] and bool(one == other)


# Asking and mending


def drift_of(reading: Reading, manifest: str) -> Iterator[Drift]:
    """Every value that is not what the ledger amounts to, the database's mark first."""
    marks = [(id, named) for _, id, named in readback.marks(reading.store)]
    if marks != [(readback.MARK_ID, manifest)]:
        sound = [named for id, named in marks if id == readback.MARK_ID]
        stored = sound[0] if sound and len(marks) == 1 else [*map(list, marks)] or None
        yield Drift(readback.MARK_ID, "manifest", stored, manifest)
    for faults in reading.faults():
        for fault in faults:
            yield from fault.drift


def mend(reading: Reading) -> int:
    """Have everything that differs written again by the next plan; how many values differed.

    Raises `DatabaseError` where somebody else's edge hangs on a node that stands for nothing.
    """
    readback.keep_one_mark(reading.store)
    count = 0
    for faults in reading.faults():
        count += sum(len(fault.drift) for fault in faults)
        nodes = [f for f in faults if isinstance(f, NodeFault)]
        _mend_nodes(reading.store, nodes, reading.take)
        _mend_strays(reading.store, [f for f in faults if isinstance(f, Stray)])
        _mend_edges(reading.store, [f for f in faults if isinstance(f, EdgeFault)])
        edges = grouped((f.type, f.number) for f in faults if isinstance(f, StrayEdge))
        for type_, numbers in edges.items():
            readback.drop_edges(reading.store, type_, numbers)
    return count


def _mend_nodes(store: Store, faults: Sequence[NodeFault], take: bool) -> None:
    there = [(fault, fault.held) for fault in faults if fault.held and (take or fault.held.ours)]
    for kind, ids in grouped((fault.kind, fault.id) for fault, _ in there).items():
        readback.void_nodes(store, kind, ids)
    extra = grouped((label, held.number) for fault, held in there for label in fault.labels)
    for label, numbers in extra.items():
        readback.take_label(store, label, numbers)


def _mend_strays(store: Store, strays: Sequence[Stray]) -> None:
    homes: dict[str, dict[str, str]] = defaultdict(dict)
    gone, settled = [], set()
    for stray in strays:
        # Two may claim to be one node, and not every engine lets a node be another.
        if stray.home is None or stray.home in settled or store.capabilities.fixed_keys:
            gone.append(stray.held.number)
        else:
            settled.add(stray.home)
            homes[stray.home[0]][stray.held.number] = stray.home[1]
    if gone:
        readback.drop_strays(store, gone)
    for kind, ids in homes.items():
        readback.put_back(store, kind, ids)
    extra = grouped((label, s.held.number) for s in strays if s.home for label in s.labels)
    for label, numbers in extra.items():
        readback.take_label(store, label, [n for n in numbers if n not in gone])


def _mend_edges(store: Store, faults: Sequence[EdgeFault]) -> None:
    doubles: dict[EdgeKey, dict[Ends, tuple[str, ...]]] = defaultdict(dict)
    kept: dict[EdgeKey, dict[Ends, str]] = defaultdict(dict)
    for fault in faults:
        if fault.doubles:
            doubles[fault.key][fault.ends] = fault.doubles
        if fault.keep:
            kept[fault.key][fault.ends] = fault.keep
    for key, found in doubles.items():
        readback.drop_doubles(store, key, found)
    for key, numbers in kept.items():
        readback.void_edges(store, key, numbers)


def grouped(pairs: Any) -> dict[Any, list[Any]]:
    """Second items by their first."""
    found: dict[Any, list[Any]] = defaultdict(list)
    for first, second in pairs:
        found[first].append(second)
    return found
