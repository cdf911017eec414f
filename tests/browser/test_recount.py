"""What the page makes of its claims under a lens is what Python's projection makes of them: every
count of every edge, every property of every node, which nodes there are, and what a view draws."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg import ontology, views
from kg.api import KnowledgeGraph
from kg.base.errors import UsageError
from kg.claims.columns import STATEMENTS, claim_id
from kg.graph.concluded import merged_in
from kg.graph.corpus import Corpus
from kg.graph.lens import WHOLE, Lens
from kg.ontology import Ontology, edtf
from kg.views.kit import payload as _payload
from kg.views.kit.picture import all_nodes
from kg.views.kit.timeline import when
from tests.browser.conftest import whole
from tests.browser.hand import Hand
from tests.portion import one_in, one_of_so_many

PAGE_COUNTS = """() => Object.fromEntries([...picture.counted.counts].map(([index, count]) => {
  const { model } = picture, link = model.links[index];
  const { asserters, unknown, support, hedged, collective, disputed, status } = count;
  const { first, firstLatest, lastEarliest, last, likelihood } = count;
  const confidence = model.about.scales.confidence[count.confidence] ?? null;
  const said = { first, firstLatest, lastEarliest, last, likelihood, confidence };
  const plain = { asserters, unknown, support, hedged, collective, disputed, status, ...said };
  const from = count.validFrom ?? link.time?.[0] ?? null;
  const to = count.validTo ?? link.time?.[1] ?? null;
  const key = [model.nodes[link.from].id, link.kind, model.nodes[link.to].id].join(" ");
  const told = { ...link.properties, ...count.properties };
  return [key, { ...plain, from, to, told }];
}))"""

PAGE_FACTS = """() => Object.fromEntries([...picture.counted.here].map((index) => {
  const { id } = picture.model.nodes[index];
  const { names, properties, time } = picture.counted.facts[index];
  return [id, { names, properties, time: time ?? null }];
}))"""

PAGE_IDS = "[...picture.counted.here].map((index) => picture.model.nodes[index].id)"


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
    plain = (
        *("asserters", "support", "hedged", "collective", "disputed", "status"),
        *("likelihood", "confidence"),
    )
    dates = {
        "first": "first_asserted", "firstLatest": "first_asserted_latest",
        "lastEarliest": "last_asserted_earliest", "last": "last_asserted",
        "from": "valid_from", "to": "valid_to"
    }  # fmt: skip
    made = {name: row.get(name) for name in plain} | {"unknown": row.get("unknown_asserters")}
    made |= {name: _text(row.get(column)) for name, column in dates.items()}
    others = {
        *plain,
        "unknown_asserters",
        *dates.values(),
        "claims",
        "hedges",
        "declared",
        "from",
        "to",
    }
    told = {name: value for name, value in row.items() if name not in others and value is not None}
    return made | {"told": told}


def python_facts(corpus: Corpus) -> dict[str, dict[str, Any]]:
    """Names, properties and time of every entity, as the page tells them."""
    life = corpus.ontology.life
    return {
        key: {
            "names": _once(row["names"], row["name"]),
            "properties": dict(_payload._properties(row)),
            "time": [str(day) for day in time] if (time := when(row, life)) else None,
        }
        for key, row in all_nodes(corpus).items()
    }


def _once(names: list[str], shown: str) -> list[str]:
    """The other names; of spellings that differ in case alone the last in order."""
    spelt = {name.lower(): name for name in sorted(names)}
    spelt.pop(shown.lower(), None)
    return sorted(spelt.values())


def _text(value: date | None) -> str | None:
    return None if value is None else value.isoformat()


def look_through(
    hand: Hand,
    as_of: str | None,
    by: str | None,
    valid_on: str | None = None,
    known_on: str | None = None,
) -> None:
    """Set the page's own controls to a lens."""
    hand.set("as-of", as_of or "")
    hand.set("valid-on", valid_on or "")
    if known_on:
        hand.set("known-on", known_on)
    number = "" if by is None else hand.page.evaluate("(id) => picture.model.number.get(id)", by)
    hand.set("by", number)


EXTENT = one_of_so_many(25)


@EXTENT
def test_every_lens_on_the_seed(
    every: int, opened: Callable[..., Hand], pictures: Path, graph: KnowledgeGraph, corpus: Corpus
) -> None:
    hand = opened(pictures / "whole.html")
    for as_of, by in lenses(corpus, every):
        lens = graph.corpus(as_of=as_of, according_to=by)
        if not hand.can_ask(by):  # all it says is that one entity is itself, so it is not offered
            assert python_counts(lens) == {}
            continue
        look_through(hand, as_of, by)
        assert hand.page.evaluate(PAGE_COUNTS) == python_counts(lens), (as_of, by)
        assert hand.page.evaluate(PAGE_FACTS) == python_facts(lens), (as_of, by)


