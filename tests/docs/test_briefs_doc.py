"""docs/briefs.md: its commands run in their order, and its script does."""

from __future__ import annotations

import re
import shlex
import shutil
from pathlib import Path

import pytest

from tests.command import run

PAGE = (Path(__file__).parents[2] / "docs" / "briefs.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_page_does_what_it_says(
    built_seed: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(built_seed, tmp_path, dirs_exist_ok=True)
    lines = [line for block in blocks("console") for line in block.splitlines()]
    for line in lines:
        words = shlex.split(line.removeprefix("$ kg "))
        done = run(tmp_path, *words)
        assert done.returncode == 0, (line, done.stderr)
        if "--out" in words:
            assert (tmp_path / words[words.index("--out") + 1]).stat().st_size > 1000
    monkeypatch.chdir(tmp_path)
    for script in blocks("python"):
        exec(compile(script, "briefs.md", "exec"), {})
    assert (tmp_path / "lazarus.md").is_file()
