"""Time from left to right, one lane per sort of event."""

from __future__ import annotations

from bisect import bisect_right, insort
from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from heapq import heappop, heappush
from itertools import pairwise
from math import ceil, floor, log2, sqrt
from typing import Any, TypeAlias

from kg.views.kit import layout as _layout
from kg.views.kit import lettered
from kg.views.kit.lettered import Texts
from kg.views.kit.picture import Band, Link, Positions, Tick

WIDTH = 150.0
"""Pixels that one event takes in its lane: its name in two lines."""
ROW = 92.0
ASPECT = 1.1
"""Height to width of the part of the window that a timeline has beside its headings."""
LEGIBLE = 70
"""Up to this many different days, gaps are compressed so that each day stays readable."""

CROWD = 300
"""A lane of more than this has room for symbols; names appear where they fit."""
FEW = 4
"""So few in a lane have room below their names for what is said of them."""
MANY = 6
"""More in a lane without a time of their own are spread over the picture's width."""
AIRY, AIRY_ROW = 1.8, 1.3
"""So much more room, across and down, these have for their names."""
CLOSER = 4.0
CLOSE_ROW = 36.0
LONGEST = 12000.0
"""Pixels of a time axis true to scale, at most: beyond them the whole could not be seen at once."""
ASIDE = range(-6, 7)
"""Half widths by which what has no time may step aside."""
MARGIN = 8
"""Rows above the last place found that are looked at again."""

Interval: TypeAlias = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Axis:
    """Days → pixels, growing; linear between known days."""

    days: Sequence[date]
    places: Sequence[float]

    def __call__(self, day: date) -> float:
        """Where a day stands along the picture."""
        if day <= self.days[0]:
            return self.places[0]
        if day >= self.days[-1]:
            return self.places[-1]
        index = bisect_right(self.days, day)
        (before, after), (left, right) = (
            self.days[index - 1 : index + 1],
            self.places[index - 1 : index + 1],
        )
        return left + (right - left) * (day - before).days / (after - before).days


@dataclass(frozen=True, slots=True)
class Timeline:
    """Where everything stands that has a day, and what is drawn behind it."""

    positions: Positions
    spans: dict[str, tuple[float, float]]
    bands: list[Band]
    ticks: list[Tick]
    turned: Collection[str] = ()
    """Nodes whose names stand to the left of them."""


def when(node: Mapping[str, Any], life: Collection[str]) -> Interval | None:
    """Earliest and latest day of what a node is about: `occurred`, else a dated property, but not
    one that dates its own beginning or end (`Ontology.life`)."""
    names = {key.removesuffix("_from") for key in node if key.endswith("_from")}.difference(life)
    for name in sorted(names, key=lambda name: (name != "occurred", name)):
        start, end = node.get(f"{name}_from"), node.get(f"{name}_to")
        if isinstance(start, date) or isinstance(end, date):
            return (start or end, end or start)  # type: ignore[return-value]
    return None


def axis(intervals: Collection[Interval]) -> Axis:
    """A time axis: true to scale for many days, gaps compressed (logarithm) for few."""
    days = sorted({_middle(interval) for interval in intervals}) or [date(2000, 1, 1)]
    if len(days) > LEGIBLE:
        scale = min(LONGEST, len(days) * 40.0) / max(1, (days[-1] - days[0]).days)
        return Axis(days, [(day - days[0]).days * scale for day in days])
    places = [0.0]
    for before, after in pairwise(days):
        places.append(places[-1] + 44.0 + 13.0 * log2(1 + (after - before).days))
    return Axis(days, places)


def timeline(
    lane_of: Mapping[str, int],
    times: Mapping[str, Interval],
    links: Iterable[Link],
    names: Mapping[int, str],
    texts: Texts | None = None,
) -> Timeline:
    """Events at their time, each in its lane; what has no time stands where its neighbours are.

    Args:
        lane_of: node id → lane number, from the top.
        times: node id → interval; a node without one takes the mean place of its neighbours.
        links: edges between the nodes.
        names: lane number → heading.
        texts: what is written beside each; where there are few, all of it finds room.
    """
    scale = axis(list(times.values()))
    x = {node: scale(_middle(times[node])) for node in lane_of if node in times}
    _place_undated(x, lane_of, links, -WIDTH * 1.2)
    spans = {
        node: (scale(start), scale(end))
        for node, (start, end) in times.items()
        if node in lane_of and start != end
    }
    members = _members(lane_of, x)
    turned: set[str] = set()
    if texts and len(lane_of) <= lettered.MOST:
        positions, bands, turned = lettered.lanes(members, x, times.keys(), names, texts)
    else:
        positions, bands = _lanes(members, x, _rows(members, x, times.keys()), names)
    return Timeline(positions, spans, bands, _ticks(scale), turned)


