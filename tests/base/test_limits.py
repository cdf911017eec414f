"""Limits: each is told with its number and how to raise it, and three ways raise it."""

from __future__ import annotations

import subprocess
import sys

import pytest

from kg.base import limits
from kg.base.errors import UsageError


def test_a_limit_is_raised_in_a_block_by_the_shell_or_not_at_all(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert limits.limit("columns") == 10_000
    monkeypatch.setenv("KG_LIMITS", "columns=7, depth=5")
    assert limits.limit("columns") == 7
    with limits.raised(["columns=9"]):
        assert (limits.limit("columns"), limits.limit("depth")) == (9, 5)
    assert limits.limit("columns") == 7


def test_a_script_finds_it_where_the_reference_says() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import kg\nwith kg.limits.raised(['columns=5']): pass"],
        check=False,
    )
    assert done.returncode == 0


def test_a_refusal_says_what_holds_what_was_found_and_how_to_go_on() -> None:
    assert limits.beyond("columns", 12_345) == (
        "12,345 columns of one table: kg takes 10,000 at most "
        "(--raise columns=12345 if that is what you want)"
    )


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ("colums=3", "no limit 'colums'; did you mean 'columns'"),
        ("columns=many", "a limit takes a whole number, as in columns=10000"),
        ("columns", "a limit takes a whole number"),
    ],
)
def test_what_is_no_limit_is_told(given: str, told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match=told), limits.raised([given]):
        pass
    monkeypatch.setenv("KG_LIMITS", given)
    with pytest.raises(UsageError, match=told):
        limits.limit("depth")
