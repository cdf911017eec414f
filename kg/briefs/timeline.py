"""When what is said to have happened did, and when it was said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from kg.ask.ranked import Said
from kg.briefs import wording
from kg.briefs.brief import Block, Part, Sentence, Table
from kg.briefs.matter import Matter
from kg.briefs.writer import Writer

HAPPENED = "occurred"


@dataclass(frozen=True)
class Moment:
    """Something that has a date: what, when, and who gives that date."""

    what: str
    """The id of an event, or the property of the subject."""
    text: str
    """EDTF."""
    first: date
    last: date
    said: Said


def moments(matter: Matter) -> list[Moment]:
    """Dated events that the subject has to do with, and its own dates, in order of time. Of several
    dates for one event the narrowest counts, as on its node."""
    own = {matter.id: matter.said}
    found: list[Moment] = []
    for id, said in {**matter.events, **own}.items():
        dated = [one for one in said if one.subject == id and one.object is None and one.claims]
        by: dict[str, list[Moment]] = {}
        for one in dated:
            if moment := _moment(matter, one):
                by.setdefault(one.predicate, []).append(moment)
        if id != matter.id and HAPPENED in by:
            by = {HAPPENED: by[HAPPENED]}
        found += [min(these, key=_narrow) for these in by.values()]
    return sorted(found, key=lambda one: (one.first, one.last, one.what))


def _moment(matter: Matter, one: Said) -> Moment | None:
    spec = matter.corpus.ontology.property(
        matter.corpus.ontology.kind_of(one.subject) or "", one.predicate
    )
    if spec is None or not spec.of.dated:
        return None
    text = str(one.claims[0].get("value") or "")
    first, last = wording.span(text)
    if first is None and last is None:
        return None
    return Moment(one.subject, text, first or last or date.min, last or first or date.max, one)


def _narrow(one: Moment) -> tuple[int, int]:
    return (one.last - one.first).days, -one.said.independent


def timeline(matter: Matter, writer: Writer) -> Iterator[Block]:
    """A table of what happened when, by whose word."""
    found = moments(matter)
    writer.know(one.said for one in found)
    rows = []
    for one in found:
        what = wording.capital(writer.the(one.what))
        if one.said.predicate != HAPPENED:
            what = f"{what}: {wording.label(one.said.predicate)}"
        rows.append(
            (
                Sentence((Part(wording.day(one.text)),)),
                Sentence((Part(what),)),
                writer.credits(one.said.claims),
            )
        )
    if rows:
        yield Table(("When", "What", "Who says so"), tuple(rows), (1.2, 1.6, 2.4))
