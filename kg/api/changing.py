"""Calls that change a graph and its ledger, or tell what would change."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Collection, Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.api.opened import Opened
from kg.base.errors import DatabaseError, UsageError, offering
from kg.base.settings import default_db, default_ledger, shipped
from kg.graph.concluded import without_conclusions
from kg.pipeline.naming import Names
from kg.pipeline.report import Quiet, Read, Reporter, tell
from kg.stores import open_store

if TYPE_CHECKING:
    from kg.ledger.ledger import Batch
    from kg.pipeline.change import Outcome
    from kg.pipeline.check import Checked
    from kg.pipeline.plan import Forecast
    from kg.pipeline.read import Told
    from kg.pipeline.verify import Drift
    from kg.pipeline.weighing import Weighing

Paths = Path | str | Sequence[Path | str]
"""One path, or several."""


class Changing(Opened):
    """Building, loading and judging; each keeps the ledger first and then the database. What does
    so loads when it is called: who asks a question does not wait for it."""

    def build(
        self,
        seeds: Paths = (),
        *,
        reporter: Reporter | None = None,
        share: bool = False,
        replace: bool = False,
    ) -> Outcome:
        """Make ledger and graph hold exactly these claim files and source folders (default: the
        seeds that ship with the project). `replace` a graph that was made from another ledger."""
        reporter = reporter or Quiet()
        batches = self._batches(seeds, reporter)
        told = tell(batches, reporter, mendable=bool(seeds))
        return self._change(batches, True, told, reporter=reporter, share=share, replace=replace)

    def load(
        self,
        format_: str,
        paths: Paths,
        *,
        reporter: Reporter | None = None,
        share: bool = False,
        replace: bool = False,
        name: str | None = None,
        allow: Collection[str] = (),
    ) -> Outcome:
        """Add files or folders of one format to ledger and graph, as a source called `name`. Only a
        source of that name, or of the same files, is replaced.

        The checks that `allow` names may fail, on the record. `replace` a graph that was made from
        another ledger."""
        from kg.pipeline import read

        reporter = reporter or Quiet()
        names = Names(self.ledger, name)
        how = read.Reading(names, _progress(reporter), allow, self.ledger.state)
        batches = read.loads(format_, _paths(paths), self.ontology, how)
        told = tell(batches, reporter, names.notes)
        return self._change(batches, False, told, reporter=reporter, share=share, replace=replace)

    def load_history(
        self,
        format_: str,
        repository: Path | str,
        path: str,
        *,
        name: str | None = None,
        reporter: Reporter | None = None,
        share: bool = False,
        replace: bool = False,
    ) -> Outcome:
        """Add every version of a list, as claims made and withdrawn on its days: of what lies at
        `path` in a git repository or bundle, or in each dated part of a folder. Of one that was
        loaded before and has grown only the new versions are read."""
        reporter, names = reporter or Quiet(), Names(self.ledger, name)
        batch = self._history(format_, repository, path, names, reporter)
        told = tell([batch], reporter, names.notes)
        return self._change([batch], False, told, reporter=reporter, share=share, replace=replace)

    def _history(
        self, format_: str, repository: Path | str, path: str, names: Names, reporter: Reporter
    ) -> Batch:
        from kg.pipeline.history import history_name, history_source, read_history

        where = Path(repository)
        called = names.of(format_, history_name(format_, where, path), [where / path])
        source = history_source(format_, where, path, called)
        given = (format_, where, path, self.ontology, _progress(reporter), source)
        return read_history(*given, before=self.ledger.state(called))

    def unload(
        self,
        sources: str | Collection[str],
        *,
        reporter: Reporter | None = None,
        share: bool = False,
    ) -> Outcome:
        """Take what was loaded under these names out of ledger and graph."""
        sources = [sources] if isinstance(sources, str) else sources
        held = [entry.source.name for entry in without_conclusions(self.ledger.manifest()).entries]
        for name in sources:
            if name not in held:
                message = f"no source {name!r} is loaded (loaded: {', '.join(held)})"
                raise UsageError(offering(message, name, held, otherwise=""))
        reporter = reporter or Quiet()
        return self._change([], False, without=sources, reporter=reporter, share=share)

    def sync(
        self,
        *,
        reporter: Reporter | None = None,
        share: bool = False,
        full: bool = False,
        replace: bool = False,
    ) -> Outcome:
        """Make the database hold what its ledger amounts to; mends a mismatch. `full`: also every
        value that `verify` finds. `replace` a graph that was made from another ledger."""
        self._refuse_no_ledger()
        reporter = reporter or Quiet()
        return self._change(
            [], False, (), reporter=reporter, share=share, full=full, replace=replace
        )

    def verify(self) -> list[Drift]:
        """Every value in the database that is not what the ledger amounts to; nothing is written.

        What others put beside ours (properties, labels, nodes, edges of their own) is no drift.
        """
        from kg.pipeline.verify import Reading, drift_of

        self._refuse_no_ledger()
        self.close()
        store = open_store(self.url, write=False)
        try:
            corpus = self.corpus()
            return list(drift_of(Reading(corpus.graph, store, self.ontology), corpus.manifest))
        finally:
            store.close()

    def check(self, seeds: Paths = (), *, reporter: Reporter | None = None) -> Checked:
        """Validate seeds, and tell what `build` or `load` would warn of. Raises `InputError` with
        every problem."""
        from kg.pipeline.check import Checked, check_loadable, renamed_if_loaded

        reporter = reporter or Quiet()
        batches = self._batches(seeds, reporter)
        told = tell(batches, reporter, mendable=bool(seeds))
        beside = check_loadable(self.ledger, self.ontology, batches)
        warnings = tuple(filter(None, (beside, *renamed_if_loaded(self.ledger, batches))))
        for sentence in warnings:
            reporter.warn(sentence)
        return Checked(sum(batch.frame.height for batch in batches), told, warnings)

    def plan(
        self,
        seeds: Paths = (),
        *,
        load: str | None = None,
        history: tuple[Path | str, str] | None = None,
        replace: bool = False,
        beliefs: bool = False,
    ) -> Forecast:
        """What `build`, or `load` of this format, would change; nothing is written. `history`:
        a repository and a path in it, of which every version would be loaded. `beliefs`: also what
        would be believed otherwise."""
        from kg.pipeline import read
        from kg.pipeline.plan import plan

        names = Names(self.ledger, None)
        if load is None:
            batches = self._batches(seeds, Quiet())
        elif history is not None:
            batches = [self._history(load, *history, names, Quiet())]
        else:
            batches = read.loads(load, _paths(seeds), self.ontology, read.Reading(names))
        try:
            store = open_store(self.url, write=False)
        except DatabaseError:
            if self.file is None or self.file.exists():
                raise
            store = None
        try:
            how: dict[str, Any] = {"replace": replace, "beliefs": beliefs, "exactly": load is None}
            return plan(self.ledger, store, self.ontology, batches, **how)
        finally:
            if store is not None:
                store.close()

    def _batches(self, seeds: Paths, reporter: Reporter) -> list[Batch]:
        from kg.pipeline import read
        from kg.pipeline.weighing import weighings_path

        paths = _paths(seeds) or [shipped("seed")]
        if (weighed := weighings_path(self.ledger)).is_file():
            paths = [*paths, weighed]  # what people judged stays, as with identity
        return read.seeds(paths, self.ontology, read.Reading(told=_progress(reporter)))

    def _change(
        self,
        batches: list[Batch],
        exactly: bool,
        told: tuple[Read, ...] = (),
        *,
        without: Collection[str] = (),
        reporter: Reporter,
        share: bool,
        full: bool = False,
        replace: bool = False,
    ) -> Outcome:
        from kg.pipeline.change import change
        from kg.pipeline.check import prepare

        self.close()
        self._corpora.clear()
        warnings = prepare(
            self.ledger,
            self.ontology,
            batches,
            exactly=exactly,
            without=without,
            reporter=reporter,
        )
        store = open_store(self.url)
        try:
            outcome = change(
                self.ledger,
                store,
                self.ontology,
                batches,
                exactly=exactly,
                without=without,
                reporter=reporter,
                share=share,
                full=full,
                replace=replace,
            )
        finally:
            store.close()
        return dataclasses.replace(outcome, sources=told, warnings=tuple(warnings))

    def judge(
        self,
        a: str,
        b: str,
        verdict: str,
        because: str,
        *,
        by: str = "",
        reporter: Reporter | None = None,
    ) -> Outcome:
        """Keep a person's judgement of two records, and bring the graph up to date with it."""
        from kg.graph.conclude import record_keys
        from kg.identity import judge
        from kg.pipeline.judging import judging

        reporter = reporter or Quiet()
        self._refuse_no_ledger()
        with judging(self.ledger) as path:
            one, other = record_keys((a, b), self.ledger, self.ontology)
            judged = judge(path, one, other, verdict, because, by)
            outcome = self.sync(reporter=reporter)
        reporter.step("judged", f"{judged} (kept in {path})")
        reporter.step(
            "take back", shlex.join(["kg", "identity", "withdraw", one, other, *self._named])
        )
        return outcome

    def withdraw(self, a: str, b: str, *, reporter: Reporter | None = None) -> Outcome:
        """Take a judgement back: the graph is as it was before it."""
        from kg.graph.conclude import record_keys
        from kg.identity import withdraw
        from kg.pipeline.judging import judging

        reporter = reporter or Quiet()
        self._refuse_no_ledger()
        with judging(self.ledger) as path:
            one, other = record_keys((a, b), self.ledger, self.ontology)
            old = withdraw(path, one, other)
            outcome = self.sync(reporter=reporter)
        reporter.step("taken back", str(old))
        return outcome

    def weigh(
        self,
        incident: str,
        hypothesis: str,
        evidence: str,
        verdict: str,
        because: str,
        *,
        by: str,
        reporter: Reporter | None = None,
    ) -> Outcome:
        """Keep a person's judgement whether evidence (a claim's id, or a document) fits an answer
        to who is behind an incident: `consistent`, `inconsistent` or `silent`. It is a claim."""
        from kg.pipeline.weighing import keep, weighing

        reporter = reporter or Quiet()
        new = self._weighing(incident, hypothesis, evidence, verdict, because, by)
        name = self.corpus().names[new.incident]
        with weighing(self.ledger) as path:
            keep(path, new, name)
            outcome = self.load("claims", path, reporter=reporter)
        reporter.step("judged", f"{' '.join(new.says[2].split())} (kept in {path})")
        words = ["kg", "ach", new.incident, "withdraw", new.hypothesis, new.evidence, "--by", by]
        reporter.step("take back", shlex.join([*words, *self._named]))
        return outcome

    def unweigh(
        self,
        incident: str,
        hypothesis: str,
        evidence: str,
        *,
        by: str,
        reporter: Reporter | None = None,
    ) -> Outcome:
        """Take such a judgement back: the graph is as it was before it."""
        from kg.ask.ach import VERDICTS
        from kg.pipeline.weighing import take_back, weighing

        reporter = reporter or Quiet()
        old = self._weighing(incident, hypothesis, evidence, VERDICTS[0], "taken back", by)
        with weighing(self.ledger) as path:
            if take_back(path, old):
                outcome = self.load("claims", path, reporter=reporter)
            else:
                outcome = self.unload(path.stem, reporter=reporter)
                path.unlink()
        reporter.step("taken back", f"{old.hypothesis} {old.evidence}, judged by {by}")
        return outcome

    def _weighing(self, incident: str, *given: str) -> Weighing:
        from kg.ask.ach import hypothesis_and_evidence
        from kg.pipeline.weighing import Weighing

        hypothesis, evidence, verdict, because, by = given
        ids = hypothesis_and_evidence(self.corpus(), incident, hypothesis, evidence)
        return Weighing(*ids, verdict, because, by, date.today().isoformat())

    @property
    def _named(self) -> Iterator[str]:
        """The options that name this graph on the command line, where it would take another."""
        if self.url != default_db():
            yield from ("--db", self.name)
        if self.ledger.folder != default_ledger(self.file):
            yield from ("--ledger", str(self.ledger.folder))


def _progress(reporter: Reporter) -> Told:
    return lambda name, count: reporter.progress(name, count, 0)


def _paths(given: Paths) -> list[Path]:
    return [Path(path) for path in ([given] if isinstance(given, Path | str) else given)]
