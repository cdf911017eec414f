"""A page of the reference: made by a command, and compared with `--check`."""

from __future__ import annotations

import sys
from pathlib import Path

from kg.base.writing import write_text

FOLDER = Path(__file__).parents[1] / "docs" / "reference"


def write_or_check(name: str, text: str, made_by: str) -> int:
    """Write `docs/reference/<name>`; with `--check` on the command line say whether it is as it
    should be (0 or 1)."""
    page = FOLDER / name
    if "--check" not in sys.argv[1:]:
        write_text(page, text)
        return 0
    if page.is_file() and page.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{page} is stale: python -m {made_by}\n")
    return 1
