"""Structural balance: do the friends of friends and the enemies of enemies get along?"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import numpy as np

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import Graph, edges, nodes
from kg.analytics.kit.result import Result, share
from kg.analytics.kit.statistics import against_null

LEAST_TRIANGLES = 20
Pair = tuple[str, str]


def signs(graph: Graph, on: str = "") -> tuple[dict[Pair, int], int]:
    """Pair → +1 (ALLIED_WITH) or -1 (RIVAL_OF), and how many pairs were both.

    A pair that is both counts as rivals: an alliance on paper does not end a rivalry, and most
    such pairs share a large defence pact. `on` keeps the ties that were valid on that ISO day.
    """
    day = date.fromisoformat(on) if on else None
    positive = {_pair(a, b) for a, b, data in edges(graph, "ALLIED_WITH") if _valid(data, day)}
    negative = {_pair(a, b) for a, b, data in edges(graph, "RIVAL_OF") if _valid(data, day)}
    loops = {pair for pair in positive | negative if pair[0] == pair[1]}
    signed = dict.fromkeys(positive - loops, 1) | dict.fromkeys(negative - loops, -1)
    return signed, len(positive & negative)


def _pair(a: str, b: str) -> Pair:
    return (a, b) if a <= b else (b, a)


def _valid(data: Mapping[str, Any], day: date | None) -> bool:
    if day is None:
        return True
    start, end = data.get("valid_from"), data.get("valid_to")
    return (start is None or start <= day) and (end is None or day <= end)


def triangles(pairs: Iterable[Pair]) -> Any:
    """All triangles as an integer array (T, 3) of positions in `pairs`.

    Edges point from the node of lower to the one of higher degree, so that a hub is nobody's
    start: O(m^1.5) after Chiba and Nishizeki (1985), doi:10.1137/0214017.
    """
    pairs = list(pairs)
    degree: dict[str, int] = {}
    for pair in pairs:
        for node in pair:
            degree[node] = degree.get(node, 0) + 1
    ahead: dict[str, dict[str, int]] = {node: {} for node in degree}
    for position, (a, b) in enumerate(pairs):
        low, high = sorted((a, b), key=lambda node: (degree[node], node))
        ahead[low][high] = position
    found = [
        (first, ahead[a][c], ahead[b][c])
        for a, reach in ahead.items()
        for b, first in reach.items()
        for c in reach.keys() & ahead[b].keys()
    ]
    return np.array(found, dtype=np.int64).reshape(-1, 3)


def balanced_share(signed: Any, corners: Any) -> float:
    """Share of triangles whose three signs multiply to +1. Cartwright and Harary (1956)."""
    return float(np.mean(np.prod(signed[corners], axis=1) > 0)) if len(corners) else 0.0


@measure(
    question="Is the diplomacy graph more balanced than its alliances and rivalries by chance?",
    reference="Cartwright and Harary (1956), doi:10.1037/h0046049; sign-shuffle null as in "
    "Leskovec, Huttenlocher and Kleinberg (2010), doi:10.1145/1753326.1753532",
    complexity="O(m^1.5) for the triangles, then O(triangles) a shuffle",
    reads=("ALLIED_WITH", "RIVAL_OF"),
)
def structural_balance(graph: Graph, on: str = "", runs: int = 1000, seed: int = 1) -> Result:
    """Balanced share of triangles, beside the same graph with its signs dealt out anew.

    Rows are the four kinds of triangle. The all-positive share stands beside the headline because
    large defence pacts are cliques: they are balanced whatever else states do, so read the share
    among the triangles that hold a negative tie as well.
    """
    signed, both = signs(graph, on)
    pairs = sorted(signed)
    values = np.array([signed[pair] for pair in pairs], dtype=np.int8)
    corners = triangles(pairs)
    negatives = (values[corners] < 0).sum(axis=1) if len(corners) else np.zeros(0, dtype=int)
    rows = [_kind_row(count, int((negatives == count).sum()), len(corners)) for count in range(4)]
    members = {node for pair in pairs for node in pair}
    headline: dict[str, Any] = {
        "states": len(members),
        "ties": len(pairs),
        "negative_ties": int((values < 0).sum()),
        "both_ally_and_rival": both,
        "triangles": len(corners),
    }
    caveats = (
        "A pair that is both allied and rival counts as negative.",
        "Alliances by a large pact make cliques, which are balanced by construction.",
    )
    coverage = share(len(members), len(nodes(graph, "State")))
    if len(corners) < LEAST_TRIANGLES:
        why = f"{len(corners)} triangles; below {LEAST_TRIANGLES} a share says nothing"
        return Result(rows, len(corners), "triangles", coverage, headline, None, caveats, why)
    headline |= _shares(values, corners, negatives)
    null = shuffled_shares(values, corners, runs, seed)
    told = against_null(headline["balanced_share"], null, "signs shuffled over the same ties", seed)
    return Result(rows, len(corners), "triangles", coverage, headline, told, caveats)


def _shares(values: Any, corners: Any, negatives: Any) -> dict[str, float]:
    mixed = negatives > 0
    balanced = int((negatives[mixed] == 2).sum())
    return {
        "balanced_share": balanced_share(values, corners),
        "all_positive_share": float(np.mean(~mixed)),
        "balanced_share_with_a_negative_tie": share(balanced, int(mixed.sum())),
    }


def shuffled_shares(values: Any, corners: Any, runs: int, seed: int) -> Any:
    """Balanced share in each of `runs` graphs with the same ties and the same signs, shuffled."""
    chance = np.random.default_rng(seed)
    return np.array([balanced_share(chance.permutation(values), corners) for _ in range(runs)])


def _kind_row(negative: int, count: int, total: int) -> dict[str, Any]:
    pattern = "+" * (3 - negative) + "-" * negative
    return {
        "triangle": pattern,
        "balanced": negative % 2 == 0,
        "count": count,
        "share": share(count, total),
    }
