"""A FollowTheMoney file that is loaded and written again says the same as before."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.exports import export
from kg.graph.corpus import Corpus
from tests.exports.test_exports import loaded

ENTITIES: list[dict[str, object]] = [
    {"id": "NK-aB", "schema": "Person", "datasets": ["aa"],
     "properties": {"name": ["Ada Test"], "alias": ["A. Test"], "birthDate": ["1970-01-01"],
                    "nationality": ["kp"]}},
    {"id": "b-2", "schema": "Person", "datasets": ["aa"],
     "properties": {"name": ["Bo Test"], "alias": ["B. Test"], "keywords": ["TLP:AMBER"]}},
    {"id": "c.1", "schema": "Company", "datasets": ["aa"],
     "properties": {"name": ["Test Boats"], "country": ["kp"], "notes": ["It builds boats."]}},
    {"id": "o-1", "schema": "Ownership", "datasets": ["aa"],
     "properties": {"owner": ["NK-aB"], "asset": ["c.1"], "startDate": ["2014"],
                    "endDate": ["2016-05"]}},
    {"id": "u-1", "schema": "UnknownLink", "datasets": ["aa"],
     "properties": {"subject": ["NK-aB"], "object": ["c.1"], "role": ["captain"]}},
    {"id": "s-1", "schema": "Sanction", "datasets": ["aa"],
     "properties": {"entity": ["c.1"], "authority": ["Finance"], "program": ["P1"],
                    "listingDate": ["2020-02"], "startDate": ["2020-03-01"],
                    "reason": ["It sells boats."],
                    "summary": ["marking: TLP:RED", "legal basis: Law 5"]}},
]  # fmt: skip

ENDS = ("sanction:ftm-s-1", "person:ftm-NK-aB", "person:ftm-b-2", "organization:ftm-c.1")


@pytest.fixture
def twice(tmp_path: Path) -> tuple[Corpus, Corpus]:
    """The corpus, and that of its own export."""
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
    file = tmp_path / "one" / "a.jsonl"
    file.write_text("\n".join(map(json.dumps, ENTITIES)))
    one = loaded("ftm", file, tmp_path / "one")
    export(one, "ftm", tmp_path / "other" / "b.jsonl")
    return one, loaded("ftm", tmp_path / "other" / "b.jsonl", tmp_path / "other")


def said(corpus: Corpus) -> set[tuple[str | None, ...]]:
    columns = ("subject", "predicate", "object", "value", "valid", "marking", "qualifiers")
    return {row for row in corpus.claims.select(columns).iter_rows() if row[0] in ENDS}


def test_what_followthemoney_can_hold_comes_back(twice: tuple[Corpus, Corpus]) -> None:
    one, other = twice
    assert said(other) == said(one)
    assert set(ENDS) <= other.names.keys()


def test_a_marking_is_not_lost(twice: tuple[Corpus, Corpus], tmp_path: Path) -> None:
    red = [corpus.claims.filter(marking="TLP:RED")["predicate"].to_list() for corpus in twice]
    assert sorted(red[0]) == sorted(red[1])
    assert "DESIGNATES" in red[0]
    amber = [corpus.claims.filter(marking="TLP:AMBER")["value"].to_list() for corpus in twice]
    assert amber == [["B. Test"], ["B. Test"]]
    report = export(twice[0], "ftm", tmp_path / "c.jsonl")
    assert any("TLP:RED" in sentence for sentence in report.lost)


def test_a_year_stays_a_year(twice: tuple[Corpus, Corpus]) -> None:
    owned = twice[1].claims.filter(predicate="OWNED_BY")["valid"].to_list()
    assert owned == ["2014/2016-05"]
