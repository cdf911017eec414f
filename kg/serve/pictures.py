"""The pictures that a served page asks for: a view or a saved question, and what was expanded.

A picture is made of its recipe (`Wanted`) alone, which stands in the page's address: nothing of
what somebody looks at is kept here but for speed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import count
from textwrap import shorten
from typing import Any, TypeAlias

from kg import views
from kg.api import KnowledgeGraph
from kg.ask import questions
from kg.base.errors import UsageError
from kg.graph.corpus import Corpus
from kg.graph.lens import WHOLE, Lens
from kg.mcp.tools import SECONDS
from kg.views.kit.layout import organic
from kg.views.kit.picture import Link, Picture, Positions, all_links, all_nodes, between

OPENS_WITH = "attribution"
NEIGHBOURS = 40
"""Of a hub so many neighbours come into a picture at a time, and the page says of how many."""
EXPANDED = 60
"""So many nodes may be expanded in one picture."""
KEPT = 6
"""Pictures, and graphs laid out for expanding, that are kept."""


@dataclass(frozen=True)
class Wanted:
    """A picture's recipe: a view or a saved question with its parameters, what was expanded in it,
    in order, and the lens."""

    view: str | None = None
    question: str | None = None
    given: Mapping[str, Any] = field(default_factory=dict)
    expanded: tuple[str, ...] = ()
    lens: Lens = WHOLE

    @property
    def key(self) -> str:
        """What it amounts to, but for what was expanded."""
        return repr((self.view, self.question, sorted(self.given.items()), self.lens))


class Near:
    """Who is next to whom in a corpus; made once for it."""

    def __init__(self, corpus: Corpus) -> None:
        self.nodes = all_nodes(corpus)
        self.links: dict[str, list[Link]] = defaultdict(list)
        self._order: dict[str, list[str]] = {}
        for link in all_links(corpus):
            self.links[link.source].append(link)
            if link.target != link.source:
                self.links[link.target].append(link)

    def of(self, node: str) -> list[str]:
        """The neighbours of a node: first those of whom most is said beside it."""
        if node not in self._order:
            self._order[node] = self._ordered(node)
        return self._order[node]

    def _ordered(self, node: str) -> list[str]:
        weights: dict[str, float] = defaultdict(float)
        for link in self.links.get(node, ()):
            weights[link.target if link.source == node else link.source] += link.weight
        weights.pop(node, None)
        return sorted(weights, key=lambda one: (-weights[one], one))


class Pictures:
    """The pictures of one graph."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._graph = graph
        self._kept: dict[tuple[str, str], Any] = {}

    def draw(self, wanted: Wanted) -> tuple[Picture, Corpus]:
        """The picture, and the corpus that it is of. Raises `UsageError` for what is not there."""
        corpus = self._graph.corpus(lens=wanted.lens)
        picture: Picture = self._once(corpus, wanted.key, lambda: self._start(wanted, corpus))
        if not wanted.expanded:
            return picture, corpus
        if len(wanted.expanded) > EXPANDED:
            raise UsageError(
                f"{EXPANDED} nodes were expanded in this picture already: begin anew with a view "
                "or a question"
            )
        near: Near = self._once(corpus, f"near {wanted.lens}", lambda: Near(corpus))
        ids = [corpus.find(word) for word in wanted.expanded]
        return expanded(picture, near, ids), corpus

    def _once(self, corpus: Corpus, what: str, make: Any) -> Any:
        key = (corpus.manifest, what)
        if key not in self._kept:
            while len(self._kept) >= KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[key] = make()
        return self._kept[key]

    def _start(self, wanted: Wanted, corpus: Corpus) -> Picture:
        if wanted.question is not None:
            if questions.is_cypher(wanted.question):
                raise UsageError("a picture takes the name of a saved question, not a statement")
            return self._graph.asked_picture(
                wanted.question, timeout=SECONDS, lens=wanted.lens, **wanted.given
            )
        return views.picture(corpus, wanted.view or OPENS_WITH, **wanted.given)


# --- expanding -----------------------------------------------------------------------------------


