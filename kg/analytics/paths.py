"""A chain of attribution is as strong as its weakest link."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import (
    BLAMED,
    BLAMING,
    ORIGINS,
    Graph,
    claims,
    kind,
    name,
    nodes,
    origins,
    out,
)
from kg.analytics.kit.result import Result, Row, share
from kg.graph.states import MOST_LINKS

GRADES = (
    "disputed",
    "no known asserter",
    "one asserter, hedged",
    "one asserter",
    "two independent asserters",
    "three or more independent asserters",
    "declared",
)
"""An order, not a scale: grades are compared, never added or multiplied. Declared links are
structure (an agency is part of its state), so they weaken nothing."""


def grade(graph: Graph, data: dict[str, Any]) -> int:
    """Position in GRADES of one link."""
    if data.get("disputed"):
        return 0
    known = len(origins(graph, claims(graph, data)).voices)
    if not known:
        return len(GRADES) - 1 if data.get("declared") else 1
    if known == 1:
        return 2 if data.get("hedged") else 3
    return min(known, 3) + 2


def strongest_paths(graph: Graph, incident: str) -> dict[str, list[tuple[str, int]]]:
    """State → its best chain from `incident`, as (node, grade of the link that leads to it).

    Best is the widest path: the one whose weakest link is strongest (max–min), of equals the
    shorter. Pollack (1960), doi:10.1287/opre.8.5.733. Dijkstra's loop with min for plus,
    over (node, links so far), because a chain of more than MOST_LINKS is nobody's attribution.
    """
    top = len(GRADES) - 1
    heap: list[tuple[int, int, list[tuple[str, int]]]] = [(-top, 0, [(incident, top)])]
    done: set[tuple[str, int]] = set()
    best: dict[str, list[tuple[str, int]]] = {}
    while heap:
        width, links, chain = heappop(heap)
        here = chain[-1][0]
        if (here, links) in done:
            continue
        done.add((here, links))
        if kind(graph, here) == "State":
            best.setdefault(here, chain)
            continue
        if links == MOST_LINKS:
            continue
        for end, data in out(graph, here, *(BLAMING if links else ("ATTRIBUTED_TO",))):
            if all(end != node for node, _ in chain):
                step = grade(graph, data)
                heappush(heap, (max(width, -step), links + 1, [*chain, (end, step)]))
    return best


@measure(
    question="How strong is the weakest link between an incident and the state it is laid to?",
    reference="Widest path: Pollack (1960), doi:10.1287/opre.8.5.733",
    complexity="O(incidents × links within six steps × log)",
    reads=("ATTRIBUTED_TO", *BLAMING, *ORIGINS),
)
def weakest_link(graph: Graph) -> Result:
    """The best chain to each state and the grade of its weakest link. Rows: weakest first.

    Grades are ordinal, so a chain has the grade of its worst link: four shaky links are no
    shakier than one, and multiplying them would pretend to know how much.
    """
    attributed = [
        incident
        for incident in nodes(graph, *BLAMED)
        if any(True for _ in out(graph, incident, "ATTRIBUTED_TO"))
    ]
    chains = {incident: strongest_paths(graph, incident) for incident in attributed}
    rows = [
        _row(graph, incident, state, chain)
        for incident, by_state in chains.items()
        for state, chain in by_state.items()
    ]
    rows.sort(key=lambda row: (GRADES.index(row["grade"]), row["id"], row["state"]))
    reaching = sum(bool(by_state) for by_state in chains.values())
    grades = [row["grade"] for row in rows]
    headline = {grade: grades.count(grade) for grade in GRADES if grade in grades}
    caveats = (
        "A strong chain is a well-attested one, not a true one.",
        "Incidents that lead to no state are left out of the rows and count in coverage.",
    )
    coverage = share(reaching, len(attributed))
    return Result(rows, reaching, "incidents", coverage, headline, None, caveats)


def _row(graph: Graph, incident: str, state: str, chain: list[tuple[str, int]]) -> Row:
    steps = chain[1:]
    weakest = min(range(len(steps)), key=lambda at: steps[at][1])
    return {
        "id": incident,
        "incident": name(graph, incident),
        "state": name(graph, state),
        "grade": GRADES[steps[weakest][1]],
        "weakest": f"{name(graph, chain[weakest][0])} → {name(graph, steps[weakest][0])}",
        "chain": [name(graph, node) for node, _ in chain],
    }
