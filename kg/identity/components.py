"""Which records have become one: components that grow by what joins two records."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

from kg.base.errors import UsageError, an
from kg.identity.apart import conflict, keeps_apart
from kg.identity.judgements import Judgement
from kg.identity.records import APART, PART, Records
from kg.identity.verdicts import Verdict
from kg.ontology import Ontology


class Components:
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
        """Whether nothing forbids that these two records become one."""
        one, other = self.members[self.of[a]], self.members[self.of[b]]
        if self.of[a] == self.of[b]:
            return False
        if any(frozenset(pair) in self.forbidden for pair in product(one, other)):
            return False
        left = [self.records.by_id[id] for id in one]
        right = [self.records.by_id[id] for id in other]
        return not conflict(left, right) and not keeps_apart(left, right, self.records)

    def join(self, a: str, b: str, why: Verdict) -> None:
        """Make one of what the two have become."""
        keep, drop = self.of[a], self.of[b]
        if keep == drop:
            return
        for id in self.members[drop]:
            self.of[id] = keep
        self.members[keep] += self.members.pop(drop)
        self.joins[min(a, b), max(a, b)] = why

    def mapping(self) -> dict[str, str]:
        """Source id → id of the entity it became; ids that stay themselves are absent."""
        found = {}
        for members in self.members.values():
            chosen = min(members, key=self._precedence)
            found.update({id: chosen for id in members if id != chosen})
        return dict(sorted(found.items()))

    def _precedence(self, id: str) -> tuple[object, ...]:
        """Written by hand, then lists of one record an actor, then by name; last what a list only
        mentions, under an id with a mark of its own."""
        record = self.records.by_id[id]
        only_mentioned = record.list in self.records.mentioning and record.marked
        is_open = record.list in self.records.open_lists
        return (only_mentioned, not record.by_hand, record.by_hand and record.marked,
                record.redirect is not None, is_open, record.list, id)  # fmt: skip


def can_be_judged(
    judged: Mapping[frozenset[str], Judgement], records: Records, ontology: Ontology
) -> None:
    """Raises `UsageError` where two of different kinds are judged to be more than distinct, and
    where one of a kind that has no parts is judged to be part of another."""
    for pair, judgement in sorted(judged.items(), key=lambda item: sorted(item[0])):
        a, b = (records.by_id[id] for id in sorted(pair))
        if judgement.verdict != "distinct" and a.kind != b.kind:
            raise UsageError(
                f"{a.key} is {an(a.kind)} and {b.key} {an(b.kind)}: "
                "they can only be judged distinct"
            )
        if judgement.verdict == "part-of" and a.kind not in ontology.edges[PART].sources:
            raise UsageError(
                f"{judgement.a} and {judgement.b}: {an(a.kind)} is never part of another; "
                "they can be judged the same or distinct"
            )


def obey(judged: Mapping[frozenset[str], Judgement], components: Components) -> None:
    """What people say is the same is, whatever the rules say."""
    by_id = components.records.by_id
    for pair, judgement in sorted(judged.items(), key=lambda item: sorted(item[0])):
        a, b = (by_id[id] for id in sorted(pair))
        if judgement.verdict == "same":
            who = judgement.by or "a person"
            why = Verdict("same", (f"{who} judged: {judgement.because}",), who)
            components.join(a.id, b.id, why)
    for pair, judgement in judged.items():
        if judgement.verdict != "same" and len({components.of[id] for id in pair}) == 1:
            raise UsageError(
                f"{judgement.a} and {judgement.b} were judged {judgement.verdict}, and other "
                "judgements make them the same; withdraw one of them"
            )
