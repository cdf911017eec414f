"""Whose word a sentence is: what is said by somebody, and what the document says itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from kg.drafts.gazetteer import Mention
from kg.drafts.patterns import last_word
from kg.drafts.phrases import Phrase, clauses
from kg.drafts.proposals import Ref, Span
from kg.drafts.refer import Referents
from kg.drafts.words import among, cues, either, filled, inflected, words

OWN = "no one is credited: the document's own voice"


def says_so(who: Ref, text: str) -> str:
    """Why something is somebody's word, whose name may stand further up."""
    words_ = text[slice(*who.span)]
    named = "" if who.thing.name in words_ else f" ({who.thing.name})"
    return f"{words_!r}{named} says so"


@dataclass(frozen=True)
class Segment:
    """A part of a sentence in one voice."""

    span: Span
    asserter: Ref | None
    own: bool
    """The document's own voice."""
    because: str
    hedge: Span | None = None
    """Words of whoever speaks by which all of it is less than certain."""
    nobody: bool = False
    """Somebody speaks whose name was not understood: `it` is no other."""
    others: tuple[Ref, ...] = ()
    """Who says the same with whoever speaks (`A, B and C said`)."""


@dataclass(frozen=True)
class _Frame:
    """Somebody who says something, the words that say so, and what is said."""

    who: Span
    words: Span
    content: Span
    citing: Span | None = None
    """Whom they cite: whose word it is then."""


@cache
def _patterns() -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(pattern) for _, pattern in cues("voices"))


_ADDING = re.compile(
    r",\s+(?P<frame>(?:adding|noting|saying|claiming|alleging|stating|writing|warning|insisting|stressing)(?:\s+that)?)\s+"
)
_INSERTED = re.compile(r",\s+(?P<who>[^,;\"]{2,60}?)\s+(?P<verb>\w+),\s+")
_OURSELVES = re.compile(r"[Ww]e|I|[Oo]ur (?:team|analysts|researchers)")
_BOTH = re.compile(
    r"(?:[Tt]he\s(?:two|three|four)|[Bb]oth)\s(?:governments|countries|sides|states|nations|parties)"
)
_CALLED = re.compile(r"^[^,]{3,60}?\s(?:called|named)\s(?=[A-Z])")
_UNNAMED = re.compile(cues("unnamed")[0][1])


def _of_itself(found: re.Match[str]) -> bool:
    """Whether somebody tells what they will do themselves: that is an act of theirs, and the
    document's word that it took place."""
    announced = re.search("|".join(inflected(v) for v in words("say_that")), found["frame"])
    return bool(announced) and bool(
        re.match(
            r"(?:it|he|she|they|we)\s(?:would|will|was\sready|is\sready|were|plans?|intends?|was|is|had\sdecided|has\sdecided)\b",
            found["content"],
        )
    )


