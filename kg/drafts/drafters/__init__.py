"""One file a drafter; each has `NAME`, `DOC` and `draft` (`Drafter`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Protocol

from kg.base.discovery import by_name, in_modules
from kg.base.errors import UsageError, offering
from kg.drafts.document import Document
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.patterns import Sayings
from kg.drafts.proposals import Proposal
from kg.ontology import Ontology


@dataclass(frozen=True)
class Given:
    """What a drafter has to go by."""

    document: Document
    known: Gazetteer
    ontology: Ontology
    options: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """What a drafter takes besides (`url`, `answers`)."""

    @cached_property
    def sayings(self) -> Sayings:
        """How the kinds are said."""
        return Sayings(self.ontology)


class Drafter(Protocol):
    """What reads a document and proposes claims. What it proposes is proven by others."""

    NAME: str
    DOC: str

    def draft(self, given: Given) -> Iterable[Proposal]:
        """The claims that it proposes."""
        ...


def drafters() -> dict[str, Drafter]:
    """All drafters by name."""
    return by_name("drafter", in_modules("drafts.drafters", lambda m: [(m.NAME, m)]))


def drafter(name: str) -> Drafter:
    """The drafter of that name. Raises `UsageError` with the nearest."""
    found = drafters()
    if name not in found:
        raise UsageError(offering(f"there is no drafter {name!r}", name, found))
    return found[name]
