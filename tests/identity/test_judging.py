"""Judgements kept beside the ledger: none that was acknowledged is lost, none stands unnoticed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.base.errors import DatabaseError
from kg.identity.judgements import judge, read_judgements
from kg.ledger.ledger import Ledger
from kg.stores.kglite import KgliteStore
from tests.command import CLEAN, run

GROUPS = 12


def groups() -> str:
    named = ", ".join(f"group:g{number}: Group {number}" for number in range(GROUPS))
    return f"""\
document: {{id: document:mine, name: Mine, date: 2020}}
entities: {{{named}}}
claims:
- says: [group:g0, alias, Dusk]
"""


@pytest.fixture
def built(tmp_path: Path) -> Path:
    (tmp_path / "mine.yaml").write_text(groups(), encoding="utf-8")
    with kg.open(tmp_path / "kg.kgl") as graph:
        graph.build([tmp_path / "mine.yaml"])
    return tmp_path


def judged(folder: Path) -> set[frozenset[str]]:
    return {judgement.pair for judgement in read_judgements(folder / "kg.judgements.yaml")}


def merged(folder: Path) -> set[str]:
    """The groups that became another one in the graph."""
    with kg.open(folder / "kg.kgl") as graph:
        there = {row["id"] for row in graph.query("MATCH (g:Group) RETURN g.id AS id")}
    return {f"group:g{number}" for number in range(GROUPS)} - there


def pair(one: int, other: int) -> frozenset[str]:
    return frozenset((f"group:g{one}", f"group:g{other}"))


def test_a_judgement_that_fails_takes_no_other_with_it(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second one comes while the first is under way, and then the first fails."""
    second: list[str] = []

    def meanwhile(*_: Any, **__: Any) -> None:
        monkeypatch.undo()
        try:
            with kg.open(built / "kg.kgl") as other:
                other.judge("group:g2", "group:g3", "same", "I saw it")
        except DatabaseError as why:
            second.append(str(why))
        raise DatabaseError("the first fails")

    with kg.open(built / "kg.kgl") as graph:
        monkeypatch.setattr(graph, "sync", meanwhile)
        with pytest.raises(DatabaseError, match="the first fails"):
            graph.judge("group:g0", "group:g1", "same", "I saw it")
    assert "another process" in second[0]
    assert judged(built) == set()
    assert run(built, "query", "MATCH (n) RETURN count(n) AS n").returncode == 0


def test_a_judgement_that_the_ledger_has_stays(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch, kg.open(built / "kg.kgl") as graph:
        patch.setattr(KgliteStore, "apply", lambda *_, **__: (_ for _ in ()).throw(MemoryError))
        with pytest.raises(MemoryError):
            graph.judge("group:g0", "group:g1", "same", "I saw it")
    assert judged(built) == {pair(0, 1)}
    told = run(built, "query", "MATCH (n) RETURN count(n) AS n")
    assert (told.returncode, "kg sync" in told.stderr) == (4, True)
    assert run(built, "sync").returncode == 0
    assert merged(built) == {"group:g1"}


def test_a_judgement_that_is_in_no_graph_is_told_until_it_is(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a kill between the file and the graph, and after an edit by hand."""
    monkeypatch.setattr("kg.pipeline.settled.WRITERS_TURN", 0)
    judge(built / "kg.judgements.yaml", "group:g0", "group:g1", "same", "I saw it")
    for command in (["query", "MATCH (n) RETURN n.id AS id"], ["explain", "group:g0"]):
        done = run(built, *command)
        assert done.returncode == 4
        assert "kg.judgements.yaml is not as it was" in done.stderr
        assert "`kg sync`" in done.stderr
    with Ledger(built / "kg.ledger").writing():
        assert "try again after it" in run(built, "explain", "group:g0").stderr
    assert run(built, "sync").returncode == 0
    assert run(built, "explain", "group:g0").returncode == 0
    assert merged(built) == {"group:g1"}


def test_a_reader_during_a_load_is_told_to_wait(
    built: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kg.pipeline.settled.WRITERS_TURN", 0)
    question = ["query", "MATCH (n) RETURN count(n) AS n"]
    ledger = Ledger(built / "kg.ledger")
    with ledger.writing():
        assert run(built, *question).returncode == 0, "nothing has changed yet"
        (built / "kg.kgl").unlink()
        with kg.open(built / "kg.kgl", built / "other.ledger") as graph:
            (built / "mine.yaml").write_text(groups().replace("Dusk", "Dawn"), encoding="utf-8")
            graph.build([built / "mine.yaml"])
        told = run(built, *question)
        assert told.returncode == 4
        assert "is being written just now" in told.stderr
        assert "kg sync" not in told.stderr
    assert "kg sync" in run(built, *question).stderr


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "kg", *words]


def start(folder: Path, words: list[str]) -> subprocess.Popen[str]:
    return subprocess.Popen(
        words, cwd=folder, env=CLEAN, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    )


@pytest.mark.parametrize(
    ("rounds", "at_once"), [(1, 2), pytest.param(12, 4, marks=pytest.mark.soak)]
)
def test_judgements_made_at_once_are_kept_or_refused(
    built: Path, rounds: int, at_once: int
) -> None:
    kept = set()
    for turn in range(rounds):
        numbers = range(turn * at_once, (turn + 1) * at_once)
        pairs = [(n % GROUPS, (n + n // GROUPS + 1) % GROUPS) for n in numbers]
        writers = [
            start(built, command("identity", "judge", f"group:g{a}", f"group:g{b}", "distinct",
                                 "--because", "I saw it"))
            for a, b in pairs
        ]  # fmt: skip
        for (a, b), writer in zip(pairs, writers, strict=True):
            _, told = writer.communicate()
            assert writer.returncode in (0, 4), told
            assert "Traceback" not in told
            if writer.returncode == 0:
                kept.add(pair(a, b))
        assert kept <= judged(built)
        with kg.open(built / "kg.kgl") as graph:
            assert graph.query("MATCH (n) RETURN count(n) AS n")
    assert kept
    assert judged(built) == kept


KILLED = """\
import os, sys
from importlib import import_module
module, owner, name = sys.argv[1:4]
owner = getattr(import_module(module), owner)
setattr(owner, name, lambda *_, **__: os._exit(9))
sys.argv = ["kg", "identity", "judge", "group:g0", "group:g1", "same", "--because", "I saw it"]
from kg.cli.commands import main
main()
"""
STEPS = {
    "before the ledger": "kg.api KnowledgeGraph sync",
    "before its manifest": "kg.ledger.ledger Ledger commit",
    "before the graph": "kg.stores.kglite KgliteStore apply",
    "before the graph's file": "kg.stores.kglite KgliteStore close",
}


@pytest.mark.parametrize(
    "step",
    [
        pytest.param(step, marks=() if step == "before the graph's file" else pytest.mark.soak)
        for step in STEPS
    ],
)
def test_a_judgement_killed_at_any_step_is_told_and_carried_on(built: Path, step: str) -> None:
    killed = start(built, [sys.executable, "-c", KILLED, *STEPS[step].split()])
    assert killed.wait() == 9
    assert judged(built) == {pair(0, 1)}
    told = run(built, "query", "MATCH (n) RETURN count(n) AS n")
    assert told.returncode == 4
    assert "kg sync" in told.stderr
    assert run(built, "sync").returncode == 0
    assert merged(built) == {"group:g1"}