class Voices:
    """Splits sentences by who is heard in them."""

    def __init__(self, referents: Referents) -> None:
        self.referents = referents
        self.speakers = referents.sayings.speakers
        self.brought: list[Ref] = []
        """Who brought the actions that were told so far."""

    def of(self, sentence: Span, *, quoted: bool = False) -> tuple[list[Segment], list[Span]]:
        """The parts of a sentence by voice, and the words that only say who speaks."""
        text = self.referents.phrases.text[sentence.start : sentence.end]
        for cut in re.finditer(filled("@another@"), text):
            who = Span(*(at + sentence.start for at in cut.span("who")))
            if self._speaks(who):
                first, masked = self.of(Span(sentence.start, sentence.start + cut.start()))
                second, more = self.of(Span(who.start, sentence.end))
                return [*first, *second], [*masked, *more]
        unsure = ""
        for pattern in _patterns():
            found = pattern.match(text)
            if found and (frame := self._checked(found, sentence)):
                return self._segments(frame, sentence)
            if found and not unsure and not _of_itself(found) and self._is_short(found["who"]):
                unsure = found["who"]
        if inserted := self._inserted(text, sentence):
            return self._segments(inserted, sentence)
        if further := self._and_said(text, sentence):
            return further
        if unsure:
            because = f"somebody says so, and it is not certain who: {unsure!r}"
            return [Segment(sentence, None, False, because)], []
        return [Segment(sentence, None, True, OWN)], []

    def _is_short(self, who: str) -> bool:
        """Whether words may be one phrase, for somebody, and tell nothing themselves."""
        told = set(re.findall(r"[a-z]+", who))
        return not told & (self.referents.sayings.pasts | {"and", "which", "was", "is", "had"})

    def _and_said(self, text: str, sentence: Span) -> tuple[list[Segment], list[Span]] | None:
        """Of `A rejected the finding and said B`: what A did, and what A says; None for others."""
        found = re.match(filled("@and_said@"), text)
        if found is None:
            return None
        act, frame, content = (
            Span(*(at + sentence.start for at in found.span(name)))
            for name in ("act", "frame", "content")
        )
        first = next(iter(clauses(self.referents.phrases, *act)))
        refs = self._refs(self.referents.phrases.listed(*first.subject))
        if len(refs) != 1:
            return None
        segments, masked = self.of(act)
        second, more = self._segments(_Frame(first.subject, frame, content), sentence)
        return [*segments, *second], [*masked, *more]

    def _checked(self, found: re.Match[str], sentence: Span) -> _Frame | None:
        who = Span(*(at + sentence.start for at in found.span("who")))
        frame = Span(*(at + sentence.start for at in found.span("frame")))
        content = Span(*(at + sentence.start for at in found.span("content")))
        if _of_itself(found):
            return None
        cited = "citing" in found.re.groupindex and found["citing"]
        citing = Span(*(at + sentence.start for at in found.span("citing"))) if cited else None
        return _Frame(who, frame, content, citing) if self._speaks(who) else None

    def _speaks(self, who: Span) -> bool:
        """Whether the words are one phrase, or one with what it is: somebody."""
        listed = self.referents.phrases.listed(who.start, who.end)
        if not listed:
            return False
        rest = self.referents.phrases.text[listed[-1].span.end : who.end]
        if rest.strip(" .'s\"()") and not re.match(
            r"\s+(?:in|of|at|for|from|with|on|briefed|familiar|called|named|who|that)\b|\s\([A-Z]+\)$"
            r"|,\s(?:an?|the|its|his|her|one|who|which|whose)\s",
            rest,
        ):
            return False
        words_ = self.referents.phrases.text[who.start : who.end]
        if words_.strip() in ("it", "he", "she", "they") or _BOTH.fullmatch(words_.strip()):
            return True
        body = listed[0].head in among("agency_nouns") | among("organization_nouns")
        known = bool(self._refs(listed)) or bool(_UNNAMED.search(words_))
        return known or body or words_[:1].isupper()

    def _refs(self, listed: list[Phrase]) -> list[Ref]:
        return self.referents.of_all(listed, self.speakers)

    def _inserted(self, text: str, sentence: Span) -> _Frame | None:
        for found in _INSERTED.finditer(text):
            if re.fullmatch(filled("@say@"), found["verb"]):
                who = Span(*(at + sentence.start for at in found.span("who")))
                words_ = Span(*(at + sentence.start for at in found.span()))
                if self._speaks(who):
                    return _Frame(who, words_, sentence)
        return None

    def _segments(self, frame: _Frame, sentence: Span) -> tuple[list[Segment], list[Span]]:
        if re.fullmatch(_OURSELVES, self.referents.phrases.text[slice(*frame.who)].strip()):
            hedge, because = self._hedged(frame.words), "'we': the document's own voice"
            return [Segment(frame.content, None, True, because, hedge)], [frame.words]
        if _BOTH.fullmatch(self.referents.phrases.text[slice(*frame.who)].strip()):
            because = "of all of them together: the document's own voice"
            return [Segment(frame.content, None, True, because, self._hedged(frame.words))], [
                frame.words
            ]
        asserter, because = self._itself(frame) or self.speaker(frame.citing or frame.who)
        if asserter:
            self.referents.context.speaker = asserter
            self.referents.context.note([asserter])
        hedge = self._hedged(frame.words)
        others = self._beside(frame, asserter)
        segments, at = [], frame.content.start
        for adding in _ADDING.finditer(self.referents.phrases.text, *frame.content):
            part = Span(at, adding.start())
            segments.append(Segment(part, asserter, False, because, hedge, others=others))
            at = adding.end()
        who = self.referents.phrases.text[slice(*frame.who)]
        nobody = asserter is None and not _UNNAMED.search(who)
        part = Span(at, frame.content.end)
        segments.append(Segment(part, asserter, False, because, hedge, nobody, others))
        return segments, [frame.words]

    def _beside(self, frame: _Frame, asserter: Ref | None) -> tuple[Ref, ...]:
        """Who says the same with whoever speaks: of `A, B and C said`, B and C."""
        listed = self.referents.phrases.listed(*frame.who)
        refs = self._refs(listed) if len(listed) > 1 and not frame.citing else []
        ids = {ref.thing.id for ref in refs}
        if asserter is None or asserter.thing.id not in ids or len(ids) < len(listed):
            return ()
        return tuple(ref for ref in refs if ref.thing.id != asserter.thing.id)

    def _hedged(self, frame: Span) -> Span | None:
        """Of `said with high confidence that`, `said it was almost certain that`: those words."""
        found = re.compile(filled("@confidence@")).search(self.referents.phrases.text, *frame)
        return Span(*found.span()) if found else None

    def _itself(self, frame: _Frame) -> tuple[Ref, str] | None:
        """Of `The ministry has blamed A, it said`: the ministry."""
        text = self.referents.phrases.text
        words_ = text[frame.who.start : frame.who.end].strip()
        if words_ not in ("it", "he", "she", "they") or frame.who.start < frame.content.start:
            return None
        first = next(iter(clauses(self.referents.phrases, *frame.content)))
        listed = self.referents.phrases.listed(*first.subject)
        refs = self.referents.of_all(listed, self.speakers)
        if len(refs) != 1 or (words_ in ("he", "she")) != (refs[0].thing.kind == "person"):
            return None
        span = Span(frame.who.start, frame.who.start + len(words_))
        return Ref(
            refs[0].thing, span, (refs[0].span, *refs[0].chain)
        ), f"{words_!r}: the subject of its sentence"

    def speaker(self, who: Span) -> tuple[Ref | None, str]:
        """Who that is, and why; None for somebody who is not named."""
        phrases = self.referents.phrases
        if called := _CALLED.match(phrases.text[slice(*who)]):  # `a channel called Free North`
            who = Span(who.start + called.end(), who.end)
        words_ = phrases.text[who.start : who.end].strip()
        listed = phrases.listed(who.start, who.end)
        last = self.referents.context.speaker
        if last and re.fullmatch(r"(?:it|he|she|they)", words_, re.IGNORECASE):
            span = Span(who.start, who.start + len(words_))
            return Ref(last.thing, span, (last.span, *last.chain)), f"{words_!r}: who spoke last"
        if listed and (found := self._named(listed, words_)):
            return found
        if listed and (titled := self._titled(listed[0])):
            return titled, f"{words_!r}: who is named with that title"
        if listed and (body := self.referents.of(listed[0], self.speakers, "agency")):
            return body[0], f"{words_!r} says so"
        if listed and (staff := self._staff(listed[0], who)):
            return staff, f"{words_!r} speak for it"
        if told := self._whose_paper(words_, who) or self._who_brought(words_, who):
            return told, f"{words_!r}: of who spoke last, or brought it"
        return None, f"the speaker is not named: {words_!r}"

    def _named(self, listed: list[Phrase], words_: str) -> tuple[Ref, str] | None:
        """Who is named where a speaker is told, or looks like a name there."""
        first = listed[0]
        refs = self._refs(listed)
        named = [ref for ref in refs if ref.thing.kind != "state"] or refs
        if named and not self._is_of(first, named[0]):
            return named[0], f"{words_!r} says so"
        bodies = self.speakers - {"state", "person"}
        for mention in reversed(first.mentions):
            if mention.thing.kind in bodies:
                return Ref(mention.thing, mention.span, mention.chain), f"{words_!r} speaks for it"
        if not first.mentions and not _UNNAMED.search(words_) and words_[:1].isupper():
            kind = "person" if len(words_.split()) in (2, 3) else "organization"
            if made := self.referents.of(first, self.speakers, kind):
                return made[0], f"{words_!r} says so"
        return None

    def _titled(self, phrase: Phrase) -> Ref | None:
        """Of `Norway's foreign minister`: the one person whom the document names so."""
        title = re.search(rf"{either(words('titles'))}$", phrase.words)
        definite = phrase.mentions or phrase.article == "the"
        if not title or phrase.named or not definite:
            return None
        text = self.referents.phrases.text
        found: dict[str, Mention] = {}
        for mention in self.referents.phrases.mentions:
            before = text[max(0, mention.span.start - len(title[0]) - 1) : mention.span.start - 1]
            if mention.thing.kind == "person" and before.casefold() == title[0].casefold():
                found.setdefault(mention.thing.id, mention)
        one = next(iter(found.values())) if len(found) == 1 else None
        return Ref(one.thing, phrase.whole, (one.span, *one.chain)) if one else None

    def _staff(self, phrase: Phrase, who: Span) -> Ref | None:
        """Of `analysts at Acme`: Acme."""
        phrases = self.referents.phrases
        at = re.compile(r"\s(?:at|with)\s(?:the\s)?").match(phrases.text, phrase.span.end, who.end)
        if at is None or not _UNNAMED.search(phrase.words):
            return None
        named = phrases.phrase(at.end(), who.end)
        found = self.referents.of(named, self.speakers, "organization") if named else []
        return found[0] if found else None

    def _whose_paper(self, words_: str, who: Span) -> Ref | None:
        """Of `the report`: whoever spoke last, where that is a body."""
        last = self.referents.context.speaker
        the = re.fullmatch(r"[Tt]he\s(\w+)", words_)
        if not the or the[1] not in among("papers") or not last:
            return None
        if last.thing.kind not in ("organization", "agency"):
            return None
        return Ref(last.thing, who, (last.span, *last.chain))

    def _who_brought(self, words_: str, who: Span) -> Ref | None:
        """Of `the indictment` and of prosecutors: the body that brought the action."""
        main = re.split(r"\s(?:in|at|of|from)\s", words_)[0]
        if last_word(main) not in ("indictment", "complaint", "prosecutors") or not self.brought:
            return None
        return Ref(self.brought[-1].thing, who, (self.brought[-1].span, *self.brought[-1].chain))

    @staticmethod
    def _is_of(phrase: Phrase, ref: Ref) -> bool:
        """Whether a phrase means people of a state and not the state (`Dutch officials`)."""
        return ref.thing.kind == "state" and ref.span.end < phrase.span.end and not ref.chain
