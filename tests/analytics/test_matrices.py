"""Networks as matrices amount to what networkx and plain counting make of them."""

from __future__ import annotations

import random
from collections import Counter
from itertools import combinations

import networkx as nx
import pytest

from kg.analytics.kit import matrices


def network(number: int) -> nx.Graph:
    chance = random.Random(number)
    graph = nx.gnm_random_graph(chance.randint(1, 40), chance.randint(0, 90), seed=number)
    return nx.relabel_nodes(graph, {node: f"person:{node}" for node in graph})


def counted(graph: nx.Graph) -> Counter[str]:
    """Pairs that only this person links, one after the other."""
    links: Counter[str] = Counter()
    for one, other in combinations(graph, 2):
        common = list(nx.common_neighbors(graph, one, other))
        if len(common) == 1 and not graph.has_edge(one, other):
            links[common[0]] += 1
    return links


@pytest.mark.parametrize("number", range(12))
def test_betweenness_is_that_of_networkx(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(matrices, "AT_ONCE", 7)
    graph = network(number)
    plain = nx.betweenness_centrality(graph, backend="networkx")
    assert matrices.betweenness(graph) == pytest.approx(plain)


@pytest.mark.parametrize("number", range(12))
def test_sole_links_are_counted(number: int) -> None:
    graph = network(number)
    assert matrices.sole_links(graph) == counted(graph)
