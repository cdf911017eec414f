"""What was concluded, as claims."""

from __future__ import annotations

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
    for (a, b), why in sorted(identity.joins.items()):
        summary = "; ".join((*why.because, *_dated(identity, a, b, why)))
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


def _dated(identity: Identity, a: str, b: str, why: Verdict) -> tuple[str, ...]:
    """From when the two count as one, said of what the rules concluded."""
    if why.by != RULES:
        return ()
    days = [
        link.day for link in identity.records.links
        if link.predicate == SAME and {link.a, link.b} == {a, b} and link.day
    ]  # fmt: skip
    return (f"counts from {min(days)} on" if days else UNDATED,)


def _judge(emit: Emitter, why: Verdict) -> str:
    """The asserter of a conclusion: the rules, or the person who judged."""
    if why.by == RULES:
        return RULES
    return emit.entity("person:" + "-".join(why.by.casefold().split()), why.by)
