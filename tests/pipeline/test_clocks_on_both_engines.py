"""Three clocks through the whole way, on both engines: what a lens is asked is answered by what the
ledger holds, wherever the graph stands."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from kg.api import KnowledgeGraph
from kg.ask import questions
from kg.base.settings import shipped
from kg.graph.lens import Lens
from tests.pipeline.test_clocks import check_rows, triples
from tests.servers.neo4j import Neo4jServer

RECORDED = {
    "misp-galaxy-history": datetime(2020, 5, 1, tzinfo=UTC),
    "other-documents": datetime(2022, 5, 1, tzinfo=UTC),
    "sputnik-2019-09.yaml": datetime(2024, 5, 1, tzinfo=UTC),
}
"""When each part of the seed is loaded, by the clock that the ledger is shown."""


@pytest.fixture
def engines(
    tmp_path: Path, neo4j_empty: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[list[KnowledgeGraph]]:
    """One ledger, whose parts were recorded on days of their own, in both engines."""
    with (
        KnowledgeGraph(tmp_path / "kg.kgl") as here,
        KnowledgeGraph(neo4j_empty.url(), tmp_path / "kg.ledger") as there,
    ):
        for part, moment in RECORDED.items():
            clock = type("Clock", (datetime,), {"now": classmethod(lambda *_, at=moment: at)})
            monkeypatch.setattr("kg.ledger.ledger.datetime", clock)
            here.load("claims", [shipped("seed") / part])
        there.sync()
        yield [here, there]


def asked_on_both(engines: list[KnowledgeGraph], lenses: list[Lens], each: int) -> int:
    """Ask so many questions through each lens of both engines; how many rows came."""
    whole, chance, rows = engines[0].corpus(), random.Random(len(lenses)), 0
    known = {id for frame in whole.graph.nodes.values() for id in frame["id"]}
    for lens in lenses:
        seen = check_rows(whole, lens)
        there = {id for frame in seen.graph.nodes.values() for id in frame["id"]}
        through: dict[str, Any] = {
            "as_of": lens.as_of, "valid_on": lens.valid_on, "known_on": lens.known_on
        }  # fmt: skip
        for name in chance.sample(sorted(questions.discover()), each):
            answers = [list(graph.query(name, **through)) for graph in engines]
            assert answers[0] == answers[1], (name, lens)
            cells = {cell for row in answers[1] for cell in row.values() if isinstance(cell, str)}
            assert not (cells & known) - there, (name, lens)
            rows += len(answers[1])
    return rows


@pytest.mark.soak
def test_two_hundred_triples_of_days_are_asked_of_both_engines(
    engines: list[KnowledgeGraph],
) -> None:
    assert asked_on_both(engines, triples(200), 8) > 500
