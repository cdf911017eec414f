"""What joins two records, and what it amounts to. The rules are in `docs/identity.md`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations, product

from kg.identity import names
from kg.identity.events import Alike
from kg.identity.records import SAME, SIMILAR, Link, Record, Records

PROOF = "to be one takes a key that both carry, a source that says so, or a person's judgement"
MANY = 3
"""How many others of one name a sentence tells by their keys."""

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
    voices: set[str] = field(default_factory=set)
    """Whose words the shared names are; `unknown` for all of which that is not known."""
    asserted: list[str] = field(default_factory=list)
    """Sentences: a source says that the two are one."""
    similar: list[Link] = field(default_factory=list)
    alike: tuple[str, ...] = ()
    """Sentences: why two events may be one."""

    @property
    def named(self) -> bool:
        """Whether there is more to it than a likeness that somebody sees."""
        return bool(self.asserted or self.shared or self.loose or self.alike)

    @property
    def proves(self) -> bool:
        """Whether it is enough: a source says so, or two organizations' words agree."""
        return bool(self.asserted) or len(self.voices) >= 2

    @property
    def rank(self) -> tuple[object, ...]:
        """Best first: headed alike, then by how many organizations' names agree."""
        headed = self.a.heading == self.b.heading
        heads = self.a.heading in self.b.names or self.b.heading in self.a.names
        return (not self.asserted, not headed, not heads, -len(self.voices), -len(self.shared),
                self.a.key, self.b.key)  # fmt: skip

    def sentences(self, records: Records) -> list[str]:
        """Why, for people: what a source says, then each name with whose it is."""
        both = f"{self.a.key} and {self.b.key}"
        said = list(self.asserted)
        titled = self.a.heading == self.b.heading and bool(said)  # the first of these tells it
        said += [
            f"{self._names(key)}{_whose(key, records)}"
            for key in sorted(self.shared) if not (titled and key == self.a.heading)
        ]  # fmt: skip
        said += [
            f"{self._names(key)}{self._also(key, records)}"
            for key in sorted(self.loose) if not (titled and key == self.a.heading)
        ]  # fmt: skip
        for link in self.similar:
            how = f" ({link.likelihood})" if link.likelihood else ""
            said.append(f"{records.who(link.asserter)} calls {both} similar{how}")
        return list(dict.fromkeys((*said, *self.alike)))

    def _names(self, key: str) -> str:
        """Who has the name, and as what."""
        heads = [record for record in (self.a, self.b) if record.heading == key]
        if len(heads) == 1:
            other = self.b if heads[0] is self.a else self.a
            return f"{other.key} lists {other.names[key]!r}, the main name of {heads[0].key}"
        how = "have the main name" if heads else "both list"
        return f"{self.a.key} and {self.b.key} {how} {self.a.names[key]!r}"

    def _also(self, key: str, records: Records) -> str:
        others = [other.key for other in self.beside(key, records)]
        more = f" and {len(others) - MANY} others" if len(others) > MANY else ""
        shown = ", ".join(others[:MANY])
        return f", but so does {shown}{more}" if others else ""

    def beside(self, key: str, records: Records) -> list[Record]:
        """Who else bears a name, in the lists of the two."""
        ends = {self.a.id, self.b.id}
        lists = dict.fromkeys((record.kind, record.list) for record in (self.a, self.b))
        return [
            other for kind, list in lists for other in records.bearers.get((kind, list, key), ())
            if other.id not in ends
        ]  # fmt: skip

    def settled(self, records: Records, of: Mapping[str, str]) -> bool:
        """Whether names that seemed to span several speak for it after all, and it now proves:
        all others that bear them have become one with an end of it. They then count as shared."""
        ends = {of[self.a.id], of[self.b.id]}
        freed = [
            key for key in self.loose
            if self.a.list != self.b.list
            and {of[other.id] for other in self.beside(key, records)} <= ends
        ]  # fmt: skip
        self.loose = [key for key in self.loose if key not in freed]
        self.shared += freed
        self.voices |= {records.voices.get(key, "unknown") for key in freed}
        return bool(freed) and self.proves

    def lacks(self, records: Records) -> str:
        """Why it is not enough."""
        if self.alike:
            return f"left open: two events can have that in common; {PROOF}"
        if not self.named:
            return "left open: nobody says that they are one, and they have no name in common"
        heads = {self.a.heading, self.b.heading} & {*self.shared, *self.loose}
        if self.a.heading != self.b.heading and len(heads) == 1:
            lister = self.a if self.b.heading in heads else self.b
            return f"left open: only one list says so, {records.list_name(lister.list)}"
        return "left open: names of two organizations would have to agree, or a source say so"


