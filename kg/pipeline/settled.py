"""Whether a graph is what its ledger amounts to, and waiting for a writer who makes it so."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from kg.graph.concluded import judgements_path, judgements_state
from kg.ledger.ledger import Ledger
from kg.pipeline.ownership import HALF_WRITTEN, belongs
from kg.stores import Stamp, Store
from kg.stores.base import Unsettled

T = TypeVar("T")

WRITERS_TURN = 5.0
"""Seconds for which who asks waits for a writer to finish."""
PAUSE = 0.1


def settled(ask: Callable[[], T]) -> T:
    """What `ask` gives once no writer is at work, who is waited for a moment."""
    end = time.monotonic() + WRITERS_TURN
    while True:
        try:
            return ask()
        except Unsettled as why:
            if not why.writer or time.monotonic() > end:
                raise
        time.sleep(PAUSE)


def refuse_mismatch(name: str, ledger: Ledger, store: Store, stamp: Stamp | None) -> None:
    """Raise `Unsettled` where this is the stamp of half a graph, or not of the ledger's. `name` is
    the graph's, for messages."""
    half = stamp is not None and stamp.manifest == HALF_WRITTEN
    # A graph can be read without its ledger.
    wanted = ledger.manifest().id if ledger.exists else stamp and stamp.manifest
    if not half and wanted == (stamp and stamp.manifest):
        return refuse_new_judgements(ledger)
    if writer := store.writer() or ("a load" if ledger.busy else ""):
        raise Unsettled(f"{name} is being written just now by {writer}: try again after it", writer)
    # A writer commits the ledger first and lets go last: one that has just done so was seen
    # before, in the ledger, and is seen now, in the graph.
    if store.stale or store.stamp() != stamp:
        raise Unsettled(f"{name} was written while it was read: try again", "another")
    raise Unsettled(_mismatch(name, ledger, stamp, half))


def _mismatch(name: str, ledger: Ledger, stamp: Stamp | None, half: bool) -> str:
    folder = ledger.folder
    if stamp is None:
        return (
            f"{name} was not written by kg, but {folder} has a ledger: `kg sync` puts it "
            "there, --ledger names another"
        )
    if ledger.exists and not belongs(stamp, ledger):
        return (
            f"{name} was made from another ledger than {folder}: --ledger names the "
            "folder of its own, `kg sync --replace` puts what this one holds in its place"
        )
    if half:
        return f"{name} was left half-written: `kg sync` carries on where it stopped"
    return (
        f"{name} was built from ledger {stamp.manifest}, and {folder} is now "
        f"{ledger.manifest().id}: `kg sync` brings the graph up to date, --ledger names "
        "another ledger"
    )


def refuse_new_judgements(ledger: Ledger) -> None:
    """Raise `Unsettled` for judgements that are not in what the ledger holds: one was interrupted,
    or the file was changed by hand."""
    noted = ledger.manifest().judgements
    if noted is None or noted == judgements_state(ledger):
        return
    path = judgements_path(ledger)
    if ledger.busy or ledger.manifest().judgements != noted:
        raise Unsettled(f"{path} is being judged in just now: try again after it", "another")
    raise Unsettled(
        f"{path} is not as it was when the graph was made (a judgement was interrupted, or the "
        "file was changed by hand): `kg sync` brings the graph up to date with it"
    )
