"""What is told of what was read: every warning in JSON, every kind of it on a terminal."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import kg
from kg import loaders
from kg.base.errors import Problem, UsageError
from kg.graph import needs
from kg.ledger import delta
from kg.ledger.ledger import Ledger
from kg.pipeline.report import grouped
from tests.command import run

ABOUT = """\
name: raids
format: table
licence: CC0 1.0
{more}table:
  asserter: organization:watch
  entities:
    "organization:watch": Raid Watch
    "incident:raid-{{no}}": "Raid {{no}}"
  claims:
    - ["incident:raid-{{no}}", occurred, "{{day}}", {{valid_basis: stated}}]
"""
WRITES = ("build", "load table")


@pytest.fixture
def raids(tmp_path: Path) -> Path:
    """Sixty rows, each with a day that is none, and a column that nobody maps."""
    return table(tmp_path, "")


def table(tmp_path: Path, more: str) -> Path:
    here = tmp_path / "raids"
    here.mkdir()
    (here / "source.yaml").write_text(ABOUT.format(more=more), encoding="utf-8")
    rows = "".join(f"{number},spring {number},{number}00\n" for number in range(1, 61))
    (here / "raids.csv").write_text("no,day,ransom_paid\n" + rows, encoding="utf-8")
    return here


@pytest.mark.parametrize("command", [*WRITES, "check"])
def test_json_has_every_warning(tmp_path: Path, raids: Path, command: str) -> None:
    done = run(tmp_path, *command.split(), "raids", "--format", "json")
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    (source,) = told["sources"]
    assert (source["name"], source["claims"], source["notes"]) == ("raids", 60, {})
    assert len(source["warnings"]) == 61
    assert source["warnings"][0].keys() == {"place", "field", "value", "message"}
    days = {one["value"] for one in source["warnings"] if one["field"] == "occurred"}
    assert days == {f"spring {number}" for number in range(1, 61)}
    left = next(one for one in source["warnings"] if one["field"] == "ransom_paid")
    assert "left out" in left["message"]
    assert ("plan" in told) is (command in WRITES)


@pytest.mark.parametrize("command", [*WRITES, "check"])
def test_a_terminal_has_a_line_for_each_kind(tmp_path: Path, raids: Path, command: str) -> None:
    done = run(tmp_path, *command.split(), "raids")
    lines = [line for line in done.stderr.splitlines() if line.startswith("  warning")]
    assert len(lines) == 2
    assert "spring 1'" in lines[0]
    assert "59 more like it" in lines[0]
    assert "ransom_paid" in lines[1]


def test_kinds_are_told_once_and_very_many_are_counted() -> None:
    problems = [Problem(f"row {number} is bad", f"f:{number}", "day") for number in range(3)]
    assert list(grouped(problems)) == [
        "f:0: day: row 0 is bad (and 2 more like it: --format json has all)"
    ]
    many = [Problem("is bad", "f", "x" * number) for number in range(1000) for _ in range(2)]
    lines = list(grouped(many))
    assert len(lines) == 201
    assert lines[-1] == "and 1,600 of 800 other kinds: --format json has all"


def claims(path: Path, called: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"entities: {{'group:night': {called}}}\nclaims: []\n", encoding="utf-8")
    return path


def test_check_tells_what_a_build_would_of_all_of_them_together(tmp_path: Path) -> None:
    claims(tmp_path / "both" / "one.yaml", "Night")
    claims(tmp_path / "both" / "two.yaml", "Nox")
    checked, built = run(tmp_path, "check", "both"), run(tmp_path, "build", "both")
    sentence = "group:night is called 'Night' in one, 'Nox' in two"
    assert sentence in checked.stderr
    assert sentence in built.stderr
    told = json.loads(run(tmp_path, "check", "both", "--format", "json").stdout)
    assert [sentence in one for one in told["warnings"]] == [True]


def test_check_tells_what_a_load_would_beside_what_is_there(tmp_path: Path) -> None:
    assert run(tmp_path, "build", str(claims(tmp_path / "a" / "m.yaml", "Night"))).returncode == 0
    path = str(claims(tmp_path / "b" / "m.yaml", "Nox"))
    sentence = "group:night is called 'Night' in m, 'Nox' in m-in-b"
    assert sentence in run(tmp_path, "check", path).stderr
    assert sentence in run(tmp_path, "load", "claims", path).stderr


# Checks that are let pass


CHECKS = "checks: {minimum: {Incident: 90}, filled: {Incident: {status: 0.5}}}\n"


def test_a_failed_check_says_what_it_is_called(tmp_path: Path) -> None:
    table(tmp_path, CHECKS)
    done = run(tmp_path, "load", "table", "raids")
    assert done.returncode == 3
    assert "Incident: 60 found, at least 90 expected; --allow Incident (of kg load)" in done.stderr
    assert "--allow Incident.status" in done.stderr
    assert not (tmp_path / "kg.ledger").exists()


def test_a_check_is_let_pass_on_the_record(tmp_path: Path) -> None:
    table(tmp_path, CHECKS)
    some = run(tmp_path, "load", "table", "raids", "--allow", "Incident")
    assert some.returncode == 3, "the other check still stops it"
    done = run(tmp_path, "load", "table", "raids", "--allow", "Incident", "--allow",
               "Incident.status", "--format", "json")  # fmt: skip
    assert done.returncode == 0, done.stderr
    sentence = "Incident: 60 found, at least 90 expected"
    assert f"let pass by --allow: {sentence}" in done.stderr
    (source,) = json.loads(done.stdout)["sources"]
    assert sentence in source["allowed"]
    (entry,) = Ledger(tmp_path / "kg.ledger").manifest().entries
    assert sentence in entry.allowed


def test_a_check_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    table(tmp_path, CHECKS)
    done = run(tmp_path, "load", "table", "raids", "--allow", "Incidents")
    assert (done.returncode, "did you mean 'Incident'" in done.stderr) == (2, True)
    done = run(tmp_path, "load", "claims", str(claims(tmp_path / "c.yaml", "X")), "--allow", "X")
    assert (done.returncode, "have no checks" in done.stderr) == (2, True)


# Once is enough


def test_what_changed_is_worked_out_once_and_kinds_are_looked_for_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("one", "two", "three"):
        claims(tmp_path / f"{name}.yaml", "Night")
    compared, looked = [], []
    apart, missing = delta._apart, needs._missing

    def counted(one: pl.DataFrame, other: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        compared.append(1)
        return apart(one, other)

    def seen(*given: Any) -> Any:
        looked.append(1)
        return missing(*given)

    with kg.open(tmp_path / "g.kgl") as graph:
        graph.build([tmp_path / "one.yaml", tmp_path / "two.yaml", tmp_path / "three.yaml"])
        monkeypatch.setattr(delta, "_apart", counted)
        monkeypatch.setattr(needs, "_missing", seen)
        for text in ("Nox}\nclaims: []\n", "Nox}\nclaims: [{says: [group:night, alias, N8]}]\n"):
            (tmp_path / "two.yaml").write_text(
                "entities: {'group:night': " + text, encoding="utf-8"
            )
            assert not graph.load("claims", tmp_path / "two.yaml").plan.empty
            assert (len(compared), len(looked)) == (1, 1)
            compared.clear()
            looked.clear()


def test_a_loader_in_a_folder_of_kg_path_is_found_when_that_is_set(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "mine" not in loaders.loaders()
    (tmp_path / "loaders").mkdir()
    text = "from kg.claims.checks import Checks\nFORMAT = 'mine'\nDOC = HOME = LICENCE = ''\n"
    (tmp_path / "loaders" / "mine.py").write_text(
        text + "CHECKS = Checks()\ndef load(paths, emit): ...\n", encoding="utf-8"
    )
    monkeypatch.setenv("KG_PATH", str(tmp_path))
    assert "mine" in loaders.loaders()
    monkeypatch.delenv("KG_PATH")
    with pytest.raises(UsageError, match="no loader reads the format 'mine'"):
        loaders.loader("mine")