def _whose(key: str, records: Records) -> str:
    """Whose name it is, where that is known; else who is known to use it."""
    coiner, user = records.coiners.get(key), records.voices.get(key)
    if coiner:
        return f" ({records.who(coiner)}'s name)"
    return f" (used by {records.who(user)})" if user else ""


def gather(
    records: Records, events: Mapping[tuple[str, str], Alike] | None = None
) -> dict[tuple[str, str], Evidence]:
    """Evidence by pair of entity ids (ordered). Pairs that share nothing that counts are absent.
    `events`: the pairs that may be one, where the records are of events."""
    found: dict[tuple[str, str], Evidence] = {}
    for a, b, key in _pairs_by_name(records) if events is None else ():  # no event by its title
        _weigh_name(_at(found, a, b), records, key)
    for old, new in records.renamed:
        if old.heading == new.heading and old.id > new.id:
            continue  # each lists the other's name: once is enough
        who = records.who(records.coiners[old.heading])
        _at(found, old, new).asserted.append(
            f"{_one_title(old, new)}, which {who} gives to one actor only"
            if old.heading == new.heading
            else f"{new.key} lists {old.title!r}, the main name of {old.key}; both names are "
            f"{who}'s: it renamed the actor"
        )
    for link in records.links:
        a, b = records.by_id[link.a], records.by_id[link.b]
        if a.kind != b.kind or a is b:
            continue
        if link.predicate == SAME:
            who = records.who(link.asserter)
            _at(found, a, b).asserted.append(f"{who} says that {a.key} is {b.key}")
        elif link.predicate == SIMILAR:
            _at(found, a, b).similar.append(link)
    _weigh_events(found, records, events or {})
    for evidence in found.values():
        _weigh_whole(evidence, records)
    return {pair: e for pair, e in found.items() if e.named or e.similar}


def _weigh_events(
    found: dict[tuple[str, str], Evidence],
    records: Records,
    events: Mapping[tuple[str, str], Alike],
) -> None:
    for (one, other), why in events.items():
        if one in records.by_id and other in records.by_id:
            evidence = _at(found, records.by_id[one], records.by_id[other])
            evidence.alike = why.because
            if why.key:
                evidence.asserted.append(f"both carry the key {why.key}")


def _at(found: dict[tuple[str, str], Evidence], a: Record, b: Record) -> Evidence:
    first, second = (a, b) if a.id < b.id else (b, a)
    return found.setdefault((first.id, second.id), Evidence(first, second))


def _pairs_by_name(records: Records) -> Iterator[tuple[Record, Record, str]]:
    """Blocking: only records of one kind that bear a name or a key in common meet. Of one list
    they meet where one is headed by what the other bears."""
    for key, by_list in _blocks(records).items():
        for one, other in combinations(by_list.values(), 2):
            yield from ((a, b, key[1]) for a, b in product(one, other))
        for own in by_list.values():
            for a, b in combinations(own, 2):
                if key[1] in (a.heading, b.heading):
                    yield a, b, key[1]


def _blocks(records: Records) -> dict[tuple[str, str], dict[str, list[Record]]]:
    """(kind, key of a name or of a record) → list → the records that bear it."""
    blocks: defaultdict[tuple[str, str], dict[str, list[Record]]] = defaultdict(dict)
    for record in records.by_id.values():
        for block in record.compared_by:
            blocks[block].setdefault(record.list, []).append(record)
    return blocks


def _weigh_name(evidence: Evidence, records: Records, key: str) -> None:
    a, b = evidence.a, evidence.b
    if key not in a.names or key not in b.names:
        return
    if a.list != b.list and records.owner(a, key, HUB) and records.owner(b, key, HUB):
        evidence.shared.append(key)
        evidence.voices.add(records.voices.get(key, "unknown"))
    elif a.list == b.list or not (records.is_hub(a, key, HUB) or records.is_hub(b, key, HUB)):
        evidence.loose.append(key)


def _weigh_whole(evidence: Evidence, records: Records) -> None:
    a, b = evidence.a, evidence.b
    evidence.asserted += filter(None, (rule(evidence, records) for rule in RULES))
    for one, other in ((a, b), (b, a)):
        told = bool(evidence.shared or evidence.loose or one.reports & other.reports)
        if told and _refers_by_id(one, other, records):
            evidence.asserted.append(
                f"{one.key} gives {other.key} as this actor's key in the other list"
            )
        elif _refers_by_name(one, other, evidence, records):
            owner = records.who(records.publishers[other.list])
            evidence.asserted.append(
                f"{one.key} lists {other.title!r}, the name that {owner} itself gives to "
                f"{other.key} and to no other"
            )
        elif _is_given_by_coiner(one, other, evidence, records):
            owner = records.who(records.coiners[one.heading])
            evidence.asserted.append(
                f"{one.title!r}, the main name of {one.key}, is {owner}'s own name, and "
                f"{records.list_name(other.list)} gives it to {other.key} and to no other"
            )
        elif _names_its_own(one, other, evidence, records):
            owner = records.who(records.publishers[one.list])
            coiner = records.who(records.coiners[other.heading])
            evidence.asserted.append(
                f"{owner} itself lists {other.title!r}, {coiner}'s name and the main name of "
                f"{other.key}, for its own {one.title!r} and for no other"
            )


