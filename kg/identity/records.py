"""What each source lists, as identity sees it: one record an entity, its names and its states."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

import polars as pl

from kg.identity import names
from kg.identity.related import related
from kg.ontology import Ontology, publishers

SIMILAR = "MAY_BE_SAME"
SAME = "SAME_AS"
PART = "SUBGROUP_OF"
APART = "DISTINCT_FROM"
UNNAMED = "unnamed"
"""Marks a set that nobody has named ("Receivers in Canada, unnamed"). What it is called tells
what is in it, and two that are called so are two."""
MEMBER = "HAS_MEMBER"
PLACED_IN = ("CONTROLLED_BY", "ATTRIBUTED_TO", "FORMED_BY")
"""Edges that put a group in a state, directly or through an agency."""
BEARING = (*PLACED_IN, SIMILAR, SAME, PART, APART, UNNAMED, MEMBER, "name", "record", "PART_OF",
           "url", "motive")  # fmt: skip
"""The predicates that tell who is who, beside the names that are compared."""


@dataclass
class Record:
    """One entity as one list has it. `key` is the list's own key (`attack:G0032`), else the id."""

    id: str
    kind: str
    list: str
    key: str
    title: str
    by_hand: bool = False
    names: dict[str, str] = field(default_factory=dict)
    """Key of a name that may stand for the entity → the name as written."""
    other: dict[str, str] = field(default_factory=dict)
    """Names that are no aliases (campaigns, units, foreign ids …), by key."""
    states: set[str] = field(default_factory=set)
    reports: set[str] = field(default_factory=set)
    """Addresses of what was written about it, as `names.page` compares them."""
    for_gain: bool = False
    """Whether it is said to act for money: where it comes from is then no state's doing."""
    redirect: str | None = None
    """Id of the record that replaced this one in its own list."""

    @cached_property
    def heading(self) -> str:
        """The key of the name that heads the record."""
        return names.key(self.title)

    @cached_property
    def marked(self) -> bool:
        """Whether its id is its name behind a mark: `group:rows-night-crew` of Night Crew."""
        id = names.key(self.id.partition(":")[2].replace("-", " "))
        return id != self.heading and id.endswith(self.heading)

    @cached_property
    def foreign_ids(self) -> frozenset[str]:
        """Keys of another catalogue that this record carries (`g0032`)."""
        written = self.other.values()
        return frozenset(
            names.key(names.inner(n)) for n in written if names.sort(n) == "foreign_id"
        )

    @cached_property
    def subgroups(self) -> frozenset[str]:
        """Keys of names that this record marks as those of a part."""
        written = self.other.values()
        return frozenset(names.key(names.inner(n)) for n in written if names.sort(n) == "subgroup")

    @cached_property
    def reporters(self) -> frozenset[str]:
        """Organizations that wrote what it rests on, where that can be told."""
        found = (publishers.of_address(f"https://{page}") for page in self.reports)
        return frozenset(who.id for who in found if who and names.called(who.id))

    @cached_property
    def compared_by(self) -> frozenset[tuple[str, str]]:
        """(kind, key) of each name and key by which it meets others."""
        keys = {*self.names, *self.foreign_ids, self.own_key}
        return frozenset((self.kind, key) for key in keys)

    @property
    def own_key(self) -> str:
        """The key as others would cite it: `g0032` of `attack:G0032`."""
        return names.key(self.key.partition(":")[2])


@dataclass(frozen=True)
class Link:
    """A source's own word on two records."""

    predicate: str
    a: str
    b: str
    asserter: str | None
    likelihood: str | None
    claim: str
    day: date | None = None
    """When it was said."""


