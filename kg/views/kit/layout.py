"""Where nodes stand. Everything here is deterministic and leaves its input as it was."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TypeAlias

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from kg.views.kit.picture import Band, Link, Positions
from kg.views.kit.places import Placed, kept_places

Points: TypeAlias = NDArray[np.float64]

ROW = 92.0
"""Pixels between two nodes of a column: a symbol, three lines of name."""
COLUMN = 270.0
"""Pixels between two columns: room for an edge's name between two node names."""
ASPECT = 1.0
"""Height to width of a picture that fills the window between legend and evidence."""
ROWS = 36
"""A longer column is staggered over several lines, so that a picture stays readable as a whole."""
EXACT = 150
"""Up to this many nodes stress is minimised exactly; above it, communities come first."""
FAST = 2000
"""Above this many nodes communities are found by a library made for it, and stress is minimised in
groups of `ROUGH` nodes at most: nobody sees more of it among thousands."""
ROUGH = 16
DEEP = 1200
"""A community of more is drawn as the communities inside it."""
DISCS = 700
"""Most groups side by side; the smallest beyond them share one."""
ANCHORS = 60
"""A new disc is tried next to this many of the last ones; more costs time and changes little."""
SPACING = 110.0
"""Pixels that one step along an edge is worth in an undirected layout."""


@dataclass(frozen=True, slots=True)
class Organic:
    """An undirected layout: positions, and each node's community where there is more than one."""

    positions: Positions
    communities: Mapping[str, int]


# --- columns: from left to right -------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Columns:
    """Nodes in columns, their headings, and the ways of lines past what stands between."""

    positions: Positions
    bands: list[Band]
    routes: dict[LinkKey, list[tuple[float, float]]]
    captions: dict[LinkKey, Caption]


@dataclass(frozen=True, slots=True)
class Told:
    """A column in which some links are captioned with who says so: each has a row of its own there,
    beside the others that leave the same node."""

    column: int
    kind: str
    """Links of this kind have a caption."""
    start: int
    """If they leave a node of this column."""
    lines: Mapping[LinkKey, tuple[int, int]]
    """How many lines a caption takes above its line, and beneath it, where not one and none."""

    def __contains__(self, link: tuple[Link, int]) -> bool:
        return (link[0].kind, link[1]) == (self.kind, self.start)


def columns(
    column_of: Mapping[str, int],
    links: Iterable[Link],
    names: Mapping[int, str],
    told: Told | None = None,
    room: Mapping[str, Share] | None = None,
) -> Columns:
    """Nodes in columns from left to right, ordered so that few edges cross.

    Layer-by-layer barycentre sweeps (Sugiyama, Tagawa and Toda 1981), then each node is moved
    towards the mean of its neighbours as far as the order and the row height allow. A line over
    several columns has a place of its own in those between, one for all that go to the same node:
    lines to one end run together, and past symbols.

    Args:
        column_of: node id → column number; empty columns take no room. The order of the mapping
            is the order of nodes that nothing else tells apart.
        links: edges; those inside one column do not influence the order.
        names: column number → heading.
        told: where links are captioned, if any are.
        room: what a node takes of a row above and below, where that is not a half each.
    """
    crossing = [k for k in links if column_of.get(k.source) != column_of.get(k.target)
                and k.source in column_of and k.target in column_of]  # fmt: skip
    layers = _layers(column_of)
    order = sorted(layers)
    gates, neighbours = _gates(column_of, order, crossing, told)
    for (_, column), gate in gates.items():
        layers[column].append(gate)
    _order_by_barycentre(layers, neighbours)
    if told:
        _heavy_on_top(layers, told.start, neighbours)
        _heavy_parts_first(layers, neighbours)
    rows = _captioned(column_of, crossing, gates, layers, told)
    if told and rows:
        layers[told.column] = [*rows.values()]
        neighbours |= _beside(rows)
    between = dict.fromkeys(gates.values(), GATE)
    between |= {row: _share(*told.lines.get(key, (1, 0))) for key, row in rows.items() if told}
    heights = _heights(layers, neighbours, between, room or {})
    heights = _stretched(heights, (len(layers) - 1) * COLUMN)
    positions, bands = _placed(layers, heights, names, between, told)
    routes = _routes(column_of, order, crossing, gates, positions, bool(rows))
    captions = {key: _captioned_at(positions[row]) for key, row in rows.items()}
    for key, (left, right, y) in captions.items():
        routes[key] = [(left, y), (right, y), *routes.get(key, [])]
    found = {n: p for n, p in positions.items() if n in column_of}
    return Columns(found, bands, routes, captions)


