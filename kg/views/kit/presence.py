"""Which of a picture's nodes a lens leaves in the graph, as far as claims outside the page decide.

An entity is in the graph of a lens if a claim that counts names it, or if one that is in the graph
declares to belong to it (`kg.graph.corpus.seen_through`). The page sees for itself what its own
claims name; what the rest of the corpus adds to that is worked out here, by asserter, for the page
offers every asserter and every day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import polars as pl

from kg.graph.project import CLAIM_ENDS
from kg.views.kit.earlier import ENDS, LEARNT, NOT_MERGED, Earlier

Seen = dict[str, list[tuple[str | None, ...]]]
"""Node id → (asserter, earliest day, begin, end, recorded, until, outdated): since when its claims
leave it in the graph, from when to when these are in force, where they state a time, from which day
of recording on they are known to be about it, where that is told, and until when they were, on the
clock of *as of* and on that of *known on*, where they are about something else today
(`kg.views.kit.earlier`). Nobody in particular means anybody; no day means that none of these
claims is dated."""

KEY = ["entity", "asserter", "begin", "end", "known", "until", "outdated"]

IS_DATE = (pl.col("value") == pl.col("valid")).fill_null(False)
"""What gives a date of something states no time of its own validity."""
BEGIN, END = (
    pl.when(~IS_DATE).then(bound).alias(name)
    for name, bound in (("begin", "valid_from"), ("end", "valid_to"))
)


def _later(day: str, since: str) -> pl.Expr:
    """The later of two days; none where the first is not known."""
    return pl.when(pl.col(day).is_not_null()).then(pl.max_horizontal(day, since))


KNOWN = LEARNT.alias("known")
OF_ENDS: dict[str, pl.Expr | str] = {
    "day": _later("asserted_to", "since"), "until": "until", "known": KNOWN, "outdated": "outdated"
}  # fmt: skip
"""From when until when a claim names what its ends stood for, on both clocks."""
OF_OTHERS: dict[str, pl.Expr | str] = {
    "day": "asserted_to", "until": pl.lit(None, pl.Date), "known": "known",
    "outdated": pl.lit(None, pl.String),
}  # fmt: skip
"""The same of its asserter and document."""


def seen(
    statements: pl.DataFrame,
    nodes: Collection[str],
    inside: pl.DataFrame,
    asserters: Collection[str],
    earlier: Earlier,
) -> Seen:
    """What claims that are not `inside` the page add to what these show, for each node; of these
    asserters, and of anybody. Both have a column `known`: when a row was recorded, where that is to
    be told."""
    claims = earlier.parted(statements.filter(~pl.col("declared")))
    inner = _mentions(earlier.parted(inside))
    shown = pl.concat([inner, _by_anybody(inner)])
    declared = earlier.parted(statements.filter(pl.col("declared") & NOT_MERGED))
    whole = _belongings(pl.concat([_mentions(claims), _listed(declared)]), declared)
    offered = whole.filter(pl.col("asserter").is_in(list(asserters)))
    rows = pl.concat([offered, _by_anybody(whole)])
    told = shown.select(*KEY, told=pl.lit(True), before="day")
    rows = rows.filter(pl.col("entity").is_in(pl.Series(list(nodes), dtype=pl.String).implode()))
    rows = rows.join(told, on=KEY, how="left", nulls_equal=True)
    sooner = (pl.col("day") < pl.col("before")) | pl.col("before").is_null()
    adds = pl.col("told").is_null() | (pl.col("day").is_not_null() & sooner)
    found: Seen = defaultdict(list)
    for entity, asserter, *days in (
        rows.filter(adds)
        .sort(KEY)
        .select("entity", "asserter", "day", "begin", "end", "known", "until", "outdated")
        .iter_rows()
    ):
        found[entity].append((asserter, *(str(day) if day else None for day in days)))
    return found


def _mentions(claims: pl.DataFrame) -> pl.DataFrame:
    """`KEY` and `day`: since when an asserter's claims name an entity, by when they hold."""
    parts = [
        claims.select("asserter", BEGIN, END, entity=end, **(OF_ENDS if end in ENDS else OF_OTHERS))
        for _, end in CLAIM_ENDS
    ]
    return _earliest(pl.concat(parts).drop_nulls("entity"))


def _listed(declared: pl.DataFrame) -> pl.DataFrame:
    """Since when a list of which each version is known has an entity, whoever says what of it."""
    dated = declared.filter(pl.col("asserted_from").is_not_null())
    nobody = pl.lit(None, pl.String).alias("asserter")
    columns = (nobody, BEGIN, END, KNOWN, "until", "outdated")
    return _earliest(dated.select(*columns, entity="subject", day=_later("asserted_from", "since")))


def _by_anybody(mentions: pl.DataFrame) -> pl.DataFrame:
    return _earliest(mentions.with_columns(asserter=pl.lit(None, pl.String)))


def _earliest(mentions: pl.DataFrame) -> pl.DataFrame:
    return mentions.group_by(KEY).agg(pl.col("day").min()).select(*KEY, "day")


def _belongings(mentions: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """The mentions, and those of whatever is declared to belong to an entity, step by step, as long
    as that holds."""
    columns = (BEGIN, END, KNOWN, "since", "until", "outdated")
    ends = declared.select(*columns, part="subject", whole="object")
    pairs = ends.drop_nulls(["part", "whole"]).unique()
    since, until = pl.max_horizontal("begin", "begin_right"), pl.min_horizontal("end", "end_right")
    known = pl.max_horizontal("known", "known_right")
    while True:
        parts = mentions.join(pairs, left_on="entity", right_on="part")
        above = parts.select(
            "asserter",
            entity="whole",
            begin=since,
            end=until,
            known=known,
            day=_later("day", "since"),
            until=pl.min_horizontal("until", "until_right"),
            outdated=pl.min_horizontal("outdated", "outdated_right"),
        )
        above = above.filter(
            (pl.col("begin") <= pl.col("end")).fill_null(True)
            & (pl.col("day") < pl.col("until")).fill_null(True)
            & (pl.col("known") < pl.col("outdated")).fill_null(True)
        )
        grown = _earliest(pl.concat([mentions, above.select(*KEY, "day")]))
        if grown.sort(KEY).equals(mentions.sort(KEY)):
            return grown
        mentions = grown
