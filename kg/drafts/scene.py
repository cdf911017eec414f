"""One part of a sentence in one voice, as the drafter by rules works on it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache
from typing import Any

from kg.drafts.dates import When, dates
from kg.drafts.document import Document
from kg.drafts.patterns import Literal, Pattern, Sayings, reading
from kg.drafts.phrases import Clause, Phrase, Phrases
from kg.drafts.proposals import Part, Proposal, Ref, Span
from kg.drafts.quantities import Figure, figures
from kg.drafts.refer import Referents
from kg.drafts.voices import Segment, says_so
from kg.drafts.words import among, either, filled, inflected, words


@dataclass
class Event:
    """Something that happened, as this document tells it."""

    ref: Ref
    kind: str
    sentence: int
    clause: Clause
    targets: list[Ref] = field(default_factory=list)
    actors: list[Ref] = field(default_factory=list)
    attempted: Span | None = None
    hedge: Span | None = None
    dated: str = ""
    collective: bool = False
    voice: Ref | None = None
    """Whose accusation it is."""


@dataclass(frozen=True)
class Match:
    """A pattern that fits: where its words stand, and what fills its slots."""

    pattern: Pattern
    start: int
    end: int
    filled: tuple[tuple[str, Span], ...]
    """Slot → from where it is to be read, up to where."""
    hedge: Span | None


@dataclass
class Scene:
    """A voice's part of a sentence, its clauses, and what has been found in it."""

    document: Document
    referents: Referents
    sayings: Sayings
    segment: Segment
    clauses: list[Clause]
    events: list[Event]
    """Of the whole document so far."""
    proposals: list[Proposal] = field(default_factory=list)
    today: date | None = None

    @property
    def phrases(self) -> Phrases:
        """The masked text and its names."""
        return self.referents.phrases

    @property
    def text(self) -> str:
        """The text, without the words that only say who speaks."""
        return self.phrases.text

    @property
    def sentence(self) -> int:
        """The number of the sentence."""
        return self.referents.context.sentence

    # Finding patterns

    def matches(self, pattern: Pattern, clause: Clause) -> Iterator[Match]:
        """Where a pattern fits in a clause."""
        literal, slot = pattern.parts[0]
        for found in literal.pattern.finditer(self.text, clause.span.start, clause.span.end):
            if not reading(self.text, literal, found):
                continue
            filled = [(slot, Span(found.end(), clause.span.end))] if slot else []
            end: int | None = found.end()
            for more, following in pattern.parts[1:]:
                end = self._next(more, end or 0, clause)
                if end is None:
                    break
                stop = min(end, clause.span.end)
                filled[-1:] = [(filled[-1][0], Span(filled[-1][1].start, stop))] if filled else []
                last = max(clause.span.end, self.segment.span.end if end > clause.span.end else 0)
                words_ = more.pattern.match(self.text, end, last)
                end = words_.end() if words_ else end
                if following:
                    filled.append((following, Span(end, last)))
            if end is not None:
                hedge = _hedge_of(found)
                yield Match(pattern, found.start(), found.end(), tuple(filled), hedge)

    def _next(self, literal: Literal, start: int, clause: Clause) -> int | None:
        """Where the next words of a pattern start: not far, and in the same clause."""
        start = self._past_employer(start, clause)
        found = literal.pattern.search(self.text, start, min(clause.span.end, start + 110))
        if found is None and re.match(r",\s(?:which|who)\b", self.text[clause.span.end :]):
            # `attributed the attack, which hit A, to B`
            end = min(self.segment.span.end, clause.span.end + 160)
            behind = re.compile(r",\s+").finditer(self.text, clause.span.end + 2, end)
            starts = (literal.pattern.match(self.text, comma.end(), end) for comma in behind)
            found = next((one for one in starts if one), None)
        return found.start() if found else None

    def _past_employer(self, start: int, clause: Clause) -> int:
        """Past whom somebody works for: in `blamed hackers working for A for B`."""
        phrase = self.phrases.phrase(start, clause.span.end)
        works = phrase and self.referents.employer(phrase, clause.span.end)
        return works[1].span.end if works else start

    # Who does it

    def subject(
        self, clause: Clause, before: int, kinds: Collection[str], make: str = ""
    ) -> list[Ref]:
        """Who is the subject of words that start at `before` in a clause."""
        control = self._controlled(clause, before, kinds, make)
        if control is not None:
            return control
        if self.text[before] == ",":  # an apposition: `A, a front company for B`
            listed = self.phrases.listed(*clause.subject)
            one = re.compile(r",\s(?:an?|his|her)\s").match(self.text, before)
            if len(listed) > 1 and listed[-1].span.end == before and not one:
                # `A and B, also sanctioned`, and not `A and B, an officer of`
                return self.referents.of_all(listed, kinds, make)
            beside = [m for m in self.phrases.mentions if m.span.end == before]
            return [Ref(m.thing, m.span, m.chain) for m in beside if m.thing.kind in kinds]
        if re.search(r",\s(?:an?|the)\s[\w-]+\s$", self.text[clause.span.start : before]):
            return []  # `a tool used against A`: by whom is not said
        if clause.relative:
            return self._antecedent(clause, kinds, make)
        listed = self.phrases.listed(clause.subject.start, clause.subject.end)
        if not listed or clause.subject.start > before:
            return []
        told = self.text[clause.subject.end : before]
        if re.search(filled("@thinking@"), told) or self.text.startswith("being ", before):
            return []  # `she doubts it can be hacked`, `we saw firms being hacked`
        if before < clause.subject.end:  # words inside the subject: `A and its sub-groups B and C`
            listed = [p for p in listed if p.span.end <= before][-1:]
        refs = self.referents.of_all(listed, kinds, make)
        return refs + self._helpers(clause, before, kinds, refs)

    def _helpers(
        self, clause: Clause, before: int, kinds: Collection[str], refs: list[Ref]
    ) -> list[Ref]:
        """Those with whom it is done: `worked with B to`, `together with B`."""
        part = self.text[clause.span.start : before]
        found = re.search(filled("@helped@"), part)
        if not found or not refs:
            return []
        listed = self.phrases.listed(clause.span.start + found.end(), before)
        have = {ref.thing.id for ref in refs}
        return [ref for ref in self.referents.of_all(listed, kinds) if ref.thing.id not in have]

    def _controlled(
        self, clause: Clause, before: int, kinds: Collection[str], make: str
    ) -> list[Ref] | None:
        """Of `accused X of stealing`: X; nobody where no doer is told; None for a plain subject."""
        start = self._from(clause, before)
        part = self.text[start:before]
        which = re.search(r",\swhich\s[\w ]{2,40}?\s(?:accus|suspect)\w*\sof\s*$", part)
        if which:
            told = self.phrases.within(Span(start, start + which.start()))
            last = [m for m in told if m.thing.kind in kinds and not m.people][-1:]
            return [Ref(m.thing, m.span, m.chain) for m in last]
        accusing = self._accusing(clause, before)
        if accusing is None:
            others = self._of_doing(clause, before) and re.search(filled("@others@"), part)
            return [] if others else None
        if accusing["passive"]:
            return None
        if accusing["beside"] is None:
            listed = self.phrases.listed(start + accusing.end(), before)
            return self.referents.of_all(listed, kinds, make)
        before_it = list(self.every_phrase(start, start + accusing.start()))
        return self.referents.of_all(before_it[-1:], kinds, make)  # `two men accused of …`

    def _accusing(self, clause: Clause, before: int) -> re.Match[str] | None:
        """The words by which somebody is accused of what starts at `before`."""
        if not self._of_doing(clause, before):
            return None
        start = self._from(clause, before)
        part = self.text[start:before]
        return next(reversed(list(re.finditer(filled("@accusing@"), part))), None)

    @staticmethod
    def _from(clause: Clause, before: int) -> int:
        """Where what stands before some words of a clause starts: it may be another clause's."""
        goes_on = clause.span.start >= before and not clause.relative
        return min(clause.subject.start, before) if goes_on else clause.span.start

    def _of_doing(self, clause: Clause, before: int) -> bool:
        """Whether what starts there is told as somebody's doing (`accused of stealing`)."""
        found = re.search(filled("@of_doing@"), self.text[self._from(clause, before) : before])
        if found is None:
            return False
        return found[0] != ", " or re.match(r"\w+ing\b", self.text[before:]) is not None

    def accuser(self, clause: Clause, before: int) -> Ref | None:
        """Of `A accused X of stealing`, `X is accused by A of stealing`: A, who is heard in it."""
        if self.segment.asserter:
            return None
        start, accusing = self._from(clause, before), self._accusing(clause, before)
        if accusing and accusing["passive"]:
            by = re.compile(r"by\s").match(self.text, start + accusing.end(), before)
            listed = self.phrases.listed(by.end(), before) if by else []
            refs = self.referents.of_all(listed, self.sayings.speakers)
            return refs[0] if refs else None
        controlled = self._controlled(clause, before, self.sayings.actors, "")
        if controlled is None or (accusing is None and not controlled):
            return None
        listed = self.phrases.listed(*clause.subject)
        speaker = self.referents.context.speaker
        if speaker and listed and listed[0].words.lower() in ("it", "he", "she"):
            return Ref(speaker.thing, listed[0].whole, (speaker.span, *speaker.chain))
        refs = self.referents.of_all(listed, self.sayings.speakers)
        return refs[0] if refs else None

    def _antecedent(self, clause: Clause, kinds: Collection[str], make: str) -> list[Ref]:
        """The thing before `which`."""
        start = max(self.segment.span.start, clause.span.start - 160)
        told = list(self.every_phrase(start, clause.span.start))
        if not told:
            return []
        for at in range(len(told) - 1, 0, -1):  # `the Institute, a company in Tehran that …`
            between = self.text[told[at - 1].span.end : told[at].span.start].strip()
            rest = self.text[told[at].span.end : clause.span.start]
            verbs = self.sayings.pasts | among("auxiliaries")
            if set(re.findall(r"\w+", rest)) & verbs:
                break
            if re.fullmatch(r",\s*(?:an?|the)", between) and told[at - 1].named:
                return self.referents.of(told[at - 1], kinds, make)
        return self.referents.of(told[-1], kinds, make)

    def every_phrase(self, start: int, end: int) -> Iterator[Phrase]:
        """The phrases of a part of the text, from left to right."""
        at = start
        word = re.compile(r"[\w$€£]")
        while found := word.search(self.text, at, end):
            phrase = self.phrases.phrase(found.start(), end)
            if phrase is None:
                stop = re.compile(r"[\w'.&-]+|.").match(self.text, found.start(), end)
                at = stop.end() if stop else found.end()
            else:
                yield phrase
                at = max(phrase.span.end, found.end())

    # What qualifies it

    def attempt(self, clause: Clause, start: int) -> Span | None:
        """The words before a verb that make it an attempt."""
        before = self.text[max(clause.span.start, start - 60) : start]
        offset = max(clause.span.start, start - 60)
        pattern = "|".join(
            inflected(phrase.removesuffix(" to")) + r"\s+to"
            for phrase in words("attempt")
            if phrase.endswith(" to")
        )
        found = re.search(rf"\b((?:{pattern}))\s+(?:\w+ly\s+)?$", before)
        return Span(offset + found.start(1), offset + found.end(1)) if found else None

    def hedge(self, clause: Clause, start: int, end: int) -> Span | None:
        """The words that qualify an attribution, between its subject and the end of its verb."""
        first = max(self.segment.span.start, min(clause.span.start, clause.subject.start))
        found = re.compile(rf"\b{either(words('hedges'))}\b").search(self.text, first, end)
        return Span(*found.span()) if found else self.segment.hedge

    def qualified(self, edge: str) -> tuple[dict[str, str], dict[str, Span]]:
        """What the words of this part say of a relation besides (`citing overlaps in code`): the
        qualifiers, and where each is told."""
        given: dict[str, str] = {}
        told: dict[str, Span] = {}
        for one in self.sayings.qualifiers:
            if one.of != edge or one.property in given:
                continue
            literal, slot = one.pattern.parts[0]
            found = literal.pattern.search(self.text, *self.segment.span)
            if found and slot is None:
                given[one.property] = one.pattern.value or self.document.text[slice(*found.span())]
                told[one.property] = Span(*found.span())
        return given, told

    def negation(self, clause: Clause, start: int, end: int) -> Span | None:
        """The word before a verb that denies it."""
        first = max(clause.span.start, start - 40)
        found = re.compile(
            r"\b(?:(?:did|does|do|was|were|is|are|has|have|had)(?:\s+not|n't)|never|not)\b"
        ).search(self.text, first, end)
        if found:
            return Span(*found.span())
        denied = re.compile(rf"\b(?P<word>{denials()})\b(?:(?!\sand\s)[^,;]){{0,60}}$").search(
            self.text[:start], max(self.segment.span.start, start - 90)
        )
        if denied is None:
            denied = _disbelief().search(
                self.text[:start], max(self.segment.span.start, start - 60)
            )
        return Span(*denied.span("word")) if denied else None

    def denier(self, negation: Span) -> Ref | None:
        """Who is the subject of the word that denies."""
        clause = next((c for c in self.clauses if c.span.holds(negation)), None)
        listed = self.phrases.listed(*clause.subject) if clause else []
        refs = self.referents.of_all(listed, self.sayings.speakers)
        return refs[0] if refs else None

    def figure(self, start: int, end: int) -> Figure | None:
        """The number that stands right there."""
        found = next(figures(self.text, start, min(end, start + 60)), None)
        between = self.text[start : found.span.start] if found else ""
        near = not re.search(r"[,;.]|\b(?:from|by|in|on|of)\b", between)
        return found if found and near and len(between) < 30 else None

    def whens(self, clause: Clause) -> list[When]:
        """The dates in a clause."""
        end = min(
            self.segment.span.end, clause.span.end + 8
        )  # `a day after` ends where `after` begins one
        found = dates(self.text, clause.span.start, end, self.today)
        return [when for when in found if when.span.start < clause.span.end]

    # Proposing

    def propose(
        self,
        clause: Clause,
        subject: Ref,
        predicate: str,
        target: Ref | Part,
        *,
        words_: Span | None = None,
        pattern: str = "",
        heard: Collection[Ref] = (),
        **more: Any,
    ) -> None:
        """Add a proposal in this part's voice, or one for each of those who are heard in it."""
        object_ = target if isinstance(target, Ref) else None
        value = target if isinstance(target, Part) else None
        voice: dict[str, Any] = {"asserter": self.segment.asserter, "own": self.segment.own}
        proposal = Proposal(
            subject,
            predicate,
            self._span(
                clause, subject, target, words_, more.get("hedge"), *more.get("told", {}).values()
            ),
            object_,
            value,
            **{**voice, **more},
        )
        same = [
            p
            for p in self.proposals
            if p.triple == proposal.triple and p.negative == proposal.negative
        ]
        if same:
            return
        for who in heard or self._together(proposal):
            voiced = replace(proposal, asserter=who, own=False) if who else proposal
            score, reasons = scored(voiced, self.segment, pattern, self.document)
            self.proposals.append(replace(voiced, score=score, reasons=reasons))

    def _together(self, proposal: Proposal) -> Collection[Ref | None]:
        """Whose word it is, where several say one thing together: each one's."""
        spoken = proposal.asserter is not None and proposal.asserter == self.segment.asserter
        others = self.segment.others if spoken else ()
        return (proposal.asserter, *others) if others else (None,)

    def _span(self, clause: Clause, subject: Ref, target: Ref | Part, *words_: Span | None) -> Span:
        start, end = clause.span
        told = (subject.span, target.span, *words_, clause.subject)
        inside = [s for s in told if s and s.start < s.end and self.segment.span.holds(s)]
        voiced = self.segment.hedge
        inside += [voiced] if voiced and voiced in words_ else []
        start = min([start, *(s.start for s in inside)])
        end = max([end, *(s.end for s in inside)])
        whole = self.document.plain
        while end > start and whole[end - 1] in " ,;.":
            end -= 1
        while start < end and whole[start] in ' ,;."':
            start += 1
        return Span(start, end)