def _organs(evidence: Evidence, records: Records) -> str | None:
    a, b = evidence.a, evidence.b
    if a.kind != "Agency" or not evidence.shared or not a.states or a.states != b.states:
        return None
    states = ", ".join(sorted(state.partition(":")[2] for state in a.states))
    return f"{a.key} and {b.key} are organs of {states} with one full name"


def _one_report(evidence: Evidence, records: Records) -> str | None:
    """One main name, or each the other's, and one report that both cite."""
    a, b = evidence.a, evidence.b
    reports = a.reports & b.reports
    if not reports:
        return None
    if a.heading == b.heading and a.heading in evidence.shared:
        return f"{_one_title(a, b)}, and both cite {min(reports)}"
    if {a.heading, b.heading} <= set(evidence.shared):
        return (
            f"{a.key} and {b.key} each list the other's main name ({a.title!r}, {b.title!r}), "
            f"and both cite {min(reports)}"
        )
    return None


def _one_coiner(evidence: Evidence, records: Records) -> str | None:
    """One main name whose coiner is known: its key for one actor, as a number of a series is."""
    a, b = evidence.a, evidence.b
    coiner = records.coiners.get(a.heading)
    if a.heading != b.heading or a.heading not in evidence.shared or coiner is None:
        return None
    return f"{_one_title(a, b)}, which {records.who(coiner)} gives to one actor only"


def _one_reporter(evidence: Evidence, records: Records) -> str | None:
    """One main name that both take from the same organization, whichever report they cite."""
    a, b = evidence.a, evidence.b
    if a.heading != b.heading or a.heading not in evidence.shared or a.reports & b.reports:
        return None
    compilers = set(records.publishers.values())
    behind = [
        record.reporters | records.users.get((record.list, record.heading), set())
        for record in (a, b)
    ]
    shared = (behind[0] & behind[1]) - compilers
    if not shared:
        return None
    return f"{_one_title(a, b)}, and both take it from {records.who(min(shared))}"


def _one_title(a: Record, b: Record) -> str:
    return f"{a.key} and {b.key} have one main name, {a.title!r}"


def _copied(evidence: Evidence, records: Records) -> str | None:
    """A record beside its copy: one main name in a list and the copy of that list."""
    for a, b in ((evidence.a, evidence.b), (evidence.b, evidence.a)):
        if records.copies.get(a.list) == b.list and a.heading == b.heading:
            return f"{a.key} is a copy of {b.key}, under the same main name"
    return None


RULES = (_organs, _copied, _one_report, _one_coiner, _one_reporter)
"""Each gives a sentence where a source, in what it holds of two records, says that they are one."""


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


def _names_its_own(one: Record, other: Record, evidence: Evidence, records: Records) -> bool:
    """`one` is an actor that its list's own publisher has named, which says there what another
    calls it: by a name that a known coiner gave to one actor. No other bears that name but whoever
    is headed by it, and nobody else in the other list bears any name of `one`."""
    key, publisher = other.heading, records.publishers.get(one.list)
    if publisher is None or records.coiners.get(one.heading) != publisher:
        return False
    if key not in evidence.shared or names.provisional(other.title):
        return False
    if records.coiners.get(key) in (None, publisher):
        return False
    bearers = records.named.get((one.kind, key), ())
    there = {
        bearer.id for name in one.names
        for bearer in records.bearers.get((one.kind, other.list, name), ())
    }  # fmt: skip
    return there == {other.id} and all(r.heading in (one.heading, key) for r in bearers)


def _is_given_by_coiner(one: Record, other: Record, evidence: Evidence, records: Records) -> bool:
    """`one` is headed by a word that the publisher of the other's list, or of what that list is a
    copy of, coined, and which it gives to the other alone: it calls this actor otherwise now."""
    coiner = records.coiners.get(one.heading)
    if coiner is None or one.heading == other.heading or one.heading not in evidence.shared:
        return False
    return coiner == records.publishers.get(records.original(other.list))
