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
    Keys,
    Known,
    canonical,
    edge_ends,
    evident,
    is_edge,
    known,
    project,
    roles_in,
)
from kg.graph.standing import STANDING, TRIPLE, default_standing, standing
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
    def odd(self) -> pl.DataFrame:
        """The rows that point at other claims, deny something or are withdrawn, linked."""
        links = pl.any_horizontal(pl.col(name).is_not_null() for name in LINKS)
        withdrawn = pl.col("status").is_in(["retracted", "superseded"]).fill_null(False)
        return link(self.slim.filter(links | withdrawn | pl.col("negative")), self.refs)

    @cached_property
    def _bound(self) -> pl.DataFrame:
        """`one`, `other`: claims of which one points at the other, or denies what it says; an odd
        one stands beside itself."""
        linked = (self.odd.select(one="id", other=name).explode("other") for name in LINKS)
        alone = self.odd.select(one="id", other="id")
        return pl.concat([alone, self._denied(), *linked]).drop_nulls().unique()

    def _denied(self) -> pl.DataFrame:
        """`one`, `other`: each denial, and whatever says, or denies, the same."""
        denials = self.odd.filter("negative")
        ends = pl.concat([denials["subject"], denials["object"].drop_nulls()])
        sources = self.sources_of(pl.concat([ends, self.merged(ends)])).implode()
        about = pl.col("predicate").is_in(denials["predicate"].unique().implode()) & (
            pl.col("subject").is_in(sources)
        )
        said, denied = (
            canonical(rows, self.identity, self.ontology).select(*TRIPLE, "id")
            for rows in (self.slim.filter(about), denials)
        )
        pairs = denied.join(said, on=list(TRIPLE), nulls_equal=True, suffix="_other")
        return pairs.select(one="id", other="id_other")

    @cached_property
    def _bonds(self) -> Mapping[str, list[str]]:
        """The same by each of the claims."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for one, other in self._bound.iter_rows():
            found[one].append(other)
            found[other].append(one)
        return found

    @cached_property
    def special(self) -> pl.DataFrame:
        """The claims that point at others, are pointed at, deny something or are denied: merged,
        linked, with their standing. Every other one is live, undisputed, and on its own word."""
        ids = pl.concat([self._bound["one"], self._bound["other"]]).unique()
        return self._standing(self.slim.filter(pl.col("id").is_in(ids.implode())))

    def special_among(self, ids: pl.Series) -> pl.DataFrame:
        """Those of them that are among these claims, or have a bearing on how these stand."""
        if "special" in vars(self):
            return self.special
        bonds = self._bonds
        open_ = [id for id in ids.to_list() if id in bonds]
        seen = set(open_)
        while open_:
            further = {other for other in bonds[open_.pop()] if other not in seen}
            seen |= further
            open_ += further
        return self._component(frozenset(seen))

    def _component(self, ids: frozenset[str]) -> pl.DataFrame:
        """The standing of claims on which no others have a bearing; the same ones are asked for
        again and again."""
        if ids not in self._components:
            wanted = pl.Series(sorted(ids), dtype=pl.String).implode()
            rows = self.slim.filter(pl.col("id").is_in(wanted)) if ids else self.slim.clear()
            self._components[ids] = self._standing(rows)
        return self._components[ids]

    @cached_property
    def _components(self) -> dict[frozenset[str], pl.DataFrame]:
        return {}

    def _standing(self, rows: pl.DataFrame) -> pl.DataFrame:
        rows = one_row_a_claim(link(rows, self.refs))
        rows = dated(rows, self.dates(rows["document"].drop_nulls().unique()))
        merged = canonical(rows, self.identity, self.ontology)
        stands = standing if merged.height else default_standing
        return stands(merged, self.bodies)

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
        told = self._dating
        if documents is not None:
            told = told.filter(pl.col("subject").is_in(documents.implode()))
        return dates_of(one_row_a_claim(told))

    @cached_property
    def _dating(self) -> pl.DataFrame:
        return self.slim.filter(pl.col("declared") & pl.col("predicate").is_in(DATING))

    def _placed(self, rows: pl.DataFrame) -> pl.DataFrame:
        return self._judged(one_row_a_claim(link(rows, self.refs)))

    def _judged(self, rows: pl.DataFrame) -> pl.DataFrame:
        merged = canonical(rows, self.identity, self.ontology)
        return judged(merged, self.special_among(merged["id"]), self.bodies)

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
        special, sources = self.special_among(body["id"]), self.sources_of(ids)
        shown = pl.concat([body.select(special.columns), special]).unique("id")
        near = self.mentioning(sources)
        return replace(
            self._called(near.filter(pl.col("subject").is_in(sources.implode()))),
            roles=self._roles(near, sources),
            evident=evident(shown, self.ontology),
        )

    def called(self, ids: pl.Series | None = None) -> Known:
        """The same as far as names tell: kinds and names of these entities, or of all."""
        about = None if ids is None else self.mentioning(self.sources_of(ids), ["subject"])
        return self._called(self.slim if about is None else about)

    def _called(self, rows: pl.DataFrame) -> Known:
        naming = pl.col("predicate").is_in(self.ontology.naming)
        return known(self._placed(rows.filter(naming)), self.ontology)

    def everything_known(self) -> Known:
        """What is known of all entities (`evident` only as far as names tell)."""
        rows = self.slim.select("id", "declared", "predicate", "negative", *ENDS)
        merged = canonical(rows, self.identity, self.ontology)
        return replace(self.called(), roles=roles_in(merged, self.ontology))

    def _roles(self, near: pl.DataFrame, sources: pl.Series) -> pl.DataFrame:
        """`id`, `role` of the entities that became of these; `near`: the rows that name them."""
        giving = [edge.edge for edge in self.ontology.edges.values() if edge.roles]
        wanted = sources.implode()
        ends = pl.any_horizontal(pl.col(end).is_in(wanted) for end in ("subject", "object"))
        rows = near.filter(pl.col("predicate").is_in(giving) & ~pl.col("negative")).filter(ends)
        merged = canonical(rows, self.identity, self.ontology).filter(is_edge())
        found = [merged.select(edge_ends()).unique()]
        for edge, column in CLAIM_ENDS:
            said = near.filter(~pl.col("declared") & pl.col(column).is_in(wanted))
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
    if special.is_empty():
        return default_standing(rows, bodies).sort("id")
    special = special.select("id", *STANDING)
    odd = pl.col("id").is_in(special["id"].implode())
    plain = default_standing(rows.filter(~odd), bodies)
    told = rows.filter(odd).join(special, on="id", how="left")
    return pl.concat([plain, told.select(plain.columns)]).sort("id")
