"""Check → plan → apply → verify: the one way in which a ledger and a database change."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace

import polars as pl

from kg import __version__
from kg.ask.diff import Beliefs, unchanged
from kg.base.errors import DatabaseError, Interrupted
from kg.base.shown import plural
from kg.graph.conclude import READ, conclude, rules, standing_conclusions
from kg.graph.concluded import SAME, judgements_state
from kg.graph.corpus import corpus_of
from kg.ledger.delta import Apart, apart_in
from kg.ledger.ledger import Batch, Ledger, Manifest
from kg.ontology import Ontology
from kg.pipeline.check import beside
from kg.pipeline.first import projected
from kg.pipeline.ownership import HALF_WRITTEN, refuse_foreign, refuse_stranger
from kg.pipeline.report import Read, Reporter, counted, described
from kg.pipeline.step import believed, shape, step
from kg.pipeline.verify import Reading, mend
from kg.stores import Plan, Stamp, Store
from kg.stores.base import Delta, Progress, difference

CARRY_ON = "`kg sync` carries on"


@dataclass(frozen=True)
class Outcome:
    """What a run did: the plan that it carried out, and what the database now counts."""

    plan: Plan
    counts: dict[str, int]
    manifest: str
    sources: tuple[Read, ...] = ()
    """What was read for it."""
    warnings: tuple[str, ...] = ()
    """What was told of all of them together."""
    beliefs: Beliefs = field(default_factory=unchanged)
    """What came to be believed otherwise of what was there before."""


def change(
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

    Empties the list (`stage`). Raises `DatabaseError` before anything is written where the graph is
    not this ledger's (unless `replace`), where it holds data of others (unless `share`), and where
    another process writes either.
    """
    refuse_foreign(store, share)
    refuse_stranger(ledger, store, replace)
    with ledger.writing(), store.writing():
        refuse_stranger(ledger, store, replace)  # another writer may have come in between
        try:
            with stands("nothing was changed: ledger and graph are as they were"):
                rest = beside(ledger, batches, exactly=exactly, without=without)
                apart = apart_in(ledger)
                manifest = stage(ledger, ontology, batches, rest, reporter, apart)
                outcome = sync(ledger, store, ontology, manifest, reporter, apart, full=full)
        except BaseException:
            ledger.discard()
            raise
    return outcome


def stage(
    ledger: Ledger,
    ontology: Ontology,
    batches: list[Batch],
    rest: Manifest,
    reporter: Reporter,
    apart: Apart,
) -> Manifest:
    """Write the files of checked batches, and of what follows from them and the `rest`; nothing
    counts yet. Empties the list once they are written: what follows needs their memory."""
    manifest = ledger.stage(batches, onto=rest)
    batches.clear()
    judgements = judgements_state(ledger)
    kept = standing_conclusions(ledger, manifest, apart, ontology)
    if kept is not None:
        reporter.step("identity", "nothing has changed that tells who is who")
        return replace(manifest.with_entries(kept), judgements=judgements, rules=rules())
    conclusions = conclude(ledger.read(manifest, READ), ontology, ledger)
    same = conclusions.frame.filter(pl.col("declared") & (pl.col("predicate") == SAME))
    waiting = same.filter(pl.col("subject") == pl.col("object")).height
    told = f"{same.height - waiting:,} of the sources' entities are one with another"
    reporter.step("identity", f"{told}, {waiting:,} are awaited" if waiting else told)
    if conclusions.frame.height:
        manifest = ledger.stage([conclusions], onto=manifest)
    return replace(manifest, judgements=judgements, rules=rules())


def sync(
    ledger: Ledger,
    store: Store,
    ontology: Ontology,
    manifest: Manifest,
    reporter: Reporter,
    apart: Apart,
    *,
    full: bool = False,
) -> Outcome:
    """Make the database hold what the manifest amounts to, and make the manifest count."""
    stamp = store.stamp()
    if stamp is None and store.empty():
        return _first(ledger, store, ontology, manifest, reporter, apart)
    known = None if full else held_counts(stamp, ledger, ontology)
    taken = None if known is None else step(ledger, ontology, ledger.manifest(), manifest, apart)
    whole = known is None or taken is None
    if known is None or taken is None:
        delta, wanted = _whole(ledger, store, ontology, manifest, reporter, full)
        beliefs = _beliefs(ledger, ontology, manifest, apart)
    else:
        delta, beliefs, wanted = taken.delta, taken.beliefs, taken.delta.plan.onto(known)
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
            store.settle(delta)
        if whole:
            verify_counts(store, wanted)
        now = Stamp(manifest.id, __version__, ledger.id, shape(ontology), json.dumps(wanted))
        if not delta.plan.empty or store.stamp() != now:
            store.set_stamp(now)
    reporter.step("apply", "nothing to do" if delta.plan.empty else "done")
    return Outcome(delta.plan, wanted, manifest.id, beliefs=beliefs)


