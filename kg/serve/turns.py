"""A graph is one thread's: who asks takes turns, and waits no longer than is bearable."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future
from queue import Full, Queue
from threading import Thread
from typing import Any, TypeVar

from kg.base.errors import KgError

T = TypeVar("T")

WAITING = 16
"""So many questions may wait for their turn."""


class Busy(KgError):
    """Too many wait already, or this took too long."""


class Turns:
    """One thread that does what it is given, one piece after another."""

    def __init__(self) -> None:
        self._work: Queue[tuple[Future[Any], Callable[[], Any]] | None] = Queue(WAITING)
        # A daemon: the end of the process does not wait for a question that is being answered.
        self._thread = Thread(target=self._run, name="graph", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            future, work = item
            if not future.set_running_or_notify_cancel():
                continue  # whoever asked has gone
            try:
                future.set_result(work())
            except BaseException as why:  # whoever waits gets it
                future.set_exception(why)

    def take(self, work: Callable[[], T], seconds: float | None = None) -> T:
        """What `work` returns or raises. Raises `Busy`."""
        future: Future[T] = Future()
        try:
            self._work.put_nowait((future, work))
        except Full:
            raise Busy(f"{WAITING} questions wait for the graph already: ask again later") from None
        try:
            return future.result(seconds)
        except TimeoutError:
            if future.done():
                raise
            future.cancel()
            raise Busy(f"no answer within {seconds:g} seconds: ask for less") from None

    def end(self, last: Callable[[], object], seconds: float) -> bool:
        """Do one thing more and end; whether that was so within some seconds."""
        future: Future[Any] = Future()
        try:
            self._work.put_nowait((future, last))
            self._work.put_nowait(None)
        except Full:
            return False
        self._thread.join(seconds)
        return not self._thread.is_alive()
