"""A measure that says what it reads finds the same in that much as in the whole graph."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

import kg
from kg import analytics
from kg.analytics import discover, run
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from kg.graph.looked import Looked

DAYS = {"changed_between": {"since": "2016-01-01", "until": "2019-06-01"}}


@pytest.fixture(scope="module")
def corpus(seed_graph: kg.KnowledgeGraph) -> Corpus:
    return seed_graph.corpus()


@pytest.fixture(scope="module", params=["", "2018"])
def seen(corpus: Corpus, request: pytest.FixtureRequest) -> Corpus:
    """The corpus, whole and as of a day; `replace` gives one of which nothing is projected yet."""
    return corpus.under(Lens(as_of=request.param)) if request.param else corpus


@pytest.mark.parametrize("name", discover())
def test_what_a_measure_says_that_it_reads_is_enough(
    seen: Corpus, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: dict[str, Any] = DAYS.get(name, {}) | (
        {"runs": 20} if "runs" in discover()[name].parameters else {}
    )
    part = run(replace(seen), name, **given)
    chosen = replace(discover()[name], reads=None)
    monkeypatch.setattr(analytics, "find", lambda *_: chosen)
    assert part.to_dict() == run(seen, name, **given).to_dict()


def test_every_measure_of_ours_says_what_it_reads() -> None:
    assert [name for name, found in discover().items() if found.reads is None] == []


def test_what_is_not_read_is_not_there(corpus: Corpus) -> None:
    looked = Looked({"PARTICIPATED_IN"})
    graph = replace(corpus).part(looked)
    assert "Claim" not in graph.nodes
    assert {type_ for type_, _, _ in graph.edges} == {"PARTICIPATED_IN"}
    whole = corpus.graph
    assert graph.edges.keys() == corpus.part(looked).edges.keys() != whole.edges.keys()
