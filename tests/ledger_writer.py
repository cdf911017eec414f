"""Run by test_ledger in a process of its own: replace a ledger's claims, and die at a given step.

    python ledger_writer.py LEDGER FIGURE STEP

STEP counts the calls that change the file system (0: never die); the process ends at that call,
as abruptly as in a power cut, before the call is made. Prints how many calls there were.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kg.claims.emit import Emitter, Source
from kg.claims.ledger import Batch, Ledger, Manifest
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
    """Write, dying on the way."""
    folder, figure, last = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
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

    plain_open = Path.open

    def opened(self: Path, mode: str = "r", *given: Any, **named: Any) -> Any:
        file = plain_open(self, mode, *given, **named)
        if "w" not in mode:
            return file
        raw = open(file.fileno(), mode, buffering=0, closefd=False)  # noqa: SIM115
        wrapped = type("Wrapped", (), {})()
        wrapped.write = counted(raw.write, inside=True)
        wrapped.flush, wrapped.fileno = raw.flush, raw.fileno
        wrapped.__class__.__enter__ = lambda self: self
        wrapped.__class__.__exit__ = lambda self, *_: file.close()
        return wrapped

    Path.open = opened  # type: ignore[method-assign]
    for owner, name in ((Path, "replace"), (Path, "unlink"), (os, "fsync")):
        setattr(owner, name, counted(getattr(owner, name), inside=False))
    write(Ledger(folder), figure)
    print(steps)


if __name__ == "__main__":
    main()
