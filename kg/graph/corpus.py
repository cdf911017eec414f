"""A body of statements and the graph it amounts to, whole or through a lens."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import NamedTuple

import polars as pl

from kg.base.errors import UsageError, offering
from kg.claims.columns import STATEMENTS, content_hash
from kg.claims.marking import LEVELS
from kg.graph.bodies import Bodies, bodies
from kg.graph.concluded import IDENTITY, is_merged, judgements_state, merged_in, without_conclusions
from kg.graph.graph import Graph
from kg.graph.joined import as_it_was
from kg.graph.lens import WHOLE, Lens
from kg.graph.link import link, one_body
from kg.graph.looked import EVERYTHING, Looked
from kg.graph.marked import Marked
from kg.graph.project import Known, canonical, known, looks_at_claims, project, roles_in
from kg.graph.sharing import Redacted, Shared, shared
from kg.graph.standing import claim_origins, standing
from kg.ledger.ledger import Ledger, Manifest
from kg.ontology import Ontology


class Listing(NamedTuple):
    """How an entity stood in one list."""

    who: str | None
    """Whose word the list is: the asserter of most of it."""
    since: date
    left: frozenset[date]
    """The days on which it was there no longer."""


@dataclass(frozen=True)
class Corpus:
    """Statements with merged ids and their standing (`kg.graph.standing`), and what they were
    projected from. Views, measures and exports take one of these."""

    statements: pl.DataFrame
    ontology: Ontology
    lens: Lens = WHOLE
    manifest: str = ""
    sources: tuple[str, ...] = ()
    whole: Corpus | None = field(default=None, repr=False)
    """What a lens was put before: it keeps the roles, and knows the names that the lens hides."""

    @classmethod
    def of(
        cls,
        statements: pl.DataFrame,
        ontology: Ontology,
        *,
        identity: Mapping[str, str] | None = None,
        lens: Lens = WHOLE,
        manifest: str = "",
        sources: Iterable[str] = (),
    ) -> Corpus:
        """From the ledger's rows: link, merge, judge the standing, and look through the lens."""
        merged = canonical(one_body(link(statements)), identity or {}, ontology)
        judged = standing(merged, bodies(merged, ontology))
        whole = cls(judged, ontology, WHOLE, manifest, tuple(sources))
        return whole.under(lens) if lens else whole

    def under(self, lens: Lens) -> Corpus:
        """The same through a lens; before another lens it leaves what passes both."""
        bare = self.statements.select(*STATEMENTS, "subject_as", "object_as")
        bare = as_it_was(bare, lens.day, lens.last_day("known_on"), self.ontology)
        whole = self.whole or self
        kept = standing(seen_through(bare, lens, whole.bodies), whole.bodies)
        return Corpus(
            kept, self.ontology, lens.before(self.lens), self.manifest, self.sources, whole
        )

    @cached_property
    def bodies(self) -> Bodies:
        """Who speaks with whose voice."""
        return bodies(self.statements, self.ontology)

    @cached_property
    def marks(self) -> Marked:
        """How what leaves it is to be marked."""
        return Marked(self.statements)

    @cached_property
    def graph(self) -> Graph:
        """The projection."""
        return project(self.statements, self.ontology, self.known)

    def part(self, looked: Looked) -> Graph:
        """As much of the projection as is looked at."""
        if "graph" in vars(self) and looked == Looked(looked.types):
            nodes, types = dict(self.graph.nodes), looked.types
            if not looks_at_claims(looked):
                nodes.pop("Claim", None)
            edges = self.graph.edges.items()
            return Graph(nodes, {key: f for key, f in edges if types is None or key[0] in types})
        about = self.known if "known" in vars(self) else self._known(looked)
        return project(self.statements, self.ontology, about, looked=looked)

    @property
    def origins(self) -> pl.DataFrame:
        """Where chains of derivation start (`claim_origins`)."""
        return claim_origins(self.statements)

    @cached_property
    def known(self) -> Known:
        """What its keys need to know of one another; under a lens the roles stay the whole's."""
        return self._known(EVERYTHING)

    def _known(self, looked: Looked) -> Known:
        own = known(self.statements, self.ontology, replace(looked, roles=False))
        return replace(own, roles=self.roles) if looked.roles else own

    @cached_property
    def roles(self) -> pl.DataFrame:
        """`id`, `role` of every entity, whatever a lens lets through."""
        return self.whole.roles if self.whole else roles_in(self.statements, self.ontology)

    @property
    def where(self) -> str:
        """What there is to look in, as the end of a sentence: `in this graph`, or through a lens
        `in what had been said by 2018`."""
        lens, level = self.lens, self.lens.max_marking
        if not lens.view:
            return f"in what may be shown at {level}" if level else "in this graph"
        words = [
            self._said,
            f"had been recorded by {lens.known_on}" if lens.known_on else "",
            f"is in force on {lens.valid_on}" if lens.valid_on else "",
        ]
        shown = f" as far as it may be shown at {level}" if level else ""
        return f"in what {' and '.join(filter(None, words))}{shown}"

    @property
    def _said(self) -> str:
        """Who says it, and by when."""
        day, who = self.lens.as_of, self.lens.according_to
        if not who:
            return f"had been said by {day}" if day else ""
        name = (self.whole or self).names.get(who, who)
        return f"{name} had said by {day}" if day else f"{name} says"

    @property
    def date(self) -> date | None:
        """The latest day on which anything in it was asserted; None for a corpus without dates."""
        latest = self.claims["asserted_to"].max()
        return latest if isinstance(latest, date) else None

    def asserter(self, word: str) -> str:
        """The id of who `word` is. Raises `UsageError` where nobody or nothing of the name claims
        anything here."""
        found = self.find(word)
        if not self.claims["asserter"].is_in(self.bodies.speakers(found)).any():
            raise UsageError(f"{self.names[found]} ({found}) asserts nothing {self.where}")
        return found

    @property
    def claims(self) -> pl.DataFrame:
        """The claims, without declarations."""
        return self.statements.filter(~pl.col("declared"))

    @property
    def listed(self) -> dict[str, list[Listing]]:
        """Entity → how it stood in the lists of which each version is known: their declarations
        have days."""
        rows = (self.whole or self).statements.filter(_recorded(self.lens))
        return listings(rows)

    @property
    def names(self) -> dict[str, str]:
        """Display name by entity id."""
        return self.graph.names

    @cached_property
    def publishers(self) -> dict[str, str]:
        """Who published a document, by its id: display names, several joined by commas."""
        edges = self.graph.edges_of("PUBLISHED_BY").sort("from", "to")
        found: dict[str, list[str]] = {}
        for document, publisher in edges.select("from", "to").iter_rows():
            found.setdefault(document, []).append(self.names.get(publisher, publisher))
        return {document: ", ".join(names) for document, names in found.items()}

    def find(self, word: str, kind: str | None = None) -> str:
        """The id that `word` is, or the one entity that goes by it: as a record that it was read
        from (`attack:G0032`), as one of its names, or as what follows the kind in its id (`PRK`,
        `wannacry`), for a hand-written id is a name too.

        Raises `UsageError` with the nearest names, with all entities that go by it, or, under a
        lens, with the one that the lens hides.
        """
        found = self._called(word, kind)
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(f"{id} ({self.names[id]})" for id in found)
            raise UsageError(f"{word!r} names several entities: {several}")
        if self.whole is not None:
            hidden = self.whole.find(word, kind)
            name = self.whole.names[hidden]
            raise UsageError(f"{name} ({hidden}) is in the graph, but not mentioned {self.where}")
        known = self._entities(kind)
        if known.is_empty():
            what = f"no {kind}" if kind and self.names else "nothing"
            raise UsageError(f"the graph holds {what}, so nothing is called {word!r}")
        names = [*known["id"], *known["names"].explode().drop_nulls()]
        raise UsageError(offering(f"nothing is called {word!r}", word, names, otherwise=""))

    def _called(self, word: str, kind: str | None) -> list[str]:
        """Ids of the entities that go by a word: the one whose id it is, else by name, sorted."""
        entities = self._entities(kind)
        exact = entities.filter(
            (pl.col("id") == word)
            | pl.col("ids").list.contains(word)
            | pl.col("record").list.contains(word)
        )
        if exact.height:
            return exact["id"].to_list()
        lower, key = pl.element().str.to_lowercase(), pl.element().str.replace("^[a-z-]+:", "")
        names = pl.col("names").list.eval(lower)
        keys = pl.col("ids").list.eval(key.str.to_lowercase())
        goes = names.list.contains(word.lower()) | keys.list.contains(word.lower())
        return entities.filter(goes)["id"].sort().to_list()

    def _entities(self, kind: str | None) -> pl.DataFrame:
        """What is known of the names of every entity, or of those of one kind."""
        text = pl.String()
        many = pl.List(text)
        known = {"id": text, "name": text, "names": many, "ids": many, "record": many}
        frames = [
            frame.select(
                name if name in frame.columns else pl.lit(None, kind).alias(name)
                for name, kind in known.items()
            )
            for node, frame in self.graph.nodes.items()
            if node != "Claim" and kind in (None, node)
        ]
        return pl.concat([pl.DataFrame(schema=known), *frames])


