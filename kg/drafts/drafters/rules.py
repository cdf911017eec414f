"""By rules: names of the ledger and the document, and the patterns of the ontology (`said_as`)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from kg.drafts.drafters import Given
from kg.drafts.gatherings import Gatherings
from kg.drafts.happenings import Happenings
from kg.drafts.launches import Launches
from kg.drafts.naming import names_in
from kg.drafts.patterns import Sayings
from kg.drafts.phrases import Phrases, clauses
from kg.drafts.proposals import Proposal, Ref, Span
from kg.drafts.refer import Noted, Referents
from kg.drafts.relations import AIMED, Relations
from kg.drafts.scene import Event, Scene, denials
from kg.drafts.sentences import sentences
from kg.drafts.voices import Segment, Voices
from kg.drafts.words import filled

NAME = "rules"
_NEAR = 60
"""So many characters before a word of saying stands who says so."""
_JOINED = re.compile(r"\b(?:and|but|who|which)\b")
"""Of `A summoned B and said`: it is not B."""
_ALSO = re.compile(r"(?:They|It|He|She)\s(?:\w+\s)?also\b")
"""Goes on with what was told: by whoever told the sentence before."""
DOC = "by patterns of the ontology and names of the ledger; needs no model and no network"


def draft(given: Given) -> Iterable[Proposal]:
    """Read sentence after sentence."""
    return _Reader(given).read()


def heard(given: Given) -> Iterator[tuple[Span, Ref]]:
    """The sentences in which somebody else than the document speaks, and who: what a person who
    adds a claim is offered."""
    reader = _Reader(given)
    for number, sentence in enumerate(reader.spans):
        reader.referents.context.sentence = number
        segments, _ = reader.voices.of(sentence)
        read = next((one.asserter for one in segments if one.asserter), None)
        if who := read or reader.before_saying(sentence):
            yield sentence, who


class _Reader:
    def __init__(self, given: Given) -> None:
        self.given = given
        self.document = given.document
        self.spans = list(sentences(given.document))
        self.names = names_in(given.document, self.spans, given.known)
        self.sayings = Sayings(given.ontology)
        self.phrases = Phrases(given.document.plain, self.names, self.sayings)
        self.referents = Referents(self.phrases, given.known)
        self.voices = Voices(self.referents)
        self.events: list[Event] = []
        self.today = given.document.day

    def before_saying(self, sentence: Span) -> Ref | None:
        """Who is named last before the first word of saying or denying, and not far from it."""
        saying = re.compile(rf"\b(?:{filled('@say@')}|{denials()})\b")
        if (verb := saying.search(self.document.plain, *sentence)) is None:
            return None
        near = Span(max(sentence.start, verb.start() - _NEAR), verb.start())
        named = [one for one in self.names if near.holds(one.span)]
        speak = [one for one in named if one.thing.kind in self.sayings.speakers]
        if not speak or _JOINED.search(self.document.plain, speak[-1].span.end, verb.start()):
            return None
        return Ref(speak[-1].thing, speak[-1].span, speak[-1].chain)

    def read(self) -> Iterator[Proposal]:
        last: Segment | None = None
        for number, sentence in enumerate(self.spans):
            self.referents.context.sentence = number
            self.phrases.text = self.document.plain
            segments, masked = self.voices.of(sentence)
            self.phrases.text = _masked(self.document.plain, masked)
            for segment in segments:
                segment = self._continued(segment, last)
                yield from self._scene(segment)
                last = segment

    def _continued(self, segment: Segment, last: Segment | None) -> Segment:
        """A sentence that goes on about the measure that somebody announced is still theirs."""
        publisher = self.document.publisher
        alone = segment.asserter if not segment.others else None
        if alone and publisher and alone.thing.id == publisher[0]:
            return replace(segment, asserter=None, own=True)
        if segment.own and self._open(segment.span.start, segment.span.end):
            return self._quoted(segment, last)
        if not segment.own or last is None or last.asserter is None:
            return segment
        text = self.document.plain[segment.span.start : segment.span.end]
        opening = re.match(r"The\s((?:[a-z-]+\s){1,2})", text)
        told = map(self.sayings.named, opening[1].split()) if opening else ()
        measure = next((noun.of for noun in told if noun), "")
        recent = [e.kind for e in self.events if e.sentence >= self.referents.context.sentence - 1]
        quoted = text.startswith('"') and text.rstrip().endswith('"')
        if quoted or _ALSO.match(text) or (measure in self.sayings.measures and measure in recent):
            because = "goes on in the voice of the sentence before"
            return replace(
                segment, asserter=last.asserter, own=False, because=because, others=last.others
            )
        return segment

    def _open(self, start: int, end: int) -> bool:
        """Whether a sentence is a part of a quotation that other sentences begin or end."""
        text, paragraph = self.document.plain, self.document.plain.rfind("\n", 0, start) + 1
        before, within = text.count('"', paragraph, start), text.count('"', start, end)
        return before % 2 == 1 or (within == 1 and text[start] == '"')

    def _quoted(self, segment: Segment, last: Segment | None) -> Segment:
        """A sentence of a longer quotation: of whoever spoke before it, else of who is named where
        it ends."""
        text, start = self.document.plain, segment.span.start
        before = text.count('"', text.rfind("\n", 0, start) + 1, start) % 2 == 1
        speaker = last.asserter if before and last else None
        ends = text.find('"', start + 1)
        closing = [span for span in self.spans if span.start <= ends < span.end]
        if speaker is None and closing:
            parts, _ = self.voices.of(closing[0])
            speaker = next((part.asserter for part in parts if part.asserter), None)
        because = "stands in a quotation of several sentences"
        return replace(segment, asserter=speaker, own=False, because=because)

    def _scene(self, segment: Segment) -> Iterator[Proposal]:
        self.referents.context.voice = segment.asserter.thing.id if segment.asserter else ""
        found = list(clauses(self.phrases, *segment.span))
        self.referents.context.subject = []
        listed = self.phrases.listed(*found[0].subject)
        context = self.referents.context
        pronoun = listed and listed[0].words.lower() in ("it", "they", "he", "she")
        if segment.asserter and pronoun:
            context.subject = [segment.asserter]  # `A said it had done so`
        unknown = pronoun and segment.nobody
        context.veiled = frozenset([listed[0].span.start] if unknown else [])
        if listed and found[0].subject.start < found[0].subject.end:
            subject = self.referents.of_all(listed, self.sayings.actors)
            own = [ref for ref in subject if not ref.chain]
            self.referents.context.subject = own or self.referents.context.subject
        context.somebody = bool(listed) and not pronoun and not context.subject
        scene = Scene(
            self.document,
            self.referents,
            self.sayings,
            segment,
            found,
            self.events,
            today=self.today,
        )
        happenings = Happenings(scene, self.given.ontology)
        relations = Relations(scene, self.given.ontology, happenings)
        for clause in scene.clauses:
            relations.sectors(clause)
        happenings.find()
        Gatherings(scene).find()
        Launches(scene).find()
        relations.find()
        happenings.date()
        self._note(scene)
        self._speaker(segment)
        self.voices.brought += [
            p.object for p in scene.proposals if p.predicate == "BROUGHT_BY" and p.object
        ]
        yield from scene.proposals

    def _speaker(self, segment: Segment) -> None:
        """`It` in the next sentence is who spoke in this one, if that spoke of no group."""
        context = self.referents.context
        here = [n for n in context.noted if n.sentence == context.sentence]
        groups = any(ref.thing.kind == "group" for n in here for ref in n.refs)
        if segment.asserter and not groups:
            at = len(context.noted) - len(here)
            context.noted.insert(at, Noted([segment.asserter], context.sentence, True))

    def _note(self, scene: Scene) -> None:
        """Remember who was spoken of: subjects first, then everybody named."""
        blamers = [
            p.asserter for p in scene.proposals if p.predicate == "ATTRIBUTED_TO" and p.asserter
        ]
        if blamers:  # `A blamed B`: A named B
            self.referents.context.voice = blamers[0].thing.id
        self.referents.context.blamed += [
            (one.subject, one.object)
            for one in scene.proposals
            if one.predicate == "ATTRIBUTED_TO" and one.object and not one.negative
        ]
        self.referents.context.aimed += [
            (one.predicate, one.subject, one.object)
            for one in scene.proposals
            if one.predicate in AIMED and one.object and one.object.thing.declared.get("unnamed")
        ]
        for edge in ("BROUGHT_BY", "CHARGES", "DESIGNATES", "ATTRIBUTED_TO"):
            told = [p.object for p in scene.proposals if p.predicate == edge and p.object]
            self.referents.context.note(ref for ref in told if not ref.thing.known)
        noted: set[Span] = set()
        for clause in scene.clauses:
            if clause.relative or clause.subject in noted:
                continue
            noted.add(clause.subject)
            listed = self.phrases.listed(clause.subject.start, clause.subject.end)
            refs = self.referents.of_all(listed, self.sayings.actors)
            self.referents.context.note(refs, subject=True)
        past = scene.segment.span.start
        for phrase in scene.every_phrase(*scene.segment.span):
            if phrase.span.start < past:
                continue
            listed = self.phrases.listed(phrase.span.start, scene.segment.span.end)
            past = listed[-1].span.end if listed else past
            refs = [Ref(p.named.thing, p.named.span, p.named.chain) for p in listed if p.named]
            for kind in {r.thing.kind for r in refs}:
                self.referents.context.note([r for r in refs if r.thing.kind == kind])


def _masked(text: str, spans: Iterable[Span]) -> str:
    """The text without these words, and without quotes and brackets; of equal length."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return _DASH.sub(",  ", text).translate(_SIGNS)


_DASH = re.compile(r"\s[—–]\s")
"""What is put between dashes is put between commas."""
_SIGNS = str.maketrans({'"': " ", "[": " ", "]": " "})
