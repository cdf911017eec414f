"""What a query may cost: one that needs more is stopped, and who asked it lives on."""

from __future__ import annotations

import os
import sys
import time

import pytest

from kg.base import limits
from kg.base.errors import DatabaseError, UsageError
from kg.stores import fence
from kg.stores.fence import fenced
from kg.stores.kglite import KgliteStore

LINE = "a" * 1000
BOMBS = (
    f"RETURN size(replace(replace('{LINE}', 'a', '{LINE}'), 'a', '{'b' * 300}')) AS n",
    "RETURN size(reduce(s = 'aaaa', i IN range(1, 26) | s + s)) AS n",
    "UNWIND range(1, 3000000) AS i RETURN collect(toString(i) + ' and some more text') AS n",
)

LONG = 600
"""Seconds; no claim about speed."""

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="the bound on memory is Linux's")


@on_linux
@pytest.mark.parametrize("bomb", BOMBS)
def test_a_query_that_grows_is_stopped_and_the_next_is_answered(bomb: str) -> None:
    store = KgliteStore()
    with (
        limits.raised(["query-mb=50"]),
        pytest.raises(DatabaseError, match=r"more than 50 megabytes.*--raise query-mb=100"),
    ):
        store.query(bomb, bounded=True)
    assert store.query("RETURN 1 AS n", bounded=True).rows == [[1]]


@on_linux
def test_what_is_allowed_more_gets_it() -> None:
    with limits.raised(["query-mb=900"]):
        assert KgliteStore().query(BOMBS[0], bounded=True).rows == [[300_000_000]]


def test_a_process_that_dies_or_hangs_is_told_in_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(fence, "GRACE", 0.0)
    with pytest.raises(DatabaseError, match="brought its process down"):
        fenced(os.abort, LONG)
    with pytest.raises(DatabaseError, match=r"stopped after 0\.1 seconds"):
        fenced(lambda: time.sleep(LONG), 0.1)
    assert fenced(lambda: "still here", LONG) == "still here"


def test_errors_come_through_the_fence_as_they_are() -> None:
    def mistaken() -> None:
        raise UsageError("said so")

    with pytest.raises(UsageError, match=r"^said so$"):
        fenced(mistaken, LONG)
    with pytest.raises(DatabaseError, match="the engine failed: 3"):
        fenced(lambda: sys.exit(3), LONG)


def test_no_process_is_left() -> None:
    before = fenced(os.getpid, LONG)
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
