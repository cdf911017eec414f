"""Which edge a relationship is, by its type and the kinds of its ends."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from kg.ontology import Ontology

LINKED = "LINKED_TO"
"""What says no more than that there is a link; which, stands in its qualifier."""


class Edge(NamedTuple):
    """An edge kind, whether it runs the other way round, and the qualifiers it gets."""

    type: str
    turned: bool = False
    qualifiers: Mapping[str, str] = {}


def _edges(*types: str) -> tuple[Edge, ...]:
    return tuple(Edge(type_) for type_ in types)


RELATIONS: Mapping[str, tuple[Edge, ...]] = {
    "uses": _edges("USED"),
    "attributed-to": _edges("ATTRIBUTED_TO", "CONTROLLED_BY"),
    "authored-by": _edges("ATTRIBUTED_TO"),
    "targets": _edges("TARGETED", "TARGETS_SECTOR", "EXPLOITED"),
    "exploits": _edges("EXPLOITED"),
    "compromises": _edges("TARGETED"),
    "impacts": _edges("AFFECTED"),
    "beacons-to": _edges("USED"),
    "exfiltrates-to": _edges("USED"),
    "originates-from": _edges("LOCATED_IN"),
    "located-at": _edges("LOCATED_IN"),
    "resides-in": _edges("LOCATED_IN"),
    "part-of": _edges("SUBGROUP_OF", "MEMBER_OF", "LOCATED_IN"),
    "consists-of": (Edge("SUBGROUP_OF", turned=True),),
    "member-of": _edges("MEMBER_OF"),
    "employed-by": _edges("MEMBER_OF"),
    "owns": (Edge("OWNED_BY", turned=True), Edge("CONTROLLED_BY", turned=True)),
    "controls": (Edge("CONTROLLED_BY", turned=True),),
    "caused-by": _edges("ATTRIBUTED_TO"),
    "performed-by": _edges("ATTRIBUTED_TO"),
    "conducted-by": _edges("ATTRIBUTED_TO"),
    "responsible-for": (Edge("ATTRIBUTED_TO", turned=True),),
    "performed": (Edge("ATTRIBUTED_TO", turned=True),),
    "targeted-by": (Edge("TARGETED", turned=True),),
    "victim-of": (Edge("TARGETED", turned=True),),
    "used-by": (Edge("USED", turned=True),),
    "parent-of": (Edge("SUBGROUP_OF", turned=True),),
    "employs": (Edge("MEMBER_OF", turned=True),),
    "alias-of": _edges("SAME_AS"),
    "revoked-by": _edges("SAME_AS"),
    "duplicate-of": _edges("SAME_AS"),
    "related-to": _edges(LINKED),
}
"""Relationship type → edges, of which the first counts that may join such ends."""

LINKS = frozenset((
    "part-of", "member-of", "employed-by", "owns", "variant-of", "derived-from", "impersonates",
    "delivers", "downloads", "drops", "controls", "participates-in", "cooperates-with",
    "overlaps-with", "communicates-with", "citizen-of", "national-of", "amplifies", "publishes",
    "belongs-to", "subordinate-to", "supports", "known-as", "similar-to", "consists-of", "has",
    "hosts", "uses", "targets", "compromises", "exploits", "impacts", "beacons-to",
    "exfiltrates-to", "led-to", "associated-with", "affiliated-with", "linked-to", "indicates",
    "resolves-to",
))  # fmt: skip
"""Types that say a link, and which one it is, where no edge has that meaning for such ends."""


def edge_of(type_: str, start: str, end: str, ontology: Ontology) -> Edge | None:
    """The edge for a relationship between these kinds; None where the ontology cannot say it. A
    type that is called as one of our edge kinds is that."""
    own = type_.upper().replace("-", "_")
    candidates = list(RELATIONS.get(type_, ()))
    if own in ontology.edges and ontology.edges[own].claimable:
        candidates.append(Edge(own))
    if type_ in LINKS:
        candidates.append(Edge(LINKED, qualifiers={"link": type_}))
    for edge in candidates:
        ends = (end, start) if edge.turned else (start, end)
        if ontology.edges[edge.type].allows(*ends):
            return edge
    return None
