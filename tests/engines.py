"""The same test on each engine: a file of the embedded one, and the real Neo4j of this run."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import quote

import pytest

import kg
from tests.servers.neo4j import Neo4jServer

ENGINES = ("embedded", pytest.param("neo4j", marks=pytest.mark.neo4j))
"""What a fixture takes as `params`."""


def opened(request: pytest.FixtureRequest, folder: Path) -> kg.KnowledgeGraph:
    """A graph on the engine that the test is for (`request.param`), with its ledger in a folder; on
    the server, what other tests left goes with the first `replace=True`."""
    if request.param == "embedded":
        return kg.open(folder / "g.kgl")
    server: Neo4jServer = request.getfixturevalue("neo4j_server")
    server.wipe()
    scheme, _, host = server.uri.partition("://")
    url = f"{scheme}://{server.user}:{quote(server.password)}@{host}"
    graph = kg.open(url, folder / "ledger")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_DATABASE", server.database)
        assert graph.store  # opened while the environment names the database
    return graph
