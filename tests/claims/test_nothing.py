"""Fillers are no values, whatever the format, and what happens at nobody is no edge."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.ontology import load


@pytest.fixture
def emit() -> Emitter:
    return Emitter(Source("list", "table"), load())


def told(emit: Emitter) -> set[tuple[str, str]]:
    return {(problem.field, problem.value) for problem in emit.warnings}


def test_a_filler_is_no_value_and_is_told_with_its_count(emit: Emitter) -> None:
    emit.entity("incident:raid", "Raid", category="cyber")
    for number, value in enumerate(("N/A", "N/A", "unknown", "over")):
        emit.claim("incident:raid", "status", value, place=f"raids.csv:{number}")
    frame = emit.finish()
    assert frame.filter(predicate="status")["value"].to_list() == ["over"]
    (twice,) = (p for p in emit.warnings if p.value == "N/A")
    assert twice.place == "raids.csv:0"
    assert twice.message.endswith("left out (2 times)")
    assert emit.notes["fillers left out"] == 3


def test_a_term_of_a_vocabulary_is_a_value(emit: Emitter) -> None:
    emit.entity("incident:test", "Test", category="military")
    emit.claim("incident:test", "outcome", "unknown")
    assert emit.finish().filter(predicate="outcome")["value"].to_list() == ["unknown"]


def test_placeholder_days_are_no_dates(emit: Emitter) -> None:
    emit.entity("group:crew", "Crew")
    emit.entity("state:ZAF", "South Africa")
    emit.entity("document:list", "List", date="9999-12-31")
    emit.claim("group:crew", "first_seen", "1970-01-01T00:00:00Z")
    emit.claim("group:crew", "last_seen", "5138-11-16T09:46:40Z")
    valid = {"a": "1970-01-01/5138-11-16", "b": "2019/9999-12-31", "c": "0001-01-01/2020"}
    for locator, text in valid.items():
        emit.claim("group:crew", "ATTRIBUTED_TO", "state:ZAF", document="document:list",
                   valid=text, locator=locator)  # fmt: skip
    frame = emit.finish()
    assert frame.filter(pl.col("predicate").is_in(["first_seen", "last_seen", "date"])).is_empty()
    edges = frame.filter(predicate="ATTRIBUTED_TO").sort("locator")
    assert edges["valid"].to_list() == [None, "2019/", "/2020"]
    assert edges["asserted"].to_list() == [None] * 3
    assert {"valid", "first_seen", "last_seen", "date"} == {field for field, _ in told(emit)}


def test_people_are_born_on_the_first_day_of_clocks(emit: Emitter) -> None:
    emit.entity("person:ada", "Ada")
    emit.claim("person:ada", "born", "1970-01-01")
    assert emit.finish().filter(predicate="born")["value"].to_list() == ["1970-01-01"]


def test_an_attribution_to_nobody_is_a_fact_about_the_incident(emit: Emitter) -> None:
    emit.entity("organization:lab", "Lab")
    emit.entity("incident:raid", "Raid", category="cyber")
    said: dict[str, Any] = {"asserter": "organization:lab", "place": "raids.csv:3"}
    # Before the entity: what an id stands for may come later in a file.
    emit.claim("incident:raid", "ATTRIBUTED_TO", "group:unknown", **said)
    emit.entity("group:unknown", "Unknown", place="raids.csv:2")
    emit.claim("group:unknown", "alias", "Nemo", **said)
    frame = emit.finish()
    assert "group:unknown" not in {*frame["subject"], *frame["object"]}
    status = frame.filter(predicate="attribution_status").row(0, named=True)
    assert (status["value"], status["asserter"]) == ("not attributed", "organization:lab")
    assert ("name", "Unknown") in told(emit)


def test_who_says_it_may_be_nobody_known(emit: Emitter) -> None:
    emit.entity("organization:na", "n/a")
    emit.entity("incident:raid", "Raid", category="cyber")
    emit.claim("incident:raid", "status", "over", asserter="organization:na")
    (asserter,) = emit.finish().filter(predicate="status")["asserter"]
    assert asserter is None


def test_an_event_without_a_title_is_one_all_the_same(emit: Emitter) -> None:
    emit.entity("incident:7", "Unknown", category="cyber")
    assert emit.finish().filter(predicate="name")["subject"].to_list() == ["incident:7"]


def test_what_a_person_wrote_stands() -> None:
    emit = Emitter(Source("mine", "claims"), load())
    emit.entity("group:unknown", "Unknown")
    emit.claim("group:unknown", "first_seen", "1970-01-01")
    assert emit.finish().height == 2
