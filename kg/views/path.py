"""How two nodes hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from kg.base.errors import UsageError
from kg.views.kit.layout import columns
from kg.views.kit.picture import Picture, all_links, all_nodes, between, cypher_text
from kg.views.kit.reach import Reach, Step

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

DOC = "All shortest paths between two nodes, without merely structural relations."

LONGEST = 12


def view(corpus: Corpus, from_: str, to: str, structural: bool = False) -> Picture:
    """All shortest paths, whichever way the edges point.

    Where a thing lies and what it is part of join almost everything; such a path is association,
    not evidence, so structural edge kinds are left out unless `structural` is set.
    """
    start, end = corpus.find(from_), corpus.find(to)
    edges = corpus.ontology.edges
    links = [k for k in all_links(corpus) if structural or not edges[k.kind].structural]
    graph = nx.Graph((link.source, link.target) for link in links)
    try:
        paths = list(nx.all_shortest_paths(graph, start, end))
    except (nx.NetworkXNoPath, nx.NodeNotFound):
        raise UsageError(
            f"No path joins {start} and {end}"
            + ("" if structural else " without structural relations (try structural=true)")
        ) from None
    column_of = {node: index for path in sorted(paths) for index, node in enumerate(path)}
    nodes = {key: row for key, row in all_nodes(corpus).items() if key in column_of}
    shown = between(links, nodes)
    steps = len(paths[0]) - 1
    names = {index: "" if index else "From" for index in range(steps)} | {steps: "To"}
    positions, bands = columns({n: column_of[n] for n in nodes}, shown, names)
    one, other = nodes[start], nodes[end]
    return Picture(
        title=f"From {one['name']} to {other['name']}",
        about=f"All shortest paths ({steps} steps). A path is association, not evidence.",
        nodes=nodes,
        links=shown,
        positions=positions,
        bands=bands,
        cypher=(
            f"MATCH (a:{one['kind']} {{id: {cypher_text(start)}}}), "
            f"(b:{other['kind']} {{id: {cypher_text(end)}}})\n"
            f"MATCH p = shortestPath((a)-[*..{LONGEST}]-(b))\nRETURN p"
        ),
        focus=start,
        reach=Reach([start], [Step(dict.fromkeys({k.kind for k in shown}, "either"), None)]),
    )
