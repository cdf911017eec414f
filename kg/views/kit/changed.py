"""What changed between two sides as a picture: edges that came, went, are believed otherwise."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from kg.base.errors import UsageError
from kg.graph.corpus import Corpus
from kg.graph.standing import standing
from kg.views.kit.picture import Picture
from kg.views.kit.selection import selection

if TYPE_CHECKING:
    from kg.ask.diff import Difference

ABOUT = (
    "Lines that came, that went (grey), and those of which something else is believed than before; "
    "click a line to read what became of it and who says so."
)

Key = tuple[str, str, str]


def of_both(before: Corpus, after: Corpus) -> Corpus:
    """What stands on the later side, and what stood on the earlier one alone, as taken back."""
    columns = [name for name in after.statements.columns if name in before.statements.columns]
    gone = before.statements.join(after.statements, on="id", how="anti").select(columns)
    gone = gone.with_columns(
        status=pl.when("declared").then("status").otherwise(pl.lit("retracted"))
    )
    bare = pl.concat([after.statements.select(columns), gone])
    return replace(after, statements=standing(bare, after.bodies), whole=None)


def changed(found: Difference, corpus: Corpus, between: str) -> Picture:
    """The edges of a difference, each with what became of it."""
    became: dict[Key, list[str]] = defaultdict(list)
    for key, word in _words(found):
        became[key].append(word)
    if not became:
        raise UsageError("no edge changed: there is nothing to draw")
    marks = {key: ", ".join(words) for key, words in became.items()}
    picture = selection(corpus, (), list(became), f"What changed: {between}")
    return replace(picture, about=ABOUT, marks=marks)


def _words(found: Difference) -> Iterator[tuple[Key, str]]:
    whole = set()
    for part in (found.edges, found.beliefs):
        for name, rows in part.items():
            for row in (row for row in rows if "from" in row):
                key = row["from"], row["type"], row["to"]
                whole.add(key)
                yield key, name.replace("_", " ")
    for name, rows in found.claims.items():
        told = Counter((row["subject"], row["predicate"], row.get("object", "")) for row in rows)
        for key in (key for key in told if key[2] not in ("", key[0]) and key not in whole):
            yield key, f"claims {name}: {told[key]}"
