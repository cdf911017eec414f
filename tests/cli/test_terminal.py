"""Whatever a name holds, a terminal is shown it and obeys nothing; a pipe gets the same text."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.progress import Progress

from kg.cli.screen import Screen
from kg.cli.terminal import Steps, Terminal
from tests.command import CLEAN, run

KG = [sys.executable, "-m", "kg"]

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")

CLAIMS = r"""
document: {id: document:mine, name: "Paper \e]0;title\a :key:", date: 2020}
entities:
  organization:who: "Who \x9b31m :fire:"
  incident:a: "attack:key:1 \e[2J [bold]b[/] \0 end"
  incident:b: "attack:key:1 \e[2J [bold]b[/] \0 end too"
  group:y: "Y \x9b2J"
  group:x: "X \u202e mark [link=file:///]l[/link]"
claims:
- says: [incident:a, ATTRIBUTED_TO, group:x]
  asserter: organization:who
  hedge: "maybe \e[5m"
  summary: "Our words \x9b2J :smile:"
- {says: [incident:a, occurred, 2020-01-01], asserter: organization:who}
- {says: [group:x, alias, "=cmd|'x'!A1"], asserter: organization:who}
- {denies: [[incident:a, ATTRIBUTED_TO, group:x]], asserter: organization:who}
- {says: [incident:b, ATTRIBUTED_TO, group:x]}
- {says: [group:x, MAY_BE_SAME, group:y], asserter: organization:who}
"""

NAMES = "MATCH (n) WHERE n.id STARTS WITH 'incident' OR n.id STARTS WITH 'group' "
NAMES += "RETURN n.id AS `i\x1b[2Jd`, n.name AS name ORDER BY n.id"


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    done = run(folder, "build", "mine.yaml")
    assert done.returncode == 0, done.stderr
    assert not OBEYED.search(done.stdout + done.stderr)
    assert re.search(r"warning mine\.yaml:.*\\x1b\]0;title\\x07", done.stderr)
    checked = json.loads(run(folder, "check", "mine.yaml", "--format", "json").stdout)
    values = [warning["value"] for warning in checked["sources"][0]["warnings"]]
    for told in ("\x1b]0;title\x07", "\x9b31m", "\x00", "\u202e", "\x1b[5m"):
        assert any(told in value for value in values)
    return folder


SAID = {
    "query": ["query", NAMES],
    "query as csv": ["query", NAMES, "--format", "csv"],
    "explain": ["explain", "incident:a"],
    "explain an edge": ["explain", "incident:a", "ATTRIBUTED_TO", "group:x"],
    "explain what is not there": ["explain", "incident:\x1b[2Ja"],
    "identity": ["identity", "--all"],
    "identity relation": ["identity", "relation", "incident:\x9b2Ja", "group:x"],
    "analyze": ["analyze", "independent_support"],
    "analyze as csv": ["analyze", "independent_support", "--format", "csv"],
    "analyze what is not there": ["analyze", "x\x1b[2J"],
    "export what is not there": ["export", "\x1b[2J", "--out", "x"],
    "export to a place": ["export", "jsonl", "--out", "o\x1b[2J.jsonl"],
    "render to a place": ["render", "attribution", "--out", "p\x1b[2J\u202e.html"],
    "a command that is none": ["que\x1b[2Jry"],
    "an option that is none": ["query", "--\x1b[2J"],
    "a choice that is none": ["query", "--format", "\x9b2J"],
    "a parameter that is none": ["query", "who_attributes", "-p", "x\x1b[2J=\u202e"],
    "a file that is not there": ["check", "no\x1b[2J.yaml"],
    "a format that is none": ["load", "\x1b[2J", "mine.yaml"],
    "Cypher that is none": ["query", "MATCH \x1b[2J nothing \u202e"],
    "a source that is none": ["unload", "\x1b[2J"],
    "a graph that is not there": ["query", "who_attributes", "--db", "no\x1b[2J.kgl"],
    "a day that is none": ["query", "who_attributes", "--as-of", "\x1b[2J"],
    "a plan": ["plan", "mine.yaml", "--db", "new.kgl"],
}


@pytest.mark.parametrize("what", SAID)
def test_nothing_that_is_said_is_obeyed(hostile: Path, what: str) -> None:
    done = run(hostile, *SAID[what])
    said = (done.stdout + done.stderr).replace("\r\n", "\n")
    assert said.strip()
    assert not OBEYED.search(said)
    assert "Traceback" not in said
    assert not re.search("[🔑🔥😄]", said)
    if what.split()[0] in ("query", "explain", "render") and done.returncode == 0:
        assert r"\x1b[2J" in said


def test_text_is_what_it_is(hostile: Path) -> None:
    told = run(hostile, "query", NAMES).stdout
    assert r"attack:key:1 \x1b[2J [bold]b[/] \x00 end" in told
    told = run(hostile, "explain", "incident:a").stdout
    for words in (r"Who \x9b31m :fire:", ":key:", ":smile:", "[link=file:///]l[/link]"):
        assert words in told


def test_json_is_exact_and_safe(hostile: Path) -> None:
    out = run(hostile, "query", NAMES, "--format", "json").stdout
    assert not OBEYED.search(out)
    names = [row["name"] for row in json.loads(out)]
    assert "attack:key:1 \x1b[2J [bold]b[/] \0 end" in names
    assert "X \u202e mark [link=file:///]l[/link]" in names


def test_csv_holds_no_formula_whatever_prints_it(hostile: Path, tmp_path: Path) -> None:
    asked = "UNWIND ['=1+1', '+1', '-1', '@x', ' =1', 'a', -1] AS c RETURN c, ['=1'] AS more"
    out = run(hostile, "query", asked, "--format", "csv").stdout
    rows = list(csv.reader(io.StringIO(out)))
    assert rows[0] == ["c", "more"]
    assert [row[0] for row in rows[1:]] == ["'=1+1", "'+1", "'-1", "'@x", "' =1", "a", "-1"]
    assert {row[1] for row in rows[1:]} == {"'=1"}
    claims = CLAIMS.replace('"X ', '"=X ').replace('"attack:key', '"@attack:key')
    (tmp_path / "mine.yaml").write_text(claims, encoding="utf-8")
    assert run(tmp_path, "build", "mine.yaml").returncode == 0
    for command in (["identity", "--all"], ["analyze", "independent_support"]):
        out = run(tmp_path, *command, "--format", "csv").stdout
        cells = [cell for row in csv.reader(io.StringIO(out)) for cell in row]
        assert not [cell for cell in cells if cell[:1] in tuple("=+@")], command
    assert "'=X" in out or "'@attack" in out


def test_pictures_are_listed_by_names_that_are_seen(hostile: Path) -> None:
    run(hostile, "render", "attribution", "--out", "pictures/a.html")
    (hostile / "pictures" / os.fsdecode(b"b\xff\x1b\xe2\x80\xae.html")).write_bytes(
        (hostile / "pictures" / "a.html").read_bytes().replace(b"<title>", b"<title>\xe2\x80\xae")
    )
    done = run(hostile, "render", "attribution", "--out", "pictures/index-me.html")
    (hostile / "pictures" / "index.html").unlink(missing_ok=True)
    from kg import views

    page = views.index(hostile / "pictures").read_text(encoding="utf-8")
    assert done.returncode == 0
    assert "b%FF%1B%E2%80%AE.html" in page
    assert r"\u202e" in page
    assert not OBEYED.search(page)


def test_bars_and_headings_are_seen_too(capsys: pytest.CaptureFixture[str]) -> None:
    screen = Screen(force_terminal=True, width=200, file=io.StringIO())
    with Steps(screen) as steps:
        steps.progress("na\x1b[2Jme [bold]", 1, 2)
        assert isinstance(steps._bars, Progress)
        steps._bars.refresh()
        steps.step("read \x9b2J :key:", "more\nlines")
        steps.warn("one\x1b]0;t\x07")
    said: Any = screen.file
    text = said.getvalue()
    assert r"na\x1b[2Jme [bold]" in text
    assert r"read \x9b2J :key: more\nlines" in re.sub(" +", " ", text)
    assert r"one\x1b]0;t\x07" in text
    assert not re.search("\x1b\\[2J|\x1b\\]|\x07|\x9b", text)
    screen.print("what nobody made safe: \x1b[2J [bold] :key:")
    assert r"safe: \x1b[2J [bold] :key:" in said.getvalue()
    shown = Terminal()
    shown.records([{"co\x1b[2Jl": "va\nlue"}], "table")
    assert "va\\nlue" in capsys.readouterr().out


def on_a_terminal(folder: Path, *arguments: str, **environment: str) -> bytes:
    child, parent = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.execve(sys.executable, [*KG, *arguments], CLEAN | {"TERM": "xterm"} | environment)
    said = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not piece:
            break
        said += piece
    os.waitpid(child, 0)
    return said


def test_a_real_terminal_gets_colours_and_nothing_of_the_data(hostile: Path) -> None:
    said = on_a_terminal(hostile, "explain", "incident:a").decode()
    assert "\x1b[1m" in said
    assert r"\x1b[2J" in said
    assert not OBEYED.search(re.sub("\x1b\\[[0-9;]*m", "", said).replace("\r\n", "\n"))


ASCII = {"PYTHONIOENCODING": "ascii"}


@pytest.mark.parametrize(
    "environment",
    [ASCII, {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}],
    ids=["told", "locale"],
)
def test_a_terminal_of_ascii_gets_what_it_lacks_written_out(
    hostile: Path, environment: dict[str, str]
) -> None:
    def said(*arguments: str) -> bytes:
        command = [*KG, *arguments]
        done = subprocess.run(command, cwd=hostile, env=CLEAN | environment, capture_output=True)
        assert done.returncode == 0, done.stderr
        assert (done.stdout + done.stderr).isascii()
        return done.stdout

    asked = r"RETURN '\u201c\u00e9' AS x"
    assert rb"\u201c\xe9" in said("query", asked)
    assert json.loads(said("query", asked, "--format", "json")) == [{"x": "“é"}]
    assert rb" \xb7 2020" in said("explain", "incident:a")


def test_a_build_on_a_terminal_of_ascii_has_its_bars(hostile: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    said = on_a_terminal(tmp_path, "build", "mine.yaml", **ASCII)
    assert b"edges are in kg.kgl" in said
    assert b"Error" not in said
    assert said.isascii()
