"""Judging: the file of judgements and what follows from it change together, or neither does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kg.base.writing import write_bytes
from kg.graph.concluded import judgements_path, judgements_state
from kg.ledger.ledger import Ledger


@contextmanager
def judging(ledger: Ledger) -> Iterator[Path]:
    """The file of judgements, nobody else's as long as this lasts; as it was, if the ledger does
    not get what follows from a new one."""
    path = judgements_path(ledger)
    with ledger.writing():
        before = path.read_bytes() if path.exists() else None
        try:
            yield path
        except BaseException:
            if ledger.manifest().judgements == judgements_state(ledger):
                raise  # it stands in the ledger: `kg sync` brings the graph up to date
            if before is None:
                path.unlink(missing_ok=True)
            else:
                write_bytes(path, before)
            raise
