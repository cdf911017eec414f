"""Check → plan → apply → verify: the one way in which a ledger and a database change."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from typing import Protocol

import polars as pl

from kg import __version__
from kg.base.errors import DatabaseError, InputError, Interrupted
from kg.claims.columns import empty
from kg.graph.corpus import Corpus
from kg.graph.graph import Graph
from kg.graph.link import dangling
from kg.graph.needs import refuse_missing_kinds
from kg.graph.resolved import (
    SAME,
    concluded,
    corpus_of,
    judgements_state,
    without_conclusions,
)
from kg.ledger.ledger import Batch, Entry, Ledger, Manifest
from kg.ontology import Ontology
from kg.pipeline.verify import Reading, mend
from kg.stores import Plan, Stamp, Store
from kg.stores.base import Delta, Stored, difference

HALF_WRITTEN = "half-written"
"""What a database says in place of its ledger's id until all of it has arrived."""

CARRY_ON = "`kg sync` carries on"


class Reporter(Protocol):
    """Hears of each step as it is done."""

    def step(self, name: str, detail: str = "") -> None:
        """A step is done."""

    def warn(self, text: str) -> None:
        """Something that stays visible and stops nothing."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Part of a step is done; `total` is 0 where it is not known."""


class Silent:
    """A reporter that says nothing."""

    def step(self, name: str, detail: str = "") -> None:
        """Say nothing."""

    def warn(self, text: str) -> None:
        """Say nothing."""

    def progress(self, what: str, done: int, total: int) -> None:
        """Say nothing."""


@dataclass(frozen=True)
class Outcome:
    """What a run did: the plan that it carried out, and what the database now counts."""

    plan: Plan
    counts: dict[str, int]
    manifest: str
    corpus: Corpus


def check(batches: Sequence[Batch], beside: pl.DataFrame | None = None) -> None:
    """Whether everything exists that the batches, and what stays `beside` them, refer to.

    Raises `InputError` with every dangling reference and its place.
    """
    frames = [batch.frame for batch in batches] + ([] if beside is None else [beside])
    problems = dangling(pl.concat(frames, how="diagonal")) if frames else []
    if problems:
        raise InputError(problems)


def changed(
    ledger: Ledger,
    store: Store,
    ontology: Ontology,
    batches: list[Batch],
    *,
    exactly: bool,
    without: Collection[str] = (),
    reporter: Reporter,
    share: bool = False,
    full: bool = False,
    replace: bool = False,
) -> Outcome:
    """Put the batches into ledger and database: `exactly` them, or in addition to what is there but
    for the sources that are to go (`without`, by name). `full`: mend every value in the database
    that is not as it should be, not only what is missing or of another ledger.

    Empties the list once the ledger has them: the graph needs their memory. Raises `DatabaseError`
    before anything is written where the graph is not this ledger's (unless `replace`), where it
    holds data of others (unless `share`), and where another process writes either.
    """
    refuse_foreign(store, share)
    refuse_stranger(ledger, store, replace)
    with ledger.writing(), store.writing():
        refuse_stranger(ledger, store, replace)  # another writer may have come in between
        try:
            with stands("nothing was changed: ledger and graph are as they were"):
                rest = beside(ledger, batches, exactly=exactly, without=without)
                manifest = staged(ledger, ontology, batches, rest, reporter)
                batches.clear()
                outcome = synced(ledger, store, ontology, manifest, reporter, full=full)
        except BaseException:
            ledger.discard()
            raise
    return outcome


def staged(
    ledger: Ledger,
    ontology: Ontology,
    batches: Sequence[Batch],
    rest: Manifest,
    reporter: Reporter,
) -> Manifest:
    """Write the files of checked batches, and of what follows from them and the `rest`; nothing
    counts yet."""
    manifest = ledger.stage(batches, onto=rest)
    judgements = judgements_state(ledger)
    conclusions = concluded(ledger.read(manifest), ontology, ledger)
    joined = conclusions.frame["declared"] & (conclusions.frame["predicate"] == SAME)
    reporter.step("identity", f"{joined.sum():,} of the sources' entities are one with another")
    if conclusions.frame.height:
        manifest = ledger.stage([conclusions], onto=manifest)
    return replace(manifest, judgements=judgements)