@cache
def denials() -> str:
    """Words by which somebody denies something."""
    return "|".join(inflected(verb) for verb in words("denials"))


@cache
def _disbelief() -> re.Pattern[str]:
    """Words before a clause by which it is not so: `no evidence that …`."""
    return re.compile(rf"\b(?P<word>{either(words('unfounded'))})\b[^,;.]{{0,20}}$")


def denying(word: str) -> bool:
    """Whether a word is one of denying, and no mere `not`."""
    return bool(re.fullmatch(denials(), word.lower()))


def _hedge_of(found: re.Match[str]) -> Span | None:
    try:
        return Span(*found.span("hedge")) if found["hedge"] else None
    except IndexError:
        return None


def scored(
    proposal: Proposal, segment: Segment, pattern: str, document: Document
) -> tuple[float, tuple[str, ...]]:
    """How much speaks for a proposal, from 0 to 1, and what."""
    score, reasons = 0.95, []
    if pattern:
        reasons.append(f"said as {pattern!r}")
    for name, ref in (("subject", proposal.subject), ("object", proposal.object)):
        if ref is None:
            continue
        words_ = document.text[ref.span.start : ref.span.end]
        if ref.chain and not _short(words_):
            score -= 0.1
            last = document.text[ref.chain[-1].start : ref.chain[-1].end]
            reasons.append(f"{name} {words_!r} goes back to {last!r}")
        if not ref.thing.known:
            score -= (
                0.06
                if ref.thing.kind
                not in ("incident", "sanction", "meeting", "agreement", "statement")
                else 0.03
            )
            reasons.append(f"{name} {ref.thing.name!r} is new")
    if proposal.negative:
        score -= 0.05
        reasons.append("denied")
    if proposal.value and proposal.value.because:
        score -= 0.05
        reasons.append(proposal.value.because)
    if not proposal.own and proposal.asserter is None:
        score -= 0.1
    reasons.append(_whose(proposal, segment, document))
    return max(0.05, round(score, 2)), tuple(reasons)


