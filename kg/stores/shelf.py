"""Graphs of lenses, kept for the next question: a file of the embedded engine for each lens and
state of a ledger. What is asked for again is opened, not made; nothing but time depends on it."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import kglite

from kg.base.errors import DatabaseError
from kg.stores.kglite import KgliteStore

ENGINE = str(kglite.__version__)
"""What wrote a file."""

MOST = 8
"""Graphs that are kept; the one that was not asked for longest goes first."""

NAME = re.compile(r"([0-9a-f]{16})-[0-9a-f]{16}\.kgl")
"""Of a file here: the state of the ledger, and what else the graph depends on."""


@dataclass(frozen=True)
class Shelf:
    """A folder of such graphs. Where it cannot be written, or there is none, nothing is kept."""

    folder: Path | None

    def new(self) -> KgliteStore:
        """A graph to fill, in memory."""
        return KgliteStore()

    def take(self, state: str, key: str) -> KgliteStore | None:
        """The graph of a state of the ledger and a key (16 hex digits each), if it is here."""
        if self.folder is None:
            return None
        path = self.folder / f"{state}-{key}.kgl"
        try:
            os.utime(path)
            return KgliteStore(path, write=False)
        except (OSError, DatabaseError):  # not there, or not whole: it is made again
            return None

    def put(self, state: str, key: str, store: KgliteStore) -> None:
        """Keep a graph, in place of those that nobody asked for lately."""
        if self.folder is None:
            return
        with suppress(OSError, DatabaseError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            store.save(self.folder / f"{state}-{key}.kgl")
            ours = [path for path in self.folder.iterdir() if NAME.fullmatch(path.name)]
            ours.sort(key=lambda path: path.stat().st_mtime_ns)
            for path in ours[:-MOST]:
                path.unlink(missing_ok=True)
