"""TAXII as static files, read back by OASIS's own client from a plain file server, and by us."""

from __future__ import annotations

from pathlib import Path

import pytest
from taxii2client.v21 import Server

import kg
from kg.exports.taxii import COLLECTION, export
from tests.claimed import corpus
from tests.exports.test_markings import TEXT
from tests.servers.web import files


@pytest.fixture
def graph(tmp_path: Path) -> kg.KnowledgeGraph:
    (tmp_path / "marked.yaml").write_text(TEXT, encoding="utf-8")
    graph = kg.open(tmp_path / "kg.kgl")
    graph.build(tmp_path / "marked.yaml")
    return graph


def test_a_client_reads_all_of_it(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    report = graph.export("taxii", tmp_path / "web")
    with files(tmp_path / "web") as (address, _):
        server = Server(f"{address}/taxii2/")
        (root,) = server.api_roots
        assert (server.default.url, root.title) == (f"{address}/kg/", "kg")
        (collection,) = root.collections
        assert (collection.id, collection.can_read, collection.can_write) == (
            COLLECTION, True, False)  # fmt: skip
        objects = collection.get_objects()["objects"]
        manifest = collection.get_manifest()["objects"]
        server.close()
    assert sum(report.written.values()) == len(objects) == len(manifest)
    assert [object["id"] for object in objects] == [entry["id"] for entry in manifest]


def test_we_read_it_back(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    graph.export("taxii", tmp_path / "web")
    path = tmp_path / "web" / "kg" / "collections" / COLLECTION / "objects" / "index.json"
    again = kg.open(tmp_path / "again.kgl")
    again.load("stix", path)
    ids = [set(each.corpus().claims["id"]) for each in (graph, again)]
    assert ids[0] == ids[1]
    whole = again.corpus(max_marking="TLP:AMBER", unmarked="TLP:RED")
    assert (
        whole.claims.height
        == graph.corpus(max_marking="TLP:AMBER", unmarked="TLP:RED").claims.height
        > 0
    )


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "web").touch()
    with pytest.raises(kg.UsageError, match="takes a folder"):
        export(corpus(), tmp_path / "web")
