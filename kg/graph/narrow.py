"""As much of a ledger as one node, edge or claim takes: the claims about it, and what the entities
are called that these name. A question to these rows answers as one to the whole corpus does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from kg.base.errors import UsageError
from kg.claims.columns import LINKS, STATEMENTS, empty
from kg.graph.bodies import body_edges
from kg.graph.concluded import merged_ids, without_conclusions
from kg.graph.corpus import Corpus
from kg.graph.index import ENDS, SLIM, Index
from kg.graph.link import DATING, link, refs_of
from kg.graph.marked import Marked
from kg.graph.needs import refuse_missing_kinds
from kg.graph.project import canonical
from kg.graph.standing import TRIPLE, claim_origins
from kg.graph.states import MOST_LINKS, leading
from kg.ledger.ledger import Ledger, Manifest, among
from kg.ontology import Ontology

SHOWN = ("record", "url", "marking", "PUBLISHED_BY")
"""What is read of the entities that are named, beside what they are called."""

WITHDRAWING = ("retracts", "supersedes")
ALL = tuple(STATEMENTS)


@dataclass(frozen=True)
class Narrow(Corpus):
    """Some rows of a corpus, in their standing among all."""

    chains: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(), repr=False)
    marking: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(), repr=False)
    """These rows, and those of all claims that they repeat."""

    @cached_property
    def marks(self) -> Marked:
        """Those of all claims: what is repeated may be about something else."""
        return Marked(self.marking)

    @property
    def origins(self) -> pl.DataFrame:
        """Those of all claims: a chain may lead out of these rows."""
        return self.chains


@dataclass(frozen=True)
class Near:
    """The rows of a ledger as far as they are asked for."""

    ledger: Ledger
    ontology: Ontology
    manifest: Manifest

    def read(self, where: pl.Expr, columns: Sequence[str] = SLIM) -> pl.DataFrame:
        """The rows of which `where` holds."""
        return self.ledger.read(self.manifest, columns, where=where)

    @cached_property
    def ids(self) -> Index:
        """An index without rows: what became of each id."""
        nothing = pl.DataFrame(schema={name: STATEMENTS[name] for name in SLIM})
        return Index(nothing, merged_ids(self.ledger, self.manifest), self.ontology)

    @cached_property
    def carrying(self) -> pl.DataFrame:
        """The rows that others may refer to."""
        return self.read(pl.col("ref").is_not_null())

    @cached_property
    def odd(self) -> pl.DataFrame:
        """The rows that point at other claims, deny something or are withdrawn, linked."""
        links = pl.any_horizontal(pl.col(name).is_not_null() for name in LINKS)
        withdrawn = pl.col("status").is_in(["retracted", "superseded"]).fill_null(False)
        return link(self.read(links | withdrawn | pl.col("negative")), refs_of(self.carrying))

    @cached_property
    def denials(self) -> pl.DataFrame:
        """The denials among these, merged."""
        return self._merged(self.odd.filter("negative"))

    def _merged(self, rows: pl.DataFrame) -> pl.DataFrame:
        return canonical(rows, self.ids.identity, self.ontology)

    def mentioning(self, ids: pl.Series, ends: Iterable[str] = ("subject", "object")) -> pl.Expr:
        """Whether a row has one of these entities (merged ids) at one of these ends."""
        sources = self.ids.sources_of(ids)
        return pl.any_horizontal(among(end, sources).fill_null(False) for end in ends)

    def index(self, rows: pl.DataFrame) -> Index:
        """What there is to know of these rows, and of all that bears on them."""
        slim = self.bearing(rows)
        documents = slim["document"].drop_nulls().unique()
        declared, predicate = pl.col("declared"), pl.col("predicate")
        dating = declared & predicate.is_in(DATING) & among("subject", documents)
        bodies = declared & predicate.is_in(body_edges(self.ontology))
        told = self.read(dating | bodies)
        every = [slim, self.carrying, told.filter(dating), told.filter(bodies)]
        return Index(_once(every), self.ids.identity, self.ontology)

    def bearing(self, rows: pl.DataFrame) -> pl.DataFrame:
        """These rows and those of all claims that point at theirs or that theirs point at, that
        deny what theirs say or say what they deny, and so on from each."""
        known, ids = rows, rows["id"].unique()
        while True:
            further = self._linked(ids, known)
            missing = further.filter(~further.is_in(known["id"].implode()))
            own = self.odd.filter(pl.col("id").is_in(missing.implode()))
            missing = missing.filter(~missing.is_in(own["id"].implode()))
            more = [self.read(pl.col("id").is_in(missing.implode()))] if len(missing) else []
            known = _once([known, own, *more, self._denied(further)])
            grown = pl.concat([further, known["id"]]).unique()
            if len(grown) == len(ids):
                return known
            ids = grown

    def repeated(self, ids: pl.Series) -> pl.DataFrame:
        """All of the rows that these claims repeat, step by step: their markings are theirs too."""
        links = self.odd.select("id", "derived_from").explode("derived_from").drop_nulls()
        found = ids.unique()
        while True:
            above = links.filter(pl.col("id").is_in(found.implode()))["derived_from"]
            grown = pl.concat([found, above.rename("id")]).unique()
            if len(grown) == len(found):
                break
            found = grown
        missing = found.filter(~found.is_in(ids.implode()))
        return self.read(pl.col("id").is_in(missing.implode()), ALL) if len(missing) else empty()

    def _linked(self, ids: pl.Series, known: pl.DataFrame) -> pl.Series:
        """These ids, those one link away, and those of denials of what the known rows say."""
        there = self._pairs.filter(pl.col("one").is_in(ids.implode()))["other"]
        same = self._merged(known).select(TRIPLE)
        denying = self.denials.join(same, on=list(TRIPLE), how="semi", nulls_equal=True)["id"]
        return pl.concat([each.rename("id") for each in (ids, there, denying)]).unique()

    @cached_property
    def _pairs(self) -> pl.DataFrame:
        """`one`, `other`: the claims at both ends of each link, either way round."""
        links = pl.concat(
            [self.odd.select(one="id", other=name).explode("other").drop_nulls() for name in LINKS]
        ).unique()
        return pl.concat([links, links.select(one="other", other="one")])

    def _denied(self, ids: pl.Series) -> pl.DataFrame:
        """The rows that say what some of these claims deny."""
        denials = self.denials.filter(pl.col("id").is_in(ids.implode()))
        if denials.is_empty():
            return self.ids.slim
        these = frozenset(denials["id"])
        if these not in self._said:
            self._said[these] = self._saying(denials)
        return self._said[these]

    @cached_property
    def _said(self) -> dict[frozenset[str], pl.DataFrame]:
        """What some denials deny, by their ids: asked again as what bears on a claim grows."""
        return {}

    def _saying(self, denials: pl.DataFrame) -> pl.DataFrame:
        """The rows that say what these denials deny."""
        ends = pl.concat([denials["subject"], denials["object"].rename("subject")]).drop_nulls()
        predicates = denials["predicate"].unique().implode()
        sources = self.ids.sources_of(ends.unique())
        rows = self.read(among("subject", sources) & pl.col("predicate").is_in(predicates))
        same = self._merged(rows).join(
            denials.select(TRIPLE), on=list(TRIPLE), how="semi", nulls_equal=True
        )
        return rows.filter(pl.col("id").is_in(same["id"].implode()))

    def goes_by(self, word: str) -> pl.Series:
        """Merged ids of the entities that may go by a word; `Corpus.find` chooses among them."""
        named = pl.col("declared") & (pl.col("predicate") == "name")
        recorded = (pl.col("predicate") == "record") & (pl.col("value") == word)
        exact = (named & (pl.col("subject") == word)) | recorded
        found = self.read(exact, ("subject",))["subject"]
        if found.is_empty():
            key = pl.col("subject").str.replace("^[a-z-]+:", "").str.to_lowercase()
            naming = pl.col("predicate").is_in(self.ontology.naming)
            called = naming & (pl.col("value").str.to_lowercase() == word.lower())
            where = called | (named & (key == word.lower()))
            found = self.read(where, ("subject",))["subject"]
        return self.ids.merged(found.unique())

    def along(self, rows: pl.DataFrame) -> pl.Expr | None:
        """The links towards a state that lead to the starts of these edges and on from their ends,
        and denials of any: `denials_along` looks among them."""
        kinds = list(leading(self.ontology))
        edges = self._merged(rows.filter(pl.col("predicate").is_in(kinds)))
        if edges.is_empty() or not self.denials["predicate"].is_in(kinds).any():
            return None
        links = self.read(pl.col("predicate").is_in(kinds), ("subject", "object"))
        reached = []
        for start, end in (("object", "subject"), ("subject", "object")):
            found = border = edges[end].unique().rename("id")
            for _ in range(MOST_LINKS):
                there = links.filter(self.mentioning(border, [start]))[end]
                further = self.ids.merged(there.drop_nulls().unique())
                border = further.filter(~further.is_in(found.implode())).rename("id")
                if border.is_empty():
                    break
                found = pl.concat([found, border])
            reached.append(found)
        return pl.col("predicate").is_in(kinds) & self.mentioning(
            pl.concat(reached).unique(), ["subject"]
        )

    def shown(self, slim: pl.DataFrame, asked: pl.Series) -> pl.DataFrame:
        """The rows that name what others name: entities, and who published their documents."""
        ends = [self._merged(slim)[end].drop_nulls().rename("id") for end in ENDS]
        first = self._shown(pl.concat([asked.rename("id"), *ends]).unique())
        publishers = first.filter(pl.col("predicate") == "PUBLISHED_BY")["object"].drop_nulls()
        return _once([first, self._shown(self.ids.merged(publishers.unique()))])

    def _shown(self, ids: pl.Series) -> pl.DataFrame:
        told = pl.col("predicate").is_in([*self.ontology.naming, *SHOWN])
        return self.read(among("subject", self.ids.sources_of(ids)) & told, ALL)

    def withdrawing(self, ids: pl.Series) -> pl.DataFrame:
        """All of the rows that take back or replace one of these claims."""
        links = [self.odd.select("id", "subject", to=how).explode("to") for how in WITHDRAWING]
        by = pl.concat(links).filter(pl.col("to").is_in(ids.implode()))
        found = among("subject", by["subject"].unique()) & pl.col("id").is_in(by["id"].implode())
        return self.read(found, ALL)


def _once(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The rows of several frames, none twice."""
    rows = pl.concat([frame.select(frames[0].columns) for frame in frames])
    return rows.unique(["id", "source"], maintain_order=True)


