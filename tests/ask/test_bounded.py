"""What a source hedges, bounds or dates loosely stays so wherever it is printed."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.cli.terminal import Terminal

FIGURES = """
documents:
- {id: document:a, name: Page A, published_by: organization:a, date: 2020-03}
- {id: document:b, name: Page B, published_by: organization:b, date: 2020-04-10}
- {id: document:c, name: Page C, published_by: organization:c}
entities:
  organization:a: A
  organization:b: B
  organization:c: C
  group:night: Night Group
  group:day: Day Group
  software:raid: Raid
  sector:banks: Banks
  incident:raid: {name: Raid, category: cyber}
  incident:theft: {name: Theft, category: cyber}
claims:
- {asserter: organization:a, document: document:a, says: [incident:raid, amount_stolen, 10000000]}
- asserter: organization:b
  document: document:b
  hedge: about
  says: [[incident:raid, amount_stolen, 12000000], [incident:theft, count, 40]]
- asserter: organization:c
  document: document:c
  bound: lower
  says: [incident:raid, amount_stolen, 11000000]
- asserter: organization:a
  document: document:a
  says: [[incident:raid, ATTRIBUTED_TO, group:night], [incident:raid, occurred, 2019-09-10]]
- asserter: organization:b
  document: document:b
  says:
  - [incident:raid, ATTRIBUTED_TO, group:night, {asserted: "2019"}]
  - [incident:raid, occurred, "2019-09-10T06:53+09:00"]
  - [group:day, TARGETS_SECTOR, sector:banks, {collective: true}]
  - [group:night, TARGETS_SECTOR, sector:banks, {collective: true}]
- asserter: organization:c
  document: document:c
  denies: [incident:raid, ATTRIBUTED_TO, group:night]
