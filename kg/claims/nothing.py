"""What says nothing, kept out of a source's statements: filler values, and actors called `unknown`.

A value that is a filler is left out; what happens at an entity that is called by one never becomes
an edge. That nobody is blamed is said of the incident (`attribution_status`). All of it is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from kg.base.fillers import is_filler, without_fillers
from kg.ontology import BadValue, Ontology, Property

ACTORS = frozenset({"Group", "Organization", "Agency", "Person", "Sector", "Region", "Software"})
"""Kinds of which an entity that is called by a filler is nobody; an event has no name at worst."""

NOBODY, STATUS = "not attributed", "attribution_status"


class Nothing:
    """Fillers that one source holds, counted, and the ids that stand for nobody."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str, str], list[Any]] = {}
        self.nobody: set[str] = set()

    def meant(self, spec: Property, text: str, place: str) -> str | None:
        """What a value says once fillers are out of it; None, and counted, if nothing is left."""
        if spec.name == "name":
            return text  # of an event: it has one all the same
        if spec.of.dated:  # people may be born on the first day that a clock knows
            return self.date(spec.name, text, place, days=not spec.life)
        if not is_filler(text) or not text.strip() or _is_term(spec, text):
            return text
        self._lost(spec.name, text, place, "stands where nothing is known; it is no value")
        return None

    def date(self, name: str, text: str, place: str, days: bool = True) -> str | None:
        """The same of a date; an interval may lose one end."""
        kept = without_fillers(text, days) if text.strip() else text
        if kept != text:
            self._lost(name, text, place, "is a placeholder and no date")
        return kept or None if text.strip() else text

    def is_nobody(self, id: str, kind: str, name: str, place: str) -> bool:
        """Whether an entity is one only by its name, which is a filler."""
        if kind not in ACTORS or not is_filler(name):
            self.nobody.discard(id)
            return False
        self.nobody.add(id)
        self._lost("name", name, place, f"names nobody, and no {kind.lower()} was made of it")
        return True

    def _lost(self, field: str, text: str, place: str, why: str) -> None:
        seen = self._seen.setdefault((field, text, why), [0, place])
        seen[0] += 1

    def told(self) -> Iterator[tuple[str, str, str, str, int]]:
        """(place, field, value, message, how often) of each filler, with the first place."""
        for (field, text, why), (count, place) in self._seen.items():
            times = f" ({count:,} times)" if count > 1 else ""
            yield place, field, text, f"{why}; left out{times}", count

    def split(self, frame: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
        """The rows that are about somebody, and those that are not; an asserter that is nobody is
        unknown."""
        if not self.nobody:
            return frame, frame.clear()
        ids = list(self.nobody)
        about = pl.col("subject").is_in(ids) | pl.col("object").is_in(ids).fill_null(False)
        known = pl.when(~pl.col("asserter").is_in(ids)).then(pl.col("asserter"))
        return frame.filter(~about).with_columns(asserter=known), frame.filter(about)

    def unattributed(self, lost: pl.DataFrame, ontology: Ontology) -> Iterator[dict[str, Any]]:
        """What is left of attributions to nobody, as `Emitter.claim` takes it."""
        blamed = lost.filter(predicate="ATTRIBUTED_TO", declared=False, negative=False)
        for row in blamed.iter_rows(named=True):
            kind = ontology.kind_of(row["subject"])
            if row["subject"] not in self.nobody and kind and ontology.property(kind, STATUS):
                yield {name: row[name] for name in _KEPT if row[name] not in self.nobody}


_KEPT = ("subject", "asserter", "document", "place", "locator", "summary", "quote", "asserted",
         "asserted_basis", "marking")  # fmt: skip


def _is_term(spec: Property, text: str) -> bool:
    if spec.vocabulary is None:
        return False
    try:
        spec.parse(text)
    except BadValue:
        return False
    return True
