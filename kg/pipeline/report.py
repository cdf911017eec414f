"""What a run tells of itself while it goes on, and how its counts are read out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from types import MappingProxyType
from typing import Any, Protocol

from kg.base.errors import KINDS, Problem
from kg.base.limits import limit
from kg.base.shown import plural
from kg.ledger.ledger import Batch
from kg.stores import Plan


class Reporter(Protocol):
    """Hears of each step as it is done."""

    def step(self, name: str, detail: str = "") -> None:
        """A step is done."""

    def warn(self, text: str) -> None:
        """Something that stays visible and stops nothing."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Part of a step is done; `total` is 0 where it is not known."""


class Quiet:
    """A reporter that says nothing."""

    def step(self, name: str, detail: str = "") -> None:
        """Say nothing."""

    def warn(self, text: str) -> None:
        """Say nothing."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Say nothing."""


LINE = 100
"""Characters that are still read at one glance."""


def counted(counts: Mapping[str, int]) -> str:
    """Counts by kind as `3 nodes and 9 edges`; what is written in capitals is an edge."""
    edges = sum(count for kind, count in counts.items() if kind.isupper())
    nodes = sum(counts.values()) - edges
    return f"{plural(nodes, 'node')} and {plural(edges, 'edge')}"


def _listed(counts: Mapping[str, int]) -> str:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    return kinds if len(kinds) <= LINE else counted(counts)


def described(plan: Plan) -> str:
    """The plan as `+ 3 Group, 9 ATTRIBUTED_TO  ~ 1 Claim  − …`; of many kinds, the sum."""
    if plan.empty:
        return "nothing to do"
    parts = [
        f"{sign} {_listed(kinds)}"
        for sign, kinds in (("+", plan.add), ("~", plan.change), ("−", plan.remove))
        if kinds
    ]
    return "  ".join(parts)


@dataclass(frozen=True)
class Read:
    """What was read of one source, and what its loader could not read or did not use."""

    name: str
    claims: int
    warnings: tuple[Problem, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    allowed: tuple[str, ...] = ()
    """The checks that it failed and was let pass, as sentences."""

    def as_dict(self) -> dict[str, Any]:
        """As `--format json` has it: every warning."""
        told = ("place", "field", "value", "message")
        warnings = [{name: getattr(one, name) for name in told} for one in self.warnings]
        return asdict(replace(self, warnings=())) | {"warnings": warnings}


def tell(
    batches: Sequence[Batch],
    reporter: Reporter,
    known: Mapping[str, str] = MappingProxyType({}),
    mendable: bool = True,
) -> tuple[Read, ...]:
    """One line a source (with what is `known` of its name), then what its loader could not read or
    did not use: a line for each kind of warning.

    What could not be read of data that came with kg is no warning: nobody who builds could mend it.
    """
    say = reporter.warn if mendable else partial(reporter.step, "")
    found = []
    for batch in batches:
        name = batch.source.name
        claims = batch.frame.filter(~batch.frame["declared"]).height
        also = f", {known[name]}" if name in known else ""
        reporter.step(f"read {name}", f"{plural(claims, 'claim')}{also}")
        for line in grouped(batch.warnings, places=mendable):
            say(line)
        for sentence in batch.allowed:
            reporter.warn(f"let pass by --allow: {sentence}")
        for what, count in batch.notes.items():
            reporter.step("", f"{what}: {count:,}")
        found.append(Read(name, claims, batch.warnings, dict(batch.notes), batch.allowed))
    return tuple(found)


def grouped(problems: Iterable[Problem], *, places: bool = True) -> Iterator[str]:
    """A line for each kind of problem: the first of it as an example, and how many there are."""
    kinds: dict[str, list[Problem]] = {}
    for problem in problems:
        kinds.setdefault(problem.kind, []).append(problem)
    groups = list(kinds.values())
    most = KINDS * limit("told")
    for first, *more in groups[:most]:
        count = f" (and {len(more):,} more like it: --format json has all)" if more else ""
        yield f"{first if places else replace(first, place='')}{count}"
    if rest := groups[most:]:
        yield f"and {sum(map(len, rest)):,} of {len(rest):,} other kinds: --format json has all"
