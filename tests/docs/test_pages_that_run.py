"""docs/sharing.md and docs/feeds.md: their files written, their commands run, in order."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.command import run

DOCS = Path(__file__).parents[2] / "docs"
BLOCK = re.compile(r"^```(sh|yaml file=(\S+))\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("page", ["sharing", "feeds"])
def test_every_command_of_the_page_runs(page: str, tmp_path: Path) -> None:
    said = []
    for kind, name, text in BLOCK.findall((DOCS / f"{page}.md").read_text(encoding="utf-8")):
        if kind == "sh":
            for line in text.splitlines():
                done = run(tmp_path, *shlex.split(line)[1:])
                assert done.returncode == 0, f"{line}\n{done.stderr}"
                said.append(done.stdout + done.stderr)
        else:
            (tmp_path / name).parent.mkdir(exist_ok=True)
            (tmp_path / name).write_text(text, encoding="utf-8")
    whole = "\n".join(said)
    if page == "sharing":
        assert "left out: 2 claims" in whole
        assert json.loads((tmp_path / "left-out.json").read_text())["counts"]
        assert "Dusk" not in (tmp_path / "shared.json").read_text(encoding="utf-8")
    else:
        assert "desk  updated" in whole
        assert "desk  unchanged" in whole