def _beliefs(ledger: Ledger, ontology: Ontology, manifest: Manifest, apart: Apart) -> Beliefs:
    """What is believed otherwise than in the manifest that counts so far; nothing where that can no
    longer be read."""
    with suppress(DatabaseError):
        return believed(ledger, ontology, ledger.manifest(), manifest, apart)
    return unchanged()


def _first(
    ledger: Ledger,
    store: Store,
    ontology: Ontology,
    manifest: Manifest,
    reporter: Reporter,
    apart: Apart,
) -> Outcome:
    """Make an empty database hold what the manifest amounts to, and make the manifest count."""
    with projected(ledger, ontology, manifest) as graph, ExitStack() as opened:
        wanted = {name: count for name, count in sorted(graph.counts.items()) if count}
        reporter.step("project", counted(wanted))
        plan = Plan(add=wanted)
        reporter.step("plan", described(plan))
        beliefs = _beliefs(ledger, ontology, manifest, apart)
        new = opened.enter_context(store.anew())
        new.prepare(ontology, full_text=False)
        store.hold()
        with stands(f"the ledger stands at {manifest.id}, the graph is half-written: {CARRY_ON}"):
            ledger.commit(manifest)
            new.set_stamp(Stamp(HALF_WRITTEN, __version__, ledger.id))
            new.fill(graph.parts(), ontology, told(reporter, wanted))
            store.hold()  # counts of what another writer has made of it would tell nothing
            verify_counts(new, wanted)
            new.set_stamp(
                Stamp(manifest.id, __version__, ledger.id, shape(ontology), json.dumps(wanted))
            )
            opened.close()  # from here on it is there
    reporter.step("apply", "nothing to do" if plan.empty else "done")
    return Outcome(plan, wanted, manifest.id, beliefs=beliefs)


def told(reporter: Reporter, counts: Mapping[str, int]) -> Progress:
    """Progress over all parts, where each part tells of its own rows."""
    edges = sum(count for name, count in counts.items() if name.isupper())
    totals = {"edges": edges, "nodes": sum(counts.values()) - edges}
    before: Counter[str] = Counter()

    def tell(what: str, done: int, total: int) -> None:
        reporter.progress(what, before[what] + done, totals[what])
        if done == total:
            before[what] += done

    return tell


def _whole(
    ledger: Ledger,
    store: Store,
    ontology: Ontology,
    manifest: Manifest,
    reporter: Reporter,
    full: bool,
) -> tuple[Delta, dict[str, int]]:
    """What the database lacks of everything, by what it says itself that it holds; and what it is
    to count then. `full`: by every value in it."""
    corpus = corpus_of(ledger, ontology, manifest=manifest)
    counts = corpus.graph.counts()
    reporter.step("project", counted(counts))
    store.prepare(ontology)
    if full:
        stamp = store.stamp()
        take = stamp is not None and stamp.manifest == manifest.id
        mended = mend(Reading(corpus.graph, store, ontology, take=take))
        reporter.step("verify", f"{plural(mended, 'value')} not as in the ledger")
    return difference(corpus.graph, store.stored(ontology)), counts


def held_counts(stamp: Stamp | None, ledger: Ledger, ontology: Ontology) -> dict[str, int] | None:
    """What a database counts by kind, where its stamp says that it holds just what the ledger
    amounts to; None where that has to be found out."""
    with suppress(DatabaseError, ValueError, TypeError):
        if (
            stamp is not None
            and (stamp.manifest, stamp.ledger) == (ledger.manifest().id, ledger.id)
            and (stamp.version, stamp.shape) == (__version__, shape(ontology))
        ):
            return {str(name): int(count) for name, count in json.loads(stamp.counts or "").items()}
    return None


def verify_counts(store: Store, wanted: Mapping[str, int]) -> None:
    """Raise `DatabaseError` where the database does not count of ours what was sent."""
    counts = store.counts()
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
