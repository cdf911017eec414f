"""What the entities of a picture were before somebody's word of a known day made them one, and
before that word was recorded.

Under *as of* or *known on* an earlier day the page takes them apart again (`settle` in `rows.js`),
as `kg.graph.joined` does: so it is given the nodes and edges of those days too, which nothing shows
today, and for each id that a source used what it stood for, from which day on, and in which states
of what had been recorded.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from kg.graph.concluded import SAME
from kg.graph.joined import known_by, steps, words
from kg.graph.project import OF_CLAIMS, is_edge
from kg.views.kit.picture import Link, Picture, all_links, all_nodes
from kg.views.kit.reach import Reach

if TYPE_CHECKING:
    from polars._typing import PolarsDataType

    from kg.graph.corpus import Corpus

Spans: TypeAlias = list[tuple[str | None, ...]]
"""From which day on, and until (that day is not in it), and the same of the days of recording where
that is told; None is open."""
Triple: TypeAlias = tuple[str, str, str]

ENDS = ("subject", "object")
BOUNDS: dict[str, PolarsDataType] = {
    "since": pl.Date, "until": pl.Date, "learnt": pl.String, "outdated": pl.String
}  # fmt: skip
"""Since when until when (not in it) on the clock of *as of*, and on that of *known on*."""
BEGINNING, ENDING = ("since", "learnt"), ("until", "outdated")
NO_STEPS = pl.DataFrame(schema={"id": pl.String, "target": pl.String, "final": pl.String, **BOUNDS})
LEARNT = pl.max_horizontal("known", "learnt").alias("learnt")
"""From when on a row that had been recorded was known to be about what its ends stand for."""
NOT_MERGED = ~(pl.col("declared") & (pl.col("predicate") == SAME))


@dataclass(frozen=True)
class Earlier:
    """What ids stood for, step by step, for those of which that has changed."""

    steps: pl.DataFrame
    """`id` stood for `target`, and is `final` today, within `BOUNDS`."""
    symmetric: frozenset[str]
    links: Mapping[Triple, Spans]
    """Edge at one of these → when it was declared."""

    @property
    def targets(self) -> list[str]:
        """All that any of them ever stood for."""
        return sorted(self.steps["target"].unique())

    @property
    def history(self) -> dict[str, list[tuple[str | None, ...]]]:
        """Id → what it stood for: since when (first: from ever), the id, and within which days of
        recording, where that is told."""
        found: dict[str, list[tuple[str | None, ...]]] = defaultdict(list)
        columns = ("id", "target", "since", "learnt", "outdated")
        for id, target, since, *known in self.steps.select(columns).iter_rows():
            found[id].append((str(since or ""), target, *(known if any(known) else ())))
        return dict(found)

    def stood(self, declared: pl.DataFrame) -> dict[str, Spans]:
        """What was not a node at all times → when it was one: when it was declared by a name
        (`declared`: parted, with others) of something that stood for it."""
        here = pl.col("subject").is_in(self.targets) & (pl.col("predicate") == "name")
        named = declared.filter(here).with_columns(LEARNT).group_by("subject")
        found = {str(id): _widest(_spans(rows)) for (id,), rows in named}
        return {id: spans for id, spans in found.items() if spans != [(None, None)]}

    def parted(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Rows with what their ends stood for, and within which `BOUNDS`: one row for each such
        time. What never changed has null there."""
        if self.steps.is_empty():
            return rows.with_columns(
                pl.lit(None, kind).alias(name) for name, kind in BOUNDS.items()
            )
        for end in ENDS:
            then = {name: f"{end}_{name}" for name in ("target", *BOUNDS)}
            steps = self.steps.select(pl.col("id").alias(f"{end}_as"), *then).rename(then)
            rows = rows.join(steps, on=f"{end}_as", how="left", maintain_order="left")
        rows = rows.with_columns(
            *(pl.coalesce(f"{end}_target", end).alias(end) for end in ENDS),
            *(pl.max_horizontal(f"{e}_{name}" for e in ENDS).alias(name) for name in BEGINNING),
            *(pl.min_horizontal(f"{e}_{name}" for e in ENDS).alias(name) for name in ENDING),
        )
        times = zip(BEGINNING, ENDING, strict=True)
        rows = rows.filter((pl.col(one) < pl.col(end)).fill_null(True) for one, end in times)
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
    placed = _led(_placed(picture, was, earlier), came, earlier)
    drawn = replace(placed, nodes=nodes, links=[*picture.links, *came])
    declared = _when_declared(bare)
    links = {key: declared.get(key, []) for key in map(_key, drawn.links) if _at(key, earlier)}
    return drawn, replace(earlier, links=links)


def _key(link: Link) -> Triple:
    return link.source, link.kind, link.target


