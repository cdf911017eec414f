"""docs/drafting.md does what it says: its report gives the claims that it prints."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from kg.cli.commands import cli

PAGE = Path(__file__).parents[2] / "docs" / "drafting.md"


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(found)


def test_the_report_gives_what_the_page_prints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("report.txt").write_text(block("text"), encoding="utf-8")
    command, *printed = block("console").splitlines()
    done = CliRunner().invoke(cli, shlex.split(command.removeprefix("$ kg ")))
    assert done.stderr.splitlines() == printed
    assert block("yaml") in Path("report.yaml").read_text("utf-8")
    for line in printed[2:]:
        done = CliRunner().invoke(cli, shlex.split(line.split("kg ", 1)[1]))
        assert done.exit_code == 0, done.output
