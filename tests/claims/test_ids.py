"""What makes two claims one: their identifying parts, and nothing else."""

from __future__ import annotations

from typing import Any

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from kg.claims.columns import IDENTIFYING, claim_id
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.ontology import load as ontology

PART = st.one_of(st.none(), st.text(max_size=4), st.sampled_from(["\x1f", "\x1f\x1f", "null", ","]))
PARTS = st.tuples(*[PART] * len(IDENTIFYING))


@given(one=PARTS, other=PARTS, negative=st.booleans(), declared=st.booleans())
def test_ids_are_equal_just_where_all_parts_are(
    one: tuple[str | None, ...], other: tuple[str | None, ...], negative: bool, declared: bool
) -> None:
    id = claim_id(one, negative, declared)
    assert id == claim_id(list(one), negative, declared)
    assert (id == claim_id(other, negative, declared)) == (one == other)
    assert id != claim_id(one, not negative, declared)
    assert id != claim_id(one, negative, not declared)


@given(parts=PARTS, at=st.integers(0, len(IDENTIFYING) - 2))
def test_what_stands_in_one_part_is_not_what_stands_in_the_next(
    parts: tuple[str | None, ...], at: int
) -> None:
    swapped = list(parts)
    swapped[at], swapped[at + 1] = swapped[at + 1], swapped[at]
    same = claim_id(parts, False, False) == claim_id(swapped, False, False)
    assert same == (parts[at] == parts[at + 1])


def emitted(source: str = "one", **given: Any) -> str:
    emit = Emitter(Source(source), ontology())
    base: dict[str, Any] = {
        "subject": "incident:theft",
        "predicate": "amount_stolen",
        "target": "5",
        "asserter": "organization:vendor",
        "document": "document:paper",
        "valid": "2018",
        "unit": "USD",
        "bound": "point",
    }
    fields = base | given
    triple = (fields.pop("subject"), fields.pop("predicate"), fields.pop("target"))
    id = emit.claim(*triple, **fields)
    assert emit.finish()["id"].to_list() == [id]
    return id


def test_confidence_wording_place_source_and_time_of_recording_do_not_matter() -> None:
    id = emitted()
    changes: dict[str, Any] = {
        "confidence": "high",
        "likelihood": "likely",
        "reliability": "A",
        "credibility": "1",
        "hedge": "perhaps",
        "summary": "In other words",
        "quote": "five",
        "paragraph": 3,
        "statement": "s",
        "ref": "r",
        "asserted": "2019",
        "status": "retracted",
        "derived_from": ["claim:0"],
        "source": "two",
        "place": "elsewhere:1",
        "target": "5.0",
    }
    for name, value in changes.items():
        assert emitted(**{name: value}) == id, name


def test_each_identifying_part_matters() -> None:
    changes: dict[str, Any] = {
        "subject": "incident:leak",
        "predicate": "amount_attempted",
        "target": "6",
        "asserter": "agency:treasury",
        "document": "document:later",
        "valid": "2019",
        "unit": "EUR",
        "bound": "lower",
        "negative": True,
    }
    ids = [emitted(), *(emitted(**{name: value}) for name, value in changes.items())]
    ids += [emitted(asserter=None), emitted(valid=None), emitted(document=None)]
    assert len(set(ids)) == len(ids)
    assert set(IDENTIFYING) - {"object", "value"} < set(changes)


@given(order=st.permutations(range(6)))
def test_the_order_of_claims_does_not_matter(order: list[int]) -> None:
    emit = Emitter(Source("one"), ontology())
    by_number = {n: emit.claim("incident:theft", "count", str(n)) for n in order}
    again = Emitter(Source("one"), ontology())
    assert by_number == {n: again.claim("incident:theft", "count", str(n)) for n in range(6)}
    assert emit.finish().sort("id").equals(again.finish().sort("id"))


def test_a_declaration_and_a_claim_of_the_same_are_two() -> None:
    emit = Emitter(Source("one"), ontology())
    emit.entity("agency:treasury", "Treasury", part_of="state:USA")
    emit.claim("agency:treasury", "PART_OF", "state:USA")
    rows = emit.finish().filter(pl.col("predicate") == "PART_OF")
    assert rows["declared"].sort().to_list() == [False, True]
    assert rows["id"].n_unique() == 2
