"""The small inputs that were once read wrongly, as they were given: what each comes to, asked of
the graph itself, on either engine."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from pyvis.network import Network

import kg
from kg.pipeline.change import Outcome
from tests.each_engine import ENGINES, opened

EDGES = """MATCH (a)-[r]->(b) WHERE r.claims IS NOT NULL
RETURN a.name AS a, type(r) AS type, b.name AS b, r.status AS status, r.valid AS valid"""
WAYS = {"stix": "a.json", "ftm": "a.jsonl"}
"""What of a case's folder is loaded, by format; else all of it."""

Load = Callable[..., Outcome]


@pytest.fixture(params=ENGINES)
def graph(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[kg.KnowledgeGraph]:
    with opened(request, tmp_path) as graph:
        yield graph


@pytest.fixture
def load(graph: kg.KnowledgeGraph, shared: Path) -> Load:
    """Load a case by its number, or these files of it one after the other; the last outcome."""

    def load(number: str, format_: str = "stix", *names: str) -> Outcome:
        folder = case(shared, number)
        return [graph.load(format_, folder / name) for name in names or (WAYS.get(format_, ""),)][
            -1
        ]

    return load


def case(shared: Path, number: str) -> Path:
    found = list((shared / "cases").glob(f"{number}-*"))
    if not found:
        pytest.skip(f"no ../shared/cases/{number}-* beside the checkout")
    return found[0]


def edges(graph: kg.KnowledgeGraph) -> set[tuple[str, str, str]]:
    return {(row["a"], row["type"], row["b"]) for row in graph.query(EDGES)}


def asserters(graph: kg.KnowledgeGraph) -> dict[Any, int]:
    return {row["asserter"]: row["claims"] for row in graph.query("whose_voice")}


def column(graph: kg.KnowledgeGraph, query: str) -> list[Any]:
    """What a query of one column gives."""
    return [value for row in graph.query(query) for value in row.values()]


def told(outcome: Outcome) -> dict[str, int]:
    """How many warnings there are of each field, over all that was read."""
    fields = [problem.field for source in outcome.sources for problem in source.warnings]
    return {field: fields.count(field) for field in fields}


# STIX


@pytest.mark.parametrize(
    ("name", "claims"), [("heron.json", 3), ("heron-without-technique.json", 2)]
)
def test_01_a_technique_does_not_make_mitre_speak(
    graph: kg.KnowledgeGraph, load: Load, name: str, claims: int
) -> None:
    load("01", "stix", name)
    assert asserters(graph) == {"Harbour Labs": claims}
    assert not [name for name in column(graph, "MATCH (d:Document) RETURN d.name") if "ATT" in name]


def test_02_where_a_group_originates(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("02")
    assert ("Copper Heron", "LOCATED_IN", "North Korea") in edges(graph)
    assert asserters(graph) == {"Harbour Labs": 2}


def test_03_places_by_name_and_region(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("03")
    assert edges(graph) == {
        ("Copper Heron", "TARGETED", "France"),
        ("Copper Heron", "TARGETED", "Eastern Europe"),
        ("Copper Heron", "TARGETED", "North Korea"),
        ("France", "LOCATED_IN", "Western Europe"),
    }


def test_04_an_incident_of_a_campaign(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("04")
    assert ("Quay break-in", "ATTRIBUTED_TO", "Wet Ropes") in edges(graph)
    assert column(graph, "MATCH (i:Incident) RETURN i.occurred") == ["2024-01-05/2024-01-09"]


def test_05_said_when_the_report_came_out(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("05")
    question = "MATCH ()-[r:ATTRIBUTED_TO]->() RETURN count(r) AS n"
    counts = [graph.query(question, as_of=day)[0]["n"] for day in ("2013-08-20", "2014-12-31")]
    assert counts == [0, 1]


@pytest.mark.parametrize("turned", [True, False])
def test_07_ends_in_another_bundle(graph: kg.KnowledgeGraph, load: Load, turned: bool) -> None:
    load("07", "stix", *["techniques.json", "vendor.json"][:: -1 if turned else 1])
    assert len(edges(graph)) == 4
    graph.unload("stix-techniques")
    assert len(edges(graph)) == 2


def test_09_broken_relationships_are_left_out(graph: kg.KnowledgeGraph, load: Load) -> None:
    assert sum(told(load("09")).values()) == 2
    assert len(edges(graph)) == 2


def test_10_placeholder_dates_are_no_dates(graph: kg.KnowledgeGraph, load: Load) -> None:
    fields = {field.rpartition(".")[2] for field in told(load("10"))}
    assert {"first_seen", "last_seen", "start_time", "stop_time"} <= fields
    assert [row["valid"] for row in graph.query(EDGES)] == [None]
    assert column(graph, "MATCH (g:Group) RETURN g.first_seen AS a, g.last_seen AS b") == [None] * 2


def test_11_times_with_an_offset(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("11")
    assert {row["valid"] for row in graph.query(EDGES)} == {"2024-02-01/..", "2024-02-02/.."}
    assert set(column(graph, "MATCH (c:Claim) RETURN c.asserted")) == {"2024-03-01"}


def test_15_what_was_withdrawn(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("15")
    assert [row["status"] for row in graph.query(EDGES)] == ["retracted"]
    (row,) = graph.query("withdrawn")
    assert (row["asserter"], row["status"], row["on"]) == (
        "Harbour Labs", "retracted", "2024-06-01")  # fmt: skip


def test_16_an_opinion_against_it(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("16")
    (row,) = graph.query("disputed")
    assert (row["subject"], row["predicate"], row["disputed_by"]) == (
        "Copper Heron", "ATTRIBUTED_TO", "Other Lab")  # fmt: skip


def test_18_fields_of_relationships(graph: kg.KnowledgeGraph, load: Load) -> None:
    assert "relationship.x_who_denies" in told(load("18"))
    (summary,) = column(graph, "MATCH (c:Claim) RETURN c.summary")
    assert summary.startswith("Possibly, with low confidence")


def test_19_parts_and_links(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("19")
    assert edges(graph) == {
        ("Little Heron", "SUBGROUP_OF", "Copper Heron"),
        ("Copper Heron", "LINKED_TO", "Little Heron"),
    }


def test_20_an_incident_is_cyber(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("20")
    (victim,) = graph.query("victims")
    assert (victim["incident"], victim["victim"]) == ("Quay break-in", "Port of Weir")
    (group,) = graph.query("incidents_by_group")
    assert (group["group"], group["incidents"]) == ("Copper Heron", ["Quay break-in"])


@pytest.mark.parametrize("name", ["envelope.json", "list.json", "lines.json"])
def test_22_envelopes_lists_and_lines(graph: kg.KnowledgeGraph, load: Load, name: str) -> None:
    load("22", "stix", name)
    assert edges(graph) == {("Copper Heron", "ATTRIBUTED_TO", "North Korea")}


def test_33_marked_red_and_exported_so(
    graph: kg.KnowledgeGraph, load: Load, tmp_path: Path
) -> None:
    load("33")
    assert column(graph, "MATCH (c:Claim) RETURN c.marking") == ["TLP:RED"]
    graph.export("stix", tmp_path / "out.json")
    objects = json.loads((tmp_path / "out.json").read_text())["objects"]
    (blames,) = [o for o in objects if o["type"] == "relationship"]
    assert blames["object_marking_refs"] == [
        "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
    ]


def test_34_ids_that_differ_in_case(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("34")
    assert edges(graph) == {
        ("Copper Heron", "USED", "First"),
        ("Copper Heron", "USED", "Second"),
    }


def test_37_malware_targets_a_country(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("37")
    assert ("M", "TARGETED", "North Korea") in edges(graph)


# FollowTheMoney


def test_40_what_may_come_from_two_datasets_has_no_document(
    graph: kg.KnowledgeGraph, load: Load
) -> None:
    load("40", "ftm")
    assert column(graph, "MATCH (d:Document) RETURN d.name") == []
    origins = graph.explain("organization:ftm-org-1").origins
    claims = [claim for origin in origins for claim in origin.claims]
    assert sorted(claim["predicate"] for claim in claims) == ["alias", "url"]
    assert all("aa_treasury, zz_monaco" in claim["locator"] for claim in claims)


def test_41_both_authorities_impose_it(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("41", "ftm")
    imposed = {b for _, kind, b in edges(graph) if kind == "IMPOSED_BY"}
    assert imposed == {"Ministry of Finance", "Ministry of Justice"}


def test_44_a_reason_is_no_law(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("44", "ftm")
    assert [row["legal_basis"] for row in graph.query("sanctions")] == [None]
    told = column(graph, "MATCH (s:Sanction) RETURN s.description")
    assert told == ["The firm sells boats to smugglers."]


def test_45_what_is_nested_is_loaded(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("45", "ftm")
    assert {
        ("Listing", "DESIGNATES", "Ada Test"),
        ("Test Boats", "OWNED_BY", "Ada Test"),
    } <= edges(graph)


# OFAC


def test_60_quotes_inside_of_quotes_are_read(graph: kg.KnowledgeGraph, load: Load) -> None:
    (source,) = load("60", "ofac").sources
    assert source.warnings[0].place.endswith("sdn_comments.csv:1")
    (names,) = column(graph, "MATCH (o:Organization {name: 'HERON WORKS'}) RETURN o.names")
    assert set(names) == {"HERON WORKS", "HW", "copperheron", "tin gull"}


def test_63_namesakes_are_three_listings(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("63", "ofac")
    assert len(graph.query("sanctions")) == 3


def test_64_the_other_list_is_not_the_first(graph: kg.KnowledgeGraph, load: Load) -> None:
    assert [source.name for source in load("64", "ofac").sources] == ["ofac-consolidated"]
    assert column(graph, "MATCH (d:Document) RETURN d.id") == ["document:ofac-consolidated"]
    assert len(graph.query("sanctions")) == 3


# Tables


@pytest.mark.parametrize("forms", ['"%d.%m.%Y"', '["%d.%m.%Y", "%d.%m.%y"]'])
def test_72_each_row_may_have_its_form_of_date(
    graph: kg.KnowledgeGraph, shared: Path, tmp_path: Path, forms: str
) -> None:
    folder = tmp_path / "raids"
    shutil.copytree(case(shared, "72"), folder)
    mapping = (folder / "source.yaml").read_text(encoding="utf-8")
    (folder / "source.yaml").write_text(mapping.replace('"%d.%m.%Y"', forms), encoding="utf-8")
    graph.load("table", folder)
    days = column(graph, "MATCH (i:Incident) RETURN i.occurred ORDER BY i.occurred")
    assert days == ["2019-12-02", "2020-07-13"]


def test_74_the_text_of_excel_is_read(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("74", "table")
    assert sorted(column(graph, "MATCH (i:Incident) RETURN i.name")) == [
        "Raub", "Überfall am „Kai“; nachts"]  # fmt: skip
    assert column(graph, "MATCH (i:Incident)-[:ATTRIBUTED_TO]->(g) RETURN g.name") == ["Grüne Möwe"]


# What is told, and what is handed on


def test_80_files_that_differ_by_number_stay_two(graph: kg.KnowledgeGraph, load: Load) -> None:
    load("80", "stix", "bulletin-2024-001.json", "bulletin-2024-002.json")
    assert set(column(graph, "MATCH (g:Group) RETURN g.name")) == {"Copper Heron", "Tin Gull"}


def test_82_each_kind_of_warning_is_told(graph: kg.KnowledgeGraph, load: Load) -> None:
    assert told(load("82", "table")) == {"occurred": 60, "ransom_paid": 1}


def test_84_a_graph_for_pyvis_and_graphml(
    graph: kg.KnowledgeGraph, load: Load, tmp_path: Path
) -> None:
    load("02")
    plain = graph.networkx(plain=True)
    shown = Network(directed=True)
    shown.from_nx(plain)
    assert "Copper Heron" in shown.generate_html()
    nx.write_graphml(plain, tmp_path / "x.graphml")
    assert len(nx.read_graphml(tmp_path / "x.graphml")) == len(plain)
