"""Parts of a graph for other tools, and what GEXF says of looks."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from pathlib import Path

import networkx as nx
import pytest

from kg.api import KnowledgeGraph
from kg.base.errors import UsageError

GEXF, VIZ = "{http://www.gexf.net/1.2draft}", "{http://www.gexf.net/1.2draft/viz}"


@pytest.fixture(scope="module")
def graph(seed_graph: KnowledgeGraph) -> KnowledgeGraph:
    return seed_graph


def test_only_what_is_around_a_node(graph: KnowledgeGraph, tmp_path: Path) -> None:
    near = graph.around("Lazarus Group")
    graph.export("graphml", tmp_path / "part.graphml", nodes=near)
    part = nx.read_graphml(tmp_path / "part.graphml", force_multigraph=True)
    assert set(near) <= set(part)
    kinds = {data["kind"] for _, data in part.nodes(data=True)}
    assert {"Claim", "Document"} <= kinds
    whole = graph.networkx(plain=True)
    for start, end, key, data in part.edges(keys=True, data=True):
        if data["kind"] == "ATTRIBUTED_TO":  # counted over the whole graph
            assert data["asserters"] == whole.edges[start, end, key]["asserters"]


def test_without_claims_what_they_amount_to_stays(graph: KnowledgeGraph, tmp_path: Path) -> None:
    graph.export("graphml", tmp_path / "bare.graphml", claims=False)
    bare = nx.read_graphml(tmp_path / "bare.graphml", force_multigraph=True)
    assert "Claim" not in {data["kind"] for _, data in bare.nodes(data=True)}
    assert any(data.get("asserters", 0) > 1 for _, _, data in bare.edges(data=True))


def test_only_what_a_question_returns(graph: KnowledgeGraph, tmp_path: Path) -> None:
    ids = graph.answered("who_attributes", incident="incident:wannacry")
    assert "incident:wannacry" in ids
    report = graph.export("jsonl", tmp_path / "some.jsonl", nodes=ids)
    lines = (tmp_path / "some.jsonl").read_text("utf-8").splitlines()
    subjects = {row["subject"] for row in map(json.loads, lines) if "subject" in row}
    assert subjects <= set(ids)
    assert report.written["claims"] > 5


def test_a_node_that_is_not_there_is_named(graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="lazarus-group"):
        graph.export("gexf", tmp_path / "x.gexf", nodes=["group:lazarus-grup"])


def test_gexf_has_places_sizes_and_colours(graph: KnowledgeGraph, tmp_path: Path) -> None:
    graph.export("gexf", tmp_path / "all.gexf")
    root = ET.parse(tmp_path / "all.gexf").getroot()
    places = {}
    for node in root.iter(f"{GEXF}node"):
        at, size = node.find(f"{VIZ}position"), node.find(f"{VIZ}size")
        assert at is not None
        assert size is not None
        assert node.find(f"{VIZ}color") is not None
        places[node.get("id")] = (at.get("x"), at.get("y"), float(size.get("value", "0")))
    entities = [key for key in places if not str(key).startswith(("claim:", "document:"))]
    assert len({places[key][:2] for key in entities}) == len(entities)
    assert places["group:lazarus-group"][2] > places["organization:sputnik"][2]
    for edge in root.iter(f"{GEXF}edge"):
        assert edge.find(f"{VIZ}thickness") is not None
