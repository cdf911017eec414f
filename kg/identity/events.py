"""Events that two sources record: candidates by kind, ends, imposing body and overlapping days.

A title proves nothing and is not looked at. What joins two of them is a key that both carry, a
source that says so, or a person's judgement.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations

import polars as pl

from kg.identity import names
from kg.ontology import Ontology

EVENTS = ("Incident", "Sanction", "Meeting", "Travel")
ENDS = {"TARGETED": "target", "ATTRIBUTED_TO": "actor", "DESIGNATES": "designated",
        "PARTICIPATED_IN": "participant", "IMPOSED_BY": "body"}  # fmt: skip
"""Predicate → what the other end is to the event."""
WHEN = ("occurred", "listed", "disclosed")
TELLING = (*ENDS, *WHEN, "codes")
"""The predicates that tell events apart or bring them together."""

LAG = timedelta(days=365)
"""How long after it happened an incident is looked for whose day of disclosure alone is known."""
MONTH = timedelta(days=31)

Pair = tuple[str, str]


@dataclass
class Event:
    """One event, as its sources have it."""

    id: str
    kind: str
    sources: set[str] = field(default_factory=set)
    first: date | None = None
    last: date | None = None
    known: date | None = None
    """When it became known, where nobody says when it happened."""
    ends: dict[str, dict[str, str]] = field(default_factory=dict)
    """What an end is to it → the end, as it is compared → the end as it is called."""
    codes: set[str] = field(default_factory=set)

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day on which it may have happened."""
        if self.first and self.last:
            return self.first, self.last
        return (self.known - LAG, self.known) if self.known else None

    def shared(self, other: Event, what: str) -> list[str]:
        """The ends that both have, as they are called."""
        mine, theirs = self.ends.get(what, {}), other.ends.get(what, {})
        return sorted({mine[key] for key in mine.keys() & theirs.keys()})


@dataclass(frozen=True)
class Alike:
    """Why two events may be one, and whether that is proof."""

    because: tuple[str, ...]
    key: str | None = None
    """A key that both carry."""


def alike(
    statements: pl.DataFrame, mapping: Mapping[str, str], ontology: Ontology
) -> dict[Pair, Alike]:
    """Pairs of events of different sources (ids in order) that may be one. `mapping`: what the ids
    of groups, agencies, people and organizations became."""
    events = _events(statements, mapping, ontology)
    found = {}
    for a, b in _meeting(events):
        keys = sorted(a.codes & b.codes)
        because = tuple(_reasons(a, b))
        if keys or because:
            said = (*(f"both carry the key {key}" for key in keys[:1]), *because)
            found[a.id, b.id] = Alike(said, keys[0] if keys else None)
    return found


def telling(statements: pl.DataFrame) -> pl.DataFrame:
    """What `alike` looks at: few rows, and few of their columns."""
    wanted = pl.col("predicate").is_in([*TELLING, "name", "PART_OF"])
    columns = ("id", "source", "declared", "subject", "predicate", "object", "value", "negative",
               "valid_from", "valid_to", "status", "retracts")  # fmt: skip
    rows = statements.lazy().filter(wanted | pl.col("retracts").is_not_null())
    return rows.select(columns).collect()


def is_event(end: str, ontology: Ontology) -> pl.Expr:
    """Whether a column holds the id of an event."""
    prefixes = [ontology.nodes[kind].prefix for kind in EVENTS if kind in ontology.nodes]
    return pl.col(end).str.contains(f"^(?:{'|'.join(prefixes)}):").fill_null(False)


