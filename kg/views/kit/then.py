"""What a list declared of a picture's nodes on earlier days, where each of its versions is known.

The page works out what claims amount to under a lens; what is declared it takes as it is. Of a list
that was read through its versions (`kg load --history`) declarations have days too: names, codes
and keys come and go. Here stands, for each node, what was declared from which day on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from kg.views.kit.picture import all_nodes

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

Row: TypeAlias = Mapping[str, Any]
Then: TypeAlias = list[tuple[str, Row]]
"""From which day on (first: from ever), and the row without claims."""

BEGUN, ENDED = ("asserted_from", "since"), ("withdrawn_from", "until")
DATED = pl.col("declared") & pl.col("asserted_from").is_not_null()


def declared_then(
    corpus: Corpus, declared: pl.DataFrame, nodes: Collection[str]
) -> dict[str, Then]:
    """What was declared of these nodes, from day to day, where that is dated, or was declared of
    something else then. `declared`: such rows of theirs, as `Earlier.parted` gives them."""
    dated = DATED | pl.col("since").is_not_null() | pl.col("until").is_not_null()
    days = _days(declared.filter(dated & pl.col("subject").is_in(list(nodes))))
    rows = declared.filter(pl.col("subject").is_in(list(days)))
    found: dict[str, Then] = {id: [] for id in days}
    for turn in range(max(map(len, days.values()), default=0)):
        here = {id: each[turn] for id, each in days.items() if turn < len(each)}
        then = _standing(rows.filter(pl.col("subject").is_in(list(here))), here)
        bare = replace(corpus, statements=then, whole=corpus.whole or corpus)  # it keeps the roles
        drawn = all_nodes(bare) if then.height else {}
        for id, day in here.items():
            row = drawn.get(id, {})
            if not found[id] or found[id][-1][1] != row:
                found[id].append((str(day) if day > date.min else "", row))
    return found


def _days(listed: pl.DataFrame) -> dict[str, list[date]]:
    """Entity → the days on which something of it came or went, before them the first day ever."""
    ends = [listed.select("subject", day=end) for end in ("since", "until")]
    dated = listed.filter(DATED)
    ends += [dated.select("subject", day=end) for end in ("asserted_from", "withdrawn_from")]
    found: dict[str, list[date]] = defaultdict(lambda: [date.min])
    for subject, day in pl.concat(ends).drop_nulls().unique().sort("subject", "day").iter_rows():
        found[subject].append(day)
    return found


def _standing(rows: pl.DataFrame, days: Mapping[str, date]) -> pl.DataFrame:
    """The rows that stood on the day of their subject."""
    on = pl.col("subject").replace_strict(days, return_dtype=pl.Date())
    said = pl.all_horizontal((pl.col(day) <= on).fill_null(True) for day in BEGUN)
    gone = pl.any_horizontal((pl.col(day) <= on).fill_null(False) for day in ENDED)
    return rows.filter(said & ~gone).with_columns(live=True, status=pl.lit(None, pl.String))