def narrow(
    ledger: Ledger,
    ontology: Ontology,
    manifest: Manifest,
    subject: str,
    predicate: str | None = None,
    target: str | None = None,
) -> Narrow:
    """What `explain` takes of a ledger to tell of this node, property, edge, or claim."""
    near = Near(ledger, ontology, manifest)
    alike = _predicates(ontology, predicate)
    words = [subject]
    if target is not None and all(map(ontology.is_edge, alike)):
        words.append(target)
    sides = [near.goes_by(word) for word in words]
    if subject.startswith("claim:"):
        rows = near.read(_itself(near, subject), ALL)
    else:
        about = [near.mentioning(side) for side in sides]
        where = pl.all_horizontal(
            *about, pl.col("predicate").is_in(alike) if alike else pl.lit(True)
        )
        rows = near.read(where, ALL)
    refuse_missing_kinds(rows, ontology)
    of_claim = subject.startswith("claim:")
    if not of_claim and (along := near.along(rows.select(SLIM))) is not None:
        rows = _once([rows, near.read(along, ALL)])
    rows = _once([rows, near.withdrawing(rows["id"])])
    bearing = near.bearing(rows.select(SLIM))
    rows = _once([rows, near.shown(bearing, pl.concat(sides))])
    index = near.index(_once([rows.select(SLIM), bearing]))
    body, repeated = index.body(rows), near.repeated(rows["id"])
    return Narrow(
        body,
        ontology,
        manifest=manifest.id,
        sources=tuple(entry.source.name for entry in without_conclusions(manifest).entries),
        chains=claim_origins(index.special),
        marking=body if repeated.is_empty() else index.body(_once([rows, repeated])),
    )


def _itself(near: Near, claim: str) -> pl.Expr:
    """A claim, and those that deny or dispute it."""
    rows = near.read(pl.col("id") == claim, ALL)
    body = near.index(rows.select(SLIM)).body(rows)
    return pl.col("id").is_in([claim, *body["disputed_by"].explode().drop_nulls()])


def asserter(ledger: Ledger, ontology: Ontology, manifest: Manifest, word: str) -> str:
    """The same as `Corpus.asserter`. Raises `UsageError`."""
    found = narrow(ledger, ontology, manifest, word, "name").find(word)
    near = Near(ledger, ontology, manifest)
    speakers = near.index(near.ids.slim).bodies.speakers(found)
    said = near.mentioning(pl.Series(speakers), ["asserter"]) & ~pl.col("declared")
    if near.read(said, ("id",)).is_empty():
        raise UsageError(f"{found} asserts nothing here")
    return found


def _predicates(ontology: Ontology, word: str | None) -> list[str]:
    """The edges and properties that a word may mean, however it is written."""
    of_nodes = (name for node in ontology.nodes.values() for name in node.properties)
    known = {*ontology.edges, *of_nodes}
    return sorted(name for name in known if word and name.casefold() == word.casefold())
