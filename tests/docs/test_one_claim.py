"""docs/one-claim.md runs from the top to the bottom, prints what it says, and quotes the seed."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "one-claim.md"
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)


def prints_what_it_says(page: Path, folder: Path) -> int:
    """Run the blocks of a page in a folder; how many printed something."""
    blocks = BLOCK.findall(page.read_text(encoding="utf-8"))
    names: dict[str, Any] = {"WORKING_FOLDER": folder}
    try:
        for code, expected in blocks:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(code, str(page), "exec"), names)
            assert printed.getvalue() == expected
    finally:
        names["graph"].close()
    return len([printed for _, printed in blocks if printed])


def test_the_page_prints_what_it_says(tmp_path: Path) -> None:
    assert prints_what_it_says(PAGE, tmp_path) == 7


def test_how_the_groups_got_their_names(tmp_path: Path) -> None:
    page = PAGE.with_name("how-north-koreas-groups-got-their-names.md")
    assert prints_what_it_says(page, tmp_path) == 6


def test_the_yaml_is_that_of_the_seed(root: Path) -> None:
    ((name, text),) = re.findall(r"```yaml (\S+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert text in (root / name).read_text(encoding="utf-8")
