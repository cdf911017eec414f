"""Whatever goes wrong: one sentence, an exit code, no traceback unless asked, no password."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from kg import __version__
from kg.api import KnowledgeGraph
from kg.base.errors import Interrupted
from tests.command import CLEAN, run

KG = [sys.executable, "-m", "kg"]


class Panic(BaseException):
    """As a library's panic is: no `Exception`."""


def deep(n: int = 0) -> int:
    return deep(n + 1)


def raising(why: BaseException) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        if isinstance(why, RecursionError):
            deep()
        raise why

    return fail


LEFT: dict[str, tuple[BaseException, str, int]] = {
    "a fault": (ValueError("odd \x1b[2J"), r"ValueError: odd \x1b[2J", 1),
    "a fault without words": (AssertionError(), "AssertionError\n", 1),
    "a panic": (Panic("index"), "Panic: index", 1),
    "endless calls": (RecursionError(), "RecursionError", 1),
    "the end of a file": (EOFError("cut short"), "EOFError: cut short", 1),
    "no memory": (MemoryError(), "not enough memory", 1),
    "Ctrl-C": (KeyboardInterrupt(), "stopped by Ctrl-C", 130),
    "Ctrl-C while something is written": (Interrupted("stopped; `kg sync`"), "`kg sync`", 130),
    "a full disk": (OSError(28, "No space left on device", "a\x1b.kgl"), r"a\x1b.kgl: No space", 2),
}


@pytest.mark.parametrize("what", LEFT)
def test_what_is_left_is_one_sentence(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, what: str
) -> None:
    why, words, code = LEFT[what]
    monkeypatch.setattr(KnowledgeGraph, "query", raising(why))
    done = run(tmp_path, "query", "who_attributes")
    assert (done.returncode, done.stdout) == (code, "")
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "\x1b" not in done.stderr
    ours = code == 1 and what != "no memory"
    assert (f"To report it: kg {__version__}, Python 3" in done.stderr) == ours
    assert ("`kg query`" in done.stderr) == ours


@pytest.mark.parametrize("asked", ["--debug", "KG_DEBUG"])
def test_the_traceback_is_shown_to_who_asks(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, asked: str
) -> None:
    monkeypatch.setattr(KnowledgeGraph, "query", raising(ValueError("port 'begin'")))
    words = ["query", "who_attributes", "--db", "bolt://me:begin/end@h"]
    if asked == "KG_DEBUG":
        done = run(tmp_path, *words, KG_DEBUG="1")
    else:
        done = run(tmp_path, asked, *words)
    assert done.returncode == 1
    assert "Traceback (most recent call last)" in done.stderr
    assert "tests/cli/test_failure.py" in done.stderr
    assert "begin" not in done.stderr
    assert "Traceback" not in run(tmp_path, *words, KG_DEBUG="0").stderr


ADDRESSES = ["bolt://h:99999", "bolt://[::1", "neo4j://", "neo4j://me:secretword", "bolt:/h",
             "neo4j://me:secretword/x#y?z@h:0", "neo4j+s://me:secretword/x@[::1",
             "py2neo+bolt://me:secretword#@h:p", "bolt://me:secretword@h h"]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("command", [["build", "mine.yaml"], ["query", "who_attributes"]])
def test_an_address_that_is_none_is_told_in_a_sentence(
    tmp_path: Path, address: str, command: list[str]
) -> None:
    (tmp_path / "mine.yaml").write_text("entities: {state:PRK: North Korea}\n", encoding="utf-8")
    for words, environment in (
        ([*command, "--db", address], {}),
        (["--debug", *command], {"KG_DB": address}),
        ([*command, "--db", "neo4j"], {"NEO4J_URI": address}),
    ):
        done = run(tmp_path, *words, **environment)
        assert done.returncode == 2, done.stderr
        assert "secret" not in done.stderr + done.stdout
        assert "To report" not in done.stderr
        assert "HOST:PORT" in done.stderr


def test_a_password_with_any_sign_reaches_the_server_and_no_message(tmp_path: Path) -> None:
    for engine in ("", "py2neo+"):
        address = f"{engine}bolt://me:secretword/x#y?z@127.0.0.1:1"
        done = run(tmp_path, "query", "who_attributes", "--db", address)
        assert done.returncode == 4
        assert "no Neo4j server answers at bolt://127.0.0.1:1" in done.stderr
        assert "secret" not in done.stderr


def test_an_address_in_a_files_place_is_told_without_its_password(tmp_path: Path) -> None:
    for words in (["check"], ["load", "claims"], ["load"], ["bild"], ["explain"]):
        done = run(tmp_path, *words, "neo4j://me:secretword@h")
        assert done.returncode in (2, 3)
        assert "secret" not in done.stderr + done.stdout


def test_a_word_that_is_no_text(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text("entities: {group:a: A, group:b: B}\n", encoding="utf-8")
    assert run(tmp_path, "build", "mine.yaml").returncode == 0
    word = os.fsdecode(b"\xff")
    judge = ["identity", "judge", "group:a", "group:b", "same", "--because", word]
    query = "MATCH (g:Group) WHERE g.name = $x RETURN g"
    for words in (judge, ["query", query, "-p", f"x={word}"], ["explain", word]):
        done = run(tmp_path, *words)
        assert done.returncode in (2, 3, 4), done.stderr
        assert "To report" not in done.stderr


def test_a_disk_that_is_full_is_told_once(tmp_path: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*KG, "sources"], cwd=tmp_path, env=CLEAN, stdout=full, stderr=subprocess.PIPE
        )
    assert (done.returncode, done.stderr) == (2, b"No space left on device\n")


def test_output_that_is_closed_is_no_fault(tmp_path: Path) -> None:
    for closed in (">&-", "2>&-", ">&- 2>&-"):
        command = [f'"$0" -m kg query {closed}', sys.executable]
        done = subprocess.run(["sh", "-c", *command], cwd=tmp_path, env=CLEAN, capture_output=True)
        assert (done.returncode, done.stderr) == (0, b"")


WAITS = """\
import sys, time
import kg.api, kg.cli.commands
def check(*_, **__):
    print("ready", flush=True)
    time.sleep(600)
kg.api.KnowledgeGraph.check = check
sys.argv = ["kg", "check"]
kg.cli.commands.main()
"""


def test_one_interrupt_ends_a_process_with_a_sentence(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", WAITS],
        cwd=tmp_path,
        env=CLEAN,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == b"ready\n"
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 130
    assert said.strip() == b"stopped by Ctrl-C"
