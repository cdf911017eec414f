"""What agreements hold: what their sides promised, as the text tells it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from kg.drafts.gatherings import agreement_told
from kg.drafts.phrases import Clause, Phrase
from kg.drafts.proposals import Ref, Span
from kg.drafts.scene import Event, Scene, definite
from kg.drafts.words import filled

_PROMISED = re.compile(filled("@promised@"))
_HOLDS = re.compile(filled("@agreement_holds@"))
_AGREED = re.compile(filled("@agreed_to@"))
_BOTH = re.compile(filled("@both_sides_will@"))
_ON_TERMS = re.compile(filled("@on_terms@"))
_ALSO = re.compile(r"(?:(?:also|then|further|jointly|together)\s)?")
_WHAT = re.compile(r"(?:an?\s|the\s)?(?P<what>[^.;]+?)(?=,\s(?:among|including|which)\b|[.;]|$)")
_UNSURE = re.compile(r"\b(?:potential|possible|may|might|consider)\b")
_TRYING = re.compile(r"\b(?:efforts?|work towards?|try|seek|strive|cooperation)\b")
_SIDES = frozenset(("person", "state", "agency"))


class Promises:
    """Finds what is promised in a scene."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene

    def find(self) -> None:
        """`agreed that A would …`; `the deal obliges A to …`; `A agreed to …`."""
        here = [
            e for e in self.scene.events
            if e.kind == "Agreement" and e.sentence == self.scene.sentence
        ]  # fmt: skip
        if event := here[-1] if here else self._under():
            self._told_behind(event, event.ref.span.end)
            return
        for clause in self.scene.clauses:
            if self._held(clause) or self._agreed(clause) or self._both(clause):
                return

    # Where it is told

    def _told_behind(self, event: Event, start: int) -> bool:
        """What is promised behind the words for an agreement."""
        text, end = self.scene.text, self.scene.segment.span.end
        start -= 3 if text[start - 3 : start] == " to" else 0  # `agreed to`
        start -= 4 if re.search(r"\snot\sto$|\snot$", text[:start]) else 0  # `agreed not to`
        promise = _PROMISED.search(text, start, end)
        if promise is None or re.search(filled("@refused@"), text[start : promise.start("what")]):
            return False
        self._commitments(event, Span(*promise.span("what")), self._obliged(start, promise.start()))
        traded = re.compile(r"\s(?:in exchange for|in return for)\s").match(
            text, promise.end("what")
        )
        for phrase in _traded(text, traded.end(), end) if traded else ():
            self._commit(event, phrase, None)
        return True

    def _under(self) -> Event | None:
        """Of `Under the deal, A will …`: the agreement that was told last."""
        under = re.compile(r"[Uu]nder (?=the (?:agreement|deal|accord|pact|treaty|declaration)\b)")
        found = under.search(self.scene.text, *self.scene.segment.span)
        phrase = (
            self.scene.phrases.phrase(found.end(), self.scene.segment.span.end) if found else None
        )
        return self._meant(phrase) if phrase else None

    def _meant(self, phrase: Phrase) -> Event | None:
        """The agreement that a phrase means; one that is told for the first time, if it has a name
        or is `the` one."""
        if told := agreement_told(self.scene, phrase):
            return told
        if not (definite(phrase) or (phrase.article == "the" and phrase.words[:1].isupper())):
            return None
        thing = self.scene.referents.mint("agreement", phrase.words)
        event = Event(
            Ref(thing, phrase.span), "Agreement", self.scene.sentence, self.scene.clauses[0]
        )
        self.scene.events.append(event)
        return event

    def _held(self, clause: Clause) -> bool:
        """`The agreement obliges A to …`, `the treaty provides for a joint force`."""
        end = self.scene.segment.span.end
        found = _HOLDS.search(self.scene.text, clause.subject.start, end)
        phrase = self.scene.phrases.phrase(clause.subject.start, found.start()) if found else None
        named = self.scene.sayings.named(phrase.head) if phrase else None
        if not found or not phrase or not named or named.of != "Agreement":
            return False
        event = self._meant(phrase) if phrase.span.end == found.start() else None
        if event is None:
            return False
        if found["to"]:
            return self._told_behind(event, found.end())
        told = _WHAT.match(self.scene.text, found.end(), end)
        if told is None:
            return False
        self._commit(event, Span(*told.span("what")), None)
        return True

    def _agreed(self, clause: Clause) -> bool:
        """`A (also) agreed to …`: of the agreement that A is a side of."""
        found = _AGREED.search(self.scene.text, *clause.span)
        who = self.scene.subject(clause, found.start(), _SIDES) if found else []
        event = agreed_by(self.scene, who)
        if (
            found is None
            or event is None
            or self.scene.negation(clause, found.start(), found.end())
        ):
            return False
        again = _by_words(event, Span(*found.span("agreed")), self.scene.sentence)
        states = [ref.thing.id for ref in who if ref.thing.kind == "state"]
        obliged = states[0] if len(states) == 1 else None
        promise = _PROMISED.match(
            self.scene.text, found.end("agreed") + 1, self.scene.segment.span.end
        )
        if promise:
            self._commitments(again, Span(*promise.span("what")), obliged)
        return promise is not None

    def _both(self, clause: Clause) -> bool:
        """`The two sides will also …`, after their agreement."""
        told = [e for e in self.scene.events if e.kind == "Agreement" and len(e.actors) > 1]
        found = _BOTH.match(self.scene.text, *clause.span) if told else None
        promise = (
            _PROMISED.search(self.scene.text, found.start("will"), self.scene.segment.span.end)
            if found
            else None
        )
        if found is None or promise is None:
            return False
        again = _by_words(told[-1], Span(*found.span("will")), self.scene.sentence)
        self._commitments(again, Span(*promise.span("what")), None)
        return True

    # What it is

    def _commitments(self, event: Event, what: Span, obliged: str | None) -> None:
        for part in _parts(self.scene.text, what):
            self._commit(event, part, obliged)

    def _obliged(self, start: int, before: int) -> str | None:
        named = [
            m
            for m in self.scene.phrases.within(Span(start, before))
            if m.thing.kind == "state" and not m.people
        ]
        return named[-1].thing.id if named else None

    def _commit(self, event: Event, span: Span, obliged: str | None) -> None:
        text = self.scene.document.text
        span = Span(_ALSO.match(text, *span).end(), span.end)  # type: ignore[union-attr]
        terms = _ON_TERMS.search(text, *span)
        unsure = terms or _ON_TERMS.match(text, span.end) or _UNSURE.search(text, *span)
        span = Span(span.start, terms.start() if terms else span.end)
        trying = _TRYING.search(text, *span)
        declared: dict[str, str | int | bool] = {
            "modality": "potential" if unsure else "effort" if trying else "firm"
        }
        if obliged:
            declared["obliges"] = obliged
        ref = self._again(span)
        if ref is None:
            mint = self.scene.referents.mint("commitment", text[slice(*span)], declared)
            ref = Ref(mint, span)
            self.scene.referents.context.promised.append(ref)
        clause = event.clause if event.clause.span.holds(event.ref.span) else self.scene.clauses[0]
        whole = Clause(Span(event.ref.span.start, self.scene.segment.span.end), clause.subject)
        pattern = "agreed that … would {object}"
        self.scene.propose(whole, event.ref, "HAS_COMMITMENT", ref, pattern=pattern)

    def _again(self, span: Span) -> Ref | None:
        """A promise that was told before in nearly the same words."""
        text = self.scene.document.text
        words_ = _telling(text[slice(*span)])
        for one in self.scene.referents.context.promised:
            told = _telling(one.thing.name)
            both = told & words_
            share = len(both) / max(1, min(len(told), len(words_)))
            name = any(word.title() in one.thing.name for word in both)
            if share < (0.6 if name else 0.75) or len(both) < 3:
                continue
            ends = [
                m.end() for m in re.compile(r"\w+").finditer(text, *span) if m[0].lower() in both
            ]
            return Ref(one.thing, Span(span.start, ends[-1]), (one.span, *one.chain))
        return None


