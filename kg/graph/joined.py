"""What ids stood for, from day to day: as it is known today, and as it was known when less had been
recorded.

The declared rows of the source `identity` tell the first. Where somebody's dated word that two
records are one was recorded here later than the day that is asked for, what they stood for is
worked out again, from what they were before any such word and from the words recorded by then.
What our rules conclude has no date, and counts on every day of either clock; what they concluded
because of such words counts from these on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from typing import NamedTuple

import polars as pl

from kg.claims.columns import STATEMENTS, stands
from kg.graph.concluded import IDENTITY, SAME, Step, is_merged, merged_in, merged_rows
from kg.graph.project import canonical
from kg.ontology import Ontology


class Word(NamedTuple):
    """That two ids are one."""

    day: date
    one: str
    other: str
    recorded: date


def steps(statements: pl.DataFrame) -> pl.DataFrame:
    """`id` stood for `target`, and is `final` today, `since` a day (null: from ever): of all that
    stood for something else before a dated word."""
    columns = {
        "id": "subject_as", "target": "object_as", "final": "subject", "since": "asserted_from"
    }  # fmt: skip
    said = statements.filter(is_merged()).select(**columns)
    dated = said.filter(pl.col("since").is_not_null())
    rows = said.filter(pl.col("id").is_in(dated["id"].implode()))
    undated = rows.filter(pl.col("since").is_null())["id"].implode()
    first = dated.filter(~pl.col("id").is_in(undated)).unique("id", maintain_order=True)
    itself = first.with_columns(target="id", since=pl.lit(None, pl.Date))
    return pl.concat([rows, itself]).unique().sort("id", "since", nulls_last=False)


def words(statements: pl.DataFrame) -> pl.DataFrame:
    """`final`, `day`, `one`, `other`, `recorded`: the dated words that two ids are one, of those
    that became one, and the day on which each was recorded (the first of all, where none is
    told)."""
    said = (pl.col("predicate") == SAME) & ~pl.col("declared") & (pl.col("source") != IDENTITY.name)
    dated = pl.col("asserted_from").is_not_null() & (pl.col("subject") == pl.col("object"))
    found = statements.filter(said & dated)
    if found.height:
        found = found.filter(stands(statements))
    return found.select(
        final="subject", day="asserted_from", one="subject_as", other="object_as",
        recorded=pl.col("recorded").dt.date().fill_null(date.min),
    )  # fmt: skip


def known_by(statements: pl.DataFrame, day: date) -> pl.DataFrame:
    """The `steps` of what was made one by words of which not all had been recorded by a day, as far
    as these had."""
    said = words(statements)
    late = said.filter(pl.col("recorded") > day)["final"].unique()
    today = steps(statements if len(late) else statements.clear())
    own: dict[str, list[Step]] = defaultdict(list)
    for final, *step in today.select("final", "id", "target", "since").iter_rows():
        own[final].append((step[0], step[1], step[2]))
    told: dict[str, list[Word]] = defaultdict(list)
    for final, *word in said.select("final", *Word._fields).iter_rows():
        told[final].append(Word(*word))
    rows = [
        (id, target, final, since)
        for final in sorted({*late} & own.keys())
        for id, target, since in _again(final, own[final], told[final], day)
    ]
    return pl.DataFrame(rows, schema=today.schema, orient="row")


class _Parts:
    """What is one of the ids of one entity: before any dated word, and as words join them."""

    def __init__(self, final: str, today: Iterable[Step]) -> None:
        self.final = final
        self.before = {id: target for id, target, since in today if since is None}
        self._of = {one: one for one in (*self.before.values(), final)}

    def __getitem__(self, id: str) -> str:
        return self._of[self.before.get(id, self.final)]

    def join(self, one: str, other: str) -> None:
        """Make one of the parts that these two are in."""
        keep, drop = self[one], self[other]
        self._of.update({at: keep for at, own in self._of.items() if own == drop})

    def names(self, today: Iterable[Step]) -> Mapping[str, str]:
        """What each part goes by: `final` where that is in it, else the last of it that any of it
        is known to have stood for."""
        found = {self[self.final]: self.final}
        for id, target, _ in sorted(today, key=lambda step: (-_ordinal(step[2]), step[1])):
            if self[id] == self[target]:
                found.setdefault(self[id], target)
        return found


def _again(final: str, today: Sequence[Step], said: Sequence[Word], known: date) -> Iterator[Step]:
    """What the ids of one entity stood for, by what had been recorded of these words by a day."""
    parts = _Parts(final, today)
    stood = dict(parts.before)
    yield from ((id, target, None) for id, target in stood.items())
    every = sorted([*said, *_following(final, today, said)])
    for day, those in groupby((w for w in every if w.recorded <= known), key=lambda w: w.day):
        for word in those:
            parts.join(word.one, word.other)
        names = parts.names(today)
        for id in parts.before:
            if stood[id] != (name := names[parts[id]]):
                stood[id] = name
                yield id, name, day


def _following(final: str, today: Sequence[Step], said: Sequence[Word]) -> Iterator[Word]:
    """What the rules joined besides once such words had been said, as if that had been said with
    them: it was known when all of them were."""
    parts, recorded = _Parts(final, today), date.min
    for day, those in groupby(sorted(said), key=lambda word: word.day):
        for word in those:
            parts.join(word.one, word.other)
            recorded = max(recorded, word.recorded)
        for id, target, since in today:
            if since == day and parts[id] != parts[target]:
                parts.join(id, target)
                yield Word(day, id, target, recorded)


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0


def as_it_was(
    statements: pl.DataFrame, day: date | None, known: date | None, ontology: Ontology
) -> pl.DataFrame:
    """Merged statements in which what became one by somebody's word of a later day, or by one that
    was recorded later, is not one yet."""
    said = statements.filter(is_merged()).with_columns(subject="subject_as", object="object_as")
    anew = steps(statements.clear()) if known is None else known_by(statements, known)
    then = said.filter(~pl.col("subject").is_in(anew["id"].implode())).select(list(STATEMENTS))
    rows = anew.filter((pl.col("id") != pl.col("target")) | pl.col("since").is_not_null())
    then = pl.concat([then, merged_rows(rows.select("id", "target", "since").iter_rows())])
    if day is not None:
        then = then.filter((pl.col("asserted_from") <= day).fill_null(True))
    if anew.is_empty() and then.height == said.height:
        return statements
    before, after = merged_in(said), merged_in(then)
    moved = [id for id, one in before.items() if after.get(id, id) != one]
    # Only what the ids in question were said of is mapped again: the rest stands as it is.
    again = pl.col("subject_as").is_in(moved) | pl.col("object_as").is_in(moved).fill_null(False)
    own = statements.filter(again & ~is_merged()).with_columns(
        subject="subject_as", object="object_as"
    )
    fresh = pl.concat([own.select(list(STATEMENTS)), then])
    placed = canonical(fresh, {id: one for id, one in after.items() if id != one}, ontology)
    kept = statements.filter(~again & ~is_merged())
    return pl.concat([kept, placed.select(statements.columns)])
