"""A brief, section by section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from kg.ask.ranked import Said
from kg.ask.rivals import BEHIND
from kg.briefs import wording
from kg.briefs.brief import Brief, Passage, Points, Section, Sentence
from kg.briefs.figures import support_figure, timeline_figure
from kg.briefs.gaps import gaps
from kg.briefs.matter import EVENTS, Matter, clusters
from kg.briefs.method import method
from kg.briefs.notes import Notes
from kg.briefs.tables import denials, names, rivals, values
from kg.briefs.timeline import timeline
from kg.briefs.writer import Writer

BELONGING = ("SUBGROUP_OF", "CONTROLLED_BY", "PART_OF", "OWNED_BY", "FORMED_BY", "MEMBER_OF",
             "REPRESENTS", "HAS_MEMBER")  # fmt: skip
KIN = ("SAME_AS", "MAY_BE_SAME", "DISTINCT_FROM", "LINKED_TO")
AIMS = ("TARGETED", "TARGETS_SECTOR")
TURNS = ("coercion", "diplomacy")
"""Groups of edges of which a brief tells event by event."""


@dataclass(frozen=True)
class Heading:
    """A section of points: its title, and which of the things said stand in it."""

    name: str
    title: str
    takes: Callable[[Said, bool], bool]
    """Given what is said, and whether the subject of the brief is its first end."""


def _headings(matter: Matter) -> tuple[Heading, ...]:
    responsible = matter.kind in matter.corpus.ontology.blamed
    behind = "Who is held responsible" if responsible else "Who is said to stand behind it"
    upward = {*BELONGING, BEHIND} - {"HAS_MEMBER"}
    return (
        Heading("behind", behind, lambda one, near: near and one.predicate in upward),
        Heading("laid", "What is laid to it", lambda one, near: one.predicate == BEHIND),
        Heading("parts", "What is said to belong to it",
                lambda one, near: one.predicate in BELONGING),
        Heading("kin", "What it is told apart from, or may be one with",
                lambda one, near: one.predicate in KIN),
        Heading("aims", "What it was aimed at" if responsible else "Whom it is said to go for",
                lambda one, near: near and one.predicate in AIMS),
        Heading("aimed", "What is said to have been aimed at it",
                lambda one, near: one.predicate in AIMS),
        Heading("tools", "What it is said to use", lambda one, near: one.predicate == "USED"),
    )  # fmt: skip


def compose(matter: Matter, *, short: bool = False) -> Brief:
    """The brief of a subject, full or on one page."""
    writer = Writer(matter.corpus, short=short)
    writer.know(matter.said)
    sections = [one for one in _sections(matter, writer, short) if one.blocks]
    notes = Notes(writer.rows)
    numbered = tuple(notes.section(section) for section in sections)
    names = matter.corpus.names
    title = names.get(matter.id, matter.id)
    if matter.edge:
        title = wording.capital(writer.that(matter.said[:1], "subject"))
    return Brief(
        " ".join(matter.edge or (matter.id,)),
        matter.kind,
        title,
        _subtitle(matter),
        short,
        numbered,
        tuple(notes.notes),
        _strictest(matter, writer, notes),
    )


def _subtitle(matter: Matter) -> str:
    rows = [row for one in matter.said for row in one.claims]
    voices = {voice for row in rows for voice in row["voices"]}
    documents = {row["document"] for row in rows} - {None}
    day = matter.corpus.date
    kind = "One statement" if matter.edge else matter.kind
    return (
        f"{kind} · {len(rows):,} claims, {len(voices):,} independent voices, "
        f"{len(documents):,} documents"
        + (f" · corpus to {wording.day(day.isoformat())}" if day else "")
    )


def _strictest(matter: Matter, writer: Writer, notes: Notes) -> str | None:
    terms = list(matter.corpus.ontology.vocabulary["marking"].terms)
    found = {note.marking for note in notes.notes if note.marking in terms}
    return min(found, key=terms.index, default=None)


def _sections(matter: Matter, writer: Writer, short: bool) -> Iterator[Section]:
    placed = _placed(matter)
    points = {name: _points(writer, said, matter) for name, said in placed.items()}
    drawn = () if short else tuple(support_figure(matter, writer))
    yield Section("summary", "In short", (Points(tuple(_summary(points, short))), *drawn))
    yield Section("rivals", "Rival attributions side by side", tuple(rivals(matter, writer)))
    if short:
        yield Section("denials", "Denials and withdrawals", tuple(denials(matter, writer, True)))
    else:
        yield from _in_full(matter, writer, placed, points)
    yield Section("unknown", "What is not known", tuple(gaps(matter, writer, short=short)))
    yield Section("method", "How this was made", (method(matter, short=short),))


def _in_full(
    matter: Matter,
    writer: Writer,
    placed: dict[str, list[Said]],
    points: dict[str, list[Passage]],
) -> Iterator[Section]:
    for heading in _headings(matter):
        items = points[heading.name]
        yield Section(heading.name, heading.title, (Points(tuple(items)),) if items else ())
    yield Section("figures", "Figures", tuple(values(matter, writer, placed["values"])))
    yield Section("denials", "Denials and withdrawals", tuple(denials(matter, writer, False)))
    for group, title in (("coercion", "Sanctions and charges"),
                         ("diplomacy", "Meetings, statements and commitments")):  # fmt: skip
        items = points[group]
        yield Section(group, title, (Points(tuple(items)),) if items else ())
    drawn = tuple(timeline_figure(matter, writer))
    yield Section("timeline", "Timeline", (*drawn, *timeline(matter, writer)))
    yield Section("names", "Names", tuple(names(matter, writer, placed["names"])))
    items = points["further"]
    yield Section("further", "Further particulars", (Points(tuple(items)),) if items else ())


# What stands where


def _placed(matter: Matter) -> dict[str, list[Said]]:
    """What is said, by the section that it belongs in; in each in the order of support."""
    headings = _headings(matter)
    names = [heading.name for heading in headings]
    found: dict[str, list[Said]] = {
        name: [] for name in (*names, "values", "names", "further", *TURNS)
    }
    for one in matter.said:
        found[_place(one, matter, headings)].append(one)
    return found


def _place(one: Said, matter: Matter, headings: Iterable[Heading]) -> str:
    ontology = matter.corpus.ontology
    if one.object is None:
        if one.predicate in ontology.naming:
            return "names"
        spec = ontology.property(matter.kind, one.predicate)
        measured = spec is not None and (spec.evidence or spec.of.dated)
        return "values" if measured else "further"
    for heading in headings:
        if heading.takes(one, matter.near(one)):
            return heading.name
    group = ontology.edges[one.predicate].group
    return group if group in TURNS else "further"


def _points(writer: Writer, said: Sequence[Said], matter: Matter) -> list[Passage]:
    """A passage for each thing said, or for several in one breath; of events, one for each."""
    if said and all(_turn(one, matter) for one in said):
        return _in_turn(writer, said, matter)
    near = [one for one in said if matter.near(one)]
    far = [one for one in said if not matter.near(one)]
    together = clusters(near, "subject") + clusters(far, "object")
    order = {one.key: place for place, one in enumerate(said)}
    together.sort(key=lambda these: order[these[0].key])
    return [
        writer.passage(these, "subject" if matter.near(these[0]) else "object")
        for these in together
        if any(one.claims or one.denials for one in these)
    ]


def _turn(one: Said, matter: Matter) -> bool:
    group = matter.corpus.ontology.edges[one.predicate].group if one.object else ""
    return group in TURNS and matter.kind not in EVENTS


def _in_turn(writer: Writer, said: Sequence[Said], matter: Matter) -> list[Passage]:
    """Event by event: what the subject has to do with it, and what else is said of it."""
    events = dict.fromkeys(
        end for one in said for end in (one.subject, str(one.object)) if end in matter.events
    )
    items = [_told_of(writer, event, matter) for event in events]
    rest = [one for one in said if not {one.subject, one.object} & events.keys()]
    return items + [writer.passage([one], "subject") for one in rest if one.claims]


def _told_of(writer: Writer, event: str, matter: Matter) -> Passage:
    """All that is said of an event: first what it has to do with the subject."""
    of = [one for one in matter.events[event] if one.claims]
    of.sort(key=lambda one: not {one.subject, one.object} & matter.focus)
    writer.know(of)
    mine = clusters([one for one in of if one.subject == event], "subject")
    others = clusters([one for one in of if one.subject != event], "object")
    sentences: list[Sentence] = []
    for these in sorted(mine + others, key=lambda these: of.index(these[0])):
        end = "subject" if these[0].subject == event else "object"
        sentences += writer.passage(these, end)
        writer.it = event if end == "subject" else None
    writer.it = None
    return tuple(sentences)


SUMMARY = (("behind", 2), ("laid", 3), ("parts", 1), ("aims", 1), ("coercion", 1), ("diplomacy", 1))
"""How many passages of which sections stand in the summary."""

MOST = 6
"""Passages of a summary on one page."""


def _summary(points: dict[str, list[Passage]], short: bool) -> Iterator[Passage]:
    found = [
        passage[:1] if short or name in TURNS else passage
        for name, most in SUMMARY
        for passage in points[name][:most]
    ]
    yield from found[: MOST if short else None]
