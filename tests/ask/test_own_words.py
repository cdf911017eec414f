"""A claim keeps the names that its source used, whoever turns out to be who; and says whose finding
it is that it repeats another."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.cli.terminal import Terminal

RENAMED = """
documents:
- {id: document:old, name: Old report, published_by: organization:vendor, date: 2019-01-10}
- {id: document:new, name: New report, published_by: organization:vendor, date: 2021-06-01}
entities:
  organization:vendor: Vendor
  group:wolf: Wolf Team
  group:fox: Fox Team
  incident:first: {name: The first raid, category: cyber}
  incident:second: {name: The second raid, category: cyber}
claims:
- asserter: organization:vendor
  document: document:old
  says: [incident:first, ATTRIBUTED_TO, group:wolf]
- asserter: organization:vendor
  document: document:new
  summary: Who was the Wolf Team is now the Fox Team.
  says: [group:wolf, SAME_AS, group:fox]
- asserter: organization:vendor
  document: document:new
  says: [incident:second, ATTRIBUTED_TO, group:wolf, {object_name: "Team Wolf, as some say"}]
"""

REPEATED = """
documents:
- {id: document:study, name: The study, published_by: organization:lab, date: 2020-01-10}
- {id: document:paper, name: The paper, published_by: organization:paper, date: 2020-02-10}
- {id: document:release, name: The release, published_by: agency:ministry, date: 2020-03-10}
entities:
  organization:lab: The lab
  organization:paper: The paper
  agency:ministry: The ministry
  group:wolf: Wolf Team
  incident:raid: {name: The raid, category: cyber}
claims:
- asserter: organization:lab
  document: document:study
  says: [incident:raid, amount_stolen, 571, {unit: USD, ref: first}]
- asserter: organization:paper
  document: document:paper
  says: [incident:raid, amount_stolen, 571, {unit: USD, derived_from: first}]
- asserter: agency:ministry
  document: document:release
  derivation: read
  says: [incident:raid, amount_stolen, 571, {unit: USD, derived_from: first}]
"""


def built(folder: Path, text: str) -> kg.KnowledgeGraph:
    file = folder / "claims.yaml"
    file.write_text(text)
    graph = kg.open(folder / "kg.kgl")
    graph.build(file)
    return graph


@pytest.fixture
def renamed(tmp_path: Path) -> kg.KnowledgeGraph:
    return built(tmp_path, RENAMED)


@pytest.fixture
def repeated(tmp_path: Path) -> kg.KnowledgeGraph:
    return built(tmp_path, REPEATED)


def printed(found: Any, capsys: pytest.CaptureFixture[str]) -> str:
    Terminal().explanation(found)
    return capsys.readouterr().out


def test_explain_prints_the_sources_word_and_what_it_became(
    renamed: kg.KnowledgeGraph, capsys: pytest.CaptureFixture[str]
) -> None:
    here = renamed.corpus().names[renamed.corpus().find("Wolf Team")]
    said = {"Wolf Team", "Fox Team"} - {here}
    text = printed(renamed.explain("Wolf Team"), capsys)
    assert f"{said.pop()} [here: {here}]" in text
    assert f"The second raid attributed to Team Wolf, as some say [here: {here}]" in text
    rows = [c for o in renamed.explain("The first raid").as_dict()["origins"] for c in o["claims"]]
    assert [(c["object_name"], c["object_here"]) for c in rows] == [("Wolf Team", here)]


def test_merging_rewrites_no_statement(renamed: kg.KnowledgeGraph, tmp_path: Path) -> None:
    lines = renamed.query("MATCH (c:Claim {predicate: 'ATTRIBUTED_TO'}) RETURN c.name AS name")
    assert sorted(row["name"] for row in lines) == [
        "The first raid attributed to Wolf Team",
        "The second raid attributed to Team Wolf, as some say",
    ]
    same = (
        "MATCH (c:Claim {predicate: 'SAME_AS'}) WHERE c.document IS NOT NULL RETURN c.subject AS s"
    )
    (row,) = renamed.query(same + ", c.subject_name AS sn, c.object AS o, c.object_name AS n")
    named = {"group:wolf": "Wolf Team", "group:fox": "Fox Team"}
    assert row["sn"] == named[row["s"]]
    assert row["n"] == named[row["o"]]
    renamed.export("jsonl", tmp_path / "out.jsonl")
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    (second,) = [row for row in rows if row["subject"] == "incident:second"]
    assert second["object_name"] == "Team Wolf, as some say"
    assert second["object_here"] in ("Wolf Team", "Fox Team")
    renamed.export("rdf", tmp_path / "out.nq")
    assert '<urn:kg:term:object_name> "Wolf Team"' in (tmp_path / "out.nq").read_text()
    renamed.export("stix", tmp_path / "out.json")
    assert (
        "object in its words: Team Wolf, as some say (here: " in (tmp_path / "out.json").read_text()
    )


def test_a_picture_carries_the_word_only_where_it_is_another(
    renamed: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    renamed.render("attribution", tmp_path / "picture.html")
    page = (tmp_path / "picture.html").read_text("utf-8")
    assert '"object_name":"Team Wolf, as some say"' in page
    assert '"subject_name":"The first raid"' not in page


def test_only_what_a_document_states_is_its_derivation(
    repeated: kg.KnowledgeGraph, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = printed(repeated.explain("The raid"), capsys)
    assert "repeated by The paper" in text
    assert "repeated by The ministry" not in text
    assert "goes back there as we read it, said by The ministry" in text
    repeated.export("rdf", tmp_path / "out.nq")
    quads = (tmp_path / "out.nq").read_text().splitlines()
    assert sum("prov#wasDerivedFrom" in quad for quad in quads) == 1
    assert sum("term:derived_from" in quad for quad in quads) == 1
    rows = repeated.query("shared_origin")
    assert {(row["repeated_by"], row["origin"]) for row in rows} == {
        ("The paper", "The lab"),
        ("The ministry", "The lab (as we read it)"),
    }
    held = repeated.query("MATCH (c:Claim) WHERE c.derivation IS NOT NULL RETURN c.derivation AS d")
    assert sorted(row["d"] for row in held) == ["read", "stated"]
