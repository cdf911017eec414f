"""What joins two records, and what it amounts to. The rules are in `docs/identity.md`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations, product

from kg.identity import names
from kg.identity.records import SAME, SIMILAR, Link, Record, Records

HUB = 3
"""So many records of one list make a shared name a hub: see `docs/decisions/identity-hubs.md`."""


@dataclass
class Evidence:
    """What speaks for two records being one."""

    a: Record
    b: Record
    shared: list[str] = field(default_factory=list)
    """Keys of names that are each record's own in its list."""
    loose: list[str] = field(default_factory=list)
    """Keys of names both bear that are not one record's own in its list, and no hub."""
    coiners: set[str] = field(default_factory=set)
    asserted: list[str] = field(default_factory=list)
    """Sentences: a source says that the two are one."""
    similar: list[Link] = field(default_factory=list)

    @property
    def named(self) -> bool:
        """Whether there is more to it than a likeness that somebody sees."""
        return bool(self.asserted or self.shared or self.loose)

    @property
    def proves(self) -> bool:
        """Whether it is enough: a source says so, or two coiners' words agree."""
        return bool(self.asserted) or len(self.coiners) >= 2

    @property
    def rank(self) -> tuple[object, ...]:
        """Best first: headed alike, then by how many coiners and names agree."""
        headed = self.a.heading == self.b.heading
        heads = self.a.heading in self.b.names or self.b.heading in self.a.names
        return (not self.asserted, not headed, not heads, -len(self.coiners), -len(self.shared),
                self.a.key, self.b.key)  # fmt: skip

    def sentences(self, records: Records) -> list[str]:
        """Why, for people: each name with who coined it and which lists bear it."""
        said = list(self.asserted)
        for key in sorted(self.shared):
            coiner = records.coiners.get(key)
            whose = f", {_short(coiner)}'s word" if coiner else ", coiner not known"
            said.append(f"{self.a.key} and {self.b.key} both bear {self.a.names[key]!r}{whose}")
        said += [
            f"{self.a.key} and {self.b.key} both bear {self.a.names[key]!r}, which is not one "
            "record's own"
            for key in sorted(self.loose)
        ]
        for link in self.similar:
            how = f" ({link.likelihood})" if link.likelihood else ""
            said.append(f"{_short(link.asserter)} calls {self.a.key} and {self.b.key} similar{how}")
        return list(dict.fromkeys(said))


def _short(organization: str | None) -> str:
    return (organization or "someone").partition(":")[2] or "someone"


def gather(records: Records) -> dict[tuple[str, str], Evidence]:
    """Evidence by pair of entity ids (ordered). Pairs that share nothing that counts are absent."""
    found: dict[tuple[str, str], Evidence] = {}
    for a, b, key in _pairs_by_name(records):
        _weigh_name(_at(found, a, b), records, key)
    for old, new in records.renamed:
        who = _short(records.coiners[old.heading])
        _at(found, old, new).asserted.append(
            f"{new.key} lists {old.title!r}, which heads {old.key}; both are {who}'s words: renamed"
        )
    for link in records.links:
        a, b = records.by_id[link.a], records.by_id[link.b]
        if a.kind != b.kind or a is b:
            continue
        if link.predicate == SAME:
            who = _short(link.asserter)
            _at(found, a, b).asserted.append(f"{who} says that {a.key} is {b.key}")
        elif link.predicate == SIMILAR:
            _at(found, a, b).similar.append(link)
    for evidence in found.values():
        _weigh_whole(evidence, records)
    return {pair: e for pair, e in found.items() if e.shared or e.loose or e.asserted or e.similar}


def _at(found: dict[tuple[str, str], Evidence], a: Record, b: Record) -> Evidence:
    first, second = (a, b) if a.id < b.id else (b, a)
    return found.setdefault((first.id, second.id), Evidence(first, second))


def _pairs_by_name(records: Records) -> Iterator[tuple[Record, Record, str]]:
    """Blocking: only records of one kind that bear a name or a key in common meet. Of one list
    they meet where it may hold an actor twice and one is headed by what the other bears."""
    for key, by_list in _blocks(records).items():
        for one, other in combinations(by_list.values(), 2):
            yield from ((a, b, key[1]) for a, b in product(one, other))
        for name in by_list.keys() & records.open_lists:
            for a, b in combinations(by_list[name], 2):
                if key[1] in (a.heading, b.heading):
                    yield a, b, key[1]


def _blocks(records: Records) -> dict[tuple[str, str], dict[str, list[Record]]]:
    """(kind, key of a name or of a record) → list → the records that bear it."""
    blocks: defaultdict[tuple[str, str], dict[str, list[Record]]] = defaultdict(dict)
    for record in records.by_id.values():
        for key in {*record.names, *record.foreign_ids, record.own_key}:
            blocks[record.kind, key].setdefault(record.list, []).append(record)
    return blocks


def _weigh_name(evidence: Evidence, records: Records, key: str) -> None:
    a, b = evidence.a, evidence.b
    if key not in a.names or key not in b.names:
        return
    if a.list != b.list and records.owner(a, key, HUB) and records.owner(b, key, HUB):
        evidence.shared.append(key)
        evidence.coiners.add(records.coiners.get(key) or "unknown")
    elif not records.is_hub(a, key, HUB) and not records.is_hub(b, key, HUB):
        evidence.loose.append(key)


def _weigh_whole(evidence: Evidence, records: Records) -> None:
    a, b = evidence.a, evidence.b
    if a.kind == "Agency" and evidence.shared and a.states and a.states == b.states:
        states = ", ".join(sorted(state.partition(":")[2] for state in a.states))
        evidence.asserted.append(f"{a.key} and {b.key} are organs of {states} by one full name")
    if a.heading == b.heading and a.heading in evidence.shared:
        alike = f"{a.key} and {b.key} are headed alike"
        if a.reports & b.reports:
            evidence.asserted.append(f"{alike}, and both rest on {min(a.reports & b.reports)}")
        if names.serial(a.title) and names.serial(b.title):
            coiner = _short(records.coiners[a.heading])
            evidence.asserted.append(f"{alike}, by a number of {coiner}'s own series")
    for one, other in ((evidence.a, evidence.b), (evidence.b, evidence.a)):
        if _refers_by_id(one, other, records) and (evidence.shared or evidence.loose):
            evidence.asserted.append(f"{one.key} carries the key {other.key}")
        elif _refers_by_name(one, other, evidence, records):
            coiner = _short(records.publishers[other.list])
            evidence.asserted.append(
                f"{one.key} bears {other.title!r}, {coiner}'s own word for {other.key} alone"
            )


def _refers_by_id(one: Record, other: Record, records: Records) -> bool:
    """`one` carries the other's key; where it carries several, only one it is also headed by."""
    if other.own_key not in one.foreign_ids or one.list == other.list:
        return False
    if one.heading == other.heading:
        return True
    return len(one.foreign_ids) == 1 and records.carriers[one.list, other.own_key] == 1


def _refers_by_name(one: Record, other: Record, evidence: Evidence, records: Records) -> bool:
    """`one` bears the word that the other's publisher coined for it, and no other such word."""
    publisher = records.publishers.get(other.list)
    coiner = records.coiners.get(other.heading)
    if publisher is None or coiner != publisher or other.heading not in evidence.shared:
        return False
    if one.heading == other.heading:
        return True
    return records.headings[other.list] & one.names.keys() == {other.heading}
