"""The embedded engine's file: what stands in its way is told rightly, and mended by `kg sync`."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import kg
from kg.base.errors import DatabaseError
from kg.base.settings import shipped
from kg.stores import open_store
from tests.command import run
from tests.machine import files_no_larger_than

SEED = shipped("seed") / "sputnik-2019-09.yaml"
NOBODY = 65534


@pytest.fixture
def built() -> Iterator[Path]:
    """A small graph in a folder that everybody may read."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        with kg.open(folder / "kg.kgl") as graph:
            graph.build([SEED])
        yield folder


def test_a_file_that_may_not_be_read_is_not_to_be_moved_away(built: Path) -> None:
    (built / "kg.kgl").chmod(0)
    was = os.geteuid()
    if was == 0:
        os.seteuid(NOBODY)
    try:
        for write in (False, True):
            with pytest.raises(DatabaseError, match="Permission denied") as told:
                open_store(str(built / "kg.kgl"), write=write)
            assert "move it away" not in str(told.value)
    finally:
        os.seteuid(was)


def test_a_log_that_is_none_is_to_be_moved_away_and_not_the_graph(built: Path) -> None:
    (built / "kg.kgl-wal").write_bytes(random.Random(1).randbytes(3000))
    told = run(built, "sync")
    assert told.returncode == 4
    assert "kg.kgl-wal, the log of kg.kgl, cannot be read" in told.stderr
    assert "move it away and `kg sync`" in told.stderr
    (built / "kg.kgl-wal").rename(built / "away")
    assert run(built, "sync").returncode == 0
    assert run(built, "query", "MATCH (n) RETURN count(n) AS n").returncode == 0


LEFT = """\
import kglite, os, sys
graph = kglite.open(sys.argv[1])
graph.cypher("MERGE (n:Group {id: 'group:left'}) SET n.name = 'Left'")
os._exit(9)
"""


def test_a_torn_log_is_cut_without_a_word(built: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (built / "kg.kgl-wal").write_bytes(b"junk")
    assert run(built, "sync").returncode == 0
    assert "kglite" not in capfd.readouterr().err


@pytest.mark.filterwarnings("error")
def test_the_engine_s_own_warnings_are_nobody_s_news(built: Path) -> None:
    dead = [sys.executable, "-c", LEFT, str(built / "kg.kgl")]
    assert subprocess.run(dead, check=False).returncode == 9
    done = run(built, "query", "MATCH (n) RETURN count(n) AS n")
    assert (done.returncode, done.stderr) == (0, "1 row\n")


SIZES = [20_000, 40_000, pytest.param(2_000, marks=pytest.mark.soak)]


@pytest.mark.parametrize("size", [*SIZES, *(pytest.param(n, marks=pytest.mark.soak)
                                            for n in range(8_000, 150_000, 8_000))])  # fmt: skip
def test_a_disk_that_fills_is_one_sentence_and_sync_mends(tmp_path: Path, size: int) -> None:
    with files_no_larger_than(size):
        done = run(tmp_path, "build", str(SEED), "--out", str(tmp_path / "out"))
    if done.returncode != 0:
        *_, told = done.stderr.splitlines()
        assert done.returncode in (2, 4), done.stderr  # 2: a picture's file
        assert "File too large" in told
        assert "Traceback" not in done.stderr
    mend = ["sync"] if (tmp_path / "kg.ledger" / "manifest.json").exists() else ["build", str(SEED)]
    assert run(tmp_path, *mend).returncode == 0
    with kg.open(tmp_path / "whole.kgl") as whole, kg.open(tmp_path / "kg.kgl") as graph:
        assert graph.store.counts() == whole.build([SEED]).counts
    assert not list((tmp_path / "kg.ledger").glob(".kg-*.part"))


def test_a_failed_write_lets_go_of_the_file(tmp_path: Path) -> None:
    with kg.open(tmp_path / "kg.kgl") as graph:
        with files_no_larger_than(40_000), pytest.raises(DatabaseError, match="`kg sync`"):
            graph.build([SEED])
        assert graph.sync().counts