@pytest.mark.parametrize(
    ("as_of", "valid_on"),
    one_in(3, [("2018-12-31", "2015-01-01"), (None, "2016-06-30"), (None, "2019-06-30")]),
)
def test_what_is_in_force_on_a_day(
    as_of: str | None,
    valid_on: str,
    opened: Callable[..., Hand],
    pictures: Path,
    graph: KnowledgeGraph,
    corpus: Corpus,
) -> None:
    hand = opened(pictures / "whole.html")
    before = hand.page.evaluate(PAGE_COUNTS)
    look_through(hand, as_of, None, valid_on)
    lens = graph.corpus(as_of=as_of, valid_on=valid_on)
    assert hand.page.evaluate(PAGE_COUNTS) == python_counts(lens) != before
    assert hand.page.evaluate(PAGE_FACTS) == python_facts(lens)
    assert f"valid-on={valid_on}" in hand.address


def lenses(corpus: Corpus, every: int = 1) -> list[tuple[str | None, str | None]]:
    """Every asserter (or one in so many), several days, and some of both."""
    asserters = sorted(corpus.claims["asserter"].drop_nulls().unique())[::every]
    days = [None, "2010-01-01", "2014-12-31", "2017-12-20", "2018-06-12", "2019-09-13"]
    both = [("2019-09-13", by) for by in asserters[::3]]
    return [*[(day, None) for day in days], *[(None, by) for by in asserters], *both]


@pytest.mark.parametrize("name", one_in(3, ["attribution", "diplomacy", "neighbourhood"]))
@EXTENT
def test_a_view_under_a_lens_is_what_python_draws(
    every: int,
    name: str,
    opened: Callable[..., Hand],
    pictures: Path,
    graph: KnowledgeGraph,
    corpus: Corpus,
) -> None:
    hand = opened(pictures / f"{name}.html")
    parameters = {"node": "group:lazarus-group", "hops": 1} if name == "neighbourhood" else {}
    drawn = set()
    for as_of, by in lenses(corpus, every):
        if not hand.can_ask(by):
            continue
        look_through(hand, as_of, by)
        lens = graph.corpus(as_of=as_of, according_to=by)
        nodes, links = python_draws(name, lens, parameters)
        assert hand.nodes == nodes, (as_of, by)
        assert hand.links == links, (as_of, by)
        drawn.add(frozenset(nodes))
    assert len(drawn) > 4


def python_draws(
    name: str, lens: Corpus, parameters: dict[str, Any]
) -> tuple[set[str], set[tuple[str, str, str]]]:
    try:
        picture = views.discover()[name].draw(lens, **parameters)
    except UsageError:  # the lens has left the graph without the node to start from
        return set(), set()
    return set(picture.nodes), {(k.source, k.kind, k.target) for k in picture.links}


@EXTENT
def test_nodes_of_a_picture_that_holds_a_part_of_the_claims(
    every: int, opened: Callable[..., Hand], tmp_path: Path, graph: KnowledgeGraph, corpus: Corpus
) -> None:
    """Entities that claims outside the page name are in the graph all the same."""
    some = sorted(corpus.names)[::7]
    path = tmp_path / "some.html"
    path.write_text(views.html(views.selected(corpus, some, [], "Some"), corpus), encoding="utf-8")
    hand = opened(path)
    assert any(hand.js("picture.model.nodes.map((node) => Boolean(node.seen))"))
    for as_of, by in lenses(corpus, every):
        if hand.can_ask(by):
            look_through(hand, as_of, by)
            lens = graph.corpus(as_of=as_of, according_to=by)
            assert set(hand.js(PAGE_IDS)) == set(some) & lens.names.keys(), (as_of, by)


def test_claims_that_are_drawn_themselves(
    opened: Callable[..., Hand], tmp_path: Path, graph: KnowledgeGraph, corpus: Corpus
) -> None:
    edges = {
        (row["from"], kind, row["to"])
        for (kind, start, _), frame in corpus.graph.edges.items()
        if start == "Claim" and kind in ("SUBJECT", "OBJECT", "ASSERTED_BY")
        for row in frame.head(20).iter_rows(named=True)
    }
    path = tmp_path / "claims.html"
    path.write_text(
        views.html(views.selected(corpus, [], sorted(edges), "Claims"), corpus), encoding="utf-8"
    )
    hand = opened(path)
    assert hand.links == edges
    before = hand.nodes
    for as_of, by in lenses(corpus, 6)[:10]:
        if hand.can_ask(by):
            look_through(hand, as_of, by)
            lens = graph.corpus(as_of=as_of, according_to=by)
            claims = set(lens.graph.nodes["Claim"]["id"]) if lens.claims.height else set()
            assert hand.nodes == before & (lens.names.keys() | claims), (as_of, by)


