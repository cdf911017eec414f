"""What changed between two days: said, taken back, and believed otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import kg
from tests.command import run
from tests.pipeline.test_history import actor, dated

PAPER = """\
documents:
- {id: document:a, name: A, published_by: organization:a, date: 2020-01-10}
- {id: document:b, name: A later, published_by: organization:a, date: 2021-02-10}
- {id: document:c, name: C, published_by: organization:c, date: 2021-03-01}
entities:
  organization:a: A
  organization:c: C
  group:night: Night Group
  group:dusk: Dusk Group
  incident:raid: {name: Raid, category: cyber}
  incident:theft: {name: Theft, category: cyber}
claims:
- asserter: organization:a
  document: document:a
  hedge: likely
  says:
  - [incident:raid, ATTRIBUTED_TO, group:night]
  - [incident:theft, ATTRIBUTED_TO, group:dusk, {ref: first, valid: 2019/2020}]
- asserter: organization:a
  document: document:b
  confidence: high
  says: [incident:raid, ATTRIBUTED_TO, group:night]
- asserter: organization:c
  document: document:c
  says: [incident:raid, ATTRIBUTED_TO, group:night]
- asserter: organization:a
  document: document:b
  denies: [incident:theft, ATTRIBUTED_TO, group:dusk, {retracts: first}]
"""
EDGES = "MATCH (:Incident)-[r:ATTRIBUTED_TO]->(g:Group) RETURN g.id AS id ORDER BY id"


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kg.KnowledgeGraph]:
    folder: Path = tmp_path_factory.mktemp("diff")
    (folder / "paper.yaml").write_text(PAPER, encoding="utf-8")
    with kg.open(folder / "kg.kgl") as made:
        made.load("claims", [folder / "paper.yaml"])
        yield made


def test_what_came_went_and_is_surer(graph: kg.KnowledgeGraph) -> None:
    found = graph.diff("2020-12-31", "2021-12-31").as_dict()
    [gone] = [row for row in found["claims"]["withdrawn"] if row["object"] == "group:dusk"]
    assert gone["asserter_name"] == "A"
    assert [row["to"] for row in found["edges"]["removed"]] == ["group:dusk"]
    for belief in ("corroborated", "upgraded"):
        assert [row["to"] for row in found["beliefs"][belief]] == ["group:night"], belief
    assert found["beliefs"]["downgraded"] == []


def test_the_other_way_round(graph: kg.KnowledgeGraph) -> None:
    found = graph.diff("2021-12-31", "2020-12-31").as_dict()
    assert [row["to"] for row in found["beliefs"]["downgraded"]] == ["group:night"]
    assert [row["to"] for row in found["edges"]["added"]] == ["group:dusk"]


def test_what_is_said_anew_is_neither_added_nor_withdrawn(tmp_path: Path) -> None:
    """A list that grows surer, and one that gets an entry with nothing but a name."""
    surer = actor("Owl", "u1", country="KP", **{"attribution-confidence": "90"})
    lists = {
        "2019-01-01": [actor("Owl", "u1", country="KP"), actor("Wren", "u2", synonyms=["Jenny"])],
        "2020-01-01": [surer, actor("Tern", "u3")],
    }
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.load_history("misp-galaxy", dated(tmp_path / "lists", lists), "threat-actor.json")
        found = graph.diff("2019-06-01", "2020-06-01").as_dict()
    [gone] = found["claims"]["withdrawn"]
    assert (gone["value"], gone["asserted"], gone["withdrawn"]) == (
        "Jenny", "2019-01-01", "2020-01-01",
    )  # fmt: skip
    assert found["claims"]["added"] == []
    [row] = found["claims"]["restated"]
    assert row["changed"] == {"confidence": [None, "high"]}
    entities = found["entities"]
    assert ([e["name"] for e in entities["added"]], [e["name"] for e in entities["removed"]]) == (
        ["Tern"], ["Wren"],
    )  # fmt: skip


def test_relations_come_first_and_pages_last(tmp_path: Path) -> None:
    """In the words of the source, alike lines as one, with how many there are of each."""
    both = [{"dest-uuid": uuid, "type": "similar"} for uuid in ("u2", "u1")]
    owl, wren = (
        actor(name, uuid, country="KP", synonyms=[f"{name} Team"], related=[other],
              refs=[f"https://{name.lower()}.example/"])
        for name, uuid, other in zip(("Owl", "Wren"), ("u1", "u2"), both, strict=True)
    )  # fmt: skip
    lists = {"2019-01-01": [actor("Gull", "u9")], "2020-01-01": [actor("Gull", "u9"), owl, wren]}
    where = dated(tmp_path / "lists", lists)
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.load_history("misp-galaxy", where, "threat-actor.json")
        added = graph.diff("2019-06-01", "2020-06-01").claims["added"]
        graph.render_diff(tmp_path / "x.html", "2019-06-01", "2020-06-01")
    told = [row["predicate"] for row in added]
    kinds = ["ATTRIBUTED_TO", "MAY_BE_SAME", "alias", "url"]
    assert sorted(told, key=kinds.index) == [name for name in kinds for _ in range(2)]
    assert set(told[:4]) == set(kinds[:2])
    assert told[4:] == ["alias", "alias", "url", "url"]
    text = run(tmp_path, "diff", "2019-06-01", "2020-06-01").stdout
    assert "claims added  8: " in text
    assert "url 2" in text


def test_no_change_is_none(graph: kg.KnowledgeGraph) -> None:
    assert not graph.diff("2020-02-01", "2020-12-31")


def test_in_force_and_known_are_clocks_of_their_own(graph: kg.KnowledgeGraph) -> None:
    there = [row["id"] for row in graph.query(EDGES, as_of="2020-06-01")]
    assert there == ["group:dusk", "group:night"]
    later = [row["id"] for row in graph.query(EDGES, as_of="2020-06-01", valid_on="2021-06-01")]
    assert later == ["group:night"]
    before = (datetime.now(UTC) - timedelta(days=2)).date()
    assert list(graph.query(EDGES, known_on=before)) == []