def _events(
    statements: pl.DataFrame, mapping: Mapping[str, str], ontology: Ontology
) -> dict[str, Event]:
    """The events that have an end, or a key, in common with one of another source."""
    ends, named = _ends(statements, mapping, ontology), _named_events(statements, ontology)
    codes = statements.filter((pl.col("predicate") == "codes") & is_event("subject", ontology))
    marks = pl.concat(
        [
            ends.filter(pl.col("what") != "body").select(
                "event", mark=pl.concat_str("what", "key")
            ),
            codes.select(event="subject", mark="value"),
        ]
    )
    kind = pl.col("event").str.extract("^([^:]*)")
    shared = marks.join(named, on="event").filter(
        pl.col("source").n_unique().over(kind, "mark") > 1
    )["event"]  # fmt: skip
    found: dict[str, Event] = {}
    for id, source in named.filter(pl.col("event").is_in(shared.implode())).sort(pl.all()).rows():
        event = found.setdefault(id, Event(id, str(ontology.kind_of(id))))
        event.sources.add(source)
    for id, what, key, name in ends.select("event", "what", "key", "name").iter_rows():
        if id in found:
            found[id].ends.setdefault(what, {})[key] = name
    for id, code in codes.select("subject", "value").iter_rows():
        if id in found and code:
            found[id].codes.add(code)
    _when(statements, found)
    return found