def prepared(
    ledger: Ledger,
    ontology: Ontology,
    batches: Sequence[Batch],
    *,
    exactly: bool,
    without: Collection[str] = (),
    reporter: Reporter,
) -> None:
    """Check the batches with what will be beside them, before any database is opened, and warn of
    what the user may not expect: sources that leave, entities that get another name.

    Raises `InputError` with every dangling reference and its place, `UsageError` where the ledger's
    folder holds other things, or what stays in it needs kinds that are not there.
    """
    ledger.refuse_foreign()
    rest = beside(ledger, batches, exactly=exactly, without=without)
    others = ledger.read(rest) if rest.entries else None
    if others is not None:
        refuse_missing_kinds(others, ontology)
    check(batches, others)
    coming = {batch.source.name for batch in batches}
    held = _held(ledger, reporter) if exactly else ()
    if leaving := [e.source.name for e in held if e.source.name not in coming]:
        reporter.warn(
            f"not among these seeds, so it leaves the graph: {', '.join(leaving)} "
            "(`kg load` adds to a graph instead)"
        )
    for sentence in renamed(batches, others):
        reporter.warn(sentence)


def _held(ledger: Ledger, reporter: Reporter) -> tuple[Entry, ...]:
    """What a ledger holds that is about to be made anew, even where its manifest is damaged."""
    try:
        return without_conclusions(ledger.manifest()).entries
    except DatabaseError as why:
        reporter.warn(f"what was loaded before is not known: {why}")
        return ()


def renamed(batches: Sequence[Batch], others: pl.DataFrame | None) -> list[str]:
    """A sentence for each entity that a claim file calls otherwise than another source does."""
    frames = [batch.frame for batch in batches if batch.source.format == "claims"]
    if not frames:
        return []
    everything = pl.concat([*frames, *([] if others is None else [others])], how="diagonal")
    by_hand = pl.col("subject").is_in(pl.concat(frames)["subject"].unique().implode())
    names = everything.filter(pl.col("declared") & (pl.col("predicate") == "name") & by_hand)
    said = names.group_by("subject").agg(
        pl.concat_str(pl.lit("'"), "value", pl.lit("' in "), "source")
        .unique()
        .sort()
        .alias("said"),
        pl.col("value").n_unique().alias("count"),
        pl.col("format").eq("claims").sum().alias("hands"),
    )
    several = said.filter((pl.col("count") > 1) & (pl.col("hands") > 1)).sort("subject")
    return [
        f"{id} is called {', '.join(calls)}: the graph shows one of these and finds it by all"
        for id, calls in several.select("subject", "said").iter_rows()
    ]


def beside(
    ledger: Ledger, batches: Sequence[Batch], *, exactly: bool, without: Collection[str] = ()
) -> Manifest:
    """What stays in the ledger when the batches come: nothing, or all but what they replace and
    what is to go."""
    names = {batch.source.name for batch in batches} | set(without)
    entries = () if exactly else without_conclusions(ledger.manifest()).entries
    return Manifest(tuple(entry for entry in entries if entry.source.name not in names))


def synced(
    ledger: Ledger,
    store: Store,
    ontology: Ontology,
    manifest: Manifest,
    reporter: Reporter,
    *,
    full: bool = False,
) -> Outcome:
    """Make the database hold what the manifest amounts to, and make the manifest count."""
    corpus = corpus_of(ledger, ontology, manifest=manifest)
    reporter.step("project", counted(corpus.graph.counts()))
    store.prepare(ontology)
    if full:
        stamp = store.stamp()
        take = stamp is not None and stamp.manifest == manifest.id
        mended = mend(Reading(corpus.graph, store, ontology, take=take))
        reporter.step("verify", f"{plural(mended, 'value')} not as in the ledger")
    delta = difference(corpus.graph, store.stored(ontology))
    reporter.step("plan", described(delta.plan))
    store.refuse(delta)
    store.hold()
    # The ledger is the truth: if the write stops half-way, the database no longer matches it, says
    # so when it is next opened, and `kg sync` carries on.
    with stands(f"the ledger stands at {manifest.id}, the graph is half-written: {CARRY_ON}"):
        ledger.commit(manifest)
        if not delta.plan.empty:
            store.set_stamp(Stamp(HALF_WRITTEN, __version__, ledger.id))
            store.apply(delta, ontology, reporter.progress)
        counts = verified(store, corpus)
        store.set_stamp(Stamp(manifest.id, __version__, ledger.id))
    reporter.step("apply", "nothing to do" if delta.plan.empty else "done")
    return Outcome(delta.plan, counts, manifest.id, corpus)


@contextmanager
def stands(sentence: str) -> Iterator[None]:
    """What ledger and graph are like, if this block is ended by Ctrl-C or by the database."""
    try:
        yield
    except Interrupted:
        raise
    except KeyboardInterrupt:
        raise Interrupted(f"stopped by Ctrl-C; {sentence}") from None
    except DatabaseError as why:
        if CARRY_ON in sentence and "kg sync" not in str(why):
            raise DatabaseError(f"{why}; {sentence}") from why
        raise


