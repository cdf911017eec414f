"""What was joined by a dated word that was recorded here later is not one before."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, TypeAlias

import polars as pl
import pytest

from kg.graph.conclude import conclude
from kg.graph.concluded import merged_in
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from tests.identity.worlds import ONTOLOGY, World

FIRST = date(2026, 1, 1)
"""The day on which the records themselves were recorded."""
NAMES = ("Amber", "Birch", "Cedar", "Dune", "Elk")
Word: TypeAlias = tuple[int, int, date, date]
"""Two records of which somebody says on a day that they are one, and when that was recorded."""


def body(words: Iterable[Word]) -> pl.DataFrame:
    """A few records, each in a list of its own and with something said of it, and such words, each
    of another list."""
    world = World()
    ids = [world.group(f"{name.lower()}:{name}") for name in NAMES]
    world.list("above").entity("group:above", "Above All")
    for id, name in zip(ids, NAMES, strict=True):
        said: dict[str, Any] = {
            "asserter": f"organization:{name.lower()}",
            "asserted": "2010-01-01",
        }
        world.list(name.lower()).claim(id, "motive", f"That of {name}", **said)
        world.list(name.lower()).claim(id, "SUBGROUP_OF", "group:above", **said)
    recorded: dict[str, date] = {}
    for number, (one, other, day, when) in enumerate(words):
        by = f"by{number}"
        claim = world.list(by).claim(ids[one], "SAME_AS", ids[other], asserted=day.isoformat(),
                                     asserter=f"organization:{by}")  # fmt: skip
        recorded[claim] = when
    rows = world.statements
    days = [recorded.get(id, FIRST) for id in rows["id"]]
    moments = [datetime.combine(day, datetime.min.time(), UTC) for day in days]
    return rows.with_columns(recorded=pl.Series(moments, dtype=rows.schema["recorded"]))


def concluded(rows: pl.DataFrame) -> Corpus:
    """The corpus of these rows, and of what follows from them of who is who."""
    said = conclude(rows, ONTOLOGY, None).frame.select(rows.columns)
    late = pl.lit(datetime(2030, 1, 1, tzinfo=UTC), rows.schema["recorded"])
    every = pl.concat([rows, said.filter("declared").with_columns(recorded=late)])
    return Corpus.of(every, ONTOLOGY, identity=merged_in(every))


def shape(corpus: Corpus) -> set[tuple[Any, ...]]:
    """Groups with what is said of them, and their edges: told by their records, whatever they go
    by."""
    groups = corpus.graph.nodes["Group"].to_dicts() if "Group" in corpus.graph.nodes else []
    records = {row["id"]: tuple(sorted(row.get("ids") or [row["id"]])) for row in groups}
    found: set[tuple[Any, ...]] = {
        (records[row["id"]], tuple(sorted(row["motive"]))) for row in groups if row.get("motive")
    }
    for (kind, *_), frame in corpus.graph.edges.items():
        for row in frame.iter_rows(named=True):
            if row["from"] in records and row["to"] in records:
                ends = (records[row["from"]], records[row["to"]])
                found.add((kind, *ends, row["support"]))
    return found | {(ids,) for ids in records.values()}


@cache
def by(words: tuple[Word, ...], day: date = date.max) -> Corpus:
    """The corpus of what had been recorded by a day, and of no more."""
    return concluded(body(words).filter(pl.col("recorded").dt.date() <= day))


def check(words: Sequence[Word], known_on: date, as_of: date | None) -> set[tuple[Any, ...]]:
    """Nothing recorded later is seen: as if there were no other rows than those of then."""
    alone = by(tuple(words), known_on)
    seen = shape(by(tuple(words)).under(Lens(as_of=as_of, known_on=known_on)))
    assert seen == shape(alone.under(Lens(as_of=as_of)) if as_of else alone), (words, known_on)
    return seen


D1, D2, D3 = date(2015, 1, 1), date(2016, 1, 1), date(2017, 1, 1)
K1, K2, K3 = date(2026, 2, 1), date(2026, 3, 1), date(2026, 4, 1)


@pytest.mark.parametrize(
    ("words", "known_on", "as_of", "together"),
    [
        # recorded later than the day that is asked for, or by then
        ([(0, 1, D1, K2)], K1, None, []),
        ([(0, 1, D1, K2)], K2, None, ["ab"]),
        # two clocks: said by then, and recorded by then
        ([(0, 1, D2, K1)], K2, D1, []),
        ([(0, 1, D1, K2)], K1, D2, []),
        # a chain whose first word came last
        ([(0, 1, D1, K3), (1, 2, D2, K1)], K2, None, ["bc"]),
        ([(0, 1, D1, K3), (1, 2, D2, K1)], K2, D1, []),
        ([(0, 1, D1, K3), (1, 2, D2, K1)], K3, D1, ["ab"]),
        # three ways round: any two of the words suffice
        ([(0, 1, D1, K1), (1, 2, D2, K2), (0, 2, D3, K2)], K1, None, ["ab"]),
        ([(0, 1, D1, K3), (1, 2, D2, K1), (0, 2, D3, K2)], K2, None, ["abc"]),
        ([(0, 1, D1, K3), (1, 2, D2, K1), (0, 2, D3, K2)], K2, D2, ["bc"]),
        # said twice: what was recorded late had been said before
        ([(0, 1, D1, K3), (1, 0, D3, K1)], K2, D2, []),
        ([(0, 1, D1, K3), (1, 0, D3, K1)], K2, D3, ["ab"]),
    ],
)
def test_what_was_recorded_later_does_not_join(
    words: list[Word], known_on: date, as_of: date | None, together: list[str]
) -> None:
    joined = {
        "".join(id.partition(":")[2][0] for id in ids)
        for ids, *_ in check(words, known_on, as_of)
        if isinstance(ids, tuple) and len(ids) > 1
    }
    assert joined == set(together)


@pytest.mark.parametrize("seed", [0, pytest.param(range(1, 25), marks=pytest.mark.soak)])
def test_two_clocks_of_words_at_random(seed: int | range) -> None:
    for each in seed if isinstance(seed, range) else [seed]:
        dice = random.Random(each)
        days, later = [D1, D2, D3], [FIRST, K1, K2, K3]
        words = []
        for _ in range(dice.randrange(2, 6)):
            one, other = dice.sample(range(len(NAMES)), 2)
            words.append((one, other, dice.choice(days), dice.choice(later)))
        for known_on in later[:-1]:
            for as_of in (None, dice.choice(days)):
                check(words, known_on, as_of)


def test_a_lens_before_a_lens_is_both() -> None:
    corpus = concluded(body([(0, 1, D1, K3), (1, 2, D2, K1), (3, 4, D3, K1)]))
    both = shape(corpus.under(Lens(as_of=D2, known_on=K2)))
    assert shape(corpus.under(Lens(known_on=K2)).under(Lens(as_of=D2))) == both
    assert shape(corpus.under(Lens(as_of=D2)).under(Lens(known_on=K2))) == both
    assert both != shape(corpus.under(Lens(as_of=D2)))


def test_what_the_rules_conclude_counts_on_every_day_of_recording() -> None:
    """Two that the rules join stay one, and so they become one with a third."""
    world = World()
    for key in ("one:Wolf", "two:Fox"):
        world.group(key, "GREY PANDA", "APT99")
    world.group("three:Bear")
    world.list("by").claim("group:two-fox", "SAME_AS", "group:three-bear",
                           asserted="2015-01-01", asserter="organization:by")  # fmt: skip
    rows = world.statements
    late = (pl.col("predicate") == "SAME_AS").replace_strict({True: K2, False: FIRST})
    corpus = concluded(rows.with_columns(recorded=late.cast(rows.schema["recorded"])))
    whole = ("group:one-wolf", "group:three-bear", "group:two-fox")
    assert (whole,) in shape(corpus)
    seen = shape(corpus.under(Lens(known_on=K1)))
    assert {(("group:one-wolf", "group:two-fox"),), (("group:three-bear",),)} <= seen


def test_what_became_one_is_not_mentioned_by_that_alone() -> None:
    """In the middle of the year in which two were said to be one, nobody had spoken of them for
    sure; so they are not in the graph, as they are not on the page."""
    world = World()
    ids = [world.list(name).entity(f"group:{name}", name) for name in ("amber", "birch")]
    world.list("by").claim(ids[0], "SAME_AS", ids[1], asserted="2016",
                           asserter="organization:by")  # fmt: skip
    corpus = concluded(world.statements)
    assert len(shape(corpus)) == 1
    assert shape(corpus.under(Lens(as_of="2016-06-01"))) == set()


def test_what_the_rules_concluded_from_a_word_was_known_with_it() -> None:
    """A name that two records of a list bear is neither's, until the list makes one of them: then a
    third that bears it is theirs, whatever else is recorded later."""
    world = World()
    old, new = (world.group(f"one:{key}", "SLEEPY BEAR", "TA888") for key in ("UNC9999", "APT99"))
    crew, last = world.group("two:Crew", "SLEEPY BEAR", "TA888"), world.group("three:Elk")
    by: dict[str, Any] = {"asserter": "organization:one"}
    world.list("one").claim(old, "SAME_AS", new, asserted="2015-01-01", **by)
    world.list("three").claim(last, "SAME_AS", new, asserted="2016-01-01", **by)
    rows = world.statements
    first = (pl.col("subject") == old) & (pl.col("predicate") == "SAME_AS")
    third = (pl.col("subject") == last) & (pl.col("predicate") == "SAME_AS")
    when = pl.when(first).then(K1).when(third).then(K2).otherwise(FIRST)
    corpus = concluded(rows.with_columns(recorded=when.cast(rows.schema["recorded"])))
    whole = corpus.under(Lens(known_on=K2))
    assert {ids for ids, *_ in shape(whole)} == {tuple(sorted((old, new, crew, last)))}
    known = {ids for ids, *_ in shape(corpus.under(Lens(known_on=K1)))}
    assert known == {tuple(sorted((old, new, crew))), (last,)}
    assert {ids for ids, *_ in shape(corpus.under(Lens(known_on=FIRST)))} == {
        (old,), (new,), (crew,), (last,)
    }  # fmt: skip
