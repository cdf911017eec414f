"""Calls that ask: questions, who says so, who is who, what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

import polars as pl

from kg.api.opened import Opened, Through
from kg.ask import questions
from kg.ask.explain import Explanation, explain
from kg.ask.looking import holds_elements, looked_at, with_all_properties
from kg.ask.misnamed import Ask, misnamed, misspelt, named, offered
from kg.base.errors import UsageError
from kg.graph.corpus import corpus_of, corpus_shared, redacted, shared_of
from kg.graph.lens import WHOLE, Day, Lens
from kg.graph.narrow import narrow
from kg.ledger.ledger import State
from kg.pipeline.lenses import made_of
from kg.pipeline.settled import refuse_mismatch, settled
from kg.rows import Rows
from kg.stores import Table
from kg.stores.patience import within

if TYPE_CHECKING:
    import networkx as nx

    from kg.ask.ach import Matrix
    from kg.ask.diff import Difference, Row
    from kg.ask.points import Point
    from kg.graph.corpus import Corpus
    from kg.identity import Identity


class Asking(Opened):
    """Answers; nothing is written, except by raw Cypher on a server that was told to."""

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
            if lens:
                table = self._through(lens, *statement, timeout)
            elif write:
                table = self.store.query(*statement, write=write, timeout=timeout, bounded=True)
            else:
                table = settled(lambda: self._answer(*statement, timeout))
        if saved := questions.saved(question):
            table = Table(*saved.told(table.columns, table.rows))
        if questions.is_cypher(question) and _nothing(table):
            return Rows(table, tuple(misspelt(question, self.ontology)))
        if not _nothing(table):
            return Rows(table)
        return Rows(table, tuple(self._misnamed(question, statement[1], lens, timeout)))

    def _misnamed(
        self, question: str, given: Mapping[str, Any], lens: Lens, timeout: float | None
    ) -> Iterable[str]:
        """Why a saved question finds nothing: what it was asked about is not here."""

        def find(id: str) -> str:
            if self.ledger.exists:
                return self.corpus(lens=lens).find(id)
            raise UsageError(f"nothing is called {id!r}")

        ask = self._asks(lens, timeout)
        return misnamed(question, given, self.ontology.kind_of, find, ask)

    def _asks(self, lens: Lens, timeout: float | None) -> Ask:
        """What answers a statement of the graph, as a lens shows it."""

        def ask(cypher: str, given: Mapping[str, Any]) -> list[list[Any]]:
            if lens:
                return self._through(lens, cypher, given, timeout).rows
            return self.store.query(cypher, given, timeout=timeout, bounded=True).rows

        return ask

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

        def offer(kind: str | None) -> str:
            return offered(kind, self._asks(lens, None))

        return named(question, parameters, self.ontology.kind_of, find, offer)

    def _through(
        self, lens: Lens, cypher: str, given: Mapping[str, Any], timeout: float | None
    ) -> Table:
        """What a graph says that holds as much of what a lens leaves as the statement looks at;
        whole nodes, with all that they hold, are asked for once more."""
        looked = looked_at(cypher, given, self.ontology)
        while True:
            with self._asked(lens, looked) as store:
                table = store.query(cypher, given, timeout=timeout, bounded=True)
            if looked.properties is None or not holds_elements(table.rows):
                return table
            looked = with_all_properties(looked)

    def _answer(self, cypher: str, given: Mapping[str, Any], timeout: float | None) -> Table:
        """What the graph says in one of its states, if that is what the ledger amounts to."""
        store = self.store
        found = store.read(cypher, given, timeout=timeout, bounded=True)
        refuse_mismatch(self.name, self.ledger, store, found.stamp)
        return found.table

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

    def ach(self, incident: str, **through: Unpack[Through]) -> Matrix:
        """Rival answers to who is behind an incident, against what is said (Heuer's analysis of
        competing hypotheses)."""
        from kg.ask.ach import matrix

        return matrix(self.corpus(**through), incident)

    def states(self) -> list[State]:
        """What the ledger is, and was before its last loads, as far as that is kept."""
        return self.ledger.states()

    def diff(
        self,
        before: Day,
        after: Day | None = None,
        *,
        watch: Path | str | None = None,
        **through: Unpack[Through],
    ) -> Difference:
        """What was claimed, withdrawn, and came to be believed otherwise between two days, or two
        states of the ledger (`kg.ask.points`); until now, where no second one is given. `watch`: a
        file that names what is of interest (`kg.ask.watch`)."""
        from kg.ask.diff import difference_of

        sides = self._sides(before, after, self._lens(**through))
        found = difference_of(*sides)
        if watch is None:
            return found
        from kg.ask.watch import read_watch, watched

        return watched(found, read_watch(Path(watch), sides), sides, self._answered)

    def _sides(self, before: Day, after: Day | None, lens: Lens) -> tuple[Corpus, Corpus]:
        """The corpora of two days or of two states of the ledger."""
        one, other = self._points(before, after)
        return self._corpus_at(one, lens), self._corpus_at(other, lens)

    def _points(self, before: Day, after: Day | None) -> tuple[Point, Point]:
        from kg.ask.points import points

        return points(before, after, self.states(), date.today())

    def _corpus_at(self, point: Point, lens: Lens) -> Corpus:
        """What had been said by a day, or there was in a state of the ledger."""
        if not isinstance(point, State):
            return self.corpus(lens=Lens(point).before(lens))
        return self._corpus_in(point, lens)

    def _corpus_in(self, state: State, lens: Lens) -> Corpus:
        """What there was in a state of the ledger."""
        if state.manifest.id == self.ledger.manifest().id:
            return self.corpus(lens=lens)
        rows = self._rows(state.manifest)
        if lens.sharing:
            names = redacted(lens.redact, self.corpus, self.ontology)
            found, judged = shared_of(rows, self.ledger, lens.sharing, names)
            ledger = self.ledger if judged else None
            whole = corpus_shared(found.rows, self.ontology, lens.sharing, ledger)
        else:
            whole = corpus_of(self.ledger, self.ontology, manifest=state.manifest, statements=rows)
        return whole.under(lens.view) if lens.view else whole

    def _answered(self, question: str, given: Mapping[str, Any], corpus: Corpus) -> list[Row]:
        """What a saved question answers of a corpus; nothing, of what its lens hides."""

        def find(word: str, kind: str | None) -> str:
            with suppress(UsageError):
                return corpus.find(word, kind)
            return (corpus.whole or corpus).find(word, kind)

        statement = questions.statement(
            question, named(question, given, self.ontology.kind_of, find)
        )
        store = made_of(corpus, self.ontology)
        try:
            table = store.query(*statement, bounded=True)
        finally:
            store.close()
        if saved := questions.saved(question):
            table = Table(*saved.told(table.columns, table.rows))
        return list(Rows(table))

    def identity(self) -> Identity:
        """What the rules and people's judgements make of everything that has been loaded."""
        from kg.graph.conclude import identity_of

        self._refuse_no_ledger()
        return identity_of(self._rows(), self.ontology, self.ledger)

    def questions(self) -> Rows:
        """The saved questions, with what each asks and takes."""
        listed = sorted(questions.discover().values(), key=lambda one: one.name)
        rows = [[one.name, one.question, [each.name for each in one.parameters]] for one in listed]
        return Rows(Table(["name", "question", "takes"], rows))

    def claims(self, **through: Unpack[Through]) -> pl.DataFrame:
        """The claims as one frame, a row each: `id`, `subject`, `predicate`, `object` or `value`
        (ids as they stand in this graph, `…_here` what these are called in it), `asserter`,
        `document`, hedge, dates, standing, and what else a claim can hold."""
        corpus = self.corpus(**through)
        here = [
            pl.col(end).replace_strict(corpus.names, default=None).alias(f"{end}_here")
            for end in ("subject", "object", "asserter", "document")
        ]
        return corpus.claims.with_columns(here)

    def sql(self, statement: str, **through: Unpack[Through]) -> pl.DataFrame:
        """Ask the table `claims` (see above) in SQL, as Polars understands it. Raises `UsageError`
        with its reason for what it does not."""
        try:
            return pl.SQLContext({"claims": self.claims(**through)}, eager=True).execute(statement)
        except pl.exceptions.PolarsError as why:
            raise UsageError(f"{statement!r}: {why}") from None

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


def _nothing(table: Table) -> bool:
    """Whether an answer finds nothing: no rows, or only cells that count or collect nothing."""
    return all(cell in (None, 0, "", [], {}) for row in table.rows for cell in row)