def _whose(proposal: Proposal, segment: Segment, document: Document) -> str:
    """Whose word it is, and why: of its part of the sentence, if its own words do not tell."""
    who = proposal.asserter
    if who == segment.asserter and proposal.own == segment.own:
        return segment.because
    return says_so(who, document.text) if who else "by whom, is not told"


def _short(words_: str) -> bool:
    """Whether words are a shorter form of a name, and no pronoun or noun."""
    return words_[:1].isupper() and not words_.lower().startswith(
        ("the ", "it", "they", "he ", "she ")
    )


def nouns(scene: Scene, clause: Clause) -> Iterator[tuple[Phrase, str, dict[str, str]]]:
    """The phrases of a clause that tell an event by a noun: with its kind and what it declares."""
    for phrase in scene.every_phrase(clause.span.start, clause.span.end):
        main = re.split(r"\s(?:of|in|at|for|on|against)\s", counted(phrase.words))[0]
        for found in reversed(list(scene.sayings.noun.finditer(main))):
            if found.end() == len(main) and (named := scene.sayings.named(found[0])):
                yield phrase, named.of, dict(named.given)
                break


def counted(words_: str) -> str:
    """Of `series of attacks`: the attacks."""
    found = re.match(filled(r"(?:\w+\s)?@amounts@\sof\s(?=[a-z])"), words_)
    return words_[found.end() :] if found else words_


def definite(phrase: Phrase) -> bool:
    """Whether a phrase speaks of something that was spoken of before, and says no more of it."""
    bare = [word for word in phrase.words.split() if word not in among("months")]
    return phrase.article in ("the", "this", "that", "these", "those") and len(bare) == 1
