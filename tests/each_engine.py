"""The same test on each engine: a file of the embedded one, and, for `make soak`, a real Neo4j.

In the normal run `tests/parity` holds the two to one another on every corpus and question, and
`tests/pipeline` loads into the server and unloads from it; what stands here asks for no server
then, and is shared out as what asks for none (`tests/sharing.py`).
"""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from tests.engines import on_server
from tests.servers.neo4j import Neo4jServer

ENGINES = ("embedded", pytest.param("neo4j", marks=[pytest.mark.neo4j, pytest.mark.soak]))
"""What a fixture takes as `params`."""


def opened(request: pytest.FixtureRequest, folder: Path) -> kg.KnowledgeGraph:
    """A graph on the engine that the test is for (`request.param`), with its ledger in a folder; on
    the server, what other tests left goes with the first `replace=True`."""
    if request.param == "embedded":
        return kg.open(folder / "g.kgl")
    server: Neo4jServer = request.getfixturevalue("neo4j_server")
    server.wipe()
    return on_server(server, folder / "ledger")
