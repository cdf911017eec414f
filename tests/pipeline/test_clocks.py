"""Three clocks against brute force: what a lens leaves, row by row, and no question says more."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg.api import KnowledgeGraph
from kg.ask import questions
from kg.base.settings import shipped
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from kg.pipeline.lenses import made_of
from tests.command import run

FIRST, LAST = date(2014, 1, 1), date(2026, 9, 1)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(tmp_path_factory.mktemp("clocks") / "kg.kgl") as made:
        made.build([shipped("seed") / "misp-galaxy-history", shipped("seed") / "other-documents",
                    shipped("seed") / "sputnik-2019-09.yaml"])  # fmt: skip
        yield made


@pytest.fixture(scope="module")
def corpus(graph: KnowledgeGraph) -> Corpus:
    """All of it, recorded on days of its own: a third each in 2020, 2022 and today."""
    whole = graph.corpus()
    chance = random.Random(5)
    days = [datetime(2020, 5, 1, tzinfo=UTC), datetime(2022, 5, 1, tzinfo=UTC), datetime.now(UTC)]
    recorded = pl.Series("recorded", [chance.choice(days) for _ in range(whole.statements.height)])
    rows = whole.statements.with_columns(recorded.cast(whole.statements.schema["recorded"]))
    return Corpus(rows, whole.ontology, manifest=whole.manifest)


def triples(number: int) -> list[Lens]:
    """Lenses of random days; any clock may be left open."""
    chance = random.Random(number)

    def day() -> date | None:
        some = FIRST + timedelta(days=chance.randrange((LAST - FIRST).days))
        return some if chance.random() < 0.75 else None

    return [Lens(as_of=day(), valid_on=day(), known_on=day()) for _ in range(number)]


def counts(row: dict[str, Any], lens: Lens) -> bool:
    """Whether a claim counts, said once more in plain Python."""
    as_of, valid_on, known_on = (
        text and date.fromisoformat(text) for text in (lens.as_of, lens.valid_on, lens.known_on)
    )
    if as_of and (row["asserted_to"] is None or row["asserted_to"] > as_of):
        return False
    if known_on and row["recorded"].date() > known_on:
        return False
    if not valid_on or row["valid"] is None or row["value"] == row["valid"]:
        return True
    begun = row["valid_from"] is None or row["valid_from"] <= valid_on
    return begun and (row["valid_to"] is None or row["valid_to"] >= valid_on)


def withdrawn(row: dict[str, Any], lens: Lens) -> bool:
    """Whether its own source had taken a claim back by then."""
    day = lens.as_of and date.fromisoformat(lens.as_of)
    later = day and row["withdrawn_from"] is not None and row["withdrawn_from"] > day
    return row["status"] in ("retracted", "superseded") and not later


def check_rows(corpus: Corpus, lens: Lens) -> Corpus:
    """What a lens leaves is what counts, and stands as it stood."""
    seen = corpus.under(lens)
    rows = {row["id"]: row for row in corpus.claims.iter_rows(named=True)}
    kept = {row["id"]: row for row in seen.claims.iter_rows(named=True)}
    assert kept.keys() == {id for id, row in rows.items() if counts(row, lens)}, lens
    gone = {id for id in kept if withdrawn(rows[id], lens)}
    marked = {id for id, row in kept.items() if row["status"] in ("retracted", "superseded")}
    assert gone == marked, lens
    assert not any(kept[id]["live"] for id in gone), lens
    return seen


def check_answers(seen: Corpus, whole: Corpus, every: int = 1) -> int:
    """No question of a lens names what the lens hides (or one in so many); how many rows say so."""
    there = {id for frame in seen.graph.nodes.values() for id in frame["id"]}
    known = {id for frame in whole.graph.nodes.values() for id in frame["id"]}
    store, rows = made_of(seen, whole.ontology), 0
    try:
        for name, question in list(questions.discover().items())[::every]:
            given = {one.name: one.default for one in question.parameters}
            table = store.query(*questions.statement(name, given), bounded=True)
            for row in table.rows:
                rows += 1
                texts = {cell for cell in row if isinstance(cell, str)}
                assert not (texts & known) - there, (name, row, seen.lens)
    finally:
        store.close()
    return rows


def test_some_days_and_one_lens_of_questions(corpus: Corpus) -> None:
    lenses = triples(12)
    seen = [check_rows(corpus, lens) for lens in lenses]
    assert sum(each.claims.height > 0 for each in seen) > 3
    fullest = max(seen, key=lambda each: each.claims.height)
    assert check_answers(fullest, corpus, every=3) > 5


@pytest.mark.soak
def test_two_hundred_triples_of_days_and_every_question(corpus: Corpus) -> None:
    assert sum(check_answers(check_rows(corpus, lens), corpus) for lens in triples(200)) > 1000


TWO = """\
document: {id: document:two, name: Two, date: 2014-05-01}
entities:
  organization:vendor: The Vendor
  group:amber: Amber
  group:birch: Birch
  incident:theft: The theft
  incident:leak: The leak
claims:
- {asserter: organization:vendor, says: [incident:theft, ATTRIBUTED_TO, group:amber], summary: One.}
- {asserter: organization:vendor, says: [incident:leak, ATTRIBUTED_TO, group:birch], summary: Two.}
"""
ONE = """\
document: {id: document:one, name: One, date: 2016-05-01}
entities:
  organization:other: Another
  group:amber: Amber
  group:birch: Birch
claims:
- asserter: organization:other
  asserted: 2016-05-01
  says: [group:birch, SAME_AS, group:amber]
  summary: Both are one.
"""


def test_two_clocks_on_what_became_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, text, year in (("two", TWO, 2020), ("one", ONE, 2022)):
        clock = type("Clock", (datetime,), {
            "now": classmethod(lambda *_, at=datetime(year, 5, 1, tzinfo=UTC): at)
        })  # fmt: skip
        monkeypatch.setattr("kg.ledger.ledger.datetime", clock)
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
        done = run(tmp_path, "load", "claims", f"{name}.yaml")
        assert done.returncode == 0, done.stderr

    def groups(*lens: str) -> list[str]:
        count = "MATCH (g:Group) RETURN g.name AS name ORDER BY name"
        done = run(tmp_path, "query", count, *lens, "--format", "json")
        return [row["name"] for row in json.loads(done.stdout)]

    assert groups() == groups("--known-on", "2022-05-01") == ["Amber"]
    assert groups("--known-on", "2022-04-30") == ["Amber", "Birch"]
    assert groups("--as-of", "2015") == ["Amber", "Birch"]
    assert groups("--as-of", "2017", "--known-on", "2021") == ["Amber", "Birch"]
    assert groups("--as-of", "2017", "--known-on", "2023") == ["Amber"]
