"""A graph and its ledger, opened: the database as it stands, and the claims seen through a lens."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypedDict, TypeVar, Unpack

from kg import ontology as ontologies
from kg.base.errors import UsageError
from kg.base.html import InNotebook, paragraph, table
from kg.base.settings import default_db, default_ledger, named_db, without_password
from kg.graph.corpus import Corpus, corpus_of, corpus_shared, redacted, shared_of
from kg.graph.lens import WHOLE, Day, Lens
from kg.graph.looked import EVERYTHING, Looked
from kg.graph.narrow import asserter
from kg.graph.needs import refuse_missing_kinds
from kg.graph.sharing import Shared
from kg.ledger.ledger import Ledger, Manifest
from kg.pipeline.lenses import seen_through
from kg.pipeline.settled import refuse_mismatch, refuse_new_judgements, settled
from kg.stores import Store, file_of, open_store

if TYPE_CHECKING:
    import polars as pl

T = TypeVar("T")

KEPT = 12
"""So many lenses' claims and graphs are kept in memory."""


class Through(TypedDict, total=False):
    """What a lens is given by: whole, or in parts; the asserter as an id or a name."""

    lens: Lens | None
    as_of: Day | None
    valid_on: Day | None
    known_on: Day | None
    according_to: str | None
    max_marking: str | None
    unmarked: str | None
    redact: Collection[str]


OWN = frozenset({"self", "question", "write", "timeout", *Through.__annotations__})
"""What a question's call takes for itself."""


def only_parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    """What somebody else gives as a question's parameters, for `query`: it sets nothing of the
    call's own, such as `write`. Raises `UsageError`."""
    if own := sorted(OWN & given.keys()):
        raise UsageError(f"no parameter of a question is called {own[0]!r}")
    return dict(given)


class Opened(InNotebook):
    """What every call stands on: where graph and ledger are, and what they hold."""

    def __init__(self, url: Path | str | None = None, ledger: Path | str | None = None) -> None:
        self.url = named_db(str(url or default_db()))
        self.file = file_of(self.url)
        self.ledger = Ledger(Path(ledger) if ledger else default_ledger(self.file))
        self._store: Store | None = None
        self._corpora: dict[Lens, Corpus] = {}
        self._shared: dict[Lens, tuple[str, Shared, bool]] = {}

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

    def __repr__(self) -> str:
        return f"<graph {self.name}, ledger {self.ledger.folder}>"

    def _repr_html_(self) -> str:
        if not self.ledger.exists:
            return paragraph(f"{self.name}: no ledger at {self.ledger.folder} yet")
        corpus = self.corpus()
        counts = [[kind, nodes.height] for kind, nodes in sorted(corpus.graph.nodes.items())]
        told = f"{self.name}: {corpus.claims.height:,} claims, the latest of {corpus.date}; from "
        return table(["kind", "nodes"], counts, told + ", ".join(corpus.sources))

    @cached_property
    def ontology(self) -> ontologies.Ontology:
        """The kinds and properties that everything is checked against."""
        return ontologies.load()

    def _refuse_no_ledger(self) -> None:
        if not self.ledger.exists:
            raise UsageError(f"there is no ledger at {self.ledger.folder}; `kg build` makes one")

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

    @contextmanager
    def _asked(self, lens: Lens, looked: Looked = EVERYTHING) -> Iterator[Store]:
        """The stored graph; under a lens a temporary one, made from the claims that count, as far
        as it is looked at."""
        if not lens:
            yield self.store
            return
        settled(lambda: refuse_new_judgements(self.ledger))
        if lens.sharing:
            self._sharing(lens.sharing)  # may refuse, also where the graph was made before
        store = seen_through(
            lens, self.ledger, self.ontology, lambda: self.corpus(lens=lens), looked
        )
        try:
            yield store
        finally:
            store.close()

    def corpus(self, **through: Unpack[Through]) -> Corpus:
        """Claims and graph, whole or through a lens; made from the ledger."""
        whole = self._corpora.get(WHOLE)
        if whole is not None and whole.manifest != self.ledger.manifest().id:
            self._corpora.clear()  # another process has changed the ledger
        lens = self._lens(**through)
        if lens.view and lens not in self._corpora:
            self._corpora[lens] = self.corpus(lens=lens.sharing).under(lens.view)
        if lens and lens not in self._corpora:
            found, judged = self._sharing(lens)
            ledger = self.ledger if judged else None
            self._corpora[lens] = corpus_shared(found.rows, self.ontology, lens, ledger)
        self._forget(lens)
        if lens not in self._corpora:
            self._corpora[lens] = self._read(
                lambda manifest: corpus_of(
                    self.ledger, self.ontology, manifest=manifest, statements=self._rows(manifest)
                )
            )
        return self._corpora[lens]

    def _forget(self, lens: Lens) -> None:
        """Of lenses that look at the whole, or at what may be passed on, the last few are kept:
        whoever asks day by day must not fill the memory."""
        views = [each for each in self._corpora if each.view and each != lens]
        for each in views[: -(KEPT - 1)]:
            del self._corpora[each]

    def shared(self, **through: Unpack[Through]) -> Shared:
        """The rows of the ledger that a lens lets somebody see (`max_marking`, `redact`), and what
        it leaves out, by reason: for who passes it on, not for who gets it."""
        return self._sharing(self._lens(**through).sharing)[0]

    def _sharing(self, lens: Lens) -> tuple[Shared, bool]:
        """The same, and whether people's judgements count."""
        state = self.ledger.manifest().id if self.ledger.exists else ""
        if lens not in self._shared or self._shared[lens][0] != state:
            names = redacted(lens.redact, self.corpus, self.ontology)
            self._shared[lens] = self._read(
                lambda state: (state.id, *shared_of(self._rows(state), self.ledger, lens, names))
            )
        _, found, judged = self._shared[lens]
        return found, judged

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
        who = self._asserter(seen.according_to, seen.sharing)
        return dataclasses.replace(seen, according_to=who)

    def _asserter(self, word: str, sharing: Lens) -> str:
        """The id of who asserts something here, as far as it may be told."""
        if sharing:
            return self.corpus(lens=sharing).asserter(word)
        if WHOLE not in self._corpora:
            with suppress(UsageError):  # who does not is told by all that is there
                return self._read(lambda state: asserter(self.ledger, self.ontology, state, word))
        return self.corpus().asserter(word)

    def _parted(self, given: Mapping[str, Any]) -> tuple[Lens, dict[str, Any]]:
        """The lens among what was given to a call, and the rest."""
        through = {key: value for key, value in given.items() if key in Through.__annotations__}
        rest = {key: value for key, value in given.items() if key not in through}
        return self._lens(**through), rest
