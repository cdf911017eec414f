"""What was joined, why, and what is unsure, as rows to read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from kg.identity.verdicts import Identity

ORDER = ("same", "part_of", "unsure", "kind_mismatch", "distinct")


def listing(identity: Identity, everything: bool = False) -> list[dict[str, Any]]:
    """One row a pair of records: `relation`, `a`, `b`, `because` (list), `by`.

    Joins first, then parts, then what is open; pairs that turned out distinct (or of two kinds)
    only if `everything`.
    """
    rows = sorted(
        _rows(identity), key=lambda row: (ORDER.index(row["relation"]), row["a"], row["b"])
    )
    hidden = () if everything else ("distinct", "kind_mismatch")
    return [row for row in rows if row["relation"] not in hidden]


def _rows(identity: Identity) -> Iterator[dict[str, Any]]:
    records = identity.records.by_id
    for (a, b), verdict in identity.joins.items():
        yield _row(records[a].key, records[b].key, verdict)
    for (part, whole), verdict in identity.parts.items():
        yield _row(records[part].key, records[whole].key, verdict)
    for evidence, verdict in identity.open_pairs():
        if verdict.relation != "part_of":  # told above
            yield _row(evidence.a.key, evidence.b.key, verdict)


def _row(a: str, b: str, verdict: Any) -> dict[str, Any]:
    return {
        "relation": verdict.relation,
        "a": a,
        "b": b,
        "because": list(verdict.because),
        "by": verdict.by,
    }
