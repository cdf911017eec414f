"""A server that says nothing is not waited for without end; Ctrl-C ends what waits, and says what
stands. The stalls are real ones, between the drivers and a real server."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

import pytest

import kg
from kg.base.errors import DatabaseError, Interrupted
from kg.pipeline.change import stands
from kg.stores import open_store, patience
from kg.stores.patience import Left, Silent, Turn, patiently, within
from tests.command import CLEAN, run
from tests.parity.inputs import corpora
from tests.portion import one_in
from tests.servers.neo4j import Neo4jServer
from tests.stalling import Stalling

SMALL = str(corpora()["one_or_two"][0])
SCHEMES = ["bolt", "py2neo+bolt"]
LONG = 600
"""Seconds after which a test fails that waits for what should have ended; no claim about speed."""


def address(server: Neo4jServer, host: str, scheme: str = "bolt") -> str:
    return f"{scheme}://{server.user}:{quote(server.password)}@{host}"


# Waiting, without any server


def test_work_is_waited_for_and_gives_what_it_gives() -> None:
    assert patiently(lambda turn: 42, limit=None, leave=lambda: None) == 42
    with pytest.raises(ZeroDivisionError):
        patiently(lambda turn: 1 // 0, limit=5, leave=lambda: None)


def test_work_that_takes_too_long_is_left_and_does_not_go_on() -> None:
    free, left, went_on = threading.Event(), threading.Event(), []

    def work(turn: Turn[None]) -> None:
        free.wait()
        try:
            turn.go_on()
            went_on.append(True)
        except Left:
            went_on.append(False)

    with pytest.raises(Silent):
        patiently(work, limit=0.05, leave=left.set)
    assert left.is_set()
    free.set()
    while not went_on:
        time.sleep(0.01)
    assert went_on == [False]


def test_a_server_that_is_there_may_take_as_long_as_it_likes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(patience, "SILENCE", 0.02)
    asked: list[bool] = []

    def work(_turn: Turn[str]) -> str:
        while len(asked) < 5:
            time.sleep(0.01)
        return "at last"

    def there() -> bool:
        asked.append(True)
        return True

    assert patiently(work, limit=None, there=there, leave=lambda: None) == "at last"
    with pytest.raises(Silent):
        patiently(lambda turn: time.sleep(LONG), limit=None, leave=lambda: None)


def test_what_is_asked_within_a_time_ends_in_it() -> None:
    with within(0.05), pytest.raises(Silent):
        patiently(lambda turn: time.sleep(LONG), limit=LONG, leave=lambda: None)
    assert patiently(lambda turn: 1, limit=None, leave=lambda: None) == 1


def test_what_stands_is_said() -> None:
    inner = pytest.raises(Interrupted, match="stopped by Ctrl-C; inner")
    with inner, stands("outer"), stands("inner"):
        raise KeyboardInterrupt
    half = pytest.raises(DatabaseError, match="gone; half-written: `kg sync` carries on")
    with half, stands("half-written: `kg sync` carries on"):
        raise DatabaseError("gone")


# A server that stalls


@pytest.mark.soak  # with Ctrl-C the same is left, below; in its time a query ends, next
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_load_into_a_server_that_stalls_ends_and_says_what_stands(
    neo4j_empty: Neo4jServer, tmp_path: Path, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(patience, "SILENCE", 1.0)
    monkeypatch.setattr("kg.stores.neo4j.PATIENCE", 2.0)
    with Stalling(neo4j_empty.uri, b"CREATE (a)-[") as way:
        with (
            kg.open(address(neo4j_empty, way.host, scheme), tmp_path / "ledger") as graph,
            pytest.raises(DatabaseError, match="has not answered for") as told,
        ):
            graph.build([SMALL])
        assert way.stalled.is_set()
    assert "the graph is half-written: `kg sync` carries on" in str(told.value)
    host = neo4j_empty.uri.partition("://")[2]
    with kg.open(address(neo4j_empty, host, scheme), tmp_path / "ledger") as graph:
        with pytest.raises(DatabaseError, match="half-written"):
            graph.query("MATCH (n) RETURN count(n) AS n")
        graph.sync()
        assert graph.verify() == []


@pytest.mark.parametrize("scheme", one_in(2, SCHEMES))
@pytest.mark.parametrize("needle", [b"42 AS answer", b""], ids=["in the query", "from the start"])
def test_a_query_ends_when_its_time_is_over_though_the_server_stalls(
    neo4j_server: Neo4jServer, tmp_path: Path, scheme: str, needle: bytes
) -> None:
    with Stalling(neo4j_server.uri, needle) as way:
        if not needle:
            way.stalled.set()
        done = run(
            tmp_path,
            "query",
            "RETURN 42 AS answer",
            "--timeout",
            "1.5",
            KG_DB=address(neo4j_server, way.host, scheme),
        )
        assert way.stalled.is_set()
    assert done.returncode == 4
    said = ("stopped after 1.5 seconds", "has not answered for", "no Neo4j server answers at")
    assert any(words in done.stderr for words in said if needle or words != said[0])
    assert not done.stdout


def test_the_time_of_a_query_counts_from_its_first_connection(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    left: list[float | None] = []

    def opened(*_: object, **__: object) -> None:
        left.append(patience._left(None))
        raise DatabaseError("not today")

    monkeypatch.setattr("kg.api.opened.open_store", opened)
    with kg.open("bolt://nowhere", tmp_path / "ledger") as graph:
        for timeout in (5.0, None):
            with pytest.raises(DatabaseError, match="not today"):
                graph.query("RETURN 1 AS one", timeout=timeout)
    assert left[0] is not None
    assert left[1] is None


def test_a_query_that_takes_too_long_is_stopped_on_the_server_too(
    neo4j_server: Neo4jServer,
) -> None:
    host = neo4j_server.uri.partition("://")[2]
    with closing(open_store(address(neo4j_server, host))) as store:
        with pytest.raises(DatabaseError, match=r"the query was stopped after 0\.5 seconds$"):
            store.query(ENDLESS, timeout=0.5)
        there = "SHOW TRANSACTIONS YIELD currentQuery AS q WHERE q STARTS WITH 'UNWIND' RETURN q"
        while neo4j_server.run(there):
            time.sleep(0.1)
        assert store.query("RETURN 1 AS one").rows == [[1]], "it is used on"


ENDLESS = "UNWIND range(1, 1000000000) AS n WITH n WHERE n % 999999999 = 0 RETURN count(n) AS n"


# Ctrl-C


@pytest.fixture
def process(tmp_path: Path, root: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """`kg` as a process of its own; what still runs at the end is killed."""
    started: list[subprocess.Popen[str]] = []

    def start(*words: str) -> subprocess.Popen[str]:
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "kg", *words],
                cwd=tmp_path,
                env=CLEAN | {"PYTHONPATH": str(root)},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
                start_new_session=True,
            )
        )
        return started[-1]

    yield start
    for each in started:
        each.kill()
        each.communicate()


CASES = {
    "half-written": (b"CREATE (a)-[", "the graph is half-written: `kg sync` carries on"),
    "untouched": (b"NOT n:KnowledgeGraph", "nothing was changed: ledger and graph are as they"),
}


@pytest.mark.parametrize("case", CASES)
def test_one_ctrl_c_ends_a_load_that_stalls_and_says_what_stands(
    neo4j_empty: Neo4jServer,
    tmp_path: Path,
    process: Callable[..., subprocess.Popen[str]],
    case: str,
) -> None:
    needle, sentence = CASES[case]
    ledger = str(tmp_path / "ledger")
    with Stalling(neo4j_empty.uri, needle) as way:
        db = address(neo4j_empty, way.host)
        load = process("load", "claims", SMALL, "--db", db, "--ledger", ledger)
        assert way.stalled.wait(LONG)
        load.send_signal(signal.SIGINT)
        out, err = load.communicate(timeout=LONG)
        assert way.stalled.is_set()
    assert load.returncode == 130, err
    assert sentence in err
    assert "Traceback" not in err
    assert not out
    host = neo4j_empty.uri.partition("://")[2]
    with kg.open(address(neo4j_empty, host), ledger) as graph:
        manifest = graph.ledger.manifest().id
        assert (manifest in err) == graph.ledger.exists == (case == "half-written")
        graph.load("claims", [SMALL])
        assert graph.verify() == []


def test_one_ctrl_c_ends_a_query_that_stalls(
    neo4j_server: Neo4jServer, process: Callable[..., subprocess.Popen[str]]
) -> None:
    with Stalling(neo4j_server.uri, b"42 AS answer") as way:
        db = address(neo4j_server, way.host)
        asked = process("query", "RETURN 42 AS answer", "--db", db, "--timeout", "600")
        assert way.stalled.wait(LONG)
        asked.send_signal(signal.SIGINT)
        out, err = asked.communicate(timeout=LONG)
    assert asked.returncode == 130, err
    assert "Traceback" not in err
    assert not out
