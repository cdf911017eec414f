"""The comparison with peers is fair: what each of them leaves is the same graph."""

from __future__ import annotations

import pickle
from pathlib import Path
from typing import Any

import kglite
import pytest

from bench.peers import LONG, PEERS, Job, Peer, best, height, made, measured, one, row

FOUND = {"seconds": 2.0, "cpu": 1.0, "peak": 100.0, "size": 3_000_000}


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> Job:
    return made(tmp_path_factory.mktemp("peers") / "200", 200, "")


def named(name: str) -> Peer:
    return next(p for p in PEERS if p.name == name)


def rows_of(path: Path) -> list[Any]:
    """Nodes and edges with what every peer writes: ids, types and one property."""
    graph: Any = kglite.load(str(path))
    nodes = "MATCH (n) WHERE n.id <> 'kg' RETURN n.id AS id, n.name AS name ORDER BY id"
    edges = (
        "MATCH (a)-[r]->(b) RETURN a.id AS a, type(r) AS type, b.id AS b, r.claims AS claims, "
        "r.first_asserted AS first ORDER BY a, type, b"
    )
    return [list(map(tuple, (r.values() for r in graph.cypher(text)))) for text in (nodes, edges)]


def test_peers_of_the_embedded_engine_leave_one_graph(job: Job, tmp_path: Path) -> None:
    pytest.importorskip("pandas")
    found = {}
    for p in (p for p in PEERS if p.group == "embedded"):
        own = tmp_path / p.name.replace(" ", "-")
        own.mkdir()
        (own / "job").write_bytes(
            pickle.dumps(Job(job.graph, job.ledger, job.csv, own, {}, job.attack))
        )
        assert one(p, own / "job")["size"] > 0
        found[p.name] = rows_of(own / "db.kgl")
    first, *others = found.values()
    assert [len(part) for part in first] == [height(job.graph.nodes), height(job.graph.edges)]
    assert [other == first for other in others] == [True] * 2


def test_a_peer_that_is_not_there_is_said_so(job: Job) -> None:
    absent = Peer("absent", "online", lambda job: None, ("no_such_module",))
    found = measured(absent, job, None, 60)
    assert found == {"why": "not installed: no_such_module"}
    assert row(absent, found, {}) == "| absent | not installed: no_such_module | | | | | |"


def test_ratios_are_to_the_first_of_a_group_and_to_nothing_else() -> None:
    base: dict[str, float] = {}
    by_hand = {**FOUND, "seconds": 3.0}
    assert "| – |" in row(named("UNWIND by hand"), by_hand, base)
    row(named("kg apply"), FOUND, base)
    assert "| 3.0 | 1.50 | 1.0 | 0.0 | 100 | 3 |" in row(named("UNWIND by hand"), by_hand, base)


def test_the_best_turn_counts_and_turns_go_round() -> None:
    hand, bulk, slow = named("UNWIND by hand"), named("py2neo bulk"), named("neomodel")
    times = {hand.name: [5.0, 2.0, 3.0], bulk.name: [4.0, 6.0, 3.5], slow.name: [LONG + 1]}
    order: list[str] = []

    def turn(p: Peer) -> dict[str, Any]:
        order.append(p.name)
        return {"seconds": times[p.name].pop(0)}

    found = best([hand, bulk, slow], turn, 3)
    assert {name: kept["seconds"] for name, kept in found.items()} == {
        hand.name: 2.0, bulk.name: 3.5, slow.name: LONG + 1,
    }  # fmt: skip
    assert order == [hand.name, bulk.name, slow.name, hand.name, bulk.name, hand.name, bulk.name]


def test_what_failed_once_is_not_tried_again() -> None:
    turns = iter([{"why": "failed"}])
    assert best([named("neomodel")], lambda p: next(turns), 3) == {"neomodel": {"why": "failed"}}
