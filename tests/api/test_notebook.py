"""What a notebook shows: escaped, bounded, apart from the notebook; and ours runs."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import polars as pl
import pytest
import yaml

import kg
from kg.base.html import MOST, table
from tools.notebook import answers, executed, read

HOSTILE = '<img src=x onerror="alert(1)">\u202e'


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kg.KnowledgeGraph]:
    folder = tmp_path_factory.mktemp("notebook")
    claims = {
        "document": {"id": "document:d", "name": HOSTILE, "date": "2020-01-02"},
        "entities": {"group:g": HOSTILE, "incident:i": "I", "organization:o": "O"},
        "claims": [
            {"asserter": "organization:o", "summary": HOSTILE, "hedge": "likely",
             "says": ["incident:i", "ATTRIBUTED_TO", "group:g"]},
        ],
    }  # fmt: skip
    (folder / "a.yaml").write_text(yaml.safe_dump(claims), "utf-8")
    with kg.open(folder / "kg.kgl") as made:
        made.build(folder / "a.yaml")
        yield made


def test_what_stands_in_data_is_text(graph: kg.KnowledgeGraph) -> None:
    shown = (
        graph.query("MATCH (n) RETURN n.name AS name, n.names AS names"),
        graph.explain("incident:i"),
        graph.analyze("independent_support"),
        graph,
    )
    for one in (*shown, graph.picture("attribution")):
        assert one._repr_mimebundle_()["text/plain"] == repr(one)
    for one in shown:
        html = one._repr_mimebundle_()["text/html"]
        assert "<img" not in html
        assert "\u202e" not in html
    assert "&lt;img src=x" in shown[0]._repr_html_()


def test_a_picture_stands_in_a_frame_that_cannot_reach_the_notebook(
    graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    picture = graph.picture("attribution")
    html = picture._repr_html_()
    (sandbox,) = re.findall(r'sandbox="([^"]*)"', html)
    assert "allow-same-origin" not in sandbox.split()
    assert "allow-top-navigation" not in html
    (page,) = re.findall(r'srcdoc="([^"]*)"', html, re.DOTALL)
    assert unescape(page) == picture.page
    assert picture.save(tmp_path / "a.html").read_text("utf-8") == picture.page
    assert graph.render("attribution", tmp_path / "b.html").read_text("utf-8") == picture.page


def test_a_column_by_its_name(graph: kg.KnowledgeGraph) -> None:
    rows = graph.query("MATCH (n:Incident) RETURN n.id AS id, n.name AS name")
    assert rows["name"] == ["I"]
    with pytest.raises(kg.UsageError, match="no column 'nome'; did you mean 'name'"):
        rows["nome"]


def test_the_claims_as_a_table_and_in_sql(graph: kg.KnowledgeGraph) -> None:
    (row,) = graph.claims().filter(pl.col("predicate") == "ATTRIBUTED_TO").to_dicts()
    assert (row["object"], row["object_here"], row["hedge"]) == ("group:g", HOSTILE, "likely")
    assert graph.sql("SELECT count(*) AS n FROM claims").rows() == [(1,)]
    assert graph.sql("SELECT id FROM claims", as_of="2019").height == 0
    with pytest.raises(kg.UsageError, match="nope"):
        graph.sql("SELECT nope FROM claims")


def test_what_there_is_can_be_listed(graph: kg.KnowledgeGraph) -> None:
    assert "who_attributes" in graph.questions()["name"]
    assert "independent_support" in graph.measures()["name"]
    assert "attribution" in graph.views()["name"]
    assert {"open", "KnowledgeGraph", "Lens"} <= set(dir(kg))


def test_a_long_table_says_what_it_left_out() -> None:
    html = table(["n"], [[n] for n in range(MOST + 7)])
    assert html.count("<tr>") == MOST + 1
    assert "… and 7 more rows" in html


def test_the_notebook_runs_and_says_what_it_said() -> None:
    assert answers(executed()) == answers(read())
