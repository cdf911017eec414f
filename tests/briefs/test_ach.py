"""Competing hypotheses: the matrices of three incidents are those that were made by hand; a
person's judgement is a claim and can be taken back."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import kg
from kg.ask.ach import Matrix, matrix
from kg.base.errors import UsageError
from kg.briefs.matrix import page
from kg.claims.columns import STATEMENTS
from kg.graph.corpus import Corpus
from kg.ontology import load as ontology
from kg.pipeline.read import seeds
from tests.briefs.test_formats import Tags
from tests.claimed import CAST, corpus, frame

HERE = Path(__file__).parent / "ach"

Hand = dict[str, dict[str, str]]
"""Asserter → hypothesis → consistent, inconsistent, A (denied by the accused), - (silent)."""

BY_HAND: dict[str, tuple[list[tuple[str, int, int]], Hand]] = {
    # Hypotheses, the best first, with voices against and for; then the cells.
    "sony": (
        [
            ("North Korea", 2, 2),
            ("Russian speakers", 3, 1),
            ("Six people with a former employee", 3, 1),
        ],
        {
            "Federal Bureau of Investigation": {"North": "C", "Russian": "I", "Six": "I"},
            "Novetta": {"North": "C", "Russian": "I", "Six": "I"},
            "Norse": {"North": "I", "Russian": "I", "Six": "C"},
            "Taia Global": {"North": "I", "Russian": "C", "Six": "I"},
            "Foreign Ministry of North Korea": {"North": "A", "Russian": "-", "Six": "-"},
        },
    ),
    "olympic": (
        [("GRU", 2, 2), ("Actors linked to China", 3, 1), ("Lazarus", 4, 1)],
        {
            "Intezer": {"GRU": "I", "Actors": "C", "Lazarus": "I"},
            "Trade press": {"GRU": "I", "Actors": "I", "Lazarus": "C"},
            "Kaspersky": {"GRU": "-", "Actors": "-", "Lazarus": "I"},
            "somebody not named": {"GRU": "C", "Actors": "I", "Lazarus": "I"},
            "UK National": {"GRU": "C", "Actors": "I", "Lazarus": "I"},
            "US Department": {"GRU": "C", "Actors": "I", "Lazarus": "I"},
            "Foreign Ministry of Russia": {"GRU": "A", "Actors": "-", "Lazarus": "-"},
        },
    ),
    "tv5monde": (
        [("GRU", 1, 2), ("CyberCaliphate", 2, 1)],
        {
            "CyberCaliphate": {"GRU": "I", "Cyber": "C"},
            "FireEye": {"GRU": "C", "Cyber": "I"},
            "UK National": {"GRU": "C", "Cyber": "I"},
        },
    ),
}


def made(name: str) -> tuple[Matrix, Corpus]:
    (batch,) = seeds([HERE / f"{name}.yaml"], ontology())
    whole = Corpus.of(batch.frame.select(list(STATEMENTS)), ontology())
    incident = {"olympic": "olympic-destroyer"}.get(name, name)
    return matrix(whole, f"incident:{incident}"), whole


@pytest.mark.parametrize("name", BY_HAND)
def test_the_matrix_is_the_one_made_by_hand(name: str) -> None:
    hypotheses, cells = BY_HAND[name]
    found, _ = made(name)
    assert [(h.name, h.against, h.fitting) for h in found.hypotheses] == hypotheses
    assert len(found.evidence) == len(cells)
    for asserter, marks in cells.items():
        (row,) = (one for one in found.evidence if one.name.startswith(asserter))
        for head, mark in marks.items():
            column = next(n for n, h in enumerate(found.hypotheses) if h.name.startswith(head))
            cell = row.cells[column]
            short = {"consistent": "C", "inconsistent": "I", "silent": "-"}[cell.verdict]
            assert ("A" if cell.why == "denied by the accused" else short) == mark, (asserter, head)


@pytest.mark.parametrize("name", BY_HAND)
def test_no_cell_is_without_a_claim(name: str) -> None:
    found, whole = made(name)
    ids = set(whole.claims["id"])
    for row in found.evidence:
        for cell in row.cells:
            assert bool(cell.claims) == (cell.verdict != "silent")
            assert ids.issuperset(cell.claims)
            assert found.claims.keys() >= set(cell.claims)


def test_what_tells_apart_comes_first_and_the_word_of_the_accused_does_not() -> None:
    found, _ = made("olympic")
    levels = {one.name.split(" in ")[0]: one.diagnosticity for one in found.evidence}
    assert levels["Intezer"] == "high"
    assert levels["Kaspersky"] == "low"
    assert levels["Foreign Ministry of Russia"] == "none"
    assert [one.diagnosticity for one in found.evidence] == sorted(
        levels.values(), key=["high", "low", "none"].index
    )
    assert next(h.unnamed for h in found.hypotheses if h.name == "GRU") == 1


def test_a_document_without_which_the_order_is_another_is_told() -> None:
    found, _ = made("tv5monde")
    assert found.turning == dict.fromkeys(
        ("document:buzzfeed-2015-06-09", "document:uk-2018-10-04"), ("CyberCaliphate = GRU",)
    )
    found, _ = made("olympic")
    equal = ("GRU = Actors linked to China", "Lazarus")
    assert found.turning == {
        "document:doj-2020-10-19": equal,
        "document:uk-2020-10-19": equal,
        "document:intezer-2018-02": ("GRU", "Lazarus", "Actors linked to China"),
        "document:kaspersky-2018-03-08": ("GRU", "Lazarus = Actors linked to China"),
    }


RIVALS = """
- asserter: organization:vendor
  document: document:paper
  says: [incident:theft, ATTRIBUTED_TO, group:night]
