"""Whatever goes by a name: entities by their names, aliases and ids, the nearest first."""

from __future__ import annotations

import heapq
import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from kg.graph.corpus import Corpus

NAMES = ("id", "name", "names", "ids", "record")
"""Columns of an entity by which it may be asked for."""


Name: TypeAlias = tuple[str, str, str]
"""A name, itself folded, and what of it counts unless a whole id is asked for: every id begins with
its kind, which is nobody's name."""

NOT = 4
"""The rank of what does not go by it."""


@dataclass(frozen=True, slots=True)
class Found:
    """An entity that goes by what was asked for, and the name that does."""

    id: str
    kind: str
    name: str
    also: tuple[str, ...]
    by: str

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return {"id": self.id, "kind": self.kind, "name": self.name, "also": list(self.also),
                "by": self.by}  # fmt: skip


class Finder:
    """The names of all that is in a corpus, but claims; made once for it."""

    def __init__(self, corpus: Corpus) -> None:
        self._weights = _weights(corpus)
        self._entities = [
            (kind, row, [*_names(row)])
            for kind, frame in corpus.graph.nodes.items()
            if kind != "Claim"
            for row in frame.select(_present(frame.columns)).iter_rows(named=True)
        ]

    def find(self, text: str, kind: str | None = None, limit: int = 20) -> tuple[list[Found], int]:
        """The best `limit` of what goes by a text, and how many there are. A name that is the text
        goes before one that begins with it, this before one a word of which does, that before one
        that holds all words of it; of these, what most is said of goes first."""
        asked = fold(text)
        hits = [
            (rank, -self._weights.get(row["id"], 0.0), row["id"], by, node, row)
            for node, row, names in self._entities
            if kind in (None, node)
            for rank, by in [min(_ranks(asked, names), default=(NOT, ""))]
            if rank < NOT
        ]
        best = heapq.nsmallest(limit, hits, key=lambda hit: hit[:3])
        return [_found(node, row, by) for *_, by, node, row in best], len(hits)


def _ranks(asked: str, names: list[Name]) -> Iterator[tuple[int, str]]:
    words = asked.split()
    for name, whole, own in names:
        folded = whole if ":" in asked else own
        if words and all(word in folded for word in words):
            if folded == asked:
                yield 0, name
            elif folded.startswith(asked):
                yield 1, name
            else:
                yield 2 + (re.search(rf"\b{re.escape(words[0])}", folded) is None), name


def fold(text: str) -> str:
    """Without case, accents and width, as the page folds it (`fold` in its `words.js`)."""
    parts = unicodedata.normalize("NFKD", text).lower()
    return " ".join("".join(c for c in parts if unicodedata.category(c)[0] != "M").split())


def _present(columns: list[str]) -> list[str]:
    return [name for name in NAMES if name in columns]


def _names(row: Mapping[str, Any]) -> Iterator[Name]:
    """All that it goes by, once each."""
    for name in dict.fromkeys(filter(None, (row["name"], *(row.get("names") or ())))):
        yield name, fold(name), fold(name)
    ids = (id for column in ("ids", "record") for id in row.get(column) or ())
    for id in dict.fromkeys((row["id"], *ids)):
        yield id, fold(id), fold(id.partition(":")[2] or id)


def _found(kind: str, row: Mapping[str, Any], by: str) -> Found:
    also = sorted({*(row.get("names") or ()), row["name"]} - {row["name"], None})
    return Found(row["id"], kind, row["name"], tuple(also), by)


def _weights(corpus: Corpus) -> dict[str, float]:
    """How many claims are made of each entity, or name it."""
    ends = corpus.claims.select("subject", "object").unpivot()["value"].drop_nulls()
    return dict(ends.value_counts().iter_rows())
