"""The first build of a database: in parts, at once, and leaving what was there if it breaks off."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

import kglite
import pytest

import kg
from bench.synthetic import corpus, write
from kg.base.errors import DatabaseError, Interrupted
from kg.graph.graph import Graph
from kg.ledger.ledger import Ledger
from kg.pipeline import change, first
from kg.pipeline.report import Quiet
from kg.stores.kglite import KgliteStore


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    write(Ledger(tmp_path / "kg.ledger"), corpus(400))
    return tmp_path / "kg.ledger"


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Each build is made in parts of some hundred rows; how many files were laid aside for each."""
    made: list[int] = []
    parts = first.Aside.parts

    def counted(self: first.Aside) -> Any:
        made.append(len(self.nodes) + len(self.edges))
        return parts(self)

    monkeypatch.setattr(change, "projected", partial(first.projected, rows=200))
    monkeypatch.setattr(first.Aside, "parts", counted)
    return made


def test_a_build_in_parts_holds_what_the_ledger_amounts_to(
    ledger: Path, tmp_path: Path, in_parts: list[int]
) -> None:
    with kg.open(tmp_path / "kg.kgl") as graph:
        outcome = graph.sync()
        assert graph.verify() == []
        assert graph.store.counts() == outcome.counts == graph.corpus().graph.counts()
        assert graph.sync().plan.empty
    assert in_parts[0] > 20
    assert len(in_parts) == 1


@pytest.mark.soak  # a build on a server and parts on the embedded engine stand in the normal run
def test_a_build_in_parts_on_a_server(
    ledger: Path, in_parts: list[int], neo4j_empty: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in neo4j_empty.environment.items():
        monkeypatch.setenv(key, value)
    with kg.open("neo4j", ledger) as graph:
        outcome = graph.sync()
        assert graph.verify() == []
        assert graph.store.counts() == outcome.counts
        assert graph.sync().plan.empty
    assert len(in_parts) == 1


def test_full_text_covers_what_every_part_wrote(
    ledger: Path, tmp_path: Path, in_parts: list[int]
) -> None:
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.sync()
        names = graph.corpus().graph.nodes["Person"]["name"].head(40)
        for name in names:
            found = graph.query(
                "CALL db.index.fulltext.queryNodes('person_names', $name) YIELD node "
                "RETURN node.name AS name",
                name=name,
            )
            assert name in [row["name"] for row in found]


def test_no_edge_comes_before_a_node(ledger: Path, tmp_path: Path) -> None:
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.sync()
        manifest = graph.ledger.manifest()
        with first.projected(graph.ledger, graph.ontology, manifest, rows=200) as aside:
            sorts = ["nodes" if part.nodes else "edges" for part in aside.parts()]
    assert sorts == sorted(sorts, reverse=True)
    assert set(sorts) == {"nodes", "edges"}


def test_what_breaks_off_leaves_no_graph_and_sync_makes_it(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put = KgliteStore._put_new

    def breaks(self: KgliteStore, part: Graph, *rest: Any) -> None:
        if part.edges:
            raise KeyboardInterrupt
        put(self, part, *rest)

    monkeypatch.setattr(KgliteStore, "_put_new", breaks)
    with kg.open(tmp_path / "kg.kgl") as graph:
        with pytest.raises(Interrupted, match="`kg sync` carries on"):
            graph.sync()
        assert not (tmp_path / "kg.kgl").exists()
        monkeypatch.undo()
        graph.sync()
        assert graph.verify() == []


def test_another_writer_is_kept_out_meanwhile(
    ledger: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, asked = tmp_path / "kg.kgl", []
    put = KgliteStore._put_new

    def asks(self: KgliteStore, *arguments: Any) -> None:
        with pytest.raises(DatabaseError, match="is being written"):
            KgliteStore(path)
        asked.append(True)
        put(self, *arguments)

    monkeypatch.setattr(KgliteStore, "_put_new", asks)
    with kg.open(path) as graph:
        graph.sync()
    assert asked


def test_the_log_of_a_writer_that_died_is_not_played_over_the_new_graph(
    ledger: Path, tmp_path: Path
) -> None:
    path = tmp_path / "kg.kgl"
    engine: Any = kglite.open(str(path))
    engine.cypher("CREATE (n:Person {id: 'person:ghost'})")
    engine.cypher("MATCH (n:Person) DELETE n")
    del engine  # without a close: its log stays
    assert Path(f"{path}-wal").stat().st_size > 5
    with kg.open(path) as graph:
        graph.sync()
        assert graph.verify() == []
        assert graph.sync().plan.empty


def test_progress_is_of_all_parts() -> None:
    heard: list[tuple[str, int, int]] = []

    class Hears(Quiet):
        def progress(self, what: str, done: int, total: int) -> None:
            heard.append((what, done, total))

    tell = change.told(Hears(), {"Person": 7, "ABOUT": 2})
    for what, done, total in (("nodes", 2, 4), ("nodes", 4, 4), ("nodes", 3, 3), ("edges", 2, 2)):
        tell(what, done, total)
    assert heard == [("nodes", 2, 7), ("nodes", 4, 7), ("nodes", 7, 7), ("edges", 2, 2)]
