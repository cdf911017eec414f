"""No marking is lost on the way out, nor on the way back in."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import kg
from tests.command import run

TEXT = """\
documents:
- {id: document:secret, name: Secret paper, date: 2018-04-01, marking: TLP:RED,
   published_by: organization:spy}
- {id: document:open, name: Open paper, date: 2018-05-01, marking: TLP:CLEAR}
entities:
  organization:spy: The Spy
  organization:vendor: The Vendor
  agency:treasury: The Treasury
  person:reader: The Reader
  group:night: Night
  sanction:order: The Order
  meeting:summit: {name: The Summit, marking: amber}
claims:
- {document: document:secret, asserter: organization:spy,
   says: [[group:night, description, Red words], [group:night, alias, Red name],
          [sanction:order, description, Red reason]]}
- {document: document:open, asserter: agency:treasury,
   says: [[sanction:order, DESIGNATES, group:night], [sanction:order, IMPOSED_BY, agency:treasury],
          [organization:vendor, description, Open words]]}
- {document: document:open, asserter: organization:vendor,
   says: [person:reader, PARTICIPATED_IN, meeting:summit]}
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> kg.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("markings")
    (folder / "marked.yaml").write_text(TEXT, encoding="utf-8")
    graph = kg.open(folder / "kg.kgl")
    graph.build(folder / "marked.yaml")
    return graph


LEVELS = {
    "94868c89-83c2-464b-929b-a1a8aa3c8487": "TLP:CLEAR",
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:CLEAR",
    "f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER",
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
}


def level(object: dict[str, Any]) -> str | None:
    refs = object.get("object_marking_refs", [None])
    return LEVELS.get(str(refs[0]).removeprefix("marking-definition--"))


def test_every_object_of_stix_is_marked_as_what_it_was_made_from(
    graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    graph.export("stix", tmp_path / "out.json")
    objects = json.loads((tmp_path / "out.json").read_text(encoding="utf-8"))["objects"]
    for object in objects:
        text = json.dumps(object).casefold()
        if any(
            word in text for word in ("red words", "red name", "red reason", "the spy", "secret p")
        ):
            assert level(object) == "TLP:RED", object
        if "the summit" in text:
            assert level(object) == "TLP:AMBER", object
    types = {object["type"] for object in objects if level(object) is not None}
    assert types >= {"note", "report", "identity", "intrusion-set"}
    vendor = next(object for object in objects if object.get("name") == "The Vendor")
    assert level(vendor) == "TLP:CLEAR"


def test_every_line_of_ftm_says_how_its_text_is_marked(
    graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    graph.export("ftm", tmp_path / "out.ftm.json")
    for line in (tmp_path / "out.ftm.json").read_text(encoding="utf-8").splitlines():
        if any(
            word in line for word in ("Red words", "Red name", "Red reason", "The Spy", "Secret p")
        ):
            assert "TLP:RED" in line, line
        if "The Summit" in line:
            assert "TLP:AMBER" in line, line


def test_a_lower_case_keyword_marks_an_entity_and_its_name(tmp_path: Path) -> None:
    said = {"name": ["CANARY"], "keywords": ["TLP:WHITE", "tlp:red"], "position": ["CANARY"]}
    entity = {"id": "q1", "schema": "Person", "properties": said}
    (tmp_path / "a.ftm.json").write_text(json.dumps(entity) + "\n", encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    graph.load("ftm", tmp_path / "a.ftm.json")
    assert "CANARY" in str(graph.corpus().names)
    assert not graph.corpus(max_marking="TLP:AMBER", unmarked="TLP:CLEAR").names
    assert set(graph.corpus().claims["marking"]) == {"TLP:RED"}


def test_a_marked_object_of_stix_is_a_marked_entity(tmp_path: Path) -> None:
    red = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
    objects: list[dict[str, Any]] = [
        {"type": "intrusion-set", "id": "intrusion-set--" + "1" * 8 + "-1111-4111-8111-" + "1" * 12,
         "name": "CANARY", "object_marking_refs": [red]},
        {"type": "location", "id": "location--" + "2" * 8 + "-1111-4111-8111-" + "1" * 12,
         "country": "KP"},
        {"type": "relationship", "id": "relationship--" + "3" * 8 + "-1111-4111-8111-" + "1" * 12,
         "relationship_type": "originates-from", "source_ref": "", "target_ref": ""},
    ]  # fmt: skip
    objects[2] |= {"source_ref": objects[0]["id"], "target_ref": objects[1]["id"]}
    bundle = {"type": "bundle", "id": "bundle--1", "objects": objects}
    (tmp_path / "b.json").write_text(json.dumps(bundle), encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    graph.load("stix", tmp_path / "b.json")
    assert "CANARY" in str(graph.corpus().names)
    assert "CANARY" not in str(graph.corpus(max_marking="TLP:GREEN", unmarked="CLEAR").names)


def test_explain_prints_the_marking_that_a_claim_has_from_its_document(
    graph: kg.KnowledgeGraph,
) -> None:
    folder = Path(graph.url).parent
    printed = run(folder, "explain", "group:night", "alias").stdout
    assert "TLP:RED" in printed
    found = graph.explain("sanction:order", "description").as_dict()
    assert found["origins"][0]["claims"][0]["marking"] == "TLP:RED"
