"""Every engine, every corpus and every question, found by looking; a graph is built once a run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import networkx as nx
import pytest

import kg
from kg.base.discovery import modules
from kg.graph.lens import Lens
from kg.stores import Store, open_store
from kg.stores.base import everything
from tests.engines import on_server, seeded
from tests.parity import shapes
from tests.parity.inputs import corpora
from tests.servers.neo4j import Neo4jServer

SERVERS = {
    next(name for name in module.SCHEMES if name.endswith("bolt")): module.__name__
    for module in modules("stores")
    if getattr(module, "SCHEMES", ())
}
"""The scheme under which each engine of a server speaks Bolt."""

ENGINES = ("kglite", *(pytest.param(name, marks=pytest.mark.neo4j) for name in SERVERS))


ON_A_SERVER = ("together",)
"""What is asked on a server in the normal run: all that was thought of, in one graph, for each
has every question planned anew there. `make soak` asks about each alone, and about the seed."""


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        given = (
            item.callspec.params
            if isinstance(item, pytest.Function) and hasattr(item, "callspec")
            else {}
        )
        engine = str(given.get("engine", "kglite"))
        if engine != "kglite" and given.get("corpus", ON_A_SERVER[0]) not in ON_A_SERVER:
            item.add_marker(pytest.mark.soak)


class Graphs:
    """Each corpus in each engine: built when first asked for, then asked everything at once."""

    def __init__(self, folder: Path, seed: Path, server: Callable[[], Neo4jServer]) -> None:
        self.folder = folder
        self._seed = seed
        self._server = server
        self._built: dict[tuple[str, str], shapes.Answers] = {}
        self._projections: dict[str, nx.MultiDiGraph[str]] = {}
        self._lenses: dict[tuple[str, str], tuple[nx.MultiDiGraph[str], Store]] = {}

    def embedded(self, corpus: str) -> kg.KnowledgeGraph:
        """The corpus in the embedded engine, with its ledger, for as long as the run lasts."""
        path = self._path(corpus)
        graph = kg.open(str(path))
        if not path.exists():
            graph.build(corpora()[corpus])
        return graph

    def _path(self, corpus: str) -> Path:
        return self._seed if corpus == "seed" else self.folder / f"{corpus}.kgl"

    def own(self, corpus: str, folder: Path) -> kg.KnowledgeGraph:
        """A copy, in the embedded engine, that may be changed."""
        self.embedded(corpus).close()
        path = self._path(corpus)
        shutil.copytree(path.with_suffix(".ledger"), folder / "own.ledger")
        return kg.open(shutil.copy(path, folder / "own.kgl"))

    def networkx(self, corpus: str) -> nx.MultiDiGraph[str]:
        """The reference projection of the corpus. Nobody may change it."""
        if corpus not in self._projections:
            with self.embedded(corpus) as graph:
                self._projections[corpus] = graph.networkx()
        return self._projections[corpus]

    def through(self, corpus: str, lens: Mapping[str, str]) -> tuple[nx.MultiDiGraph[str], Store]:
        """The projection that a lens makes, and an engine that holds it. Nobody may change them."""
        key = (corpus, str(lens))
        if key not in self._lenses:
            store = open_store(None)
            with self.embedded(corpus) as graph:
                seen = graph.corpus(lens=Lens(**lens)).graph
                store.prepare(graph.ontology)
                store.apply(everything(seen), graph.ontology)
            self._lenses[key] = seen.networkx(), store
        return self._lenses[key]

    def answers(self, engine: str, corpus: str) -> shapes.Answers:
        """All rows of all questions, and the graph read back."""
        key = (engine, corpus)
        if key not in self._built:
            if engine == "kglite":
                with self.embedded(corpus) as graph:
                    self._built[key] = shapes.ask(graph, self.networkx(corpus))
            else:
                with self.on_server(engine, corpus) as graph:
                    self._built[key] = shapes.ask(graph, self.networkx(corpus))
        return self._built[key]

    def on_server(self, scheme: str, corpus: str) -> kg.KnowledgeGraph:
        """The corpus on the test server, in place of whatever that held before."""
        server = self._server()
        if (scheme, corpus) == ("bolt", "seed"):
            return seeded(server, self._seed.with_suffix(".ledger"))
        server.wipe()
        ledger, files = self.folder / "server.ledger", corpora()[corpus]
        return on_server(server, ledger, scheme, lambda graph: graph.build(files))


@pytest.fixture(scope="session")
def graphs(
    built_seed: Path, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Graphs:
    return Graphs(
        tmp_path_factory.mktemp("parity"),
        built_seed / "kg.kgl",
        lambda: request.getfixturevalue("neo4j_server"),
    )


@pytest.fixture(params=list(corpora()))
def corpus(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)
