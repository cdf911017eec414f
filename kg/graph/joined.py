"""What ids stood for, from day to day: as it is known today, and as it was known when less had been
recorded.

The declared rows of the source `identity` tell the first. Where somebody's dated word that two
records are one was recorded here later than the day that is asked for, what they stood for is
worked out again, from what they were before any such word and from the words recorded by then.
What our rules conclude has no date, and counts on every day of either clock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import TypeAlias

import polars as pl

from kg.claims.columns import STATEMENTS, stands
from kg.graph.concluded import IDENTITY, SAME, Step, is_merged, merged_in, merged_rows
from kg.graph.project import canonical
from kg.ontology import Ontology

Word: TypeAlias = tuple[date, str, str]
"""On which day somebody said of two ids that they are one."""


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
    that became one; recorded on a day (null: from ever)."""
    said = (pl.col("predicate") == SAME) & ~pl.col("declared") & (pl.col("source") != IDENTITY.name)
    dated = pl.col("asserted_from").is_not_null() & (pl.col("subject") == pl.col("object"))
    found = statements.filter(said & dated)
    if found.height:
        found = found.filter(stands(statements))
    return found.select(
        final="subject", day="asserted_from", one="subject_as", other="object_as",
        recorded=pl.col("recorded").dt.date(),
    )  # fmt: skip


def known_by(statements: pl.DataFrame, day: date) -> pl.DataFrame:
    """The `steps` of what was made one by words of which not all had been recorded by a day, as far
    as these had."""
    said = words(statements)
    late = (pl.col("recorded") > day).fill_null(False)
    finals = said.filter(late)["final"].unique()
    today = steps(statements if len(finals) else statements.clear())
    today = today.filter(pl.col("final").is_in(finals.implode()))
    by_then: dict[str, list[Word]] = defaultdict(list)
    for final, *word in said.filter(~late).select("final", "day", "one", "other").iter_rows():
        by_then[final].append((word[0], word[1], word[2]))
    own: dict[str, list[Step]] = defaultdict(list)
    for final, *step in today.select("final", "id", "target", "since").iter_rows():
        own[final].append((step[0], step[1], step[2]))
    rows = [
        (id, target, final, since)
        for final, path in own.items()
        for id, target, since in _again(final, path, by_then[final])
    ]
    return pl.DataFrame(rows, schema=today.schema, orient="row")


def _again(final: str, today: Sequence[Step], said: Iterable[Word]) -> Iterator[Step]:
    """What the ids of one entity stood for, had nobody said more than this of them."""
    before = {id: target for id, target, since in today if since is None}
    part = {one: one for one in (*before.values(), final)}
    stood = dict(before)
    yield from ((id, target, None) for id, target in before.items())
    for day, those in groupby(sorted(said), key=itemgetter(0)):
        for _, one, other in those:
            keep, drop = (part[before.get(end, final)] for end in (one, other))
            part.update({at: keep for at, own in part.items() if own == drop})
        names = _names(final, today, {id: part[one] for id, one in before.items()}, part[final])
        for id, one in before.items():
            if stood[id] != (name := names[part[one]]):
                stood[id] = name
                yield id, name, day


def _names(
    final: str, today: Sequence[Step], part: Mapping[str, str], last: str
) -> Mapping[str, str]:
    """What each part goes by: `final` where that is in it (it is in `last`), else the last of it
    that any of it is known to have stood for."""
    found = {last: final}
    for id, target, _ in sorted(today, key=lambda step: (-_ordinal(step[2]), step[1])):
        if part[id] == part.get(target, last):
            found.setdefault(part[id], target)
    return found


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
