"""What py2neo does unlike the official driver, on the real server. That both give equal graphs and
equal answers is shown by the parity tests."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from kg.base.errors import DatabaseError, UsageError
from kg.stores import Store, open_store
from kg.stores.py2neo import native, package, py2neo_graph
from tests.machine import unavailable
from tests.servers.neo4j import Neo4jServer

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    try:
        package()
    except UsageError:
        unavailable("py2neo is not installed")


@pytest.fixture
def environment(neo4j_empty: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> Neo4jServer:
    """The server, named in the environment."""
    for name, value in neo4j_empty.environment.items():
        monkeypatch.setenv(name, value)
    return neo4j_empty


@pytest.fixture
def store(environment: Neo4jServer) -> Iterator[Store]:
    store = open_store(f"py2neo+{environment.uri}")
    yield store
    store.close()


@pytest.fixture
def official(environment: Neo4jServer) -> Iterator[Store]:
    store = open_store(environment.uri)
    yield store
    store.close()


VALUES = """
RETURN date('2020-01-02') AS day, datetime('2020-01-02T03:04:05Z') AS utc,
  datetime('2020-01-02T03:04:05.123456+02:00') AS offset,
  datetime('2020-07-02T03:04:05[Europe/Berlin]') AS zone,
  localdatetime('2020-01-02T03:04:05') AS local, time('03:04:05+01:00') AS time,
  localtime('03:04') AS clock, duration('P1Y2M3DT4.5S') AS span, [date('2020-01-01')] AS days,
  {a: [date('2020-01-01'), null]} AS map, 1.5 AS number, 2 AS whole, true AS flag, null AS nothing
"""
GRAPH = """
CREATE (a:Person:Leader {id: 'person:a', day: date('2020-01-02')})
  -[:KNOWS {since: datetime('2020-01-02T03:04:05+05:30')}]->(b:Person {id: 'person:b'})
  <-[:KNOWS {since: null}]-(c:Person {id: 'person:c', spans: [duration('P1D')]})
"""


@pytest.mark.parametrize(
    "query",
    [
        VALUES,
        "MATCH (n:Person) RETURN n ORDER BY n.id",
        "MATCH ()-[r:KNOWS]->(b) RETURN r ORDER BY r.since",
        "MATCH (a)-[r:KNOWS]->(b) RETURN {r: [r], b: b} AS held ORDER BY a.id",
        "MATCH p = (:Leader)-[:KNOWS*1..2]-() RETURN p ORDER BY length(p)",
        "MATCH p = (:Leader) RETURN p, 1 AS one",
    ],
)
def test_values_are_those_of_the_official_driver(store: Store, official: Store, query: str) -> None:
    store.query(GRAPH, write=True)
    rows = store.query(query)
    assert rows.rows
    assert rows == official.query(query)


GIVEN: list[Any] = [
    date(2020, 1, 2),
    datetime(2020, 1, 2, 3, 4, 5, 123456, tzinfo=UTC),
    datetime(2020, 1, 2, 3, 4, 5, tzinfo=timezone(timedelta(hours=5, minutes=30))),
    datetime(2020, 1, 2, 3, 4, 5),
    2**40,
    "ü",
    [],
    {"a": [datetime(2020, 1, 2, tzinfo=UTC)]},
]


@pytest.mark.parametrize("value", GIVEN, ids=repr)
def test_parameters_arrive_as_they_are(store: Store, official: Store, value: Any) -> None:
    echo = "RETURN $value AS value, valueType($value) AS type"
    assert store.query(echo, {"value": value}).rows[0][0] == value
    assert store.query(echo, {"value": value}) == official.query(echo, {"value": value})


def test_what_is_no_time_stays_as_it_is() -> None:
    assert native("P1D") == "P1D"


def test_reading_only_unless_told(store: Store) -> None:
    with pytest.raises(UsageError, match="Writing in read access mode not allowed"):
        store.query("CREATE (:Person {id: 'person:x'})")
    assert store.query("MATCH (n) RETURN count(n) AS n").rows == [[0]]
    store.query("CREATE (:Person {id: 'person:x'})", write=True)
    assert store.query("MATCH (n) RETURN count(n) AS n").rows == [[1]]


def test_a_failed_statement_leaves_nothing_and_the_next_one_runs(store: Store) -> None:
    half = "CREATE (:Person {id: 'person:x'}) WITH 1 AS one RETURN 1 / (one - 1) AS x"
    for _ in range(3):
        with pytest.raises(DatabaseError, match="by zero"):
            store.query(half, write=True)
        assert store.query("MATCH (n) RETURN count(n) AS n").rows == [[0]]


def test_a_query_that_takes_too_long_is_stopped(store: Store) -> None:
    endless = "UNWIND range(1, 1000000) AS a UNWIND range(1, 1000000) AS b RETURN count(*) AS n"
    with pytest.raises(DatabaseError, match="stopped after 1 seconds"):
        store.query(endless, timeout=1)
    running = (
        "SHOW TRANSACTIONS YIELD currentQuery WHERE currentQuery STARTS WITH "
        "'UNWIND range' RETURN currentQuery AS query"
    )
    while store.query(running).rows:  # the server ends it when it comes to it
        time.sleep(0.1)


@pytest.mark.parametrize("scheme", ["bolt", "py2neo+bolt", "py2neo+neo4j"])
def test_a_graph_in_one_line(environment: Neo4jServer, scheme: str) -> None:
    import py2neo

    graph = py2neo_graph(environment.uri.replace("bolt", scheme, 1))
    assert isinstance(graph, py2neo.Graph)
    graph.create(py2neo.Node("Person", id="person:x"))
    assert graph.nodes.match("Person").count() == 1


def test_an_address_in_the_environment_does_no_harm(
    environment: Neo4jServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Credential files of Neo4j's own set NEO4J_URI, which py2neo reads when it is imported."""
    monkeypatch.setattr("py2neo.NEO4J_URI", "neo4j+s://somewhere.else")
    assert py2neo_graph(environment.uri).query("RETURN 1 AS x").data() == [{"x": 1}]


def test_nothing_else_imports_py2neo() -> None:
    importing = [
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "kg").rglob("*.py")
        if any(
            line.strip().startswith(("import py2neo", "from py2neo"))
            for line in path.read_text(encoding="utf-8").splitlines()
        )
    ]
    assert importing == ["kg/stores/py2neo.py"]
