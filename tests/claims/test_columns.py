"""A claim's column is declared once, and stands wherever that says."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

from kg.base.settings import shipped
from kg.claims.columns import COLUMNS, DTYPES, IDENTIFYING, STATEMENTS, marks, shown
from kg.claims.fields import GIVEN
from kg.graph.project import CLAIM_COLUMNS
from kg.ontology import load as ontology
from kg.ontology.columns import PLACES, TYPES

HERE = Path(__file__).parents[2]

TONE = """
  tone:
    vocabulary: reliability
    given: true
    tells: true
    node: true
    show: [explain, picture, mark, table]
    label: spoken in tone
    rdf: term
    stix: note
    doc: A column of nobody's.
"""

CLAIMS = """
document: {id: document:page, name: A page, published_by: organization:vendor, date: 2020-01-10}
entities:
  organization:vendor: A vendor
  incident:raid: {name: The raid, category: cyber}
  group:night: Night Group
claims:
- {asserter: organization:vendor, tone: B, says: [incident:raid, ATTRIBUTED_TO, group:night]}
"""

LOOK = """
import json
from pathlib import Path
import kg
from kg.claims.columns import STATEMENTS
from kg.ontology import load
from kg.ontology.derive import reference, to_json
from kg.views.kit.payload import payload
from kg.views import attribution

g = kg.open("kg.kgl")
g.build("claims.yaml")
found = {"schema": "tone" in STATEMENTS, "ledger": list(g.ledger.read()["tone"].drop_nulls())}
found["node"] = [r["tone"] for r in g.query("MATCH (c:Claim) RETURN c.tone AS tone")]
claim = g.explain("incident:raid").as_dict()["origins"][0]["claims"][0]
found["explain"] = [claim["tone"], *claim["marks"]]
for format in ("rdf", "stix", "jsonl"):
    g.export(format, f"out.{format}")
    found[format] = Path(f"out.{format}").read_text()
g.render("attribution", "picture.html")
found["picture"] = Path("picture.html").read_text()
found["page"] = reference(load())
found["json"] = [c["name"] for c in to_json(load())["nodes"]["Claim"]["columns"]]
print(json.dumps(found))
"""


def test_a_column_that_is_declared_in_one_place_is_everywhere(tmp_path: Path) -> None:
    shutil.copytree(HERE / "kg", tmp_path / "kg", ignore=shutil.ignore_patterns("__pycache__"))
    for folder in ("cypher", "seed"):
        (tmp_path / folder).symlink_to(shipped(folder))
    with (tmp_path / "kg" / "ontology" / "nodes" / "claim.yaml").open("a") as file:
        file.write(TONE)
    (tmp_path / "claims.yaml").write_text(CLAIMS)
    run = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    found = json.loads(run.stdout.splitlines()[-1])
    assert found["schema"]
    assert (found["ledger"], found["node"]) == (["B"], ["B"])
    assert found["explain"] == ["B", "spoken in tone B (usually reliable)"]
    assert '<urn:kg:term:tone> "B"' in found["rdf"]
    assert '"tone: B"' in found["stix"]
    assert '"tone": "B"' in found["jsonl"]
    assert '"tone":"B"' in found["picture"]
    assert '{"name":"tone","label":"spoken in tone","mark":true,"table":true' in found["picture"]
    assert "| `tone` | reliability | given, node |" in found["page"]
    assert "tone" in found["json"]


def test_what_the_code_goes_by_follows_from_the_declaration() -> None:
    assert list(STATEMENTS) == list(COLUMNS)
    assert {*TYPES} == {*DTYPES}
    assert {*IDENTIFYING} == {name for name, column in COLUMNS.items() if column.identifies}
    assert {*CLAIM_COLUMNS} == {name for name, column in COLUMNS.items() if column.node}
    for column in COLUMNS.values():
        assert {*column.show} <= {*PLACES}
        assert "mark" not in column.show or {"explain", "picture"} <= {*column.show}
        assert column.vocabulary is None or column.vocabulary in ontology().vocabulary


def test_every_judgement_of_a_claim_is_shown_beside_it() -> None:
    """`credibility` was shown in one place of five."""
    said: dict[str, object] = {name: name for name in shown("mark")}
    assert {"credibility", "reliability", "likelihood", "confidence", "marking"} <= said.keys()
    said |= {"credibility": "6", "collective": True}
    told = marks(said, ontology())
    assert "information 6 (cannot be judged)" in told
    assert "blamed together, not each alone" in told
    assert len(told) == len(said)


def test_every_field_that_may_be_given_is_told_to_who_writes_a_file() -> None:
    page = (HERE / "docs" / "claim-files.md").read_text("utf-8")
    for name in GIVEN - {"start", "end"}:  # written as `span`
        assert f"`{name}`" in page, name
