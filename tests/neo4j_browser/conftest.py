"""The whole seed on a real server, built once for this folder, and one window of Neo4j Browser."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kg.neo4j_browser import write_browser_kit
from tests.neo4j_browser.desk import Desk, opened
from tests.servers.neo4j import Neo4jServer


@pytest.fixture(scope="package")
def seeded(neo4j_server: Neo4jServer, tmp_path_factory: pytest.TempPathFactory) -> Neo4jServer:
    """The server with what `kg build` puts there."""
    neo4j_server.wipe(bare=True)
    command = [sys.executable, "-m", "kg", "build", "--db", neo4j_server.uri]
    folder = tmp_path_factory.mktemp("built")
    environment = {**os.environ, **neo4j_server.environment}
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True)
    return neo4j_server


@pytest.fixture(scope="package")
def desk(browser: Browser, seeded: Neo4jServer) -> Iterator[Desk]:
    """Neo4j Browser, logged in once for all tests here."""
    with opened(browser, seeded) as desk:
        yield desk


@pytest.fixture(scope="package")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `kg browser` writes."""
    folder = tmp_path_factory.mktemp("kit")
    write_browser_kit(folder)
    return folder
