"""Who attributes together, and who comes first?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from itertools import combinations
from typing import Any

import networkx as nx

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import (
    BLAMED,
    ORIGINS,
    UPWARDS,
    Graph,
    claims,
    day,
    name,
    nodes,
    origins,
    out,
    states,
)
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import false_discovery, overlap_chances

LEAST_ATTRIBUTIONS = 10
Attribution = tuple[str, str]
"""An incident and the state (or actor) it is laid to."""


def said_by(graph: Graph) -> dict[str, dict[Attribution, date | None]]:
    """Independent origin → attributions → the day it was first said, where known to the day."""
    found: dict[str, dict[Attribution, date | None]] = {}
    for incident in nodes(graph, *BLAMED):
        for actor, data in out(graph, incident, "ATTRIBUTED_TO"):
            for claim in claims(graph, data):
                said = day(graph.nodes[claim], "asserted")
                for who in origins(graph, [claim]).voices:
                    for state in states(graph, actor, who, [claim]):
                        mine = found.setdefault(who, {})
                        mine[incident, state] = _earlier(mine.get((incident, state)), said)
    return found


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day), default=None)


def blocs(pairs: list[Row]) -> list[list[str]]:
    """Connected components of the pairs that stand out, largest first, each sorted."""
    graph = nx.Graph((row["one"], row["other"]) for row in pairs if row["stands_out"])
    return sorted(
        (sorted(part) for part in nx.connected_components(graph)), key=lambda p: (-len(p), p)
    )


@measure(
    question="Which states and vendors attribute together, and who follows whom by how many days?",
    reference="Tumminello et al. (2011), doi:10.1371/journal.pone.0017994",
    complexity="O(asserters² + claims)",
    reads=("ATTRIBUTED_TO", *UPWARDS, *ORIGINS),
)
def co_attribution_blocs(graph: Graph, level: float = 0.05) -> Result:
    """Pairs of independent origins by shared attributions; pairs that stand out make blocs.

    Communities are not computed: under 50 nodes they are an artefact of the method. `days_between`
    is the median of second minus first; negative where `other` spoke first. A claim of which only
    the month or the year is known has no day: it counts, and does not tell who came first.
    """
    said = said_by(graph)
    attributions = {key for mine in said.values() for key in mine}
    rows = [row for pair in combinations(sorted(said), 2) if (row := _pair(said, *pair))]
    sizes = [[row[column] for row in rows] for column in ("by_one", "by_other", "shared")]
    chances = overlap_chances(len(attributions), *sizes)
    enough = len(attributions) >= LEAST_ATTRIBUTIONS
    for row, chance in zip(rows, false_discovery(chances), strict=True):
        row |= {"p_adjusted": chance if enough else None}
        row |= {"stands_out": enough and chance <= level}
    found = blocs(rows)
    for row in rows:
        row |= {side: name(graph, row[side]) for side in ("one", "other")}
    rows.sort(key=lambda row: (-row["shared"], row["one"], row["other"]))
    headline: dict[str, Any] = {
        "asserters": len(said),
        "attributions": len(attributions),
        "blocs": [[name(graph, who) for who in part] for part in found],
    }
    together = {key for one, other in combinations(said.values(), 2) for key in one.keys() & other}
    coverage = share(len(together), len(attributions))
    caveats = ("Joint statements look like agreement and are one act: see the day both spoke.",)
    if not enough:
        del headline["blocs"]
        why = f"{len(attributions)} attributions; below {LEAST_ATTRIBUTIONS} a bloc is chance"
        return Result(rows, len(together), "attributions", coverage, headline, None, caveats, why)
    null = {"model": "each asserter's attributions drawn anew from all", "runs": "exact"}
    return Result(rows, len(together), "attributions", coverage, headline, null, caveats)


def _pair(
    said: Mapping[str, Mapping[Attribution, date | None]], one: str, other: str
) -> Row | None:
    shared = said[one].keys() & said[other].keys()
    if not shared:
        return None
    lags = sorted(
        (second - first).days
        for key in shared
        if (first := said[one][key]) and (second := said[other][key])
    )
    days = [first for key in shared for who in (one, other) if (first := said[who][key])]
    return {
        "one": one,
        "other": other,
        "shared": len(shared),
        "by_one": len(said[one]),
        "by_other": len(said[other]),
        "first": min(days, default=None),
        "last": max(days, default=None),
        "days_between": lags[len(lags) // 2] if lags else None,
    }
