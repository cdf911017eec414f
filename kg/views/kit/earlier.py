"""What the entities of a picture were before somebody's word of a known day made them one.

Under *as of* an earlier day the page takes them apart again (`settle` in `rows.js`), as
`kg.graph.corpus` does: so it is given the nodes and edges of those days too, which nothing shows
today, and for each id that a source used what it stood for, from which day on.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from kg.graph.concluded import SAME, is_merged
from kg.graph.project import OF_CLAIMS, is_edge
from kg.views.kit.picture import Link, Picture, all_links, all_nodes
from kg.views.kit.reach import Reach

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

Spans: TypeAlias = list[tuple[str | None, str | None]]
"""From which day on, and until (that day is not in it); None is open."""
Triple: TypeAlias = tuple[str, str, str]

ENDS = ("subject", "object")
NO_STEPS = pl.DataFrame(
    schema={"id": str, "target": str, "final": str, "since": pl.Date, "until": pl.Date}
)
NOT_MERGED = ~(pl.col("declared") & (pl.col("predicate") == SAME))


@dataclass(frozen=True)
class Earlier:
    """What ids stood for, step by step, for those of which that has changed."""

    steps: pl.DataFrame
    """`id` stood for `target`, and is `final` today, `since` a day, `until` another (not in it)."""
    symmetric: frozenset[str]
    links: Mapping[Triple, Spans]
    """Edge at one of these → when it was declared."""

    @property
    def targets(self) -> list[str]:
        """All that any of them ever stood for."""
        return sorted(self.steps["target"].unique())

    @property
    def history(self) -> dict[str, list[tuple[str, str]]]:
        """Id → since when (first: from ever) it stood for what."""
        found: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for id, target, since in self.steps.select("id", "target", "since").iter_rows():
            found[id].append((str(since or ""), target))
        return dict(found)

    @property
    def stood(self) -> dict[str, Spans]:
        """What was not a node at all times → when it was one: as long as its id stood for it."""
        changed = set(self.steps["id"])
        own = self.steps.filter(pl.col("id") == pl.col("target"))
        return {id: _spans(own.filter(pl.col("id") == id)) for id in self.targets if id in changed}

    def parted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with what their ends stood for, and `since` when and `until` when: one row for each
        such time. What never changed has null there."""
        day = pl.lit(None, pl.Date)
        if self.steps.is_empty():
            return rows.with_columns(since=day, until=day)
        for end in ENDS:
            then = {name: f"{end}_{name}" for name in ("target", "since", "until")}
            steps = self.steps.select(pl.col("id").alias(f"{end}_as"), *then).rename(then)
            rows = rows.join(steps, on=f"{end}_as", how="left", maintain_order="left")
        rows = rows.with_columns(
            *(pl.coalesce(f"{end}_target", end).alias(end) for end in ENDS),
            since=pl.max_horizontal("subject_since", "object_since"),
            until=pl.min_horizontal("subject_until", "object_until"),
        ).filter((pl.col("since") < pl.col("until")).fill_null(True))
        return self._one_way_round(rows)

    def _one_way_round(self, rows: pl.DataFrame) -> pl.DataFrame:
        """What holds both ways round is said one way round, whatever its ends are called."""
        turned = pl.col("predicate").is_in(list(self.symmetric)) & (
            pl.col("subject") > pl.col("object")
        )
        return rows.with_columns(
            pl.when(turned).then(other).otherwise(one).alias(one)
            for one, other in (ENDS, ENDS[::-1])
        )

    def changing(self, rows: pl.DataFrame) -> pl.DataFrame:
        """The rows of which an end has changed."""
        ids = self.steps["id"].unique().implode()
        return rows.filter(
            pl.col("subject_as").is_in(ids) | pl.col("object_as").is_in(ids).fill_null(False)
        )


def with_earlier(picture: Picture, corpus: Corpus) -> tuple[Picture, Earlier]:
    """The picture with the nodes and edges of earlier days beside it, and what these were."""
    symmetric = frozenset(n for n, edge in corpus.ontology.edges.items() if edge.symmetric)
    earlier = Earlier(_steps(corpus.statements, picture.nodes), symmetric, {})
    if earlier.steps.is_empty():
        return picture, earlier
    bare = _declared(corpus, earlier)
    was = all_nodes(bare, only=set(earlier.targets) - picture.nodes.keys())
    nodes = {**picture.nodes, **was}
    kinds = {link.kind for link in picture.links}
    found = {_key(link): link for link in all_links(bare, kinds, among=nodes)}
    claimed = earlier.parted(earlier.changing(corpus.claims)).filter(is_edge())
    said = claimed.select("subject", "predicate", "object").unique().sort(pl.all())
    for one, kind, other in said.iter_rows():
        if kind in kinds and {one, other} <= nodes.keys():
            found.setdefault((one, kind, other), Link(one, kind, other, {}))
    have = {_key(link) for link in picture.links}
    came = [link for key, link in sorted(found.items()) if key not in have and _at(key, earlier)]
    drawn = replace(_placed(picture, was, earlier), nodes=nodes, links=[*picture.links, *came])
    declared = _when_declared(bare, earlier)
    links = {key: declared.get(key, []) for key in map(_key, drawn.links) if _at(key, earlier)}
    return drawn, replace(earlier, links=links)


