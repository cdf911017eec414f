"""What names an entity is declared on the property, and a search by name goes by it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.base.errors import InputError
from kg.ontology import load
from tests.command import run

FORUM = """
kind: Forum
doc: A place on the net.
look: {shape: square, colour: "#446688"}
properties:
  handle: {naming: true, many: true, doc: What its users call it.}
  motto: {many: true, doc: What stands on top.}
"""
CLAIMS = """
document: {id: document:paper, name: A paper, published_by: organization:press, date: 2020-03-02}
entities:
  organization:press: The Press
  forum:agora: Agora
claims:
- {says: [forum:agora, handle, The Square]}
- {says: [forum:agora, motto, Come in]}
"""


def test_these_name_an_entity() -> None:
    assert load().naming == {"name", "alias", "persona", "umbrella_term"}


def test_a_property_that_says_so_names_its_node(tmp_path: Path) -> None:
    kind = tmp_path / "mine" / "ontology" / "nodes" / "forum.yaml"
    kind.parent.mkdir(parents=True)
    kind.write_text(FORUM, encoding="utf-8")
    (tmp_path / "said.yaml").write_text(CLAIMS, encoding="utf-8")
    built = run(tmp_path, "build", "said.yaml", KG_PATH=str(tmp_path / "mine"))
    assert built.returncode == 0, built.stderr
    query = "MATCH (f:Forum) RETURN f.names AS names"
    done = run(tmp_path, "query", query, "--format", "json", KG_PATH=str(tmp_path / "mine"))
    assert json.loads(done.stdout) == [{"names": ["Agora", "The Square"]}], done.stderr


def test_a_number_names_nothing(tmp_path: Path) -> None:
    (tmp_path / "nodes").mkdir()
    text = FORUM.replace("many: true, doc: What its", "type: integer, doc: What its")
    (tmp_path / "nodes" / "forum.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"forum\.yaml:6: .*naming: only a text names"):
        load([tmp_path])