def _named_events(statements: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """`event`, `source`: which source has which."""
    declared = statements.filter(pl.col("declared") & (pl.col("predicate") == "name"))
    events = declared.filter(is_event("subject", ontology))
    return events.select(event="subject", source="source").unique()


def _when(statements: pl.DataFrame, found: Mapping[str, Event]) -> None:
    """The days of each event: the span of all that is said of when it was."""
    ours = pl.col("predicate").is_in(WHEN) & pl.col("subject").is_in(list(found))
    said = statements.filter(ours).group_by("subject", "predicate").agg(
        pl.col("valid_from").min(), pl.col("valid_to").max()
    )  # fmt: skip
    for id, predicate, first, last in said.sort("subject", "predicate").iter_rows():
        if predicate == "disclosed":
            found[id].known = last
        elif found[id].first is None:
            found[id].first, found[id].last = first, last


def _ends(statements: pl.DataFrame, mapping: Mapping[str, str], ontology: Ontology) -> pl.DataFrame:
    """`event`, `what` an end is to it, the `key` by which it is compared, its `name`."""
    said = statements.filter(pl.col("predicate").is_in(list(ENDS)) & ~pl.col("declared"))
    turned = pl.col("predicate") == "PARTICIPATED_IN"
    rows = said.select(
        what=pl.col("predicate").replace_strict(ENDS, return_dtype=pl.String),
        event=pl.when(turned).then("object").otherwise("subject"),
        end=pl.when(turned).then("subject").otherwise("object"),
    ).drop_nulls().filter(is_event("event", ontology)).unique()  # fmt: skip
    compared = _Ends(statements, mapping, rows["end"])
    told = [
        (what, end, *(compared.body(end) if what == "body" else compared.of(end)))
        for what, end in rows.select("what", "end").unique().iter_rows()
    ]
    schema = dict.fromkeys(("what", "end", "key", "name"), pl.String)
    keyed = pl.DataFrame(told, schema=schema, orient="row")
    return rows.join(keyed, on=("what", "end")).sort("event", "what", "key", "name")


class _Ends:
    """What ends are compared by: what an id became, and for what became nothing its full name."""

    def __init__(
        self, statements: pl.DataFrame, mapping: Mapping[str, str], ends: pl.Series
    ) -> None:
        declared = statements.filter(pl.col("declared"))
        part = declared.filter(pl.col("predicate") == "PART_OF").sort("source", "id")
        self.above = dict(part.select("subject", "object").iter_rows())
        self.mapping = mapping
        wanted = {*ends, *(mapping.get(end, end) for end in ends), *self.above.values()}
        ours = (pl.col("predicate") == "name") & pl.col("subject").is_in(list(wanted))
        named = declared.filter(ours).sort("source", "id", descending=True)
        self.names: dict[str, str] = dict(named.select("subject", "value").iter_rows())

    def of(self, id: str) -> tuple[str, str]:
        """How an end is compared, and what it is called."""
        one = self.mapping.get(id, id)
        name = self.names.get(one) or self.names.get(id) or id
        prefix = one.partition(":")[0]
        return (one if prefix in ("state", "region") else f"{prefix}:{names.key(name)}"), name

    def body(self, id: str) -> tuple[str, str]:
        """The body at the top of those that it is part of, below the state."""
        seen = {id}
        while (up := self.above.get(id, "")) and not up.startswith("state:") and up not in seen:
            seen.add(up)
            id = up
        return self.of(id)


def _meeting(events: Mapping[str, Event]) -> Iterator[tuple[Event, Event]]:
    """Blocking: events of one kind and of different sources that have an end in common, in a month
    in which both may have been; undated ones by the end alone; and whatever shares a key."""
    blocks: dict[tuple[object, ...], list[Event]] = {}
    for event in events.values():
        for block in {*_blocks(event), *((event.kind, code) for code in event.codes)}:
            blocks.setdefault(block, []).append(event)
    met: set[Pair] = set()
    for together in blocks.values():
        for a, b in combinations(sorted(together, key=lambda event: event.id), 2):
            if (a.id, b.id) not in met and not a.sources & b.sources:
                met.add((a.id, b.id))
                yield a, b


def _blocks(event: Event) -> Iterator[tuple[object, ...]]:
    months: list[object] = [None]
    if event.span and event.kind != "Sanction":
        months = list(_months(*event.span))
    for what, ends in event.ends.items():
        if what != "body":
            yield from ((event.kind, what, key, month) for key in ends for month in months)


def _months(first: date, last: date) -> Iterator[tuple[int, int]]:
    """The months of a span; of a long one none: years of activity are no event to be told by."""
    if last - first > LAG:
        return
    month = (first.year, first.month)
    while month <= (last.year, last.month):
        yield month
        month = (month[0], month[1] + 1) if month[1] < 12 else (month[0] + 1, 1)


def _reasons(a: Event, b: Event) -> Iterator[str]:
    """Why the two may be one: nothing where what is known of them is not enough for that."""
    days = _overlap(a, b)
    if a.kind == "Sanction":
        both = a.shared(b, "designated")
        if both and a.shared(b, "body") and (days or not (a.span and b.span)):
            yield f"both designate {_listed(both)}"
            yield f"both are imposed by {_listed(a.shared(b, 'body'))}"
            yield days or "when, only one of them says"
    elif a.kind in ("Meeting", "Travel") and days:
        both = a.shared(b, "participant")
        if len(both) > 1:
            yield f"{_listed(both)} take part in both"
            yield days
    elif a.kind == "Incident" and days:
        yield from _one_incident(a, b, days)


def _one_incident(a: Event, b: Event, days: str) -> Iterator[str]:
    """A target in common; or an actor, within a month, if no targets speak against it."""
    targets = [name for name in a.shared(b, "target") if name]
    named = [t for t in (a, b) if any(_named(key) for key in t.ends.get("target", {}))]
    close = all(e.first and e.last and e.last - e.first <= MONTH for e in (a, b))
    special = _alike_targets(a, b)
    actors = a.shared(b, "actor")
    if special or (actors and close and len(named) < 2):
        if special or targets:
            yield f"both have {_listed(special or targets)} as a target"
        if actors:
            yield f"both are attributed to {_listed(actors)}"
        yield days


def _named(key: str) -> bool:
    """Whether a target is somebody, and not a whole state or region."""
    return not key.startswith(("state:", "region:"))


def _alike_targets(a: Event, b: Event) -> list[str]:
    """Targets in common that are no state: by one name, or the one name beginning the other."""
    mine = {k: n for k, n in a.ends.get("target", {}).items() if _named(k)}
    theirs = {k: n for k, n in b.ends.get("target", {}).items() if _named(k)}
    return sorted(
        {
            name
            for key, name in mine.items() for other in theirs
            if key == other or _begins(key, other) or _begins(other, key)
        }
    )  # fmt: skip


def _begins(short: str, whole: str) -> bool:
    """Whether a name is the beginning of another one: Sony Pictures of Sony Pictures
    Entertainment."""
    return len(short.partition(":")[2]) >= 6 and whole.startswith(short)


def _overlap(a: Event, b: Event) -> str | None:
    """When both may have been, where their days overlap."""
    if not a.span or not b.span:
        return None
    first, last = max(a.span[0], b.span[0]), min(a.span[1], b.span[1])
    if first > last:
        return None
    when = f"on {first}" if first == last else f"between {first} and {last}"
    if (a.known and not a.first) or (b.known and not b.first):
        return f"one became known within a year after the other, which was {when}"
    return f"both may have been {when}"


def _listed(found: list[str]) -> str:
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else found[0]
