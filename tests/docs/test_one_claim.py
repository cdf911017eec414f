"""docs/one-claim.md runs from the top to the bottom, prints what it says, and quotes the seed."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

PAGE = Path(__file__).parents[2] / "docs" / "one-claim.md"
BLOCK = re.compile(r"```python\n(.*?)```(?:\n\n```text\n(.*?)```)?", re.DOTALL)


def test_the_page_prints_what_it_says(tmp_path: Path) -> None:
    blocks = BLOCK.findall(PAGE.read_text(encoding="utf-8"))
    assert len([printed for _, printed in blocks if printed]) == 7
    names: dict[str, Any] = {"WORKING_FOLDER": tmp_path}
    try:
        for code, expected in blocks:
            printed = io.StringIO()
            with contextlib.redirect_stdout(printed):
                exec(compile(code, str(PAGE), "exec"), names)
            assert printed.getvalue() == expected
    finally:
        names["graph"].close()


def test_the_yaml_is_that_of_the_seed(root: Path) -> None:
    ((name, text),) = re.findall(r"```yaml (\S+)\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    assert text in (root / name).read_text(encoding="utf-8")
