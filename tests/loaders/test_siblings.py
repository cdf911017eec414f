"""The same faults as those of the small inputs, in other fields, spellings and forms."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from kg.claims.marking import level
from tests.loaders.loading import Loaded, run
from tests.loaders.test_ftm import entities, person
from tests.loaders.test_names import raids

GROUP = {"type": "intrusion-set", "id": "intrusion-set--1", "name": "Heron"}
STATE = {"type": "location", "id": "location--1", "country": "KP"}
OTHER = {"type": "intrusion-set", "id": "intrusion-set--2", "name": "Gull"}
EVENT = {"type": "incident", "id": "incident--1", "name": "Break-in"}
PORT = {"type": "identity", "id": "identity--1", "name": "Port", "identity_class": "organization"}
ADA = {"type": "identity", "id": "identity--2", "name": "Ada", "identity_class": "individual"}
THINGS = (GROUP, STATE, OTHER, EVENT, PORT, ADA)


def related(start: Any, type_: str, end: Any, **more: object) -> dict[str, object]:
    return {
        "type": "relationship",
        "id": f"relationship--{type_}",
        "relationship_type": type_,
        "source_ref": start["id"],
        "target_ref": end["id"],
        **more,
    }


def stix(folder: Path, *objects: object, text: str = "") -> Loaded:
    content = json.dumps({"type": "bundle", "objects": objects})
    (folder / "a.json").write_text(text or content, encoding="utf-8")
    return run("stix", folder / "a.json")


def edges(loaded: Loaded) -> list[tuple[str, str, str]]:
    names = dict(loaded.rows(declared=True, predicate="name").select("subject", "value").rows())
    said = loaded.claims().drop_nulls("object").select("subject", "predicate", "object")
    return [(names[a], edge, names[b]) for a, edge, b in said.rows()]


@pytest.mark.parametrize(
    "spelt", ["Originates-From", "originates from", "originates_from", " ORIGINATES FROM "]
)
def test_a_type_of_relationship_may_be_spelt_otherwise(tmp_path: Path, spelt: str) -> None:
    loaded = stix(tmp_path, GROUP, STATE, related(GROUP, spelt, STATE))
    assert edges(loaded) == [("Heron", "LOCATED_IN", "North Korea")]


@pytest.mark.parametrize(
    ("start", "type_", "end", "edge"),
    [
        (OTHER, "parent-of", GROUP, ("Heron", "SUBGROUP_OF", "Gull")),
        (GROUP, "alias-of", OTHER, ("Heron", "SAME_AS", "Gull")),
        (EVENT, "caused-by", GROUP, ("Break-in", "ATTRIBUTED_TO", "Heron")),
        (GROUP, "responsible-for", EVENT, ("Break-in", "ATTRIBUTED_TO", "Heron")),
        (PORT, "victim-of", EVENT, ("Break-in", "TARGETED", "Port")),
        (GROUP, "employs", ADA, ("Ada", "MEMBER_OF", "Heron")),
        (GROUP, "affiliated-with", OTHER, ("Heron", "LINKED_TO", "Gull")),
    ],
)
def test_relations_as_platforms_call_them(
    tmp_path: Path, start: Any, type_: str, end: Any, edge: tuple[str, str, str]
) -> None:
    assert edges(stix(tmp_path, *THINGS, related(start, type_, end))) == [edge]


def test_what_leads_to_itself_is_left_out_and_told(tmp_path: Path) -> None:
    loaded = stix(tmp_path, GROUP, related(GROUP, "attributed-to", GROUP))
    assert edges(loaded) == []
    assert [w.value for w in loaded.warned("target_ref")] == [GROUP["id"]]


@pytest.mark.parametrize("flag", ["TRUE", 1, "1", "yes"])
def test_what_stands_for_true_withdraws(tmp_path: Path, flag: object) -> None:
    loaded = stix(tmp_path, GROUP, STATE, related(GROUP, "attributed-to", STATE, revoked=flag))
    assert loaded.claims(predicate="ATTRIBUTED_TO")["status"].to_list() == ["retracted"]
    assert len(loaded.warned("relationship.revoked")) == 1


def test_bundles_in_bundles_and_of_a_capital_letter(tmp_path: Path) -> None:
    objects = [GROUP, STATE, related(GROUP, "originates-from", STATE)]
    within = stix(tmp_path, {"type": "bundle", "id": "bundle--1", "objects": objects})
    other = stix(tmp_path, text=json.dumps({"type": "Bundle", "objects": objects}))
    assert edges(within) == edges(other) == [("Heron", "LOCATED_IN", "North Korea")]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("TLP-WHITE", "TLP:CLEAR"),
        ("tlp red", "TLP:RED"),
        ("TLP_GREEN", "TLP:GREEN"),
        ("AMBER", "TLP:AMBER"),
        ("TLP: amber strict", "TLP:AMBER+STRICT"),
        ("TLPRED", None),
        ("red team", None),
        ("PAP:RED", None),
    ],
)
def test_levels_however_they_are_spelt(word: str, meant: str | None) -> None:
    assert level(word) == meant


def test_a_marking_of_another_kind_is_told(tmp_path: Path) -> None:
    pap = {
        "type": "marking-definition",
        "id": "marking-definition--p",
        "name": "PAP:RED",
        "definition_type": "PAP",
        "definition": {"PAP": "PAP:RED"},
    }
    marked = related(GROUP, "originates-from", STATE, object_marking_refs=[pap["id"]])
    (told,) = stix(tmp_path, GROUP, STATE, pap, marked).warned("relationship.object_marking_refs")
    assert told.value == pap["id"]


# FollowTheMoney


def sanction(**properties: list[str]) -> dict[str, object]:
    return {"id": "s", "schema": "Sanction", "properties": {"entity": ["a"], **properties}}


@pytest.mark.parametrize(
    ("printed", "bodies"),
    [
        (
            "Ministry of Finance, Ministry of Justice",
            ["ministry-of-finance", "ministry-of-justice"],
        ),
        (
            "Ministry of Finance / Ministry of Justice",
            ["ministry-of-finance", "ministry-of-justice"],
        ),
        ("OFAC and BIS", ["bis", "ofac"]),
        ("OFAC/BIS", ["bis", "ofac"]),
        ("Council (EU; EEA)", ["council-eu-eea"]),
        ("Finance and Trade", ["finance-and-trade"]),
    ],
)
def test_authorities_in_one_value(tmp_path: Path, printed: str, bodies: list[str]) -> None:
    said = person("a", "A"), sanction(authority=[printed])
    loaded = run("ftm", entities(tmp_path / "a.jsonl", *said))
    assert loaded.values("sanction:ftm-s", "IMPOSED_BY") == [f"agency:ftm-{b}" for b in bodies]
    assert bool(loaded.warned("authority")) == (printed == "Finance and Trade")


def test_one_dataset_twice_is_one(tmp_path: Path) -> None:
    twice = {**person("a", "A", alias=["B"]), "datasets": ["x", "x"]}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", twice))
    assert loaded.claims()["document"].to_list() == ["document:ftm-x"]


@pytest.mark.parametrize(
    "content", [person("a", "A", alias=["B"]), {"results": [person("a", "A", alias=["B"])]}]
)
def test_a_file_that_is_one_object_over_several_lines(tmp_path: Path, content: object) -> None:
    (tmp_path / "a.json").write_text(json.dumps(content, indent=1))
    assert run("ftm", tmp_path).values("person:ftm-a", "alias") == ["B"]


HEAD = "canonical_id,entity_id,prop,schema,value,dataset"
STATEMENTS = f"{HEAD}\na,a,name,Person,Ada,x\na,a,alias,Person,B,y\n"


@pytest.mark.parametrize(("sign", "name"), [(";", "a.csv"), ("\t", "a.csv"), ("\t", "a.tsv")])
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_statements_saved_again(tmp_path: Path, sign: str, name: str, encoding: str) -> None:
    text = STATEMENTS.replace(",", sign).replace("\n", "\r\n\r\n") + "broken\r\n"
    (tmp_path / name).write_bytes(text.encode(encoding))
    (tmp_path / "other.csv").write_text("id,foo\n1,2\n")
    loaded = run("ftm", tmp_path)
    assert loaded.values("person:ftm-a", "alias") == ["B"]
    assert [w.place.rpartition(":")[2] for w in loaded.warnings if "fields" in w.message] == ["7"]


# Tables


@pytest.mark.parametrize(
    ("printed", "name", "why"),
    [
        ("Gr\u00c3\u00bcne", "Gr\u00c3\u00bcne", "encoded twice"),
        ("Gr\0ne", "Grne", "zero bytes"),
        ("S\u00c3O", "S\u00c3O", ""),
    ],
)
def test_what_is_damaged_inside_a_line_is_told(
    tmp_path: Path, printed: str, name: str, why: str
) -> None:
    loaded = raids(tmp_path, f"1,a,{printed},")
    assert [name] == [
        v for v in loaded.rows(predicate="name")["value"] if v.startswith(("Gr", "S"))
    ]
    assert [why in w.message for w in loaded.warnings] == ([True] if why else [])