"""


@pytest.fixture
def graph(tmp_path: Path) -> kg.KnowledgeGraph:
    file = tmp_path / "claims.yaml"
    file.write_text(FIGURES)
    graph = kg.open(tmp_path / "kg.kgl")
    graph.build(file)
    return graph


def one(graph: kg.KnowledgeGraph, cypher: str) -> dict[str, Any]:
    (row,) = graph.query(cypher)
    return row


def test_bound_unit_and_hedge_stand_beside_the_value_of_a_node(graph: kg.KnowledgeGraph) -> None:
    raid = one(graph, "MATCH (i:Incident {id: 'incident:raid'}) RETURN i")["i"]
    assert raid["amount_stolen"] == 12000000
    assert (raid["amount_stolen_unit"], raid["amount_stolen_hedge"]) == ("USD", "about")
    assert "amount_stolen_bound" not in raid, "a point is the value itself"
    theft = one(graph, "MATCH (i:Incident {id: 'incident:theft'}) RETURN i")["i"]
    assert (theft["count"], theft["count_hedge"]) == (40, "about")
    plain = graph.networkx().nodes["incident:raid"]
    assert plain["amount_stolen_hedge"] == "about"


def test_nothing_prints_a_figure_without_its_bound(
    graph: kg.KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Terminal().explanation(graph.explain("incident:raid"))
    lines = capsys.readouterr().out.splitlines()
    lines += [row["n"] for row in graph.query("MATCH (c:Claim) RETURN c.name AS n")]
    lines += [row["value"] for row in graph.query("conflicting_claims")]
    graph.export("stix", tmp_path / "out.json")
    lines += (tmp_path / "out.json").read_text().splitlines()
    bounded = [line for line in lines if "11,000,000" in line]
    assert len(bounded) == 4
    assert all("at least 11,000,000 USD" in line for line in bounded), bounded
    hedged = [line for line in lines if "12,000,000" in line]
    assert len(hedged) == 4
    assert all("about 12,000,000 USD" in line for line in hedged), hedged


def test_who_said_it_in_2019_said_it_somewhen_in_2019(graph: kg.KnowledgeGraph) -> None:
    edge = one(
        graph,
        "MATCH (:Incident)-[r:ATTRIBUTED_TO]->(:Group) RETURN toString(r.first_asserted) AS a,"
        " toString(r.first_asserted_latest) AS b, toString(r.last_asserted_earliest) AS c,"
        " toString(r.last_asserted) AS d",
    )
    assert list(edge.values()) == ["2019-01-01", "2019-12-31", "2020-03-01", "2020-03-31"]
    data = graph.networkx().edges["incident:raid", "group:night", "ATTRIBUTED_TO"]
    assert data["first_asserted_latest"] == date(2019, 12, 31)


def test_a_day_and_a_time_that_may_be_on_it_are_no_conflict(graph: kg.KnowledgeGraph) -> None:
    assert [row["predicate"] for row in graph.query("conflicts")] == ["amount_stolen"]
    assert one(graph, "MATCH (i:Incident {id: 'incident:raid'}) RETURN i.conflicts AS c") == {
        "c": ["amount_stolen"]
    }


PAIRS = (
    ("2019-09-09", "2019-09-09T21:53Z", False),
    ("2019-09-10", "2019-09-09T21:53Z", False),
    ("2019-09-11", "2019-09-09T21:53Z", True),
    ("2019-09-08", "2019-09-09T21:53Z", True),
    ("2019-09-08", "2019-09-09T11:59Z", False),
    ("2019-09", "2019-09-09T21:53Z", False),
    ("2019-09-09T20:53Z", "2019-09-09T21:53Z", True),
    ("2019-09-09T21:53Z", "2019-09-10T06:53+09:00", False),
    ("2019-09", "2019-09-30", False),
    ("2019-09", "2019-10-01", True),
    ("../2018", "2018-06-01T10:00Z", False),
    ("../2018", "2019", True),
)
"""Two dates of one incident, and whether no time is in both."""


@pytest.fixture(scope="module")
def dated(tmp_path_factory: pytest.TempPathFactory) -> kg.KnowledgeGraph:
    """An incident for each pair."""
    folder = tmp_path_factory.mktemp("dated")
    text = FIGURES[: FIGURES.index("claims:")] + "".join(
        f"  incident:pair-{n}: {{name: Pair {n}, category: cyber}}\n" for n in range(len(PAIRS))
    )
    text += "claims:\n" + "".join(
        f'- {{asserter: organization:{who}, says: [incident:pair-{n}, occurred, "{day}"]}}\n'
        for n, pair in enumerate(PAIRS)
        for who, day in zip("ab", pair, strict=False)
    )
    (folder / "claims.yaml").write_text(text)
    graph = kg.open(folder / "kg.kgl")
    graph.build(folder / "claims.yaml")
    return graph


@pytest.mark.parametrize("number", range(len(PAIRS)), ids=lambda n: str(PAIRS[n]))
def test_dates_conflict_where_no_time_is_in_both(dated: kg.KnowledgeGraph, number: int) -> None:
    *_, apart = PAIRS[number]
    held = {
        row["id"]: row["conflicts"]
        for row in dated.corpus().graph.nodes["Incident"].select("id", "conflicts").to_dicts()
    }
    assert bool(held[f"incident:pair-{number}"]) == apart
    assert (f"Pair {number}" in {row["subject"] for row in dated.query("conflicts")}) == apart


def test_questions_name_the_object_and_who_claims_it(graph: kg.KnowledgeGraph) -> None:
    rows = list(graph.query("disputed_claims"))
    assert {(r["object"], r["claimed_by"], r["disputed_by"]) for r in rows} == {
        ("Night Group", "A", "C"),
        ("Night Group", "B", "C"),
    }
    rows = list(graph.query("sectors_claimed", group="Day Group"))
    assert [(r["sector"], r["together"]) for r in rows] == [("Banks", True)]
    similar = graph.analyze("group_similarity").rows
    assert [row["targets_said_together"] for row in similar] == [1]


def test_a_question_takes_a_name_as_explain_does(graph: kg.KnowledgeGraph) -> None:
    by_id = list(graph.query("who_attributes", incident="incident:raid"))
    assert by_id
    for word in ("Raid", "raid"):
        assert list(graph.query("who_attributes", incident=word)) == by_id
    with pytest.raises(kg.KgError, match="did you mean"):
        graph.query("who_attributes", incident="Rajd")
