"""The rules by which a graph is written, each seen on a real engine."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl
import pytest

import kg
from kg.base.errors import DatabaseError, UsageError
from kg.graph.graph import Graph
from kg.ledger.ledger import Ledger
from kg.ontology import Ontology
from kg.ontology import load as load_ontology
from kg.pipeline import change, read
from kg.pipeline.report import Quiet
from kg.stores import Table, cypher, open_store
from kg.stores.base import FINGERPRINT, batches, everything
from kg.stores.cypher import CypherStore
from kg.stores.kglite import KgliteStore
from kg.stores.neo4j import check_version
from tests.machine import free_port
from tests.parity.conftest import Graphs
from tests.parity.inputs import corpora
from tests.parity.shapes import read_back, wanted
from tests.parity.test_graph import differences
from tests.portable import Token, tokens
from tests.servers.neo4j import Neo4jServer

Sent = list[tuple[str, Any]]


class Watched(KgliteStore):
    """The embedded engine, written by statements alone, which also keeps what it was sent."""

    _put_new = CypherStore._put_new

    def __init__(self) -> None:
        super().__init__(None)
        self.sent: Sent = []

    def query(
        self,
        cypher: str,
        parameters: Mapping[str, Any] | None = None,
        *,
        write: bool = False,
        timeout: float | None = None,
        bounded: bool = False,
    ) -> Table:
        if write:
            self.sent.append((cypher, (parameters or {}).get("rows")))
        return super().query(cypher, parameters, write=write, timeout=timeout, bounded=bounded)

    def _declare(self, statements: list[str]) -> None:
        self.sent += [(statement, None) for statement in statements]
        super()._declare(statements)

    def _send_new(self, together: list[cypher.Batch]) -> None:
        self.sent += [(batch.cypher, batch.rows) for batch in together]
        super()._send_new(together)


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return load_ontology()


@pytest.fixture(scope="module")
def sent(ontology: Ontology, tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """What a build of the seed writes, and a build of the article over it."""
    store = Watched()
    ledger = Ledger(tmp_path_factory.mktemp("rules") / "ledger")
    for corpus in ("seed", "article"):
        batches_ = read.seeds(corpora()[corpus], ontology)
        change.change(ledger, store, ontology, batches_, exactly=True, reporter=Quiet())
    store.close()
    return store.sent


# Constraints first


def test_every_kind_has_its_constraint_before_the_first_row(sent: Sent, ontology: Ontology) -> None:
    first = next(n for n, (statement, rows) in enumerate(sent) if rows)
    before = [statement for statement, _ in sent[:first]]
    for kind in ontology.nodes:
        assert any(f"(n:{kind}) REQUIRE n.id IS UNIQUE" in text for text in before), kind


@pytest.mark.bare
def test_constraints_and_indexes_are_online_on_the_server(
    neo4j_empty: Neo4jServer, ontology: Ontology
) -> None:
    neo4j_empty.wipe(bare=True)
    assert neo4j_empty.run("SHOW CONSTRAINTS") == []
    with closing(open_store(address(neo4j_empty))) as store:
        store.prepare(ontology)
    constrained = neo4j_empty.run(
        "SHOW CONSTRAINTS YIELD type, labelsOrTypes AS labels, properties"
    )
    unique = {row["labels"][0] for row in constrained if row["properties"] == ["id"]}
    assert set(ontology.nodes) <= unique
    indexes = neo4j_empty.run(
        "SHOW INDEXES YIELD type, state, properties WHERE type <> 'LOOKUP' RETURN state, properties"
    )
    assert {row["state"] for row in indexes} == {"ONLINE"}
    # Nothing that changes with each run is indexed.
    assert {name for row in indexes for name in row["properties"]} <= {"id", "name", "names"}


# Matches by label and key


def generated(ontology: Ontology) -> Iterator[str]:
    """Every statement that the ontology gives rise to."""
    for kind in ontology.nodes:
        roles = sorted(ontology.roles)
        yield cypher.put_nodes(kind, roles)
        yield cypher.new_nodes(kind, roles)
        yield cypher.drop_nodes(kind)
        yield from (cypher.give_role(kind, role) for role in roles)
    for type_, edge in ontology.edges.items():
        for start in edge.sources:
            for end in edge.targets:
                yield cypher.put_edges((type_, start, end))
                yield from (cypher.new_edges((type_, start, end), bare=b) for b in (True, False))
                yield cypher.drop_edges((type_, start, end))


def unkeyed(statement: str) -> list[str]:
    """Nodes of a pattern that are neither bound before nor matched by a label and their id."""
    found = tokens(statement)
    bound: set[str] = set()
    wrong = []
    for index in range(len(found)):
        if not _opens_node(found, index):
            continue
        inside = [other.text for other in found if index in other.around]
        key = inside.index("{") if "{" in inside else 0
        keyed = ":" in inside[:key] and inside[key + 1] == "id"
        name = inside[0] if inside else ""
        if not keyed and name not in bound:
            wrong.append(f"({''.join(inside)}) in {statement}")
        bound.add(name)
    return wrong


def _opens_node(found: list[Token], index: int) -> bool:
    before = found[index - 1].text if index else ""
    return found[index].text == "(" and before in ("MATCH", "MERGE", "-", "->")


def test_every_end_is_matched_by_label_and_key(ontology: Ontology) -> None:
    statements = list(generated(ontology))
    assert len(statements) > len(ontology.nodes) + len(ontology.edges)
    assert [wrong for statement in statements for wrong in unkeyed(statement)] == []


def test_what_is_really_sent_is_matched_by_label_and_key(sent: Sent) -> None:
    statements = {statement for statement, rows in sent if rows}
    assert len(statements) > 20
    assert [wrong for statement in statements for wrong in unkeyed(statement)] == []


def test_a_match_without_label_or_key_is_seen() -> None:
    assert unkeyed("UNWIND $rows AS row MATCH (n {id: row.id}) SET n.x = 1")
    assert unkeyed("UNWIND $rows AS row MATCH (n:Group) WHERE n.id = row.id SET n.x = 1")
    assert unkeyed("MATCH (a:A {id: 1}) MATCH (a)-[r:R]->(b) DELETE r")
    assert not unkeyed("MATCH (a:A {id: 1}) MATCH (b:B {id: 2}) MERGE (a)-[r:R]->(b) SET r = {}")


# Rows: once each, by kind, sorted, nodes before edges, in bounded batches


def test_rows_are_sorted_and_sent_once_nodes_before_edges(sent: Sent) -> None:
    edges = [n for n, (text, _) in enumerate(sent) if re.search(r"(MERGE|CREATE) \(a\)-\[", text)]
    nodes = [n for n, (text, _) in enumerate(sent) if re.search(r"(MERGE|CREATE) \(n:", text)]
    second_build = next(n for n, (statement, _) in enumerate(sent) if "DELETE" in statement)
    assert max(n for n in nodes if n < second_build and sent[n][1]) < min(edges)
    for n in [*nodes, *edges]:
        statement, rows = sent[n]
        keys = [key_of(row) for row in rows or ()]
        assert keys == sorted(set(keys), key=str), statement


def key_of(row: Any) -> tuple[Any, ...]:
    """The id of a node's row, the ends of an edge's."""
    if isinstance(row, Mapping):
        return row.get("id"), row.get("from"), row.get("to")
    return tuple(row[:2])


def test_batches_are_bounded_by_rows_and_bytes() -> None:
    frame = pl.DataFrame({"id": [f"{n:05}" for n in range(12_345)], "text": ["x" * 1000] * 12_345})
    by_rows = batches(frame, rows=5_000, size=10**9)
    assert [piece.height for piece in by_rows] == [5_000, 5_000, 2_345]
    by_size = batches(frame, rows=5_000, size=1_000_000)
    assert max(piece.estimated_size() for piece in by_size) <= 1_100_000
    assert pl.concat(by_size).equals(frame)


# Rows bound = rows sent


def lame(ontology: Ontology) -> Graph:
    """An edge to a node that is nowhere, between edges that are sound."""
    ids = ["group:a", "group:b"]
    nodes = pl.DataFrame({"id": ids, "name": ids, "roles": [[], []]},
                         schema_overrides={"roles": pl.List(pl.String)})  # fmt: skip
    ends = pl.DataFrame({"from": ["group:a", "group:a"], "to": ["group:b", "group:gone"]})
    assert {"Group"} <= set(ontology.nodes)
    return Graph({"Group": nodes}, {("SUBGROUP_OF", "Group", "Group"): ends})


def refuse_lame(url: str | None, ontology: Ontology) -> None:
    with closing(open_store(url)) as store:
        store.prepare(ontology)
        with pytest.raises(DatabaseError, match=r"SUBGROUP_OF: 2 rows sent, 1 arrived.*group:gone"):
            store.fill([lame(ontology)], ontology)
        with pytest.raises(DatabaseError, match=r"SUBGROUP_OF: 2 rows sent, 1 arrived.*group:gone"):
            store.apply(everything(lame(ontology)), ontology)


def test_a_row_that_does_not_arrive_stops_the_load(ontology: Ontology) -> None:
    refuse_lame(None, ontology)


def test_a_row_that_does_not_arrive_stops_the_load_on_the_server(
    neo4j_empty: Neo4jServer, ontology: Ontology
) -> None:
    refuse_lame(address(neo4j_empty), ontology)


# What is no longer claimed goes; what is not ours stays


def test_what_is_stale_goes(graphs: Graphs, tmp_path: Path) -> None:
    with graphs.own("seed", tmp_path) as graph:
        plan = graph.build(corpora()["article"]).plan
        assert plan.remove["Claim"] > 100
        assert differences(read_back(graph), wanted(graphs.networkx("article"))) == []


def address(server: Neo4jServer, **change: str) -> str:
    """The server's address with its user and password in it."""
    host = change.get("host", server.uri.partition("://")[2])
    return f"bolt://{server.user}:{quote(change.get('password', server.password))}@{host}"


