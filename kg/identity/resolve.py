"""Which records are one entity, which are parts, which are apart, and what stays open.

`resolve` is pure: the same statements and judgements, in any order, give the same `Identity`.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product

import polars as pl

from kg.base.errors import UsageError, an, offering
from kg.claims.emitter import Emitter, Source
from kg.identity import names
from kg.identity.evidence import HUB, Evidence, gather
from kg.identity.judgements import Judgement
from kg.identity.records import APART, PART, SAME, SIMILAR, Record, Records, records
from kg.ontology import Ontology

RULES = "organization:kg-rules"
"""Who asserts what the rules conclude."""


@dataclass(frozen=True)
class Verdict:
    """How two records relate, why, and on whose word."""

    relation: str
    because: tuple[str, ...]
    by: str = RULES

    def json(self) -> dict[str, object]:
        """As `kg identity relation` prints it."""
        return {"relation": self.relation, "because": list(self.because)}


@dataclass
class Identity:
    """The outcome. Ask it by record keys (`attack:G0032`) or entity ids."""

    records: Records
    mapping: dict[str, str]
    """Source id → id of the entity it became; ids that stay themselves are absent."""
    joins: dict[tuple[str, str], Verdict]
    """Pairs of record ids that were joined, with why."""
    evidence: dict[tuple[str, str], Evidence]
    parts: dict[tuple[str, str], Verdict]
    """(part, whole) as merged ids."""
    judged: dict[frozenset[str], Judgement]
    waiting: list[Judgement] = field(default_factory=list)
    """Judgements on records that are not loaded."""

    def merged(self, id: str) -> str:
        """The id of the entity that a source's id became."""
        return self.mapping.get(id, id)

    def find(self, name: str) -> Record:
        """The record of that key or id. Raises `UsageError` with the nearest ones."""
        id = self.records.by_key.get(name) or self._folded.get(name.casefold())
        if id is None:
            message = f"no record {name!r} is loaded"
            raise UsageError(offering(message, name, self.records.by_key, otherwise=""))
        return self.records.by_id[id]

    def relation(self, a: str, b: str) -> dict[str, object]:
        """`{"relation": …, "because": […]}` for two records."""
        return self.verdict(self.find(a), self.find(b)).json()

    def explain(self, a: str, b: str) -> list[str]:
        """The sentences behind the relation of two records."""
        return list(self.verdict(self.find(a), self.find(b)).because)

    def verdict(self, a: Record, b: Record) -> Verdict:
        """The relation of the entities that two records became."""
        if a.kind != b.kind:
            return self._across_kinds(a, b)
        one, other = self.merged(a.id), self.merged(b.id)
        if one == other:
            return Verdict("same", tuple(self._path(a.id, b.id)) or ("they are one record",))
        if found := self._judged(one, other) or self._part(one, other) or self._part(other, one):
            return found
        return (self._apart([a], [b]) or self._homonym(one, other) or self._candidate(a, b)
                or self._apart(self.members(one), self.members(other))
                or self._open(a, b, one, other))  # fmt: skip

    def members(self, merged: str) -> list[Record]:
        """The records that became an entity."""
        return self._members.get(merged) or [self.records.by_id[merged]]

    def open_pairs(self) -> Iterator[tuple[Evidence, Verdict]]:
        """Pairs with something in common that were not joined: the best evidence, the verdict."""
        best: dict[tuple[str, str], Evidence] = {}
        for evidence in self.evidence.values():
            ends = sorted((self.merged(evidence.a.id), self.merged(evidence.b.id)))
            pair = (ends[0], ends[1])
            if ends[0] != ends[1] and (pair not in best or evidence.rank < best[pair].rank):
                best[pair] = evidence
        for pair in sorted(best):
            yield best[pair], self.verdict(best[pair].a, best[pair].b)

    # How two entities that are not one relate

    def _across_kinds(self, a: Record, b: Record) -> Verdict:
        one, other = (_names_of(self.members(self.merged(r.id))) for r in (a, b))
        both = sorted(one.keys() & other.keys())
        if not both:
            return Verdict("distinct", (f"{an(a.kind)} and {an(b.kind)} without a name in common",))
        names = ", ".join(repr(one[key]) for key in both)
        return Verdict("kind_mismatch", (f"{a.key} is {an(a.kind)}, {b.key} is {an(b.kind)}; "
                                         f"both are called {names}",))  # fmt: skip

    def _judged(self, one: str, other: str) -> Verdict | None:
        for judgement in self.judged.values():
            ends = [self.merged(self.records.by_key[end]) for end in (judgement.a, judgement.b)]
            if set(ends) == {one, other}:
                word = {"distinct": "distinct", "part-of": "part_of", "same": "same"}
                who = judgement.by or "a person"
                return Verdict(
                    word[judgement.verdict], (f"{who} judged: {judgement.because}",), who
                )
        return None

    def _part(self, part: str, whole: str) -> Verdict | None:
        """Part of it, directly or through others; never both ways round."""
        chain = _walk(self._wholes, part, whole)
        if chain is None or _walk(self._wholes, whole, part) is not None:
            return None
        steps = [self.parts[step].because for step in pairwise(chain)]
        return Verdict("part_of", tuple(why for step in steps for why in step))

    def _apart(self, one: Sequence[Record], other: Sequence[Record]) -> Verdict | None:
        """A list that promises one record an actor holds both."""
        because = tuple(keeps_apart(one, other, self.records))
        ends = self.merged(one[0].id), self.merged(other[0].id)
        said = [*self._common(*ends), *self._beside(*ends)]
        return Verdict("distinct", (*because, *said)) if because else None

    def _homonym(self, one: str, other: str) -> Verdict | None:
        """Two states, and no more than one coiner's word in common."""
        states = conflict(self.members(one), self.members(other))
        strong = any(len(e.coiners) > 1 for e in self._between(one, other))
        if states is None or strong:
            return None
        return Verdict("distinct", (states, *self._common(one, other)))

    def _candidate(self, a: Record, b: Record) -> Verdict | None:
        """Something joins these very records, and it is not enough. A likeness without any name
        in common is nothing against a list that keeps the two entities apart."""
        found = self.evidence.get((min(a.id, b.id), max(a.id, b.id)))
        if found is None:
            return None
        ends = self.merged(a.id), self.merged(b.id)
        sides = self.members(ends[0]), self.members(ends[1])
        against = list(keeps_apart(*sides, self.records))
        if against and not any(e.named for e in self._between(*ends)):
            return None
        against += filter(None, [conflict(*sides)])
        return Verdict("unsure", (*found.sentences(self.records), *against))

    def _open(self, a: Record, b: Record, one: str, other: str) -> Verdict:
        because = self._common(one, other)
        if states := conflict(self.members(one), self.members(other)):
            because.append(states)
        if because:
            return Verdict("unsure", tuple(because))
        nothing = f"nothing joins {a.key} and {b.key}"
        return Verdict("distinct", (nothing, *self._beside(one, other)))

    def _common(self, one: str, other: str) -> list[str]:
        found = sorted(self._between(one, other), key=lambda e: e.rank)
        return [said for e in found for said in e.sentences(self.records)]

    def _beside(self, one: str, other: str) -> Iterator[str]:
        """Names on both sides that join nothing, with the reason."""
        sides = [{k: n for r in self.members(end) for k, n in r.other.items()}
                 for end in (one, other)]  # fmt: skip
        for key in sorted(sides[0].keys() & sides[1].keys()):
            name = sides[0][key]
            yield f"{name!r} on both sides joins nothing: {names.why(name)}"

    def _between(self, one: str, other: str) -> Iterator[Evidence]:
        for a, b in product(self.members(one), self.members(other)):
            found = self.evidence.get((min(a.id, b.id), max(a.id, b.id)))
            if found is not None:
                yield found

    def _path(self, a: str, b: str) -> list[str]:
        """The reasons along the chain of joins that made two records one."""
        chain = _walk(self._joined, a, b) or []
        steps = [tuple(sorted(step)) for step in pairwise(chain)]
        return [why for step in steps for why in self.joins[step[0], step[1]].because]

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {key.casefold(): id for key, id in self.records.by_key.items()}

    @cached_property
    def _members(self) -> Mapping[str, list[Record]]:
        found: defaultdict[str, list[Record]] = defaultdict(list)
        for record in self.records.by_id.values():
            found[self.merged(record.id)].append(record)
        return found

    @cached_property
    def _wholes(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for part, whole in sorted(self.parts):
            found[part].append(whole)
        return found

    @cached_property
    def _joined(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for a, b in sorted(self.joins):
            found[a].append(b)
            found[b].append(a)
        return found


def resolve(
    statements: pl.DataFrame, ontology: Ontology, judgements: Sequence[Judgement] = ()
) -> Identity:
    """Work out identity over all linked statements (source ids; schema `STATEMENTS`).

    Raises `UsageError` for judgements that cannot hold: across kinds, or against one another.
    """
    found = records(statements, ontology, named_kinds(statements, ontology))
    known = [j for j in judgements if j.a in found.by_key and j.b in found.by_key]
    judged = {frozenset((found.by_key[j.a], found.by_key[j.b])): j for j in known}
    evidence = gather(found)
    clusters = _Clusters(found, judged)
    _obey(judged, clusters)
    for proof in sorted((e for e in evidence.values() if e.proves), key=lambda e: e.rank):
        if clusters.may_join(proof.a.id, proof.b.id):
            clusters.join(proof.a.id, proof.b.id, Verdict("same", tuple(proof.sentences(found))))
    for record, bearer, why in _numbered(found, evidence.values(), clusters):
        clusters.join(record.id, bearer.id, why)
    mapping = clusters.mapping()
    waiting = [j for j in judgements if j not in known]
    parts = dict(_parts(found, mapping, judged))
    return Identity(found, mapping, clusters.joins, evidence, parts, judged, waiting)


def _obey(judged: Mapping[frozenset[str], Judgement], clusters: _Clusters) -> None:
    """What people say is the same is, whatever the rules say."""
    by_id = clusters.records.by_id
    for pair, judgement in sorted(judged.items(), key=lambda item: sorted(item[0])):
        a, b = (by_id[id] for id in sorted(pair))
        if judgement.verdict != "distinct" and a.kind != b.kind:
            raise UsageError(
                f"{a.key} is {an(a.kind)} and {b.key} {an(b.kind)}: "
                "they can only be judged distinct"
            )
        if judgement.verdict == "same":
            who = judgement.by or "a person"
            why = Verdict("same", (f"{who} judged: {judgement.because}",), who)
            clusters.join(a.id, b.id, why)
    for pair, judgement in judged.items():
        if judgement.verdict != "same" and len({clusters.of[id] for id in pair}) == 1:
            raise UsageError(
                f"{judgement.a} and {judgement.b} were judged {judgement.verdict}, and other "
                "judgements make them the same; withdraw one of them"
            )


COPIES = frozenset({"misp-microsoft-activity-group", "misp-mitre-intrusion-set"})
"""What MISP took over from others' lists, at some time."""


def _numbered(
    records: Records, evidence: Iterable[Evidence], clusters: _Clusters
) -> Iterator[tuple[Record, Record, Verdict]]:
    """Records headed by a number of a coiner's own series (`APT45`) that all who bear it, in every
    list, have become one entity, and that nothing joins to any other. Else it stays contested, and
    so it does where only an old copy of a list has it."""
    joined: defaultdict[str, list[Record]] = defaultdict(list)
    for found in evidence:
        joined[found.a.id].append(found.b)
        joined[found.b.id].append(found.a)
    for id in sorted(joined):
        record, own = records.by_id[id], clusters.of[id]
        others = sorted((r for r in joined[id] if clusters.of[r.id] != own), key=lambda r: r.id)
        headed = names.serial(record.title) and not record.redirect
        if not headed or len({clusters.of[r.id] for r in others}) != 1:
            continue
        bearers = [r for r in others if record.heading in r.names]
        borne = any(bearer.list not in COPIES for bearer in bearers)
        if borne and clusters.may_join(id, bearers[0].id):
            yield record, bearers[0], _by_number(record, bearers, records)


def _by_number(record: Record, bearers: Iterable[Record], records: Records) -> Verdict:
    coiner = (records.coiners[record.heading] or "").partition(":")[2]
    keys = ", ".join(bearer.key for bearer in bearers)
    why = f"{record.key} is headed by a number of {coiner}'s own series, borne only by {keys}"
    return Verdict("same", (why,))


def named_kinds(statements: pl.DataFrame, ontology: Ontology) -> set[str]:
    """The kinds whose entities go by several names, or are said to be the same."""
    said = statements.filter(pl.col("predicate").is_in(["alias", "record", SAME, SIMILAR]))
    prefixes = said["subject"].str.split(":").list.first().unique().to_list()
    kinds = {ontology.kind_of(f"{prefix}:") for prefix in prefixes if prefix}
    return {kind for kind in kinds if kind is not None} - {"State", "Sector", "Document"}


def keeps_apart(one: Iterable[Record], other: Iterable[Record], records: Records) -> Iterator[str]:
    """A sentence for each list of one record an actor that holds a record of each side."""
    told: set[str] = set(records.open_lists)
    for a, b in product(list(one), list(other)):
        if a.list != b.list or a.list in told or a.redirect or b.redirect:
            continue
        if frozenset((a.id, b.id)) not in records.renamings:
            told.add(a.list)
            yield f"{a.list} keeps {a.key} ({a.title}) and {b.key} ({b.title}) apart"


def conflict(one: Iterable[Record], other: Iterable[Record]) -> str | None:
    """A sentence where some record of each side is put in states that have nothing in common."""
    for a, b in product(list(one), list(other)):
        if a.states and b.states and not a.states & b.states:
            where = [", ".join(sorted(s.partition(":")[2] for s in r.states)) for r in (a, b)]
            return f"{a.key} is put in {where[0]}, {b.key} in {where[1]}"
    return None


class _Clusters:
    """Records that have become one so far, and what forbids more."""

    def __init__(self, records: Records, judged: Mapping[frozenset[str], Judgement]) -> None:
        self.records = records
        self.of = {id: id for id in records.by_id}
        self.members = {id: [id] for id in records.by_id}
        self.joins: dict[tuple[str, str], Verdict] = {}
        self.forbidden = {pair for pair, j in judged.items() if j.verdict != "same"}
        self.forbidden |= {
            frozenset((link.a, link.b)) for link in records.links
            if link.predicate in (PART, APART)
        }  # fmt: skip

    def may_join(self, a: str, b: str) -> bool:
        one, other = self.members[self.of[a]], self.members[self.of[b]]
        if self.of[a] == self.of[b]:
            return False
        if any(frozenset(pair) in self.forbidden for pair in product(one, other)):
            return False
        left = [self.records.by_id[id] for id in one]
        right = [self.records.by_id[id] for id in other]
        return not conflict(left, right) and not any(keeps_apart(left, right, self.records))

    def join(self, a: str, b: str, why: Verdict) -> None:
        keep, drop = self.of[a], self.of[b]
        if keep == drop:
            return
        for id in self.members[drop]:
            self.of[id] = keep
        self.members[keep] += self.members.pop(drop)
        self.joins[min(a, b), max(a, b)] = why

    def mapping(self) -> dict[str, str]:
        found = {}
        for members in self.members.values():
            chosen = min(members, key=self._precedence)
            found.update({id: chosen for id in members if id != chosen})
        return dict(sorted(found.items()))

    def _precedence(self, id: str) -> tuple[object, ...]:
        """Written by hand, then lists of one record an actor, then by name."""
        record = self.records.by_id[id]
        is_open = record.list in self.records.open_lists
        return (not record.by_hand, record.redirect is not None, is_open, record.list, id)


def _parts(
    records: Records, mapping: Mapping[str, str], judged: Mapping[frozenset[str], Judgement]
) -> Iterator[tuple[tuple[str, str], Verdict]]:
    """(part, whole) with why: claims of sources, marked names, judgements; a later one wins."""

    def merged(id: str) -> str:
        return mapping.get(id, id)

    for part, whole, because in [*_marked(records, mapping), *_claimed(records)]:
        if merged(part) != merged(whole):
            yield (merged(part), merged(whole)), Verdict("part_of", (because,))
    for judgement in judged.values():
        if judgement.verdict == "part-of":
            ends = (records.by_key[judgement.a], records.by_key[judgement.b])
            who = judgement.by or "a person"
            why = Verdict("part_of", (f"{who} judged: {judgement.because}",), who)
            yield (merged(ends[0]), merged(ends[1])), why


def _claimed(records: Records) -> Iterator[tuple[str, str, str]]:
    for link in records.links:
        if link.predicate == PART:
            a, b = records.by_id[link.a], records.by_id[link.b]
            who = (link.asserter or "someone").partition(":")[2]
            yield a.id, b.id, f"{who} says that {a.key} ({a.title}) is part of {b.key} ({b.title})"


def _marked(records: Records, mapping: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """`Subgroup: Bluenoroff` among the names of a record: whoever bears that name is its part.

    Where the record is itself what others head by that name, the mark only says that it is one.
    """
    every = list(records.by_id.values())
    headed = {(mapping.get(r.id, r.id), r.heading) for r in every}
    for whole in every:
        for key in sorted(whole.subgroups):
            if (mapping.get(whole.id, whole.id), key) in headed:
                continue
            for record in every:
                bears = key in record.names and records.owner(record, key, HUB)
                if bears and record is not whole and record.kind == whole.kind:
                    yield (
                        record.id,
                        whole.id,
                        f"{whole.key} lists {record.names[key]!r}, a name of {record.key}, "
                        "as a sub-group",
                    )


def _names_of(members: Iterable[Record]) -> dict[str, str]:
    """Every name of an entity by key, aliases and others."""
    return {key: name for r in members for key, name in {**r.other, **r.names}.items()}


def _walk(steps: Mapping[str, list[str]], start: str, end: str) -> list[str] | None:
    """The shortest way from one to the other."""
    back: dict[str, str] = {start: start}
    queue = deque([start])
    while queue:
        here = queue.popleft()
        if here == end:
            chain = [here]
            while chain[-1] != start:
                chain.append(back[chain[-1]])
            return chain[::-1]
        for there in steps.get(here, ()):
            if there not in back:
                back[there] = here
                queue.append(there)
    return None


def claims_of(identity: Identity, ontology: Ontology) -> pl.DataFrame:
    """What was concluded, as claims of the source `identity` (schema `STATEMENTS` and `place`)."""
    emit = Emitter(Source("identity", format="identity"), ontology)
    emit.entity(RULES, "The identity rules of kg")
    for (a, b), why in sorted(identity.joins.items()):
        emit.claim(a, SAME, b, summary="; ".join(why.because), asserter=_judge(emit, why))
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


def _judge(emit: Emitter, why: Verdict) -> str:
    """The asserter of a conclusion: the rules, or the person who judged."""
    if why.by == RULES:
        return RULES
    return emit.entity("person:" + "-".join(why.by.casefold().split()), why.by)
