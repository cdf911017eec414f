"""The few errors that `kg` raises on purpose; each knows the exit code that a command gives it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


class KgError(Exception):
    """Base of every error that a user can cause or mend."""

    exit_code = 1


class UsageError(KgError):
    """A command or function was called in a way that cannot work (unknown name, wrong argument)."""

    exit_code = 2


class DatabaseError(KgError):
    """The database is unreachable, refuses us, holds other data, or did not store what was sent."""

    exit_code = 4


class Interrupted(KeyboardInterrupt):
    """Ctrl-C while something was written: its text says what stands now, and how to go on."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong in an input: where it stands, what is wrong, and what was probably meant."""

    message: str
    place: str = ""
    """`FILE:LINE`, or `FILE#RECORD` where a format has no lines."""
    field: str = ""
    value: str = ""
    near: tuple[str, ...] = ()
    warning: bool = False

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        field = f"{self.field}: " if self.field else ""
        value = f" (got {self.value!r})" if self.value else ""
        return f"{where}{field}{self.message}{value}{_meant(self.near)}"

    @property
    def kind(self) -> str:
        """What it has in common with problems like it, whatever stands in the place."""
        return f"{self.field}: {_VALUES.sub('…', self.message)}"


_VALUES = re.compile(r"""'[^']*'|"[^"]*"|`[^`]*`|\d+""")

KINDS = 10
"""As many kinds of problems are printed in full as this; those of other kinds are counted."""


def capped(problems: Iterable[Problem], most: int) -> Iterator[str]:
    """A line for each problem, but of one kind no more than `most`, and then how many there are."""
    seen: Counter[str] = Counter()
    printed = 0
    for problem in problems:
        seen[problem.kind] += 1
        if seen[problem.kind] <= most and printed < KINDS * most:
            printed += 1
            yield str(problem)
    if rest := seen.total() - printed:
        yield f"and {rest:,} more {'like these' if printed < KINDS * most else 'of many kinds'}"


class InputError(KgError):
    """Sourced material that cannot be read as it is. Nothing was written.

    As text it is a line for each problem, of one kind the first only; `problems` has them all.
    """

    exit_code = 3

    def __init__(self, problems: Problem | Iterable[Problem]) -> None:
        self.problems: tuple[Problem, ...] = (
            (problems,) if isinstance(problems, Problem) else tuple(problems)
        )
        from kg.base.limits import limit

        self._most = limit("told")
        super().__init__(self.problems)

    def __str__(self) -> str:
        return "\n".join(capped(self.problems, self._most))


def an(noun: str) -> str:
    """The noun with its article, as in `an Incident`."""
    return f"{'an' if noun[:1] in 'AEIOUaeiou' else 'a'} {noun}"


def nearest(word: str, known: Iterable[str], most: int = 2) -> tuple[str, ...]:
    """The known names most like `word`, best first; letters' case does not matter."""
    by_folded = {name.casefold(): name for name in known}
    found: Sequence[str] = get_close_matches(word.casefold(), by_folded, n=most, cutoff=0.6)
    return tuple(by_folded[name] for name in found)


def offering(
    sentence: str, word: str, known: Iterable[str], *, otherwise: str | None = None
) -> str:
    """A sentence about a word that names nothing, and what was probably meant by it: the nearest of
    the known names; where none is near, `otherwise`, or all that are known."""
    names = list(known)
    if hint := _meant(nearest(word, names)):
        return sentence + hint
    rest = f"known: {', '.join(names)}" if otherwise is None and names else otherwise
    return f"{sentence}; {rest}" if rest else sentence


def _meant(near: Sequence[str]) -> str:
    return f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
