"""A piece of work in a process of few rights: what a statement may do is up to the system.

The process is a copy of this one (`fork`), so it has the graph already, and nothing is copied
before it is written to. It can open no file and no connection, and has a bound on its memory. What
it works out comes back through a pipe; when it dies, this process lives on.
"""

from __future__ import annotations

import os
import pickle
import selectors
import signal
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn, TypeVar

from kg.base import limits
from kg.base.errors import DatabaseError, KgError

T = TypeVar("T")

GRACE = 2.0
"""Seconds that the engine has to stop by itself when its time is over."""


def fenced(work: Callable[[], T], seconds: float) -> T:
    """What `work` returns, or the `KgError` that it raises. Raises `DatabaseError` where it takes
    too long, needs too much memory, or brings its process down.

    Without `fork` (Windows) the work is done here, without the fence.
    """
    if not hasattr(os, "fork"):
        return work()
    reads, writes = os.pipe()
    with warnings.catch_warnings():
        # Of threads that hold a lock while the copy is made: the work takes none of theirs, and
        # what hangs all the same is stopped when its time is over.
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        os.close(reads)
        _work(work, writes)
    os.close(writes)
    try:
        with open(reads, "rb") as answer:  # noqa: PTH123  (a descriptor, no path)
            if not _ready(reads, seconds + GRACE):
                raise DatabaseError(f"the query was stopped after {seconds:g} seconds")
            good, found = _received(answer.read())
    finally:
        _end(child)
    if not good:
        raise found
    return found  # type: ignore[no-any-return]  # what came through a pipe


def _ready(pipe: int, seconds: float) -> bool:
    with selectors.DefaultSelector() as waiting:
        waiting.register(pipe, selectors.EVENT_READ)
        return bool(waiting.select(seconds))


def _received(answer: bytes) -> tuple[bool, Any]:
    with suppress(EOFError, pickle.UnpicklingError):  # it died before or while it answered
        return pickle.loads(answer)  # type: ignore[no-any-return]  # from a copy of ourselves
    return False, DatabaseError(
        "the query brought its process down: most often it needs more than "
        f"{limits.limit('query-mb'):,} megabytes of memory "
        f"(--raise query-mb={2 * limits.limit('query-mb')} lets it have more)"
    )


def _end(child: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    with suppress(ChildProcessError):  # somebody else has waited for it
        os.waitpid(child, 0)


def _work(work: Callable[[], object], writes: int) -> NoReturn:
    """Do the work, hand over what came of it, and end, without anything that Python does at the
    end of a process: buffers, open files and servers belong to the one that was copied."""
    try:
        _give_up_rights()
        try:
            answer = pickle.dumps((True, work()), pickle.HIGHEST_PROTOCOL)
        except KgError as why:
            answer = pickle.dumps((False, why))
        except MemoryError:
            os._exit(1)
        except BaseException as why:  # also a panic of the engine
            answer = pickle.dumps((False, DatabaseError(f"the engine failed: {why}")))
        with open(writes, "wb") as out:
            out.write(answer)
    finally:
        os._exit(0)


def _give_up_rights() -> None:
    """Open nothing more, say nothing, leave no core, and take no more memory than is allowed."""
    import faulthandler
    import resource

    faulthandler.disable()
    silence = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silence, stream)
    if sys.platform == "linux":
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
        _bound(resource.RLIMIT_AS, pages * resource.getpagesize() + _allowed())
    for right in (resource.RLIMIT_CORE, resource.RLIMIT_FSIZE, resource.RLIMIT_NOFILE):
        _bound(right, 0)


def _allowed() -> int:
    return limits.limit("query-mb") * 1_000_000


def _bound(right: int, most: int) -> None:
    import resource

    _, hard = resource.getrlimit(right)
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(right, (most, most))
