"""Any nodes and edges as a picture: what a question or a query answered with."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from kg.base.errors import UsageError
from kg.views.kit.layout import organic
from kg.views.kit.picture import Picture, all_links, all_nodes, cypher_text

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus


def selection(
    corpus: Corpus,
    node_ids: Collection[str],
    edge_keys: Collection[tuple[str, str, str]],
    title: str,
    cypher: str = "",
) -> Picture:
    """The named nodes and edges; if no edge is named, all edges between the nodes."""
    wanted = set(node_ids) | {end for key in edge_keys for end in (key[0], key[2])}
    nodes = all_nodes(corpus, kinds=corpus.graph.nodes.keys(), only=wanted)
    if not nodes:
        raise UsageError("This question answers with no node or edge of the graph: nothing to draw")
    keys = set(edge_keys)
    kinds = {kind for _, kind, _ in keys} or {kind for kind, _, _ in corpus.graph.edges}
    links = [
        link
        for link in all_links(corpus, kinds, among=nodes)
        if not keys or (link.source, link.kind, link.target) in keys
    ]
    drawn = organic(list(nodes), links)
    return Picture(
        title=title,
        about="What a question answered with, drawn with neighbours near each other.",
        nodes=nodes,
        links=links,
        positions=drawn.positions,
        communities=drawn.communities,
        cypher=cypher or _cypher(nodes),
    )


def _cypher(nodes: Collection[str]) -> str:
    ids = ", ".join(cypher_text(node) for node in nodes)
    return f"MATCH (a)-[r]->(b)\nWHERE a.id IN [{ids}]\n  AND b.id IN [{ids}]\nRETURN a, r, b"
