"""A ledger that needs kinds which are not there: it is said which, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

import kg
from kg.base.errors import UsageError

FORUM = """
kind: Forum
doc: A place on the net.
look: {shape: square, colour: "#446688"}
properties: {members: {type: integer, evidence: true, doc: How many it has.}}
"""
POSTS_ON = """
edge: POSTS_ON
doc: The group writes there.
group: attribution
from: [Group]
to: [Forum]
look: {colour: "#446688"}
"""
MINE = """
document: {id: document:list, name: List, date: 2020}
entities: {organization:press: Press, group:night: Night, forum:agora: Agora}
claims:
- {asserter: organization:press, says: [group:night, POSTS_ON, forum:agora]}
- {asserter: organization:press, says: [forum:agora, members, 300]}
"""
PLAIN = """
document: {id: document:paper, name: Paper, date: 2020}
entities: {organization:press: Press, incident:theft: Theft, group:night: Night}
claims: [{asserter: organization:press, says: [incident:theft, ATTRIBUTED_TO, group:night]}]
"""
SAID = (
    r"source mine needs a kind of node for forum:…, the edge POSTS_ON: no ontology here has that"
    r".*KG_PATH.*it is not set.*`kg unload`"
)


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A graph with a kind of one's own, in a shell that no longer has it."""
    for name, text in {
        "own/ontology/nodes/forum.yaml": FORUM,
        "own/ontology/edges/posts_on.yaml": POSTS_ON,
        "mine.yaml": MINE,
        "plain.yaml": PLAIN,
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.setenv("KG_PATH", str(tmp_path / "own"))
    with kg.open(tmp_path / "g.kgl") as graph:
        graph.build([tmp_path / "mine.yaml", tmp_path / "plain.yaml"])
    monkeypatch.delenv("KG_PATH")
    return tmp_path


def state(folder: Path) -> dict[str, bytes]:
    """Every file of graph and ledger."""
    return {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


CHANGES: dict[str, Callable[[kg.KnowledgeGraph, Path], object]] = {
    "load": lambda graph, here: graph.load("claims", here / "plain.yaml"),
    "sync": lambda graph, _: graph.sync(),
    "sync --full": lambda graph, _: graph.sync(full=True),
    "unload": lambda graph, _: graph.unload("plain"),
    "verify": lambda graph, _: graph.verify(),
    "explain": lambda graph, _: graph.explain("group:night"),
    "networkx": lambda graph, _: graph.networkx(),
    "identity": lambda graph, _: graph.identity(),
    "lens": lambda graph, _: graph.query("MATCH (n:Group) RETURN n.id AS n", as_of="2021"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_it_says_which_source_needs_what_before_it_writes(here: Path, change: str) -> None:
    before = state(here)
    with kg.open(here / "g.kgl") as graph, pytest.raises(UsageError, match=SAID):
        CHANGES[change](graph, here)
    assert state(here) == before


def test_a_property_that_is_gone_is_named(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kind = here / "less" / "ontology" / "nodes" / "forum.yaml"
    kind.parent.mkdir(parents=True)
    kind.write_text(FORUM.partition("properties")[0], encoding="utf-8")
    (kind.parents[1] / "edges").mkdir()
    (kind.parents[1] / "edges" / "posts_on.yaml").write_text(POSTS_ON, encoding="utf-8")
    monkeypatch.setenv("KG_PATH", str(here / "less"))
    with (
        kg.open(here / "g.kgl") as graph,
        pytest.raises(UsageError, match=r"needs the property members of Forum.*it is .*less\)"),
    ):
        graph.sync()


def test_the_source_can_be_taken_out_and_the_graph_built_without_it(here: Path) -> None:
    with kg.open(here / "g.kgl") as graph:
        graph.unload("mine")
        assert "forum:agora" not in graph.networkx()
        assert graph.query("MATCH (n) WHERE n.kind = 'Forum' RETURN n.id AS id")[:] == []
        assert graph.verify() == []


def test_a_build_without_the_source_goes_on(here: Path) -> None:
    with kg.open(here / "g.kgl") as graph:
        assert graph.build(here / "plain.yaml").plan.remove["Forum"] == 1
        assert graph.verify() == []