- asserter: organization:press
  document: document:later
  says: [incident:theft, ATTRIBUTED_TO, group:day]
"""


def test_a_tie_is_told_and_what_would_break_it() -> None:
    found = matrix(corpus(RIVALS), "theft")
    assert found.tied
    assert found.turning == {
        "document:paper": ("Day", "Night"),
        "document:later": ("Night", "Day"),
    }


def test_a_tool_of_the_incident_speaks_for_whoever_is_said_to_use_it() -> None:
    means = """
- {asserter: organization:press, document: document:some-day,
   says: [incident:theft, USED, software:key]}
- {asserter: organization:victim, document: document:later, says: [group:night, USED, software:key]}
"""
    cast = CAST.replace("  group:night: Night", "  software:key: Key\n  group:night: Night")
    said = frame((RIVALS + means).replace("\n", "\n    "), cast=cast)
    found = matrix(Corpus.of(said, ontology()), "incident:theft")
    (row,) = (one for one in found.evidence if one.name == "use of Key")
    cells = {h.name: cell for h, cell in zip(found.hypotheses, row.cells, strict=True)}
    assert (cells["Night"].verdict, len(cells["Night"].claims)) == ("consistent", 2)
    assert cells["Day"].verdict == "silent"


def test_nobody_named_is_no_matrix() -> None:
    said = """
    - asserter: organization:vendor
      document: document:paper
      says: [incident:theft, occurred, 2018]
    """
    with pytest.raises(UsageError, match="nobody is said to be behind The theft"):
        matrix(corpus(said), "incident:theft")


def test_in_html_each_cell_opens_its_claims_and_nothing_is_asked_for() -> None:
    found, whole = made("sony")
    tags = Tags(page(found, whole)).tags
    opened = [str(a["data-claims"]).split() for tag, a in tags if tag == "details"]
    cells = [list(c.claims) for one in found.evidence for c in one.cells if c.claims]
    assert opened == cells
    assert not {tag for tag, _ in tags} & {"script", "img", "link", "iframe"}
    hostile = "<script>alert(1)</script>"
    named = Corpus.of(
        whole.statements.select(list(STATEMENTS)).with_columns(
            pl.when(pl.col("predicate") == "name").then(pl.lit(hostile)).otherwise("value")
            .alias("value")
        ),
        ontology(),
    )  # fmt: skip
    assert "script" not in {tag for tag, _ in Tags(page(matrix(named, found.incident), named)).tags}


@pytest.fixture
def graph(tmp_path: Path) -> kg.KnowledgeGraph:
    g = kg.open(tmp_path / "kg.kgl")
    g.build([HERE / "tv5monde.yaml"])
    return g


def test_a_judgement_is_a_claim_and_taken_back_leaves_nothing(graph: kg.KnowledgeGraph) -> None:
    before = graph.ledger.manifest().id
    cell = ("incident:tv5monde", "APT28", "document:facebook-2015-04-08")
    graph.weigh(*cell, "silent", "a cover says what it must", by="Ann Lee")
    (claim,) = graph.query(
        "MATCH (c:Claim {predicate: 'weighing'})-[:ASSERTED_BY]->(p) RETURN c.summary AS why, "
        "c.value AS value, p.name AS who"
    )
    assert dict(claim) == {
        "why": "a cover says what it must",
        "value": "group:apt28 document:facebook-2015-04-08 silent",
        "who": "Ann Lee",
    }
    found = graph.ach("tv5monde")
    assert [(h.name, h.against) for h in found.hypotheses] == [("GRU", 0), ("CyberCaliphate", 2)]
    (row,) = (one for one in found.evidence if one.document == cell[2])
    assert (row.cells[0].verdict, row.cells[0].why, len(row.cells[0].claims)) == (
        "silent", "judged", 2,
    )  # fmt: skip
    graph.unweigh(*cell, by="Ann Lee")
    assert graph.ledger.manifest().id == before
    assert graph.ach("tv5monde").hypotheses[0].against == 1
    with pytest.raises(UsageError, match="has not judged"):
        graph.unweigh(*cell, by="Ann Lee")


def test_a_judgement_stays_through_a_build_and_two_who_differ_leave_the_cell_silent(
    graph: kg.KnowledgeGraph,
) -> None:
    (claim,) = (c for one in graph.ach("tv5monde").evidence for c in one.claims
                if one.name.startswith("FireEye"))  # fmt: skip
    graph.weigh("tv5monde", "CyberCaliphate", claim, "consistent", "one may be both", by="Ann")
    graph.weigh("tv5monde", "CyberCaliphate", claim, "inconsistent", "no", by="Ben")
    graph.build([HERE / "tv5monde.yaml"])
    found = graph.ach("tv5monde")
    (row,) = (one for one in found.evidence if one.name.startswith("FireEye"))
    assert (row.cells[1].verdict, row.cells[1].why) == ("silent", "judged")
    assert len(row.cells[1].claims) == 3


def test_a_person_who_judges_a_cell_again_has_changed_their_mind(
    graph: kg.KnowledgeGraph,
) -> None:
    cell = ("tv5monde", "CyberCaliphate", "document:buzzfeed-2015-06-09")
    graph.weigh(*cell, "consistent", "one may be both", by="Ann")
    graph.weigh(*cell, "silent", "on second thoughts", by="Ann")
    found = graph.ach("tv5monde")
    (row,) = (one for one in found.evidence if one.name.startswith("FireEye"))
    assert (row.cells[1].verdict, len(row.cells[1].claims)) == ("silent", 2)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (("APT28", "document:facebook-2015-04-08", "maybe", "x", "A"), "no such verdict"),
        (("APT29", "document:facebook-2015-04-08", "silent", "x", "A"), "did you mean 'APT28'"),
        (("RUS", "document:facebook-2015-04-08", "silent", "x", "A"), "is no answer"),
        (("APT28", "document:facebook-2015", "silent", "x", "A"), "did you mean"),
        (("APT28", "document:facebook-2015-04-08", "silent", " ", "A"), "--because"),
        (("APT28", "document:facebook-2015-04-08", "silent", "x", ""), "--by NAME"),
    ],
)
def test_a_judgement_of_nothing_is_refused(
    graph: kg.KnowledgeGraph, given: tuple[str, ...], told: str
) -> None:
    hypothesis, evidence, verdict, because, by = given
    before = graph.ledger.manifest().id
    with pytest.raises(UsageError, match=told):
        graph.weigh("tv5monde", hypothesis, evidence, verdict, because, by=by)
    assert graph.ledger.manifest().id == before
