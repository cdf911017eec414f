"""Which state is blamed, and on which basis, is declared with the edge kinds and nowhere else."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from kg.analytics.kit.reading import BLAMING, UPWARDS, leads
from kg.base.settings import shipped
from kg.graph.states import leading
from kg.ontology import load
from kg.ontology.kinds import BASES
from tests.analytics.graphs import Small

PATTERN = re.compile(r"\[\w*:([A-Z_|]+)\*")


def test_each_kind_that_leads_on_says_on_which_basis() -> None:
    towards = {e.edge: e.basis for e in load().edges.values() if e.towards}
    assert towards == {
        "ATTRIBUTED_TO": "affiliated",
        "CONTROLLED_BY": "affiliated",
        "LOCATED_IN": "located",
        "PART_OF": "organ",
        "SUBGROUP_OF": "affiliated",
    }
    assert set(leading(load())) == set(BLAMING) == towards.keys() - {"LOCATED_IN"}
    assert set(UPWARDS) == towards.keys()


def chains(path: Path) -> list[set[str]]:
    found = [set(kinds.split("|")) for kinds in PATTERN.findall(path.read_text(encoding="utf-8"))]
    return [kinds for kinds in found if {"CONTROLLED_BY", "PART_OF"} <= kinds]


@pytest.mark.parametrize("path", sorted(shipped("cypher").glob("*.cypher")), ids=lambda p: p.stem)
def test_saved_questions_follow_what_is_declared(path: Path) -> None:
    """Cypher cannot read the ontology: what it lists must be what is declared there."""
    for kinds in chains(path):
        assert kinds in (set(leading(load())), set(leading(load(), *BASES))), path.name


def test_some_saved_questions_do() -> None:
    assert sum(len(chains(path)) for path in shipped("cypher").glob("*.cypher")) >= 3


def test_a_chain_rests_on_the_loosest_of_its_links_and_the_closest_chain_counts() -> None:
    small = Small()
    small.claim("group:g", "CONTROLLED_BY", "agency:a")
    small.declare("agency:a", "PART_OF", "state:s")
    small.declare("group:h", "LOCATED_IN", "state:s")
    small.declare("group:both", "LOCATED_IN", "state:other")
    small.claim("group:both", "ATTRIBUTED_TO", "state:s")
    wanted = {
        "state:s": {"state:s": "itself"},
        "agency:a": {"state:s": "organ"},
        "group:g": {"state:s": "affiliated"},
        "group:h": {"state:s": "located"},
        "group:both": {"state:s": "affiliated"},  # where it sits is said of nobody who is blamed
    }
    assert {actor: leads(small.graph, actor) for actor in wanted} == wanted
    assert leads(small.graph, small.node("group:alone")) == {}


def test_whoever_blames_is_taken_at_its_own_word() -> None:
    small = Small()
    small.claim("group:g", "ATTRIBUTED_TO", "state:s", by="agency:one")
    small.claim("group:g", "ATTRIBUTED_TO", "state:t", by="agency:two")
    assert leads(small.graph, "group:g", "agency:one") == {"state:s": "affiliated"}
    assert leads(small.graph, "group:g", "agency:two") == {"state:t": "affiliated"}
    assert leads(small.graph, "group:g", "agency:silent").keys() == {"state:s", "state:t"}
