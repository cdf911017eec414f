"""The public API: one object for a graph and its ledger. Each command of `kg` is one call here."""

from __future__ import annotations

import re
import shlex
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from kg import ontology as ontologies
from kg.ask import questions
from kg.ask.explain import Explanation, explain
from kg.base.errors import DatabaseError, UsageError, capped, offering
from kg.base.limits import limit
from kg.base.settings import default_db, default_ledger, named_db, shipped, without_password
from kg.base.writing import write_bytes
from kg.graph.conclude import (
    identity_of,
    judgements_path,
    judgements_state,
    without_conclusions,
)
from kg.graph.corpus import Corpus, Day, Lens, corpus_of
from kg.identity import Identity, judge, withdraw
from kg.ledger.ledger import Batch, Ledger
from kg.pipeline import read
from kg.pipeline.change import HALF_WRITTEN, Outcome, change
from kg.pipeline.check import check, prepare
from kg.pipeline.ownership import belongs, refuse_stranger
from kg.pipeline.plan import everything, plan
from kg.pipeline.report import Reporter, Silent, plural
from kg.pipeline.verify import Drift, Reading, drift_of
from kg.stores import Plan, Stamp, Store, Table, file_of, open_store
from kg.stores.base import Unsettled
from kg.stores.patience import within

if TYPE_CHECKING:
    import networkx as nx
    import pandas as pd
    import polars as pl

    from kg.analytics import Result
    from kg.exports import ExportReport


T = TypeVar("T")

Paths = Path | str | Sequence[Path | str]
"""One path, or several."""

PATIENCE = 5.0
"""Seconds for which a question waits for a writer to finish."""
PAUSE = 0.1


