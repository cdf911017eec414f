"""What is read for one explanation tells the same as the whole corpus does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.ask.explain import explain
from kg.graph.narrow import Near
from kg.ledger.ledger import Ledger
from tests.portion import one_in, one_of_so_many

PAPERS = {
    "one": """
document: {id: document:one, name: One, date: 2018-03-01, published_by: organization:press}
entities:
  organization:press: The Press
  organization:vendor: A vendor
  incident:theft: The theft
  group:night: Night
  group:day: Day
  state:USA: United States
  state:KOR: South Korea
claims:
- {ref: a, asserter: organization:vendor, says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {ref: b, asserter: organization:press, says: [incident:theft, ATTRIBUTED_TO, group:day]}
- {ref: r, asserter: organization:vendor, says: [group:night, alias, Nightfall]}
- {asserter: organization:press, says: [state:USA, ALLIED_WITH, state:KOR]}
""",
    "two": """
document: {id: document:two, name: Two, date: 2019-06-01}
entities:
  organization:vendor: A vendor
  organization:relay: A relay
  incident:theft: The theft
  group:night: Night
  group:dusk: Dusk
claims:
- asserter: organization:relay
  derived_from: one#a
  says: [incident:theft, ATTRIBUTED_TO, group:night]
- asserter: organization:relay
  derived_from: one#b
  says: [incident:theft, TARGETED, organization:vendor]
- asserter: organization:relay
  denies: [incident:theft, ATTRIBUTED_TO, group:day]
- asserter: organization:vendor
  retracts: one#r
  says: [group:night, alias, Dayfall]
- {asserter: organization:vendor, says: [group:dusk, alias, Night]}
- {asserter: organization:vendor, says: [incident:theft, amount_stolen, 80 million]}
- {asserter: organization:vendor, disputes: one#b, says: [group:day, alias, Daylight]}
""",
}
ASKED = (
    *(("incident:theft",), ("group:night",), ("group:day",), ("state:KOR",)),
    *(("theft",), ("NIGHTFALL",), ("daylight",), ("organization:press",), ("document:one",)),
    ("incident:theft", "attributed_to", "group:night"),
    ("incident:theft", "TARGETED", "organization:vendor"),
    ("The Theft", "ATTRIBUTED_TO", "day"),
    ("incident:theft", "ATTRIBUTED_TO"),
    *(("incident:theft", "amount_stolen"), ("incident:theft", "amount_stolen", "80000000")),
    *(("state:KOR", "ALLIED_WITH", "state:USA"), ("group:night", "alias", "Nightfall")),
    *(("night",), ("nobody",), ("theft", "ATRIBUTED_TO"), ("theft", "TARGETED", "night")),
)


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kg.KnowledgeGraph]:
    folder = tmp_path_factory.mktemp("narrow")
    for name, text in PAPERS.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    with kg.open(folder / "kg.kgl") as g:
        g.load("claims", [folder / f"{name}.yaml" for name in PAPERS])
        yield g


def told(ask: Callable[[], object]) -> object:
    try:
        return ask()
    except kg.UsageError as why:
        return str(why)


def compared(g: kg.KnowledgeGraph, asked: tuple[str, ...]) -> None:
    with kg.open(g.url) as again:
        narrow = told(lambda: again.explain(*asked).as_dict())
    assert narrow == told(lambda: explain(g.corpus(), *asked).as_dict())


@pytest.mark.parametrize(
    "number", one_in(3, range(len(ASKED))), ids=lambda number: " ".join(ASKED[number])
)
def test_an_explanation_is_that_of_the_whole_corpus(graph: kg.KnowledgeGraph, number: int) -> None:
    compared(graph, ASKED[number])


@one_of_so_many(3)
def test_every_claim_is_explained_alike(graph: kg.KnowledgeGraph, every: int) -> None:
    for id in graph.corpus().claims["id"].gather_every(every):
        compared(graph, (id,))


@pytest.mark.soak
def test_every_edge_of_the_seed_is_explained_alike(tmp_path: Path) -> None:
    with kg.open(tmp_path / "kg.kgl") as g:
        g.build()
        corpus = g.corpus()
        for (type_, start, _), frame in corpus.graph.edges.items():
            if start != "Claim" and type_ != "PUBLISHED_BY":
                for one, other in frame.head(3).select("from", "to").iter_rows():
                    compared(g, (one, type_, other))


@pytest.mark.parametrize(
    "asked", [ASKED[0], ("incident:theft", "ATTRIBUTED_TO", "group:night")], ids=" ".join
)
def test_what_is_there_is_told_without_all_the_rest(
    graph: kg.KnowledgeGraph, asked: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    read, asked_for = Ledger.read, set()

    def some(ledger: Ledger, *given: Any, **named: Any) -> Any:
        assert "where" in named, "this reads everything"
        this = (given[1], named["where"].meta.serialize())
        assert this not in asked_for, "this is read twice"
        asked_for.add(this)
        return read(ledger, *given, **named)

    monkeypatch.setattr(Ledger, "read", some)
    with kg.open(graph.url) as g:
        assert g.explain(*asked).origins


def test_what_bears_on_a_claim_is_needed(
    graph: kg.KnowledgeGraph, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ("incident:theft", "TARGETED", "organization:vendor")
    with kg.open(graph.url) as g:
        assert [origin.asserter for origin in g.explain(*asked).origins] == ["The Press"]
    monkeypatch.setattr(Near, "bearing", lambda _, rows: rows)
    with kg.open(graph.url) as g:
        assert [origin.asserter for origin in g.explain(*asked).origins] != ["The Press"]
