"""MISP events: tags, who says so, and to whom they may be passed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kg
from tests.loaders.loading import run

UUID = "5f0e1c9a-0000-4000-8000-00000000000"


def event(number: int, *tags: str, info: str = "Theft at a bank") -> dict[str, Any]:
    return {"Event": {"uuid": f"{UUID}{number}", "info": f"{info} {number}", "date": "2018-03-01",
                      "timestamp": "1", "Orgc": {"name": "CERT"},
                      "Tag": [{"name": tag} for tag in tags], "Attribute": [{}]}}  # fmt: skip


TAGS = ('misp-galaxy:threat-actor="Lazarus Group"', 'misp-galaxy:mitre-malware="Volgmer - S0180"',
        'misp-galaxy:country="x"', "tlp:white", "tlp:amber")  # fmt: skip


def test_an_event_says_by_its_tags_who_is_behind_it(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(json.dumps(event(1, *TAGS)), encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    done = graph.load("misp", tmp_path / "a.json")
    rows = graph.query(
        "MATCH (i:Incident)-[e]->(x) WHERE e.claims IS NOT NULL "
        "RETURN type(e) AS said, x.name AS name, e.hedges AS hedges ORDER BY said"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("ATTRIBUTED_TO", "Lazarus Group", ["tagged with"]),
        ("USED", "Volgmer", ["tagged with"]),
    ]
    assert set(graph.corpus().claims["marking"]) == {"TLP:AMBER"}
    assert set(graph.corpus().claims["asserter"]) == {"organization:misp-cert"}
    assert not graph.corpus(max_marking="GREEN").names
    assert done.sources[0].notes["attributes not loaded: without a type"] == 1


def attribute(type_: str, value: str, **more: Any) -> dict[str, Any]:
    return {"type": type_, "value": value, "to_ids": True, **more}


def test_tags_of_which_nothing_is_made_are_counted(tmp_path: Path) -> None:
    tags = ("tlp:green", "TLP:AMBER", 'estimative-language:likelihood="likely"', "type:OSINT", "")
    (tmp_path / "a.json").write_text(json.dumps(event(1, *tags)), encoding="utf-8")
    notes = {note: n for note, n in run("misp", tmp_path).notes.items() if note.startswith("tags")}
    assert notes == {
        "tags not loaded: estimative-language": 1, "tags not loaded: type": 1,
        "tags not loaded: without a name": 1,
    }  # fmt: skip


def test_what_an_event_lists_for_detection_is_linked_to_it(tmp_path: Path) -> None:
    given = event(1, 'misp-galaxy:mitre-enterprise-attack-attack-pattern="Web Service - T1102.002"')
    given["Event"]["Attribute"] = [
        attribute("domain", "Quay[.]example"), attribute("hostname", "quay.example", to_ids="1"),
        attribute("ip-dst", "192.0.2.7"), attribute("btc", "1Quay"),
        attribute("url", "http://quay.example/A", to_ids=False), attribute("md5", "ab"),
        attribute("domain", "gone.example", deleted="true"), attribute("domain", " . "),
    ]  # fmt: skip
    given["Event"]["Object"] = [
        {"name": "domain-ip", "Attribute": [attribute("domain", "in.example")]}
    ]
    (tmp_path / "a.json").write_text(json.dumps(given), encoding="utf-8")
    loaded = run("misp", tmp_path / "a.json")
    linked = loaded.claims(predicate="LINKED_TO")
    assert set(linked["subject"]) == {
        "infrastructure:quay.example", "infrastructure:192.0.2.7", "wallet:1Quay",
        "infrastructure:in.example"}  # fmt: skip
    assert set(linked["object"]) == {f"incident:misp-{UUID}1"}
    assert loaded.claims(predicate="USED")["object_name"].to_list() == ["Web Service"]
    assert {name: n for name, n in loaded.notes.items() if name.startswith("attributes")} == {
        "attributes not loaded: url, not marked for detection": 1,
        "attributes not loaded: md5": 1, "attributes not loaded: domain": 1,
        "attributes that were deleted": 1}  # fmt: skip
    assert {told.field for told in loaded.warnings} == {"Attribute.to_ids", "Attribute.deleted"}


def test_an_attribute_may_be_marked_more_strictly_than_its_event(tmp_path: Path) -> None:
    given = event(1, "tlp:green")
    given["Event"]["Attribute"] = [
        attribute(
            "domain", "open.example", Tag=[{"name": "tlp:clear"}, {"name": TAGS[0]}, {"name": None}]
        ),
        attribute("domain", "red.example", Tag=[{"name": "TLP:RED"}]),
        attribute("domain", "twice.example"),
        attribute("domain", "twice.example", Tag=[{"name": "tlp:amber"}]),
    ]
    (tmp_path / "a.json").write_text(json.dumps(given), encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    done = graph.load("misp", tmp_path / "a.json")
    notes = done.sources[0].notes
    assert notes["tags of attributes not loaded: misp-galaxy:threat-actor"] == 1
    assert notes["tags of attributes not loaded: without a name"] == 1
    shown = graph.corpus(max_marking="GREEN").claims.filter(predicate="LINKED_TO")
    assert set(shown["subject"]) == {"infrastructure:open.example"}


def test_an_event_may_stand_alone_and_without_a_day(tmp_path: Path) -> None:
    given = event(1, TAGS[0])["Event"]
    del given["date"]
    (tmp_path / "a.json").write_text(json.dumps(given), encoding="utf-8")
    loaded = run("misp", tmp_path / "a.json")
    assert loaded.claims(predicate="ATTRIBUTED_TO")["asserted"].to_list() == [None]


def test_what_is_no_event_is_told(tmp_path: Path) -> None:
    events = [event(1, *TAGS), event(2, *TAGS), event(3, *TAGS), {"Event": {"info": 5}}]
    (tmp_path / "a.json").write_text(json.dumps({"response": events}), encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    done = graph.load("misp", tmp_path / "a.json")
    assert len(graph.corpus().graph.nodes["Incident"]) == 3
    assert "no MISP event" in str(done.sources[0].warnings)
