"""Everything within a few steps of one node."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.views.kit.layout import organic, within
from kg.views.kit.picture import (
    EVIDENCE_KINDS,
    Picture,
    all_links,
    all_nodes,
    between,
    cypher_text,
)
from kg.views.kit.reach import Reach, Step

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

DOC = "Everything within a number of steps of one node."


def view(corpus: Corpus, node: str, hops: int = 2) -> Picture:
    """The nodes at most `hops` edges away from `node`, in any direction, and what joins them."""
    start = corpus.find(node)
    with_evidence = start.split(":")[0].title() in EVIDENCE_KINDS
    kinds = corpus.graph.nodes.keys() if with_evidence else None
    links = all_links(corpus, {k for k, _, _ in corpus.graph.edges} if with_evidence else None)
    near = within(start, links, hops)
    nodes = {key: row for key, row in all_nodes(corpus, kinds).items() if key in near}
    shown = between(links, nodes)
    drawn = organic(list(nodes), shown)
    name = str(nodes[start]["name"])
    steps = "step" if hops == 1 else "steps"
    return Picture(
        title=f"Around {name}",
        about=f"What lies within {hops} {steps} of {name}, whichever way the edges point.",
        nodes=nodes,
        links=shown,
        positions=drawn.positions,
        communities=drawn.communities,
        cypher=(
            f"MATCH p = (n:{nodes[start]['kind']} {{id: {cypher_text(start)}}})-[*1..{hops}]-()\n"
            "RETURN p"
        ),
        focus=start,
        reach=Reach([start], [Step(dict.fromkeys({k.kind for k in shown}, "either"), hops)]),
    )
