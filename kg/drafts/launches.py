"""Tests, launches and drills that a noun tells: `Ruritania's missile test`, `the drills`, `the
second launch conducted by Ruritania`."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.drafts.dates import dates
from kg.drafts.phrases import Clause, Phrase
from kg.drafts.proposals import Part, Ref, Span
from kg.drafts.scene import Event, Scene, nouns
from kg.drafts.words import filled

_BY = re.compile(r"\s(?:(?:conducted|carried out|staged|held|launched|fired)\s)?by\s")
_AGAIN = re.compile(
    r"(?:[Tt]he|[Tt]his|\w+day's)\s(?:\w+\s)?(?P<noun>test|launch|firing|test-fire)\b"
)
_DAY = re.compile(filled(r"(?P<day>@days@)'s\s"))
_DOERS = frozenset(("state", "agency"))


class Launches:
    """Finds the military acts that phrases of a scene tell."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def find(self) -> None:
        """Each, with who did it and on which day."""
        for clause in self.scene.clauses:
            for phrase in self._told(clause):
                self._one(phrase, clause)

    def _told(self, clause: Clause) -> Iterator[Phrase]:
        """The phrases that tell one; `the test` only where one was told before."""
        for phrase, kind, given in nouns(self.scene, clause):
            if kind == "Incident" and given.get("category") == "military":
                yield phrase
        yield from self._bare(clause.span)

    def _bare(self, span: Span) -> Iterator[Phrase]:
        """`the test`, `Saturday's launch`, where one was told before."""
        for found in _AGAIN.finditer(self.scene.text, *span):
            phrase = self.scene.phrases.phrase(found.start(), span.end)
            if phrase and self._last(phrase):
                yield phrase

    def spoken_of(self, span: Span) -> Iterator[Ref]:
        """Those that a span speaks of, by way of its words (`condemned the launch`)."""
        for phrase in self._bare(span):
            if (last := self._last(phrase)) and not phrase.mentions:
                yield self._again(last, phrase).ref

    def _last(self, phrase: Phrase) -> Event | None:
        """The act told last that a phrase may stand for."""
        told = [
            e for e in self.scene.events
            if e.kind == "Incident" and e.ref.thing.declared.get("category") == "military"
        ]  # fmt: skip
        drill = "drill" in phrase.head or "exercise" in phrase.head
        same = [e for e in told if drill == bool(re.search("drill|exercise", e.ref.thing.name))]
        return same[-1] if same else None

    def _one(self, phrase: Phrase, clause: Clause) -> None:
        scene = self.scene
        if any(e.ref.span.touches(phrase.span) for e in scene.events if e.kind == "Incident"):
            return  # a verb has told it
        if "'s " in phrase.words and phrase.mentions:
            return  # `Ruritania's missile test`: a relation tells it
        actors = self._actors(phrase, clause)
        last = self._last(phrase)
        day = _DAY.match(scene.text, phrase.span.start)
        again = last and (phrase.article in ("the", "this") or day) and not phrase.mentions
        if last and last.actors and actors and not _ids(last.actors) & _ids(actors):
            again = False
        if not again and not actors:
            return
        event = self._again(last, phrase) if last and again else self._new(phrase, clause)
        for one in actors:
            scene.propose(
                clause, event.ref, "ATTRIBUTED_TO", one, pattern="a launch by {object}",
                collective=len(actors) > 1,
            )  # fmt: skip
        event.actors += actors
        if day and not event.dated:
            self._dated(event, day, clause)

    def _actors(self, phrase: Phrase, clause: Clause) -> list[Ref]:
        """Whose it is: `the Ruritanian missile test`, `a drill held by Ruritania`."""
        by = _BY.match(self.scene.text, phrase.span.end, clause.span.end)
        listed = self.scene.phrases.listed(by.end(), clause.span.end) if by else []
        behind = self.scene.referents.of_all(listed, _DOERS)
        within = [
            Ref(m.thing, m.span, m.chain) for m in phrase.mentions
            if m.thing.kind in _DOERS and m.span.start == phrase.span.start
        ]  # fmt: skip
        return behind or within

    def _again(self, last: Event, phrase: Phrase) -> Event:
        ref = Ref(last.ref.thing, phrase.whole, (last.ref.span, *last.ref.chain))
        return Event(
            ref, "Incident", self.scene.sentence, last.clause, [], last.actors, dated=last.dated
        )

    def _new(self, phrase: Phrase, clause: Clause) -> Event:
        declared: dict[str, str | int | bool] = {"category": "military"}
        thing = self.scene.referents.mint("incident", phrase.words, declared)
        event = Event(Ref(thing, phrase.span), "Incident", self.scene.sentence, clause)
        self.scene.events.append(event)
        return event

    def _dated(self, event: Event, day: re.Match[str], clause: Clause) -> None:
        """Of `Saturday's test`: its day."""
        when = next(iter(dates(self.scene.text, *day.span("day"), self.scene.today)), None)
        if when is not None:
            part = Part(when.edtf, when.span, when.basis, when.because)
            fields = {"valid_basis": when.basis}
            self.scene.propose(clause, event.ref, "occurred", part, fields=fields)


def _ids(refs: list[Ref]) -> set[str]:
    return {ref.thing.id for ref in refs}
