"""Links whose other end another source declares: they wait in the ledger, and are joined in either
order; what leaves again makes them wait again."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.base.errors import InputError
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.graph.awaited import arrivals
from kg.graph.parts import Shared, cut
from kg.ontology import load
from tests.graph.test_parts import index, joined, rows_of
from tests.loaders.stix_objects import (
    CLERK,
    DROP,
    HERON,
    KOREA,
    LAB,
    SCRIPT,
    SHIPPING,
    Object,
    attack,
    bundle,
    rel,
)

FAMOUS = attack("malware", "S9001", "Famous")
VENDOR = [
    HERON,
    rel(HERON, "uses", SCRIPT, 1),
    rel(HERON, "uses", FAMOUS["id"], 2),
    rel(HERON, "attributed-to", KOREA, 3),
    rel(HERON, "targets", SHIPPING, 4),
    rel(HERON, "attributed-to", CLERK, 5),
]
"""All ends but the group, and the author, lie in other files."""

ELSEWHERE = [LAB, SCRIPT, FAMOUS, KOREA, SHIPPING, CLERK]
JOINED = {
    ("USED", "Scripting", "Harbour Labs"),
    ("USED", "Famous", "Harbour Labs"),
    ("ATTRIBUTED_TO", "North Korea", "Harbour Labs"),
    ("TARGETS_SECTOR", "Shipping", "Harbour Labs"),
    ("ATTRIBUTED_TO", "A Clerk", "Harbour Labs"),
}
SAID = """MATCH (c:Claim)-[:OBJECT]->(o) OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
RETURN c.predicate AS edge, o.name AS o, who.name AS who"""


def said(graph: kg.KnowledgeGraph) -> set[tuple[Any, ...]]:
    return {(row["edge"], row["o"], row["who"]) for row in graph.query(SAID)}


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[kg.KnowledgeGraph]:
    with kg.open(str(tmp_path / "a.kgl")) as found:
        yield found


def put(graph: kg.KnowledgeGraph, folder: Path, name: str, *objects: Object) -> None:
    graph.load("stix", [bundle(folder / f"{name}.json", *objects)])


def test_nothing_is_joined_that_has_not_come(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    put(graph, tmp_path, "vendor", *VENDOR)
    assert said(graph) == set()
    assert graph.query("MATCH (c:Claim) RETURN count(c) AS n")[0]["n"] == 0
    put(graph, tmp_path, "korea", KOREA)
    assert graph.query("MATCH (c:Claim) RETURN count(c) AS n")[0]["n"] == 1
    assert said(graph) == {("ATTRIBUTED_TO", "North Korea", None)}
    assert graph.verify() == []


@pytest.mark.parametrize("late", [True, False])
def test_links_are_joined_in_either_order(
    graph: kg.KnowledgeGraph, tmp_path: Path, late: bool
) -> None:
    files = [("vendor", VENDOR), ("elsewhere", ELSEWHERE)]
    for name, objects in files if late else files[::-1]:
        put(graph, tmp_path, name, *objects)
    assert said(graph) == JOINED
    assert graph.verify() == []


def test_one_by_one_ends_as_all_together(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    put(graph, tmp_path, "vendor", *VENDOR)
    for number, object in enumerate(ELSEWHERE):
        put(graph, tmp_path, f"part-{'abcdefgh'[number]}", object)
    assert graph.verify() == []
    assert said(graph) == JOINED


def test_what_leaves_is_awaited_again(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    put(graph, tmp_path, "vendor", *VENDOR)
    put(graph, tmp_path, "elsewhere", *ELSEWHERE)
    graph.unload("stix-elsewhere")
    assert said(graph) == set()
    assert graph.verify() == []


@pytest.mark.parametrize("rows", [1, 7])
def test_parts_leave_out_what_waits_too(
    graph: kg.KnowledgeGraph, tmp_path: Path, rows: int
) -> None:
    put(graph, tmp_path, "vendor", *VENDOR)
    put(graph, tmp_path, "some", LAB, KOREA, SCRIPT)
    first = index(graph)
    shared = Shared.of(first)
    parts = [shared.part(graph.ledger.read(ids=ids)) for ids in cut(first, rows)]
    found, wanted = joined(parts), graph.corpus().graph
    assert found.counts() == wanted.counts()
    for kind in wanted.nodes:
        assert rows_of(found.nodes, kind, ["id"]) == rows_of(wanted.nodes, kind, ["id"])


def test_an_author_may_turn_out_to_be_of_another_kind(
    graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    """An identity that is awaited is taken for an organization; here it is a person."""
    uses = rel(HERON, "uses", DROP) | {"created_by_ref": CLERK["id"]}
    put(graph, tmp_path, "vendor", HERON, DROP, uses)
    put(graph, tmp_path, "clerk", CLERK)
    assert said(graph) == {("USED", "HERONDROP", "A Clerk")}
    assert graph.verify() == []


def test_what_nobody_knows_a_key_of_is_an_error_as_before(
    graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("entities: {group:a: A}\nclaims: [{says: [group:a, USED, software:gone]}]\n")
    with pytest.raises(InputError, match="no entity of this id is declared"):
        graph.load("claims", [file])


def test_an_entity_of_another_kind_does_not_arrive_at_an_end() -> None:
    ontology = load()
    emit = Emitter(Source("a", "stix"), ontology)
    emit.entity("group:a", "A")
    emit.awaits("software:b", "stix:b")
    emit.claim("group:a", "USED", "software:b")
    emit.entity("technique:c", "C", record="stix:b")
    assert arrivals(emit.finish(), ontology) == {"software:b": "software:b"}
