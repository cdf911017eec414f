"""What a brief is about, and all that is said of it: by things said, in the order of support."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kg.ask.explain import of_edge
from kg.ask.ranked import Said, ranked
from kg.ask.told import Row
from kg.base.errors import UsageError
from kg.graph.corpus import Corpus
from kg.graph.states import denials_along
from kg.identity.verdicts import RULES

EVENTS = ("Incident", "Campaign", "Sanction", "LegalAction", "Agreement", "Meeting", "Travel",
          "Statement", "Process")  # fmt: skip
"""Kinds of things that happen, of which a brief about somebody tells in turn."""

ORGANS = ("State", "Agency")
"""Kinds that are spoken of in their organs too."""

REFERENCES = ("url", "record", "foreign_key", "codes", "platform", "name", "weighing")
"""Keys and addresses: nothing that anybody would read out."""


@dataclass(frozen=True)
class Matter:
    """A subject (an entity, or one edge), seen through a corpus."""

    corpus: Corpus
    id: str
    edge: tuple[str, str, str] | None = None
    """Subject, predicate and object of the one edge that it is about."""

    @property
    def kind(self) -> str:
        """The subject's kind."""
        return self.corpus.ontology.kind_of(self.id) or "Entity"

    @cached_property
    def focus(self) -> frozenset[str]:
        """The subject, and of a state or an agency its organs, which act for it."""
        organs = self.corpus.bodies.speakers(self.id) if self.kind in ORGANS else ()
        return frozenset({self.id, *organs})

    @cached_property
    def said(self) -> tuple[Said, ...]:
        """What is said of it, without keys and addresses, and without who became one with whom."""
        ids = list(self.focus)
        claims = self.corpus.claims
        if self.edge:
            return ranked(self.corpus, of_edge(self.corpus, claims, *self.edge)[0])
        near = claims.filter(pl.col("subject").is_in(ids) | pl.col("object").is_in(ids))
        return ranked(self.corpus, near.filter(_worth_telling()))

    @cached_property
    def references(self) -> int:
        """How many claims only give keys and addresses."""
        mine = pl.col("subject").is_in(list(self.focus))
        return self.corpus.claims.filter(mine & pl.col("predicate").is_in(REFERENCES)).height

    @cached_property
    def events(self) -> dict[str, tuple[Said, ...]]:
        """What is said of each event that it had to do with, or that it is."""
        ids = {end for one in self.said for end in (one.subject, one.object or "")} - self.focus
        if self.edge:
            ids = {self.id}
        events = [id for id in ids if self.corpus.ontology.kind_of(id) in EVENTS]
        return self.of(events)

    def of(self, ids: Iterable[str]) -> dict[str, tuple[Said, ...]]:
        """What is said of each of these."""
        wanted = sorted(ids)
        claims = self.corpus.claims.filter(_worth_telling())
        near = claims.filter(pl.col("subject").is_in(wanted) | pl.col("object").is_in(wanted))
        found: dict[str, list[Said]] = {id: [] for id in wanted}
        for one in ranked(self.corpus, near):
            for end in {one.subject, one.object or ""} & found.keys():
                found[end].append(one)
        return {id: tuple(said) for id, said in found.items()}

    @cached_property
    def along(self) -> tuple[Said, ...]:
        """Denials of what these lead on to: nobody denies that the group ran the raid, but the
        state at the end of the chain denies the raid."""
        ids = [row["id"] for one in self.said for row in one.claims]
        edges = self.corpus.claims.filter(pl.col("id").is_in(ids))
        denials = denials_along(self.corpus.statements, self.corpus.ontology, edges)
        known = {row["id"] for one in self.said for row in one.denials}
        return ranked(self.corpus, denials.filter(~pl.col("id").is_in(known)))

    def near(self, one: Said) -> bool:
        """Whether the subject is the first end of what is said."""
        return one.subject in self.focus


def _worth_telling() -> pl.Expr:
    """Neither keys and addresses, nor who is one with whom, nor what our own rules conclude."""
    loop = (pl.col("subject") == pl.col("object")).fill_null(False)
    ruled = (pl.col("asserter") == RULES).fill_null(False)
    return ~pl.col("predicate").is_in(REFERENCES) & ~loop & ~ruled


def clusters(said: Sequence[Said], fixed: str) -> list[list[Said]]:
    """Things that the same voices say with the same hedges belong in one sentence; what is denied
    or was taken back stands alone."""
    found: dict[tuple[object, ...], list[Said]] = {}
    for one in said:
        signature: tuple[object, ...] = one.key
        if not one.gone and not one.denials:
            signature = tuple(sorted({_breath(row) for row in (*one.claims, *one.denials)}))
        key = (one.predicate, getattr(one, fixed), one.object is None, signature)
        found.setdefault(key, []).append(one)
    return list(found.values())


def _breath(row: Row) -> tuple[str, ...]:
    names = ("asserter", "hedge", "likelihood", "confidence", "collective", "polarity",
             "derivation")  # fmt: skip
    told = tuple(str(row.get(name)) for name in names)
    return (*told, str(bool(row["derived_from"])), str(row["disputed_by"]))


def matter(
    corpus: Corpus, subject: str, predicate: str | None = None, target: str | None = None
) -> Matter:
    """What these words name. Raises `UsageError` where that is nothing, or nothing is claimed of
    it."""
    id = corpus.find(subject)
    if predicate is None:
        found = Matter(corpus, id)
        if not found.said:
            raise UsageError(f"nobody claims anything of {corpus.names.get(id, id)} {corpus.where}")
        return found
    claims, _ = of_edge(corpus, corpus.claims, id, predicate, target)
    if target is None:
        raise UsageError("a brief of an edge needs its object: SUBJECT PREDICATE OBJECT")
    row = claims.row(0, named=True)
    return Matter(corpus, id, (id, row["predicate"], row["object"] or row["value"]))
