"""The job for a cluster gives the graph of the local run, row for row."""

from __future__ import annotations

import csv
import dataclasses
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from bench.synthetic import corpus, write
from kg.exports import export as export_local
from kg.ledger.ledger import Ledger
from kg.pipeline import spark as job

pytest.importorskip(
    "pyspark",
    reason="PySpark is not installed, and takes 500 megabytes: pip install -e '.[test,spark]'",
)


@pytest.fixture(scope="module")
def session() -> Iterator[Any]:
    found = job.session("local[2]")
    yield found
    found.stop()


@pytest.fixture(
    scope="module",
    params=[1_000, pytest.param(100_000, marks=pytest.mark.soak)],
    ids=lambda claims: f"{claims} claims",
)
def graph(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[kg.KnowledgeGraph]:
    folder = tmp_path_factory.mktemp("spark")
    write(Ledger(folder / "kg.ledger"), corpus(request.param))
    with kg.open(folder / "kg.kgl") as made:
        made.sync()
        yield made


def rows_in(folder: Path) -> Counter[tuple[str, frozenset[tuple[str, str]]]]:
    """(kind, cells that hold something) of every row of every file, and how often it is there."""
    found: Counter[tuple[str, frozenset[tuple[str, str]]]] = Counter()
    for path in folder.glob("*.csv"):
        kind = re.sub(r"-\d{4}$", "", path.stem)
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                found[kind, frozenset((k, v) for k, v in row.items() if v)] += 1
    return found


def test_it_is_the_graph_of_the_local_run_row_for_row(
    session: Any, graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    export_local(graph.corpus(), "neo4j-admin", here)
    report = job.export(session, graph.ledger, graph.ontology, there, parts=5)
    assert rows_in(there) == rows_in(here)
    counts = graph.corpus().graph.counts()
    assert sum(report.written.values()) == sum(counts.values())
    assert len(list(there.glob("nodes-Person-*.csv"))) == 5
    assert subprocess.run(["sh", "-n", str(there / "import.sh")], check=False).returncode == 0


def test_the_command_of_the_page_runs(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    job_ = [sys.executable, "-m", "kg.pipeline.spark", str(graph.ledger.folder), "import"]
    done = subprocess.run(
        [*job_, "--master", "local[1]", "--parts", "1"],
        cwd=tmp_path, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    counts = graph.store.counts()
    edges = sum(count for kind, count in counts.items() if kind.isupper())
    nodes = sum(counts.values()) - edges
    assert f"{nodes:,} nodes and {edges:,} edges in import" in done.stdout


def test_a_kind_that_is_not_there_is_told_before_anything_runs(
    session: Any, graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    edges = {name: edge for name, edge in graph.ontology.edges.items() if name != "DESIGNATES"}
    lacking = dataclasses.replace(graph.ontology, edges=edges)
    with pytest.raises(kg.UsageError, match="needs the edge DESIGNATES"):
        job.export(session, graph.ledger, lacking, tmp_path / "out")
    assert not (tmp_path / "out").exists()