def _share(above: int, beneath: int) -> Share:
    """What a captioned line takes of a row: so many lines above it, and so many beneath."""
    return 0.08 + TOLD * above, 0.1 + TOLD * beneath


def _captioned_at(middle: tuple[float, float]) -> tuple[float, float, float]:
    """Where the words of a line begin and end, and their height."""
    x, y = middle
    return x - CAPTION / 2, x + CAPTION / 2, y


def _placed(
    layers: Mapping[int, Sequence[str]],
    heights: Mapping[str, float],
    names: Mapping[int, str],
    between: Collection[str],
    told: Told | None,
) -> tuple[Positions, list[Band]]:
    """Where everything stands, places `between` for lines in the middle of their column; and the
    columns."""
    positions: Positions = {}
    bands = []
    left = 0.0
    for column, layer in sorted(layers.items()):
        wide = CAPTION + 2 * MARGIN - COLUMN if told and column == told.column else 0.0
        lines = max(1, -(-sum(node not in between for node in layer) // ROWS))
        right = left + wide + (lines - 1) * COLUMN * 0.6
        for index, node in enumerate(layer):
            x = left + (index % lines) * COLUMN * 0.6
            positions[node] = ((left + right) / 2 if node in between else x, heights[node])
        beyond = CHANNEL if told and column == told.column else 0.0
        bands.append(Band(names[column], left - COLUMN / 2, right + COLUMN / 2 + beyond, "x"))
        left = right + COLUMN + beyond
    return positions, bands


LinkKey: TypeAlias = tuple[str, str, str]
Caption: TypeAlias = tuple[float, float, float]
"""From where to where, and how far down, a line runs under its caption."""
Share: TypeAlias = tuple[float, float]
"""What something takes of a row, above and below."""
Gates: TypeAlias = dict[tuple[str, int], str]
"""(target and side, column) → the name of a place that lines to this target go through."""

GATE = (0.28, 0.18)
"""How much of a row a place for lines takes above and below it."""
GATHER = 0.42
"""So much of a column before their end lines to one node are one, past the names that stand there;
so far on either side a line that goes on through a column runs straight."""
CHANNEL = 60.0
"""Pixels behind captions in which their lines change their height."""


CAPTION = 600.0
"""Pixels that a caption takes across."""
MARGIN = 34.0
"""Pixels beside a caption, within its column."""
TOLD = 0.29
"""How much of a row a line of a caption takes."""
WEIGHT = 3
"""So many lines a captioned one counts for, where some must cross."""


def _captioned(
    column_of: Mapping[str, int],
    links: Iterable[Link],
    gates: Gates,
    layers: Mapping[int, Sequence[str]],
    told: Told | None,
) -> dict[LinkKey, str]:
    """The row of each captioned link: those of a node together, in the order of what comes next."""
    if told is None:
        return {}
    rank = {n: (i + 0.5) / len(layer) for layer in layers.values() for i, n in enumerate(layer)}
    columns = sorted(layers)
    found = []
    for link in links:
        start, end = column_of[link.source], column_of[link.target]
        if (link, start) in told:
            inner = _between(start, end, columns)
            after = gates[f"{link.target} {start < end}", inner[0]] if inner else link.target
            key = (link.source, link.kind, link.target)
            found.append((rank[link.source], rank[after], link.target, key))
    return {key: "\0" + "\0".join(key) for *_, key in sorted(found)}


def _beside(rows: Mapping[LinkKey, str]) -> dict[str, list[str]]:
    """A node with captioned links stands beside the middle of their rows, and these beside it."""
    found: dict[str, list[str]] = defaultdict(list)
    for (source, _, _), row in rows.items():
        found[source].append(row)
        found[row].append(source)
    return found


def _between(one: int, other: int, columns: Sequence[int]) -> list[int]:
    """The columns between two, in the direction from one to the other."""
    inner = [c for c in columns if min(one, other) < c < max(one, other)]
    return inner if one < other else inner[::-1]


def _gates(
    column_of: Mapping[str, int],
    columns: Sequence[int],
    links: Iterable[Link],
    told: Told | None = None,
) -> tuple[Gates, dict[str, list[str]]]:
    """The places of lines between their columns, and who is next to whom, these places included."""
    gates: Gates = {}
    neighbours: dict[str, list[str]] = {node: [] for node in column_of}
    for link in links:
        start, end = column_of[link.source], column_of[link.target]
        walk = [link.source]
        for column in _between(start, end, columns):
            key = (f"{link.target} {start < end}", column)
            walk.append(gates.setdefault(key, f"\0{key}"))
        weight = WEIGHT if told and (link, start) in told else 1
        for one, other in pairwise([*walk, link.target]):
            neighbours.setdefault(one, []).extend([other] * weight)
            neighbours.setdefault(other, []).extend([one] * weight)
    return gates, neighbours


def _routes(
    column_of: Mapping[str, int],
    columns: Sequence[int],
    links: Sequence[Link],
    gates: Gates,
    positions: Positions,
    captioned: bool,
) -> dict[LinkKey, list[tuple[float, float]]]:
    """The points that lines go through; those of lines to one node end where they gather, and where
    there are captions each does, so that it runs through no name of another."""
    arriving: dict[tuple[str, bool], int] = defaultdict(int)
    for link in links:
        arriving[link.target, column_of[link.source] < column_of[link.target]] += 1
    routes = {}
    for link in links:
        start, end = column_of[link.source], column_of[link.target]
        side = f"{link.target} {start < end}"
        aside = GATHER * COLUMN * (1 if start < end else -1)
        via = []
        for column in _between(start, end, columns):
            x, y = positions[gates[side, column]]
            via += [(x - aside, y), (x + aside, y)] if captioned else [(x, y)]
        if captioned or arriving[link.target, start < end] > 1:
            x, y = positions[link.target]
            via.append((x - aside, y))
        if via:
            routes[link.source, link.kind, link.target] = via
    return routes


def _layers(column_of: Mapping[str, int]) -> dict[int, list[str]]:
    layers: dict[int, list[str]] = defaultdict(list)
    for node, column in column_of.items():
        layers[column].append(node)
    return dict(layers)


def _order_by_barycentre(
    layers: dict[int, list[str]], neighbours: Mapping[str, list[str]], sweeps: int = 12
) -> None:
    rank = {
        node: (index + 0.5) / len(layer)
        for layer in layers.values()
        for index, node in enumerate(layer)
    }
    for sweep in range(sweeps):
        for column in sorted(layers, reverse=bool(sweep % 2)):
            layer = layers[column]
            wanted = {n: _mean([rank[m] for m in neighbours[n]], rank[n]) for n in layer}
            layer.sort(key=lambda n: wanted[n])
            rank.update({node: (i + 0.5) / len(layer) for i, node in enumerate(layer)})
    _switch(layers, neighbours)


SWITCHED = 120
"""In a longer column none are tried in each other's place: nobody follows single lines."""


def _switch(
    layers: dict[int, list[str]], neighbours: Mapping[str, list[str]], rounds: int = 12
) -> None:
    """Neighbours in a column change places where fewer lines cross then (Gansner, Koutsofios, North
    and Vo 1993)."""
    order = sorted(layers)
    for turn in range(rounds):
        changed = False
        for at, column in enumerate(order[:: -1 if turn % 2 else 1]):
            at = len(order) - 1 - at if turn % 2 else at
            layer = layers[column]
            if len(layer) > SWITCHED:
                continue
            sides = [
                {node: place for place, node in enumerate(layers[order[side]])}
                for side in (at - 1, at + 1)
                if 0 <= side < len(order)
            ]
            for place in range(len(layer) - 1):
                one, other = layer[place : place + 2]
                if _crossed(one, other, neighbours, sides) > _crossed(
                    other, one, neighbours, sides
                ):
                    layer[place : place + 2] = [other, one]
                    changed = True
        if not changed:
            break


def _crossed(
    upper: str,
    lower: str,
    neighbours: Mapping[str, list[str]],
    sides: Iterable[Mapping[str, int]],
) -> int:
    """How many lines of two cross, in the columns beside theirs."""
    found = 0
    for places in sides:
        above = [places[n] for n in neighbours[upper] if n in places]
        below = [places[n] for n in neighbours[lower] if n in places]
        found += sum(a > b for a in above for b in below)
    return found


def _heights(
    layers: Mapping[int, Sequence[str]],
    neighbours: Mapping[str, list[str]],
    between: Mapping[str, Share],
    room: Mapping[str, Share],
    rounds: int = 24,
) -> dict[str, float]:
    """Where in its column each node and each place for lines stands, in their order."""
    sizes = {column: _sizes(layer, between, room) for column, layer in layers.items()}
    y: dict[str, float] = {}
    for column, layer in layers.items():
        places = list(accumulate(sizes[column]))
        middle = places[-1] / 2
        y |= {node: place - middle for node, place in zip(layer, places, strict=True)}
    for turn in range(rounds):
        for column in sorted(layers, reverse=bool(turn % 2)):
            wanted = [_mean([y[m] for m in neighbours[n]], y[n]) for n in layers[column]]
            pulls = [max(1, len(neighbours[n])) for n in layers[column]]
            y.update(zip(layers[column], _apart(wanted, sizes[column], pulls), strict=True))
    return y


def _sizes(
    layer: Sequence[str], between: Mapping[str, Share], room: Mapping[str, Share]
) -> list[float]:
    """How far each stands from the one before it, at least: a row, or the share of one that it
    takes, as places for lines do."""
    row = ROW / max(1, -(-sum(node not in between for node in layer) // ROWS))
    high = [between.get(node) or room.get(node, (0.5, 0.5)) for node in layer]
    return [0.0, *(row * (one[1] + other[0]) for one, other in pairwise(high))]


def _stretched(heights: dict[str, float], width: float) -> dict[str, float]:
    """Few rows in many columns get more air, up to three times."""
    height = max(heights.values(), default=0.0) - min(heights.values(), default=0.0)
    factor = min(3.0, max(1.0, ASPECT * width / height)) if height else 1.0
    return {node: y * factor for node, y in heights.items()}


def _heavy_on_top(
    layers: Mapping[int, list[str]], column: int, neighbours: Mapping[str, Sequence[str]]
) -> None:
    """Turned over, a picture has as many crossings: that of which more is said comes first."""
    layer = layers.get(column, [])
    lower = sum(len(neighbours[n]) * (2 * at + 1 - len(layer)) for at, n in enumerate(layer))
    if lower > 0:
        for one in layers.values():
            one.reverse()


def _heavy_parts_first(
    layers: Mapping[int, list[str]], neighbours: Mapping[str, Sequence[str]]
) -> None:
    """Parts that no line joins stand below each other, that of which most is said on top."""
    graph = nx.Graph((one, other) for one in neighbours for other in neighbours[one])
    parts = [*nx.connected_components(graph)]
    parts.sort(key=lambda part: (-sum(len(neighbours[node]) for node in part), min(part)))
    rank = {node: place for place, part in enumerate(parts) for node in part}
    for layer in layers.values():
        layer.sort(key=lambda node: rank.get(node, len(parts)))


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default


def _apart(
    wanted: Sequence[float], gaps: Sequence[float], pulls: Sequence[int] | None = None
) -> list[float]:
    """The places nearest to those wanted (least squares, weighted by how each pulls) in the same
    order, each at least its gap after the one before it.

    Pool-adjacent-violators on the places minus their minimum offsets.
    """
    offsets = list(accumulate(gaps))
    blocks: list[list[float]] = []  # [sum, weight, count] of places that have to move together
    for place, offset, pull in zip(wanted, offsets, pulls or [1] * len(offsets), strict=True):
        blocks.append([pull * (place - offset), pull, 1])
        while len(blocks) > 1 and blocks[-2][0] / blocks[-2][1] > blocks[-1][0] / blocks[-1][1]:
            last = blocks.pop()
            blocks[-1] = [one + other for one, other in zip(blocks[-1], last, strict=True)]
    flat = [total / weight for total, weight, count in blocks for _ in range(int(count))]
    return [place + offset for place, offset in zip(flat, offsets, strict=True)]


# --- organic: near in the graph, near on the page --------------------------------------------


def organic(nodes: Sequence[str], links: Iterable[Link]) -> Organic:
    """Neighbours near each other: exact stress if small, else communities packed as discs. That of
    a large graph is kept for the next time."""
    known = set(nodes)
    pairs = [(link.source, link.target) for link in links]
    if len(nodes) > FAST and all(end in known for pair in pairs for end in pair):
        how = Path(__file__).read_bytes()
        return Organic(*kept_places(nodes, pairs, how, lambda: _organic(nodes, pairs)))
    return Organic(*_organic(nodes, pairs))


def _organic(nodes: Sequence[str], pairs: Iterable[tuple[str, str]]) -> Placed:
    graph = nx.Graph()
    graph.add_nodes_from(nodes)
    graph.add_edges_from(pairs)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    if len(nodes) <= EXACT:
        return _packed(graph, _components(graph), EXACT), {}
    groups = _communities(graph, len(graph) > FAST)
    communities = {node: index for index, group in enumerate(groups) for node in group}
    return _packed(graph, groups, ROUGH if len(graph) > FAST else EXACT), communities


def _components(graph: nx.Graph[str]) -> list[list[str]]:
    """Connected parts, largest first."""
    parts = [sorted(part) for part in nx.connected_components(graph)]
    return sorted(parts, key=lambda part: (-len(part), part[0]))


def _communities(graph: nx.Graph[str], fast: bool) -> list[list[str]]:
    """Louvain communities (Blondel et al. 2008), largest first; nodes without an edge come last."""
    alone = sorted(nx.isolates(graph))
    rest = graph.subgraph(sorted(set(graph) - set(alone)))
    found = (
        _leiden(rest) if fast and rest.size() else nx.community.louvain_communities(rest, seed=7)
    )
    groups = sorted((sorted(group) for group in found), key=lambda group: (-len(group), group[0]))
    # What hangs together in twos and threes beside a thousand groups is one more, last.
    groups, few = groups[:DISCS], [node for group in groups[DISCS:] for node in group]
    return [*groups, *filter(None, [few + alone])]


def _leiden(graph: nx.Graph[str]) -> list[set[str]]:
    """Communities by Leiden (Traag, Waltman and van Eck 2019), which takes a second where Louvain
    in Python takes minutes."""
    from graspologic_native import leiden

    order = sorted((one, other, 1.0) for one, other in map(sorted, graph.edges()))
    _, found = leiden(edges=order, seed=7)
    groups: dict[int, set[str]] = defaultdict(set)
    for node, group in found.items():
        groups[group].add(node)
    return list(groups.values())


def _packed(graph: nx.Graph[str], groups: Iterable[Sequence[str]], exact: int) -> Positions:
    """Each group laid out on its own, then the groups as discs side by side, linked ones near."""
    parts = list(groups)
    drawn = [_group(graph, part, exact) for part in parts]
    radii = np.array([np.hypot(*points.T).max() + SPACING * 0.8 for points in drawn])
    centres = _pack(radii, _quotient(graph, parts))
    return {
        node: (float(x), float(y))
        for part, points, centre in zip(parts, drawn, centres, strict=True)
        for node, (x, y) in zip(part, points + centre, strict=True)
    }


def _group(graph: nx.Graph[str], part: Sequence[str], exact: int) -> Points:
    if len(part) == 1:
        return np.zeros((1, 2))
    sub = graph.subgraph(part).copy()  # walking a view costs several times as much
    if len(part) > DEEP and len(inner := _communities(sub, True)) > 1:
        places = _packed(sub, inner, exact)
        points = np.array([places[node] for node in part])
        return np.asarray(points - points.mean(axis=0))
    if len(part) > exact:  # evenly spread as it is
        points = _sunflower(sub, part) * SPACING * 0.62
        return np.asarray(points - points.mean(axis=0))
    points = _stress(_distances(sub, part)) * SPACING
    wide = len(part) <= 60  # names are wider than high; in large groups they are mostly not shown
    points = _spread(points, SPACING * 0.62) * (np.array([1.2, 1.0]) if wide else 1.0)
    return np.asarray(points - points.mean(axis=0))


def _distances(graph: nx.Graph[str], order: Sequence[str]) -> Points:
    """Steps between all pairs; unconnected pairs count as a little farther than the farthest."""
    index = {node: i for i, node in enumerate(order)}
    steps = np.full((len(order), len(order)), np.nan)
    for node, row in nx.all_pairs_shortest_path_length(graph):
        for other, length in row.items():
            steps[index[node], index[other]] = length
    return np.where(np.isnan(steps), np.nanmax(steps) + 1.0, steps)


def _stress(steps: Points, rounds: int = 60) -> Points:
    """Stress majorisation (SMACOF; Gansner, Koren and North 2004) with weights 1/d²."""
    size = len(steps)
    weights = np.divide(1.0, steps**2, out=np.zeros_like(steps), where=steps > 0)
    laplacian = np.diag(weights.sum(axis=1)) - weights
    inverse = np.linalg.inv(laplacian + 1.0 / size) - 1.0 / size
    points = _sunflower_points(size) * steps.mean()
    for _ in range(rounds):
        gaps = _gaps(points)
        pull = np.divide(weights * steps, gaps, out=np.zeros_like(gaps), where=gaps > 1e-9)
        points = inverse @ (pull.sum(axis=1)[:, None] * points - pull @ points)
    return np.asarray(points)


def _gaps(points: Points) -> Points:
    x, y = points.T
    return np.asarray(np.hypot(x[:, None] - x[None], y[:, None] - y[None]))


def _sunflower(graph: nx.Graph[str], part: Sequence[str]) -> Points:
    """A disc filled from the best connected node outwards in breadth-first order: fast, even."""
    start = max(part, key=lambda node: (graph.degree(node), node))
    order = [start, *(child for _, child in nx.bfs_edges(graph, start))]
    seen = set(order)
    order += [node for node in part if node not in seen]
    place = dict(zip(order, _sunflower_points(len(order)), strict=True))
    return np.array([place[node] for node in part])


def _sunflower_points(count: int) -> Points:
    """Evenly spread points of a disc, about one unit apart (Vogel 1979)."""
    index = np.arange(count) + 0.5
    angle = index * np.pi * (3.0 - np.sqrt(5.0))
    return np.asarray(np.sqrt(index)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1))


def _spread(points: Points, gap: float, rounds: int = 40) -> Points:
    """Push apart whatever is nearer than `gap`."""
    points = points + _sunflower_points(len(points)) * 1e-3  # two equal points have no direction
    for _ in range(rounds):
        delta = points[:, None] - points[None]
        distance = np.linalg.norm(delta, axis=2)
        np.fill_diagonal(distance, np.inf)
        lack = np.clip(gap - distance, 0.0, None)
        if not lack.any():
            break
        points = points + (delta / distance[..., None] * lack[..., None] / 2).sum(axis=1) * 0.8
    return np.asarray(points)


def _quotient(graph: nx.Graph[str], parts: Sequence[Sequence[str]]) -> Points:
    """How many edges join each pair of parts."""
    part_of = {node: index for index, part in enumerate(parts) for node in part}
    joined = np.zeros((len(parts), len(parts)))
    for one, other in graph.edges():
        joined[part_of[one], part_of[other]] += 1
    np.fill_diagonal(joined, 0)
    return joined + joined.T


def _pack(radii: Points, joined: Points) -> Points:
    """Centres of discs that do not overlap: each goes to the free place nearest to its friends."""
    centres = np.zeros((len(radii), 2))
    for index in range(1, len(radii)):
        weights = joined[index, :index] + 1e-3 * radii[:index]
        goal = weights @ centres[:index] / weights.sum()
        last = slice(max(0, index - ANCHORS), index)
        around = _around(centres[last], radii[last], radii[index])
        across, down = (around[:, None, axis] - centres[None, :index, axis] for axis in (0, 1))
        least = (radii[:index] + radii[index] - 1e-6) ** 2
        free = (across * across + down * down >= least).all(axis=1)
        cost = np.hypot(*(around - goal).T) + 0.5 * np.hypot(*around.T)
        centres[index] = around[np.where(free, cost, np.inf).argmin()]
    return centres


def _around(centres: Points, radii: Points, radius: float, directions: int = 24) -> Points:
    """Places where a disc would touch one of those that stand already."""
    angle = np.linspace(0.0, 2 * np.pi, directions, endpoint=False)
    ring = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return np.asarray(centres[:, None] + ring[None] * (radii + radius)[:, None, None]).reshape(
        -1, 2
    )


# --- walking ---------------------------------------------------------------------------------


def within(
    start: str, links: Iterable[Link], hops: int, follow: Callable[[Link], bool] = lambda _: True
) -> dict[str, int]:
    """Node id → steps from the start, for all nodes at most `hops` links away in any direction."""
    near: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if follow(link):
            near[link.source].append(link.target)
            near[link.target].append(link.source)
    steps = {start: 0}
    queue = deque([start])
    while queue:
        node = queue.popleft()
        if steps[node] < hops:
            for other in near[node]:
                if other not in steps:
                    steps[other] = steps[node] + 1
                    queue.append(other)
    return steps
