"""What a drafter proposes, and what is left of it after the proof."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, NamedTuple


class Span(NamedTuple):
    """Characters of a document's text, as code points from 0; `end` is the one after the last."""

    start: int
    end: int

    def holds(self, other: Span) -> bool:
        """Whether the other lies within it."""
        return self.start <= other.start and other.end <= self.end

    def touches(self, other: Span) -> bool:
        """Whether they have a character in common."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True)
class Thing:
    """Something that a proposal speaks of."""

    id: str
    name: str
    declared: Mapping[str, str | int | bool] = field(default_factory=lambda: MappingProxyType({}))
    """What stands with the entity in a claim file (`represents`, `unnamed`, `category`)."""
    known: str = ""
    """By which name the ledger or the ontology knows it; empty for a new one."""
    names: tuple[str, ...] = ()
    """Every name under which it may stand in a text."""

    @property
    def kind(self) -> str:
        """The prefix of its id: `group`."""
        return self.id.partition(":")[0]


@dataclass(frozen=True)
class Ref:
    """Where a proposal says that a thing is meant: the words, and how one gets from them to it."""

    thing: Thing
    span: Span
    chain: tuple[Span, ...] = ()
    """For words that do not name it (`the group`): what each stands for, the name last."""


@dataclass(frozen=True)
class Part:
    """A value read from the text: what is claimed, the words, and how one gets from them to it."""

    value: str
    span: Span
    basis: str = ""
    """Of a date: `stated` or `derived`."""
    because: str = ""
    """From what a derived date was counted."""
    anchor: str = ""
    """The day from which it was counted, as EDTF."""


@dataclass(frozen=True)
class Proposal:
    """One claim that a drafter proposes. All words of it are spans of the document."""

    subject: Ref
    predicate: str
    span: Span
    object: Ref | None = None
    value: Part | None = None
    asserter: Ref | None = None
    """Who says so; None where the document does not tell."""
    own: bool = False
    """The document says so itself: its publisher is the asserter."""
    negative: bool = False
    negation: Span | None = None
    hedge: Span | None = None
    collective: bool = False
    valid: Part | None = None
    fields: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Further columns and qualifiers (`unit`, `bound`, `role`)."""
    beside: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))
    """What its file says of it that no drafter gives (`ref`, `meant`); kept as it stands."""
    told: Mapping[str, Span] = field(default_factory=lambda: MappingProxyType({}))
    """The words by which each qualifier is told (`claimed responsibility`)."""
    score: float = 0.5
    """What share of proposals like it was right; what its drafter says where nobody measured."""
    like: tuple[int, int] | None = None
    """How many like it were right in texts that a reader knew, of how many."""
    reasons: tuple[str, ...] = ()
    quote: str | None = None
    """The words that a drafter claims stand at the span, where it quotes."""

    @property
    def target(self) -> str:
        """The object's id, or the value."""
        if self.object:
            return self.object.thing.id
        return self.value.value if self.value else ""

    @property
    def triple(self) -> tuple[str, str, str]:
        """Subject, predicate, object or value."""
        return self.subject.thing.id, self.predicate, self.target


class Refused(NamedTuple):
    """A proposal that the proof did not let pass, or what a drafter could not settle."""

    triple: tuple[str, str, str]
    span: Span | None
    why: str


@dataclass(frozen=True)
class Draft:
    """What a drafter made of a document, proven."""

    proposals: tuple[Proposal, ...]
    refused: tuple[Refused, ...]
    drafter: str
    seconds: float = 0.0
