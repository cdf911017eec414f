"""The fixtures give what they promise: a real Neo4j with its Browser, and a real Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.request
from pathlib import Path

import neo4j
import pytest
from neo4j.exceptions import AuthError
from playwright.sync_api import Page

from tests.servers.chromium import PageLog
from tests.servers.neo4j import MARK, Neo4jServer

pytestmark = pytest.mark.bare


def test_neo4j_stores_and_returns(neo4j_empty: Neo4jServer) -> None:
    neo4j_empty.run(
        "CREATE (:Probe {id: $id})-[:SAYS {since: date('2018-06-12')}]->(:Probe {id: 'b'})",
        id="Sputnik Спутник",
    )
    rows = neo4j_empty.run(
        "MATCH (a:Probe)-[s:SAYS]->(b) RETURN a.id AS who, s.since AS since, b.id AS b"
    )
    assert [(row["who"], row["since"].iso_format(), row["b"]) for row in rows] == [
        ("Sputnik Спутник", "2018-06-12", "b")
    ]


def test_neo4j_is_new_enough(neo4j_server: Neo4jServer) -> None:
    major, minor = (int(part) for part in neo4j_server.version.split(".")[:2])
    assert (major, minor) >= (5, 26)


@pytest.mark.soak
def test_wiping_leaves_nothing(neo4j_server: Neo4jServer) -> None:
    neo4j_server.run("CREATE CONSTRAINT probe IF NOT EXISTS FOR (n:Probe) REQUIRE n.id IS UNIQUE")
    neo4j_server.run("CREATE INDEX probe_name IF NOT EXISTS FOR (n:Probe) ON (n.name)")
    neo4j_server.run("UNWIND range(1, 2500) AS id CREATE (:Probe {id: id})")
    neo4j_server.wipe()
    assert neo4j_server.run("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
    named = "YIELD name WHERE name STARTS WITH 'probe' RETURN name"
    assert neo4j_server.run(f"SHOW CONSTRAINTS {named}") == []
    assert neo4j_server.run(f"SHOW INDEXES {named}") == []


def test_neo4j_asks_for_its_password(neo4j_server: Neo4jServer) -> None:
    wrong = neo4j.GraphDatabase.driver(neo4j_server.uri, auth=("neo4j", "not the password"))
    with wrong, pytest.raises(AuthError):
        wrong.verify_connectivity()


def test_neo4j_browser_is_served(neo4j_server: Neo4jServer) -> None:
    with urllib.request.urlopen(neo4j_server.browser, timeout=300) as answer:
        assert answer.status == 200
        assert b"<title>Neo4j Browser</title>" in answer.read()


@pytest.mark.soak  # as every picture shows that is looked at
def test_chromium_draws_a_page(page: Page, page_log: PageLog) -> None:
    page.goto("data:text/html,<h1>who says so</h1><script>document.title = 6 * 7</script>")
    assert page.inner_text("h1") == "who says so"
    assert page.title() == "42"
    assert page_log.errors == []
    assert page_log.outside == []


def test_chromium_reports_errors_and_requests(page: Page, page_log: PageLog) -> None:
    page.goto(
        "data:text/html,<img src='http://127.0.0.1:9/x.png'>"
        "<script>console.error('told'); setTimeout(() => { throw Error('thrown') })</script>"
    )
    while not any("thrown" in error for error in page_log.errors):
        page.wait_for_timeout(10)
    assert page_log.outside == ["http://127.0.0.1:9/x.png"]
    assert "told" in page_log.errors


def _run_one_test(root: Path, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run the round-trip test in a pytest of its own, as someone with that environment would."""
    inherited = {key: value for key, value in os.environ.items() if key != "CI"}
    one = "tests/project/test_servers.py::test_neo4j_stores_and_returns"
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", one],
        cwd=root,
        # What else is installed would be imported: half of the time that it takes.
        env={**inherited, **environment, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_named_server_that_holds_data_is_not_touched(neo4j_empty: Neo4jServer, root: Path) -> None:
    neo4j_empty.run("CREATE (:Precious {id: 1})")
    done = _run_one_test(root, neo4j_empty.environment)
    assert done.returncode == 1
    assert "holds data that these tests did not write" in done.stdout
    assert neo4j_empty.run("MATCH (n) RETURN labels(n) AS labels") == [{"labels": ["Precious"]}]


@pytest.mark.soak
def test_named_server_that_is_empty_is_used_and_left_empty(
    neo4j_empty: Neo4jServer, root: Path
) -> None:
    done = _run_one_test(root, neo4j_empty.environment)
    assert "1 passed" in done.stdout, done.stdout
    assert neo4j_empty.run("MATCH (n) RETURN count(n) AS n") == [{"n": 0}]
    marked = "SHOW CONSTRAINTS YIELD name WHERE name = $mark RETURN name"
    assert neo4j_empty.run(marked, mark=MARK) == []


# A machine with neither Maven nor apt-get on its path, and nothing fetched yet.
@pytest.fixture
def bare_machine(tmp_path: Path) -> dict[str, str]:
    return {"PATH": str(tmp_path), "KG_TEST_CACHE": str(tmp_path / "cache")}


def test_without_any_server_one_plain_line_says_why(
    bare_machine: dict[str, str], root: Path
) -> None:
    done = _run_one_test(root, bare_machine)
    assert done.returncode == 0
    assert "1 skipped" in done.stdout
    assert "SKIPPED [1]" in done.stdout
    assert "no Neo4j: none named by NEO4J_URI, no Docker, and no" in done.stdout


def test_in_ci_a_missing_server_fails(bare_machine: dict[str, str], root: Path) -> None:
    done = _run_one_test(root, {**bare_machine, "CI": "true"})
    assert done.returncode == 1
    assert "CI=true, so this must run: no Neo4j" in done.stdout
