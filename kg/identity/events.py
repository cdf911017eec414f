"""Events that two sources record: candidates by what their kind says (`one_event` in its file).

A title proves nothing: a word of it only tells apart what one actor did in one month. What joins
two of them is a key that both carry, a source that says so, or a person's judgement.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

import polars as pl

from kg.identity.records import MEMBER, UNNAMED, unnamed
from kg.identity.related import keys
from kg.ontology import Ontology
from kg.ontology.one_event import OneEvent, Way

LAG = timedelta(days=365)
"""How long after it happened an event is looked for whose day of disclosure alone is known."""
MONTH = timedelta(days=31)

PLACES = ("state", "region")
"""What an id alone is compared by, and what is nobody in particular."""

WORD = r"[^\W\d_]{3,}"
COMMON = 10
"""A word by which a source calls more of its events than this tells none of them."""

KEY = ""
"""In place of an edge, where what two events have in common is a key."""
MOST = 2_000_000
"""Pairs that are looked at in one step."""
PAIRS = {"a": pl.String, "b": pl.String, "keyed": pl.Boolean}

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
    """Edge → the end, as it is compared → the end as it is called. A set that nobody has named is
    nobody, and stands for those of whom it is said to consist."""
    called: dict[str, set[str]] = field(default_factory=dict)
    """Edge → every name of the ends there; for no edge (`""`) the event's own."""
    codes: set[str] = field(default_factory=set)

    @property
    def span(self) -> tuple[date, date] | None:
        """The first and the last day on which it may have happened."""
        if self.first and self.last:
            return self.first, self.last
        return (self.known - LAG, self.known) if self.known else None

    @property
    def close(self) -> bool:
        """Whether it is known to within a month."""
        return bool(self.first and self.last and self.last - self.first <= MONTH)

    def is_near(self, other: Event) -> bool:
        """Whether it is known to within a year or, where only that it became known is, this was
        within two months of the other, whose days are known."""
        if self.first and self.last:
            return self.last - self.first <= LAG
        return bool(self.known and other.last and self.known - other.last <= 2 * MONTH)

    def shared(self, other: Event, edge: str) -> list[str]:
        """The ends that both have there, as they are called."""
        mine, theirs = self.ends.get(edge, {}), other.ends.get(edge, {})
        return sorted({mine[key] for key in mine.keys() & theirs.keys()})

    def names(self, edge: str) -> dict[str, str]:
        """The ends there that are somebody, and no whole state or region."""
        ends = self.ends.get(edge, {})
        return {key: name for key, name in ends.items() if key.partition(":")[0] not in PLACES}

    def words(self, *edges: str) -> set[str]:
        """The words of the names of ends there, folded."""
        return set().union(*(self._worded.get(edge, ()) for edge in edges))

    @cached_property
    def _worded(self) -> dict[str, set[str]]:
        """Edge → its words: an event meets many others, and is read once for all of them."""
        return {
            edge: {word.casefold() for name in called for word in re.findall(WORD, name)}
            for edge, called in self.called.items()
        }


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
    told = Told.of(statements, mapping, ontology)
    pairs = _meeting(told, ontology)
    events, common = _events(told, pairs, ontology), _common(told.named, ontology)
    found = {}
    for a, b in ((events[a], events[b]) for a, b in pairs.iter_rows()):
        keys = sorted(a.codes & b.codes)
        because = tuple(_reasons(a, b, ontology.events[a.kind], common[a.kind]))
        if keys or because:
            said = (*(f"both carry the key {key}" for key in keys[:1]), *because)
            found[a.id, b.id] = Alike(said, keys[0] if keys else None)
    return found