def verified(store: Store, corpus: Corpus) -> dict[str, int]:
    """What the database counts of ours. Raises `DatabaseError` where that is not what was sent."""
    counts, wanted = store.counts(), corpus.graph.counts()
    wrong = [
        f"{name}: {counts.get(name, 0)} there, {wanted.get(name, 0)} expected"
        for name in sorted({*counts, *wanted})
        if counts.get(name, 0) != wanted.get(name, 0)
    ]
    if wrong:
        raise DatabaseError(
            f"the database does not hold what was written; {'; '.join(wrong)}: `kg verify` shows "
            "where, and `kg sync --full` mends it"
        )
    return counts


def planned(
    ledger: Ledger,
    store: Store | None,
    ontology: Ontology,
    batches: Sequence[Batch],
    *,
    replace: bool = False,
) -> Plan:
    """What `changed(…, exactly=True)` would do; nothing is written anywhere. Raises
    `DatabaseError` where it would refuse a graph that is not this ledger's."""
    check(batches)
    if store is not None:
        refuse_stranger(ledger, store, replace)
    statements = pl.concat([empty(), *(batch.frame.drop("place") for batch in batches)])
    conclusions = concluded(statements, ontology, ledger).frame.drop("place")
    corpus = corpus_of(ledger, ontology, statements=pl.concat([statements, conclusions]))
    if store is None:
        return Plan(add=corpus.graph.counts())
    return difference(corpus.graph, store.stored(ontology)).plan


def everything(graph: Graph) -> Delta:
    """All of a graph, for a database that holds nothing yet."""
    return difference(graph, Stored({}, {}))


def refuse_foreign(store: Store, share: bool) -> None:
    """Raise `DatabaseError` where a database holds data of others and was never marked as ours."""
    if share or not store.capabilities.shared or store.stamp() is not None:
        return
    others = store.foreign()
    if others:
        raise DatabaseError(
            f"the database holds {others:,} nodes that kg did not write; use another "
            "database, or --share to build beside them (they are left alone)"
        )


def belongs(stamp: Stamp, ledger: Ledger) -> bool:
    """Whether a graph with this stamp was made from this ledger, or from a copy of it."""
    if stamp.ledger is not None and ledger.id is not None:
        return stamp.ledger == ledger.id
    # One of them is older than the ids of ledgers: what it holds has to tell.
    with suppress(DatabaseError):
        return ledger.exists and stamp.manifest == ledger.manifest().id
    return False


def refuse_stranger(ledger: Ledger, store: Store, replace: bool) -> None:
    """Raise `DatabaseError` where the graph is another ledger's, or this one's was lost."""
    stamp = store.stamp()
    if replace or stamp is None or belongs(stamp, ledger):
        return
    owner = f"ledger {stamp.ledger}" if stamp.ledger else f"a ledger at state {stamp.manifest}"
    lost = "whose manifest has no id" if ledger.exists else "which has no manifest"
    mine = f"ledger {ledger.id}" if ledger.id else lost
    raise DatabaseError(
        f"the graph was made from {owner}, not from {ledger.folder} ({mine}), and nothing was "
        "changed: --ledger names the folder of the ledger that it belongs to, --replace (of "
        "build, load, sync) puts what this ledger holds in its place"
    )


LINE = 100
"""Characters that are still read at one glance."""


def counted(counts: Mapping[str, int]) -> str:
    """Counts by kind as `3 nodes and 9 edges`; what is written in capitals is an edge."""
    edges = sum(count for kind, count in counts.items() if kind.isupper())
    nodes = sum(counts.values()) - edges
    return f"{plural(nodes, 'node')} and {plural(edges, 'edge')}"


def plural(count: int, noun: str) -> str:
    """`1 claim`, `1,089 claims`."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def _listed(counts: Mapping[str, int]) -> str:
    kinds = ", ".join(f"{count:,} {kind}" for kind, count in counts.items())
    return kinds if len(kinds) <= LINE else counted(counts)


def described(plan: Plan) -> str:
    """The plan as `+ 3 Group, 9 ATTRIBUTED_TO  ~ 1 Claim  − …`; of many kinds, the sum."""
    if plan.empty:
        return "nothing to do"
    parts = [
        f"{sign} {_listed(kinds)}"
        for sign, kinds in (("+", plan.add), ("~", plan.change), ("−", plan.remove))
        if kinds
    ]
    return "  ".join(parts)