def listings(rows: pl.DataFrame) -> dict[str, list[Listing]]:
    """Entity → how it stood in each list that declares it with days."""
    named = pl.col("declared") & (pl.col("predicate") == "name")
    dated = rows.filter(named & pl.col("asserted_from").is_not_null())
    said = rows.filter(~pl.col("declared") & pl.col("source").is_in(dated["source"].implode()))
    most = pl.col("asserter").drop_nulls().mode().sort().first()
    who = dict(said.group_by("source").agg(most).iter_rows())
    spans = dated.group_by("subject", "source").agg("asserted_from", "withdrawn_from")
    found: dict[str, list[Listing]] = {}
    for subject, source, begun, ended in spans.sort("subject", "source").iter_rows():
        days = [(first, last or date.max) for first, last in zip(begun, ended, strict=True)]
        ends = {day for _, day in days if day < date.max}
        left = {day for day in ends if not any(first <= day < last for first, last in days)}
        listing = Listing(who.get(source), min(begun), frozenset(left))
        found.setdefault(subject, []).append(listing)
    return found


def seen_through(statements: pl.DataFrame, lens: Lens, bodies: Bodies) -> pl.DataFrame:
    """The claims that count under the lens, and the declarations of what they mention: who is asked
    for is heard in what its parts say.

    A claim whose time of assertion is unknown cannot be shown to have been made by a day: it does
    not count under *as of*.
    """
    claim = ~pl.col("declared")
    keep = pl.lit(True)
    if (day := lens.day) is not None:
        keep &= (pl.col("asserted_to") <= day).fill_null(False)
        statements = _as_it_stood(statements, day)
    # What rows say of who is who has been settled (`as_it_was`), whenever they were recorded.
    statements = statements.filter(_in_force(lens) & (_recorded(lens) | is_merged()))
    if lens.according_to is not None:
        heard = bodies.speakers(lens.according_to)
        keep &= pl.col("asserter").is_in(heard).fill_null(False)
    claims = statements.filter(claim & keep)
    declared = statements.filter(~claim)
    listed = declared.filter(pl.col("asserted").is_not_null() & ~is_merged())["subject"].unique()
    told = listed if lens.according_to is None else listed.clear()
    mentioned = _closure(pl.concat([_mentions(claims), told]), declared)
    return pl.concat([declared.filter(pl.col("subject").is_in(mentioned.implode())), claims])


