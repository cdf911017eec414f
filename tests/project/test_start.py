"""What a command does not need is not imported: it is paid at every start."""

from __future__ import annotations

import subprocess
import sys

import pytest

HEAVY = (
    *("networkx", "rich", "numpy", "pandas", "filelock"),
    *("kg.identity", "kg.ask.ach", "kg.pipeline.change", "kg.pipeline.verify"),
)

PROGRAM = "import sys; {}; print(*(name for name in {!r} if name in sys.modules))"


@pytest.mark.parametrize(
    "imports",
    [
        "import kg.api, kg.cli.commands, kg.cli.terminal",
        "import kg.cli.terminal; kg.cli.terminal.Terminal().json([1])",
    ],
)
def test_a_question_in_json_starts_without_heavy_libraries(imports: str) -> None:
    program = PROGRAM.format(imports, HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[-1] == ""
