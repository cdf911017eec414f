"""A graph is one thread's: who asks takes turns, and waits no longer than is bearable."""

from __future__ import annotations

import ctypes
from collections.abc import Callable
from concurrent.futures import Future
from queue import Full, Queue
from threading import Lock, Thread
from typing import Any, TypeVar

from kg.base.errors import KgError

T = TypeVar("T")

WAITING = 16
"""So many questions may wait for their turn."""


class Busy(KgError):
    """Too many wait already, or this took too long."""


class Stopped(BaseException):
    """Raised within a piece of work that nobody waits for any more."""


class Turns:
    """One thread that does what it is given, one piece after another."""

    def __init__(self) -> None:
        self._work: Queue[tuple[Future[Any], Callable[[], Any]] | None] = Queue(WAITING)
        self._doing: Future[Any] | None = None
        self._lock = Lock()  # of what is being done: only that is stopped
        # A daemon: the end of the process does not wait for a question that is being answered.
        self._thread = Thread(target=self._run, name="graph", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        while (item := self._work.get()) is not None:
            try:
                self._do(*item)
            except Stopped:  # told when the work was all but over
                continue

    def _do(self, future: Future[Any], work: Callable[[], Any]) -> None:
        if not future.set_running_or_notify_cancel():
            return  # whoever asked has gone
        self._now(future)
        try:
            found = work()
        except BaseException as why:  # whoever waits gets it
            self._now(None)
            future.set_exception(why)
        else:
            self._now(None)
            future.set_result(found)

    def _now(self, future: Future[Any] | None) -> None:
        with self._lock:
            self._doing = future

    def take(self, work: Callable[[], T], seconds: float | None = None) -> T:
        """What `work` returns or raises. Raises `Busy`; what is still being done then is stopped as
        soon as it comes back to Python."""
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
            self._stop(future)
            raise Busy(
                f"no answer within {seconds:g} seconds, so it was stopped: ask for less"
            ) from None

    def _stop(self, future: Future[Any]) -> None:
        """Nobody waits for this any more: it does not begin, or does not go on."""
        if future.cancel():
            return
        with self._lock:
            if self._doing is future and self._thread.ident is not None:
                raising = ctypes.pythonapi.PyThreadState_SetAsyncExc
                raising(ctypes.c_ulong(self._thread.ident), ctypes.py_object(Stopped))

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
