"""Do those who attribute agree, once repetition is taken out?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import (
    BLAMED,
    ORIGINS,
    UPWARDS,
    Graph,
    asserter,
    claims,
    kind,
    leads,
    name,
    nodes,
    origins,
    out,
)
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import krippendorff

LEAST_SHARED = 5
"""Incidents on which two independent origins must meet before agreement is a number."""

Ratings = Mapping[str, Mapping[str, str]]
"""Unit → rater → value: incident → asserter → whom it blames."""

Blamed = dict[str, dict[str, set[str]]]
"""Incident → rater → all whom it blames."""


def attributions(graph: Graph, level: str = "state", repeats: bool = False) -> dict[str, Any]:
    """Incident → independent origin → the actor it blames, several joined by ` + `.

    `level` is `state` (where the actor's chain ends, by the rater's own word if it has one; the
    actor itself if it leads to none, unless it is a person) or `actor`. With `repeats`, everybody
    who printed it is a rater, which is what a plain count of sources does.
    """
    return _joined(_blamed(graph, level, repeats, others=True))


def rated(
    graph: Graph, level: str = "state", repeats: bool = False, others: bool = True
) -> dict[str, Any]:
    """The same as ratings of one thing: on states, who blames nobody that leads to one is silent,
    without `others` by what the statement itself says."""
    found = _blamed(graph, level, repeats, others)
    if level == "state":
        found = _of_states(graph, found)
        if others:  # what others say of an actor adds nothing to what the rater says itself
            own = _of_states(graph, _blamed(graph, level, repeats, others=False))
            found = {incident: {**by, **own.get(incident, {})} for incident, by in found.items()}
    return _joined(found)


def _of_states(graph: Graph, found: Blamed) -> Blamed:
    kept = {
        incident: {
            rater: named
            for rater, blamed in by.items()
            if (named := {one for one in blamed if kind(graph, one) == "State"})
        }
        for incident, by in found.items()
    }
    return {incident: by for incident, by in kept.items() if by}


def _joined(found: Mapping[str, Mapping[str, set[str]]]) -> dict[str, Any]:
    return {
        incident: {rater: " + ".join(sorted(blamed)) for rater, blamed in by.items()}
        for incident, by in found.items()
    }


def _blamed(graph: Graph, level: str, repeats: bool, others: bool) -> Blamed:
    found: Blamed = {}
    for incident in nodes(graph, *BLAMED):
        for actor, data in out(graph, incident, "ATTRIBUTED_TO"):
            for claim in claims(graph, data):
                said = asserter(graph, claim)
                raters = {said} - {None} if repeats else origins(graph, [claim]).voices
                for rater in map(str, raters):
                    blamed = {actor}
                    if level == "state":
                        voice = rater if others else None
                        blamed = set(leads(graph, actor, voice, [claim], others)) or blamed
                    if level == "state" and kind(graph, actor) == "Person" and actor in blamed:
                        continue
                    found.setdefault(incident, {}).setdefault(rater, set()).update(blamed)
    return found


def attributed(graph: Graph) -> int:
    """How many incidents and campaigns anybody attributes, known or not."""
    return sum(
        any(True for _ in out(graph, incident, "ATTRIBUTED_TO"))
        for incident in nodes(graph, *BLAMED)
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
    At the level of states an origin that blames somebody of no known state has said nothing to
    agree with: it is counted, and no rater.
    """
    everybody = attributions(graph, level)
    ratings = rated(graph, level)
    shared = {incident: by for incident, by in ratings.items() if len(by) > 1}
    printed = rated(graph, level, repeats=True)
    rows = [_row(graph, incident, by, printed[incident]) for incident, by in shared.items()]
    caveats = (
        "Sources choose what they attribute: agreement here is among incidents that were public.",
        "Independence is only as good as the DERIVED_FROM links in the claims.",
    )
    headline: dict[str, Any] = {
        "attributed": attributed(graph),
        "with_a_known_origin": len(everybody),
        "with_two_origins": sum(len(by) > 1 for by in everybody.values()),
        f"of_these_on_{'states' if level == 'state' else 'actors'}": len(shared),
    }
    coverage = share(len(shared), attributed(graph))
    if len(shared) < LEAST_SHARED:
        named = " that name a state" if level == "state" else ""
        why = (
            f"{len(shared)} incidents have two independent origins{named}; "
            f"below {LEAST_SHARED} agreement is an anecdote"
        )
        return Result(rows, len(shared), "incidents", coverage, headline, None, caveats, why)
    alpha, observed, expected = krippendorff(shared)
    headline |= {"alpha": alpha, "agreement": 1 - observed} | _repeated(printed)
    if level == "state":
        headline |= _own_words(graph)
    null = {
        "model": "values dealt anew among all ratings",
        "mean": 1 - expected,
        "runs": "exact",
    }
    return Result(rows, len(shared), "incidents", coverage, headline, null, caveats)


def _repeated(printed: Ratings) -> dict[str, Any]:
    """The agreement that a count of every printed source gives."""
    pairs = pairwise_agreement(printed)
    agreed = sum(row["agreement"] * row["both"] for row in pairs)
    return {"agreement_if_repeats_count": share(agreed, sum(row["both"] for row in pairs))}


def _own_words(graph: Graph) -> dict[str, Any]:
    """The same figure of attributions alone that name the state themselves."""
    ratings = rated(graph, others=False)
    shared = {incident: by for incident, by in ratings.items() if len(by) > 1}
    agreement = 1 - krippendorff(shared)[1] if shared else None
    return {"by_own_word": len(shared), "agreement_by_own_word": agreement}


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
    ratings = rated(graph, level)
    shared = [incident for incident, by in ratings.items() if len(by) > 1]
    rows = [
        {**row, "one": name(graph, row["one"]), "other": name(graph, row["other"])}
        for row in pairwise_agreement(ratings)
    ]
    caveats = ("A share of one or two incidents is an anecdote: read `both` first.",)
    coverage = share(len(shared), attributed(graph))
    return Result(rows, len(shared), "incidents", coverage, {"pairs": len(rows)}, None, caveats)
