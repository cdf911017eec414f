"""The public API: one object for a graph and its ledger. Each command of `kg` is one call here."""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar, Unpack

from kg import ontology as ontologies
from kg.ask import questions
from kg.ask.explain import Explanation, explain
from kg.ask.misnamed import misnamed, named
from kg.base.errors import DatabaseError, UsageError, offering
from kg.base.settings import default_db, default_ledger, named_db, shipped, without_password
from kg.graph.conclude import identity_of, record_key, without_conclusions
from kg.graph.corpus import Corpus, corpus_of
from kg.graph.lens import WHOLE, Day, Lens
from kg.graph.narrow import asserter, narrow
from kg.graph.needs import refuse_missing_kinds
from kg.identity import Identity, judge, withdraw
from kg.ledger.ledger import Batch, Ledger, Manifest
from kg.pipeline import read
from kg.pipeline.change import Outcome, change
from kg.pipeline.check import Checked, check, prepare, renamed_if_loaded
from kg.pipeline.judging import judging
from kg.pipeline.lenses import seen_through
from kg.pipeline.naming import Names
from kg.pipeline.ownership import refuse_stranger
from kg.pipeline.plan import plan
from kg.pipeline.report import Quiet, Read, Reporter, tell
from kg.pipeline.settled import refuse_mismatch, refuse_new_judgements, settled
from kg.pipeline.verify import Drift, Reading, drift_of
from kg.rows import Rows
from kg.stores import Plan, Store, Table, file_of, open_store
from kg.stores.patience import within

if TYPE_CHECKING:
    import networkx as nx
    import polars as pl

    from kg.analytics import Result
    from kg.ask.diff import Difference
    from kg.exports import ExportReport


Paths = Path | str | Sequence[Path | str]
"""One path, or several."""


T = TypeVar("T")


class Through(TypedDict, total=False):
    """What a lens is given by: whole, or in parts; the asserter as an id or a name."""

    lens: Lens | None
    as_of: Day | None
    valid_on: Day | None
    known_on: Day | None
    according_to: str | None