def _key(link: Link) -> Triple:
    return link.source, link.kind, link.target


def _at(key: Triple, earlier: Earlier) -> bool:
    """Whether an edge is at one of these; those of claims that are drawn themselves stay."""
    return key[1] not in OF_CLAIMS and not {key[0], key[2]}.isdisjoint(earlier.targets)


def _steps(statements: pl.DataFrame, nodes: Collection[str]) -> pl.DataFrame:
    """What the ids stood for that became one of these nodes on some day."""
    columns = {
        "id": "subject_as", "target": "object_as", "final": "subject", "since": "asserted_from"
    }  # fmt: skip
    said = statements.filter(is_merged()).select(**columns)
    dated = said.filter(pl.col("since").is_not_null() & pl.col("final").is_in(list(nodes)))
    if dated.is_empty():
        return NO_STEPS
    rows = said.filter(pl.col("id").is_in(dated["id"].implode()))
    undated = rows.filter(pl.col("since").is_null())["id"].implode()
    first = dated.filter(~pl.col("id").is_in(undated)).unique("id", maintain_order=True)
    itself = first.with_columns(target="id", since=pl.lit(None, pl.Date))
    steps = pl.concat([rows, itself]).unique().sort("id", "since", nulls_last=False)
    return steps.with_columns(until=pl.col("since").shift(-1).over("id"))


def _spans(rows: pl.DataFrame) -> Spans:
    pairs = rows.select("since", "until").unique().sort(pl.all(), nulls_last=False).iter_rows()
    return [(_text(since), _text(until)) for since, until in pairs]


def _text(day: date | None) -> str | None:
    return str(day) if day else None


def _declared(corpus: Corpus, earlier: Earlier) -> Corpus:
    """What was ever declared at these nodes, each row as of its own time."""
    rows = corpus.statements.filter(pl.col("declared") & NOT_MERGED)
    parted = earlier.parted(rows)
    targets = pl.Series(earlier.targets, dtype=pl.String).implode()
    near = parted.filter(
        pl.col("subject").is_in(targets) | pl.col("object").is_in(targets).fill_null(False)
    )
    ends = pl.concat([near["subject"], near["object"].drop_nulls()]).unique().implode()
    return replace(corpus, statements=parted.filter(pl.col("subject").is_in(ends)))


def _when_declared(bare: Corpus, earlier: Earlier) -> dict[Triple, Spans]:
    rows = bare.statements.filter(pl.col("object").is_not_null())
    keys = ["subject", "predicate", "object"]
    found = {tuple(map(str, key)): _spans(group) for key, group in rows.group_by(keys)}
    return {(one, kind, other): spans for (one, kind, other), spans in found.items()}


APART = 46
"""Pixels between a node and what was not yet it."""


def _placed(picture: Picture, was: Collection[str], earlier: Earlier) -> Picture:
    """Each beside the node that it became, below it where there are columns or lanes."""
    final = dict(earlier.steps.select("target", "final").iter_rows())
    positions, spans = dict(picture.positions), dict(picture.spans)
    taken: Counter[str] = Counter()
    for key in sorted(was):
        one = final[key]
        taken[one] += 1
        x, y = picture.positions[one]
        aside = 0 if picture.bands else APART * taken[one]
        positions[key] = (x + aside, y + APART * taken[one])
        if one in spans:
            spans[key] = spans[one]
    return replace(picture, positions=positions, spans=spans, reach=_started(picture, earlier))


def _started(picture: Picture, earlier: Earlier) -> Reach | None:
    """Where a view starts with all of a kind, it starts with what these were too."""
    if picture.reach is None or not picture.reach.all:
        return picture.reach
    starts = set(picture.reach.starts)
    pairs = earlier.steps.select("target", "final").iter_rows()
    return replace(picture.reach, starts=starts | {t for t, final in pairs if final in starts})
