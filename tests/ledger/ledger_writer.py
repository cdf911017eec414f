"""Run by test_ledger in a process of its own: replace a ledger's claims, and die at a given step.

    python ledger_writer.py FIGURE LEDGER STEP [LEDGER STEP]…

STEP counts the calls that change the file system (0: never die); a process of its own ends at that
call, as abruptly as in a power cut, before the call is made. Prints a line for each: how the
process ended, or how many calls there were.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.base.errors import DatabaseError
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.ledger.ledger import Batch, Ledger, Manifest
from kg.ontology import load as ontology

DEAD = 9


def batches(figure: str) -> list[Batch]:
    """Two sources that say the figure."""
    made = []
    for name in ("one", "two"):
        emit = Emitter(Source(name), ontology())
        emit.entity("incident:theft", "The theft")
        emit.claim("incident:theft", "amount_stolen", figure)
        made.append(Batch(emit.source, emit.finish()))
    return made


def write(ledger: Ledger, figure: str) -> Manifest:
    """Replace what the ledger holds."""
    with ledger.writing():
        manifest = ledger.stage(batches(figure), onto=Manifest())
        ledger.commit(manifest)
    return manifest


def main() -> None:
    """A child for each ledger: to start Python anew would take longest."""
    figure, *given = sys.argv[1:]
    for folder, step in zip(given[::2], given[1::2], strict=True):
        child = os.fork()
        if not child:
            try:
                steps = write_dying(Path(folder), figure, int(step))
                print(steps, flush=True)
            except DatabaseError as why:
                print(why, flush=True)
            os._exit(0)
        if code := os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]):
            print(f"ended with {code}", flush=True)


def write_dying(folder: Path, figure: str, last: int) -> int:
    """Write, and die on the way; how many steps there were, if not."""
    steps = 0

    def counted(call: Callable[..., Any], *, inside: bool) -> Callable[..., Any]:
        def step(*given: Any, **named: Any) -> Any:
            nonlocal steps
            steps += 1
            if steps == last:
                if inside:  # half of what was to be written
                    call(*(part[: len(part) // 2] for part in given))
                os._exit(DEAD)
            return call(*given, **named)

        return step

    plain_open = os.fdopen

    def opened(descriptor: int, *given: Any, **named: Any) -> Any:
        file = plain_open(descriptor, *given, **named)
        if "b" not in file.mode:
            return file
        raw = open(descriptor, "wb", buffering=0, closefd=False)  # noqa: SIM115
        wrapped = type("Wrapped", (), {})()
        wrapped.write = counted(raw.write, inside=True)
        wrapped.flush = raw.flush
        wrapped.__class__.__enter__ = lambda self: self
        wrapped.__class__.__exit__ = lambda self, *_: file.close()
        return wrapped

    os.fdopen = opened  # type: ignore[assignment]
    for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync")):
        setattr(owner, name, counted(getattr(owner, name), inside=False))
    write(Ledger(folder), figure)
    return steps


if __name__ == "__main__":
    main()
