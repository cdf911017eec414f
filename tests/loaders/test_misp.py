"""MISP events: tags, who says so, and to whom they may be passed on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import kg

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
    assert done.sources[0].notes["attributes not loaded"] == 1


def test_what_is_no_event_is_told(tmp_path: Path) -> None:
    events = [event(1, *TAGS), event(2, *TAGS), event(3, *TAGS), {"Event": {"info": 5}}]
    (tmp_path / "a.json").write_text(json.dumps({"response": events}), encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    done = graph.load("misp", tmp_path / "a.json")
    assert len(graph.corpus().graph.nodes["Incident"]) == 3
    assert "no MISP event" in str(done.sources[0].warnings)
