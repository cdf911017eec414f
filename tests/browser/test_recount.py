"""What the page counts under a lens is what Python's projection counts, edge by edge."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg import ontology
from kg.api import KnowledgeGraph
from kg.claims.corpus import Corpus, Lens
from kg.claims.schema import STATEMENTS, claim_id
from tests.browser.conftest import whole
from tests.browser.hand import Hand

PAGE_COUNTS = """() => Object.fromEntries([...picture.counts].map(([index, count]) => {
  const { model } = picture, link = model.links[index];
  const { asserters, support, hedged, collective, disputed, status, first, last } = count;
  const key = [model.nodes[link.from].id, link.kind, model.nodes[link.to].id].join(" ");
  return [key, { asserters, support, hedged, collective, disputed, status, first, last }];
}))"""


def python_counts(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """The same from the projection: claimed edges between entities."""
    found = {}
    for (kind, start, end), frame in corpus.graph.edges.items():
        if "Claim" in (start, end) or "claims" not in frame.columns:
            continue
        for row in frame.iter_rows(named=True):
            if row["claims"]:
                found[f"{row['from']} {kind} {row['to']}"] = _counts(row)
    return found


def _counts(row: dict[str, Any]) -> dict[str, Any]:
    plain = ("asserters", "support", "hedged", "collective", "disputed", "status")
    made = {name: row.get(name) for name in plain}
    return made | {
        "first": _text(row.get("first_asserted")),
        "last": _text(row.get("last_asserted")),
    }


def _text(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def look_through(hand: Hand, as_of: str | None, by: str | None) -> dict[str, dict[str, Any]]:
    """Set the page's own controls to a lens and take its counts."""
    hand.set("as-of", as_of or "")
    number = "" if by is None else hand.page.evaluate("(id) => picture.model.number.get(id)", by)
    hand.set("by", number)
    found: dict[str, dict[str, Any]] = hand.page.evaluate(PAGE_COUNTS)
    return found


def test_every_lens_on_the_seed(
    opened: Callable[..., Hand], pictures: Path, graph: KnowledgeGraph, corpus: Corpus
) -> None:
    hand = opened(pictures / "whole.html")
    asserters = sorted(corpus.claims["asserter"].drop_nulls().unique())
    days = [None, "2014-12-31", "2017-12-20", "2018-06-12", "2019-09-13"]
    lenses = [(day, None) for day in days] + [(None, by) for by in asserters]
    lenses += [("2019-09-13", by) for by in asserters[::3]]
    for as_of, by in lenses:
        wanted = python_counts(graph.corpus(as_of=as_of, according_to=by))
        if hand.can_ask(by):
            assert look_through(hand, as_of, by) == wanted, (as_of, by)
        else:  # it says nothing about any relation of the picture, so it is not offered
            assert wanted == {}


# A corpus in which everything happens that decides a count: denials, disputes pointed at by hand,
# retractions and retractions of retractions, chains and circles of repetition, unknown asserters.


@pytest.mark.parametrize("seed", range(4))
def test_every_lens_on_a_quarrelsome_corpus(
    seed: int, opened: Callable[..., Hand], tmp_path: Path
) -> None:
    statements = pl.DataFrame([*_quarrel(random.Random(seed))], schema=STATEMENTS, orient="row")
    known = ontology.load()
    path = tmp_path / "quarrel.html"
    path.write_text(whole(Corpus.of(statements, known)), encoding="utf-8")
    hand = opened(path)
    for as_of in (None, "2015-03-10", "2016-07-01"):
        for by in (None, "agency:a0", "agency:a1", "agency:a2"):
            wanted = python_counts(Corpus.of(statements, known, lens=Lens(as_of, by)))
            assert look_through(hand, as_of, by) == wanted, (as_of, by)


def test_the_quarrelsome_corpora_quarrel() -> None:
    found = [edge for seed in range(4) for edge in _edges(seed)]
    assert {edge["status"] for edge in found} >= {"asserted", "retracted"}
    assert any(edge["disputed"] for edge in found)
    assert any(edge["asserters"] < edge["support"] for edge in found)
    assert any(edge["support"] and not edge["asserters"] for edge in found)


def _edges(seed: int) -> list[dict[str, Any]]:
    frame = pl.DataFrame([*_quarrel(random.Random(seed))], schema=STATEMENTS, orient="row")
    return list(python_counts(Corpus.of(frame, ontology.load())).values())


def _quarrel(dice: random.Random) -> Iterator[dict[str, Any]]:
    names = [f"incident:i{n}" for n in range(5)] + [f"group:g{n}" for n in range(4)]
    names += [f"agency:a{n}" for n in range(4)]
    for name in names:
        yield _row(f"name {name}", declared=True, subject=name, predicate="name", value=name)
    ids: list[str] = []
    for number in range(70):
        row = _quarrelsome(number, ids, dice)
        ids.append(row["id"])
        yield row


def _quarrelsome(number: int, ids: list[str], dice: random.Random) -> dict[str, Any]:
    said = date(2015, 1, 1) + timedelta(days=dice.randrange(700))
    dates = {"asserted": said.isoformat(), "asserted_from": said, "asserted_to": said}
    if dice.random() < 0.08:
        dates = {}
    pointed = {
        pointer: dice.sample(ids, 1)
        for pointer, chance in
        (("derived_from", 0.35), ("retracts", 0.12), ("supersedes", 0.06), ("disputes", 0.08))
        if ids and dice.random() < chance
    }  # fmt: skip
    if number == 69:
        pointed["derived_from"] = [ids[68], _id(69)]
    return _row(
        str(number),
        subject=f"incident:i{dice.randrange(5)}",
        predicate="ATTRIBUTED_TO",
        object=f"group:g{dice.randrange(9)}",
        asserter=None if dice.random() < 0.1 else f"agency:a{dice.randrange(4)}",
        statement=f"s{dice.randrange(40)}",
        negative=dice.random() < 0.15,
        collective=dice.random() < 0.2,
        hedge="probably" if dice.random() < 0.3 else None,
        confidence=dice.choice([None, "low", "moderate", "high"]),
        **dates,
        **pointed,
    )


def _id(number: int) -> str:
    return claim_id([str(number)], False, False)


def _row(key: str, **columns: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(STATEMENTS)
    made = {"id": claim_id([key], False, False), "source": "quarrel", "collective": False}
    return blank | made | {"declared": False, "negative": False} | columns
