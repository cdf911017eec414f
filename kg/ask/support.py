"""Which claims stand behind the rows of an answer: for whoever asked, and got names and numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from kg.graph.corpus import Corpus

MOST = 10
"""Claims told of a row: of more, those that say the most of what it names come first."""


class Support:
    """What is claimed, by the entities it is claimed of; made once for a corpus."""

    def __init__(self, corpus: Corpus) -> None:
        self._ids: dict[str, set[str]] = {}
        for id, name in corpus.names.items():
            self._ids.setdefault(name, set()).add(id)
            self._ids.setdefault(id, set()).add(id)
        self._claims = {row["id"]: row for row in _rows(corpus)}
        self._of: dict[str, list[str]] = {}
        for id, row in self._claims.items():
            for end in {row["subject"], row["object"], row["asserter"], row["document"]} - {None}:
                self._of.setdefault(end, []).append(id)
        self._predicates = {row["predicate"] for row in self._claims.values()}

    def of(
        self, cypher: str, row: Mapping[str, Any], given: Mapping[str, Any]
    ) -> tuple[list[str], int]:
        """Ids of claims behind one row of a statement's answer, at most `MOST`, and how many there
        are: those that the row itself holds; else those of the relations and properties that the
        statement names, both of whose ends, or whose end and value, the row or the statement's
        arguments name; else those that mention one of these."""
        cells = set(_texts(row.values()))
        if held := sorted(cells & self._claims.keys()):
            return held[:MOST], len(held)
        named = {word for word in self._predicates if re.search(rf"\b{word}\b", cypher)}
        ends, asked = self._entities(cells), self._entities(_texts(given.values()))
        for found in self._nearest(cells, ends, ends | asked, named or self._predicates):
            if found:
                ranked = sorted(found, key=lambda id: (-self._weight(id, ends | asked, cells), id))
                return ranked[:MOST], len(ranked)
        return [], 0

    def _nearest(
        self, cells: set[str], ends: set[str], around: set[str], named: set[str]
    ) -> Iterator[list[str]]:
        near = [id for end in ends or around for id in self._of.get(end, ())] or self._claims
        rows = {id: self._claims[id] for id in near}
        said = {id: row for id, row in rows.items() if row["predicate"] in named}
        yield [
            id
            for id, row in said.items()
            if row["subject"] in around and (row["object"] in around or row["value"] in cells)
        ]
        yield [id for id, row in said.items() if row["subject"] in ends or row["object"] in ends]
        yield list(said)
        yield list(rows)

    def _entities(self, cells: Iterable[str]) -> set[str]:
        return {id for cell in cells for id in self._ids.get(cell, ())}

    def _weight(self, id: str, around: set[str], cells: set[str]) -> int:
        row = self._claims[id]
        ends = (row["subject"], row["object"], row["asserter"], row["document"])
        return sum(end in around for end in ends) + (row["value"] in cells)


def _rows(corpus: Corpus) -> Iterator[dict[str, Any]]:
    columns = ("id", "subject", "predicate", "object", "value", "asserter", "document")
    yield from corpus.claims.select(columns).iter_rows(named=True)


def _texts(cells: Iterable[Any]) -> Iterator[str]:
    """Every text and number in cells, lists and maps within them included, as text."""
    for cell in cells:
        if isinstance(cell, Mapping):
            yield from _texts(cell.values())
        elif isinstance(cell, Sequence) and not isinstance(cell, str):
            yield from _texts(cell)
        elif cell is not None:
            yield str(cell)