@dataclass
class Records:
    """All records, and what follows from looking at whole lists."""

    by_id: dict[str, Record]
    links: list[Link]
    coiners: dict[str, str]
    """Key of a name → the organization that coined it, where that is known."""
    users: Mapping[tuple[str, str], set[str]]
    """(list, key of a name) → organizations that the list names for it. Who uses a name need not
    have coined it."""
    publishers: dict[str, str]
    """List → the organization that compiled it."""
    called: Mapping[str, str]
    """Organization → its name."""
    copies: Mapping[str, str]
    """Lists that were copied from others → those others."""
    open_lists: frozenset[str]
    """Lists that make no promise of one record an actor (`_open_lists`)."""
    mentioning: frozenset[str] = frozenset()
    """Lists that name actors as they come, and tell of none how else it is called: who writes
    *Zinc* in one row and *Lazarus Group* in another has not said that these are two."""
    not_yet: frozenset[frozenset[str]] = frozenset()
    """Pairs of ids of which somebody will say that they are one."""

    def and_(self, other: Records) -> Records:
        """These and others, of which none has to do with any of these."""
        return replace(
            self, by_id={**self.by_id, **other.by_id}, links=[*self.links, *other.links],
            coiners={**other.coiners, **self.coiners}, users={**other.users, **self.users},
            publishers={**other.publishers, **self.publishers},
            open_lists=self.open_lists | other.open_lists,
            mentioning=self.mentioning | other.mentioning,
        )  # fmt: skip

    @cached_property
    def by_key(self) -> dict[str, str]:
        """`attack:G0032` → entity id; an entity id stands for itself."""
        return {r.key: r.id for r in self.by_id.values()} | {id: id for id in self.by_id}

    @cached_property
    def voices(self) -> Mapping[str, str]:
        """Key of a name → whose word it is: its coiner's, else that of the only one who uses it."""
        using: defaultdict[str, set[str]] = defaultdict(set)
        for (_, key), who in self.users.items():
            using[key] |= who
        return {k: min(who) for k, who in using.items() if len(who) == 1} | self.coiners

    def who(self, organization: str | None) -> str:
        """The name of an organization, for sentences."""
        if organization is None:
            return "someone"
        return self.called.get(organization) or organization.partition(":")[2] or organization

    def original(self, list: str) -> str:
        """The list of which this one is a copy, else itself."""
        return self.copies.get(list, list)

    def list_name(self, list: str) -> str:
        """The name of a list, for sentences: that of its publisher, and its own key."""
        if list in self.copies:
            return f"a copy of {self.list_name(self.copies[list])}"
        publisher = self.publishers.get(list)
        return f"{self.who(publisher)} ({list})" if publisher else list

    @cached_property
    def bearers(self) -> Mapping[tuple[str, str, str], list[Record]]:
        """(kind, list, key of a name) → the records that bear the name."""
        found: defaultdict[tuple[str, str, str], list[Record]] = defaultdict(list)
        for record in self.by_id.values():
            if record.redirect is None:
                for key in record.names:
                    found[record.kind, record.list, key].append(record)
        return found

    @cached_property
    def named(self) -> Mapping[tuple[str, str], list[Record]]:
        """(kind, key of a name) → the records of all lists that bear it."""
        found: defaultdict[tuple[str, str], list[Record]] = defaultdict(list)
        for (kind, _, key), bearers in self.bearers.items():
            found[kind, key] += bearers
        return found

    @cached_property
    def carriers(self) -> Counter[tuple[str, str]]:
        """(list, key of another catalogue) → how many records carry it."""
        every = self.by_id.values()
        return Counter((record.list, key) for record in every for key in record.foreign_ids)

    @cached_property
    def headings(self) -> Mapping[str, set[str]]:
        """List → the keys of the names that head its records."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for record in self.by_id.values():
            if record.redirect is None:
                found[record.list].add(record.heading)
        return found

    @cached_property
    def renamed(self) -> list[tuple[Record, Record]]:
        """(old, new): `new` lists what heads `old`, in one list, and one coiner made both words."""
        return [
            (old, new)
            for new in self.by_id.values()
            for key in new.names
            for old in self.bearers.get((new.kind, new.list, key), [])
            if old is not new and old.heading == key and self.coiners.get(key) is not None
            and frozenset((old.id, new.id)) not in self.not_yet
            and self.coiners[key] == self.coiners.get(new.heading)
        ]  # fmt: skip

    @cached_property
    def renamings(self) -> frozenset[frozenset[str]]:
        """The same as pairs of ids."""
        return frozenset(frozenset((old.id, new.id)) for old, new in self.renamed)

    def as_of(self, day: date | None, ids: Iterable[str]) -> Records:
        """The same records before somebody said on a later day that two of these are one; only
        these, and what is asked when they are compared. `None` is before any day."""
        wanted = {key for id in ids for key in self.by_id[id].compared_by}
        near = {r.id: r for r in self.by_id.values() if not wanted.isdisjoint(r.compared_by)}
        links = [link for link in self.links if link.a in near and link.b in near]
        later = [
            link for link in links
            if link.predicate == SAME and link.day and (day is None or link.day > day)
        ]  # fmt: skip
        links = [link for link in links if link not in later]
        not_yet = frozenset(frozenset((link.a, link.b)) for link in later)
        found = {id: replace(record, redirect=None) for id, record in near.items()}
        _redirects(found, links)
        return replace(self, by_id=found, links=links, not_yet=not_yet)

    def is_hub(self, record: Record, key: str, hub: int) -> bool:
        """Whether the name spans several records: two of a list that keeps its records apart, or
        `hub` of one that may hold an actor twice."""
        bearers = len(self.bearers.get((record.kind, record.list, key), ()))
        return bearers >= (hub if record.list in self.open_lists else 2)

    def owner(self, record: Record, key: str, hub: int) -> bool:
        """Whether a name that several records of one list bear is this record's.

        It is where it alone bears it; where it alone is headed by it; or where each other bearer
        lists this record's heading among its own names, that is, folds it in. A name that `hub` or
        more records bear is nobody's.
        """
        bearers = self.bearers.get((record.kind, record.list, key), [])
        others = [other for other in bearers if other is not record]
        if not others or record.redirect is not None:
            return True
        if len(bearers) >= hub or any(other.heading == key for other in others):
            return False
        return record.heading == key or all(record.heading in other.names for other in others)


def records(
    live: pl.DataFrame,
    ontology: Ontology,
    kinds: Iterable[str],
    shared: pl.Series | None = None,
    asked: Collection[str] = (),
) -> Records:
    """Read the records of these kinds out of all statements that stand (source ids); with `shared`
    (`sharing`) only those that have anything to do with others, and the ones `asked` for by id or
    key."""
    wanted = set(kinds)
    lists = _lists(live, ontology, wanted)
    publishers, called = _publishers(live, lists), _called(live)
    mentioning = _mentioning(live, lists, ontology)
    if shared is not None:
        ids = related(live, shared, (SIMILAR, SAME, PART, APART), asked)
        organs = pl.col("predicate") == "PART_OF"  # whoever is asked about leads up along them
        live = live.filter(pl.col("subject").is_in(ids.implode()) | organs)
    found = {r.id: r for r in _entities(live, ontology, wanted)}
    own = live.filter(pl.col("subject").is_in(list(found)))
    hedged = _aliases(own, found, ontology)
    links = [link for link in _links(live) if link.a in found and link.b in found]
    _redirects(found, links)
    _gain(own, found)
    _states(live, found, ontology)
    _reports(own, found)
    users = _users(own, found, set(publishers.values()), called)
    for id, key in hedged:
        found[id].names.pop(key, None)
    open_lists = mentioning | _open_lists(found, links)
    coiners = _coiners(found, {
        list: publishers.get(ontology.copies.get(list, list), who)
        for list, who in publishers.items()
    })  # fmt: skip
    return Records(found, links, coiners, users, publishers, called, ontology.copies, open_lists,
                   mentioning)  # fmt: skip


def _open_lists(found: Mapping[str, Record], links: Iterable[Link]) -> frozenset[str]:
    """Lists that may hold an actor twice: they call two of their own records similar, or head two
    by one name and tell them by no keys."""
    alike = {
        found[link.a].list for link in links
        if link.predicate == SIMILAR and found[link.a].list == found[link.b].list
    }  # fmt: skip
    headed = Counter(
        (r.list, r.kind, r.heading) for r in found.values()
        if r.redirect is None and (r.by_hand or r.own_key == r.heading)
    )  # fmt: skip
    return frozenset(alike | {list for (list, _, _), count in headed.items() if count > 1})


def key_of(word: str, declared: pl.DataFrame, ontology: Ontology, kinds: set[str]) -> str | None:
    """The key of the one record of these kinds that a word is the key or the id of; None where that
    takes a look at all records. `declared`: the names and records of whatever has the word."""
    found = [r for r in _entities(declared, ontology, kinds) if word in (r.key, r.id)]
    return found[0].key if len(found) == 1 else None


def _entities(live: pl.DataFrame, ontology: Ontology, kinds: set[str]) -> Iterator[Record]:
    declared = live.filter(pl.col("declared") & pl.col("predicate").is_in(["name", "record"]))
    rows = declared.sort("source", "id").select("subject", "predicate", "value", "source")
    title: dict[str, tuple[str, str]] = {}
    key: dict[str, str] = {}
    for subject, predicate, value, source in rows.iter_rows():
        if predicate == "name":
            title.setdefault(subject, (value, source))
        else:
            key.setdefault(subject, value)
    sets = unnamed(live)
    for id, (name, source) in title.items():
        kind = ontology.kind_of(id)
        if kind in kinds:
            own = key.get(id)
            part = own.partition(":")[0] if own else source
            record = Record(id, kind, part, own or id, name, by_hand=own is None)
            if id not in sets:
                _add(record, name)
            yield record


def unnamed(live: pl.DataFrame) -> set[str]:
    """Ids of the sets that nobody has named."""
    rows = live.filter((pl.col("predicate") == UNNAMED) & (pl.col("value") == "true"))
    return {*rows["subject"]}


def _add(record: Record, name: str) -> None:
    into = record.names if names.sort(name) == names.NAME else record.other
    into.setdefault(names.key(name), name)


def _aliases(
    live: pl.DataFrame, found: Mapping[str, Record], ontology: Ontology
) -> list[tuple[str, str]]:
    """Give the records their names; return (id, key) of those that no claim states outright."""
    compared = pl.col("predicate").is_in(sorted(ontology.compared))
    rows = live.filter(~pl.col("declared") & compared).sort("id")
    columns = ("subject", "predicate", "value", "hedge")
    plain: set[tuple[str, str]] = set()
    hedged: set[tuple[str, str]] = set()
    for subject, predicate, value, hedge in rows.select(*columns).iter_rows():
        if subject in found and value and _is_name(predicate, value):
            written = names.written(predicate, value)
            _add(found[subject], written)
            (hedged if hedge else plain).add((subject, names.key(written)))
    return sorted(hedged - plain)


def _is_name(predicate: str, value: str) -> bool:
    """A key only where it refers to a catalogue of names."""
    return predicate != "foreign_key" or names.sort(value) == "foreign_id"


def _links(live: pl.DataFrame) -> Iterator[Link]:
    rows = live.filter(pl.col("predicate").is_in([SIMILAR, SAME, PART, APART])).sort("id")
    columns = ("predicate", "subject", "object", "asserter", "likelihood", "id", "asserted_from")
    for row in rows.select(columns).iter_rows():
        yield Link(*row)


def _redirects(found: Mapping[str, Record], links: Iterable[Link]) -> None:
    for link in links:
        if link.predicate == SAME and found[link.a].list == found[link.b].list:
            found[link.a].redirect = link.b


def _gain(live: pl.DataFrame, found: Mapping[str, Record]) -> None:
    rows = live.filter((pl.col("predicate") == "motive") & ~pl.col("declared"))
    for subject, motive in rows.select("subject", "value").iter_rows():
        if subject in found and motive and "financial" in motive.casefold():
            found[subject].for_gain = True


def _states(live: pl.DataFrame, found: Mapping[str, Record], ontology: Ontology) -> None:
    """An agency's state is the one it is an organ of; a group's, the one said to be behind it."""
    # Of several the last counts, in an order that does not hang on that of the rows.
    part = live.filter(pl.col("predicate") == "PART_OF").sort("source", "id")
    part = part.select("subject", "object")
    above = dict(part.iter_rows())
    for record in found.values():
        if state := _state_above(record.id, above):
            record.states.add(state)
    rows = live.filter(pl.col("predicate").is_in(PLACED_IN)).select("subject", "object")
    for subject, target in rows.iter_rows():
        state = _state_above(target, above)
        placed = found.get(subject)
        if placed and state and not placed.for_gain and placed.kind not in ontology.events:
            placed.states.add(state)


def _state_above(id: str, above: Mapping[str, str]) -> str | None:
    """The state at the top of a chain of organs."""
    seen: set[str] = set()
    while id in above and not id.startswith("state:") and id not in seen:
        seen.add(id)
        id = above[id]
    return id if id.startswith("state:") else None


def _reports(live: pl.DataFrame, found: Mapping[str, Record]) -> None:
    rows = live.filter((pl.col("predicate") == "url") & pl.col("value").is_not_null())
    for subject, url in rows.select("subject", "value").iter_rows():
        if subject in found:
            found[subject].reports.add(names.page(url))


def _lists(live: pl.DataFrame, ontology: Ontology, kinds: set[str]) -> pl.DataFrame:
    """`subject`, `list`: which list has which entity of these kinds."""
    prefixes = sorted(f"{node.prefix}:" for kind, node in ontology.nodes.items() if kind in kinds)
    ours = pl.col("subject").str.extract("^([^:]*:)").is_in(prefixes)
    declared = live.filter(pl.col("declared") & ours).sort("source", "id")
    named, keyed = (
        declared.filter(pl.col("predicate") == predicate).unique("subject", keep="first")
        for predicate in ("name", "record")
    )
    part = pl.col("key").str.split(":").list.first()
    lists = named.select("subject", "source").join(
        keyed.select("subject", key="value"), on="subject", how="left"
    )
    return lists.select("subject", list=pl.coalesce(part, "source"))


def _publishers(live: pl.DataFrame, lists: pl.DataFrame) -> dict[str, str]:
    """Who compiled a list: the one who asserts the names of most of its records."""
    said = live.filter((pl.col("predicate") == "alias") & pl.col("asserter").is_not_null())
    told = said.select("subject", "asserter").unique().join(lists, on="subject")
    counts = told.group_by("list", "asserter").agg(count=pl.len().cast(pl.Int64))
    most = counts.sort(-pl.col("count"), "asserter").unique(
        "list", keep="first", maintain_order=True
    )
    return dict(most.select("list", "asserter").iter_rows())


def _mentioning(live: pl.DataFrame, lists: pl.DataFrame, ontology: Ontology) -> frozenset[str]:
    """Lists that give nobody another name or key."""
    also = ~pl.col("declared") & pl.col("predicate").is_in(sorted(ontology.compared))
    told = live.filter(also).select("subject").unique().join(lists, on="subject")
    return frozenset(lists["list"]) - frozenset(told["list"])


def _called(live: pl.DataFrame) -> dict[str, str]:
    """Organizations' and agencies' names by id."""
    kinds = pl.col("subject").str.contains("^(?:organization|agency):")
    rows = live.filter(pl.col("declared") & (pl.col("predicate") == "name") & kinds)
    declared = dict(rows.sort("source", "id").select("subject", "value").iter_rows())
    return declared | names.organizations()


def _users(
    live: pl.DataFrame, found: Mapping[str, Record], compilers: set[str], called: Mapping[str, str]
) -> Mapping[tuple[str, str], set[str]]:
    """Whom each list cites for a name, or who says it there beside the list itself. A host that
    nobody is known to own is no organization."""
    rows = live.filter(pl.col("predicate") == "alias").select(
        "subject", "value", "asserter", "cites"
    )
    users: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for subject, name, asserter, cites in rows.unique().iter_rows():
        if subject not in found or not name:
            continue
        using = {_organization(cited) for cited in (cites or "").split("; ") if cited}
        if asserter and asserter not in compilers and not names.is_host(called.get(asserter, "")):
            using.add(asserter)
        if using:
            users[found[subject].list, names.key(name)] |= using
    return users


def _organization(name: str) -> str:
    """What an organization that is cited by name goes by: the id of a publisher, else its name."""
    known = publishers.of_name(name)
    return known.id if known else name


def _coiners(found: Mapping[str, Record], publishers: Mapping[str, str]) -> dict[str, str]:
    """Whose word a name is: a report tells, or its form does in whatever way it is written."""
    coined: dict[str, str | None] = {}
    owned: dict[str, str | None] = {}
    for record in found.values():
        own = publishers.get(record.list, "")
        for key, name in record.names.items():
            who = names.coiner(name)
            coined[key] = who if coined.get(key, who) == who else None
            if common := names.coiner_in(name, own):
                owned[key] = common
    return {key: who for key, who in (coined | owned).items() if who}
