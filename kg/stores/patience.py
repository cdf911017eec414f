"""Waiting for a server: while it is there, no longer than was asked for, never deaf to Ctrl-C.

Neither driver lets a limit be set on how long a socket is read: a server that keeps its connections
open and says nothing would be waited for without end, in code that Ctrl-C does not reach. So what a
server does is waited for from outside: the work is done in a thread of its own, and this one stops
waiting when its time is over, when the server no longer answers anybody, or when Ctrl-C says so.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar, copy_context
from threading import Event, Thread
from typing import Generic, TypeVar

T = TypeVar("T")

PATIENCE = 10.0
"""Seconds to wait for a server to answer at all."""

SILENCE = 30.0
"""Seconds of waiting for one piece of work after which the server is asked whether it is there. One
that is may take as long as it likes."""

GRACE = 0.5
"""Seconds that a server has to say that it stopped a piece of work whose time is over. It looks at
the clock every two seconds; by then the connection is gone, and the work with it."""

AFTERMATH = 2.0
"""Seconds to wait for an answer of a server that was just given up, if something is still to do."""

_end: ContextVar[float | None] = ContextVar("end", default=None)


class Silent(Exception):
    """A server was waited for, and did not answer."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"no answer for {seconds:g} seconds")
        self.seconds = seconds


class Left(Exception):
    """Nobody waits any more for the work in which this is raised: it must not go on."""


class Turn(Generic[T]):
    """One piece of work in a thread of its own."""

    def __init__(self, work: Callable[[Turn[T]], T]) -> None:
        self.done = Event()
        self.left = False
        self._work = work
        self._found: T
        self._why: BaseException | None = None
        # A daemon: the end of the process does not wait for it.
        Thread(target=copy_context().run, args=(self._run,), daemon=True).start()

    def _run(self) -> None:
        try:
            self._found = self._work(self)
        except BaseException as why:  # whoever waits gets it
            self._why = why
        finally:
            self.done.set()

    def go_on(self) -> None:
        """Called before each step. Raises `Left` where nobody waits for it any more."""
        if self.left:
            raise Left

    def result(self) -> T:
        """What the work returned, or raises what it raised."""
        if self._why is not None:
            raise self._why
        return self._found


def patiently(
    work: Callable[[Turn[T]], T],
    *,
    limit: float | None,
    leave: Callable[[], object],
    there: Callable[[], bool] = lambda: False,
) -> T:
    """What `work` returns or raises, waited for `limit` seconds, or as long as the server is
    `there` (asked only without a limit), and never longer than `within` allows.

    Raises `Silent` where that is over. Whenever this stops waiting, `leave` is called: it lets go
    of the connections (`aside`, since that may take a while too), which ends the work.
    """
    turn = None
    try:
        turn = Turn(work)
        _wait(turn.done, _left(limit), there)
    except BaseException:
        if turn is not None:
            turn.left = True
        leave()
        raise
    return turn.result()


def _wait(done: Event, limit: float | None, there: Callable[[], bool]) -> None:
    start = time.monotonic()
    while not done.wait(SILENCE if limit is None else limit):
        if limit is not None or not (there() or done.is_set()):
            raise Silent(round(time.monotonic() - start, 1))


def _left(limit: float | None) -> float | None:
    """The limit, or what is left of the time of the whole."""
    end = _end.get()
    if end is None:
        return limit
    left = max(0.0, end - time.monotonic())
    return left if limit is None else min(limit, left)


def aside(close: Callable[[], object]) -> None:
    """Close something that may be stuck, without waiting for it."""

    def quietly() -> None:
        with suppress(Exception):
            close()

    Thread(target=quietly, daemon=True).start()


@contextmanager
def within(seconds: float | None) -> Iterator[None]:
    """`with within(5):` all waiting for servers in this block ends after so many seconds."""
    token = _end.set(None if seconds is None else time.monotonic() + seconds + GRACE)
    try:
        yield
    finally:
        _end.reset(token)
