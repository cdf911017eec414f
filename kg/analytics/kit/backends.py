"""Faster networkx backends where one is installed and loads; plain networkx otherwise."""

from __future__ import annotations

import logging
from functools import cache

import networkx as nx

from kg.analytics.kit import matrices

WORTH_IT = 2_000
"""Edges from which starting a backend's workers costs less than it saves (bench/analytics.py)."""


@cache
def backend_for(function: str) -> str | None:
    """The first installed backend, in networkx's own order, that loads and has `function`.

    A backend made for another networkx fails at import; it is passed over and logged, since the
    answer is the same without it.
    """
    for name in nx.utils.backends.backends:
        if name == "networkx":
            continue
        try:
            module = nx.utils.backends._load_backend(name)
        except Exception as broken:  # whatever a foreign package raises while it is imported
            logging.getLogger(__name__).info("networkx backend %s does not load: %s", name, broken)
            continue
        if hasattr(module, function):
            return str(name)
    return None


def betweenness(graph: nx.Graph) -> dict[str, float]:
    """Shortest-path betweenness, normalised, by a backend when the graph is large enough.

    Freeman (1977), doi:10.2307/3033543. O(nodes × edges) after Brandes (2001).
    """
    large = graph.number_of_edges() >= WORTH_IT
    backend = backend_for("betweenness_centrality") if large else None
    if large and backend is None:
        return matrices.betweenness(graph)
    if backend == "parallel":
        with nx.config.backends.parallel(active=True, n_jobs=-1):
            return dict(nx.betweenness_centrality(graph, backend=backend))
    return dict(nx.betweenness_centrality(graph, backend=backend))
