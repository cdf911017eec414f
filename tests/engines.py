"""A graph on a real Neo4j."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import kg
from kg.stores import open_store
from tests.servers.neo4j import Neo4jServer


def on_server(
    server: Neo4jServer,
    ledger: Path,
    scheme: str = "bolt",
    made: Callable[[kg.KnowledgeGraph], object] = lambda _: None,
) -> kg.KnowledgeGraph:
    """A graph on the server, made, and open: the environment names the database no longer."""
    graph = kg.open(server.url(scheme), ledger)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NEO4J_DATABASE", server.database)
        made(graph)
        assert graph.store
    return graph


def seeded(server: Neo4jServer, ledger: Path) -> kg.KnowledgeGraph:
    """What a ledger amounts to, on the server: put there, unless it stands there since a test that
    only read it."""

    def made(graph: kg.KnowledgeGraph) -> None:
        with closing(open_store(graph.url, write=False)) as store:
            stamp = store.stamp()
        if stamp is None or stamp.manifest != graph.ledger.manifest().id:
            server.wipe()
            graph.sync()

    return on_server(server, ledger, made=made)
