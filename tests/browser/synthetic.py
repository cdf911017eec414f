"""A corpus of any size with the shapes of a real one: for pictures too large for the seed."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

import polars as pl

from kg import ontology
from kg.claims.columns import STATEMENTS, claim_id
from kg.graph.corpus import Corpus

KINDS = {"incident": 0.42, "organization": 0.3, "person": 0.12, "group": 0.06, "agency": 0.06}
ENDS = {
    "ATTRIBUTED_TO": ("incident", "group"),
    "TARGETED": ("incident", "organization"),
    "CONTROLLED_BY": ("group", "agency"),
    "CHARGES": ("legalaction", "person"),
    "MEMBER_OF": ("person", "group"),
}

CLUSTERS = 40


def corpus(nodes: int, links: int, seed: int = 1) -> Corpus:
    """`nodes` entities in loose clusters, joined by `links` claims of about 50 asserters."""
    rows = [*_rows(nodes, links, random.Random(seed))]
    frame = pl.DataFrame(rows, schema=STATEMENTS, orient="row")
    return Corpus.of(frame, ontology.load(), sources=["synthetic"])


def _rows(nodes: int, links: int, dice: random.Random) -> Iterator[dict[str, Any]]:
    ids = _ids(nodes)
    for key, name in ids.items():
        yield _row(f"name {key}", declared=True, subject=key, predicate="name", value=name)
    by_kind: dict[str, list[str]] = {}
    for key in ids:
        by_kind.setdefault(key.partition(":")[0], []).append(key)
    kinds = [kind for kind, (start, end) in ENDS.items() if {start, end} <= by_kind.keys()]
    asserters = by_kind["agency"][:50]
    seen: set[tuple[str, str, str]] = set()
    while len(seen) < links:
        kind = dice.choice(kinds)
        cluster = dice.random()
        subject, target = (_pick(by_kind[one], cluster, dice) for one in ENDS[kind])
        if (subject, kind, target) not in seen:
            seen.add((subject, kind, target))
            asserter = dice.choice(asserters)
            yield _claim(subject, kind, target, asserter, f"{dice.randint(2010, 2024)}-03-09")


def _ids(nodes: int) -> dict[str, str]:
    found = {}
    for kind, share in KINDS.items():
        for number in range(max(3, round(share * nodes))):
            found[f"{kind}:{number:05}"] = f"{kind.title()} {number}"
    while len(found) < nodes:
        found[f"software:{len(found):05}"] = f"Software {len(found)}"
    return dict(list(found.items())[:nodes])


def _pick(keys: list[str], cluster: float, dice: random.Random) -> str:
    """Mostly from the cluster's own stretch of the list, and its first ones far more often."""
    if dice.random() < 0.12:
        return dice.choice(keys)
    size = max(3, len(keys) // CLUSTERS)
    start = int(cluster * CLUSTERS) * len(keys) // CLUSTERS
    return keys[min(len(keys) - 1, start + int(size * dice.random() ** 2.2))]


def _claim(subject: str, kind: str, target: str, asserter: str, day: str) -> dict[str, Any]:
    key = f"{subject} {kind} {target}"
    said = {"asserted": day, "asserted_from": date.fromisoformat(day)}
    said |= {"asserted_to": date.fromisoformat(day)}
    return _row(
        key,
        subject=subject,
        predicate=kind,
        object=target,
        asserter=asserter,
        statement=key,
        **said,
    )


def _row(key: str, **columns: Any) -> dict[str, Any]:
    blank = dict.fromkeys(STATEMENTS)
    made = {"id": claim_id([key], False, False), "source": "synthetic"}
    return blank | made | {"declared": False, "negative": False} | columns
