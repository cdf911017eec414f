"""What each measure costs at 10,000 and 100,000 edges, or at those given.

Beside our seconds stands a peer that does the heart of the same work, in the same run, on the same
graph: ratios travel between machines, seconds do not. A peer that would take minutes is left out.

    python bench/analytics.py [--edges 10000 1000000] [--measure NAME]
"""

from __future__ import annotations

import argparse
import logging
import platform
import time
from collections.abc import Callable
from datetime import date, timedelta
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np

from kg.analytics import discover
from kg.analytics.brokerage import encounters, network
from kg.analytics.kit.backends import backend_for

SIZES = (10_000, 100_000)
QUICK = {"runs": 100, "most": 3}
"""Fewer shuffles and fewer documents left out, so that the fixed part shows; both are linear."""


class Grown:
    """A graph in the projection's shape with about that many edges, half of them evidence."""

    def __init__(self, edges: int, seed: int = 1) -> None:
        self.chance = np.random.default_rng(seed)
        self.graph: Any = nx.MultiDiGraph()
        scale = edges // 40
        kinds = {"State": max(60, scale // 20), "Agency": max(40, scale // 100),
                 "Person": scale // 4, "Group": max(20, scale // 20), "Organization": scale // 4,
                 "Software": scale // 4, "Document": max(20, scale // 10), "Incident": scale,
                 "Meeting": scale // 2, "Sanction": scale // 8}  # fmt: skip
        self.ids = {kind: [f"{kind.lower()}:{at}" for at in range(n)] for kind, n in kinds.items()}
        self.nodes()
        self.attribution()
        self.diplomacy(edges)

    def nodes(self) -> None:
        days = iter(self.chance.integers(0, 9000, sum(map(len, self.ids.values()))).tolist())
        for kind, nodes in self.ids.items():
            for node in nodes:
                day = date(2000, 1, 1) + timedelta(next(days))
                self.graph.add_node(node, kind=kind, name=node, names=[node], occurred_from=day,
                                    occurred_to=day)  # fmt: skip

    def pick(self, kind: str) -> str:
        # Squared: few are met often, as in real life.
        return self.ids[kind][int(len(self.ids[kind]) * self.chance.random() ** 2)]

    def claim(self, start: str, edge: str, end: str) -> None:
        id = f"claim:{len(self.graph)}"
        self.graph.add_node(id, kind="Claim", name=id, predicate=edge, polarity="positive")
        for to, link in ((start, "SUBJECT"), (end, "OBJECT"), (self.pick("Agency"), "ASSERTED_BY"),
                         (self.pick("Document"), "REPORTED_IN")):  # fmt: skip
            self.graph.add_edge(id, to, key=link, kind=link)
        if not self.graph.has_edge(start, end, edge):
            self.graph.add_edge(start, end, key=edge, kind=edge, claims=[], asserters=1)
        self.graph.edges[start, end, edge]["claims"].append(id)

    def attribution(self) -> None:
        for group in self.ids["Group"]:
            self.claim(group, "CONTROLLED_BY", self.pick("State"))
            for _ in range(8):
                self.claim(group, "USED", self.pick("Software"))
        for organization in self.ids["Organization"]:
            state = self.pick("State")
            self.graph.add_edge(organization, state, key="LOCATED_IN", kind="LOCATED_IN")
        for incident in self.ids["Incident"]:
            group = self.pick("Group")
            self.claim(incident, "ATTRIBUTED_TO", group)
            self.claim(incident, "ATTRIBUTED_TO", group)
            self.claim(incident, "TARGETED", self.pick("Organization"))

    def diplomacy(self, edges: int) -> None:
        for meeting in self.ids["Meeting"]:
            for _ in range(2):
                self.claim(self.pick("Person"), "PARTICIPATED_IN", meeting)
        # Four links of evidence a tie; asking networkx for its size each time would take hours.
        for _ in range((edges - self.graph.number_of_edges()) // 4):
            edge = "ALLIED_WITH" if self.chance.random() < 0.9 else "RIVAL_OF"
            self.claim(self.pick("State"), edge, self.pick("State"))


def seconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def signed_ties(graph: Any) -> Any:
    pairs = [(a, b) for a, b, k in graph.edges(keys=True) if k in ("ALLIED_WITH", "RIVAL_OF")]
    return nx.Graph(pair for pair in pairs if pair[0] != pair[1])


def all_pairs(graph: Any) -> list[float]:
    """Jaccard of every pair of groups, as one would write it first."""
    groups = [n for n, d in graph.nodes(data=True) if d["kind"] == "Group"]
    sets = {g: {e for _, e, k in graph.out_edges(g, keys=True) if k == "USED"} for g in groups}
    return [len(sets[a] & sets[b]) / len(sets[a] | sets[b]) for a, b in combinations(groups, 2)]


def chains(graph: Any) -> int:
    """All simple paths of at most six links from every incident, by networkx."""
    kept = ("ATTRIBUTED_TO", "CONTROLLED_BY", "SUBGROUP_OF", "PART_OF")
    links = nx.DiGraph((a, b) for a, b, k in graph.edges(keys=True) if k in kept)
    states = {n for n in links if n.startswith("state:")}
    starts = [n for n in links if n.startswith("incident:")]
    return sum(1 for s in starts for _ in nx.all_simple_paths(links, s, states, cutoff=6))


PEERS: dict[str, tuple[str, Callable[[Any], object], int]] = {
    "structural_balance": ("networkx.triangles", lambda g: nx.triangles(signed_ties(g)), 10**6),
    "weakest_link": ("networkx.all_simple_paths", chains, 10**6),
    "group_similarity": ("every pair in Python", all_pairs, 10**5),
    "brokerage": ("networkx.betweenness, once for the whole and 3 documents",
                  lambda g: [nx.betweenness_centrality(network(encounters(g)), backend="networkx")
                             for _ in range(4)], 10**5),
}  # fmt: skip
"""Measure → what the peer is, the peer, and the size up to which it ends in minutes."""

LONG = {"brokerage": 10**5}
"""Measures that are left out above a size: betweenness is O(people × encounters)."""


def main() -> None:
    import scipy.stats  # noqa: F401  (its import, a second, is nobody's cost here)

    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--edges", type=int, nargs="+", default=SIZES, help="sizes of the graph")
    asked.add_argument("--measure", help="only this one")
    options = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    backend = backend_for("betweenness_centrality") or "none that loads"
    print(f"Python {platform.python_version()}, networkx {nx.__version__}, backend: {backend}")
    print(f"{'measure':26} {'edges':>9} {'seconds':>9} {'µs/edge':>8}  peer")
    for size in options.edges:
        graph = Grown(size).graph
        for name, measure in discover().items():
            if options.measure in (None, name) and size <= LONG.get(name, size):
                show(name, measure, graph, size)


def show(name: str, measure: Any, graph: Any, size: int) -> None:
    params: dict[str, Any] = {key: QUICK[key] for key in measure.parameters if key in QUICK}
    if measure.needs("as_of"):
        params["as_of"] = lambda _day: graph
        params["since"] = "2000-01-01"
    ours = seconds(lambda: measure(graph, **params))
    line = f"{name:26} {graph.number_of_edges():>9,} {ours:>9.2f} {1e6 * ours / size:>8.1f}"
    if name in PEERS and size <= PEERS[name][2]:
        what, peer, _ = PEERS[name]
        theirs = seconds(lambda: peer(graph))
        line += f"  {what}: {theirs:.2f} s, ours takes {ours / theirs:.2f} of it"
    print(line, flush=True)


if __name__ == "__main__":
    main()