def telling(statements: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """What `alike` looks at: few rows, and few of their columns."""
    called = ["name", *sorted(ontology.compared)]
    wanted = pl.col("predicate").is_in([*predicates(ontology), *called, "PART_OF"])
    columns = ("id", "source", "declared", "subject", "predicate", "object", "value", "valid_from",
               "valid_to")  # fmt: skip
    return statements.lazy().filter(wanted).select(columns).collect()


def predicates(ontology: Ontology) -> list[str]:
    """Those that tell events apart or bring them together."""
    ends = {edge for rule in ontology.events.values() for edge in rule.ends}
    return sorted({*ends, *dates(ontology), "codes", UNNAMED, MEMBER})


def dates(ontology: Ontology) -> list[str]:
    """The predicates that say when an event was, or became known."""
    return sorted({name for rule in ontology.events.values() for name in rule.dates})


def is_event(end: str, ontology: Ontology) -> pl.Expr:
    """Whether a column holds the id of an event."""
    prefixes = [ontology.nodes[kind].prefix for kind in ontology.events]
    return _prefix(end).is_in(prefixes).fill_null(False)


def _prefix(end: str) -> pl.Expr:
    return pl.col(end).str.extract("^([^:]*):")


@dataclass(frozen=True)
class Told:
    """What is told of events, as frames; `event` is an id in each."""

    named: pl.DataFrame
    """`event`, `source`, `title`: which source has which, and calls it what."""
    ends: pl.DataFrame
    """`event`, the `edge` at which an end stands, the `key` by which it is compared, its `name`,
    all its `names`, and whether it is a body (`is_body`)."""
    codes: pl.DataFrame
    """`event`, `key`."""
    days: pl.DataFrame
    """`event`, the `first` and the `last` day on which it was, when it became `known`; and the days
    between which it may have been (`Event.span`), `start` and `end`."""

    @classmethod
    def of(
        cls, statements: pl.DataFrame, mapping: Mapping[str, str], ontology: Ontology
    ) -> Told:  # fmt: skip
        """Of such rows as `telling` chooses."""
        codes = statements.filter(
            (pl.col("predicate") == "codes") & is_event("subject", ontology)
            & (pl.col("value") != "")
        )  # fmt: skip
        return cls(
            _named_events(statements, ontology), _ends(statements, mapping, ontology),
            codes.select(event="subject", key="value").unique(), _days(statements, ontology),
        )  # fmt: skip


def _events(told: Told, pairs: pl.DataFrame, ontology: Ontology) -> dict[str, Event]:
    """The events of these pairs."""
    ours = pl.col("event").is_in(pl.concat([pairs["a"], pairs["b"]]).unique().implode())
    found: dict[str, Event] = {}
    for id, source, title in told.named.filter(ours).sort(pl.all()).iter_rows():
        event = found.setdefault(id, Event(id, str(ontology.kind_of(id))))
        event.sources.add(source)
        event.called.setdefault("", set()).add(title)
    ends = told.ends.filter(ours).select("event", "edge", "key", "name", "names")
    for id, edge, key, name, every in ends.iter_rows():
        found[id].ends.setdefault(edge, {})[key] = name
        found[id].called.setdefault(edge, set()).update(every)
    for id, code in told.codes.filter(ours).iter_rows():
        found[id].codes.add(code)
    days = told.days.filter(ours).select("event", "first", "last", "known")
    for id, first, last, known in days.iter_rows():
        found[id].first, found[id].last, found[id].known = first, last, known
    return found


def _named_events(statements: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """`event`, `source`, `title`: which source has which, and calls it what."""
    declared = statements.filter(pl.col("declared") & (pl.col("predicate") == "name"))
    events = declared.filter(is_event("subject", ontology))
    return events.select(event="subject", source="source", title="value").unique()


def _common(named: pl.DataFrame, ontology: Ontology) -> dict[str, frozenset[str]]:
    """By kind of event, the words by which events are called, and none of them is told: those that
    its file names, and those that a source has for many."""
    titles = named.with_columns(prefix=_prefix("event"))
    words = titles.with_columns(word=pl.col("title").str.to_lowercase().str.extract_all(WORD))
    words = words.explode("word")
    often = words.group_by("prefix", "source", "word").agg(pl.col("event").n_unique())
    often = often.filter(pl.col("event") > COMMON)
    many = often.drop_nulls("word").group_by("prefix").agg("word")
    found = dict(many.iter_rows())
    return {
        kind: frozenset([*rule.common, *found.get(ontology.nodes[kind].prefix, ())])
        for kind, rule in ontology.events.items()
    }


def _days(statements: pl.DataFrame, ontology: Ontology) -> pl.DataFrame:
    """The days of events (`Told.days`), as those who say them most exactly have them."""
    rules = [
        (ontology.nodes[kind].prefix, predicate, rank, predicate == rule.known)
        for kind, rule in ontology.events.items()
        for rank, predicate in enumerate(rule.dates)
    ]
    schema = {"prefix": pl.String, "predicate": pl.String, "rank": pl.Int64, "is_known": pl.Boolean}
    ours = statements.filter(pl.col("predicate").is_in(dates(ontology)))
    span = pl.col("valid_to") - pl.col("valid_from")
    least = span.min().over("subject", "predicate")
    exact = ours.filter((span == least) | least.is_null()).group_by("subject", "predicate")
    said = exact.agg(first=pl.col("valid_from").min(), last=pl.col("valid_to").max()).select(
        "predicate", "first", "last", event="subject", prefix=_prefix("subject")
    )
    told = said.join(pl.DataFrame(rules, schema, orient="row"), on=("prefix", "predicate"))
    was = told.filter(~pl.col("is_known") & pl.col("first").is_not_null()).sort("rank")
    was = was.unique("event", keep="first", maintain_order=True).select("event", "first", "last")
    known = told.filter("is_known").select("event", known="last")
    both = pl.col("first").is_not_null() & pl.col("last").is_not_null()
    return was.join(known, on="event", how="full", coalesce=True).with_columns(
        start=pl.when(both).then(pl.col("first")).otherwise(pl.col("known") - LAG),
        end=pl.when(both).then(pl.col("last")).otherwise(pl.col("known")),
    )


def _ends(statements: pl.DataFrame, mapping: Mapping[str, str], ontology: Ontology) -> pl.DataFrame:
    """Who stands at the other ends of events (`Told.ends`)."""
    said = statements.filter(~pl.col("declared") & pl.col("object").is_not_null())
    rows = pl.concat([_at(said, ontology, subject) for subject in (True, False)]).unique()
    rows = _named(rows, statements)
    became = pl.DataFrame(
        {"id": [*mapping], "one": [*mapping.values()]}, dict.fromkeys(("id", "one"), pl.String)
    )
    ends = rows.select("end", "is_body").unique()
    bodies = ends.filter("is_body")["end"]
    compared = _compared(ends.with_columns(id=_above(bodies, statements)), became, statements)
    every = _called(ends["end"].unique(), became, statements, ontology)
    return (
        rows.join(compared, on=("end", "is_body"))
        .join(every, on="end", how="left")
        .with_columns(pl.col("names").fill_null([]))
        .sort("event", "edge", "key", "name")
    )


def _named(rows: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """Ends that are somebody: in place of a set that nobody has named, those in it."""
    ids = pl.col("end").is_in(list(unnamed(statements)))
    inside = statements.filter(pl.col("predicate") == MEMBER).select(end="subject", one="object")
    members = rows.filter(ids).join(inside.unique(), on="end").drop("end").rename({"one": "end"})
    return pl.concat([rows.filter(~ids), members.select(rows.columns)]).unique()


def _at(said: pl.DataFrame, ontology: Ontology, subject: bool) -> pl.DataFrame:
    """`event`, `edge`, `end`, `is_body`, of claims in which the event is the subject, or the
    object."""
    event, end = ("subject", "object") if subject else ("object", "subject")
    wanted = [
        (ontology.nodes[kind].prefix, edge, edge in rule.bodies)
        for kind, rule in ontology.events.items() for edge in rule.ends
        if (edge in rule.from_subject) is subject
    ]  # fmt: skip
    schema = {"prefix": pl.String, "edge": pl.String, "is_body": pl.Boolean}
    rows = said.select(_prefix(event).alias("prefix"), edge="predicate", event=event, end=end)
    told = rows.join(pl.DataFrame(wanted, schema=schema, orient="row"), on=("prefix", "edge"))
    return told.select("event", "edge", "end", "is_body")


def _above(bodies: pl.Series, statements: pl.DataFrame) -> pl.Expr:
    """An end; of these, the body at the top of those that it is part of, below the state."""
    part = statements.filter(pl.col("declared") & (pl.col("predicate") == "PART_OF"))
    above = dict(part.sort("source", "id").select("subject", "object").iter_rows())
    tops = {}
    for body in bodies:
        seen, id = {body}, body
        while (up := above.get(id, "")) and not up.startswith("state:") and up not in seen:
            seen.add(up)
            id = up
        tops[body] = id
    return pl.when("is_body").then(pl.col("end").replace(tops)).otherwise("end")


def _compared(ends: pl.DataFrame, became: pl.DataFrame, statements: pl.DataFrame) -> pl.DataFrame:
    """How each end is compared, and what it is called, by the `id` that stands for it: as what that
    became, and what became nothing by its full name. `end`, `is_body`, `key`, `name`."""
    declared = pl.col("declared") & (pl.col("predicate") == "name")
    named = statements.filter(declared).sort("source", "id")
    named = named.unique("subject", keep="first", maintain_order=True).select("value", id="subject")
    one = ends.join(became, on="id", how="left").with_columns(one=pl.coalesce("one", "id"))
    both = one.join(named.rename({"value": "whole"}), left_on="one", right_on="id", how="left")
    both = both.join(named, on="id", how="left")
    # What is called nothing has no name.
    called = both.with_columns(
        name=pl.coalesce(*(pl.when(pl.col(n) != "").then(n) for n in ("whole", "value")), "id"),
        prefix=_prefix("one"),
    )
    key = pl.concat_str("prefix", pl.lit(":"), keys(called["name"]))
    return called.select(
        "end", "is_body", "name",
        key=pl.when(pl.col("prefix").is_in(PLACES)).then("one").otherwise(key),
    )  # fmt: skip


def _called(
    ends: pl.Series, became: pl.DataFrame, statements: pl.DataFrame, ontology: Ontology
) -> pl.DataFrame:
    """All that ends are called, by whatever became one with them: `end`, `names`."""
    one = pl.DataFrame({"end": ends}).join(became, left_on="end", right_on="id", how="left")
    one = one.with_columns(one=pl.coalesce("one", "end"))
    others = one.join(became, on="one").select("end", "id")
    ids = pl.concat([one.select("end", id="end"), one.select("end", id="one"), others]).unique()
    naming = pl.col("predicate").is_in(["name", *sorted(ontology.compared)])
    also = statements.filter(naming).select("value", id="subject").drop_nulls().unique()
    return ids.join(also, on="id").group_by("end").agg(names=pl.col("value").unique().sort())


def _meeting(told: Told, ontology: Ontology) -> pl.DataFrame:
    """`a`, `b`, sorted: events of one kind and of different sources that have an end in common and
    may have been on one day (or are not both dated, where their kind asks for no day); and whatever
    shares a key."""
    found = [_apart(_pairs(blocks), told) for blocks in _blocks(told, ontology)]
    none = pl.DataFrame(schema=PAIRS).select("a", "b")
    return pl.concat([none, *found]).unique().sort("a", "b")


def _apart(pairs: pl.DataFrame, told: Told) -> pl.DataFrame:
    """Those of the pairs that no source has both of, and that may have been on one day."""
    days = told.days.select("event", "start", "end")
    dated = pairs.join(days, left_on="a", right_on="event", how="left").join(
        days, left_on="b", right_on="event", how="left", suffix="_b"
    )
    one_day = pl.max_horizontal("start", "start_b") <= pl.min_horizontal("end", "end_b")
    undated = pl.any_horizontal(pl.col("start", "start_b").is_null())
    pairs = dated.filter(pl.col("keyed") | undated | one_day).select("a", "b")
    whose = told.named.select("event", "source").unique()
    one_source = pairs.join(whose, left_on="a", right_on="event").join(
        whose, left_on=("b", "source"), right_on=("event", "source"), how="semi"
    )
    return pairs.join(one_source, on=("a", "b"), how="anti")


def _pairs(blocks: pl.DataFrame) -> pl.DataFrame:
    """Any two of a block, and whether a key is what they have in common (`PAIRS`)."""
    keyed = pl.col("edge") == KEY
    met = blocks.select("a", keyed.alias("keyed"), b="events").explode("a").explode("b")
    return met.filter(pl.col("a") < pl.col("b")).select(*PAIRS).unique()


def _blocks(told: Told, ontology: Ontology) -> Iterator[pl.DataFrame]:
    """Blocking: `edge` and `events` that have an end there, or a key, in common, in a month in
    which all may have been; where a kind asks for no day, by the end alone. Some blocks at a time,
    and of a large one some events (`a`) with all of it, for what they make grows with the square of
    them."""
    undated = [
        ontology.nodes[kind].prefix for kind, rule in ontology.events.items() if rule.undated
    ]
    ends = told.ends.filter(~pl.col("is_body")).select("event", "edge", "key")
    ends = ends.join(told.days, on="event", how="left")
    always = _prefix("event").is_in(undated)
    # Of a long span no month: years of activity are no event to be told by.
    short = ~always & (pl.col("end") - pl.col("start") <= LAG)
    start, end = (pl.col(day).dt.year() * 12 + pl.col(day).dt.month() for day in ("start", "end"))
    months = pl.int_ranges(start, end + 1, dtype=pl.Int32)
    marks = pl.concat(
        [
            ends.filter(always).select("event", "edge", "key", month=pl.lit(None, pl.Int32)),
            ends.filter(short).select("event", "edge", "key", month=months).explode("month"),
            told.codes.select("event", pl.lit(KEY).alias("edge"), "key", month=None),
        ]
    )  # fmt: skip
    block = (_prefix("event").alias("kind"), "edge", "key", "month")
    known = marks.unique().join(told.named, on="event", how="semi")
    blocks = known.group_by(*block).agg(events="event")
    size = pl.col("events").list.len().cast(pl.Int64)
    step = pl.max_horizontal(MOST // size, 1)
    some = blocks.filter(size > 1).with_columns(at=pl.int_ranges(0, size, step)).explode("at")
    some = some.with_columns(a=pl.col("events").list.slice("at", step))
    met = pl.col("a").list.len().cast(pl.Int64) * size
    yield from some.with_columns(part=met.cum_sum() // MOST).partition_by("part")


def _reasons(a: Event, b: Event, rule: OneEvent, common: Collection[str]) -> Iterator[str]:
    """Why the two may be one: nothing where what is known of them is not enough for that."""
    days = _overlap(a, b)
    ways = [way for way in rule.ways if _holds(a, b, way, days)]
    words = {way.share: _words(a, b, way, rule, common) for way in ways if way.called}
    held = [way for way in ways if not way.called or words[way.share]]
    if not held:
        return
    named = {way.share for way in rule.ways if way.named}
    for edge, sentence in rule.ends.items():
        both = (_alike(a, b, edge) if edge in named else []) or a.shared(b, edge)
        if both:
            yield sentence.replace("{}", _listed(both))
    for way in held:
        if way.called:
            shared = _listed([repr(word) for word in words[way.share]])
            yield f"the names of both, or of whom they hit, have {shared}"
    yield days or _undated(a, b)


def _words(a: Event, b: Event, way: Way, rule: OneEvent, common: Collection[str]) -> list[str]:
    """Words in the names of both events, or of those at their other ends, that tell them from what
    else the same did: none of their own names, and no word that many events are called by."""
    others = ["", *(edge for edge in rule.ends if edge not in (way.share, *rule.bodies))]
    both = [event.words(*others) - event.words(way.share) for event in (a, b)]
    return sorted(both[0] & both[1] - set(common))


def _holds(a: Event, b: Event, way: Way, days: str | None) -> bool:
    """Whether all holds that a way asks for, but for the words by which both are called."""
    both = _alike(a, b, way.share) if way.named else a.shared(b, way.share)
    return (
        len(both) >= way.least
        and bool(days or (way.undated and not (a.span and b.span)))
        and (way.body is None or bool(a.shared(b, way.body)))
        and not (way.unless and a.names(way.unless) and b.names(way.unless))
        and (not way.close or _near(a, b, way.share))
    )


def _near(a: Event, b: Event, edge: str) -> bool:
    """Whether what they share there is enough for their days: a state only where both are known to
    within a month; somebody also where one of them is, and the other is near it."""
    somebody = not a.names(edge).keys().isdisjoint(b.names(edge))
    near = (a.close and b.is_near(a)) or (b.close and a.is_near(b))
    return (a.close and b.close) or (somebody and near)


def _undated(a: Event, b: Event) -> str:
    return "when, only one of them says" if a.span or b.span else "neither says when"


def _alike(a: Event, b: Event, edge: str) -> list[str]:
    """Those in common that have a name: one name, or the one name beginning the other."""
    return sorted(
        {
            name
            for key, name in a.names(edge).items() for other in b.names(edge)
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
    return f"by what is said of their days both may have happened {when}"


def _listed(found: list[str]) -> str:
    return f"{', '.join(found[:-1])} and {found[-1]}" if len(found) > 1 else found[0]
