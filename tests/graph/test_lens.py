"""Lenses: the same projection over fewer claims, which never touches what is stored."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import polars as pl
import pytest

import kg
from kg.base.errors import UsageError
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from kg.graph.link import link, one_body
from kg.ontology import load as ontology
from tests.claimed import CAST, corpus, edge, frame, node
from tests.graph.test_projection import BLAMES, TRIPLE

SAID = f"""
- {{ref: said, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
- {{asserter: organization:vendor, document: document:later, retracts: said,
   denies: [incident:theft, ATTRIBUTED_TO, group:dusk]}}
- {{asserter: agency:treasury, document: document:undated,
   says: [incident:theft, ATTRIBUTED_TO, group:day]}}
- {{asserter: agency:treasury, document: document:some-day,
   says: [incident:leak, ATTRIBUTED_TO, group:day]}}
- {{asserter: organization:press, document: document:later,
   says: [incident:theft, TARGETED, organization:victim]}}
"""


def attributed(of: Corpus) -> set[tuple[str, str, str]]:
    rows = of.graph.edges_of("ATTRIBUTED_TO").to_dicts()
    return {(row["from"], row["to"], row["status"]) for row in rows}


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2018-02-28", set()),
        ("2018-03-01", {("incident:theft", "group:night", "asserted")}),
        # Somebody said it on some day of 2018: only on its last day had it surely been said.
        ("2018-12-30", {("incident:theft", "group:night", "asserted")}),
        (
            "2018",
            {
                ("incident:theft", "group:night", "asserted"),
                ("incident:leak", "group:day", "asserted"),
            },
        ),
        (
            "2019-06",
            {
                ("incident:theft", "group:night", "retracted"),
                ("incident:leak", "group:day", "asserted"),
            },
        ),
    ],
)
def test_as_of_counts_what_was_said_by_then_and_not_taken_back_by_then(
    day: str, expected: set[tuple[str, str, str]]
) -> None:
    assert attributed(corpus(SAID, as_of=day)) == expected


def test_what_nobody_dated_is_no_ones_knowledge_of_a_day() -> None:
    assert ("incident:theft", "group:day", "asserted") in attributed(corpus(SAID))
    assert ("incident:theft", "group:day", "asserted") not in attributed(corpus(SAID, as_of="2030"))


def test_according_to_leaves_one_voice() -> None:
    found = corpus(SAID, according_to="agency:treasury")
    assert {pair[:2] for pair in attributed(found)} == {
        ("incident:theft", "group:day"),
        ("incident:leak", "group:day"),
    }
    assert set(found.claims["asserter"]) == {"agency:treasury"}


def test_both_sides_of_a_lens_hold_at_once() -> None:
    found = corpus(SAID, according_to="agency:treasury", as_of="2020")
    assert attributed(found) == {("incident:leak", "group:day", "asserted")}
    assert found.date == date(2018, 12, 31)


def test_a_repeat_whose_origin_is_out_of_sight_speaks_for_itself() -> None:
    claims = f"""
    - {{ref: a, asserter: organization:vendor, document: document:later, says: {TRIPLE}}}
    - {{asserter: organization:press, document: document:paper, derived_from: a, says: {TRIPLE}}}
    - {{asserter: agency:treasury, document: document:paper, derived_from: a, says: {TRIPLE}}}
    """
    assert edge(corpus(claims), *BLAMES)["asserters"] == 1
    assert edge(corpus(claims, as_of="2018-12-31"), *BLAMES)["asserters"] == 2


def test_a_denial_disputes_only_where_it_is_seen() -> None:
    claims = f"""
    - {{asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    - {{asserter: state:KOR, document: document:later, denies: {TRIPLE}}}
    """
    assert edge(corpus(claims), *BLAMES)["disputed"]
    assert not edge(corpus(claims, as_of="2018-12-31"), *BLAMES)["disputed"]
    assert corpus(claims, according_to="state:KOR").graph.edges_of("ATTRIBUTED_TO").is_empty()


def test_roles_are_those_of_the_whole_ledger() -> None:
    seen = corpus(
        SAID + f"- {{document: document:paper, says: {TRIPLE}, asserter: organization:victim}}",
        according_to="organization:victim",
    )
    assert node(seen, "organization:victim")["roles"] == ["Source", "Victim"]
    assert seen.graph.edges_of("TARGETED").is_empty()


def test_who_is_one_stays_one_under_a_lens() -> None:
    seen = corpus(SAID, identity={"group:day": "group:dusk"}, according_to="agency:treasury")
    assert ("incident:leak", "group:dusk", "asserted") in attributed(seen)


def test_a_lens_equals_a_graph_of_only_these_claims() -> None:
    rows = one_body(link(frame(SAID)))
    seen = Corpus.of(rows, ontology(), lens=Lens(as_of="2018-12-31"))
    only = pl.col("declared") | (pl.col("asserted_to") <= date(2018, 12, 31)).fill_null(False)
    built = Corpus.of(rows.filter(only), ontology())
    for key, edges in seen.graph.edges.items():
        assert edges.equals(built.graph.edges[key]), key
    claims = seen.graph.nodes["Claim"]
    assert claims.equals(built.graph.nodes["Claim"].select(claims.columns))
    for kind, nodes in seen.graph.nodes.items():
        whole = built.graph.nodes[kind]
        assert set(nodes["id"]) <= set(whole["id"])


@pytest.mark.parametrize("day", ["yesterday", "2018-02-30", "2018/..", "", "2019/2018"])
def test_a_day_that_is_none_is_refused(day: str) -> None:
    with pytest.raises(UsageError, match="--as-of"):
        corpus(SAID, as_of=day)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    (tmp_path / "cast.yaml").write_text(CAST + SAID.replace("\n-", "\n -"), encoding="utf-8")
    with kg.open(str(tmp_path / "g.kgl")) as graph:
        graph.build([tmp_path / "cast.yaml"])
    return tmp_path


def bytes_of(folder: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_lens_never_changes_what_is_stored(stored: Path) -> None:
    before = bytes_of(stored)
    count = "MATCH (:Incident)-[r:ATTRIBUTED_TO]->(:Group) RETURN count(r) AS n"
    with kg.open(str(stored / "g.kgl")) as graph:
        assert graph.query(count)[0]["n"] == 3
        assert graph.query(count, as_of="2018-03-01")[0]["n"] == 1
        assert graph.query(count, according_to="The Treasury")[0]["n"] == 2
        assert graph.query(count, according_to="agency:treasury", as_of="2018")[0]["n"] == 1
        graph.explain("incident:theft", as_of="2018-03-01")
        graph.networkx(as_of="2018-03-01")
        assert graph.query(count)[0]["n"] == 3
    assert bytes_of(stored) == before


def test_an_asserter_is_found_by_id_or_name_and_a_near_miss_is_offered(stored: Path) -> None:
    with kg.open(str(stored / "g.kgl")) as graph:
        assert graph.corpus(according_to="the treasury").lens.according_to == "agency:treasury"
        with pytest.raises(UsageError, match="The Treasury"):
            graph.corpus(according_to="The Tresury")
        with pytest.raises(UsageError, match="asserts nothing"):
            graph.corpus(according_to="incident:theft")
        with pytest.raises(UsageError, match="asserts nothing"):
            graph.corpus(according_to="group:night")
