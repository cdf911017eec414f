"""What does the record say now that it did not say then?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from kg.analytics.kit.measure import RELATIONS, measure
from kg.analytics.kit.reading import Graph, name, stands
from kg.analytics.kit.result import Result, Row, share

WATCHED = ("asserters", "support", "disputed", "hedged", "status")
"""Edge properties whose change is news."""

Edge = tuple[str, str, str]


def relations(graph: Graph) -> dict[Edge, dict[str, Any]]:
    """(from, type, to) → properties of the edges that rest on claims."""
    return {
        (start, str(data.get("kind", key)), end): data
        for start, end, key, data in graph.edges(keys=True, data=True)
        if data.get("claims")
    }


def difference(before: Graph, after: Graph) -> list[Row]:
    """One row for each computed edge that came, went, or changed in standing. O(edges)."""
    then, now = relations(before), relations(after)
    rows = [_row(after, edge, "new", data) for edge, data in now.items() if edge not in then]
    rows += [_row(before, edge, "gone", data) for edge, data in then.items() if edge not in now]
    for edge in then.keys() & now.keys():
        for what in WATCHED:
            old, new = then[edge].get(what), now[edge].get(what)
            if old != new:
                rows.append(_row(after, edge, what, now[edge]) | {"before": old, "after": new})
    return sorted(rows, key=lambda row: (row["change"], row["edge"], row["from"], row["to"]))


def _row(graph: Graph, edge: Edge, change: str, data: dict[str, Any]) -> Row:
    start, type_, end = edge
    return {
        "change": change,
        "from": name(graph, start),
        "edge": type_,
        "to": name(graph, end),
        "before": None,
        "after": data.get("asserters") if stands(data) else data.get("status"),
    }


@measure(
    question="What changed in what is claimed between two days?",
    reference="Difference of two as-of projections (transaction time of Snodgrass 1992, "
    "doi:10.1145/382072)",
    complexity="O(edges), after two projections",
    reads=(RELATIONS,),
)
def changed_between(
    graph: Graph, as_of: Callable[[str], Graph], since: str = "", until: str = ""
) -> Result:
    """Edges that came, went, or changed in asserters, disputes or hedges from `since` to `until`.

    Days are ISO dates; an empty `until` is the graph as it stands, an empty `since` the empty one.
    Both are lenses over the ledger, so what was retracted in between shows as such.
    """
    after = as_of(until) if until else graph
    before = as_of(since) if since else type(graph)()
    rows = difference(before, after)
    counts = Counter(row["change"] for row in rows)
    edges = len(relations(before).keys() | relations(after).keys())
    dated = [data for data in relations(after).values() if data.get("first_asserted")]
    caveats = ("By the day a claim was made, not the day things happened or were recorded.",)
    coverage = share(len(dated), len(relations(after)))
    return Result(rows, edges, "edges", coverage, dict(sorted(counts.items())), None, caveats)
