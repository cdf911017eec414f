"""The command `kg` run in this process: what a process of its own would do, without its start."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from kg.cli.commands import main

CLEAN = {k: v for k, v in os.environ.items() if not k.startswith(("KG_", "NEO4J_"))}
"""The environment without the graph and the server of the person who runs the tests."""


@dataclass(frozen=True)
class Done:
    """What a run left behind."""

    returncode: int
    stdout: str
    stderr: str


def run(folder: Path, *arguments: str, **environment: str) -> Done:
    """Run `kg` with these arguments in a folder. What it does not catch itself is not caught."""
    out, err, code = io.StringIO(), io.StringIO(), 0
    with (
        contextlib.chdir(folder),
        patch.dict(os.environ, CLEAN | environment, clear=True),
        patch.object(sys, "argv", ["kg", *arguments]),
        contextlib.redirect_stdout(out),
        contextlib.redirect_stderr(err),
    ):
        try:
            main()
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
    return Done(code, out.getvalue(), err.getvalue())
