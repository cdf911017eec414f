"""Measures: questions to the whole graph that are answered by computation.

A measure is a function on a networkx graph, marked with `@measure`, in any file of this folder (or
in a module that an entry point of the group `kg.analytics` names); nothing else has to be edited.

    from kg.analytics import run
    result = run(corpus, "structural_balance", runs=1000)
    result.n, result.coverage, result.corpus_date, result.rows
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from kg.analytics.kit.measure import CLAIM, RELATIONS, Measure, measure
from kg.analytics.kit.result import Result, share
from kg.base.discovery import by_name, in_modules
from kg.base.errors import UsageError, offering
from kg.graph.corpus import Corpus
from kg.graph.graph import uncollected
from kg.graph.lens import Lens
from kg.graph.looked import Looked
from kg.graph.project import OF_CLAIMS

__all__ = ["Measure", "Result", "discover", "find", "measure", "run", "share"]


def discover(folders: Iterable[Path] = ()) -> dict[str, Measure]:
    """Every measure by its name, sorted; `folders` are searched besides."""
    found = by_name("measure", in_modules("analytics", _measures, folders))
    return dict(sorted(found.items()))


def _measures(module: ModuleType) -> Iterator[tuple[str, Measure]]:
    for thing in vars(module).values():
        if isinstance(thing, Measure):
            yield thing.name, thing


def find(name: str, folders: Iterable[Path] = ()) -> Measure:
    """The measure of that name. Raises UsageError with the nearest names."""
    known = discover(folders)
    if name not in known:
        raise UsageError(offering(f"no measure is called {name!r}", name, known))
    return known[name]


def run(corpus: Corpus, name: str, folders: Iterable[Path] = (), **params: Any) -> Result:
    """Run one measure on a corpus (which may be seen through a lens).

    `params` are the measure's own; text is read as the type of the parameter's default. Raises
    UsageError for an unknown measure, parameter or value.
    """
    chosen = find(name, folders)
    given = chosen.read(params)
    if chosen.needs("as_of"):
        given["as_of"] = lambda day: _read(corpus.under(Lens(as_of=day)), chosen)
    if chosen.needs("listed"):
        given["listed"] = corpus.listed
    graph = _read(corpus, chosen)
    with uncollected():
        return chosen(graph, **given).stamped(corpus_date=corpus.date)


def _read(corpus: Corpus, chosen: Measure) -> Any:
    """The networkx graph with as much of a corpus as a measure looks at."""
    if chosen.reads is None:
        return corpus.graph.networkx()
    types = set(chosen.reads)
    if RELATIONS in types:
        types |= corpus.ontology.edges.keys() - OF_CLAIMS
    return corpus.part(Looked(types=types)).networkx(claims=CLAIM)
