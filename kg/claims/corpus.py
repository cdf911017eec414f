"""A body of statements and the graph it amounts to, whole or through a lens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

from kg.claims.graph import Graph
from kg.claims.link import link, one_body
from kg.claims.projection import canonical, claimed_roles, project
from kg.claims.standing import standing
from kg.errors import UsageError, nearest
from kg.ontology import Ontology, edtf


@dataclass(frozen=True)
class Lens:
    """Which claims count: those made by `as_of` (EDTF; its last day) and not withdrawn by then, and
    those that the asserter `according_to` (an entity's id) made. None leaves a side open."""

    as_of: str | None = None
    according_to: str | None = None

    def __bool__(self) -> bool:
        return self.as_of is not None or self.according_to is not None

    @property
    def day(self) -> date | None:
        """The last day that `as_of` covers. Raises `UsageError` where it is no date."""
        if self.as_of is None:
            return None
        try:
            day = edtf.parse(self.as_of).end
        except ValueError as why:
            raise UsageError(f"--as-of {self.as_of!r}: {why}") from None
        if day is None:
            raise UsageError(f"--as-of {self.as_of!r}: has no last day")
        return day


@dataclass(frozen=True)
class Corpus:
    """Statements with merged ids and their standing (`kg.claims.standing`), and what they were
    projected from. Views, measures and exports take one of these."""

    statements: pl.DataFrame
    ontology: Ontology
    lens: Lens = Lens()
    manifest: str = ""
    sources: tuple[str, ...] = ()
    roles: pl.DataFrame | None = field(default=None, repr=False)

    @classmethod
    def of(
        cls,
        statements: pl.DataFrame,
        ontology: Ontology,
        *,
        identity: Mapping[str, str] | None = None,
        lens: Lens = Lens(),
        manifest: str = "",
        sources: Iterable[str] = (),
    ) -> Corpus:
        """From the ledger's rows: link, merge, judge the standing, and look through the lens."""
        merged = canonical(one_body(link(statements)), identity or {}, ontology)
        whole = standing(merged)
        if not lens:
            return cls(whole, ontology, lens, manifest, tuple(sources))
        roles = claimed_roles(whole, ontology)
        kept = standing(seen_through(merged, lens))
        return cls(kept, ontology, lens, manifest, tuple(sources), roles)

    @cached_property
    def graph(self) -> Graph:
        """The projection."""
        return project(self.statements, self.ontology, self.roles)

    @property
    def date(self) -> date | None:
        """The latest day on which anything in it was asserted; None for a corpus without dates."""
        latest = self.claims["asserted_to"].max()
        return latest if isinstance(latest, date) else None

    def asserter(self, word: str) -> str:
        """The id of who `word` is. Raises `UsageError` where nobody or nothing of the name claims
        anything here."""
        found = self.find(word)
        if found not in self.claims["asserter"]:
            raise UsageError(f"{self.names[found]} ({found}) asserts nothing in this graph")
        return found

    @property
    def claims(self) -> pl.DataFrame:
        """The claims, without declarations."""
        return self.statements.filter(~pl.col("declared"))

    @cached_property
    def names(self) -> dict[str, str]:
        """Display name by entity id."""
        return {
            id: name
            for kind, frame in self.graph.nodes.items()
            if kind != "Claim"
            for id, name in frame.select("id", "name").iter_rows()
        }

    @cached_property
    def publishers(self) -> dict[str, str]:
        """Who published a document, by its id: display names, several joined by commas."""
        edges = self.graph.edges_of("PUBLISHED_BY").sort("from", "to")
        found: dict[str, list[str]] = {}
        for document, publisher in edges.select("from", "to").iter_rows():
            found.setdefault(document, []).append(self.names.get(publisher, publisher))
        return {document: ", ".join(names) for document, names in found.items()}

    def find(self, word: str, kind: str | None = None) -> str:
        """The id that `word` is, or the one entity that carries it as a name.

        Raises `UsageError` with the nearest names, or with all entities that carry it.
        """
        frames = [
            frame.select("id", "name", "names", "ids")
            for node, frame in self.graph.nodes.items()
            if node != "Claim" and kind in (None, node)
        ]
        if not frames:
            raise UsageError(f"the graph is empty: nothing is called {word!r}")
        entities = pl.concat(frames)
        exact = entities.filter((pl.col("id") == word) | pl.col("ids").list.contains(word))
        folded = pl.col("names").list.eval(pl.element().str.to_lowercase())
        found = exact if exact.height else entities.filter(folded.list.contains(word.casefold()))
        if found.height == 1:
            return str(found["id"][0])
        if found.height:
            ids = ", ".join(found["id"].sort())
            raise UsageError(f"{word!r} is a name of several entities: {ids}")
        known = [*entities["id"], *entities["names"].explode().drop_nulls()]
        hint = " or ".join(map(repr, nearest(word, known)))
        raise UsageError(
            f"nothing is called {word!r}" + (f"; did you mean {hint}?" if hint else "")
        )


def seen_through(statements: pl.DataFrame, lens: Lens) -> pl.DataFrame:
    """The claims that count under the lens, and the declarations of what they mention.

    A claim whose time of assertion is unknown cannot be shown to have been made by a day: it does
    not count under *as of*.
    """
    claim = ~pl.col("declared")
    keep = pl.lit(True)
    if (day := lens.day) is not None:
        keep &= (pl.col("asserted_to") <= day).fill_null(False)
    if lens.according_to is not None:
        keep &= (pl.col("asserter") == lens.according_to).fill_null(False)
    claims = statements.filter(claim & keep)
    declared = statements.filter(~claim)
    mentioned = _closure(_mentions(claims), declared)
    return pl.concat([declared.filter(pl.col("subject").is_in(mentioned.implode())), claims])


def _mentions(rows: pl.DataFrame) -> pl.Series:
    ends = [rows[name] for name in ("subject", "object", "asserter", "document")]
    return pl.concat(ends).drop_nulls().unique()


def _closure(ids: pl.Series, declared: pl.DataFrame) -> pl.Series:
    """The ids and whatever they declare to belong to, step by step."""
    while True:
        rows = declared.filter(pl.col("subject").is_in(ids.implode()))
        grown = pl.concat([ids, rows["object"].drop_nulls()]).unique()
        if len(grown) == len(ids):
            return ids
        ids = grown