def test_the_heading_counts_follow_the_lens(attribution: Hand, graph: KnowledgeGraph) -> None:
    before = attribution.panel.inner_text()
    look_through(attribution, "2018-12-31", None)
    nodes, links = python_draws("attribution", graph.corpus(as_of="2018-12-31"), {})
    text = f"{len(nodes)} nodes, {len(links)} relations"
    assert text in attribution.panel.inner_text()
    assert text not in before
    assert f"{len(nodes)} of {len(nodes)} nodes" in attribution.page.inner_text("#footer")
    counts = attribution.page.locator("#part-kinds .count").all_inner_texts()
    assert sum(map(int, counts)) == len(nodes)


def test_time_begins_with_what_the_lens_leaves(attribution: Hand) -> None:
    before = attribution.page.inner_text("#time-from-now")
    look_through(attribution, None, "organization:symantec")
    assert attribution.page.inner_text("#part-time") != before


def test_an_entity_that_the_lens_leaves_out(attribution: Hand) -> None:
    attribution.click("incident:wannacry")
    look_through(attribution, "2010-01-01", None)
    assert attribution.nodes == set()
    assert "Not part of the picture under the present lens" in attribution.panel.inner_text()
    attribution.page.fill("#search", "wannacry")
    assert "Nothing by that name" in attribution.page.inner_text("#found")


def test_blamed_together_only_under_the_lens(opened: Callable[..., Hand], tmp_path: Path) -> None:
    def said(number: int, group: str, by: str, together: bool, **more: Any) -> dict[str, Any]:
        ends = {"subject": "incident:i", "predicate": "ATTRIBUTED_TO", "object": group}
        return _row(f"b{number}", **ends, asserter=by, collective=together, **more)

    names = ("incident:i", "group:g", "group:h", "group:k", "agency:a", "agency:b")
    rows = [_row(f"n {n}", declared=True, subject=n, predicate="name", value=n) for n in names]
    rows += [
        said(number, group, "agency:a", together=True, statement="one")
        for number, group in enumerate(("group:g", "group:h", "group:k"))
    ]
    rows += [
        said(10 + number, group, "agency:b", together=False, statement=f"two {number}")
        for number, group in enumerate(("group:g", "group:h"))
    ]
    path = tmp_path / "together.html"
    frame = pl.DataFrame(rows, schema=STATEMENTS, orient="row").with_columns(
        recorded=pl.lit(datetime(2026, 2, 3, tzinfo=UTC))
    )
    path.write_text(whole(Corpus.of(frame, ontology.load())), encoding="utf-8")
    hand = opened(path)
    assert "All of this was recorded on 2026-02-03." in hand.page.inner_text("#part-lens")
    assert hand.page.locator("#known-on").count() == 0
    key = '["incident:i","ATTRIBUTED_TO","group:g"]'
    hand.page.evaluate("(key) => { location.hash = 'edge=' + encodeURIComponent(key) }", key)
    hand.panel.get_by_text("Blamed together").first.wait_for()
    assert hand.panel.locator(".note button").all_inner_texts() == ["group:h", "group:k"]
    assert hand.js("picture.counted.bundles.map((one) => one.links.length)") == [3]
    look_through(hand, None, "agency:b")
    assert hand.panel.get_by_text("Blamed together").count() == 0
    assert hand.js("picture.counted.bundles") == []
    hand.page.wait_for_function("() => picture.placeOf({ link: picture.state.selected.link })")


# A corpus in which everything happens that decides a count: denials, disputes pointed at by hand,
# retractions and retractions of retractions, chains and circles of repetition, unknown asserters.


