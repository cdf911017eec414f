"""What is said, thing by thing, in the order of independent support."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from kg.ask.told import Row, Told
from kg.graph.corpus import Corpus


@dataclass(frozen=True)
class Said:
    """One thing that is said (a subject, a predicate, and an object or value), and by whom."""

    subject: str
    predicate: str
    object: str | None
    value: str | None
    """A value as one would say it, with unit and bound but without anybody's hedge."""
    claims: tuple[Row, ...]
    """The live claims that say so, the earliest first; a voice's earlier words are among them."""
    denials: tuple[Row, ...]
    """The live claims that deny it, or dispute a claim of it."""
    gone: tuple[Row, ...]
    """The claims that were taken back or replaced, or that repeat what was."""
    retractions: tuple[Row, ...]
    """The live claims that take one of these back, and deny nobody else's."""
    independent: int
    """How many different voices say so."""
    unknown: int
    """How many claims at the roots of these have an asserter who is not known."""
    support: int
    """How many statements say so."""

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from everything else that is said."""
        return self.subject, self.predicate, self.object or self.value or ""

    @property
    def all(self) -> tuple[Row, ...]:
        """Every claim about it."""
        return (*self.claims, *self.denials, *self.gone, *self.retractions)

    def as_dict(self) -> dict[str, Any]:
        """What `kg explain --format json` prints of it."""
        return {
            "subject": self.subject,
            "predicate": self.predicate,
            "object": self.object,
            "value": self.value,
            "independent_origins": self.independent,
            "unknown_asserters": self.unknown,
            "support": self.support,
            "claims": [row["id"] for row in self.claims],
            "denials": [row["id"] for row in self.denials],
            "withdrawn": [row["id"] for row in self.gone],
            "retractions": [row["id"] for row in self.retractions],
        }


def ranked(
    corpus: Corpus, found: pl.DataFrame, rows: Sequence[Row] | None = None
) -> tuple[Said, ...]:
    """The things that these claims say: what more independent voices say comes first, then what
    more statements say, then what was said earlier. What is only denied comes last. `rows`: the
    claims as they are told."""
    groups: dict[tuple[str, ...], list[Row]] = {}
    caption = corpus.ontology.caption
    values: dict[tuple[str, ...], str] = {}
    for row in Told.of(corpus, found).rows(found) if rows is None else rows:
        key = _key(row, corpus)
        groups.setdefault(key, []).append(row)
        if row.get("value") is not None:
            parts = (row.get(name) for name in ("unit", "bound"))
            values[key] = caption(row["subject"], row["predicate"], row["value"], *parts)
    counts = {row["id"]: row for row in _counted(found)}
    said = [_said(rows, values.get(key), counts) for key, rows in groups.items()]
    return tuple(sorted(said, key=_order))


def _key(row: Row, corpus: Corpus) -> tuple[str, ...]:
    """A triple; of an edge that has no direction, whichever way round. Values of another bound or
    unit are other values."""
    predicate, ends = row["predicate"], (row["subject"], row["object"] or "")
    if row["object"] and corpus.ontology.edges[predicate].symmetric:
        ends = min(ends), max(ends)
    about = (row.get(name) or "" for name in ("value", "unit", "bound"))
    return (ends[0], predicate, ends[1], *about)


def _counted(found: pl.DataFrame) -> Iterable[Row]:
    columns = ("id", "denies", "voices", "unknown_roots", "statement")
    return found.select(columns).iter_rows(named=True)


def _said(rows: list[Row], value: str | None, counts: dict[str, Row]) -> Said:
    first = rows[0]
    held = [row for row in rows if row["standing"] == "asserted"]
    claims = tuple(row for row in held if row["polarity"] == "positive")
    against = [row for row in held if row["polarity"] == "negative"]
    of = [counts[row["id"]] for row in claims]
    return Said(
        first["subject"],
        first["predicate"],
        first["object"],
        value,
        claims,
        tuple(row for row in against if counts[row["id"]]["denies"]),
        tuple(row for row in rows if row["standing"] != "asserted"),
        tuple(row for row in against if not counts[row["id"]]["denies"]),
        len({voice for row in of for voice in row["voices"] or ()}),
        len({root for row in of for root in row["unknown_roots"] or ()}),
        len({row["statement"] or row["id"] for row in of}),
    )


def _order(one: Said) -> tuple[object, ...]:
    first = min((row.get("asserted", "9999") for row in one.claims), default="9999")
    return (-one.independent, -one.unknown, -one.support, first, *one.key)
