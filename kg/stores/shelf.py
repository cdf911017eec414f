"""Graphs of lenses, kept for the next question: a file of the embedded engine for each lens and
state of a ledger. What is asked for again is opened, not made; nothing but time depends on it."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import kglite

from kg.base.errors import DatabaseError
from kg.base.kept import Kept
from kg.stores.kglite import KgliteStore

ENGINE = str(kglite.__version__)
"""What wrote a file."""

MOST = 32
"""Graphs that are kept; the one that was not asked for longest goes first."""


@dataclass(frozen=True)
class Shelf:
    """A folder of such graphs. Where it cannot be written, or there is none, nothing is kept."""

    folder: Path | None

    @property
    def _kept(self) -> Kept:
        return Kept(self.folder, ".kgl", MOST)

    def new(self) -> KgliteStore:
        """A graph to fill, in memory."""
        return KgliteStore()

    def take(self, state: str, key: str) -> KgliteStore | None:
        """The graph of a state of the ledger and a key (16 hex digits each), if it is here."""
        if path := self._kept.take(f"{state}-{key}"):
            with suppress(OSError, DatabaseError):  # not whole: it is made again
                return KgliteStore(path, write=False)
        return None

    def put(self, state: str, key: str, store: KgliteStore) -> None:
        """Keep a graph, in place of those that nobody asked for lately."""
        with suppress(DatabaseError):
            self._kept.put(f"{state}-{key}", store.save)
