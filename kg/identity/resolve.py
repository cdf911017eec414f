"""Which records are one entity, which are parts, which are apart, and what stays open.

`resolve` is pure: the same statements and judgements, in any order, give the same `Identity`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from kg.claims.columns import stands
from kg.identity.components import Components, can_be_judged, obey
from kg.identity.dated import steps
from kg.identity.events import Alike, Pair, alike, telling
from kg.identity.evidence import Evidence, gather
from kg.identity.judgements import Judgement
from kg.identity.numbered import numbered
from kg.identity.parts import parts_of
from kg.identity.records import PART, SAME, SIMILAR, Records, records
from kg.identity.related import sharing
from kg.identity.verdicts import Identity, Verdict
from kg.ontology import Ontology


def resolve(
    statements: pl.DataFrame,
    ontology: Ontology,
    judgements: Sequence[Judgement] = (),
    asked: Collection[str] | None = None,
) -> Identity:
    """Work out identity over all linked statements (source ids; schema `STATEMENTS`, or such of its
    columns as tell who is who). With `asked` it knows only the records that have anything to do
    with others, and those asked for (ids or keys); what can be concluded is concluded then too.

    Raises `UsageError` for judgements that cannot hold: across kinds, or against one another.
    """
    among = {end for j in judgements for end in (j.a, j.b)}
    live, kinds = statements.filter(stands(statements)), named_kinds(statements, ontology)
    shared = None if asked is None else sharing(live, ontology.compared)
    actors = records(
        live, ontology, kinds - ontology.events.keys(), shared, {*among, *(asked or ())}
    )
    first = _Resolved(actors, judgements)
    pairs = alike(telling(live, ontology), first.mapping, ontology)
    among |= {id for pair in pairs for id in pair}
    named = {*kinds, *map(ontology.kind_of, among)}
    wanted = {kind for kind in ontology.events if kind in named}
    events = records(live, ontology, wanted, shared, {*among, *(asked or ())})
    second = _Resolved(events, judgements, pairs)
    found = actors.and_(events)
    judged = _judged(found, judgements)
    can_be_judged(judged, found, ontology)
    mapping = dict(sorted({**first.mapping, **second.mapping}.items()))
    waiting = [j for j in judgements if j not in judged.values()]
    return Identity(
        found, mapping, {**first.joins, **second.joins}, {**first.evidence, **second.evidence},
        dict(parts_of(found, mapping, judged, ontology.edges[PART].sources)), judged, waiting,
        {**first.earlier, **second.earlier},
    )  # fmt: skip


class _Resolved:
    """What became one among records of which none has to do with any other than these."""

    def __init__(
        self, found: Records, judgements: Sequence[Judgement],
        events: Mapping[Pair, Alike] | None = None,
    ) -> None:  # fmt: skip
        judged = _judged(found, judgements)
        self.evidence, components = _together(found, judged, events)
        self.joins, self.mapping = components.joins, components.mapping()
        self.earlier = steps(found, components, lambda part: _together(part, judged, events)[1])


def _judged(found: Records, judgements: Sequence[Judgement]) -> dict[frozenset[str], Judgement]:
    """The judgements on pairs of these records, by their ids."""
    known = [j for j in judgements if j.a in found.by_key and j.b in found.by_key]
    return {frozenset((found.by_key[j.a], found.by_key[j.b])): j for j in known}


def _together(
    records: Records, judged: Mapping[frozenset[str], Judgement],
    events: Mapping[Pair, Alike] | None = None,
) -> tuple[dict[Pair, Evidence], Components]:  # fmt: skip
    """What speaks for pairs of records being one, and what became one of them."""
    known = {pair: judgement for pair, judgement in judged.items() if pair <= records.by_id.keys()}
    evidence, components = gather(records, events), Components(records, known)
    obey(known, components)
    _join([e for e in evidence.values() if e.proves], components)
    while settled := [e for e in evidence.values() if e.settled(records, components.of)]:
        _join(settled, components)
    for record, bearer, why in numbered(records, evidence.values(), components):
        components.join(record.id, bearer.id, why)
    return evidence, components


def _join(proofs: Iterable[Evidence], components: Components) -> None:
    """Join what is proven, the best first."""
    for proof in sorted(proofs, key=lambda e: e.rank):
        if components.may_join(proof.a.id, proof.b.id):
            why = Verdict("same", tuple(proof.sentences(components.records)))
            components.join(proof.a.id, proof.b.id, why)


KINDS_BY = ("alias", "record", SAME, SIMILAR)
"""The predicates that tell that entities of a kind go by several names."""


def named_kinds(statements: pl.DataFrame, ontology: Ontology) -> set[str]:
    """The kinds whose entities go by several names, or are said to be the same."""
    said = statements.filter(pl.col("predicate").is_in(KINDS_BY))
    prefixes = said["subject"].str.split(":").list.first().unique().to_list()
    kinds = {ontology.kind_of(f"{prefix}:") for prefix in prefixes if prefix}
    return {kind for kind in kinds if kind is not None and ontology.nodes[kind].joined}
