"""How a view gets from where it starts to all that it draws, said so that the page can do it too.

A view selects entities by the edges that join them, and under a lens some edges are gone. So it
hands its rule to the page, which follows it again over what is left (`reached` in `presence.js`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from kg.views.kit.picture import Link

Way: TypeAlias = Literal["along", "against", "either"]
"""Which way an edge may be followed."""


@dataclass(frozen=True, slots=True)
class Step:
    """Follow edges of these kinds, so many times; `rounds=None`: until nothing new is found."""

    ways: Mapping[str, Way]
    rounds: int | None = 1


@dataclass(frozen=True, slots=True)
class Reach:
    """Starting points and the steps from there, one after the other."""

    starts: Collection[str]
    steps: Collection[Step] = ()
    having: str | None = None
    """A starting point counts only where an edge of this kind leaves it."""
    unless: tuple[str, str, str] | None = None
    """(kind, property, value): of this kind one counts only where the property is something else.
    The page looks at what the lens leaves of it; a view hands over all that may count under one."""
    all: bool = False
    """Whether the starting points are all of their kinds, not one that was chosen."""
    closed: Collection[str] = ()
    """What is reached, but not gone through: hubs join what has nothing to do with each other."""

    def over(self, links: Iterable[Link]) -> set[str]:
        """The ids of all nodes that are reached."""
        near: dict[str, list[tuple[str, str, Way]]] = defaultdict(list)
        for link in links:
            near[link.source].append((link.kind, link.target, "along"))
            near[link.target].append((link.kind, link.source, "against"))
        found = {start for start in self.starts if self._counts(near[start])}
        for step in self.steps:
            border, rounds = set(found), 0
            while border and rounds != step.rounds:
                ways = (way for node in border - {*self.closed} for way in near[node])
                border = {to for kind, to, way in ways if _open(step.ways.get(kind), way)} - found
                found |= border
                rounds += 1
        return found

    def _counts(self, near: Iterable[tuple[str, str, Way]]) -> bool:
        return self.having is None or any((k, way) == (self.having, "along") for k, _, way in near)


def _open(allowed: Way | None, way: Way) -> bool:
    return allowed in ("either", way)
