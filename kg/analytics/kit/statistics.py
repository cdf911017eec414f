"""Statistics that several measures share: chance overlap, many tests at once, agreement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np


def overlap_chances(total: int, one: Any, other: Any, shared: Any) -> list[float]:
    """P(at least `shared` in common) of random sets of sizes `one` and `other` out of `total`.

    The hypergeometric tail of Tumminello et al. (2011), doi:10.1371/journal.pone.0017994. The last
    three are sequences of equal length; one call for all is a thousand times one call for each.
    """
    from scipy.stats import hypergeom

    if not len(shared):
        return []
    tails = hypergeom.sf(np.asarray(shared) - 1, total, np.asarray(one), np.asarray(other))
    return [float(p) for p in np.clip(tails, 0.0, 1.0)]


def false_discovery(chances: Sequence[float]) -> list[float]:
    """P values adjusted after Benjamini and Hochberg (1995), in the order given."""
    from scipy.stats import false_discovery_control

    return [float(p) for p in false_discovery_control(chances)] if len(chances) else []


def against_null(observed: float, null: Any, model: str, seed: int) -> dict[str, Any]:
    """How an observed figure lies in its null distribution; p is one-sided, never 0.

    `null` is an array of the same figure under the null model, one per run.
    """
    spread = float(np.std(null, ddof=1)) if len(null) > 1 else 0.0
    mean = float(np.mean(null))
    above = int(np.sum(null >= observed - 1e-12))
    return {
        "model": model,
        "runs": len(null),
        "seed": seed,
        "mean": mean,
        "sd": spread,
        "z": (observed - mean) / spread if spread else None,
        "p": (above + 1) / (len(null) + 1),
    }


def krippendorff(ratings: Mapping[str, Mapping[str, str]]) -> tuple[float | None, float, float]:
    """(alpha, observed disagreement, expected disagreement) for nominal values, gaps allowed.

    `ratings` is unit → rater → value. Krippendorff (2011), "Computing Krippendorff's
    alpha-reliability". Alpha is None where fewer than two values occur: nothing can disagree.
    """
    pairable = [list(unit.values()) for unit in ratings.values() if len(unit) > 1]
    total = sum(map(len, pairable))
    counts: dict[str, int] = {}
    differing = 0.0
    for values in pairable:
        for value in values:
            counts[value] = counts.get(value, 0) + 1
        same = sum(values.count(value) - 1 for value in values)
        differing += len(values) - same / (len(values) - 1)
    if len(counts) < 2:
        return None, 0.0, 0.0
    observed = differing / total
    expected = 1 - sum(c * (c - 1) for c in counts.values()) / (total * (total - 1))
    return 1 - observed / expected, observed, expected
