"""What a view hands to the page: nodes, links, where they stand, and how to read them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus
    from kg.views.kit.reach import Reach

Positions: TypeAlias = dict[str, tuple[float, float]]
"""Node id → (x, y) in pixels at zoom 1; y grows downwards, as on a canvas."""

EVIDENCE_KINDS = frozenset({"Claim"})
"""Kinds that a picture leaves out, because the page shows claims in its panel instead."""


@dataclass(frozen=True, slots=True)
class Link:
    """One edge of the projected graph with its properties."""

    source: str
    kind: str
    target: str
    properties: Mapping[str, Any]

    @property
    def weight(self) -> float:
        """What the edge adds to the weight of its ends.

        Independent asserters count; what is merely declared counts little, otherwise every picture
        would open on the states that everything is part of.
        """
        return float(self.properties.get("asserters") or 0.2)


@dataclass(frozen=True, slots=True)
class Band:
    """A labelled column (`axis="x"`) or lane (`axis="y"`) behind the nodes, in pixels."""

    name: str
    start: float
    end: float
    axis: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A labelled place on the time axis, in pixels."""

    at: float
    text: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A view's answer. Nothing in it is styled: looks come from the ontology, in the page."""

    title: str
    about: str
    """One or two sentences: what is drawn and how to read it."""
    nodes: Mapping[str, Mapping[str, Any]]
    links: Collection[Link]
    positions: Positions
    cypher: str = ""
    """The query that gives these nodes and edges in a database."""
    bands: Collection[Band] = ()
    ticks: Collection[Tick] = ()
    spans: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    """Node id → (left, right) pixels of the time it may have happened in, where it is not a day."""
    routes: Mapping[tuple[str, str, str], Sequence[tuple[float, float]]] = field(
        default_factory=dict
    )
    """(source, kind, target) → points that the line goes through, in pixels."""
    captions: Mapping[tuple[str, str, str], tuple[float, float, float]] = field(
        default_factory=dict
    )
    """(source, kind, target) → from where to where, and how far down, the line says who says so."""
    notes: Mapping[str, str] = field(default_factory=dict)
    """Node id → what stands under its name, in a few words."""
    reported: Collection[str] = ()
    """Nodes behind whose names stands who reports them."""
    turned: Collection[str] = ()
    """Nodes that have room for their names to the left of them; the others have it to the right."""
    communities: Mapping[str, int] = field(default_factory=dict)
    marks: Mapping[tuple[str, str, str], str] = field(default_factory=dict)
    """(from, type, to) of an edge → what became of it, in a few words."""
    focus: str | None = None
    """The node or edge that is selected when the page opens."""
    reach: Reach | None = None
    """How the nodes were selected, if by edges: the page selects them so again under a lens.
    Without it every node stays that the lens leaves in the graph."""


def all_nodes(
    corpus: Corpus, kinds: Collection[str] | None = None, only: Collection[str] | None = None
) -> dict[str, dict[str, Any]]:
    """Id → properties (nulls left out, `kind` among them) of the nodes of these kinds, by id;
    `only` of these ids, where they are given."""
    found = {}
    wanted = None if only is None else pl.Series(list(only), dtype=pl.String).implode()
    for kind, frame in corpus.graph.nodes.items():
        if kind in EVIDENCE_KINDS if kinds is None else kind not in kinds:
            continue
        if wanted is not None:
            frame = frame.filter(pl.col("id").is_in(wanted))
        for row in frame.iter_rows(named=True):
            found[row["id"]] = {k: v for k, v in row.items() if v is not None} | {"kind": kind}
    return dict(sorted(found.items()))


def all_links(
    corpus: Corpus, kinds: Collection[str] | None = None, among: Collection[str] | None = None
) -> list[Link]:
    """The edges of these types (all but evidence edges if none are given), in a stable order;
    those `among` these nodes, where they are given."""
    found = _links(corpus, kinds, among)
    return sorted(found, key=lambda link: (link.source, link.kind, link.target))


def _links(
    corpus: Corpus, kinds: Collection[str] | None, among: Collection[str] | None
) -> Iterator[Link]:
    ends = None if among is None else pl.Series(list(among), dtype=pl.String).implode()
    for (kind, start, end), frame in corpus.graph.edges.items():
        if kinds is not None and kind not in kinds:
            continue
        if kinds is None and (start in EVIDENCE_KINDS or end in EVIDENCE_KINDS):
            continue
        if ends is not None:
            frame = frame.filter(pl.col("from").is_in(ends) & pl.col("to").is_in(ends))
        for row in frame.iter_rows(named=True):
            source, target = row.pop("from"), row.pop("to")
            yield Link(source, kind, target, {k: v for k, v in row.items() if v is not None})


def between(links: Iterable[Link], nodes: Collection[str]) -> list[Link]:
    """The links whose two ends are both among the nodes."""
    return [link for link in links if link.source in nodes and link.target in nodes]


def cypher_text(value: str) -> str:
    """A string literal for a query that people copy and paste; `kg` itself binds parameters."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
