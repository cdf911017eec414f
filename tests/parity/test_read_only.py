"""A query reads: what writes, reads files, or runs too long is stopped with a clear word."""

from __future__ import annotations

import pytest

import kg
from kg.base.errors import DatabaseError, UsageError
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
    "RETURN 'a\\u0027 AS row UNION ALL LOAD CSV FROM 'file:///etc/hostname' AS row RETURN row",
    "PROFILE LOAD CSV FROM $file AS row RETURN row",
    "RETURN reduce(s = 0, i IN [1] | s + COUNT { LOAD CSV FROM 'file:///x' AS row }) AS n",
    "MATCH (n) RETURN [i IN [1] | COLLECT { LOAD CSV FROM 'file:///x' AS row RETURN row }] AS n",
)
"""Of both dialects; what one of them does not know, it refuses in its own words."""
WORDS = (
    "MATCH (n:Group) WHERE n.name = 'LOAD CSV' RETURN n.id AS id // LOAD CSV",
    "MATCH (n:Group) RETURN n.id AS csv",
    "MATCH (load:Group)-->(csv) RETURN load.id AS load, csv.id AS `load csv`",
    "PROFILE MATCH (n:Group {name: $csv}) RETURN n.id AS id",
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
            with pytest.raises(UsageError):
                graph.query(statement, file="file:///etc/hostname")
        with pytest.raises(UsageError, match="LOAD CSV reads files and addresses"):
            graph.query(FILES[0])


def test_words_about_it_are_no_reading_of_files(graph: kg.KnowledgeGraph) -> None:
    with graph:
        for statement in WORDS:
            assert list(graph.query(statement, csv="LOAD CSV")) == []


def test_what_runs_too_long_is_stopped(graph: kg.KnowledgeGraph) -> None:
    with graph:
        with pytest.raises(DatabaseError, match=r"the query was stopped after 0\.4 seconds"):
            graph.query(SLOW, timeout=0.4)
        assert len(graph.query("MATCH (n:Document) RETURN n.id AS id", timeout=60)) == 1
