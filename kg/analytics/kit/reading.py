"""Reading the projected graph: edges of a kind, the claims behind them, who said them first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import partial
from heapq import heappop, heappush
from typing import Any, NamedTuple, TypeAlias

from kg.graph.states import MOST_LINKS, leading
from kg.ontology import load
from kg.ontology.kinds import BASES

Graph: TypeAlias = Any
"""A `networkx.MultiDiGraph` as `kg.graph.project.Graph.networkx()` makes it."""

LOOSENESS = {basis: place for place, basis in enumerate(BASES)}
"""How loosely a link holds a state responsible: what `towards: state` declares with edge kinds."""

UPWARDS = leading(load(), *BASES)
"""The links that lead from an actor to its state, or to where it sits."""

BLAMED = load().blamed
"""Kinds of what happens of which it is asked who did it."""

BLAMING = leading(load())
"""Those of them that hold a state responsible."""

_BASIS = {e: LOOSENESS[basis] for e in UPWARDS if (basis := load().edges[e].basis)}

ORIGINS = ("ASSERTED_BY",)
"""The links that `origins` follows."""


def nodes(graph: Graph, *kinds: str) -> list[str]:
    """Ids of the nodes of these kinds, sorted."""
    return sorted(node for node, data in graph.nodes(data=True) if data.get("kind") in kinds)


def name(graph: Graph, node: str) -> str:
    """A node's display name, else its id."""
    return str(graph.nodes[node].get("name") or node)


def kind(graph: Graph, node: str) -> str:
    """A node's kind."""
    return str(graph.nodes[node].get("kind") or "")


