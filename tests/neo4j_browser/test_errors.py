"""A server that cannot be used: a clear last line, and exit code 4, whichever driver is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.machine import free_port
from tests.servers.neo4j import Neo4jServer

DRIVERS = ["bolt", "neo4j", "py2neo+bolt", "py2neo+neo4j"]


def told(folder: Path, url: str, environment: dict[str, str]) -> str:
    """What `kg query` says of a server in its last line; it must end with exit code 4."""
    command = [sys.executable, "-m", "kg", "query", "RETURN 1 AS x", "--db", url]
    done = subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_wrong_password(neo4j_server: Neo4jServer, tmp_path: Path, driver: str) -> None:
    url = neo4j_server.uri.replace("bolt", driver, 1)
    wrong = {**neo4j_server.environment, "NEO4J_PASSWORD": "not the password"}
    line = told(tmp_path, url, wrong)
    assert "does not accept this user and password" in line
    assert "not the password" not in line


@pytest.mark.parametrize("driver", DRIVERS)
def test_nobody_answers(tmp_path: Path, driver: str) -> None:
    url = f"{driver}://127.0.0.1:{free_port()}"
    assert told(tmp_path, url, {}).startswith("no Neo4j server answers at ")


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_unknown_database(neo4j_server: Neo4jServer, tmp_path: Path, driver: str) -> None:
    url = neo4j_server.uri.replace("bolt", driver, 1)
    elsewhere = {**neo4j_server.environment, "NEO4J_DATABASE": "nowhere"}
    assert "has no such database (NEO4J_DATABASE)" in told(tmp_path, url, elsewhere)