def agreed_by(scene: Scene, who: Iterable[Ref]) -> Event | None:
    """The agreement told last of which all of these are sides."""
    sides = {_side(ref) for ref in who}
    told = [e for e in scene.events if e.kind == "Agreement" and e.sentence < scene.sentence]
    fits = [e for e in told if sides and sides <= {_side(ref) for ref in e.actors}]
    return fits[-1] if fits else None


def _side(ref: Ref) -> str:
    """A state, or the one for whom somebody speaks."""
    return str(ref.thing.declared.get("represents") or ref.thing.id)


def _by_words(event: Event, words_: Span, sentence: int) -> Event:
    """An agreement by way of the words that stand for it in this sentence."""
    ref = Ref(event.ref.thing, words_, (event.ref.span, *event.ref.chain))
    return Event(ref, "Agreement", sentence, event.clause, actors=event.actors)


def _telling(words_: str) -> set[str]:
    """The words by which two wordings of a promise are compared."""
    return {word.lower() for word in re.findall(r"[^\W\d]{4,}", words_)}


def _traded(text: str, start: int, end: int) -> Iterator[Span]:
    """What is given in exchange, one after another."""
    for found in re.compile(r"(?:(?!\sand\s(?:the|an?)\s|,\s).)+(?:$)?").finditer(text, start, end):
        lead = re.match(r"(?:,\s|\s?and\s)?(?:the\s|an?\s)?", found[0])
        first = found.start() + (lead.end() if lead else 0)
        last = found.end()
        while last > first and text[last - 1] in " .,;":
            last -= 1
        if last - first > 6:
            yield Span(first, last)


def _parts(text: str, promised: Span) -> Iterator[Span]:
    """The promises in what is promised: `open the port and to lower the tariff`."""
    at = promised.start
    for found in re.compile(r",?\sand\s(?:to|will|would)\s|\sand\s(?=may\s|might\s)").finditer(
        text, *promised
    ):
        yield Span(at, found.start())
        at = found.end()
    yield Span(at, promised.end)
