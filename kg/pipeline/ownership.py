"""Whose graph it is: one of others, one of another ledger, or this ledger's own."""

from __future__ import annotations

from contextlib import suppress

from kg.base.errors import DatabaseError
from kg.ledger.ledger import Ledger
from kg.stores import Stamp, Store

HALF_WRITTEN = "half-written"
"""What a database says in place of its ledger's id until all of it has arrived."""


def refuse_foreign(store: Store, share: bool) -> None:
    """Raise `DatabaseError` where a database holds data of others and was never marked as ours."""
    if share or not store.capabilities.shared or store.stamp() is not None:
        return
    others = store.foreign()
    if others:
        raise DatabaseError(
            f"the database holds {others:,} nodes that kg did not write; use another "
            "database, or --share to build beside them (they are left alone)"
        )


def belongs(stamp: Stamp, ledger: Ledger) -> bool:
    """Whether a graph with this stamp was made from this ledger, or from a copy of it."""
    if stamp.ledger is not None and ledger.id is not None:
        return stamp.ledger == ledger.id
    # One of them is older than the ids of ledgers: what it holds has to tell.
    with suppress(DatabaseError):
        return ledger.exists and stamp.manifest == ledger.manifest().id
    return False


def refuse_stranger(ledger: Ledger, store: Store, replace: bool) -> None:
    """Raise `DatabaseError` where the graph is another ledger's, or this one's was lost."""
    stamp = store.stamp()
    if replace or stamp is None or belongs(stamp, ledger):
        return
    owner = f"ledger {stamp.ledger}" if stamp.ledger else f"a ledger at state {stamp.manifest}"
    lost = "whose manifest has no id" if ledger.exists else "which has no manifest"
    mine = f"ledger {ledger.id}" if ledger.id else lost
    raise DatabaseError(
        f"the graph was made from {owner}, not from {ledger.folder} ({mine}), and nothing was "
        "changed: --ledger names the folder of the ledger that it belongs to, --replace (of "
        "build, load, sync) puts what this ledger holds in its place"
    )
