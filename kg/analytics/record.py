"""Which voices speak first, which copy, and whose word was later denied, withdrawn or confirmed?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from math import sqrt
from statistics import median
from typing import Any, NamedTuple

import numpy as np

from kg.analytics.kit.measure import measure
from kg.analytics.kit.reading import Graph, asserter, name, nodes, out
from kg.analytics.kit.result import Result, Row, share
from kg.analytics.kit.statistics import against_null
from kg.graph.concluded import IDENTITY

LEAST = 10
"""Statements that a voice made beside others before a share of them is a figure."""

Said = tuple[str, str, str]


class Word(NamedTuple):
    """One claim, as far as a track record needs it."""

    voice: str
    copied: bool
    """Whether it repeats another voice's word."""
    negative: bool
    withdrawn: bool
    first: date | None
    last: date | None
    """The days between which it was said."""


def spoken(graph: Graph) -> dict[Said, list[Word]]:
    """Every statement → who said or denied it, withdrawn claims too; who only takes it back has
    said nothing of anybody else's word. What was concluded here of who is who is no source's."""
    found: dict[Said, list[Word]] = defaultdict(list)
    voices = _voices(graph)
    for claim in nodes(graph, "Claim"):
        data = graph.nodes[claim]
        subject = next((end for end, _ in out(graph, claim, "SUBJECT")), None)
        who = asserter(graph, claim)
        concluded = data.get("source") == IDENTITY.name
        if subject is None or who is None or concluded or _takes_back(graph, claim):
            continue
        target = next((end for end, _ in out(graph, claim, "OBJECT")), None) or _value(data)
        word = _word(voices.get(who, who), _repeats(graph, claim), data)
        found[subject, str(data.get("predicate")), target].append(word)
    return found


def _takes_back(graph: Graph, claim: str) -> bool:
    """Whether it denies only what it takes back, and so disputes nothing."""
    links = {name: any(True for _ in out(graph, claim, name)) for name in ("RETRACTS", "DISPUTES")}
    denial = graph.nodes[claim].get("polarity") == "negative"
    return denial and links["RETRACTS"] and not links["DISPUTES"]


def _repeats(graph: Graph, claim: str) -> bool:
    return any(True for _ in out(graph, claim, "DERIVED_FROM"))


def _voices(graph: Graph) -> dict[str, str]:
    """Asserter → with whose voice it speaks, where that is another's."""
    found = {}
    for claim in nodes(graph, "Claim"):
        voices, who = graph.nodes[claim].get("voices") or [], asserter(graph, claim)
        if who is not None and len(voices) == 1 and not _repeats(graph, claim):
            found[who] = str(voices[0])
    return found


def _value(data: dict[str, Any]) -> str:
    return " ".join(str(data[part]) for part in ("bound", "value", "unit") if data.get(part))


def _word(voice: str, copied: bool, data: dict[str, Any]) -> Word:
    first, last = data.get("asserted_from"), data.get("asserted_to")
    return Word(
        voice,
        copied,
        data.get("polarity") == "negative",
        data.get("status") in ("retracted", "superseded"),
        first if isinstance(first, date) else None,
        last if isinstance(last, date) else None,
    )


class Record(NamedTuple):
    """What became of one statement of one voice; None where nobody can tell."""

    copied: bool
    withdrawn: bool
    first: bool | None
    """Whether it surely spoke before all others; None without others, or without days."""
    voices: int
    contradicted: bool
    confirmed: int | None
    """Days until another voice said so of its own."""


def records(said: Iterable[list[Word]]) -> dict[str, list[Record]]:
    """Voice → what became of each of its statements."""
    found: dict[str, list[Record]] = defaultdict(list)
    for each in said:
        for voice in sorted({word.voice for word in each if not word.negative}):
            found[voice].append(_record(voice, each))
    return found


def _record(voice: str, said: list[Word]) -> Record:
    own = [word for word in said if word.voice == voice and not word.negative]
    others = [word for word in said if word.voice != voice]
    origin = [word for word in own if not word.copied]
    mine = min((word.last for word in own if word.last), default=None)
    independent = [word for word in others if not word.copied and not word.negative]
    theirs = [word.first for word in independent if word.first]
    known = mine is not None and len(theirs) == len(independent) > 0
    later = [day for day in theirs if mine is not None and day > mine]
    denied = [word.first for word in others if word.negative and word.first]
    return Record(
        copied=not origin,
        withdrawn=all(word.withdrawn for word in own),
        first=bool(origin) and mine < min(theirs) if known and mine is not None else None,
        voices=1 + len({word.voice for word in independent}),
        contradicted=any(mine is not None and day > mine for day in denied),
        confirmed=(min(later) - mine).days if later and mine is not None and origin else None,
    )


