"""One thing of each sort, added as files alone: the example of CONTRIBUTING.md."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from tests.command import Done, run

PAGE = Path(__file__).parents[2] / "CONTRIBUTING.md"
FILE = re.compile(
    r"^```\w+ (?P<path>(?:mine|data)/\S+)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE
)


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    """The page's files, written out."""
    for found in FILE.finditer(PAGE.read_text("utf-8")):
        path = tmp_path / found["path"]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(found["text"], encoding="utf-8")
    return tmp_path


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


def test_a_store_is_found_by_its_scheme(mine: Path) -> None:
    where = ("--db", "boxed://box/forums.box")
    made = kg(mine, "build", "data", *where)
    assert made.returncode == 0, made.stderr
    assert (mine / "box" / "forums.box").is_file()
    asked = kg(mine, "query", "forums", *where, "--format", "json")
    assert [row["forum"] for row in json.loads(asked.stdout)] == ["Agora", "Bazaar"]
    assert "no engine speaks boxed" in run(mine, "query", "RETURN 1 AS n", *where).stderr


def test_a_value_type_is_one_file(mine: Path) -> None:
    kind = mine / "mine" / "ontology" / "nodes" / "forum.yaml"
    text = kind.read_text("utf-8").replace("type: integer", "type: onion")
    kind.write_text(text, encoding="utf-8")
    good = "a" * 56 + ".ONION"
    data = mine / "data" / "my-forums" / "list.txt"
    data.write_text(f"Nightjar;Bazaar;{good}\nNightjar;Agora;{good}\n", encoding="utf-8")
    made = kg(mine, "build", "data")
    assert made.returncode == 0, made.stderr
    asked = kg(mine, "query", "forums", "--format", "json")
    assert {row["members"] for row in json.loads(asked.stdout)} == {good.casefold()}
    data.write_text(f"Nightjar;Bazaar;example.org\nNightjar;Agora;{good}\n", encoding="utf-8")
    assert "not the address of a hidden service" in kg(mine, "build", "data").stderr


SORTS = {
    "kind of node": "ontology/nodes/", "kind of edge": "ontology/edges/",
    "value type": "ontology/types/", "loader": "loaders/",
    "source": "", "question": "cypher/", "measure": "analytics/", "view": "views/",
    "export": "exports/", "store": "stores/",
}  # fmt: skip


def test_the_table_names_what_the_example_adds(mine: Path) -> None:
    table = PAGE.read_text("utf-8").partition("## To test")[0]
    for sort, folder in SORTS.items():
        (row,) = re.findall(rf"^\| an? {sort}(?: \(\w+\))? \|(.*)$", table, re.MULTILINE)
        assert folder in row, row
        (name,) = re.findall(r"`([\w./-]+)` \|", row.split("|", 2)[1] + "|")
        below = mine / ("mine" if folder else "data")
        assert (below / folder / name).exists(), (sort, name)


def test_the_files_that_the_table_names_are_there(root: Path) -> None:
    table = PAGE.read_text("utf-8").partition("## To test")[0]
    named = re.findall(r"`((?:kg|tests|docs)/[\w./-]+)`", table)
    assert named
    assert [name for name in named if not (root / name).exists()] == []


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