def _at(key: Triple, earlier: Earlier) -> bool:
    """Whether an edge is at one of these; those of claims that are drawn themselves stay."""
    return key[1] not in OF_CLAIMS and not {key[0], key[2]}.isdisjoint(earlier.targets)


def _steps(statements: pl.DataFrame, nodes: Collection[str]) -> pl.DataFrame:
    """What the ids stood for that became one of these nodes on some day."""
    today = steps(statements).filter(pl.col("final").is_in(list(nodes)))
    if today.is_empty():
        return NO_STEPS
    found: dict[str, list[tuple[str | None, list[tuple[object, ...]]]]] = defaultdict(list)
    for learnt, then in _states(statements, today):
        for (final,), rows in then.sort("id", "since", nulls_last=False).group_by("final"):
            known, path = found[str(final)], rows.rows()
            if not known or known[-1][1] != path:
                known.append((learnt, path))
    told = [
        (*step, learnt, outdated)
        for known in found.values()
        for (learnt, path), (outdated, _) in pairwise([*known, (None, [])])
        for step in path
    ]
    columns = [*today.columns, "learnt", "outdated"]
    schema = {name: NO_STEPS.schema[name] for name in columns}
    made = pl.DataFrame(told, schema=schema, orient="row").sort(
        "id", "learnt", "since", nulls_last=False
    )
    until = pl.col("since").shift(-1).over("id", "learnt")
    return made.with_columns(until=until).select(NO_STEPS.columns)


def _states(
    statements: pl.DataFrame, today: pl.DataFrame
) -> Iterator[tuple[str | None, pl.DataFrame]]:
    """The steps as they were known from each day on (first: from ever) on which a word of them was
    recorded: later than the first of all that was, and where that is told (`with_known`)."""
    said = words(statements).filter(pl.col("final").is_in(today["final"].implode()))
    first = statements["known"].min()
    recorded = said["recorded"].drop_nulls().unique().sort()
    days = [day for day in recorded if first is not None and str(day) > str(first)]
    if not days:
        yield None, today
    for day in [days[0] - timedelta(1), *days] if days else ():
        then = known_by(statements, day)
        then = then.filter(pl.col("final").is_in(today["final"].implode()))
        same = today.filter(~pl.col("final").is_in(then["final"].implode()))
        yield (None if day < days[0] else str(day)), pl.concat([same, then])


def _spans(rows: pl.DataFrame) -> Spans:
    pairs = rows.select(list(BOUNDS)).unique().sort(pl.all(), nulls_last=False).iter_rows()
    return [(_text(one), _text(end), *(known if any(known) else ())) for one, end, *known in pairs]


def _widest(spans: Spans) -> Spans:
    """The times without those that lie within another."""
    whole = [(*span, None, None)[:4] for span in spans]
    return [
        span
        for at, span in enumerate(spans)
        if not any(_covers(other, whole[at]) for other in whole if other != whole[at])
    ]


LAST = "~"
"""Later than any day."""


def _covers(one: tuple[str | None, ...], other: tuple[str | None, ...]) -> bool:
    """Whether a time has another in it, on both clocks."""
    begun = all((one[at] or "") <= (other[at] or "") for at in (0, 2))
    return begun and all((one[at] or LAST) >= (other[at] or LAST) for at in (1, 3))


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


def _when_declared(bare: Corpus) -> dict[Triple, Spans]:
    rows = bare.statements.filter(pl.col("object").is_not_null()).with_columns(LEARNT)
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


BELOW = 24
"""Pixels between the way of a line and that of one that became it."""


def _led(picture: Picture, came: Collection[Link], earlier: Earlier) -> Picture:
    """Each line goes, and has its caption, beside the line that it became."""
    final = dict(earlier.steps.select("target", "final").iter_rows())
    routes, captions = dict(picture.routes), dict(picture.captions)
    taken: Counter[Triple] = Counter()
    for link in came:
        one = (final.get(link.source, link.source), link.kind, final.get(link.target, link.target))
        taken[one] += 1
        down = BELOW * taken[one]
        if way := picture.routes.get(one):
            routes[_key(link)] = [(x, y + down) for x, y in way]
        if caption := picture.captions.get(one):
            captions[_key(link)] = (*caption[:2], caption[2] + down)
    return replace(picture, routes=routes, captions=captions)


def _started(picture: Picture, earlier: Earlier) -> Reach | None:
    """Where a view starts with all of a kind, it starts with what these were too."""
    if picture.reach is None or not picture.reach.all:
        return picture.reach
    starts = set(picture.reach.starts)
    pairs = earlier.steps.select("target", "final").iter_rows()
    return replace(picture.reach, starts=starts | {t for t, final in pairs if final in starts})