def _as_it_stood(statements: pl.DataFrame, day: date) -> pl.DataFrame:
    """What had not been withdrawn by a day still stands; of a list of which each version is known
    (its declarations have days too) only what it declared then."""
    later = (pl.col("withdrawn_from") > day).fill_null(False)
    status = pl.when(~later).then("status")
    dated = pl.col("declared") & pl.col("asserted").is_not_null()
    kept = (pl.col("asserted_from") <= day) & ~(pl.col("withdrawn_from") <= day).fill_null(False)
    return statements.with_columns(status=status).filter(~dated | kept)


def _in_force(lens: Lens) -> pl.Expr:
    """What holds on a day: what states no time for itself, and what states one with that day in
    it. A date that a claim gives of something (when it occurred) is no time of its validity."""
    first, last = lens.first_day("valid_on"), lens.last_day("valid_on")
    if first is None or last is None:
        return pl.lit(True)
    is_date = (pl.col("value") == pl.col("valid")).fill_null(False)
    begun = (pl.col("valid_from") <= last).fill_null(True)
    ended = (pl.col("valid_to") < first).fill_null(False)
    return pl.col("valid").is_null() | is_date | (begun & ~ended)


def _recorded(lens: Lens) -> pl.Expr:
    """What stood in the ledger by a day."""
    day = lens.last_day("known_on")
    if day is None:
        return pl.lit(True)
    return (pl.col("recorded").dt.date() <= day).fill_null(True)


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


