"""Which groups resemble each other: by whom they hit, with what, and under what names?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations
from typing import Any

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import Graph, into, name, nodes, out
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import false_discovery, overlap_chances

LEAST_GROUPS = 5


def targets(graph: Graph, group: str) -> set[str]:
    """Sectors it targets and victims of what is laid to it."""
    found = {end for end, _ in out(graph, group, "TARGETS_SECTOR", "TARGETED")}
    for incident, _ in into(graph, group, "ATTRIBUTED_TO"):
        found |= {end for end, _ in out(graph, incident, "TARGETED", "TARGETS_SECTOR")}
    return found


def targets_together(graph: Graph, group: str) -> set[str]:
    """Those of its targets that a source names for it and others at once, or whose incident is laid
    to several at once: that it hit each of them itself is not said there."""
    own = {end for end, data in out(graph, group, "TARGETS_SECTOR", "TARGETED")
           if not data.get("collective")}  # fmt: skip
    for incident, data in into(graph, group, "ATTRIBUTED_TO"):
        if not data.get("collective"):
            own |= {end for end, _ in out(graph, incident, "TARGETED", "TARGETS_SECTOR")}
    return targets(graph, group) - own


def tools(graph: Graph, group: str) -> set[str]:
    """Software and techniques that it, or what is laid to it, used."""
    users = [group, *(start for start, _ in into(graph, group, "ATTRIBUTED_TO"))]
    return {end for user in users for end, _ in out(graph, user, "USED")}


def names(graph: Graph, group: str) -> set[str]:
    """Every name it is known by, without regard to case, spaces and hyphens."""
    known = [name(graph, group), *graph.nodes[group].get("names", ())]
    return {"".join(c for c in text.casefold() if c.isalnum()) for text in known} - {""}


DIMENSIONS: dict[str, Callable[[Graph, str], set[str]]] = {
    "targets": targets,
    "tools": tools,
    "names": names,
}


def overlaps(sets: dict[str, set[str]]) -> dict[tuple[str, str], tuple[int, float]]:
    """Pairs that share something → (how much, Jaccard index). O(sum of squares of holders)."""
    holders: dict[str, list[str]] = {}
    for group, items in sorted(sets.items()):
        for item in items:
            holders.setdefault(item, []).append(group)
    shared: Counter[tuple[str, str]] = Counter()
    for groups in holders.values():
        shared.update(combinations(groups, 2))
    return {
        (a, b): (count, count / (len(sets[a]) + len(sets[b]) - count))
        for (a, b), count in shared.items()
    }


@measure(
    question="Which groups resemble each other by targets, by tools, by names?",
    reference="Jaccard index; chance overlap after Tumminello et al. (2011), "
    "doi:10.1371/journal.pone.0017994",
    complexity="O(sum over targets, tools and names of holders²)",
    reads=("ATTRIBUTED_TO", "TARGETED", "TARGETS_SECTOR", "USED"),
)
def group_similarity(graph: Graph, most: int = 50) -> Result:
    """Pairs of groups with something in common, the least likely overlaps of tools first.

    The three similarities stand side by side and are never mixed into one. `most` rows.
    A shared name is a question for `kg identity`, not an answer.
    """
    groups = nodes(graph, "Group")
    sets = {label: {g: of(graph, g) for g in groups} for label, of in DIMENSIONS.items()}
    found = {label: overlaps(by) for label, by in sets.items()}
    pairs = sorted({pair for by in found.values() for pair in by})
    together = {g: targets_together(graph, g) for g in groups}
    rows = [_row(pair, sets, found, together) for pair in pairs]
    described = sum(bool(sets["targets"][g] or sets["tools"][g]) for g in groups)
    headline: dict[str, Any] = {"groups": len(groups), "pairs_with_something_shared": len(rows)}
    caveats = (
        "Commodity tools and broad sectors are shared by everybody: read p, not the share alone.",
        "What is known of a group depends on who looked at it.",
        "`targets_said_together`: shared targets that a source names for several groups at once.",
    )
    coverage = share(described, len(groups))
    universe = len({item for items in sets["tools"].values() for item in items})
    why = _too_small(described, universe)
    if not why:
        for row, p in zip(rows, _chances(rows, universe), strict=True):
            row["tools_p_adjusted"] = p
    rows.sort(key=lambda row: (row.get("tools_p_adjusted", 1.0), -row["tools"], row["one"]))
    rows = rows[:most]
    for row in rows:
        row |= {side: name(graph, row[side]) for side in ("one", "other")}
    null = {"model": "each group's tools drawn anew from all tools", "runs": "exact"}
    return Result(
        rows,
        len(groups),
        "groups",
        coverage,
        headline,
        None if why else null,
        caveats,
        why,
    )


def _too_small(described: int, universe: int) -> str:
    """Why no chance of an overlap of tools is given; empty where there is one."""
    if described < LEAST_GROUPS:
        return f"{described} groups are described; below {LEAST_GROUPS} none is typical"
    return "" if universe else "no tools of any group are known: none can be shared by chance"


def _row(
    pair: tuple[str, str],
    sets: dict[str, dict[str, set[str]]],
    found: dict[str, dict[tuple[str, str], tuple[int, float]]],
    together: dict[str, set[str]],
) -> Row:
    one, other = pair
    row: Row = {"one": one, "other": other, "targets_said_together": 0}
    if pair in found["targets"]:
        shared = sets["targets"][one] & sets["targets"][other]
        row["targets_said_together"] = len(shared & (together[one] | together[other]))
    for label, by in found.items():
        row[f"{label}_shared"], row[label] = by.get(pair, (0, 0.0))
    row["tools_of_one"] = len(sets["tools"][one])
    row["tools_of_other"] = len(sets["tools"][other])
    return row


def _chances(rows: list[Row], universe: int) -> list[float]:
    columns = ("tools_of_one", "tools_of_other", "tools_shared")
    sizes = [[row[column] for row in rows] for column in columns]
    return false_discovery(overlap_chances(universe, *sizes))
