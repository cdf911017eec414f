"""How several workers (`pytest -n 2`) share the tests: by what would otherwise be built twice."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]

SERVER = "the server"
"""The part of those that ask for the one Neo4j: they wipe it, so one worker runs them all."""

ASKING = ("neo4j_server", "neo4j_empty", "tests.engines")
"""The fixtures, and the module of one, by which they ask."""

FIRST = (
    SERVER,
    *("tests/loaders", "tests/graph", "tests/exports", "tests/cli", "tests/browser"),
    *("tests/pipeline", "tests/views", "tests/drafts", "tests/project", "tests/api"),
    *("tests/ask", "tests/stores", "tests/analytics"),
)
"""The parts that take longest start first: at the end nobody waits for them."""


@cache
def part(file: str) -> str:
    """What the worker that runs a test file runs with it: its folder, which shares fixtures; the
    files that ask for the server, or stand beside a conftest that does, wherever they are."""
    path = ROOT / file
    asks = (path, path.parent / "conftest.py")
    if path.parent != ROOT / "tests" and any(word in _text(one) for one in asks for word in ASKING):
        return SERVER
    return file.rpartition("/")[0]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.is_file() else ""


def turn(nodeid: str) -> tuple[int, str]:
    """By this tests are sorted: part by part, the longest first."""
    here = part(nodeid.partition("::")[0])
    return (FIRST.index(here) if here in FIRST else len(FIRST), here)


def scheduler(config: Any, log: Any) -> Any:
    """One that hands out whole parts, in their turn."""
    from xdist.scheduler import LoadScopeScheduling

    class Parts(LoadScopeScheduling):  # type: ignore[misc]  # xdist is untyped
        """By part in place of by module."""

        def _split_scope(self, nodeid: str) -> str:
            return part(nodeid.partition("::")[0])

    config.option.loadscopereorder = False  # by number of tests, which says little
    return Parts(config, log)
