"""Which records are one entity, which are parts, which are apart, and what stays open.

`resolve` is pure: the same statements and judgements, in any order, give the same `Identity`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

import polars as pl

from kg.identity.components import Components, obey
from kg.identity.dated import steps
from kg.identity.evidence import Evidence, gather
from kg.identity.judgements import Judgement
from kg.identity.numbered import numbered
from kg.identity.parts import parts_of
from kg.identity.records import SAME, SIMILAR, Records, records
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
    among = None if asked is None else {*asked, *(end for j in judgements for end in (j.a, j.b))}
    found = records(statements, ontology, named_kinds(statements, ontology), among)
    known = [j for j in judgements if j.a in found.by_key and j.b in found.by_key]
    judged = {frozenset((found.by_key[j.a], found.by_key[j.b])): j for j in known}
    evidence, components = _together(found, judged)
    mapping = components.mapping()
    earlier = steps(found, components, lambda part: _together(part, judged)[1])
    waiting = [j for j in judgements if j not in known]
    parts = dict(parts_of(found, mapping, judged))
    return Identity(found, mapping, components.joins, evidence, parts, judged, waiting, earlier)


def _together(
    records: Records, judged: Mapping[frozenset[str], Judgement]
) -> tuple[dict[tuple[str, str], Evidence], Components]:
    """What speaks for pairs of records being one, and what became one of them."""
    known = {pair: judgement for pair, judgement in judged.items() if pair <= records.by_id.keys()}
    evidence, components = gather(records), Components(records, known)
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
