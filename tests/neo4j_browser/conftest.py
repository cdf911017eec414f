"""The whole seed on a real server, and one window of Neo4j Browser."""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from kg.neo4j_browser import write_browser_kit
from tests import engines
from tests.neo4j_browser.desk import Desk, opened
from tests.servers.neo4j import Neo4jServer


@pytest.fixture(scope="package")
def seeded(neo4j_server: Neo4jServer, built_seed: Path) -> Neo4jServer:
    """The server with the seed that ships."""
    engines.seeded(neo4j_server, built_seed / "kg.ledger").close()
    return neo4j_server


@pytest.fixture(scope="package")
def desk(browser: Browser, seeded: Neo4jServer) -> Desk:
    """Neo4j Browser, logged in once for all tests here."""
    return _OPEN.enter_context(opened(browser, seeded))


_OPEN = ExitStack()


@pytest.hookimpl(tryfirst=True)  # while the window is there to close
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> None:
    """Close it behind the last test here, not at the end of the run: it asks its server without
    end, and draws what it hears."""
    if nextitem is None or nextitem.path.parent != item.path.parent:
        _OPEN.close()


@pytest.fixture(scope="package")
def kit(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that `kg browser` writes."""
    folder = tmp_path_factory.mktemp("kit")
    write_browser_kit(folder)
    return folder
