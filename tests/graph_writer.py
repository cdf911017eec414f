"""Run by tests in a process of its own: build a graph, and stop half-way until told to go on.

    python graph_writer.py DB LEDGER [--pause] [--replace] FILE…

Builds each file in turn. With `--pause` it prints `half` once nodes and the first edges are
written, and waits for a line. Errors go to standard error, with their exit code.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import kg
from kg.base.errors import KgError
from kg.pipeline.report import Quiet

ROOT = Path(__file__).parents[1]


class Pausing(Quiet):
    """Waits in the middle of the first write."""

    done = False

    def progress(self, what: str, done: int, total: int) -> None:
        """Say so, and wait for a line."""
        if what == "edges" and not self.done:
            self.done = True
            print("half", flush=True)
            sys.stdin.readline()


def start(environment: Mapping[str, str], *given: str | Path) -> subprocess.Popen[str]:
    """A writer in a process of its own; with `--pause`, once it is half-way."""
    process = subprocess.Popen(
        [sys.executable, __file__, *map(str, given)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(ROOT)},
    )
    if "--pause" in given:
        assert process.stdout is not None
        assert process.stdout.readline() == "half\n", process.communicate()[1]
    return process


def main() -> None:
    """Build."""
    options = {one for one in sys.argv[1:] if one.startswith("--")}
    db, ledger, *files = (one for one in sys.argv[1:] if one not in options)
    reporter = Pausing() if "--pause" in options else Quiet()
    try:
        with kg.open(db, ledger) as graph:
            for file in files:
                graph.build([file], reporter=reporter, replace="--replace" in options)
    except KgError as why:
        print(why, file=sys.stderr)
        sys.exit(why.exit_code)


if __name__ == "__main__":
    main()
