"""The full-text index over names that `kg build` makes on a server."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kg.ask.questions import Question
from kg.neo4j_browser.scripts import folders, runnable
from kg.ontology import load
from tests.servers.neo4j import Neo4jServer

SCRIPTS = {script.name: script for scripts in folders().values() for script in scripts}


def test_every_kind_has_an_index_that_is_online(seeded: Neo4jServer) -> None:
    rows = seeded.run("SHOW FULLTEXT INDEXES YIELD name, state, labelsOrTypes AS labels")
    assert {row["name"]: (row["state"], row["labels"]) for row in rows} == {
        f"{node.prefix}_names": ("ONLINE", [kind]) for kind, node in load().nodes.items()
    }


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("lazarus", "group:lazarus-group"),
        ("lazrus~", "group:lazarus-group"),  # misspelt
        ("symantec", "organization:symantec"),
        ("korea", "state:PRK"),
        ('"north korea"', "state:PRK"),
    ],
)
def test_a_node_of_any_kind_is_found_by_name(seeded: Neo4jServer, words: str, found: str) -> None:
    rows = seeded.run(SCRIPTS["find_by_any_name"].cypher, words=words)
    assert found in [row["node"]["id"] for row in rows]


def test_every_name_of_every_node_finds_it(seeded: Neo4jServer) -> None:
    """Through the index of its kind, asked for the whole name as a phrase."""
    nodes = seeded.run("MATCH (n) WHERE n.names IS NOT NULL RETURN n.id AS id, n.names AS names")
    asked = [
        {"id": row["id"], "index": row["id"].split(":")[0] + "_names", "words": phrase(name)}
        for row in nodes
        for name in row["names"]
    ]
    found = seeded.run(
        "UNWIND $asked AS one CALL db.index.fulltext.queryNodes(one.index, one.words) YIELD node "
        "WITH one, node WHERE node.id = one.id RETURN DISTINCT one.words AS words, one.id AS id",
        asked=asked,
    )
    missing = {(one["words"], one["id"]) for one in asked} - {(r["words"], r["id"]) for r in found}
    assert missing == set()
    assert len(asked) > len(nodes) > 100


def phrase(name: str) -> str:
    """A name as the index's language quotes it."""
    escaped = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def cases() -> Iterator[Any]:
    """A script for each sort of parameters that is written into one, in the normal run; `make soak`
    asks them all."""
    seen: set[tuple[str, ...]] = set()
    for name, script in SCRIPTS.items():
        sort = tuple(sorted({parameter.type for parameter in script.parameters}))
        yield pytest.param(script, id=name, marks=[pytest.mark.soak] if sort in seen else [])
        seen.add(sort)


@pytest.mark.parametrize("script", list(cases()))
def test_a_script_with_its_defaults_in_place_asks_the_same(
    seeded: Neo4jServer, script: Question
) -> None:
    parametric = seeded.run(script.cypher, **script.arguments({}))
    assert seeded.run(runnable(script)) == parametric
