"""What was concluded, as claims."""

from __future__ import annotations

from datetime import date

import polars as pl

from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.identity.records import APART, PART, SAME, SIMILAR
from kg.identity.verdicts import RULES, Identity, Verdict
from kg.ontology import Ontology

UNDATED = "a conclusion of kg's rules, which has no date: it counts on every day"


def claims_of(identity: Identity, ontology: Ontology) -> pl.DataFrame:
    """What was concluded, as claims of the source `identity` (schema `STATEMENTS` and `place`)."""
    emit = Emitter(Source("identity", format="identity"), ontology)
    emit.entity(RULES, "The identity rules of kg")
    days = _days(identity)
    for (a, b), why in sorted(identity.joins.items()):
        summary = "; ".join((*why.because, *_dated(why, days.get(frozenset((a, b))))))
        emit.claim(a, SAME, b, summary=summary, asserter=_judge(emit, why))
    for (part, whole), why in sorted(identity.parts.items()):
        if why.by != RULES or "as a sub-group" in why.because[0]:
            emit.claim(
                part, PART, whole, summary="; ".join(why.because), asserter=_judge(emit, why)
            )
    edge = {"unsure": SIMILAR, "distinct": APART}
    for evidence, verdict in identity.open_pairs():
        if verdict.relation in edge and verdict.by == RULES:
            emit.claim(evidence.a.id, edge[verdict.relation], evidence.b.id, asserter=RULES,
                       summary="; ".join(verdict.because))  # fmt: skip
    for judgement in identity.judged.values():
        if judgement.verdict == "distinct":
            ends = [identity.records.by_key[end] for end in (judgement.a, judgement.b)]
            why = Verdict("distinct", (judgement.because,), judgement.by or "a person")
            emit.claim(
                ends[0], APART, ends[1], summary=judgement.because, asserter=_judge(emit, why)
            )
    return emit.finish()


def _days(identity: Identity) -> dict[frozenset[str], date]:
    """By pair, the first day on which somebody said that the two are one."""
    found: dict[frozenset[str], date] = {}
    for link in identity.records.links:
        if link.predicate == SAME and link.day:
            pair = frozenset((link.a, link.b))
            found[pair] = min(link.day, found.get(pair, link.day))
    return found


def _dated(why: Verdict, day: date | None) -> tuple[str, ...]:
    """From when the two count as one, said of what the rules concluded."""
    if why.by != RULES:
        return ()
    return (f"counts from {day} on" if day else UNDATED,)


def _judge(emit: Emitter, why: Verdict) -> str:
    """The asserter of a conclusion: the rules, or the person who judged."""
    if why.by == RULES:
        return RULES
    return emit.entity("person:" + "-".join(why.by.casefold().split()), why.by)
