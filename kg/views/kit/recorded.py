"""When what a page carries was recorded here: the third of its clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from kg.views.kit.earlier import LEARNT
from kg.views.kit.picture import all_nodes
from kg.views.kit.then import Row, Then, declared_then

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

By: TypeAlias = list[tuple[str, Row | None, Then]]
"""Day of recording, and what was declared of a node by then: its row, and the same from day to day
where that is dated; no row where it is what is declared today."""

DAY = pl.col("recorded").dt.date()


def recorded_days(corpus: Corpus) -> list[str]:
    """The days on which something was recorded, in order."""
    return [
        str(day) for day in corpus.statements.select(DAY.drop_nulls().unique().sort())["recorded"]
    ]


def with_known(corpus: Corpus, days: Collection[str]) -> Corpus:
    """The corpus with a column `known`, the day of recording as text. Where all of it was recorded
    on one day nobody need be told of each row: then it is null."""
    known = DAY.cast(pl.String) if len(days) > 1 else pl.lit(None, pl.String)
    return replace(
        corpus,
        statements=corpus.statements.with_columns(known=known),
        whole=corpus.whole or corpus,  # it keeps the roles
    )


def declared_by(corpus: Corpus, declared: pl.DataFrame, nodes: Collection[str]) -> dict[str, By]:
    """What had been recorded by when of what is declared of these nodes, the earliest first, where
    that is told (`with_known`). `declared`: as `declared_then` takes it."""
    near = declared.filter(pl.col("subject").is_in(list(nodes))).with_columns(LEARNT)
    days = _days(near)
    found: dict[str, By] = {id: [] for id in days}
    for turn in range(max(map(len, days.values()), default=0)):
        here = {id: each[turn] for id, each in days.items() if turn < len(each) - 1}
        rows = _by(near, here)
        then = replace(corpus, statements=rows.filter(pl.col("until").is_null()))
        drawn = all_nodes(then) if here else {}
        listed = declared_then(corpus, rows, list(here)) if here else {}
        for id, day in here.items():
            found[id].append((day, drawn.get(id, {}), listed.get(id, [])))
    for id, each in days.items():
        found[id].append((each[-1], None, []))
    return found


def _days(declared: pl.DataFrame) -> dict[str, list[str]]:
    """Node → the days on which something declared of it was recorded, or was known to be about
    something else, from its first name on."""
    named = declared.filter(pl.col("predicate") == "name")
    first = named.group_by("subject").agg(first=pl.col("learnt").min())
    ends = pl.concat(declared.select("subject", day=end) for end in ("learnt", "outdated"))
    later = ends.unique().join(first, on="subject").filter(pl.col("day") >= pl.col("first"))
    days: dict[str, list[str]] = defaultdict(list)
    for subject, day in later.select("subject", "day").sort("subject", "day").iter_rows():
        days[subject].append(day)
    return dict(days)


def _by(declared: pl.DataFrame, days: Mapping[str, str]) -> pl.DataFrame:
    """The rows that had been recorded by the day of their subject, and were known to be its."""
    on = pl.col("subject").replace_strict(dict(days), default=None, return_dtype=pl.String())
    return declared.filter(pl.col("learnt") <= on, (pl.col("outdated") > on).fill_null(True))
