"""What the README shows runs: commands, claim file, script; and its links lead somewhere."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Done
from tests.command import run as in_process

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")

ELSEWHERE = ("neo4j://", "enterprise-attack.json", "clusters/", "sdn/")
"""Commands with these need a server or files that a user downloads; other tests run their like."""


def blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", README, flags=re.DOTALL)


def commands() -> list[str]:
    lines = [line for block in blocks("console") for line in block.splitlines()]
    shown = [line.removeprefix("$ ").split("  #")[0].strip() for line in lines]
    return [line for line in shown if line.startswith("kg ")]


@pytest.fixture(scope="module")
def built(built_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Path(shutil.copytree(built_seed, tmp_path_factory.mktemp("readme") / "built"))


def run(command: str, folder: Path) -> Done:
    return in_process(folder, *shlex.split(command)[1:])


@pytest.mark.parametrize(
    "command", [line for line in commands() if not any(word in line for word in ELSEWHERE)]
)
def test_command_runs(command: str, built: Path) -> None:
    done = run(command, built)
    assert done.returncode == 0, done.stderr
    assert done.stdout or done.stderr


def test_the_commands_left_out_are_few() -> None:
    left = [line for line in commands() if any(word in line for word in ELSEWHERE)]
    assert len(left) < len(commands()) / 3


def test_the_claim_file_is_one(built: Path) -> None:
    (text,) = blocks("yaml")
    (built / "readme.yaml").write_text(text, encoding="utf-8")
    done = run("kg check readme.yaml", built)
    assert done.returncode == 0, done.stderr


def test_the_script_runs(built: Path) -> None:
    (text,) = blocks("python")
    done = subprocess.run(
        [sys.executable, "-c", text], cwd=built, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_ci_runs_the_test_command_of_the_readme(root: Path) -> None:
    assert "make test" in blocks("sh")[1]
    script = (root / ".ci" / "run").read_text(encoding="utf-8")
    assert [line for line in script.splitlines() if line.startswith("make")] == ["make test"]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(([^)#]+)\)", README))))
def test_link_leads_somewhere(link: str, root: Path) -> None:
    assert (root / link).exists()