class KnowledgeGraph:
    """A graph (a file of the embedded engine, or a database on a server) and its ledger.

    Raises `UsageError` for unknown names, `InputError` for sourced material that cannot be read,
    `DatabaseError` where the database is not there, not ours, or not built from this ledger.
    """

    def __init__(self, url: Path | str | None = None, ledger: Path | str | None = None) -> None:
        self.url = named_db(str(url or default_db()))
        self.file = file_of(self.url)
        self.ledger = Ledger(Path(ledger) if ledger else default_ledger(self.file))
        self._store: Store | None = None
        self._corpora: dict[Lens, Corpus] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        _type: type[BaseException] | None,
        _value: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the database."""
        if self._store is not None:
            self._store.close()
            self._store = None

    @property
    def name(self) -> str:
        """The graph's path, or its address without the password, for messages."""
        return without_password(self.url)

    @cached_property
    def ontology(self) -> ontologies.Ontology:
        """The kinds and properties that everything is checked against."""
        return ontologies.load()

    # Building

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
        reporter = reporter or Quiet()
        names = Names(self.ledger, name)
        how = read.Reading(names, _progress(reporter), allow)
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
        `path` in a git repository or bundle, or in each dated part of a folder."""
        from kg.pipeline.history import history_name, read_history

        reporter = reporter or Quiet()
        names, where = Names(self.ledger, name), Path(repository)
        called = names.of(format_, history_name(format_, path), [where])
        batch = read_history(format_, where, path, self.ontology, _progress(reporter), called)
        told = tell([batch], reporter, names.notes)
        return self._change([batch], False, told, reporter=reporter, share=share, replace=replace)

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
        self._refuse_no_ledger()
        self.close()
        store = open_store(self.url, write=False)
        try:
            corpus = self.corpus()
            return list(drift_of(Reading(corpus.graph, store, self.ontology), corpus.manifest))
        finally:
            store.close()

    def _refuse_no_ledger(self) -> None:
        if not self.ledger.exists:
            raise UsageError(f"there is no ledger at {self.ledger.folder}; `kg build` makes one")

    def check(self, seeds: Paths = (), *, reporter: Reporter | None = None) -> Checked:
        """Validate seeds, and tell what `build` or `load` would warn of. Raises `InputError` with
        every problem."""
        reporter = reporter or Quiet()
        batches = self._batches(seeds, reporter)
        told = tell(batches, reporter, mendable=bool(seeds))
        check(batches, self.ontology)
        warnings = tuple(renamed_if_loaded(self.ledger, batches))
        for sentence in warnings:
            reporter.warn(sentence)
        return Checked(sum(batch.frame.height for batch in batches), told, warnings)

    def plan(self, seeds: Paths = (), *, replace: bool = False) -> Plan:
        """What `build` would change; nothing is written."""
        batches = self._batches(seeds, Quiet())
        try:
            store = open_store(self.url, write=False)
        except DatabaseError:
            if self.file is None or self.file.exists():
                raise
            store = None
        try:
            return plan(self.ledger, store, self.ontology, batches, replace=replace)
        finally:
            if store is not None:
                store.close()

    def _batches(self, seeds: Paths, reporter: Reporter) -> list[Batch]:
        paths = _paths(seeds) or [shipped("seed")]
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

    # Asking

    def query(
        self,
        question: str,
        *,
        write: bool = False,
        timeout: float | None = None,
        **given: Any,
    ) -> Rows:
        """Answer a saved question by name, or raw Cypher (anything with a space in it). `given` are
        its parameters, and what a lens is given by (`Through`)."""
        lens, parameters = self._parted(given)
        statement = questions.statement(question, self._with_ids(question, parameters, lens))
        if write and (lens or self.file):
            raise UsageError(
                "writing is for a server's database: what stands in an embedded graph "
                "or behind a lens is made from the ledger"
            )
        with within(timeout):
            if lens or write:
                with self._asked(lens) as store:
                    table = store.query(*statement, write=write, timeout=timeout, bounded=True)
            else:
                table = settled(lambda: self._answer(*statement, timeout))
        if saved := questions.saved(question):
            table = Table(*saved.told(table.columns, table.rows))
        if table.rows or not self.ledger.exists:
            return Rows(table)
        hints = misnamed(question, statement[1], lambda: self.corpus(lens=lens))
        return Rows(table, tuple(hints))

    def _with_ids(
        self, question: str, parameters: Mapping[str, Any], lens: Lens
    ) -> Mapping[str, Any]:
        """Arguments of a saved question with ids for names."""

        def find(word: str, kind: str | None) -> str:
            if not lens and WHOLE not in self._corpora:
                with suppress(UsageError):  # what is not there is told by all that is
                    return self._read(
                        lambda state: narrow(self.ledger, self.ontology, state, word).find(
                            word, kind
                        )
                    )
            return self.corpus(lens=lens).find(word, kind)

        return named(question, parameters, self.ontology.kind_of, find)

    def _answer(self, cypher: str, given: Mapping[str, Any], timeout: float | None) -> Table:
        """What the graph says in one of its states, if that is what the ledger amounts to."""
        store = self.store
        found = store.read(cypher, given, timeout=timeout, bounded=True)
        refuse_mismatch(self.name, self.ledger, store, found.stamp)
        return found.table

    @contextmanager
    def _asked(self, lens: Lens) -> Iterator[Store]:
        """The stored graph; under a lens a temporary one, made from the claims that count."""
        if not lens:
            yield self.store
            return
        settled(lambda: refuse_new_judgements(self.ledger))
        store = seen_through(lens, self.ledger, self.ontology, lambda: self.corpus(lens=lens))
        try:
            yield store
        finally:
            store.close()

    @property
    def store(self) -> Store:
        """The database, open for reading, once it is known to hold what the ledger amounts to;
        opened again where another process has written its file anew."""
        if self._store is not None and self._store.stale:
            self.close()
        if self._store is None:
            store = open_store(self.url, write=False)
            try:
                refuse_mismatch(self.name, self.ledger, store, store.stamp())
            except BaseException:
                store.close()
                raise
            self._store = store
        return self._store

    def corpus(self, **through: Unpack[Through]) -> Corpus:
        """Claims and graph, whole or through a lens; made from the ledger."""
        whole = self._corpora.get(WHOLE)
        if whole is not None and whole.manifest != self.ledger.manifest().id:
            self._corpora.clear()  # another process has changed the ledger
        lens = self._lens(**through)
        if lens and lens not in self._corpora:
            self._corpora[lens] = self.corpus().under(lens)
        if lens not in self._corpora:
            self._corpora[lens] = self._read(
                lambda manifest: corpus_of(
                    self.ledger, self.ontology, manifest=manifest, statements=self._rows(manifest)
                )
            )
        return self._corpora[lens]

    def _read(self, make: Callable[[Manifest], T]) -> T:
        """What `make` makes of the ledger, in which stands all that people have judged."""
        self._refuse_no_ledger()
        settled(lambda: refuse_new_judgements(self.ledger))
        return self.ledger.settled(make)

    def _rows(self, manifest: Manifest | None = None) -> pl.DataFrame:
        """Every row of the ledger. Raises `UsageError` where a source needs a kind that is not
        there."""
        rows = self.ledger.read(manifest)
        refuse_missing_kinds(rows, self.ontology)
        return rows

    def _lens(self, lens: Lens | None = None, **parts: Any) -> Lens:
        """A lens given whole or in parts, with its asserter's id: here alone one is made of
        parts."""
        if not isinstance(lens, Lens | None):
            raise UsageError(f"lens takes a kg.Lens (got {lens!r})")
        of_parts = Lens(**parts)
        if lens and of_parts:
            raise UsageError("give a lens, or its parts (as_of, according_to …), not both")
        seen = lens or of_parts
        if seen.according_to is None:
            return seen
        return dataclasses.replace(seen, according_to=self._asserter(seen.according_to))

    def _asserter(self, word: str) -> str:
        """The id of who asserts something here."""
        if WHOLE not in self._corpora:
            with suppress(UsageError):  # who does not is told by all that is there
                return self._read(lambda state: asserter(self.ledger, self.ontology, state, word))
        return self.corpus().asserter(word)

    def _parted(self, given: Mapping[str, Any]) -> tuple[Lens, dict[str, Any]]:
        """The lens among what was given to a call, and the rest."""
        through = {key: value for key, value in given.items() if key in Through.__annotations__}
        rest = {key: value for key, value in given.items() if key not in through}
        return self._lens(**through), rest

    def networkx(self, *, plain: bool = False, **through: Unpack[Through]) -> nx.MultiDiGraph[str]:
        """The graph as a `MultiDiGraph` with typed properties (dates are `date`).

        `plain`: as networkx's writers and pyvis take it, with text, numbers and booleans only
        (dates as ISO text, lists as JSON text), and a `label` on each node and edge.
        """
        corpus = self.corpus(**through)
        if not plain:
            return corpus.graph.networkx()
        from kg.exports.kit.network import plain_network

        return plain_network(corpus)

    def explain(
        self,
        subject: str,
        predicate: str | None = None,
        target: str | None = None,
        **through: Unpack[Through],
    ) -> Explanation:
        """All claims behind a node, or behind one edge, grouped by independent origin."""
        lens, asked = self._lens(**through), (subject, predicate, target)
        if not lens and WHOLE not in self._corpora:
            with suppress(UsageError):  # what is not there is told by all that is
                return self._read(
                    lambda state: explain(narrow(self.ledger, self.ontology, state, *asked), *asked)
                )
        return explain(self.corpus(lens=lens), *asked)

    # Showing

    def diff(self, before: Day, after: Day, **through: Unpack[Through]) -> Difference:
        """What was claimed, withdrawn, and came to be believed otherwise between two days."""
        from kg.ask.diff import difference_of

        lens = self._lens(**through)
        days = (Lens(before).before(lens), Lens(after).before(lens))
        return difference_of(*(self.corpus(lens=day) for day in days))

    def render(self, view: str, out: Path | str, **given: Any) -> Path:
        """Write one picture as a single HTML file; returns its path. `given` are its parameters,
        and what a lens is given by (`Through`)."""
        from kg import views

        lens, parameters = self._parted(given)
        return views.render(self.corpus(lens=lens), view, Path(out), **parameters)

    def render_standard(self, folder: Path | str) -> list[Path]:
        """Write the pictures that need no parameters into a folder, as `kg build` does."""
        from kg import views

        return [self.render(path.stem, path) for path in views.standard(Path(folder))]

    def render_query(self, question: str, out: Path | str, **given: Any) -> Path:
        """Draw the nodes, edges and paths that a question returns; `given` as in `query`."""
        from kg import views
        from kg.views.kit.drawn import drawn

        lens, parameters = self._parted(given)
        named = self._with_ids(question, parameters, lens)
        cypher, asked = questions.statement(question, named)
        rows = self.query(question, lens=lens, **parameters)
        corpus = self.corpus(lens=lens)
        nodes, edges = drawn(rows, corpus, asked.values())
        page = views.render_selection(corpus, nodes, edges, question, cypher)
        return views.write(Path(out), page)

    def index(self, folder: Path | str) -> Path:
        """Write a page that links the pictures in a folder; returns its path."""
        from kg import views

        return views.index(Path(folder))

    # Who is who

    def identity(self) -> Identity:
        """What the rules and people's judgements make of everything that has been loaded."""
        self._refuse_no_ledger()
        return identity_of(self._rows(), self.ontology, self.ledger)

    def _record(self, word: str) -> str:
        """The key of a record, by key or id."""
        return record_key(word, self.ledger, self.ontology)

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
        reporter = reporter or Quiet()
        self._refuse_no_ledger()
        with judging(self.ledger) as path:
            ends = self._record(a), self._record(b)
            judged = judge(path, *ends, verdict, because, by)
            outcome = self.sync(reporter=reporter)
        reporter.step("judged", f"{judged} (kept in {path})")
        reporter.step("take back", shlex.join(["kg", "identity", "withdraw", *ends, *self._named]))
        return outcome

    def withdraw(self, a: str, b: str, *, reporter: Reporter | None = None) -> Outcome:
        """Take a judgement back: the graph is as it was before it."""
        reporter = reporter or Quiet()
        self._refuse_no_ledger()
        with judging(self.ledger) as path:
            old = withdraw(path, self._record(a), self._record(b))
            outcome = self.sync(reporter=reporter)
        reporter.step("taken back", str(old))
        return outcome

    @property
    def _named(self) -> Iterator[str]:
        """The options that name this graph on the command line, where it would take another."""
        if self.url != default_db():
            yield from ("--db", self.name)
        if self.ledger.folder != default_ledger(self.file):
            yield from ("--ledger", str(self.ledger.folder))

    # Computing and handing on

    def analyze(self, measure: str, **given: Any) -> Result:
        """Run one measure on the graph, whole or through a lens. `given` are its parameters, and
        what a lens is given by (`Through`)."""
        from kg import analytics

        lens, parameters = self._parted(given)
        return analytics.run(self.corpus(lens=lens), measure, **parameters)

    def write_back(self, result: Result) -> int:
        """Put a measure's figures on the nodes of the database as properties `m_…`, in place of
        what it wrote before; returns how many nodes hold them. `remove_figures` takes them off."""
        from kg.analytics.kit.write_back import write_back

        with self._writing() as store:
            return write_back(store, self.ontology, result)

    def remove_figures(self, measure: str = "") -> int:
        """Take the figures of one measure, or of all, off the nodes of the database."""
        from kg.analytics.kit.write_back import clear

        with self._writing() as store:
            return clear(store, self.ontology, measure)

    @contextmanager
    def _writing(self) -> Iterator[Store]:
        self.store  # noqa: B018  (refuses a database that is not this ledger's)
        self.close()
        store = open_store(self.url)
        try:
            refuse_stranger(self.ledger, store, replace=False)
            with store.writing():
                yield store
        finally:
            store.close()

    def export(self, format_: str, out: Path | str, **through: Unpack[Through]) -> ExportReport:
        """Write the graph for another tool; the report says what its format cannot hold."""
        from kg import exports

        return exports.export(self.corpus(**through), format_, Path(out))


def open(url: Path | str | None = None, ledger: Path | str | None = None) -> KnowledgeGraph:
    """A graph by file path or server address (default `$KG_DB`, else `kg.kgl`), with its ledger."""
    return KnowledgeGraph(url, ledger)


def _progress(reporter: Reporter) -> read.Told:
    return lambda name, count: reporter.progress(name, count, 0)


def _paths(given: Paths) -> list[Path]:
    return [Path(path) for path in ([given] if isinstance(given, Path | str) else given)]
