"""How two nodes hang together."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import networkx as nx

from kg.base.errors import UsageError
from kg.views.attribution import BLAME, SEAT
from kg.views.kit.layout import columns
from kg.views.kit.picture import Link, Picture, all_links, all_nodes, between, cypher_text
from kg.views.kit.reach import Reach, Step, Way

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

DOC = "How two nodes hang together: the chain of blame and bodies, and all shortest paths."

LONGEST = 12


CHAIN: dict[str, Way] = BLAME | SEAT
"""What leads from an event over groups and bodies to a state."""


def view(corpus: Corpus, from_: str, to: str, structural: bool = False) -> Picture:
    """All shortest paths, whichever way the edges point, and the whole chain of who is blamed and
    whose organ that is, where one leads from either end to the other.

    Where a thing lies and what it is part of join almost everything; a path along these is
    association, not evidence, so structural edge kinds are left out of the shortest ones unless
    `structural` is set. Within a chain of blame they say whose organ an actor is.
    """
    start, end = corpus.find(from_), corpus.find(to)
    edges = corpus.ontology.edges
    links = all_links(corpus)
    open_ = [k for k in links if structural or not edges[k.kind].structural]
    chain = _chain(links, start, end) or _chain(links, end, start)
    paths = _shortest(open_, start, end)
    if not paths and not chain:
        raise UsageError(
            f"No path joins {start} and {end}"
            + ("" if structural else " without structural relations (try structural=true)")
        )
    wanted = {node for path in paths for node in path} | chain.nodes
    nodes = {key: row for key, row in all_nodes(corpus).items() if key in wanted}
    kinds = CHAIN.keys() | {k.kind for k in open_}
    shown = [k for k in between(links, nodes) if k.kind in kinds]
    column_of = _columns(paths, chain, start, end)
    last = max(column_of.values())
    names = dict.fromkeys(range(last), "") | {0: "From", last: "To"}
    drawn = columns({n: column_of[n] for n in nodes}, shown, names)
    one, other = nodes[start], nodes[end]
    return Picture(
        title=f"From {one['name']} to {other['name']}",
        about=_about(paths, chain),
        nodes=nodes,
        links=shown,
        positions=drawn.positions,
        bands=drawn.bands,
        routes=drawn.routes,
        cypher=(
            f"MATCH (a:{one['kind']} {{id: {cypher_text(start)}}}), "
            f"(b:{other['kind']} {{id: {cypher_text(end)}}})\n"
            f"MATCH p = shortestPath((a)-[*..{LONGEST}]-(b))\nRETURN p"
        ),
        reach=Reach([start], [Step(dict.fromkeys({k.kind for k in shown}, "either"), None)]),
    )


def _shortest(links: Iterable[Link], start: str, end: str) -> list[list[str]]:
    graph = nx.Graph((link.source, link.target) for link in links)
    try:
        return sorted(nx.all_shortest_paths(graph, start, end))
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        return []


def _chain(links: Iterable[Link], start: str, end: str) -> nx.DiGraph[str]:
    """What lies on a way from one end to the other along edges of the chain; empty without one."""
    graph: nx.DiGraph[str] = nx.DiGraph()
    for link in links:
        if link.kind in CHAIN and link.source != link.target:
            graph.add_edge(link.source, link.target)
    if start not in graph or end not in graph or not nx.has_path(graph, start, end):
        return nx.DiGraph()
    graph.remove_edges_from([*graph.out_edges(end), *graph.in_edges(start)])
    inside = nx.descendants(graph, start) & nx.ancestors(graph, end)
    return nx.DiGraph(graph.subgraph({start, end, *inside}))


def _columns(
    paths: Iterable[Sequence[str]], chain: nx.DiGraph[str], start: str, end: str
) -> dict[str, int]:
    """How many steps from the start, the longest way through the chain; the other end is last."""
    found = {node: index for path in paths for index, node in enumerate(path)}
    rings = nx.condensation(chain) if chain else nx.DiGraph()
    depth: dict[int, int] = {}
    for ring in nx.topological_sort(rings):
        depth[ring] = 1 + max((depth[above] for above in rings.predecessors(ring)), default=-1)
        found |= dict.fromkeys(rings.nodes[ring]["members"], depth[ring])
    if found.get(start, 0):  # the chain runs the other way
        last = found[start]
        found = {node: last - at for node, at in found.items()}
    return found | {start: 0, end: max(found.values())}


def _about(paths: Sequence[Sequence[str]], chain: nx.DiGraph[str]) -> str:
    parts = []
    if chain:
        parts.append("The chain of who is blamed, whose group or organ that is, and where it ends.")
    if paths:
        steps = len(paths[0]) - 1
        parts.append(f"All shortest paths ({steps} step{'s' * (steps > 1)}).")
    return " ".join([*parts, "A path is association, not evidence."])