def expanded(picture: Picture, near: Near, ids: Iterable[str]) -> Picture:
    """The picture and, node by node, the neighbours of these: `NEIGHBOURS` of those that are not
    in it yet, at a time. Each node says under its name how many of its neighbours are there.

    Columns and lanes mean something (a kind, a day): what is added need not stand in one, so a
    picture with such is laid out anew, with neighbours near each other."""
    nodes = dict(picture.nodes)
    links = {(link.source, link.kind, link.target): link for link in picture.links}
    steps = []
    for id in ids:
        came = {id: None} | dict.fromkeys([o for o in near.of(id) if o not in nodes][:NEIGHBOURS])
        nodes |= {one: near.nodes[one] for one in came if one in near.nodes}
        for one in came:
            for link in between(near.links.get(one, ()), nodes):
                links[link.source, link.kind, link.target] = link
        steps.append((id, [one for one in came if one in near.nodes]))
    told = {id: _how_many(near.of(id), nodes) for id, _ in steps}
    names = [str(nodes[id]["name"]) for id in told]
    about = "; ".join(f"{name}: {text}" for name, text in zip(names, told.values(), strict=True))
    begun = picture.about
    if picture.bands:
        begun = f"What was in “{picture.title}”, drawn with neighbours near each other."
    more = shorten(names[0], 40, placeholder="…") if len(names) == 1 else f"{len(names)} more"
    shown = sorted(links.values(), key=lambda link: (link.source, link.kind, link.target))
    positions, communities = _places(picture, steps, nodes, shown)
    return Picture(
        title=f"{picture.title}, and around {more}",
        about=f"{begun} With neighbours of {about}.",
        nodes=dict(sorted(nodes.items())),
        links=shown,
        positions=positions,
        communities=communities,
        notes={**picture.notes, **{id: text for id, text in told.items() if " of " in text}},
        marks=picture.marks,
        focus=steps[-1][0],
    )


def _how_many(neighbours: list[str], nodes: Mapping[str, Any]) -> str:
    there = sum(one in nodes for one in neighbours)
    if there == len(neighbours):
        return f"all {there:,} neighbours" if there > 1 else "its one neighbour"
    return f"{there:,} of {len(neighbours):,} neighbours"


def _places(
    picture: Picture,
    steps: Iterable[tuple[str, list[str]]],
    nodes: Mapping[str, Any],
    links: list[Link],
) -> tuple[Positions, Mapping[str, int]]:
    """Where all stands: what was there stays, unless it stood in columns or lanes."""
    if picture.bands:
        drawn = organic(list(nodes), links)
        return drawn.positions, drawn.communities
    positions = dict(picture.positions)
    taken = _Taken(positions.values())
    around: dict[str, Iterator[Place]] = {}  # of a node that is expanded again, the rings go on
    for id, came in steps:
        if id not in positions:
            right = max((x for x, _ in positions.values()), default=0.0)
            positions[id] = (right + 6 * GAP, 0.0)
            taken.add(positions[id])
        free = around.setdefault(id, taken.around(positions[id]))
        positions |= {one: next(free) for one in came if one not in positions}
    return positions, {}


GAP = 90.0
"""Pixels between nodes that were added."""
LEAST = 0.8 * GAP
"""So near to another nothing is added."""

Place: TypeAlias = tuple[float, float]


class _Taken:
    """Places where something stands, in squares: only what is near is asked for its distance."""

    def __init__(self, places: Iterable[Place]) -> None:
        self._squares: dict[tuple[int, int], list[Place]] = defaultdict(list)
        for place in places:
            self.add(place)

    def add(self, place: Place) -> None:
        """Something stands here."""
        self._squares[_square(place)].append(place)

    def around(self, centre: Place) -> Iterator[Place]:
        """Places around a centre, the nearest first, that nothing stands at; taken as they come."""
        for ring in count(1):
            for slot in range(6 * ring):
                turn = 2 * math.pi * (slot + ring / 2) / (6 * ring)
                x, y = (ring * GAP * part for part in (math.cos(turn), math.sin(turn)))
                place = (centre[0] + x, centre[1] + y)
                if self._free(place):
                    self.add(place)
                    yield place

    def _free(self, place: Place) -> bool:
        across, down = _square(place)
        return all(
            math.dist(place, other) >= LEAST
            for x in (across - 1, across, across + 1)
            for y in (down - 1, down, down + 1)
            for other in self._squares.get((x, y), ())
        )


def _square(place: Place) -> tuple[int, int]:
    return math.floor(place[0] / LEAST), math.floor(place[1] / LEAST)
