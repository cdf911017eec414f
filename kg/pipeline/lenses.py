"""The graph that a lens leaves: made for a question, and kept for the next one."""

from __future__ import annotations

from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING

from kg import __version__
from kg.base.settings import cache_folder
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from kg.graph.looked import EVERYTHING, Looked
from kg.ledger.ledger import Ledger
from kg.ontology import Ontology
from kg.pipeline.step import shape
from kg.stores import Store

if TYPE_CHECKING:
    from kg.stores.kglite import KgliteStore
    from kg.stores.shelf import Shelf

FOLDER = "lenses"
"""Of such graphs, in the user's folder for what can be made again."""


def seen_through(
    lens: Lens,
    ledger: Ledger,
    ontology: Ontology,
    corpus_of: Callable[[], Corpus],
    looked: Looked = EVERYTHING,
) -> Store:
    """As much as is looked at of what a lens leaves of a graph: made for an earlier question that
    looked at the same, where the ledger, the vocabulary and the code are as they were then; else
    made now of the corpus that it leaves, and kept."""
    from kg.stores.shelf import ENGINE, Shelf  # no other question needs the engine

    home = cache_folder()
    shelf = Shelf(home / FOLDER if home else None)
    told = (lens, looked.key, shape(ontology), __version__, ENGINE)
    key = sha256(repr(told).encode()).hexdigest()[:16]
    state = ledger.manifest().id
    if found := shelf.take(state, key):
        return found
    corpus = corpus_of()
    store = made_of(corpus, ontology, shelf, looked)
    if ledger.manifest().id == state:
        shelf.put(state, key, store)
    return store


def made_of(
    corpus: Corpus, ontology: Ontology, shelf: Shelf | None = None, looked: Looked = EVERYTHING
) -> KgliteStore:
    """A graph of its own that holds what a corpus amounts to, as far as it is looked at."""
    from kg.stores.shelf import Shelf

    store = (shelf or Shelf(None)).new()
    try:
        store.prepare(ontology)
        if looked == EVERYTHING:
            store.fill([corpus.graph], ontology)
        else:
            store.show(corpus.part(looked), whole=looked.properties is None)
    except BaseException:
        store.close()
        raise
    return store