def corpus_of(
    ledger: Ledger,
    ontology: Ontology,
    *,
    manifest: Manifest | None = None,
    statements: pl.DataFrame | None = None,
) -> Corpus:
    """The corpus of a ledger's committed manifest, of another `manifest`, or of `statements`: rows
    of which it is known that the ontology has all kinds that they need (`refuse_missing_kinds`)."""
    chosen = manifest or ledger.manifest()
    rows = ledger.read(chosen) if statements is None else statements
    return Corpus.of(
        rows,
        ontology,
        identity=merged_in(rows),
        manifest=chosen.id,
        sources=[e.source.name for e in without_conclusions(chosen).entries],
    )


def redacted(words: Iterable[str], whole: Callable[[], Corpus], ontology: Ontology) -> Redacted:
    """What a lens's `redact` names: kinds of nodes, edges and properties as they are called, and
    else who asserts something, as they or their parts do. Raises `UsageError`."""
    of_nodes = {name for node in ontology.nodes.values() for name in node.properties}
    asserters: set[str] = set()
    prefixes: set[str] = set()
    predicates: set[str] = set()
    for word in words:
        if word in ontology.nodes:
            prefixes.add(ontology.nodes[word].prefix)
        elif word in ontology.edges or word in of_nodes:
            predicates.add(word)
        else:
            asserters.update(_spoken_by(word, whole()))
    return Redacted(frozenset(asserters), frozenset(prefixes), frozenset(predicates))


def _spoken_by(word: str, corpus: Corpus) -> Iterable[str]:
    """The ids, as sources have them, of whoever is heard as the asserter of this name."""
    heard = corpus.bodies.speakers(corpus.asserter(word))
    named = pl.col("declared") & pl.col("subject").is_in(heard)
    return [*heard, *corpus.statements.filter(named)["subject_as"].unique()]


def shared_of(
    statements: pl.DataFrame, ledger: Ledger, lens: Lens, redacted: Redacted
) -> tuple[Shared, bool]:
    """What a lens lets through of a ledger's rows, and whether people's judgements are part of it:
    who judges marks nothing. Raises `UsageError` as `shared` does."""
    said = statements.filter(pl.col("source") != IDENTITY.name)
    found = shared(said, lens, redacted)
    level = lens.unmarked
    judged = bool(judgements_state(ledger))
    if judged and lens.max_marking and level is None:
        raise UsageError(
            f"--max-marking {lens.max_marking}: what people have judged of identity carries no "
            "marking: --unmarked LEVEL says as what it counts"
        )
    passes = (
        level is None
        or not lens.max_marking
        or (LEVELS.index(level) <= LEVELS.index(lens.max_marking))
    )
    return found, judged and passes


def corpus_shared(
    rows: pl.DataFrame, ontology: Ontology, lens: Lens, ledger: Ledger | None
) -> Corpus:
    """The corpus of the rows that may be passed on, as if there were no others: who is who is
    concluded of them alone (and of the judgements of a ledger, if these may be told)."""
    from kg.graph.conclude import conclude  # no other corpus concludes anything

    concluded = conclude(rows, ontology, ledger).frame.select(list(STATEMENTS))
    every = pl.concat([rows.select(list(STATEMENTS)), concluded])
    corpus = Corpus.of(
        every,
        ontology,
        identity=merged_in(every),
        manifest=content_hash(every)[:16],
        sources=sorted(rows["source"].unique()),
    )
    return replace(corpus, lens=lens)
