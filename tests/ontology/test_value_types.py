"""A type of values is one class in one file: found, read, held, compared, said and drawn."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.ontology import load
from tests.command import Done, run

TYPE = '''
"""Sizes of data."""

import polars as pl

from kg.ontology import BadValue
from kg.ontology.types.number import Number


class Size(Number):
    """How much data: `12 GB`."""

    name = "size"
    page = """{
      value: ownNumber,
      apart: (claims) => Math.max(...claims.map(numberOf)) > 2 * Math.min(...claims.map(numberOf)),
      caption: (claim) => `${claim.value} of data, in ${claim.unit}`,
    }"""

    def unit(self, word: str) -> str:
        if word not in ("GB", "TB"):
            raise BadValue(f"not a unit of data: {word!r}")
        return word

    def apart(self) -> pl.Expr:
        return pl.col("number").max() > 2 * pl.col("number").min()

    def caption(self, text: str, unit: str | None = None, bound: str | None = None) -> str:
        return f"{text} of data, in {unit}"
'''

KIND = """
kind: Leak
doc: Data that got out.
look: {shape: dot, colour: "#446688"}
properties:
  size:
    type: size
    unit: GB
    evidence: true
    policy: highest
    doc: How much it is.
"""

CLAIMS = """
document: {id: document:page, name: A page, published_by: organization:one, date: 2020-01-10}
entities:
  organization:one: One
  organization:two: Two
  leak:near: {name: The near leak}
  leak:far: {name: The far leak}
claims:
- {asserter: organization:one, says: [[leak:near, size, 10, {unit: GB}], [leak:far, size, 10]]}
- {asserter: organization:two, says: [[leak:near, size, 19], [leak:far, size, 21]]}
"""


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    files = {
        "mine/ontology/types/size.py": TYPE,
        "mine/ontology/nodes/leak.yaml": KIND,
        "claims.yaml": CLAIMS,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def kg(folder: Path, *arguments: str) -> Done:
    done = run(folder, *arguments, KG_PATH=str(folder / "mine"))
    assert done.returncode == 0, done.stderr
    return done


def test_one_file_is_seen_from_yaml_to_explain_picture_and_conflict(mine: Path) -> None:
    kg(mine, "build", "claims.yaml")
    rows = json.loads(
        kg(mine, "query", "MATCH (l:Leak) RETURN l.name AS name, l.size AS size,"
           " l.conflicts AS apart ORDER BY name", "--format", "json").stdout
    )  # fmt: skip
    assert rows == [
        {"name": "The far leak", "size": 21.0, "apart": ["size"]},
        {"name": "The near leak", "size": 19.0, "apart": None},
    ]
    told = kg(mine, "explain", "leak:near").stdout
    assert "The near leak size 10 of data, in GB" in told
    kg(mine, "render", "neighbourhood", "--node", "leak:near", "--out", "near.html")
    page = (mine / "near.html").read_text("utf-8")
    assert "of data, in ${claim.unit}" in page
    assert '"size":{"type":"size"' in page


def test_what_the_type_refuses_is_told_with_its_line(mine: Path) -> None:
    text = (mine / "claims.yaml").read_text("utf-8").replace("unit: GB", "unit: USD")
    (mine / "claims.yaml").write_text(text, encoding="utf-8")
    done = run(mine, "check", "claims.yaml", KG_PATH=str(mine / "mine"))
    assert done.returncode == 3
    assert "not a unit of data: 'USD'" in done.stderr
    assert "claims.yaml:9" in done.stderr


def test_every_type_that_ships_says_all_that_is_asked() -> None:
    for name, one in load().types.items():
        assert name == one.name
        assert one.__doc__
        assert one.held in ("text", "integer", "number", "bool")
        assert {"first", "latest", "union"} <= {*one.policies}
