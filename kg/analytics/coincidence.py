"""Do events of one kind come soon after events of another more often than by chance?"""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import numpy as np

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import Graph, day, nodes
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import false_discovery

KINDS = ("Incident", "Sanction", "Meeting", "Travel", "Statement", "Agreement",
         "LegalAction")  # fmt: skip
LEAST_EVENTS = 5


def event_days(graph: Graph) -> tuple[dict[str, list[date]], int]:
    """What happened → its days, sorted, and how many events there are with or without a day.

    Incidents are told apart by category (`Incident: military`), because a launch is no hack.
    """
    found: dict[str, list[date]] = {}
    total = 0
    for node in nodes(graph, *KINDS):
        data = graph.nodes[node]
        total += 1
        category = data.get("category")
        label = f"{data['kind']}: {category}" if category else str(data["kind"])
        if (known := day(data)) is not None:
            found.setdefault(label, []).append(known)
    return {label: sorted(days) for label, days in sorted(found.items())}, total


def preceded(first: Any, then: Any, window: int) -> float:
    """Share of `then` days that have a `first` day at most `window` days before, or the same day.

    The precursor coincidence rate of Donges et al. (2016), doi:10.1140/epjst/e2015-50233-y.
    Both are sorted integer arrays. O(n log m).
    """
    before = np.searchsorted(first, then, side="right") - 1
    near = (before >= 0) & (then - first[np.maximum(before, 0)] <= window)
    return float(np.mean(near))


def null_rates(first: Any, then: Any, window: int, span: int, runs: int, chance: Any) -> Any:
    """The same rate with the `first` days shifted round the span by a random number of days.

    A shift keeps the gaps between the `first` events, so that a burst stays a burst: drawing each
    day alone would call every cluster a coincidence.
    """
    rates = np.empty(runs)
    for run, shift in enumerate(chance.integers(0, span, runs)):
        rates[run] = preceded(np.sort((first + shift) % span), then, window)
    return rates


@measure(
    question="Do incidents, talks, sanctions and launches follow one another within days?",
    reference="Event coincidence analysis: Donges et al. (2016), doi:10.1140/epjst/e2015-50233-y",
    complexity="O(pairs of kinds × runs × events × log)",
    reads=(),
)
def event_coincidence(graph: Graph, window: int = 14, runs: int = 1000, seed: int = 1) -> Result:
    """For every ordered pair of kinds: how many of the later have an earlier within `window` days.

    The null shifts the earlier series round the observed span; p is one-sided and adjusted for
    the number of pairs. Only events that are known to the day take part.
    """
    days, total = event_days(graph)
    every = [known for series in days.values() for known in series]
    coverage = share(len(every), total)
    counts: dict[str, Any] = {label: len(series) for label, series in days.items()}
    caveats = (
        "After is not because of. What the corpus collected around a sanction is near it.",
        "Events without a day take no part.",
    )
    able = [label for label, series in days.items() if len(series) >= LEAST_EVENTS]
    if len(able) < 2:
        why = f"fewer than two kinds have {LEAST_EVENTS} events known to the day"
        return Result([], len(every), "events", coverage, counts, None, caveats, why)
    start, span = min(every), (max(every) - min(every)).days + 1
    series = {label: np.array([(known - start).days for known in days[label]]) for label in able}
    chance = np.random.default_rng(seed)
    rows = [
        _row(first, then, series[first], series[then], window, span, runs, chance)
        for first, then in permutations(able, 2)
    ]
    for row, adjusted in zip(rows, false_discovery([row["p"] for row in rows]), strict=True):
        row["p_adjusted"] = adjusted
    rows.sort(key=lambda row: (row["p_adjusted"], -row["preceded"]))
    null = {
        "model": "earlier series shifted round the span",
        "runs": runs,
        "seed": seed,
        "days": span,
    }
    return Result(rows, len(every), "events", coverage, counts, null, caveats)


def _row(first: str, then: str, one: Any, other: Any, window: int, span: int, runs: int,
         chance: Any) -> Row:  # fmt: skip
    observed = preceded(one, other, window)
    null = null_rates(one, other, window, span, runs, chance)
    return {
        "first": first,
        "then": then,
        "events": len(other),
        "preceded": round(observed * len(other)),
        "share": observed,
        "expected": float(null.mean()),
        "p": (int((null >= observed - 1e-12).sum()) + 1) / (runs + 1),
    }
