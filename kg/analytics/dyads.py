"""Which states are blamed for hitting which states more often than their activity explains?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cache
from typing import Any

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import (
    LOOSENESS,
    ORIGINS,
    UPWARDS,
    Graph,
    claims,
    leads,
    nodes,
    out,
)
from kg.analytics.kit.reading import kind as kind_of
from kg.analytics.kit.reading import name as name_of
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import false_discovery, overlap_chances
from kg.base.errors import UsageError, offering

LEAST_INCIDENTS = 20
HOME = ("LOCATED_IN", "PART_OF", "OWNED_BY", "REPRESENTS")
"""How a victim belongs to a state, the most telling first."""


def home(graph: Graph, victim: str, of: str = "State") -> frozenset[str]:
    """The states (or what else) that a victim belongs to; itself if it is one; empty when nothing
    says so."""
    if kind_of(graph, victim) == of:
        return frozenset({victim})
    for link in HOME:
        layer, seen = {victim}, {victim}
        while layer:
            layer = {end for node in layer for end, _ in out(graph, node, link)} - seen
            if found := {node for node in layer if kind_of(graph, node) == of}:
                return frozenset(found)
            seen |= layer
    return frozenset()


def dyads(
    graph: Graph, basis: str = "located"
) -> tuple[Counter[tuple[str, str]], Counter[str], int]:
    """(attacker, victim) → incidents; incidents that gave a pair by the closest basis on which a
    state is blamed, and what became of the rest; how many there are at all. `basis` is the loosest
    that counts."""
    counts: Counter[tuple[str, str]] = Counter()
    became: Counter[str] = Counter()
    incidents = nodes(graph, "Incident")
    known = cache(lambda actor: leads(graph, actor))
    for incident in incidents:
        blamed, own = _blamed(graph, incident, LOOSENESS[basis], known)
        targets = [victim for victim, _ in out(graph, incident, "TARGETED")]
        hit = {state for victim in targets for state in home(graph, victim)}
        counts.update((attacker, victim) for attacker in blamed for victim in hit)
        if blamed and hit:
            became[min(blamed.values(), key=LOOSENESS.__getitem__)] += 1
            became["own_word"] += own
        else:
            became[_why_not(graph, incident, bool(blamed), targets)] += 1
    return counts, became, len(incidents)


REST = ("no_attribution", "no_known_attacker", "no_known_victim", "victim_only_in_a_region")
"""Why an incident gives no pair."""


def _why_not(graph: Graph, incident: str, blamed: bool, targets: list[str]) -> str:
    if not any(True for _ in out(graph, incident, "ATTRIBUTED_TO")):
        return "no_attribution"
    if not blamed:
        return "no_known_attacker"
    in_region = any(home(graph, victim, "Region") for victim in targets)
    return "victim_only_in_a_region" if in_region else "no_known_victim"


def _blamed(
    graph: Graph, incident: str, loosest: int, known: Callable[[str], dict[str, str]]
) -> tuple[dict[str, str], bool]:
    """State → the closest basis on which the incident leads to it; whether what attributes it says
    so itself. `known`: what others say of an actor, where an attribution does not."""
    found: dict[str, str] = {}
    told = False
    for actor, data in out(graph, incident, "ATTRIBUTED_TO"):
        own = leads(graph, actor, said=claims(graph, data), others=False)
        for state, basis in (own or known(actor)).items():
            if LOOSENESS[basis] <= min(loosest, LOOSENESS[found.get(state, basis)]):
                found[state] = basis
                told = told or state in own
    return found, told


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
    reads=("ATTRIBUTED_TO", "TARGETED", *UPWARDS, *HOME, *ORIGINS),
)
def attacker_victim_dyads(graph: Graph, level: float = 0.05, basis: str = "located") -> Result:
    """Blamed state × state of the victim, with the pairs that chance does not explain marked.

    `level` is the false discovery rate at which a pair belongs to the backbone. `basis` is the
    loosest on which a state counts as blamed: `itself`, `organ`, `affiliated`, `located`; how many
    incidents each gave stands in the headline, with those whose attribution names the state itself
    (`own_word`; the rest follows from what others say of the actor), and why others gave no pair.
    """
    if basis not in LOOSENESS:
        raise UsageError(offering(f"there is no basis {basis!r}", basis, LOOSENESS))
    counts, became, incidents = dyads(graph, basis)
    used = sum(became[name] for name in LOOSENESS)
    rows = backbone(counts)
    for row in rows:
        row |= {"in_backbone": row["p_adjusted"] <= level}
        row |= {side: name_of(graph, row[side]) for side in ("attacker", "victim")}
    headline: dict[str, Any] = {"pairs": len(rows), "incidents": used}
    headline |= {f"by_{name}": became[name] for name in LOOSENESS if became[name]}
    headline |= {"own_word": became["own_word"]}
    headline |= {name: became[name] for name in REST if became[name]}
    caveats = (
        "Counts are of publicly attributed incidents: a victim that tells and a vendor's market "
        "make pairs visible.",
        "One incident with several victims counts once for each pair.",
        "An actor that is only located in a state holds it responsible for nothing: see `basis`.",
    )
    coverage = share(used, incidents)
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