def _middle(interval: Interval) -> date:
    return interval[0] + timedelta(days=(interval[1] - interval[0]).days // 2)


def _place_undated(
    x: dict[str, float], lane_of: Mapping[str, int], links: Iterable[Link], nowhere: float
) -> None:
    neighbours: dict[str, list[str]] = defaultdict(list)
    for link in links:
        neighbours[link.source].append(link.target)
        neighbours[link.target].append(link.source)
    for _ in range(3):  # an actor knows its meetings, a commitment its agreement's meeting
        for node in [node for node in lane_of if node not in x]:
            known = [x[other] for other in neighbours[node] if other in x]
            if known:
                x[node] = sum(known) / len(known)
    for node in lane_of:
        x.setdefault(node, nowhere)


def _members(lane_of: Mapping[str, int], x: Mapping[str, float]) -> dict[int, list[str]]:
    """Lane number → its nodes from left to right."""
    members: dict[int, list[str]] = defaultdict(list)
    for node in sorted(lane_of, key=lambda node: (x[node], node)):
        members[lane_of[node]].append(node)
    return members


def _rows(
    members: Mapping[int, Sequence[str]], x: dict[str, float], dated: Collection[str]
) -> dict[str, float]:
    """A row of its lane for each node, so that no name touches another.

    What has a time keeps its place and goes down; what has none may also step aside.
    """
    rows: dict[str, float] = {}
    for nodes in members.values():
        if MANY < len(nodes) <= CROWD and not any(node in dated for node in nodes):
            rows |= _spread(nodes, x)
            continue
        lane = _Lane(WIDTH if len(nodes) <= CROWD else WIDTH / CLOSER)
        for node in nodes:
            if node in dated:
                rows[node] = lane.below(x[node]) * (AIRY_ROW if len(nodes) <= FEW else 1.0)
        aside = [node for node in nodes if node not in dated]
        if len(aside) > CROWD:
            rows |= _block(aside, x, len(lane.rows))
        else:
            for node in aside:
                x[node], rows[node] = lane.beside(x[node])
    return rows


def _spread(nodes: Sequence[str], x: dict[str, float]) -> dict[str, float]:
    """Those of whom none has a time fill the picture's width, in their order."""
    left, right = min(x.values()), max(x.values())
    most = max(1, floor((right - left) / WIDTH / AIRY) + 1)
    deep = max(2, ceil(len(nodes) / most))
    step = (right - left) / max(1, ceil(len(nodes) / deep) - 1)
    rows = {}
    for index, node in enumerate(nodes):
        rows[node] = index % deep * AIRY_ROW
        x[node] = left + index // deep * step
    return rows


def _block(nodes: Sequence[str], x: dict[str, float], top: int) -> dict[str, int]:
    """Very many without a time stand below the others, about as many rows as columns, in order."""
    deep = ceil(sqrt(len(nodes)))
    lane = _Lane(WIDTH / CLOSER)
    gaps = [WIDTH / CLOSER / deep] * len(nodes)
    places = _layout._apart([x[node] for node in nodes], gaps)
    rows = {}
    for node, place in zip(nodes, places, strict=True):
        x[node] = place
        rows[node] = top + lane.below(place)
    return rows


class _Lane:
    """Which places of a lane are taken. A search looks at a few, however many there are."""

    def __init__(self, width: float) -> None:
        self.width = width
        self.rows: list[list[float]] = []
        """Per row what stands in it, from left to right."""
        self._open: list[int] = []
        self._ending: deque[tuple[float, int]] = deque()
        self._full: dict[int, int] = {}

    def below(self, x: float) -> int:
        """The highest row with room at x. Callers come from left to right."""
        while self._ending and self._ending[0][0] <= x - self.width:
            heappush(self._open, self._ending.popleft()[1])
        row = heappop(self._open) if self._open else len(self.rows)
        self._ending.append((x, row))
        self._take(x, row)
        return row

    def beside(self, wanted: float) -> tuple[float, int]:
        """The nearest place with room: a row down counts about as much as a name's width aside.

        Above the row that the last one around here found, all but a few rows are full.
        """
        around = floor(wanted / self.width)
        best: tuple[float, float, int] | None = None
        for row in range(self._full.get(around, 0), len(self.rows) + 1):
            if best is not None and 0.9 * row > best[0]:
                break
            for step in ASIDE:
                x = wanted + step * self.width / 2
                found = (abs(x - wanted) / self.width + 0.9 * row, x, row)
                if (best is None or found < best) and self._free(x, row):
                    best = found
        assert best is not None  # the last row is new
        _, x, row = best
        self._full[around] = max(self._full.get(around, 0), row - MARGIN)
        self._take(x, row)
        return x, row

    def _free(self, x: float, row: int) -> bool:
        if row == len(self.rows):
            return True
        taken = self.rows[row]
        index = bisect_right(taken, x)
        left = index == 0 or x - taken[index - 1] >= self.width
        return left and (index == len(taken) or taken[index] - x >= self.width)

    def _take(self, x: float, row: int) -> None:
        if row == len(self.rows):
            self.rows.append([])
        insort(self.rows[row], x)


def _lanes(
    members: Mapping[int, Sequence[str]],
    x: Mapping[str, float],
    rows: Mapping[str, float],
    names: Mapping[int, str],
) -> tuple[Positions, list[Band]]:
    depth = {lane: max(rows[node] + 1 for node in nodes) for lane, nodes in members.items()}
    row = _row_height(x, sum(depth.values()))
    positions: Positions = {}
    bands = []
    top = 0.0
    for lane, nodes in sorted(members.items()):
        high = row if len(nodes) <= CROWD else CLOSE_ROW
        height = depth[lane] * high + 16
        bands.append(Band(names[lane], top, top + height, "y"))
        positions |= {node: (x[node], top + 8 + (rows[node] + 0.4) * high) for node in nodes}
        top += height
    return positions, bands


def _row_height(x: Mapping[str, float], rows: float) -> float:
    """Few rows on a long axis get more air, for names above and below."""
    width = max(x.values(), default=0.0) - min(x.values(), default=0.0)
    return min(1.7 * ROW, max(ROW, ASPECT * width / max(1, rows)))


def _ticks(scale: Axis) -> list[Tick]:
    """A tick per known day where they are few, else per year; never two on one spot."""
    if len(scale.days) <= LEGIBLE:
        marks = [(scale(day), f"{day:%-d %b %Y}") for day in scale.days]
    else:
        years = range(scale.days[0].year, scale.days[-1].year + 1)
        marks = [(scale(date(year, 1, 1)), str(year)) for year in years]
    kept: list[Tick] = []
    for place, text in marks:
        if not kept or place - kept[-1].at >= 50:
            kept.append(Tick(place, text))
    return kept
