"""Which bodies speak with one voice: an agency and what it is part of, a company and its owner."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kg.ontology import Ontology

Above = Mapping[str, frozenset[str]]
"""Body → what is directly above it."""


@dataclass(frozen=True)
class Bodies:
    """What is declared of who is whose part (`wholes`) and whose property (`owners`)."""

    wholes: Above
    owners: Above

    def above(self, body: str) -> set[str]:
        """All that the body is part of or owned by, step by step."""
        return climbed(body, self._above)

    @cached_property
    def _above(self) -> Above:
        return {
            id: self.wholes.get(id, frozenset()) | self.owners.get(id, frozenset())
            for id in self.wholes.keys() | self.owners.keys()
        }

    @cached_property
    def voices(self) -> Mapping[str, str]:
        """Body → the one at the top of all that are one voice with it, where that is another.

        What has several tops (two states run it) is nobody's alone, and speaks for itself.
        """
        tops = {id: _tops(id, self._above) for id in sorted(self._above)}
        return {id: next(iter(top)) for id, top in tops.items() if len(top) == 1 and id not in top}

    def speakers(self, body: str) -> list[str]:
        """The body and its parts, the parts of these, and so on: whoever is heard as it."""
        return sorted({body} | {id for id in self.wholes if body in climbed(id, self.wholes)})


def bodies(declared: pl.DataFrame, ontology: Ontology) -> Bodies:
    """Read them out of merged statements; only what is declared counts, for what a rival says of
    somebody's owner takes nobody's voice away."""
    return Bodies(*(_above(declared, ontology, body) for body in ("part", "owned")))


def body_edges(ontology: Ontology, body: str | None = None) -> list[str]:
    """The edge kinds that make one voice of their ends, or do so in one way."""
    kinds = ontology.edges.values()
    return [e.edge for e in kinds if e.body is not None and body in (None, e.body)]


def _above(declared: pl.DataFrame, ontology: Ontology, body: str) -> Above:
    kinds = pl.col("predicate").is_in(body_edges(ontology, body))
    rows = declared.filter(pl.col("declared") & kinds & (pl.col("subject") != pl.col("object")))
    found: defaultdict[str, set[str]] = defaultdict(set)
    for id, other in rows.select("subject", "object").iter_rows():
        found[id].add(other)
    return {id: frozenset(others) for id, others in found.items()}


def climbed(id: str, above: Above) -> set[str]:
    """All that is above a body, step by step."""
    seen: set[str] = set()
    open_: Iterable[str] = above.get(id, ())
    while further := set(open_) - seen:
        seen |= further
        open_ = {other for one in further for other in above.get(one, ())}
    return seen


def _tops(id: str, above: Above) -> frozenset[str]:
    """Where the ways up end; of bodies that own each other, the first by id is the top."""
    reached = climbed(id, above)
    ends = {one for one in reached if not above.get(one)}
    if not ends:
        ends = {min(reached | {id})}
    return frozenset(ends)