@pytest.mark.parametrize(
    "seed", [1, *(pytest.param(one, marks=pytest.mark.soak) for one in (0, 2, 3))]
)
def test_every_lens_on_a_quarrelsome_corpus(
    seed: int, opened: Callable[..., Hand], tmp_path: Path
) -> None:
    statements = recorded(pl.DataFrame([*_quarrel(random.Random(seed))], schema=STATEMENTS))
    known = ontology.load()
    path = tmp_path / "quarrel.html"
    path.write_text(whole(Corpus.of(statements, known)), encoding="utf-8")
    hand = opened(path)
    asked: list[tuple[str | None, ...]]
    asked = [(as_of, by, None) for as_of in (None, "2015-03-10", "2016-07-01")
             for by in (None, "agency:a0", "agency:a1", "agency:a2")]  # fmt: skip
    asked += [(None, None, RECORDED[0]), ("2016-07-01", "agency:a0", RECORDED[1])]
    for as_of, by, known_on in asked:
        lens = Corpus.of(statements, known, lens=Lens(as_of, by, None, known_on))
        look_through(hand, as_of, by, known_on=known_on)
        assert hand.page.evaluate(PAGE_COUNTS) == python_counts(lens), lens.lens
        assert hand.page.evaluate(PAGE_FACTS) == python_facts(lens), lens.lens
    assert f"known-on={RECORDED[1]}" in hand.address
    assert f"Recorded by {RECORDED[1]}." in hand.page.inner_text("#notice")


JOINED = [
    ("group:g1", "group:g0", date(2015, 4, 1)),
    ("group:g3", "group:g1", date(2015, 9, 1)),  # and with all of it
    ("incident:i1", "incident:i0", date(2015, 11, 1)),
    ("incident:i3", "incident:i2", None),
]
"""Who turned out to be whom, by whose word of when."""


def made_one(
    statements: pl.DataFrame, ontology: Ontology, lens: Lens = WHOLE, late: Sequence[str] = ()
) -> Corpus:
    """The corpus of statements of which some are about one and the same, since a day; the words
    that say so were recorded on these days."""
    then = {"group:g0": "group:g0"}
    rows = []
    for number, (one, other, day) in enumerate(JOINED):
        dates: dict[str, date | None] = dict.fromkeys(("asserted_from", "asserted_to"), day)
        if day:
            when = datetime.fromisoformat(late[number]).replace(tzinfo=UTC) if late else None
            ends = {"subject": one, "predicate": "SAME_AS", "object": other}
            rows.append(_row(f"word {one}", asserter="agency:a3", recorded=when, **ends, **dates))
        whole = then.get(other, other)
        for id in [one, *(id for id, to in then.items() if to == one)]:
            then[id] = whole
            ends = {"subject": id, "predicate": "SAME_AS", "object": whole, "source": "identity"}
            rows.append(_row(f"joined {id} {whole}", declared=True, **ends, **dates))
    every = pl.concat([statements, pl.DataFrame(rows, schema=STATEMENTS, orient="row")])
    return Corpus.of(every, ontology, identity=merged_in(every), lens=lens)


DAYS_SAID = "picture.model.claims.flatMap((one) => [one.to, one.gone]).filter(Boolean)"


def test_what_was_joined_by_a_word_that_was_recorded_later(
    opened: Callable[..., Hand], tmp_path: Path
) -> None:
    statements = recorded(pl.DataFrame([*_quarrel(random.Random(1))], schema=STATEMENTS))
    corpus = made_one(statements, ontology.load(), late=[RECORDED[2], RECORDED[1], RECORDED[0]])
    path = tmp_path / "joined.html"
    path.write_text(whole(corpus), encoding="utf-8")
    hand = opened(path)
    for as_of, known_on in (
        (None, RECORDED[1]), ("2015-10-10", RECORDED[1]), ("2015-10-10", RECORDED[2])
    ):  # fmt: skip
        look_through(hand, as_of, None, known_on=known_on)
        lens = corpus.under(Lens(as_of, known_on=known_on))
        assert hand.page.evaluate(PAGE_COUNTS) == python_counts(lens), lens.lens
        assert hand.page.evaluate(PAGE_FACTS) == python_facts(lens), lens.lens
    days = hand.page.get_attribute("#said-by", "max")
    assert int(days or 0) == len({*hand.js(DAYS_SAID), "2015-04-01", "2015-09-01", "2015-11-01"})
    look_through(hand, None, None, known_on=RECORDED[1])
    hand.click("group:g1")
    word = f"It became one with group:g0 by a word recorded on {RECORDED[2]}, later than the day"
    assert word in hand.panel.inner_text()
    assert "1 node stands apart that became part of another" in hand.page.inner_text("#notice")


RECORDED = ["2026-01-05", "2026-02-03", "2026-03-01"]


def recorded(statements: pl.DataFrame) -> pl.DataFrame:
    """The rows as if they had come into the ledger on three days, one after the other."""
    days = [datetime.fromisoformat(day).replace(hour=23, tzinfo=UTC) for day in RECORDED]
    dice = random.Random(7)
    when = [dice.choice(days) for _ in range(statements.height)]
    return statements.with_columns(
        recorded=pl.Series(when, dtype=STATEMENTS["recorded"], strict=False)
    )