def edges(graph: Graph, *kinds: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """(from, to, properties) of the edges of these kinds that nobody took back."""
    for start, end, key, data in graph.edges(keys=True, data=True):
        if data.get("kind", key) in kinds and stands(data):
            yield start, end, data


def out(graph: Graph, node: str, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(to, properties) of the standing edges of these kinds that leave `node`."""
    yield from _standing(graph._succ[node], kinds)


def ends(graph: Graph, *kinds: str) -> dict[str, dict[str, list[str]]]:
    """Kind → node → where its standing edges of that kind lead: for who asks of every node."""
    found: dict[str, dict[str, list[str]]] = {kind: {} for kind in kinds}
    for node, beside in graph._succ.items():
        for other, between in beside.items():
            for key, data in between.items():
                kind = data.get("kind", key)
                if kind in found and data.get("status", "asserted") == "asserted":
                    found[kind].setdefault(node, []).append(other)
    return found


def into(graph: Graph, node: str, *kinds: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """(from, properties) of the standing edges of these kinds that reach `node`."""
    yield from _standing(graph._pred[node], kinds)


def _standing(
    beside: Mapping[str, Mapping[str, dict[str, Any]]], kinds: tuple[str, ...]
) -> Iterator[tuple[str, dict[str, Any]]]:
    # The plain dicts, as networkx's own algorithms read them: its views of the edges of one node
    # cost ten times what is in them, and a measure asks for them a million times.
    for other, between in beside.items():
        for key, data in between.items():
            if data.get("kind", key) in kinds and data.get("status", "asserted") == "asserted":
                yield other, data


def stands(data: dict[str, Any]) -> bool:
    """Not withdrawn; a declared edge has no status and stands."""
    return bool(data.get("status", "asserted") == "asserted")


def claims(graph: Graph, data: dict[str, Any]) -> list[str]:
    """Ids of the live positive claims behind an edge; none for a declared one."""
    return [claim for claim in data.get("claims") or () if live(graph, claim)]


def live(graph: Graph, claim: str) -> bool:
    """In the graph, and not withdrawn."""
    return claim in graph and stands(graph.nodes[claim])


def asserter(graph: Graph, claim: str) -> str | None:
    """Who says it; None when the source does not tell."""
    return next((end for end, _ in out(graph, claim, "ASSERTED_BY")), None)


def statement(graph: Graph, claim: str) -> str:
    """What the claims share that were printed as one; the claim itself if nothing does."""
    return str(graph.nodes[claim].get("statement") or claim) if claim in graph else claim


class Origins(NamedTuple):
    """Who said it first: the voices at the roots, and roots whose asserter is unknown."""

    voices: frozenset[str]
    unknown: frozenset[str]


def origins(
    graph: Graph, claim_ids: Iterable[str], who_says: Callable[[str], str | None] | None = None
) -> Origins:
    """The independent sources of these claims: unknown asserters are neither nobody nor one.
    `who_says` tells a claim's asserter, for who has looked all of them up."""
    who_says = who_says or partial(asserter, graph)
    voices: set[str] = set()
    unknown: set[str] = set()
    for claim in claim_ids:
        if not live(graph, claim):
            continue
        data = graph.nodes[claim]
        told = [data.get(name) for name in ("voices", "unknown_origins")]
        if told == [None, None]:  # on its own word
            who = who_says(claim)
            told = [[who], []] if who else [[], [claim]]
        voices.update(told[0] or ())
        unknown.update(told[1] or ())
    return Origins(frozenset(voices), frozenset(unknown))


def documents(graph: Graph, claim_ids: Iterable[str]) -> frozenset[str]:
    """Where these claims are printed."""
    return frozenset(
        end for claim in claim_ids if claim in graph for end, _ in out(graph, claim, "REPORTED_IN")
    )


def leads(
    graph: Graph,
    actor: str,
    voice: str | None = None,
    said: Iterable[str] = (),
    others: bool = True,
) -> dict[str, str]:
    """State → the closest basis on which an actor leads to it: the first states on its chains.

    What the statements of the claims `said` tell of the links goes before the word of their
    `voice`, and that before the word of `others`: whom one attribution places in a country must
    not be in it for all. Where an actor sits counts only if nothing else is said of its
    state, and beyond the statement itself only if one state is named.
    """
    found: dict[str, int] = {}
    for key in sorted({statement(graph, claim) for claim in said}):
        told = _closest(_climbed(graph, actor, partial(_tells, graph, key)))
        found |= {state: min(loose, found.get(state, loose)) for state, loose in told.items()}
    if not found and voice and (told := _climbed(graph, actor, partial(_says, graph, voice))):
        found = _settled(told)
    elif not found and others:
        found = _settled(_climbed(graph, actor, lambda data: True))
    names = tuple(LOOSENESS)
    return {state: names[loose] for state, loose in found.items()}


def _closest(found: dict[str, int]) -> dict[str, int]:
    """Where somebody is held responsible, where others sit says nothing."""
    blamed = {state: loose for state, loose in found.items() if loose < LOOSENESS["located"]}
    return blamed or found


def _settled(found: dict[str, int]) -> dict[str, int]:
    """Who is said to sit in several states has no state."""
    closest = _closest(found)
    open_ = len(closest) > 1 and LOOSENESS["located"] in closest.values()
    return {} if open_ else closest


def _climbed(graph: Graph, actor: str, counts: Callable[[dict[str, Any]], bool]) -> dict[str, int]:
    """The closest first, so that a state is found on its best basis; none is passed."""
    found: dict[str, int] = {}
    heap, done = [(0, 0, actor)], set[tuple[str, int]]()
    while heap:
        loose, links, here = heappop(heap)
        if kind(graph, here) == "State":
            found.setdefault(here, loose)
        if kind(graph, here) == "State" or links == MOST_LINKS or (here, loose) in done:
            continue
        done.add((here, loose))
        for edge, basis in _BASIS.items():
            for end, data in out(graph, here, edge):
                if data.get("declared") or counts(data):
                    heappush(heap, (max(loose, basis), links + 1, end))
    return found


def _says(graph: Graph, voice: str, data: dict[str, Any]) -> bool:
    return voice in origins(graph, claims(graph, data)).voices


def _tells(graph: Graph, key: str, data: dict[str, Any]) -> bool:
    return any(statement(graph, claim) == key for claim in claims(graph, data))


def states(
    graph: Graph, actor: str, voice: str | None = None, said: Iterable[str] = ()
) -> frozenset[str]:
    """The first states that an actor leads to; the actor itself when it leads to none."""
    return frozenset(leads(graph, actor, voice, said)) or frozenset({actor})


def day(data: dict[str, Any], what: str = "occurred") -> date | None:
    """The day of a node's date when it is known to the day, else None."""
    first, last = data.get(f"{what}_from"), data.get(f"{what}_to")
    return first if isinstance(first, date) and first == last else None
