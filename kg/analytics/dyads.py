"""Which states are blamed for hitting which states more often than their activity explains?"""

from __future__ import annotations

from collections import Counter

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import UPWARDS, Graph, nodes, out, states
from kg.analytics.kit.reading import kind as kind_of
from kg.analytics.kit.reading import name as name_of
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import false_discovery, overlap_chances

LEAST_INCIDENTS = 20
HOME = ("LOCATED_IN", "PART_OF", "OWNED_BY", "REPRESENTS")
"""How a victim belongs to a state, the most telling first."""


def home(graph: Graph, victim: str) -> frozenset[str]:
    """The states that a victim belongs to; itself if it is one; empty when nothing says so."""
    if kind_of(graph, victim) == "State":
        return frozenset({victim})
    for link in HOME:
        layer, seen = {victim}, {victim}
        while layer:
            layer = {end for node in layer for end, _ in out(graph, node, link)} - seen
            if found := {node for node in layer if kind_of(graph, node) == "State"}:
                return frozenset(found)
            seen |= layer
    return frozenset()


def dyads(graph: Graph) -> tuple[Counter[tuple[str, str]], int, int]:
    """(attacker, victim) → incidents; how many incidents gave a pair; how many are attributed."""
    counts: Counter[tuple[str, str]] = Counter()
    used = attributed = 0
    for incident in nodes(graph, "Incident"):
        blamed = {
            state
            for actor, _ in out(graph, incident, "ATTRIBUTED_TO")
            for state in states(graph, actor)
            if kind_of(graph, state) == "State"
        }
        attributed += bool(blamed)
        targets = [victim for victim, _ in out(graph, incident, "TARGETED")]
        hit = {state for victim in targets for state in home(graph, victim)}
        counts.update((attacker, victim) for attacker in blamed for victim in hit)
        used += bool(blamed and hit)
    return counts, used, attributed


def backbone(counts: Counter[tuple[str, str]]) -> list[Row]:
    """Each pair with the chance of meeting as often, given how often either side appears at all.

    Hypergeometric over all pairs counted, adjusted for the number of pairs tested: Tumminello et
    al. (2011), doi:10.1371/journal.pone.0017994.
    """
    total = counts.total()
    attacks: Counter[str] = Counter()
    hits: Counter[str] = Counter()
    for (attacker, victim), count in counts.items():
        attacks[attacker] += count
        hits[victim] += count
    pairs = sorted(counts, key=lambda pair: (-counts[pair], pair))
    chances = overlap_chances(
        total,
        [attacks[a] for a, _ in pairs],
        [hits[v] for _, v in pairs],
        [counts[p] for p in pairs],
    )
    return [
        {
            "attacker": a,
            "victim": v,
            "incidents": counts[a, v],
            "expected": attacks[a] * hits[v] / total,
            "p": chance,
            "p_adjusted": adjusted,
        }
        for (a, v), chance, adjusted in zip(pairs, chances, false_discovery(chances), strict=True)
    ]


@measure(
    question="Which attacker–victim pairs stand out from how active and how targeted each side is?",
    reference="Tumminello et al. (2011), doi:10.1371/journal.pone.0017994; Benjamini and Hochberg "
    "(1995) for many tests",
    complexity="O(incidents × actors × victims), then O(pairs)",
    reads=("ATTRIBUTED_TO", "TARGETED", *UPWARDS, *HOME),
)
def attacker_victim_dyads(graph: Graph, level: float = 0.05) -> Result:
    """Blamed state × state of the victim, with the pairs that chance does not explain marked.

    `level` is the false discovery rate at which a pair belongs to the backbone.
    """
    counts, used, attributed = dyads(graph)
    rows = backbone(counts)
    for row in rows:
        row |= {"in_backbone": row["p_adjusted"] <= level}
        row |= {side: name_of(graph, row[side]) for side in ("attacker", "victim")}
    headline = {"pairs": len(rows), "incidents": used}
    caveats = (
        "Counts are of publicly attributed incidents: a victim that tells and a vendor's market "
        "make pairs visible.",
        "One incident with several victims counts once for each pair.",
    )
    coverage = share(used, attributed)
    if used < LEAST_INCIDENTS:
        for row in rows:
            del row["expected"], row["p"], row["p_adjusted"], row["in_backbone"]
        why = f"{used} incidents have both sides; below {LEAST_INCIDENTS} no pair can stand out"
        return Result(rows, used, "incidents", coverage, headline, None, caveats, why)
    headline["in_backbone"] = sum(row["in_backbone"] for row in rows)
    null = {
        "model": "incidents dealt anew with each side's totals kept",
        "runs": "exact",
        "level": level,
    }
    return Result(rows, used, "incidents", coverage, headline, null, caveats)
