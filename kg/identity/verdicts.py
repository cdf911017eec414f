"""How two records relate, why, and on whose word: the outcome, to be asked."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import pairwise, product

from kg.base.errors import UsageError, an, offering
from kg.identity import names
from kg.identity.apart import apart, conflict, keeps_apart
from kg.identity.evidence import Evidence
from kg.identity.judgements import Judgement
from kg.identity.records import Record, Records

RULES = "organization:kg-rules"
"""Who asserts what the rules conclude."""


Step = tuple[date | None, str]
"""From when an id stands for which entity; from the first on where there is no day."""

DISAGREE = "left open, because sources disagree"


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
    earlier: dict[str, list[Step]] = field(default_factory=dict)
    """By id, what it stood for from when, where a dated claim made it what it is."""

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
        apart = None if self._folds(a, b) else self._apart(a, b, [a], [b])
        return (apart or self._homonym(one, other) or self._candidate(a, b)
                or self._apart(a, b, self.members(one), self.members(other))
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

    def _folds(self, a: Record, b: Record) -> bool:
        """Whether the list that has both lists the main name of one under the other, too."""
        return a.list == b.list and (a.heading in b.names or b.heading in a.names)

    def _apart(
        self, a: Record, b: Record, one: Sequence[Record], other: Sequence[Record]
    ) -> Verdict | None:
        """A list that promises one record an actor holds both."""
        kept = keeps_apart(one, other, self.records)
        ends = self.merged(a.id), self.merged(b.id)
        said = [*apart(kept, self.records, (a, b)), *self._common(*ends), *self._beside(*ends)]
        return Verdict("distinct", tuple(said)) if kept else None

    def _homonym(self, one: str, other: str) -> Verdict | None:
        """Two states, and no more than one organization's word in common."""
        states = conflict(self.members(one), self.members(other))
        strong = any(len(e.voices) > 1 for e in self._between(one, other))
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
        kept = keeps_apart(*sides, self.records)
        if kept and not any(e.named for e in self._between(*ends)):
            return None
        against = [*apart(kept, self.records, (a, b)), *filter(None, [conflict(*sides)])]
        left_open = DISAGREE if against else found.lacks(self.records)
        return Verdict("unsure", (*found.sentences(self.records), *against, left_open))

    def _open(self, a: Record, b: Record, one: str, other: str) -> Verdict:
        because = self._common(one, other)
        if states := conflict(self.members(one), self.members(other)):
            because.append(states)
        if because:
            left_open = (
                f"left open: it was said of records that count as {a.key} or {b.key} here, and is "
                "not enough to make these two one"
            )
            return Verdict("unsure", (*because, left_open))
        nothing = f"no source gives {a.key} and {b.key} a name in common, or says that they are one"
        return Verdict("distinct", (nothing, *self._beside(one, other)))

    def _common(self, one: str, other: str) -> list[str]:
        found = sorted(self._between(one, other), key=lambda e: e.rank)
        found = [e for e in found if not {e.a.list, e.b.list} & self.records.copies.keys()] or found
        return [said for e in found for said in e.sentences(self.records)]

    def _beside(self, one: str, other: str) -> Iterator[str]:
        """Names on both sides that join nothing, with the reason."""
        sides = [{k: n for r in self.members(end) for k, n in r.other.items()}
                 for end in (one, other)]  # fmt: skip
        for key in sorted(sides[0].keys() & sides[1].keys()):
            name = sides[0][key]
            yield f"both have {name!r}, which does not tell who is who: {names.why(name)}"

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
