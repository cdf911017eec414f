"""What is concluded from the records that have to do with others is all that is concluded."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.base.errors import UsageError
from kg.base.settings import shipped
from kg.claims.columns import empty
from kg.graph import conclude
from kg.graph.conclude import identity_of
from kg.graph.link import link
from kg.identity import claims_of, names, records, resolve
from kg.identity.judgements import Judgement
from kg.identity.related import keys
from kg.ontology import load as ontology
from kg.pipeline.read import seeds


@pytest.fixture(scope="module")
def rows() -> pl.DataFrame:
    """All that ships with the project."""
    batches = seeds([shipped("seed")], ontology())
    return link(pl.concat([empty(), *(batch.frame.drop("place") for batch in batches)]))


def concluded(
    rows: pl.DataFrame, judged: Sequence[Judgement], asked: Sequence[str] | None
) -> object:
    try:
        found = resolve(rows, ontology(), judged, asked)
    except UsageError as why:
        return str(why)
    return (
        found.mapping,
        found.records.publishers,
        claims_of(found, ontology()).sort("id").to_dicts(),
    )


def edited(rows: pl.DataFrame, chance: random.Random) -> pl.DataFrame:
    """Some of the rows, with names changed for those of others."""
    some = rows.sample(fraction=chance.uniform(0.2, 1.0), seed=chance.randrange(1_000))
    called = some.filter(pl.col("predicate").is_in(["name", "alias"]))["value"].unique().sort()
    told = [name for name in called.to_list() if name]
    marks = ["Subgroup: ", "attack:", "The ", "", "", ""]
    others = [chance.choice(marks) + chance.choice(told) for _ in range(some.height)]
    changes = [chance.random() < 0.1 for _ in range(some.height)]
    naming = pl.col("predicate").is_in(["name", "alias", "subgroup_name", "codes"])
    return some.with_columns(
        value=pl.when(naming & pl.Series(changes)).then(pl.Series(others)).otherwise("value")
    )


def judgements(rows: pl.DataFrame, chance: random.Random) -> Iterator[Judgement]:
    """People's words on some pairs of groups."""
    groups = sorted({id for id in rows["subject"] if id.startswith("group:")})
    for _ in range(min(3, len(groups) // 2)):
        one, other = chance.sample(groups, 2)
        yield Judgement(one, other, chance.choice(["same", "part-of", "distinct"]), "a test")


def compared(rows: pl.DataFrame, number: int) -> None:
    chance = random.Random(number)
    some = edited(rows, chance)
    judged = sorted(judgements(some, chance)) if chance.random() < 0.5 else []
    assert concluded(some, judged, ()) == concluded(some, judged, None), number


def test_of_the_seed_the_same_is_concluded(rows: pl.DataFrame) -> None:
    part, whole = resolve(rows, ontology(), (), ()), resolve(rows, ontology())
    assert claims_of(part, ontology()).sort("id").equals(claims_of(whole, ontology()).sort("id"))
    assert len(part.records.by_id) < len(whole.records.by_id) / 2


# 1134 has a number whose coiner nobody knows, 1188 a meeting that is called a sub-group.
@pytest.mark.parametrize("number", [0, 1, 2, 1134, 1188])
def test_of_any_rows_the_same_is_concluded(rows: pl.DataFrame, number: int) -> None:
    compared(rows, number)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(300))
def test_three_hundred_times_the_same_is_concluded(rows: pl.DataFrame, number: int) -> None:
    compared(rows, 1_000 + number)


@pytest.mark.parametrize("order", [1, 2])
def test_the_order_of_rows_tells_nothing(rows: pl.DataFrame, order: int) -> None:
    shuffled = rows.sample(fraction=1.0, shuffle=True, seed=order)
    assert concluded(shuffled, (), ()) == concluded(rows, (), ())


def test_who_shares_a_name_is_needed(rows: pl.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = concluded(rows, (), None)
    linked = lambda live, _, links, __: live.filter(pl.col("predicate").is_in(links))["subject"]  # noqa: E731
    monkeypatch.setattr(records, "related", linked)
    assert concluded(rows, (), ()) != whole


@given(st.lists(st.text(st.characters(codec="utf-8"), max_size=12)))
def test_a_key_is_that_of_names(written: list[str]) -> None:
    assert keys(pl.Series(written, dtype=pl.String)).to_list() == [*map(names.key, written)]


def test_other_spellings_have_one_key() -> None:
    written = pl.Series(["DEV-0586", "dev 0586", "Storm-0586", "storm0586"])
    assert keys(written).to_list() == [*map(names.key, written)]


@given(st.lists(st.text("thegroupam T-_.1devstorm", max_size=16)))
def test_a_simple_key_is_that_of_names(written: list[str]) -> None:
    assert keys(pl.Series(written, dtype=pl.String)).to_list() == [*map(names.key, written)]


def test_of_documents_nothing_tells_who_is_who(
    rows: pl.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    groups = rows.filter(pl.col("subject").str.starts_with("group:") & pl.col("declared"))
    named = pl.col("subject").str.starts_with("document:") & (pl.col("predicate") == "name")
    called = pl.when(named).then(pl.lit(groups.filter(predicate="name")["value"].sort()[0]))
    alike = rows.with_columns(value=called.otherwise("value"))
    found = identity_of(alike, ontology(), None, ())
    monkeypatch.setattr(conclude, "_mute", lambda _: [])
    whole = identity_of(alike, ontology(), None, ())
    assert claims_of(found, ontology()).sort("id").equals(claims_of(whole, ontology()).sort("id"))
    assert "document" in rows["subject"].str.extract("^([^:]*)").to_list()
