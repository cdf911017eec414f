"""What a command does not need is not imported: it is paid at every start."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = (
    *("networkx", "rich", "numpy", "pandas", "filelock"),
    "polars.dataframe",  # `polars` itself is there, and empty until it is used
    *("kg.identity", "kg.ask.ach", "kg.pipeline.change", "kg.pipeline.verify"),
)

PROGRAM = "import sys; {}; print(); print(*(name for name in {!r} if name in sys.modules))"

ASKED = (
    "from kg.cli.commands import cli; "
    "cli(['query', 'disputed', '--db', {!r}, '--format', 'json'], standalone_mode=False)"
)


def loaded(does: str) -> str:
    """Which of the heavy libraries a program has loaded after what it `does`."""
    program = PROGRAM.format(does, HEAVY)
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    return done.stdout.splitlines()[-1]


@pytest.mark.parametrize(
    "imports",
    [
        "import kg.cli.commands, kg.api, kg.stores.kglite",
        "import kg.cli.terminal; kg.cli.terminal.Terminal().json([1])",
    ],
)
def test_a_question_in_json_starts_without_heavy_libraries(imports: str) -> None:
    assert loaded(imports) == ""


def test_a_saved_question_is_answered_without_heavy_libraries(built_seed: Path) -> None:
    assert loaded(ASKED.format(str(built_seed / "kg.kgl"))) == ""
