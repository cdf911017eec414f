"""What a script may hand over: one path where several may stand, a day as whatever it has, a lens
as one thing; and what other tools take of what it gets."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from pyvis.network import Network

import kg
from kg.base.errors import UsageError
from kg.graph.lens import Day, Lens

CLAIMS = """
document: {id: document:paper, name: Paper, date: 2018-03-01, published_by: organization:press}
entities:
  organization:press: Press
  incident:theft: The theft
  group:night: Night
claims:
- {asserter: organization:press, paragraph: 2, span: [3, 9],
   says: [incident:theft, ATTRIBUTED_TO, group:night], hedge: likely}
- {asserter: organization:press, says: [incident:theft, amount_stolen, 80 million USD]}
- {asserter: organization:press, says: [organization:press, alias, Press & Co]}
- {asserter: organization:press, says: [incident:theft, occurred, 2018-01/2018-02]}
"""
LATER = """
document: {id: document:later, name: Later, date: 2019-06-01}
entities: {organization:vendor: Vendor, incident:theft: The theft, group:day: Day}
claims:
- {asserter: organization:vendor, says: [incident:theft, ATTRIBUTED_TO, group:day]}
"""


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.yaml"
    path.write_text(CLAIMS, encoding="utf-8")
    return path


@pytest.fixture
def graph(tmp_path: Path, claims: Path) -> Iterator[kg.KnowledgeGraph]:
    (tmp_path / "later.yaml").write_text(LATER, encoding="utf-8")
    with kg.open(tmp_path / "g.kgl") as opened:
        opened.build([claims, tmp_path / "later.yaml"])
        yield opened


# One path is one path


@pytest.mark.parametrize("as_given", [str, Path])
def test_one_path_is_one_path(
    tmp_path: Path, claims: Path, as_given: Callable[[Path], Path | str]
) -> None:
    one = as_given(claims)
    with kg.open(tmp_path / "g.kgl") as graph:
        assert graph.check(one).statements > 0
        assert graph.plan(one).add["Group"] == 1
        assert graph.build(one).plan.add["Group"] == 1
        assert graph.load("claims", one).plan.empty


def test_one_source_is_one_source(graph: kg.KnowledgeGraph) -> None:
    assert graph.unload("later").plan.remove["Group"] == 1
    assert [entry.source.name for entry in graph.ledger.manifest().entries] == ["claims"]


# A lens


@pytest.mark.parametrize(
    "day",
    [
        "2018-12-31",
        date(2018, 12, 31),
        datetime(2018, 12, 31, 23, 59),
        datetime(2018, 12, 31, tzinfo=UTC),
    ],
)
def test_a_day_is_a_text_a_date_or_a_time(
    graph: kg.KnowledgeGraph, day: Day, tmp_path: Path
) -> None:
    assert Lens(as_of=day) == Lens("2018-12-31")
    assert graph.networkx(as_of=day).has_node("group:night")
    assert not graph.networkx(as_of=day).has_node("group:day")
    (row,) = graph.query("MATCH (g:Group) RETURN g.id AS id", as_of=day)
    assert row == {"id": "group:night"}
    page = graph.render("attribution", tmp_path / "a.html", as_of=day).read_text("utf-8")
    assert "2018-12-31" in page


@pytest.mark.parametrize("day", [2018, 20181231.0, ("2018", "2019")])
def test_what_is_no_day_is_refused_with_what_is(graph: kg.KnowledgeGraph, day: Any) -> None:
    with pytest.raises(UsageError, match=r"as_of .*date, a datetime or text such as '2018-12-31'"):
        graph.corpus(as_of=day)


def test_a_lens_is_one_argument_everywhere(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    lens = Lens(date(2018, 12, 31), "Press")
    asked: dict[str, Callable[..., Any]] = {
        "query": lambda **seen: graph.query("MATCH (g:Group) RETURN g.id AS id", **seen)[:],
        "corpus": lambda **seen: graph.corpus(**seen).lens,
        "networkx": lambda **seen: sorted(graph.networkx(**seen)),
        "explain": lambda **seen: graph.explain("incident:theft", **seen).as_dict(),
        "analyze": lambda **seen: graph.analyze("brokerage", **seen).to_dict(),
        "export": lambda **seen: graph.export("graphml", tmp_path / "x", **seen).written,
        "render": lambda **seen: graph.render("attribution", tmp_path / "y", **seen).read_text(),
    }
    for name, ask in asked.items():
        assert ask(lens=lens) == ask(as_of="2018-12-31", according_to="Press"), name
        assert ask(lens=lens) != ask(), name


def test_a_lens_and_its_parts_are_not_both_given(graph: kg.KnowledgeGraph) -> None:
    with pytest.raises(UsageError, match="lens"):
        graph.corpus(lens=Lens("2018"), as_of="2019")
    with pytest.raises(UsageError, match=r"kg\.Lens"):
        graph.corpus(lens="2018")  # type: ignore[arg-type]


# What other tools take


def test_a_plain_graph_is_taken_by_networkx_writers_and_by_pyvis(
    graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    plain = graph.networkx(plain=True)
    whole = graph.networkx()
    assert set(plain) == set(whole)
    assert plain.number_of_edges() == whole.number_of_edges()
    assert (
        json.loads(plain.nodes["organization:press"]["names"])
        == (whole.nodes["organization:press"]["names"])
    )
    for write in (nx.write_graphml, nx.write_gml, nx.write_gexf):
        write(plain, tmp_path / "out")
    again = nx.read_graphml(write_graphml(plain, tmp_path))
    assert dict(again.nodes(data=True)) == dict(plain.nodes(data=True))
    json.dumps(nx.node_link_data(plain, edges="edges"))
    json.dumps(nx.cytoscape_data(plain))
    picture = Network(directed=True)
    picture.from_nx(plain)
    assert "Press" in picture.generate_html()


def write_graphml(graph: Any, folder: Path) -> Path:
    nx.write_graphml(graph, folder / "x.graphml")
    return folder / "x.graphml"


def test_a_plain_graph_goes_through_a_lens_too(graph: kg.KnowledgeGraph) -> None:
    assert not graph.networkx(plain=True, as_of=date(2018, 12, 31)).has_node("group:day")
