"""One thing of each sort, added as files alone: the example of docs/extending.md."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from kg.loaders import loaders
from tests.command import Done, run

PAGE = Path(__file__).parents[2] / "docs" / "extending.md"
FILE = re.compile(r"^```\w+ (?P<path>\S+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture
def mine(tmp_path: Path) -> Iterator[Path]:
    """The page's files, written out."""
    for found in FILE.finditer(PAGE.read_text("utf-8")):
        path = tmp_path / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
    loaders.cache_clear()
    yield tmp_path
    loaders.cache_clear()


def kg(folder: Path, *arguments: str) -> Done:
    return run(folder, *arguments, KG_PATH=str(folder / "mine"))


def test_each_is_found_without_an_edit_elsewhere(mine: Path) -> None:
    made = kg(mine, "build", "data")
    assert made.returncode == 0, made.stderr
    answers = {
        "query forums": [{"forum": "Agora", "members": 1200}, {"forum": "Bazaar", "members": 300}],
        'query "MATCH (f:Market) RETURN f.name AS name ORDER BY name"': [
            {"name": "Agora"},
            {"name": "Bazaar"},
        ],
        "query \"MATCH (c:Claim {predicate: 'members'}) RETURN count(c) AS n\"": [{"n": 2}],
    }
    for command, answer in answers.items():
        done = kg(mine, *shlex.split(command), "--format", "json")
        assert json.loads(done.stdout) == answer, done.stderr
    result = json.loads(kg(mine, "analyze", "forum_reach", "--format", "json").stdout)
    assert result["rows"] == [{"group": "group:nightjar", "members": 1500}]
    assert kg(mine, "render", "forum_map").returncode == 0
    assert "Agora" in (mine / "out" / "forum_map.html").read_text("utf-8")
    assert kg(mine, "export", "names", "--out", "names.txt").returncode == 0
    assert (mine / "names.txt").read_text("utf-8").split() == ["Agora", "Bazaar", "Nightjar"]


def test_each_is_listed(mine: Path) -> None:
    for command, word in {
        "ontology": "POSTS_ON",
        "query": "forums",
        "analyze": "forum_reach",
        "render": "forum_map",
        "export": "names",
    }.items():
        assert word in kg(mine, command).stdout, command
        assert word not in run(mine, command).stdout, "and gone without KG_PATH"


def test_the_commands_of_the_page_run(mine: Path) -> None:
    (block,) = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    for line in block.splitlines():
        done = kg(mine, *shlex.split(line)[1:])
        assert done.returncode == 0, (line, done.stderr)


def test_a_file_that_cannot_be_imported_is_named(mine: Path) -> None:
    bad = mine / "mine" / "exports" / "broken.py"
    bad.write_text("import nothing_of_that_name\n", encoding="utf-8")
    done = kg(mine, "export")
    assert done.returncode == 3
    assert str(bad) in done.stderr
    assert "nothing_of_that_name" in done.stderr


def test_a_folder_that_is_none_is_named(tmp_path: Path) -> None:
    done = run(tmp_path, "query", KG_PATH=str(tmp_path / "nowhere"))
    assert done.returncode == 2
    assert "nowhere" in done.stderr