def test_a_database_of_others_is_refused_and_shared_only_if_told_to(
    neo4j_empty: Neo4jServer, tmp_path: Path
) -> None:
    neo4j_empty.run(
        "CREATE (:Book {title: 'Mine'})-[:ABOUT {page: 3}]->(:State {id: 'state:mine', name: 'M'})"
    )
    with kg.open(address(neo4j_empty), tmp_path / "ledger") as graph:
        with pytest.raises(DatabaseError, match="holds 2 nodes that kg did not write"):
            graph.build(corpora()["nothing"])
        assert neo4j_empty.run("MATCH (n) RETURN count(n) AS n") == [{"n": 2}]
        (tmp_path / "new.yaml").write_text(NEW, encoding="utf-8")
        assert graph.build([tmp_path / "new.yaml"], share=True).counts["LINKED_TO"] == 1
        graph.build(corpora()["nothing"], share=True)
        assert graph.store.counts() == {"Document": 1, "Organization": 1, "PUBLISHED_BY": 1}
    left = neo4j_empty.run(
        f"MATCH (a)-[r]->(b) WHERE r.{FINGERPRINT} IS NULL "
        "RETURN a.title AS a, r.page AS r, b.name AS b"
    )
    assert left == [{"a": "Mine", "r": 3, "b": "M"}]


