"""A database read back value by value, and the few writes that set apart what is not as it should
be.

Whatever differs gets the fingerprint `VOID`: the next plan sees it as changed and writes it again,
so that mending is ordinary writing, and `kg sync` carries on where it is broken off.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kg.base.errors import DatabaseError
from kg.graph.graph import EdgeKey
from kg.stores.base import FINGERPRINT, MARK, Store
from kg.stores.cypher import quoted

VOID = "drift"
"""The fingerprint of what is to be written again: no hash of values is ever this."""

MARK_ID = "kg"
"""The id of the mark (`kg.stores.base.MARK`) of a database."""

Ends = tuple[str, str]


@dataclass(frozen=True)
class Held:
    """One node or edge as the database has it."""

    number: str
    """What the engine itself calls it."""
    properties: Mapping[str, Any]
    labels: frozenset[str] = frozenset()

    @property
    def ours(self) -> bool:
        """Whether `kg` wrote it, as far as it says so itself."""
        return self.properties.get(FINGERPRINT) is not None


# Reading


def nodes_held(store: Store, kind: str, ids: Sequence[str]) -> dict[str, Held]:
    """The nodes of a kind with these ids, by id."""
    found = store.query(
        f"UNWIND $ids AS id MATCH (n:{kind} {{id: id}}) RETURN id AS id, elementId(n) AS number, "
        "properties(n) AS properties, labels(n) AS labels",
        {"ids": list(ids)},
    )
    return {id: Held(number, own, frozenset(labels)) for id, number, own, labels in found.rows}


def edges_held(store: Store, key: EdgeKey, ends: Iterable[Ends]) -> dict[Ends, list[Held]]:
    """The edges of a type between these nodes; several between the same two are all there."""
    type_, start, end = key
    found = store.query(
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.from}})-[r:{type_}]->"
        f"(b:{end} {{id: row.to}}) RETURN row.from AS start, row.to AS end, "
        "elementId(r) AS number, properties(r) AS properties",
        {"rows": [{"from": a, "to": b} for a, b in ends]},
    )
    held: dict[Ends, list[Held]] = defaultdict(list)
    for a, b, number, own in found.rows:
        held[(a, b)].append(Held(number, own))
    return held


def nodes_of_ours(store: Store, kind: str, kinds: Iterable[str], known: int) -> list[Held]:
    """All nodes with this label that are ours, unless they are just the `known` ones: then none.

    Without a kind: those that have no label of any of the `kinds`.
    """
    bare = " AND ".join(f"NOT n:{name}" for name in (MARK, *kinds))
    match, where = (f"(n:{kind})", "") if kind else ("(n)", f" AND {bare}")
    ours = f"MATCH {match} WHERE n.{FINGERPRINT} IS NOT NULL{where} RETURN "
    if store.query(f"{ours}count(n) AS count").rows[0][0] == known:
        return []
    table = store.query(
        f"{ours}elementId(n) AS number, n.id AS id, n.{FINGERPRINT} AS print, labels(n) AS labels"
    )
    return [
        Held(number, {"id": id, FINGERPRINT: print_}, frozenset(labels))
        for number, id, print_, labels in table.rows
    ]


def edge_counts(store: Store) -> dict[str, int]:
    """How many edges of each type are ours."""
    found = store.query(
        f"MATCH ()-[r]->() WHERE r.{FINGERPRINT} IS NOT NULL "
        "RETURN type(r) AS type, count(r) AS count"
    )
    return {str(type_): int(count) for type_, count in found.rows}


def edges_of_ours(store: Store, type_: str) -> list[tuple[Ends, str]]:
    """The ends of all edges of a type that are ours, each with what the engine calls the edge."""
    found = store.query(
        f"MATCH (a)-[r:{quoted(type_)}]->(b) WHERE r.{FINGERPRINT} IS NOT NULL "
        "RETURN a.id AS start, b.id AS end, elementId(r) AS number"
    )
    return [((a, b), number) for a, b, number in found.rows]


def marks(store: Store) -> list[tuple[str, str | None, str | None]]:
    """What the engine calls each mark of `kg`, its id, and the manifest that it names; the sound
    one first. There is one, if nobody touched it."""
    found = store.query(
        f"MATCH (n:{MARK}) RETURN elementId(n) AS number, n.id AS id, n.manifest AS manifest"
    )
    return sorted(((a, b, c) for a, b, c in found.rows), key=lambda mark: mark[1] != MARK_ID)


# Setting apart


def keep_one_mark(store: Store) -> None:
    """Have one mark of `kg`, found by its id."""
    first, *more = marks(store) or [("", MARK_ID, None)]
    given = {"numbers": [number for number, _, _ in more]}
    if more:
        store.query("MATCH (n) WHERE elementId(n) IN $numbers DELETE n", given, write=True)
    if first[1] != MARK_ID:
        store.query(f"MATCH (n:{MARK}) SET n.id = '{MARK_ID}'", write=True)


def void_nodes(store: Store, kind: str, ids: Sequence[str]) -> None:
    """Have these nodes written again."""
    store.query(
        f"UNWIND $ids AS id MATCH (n:{kind} {{id: id}}) SET n.{FINGERPRINT} = '{VOID}'",
        {"ids": list(ids)},
        write=True,
    )


def take_label(store: Store, label: str, numbers: Sequence[str]) -> None:
    """Take a label of ours off nodes that should not have it."""
    store.query(
        f"MATCH (n) WHERE elementId(n) IN $numbers REMOVE n:{label}",
        {"numbers": list(numbers)},
        write=True,
    )


def put_back(store: Store, kind: str, ids: Mapping[str, str]) -> None:
    """Give nodes (by what the engine calls them) the kind and the id that they had."""
    store.query(
        "UNWIND $rows AS row MATCH (n) WHERE elementId(n) = row.number "
        f"SET n.id = row.id, n.{FINGERPRINT} = '{VOID}' SET n:{kind}",
        {"rows": [{"number": number, "id": id} for number, id in ids.items()]},
        write=True,
    )


def drop_strays(store: Store, numbers: Sequence[str]) -> None:
    """Remove nodes that are ours and stand for nothing, with our edges on them.

    Raises `DatabaseError` where somebody else's edge hangs on one: nothing is removed then.
    """
    given = {"numbers": list(numbers)}
    found = store.query(
        f"MATCH (n)-[r]-() WHERE elementId(n) IN $numbers AND r.{FINGERPRINT} IS NULL "
        "RETURN n.id AS id, type(r) AS type LIMIT 1",
        given,
    )
    if found.rows:
        id, type_ = found.rows[0]
        raise DatabaseError(
            f"{id} stands for nothing and would go, but a {type_} edge that kg did not write hangs "
            "on it; remove or move that first"
        )
    where = f"elementId(n) IN $numbers AND r.{FINGERPRINT} IS NOT NULL"
    store.query(f"MATCH (n)-[r]-() WHERE {where} DELETE r", given, write=True)
    store.query("MATCH (n) WHERE elementId(n) IN $numbers DELETE n", given, write=True)


def void_edges(store: Store, key: EdgeKey, numbers: Mapping[Ends, str]) -> None:
    """Have these edges written again, each by what the engine calls it."""
    store.query(
        f"{_edges(key)} SET r.{FINGERPRINT} = '{VOID}'",
        {"rows": [_row(ends, [number]) for ends, number in numbers.items()]},
        write=True,
    )


def drop_doubles(store: Store, key: EdgeKey, numbers: Mapping[Ends, Sequence[str]]) -> None:
    """Remove edges that stand beside one that says the same."""
    store.query(
        f"{_edges(key)} DELETE r",
        {"rows": [_row(ends, found) for ends, found in numbers.items()]},
        write=True,
    )


def drop_edges(store: Store, type_: str, numbers: Sequence[str]) -> None:
    """Remove edges of ours that stand for nothing."""
    store.query(
        f"MATCH ()-[r:{quoted(type_)}]->() WHERE elementId(r) IN $numbers DELETE r",
        {"numbers": list(numbers)},
        write=True,
    )


def _edges(key: EdgeKey) -> str:
    type_, start, end = key
    return (
        f"UNWIND $rows AS row MATCH (a:{start} {{id: row.from}})-[r:{type_}]->"
        f"(b:{end} {{id: row.to}}) WHERE elementId(r) IN row.numbers"
    )


def _row(ends: Ends, numbers: Sequence[str]) -> dict[str, Any]:
    return {"from": ends[0], "to": ends[1], "numbers": list(numbers)}
