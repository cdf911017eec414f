"""A server that cannot be used: a clear last line, and exit code 4, whichever driver is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.base.errors import DatabaseError
from kg.stores.py2neo import explained, package
from tests.command import run
from tests.machine import free_port
from tests.servers.neo4j import Neo4jServer

DRIVERS = ["bolt", "neo4j", "py2neo+bolt", "py2neo+neo4j"]


def told(folder: Path, url: str, environment: dict[str, str]) -> str:
    """What `kg query` says of a server in its last line; it must end with exit code 4."""
    done = run(folder, "query", "RETURN 1 AS x", "--db", url, **environment)
    assert (done.returncode, done.stdout) == (4, "")
    assert "Traceback" not in done.stderr
    return done.stderr.splitlines()[-1]


@pytest.mark.parametrize("driver", DRIVERS)
def test_a_wrong_password(neo4j_server: Neo4jServer, tmp_path: Path, driver: str) -> None:
    url = neo4j_server.uri.replace("bolt", driver, 1)
    # Three in a row, and the server says no more than that there were too many; a right one between
    # them starts the count again.
    neo4j_server.run("RETURN 1")
    wrong = {**neo4j_server.environment, "NEO4J_PASSWORD": "not the password"}
    line = told(tmp_path, url, wrong)
    assert "does not accept this user and password" in line
    assert "not the password" not in line


def test_too_many_wrong_passwords_through_py2neo() -> None:
    """It closes the connection on the server's answer, and stumbles over that."""
    known = package().errors
    code, message = "Neo.ClientError.Security.AuthenticationRateLimit", "too many times in a row"

    def asked() -> None:
        with explained("bolt://here"):
            try:
                raise known.Neo4jError(message, code)
            finally:
                raise known.ConnectionUnavailable("Connection has been closed")

    with pytest.raises(DatabaseError, match=f"^bolt://here: {message}$"):
        asked()


@pytest.mark.parametrize("driver", DRIVERS)
def test_nobody_answers(tmp_path: Path, driver: str) -> None:
    url = f"{driver}://127.0.0.1:{free_port()}"
    assert told(tmp_path, url, {}).startswith("no Neo4j server answers at ")


@pytest.mark.parametrize("driver", DRIVERS)
def test_an_unknown_database(neo4j_server: Neo4jServer, tmp_path: Path, driver: str) -> None:
    url = neo4j_server.uri.replace("bolt", driver, 1)
    elsewhere = {**neo4j_server.environment, "NEO4J_DATABASE": "nowhere"}
    assert "has no such database (NEO4J_DATABASE)" in told(tmp_path, url, elsewhere)
