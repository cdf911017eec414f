"""Do those who attribute agree, once repetition is taken out?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import (
    ORIGINS,
    UPWARDS,
    Graph,
    asserter,
    claims,
    kind,
    name,
    nodes,
    origins,
    out,
    states,
)
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import krippendorff

LEAST_SHARED = 5
"""Incidents on which two independent origins must meet before agreement is a number."""

Ratings = Mapping[str, Mapping[str, str]]
"""Unit → rater → value: incident → asserter → whom it blames."""


def attributions(graph: Graph, level: str = "state", repeats: bool = False) -> dict[str, Any]:
    """Incident → independent origin → the actor it blames, several joined by ` + `.

    `level` is `state` (where the actor's chain ends, by the rater's own word if it has one) or
    `actor`. A person who leads to no state
    says nothing about states; a group that leads to none is a rival explanation and stays. With
    `repeats`, everybody who printed it is a rater, which is what a plain count of sources does.
    """
    found: dict[str, dict[str, set[str]]] = {}
    for incident in nodes(graph, "Incident", "Campaign"):
        for actor, data in out(graph, incident, "ATTRIBUTED_TO"):
            for claim in claims(graph, data):
                said = asserter(graph, claim)
                raters = {said} - {None} if repeats else origins(graph, [claim]).voices
                for rater in map(str, raters):
                    blamed = states(graph, actor, rater) if level == "state" else {actor}
                    if level == "state" and kind(graph, actor) == "Person" and actor in blamed:
                        continue
                    found.setdefault(incident, {}).setdefault(rater, set()).update(blamed)
    return {
        incident: {rater: " + ".join(sorted(blamed)) for rater, blamed in by.items()}
        for incident, by in found.items()
    }


def attributed(graph: Graph) -> int:
    """How many incidents and campaigns anybody attributes, known or not."""
    return sum(
        any(True for _ in out(graph, incident, "ATTRIBUTED_TO"))
        for incident in nodes(graph, "Incident", "Campaign")
    )


def pairwise_agreement(
    ratings: Ratings, score: Callable[[str, str], float] | None = None, of: str = ""
) -> list[Row]:
    """For each pair of raters: units that both rated, and the share on which they agree.

    `score(a, b)` is 1 for the same value and 0 else, unless given (roll calls give an abstention
    against a vote one half). `of` keeps the pairs with that rater. O(sum of squares of raters).
    """
    same = score or (lambda a, b: float(a == b))
    both: dict[tuple[str, str], list[float]] = {}
    for by in ratings.values():
        pairs = ((of, other) for other in by if other != of) if of else combinations(sorted(by), 2)
        for a, b in pairs:
            if a in by:
                both.setdefault((a, b), []).append(same(by[a], by[b]))
    return [
        {"one": a, "other": b, "both": len(scores), "agreement": sum(scores) / len(scores)}
        for (a, b), scores in sorted(both.items())
    ]


@measure(
    question="Do independent sources agree on who is behind an incident?",
    reference="Krippendorff (2011), Computing Krippendorff's alpha-reliability",
    complexity="O(claims × depth of DERIVED_FROM)",
    reads=("ATTRIBUTED_TO", *UPWARDS, *ORIGINS),
)
def attribution_concordance(graph: Graph, level: str = "state") -> Result:
    """Agreement among independent origins, corrected for chance; repetition counts once.

    Rows are the incidents that two origins or more attribute. The headline has Krippendorff's
    alpha over origins, and beside it the agreement that a count of every printed source gives.
    """
    ratings = attributions(graph, level)
    shared = {incident: by for incident, by in ratings.items() if len(by) > 1}
    printed = attributions(graph, level, repeats=True)
    rows = [_row(graph, incident, by, printed[incident]) for incident, by in shared.items()]
    caveats = (
        "Sources choose what they attribute: agreement here is among incidents that were public.",
        "Independence is only as good as the DERIVED_FROM links in the claims.",
    )
    headline: dict[str, Any] = {
        "attributed": attributed(graph),
        "with_a_known_origin": len(ratings),
        "with_two_origins": len(shared),
    }
    coverage = share(len(shared), attributed(graph))
    if len(shared) < LEAST_SHARED:
        why = (
            f"{len(shared)} incidents have two independent origins; "
            f"below {LEAST_SHARED} agreement is an anecdote"
        )
        return Result(rows, len(shared), "incidents", coverage, headline, None, caveats, why)
    alpha, observed, expected = krippendorff(shared)
    repeated = [row["agreement"] * row["both"] for row in pairwise_agreement(printed)]
    pairs = sum(row["both"] for row in pairwise_agreement(printed))
    headline |= {
        "alpha": alpha,
        "agreement": 1 - observed,
        "agreement_if_repeats_count": share(sum(repeated), pairs),
    }
    null = {
        "model": "values dealt anew among all ratings",
        "mean": 1 - expected,
        "runs": "exact",
    }
    return Result(rows, len(shared), "incidents", coverage, headline, null, caveats)


def _row(graph: Graph, incident: str, by: Mapping[str, str], printed: Mapping[str, str]) -> Row:
    blamed = sorted(set(by.values()))
    return {
        "id": incident,
        "incident": name(graph, incident),
        "origins": len(by),
        "sources": len(printed),
        "blamed": [_names(graph, actors) for actors in blamed],
        "agree": len(blamed) == 1,
    }


def _names(graph: Graph, actors: str) -> str:
    return " + ".join(name(graph, actor) for actor in actors.split(" + "))


@measure(
    question="Which sources agree with each other on who is behind incidents?",
    reference="Percent agreement; for chance see attribution_concordance",
    complexity="O(sum over incidents of origins²)",
    reads=("ATTRIBUTED_TO", *UPWARDS, *ORIGINS),
)
def asserter_agreement(graph: Graph, level: str = "state") -> Result:
    """For each pair of independent origins: incidents that both attribute, and how often alike."""
    ratings = attributions(graph, level)
    shared = [incident for incident, by in ratings.items() if len(by) > 1]
    rows = [
        {**row, "one": name(graph, row["one"]), "other": name(graph, row["other"])}
        for row in pairwise_agreement(ratings)
    ]
    caveats = ("A share of one or two incidents is an anecdote: read `both` first.",)
    coverage = share(len(shared), attributed(graph))
    return Result(rows, len(shared), "incidents", coverage, {"pairs": len(rows)}, None, caveats)