def test_the_quarrelsome_corpora_quarrel() -> None:
    found = [edge for seed in range(16) for edge in _edges(seed)]
    assert {edge["status"] for edge in found} >= {"asserted", "retracted", "origin_withdrawn"}
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
        yield row | TAKEN_BACK.get(number, {})
    for number, above in ((0, 0), (1, 0), (3, 2)):  # two voices, each with a part
        yield _row(f"part {number}", declared=True, subject=f"agency:a{number}",
                   predicate="PART_OF", object=f"agency:a{above}")  # fmt: skip
    yield _row("category", declared=True, subject="incident:i0", predicate="category",
               value="military")  # fmt: skip
    for number in range(60):
        yield _valued(number, dice)


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
    if number in (20, 21, 22):  # a retraction taken back, and that taken back again
        pointed["retracts"] = [ids[-1]]
    return _row(
        str(number),
        subject=f"incident:i{dice.randrange(5)}",
        predicate="ATTRIBUTED_TO",
        object=f"group:g{dice.randrange(6)}",
        asserter=None if dice.random() < 0.1 else f"agency:a{dice.randrange(4)}",
        statement=f"s{dice.randrange(40)}",
        negative=dice.random() < 0.15,
        collective=dice.random() < 0.2,
        qualifiers=dice.choice([None, None, None, '{"role":"x"}', '{"role":"y"}']),
        **dict(zip(("valid", "valid_from", "valid_to"), _true(dice), strict=False)),
        hedge="probably" if dice.random() < 0.3 else None,
        confidence=dice.choice([None, "low", "moderate", "high"]),
        likelihood=dice.choice([None, "unlikely", "likely", "almost-certain"]),
        **dates,
        **pointed,
    )


def _true(dice: random.Random) -> tuple[Any, ...]:
    """A day, a time with an open end, or no word on when it was true."""
    start = date(2015, 1, dice.randrange(1, 28))
    closed = (start.isoformat(), start, start)
    return dice.choice([(), (), closed, (f"{start.isoformat()}/..", start, None)])


VALUES = {
    "alias": ["A", "B", "C"], "category": ["cyber", "military"], "url": ["http://a", "http://b"],
    "amount_stolen": ["1", "20", "300"], "occurred": ["2015-02", "2015-02-03", "2016"],
}  # fmt: skip


def _valued(number: int, dice: random.Random) -> dict[str, Any]:
    """A claim of a name, an amount, a category or a day of some incident."""
    predicate = dice.choice(list(VALUES))
    value = dice.choice(VALUES[predicate])
    columns: dict[str, Any] = {"value": value}
    if predicate == "amount_stolen":
        columns |= {"number": float(value), "unit": dice.choice(["USD", "USD", "KRW"])}
        columns["bound"] = dice.choice(["point", "lower", "upper"])
    if predicate == "occurred":
        span = edtf.parse(value)
        columns |= {"valid": value, "valid_from": span.start, "valid_to": span.end}
    said = date(2015, 1, 1) + timedelta(days=dice.randrange(700))
    if dice.random() < 0.9:
        columns |= {"asserted": said.isoformat(), "asserted_from": said, "asserted_to": said}
    return _row(
        f"value {number}",
        subject=f"incident:i{dice.randrange(3)}",
        predicate=predicate,
        asserter=f"agency:a{dice.randrange(4)}",
        statement=f"v{number}",
        negative=dice.random() < 0.1,
        **columns,
    )


def _id(number: int) -> str:
    return claim_id([str(number)], False, False)


def _of_one(negative: bool, by: str, day: date, **link: Any) -> dict[str, Any]:
    links = dict.fromkeys(("derived_from", "retracts", "supersedes", "disputes"))
    return links | {
        "subject": "incident:i0", "predicate": "ATTRIBUTED_TO", "object": "group:g0",
        "negative": negative, "asserter": by, "asserted": day.isoformat(), "asserted_from": day,
        "asserted_to": day, **link,
    }  # fmt: skip


TAKEN_BACK = {
    40: _of_one(False, "agency:a2", date(2015, 2, 1)),
    41: _of_one(False, "agency:a0", date(2015, 2, 2)),
    42: _of_one(True, "agency:a1", date(2015, 3, 1), retracts=[_id(40)]),  # who published it
}
"""A word that is taken back, which another has said too."""


def _row(key: str, **columns: Any) -> dict[str, Any]:
    blank: dict[str, Any] = dict.fromkeys(STATEMENTS)
    made = {"id": claim_id([key], False, False), "source": "quarrel", "collective": False}
    return blank | made | {"declared": False, "negative": False} | columns
