"""Meetings and agreements that a noun tells: `at a summit in …`, `A's talks with B`, `a deal
between A and B`, `the declaration was signed by …`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.drafts.dates import dates
from kg.drafts.phrases import Clause, Phrase
from kg.drafts.proposals import Part, Ref, Span
from kg.drafts.scene import Event, Scene, definite
from kg.drafts.words import among, filled

_HELD = re.compile(filled("@held@"))
_OWNERS = re.compile(filled("@their_meeting@"))
_SIGNED = re.compile(filled("@was_signed@"))
_PLACE = re.compile(filled("@place_of@"))
_TO_COME = re.compile(filled("@to_come@"))
_DAYS = re.compile(filled(r"\b(?P<day>@days@)'s\s(?P<noun>\w+)"))
_BETWEEN = re.compile(r"\s(?:between|among)\s")
_ACTORS = frozenset(("person", "state", "agency"))
_NEAR = 3
"""So many sentences further on one still speaks of a meeting."""


class Gatherings:
    """Finds the meetings and agreements that phrases of a scene tell."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def find(self) -> None:
        """Every one of them, and which agreement came out of which meeting."""
        for clause in self.scene.clauses:
            self._of_one_with(clause)
            self._held(clause)
            self._agreed(clause)
            self._signed(clause)
            self._of_day(clause)
        self._came_of()

    # Meetings

    def _of_one_with(self, clause: Clause) -> None:
        """`A's talks with B and C`: two meetings, of A with each of them."""
        scene = self.scene
        for found in _OWNERS.finditer(scene.text, *clause.span):
            owner = [
                m for m in scene.phrases.mentions
                if m.span.end == found.start() and m.thing.kind == "person"
            ]  # fmt: skip
            listed = scene.phrases.listed(found.end(), clause.span.end)
            for other in scene.referents.of_all(listed, {"person"}, "person") if owner else []:
                first = Ref(owner[0].thing, owner[0].span, owner[0].chain)
                span = Span(owner[0].span.start, other.span.end)
                event = self._met(span, clause, [first, other], "{A}'s talks with {B}")
                self._where(event, other.span.end, clause)

    def _held(self, clause: Clause) -> None:
        """`A and B struck a hopeful tone at a summit in Geneva`, `after her talks with B`."""
        scene = self.scene
        for found in _HELD.finditer(scene.text, *clause.span):
            who, end = self._who(found, clause)
            place = _PLACE.match(scene.text, end, clause.span.end)
            told = found["article"] in ("the", "his", "her") and len(who) < 2
            to_come = _TO_COME.search(scene.text, clause.span.start, found.start())
            vague = len(who) < 2 and (to_come or not place)
            same = found["article"] in ("the", "their") and self._same_who(who)
            if told or vague or same or self._told_by_verb(clause):
                continue
            span = Span(found.start("rest"), max(end, place.end() if place else end))
            self._where(self._met(span, clause, who, "at a meeting"), end, clause)

    def _who(self, found: re.Match[str], clause: Clause) -> tuple[list[Ref], int]:
        """Who took part, and where they are told: the subject, and whoever is named behind."""
        scene = self.scene
        subject = scene.subject(clause, found.start(), _ACTORS)
        if clause.subject.start > found.start():  # `After a meeting with B, A …`
            subject = scene.referents.of_all(scene.phrases.listed(*clause.subject), _ACTORS)
        behind = re.compile(r"\s(with|between)\s").match(scene.text, found.end())
        listed = scene.phrases.listed(behind.end(), clause.span.end) if behind else []
        others = scene.referents.of_all(listed, _ACTORS)
        end = listed[-1].span.end if listed else found.end()
        peoples = {m.span.start for m in scene.phrases.mentions if m.people}  # `Greek leaders`
        subject = [ref for ref in subject if ref.span.start not in peoples]
        who = others if behind and behind[1] == "between" else [*subject, *others]
        return list({ref.thing.id: ref for ref in who}.values()), end

    def _told_by_verb(self, clause: Clause) -> bool:
        """Whether a verb of the same clause tells the meeting (`met at a summit`)."""
        here = [e for e in self.scene.events if e.sentence == self.scene.sentence]
        return any(e.kind == "Meeting" and e.clause.subject == clause.subject for e in here)

    def _same_who(self, who: list[Ref]) -> bool:
        """Whether a meeting of the same people was told just before."""
        ids = {ref.thing.id for ref in who}
        return any(_ids(event) == ids for event in self._last("Meeting"))

    def _last(self, kind: str) -> list[Event]:
        """What of a kind was told in the last sentences."""
        near = self.scene.sentence - _NEAR
        return [e for e in self.scene.events if e.kind == kind and e.sentence >= near]

    def _met(self, span: Span, clause: Clause, who: list[Ref], pattern: str) -> Event:
        """A meeting that is called by these words, and who took part."""
        event = self._minted("Meeting", span, clause)
        event.actors = who
        for one in who:
            self.scene.propose(clause, one, "PARTICIPATED_IN", event.ref, pattern=pattern)
        return event

    def _minted(self, kind: str, span: Span, clause: Clause) -> Event:
        """An event by its words; by those of its clause, where others are called so too."""
        scene = self.scene
        name = scene.document.text[slice(*span)]
        if any(e.kind == kind and e.ref.thing.name == name for e in scene.events):
            span = Span(clause.span.start, span.end)
        thing = scene.referents.mint(kind.lower(), scene.document.text[slice(*span)])
        event = Event(Ref(thing, span), kind, scene.sentence, clause)
        scene.events.append(event)
        return event

    def _where(self, event: Event, end: int, clause: Clause) -> None:
        """Where a meeting was: `in Geneva`, `at the border village of …`."""
        if found := _PLACE.match(self.scene.text, end, clause.span.end):
            span = Span(*found.span("place"))
            part = Part(self.scene.document.text[slice(*span)], span)
            self.scene.propose(clause, event.ref, "place", part, pattern="a meeting in {place}")

    # Agreements

    def _agreed(self, clause: Clause) -> None:
        """`the 2018 deal between A and B`: who is party to it."""
        for phrase in self._told(clause):
            between = _BETWEEN.match(self.scene.text, phrase.span.end)
            listed = self.scene.phrases.listed(between.end(), clause.span.end) if between else []
            parties = [ref for one in listed for ref in self._party(one)]
            if len(parties) > 1:
                whole = Span(phrase.span.start, listed[-1].span.end)
                event = self._agreement(phrase, whole, clause)
                self._parties(event, parties, clause)
                self._of_year(event, phrase, clause)

    def _party(self, phrase: Phrase) -> list[Ref]:
        """Who is meant; `him` is whoever of the sentence was named last before."""
        if phrase.words not in ("him", "her"):
            return self.scene.referents.of(phrase, _ACTORS)
        before = self.scene.phrases.within(Span(self.scene.segment.span.start, phrase.span.start))
        people = [m for m in before if m.thing.kind == "person"][-1:]
        return [Ref(m.thing, phrase.span, (m.span, *m.chain)) for m in people]

    def _of_day(self, clause: Clause) -> None:
        """Of `Thursday's declaration`, once it was told: its day."""
        scene = self.scene
        for found in _DAYS.finditer(scene.text, *clause.span):
            named = scene.sayings.named(found["noun"])
            last = self._last("Agreement")[-1:] if named and named.of == "Agreement" else []
            when = next(iter(dates(scene.text, *found.span("day"), scene.today)), None)
            if not last or last[0].dated or when is None:
                continue
            ref = Ref(
                last[0].ref.thing, Span(*found.span()), (last[0].ref.span, *last[0].ref.chain)
            )
            part = Part(when.edtf, when.span, when.basis, when.because)
            fields = {"valid_basis": when.basis}
            scene.propose(clause, ref, "occurred", part, fields=fields)

    def _of_year(self, event: Event, phrase: Phrase, clause: Clause) -> None:
        """Of `the 2018 deal`: its year."""
        if (year := re.match(r"(?:19|20)\d\d(?!\w)", phrase.words)) and not event.dated:
            event.dated = year[0]
            part = Part(year[0], Span(phrase.span.start, phrase.span.start + 4), "stated")
            fields = {"valid_basis": "stated"}
            self.scene.propose(clause, event.ref, "occurred", part, fields=fields)

    def _signed(self, clause: Clause) -> None:
        """`The declaration was signed by A and B`, `… during A's talks with B`."""
        for phrase in self._told(clause):
            found = _SIGNED.match(self.scene.text, phrase.span.end, clause.span.end)
            if found is None or phrase.whole.start > clause.subject.start:
                continue  # `the report on the deal was signed`
            event = self._agreement(phrase, phrase.span, clause)
            by = re.compile(r"\sby\s").match(self.scene.text, found.end(), clause.span.end)
            listed = self.scene.phrases.listed(by.end(), clause.span.end) if by else []
            self._parties(event, self.scene.referents.of_all(listed, _ACTORS), clause)
            met = [e for e in self._last("Meeting") if e.sentence == self.scene.sentence]
            if met:
                pattern = "{object} was signed at {subject}"
                self.scene.propose(clause, met[-1].ref, "RESULTED_IN", event.ref, pattern=pattern)

    def _told(self, clause: Clause) -> Iterator[Phrase]:
        """The phrases of a clause that tell an agreement."""
        for phrase in self.scene.every_phrase(*clause.span):
            named = self.scene.sayings.named(phrase.head)
            if named and named.of == "Agreement":
                yield phrase

    def _agreement(self, phrase: Phrase, whole: Span, clause: Clause) -> Event:
        """The agreement that a phrase means: one of that name, the one told last, or a new one."""
        if told := agreement_told(self.scene, phrase):
            return told
        return self._minted("Agreement", whole, clause)

    def _parties(self, event: Event, parties: list[Ref], clause: Clause) -> None:
        for one in parties:
            self.scene.propose(
                clause, one, "PARTY_TO", event.ref, pattern="a deal between {A} and {B}"
            )
        event.actors = event.actors or parties

    def _came_of(self) -> None:
        """Who had come together and then signed: that came out of their meeting."""
        for event in self.scene.events:
            if event.kind != "Agreement" or event.sentence != self.scene.sentence:
                continue
            verb = re.compile(r"\w+").match(self.scene.text, event.ref.span.start)
            if not verb or not self.scene.sayings.stands_for(verb[0], "meeting"):
                continue
            people = {r.thing.id for r in event.actors if r.thing.kind == "person"}
            near = [e for e in self._last("Meeting") if not e.actors or _ids(e) & people]
            if len(people) > 1 and near and _ids(near[-1]) in (set(), people):
                self._of_meeting(event, near[-1], Span(*verb.span()))

    def _of_meeting(self, event: Event, met: Event, verb: Span) -> None:
        """An agreement of those who had met; they took part, where nobody was told so far."""
        ref = met.ref
        if met.sentence != self.scene.sentence:
            ref = Ref(met.ref.thing, verb, (met.ref.span, *met.ref.chain))
        for one in event.actors if not met.actors else ():
            self.scene.propose(
                event.clause, one, "PARTICIPATED_IN", ref, pattern="signed at a meeting"
            )
        met.actors = met.actors or event.actors
        pattern = "signed at a meeting"
        self.scene.propose(event.clause, ref, "RESULTED_IN", event.ref, pattern=pattern)


def agreement_told(scene: Scene, phrase: Phrase) -> Event | None:
    """The agreement told before that a phrase means: of the same name, else `the deal`."""
    told = [e for e in scene.events if e.kind == "Agreement"]
    named = _capitals(phrase.words)
    same = [e for e in told if named and named <= _capitals(e.ref.thing.name)]
    whose = re.match(r"\w+day's\s\w+$", phrase.words)
    plain = (definite(phrase) or bool(whose)) and not named
    found = (same or (told if plain else []))[-1:]
    if not found:
        return None
    chain = (found[0].ref.span, *found[0].ref.chain)
    ref = Ref(found[0].ref.thing, phrase.whole, chain)
    again = Event(ref, "Agreement", scene.sentence, scene.clauses[0], actors=found[0].actors)
    again.dated = found[0].dated
    return again


def _capitals(words: str) -> set[str]:
    """The words of a name, without what dates it and what sort of thing it is."""
    found = set(re.findall(r"[A-Z][\w-]+", words))
    return found - among("months") - among("days") - _SORTS


def _ids(event: Event) -> set[str]:
    return {ref.thing.id for ref in event.actors}


_SORTS = frozenset(("Declaration", "Agreement", "Treaty", "Accord", "Accords", "Pact", "Protocol"))
