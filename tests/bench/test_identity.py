"""The gold set of identity is what it says it is, and kg stands up to it."""

from __future__ import annotations

from collections import Counter

import pytest

from bench.identity import RELATIONS, Pair, answer, gold, score, union
from kg.identity import Identity
from tests.loaders.loading import of_three_lists
from tests.machine import Once


@pytest.fixture(scope="module")
def pairs() -> list[Pair]:
    return gold()


@pytest.fixture(scope="module")
def identity(once: Once) -> Identity:
    return of_three_lists(once)


def test_each_pair_stands_once_with_the_source_that_decides_it(pairs: list[Pair]) -> None:
    assert len(pairs) >= 300
    assert len({frozenset((pair.a, pair.b)) for pair in pairs}) == len(pairs)
    assert {pair.source for pair in pairs} == {"attack", "misp", "microsoft"}
    assert all(pair.where and len(pair.because) > 10 for pair in pairs)
    assert {pair.relation for pair in pairs} == set(RELATIONS)


def test_the_halves_are_alike_and_stay_what_they_are(pairs: list[Pair]) -> None:
    halves = {half: [p for p in pairs if p.half == half] for half in ("develop", "report")}
    for relation in RELATIONS:
        counts = [sum(p.relation == relation for p in half) for half in halves.values()]
        assert min(counts) > 10
    turned = pairs[0]._replace(a=pairs[0].b, b=pairs[0].a)
    assert turned.half == pairs[0].half


def test_kg_joins_nothing_that_must_stay_apart_and_finds_most(
    identity: Identity, pairs: list[Pair]
) -> None:
    found = score(lambda pair: answer(identity, pair) == "same", pairs)
    assert found.precision == 1
    assert found.recall > 0.9
    assert score(union(identity), pairs).precision < 0.8


def test_kg_tells_parts_and_what_is_apart(identity: Identity, pairs: list[Pair]) -> None:
    said = Counter((pair.relation, answer(identity, pair)) for pair in pairs)
    for relation in ("distinct", "part_of"):
        asked = sum(pair.relation == relation for pair in pairs)
        assert said[relation, relation] > 0.9 * asked
    assert said["contested", "same"] == 0
