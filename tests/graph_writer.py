"""Builds a graph in a process of its own, and stops half-way until told to go on.

Each is a fork of one that has imported all it needs (multiprocessing's fork server): to import it
anew takes longer than to build.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path

import kg
from kg.base.errors import KgError
from kg.pipeline.report import Quiet

FORKS = get_context("forkserver")
FORKS.set_forkserver_preload(["kg.api", "kg.pipeline.change", "kg.stores.kglite", "neo4j"])


class Pausing(Quiet):
    """Waits in the middle of the first write."""

    def __init__(self, told: Connection) -> None:
        self.told, self.done = told, False

    def progress(self, what: str, done: int, total: int) -> None:
        """Say so, and wait for a word."""
        if what == "edges" and not self.done:
            self.done = True
            self.told.send("half")
            self.told.recv()


class Writer:
    """One that builds each file in turn; `pause`: it is half-way, and waits."""

    def __init__(
        self,
        environment: Mapping[str, str],
        place: tuple[str, Path],
        files: Sequence[Path],
        *,
        pause: bool = False,
        replace: bool = False,
    ) -> None:
        self._told, its = FORKS.Pipe()
        given = (its, dict(environment), place, files, pause, replace)
        # A daemon: where a test fails, the end of the run does not wait for one that waits.
        self.process = FORKS.Process(target=_write, args=given, daemon=True)
        self.process.start()
        its.close()
        assert self.process.pid is not None
        self.pid: int = self.process.pid
        if pause:
            assert (said := self._told.recv()) == "half", said

    @property
    def exit_code(self) -> int | None:
        """None while it is at work."""
        return self.process.exitcode

    def go_on(self) -> None:
        """To one that waits."""
        self._told.send("go on")

    def end(self) -> tuple[int | None, str]:
        """Its exit code once it has ended, and what it had to say."""
        try:
            said = str(self._told.recv())
        except EOFError:  # killed
            said = ""
        self.process.join()
        return self.exit_code, said


def _write(
    told: Connection,
    environment: Mapping[str, str],
    place: tuple[str, Path],
    files: Sequence[Path],
    pause: bool,
    replace: bool,
) -> None:
    os.environ.clear()
    os.environ.update(environment)
    reporter = Pausing(told) if pause else Quiet()
    try:
        with kg.open(*place) as graph:
            for file in files:
                graph.build([file], reporter=reporter, replace=replace)
    except KgError as why:
        told.send(str(why))
        sys.exit(why.exit_code)
    told.send("")
