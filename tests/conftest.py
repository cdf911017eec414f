"""What every test gets: the servers' fixtures, found by looking, and a clean environment."""

from __future__ import annotations

import gc
import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

import kg
from tests import sharing
from tests.command import Done, run
from tests.machine import Once, stay_on_one_core

HERE = Path(__file__).parent

# jsonschema does without it, but else has it compile forty grammars as it is imported: seconds of
# each worker, for formats (`iri`) that no schema here names.
sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]

# One file in servers/ is one server: nothing is listed here.
pytest_plugins = [f"tests.servers.{file.stem}" for file in sorted(HERE.glob("servers/[a-z]*.py"))]

MARKS = {"neo4j_server": "neo4j", "chromium_path": "browser"}
"""Which mark a test carries because it asks for which fixture."""

# All that is imported and found stays for the run: to look through it for garbage, again and again
# as it grows, is a quarter of what finding the tests costs.
gc.disable()

# Machines differ in speed; a test fails for what it finds, never for how long it took.
hypothesis.settings.register_profile("kg", deadline=None, print_blob=True)
hypothesis.settings.load_profile("kg")


def pytest_configure(config: pytest.Config) -> None:
    """Before Polars makes its threads. Who only hands tests out stays as it is: workers have no
    more cores than it."""
    if hasattr(config, "workerinput") or not config.getoption("numprocesses", None):
        stay_on_one_core()


@pytest.hookimpl(tryfirst=True)  # before -m selects
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests that need a server, so that `-m 'not neo4j'` is never out of date."""
    for item in items:
        for fixture in set(MARKS) & set(getattr(item, "fixturenames", ())):
            item.add_marker(MARKS[fixture])
    if hasattr(config, "workerinput"):
        items.sort(
            key=lambda item: (*sharing.turn(item.nodeid), not item.get_closest_marker("bare"))
        )


def pytest_collection_finish() -> None:
    """From here on garbage is looked for, among what tests make."""
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> object:
    """How several workers share the tests (`pytest -n 2`)."""
    return sharing.scheduler(config, log)


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a test away from the graph and the server that the person who runs it uses."""
    for name in list(os.environ):
        if name.startswith(("KG_", "NEO4J_")) and name != "KG_TEST_CACHE":
            monkeypatch.delenv(name)
    monkeypatch.setenv("KG_CACHE", "")


@pytest.fixture(scope="session")
def once(tmp_path_factory: pytest.TempPathFactory) -> Once:
    """Makes what takes long once a run, whichever worker asks."""
    base = tmp_path_factory.getbasetemp()
    return Once(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)


@pytest.fixture(scope="session")
def first_build(once: Once) -> Done:
    """What `kg build` says of the seed that ships, in an empty folder, once a run."""

    def build() -> Done:
        (once.folder / "seed").mkdir(exist_ok=True)
        done = run(once.folder / "seed", "build")
        assert done.returncode == 0, done.stderr
        return done

    return once("seed", build)


@pytest.fixture(scope="session")
def built_seed(first_build: Done, once: Once, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder as that leaves it: graph, ledger, pictures. Each worker has a copy, which nobody
    may change."""
    folder = tmp_path_factory.mktemp("seed") / "built"
    return Path(shutil.copytree(once.folder / "seed", folder))


@pytest.fixture(scope="session")
def seed_graph(built_seed: Path) -> Iterator[kg.KnowledgeGraph]:
    """The seed that ships, on the embedded engine. Nobody may change it."""
    with kg.open(built_seed / "kg.kgl") as graph:
        yield graph


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return HERE.parent


@pytest.fixture(scope="session")
def shared(root: Path) -> Path:
    """The folder of real data that may lie beside the checkout."""
    folder = root.parent / "shared"
    if not folder.is_dir():
        pytest.skip("no ../shared beside the checkout")
    return folder
