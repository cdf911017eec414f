"""What an export does grows with the graph, not with its square: work is counted, never timed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg.exports import export, ftm
from kg.graph.corpus import Corpus
from kg.graph.graph import Graph
from kg.ontology import countries


@pytest.fixture
def scanned(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The height of each frame that is walked through, walk by walk."""
    walks: list[int] = []
    plain = pl.DataFrame.iter_rows

    def counted(frame: pl.DataFrame, *args: Any, **options: Any) -> Iterator[Any]:
        walks.append(frame.height)
        return iter(plain(frame, *args, **options))

    monkeypatch.setattr(pl.DataFrame, "iter_rows", counted)
    return walks


def sanctions(corpus: Corpus) -> int:
    claims = corpus.claims
    return claims.filter(pl.col("predicate") == "DESIGNATES").height


def test_followthemoney_does_not_scan_the_edges_for_each_designation(
    seed: Corpus, scanned: list[int], tmp_path: Path
) -> None:
    assert sanctions(seed) > 10
    ftm.export(seed, tmp_path / "x")
    assert len(scanned) < 3 * (len(seed.graph.edges) + len(seed.graph.nodes))


def test_a_country_is_looked_up_and_not_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    codes = countries.alpha2()
    monkeypatch.setattr(countries, "rows", lambda: pytest.fail("the whole table was read"))
    assert codes["PRK"] == "KP"
    assert ftm._alpha2("PRK") == "kp"


@pytest.mark.parametrize("format_", ["gexf", "graphml", "opengraph"])
def test_a_network_is_written_row_after_row(
    format_: str, seed: Corpus, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(Graph, "networkx", lambda _: pytest.fail("the graph was held twice"))
    assert export(seed, format_, tmp_path / "x").written["nodes"]
