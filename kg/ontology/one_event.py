"""What makes two events that different sources record candidates for being one, as a kind says it.

A title proves nothing: what counts is who stands at the ends of an event, and when it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """One way in which two events of a kind may be one: all that it asks for must hold. Their days
    must overlap, unless it says otherwise."""

    share: str
    """The edge at which they have an end in common."""
    least: int = 1
    """How many ends they must have in common there."""
    named: bool = False
    """A state or a region is not enough there; a name may be the beginning of the other."""
    close: bool = False
    """Each is known to within a month."""
    unless: str | None = None
    """The edge at which not both may name somebody."""
    body: str | None = None
    """The edge at whose end a body counts as what it is part of; it must be in common too."""
    undated: bool = False
    """It is enough that one of them has no date."""
    called: bool = False
    """A word that tells must stand in the names of both, or of those at their other ends."""


@dataclass(frozen=True, slots=True)
class OneEvent:
    """What a kind of event is told by."""

    when: tuple[str, ...]
    """Its dates; of several the first that is known counts."""
    known: str | None
    """When it became known, which is at most a year after it was."""
    ends: Mapping[str, str]
    """The edges at whose other ends stand those it is told by, and how a reason says so: `both
    designate {}`."""
    ways: tuple[Way, ...]
    common: tuple[str, ...]
    """Words by which many events of the kind are called, and none is told."""
    from_subject: tuple[str, ...]
    """The edges that start at the event; it stands at the end of the others."""

    @property
    def bodies(self) -> frozenset[str]:
        """Edges whose ends are bodies: many events have one in common, so that none is looked for
        by it."""
        return frozenset(way.body for way in self.ways if way.body)

    @property
    def dates(self) -> tuple[str, ...]:
        """All predicates that say when it was, or became known."""
        return (*self.when, self.known) if self.known else self.when

    @property
    def undated(self) -> bool:
        """Whether it may be one with an event of no date, or of another."""
        return any(way.undated for way in self.ways)
