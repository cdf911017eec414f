"""Which of many like cases the normal run asks; the soak asks them all."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pytest


def one_in(every: int, cases: Iterable[Any]) -> list[Any]:
    """The cases, for `parametrize`: the first of each so many in the normal run, all in the soak.

    For cases that differ in what is asked and not in how it is answered. Where each has a rule of
    its own, all stand in the normal run.
    """
    return [soaked(case) if number % every else case for number, case in enumerate(cases)]


def soaked(case: Any, *marks: pytest.MarkDecorator) -> Any:
    """A case for the soak alone."""
    values = case if isinstance(case, tuple) else (case,)
    return pytest.param(*values, marks=(pytest.mark.soak, *marks))


def one_of_so_many(every: int) -> pytest.MarkDecorator:
    """For a test that goes through like things itself: it asks each so many-th, in the soak all."""
    return pytest.mark.parametrize("every", [every, soaked(1)])
