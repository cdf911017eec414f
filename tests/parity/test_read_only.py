"""A query reads: what writes, reads files, or runs too long is stopped with a clear word."""

from __future__ import annotations

import pytest

import kg
from kg.errors import DatabaseError, UsageError
from kg.stores.cypher import refuse_files
from tests.parity.conftest import Graphs
from tests.parity.shapes import read_back, wanted
from tests.parity.test_graph import differences

WRITES = (
    "CREATE (n:Group {id: 'group:new'}) RETURN n",
    "MERGE (n:Group {id: 'group:new'}) RETURN n",
    "MATCH (n:Document) SET n.name = 'changed' RETURN n",
    "MATCH (n:Document) REMOVE n.name RETURN n",
    "MATCH (n:Document) DETACH DELETE n",
    "MATCH (n:Document)-[r]->() DELETE r",
    "MATCH (n:Document) CALL { WITH n SET n.name = 'changed' } RETURN n",
    "MATCH (n:Document) CALL { WITH n CREATE (:Group {id: 'group:new'}) } RETURN n",
    "FOREACH (x IN [1] | CREATE (:Group {id: 'group:new'}))",
    "MATCH (n:Document) WITH n CALL { WITH n SET n:Changed } IN TRANSACTIONS RETURN n",
    "CREATE INDEX changed FOR (n:Document) ON (n.name)",
    "DROP CONSTRAINT document_id",
    "MATCH (n:Document) RETURN n.name AS name; MATCH (n) DETACH DELETE n",
)
SLOW = "UNWIND range(1, 100000) AS a UNWIND range(1, 100000) AS b RETURN count(*) AS n"
FILES = (
    "LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
    "load  /* softly */ csv WITH HEADERS FROM 'http://127.0.0.1/x' AS row RETURN row",
    "\\u004COAD \\u0043SV FROM 'file:///etc/hostname' AS row RETURN row",
)


@pytest.fixture
def graph(graphs: Graphs, engine: str) -> kg.KnowledgeGraph:
    if engine == "kglite":
        return graphs.embedded("nothing")
    return graphs.on_server(engine, "nothing")


def test_writing_is_refused(graphs: Graphs, graph: kg.KnowledgeGraph) -> None:
    with graph:
        for statement in WRITES:
            with pytest.raises(UsageError) as told:
                graph.query(statement)
            assert str(told.value), statement
        assert differences(read_back(graph), wanted(graphs.networkx("nothing"))) == []


def test_reading_files_is_refused(graph: kg.KnowledgeGraph) -> None:
    with graph:
        for statement in FILES:
            with pytest.raises(UsageError, match="LOAD CSV reads files and addresses"):
                graph.query(statement)


def test_words_about_it_are_no_reading_of_files() -> None:
    refuse_files("MATCH (n:Group) WHERE n.name = 'LOAD CSV' RETURN n // LOAD CSV")
    refuse_files("MATCH (load:Group)-->(csv) RETURN load, csv AS `load csv`")


def test_what_runs_too_long_is_stopped(graph: kg.KnowledgeGraph) -> None:
    with graph:
        with pytest.raises(DatabaseError, match=r"the query was stopped after 0\.4 seconds"):
            graph.query(SLOW, timeout=0.4)
        assert len(graph.query("MATCH (n:Document) RETURN n.id AS id", timeout=60)) == 1
