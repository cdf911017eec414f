"""How strictly what leaves a graph is to be marked, claim by claim and entity by entity: as what it
was made from, so that no marking is lost on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kg.claims.marking import LEVELS
from kg.graph.awaited import NAMED

UNMARKED = -1


@dataclass(frozen=True)
class Marked:
    """The markings of a corpus's statements (merged, with their sources' own ends)."""

    statements: pl.DataFrame

    def claim(self, id: str) -> str | None:
        """The marking of a claim: the strictest of its own, its document's, those of what it speaks
        of, and those of what it repeats."""
        return self._claims.get(id)

    def filled(self, claims: pl.DataFrame) -> pl.DataFrame:
        """These claims with that as their `marking`."""
        known = self._ranked.select("id", "rank")
        ranks = claims.select("id").join(known, on="id", how="left", maintain_order="left")["rank"]
        levels = ranks.replace_strict(
            range(len(LEVELS)), list(LEVELS), default=None, return_dtype=pl.String()
        )
        return claims.with_columns(marking=levels)

    @cached_property
    def _claims(self) -> dict[str, str | None]:
        rows = self._ranked.select("id", "rank").iter_rows()
        return {id: level(number) for id, number in rows}

    @cached_property
    def explicit(self) -> Explicit:
        """The entities that are marked themselves."""
        return Explicit.of(self.statements)

    @cached_property
    def _ranked(self) -> pl.DataFrame:
        """The claims with their `rank`, null where nothing marks them."""
        rows = self.statements.filter(~pl.col("declared"))
        ends = [self.explicit.ranks(rows, end).alias(f"of_{end}") for end in NAMED]
        found = rows.with_columns(rank=pl.max_horizontal(rank(pl.col("marking")), *ends))
        links = rows.select("id", "derived_from").drop_nulls().explode("derived_from")
        while not links.is_empty():
            above = links.join(found.select(derived_from="id", above="rank"), on="derived_from")
            above = above.group_by("id").agg(pl.col("above").max())
            grown = found.join(above, on="id", how="left", maintain_order="left").with_columns(
                rank=pl.max_horizontal("rank", "above")
            )
            if grown["rank"].equals(found["rank"]):
                break
            found = grown.drop("above")
        return found

    def entities(self, predicates: Collection[str] | None = None) -> dict[str, str]:
        """The markings of entities, as an object that shows what is declared of each and what is
        claimed of it with these predicates (default: with all) has to carry them: the strictest of
        its texts, each as strict as the least strict that says it."""
        said = self._ranked.filter(pl.col("object").is_null() & ~pl.col("negative")).with_columns(
            pl.col("rank").fill_null(UNMARKED)
        )
        if predicates is not None:
            said = said.filter(pl.col("predicate").is_in(list(predicates)))
        columns = ("subject", "predicate", "value", "object", "rank")
        texts = pl.concat([each.select(columns) for each in (said, self._declared)])
        least = texts.group_by("subject", "predicate", "value", "object").agg(pl.col("rank").min())
        most = least.group_by("subject").agg(pl.col("rank").max(), bare=pl.col("rank").min())
        # What carries no marking is not made out to be free for all.
        kept = most.filter((pl.col("rank") > 0) | (pl.col("bare") == 0))
        return {id: LEVELS[number] for id, number in kept.select("subject", "rank").iter_rows()}

    @property
    def _declared(self) -> pl.DataFrame:
        """What is declared, as strict as what marks the entity, and as the least strict claim by
        which its source speaks of it."""
        rows = self.statements.filter(pl.col("declared"))
        tables = [("subject_as", ("subject_as", "object_as")), ("subject", NAMED[2:])]
        by = [_looked_up(rows, end, self._spoken(ends)) for end, ends in tables]
        least = pl.select(pl.min_horizontal(*by)).to_series()
        own = self.explicit.ranks(rows, "subject")
        return rows.with_columns(rank=pl.max_horizontal(least.fill_null(UNMARKED), own))

    def _spoken(self, ends: Iterable[str]) -> pl.DataFrame:
        """`source`, `id`, `rank` of the least strict claim, or declaration of one that belongs to
        it, by which a source speaks of an entity."""
        value = pl.col("rank").fill_null(UNMARKED)
        claims = self._ranked.with_columns(value)
        found = (
            pl.concat([claims.select("source", "rank", id=end).drop_nulls() for end in ends])
            .group_by("source", "id")
            .agg(pl.col("rank").min())
        )
        edges = self.statements.filter(pl.col("declared") & pl.col("object").is_not_null())
        edges = edges.select("source", id="subject_as", to="object_as").unique()
        while True:
            further = edges.join(found, on=["source", "id"]).select("source", "rank", id="to")
            grown = pl.concat([found, further.select(found.columns)])
            grown = grown.group_by("source", "id").agg(pl.col("rank").min())
            if grown.height == found.height and grown["rank"].sum() == found["rank"].sum():
                return found
            found = grown

    def strictest(self) -> str | None:
        """That of all claims and entities."""
        ranks = (self._ranked["rank"].max(), self.explicit.own["rank"].max())
        return level(max((each for each in ranks if isinstance(each, int)), default=None))


def rank(marking: pl.Expr) -> pl.Expr:
    """How strict a marking is: its place among `LEVELS`, the last one where nobody knows it."""
    last = len(LEVELS) - 1
    known = marking.replace_strict(
        list(LEVELS), range(len(LEVELS)), default=last, return_dtype=pl.Int64
    )
    return pl.when(marking.is_not_null()).then(known)


@dataclass(frozen=True)
class Explicit:
    """Entities that sources mark (`own`: with `rank`), and all that each declares (`named`)."""

    own: pl.DataFrame
    named: pl.DataFrame

    @classmethod
    def of(cls, statements: pl.DataFrame) -> Explicit:
        """Read them out of statements."""
        declared = statements.filter(pl.col("declared"))
        rows = declared.filter(pl.col("predicate") == "marking")
        own = rows.group_by("source", id="subject").agg(rank=rank(pl.col("value")).max())
        named = declared.filter(pl.col("predicate") == "name")
        return cls(own, named.select("source", id="subject").unique())

    def ranks(self, rows: pl.DataFrame, end: str) -> pl.Series:
        """How strictly the entity in a column is marked by the source of each row or, where that
        does not declare it, by any; null where it is not."""
        if self.own.is_empty():
            return pl.Series(end, [None] * rows.height, pl.Int64)
        keys = rows.select("source", id=end)
        own = _looked_up(rows, end, self.own)
        any_ = self.own.group_by("id").agg(pl.col("rank").max())
        anywhere = keys.join(any_, on="id", how="left", maintain_order="left")["rank"]
        there = _looked_up(rows, end, self.named.with_columns(rank=pl.lit(1)))
        return pl.select(pl.when(there.is_not_null()).then(own).otherwise(anywhere)).to_series()


def level(number: int | None) -> str | None:
    """The level of a rank."""
    return None if number is None or number == UNMARKED else LEVELS[number]


def _looked_up(rows: pl.DataFrame, end: str, table: pl.DataFrame) -> pl.Series:
    keys = rows.select("source", id=end)
    return keys.join(table, on=["source", "id"], how="left", maintain_order="left")["rank"]
