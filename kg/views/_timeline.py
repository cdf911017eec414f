"""Time from left to right, one lane per sort of event."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import log2
from typing import Any, TypeAlias

from kg.views._picture import Band, Link, Positions, Tick

WIDTH = 150.0
"""Pixels that one event takes in its lane: its name in two lines."""
ROW = 92.0
ASPECT = 1.1
"""Height to width of the part of the window that a timeline has beside its headings."""
LEGIBLE = 70
"""Up to this many different days, gaps are compressed so that each day stays readable."""

Interval: TypeAlias = tuple[date, date]


@dataclass(frozen=True, slots=True)
class Axis:
    """Days → pixels, growing; linear between known days."""

    days: Sequence[date]
    places: Sequence[float]

    def __call__(self, day: date) -> float:
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
    positions: Positions
    spans: dict[str, tuple[float, float]]
    bands: list[Band]
    ticks: list[Tick]


def when(node: Mapping[str, Any]) -> Interval | None:
    """Earliest and latest day of what a node is about: `occurred`, else a dated property."""
    names = [key.removesuffix("_from") for key in node if key.endswith("_from")]
    for name in sorted(names, key=lambda name: name != "occurred"):
        start, end = node.get(f"{name}_from"), node.get(f"{name}_to")
        if isinstance(start, date) or isinstance(end, date):
            return (start or end, end or start)  # type: ignore[return-value]
    return None


def axis(intervals: Collection[Interval]) -> Axis:
    """A time axis: true to scale for many days, gaps compressed (logarithm) for few."""
    days = sorted({_middle(interval) for interval in intervals}) or [date(2000, 1, 1)]
    if len(days) > LEGIBLE:
        scale = len(days) * 40.0 / max(1, (days[-1] - days[0]).days)
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
) -> Timeline:
    """Events at their time, each in its lane; what has no time stands where its neighbours are.

    Args:
        lane_of: node id → lane number, from the top.
        times: node id → interval; a node without one takes the mean place of its neighbours.
        links: edges between the nodes.
        names: lane number → heading.
    """
    scale = axis(list(times.values()))
    x = {node: scale(_middle(times[node])) for node in lane_of if node in times}
    _place_undated(x, lane_of, links, -WIDTH * 1.2)
    rows = _rows(lane_of, x, times.keys())
    spans = {
        node: (scale(start), scale(end))
        for node, (start, end) in times.items()
        if node in lane_of and start != end
    }
    positions, bands = _lanes(lane_of, x, rows, names)
    return Timeline(positions, spans, bands, _ticks(scale))


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


def _rows(
    lane_of: Mapping[str, int], x: dict[str, float], dated: Collection[str]
) -> dict[str, int]:
    """A row of its lane for each node, so that no name touches another.

    What has a time keeps its place and goes down; what has none may also step aside.
    """
    taken: dict[int, list[tuple[float, int]]] = defaultdict(list)
    rows = {}
    for node in sorted(lane_of, key=lambda node: (node not in dated, x[node], node)):
        lane = taken[lane_of[node]]
        x[node], rows[node] = _free(x[node], lane, aside=node not in dated)
        lane.append((x[node], rows[node]))
    return rows


def _free(wanted: float, taken: Collection[tuple[float, int]], aside: bool) -> tuple[float, int]:
    steps = range(-6, 7) if aside else (0,)
    last = max((row for _, row in taken), default=-1)
    free = [
        (wanted + step * WIDTH / 2, row)
        for step in steps
        for row in range(last + 2)
        if all(at != row or abs(wanted + step * WIDTH / 2 - x) >= WIDTH for x, at in taken)
    ]
    return min(free, key=lambda one: (abs(one[0] - wanted) / WIDTH + 0.9 * one[1], one))


def _lanes(
    lane_of: Mapping[str, int],
    x: Mapping[str, float],
    rows: Mapping[str, int],
    names: Mapping[int, str],
) -> tuple[Positions, list[Band]]:
    depth: dict[int, int] = defaultdict(int)
    for node, lane in lane_of.items():
        depth[lane] = max(depth[lane], rows[node] + 1)
    row = _row_height(x, sum(depth.values()))
    positions: Positions = {}
    bands = []
    top = 0.0
    for lane in sorted(depth):
        height = depth[lane] * row + 16
        bands.append(Band(names[lane], top, top + height, "y"))
        members = [node for node, at in lane_of.items() if at == lane]
        positions |= {node: (x[node], top + 8 + (rows[node] + 0.4) * row) for node in members}
        top += height
    return positions, bands


def _row_height(x: Mapping[str, float], rows: int) -> float:
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
