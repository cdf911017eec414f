"""Graphs of lenses are kept for the next question, and never where they are not true any more."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.ask.questions import find
from kg.graph.corpus import Corpus
from kg.pipeline.lenses import FOLDER
from kg.stores import shelf

PAPER = """
document: {id: document:%s, name: Paper, date: %s}
entities:
  organization:vendor: A vendor
  incident:theft: The theft
  group:%s: %s
claims:
- {asserter: organization:vendor, says: [incident:theft, ATTRIBUTED_TO, group:%s]}
"""
WHO = "MATCH (i:Incident)-[r:ATTRIBUTED_TO]->(g:Group) RETURN g.id AS id ORDER BY id"


def load(g: kg.KnowledgeGraph, folder: Path, name: str, day: str) -> None:
    path = folder / f"{name}.yaml"
    path.write_text(PAPER % (name, day, name, name.title(), name), encoding="utf-8")
    g.load("claims", [path])


@pytest.fixture
def graph(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[kg.KnowledgeGraph]:
    monkeypatch.setenv("KG_CACHE", str(tmp_path / "cache"))
    with kg.open(tmp_path / "kg.kgl") as g:
        load(g, tmp_path, "night", "2018-03-01")
        load(g, tmp_path, "day", "2019-03-01")
        yield g


def asked(g: kg.KnowledgeGraph, day: str = "2018") -> list[str]:
    """Who was blamed by a day, asked in a process of its own as far as the graph can tell."""
    with kg.open(g.url) as again:
        return [row["id"] for row in again.query(WHO, as_of=day)]


def _never(*_: object, **__: object) -> None:
    raise AssertionError("this reads everything")


def test_a_lens_is_not_made_again(
    graph: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert asked(graph) == ["group:night"]
    monkeypatch.setattr(Corpus, "under", _never)
    assert asked(graph) == ["group:night"]


def test_each_lens_and_each_state_has_its_own(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    assert asked(graph) == ["group:night"]
    assert asked(graph, "2019") == ["group:day", "group:night"]
    load(graph, tmp_path, "dusk", "2018-02-01")
    assert asked(graph) == ["group:dusk", "group:night"]
    graph.unload(["dusk"])
    assert asked(graph) == ["group:night"]


def test_another_vocabulary_makes_its_own(
    graph: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked(graph)
    monkeypatch.setattr("kg.pipeline.lenses.shape", lambda _: "another")
    monkeypatch.setattr(Corpus, "under", _never)
    with pytest.raises(AssertionError):
        asked(graph)


def test_what_is_not_whole_is_made_again(graph: kg.KnowledgeGraph) -> None:
    asked(graph)
    (kept,) = (graph.ledger.folder.parent / "cache" / FOLDER).glob("*.kgl")
    kept.write_bytes(b"half")
    assert asked(graph) == ["group:night"]


def test_only_some_are_kept(
    graph: kg.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "MOST", 2)
    folder = tmp_path / "cache" / FOLDER
    asked(graph, "2018")
    (folder / "mine.kgl").write_text("mine", encoding="utf-8")
    asked(graph, "2019")
    asked(graph, "2018")
    asked(graph, "2020")
    assert len([*folder.glob("*-*.kgl")]) == 2
    assert (folder / "mine.kgl").exists()
    monkeypatch.setattr(Corpus, "under", _never)
    assert asked(graph, "2018") == ["group:night"]


@pytest.mark.parametrize("cache", ["in the way", "none"])
def test_nothing_is_kept_where_nothing_can_be_written(
    graph: kg.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cache: str
) -> None:
    (tmp_path / "cache").write_text("in the way", encoding="utf-8")
    if cache == "none":
        monkeypatch.setenv("KG_CACHE", "")
    assert asked(graph) == ["group:night"]
    assert asked(graph) == ["group:night"]


def test_every_question_answers_alike_from_what_is_kept(graph: kg.KnowledgeGraph) -> None:
    question = find("who_attributes").name
    first, second = (
        [*kg.open(graph.url).query(question, incident="incident:theft", as_of="2018")]
        for _ in range(2)
    )
    assert first == second != []


def test_whose_word_is_found_without_all_the_rest(
    graph: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kg.open(graph.url) as g:
        first = [*g.query(WHO, according_to="A vendor")]
    monkeypatch.setattr("kg.api.opened.corpus_of", _never)
    with kg.open(graph.url) as g:
        assert [*g.query(WHO, according_to="a VENDOR")] == first != []
    monkeypatch.undo()
    with kg.open(graph.url) as g, pytest.raises(kg.UsageError, match="asserts nothing"):
        g.query(WHO, according_to="group:night")
