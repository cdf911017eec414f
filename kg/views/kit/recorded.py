"""When what a page carries was recorded here: the third of its clocks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from kg.views.kit.picture import all_nodes
from kg.views.kit.then import Row, Then, declared_then

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus
    from kg.views.kit.earlier import Earlier

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


def declared_by(corpus: Corpus, nodes: Collection[str], earlier: Earlier) -> dict[str, By]:
    """What had been recorded by when of what is declared of these nodes, the earliest first, where
    that is told (`with_known`)."""
    declared = corpus.statements.filter(
        pl.col("declared") & pl.col("object").is_null() & pl.col("subject").is_in(list(nodes))
    )
    days = _days(declared)
    found: dict[str, By] = {id: [] for id in days}
    for turn in range(max(map(len, days.values()), default=0)):
        here = {id: each[turn] for id, each in days.items() if turn < len(each) - 1}
        then = replace(corpus, statements=_by(declared, here))
        drawn = all_nodes(then) if here else {}
        listed = declared_then(then, list(here), earlier) if here else {}
        for id, day in here.items():
            found[id].append((day, drawn.get(id, {}), listed.get(id, [])))
    for id, each in days.items():
        found[id].append((each[-1], None, []))
    return found


def _days(declared: pl.DataFrame) -> dict[str, list[str]]:
    """Node → the days on which something declared of it was recorded, from its first name on."""
    named = declared.filter(pl.col("predicate") == "name")
    first = named.group_by("subject").agg(first=pl.col("known").min())
    later = declared.join(first, on="subject").filter(pl.col("known") >= pl.col("first"))
    days: dict[str, list[str]] = defaultdict(list)
    for subject, day in later.select("subject", "known").unique().sort("subject", "known").rows():
        days[subject].append(day)
    return dict(days)


def _by(declared: pl.DataFrame, days: Mapping[str, str]) -> pl.DataFrame:
    """The rows that had been recorded by the day of their subject."""
    on = pl.col("subject").replace_strict(dict(days), default=None, return_dtype=pl.String())
    return declared.filter(pl.col("known") <= on)
