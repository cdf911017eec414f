"""What a run tells of itself while it goes on, and how its counts are read out."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Protocol

from kg.base.errors import capped
from kg.base.limits import limit
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


def plural(count: int, noun: str) -> str:
    """`1 claim`, `1,089 claims`."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


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


def tell(
    batches: Sequence[Batch],
    reporter: Reporter,
    replaced: Collection[str] = (),
    mendable: bool = True,
) -> None:
    """One line a source, then what its loader could not read or did not use.

    What could not be read of data that came with kg is no warning: nobody who builds could mend it.
    """
    say = reporter.warn if mendable else partial(reporter.step, "")
    for batch in batches:
        claims = batch.frame.filter(~batch.frame["declared"]).height
        again = ", replaces the source of that name" if batch.source.name in replaced else ""
        reporter.step(f"read {batch.source.name}", f"{plural(claims, 'claim')}{again}")
        warnings = batch.warnings
        if not mendable:
            warnings = tuple(replace(problem, place="") for problem in warnings)
        for line in capped(warnings, limit("told")):
            say(line)
        for what, count in batch.notes.items():
            reporter.step("", f"{what}: {count:,}")