@dataclass(frozen=True)
class Rows(Sequence[dict[str, Any]]):
    """A query's answer: a sequence of dicts keyed by column, in order."""

    table: Table
    hints: tuple[str, ...] = ()
    """Why there are no rows: what was asked for by an id that names nothing here."""

    @property
    def columns(self) -> list[str]:
        """The names of the columns, in order."""
        return self.table.columns

    def __len__(self) -> int:
        return len(self.table.rows)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [dict(zip(self.columns, row, strict=True)) for row in self.table.rows[index]]
        return dict(zip(self.columns, self.table.rows[index], strict=True))

    def polars(self) -> pl.DataFrame:
        """The rows as a Polars frame."""
        import polars as pl

        return pl.DataFrame(
            self.table.rows, schema=self.columns, orient="row", infer_schema_length=None
        )

    def pandas(self) -> pd.DataFrame:
        """The rows as a pandas frame (extra `pandas`)."""
        try:
            import pandas as pd
        except ModuleNotFoundError:
            raise UsageError(
                "rows.pandas() needs pandas: pip install 'kg-who-says-so[pandas]'"
            ) from None

        return pd.DataFrame(self.table.rows, columns=self.columns)


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
        reporter = reporter or Silent()
        batches = self._batches(seeds, reporter)
        return self._change(batches, True, reporter=reporter, share=share, replace=replace)

    def load(
        self,
        format_: str,
        paths: Paths,
        *,
        reporter: Reporter | None = None,
        share: bool = False,
        replace: bool = False,
    ) -> Outcome:
        """Add files or folders of one format to ledger and graph. `replace` a graph that was made
        from another ledger."""
        reporter = reporter or Silent()
        given = _paths(paths)
        if format_ == "claims":
            batches = read.seeds(given, self.ontology)
        else:
            batches = read.batches_of(
                format_, given, self.ontology, lambda name, n: reporter.progress(name, n, 0)
            )
        there = {entry.source.name for entry in self.ledger.manifest().entries}
        _report(batches, reporter, replaced=there)
        return self._change(batches, False, reporter=reporter, share=share, replace=replace)

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
        reporter = reporter or Silent()
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
        reporter = reporter or Silent()
        return self._change([], False, reporter=reporter, share=share, full=full, replace=replace)

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

    def check(self, seeds: Paths = (), *, reporter: Reporter | None = None) -> int:
        """Validate seeds and count their statements. Raises `InputError` with every problem."""
        batches = self._batches(seeds, reporter or Silent())
        check(batches)
        return sum(batch.frame.height for batch in batches)

    def plan(self, seeds: Paths = (), *, replace: bool = False) -> Plan:
        """What `build` would change; nothing is written."""
        batches = self._batches(seeds, Silent())
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
        batches = read.seeds(paths, self.ontology, lambda name, n: reporter.progress(name, n, 0))
        _report(batches, reporter, mendable=bool(seeds))
        return batches

    def _change(
        self,
        batches: list[Batch],
        exactly: bool,
        *,
        without: Collection[str] = (),
        reporter: Reporter,
        share: bool,
        full: bool = False,
        replace: bool = False,
    ) -> Outcome:
        self.close()
        self._corpora.clear()
        prepare(
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
        return outcome

    # Asking

    def query(
        self,
        question: str,
        *,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
        write: bool = False,
        timeout: float | None = None,
        **parameters: Any,
    ) -> Rows:
        """Answer a saved question by name, or raw Cypher (anything with a space in it)."""
        cypher, given = self._statement(question, parameters)
        seen = self._lens(lens, as_of, according_to)
        if write and (seen or self.file):
            raise UsageError(
                "writing is for a server's database: what stands in an embedded graph "
                "or behind a lens is made from the ledger"
            )
        with within(timeout):
            if seen or write:
                with self._asked(seen) as store:
                    table = store.query(cypher, given, write=write, timeout=timeout, bounded=True)
            else:
                table = self._settled(lambda: self._answer(cypher, given, timeout))
        return Rows(table, () if table.rows else tuple(self._misnamed(question, given, seen)))

    def _statement(
        self, question: str, parameters: Mapping[str, Any]
    ) -> tuple[str, dict[str, Any]]:
        if re.search(r"\s", question.strip()):
            return question, dict(parameters)
        found = questions.find(question.strip())
        return found.cypher, found.arguments(parameters)

    def _misnamed(self, question: str, given: Mapping[str, Any], lens: Lens) -> Iterator[str]:
        """A sentence for each argument of a saved question that is no entity's id here."""
        if re.search(r"\s", question.strip()) or not self.ledger.exists:
            return
        corpus = self.corpus(lens=lens)
        for parameter in questions.find(question.strip()).parameters:
            id = given[parameter.name]
            if parameter.type == "id" and id not in corpus.names:
                try:
                    yield f"{parameter.name}: {id} became {corpus.find(id)} here; ask for that"
                except UsageError as why:
                    yield f"{parameter.name}: {why}"

    def _answer(self, cypher: str, given: Mapping[str, Any], timeout: float | None) -> Table:
        """What the graph says in one of its states, if that is what the ledger amounts to."""
        store = self.store
        found = store.read(cypher, given, timeout=timeout, bounded=True)
        self._refuse_mismatch(store, found.stamp)
        return found.table

    def _settled(self, ask: Callable[[], T]) -> T:
        """What `ask` gives once no writer is at work, who is waited for a moment."""
        end = time.monotonic() + PATIENCE
        while True:
            try:
                return ask()
            except Unsettled as why:
                if not why.writer or time.monotonic() > end:
                    raise
            time.sleep(PAUSE)

    @contextmanager
    def _asked(self, lens: Lens) -> Iterator[Store]:
        """The stored graph; under a lens a temporary one, made from the claims that count."""
        if not lens:
            yield self.store
            return
        store = open_store(None)
        try:
            corpus = self.corpus(lens=lens)
            store.prepare(self.ontology)
            store.apply(everything(corpus.graph), self.ontology)
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
                self._refuse_mismatch(store, store.stamp())
            except BaseException:
                store.close()
                raise
            self._store = store
        return self._store

    def _refuse_mismatch(self, store: Store, stamp: Stamp | None) -> None:
        """Raise `Unsettled` where this is the stamp of half a graph, or not of the ledger's."""
        half = stamp is not None and stamp.manifest == HALF_WRITTEN
        # A graph can be read without its ledger.
        wanted = self.ledger.manifest().id if self.ledger.exists else stamp and stamp.manifest
        if not half and wanted == (stamp and stamp.manifest):
            return self._refuse_new_judgements()
        if writer := store.writer() or ("a load" if self.ledger.busy else ""):
            raise Unsettled(
                f"{self.name} is being written just now by {writer}: try again after it", writer
            )
        # A writer commits the ledger first and lets go last: one that has just done so was seen
        # before, in the ledger, and is seen now, in the graph.
        if store.stale or store.stamp() != stamp:
            raise Unsettled(f"{self.name} was written while it was read: try again", "another")
        raise Unsettled(self._mismatch(stamp, half))

    def _mismatch(self, stamp: Stamp | None, half: bool) -> str:
        folder = self.ledger.folder
        if stamp is None:
            return (
                f"{self.name} was not written by kg, but {folder} has a ledger: `kg sync` puts it "
                "there, --ledger names another"
            )
        if self.ledger.exists and not belongs(stamp, self.ledger):
            return (
                f"{self.name} was made from another ledger than {folder}: --ledger names the "
                "folder of its own, `kg sync --replace` puts what this one holds in its place"
            )
        if half:
            return f"{self.name} was left half-written: `kg sync` carries on where it stopped"
        return (
            f"{self.name} was built from ledger {stamp.manifest}, and {folder} is now "
            f"{self.ledger.manifest().id}: `kg sync` brings the graph up to date, --ledger names "
            "another ledger"
        )

    def _refuse_new_judgements(self) -> None:
        """A judgement that was interrupted, or written by hand, is not in what the ledger holds."""
        noted = self.ledger.manifest().judgements
        if noted is None or noted == judgements_state(self.ledger):
            return
        path = judgements_path(self.ledger)
        if self.ledger.busy or self.ledger.manifest().judgements != noted:
            raise Unsettled(f"{path} is being judged in just now: try again after it", "another")
        raise Unsettled(
            f"{path} is not as it was when the graph was made (a judgement was interrupted, or the "
            "file was changed by hand): `kg sync` brings the graph up to date with it"
        )

    def corpus(
        self,
        *,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
    ) -> Corpus:
        """Claims and graph, whole or through a lens; made from the ledger."""
        whole = self._corpora.get(Lens())
        if whole is not None and whole.manifest != self.ledger.manifest().id:
            self._corpora.clear()  # another process has changed the ledger
        seen = self._lens(lens, as_of, according_to)
        if seen and seen not in self._corpora:
            self._corpora[seen] = self.corpus().under(seen)
        if seen not in self._corpora:
            self._refuse_no_ledger()
            self._settled(self._refuse_new_judgements)
            self._corpora[seen] = self.ledger.settled(
                lambda manifest: corpus_of(self.ledger, self.ontology, manifest=manifest)
            )
        return self._corpora[seen]

    def _lens(self, lens: Lens | None, as_of: Day | None, according_to: str | None) -> Lens:
        """A lens given whole or in parts, with its asserter's id."""
        parts = Lens(as_of, according_to)
        if not isinstance(lens, Lens | None):
            raise UsageError(f"lens takes a kg.Lens(as_of, according_to) (got {lens!r})")
        if lens and parts:
            raise UsageError("give a lens, or as_of and according_to, not both")
        seen = lens or parts
        if seen.according_to is None:
            return seen
        return Lens(seen.as_of, self.corpus().asserter(seen.according_to))

    def networkx(
        self,
        *,
        plain: bool = False,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
    ) -> nx.MultiDiGraph[str]:
        """The graph as a `MultiDiGraph` with typed properties (dates are `date`).

        `plain`: as networkx's writers and pyvis take it, with text, numbers and booleans only
        (dates as ISO text, lists as JSON text), and a `label` on each node and edge.
        """
        corpus = self.corpus(lens=lens, as_of=as_of, according_to=according_to)
        if not plain:
            return corpus.graph.networkx()
        from kg.exports.kit.network import plain_network

        return plain_network(corpus)

    def explain(
        self,
        subject: str,
        predicate: str | None = None,
        target: str | None = None,
        *,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
    ) -> Explanation:
        """All claims behind a node, or behind one edge, grouped by independent origin."""
        corpus = self.corpus(lens=lens, as_of=as_of, according_to=according_to)
        return explain(corpus, subject, predicate, target)

    # Showing

    def render(
        self,
        view: str,
        out: Path | str,
        *,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
        **parameters: Any,
    ) -> Path:
        """Write one picture as a single HTML file; returns its path."""
        from kg import views

        corpus = self.corpus(lens=lens, as_of=as_of, according_to=according_to)
        return views.render(corpus, view, Path(out), **parameters)

    def render_standard(self, folder: Path | str) -> list[Path]:
        """Write the pictures that need no parameters into a folder, as `kg build` does."""
        from kg import views

        return [self.render(path.stem, path) for path in views.standard(Path(folder))]

    def render_query(
        self,
        question: str,
        out: Path | str,
        *,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
        **parameters: Any,
    ) -> Path:
        """Draw the nodes, edges and paths that a question returns."""
        from kg import views
        from kg.views.kit.drawn import drawn

        cypher, given = self._statement(question, parameters)
        seen = self._lens(lens, as_of, according_to)
        rows = self.query(question, lens=seen, **parameters)
        corpus = self.corpus(lens=seen)
        nodes, edges = drawn(rows, corpus, given.values())
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
        return identity_of(self.ledger.read(), self.ontology, self.ledger)

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
        reporter = reporter or Silent()
        path = judgements_path(self.ledger)
        with self._judgements():
            identity = self.identity()
            ends = identity.find(a).key, identity.find(b).key
            judged = judge(path, *ends, verdict, because, by)
            outcome = self.sync(reporter=reporter)
        reporter.step("judged", f"{judged} (kept in {path})")
        reporter.step("take back", shlex.join(["kg", "identity", "withdraw", *ends, *self._named]))
        return outcome

    def withdraw(self, a: str, b: str, *, reporter: Reporter | None = None) -> Outcome:
        """Take a judgement back: the graph is as it was before it."""
        reporter = reporter or Silent()
        with self._judgements():
            identity = self.identity()
            old = withdraw(judgements_path(self.ledger), identity.find(a).key, identity.find(b).key)
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

    @contextmanager
    def _judgements(self) -> Iterator[None]:
        """The file of judgements, nobody else's as long as this lasts; as it was, if the ledger
        does not get what follows from a new one."""
        self._refuse_no_ledger()
        path = judgements_path(self.ledger)
        with self.ledger.writing():
            before = path.read_bytes() if path.exists() else None
            try:
                yield
            except BaseException:
                if self.ledger.manifest().judgements == judgements_state(self.ledger):
                    raise  # it stands in the ledger: `kg sync` brings the graph up to date
                if before is None:
                    path.unlink(missing_ok=True)
                else:
                    write_bytes(path, before)
                raise

    # Computing and handing on

    def analyze(
        self,
        measure: str,
        *,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
        **parameters: Any,
    ) -> Result:
        """Run one measure on the graph, whole or through a lens."""
        from kg import analytics

        corpus = self.corpus(lens=lens, as_of=as_of, according_to=according_to)
        return analytics.run(corpus, measure, **parameters)

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

    def export(
        self,
        format_: str,
        out: Path | str,
        *,
        lens: Lens | None = None,
        as_of: Day | None = None,
        according_to: str | None = None,
    ) -> ExportReport:
        """Write the graph for another tool; the report says what its format cannot hold."""
        from kg import exports

        corpus = self.corpus(lens=lens, as_of=as_of, according_to=according_to)
        return exports.export(corpus, format_, Path(out))


def open(url: Path | str | None = None, ledger: Path | str | None = None) -> KnowledgeGraph:
    """A graph by file path or server address (default `$KG_DB`, else `kg.kgl`), with its ledger."""
    return KnowledgeGraph(url, ledger)


def _paths(given: Paths) -> list[Path]:
    return [Path(path) for path in ([given] if isinstance(given, Path | str) else given)]


def _report(
    batches: Sequence[Batch],
    reporter: Reporter,
    replaced: Collection[str] = (),
    mendable: bool = True,
) -> None:
    """One line a source, then what its loader could not read or did not use.

    What could not be read of data that came with kg is no warning: nobody who builds could mend it.
    """
    tell = reporter.warn if mendable else partial(reporter.step, "")
    for batch in batches:
        claims = batch.frame.filter(~batch.frame["declared"]).height
        again = ", replaces the source of that name" if batch.source.name in replaced else ""
        reporter.step(f"read {batch.source.name}", f"{plural(claims, 'claim')}{again}")
        warnings = batch.warnings
        if not mendable:
            warnings = tuple(replace(problem, place="") for problem in warnings)
        for line in capped(warnings, limit("told")):
            tell(line)
        for what, count in batch.notes.items():
            reporter.step("", f"{what}: {count:,}")
