"""The corpus that benchmarks are made of: the same each time, shaped as it says, and sound."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from bench.synthetic import SOURCES, corpus, write
from kg import KnowledgeGraph
from kg.graph.link import dangling
from kg.ledger.ledger import Batch, Ledger


@pytest.fixture(scope="module")
def batches() -> list[Batch]:
    return corpus(10_000)


@pytest.fixture(scope="module")
def claims(batches: list[Batch]) -> pl.DataFrame:
    return pl.concat(batch.frame for batch in batches).filter(~pl.col("declared"))


def test_the_size_is_the_one_asked_for(claims: pl.DataFrame) -> None:
    assert abs(claims.height - 10_000) < 200
    assert claims["id"].is_unique().all()


def test_it_may_be_as_small_as_wanted() -> None:
    assert [dangling(batch.frame) for batch in corpus(60)] == [[]] * SOURCES


def test_a_seed_gives_one_corpus_and_another_seed_another() -> None:
    one, again, other = corpus(1_000), corpus(1_000), corpus(1_000, seed=13)
    for mine, same, theirs in zip(one, again, other, strict=True):
        assert mine.frame.equals(same.frame)
        assert not mine.frame.equals(theirs.frame)


def test_each_source_declares_all_that_it_names(batches: list[Batch]) -> None:
    assert len(batches) == SOURCES
    assert [dangling(batch.frame) for batch in batches] == [[]] * SOURCES


def test_a_few_ends_have_many_of_the_edges(claims: pl.DataFrame) -> None:
    edges = claims.filter(pl.col("object").is_not_null())
    ends = pl.concat([edges["subject"], edges["object"]])
    counts = ends.value_counts(sort=True)["count"]
    top = int(counts.head(counts.len() // 100).sum())
    assert 0.15 < top / (2 * edges.height) < 0.4
    assert counts.median() == pytest.approx(3, abs=1)


def test_edges_have_several_claims_and_things_several_names(claims: pl.DataFrame) -> None:
    edges = claims.filter(pl.col("object").is_not_null())
    each = edges.group_by("subject", "predicate", "object").len()["len"]
    assert each.max() >= 8  # type: ignore[operator]
    assert 0.05 < (each > 1).mean() < 0.2  # type: ignore[operator]
    names = claims.filter(pl.col("predicate") == "alias").group_by("subject").len()["len"]
    assert names.max() >= 10  # type: ignore[operator]


def test_claims_repeat_one_another_in_chains(claims: pl.DataFrame) -> None:
    links = claims.select("id", pl.col("derived_from").list.first()).drop_nulls()
    before = dict(links.iter_rows())
    assert len(before) > 150
    thrice = [end for end in before.values() if before.get(end) in before]
    assert len(thrice) > 3


def test_what_is_taken_back_or_put_right_is_by_its_asserter_and_later(
    claims: pl.DataFrame, batches: list[Batch]
) -> None:
    rows = pl.concat(batch.frame for batch in batches)
    days = rows.filter(pl.col("predicate") == "date").unique("subject")
    dates = dict(days.select("subject", "valid_from").iter_rows())
    by_id = {row["id"]: row for row in claims.iter_rows(named=True)}
    for link in ("retracts", "supersedes"):
        later = [row for row in by_id.values() if row[link]]
        assert later
        for row in later:
            first = by_id[row[link][0]]
            assert row["asserter"] == first["asserter"]
            assert dates[row["document"]] >= dates[first["document"]]
    assert claims["negative"].sum() > 10


@pytest.mark.parametrize("size", [1_000, pytest.param(10_000, marks=pytest.mark.soak)])
def test_it_goes_through_ledger_and_projection(tmp_path: Path, size: int) -> None:
    made = corpus(size)
    write(Ledger(tmp_path / "kg.ledger"), made)
    with KnowledgeGraph(str(tmp_path / "kg.kgl")) as graph:
        graph.sync()
        found = graph.corpus()
        edges = pl.concat(found.graph.edges.values(), how="diagonal")
        nodes = pl.concat(found.graph.nodes.values(), how="diagonal_relaxed")
    assert sum((~batch.frame["declared"]).sum() for batch in made) <= found.claims.height
    assert (edges["asserters"] > 1).any()
    assert nodes["conflicts"].drop_nulls().len() > 0
    if size == 10_000:  # fewer claims are too few for what is rare
        assert edges["disputed"].any()
        assert "retracted" in edges["status"]
        assert (nodes["ids"].list.len() > 1).sum() > 5