def test_what_others_wrote_is_neither_taken_over_nor_cut(
    neo4j_empty: Neo4jServer, tmp_path: Path
) -> None:
    with kg.open(address(neo4j_empty), tmp_path / "ledger") as graph:
        graph.build(corpora()["article"])
        theirs = "MATCH (a:Group {id: 'group:andariel'}), (b:State {id: 'state:PRK'}) "
        neo4j_empty.run(theirs + "CREATE (a)-[:LINKED_TO {why: 'mine'}]->(b)")
        neo4j_empty.run("CREATE (:Group {id: 'group:new', note: 'mine'})")
        (tmp_path / "new.yaml").write_text(NEW, encoding="utf-8")
        with pytest.raises(DatabaseError, match="group:new is in the database already, and kg did"):
            graph.load("claims", [tmp_path / "new.yaml"], share=True)
        neo4j_empty.run("MATCH (n:Group {id: 'group:new'}) DELETE n")
        before = read_back(graph), graph.ledger.manifest().id
        with pytest.raises(DatabaseError, match="group:andariel LINKED_TO state:PRK is in the"):
            graph.load("claims", [tmp_path / "new.yaml"], share=True)
        with pytest.raises(DatabaseError, match="on Group nodes that would go stay 1 edge that"):
            graph.build(corpora()["nothing"], share=True)
        assert (read_back(graph), graph.ledger.manifest().id) == before, "nothing was touched"
    assert neo4j_empty.run("MATCH ()-[r:LINKED_TO]->() RETURN r.why AS why") == [{"why": "mine"}]


NEW = """
entities:
  group:new: New
  group:andariel: Andariel
  state:PRK: North Korea
  organization:who: Who
  document:paper: {name: Paper, published_by: organization:who}
claims:
- {asserter: organization:who, document: document:paper, says: [[group:new, motive, espionage]]}
- {asserter: organization:who, document: document:paper,
   says: [[group:andariel, LINKED_TO, state:PRK]]}
"""


# One clear sentence each


def test_a_wrong_password_is_told(neo4j_server: Neo4jServer) -> None:
    with pytest.raises(DatabaseError, match="does not accept this user and password"):
        open_store(address(neo4j_server, password="not the password"))


def test_a_server_that_does_not_answer_is_told() -> None:
    with pytest.raises(DatabaseError, match=r"no Neo4j server answers at bolt://127\.0\.0\.1"):
        open_store(f"bolt://neo4j:x@127.0.0.1:{free_port()}")


def test_a_database_that_is_not_there_is_told(
    neo4j_server: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEO4J_DATABASE", "nosuchdatabase")
    with pytest.raises(DatabaseError, match="has no such database"):
        open_store(address(neo4j_server)).counts()


@pytest.mark.parametrize("agent", ["Neo4j/4.4.44", "Neo4j/5.25.1"])
def test_a_server_too_old_is_told(agent: str) -> None:
    """There is no old server here: the name that one would give itself is made up."""
    with pytest.raises(DatabaseError, match=r"is Neo4j .*; kg needs 5\.26 or newer"):
        check_version(agent, "bolt://old")


@pytest.mark.parametrize(
    "agent", ["Neo4j/5.26.0", "Neo4j/5.26.30", "Neo4j/2025.06.0", "Neo4j/5.27-aura"]
)
def test_a_server_new_enough_is_taken(agent: str) -> None:
    check_version(agent, "bolt://new")


def test_an_unknown_scheme_is_told() -> None:
    with pytest.raises(UsageError, match="no engine speaks mysql://"):
        open_store("mysql://localhost")
