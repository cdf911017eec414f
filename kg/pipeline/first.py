"""The first build of a database: a ledger is projected part after part, each is laid aside on disk,
and then they are written, all nodes before all edges. Memory holds the slim columns of the ledger,
or the engine and one part, never the graph beside the claims."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from kg.graph.graph import EdgeKey, Graph
from kg.graph.index import SLIM, Index
from kg.graph.needs import refuse_missing_kinds
from kg.graph.parts import ROWS, Shared, cut
from kg.ledger.ledger import Ledger, Manifest
from kg.ontology import Ontology
from kg.pipeline.step import entry_rows, index_of


@dataclass
class Aside:
    """A graph's parts, kept in a folder; the only one in memory."""

    folder: Path | None
    kept: list[Graph] = field(default_factory=list)
    nodes: list[tuple[str, Path]] = field(default_factory=list)
    edges: list[tuple[EdgeKey, Path]] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _numbers: Iterator[int] = field(default_factory=count)

    def add(self, part: Graph) -> None:
        """Lay a part aside."""
        self.counts.update(part.counts())
        if self.folder is None:
            self.kept.append(part)
            return
        self.nodes += [(kind, self._lay(frame)) for kind, frame in part.nodes.items()]
        self.edges += [(key, self._lay(frame)) for key, frame in part.edges.items()]

    def _lay(self, frame: pl.DataFrame) -> Path:
        assert self.folder is not None
        path = self.folder / f"{next(self._numbers)}.parquet"
        frame.write_parquet(path, compression="lz4", statistics=False)
        return path

    def parts(self) -> Iterator[Graph]:
        """All nodes, then all edges."""
        for graph in self.kept:
            yield Graph(graph.nodes, {})
        for kind, path in self.nodes:
            yield Graph({kind: pl.read_parquet(path)}, {})
        for graph in self.kept:
            yield Graph({}, graph.edges)
        for key, path in self.edges:
            yield Graph({}, {key: pl.read_parquet(path)})


@contextmanager
def projected(
    ledger: Ledger, ontology: Ontology, manifest: Manifest, rows: int = ROWS
) -> Iterator[Aside]:
    """The graph that a manifest amounts to, in parts of about so many rows of the ledger.

    Raises `UsageError` where a source needs a kind that the ontology lacks."""
    if entry_rows(manifest) <= rows:
        aside = Aside(None)
        _project(ledger, ontology, manifest, rows, aside)
        yield aside
        return
    with TemporaryDirectory(prefix="kg-") as folder:
        aside = Aside(Path(folder))
        _project(ledger, ontology, manifest, rows, aside)
        yield aside


def _project(
    ledger: Ledger, ontology: Ontology, manifest: Manifest, rows: int, aside: Aside
) -> None:
    index = _first_pass(ledger, ontology, manifest)
    shared, parts = Shared.of(index), list(cut(index, rows))
    del index  # from here on a part needs the memory
    for ids in parts:
        aside.add(shared.part(ledger.read(manifest, ids=None if len(parts) == 1 else ids)))


def shared_of(
    ledger: Ledger, ontology: Ontology, manifest: Manifest
) -> tuple[Shared, pl.DataFrame]:
    """What every part needs to know, and the slim rows that it comes of.

    Raises `UsageError` where a source needs a kind that the ontology lacks."""
    index = _first_pass(ledger, ontology, manifest)
    return Shared.of(index), index.slim


def _first_pass(ledger: Ledger, ontology: Ontology, manifest: Manifest) -> Index:
    index = index_of(
        ledger, ontology, manifest, lambda entry: ledger.read(Manifest((entry,)), SLIM)
    )
    refuse_missing_kinds(index.slim, ontology)
    return index