@measure(
    question="Who speaks first, who copies, whose word is later denied, withdrawn or confirmed?",
    reference="Wilson (1927), doi:10.1080/01621459.1927.10502953, for the intervals; of truth "
    "discovery (Yin, Han and Yu 2008, doi:10.1109/TKDE.2007.190745) only the counts",
    complexity="O(claims), and O(runs × statements that several made)",
    reads=("SUBJECT", "OBJECT", "ASSERTED_BY", "DERIVED_FROM", "DISPUTES", "RETRACTS"),
)
def source_track_record(
    graph: Graph, least: int = LEAST, runs: int = 1000, seed: int = 0
) -> Result:
    """One row a voice that made at least one statement, the most statements first. Shares have a
    95 % interval, and none where fewer than `least` statements could have told (`means_nothing`).

    `first` is of the statements that others made too, on their own and with days; under the null
    model each of the k voices behind a statement is as likely to have been the first (1/k), which
    `expected_first` and `p_first` hold beside it. `confirmed` is by another voice that does not
    repeat it, `days_to_confirm` their median. What nobody else looked at is neither right nor
    wrong.
    """
    found = records(spoken(graph).values())
    chance = np.random.default_rng(seed)
    rows = [_row(graph, voice, each, least, runs, chance) for voice, each in found.items()]
    rows.sort(key=lambda row: (-row["n"], row["voice"]))
    every = [record for each in found.values() for record in each]
    shared = [record for record in every if record.first is not None]
    telling = [row for row in rows if not row["means_nothing"]]
    ordered = sum(bool(record.first) for record in shared)
    headline = {
        "voices": len(rows),
        "voices_with_enough_to_tell": len(telling),
        "statements_by_several": len(shared),
    }
    null = _firsts(shared, runs, chance)
    model = against_null(float(ordered), null, "any of the voices behind a statement first", seed)
    caveats = (
        "First in this corpus: whoever spoke earlier and was not loaded is not seen, and whose "
        "list is loaded with its days looks earlier than who is loaded as it stands.",
        "Confirmed is said by another, not true; a copy that hides it counts as independent.",
    )
    few = "" if telling else f"no voice made {least} statements that others made too, with days"
    coverage = share(len(shared), len(every))
    known = model if shared else None
    unit = "statements of voices"
    return Result(rows, len(every), unit, coverage, headline, known, caveats, few)


def _firsts(shared: list[Record], runs: int, chance: np.random.Generator) -> Any:
    """How often a voice is first, run by run, where each is as likely as the others."""
    if not shared:
        return np.zeros(1)
    odds = np.array([1 / record.voices for record in shared])
    return (chance.random((runs, len(odds))) < odds).sum(axis=1)


def _row(
    graph: Graph, voice: str, each: list[Record], least: int, runs: int, chance: np.random.Generator
) -> Row:
    shared = [record for record in each if record.first is not None]
    first = sum(bool(record.first) for record in shared)
    null = _firsts(shared, runs, chance)
    days = [record.confirmed for record in each if record.confirmed is not None]
    enough = len(shared) >= least
    row: Row = {
        "id": voice,
        "voice": name(graph, voice),
        "n": len(each),
        "shared": len(shared),
        "first": first,
        "first_share": share(first, len(shared)) if enough else None,
        "first_interval": wilson(first, len(shared)) if enough else None,
        "expected_first": float(sum(1 / record.voices for record in shared)),
        "p_first": (int(np.sum(null >= first)) + 1) / (len(null) + 1) if enough else None,
        "days_to_confirm": median(days) if days else None,
        "means_nothing": ""
        if enough
        else f"{len(shared)} of {least} statements that others made too",
    }
    counts = {
        "copying": sum(record.copied for record in each),
        "contradicted": sum(record.contradicted for record in each),
        "retracted": sum(record.withdrawn for record in each),
        "confirmed": len(days),
    }
    for what, count in counts.items():
        row[what] = count
        row[f"{what}_interval"] = wilson(count, len(each)) if len(each) >= least else None
    return row


def wilson(count: int, n: int, z: float = 1.96) -> list[float] | None:
    """The 95 % interval of a share, after Wilson; None of nothing."""
    if not n:
        return None
    share_, spread = count / n, z * z / n
    middle = (share_ + spread / 2) / (1 + spread)
    half = z / (1 + spread) * sqrt(share_ * (1 - share_) / n + spread / (4 * n))
    return [round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)]
