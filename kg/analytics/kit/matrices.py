"""What networks amount to as matrices: all shortest paths and all pairs at once."""

from __future__ import annotations

from collections import Counter
from typing import Any

import networkx as nx
import numpy as np

AT_ONCE = 64
"""Nodes from which paths are followed at once: so many columns of a matrix of floats. The matrices
of some thousand nodes then stay in the processor's cache."""

DIGITS = 12
"""What is further behind the point hangs on the order of sums."""


def betweenness(graph: nx.Graph) -> dict[Any, float]:
    """Shortest-path betweenness, normalised, of an undirected graph without loops: the sums of
    Brandes (2001) for many starting points at once, a level of distance after the other."""
    nodes, links = list(graph), nx.to_scipy_sparse_array(graph, dtype=float, weight=None)
    count = len(nodes)
    total = np.zeros(count)
    for start in range(0, count, AT_ONCE):
        total += _dependencies(links, np.arange(start, min(start + AT_ONCE, count)))
    pairs = (count - 1) * (count - 2)
    return dict(zip(nodes, np.round(total / max(pairs, 1), DIGITS).tolist(), strict=True))


def _dependencies(links: Any, sources: Any) -> Any:
    """How much of the shortest paths from these nodes leads over each other one."""
    columns = np.arange(len(sources))
    paths = np.zeros((links.shape[0], len(sources)))
    paths[sources, columns] = 1.0
    level, reached, levels = paths, paths > 0, []
    while level.any():
        levels.append(level)
        level = links @ level
        level[reached] = 0.0
        reached |= level > 0
        paths = paths + level
    ways = np.where(paths > 0, paths, 1.0)
    over = np.zeros_like(paths)
    for here, before in zip(levels[:0:-1], levels[-2::-1], strict=True):
        share = (1.0 + over) / ways
        share[here == 0] = 0.0
        over += before * (links @ share)
    over[sources, columns] = 0.0
    return over.sum(axis=1)


def sole_links(graph: nx.Graph) -> Counter[Any]:
    """Node → pairs that have no link, and no neighbour in common but this node."""
    from scipy import sparse

    if not graph:
        return Counter()
    nodes, links = list(graph), nx.to_scipy_sparse_array(graph, dtype=np.int64, weight=None)
    place = links.copy()
    place.data = place.indices + 1  # with one neighbour in common the sum of places is its place
    common = (links @ links).tocoo()
    one = (common.data == 1) & (common.row < common.col)
    ends = common.row[one], common.col[one]
    alone = sparse.coo_array((np.ones(one.sum(), np.int64), ends), links.shape).tocsr()
    apart = alone - alone.multiply(links)
    which = (place @ links).multiply(apart).tocoo().data
    which = which[which > 0] - 1
    counts = np.bincount(which, minlength=len(nodes))
    return Counter({nodes[i]: int(counts[i]) for i in np.flatnonzero(counts)})
