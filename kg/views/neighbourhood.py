"""Everything within a few steps of one node."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from kg.views.kit.layout import organic
from kg.views.kit.picture import (
    EVIDENCE_KINDS,
    Link,
    Picture,
    all_links,
    all_nodes,
    between,
    cypher_text,
)
from kg.views.kit.reach import Reach, Step, Way

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

DOC = "Everything within a number of steps of one node; hubs are not gone through unless asked."

HUB = 60
"""What has more neighbours joins things that have nothing to do with each other: a country, a tool
of many. It is shown, and not gone through."""
MOST = 80
"""More nodes than this are no picture: the nearest stay, of equally near ones some of each kind."""


def view(corpus: Corpus, node: str, hops: int = 2, hubs: bool = False) -> Picture:
    """The nodes at most `hops` edges away from `node`, in any direction, and what joins them."""
    start = corpus.find(node)
    with_evidence = start.split(":")[0].title() in EVIDENCE_KINDS
    kinds = corpus.graph.nodes.keys() if with_evidence else None
    links = all_links(corpus, {k for k, _, _ in corpus.graph.edges} if with_evidence else None)
    closed = set() if hubs else _hubs(links) - {start}
    ways: dict[str, Way] = dict.fromkeys({link.kind for link in links}, "either")
    rings = [Reach([start], [Step(ways, n)], closed=closed).over(links) for n in range(hops + 1)]
    near = _nearest(rings, links)
    nodes = {key: row for key, row in all_nodes(corpus, kinds).items() if key in near}
    shown = between(links, nodes)
    drawn = organic(list(nodes), shown)
    name = str(nodes[start]["name"])
    cut = sorted(closed & rings[-2] & near) if hops > 1 else []
    names = {key: str(nodes[key]["name"]) for key in cut}
    return Picture(
        title=f"Around {name}",
        about=_about(name, hops, names, len(rings[-1]) - len(nodes)),
        nodes=nodes,
        links=shown,
        positions=drawn.positions,
        communities=drawn.communities,
        cypher=(
            f"MATCH p = (n:{nodes[start]['kind']} {{id: {cypher_text(start)}}})-[*1..{hops}]-()\n"
            "RETURN p"
        ),
        focus=start,
        reach=Reach(
            [start], [Step(dict.fromkeys({k.kind for k in shown}, "either"), hops)], closed=closed
        ),
    )


def _hubs(links: Iterable[Link]) -> set[str]:
    """What has more than `HUB` neighbours."""
    near: dict[str, set[str]] = defaultdict(set)
    for link in links:
        near[link.source].add(link.target)
        near[link.target].add(link.source)
    return {key for key, others in near.items() if len(others) > HUB}


def _nearest(rings: list[set[str]], links: Iterable[Link]) -> set[str]:
    """All that was reached, or the nearest `MOST`; of equally near ones each kind in turn, what
    most is said of first: a hundred techniques do not push out the one state that is blamed."""
    if len(rings[-1]) <= MOST:
        return rings[-1]
    weights: dict[str, float] = defaultdict(float)
    for link in links:
        weights[link.source] += link.weight
        weights[link.target] += link.weight
    near: list[str] = []
    for inner, ring in zip([set(), *rings], rings, strict=False):
        turns: dict[str, int] = defaultdict(int)
        turn = {}
        for key in sorted(ring - inner, key=lambda key: (-weights[key], key)):
            turn[key] = turns[key.split(":")[0]] = turns[key.split(":")[0]] + 1
        near += sorted(turn, key=lambda key: (turn[key], -weights[key], key))
    return set(near[:MOST])


def _about(name: str, hops: int, hubs: Mapping[str, str], left: int) -> str:
    steps = "step" if hops == 1 else "steps"
    parts = [f"What lies within {hops} {steps} of {name}, whichever way the edges point."]
    if hubs:
        some = ", ".join(sorted(hubs.values())[:6])
        more = f" and {len(hubs) - 6} more" if len(hubs) > 6 else ""
        parts.append(
            f"Not gone through, for more than {HUB} things hang on each: {some}{more} "
            "(hubs=true goes through them)."
        )
    if left:
        parts.append(f"{left:,} more, farther off or with less said of them, are left out.")
    return " ".join(parts)
