"""The small bundles that were once read wrongly, as they were given: beside the checkout or not."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from tests.loaders.loading import ROOT

CASES = ROOT / ".." / "shared" / "cases"

EDGES = """MATCH (a)-[r]->(b) WHERE r.claims IS NOT NULL
RETURN a.name AS a, type(r) AS type, b.name AS b, r.status AS status, r.valid AS valid"""
CLAIMS = (
    "MATCH (c:Claim)-[:OBJECT]->() OPTIONAL MATCH (c)-[:ASSERTED_BY]->(w) RETURN c, w.name AS who"
)

Open = Callable[..., kg.KnowledgeGraph]


@pytest.fixture
def loaded(tmp_path: Path) -> Iterator[Open]:
    """A graph of these files of a case, loaded one after the other."""
    if not CASES.exists():
        pytest.skip("no ../shared/cases beside the checkout")
    with kg.open(str(tmp_path / "a.kgl")) as graph:

        def load(number: str, *names: str) -> kg.KnowledgeGraph:
            (folder,) = CASES.glob(f"{number}-*")
            for name in names or ("a.json",):
                graph.load("stix", [folder / name])
            return graph

        yield load


def edges(graph: kg.KnowledgeGraph) -> set[tuple[str, str, str]]:
    return {(row["a"], row["type"], row["b"]) for row in graph.query(EDGES)}


def asserters(graph: kg.KnowledgeGraph) -> dict[Any, int]:
    return {row["asserter"]: row["claims"] for row in graph.query("whose_voice")}


@pytest.mark.parametrize(
    ("name", "claims"), [("heron.json", 3), ("heron-without-technique.json", 2)]
)
def test_01_a_technique_does_not_make_mitre_speak(loaded: Open, name: str, claims: int) -> None:
    graph = loaded("01", name)
    assert asserters(graph) == {"Harbour Labs": claims}
    documents = [row["name"] for row in graph.query("MATCH (d:Document) RETURN d.name AS name")]
    assert not [name for name in documents if "ATT&CK" in name]


def test_02_where_a_group_originates(loaded: Open) -> None:
    graph = loaded("02")
    assert ("Copper Heron", "LOCATED_IN", "North Korea") in edges(graph)
    assert asserters(graph) == {"Harbour Labs": 2}


def test_03_places_by_name_and_region(loaded: Open) -> None:
    assert edges(loaded("03")) == {
        ("Copper Heron", "TARGETED", "France"),
        ("Copper Heron", "TARGETED", "Eastern Europe"),
        ("Copper Heron", "TARGETED", "North Korea"),
        ("France", "LOCATED_IN", "Western Europe"),
    }


def test_04_an_incident_of_a_campaign(loaded: Open) -> None:
    graph = loaded("04")
    assert ("Quay break-in", "ATTRIBUTED_TO", "Wet Ropes") in edges(graph)
    (row,) = graph.query("MATCH (i:Incident) RETURN i.occurred AS occurred")
    assert row["occurred"] == "2024-01-05/2024-01-09"


def test_05_said_when_the_report_came_out(loaded: Open) -> None:
    graph = loaded("05")
    question = "MATCH ()-[r:ATTRIBUTED_TO]->() RETURN count(r) AS n"
    counts = [graph.query(question, as_of=day)[0]["n"] for day in ("2013-08-20", "2014-12-31")]
    assert counts == [0, 1]


@pytest.mark.parametrize("turned", [True, False])
def test_07_ends_in_another_bundle(loaded: Open, turned: bool) -> None:
    names = ["techniques.json", "vendor.json"][:: -1 if turned else 1]
    graph = loaded("07", *names)
    assert len(edges(graph)) == 4
    graph.unload("stix-techniques")
    assert len(edges(graph)) == 2


def test_09_broken_relationships_are_left_out(loaded: Open) -> None:
    assert len(edges(loaded("09"))) == 2


def test_11_times_with_an_offset(loaded: Open) -> None:
    rows = loaded("11").query(EDGES)
    assert {row["valid"] for row in rows} == {"2024-02-01/..", "2024-02-02/.."}


def test_15_what_was_withdrawn(loaded: Open) -> None:
    graph = loaded("15")
    assert [row["status"] for row in graph.query(EDGES)] == ["retracted"]
    (row,) = graph.query("withdrawn")
    assert (row["asserter"], row["status"], row["on"]) == (
        "Harbour Labs", "retracted", "2024-06-01")  # fmt: skip


def test_16_an_opinion_against_it(loaded: Open) -> None:
    (row,) = loaded("16").query("disputed")
    assert (row["subject"], row["predicate"], row["disputed_by"]) == (
        "Copper Heron", "ATTRIBUTED_TO", "Other Lab")  # fmt: skip


def test_18_fields_of_relationships(loaded: Open) -> None:
    (row,) = loaded("18").query("MATCH (c:Claim) RETURN c.summary AS summary")
    assert row["summary"].startswith("Possibly, with low confidence")


def test_19_parts_and_links(loaded: Open) -> None:
    assert edges(loaded("19")) == {
        ("Little Heron", "SUBGROUP_OF", "Copper Heron"),
        ("Copper Heron", "LINKED_TO", "Little Heron"),
    }


def test_20_an_incident_is_cyber(loaded: Open) -> None:
    graph = loaded("20")
    assert [(row["incident"], row["victim"]) for row in graph.query("victims")] == [
        ("Quay break-in", "Port of Weir")
    ]
    assert len(graph.query("incidents_by_group")) == 1


@pytest.mark.parametrize("name", ["envelope.json", "list.json", "lines.json"])
def test_22_envelopes_lists_and_lines(loaded: Open, name: str) -> None:
    assert edges(loaded("22", name)) == {("Copper Heron", "ATTRIBUTED_TO", "North Korea")}


def test_33_marked_red_and_exported_so(loaded: Open, tmp_path: Path) -> None:
    graph = loaded("33")
    (row,) = graph.query("MATCH (c:Claim) RETURN c.marking AS marking")
    assert row["marking"] == "TLP:RED"
    graph.export("stix", tmp_path / "out.json")
    objects = json.loads((tmp_path / "out.json").read_text())["objects"]
    (blames,) = [o for o in objects if o["type"] == "relationship"]
    assert blames["object_marking_refs"] == [
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
    ]


def test_34_ids_that_differ_in_case(loaded: Open) -> None:
    assert edges(loaded("34")) == {
        ("Copper Heron", "USED", "First"),
        ("Copper Heron", "USED", "Second"),
    }


def test_37_malware_targets_a_country(loaded: Open) -> None:
    assert ("M", "TARGETED", "North Korea") in edges(loaded("37"))
