"""The first pass: what the keys of the graph need to know of one another.

What an edge, a node or a claim of the graph amounts to depends on its own rows, and on little of
the others: what is withdrawn or disputed, who is who, what an entity is called, which labels it
has, when a document appeared. `Index` finds that for the entities and claims that it is asked for,
in slim columns of all rows, so that `project` can be run on the rows of some keys alone, and gives
for these what it gives for all.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import polars as pl

from kg.claims.columns import LINKS, STATEMENTS
from kg.graph.awaited import arrived
from kg.graph.bodies import Bodies, bodies, body_edges
from kg.graph.graph import Graph
from kg.graph.link import DATING, dated, dates_of, link, one_body, one_row_a_claim, refs_of
from kg.graph.project import (
    CLAIM_ENDS,
    EDGE_ENDS,
    IS_EDGE,
    Keys,
    Known,
    canonical,
    evident,
    known,
    project,
    roles_in,
)
from kg.graph.standing import STANDING, default_standing, standing
from kg.ontology import Ontology

SLIM = (
    *("id", "source", "format", "ref", "declared", "subject", "predicate", "object", "value"),
    *("negative", "asserter", "document", "valid_from", "valid_to", "status", *LINKS),
    *("asserted", "asserted_from", "asserted_to", "asserted_basis"),
)
"""The columns of the ledger that the first pass reads."""

ENDS = tuple(column for _, column in CLAIM_ENDS)


@dataclass(frozen=True)
class Index:
    """`slim`: every row of a ledger as its source has it, of the columns `SLIM`; `identity`: what
    each source id became, where that is another."""

    slim: pl.DataFrame
    identity: Mapping[str, str]
    ontology: Ontology

    @cached_property
    def refs(self) -> pl.DataFrame:
        """`key` (`SOURCE#ref`), `ids`: the claims that carry each ref."""
        return refs_of(self.slim)

    @cached_property
    def bodies(self) -> Bodies:
        """Who speaks with whose voice."""
        kinds = pl.col("predicate").is_in(body_edges(self.ontology))
        rows = self.slim.filter(pl.col("declared") & kinds)
        return bodies(canonical(rows, self.identity, self.ontology), self.ontology)

    @cached_property
    def _copies(self) -> Mapping[str, list[str]]:
        """Merged id → the source ids that became it."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for own, merged in self.identity.items():
            found[merged].append(own)
        return found

    def merged(self, ids: pl.Series) -> pl.Series:
        """What these source ids became."""
        known = self.identity
        return pl.Series(list({known.get(id, id) for id in ids.to_list()}), dtype=pl.String)

    def sources_of(self, ids: pl.Series) -> pl.Series:
        """Every source id that became one of these."""
        wanted = ids.to_list()
        every = [*wanted, *(own for id in wanted for own in self._copies.get(id, ()))]
        return pl.Series(every, dtype=pl.String)

    def mentioning(self, ids: pl.Series, ends: Iterable[str] = ENDS) -> pl.DataFrame:
        """The rows that have one of these source ids at one of these ends."""
        if ids.is_empty():
            return self.slim.clear()
        wanted = ids.implode()
        return self.slim.filter(
            pl.any_horizontal(pl.col(end).is_in(wanted).fill_null(False) for end in ends)
        )

    # What is special about a claim

    @cached_property
    def special(self) -> pl.DataFrame:
        """The claims that point at others, are pointed at, deny something or are denied: merged,
        linked, with their standing. Every other one is live, undisputed, and on its own word."""
        links = pl.any_horizontal(pl.col(name).is_not_null() for name in LINKS)
        withdrawn = pl.col("status").is_in(["retracted", "superseded"]).fill_null(False)
        odd = self.slim.filter(links | withdrawn | pl.col("negative"))
        if odd.is_empty():
            return self._standing(odd)
        linked = link(odd, self.refs)
        targets = pl.concat([linked[name].explode().drop_nulls() for name in LINKS])
        there = pl.col("id").is_in(targets.implode()) | pl.col("id").is_in(odd["id"].implode())
        return self._standing(self.slim.filter(there | self._denied(odd)))

    def _denied(self, odd: pl.DataFrame) -> pl.Expr:
        """What may be denied: rows of a predicate that somebody denies of such a subject."""
        denials = odd.filter(pl.col("negative"))
        ends = pl.concat([denials["subject"], denials["object"].drop_nulls()])
        sources = self.sources_of(pl.concat([ends, self.merged(ends)])).implode()
        return pl.col("predicate").is_in(denials["predicate"].unique().implode()) & (
            pl.col("subject").is_in(sources)
        )

    def _standing(self, rows: pl.DataFrame) -> pl.DataFrame:
        rows = one_row_a_claim(link(rows, self.refs))
        rows = dated(rows, self.dates(rows["document"].drop_nulls().unique()))
        return standing(canonical(rows, self.identity, self.ontology), self.bodies)

    # Rows

    def rows(self, ids: pl.Series) -> pl.DataFrame:
        """The slim rows of some claims, merged, with their standing."""
        return self._placed(self.slim.filter(pl.col("id").is_in(ids.implode())))

    def body(self, statements: pl.DataFrame) -> pl.DataFrame:
        """Rows of the ledger (all that have some ids) as `Corpus` holds them: linked, dated,
        merged, with their standing among all others."""
        documents = statements["document"].drop_nulls().unique()
        rows = statements.select(list(STATEMENTS))
        rows = one_body(link(rows, self.refs), self.dates(documents))
        return self._judged(rows)

    def dates(self, documents: pl.Series | None = None) -> pl.DataFrame:
        """When these documents appeared, or all (`dates_of`)."""
        told = pl.col("declared") & pl.col("predicate").is_in(DATING)
        if documents is not None:
            told &= pl.col("subject").is_in(documents.implode())
        return dates_of(one_row_a_claim(self.slim.filter(told)))

    def _placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        return self._judged(one_row_a_claim(link(rows, self.refs)))

    def _judged(self, rows: pl.DataFrame) -> pl.DataFrame:
        merged = canonical(rows, self.identity, self.ontology)
        return judged(merged, self.special, self.bodies)

    def rows_of(self, keys: Keys) -> pl.Series:
        """Ids of all rows that go into these keys."""
        nodes = self.sources_of(keys.nodes).implode()
        ends = self.sources_of(
            pl.concat([keys.edges["subject"], keys.edges["object"]]).unique()
        ).implode()
        own = pl.col("object").is_null() & pl.col("subject").is_in(nodes)
        between = (
            pl.col("predicate").is_in(keys.edges["predicate"].unique().implode())
            & pl.col("subject").is_in(ends)
            & pl.col("object").is_in(ends)
        ).fill_null(False)
        claim = pl.col("id").is_in(keys.claims.implode())
        return self.slim.filter(own | between | claim)["id"].unique()

    def part(self, keys: Keys, read: Callable[[pl.Series], pl.DataFrame]) -> Graph:
        """The part of the graph that these keys are; `read` gives all rows of some ids."""
        body = self.body(read(self.rows_of(keys)))
        ends = [body[end].drop_nulls().rename("id") for end in ENDS]
        about = self.known(pl.concat([keys.nodes.rename("id"), *ends]).unique(), body)
        return project(body, self.ontology, about, keys)

    # Entities

    def known(self, ids: pl.Series, body: pl.DataFrame) -> Known:
        """What is known of these entities (merged ids), and which claims of `body`, or special
        ones, stand as nodes."""
        shown = pl.concat([body.select(self.special.columns), self.special]).unique("id")
        return replace(
            self.called(ids),
            roles=self._roles(self.sources_of(ids)),
            evident=evident(shown, self.ontology),
        )

    def called(self, ids: pl.Series | None = None) -> Known:
        """The same as far as names tell: kinds and names of these entities, or of all."""
        naming = pl.col("predicate").is_in(self.ontology.naming)
        if ids is not None:
            naming &= pl.col("subject").is_in(self.sources_of(ids).implode())
        return known(self._placed(self.slim.filter(naming)), self.ontology)

    def everything_known(self) -> Known:
        """What is known of all entities (`evident` only as far as names tell)."""
        rows = self.slim.select("id", "declared", "predicate", "negative", *ENDS)
        merged = canonical(rows, self.identity, self.ontology)
        return replace(self.called(), roles=roles_in(merged, self.ontology))

    def _roles(self, sources: pl.Series) -> pl.DataFrame:
        """`id`, `role` of the entities that became of these."""
        giving = [edge.edge for edge in self.ontology.edges.values() if edge.roles]
        rows = self.mentioning(sources, ("subject", "object")).filter(
            pl.col("predicate").is_in(giving) & ~pl.col("negative")
        )
        merged = canonical(rows, self.identity, self.ontology).filter(IS_EDGE)
        found = [merged.select(EDGE_ENDS).unique()]
        for edge, column in CLAIM_ENDS:
            said = self.mentioning(sources, (column,)).filter(~pl.col("declared"))
            whose = self.merged(arrived(said, self.identity)[column].unique())
            ids = pl.DataFrame({"to": whose}, schema={"to": pl.String})
            found.append(ids.select(type=pl.lit(edge), **{"from": pl.lit("claim:")}, to="to"))
        given = pl.concat(found)
        parts = [
            given.filter(pl.col("type") == edge.edge).select(id=pl.col(end), role=pl.lit(role))
            for edge in self.ontology.edges.values()
            for end, role in edge.roles.items()
        ]
        return pl.concat(parts).drop_nulls().unique().sort("id", "role")


def judged(rows: pl.DataFrame, special: pl.DataFrame, bodies: Bodies) -> pl.DataFrame:
    """Add the standing to merged rows, in order of their ids: what `special` says of a claim, else
    that of one which nothing points at."""
    special = special.select("id", *STANDING)
    odd = pl.col("id").is_in(special["id"].implode())
    plain = default_standing(rows.filter(~odd), bodies)
    told = rows.filter(odd).join(special, on="id", how="left")
    return pl.concat([plain, told.select(plain.columns)]).sort("id")
