"""One writer at a time on a server's database: a lock on the mark node, which runs out.

Each transaction of a writer renews its lock first. That keeps the lock while the writer gets on;
and since the mark stays locked in the server until the transaction ends, nobody can take it
meanwhile. A writer whose lock ran out and was taken by another fails there, before it writes more.
"""

from __future__ import annotations

import math
import os
import platform
from dataclasses import dataclass, field
from uuid import uuid4

from kg.base.errors import DatabaseError
from kg.stores.base import FINGERPRINT, MARK, Run

LEASE = 60
"""Seconds for which a lock holds after its writer last wrote."""

UNIQUE = f"CREATE CONSTRAINT IF NOT EXISTS FOR (n:{MARK}) REQUIRE n.id IS UNIQUE"
"""Without it two writers that come first at once could each make a mark of their own."""

_MARK = f"(n:{MARK} {{id: 'kg'}})"
_NOW = "datetime.realtime().epochMillis"
"""The server's clock, the same for all writers."""

# Each of these two changes a property first, which makes the server lock the node; what a statement
# after it reads is what counts until the transaction ends.
_TOUCH = f"MERGE {_MARK} SET n.name = 'Written by kg', n.{FINGERPRINT} = 'mark'"
_EXTEND = f"MATCH {_MARK} SET n.writer_until = {_NOW} + $lease"
_HOLDER = (
    f"MATCH {_MARK} WHERE n.writer IS NOT NULL RETURN n.writer AS key, n.writer_host AS host, "
    f"n.writer_process AS process, n.writer_until - {_NOW} AS left"
)
_TAKE = (
    f"MATCH {_MARK} SET n.writer = $key, n.writer_host = $host, n.writer_process = $process, "
    f"n.writer_until = {_NOW} + $lease"
)
_RELEASE = (
    f"MATCH {_MARK} REMOVE n.writer, n.writer_host, n.writer_process, n.writer_until "
    "WITH n WHERE n.manifest IS NULL DELETE n"
)

WRITING: set[str] = set()
"""The keys of the writers that are at work in this process."""


@dataclass(frozen=True)
class Writer:
    """A process that writes into a graph, as others see it."""

    process: int = field(default_factory=os.getpid)
    host: str = field(default_factory=platform.node)
    key: str = field(default_factory=lambda: uuid4().hex)
    left: int = LEASE * 1000
    """Milliseconds until its lock runs out, if it writes no more."""

    def __str__(self) -> str:
        where = "" if self.host == platform.node() else f" on {self.host}"
        return f"process {self.process}{where}"

    @property
    def gone(self) -> bool:
        """Whether it cannot write any more: its lock ran out, its process here has ended, or this
        process gave it up (and could not tell a server that no longer answered)."""
        if self.left <= 0 or self.host != platform.node():
            return self.left <= 0
        if self.process == os.getpid():
            return self.key not in WRITING
        return not running(self.process)

    def take(self, run: Run) -> None:
        """Become the writer. Raises `DatabaseError` that names another one."""
        _refuse(holder(run))  # first without waiting for what it is writing just now
        run(_TOUCH, {})
        _refuse(holder(run))
        given = {"key": self.key, "host": self.host, "process": self.process}
        run(_TAKE, {**given, "lease": LEASE * 1000})

    def renew(self, run: Run) -> None:
        """Keep the lock. Raises `DatabaseError` where another writer took it."""
        run(_EXTEND, {"lease": LEASE * 1000})
        rows = run(_HOLDER, {}).rows
        if not rows or rows[0][0] != self.key:
            raise DatabaseError(
                "another writer took the graph over, since this one had not written for "
                f"{LEASE} seconds; it wrote nothing more. `kg sync` carries on if the graph is "
                "still this ledger's"
            )

    def release(self, run: Run) -> None:
        """Let others write. Raises `DatabaseError` where another writer has taken the lock."""
        self.renew(run)
        run(_RELEASE, {})


def holder(run: Run) -> Writer | None:
    """Who writes at this moment."""
    for key, host, process, left in run(_HOLDER, {}).rows:
        found = Writer(process, host, key, left)
        return None if found.gone else found
    return None


def _refuse(other: Writer | None) -> None:
    if other is not None:
        raise DatabaseError(
            f"the graph is being written by {other}: try again after it (should it hang or be cut "
            f"off, its lock runs out in {math.ceil(other.left / 1000)} seconds)"
        )


def running(process: int) -> bool:
    """Whether a process of this machine still runs; True where that cannot be asked."""
    if os.name != "posix":
        return True  # asking would end it
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True
