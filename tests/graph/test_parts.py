"""Whatever the parts of a graph, together they are what one projection gives."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import kg
from bench.synthetic import corpus, write
from kg.graph.graph import Graph
from kg.graph.index import SLIM, Index
from kg.graph.parts import Shared, cut
from kg.ledger.ledger import Ledger, Manifest
from kg.pipeline.step import index_of
from tests.portion import soaked


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> kg.KnowledgeGraph:
    """A synthetic ledger with its identity concluded, and three claims that are told twice."""
    folder = tmp_path_factory.mktemp("parts")
    write(Ledger(folder / "kg.ledger"), corpus(2_000))
    graph = kg.open(folder / "kg.kgl")
    graph.sync()
    return graph


def rows_of(frames: Mapping[Any, pl.DataFrame], name: Any, keys: list[str]) -> list[dict[str, Any]]:
    """Rows by key, without what they do not have."""
    found = frames[name].sort(keys).to_dicts()
    return [{k: v for k, v in row.items() if v is not None and v != []} for row in found]


def joined(parts: list[Graph]) -> Graph:
    """Parts as one graph. Raises where two of them have one key."""
    nodes: dict[Any, list[pl.DataFrame]] = {}
    edges: dict[Any, list[pl.DataFrame]] = {}
    for part in parts:
        for kind, frame in part.nodes.items():
            nodes.setdefault(kind, []).append(frame)
        for key, frame in part.edges.items():
            edges.setdefault(key, []).append(frame)
    whole = Graph(
        {kind: pl.concat(frames, how="diagonal_relaxed") for kind, frames in nodes.items()},
        {key: pl.concat(frames, how="diagonal_relaxed") for key, frames in edges.items()},
    )
    assert all(frame["id"].is_unique().all() for frame in whole.nodes.values())
    assert all(frame.select("from", "to").is_unique().all() for frame in whole.edges.values())
    return whole


def index(graph: kg.KnowledgeGraph) -> Index:
    ledger, manifest = graph.ledger, graph.ledger.manifest()
    return index_of(
        ledger, graph.ontology, manifest, lambda entry: ledger.read(Manifest((entry,)), SLIM)
    )


@pytest.mark.parametrize("rows", [soaked(150), 1_000, 1_000_000])
def test_parts_are_together_what_one_projection_gives(made: kg.KnowledgeGraph, rows: int) -> None:
    first = index(made)
    shared = Shared.of(first)
    ids = list(cut(first, rows))
    assert len(ids) == -(-first.slim.height // rows)
    found = joined([shared.part(made.ledger.read(ids=part)) for part in ids])
    wanted = made.corpus().graph
    assert found.counts() == wanted.counts()
    for kind in wanted.nodes:
        assert rows_of(found.nodes, kind, ["id"]) == rows_of(wanted.nodes, kind, ["id"])
    for key in wanted.edges:
        assert rows_of(found.edges, key, ["from", "to"]) == rows_of(
            wanted.edges, key, ["from", "to"]
        )


def test_every_row_is_in_one_part(made: kg.KnowledgeGraph) -> None:
    first = index(made)
    parts = list(cut(first, 500))
    assert sum(map(len, parts)) == first.slim["id"].n_unique()
    assert pl.concat(parts).sort().to_list() == first.slim["id"].unique().sort().to_list()


def test_a_ledger_without_rows_has_no_parts(tmp_path: Path) -> None:
    with kg.open(tmp_path / "kg.kgl") as graph:
        assert list(cut(index(graph))) == []
