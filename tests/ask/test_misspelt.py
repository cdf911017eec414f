"""A label or type that nothing here has is told where an answer finds nothing."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.ask.misnamed import misspelt
from kg.base.errors import UsageError
from kg.ontology import load as ontology
from kg.ontology.derive import one_kind
from tests.command import run


@pytest.mark.parametrize(
    ("cypher", "told"),
    [
        ("MATCH (g:Grup) RETURN g.name", ["no node has the label Grup; did you mean 'Group'?"]),
        (
            "MATCH (:Incident)-[:ATTRIBUTED_T]->(b) RETURN count(b) AS n",
            ["no relationship has the type ATTRIBUTED_T; did you mean 'ATTRIBUTED_TO'?"],
        ),
        ("MATCH (l:Person:Leadr) RETURN l",
         ["no node has the label Leadr; did you mean 'Leader'?"]),
        ("MATCH (a)-[r:USED|TARGETD*1..3]-(b) RETURN r",
         ["no relationship has the type TARGETD; did you mean 'TARGETED'?"]),
        ("MATCH (g:`Group`) WHERE g.name = '(x:Nobody)' RETURN g // (y:None)", []),
        ("MATCH (g:Group {id: $id}) RETURN g", []),
    ],
)  # fmt: skip
def test_what_nothing_is_called_is_told_with_the_nearest(cypher: str, told: list[str]) -> None:
    assert list(misspelt(cypher, ontology())) == told


def test_an_answer_that_finds_nothing_brings_it(tmp_path: Path) -> None:
    file = Path(__file__).parents[1] / "briefs" / "ach" / "tv5monde.yaml"
    with kg.open(tmp_path / "kg.kgl") as graph:
        quiet = tmp_path / "quiet.yaml"
        quiet.write_text(
            "document: {id: document:quiet, name: Quiet}\n"
            "entities: {agreement:quiet: Quiet agreement, state:NZL: New Zealand}\n"
            "claims: [{denies: [state:NZL, PARTY_TO, agreement:quiet]}]\n",
            encoding="utf-8",
        )
        graph.build([file, quiet])
        assert "'Group'" in graph.query("MATCH (g:Grup) RETURN g.name AS name").hints[0]
        assert "'Group'" in graph.query("MATCH (g:Grup) RETURN count(g) AS n").hints[0]
        assert graph.query("MATCH (g:Group) RETURN count(g) AS n").hints == ()
        assert graph.query("MATCH (g:Group {id: 'group:x'}) RETURN g.name AS n").hints == ()
        offers_what_is_here(graph)
        (told,) = graph.query("disputed").hints  # a denial of what nobody says disputes nothing
        assert told.startswith("denials here that meet no claim: 1.")
        (tmp_path / "kg.ledger").rename(tmp_path / "elsewhere")  # a graph is read without it too
        (told,) = graph.query("who_attributes").hints
        assert "nothing is called 'incident:wannacry'" in told


THERE = "most is claimed of incident:tv5monde (Attack on TV5Monde)"


def offers_what_is_here(graph: kg.KnowledgeGraph) -> None:
    """A question about what is not here says so, and names a few that are, most claimed first."""
    asked: tuple[dict[str, Any], ...] = (
        {}, {"incident": "incident:nowhere"}, {"as_of": "2016-12-31"},
    )  # fmt: skip
    for given in asked:
        (told,) = graph.query("who_attributes", **given).hints
        assert told.startswith("incident: ")
        assert told.endswith(THERE)
        assert ("own example" in told) == ("incident" not in given)
    (told,) = graph.query("who_attributes", incident="group:apt28").hints
    assert told == f"incident: group:apt28 is here, and no Incident; {THERE}"
    assert graph.query("who_attributes", incident="incident:tv5monde").hints == ()
    start, end = graph.query("evidence").hints
    assert start.endswith(THERE)
    assert end.index("group:apt28 (APT28)") < end.index("group:cyber-caliphate")
    (told,) = graph.query("sanctioned_for").hints
    assert told.endswith("; there is no Sanction here")
    (told,) = graph.query("commitments").hints
    assert told.endswith("; most is claimed of agreement:quiet (Quiet agreement)")
    with pytest.raises(UsageError, match=re.escape(f"nothing is called 'zork'; {THERE}")):
        graph.query("who_attributes", incident="zork")


@pytest.mark.parametrize("word", ["Group", "group", "ATTRIBUTED_TO", "attributed_to", "Leader",
                                  "marking"])  # fmt: skip
def test_one_kind_is_told_however_it_is_written(word: str, tmp_path: Path) -> None:
    page, data = one_kind(ontology(), word)
    (name,) = data
    assert name.casefold() == word.casefold()
    assert name in page
    assert run(tmp_path, "ontology", word).stdout.strip() == page.strip()


def test_a_kind_that_is_not_there_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'Group'"):
        one_kind(ontology(), "Grup")
