"""Identity obeys the clocks: what is one by somebody's word of a day is one from that day on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg.graph.conclude import conclude
from kg.graph.concluded import merged_in
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from kg.identity import claims_of
from kg.ledger.ledger import Ledger
from tests.identity.worlds import ONTOLOGY, World

SAID: dict[str, Any] = {"asserter": "organization:one", "asserted": "2019-01-01"}


@pytest.fixture
def world() -> World:
    """A list that had two actors and made one of them on a day; another list that has both."""
    made = World()
    old = made.group("one:UNC9999", "SLEEPY BEAR", "TA888")
    new = made.group("one:APT99", "UNC9999", "GREY PANDA")
    made.group("two:Crew", "SLEEPY BEAR", "TA888")
    made.list("one").claim(old, "SAME_AS", new, asserter="organization:one", asserted="2021-05-04")
    for id in (old, new, "group:two-crew"):
        emit = made.list("two" if "two" in id else "one")
        emit.claim(id, "motive", f"of {id}", **SAID)  # something that had been said by 2019
    return made


def rows(world: World, folder: Path) -> pl.DataFrame:
    given = world.statements
    concluded = conclude(given, ONTOLOGY, Ledger(folder / "kg.ledger")).frame
    return pl.concat([given, concluded.select(given.columns)])


def groups(statements: pl.DataFrame, day: str | None) -> dict[str, list[str]]:
    """Id → all ids of each group that the graph has, as of a day."""
    whole = Corpus.of(statements, ONTOLOGY, identity=merged_in(statements))
    graph = (whole.under(Lens(as_of=day)) if day else whole).graph
    nodes = graph.nodes["Group"].select("id", "ids").rows()
    return {id: sorted(ids or [id]) for id, ids in nodes}


def test_two_are_one_from_the_day_on_which_it_was_said(world: World, tmp_path: Path) -> None:
    statements = rows(world, tmp_path)
    one = ["group:one-apt99", "group:one-unc9999", "group:two-crew"]
    assert groups(statements, None) == {"group:one-apt99": one}
    assert groups(statements, "2021-05-04") == {"group:one-apt99": one}
    assert groups(statements, "2021-05-03") == {
        "group:one-apt99": ["group:one-apt99"],
        "group:one-unc9999": ["group:one-unc9999", "group:two-crew"],
    }


def test_no_edge_of_a_later_day_stands_between_the_two(world: World, tmp_path: Path) -> None:
    statements = rows(world, tmp_path)
    whole = Corpus.of(statements, ONTOLOGY, identity=merged_in(statements))
    assert whole.under(Lens(as_of="2020")).graph.edges_of("SAME_AS").is_empty()


def test_what_the_rules_conclude_has_no_date_and_says_so(tmp_path: Path) -> None:
    world = World()
    first = world.group("one:Wolf", "GREY PANDA", "APT99")
    second = world.group("two:Fox", "GREY PANDA", "APT99")
    for name, id in (("one", first), ("two", second)):
        world.list(name).claim(id, "motive", "Espionage", **SAID)
    statements = rows(world, tmp_path)
    assert list(groups(statements, "2019-06-01")) == ["group:one-wolf"]
    said = claims_of(world.resolve(), ONTOLOGY).filter(pl.col("predicate") == "SAME_AS")
    assert said["asserted"].to_list() == [None]
    assert said["summary"][0].endswith("which has no date: it counts on every day")


def test_a_join_by_a_dated_word_says_from_when(world: World) -> None:
    said = claims_of(world.resolve(), ONTOLOGY).filter(pl.col("predicate") == "SAME_AS")
    ends = said.filter(pl.col("subject") == "group:one-apt99")["summary"].to_list()
    assert next(text.rpartition("; ")[2] for text in ends) == "counts from 2021-05-04 on"
