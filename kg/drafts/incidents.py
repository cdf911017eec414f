"""Incidents that a noun tells: `the 2021 attack on …`, `it`, `the breach`."""

from __future__ import annotations

import re
from collections.abc import Sequence

from kg.drafts.dates import dates
from kg.drafts.gazetteer import Mention
from kg.drafts.phrases import Clause, Phrase
from kg.drafts.proposals import Part, Ref, Span
from kg.drafts.scene import Event, Scene, definite, nouns
from kg.drafts.words import among, filled, words
from kg.ontology import Ontology

_DOERS = frozenset(("state", "group", "agency"))
_THEFT = re.compile(r"\b(?:theft|thefts|heist|robbery)\b")


def _known_one(phrase: Phrase) -> bool:
    """Whether a phrase praises what was told before (`the most destructive attack`)."""
    return phrase.article in ("the", "this", "that") and bool(
        re.match(
            r"(?:most|worst|biggest|largest|first|latest|recent|same|alleged|massive)\b",
            phrase.words,
        )
    )


class Incidents:
    """Finds the incidents that phrases of a scene tell."""

    def __init__(self, scene: Scene, ontology: Ontology) -> None:
        self.scene = scene
        self.ontology = ontology

    def tells(self, phrase: Phrase) -> list[tuple[str, dict[str, str]]]:
        """The kind of event that the noun of a phrase tells, and what it declares; if it does."""
        return [
            (kind, given)
            for p, kind, given in nouns(self.scene, Clause(phrase.span, phrase.span))
            if p.span.start == phrase.span.start
        ]

    def event_of(
        self, phrase: Phrase, clause: Clause, end: int, hit: Sequence[Ref] = ()
    ) -> Event | None:
        """The incident that a phrase tells; None where it tells none. `hit`: whom it hit, where
        that is told before it (`A was hit by an attack`)."""
        if again := self._told_there(phrase):
            return again
        told = self.tells(phrase)
        known = phrase.named
        if known and known.thing.kind in self.scene.sayings.blamable:
            return self.known_event(Ref(known.thing, known.span, known.chain), clause)
        if not told or told[0][0] != "Incident" or re.search(r"\bidentity theft", phrase.words):
            return None
        incidents = [
            e for e in self.scene.events if e.kind == "Incident" and self._may_be(e, phrase)
        ]
        if phrase.head in among("loose_events") and not self._of_institutions(
            self._victims(phrase, end)
        ):  # `an operation`, `an operation against the gang`: of whom, and what?
            incidents = [e for e in incidents if phrase.head in e.ref.thing.name.split()]
            return self.spoken_of(incidents, phrase) if incidents and definite(phrase) else None
        if self._of_one_told(phrase) and (aimed := self._victims(phrase, end)):
            same = [e for e in incidents if self._hit(e) & {v.thing.id for v in aimed}]
            if same:
                return self.spoken_of(same, phrase)
        elif incidents and (same_day := self._on_that_day(incidents, phrase, end)):
            return self.spoken_of([same_day], phrase)
        elif incidents and (definite(phrase) or _known_one(phrase)):
            several = phrase.head.endswith("s") and len({e.ref.thing.id for e in incidents}) > 1
            return None if several else self.spoken_of(incidents, phrase)
        return self._first_told(phrase, clause, end, hit, told[0][1])

    def _first_told(
        self, phrase: Phrase, clause: Clause, end: int, hit: Sequence[Ref], given: dict[str, str]
    ) -> Event | None:
        """An incident that was not told of before; None for none in particular."""
        mentioned = [m for m in phrase.mentions if m.thing.kind in self.scene.sayings.blamable]
        victims = list(hit) or self._victims(phrase, end)
        if not victims and re.fullmatch(r"[a-z -]+", phrase.words) and not phrase.article:
            return None  # `cyberattacks`, `cyber theft`: none in particular
        if mentioned:
            ref = Ref(mentioned[0].thing, mentioned[0].span, mentioned[0].chain)
        else:
            ref = self._minted(phrase, victims, dict(given or {"category": "cyber"}))
        return self._described(self.known_event(ref, clause), phrase, victims, clause, end)

    def _told_there(self, phrase: Phrase) -> Event | None:
        """The incident that was read out of this very phrase before, with whom it hit."""
        here = (e for e in self.scene.events if e.sentence == self.scene.sentence)
        return next(
            (
                e
                for e in here
                if not e.ref.chain
                and e.ref.span.start < phrase.span.start
                and e.ref.span.end == phrase.span.end
                and e.targets
            ),
            None,
        )

    @staticmethod
    def _may_be(event: Event, phrase: Phrase) -> bool:
        """Whether nothing that was told of an incident is against its being `the January theft`."""
        months = [i for i, m in enumerate(words("months"), 1) if m in phrase.words.split()]
        told = event.dated[5:7]
        return not months or not told.isdigit() or int(told) in months

    def _minted(
        self, phrase: Phrase, victims: list[Ref], declared: dict[str, str | int | bool]
    ) -> Ref:
        """An incident that is called by a phrase and whom it hit, told for the first time."""
        spans = [phrase.span, *(v.span for v in victims)]
        whole = Span(min(s.start for s in spans), max(s.end for s in spans))
        called = self.scene.document.text[whole.start : whole.end]
        return Ref(self.scene.referents.mint("incident", called, declared), whole)

    @staticmethod
    def _of_institutions(victims: list[Ref]) -> bool:
        """Whether somebody was hit who is no group that others hunt."""
        return any(victim.thing.kind not in ("group", "person") for victim in victims)

    @staticmethod
    def _of_one_told(phrase: Phrase) -> bool:
        """Whether a phrase tells no more than what happened, and to whom (`the Acme theft`)."""
        start = phrase.span.start
        rest = phrase.words
        for one in reversed(phrase.mentions):
            rest = rest[: one.span.start - start] + rest[one.span.end - start :]
        return definite(phrase) or (phrase.article == "the" and len(rest.split()) == 1)

    def _on_that_day(self, incidents: list[Event], phrase: Phrase, end: int) -> Event | None:
        """Of `the outage of 14 January`: the incident that was told last, if it is dated so."""
        last = incidents[-1]
        head = phrase.words.split(" of ")[0]
        if phrase.article != "the" or len(head.split()) > 1 or self._victims(phrase, end):
            return None
        behind = dates(self.scene.text, phrase.span.start, phrase.span.end + 12, self.scene.today)
        day = next((w.edtf for w in behind if w.edtf), "")
        told = last.dated if last.dated != "told" else ""
        one = min(len(day), len(told))
        return last if one > 3 and day[:one] == told[:one] else None

    def _hit(self, event: Event) -> set[str]:
        """Whom an incident hit, by all that was told of it."""
        told = [e for e in self.scene.events if e.ref.thing.id == event.ref.thing.id]
        return {victim.thing.id for e in told for victim in e.targets}

    def spoken_of(self, incidents: list[Event], phrase: Phrase) -> Event:
        """Of several incidents the one that a phrase stands for: of its noun, else the last."""
        told = [e for e in incidents if phrase.head.removesuffix("s") in e.ref.thing.name.lower()]
        last = (told or incidents)[-1]
        newest = incidents[-1]
        if newest.sentence >= self.scene.sentence - 1 and last.sentence < self.scene.sentence - 3:
            last = newest  # told just before, and the other long ago
        chain = (last.ref.span, *last.ref.chain)
        ref = Ref(last.ref.thing, phrase.whole, chain)
        return Event(ref, last.kind, last.sentence, last.clause, last.targets, last.actors)

    def known_event(self, ref: Ref, clause: Clause) -> Event:
        """The event of this sentence of which that is the thing; else a new one."""
        for event in self.scene.events:
            if event.ref.thing.id == ref.thing.id and event.sentence == self.scene.sentence:
                return event
        event = Event(ref, "Incident", self.scene.sentence, clause)
        self.scene.events.append(event)
        return event

    def _described(
        self, event: Event, phrase: Phrase, victims: list[Ref], clause: Clause, end: int
    ) -> Event:
        """Whom it hit, and when, as its own phrase says."""
        if event.targets:
            return event
        for victim in victims:
            self.scene.propose(
                clause, event.ref, "TARGETED", victim, pattern="an attack on {TARGETED}"
            )
            event.targets.append(victim)
        if _THEFT.search(phrase.words):
            self._taken(event, phrase, clause)
        self._by_whom(event, phrase, clause, end)
        year = re.search(r"(?<!\w)(?:19|20)\d\d(?!\w)", phrase.words)
        if year:
            span = Span(phrase.span.start + year.start(), phrase.span.start + year.end())
            part = Part(year[0], span, "stated")
            event.dated = year[0]
            self.scene.propose(
                clause, event.ref, "occurred", part, fields={"valid_basis": "stated"}
            )
        else:
            self._dated_behind(event, phrase, clause, end)
        return event

    def _by_whom(self, event: Event, phrase: Phrase, clause: Clause, end: int) -> None:
        """Whose it is said to be: `the attacks by A`, `the malicious activity of A against B`."""
        last = max([phrase.span.end, *(v.span.end for v in event.targets)])
        behind = re.compile(r"\sby\s(?:the\s)?")
        text = self.scene.text
        by = behind.match(text, last, end) or behind.match(text, phrase.span.end, end)
        phrases = self.scene.phrases.listed(by.end(), end) if by else []
        of = re.search(r"\sof\s(?:the\s)?", phrase.words)
        if not by and of and re.match(r"\s(?:against|targeting)\s", self.scene.text[last:end]):
            phrases = self.scene.phrases.listed(phrase.span.start + of.end(), phrase.span.end)
        named = [p.named for p in phrases if p.named and p.named.thing.kind in _DOERS]
        named += self._whose(event, phrase)
        for one in named:
            ref = Ref(one.thing, one.span, one.chain)
            self.scene.propose(
                clause, event.ref, "ATTRIBUTED_TO", ref, pattern="an attack by {object}"
            )
            event.actors.append(ref)

    def _whose(self, event: Event, phrase: Phrase) -> list[Mention]:
        """Of `Ruritania's attack on A`, `the Ruritanian attack on A`: Ruritania."""
        first = phrase.mentions[0] if phrase.mentions else None
        behind = all(victim.span.start > phrase.span.start for victim in event.targets)
        if first is None or not event.targets or not behind or first.span.start > phrase.span.start:
            return []
        rest = phrase.words[first.span.end - phrase.span.start :]
        of_state = first.people and first.thing.kind == "state"
        hit = first.thing.id in {victim.thing.id for victim in event.targets}
        doer = first.thing.kind in _DOERS and (of_state or rest.startswith(("'s ", "' ")))
        deed = not re.search(filled(r"^\s@victim_things@s?\s"), rest)  # `the Latvian port attack`
        return [first] if doer and deed and not hit else []

    def _taken(self, event: Event, phrase: Phrase, clause: Clause) -> None:
        """What was taken: `the theft of 8 billion won`."""
        text = self.scene.text
        noun = _THEFT.search(text, phrase.span.start)
        figure = self.scene.figure(noun.end() + 4, noun.end() + 60) if noun else None
        if not noun or not figure or not figure.unit or text[noun.end() : noun.end() + 4] != " of ":
            return
        fields = {"unit": figure.unit, **({"bound": figure.bound} if figure.bound else {})}
        self.scene.propose(
            clause, event.ref, "amount_stolen", Part(figure.value, figure.span),
            hedge=figure.hedge, fields=fields, pattern="the theft of {amount_stolen}",
        )  # fmt: skip

    def _dated_behind(self, event: Event, phrase: Phrase, clause: Clause, end: int) -> None:
        last = max([phrase.span.end, *(v.span.end for v in event.targets[-1:])])
        when = next(
            (
                w
                for w in dates(
                    self.scene.text, phrase.span.start, min(end, last + 45), self.scene.today
                )
                if w.edtf
            ),
            None,
        )
        if when and not event.dated:
            event.dated = when.edtf
            part = Part(when.edtf, when.span, when.basis, when.because)
            self.scene.propose(
                clause, event.ref, "occurred", part, fields={"valid_basis": when.basis}
            )

    def _past_doer(self, phrase: Phrase, end: int) -> int:
        """Where `the attack by A` ends, before whom it hit."""
        by = re.compile(r"\sby\s(?:the\s)?").match(self.scene.text, phrase.span.end, end)
        doers = self.scene.phrases.listed(by.end(), end) if by else []
        return doers[-1].span.end if doers and doers[-1].named else phrase.span.end

    def _victims(self, phrase: Phrase, end: int) -> list[Ref]:
        kinds = frozenset(k.lower() for k in self.ontology.edges["TARGETED"].targets)
        behind = re.compile(
            filled(r"(?:\s@lately@)?\s(?:on|against|at|targeting|of|into)\s")
        ).match(self.scene.text, self._past_doer(phrase, end))
        if behind:
            listed = self.scene.phrases.listed(behind.end(), end)
            return self.scene.referents.of_all(listed, kinds, "unnamed")
        taken = re.compile(r"\s(?:of\s(?:[^,.;]|[.,]\d){3,70}?\s)?from\s(?:the\s)?").match(
            self.scene.text, phrase.span.end
        ) or re.compile(r"(?:[^,.;]|[.,]\d){0,90}?\sfrom\s(?:the\s)?").match(
            self.scene.text, phrase.span.start
        )
        if taken and _THEFT.search(phrase.words):
            listed = self.scene.phrases.listed(taken.end(), end)
            return self.scene.referents.of_all(listed, kinds, "unnamed")
        inside = re.search(r"\s(?:of|at)\s", phrase.words)
        if inside:
            listed = self.scene.phrases.listed(phrase.span.start + inside.end(), phrase.span.end)
            return self.scene.referents.of_all(listed, kinds, "unnamed")
        first = phrase.mentions[0] if phrase.mentions else None
        if (
            first
            and first.thing.kind in ("organization", "agency")
            and not first.people
            and first.span.start == phrase.span.start
        ):
            return [Ref(first.thing, first.span, first.chain)]
        return []
