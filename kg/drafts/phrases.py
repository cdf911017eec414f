"""Phrases and clauses of a sentence, by closed classes of words and the verbs that patterns use."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kg.drafts.gazetteer import Mention
from kg.drafts.patterns import Sayings
from kg.drafts.proposals import Span
from kg.drafts.words import among, either, filled, given, words

TOKEN = re.compile(r"\d{1,3}(?:,\d{3})+|[^\W_]+(?:[-.'&/][^\W_]+)*\.?(?<!\w\w\.)|[^\w\s]")
POSSESSIVE = re.compile(r"'s?\b|'(?=\s)")
CALLED = re.compile(
    r"\s*,?\s*(?:which\s(?:is|are)\s|also\s)?(?:known|tracked|identified)(?:\s\w+)?\sas\s(?:the\s)?|"
    r"\s*,?\s*(?:called|named|dubbed|nicknamed)\s(?:the\s)?|"
    r"\s(?:that\s|which\s)?(?:it|we|they|he|she|researchers|[A-Z]\w+)\s"
    r"(?:calls?|called|tracks?\sas|dubs?|names?|refers?\sto\sas)\s(?:the\s)?|"
    r"\s(?:from|of|in)\s(?:the|an?)\s(?:\w+\s)?(?:group|gang|crew|collective)\s"
    r"(?:(?:called|named|known\sas)\s)?(?=[A-Z])"
)


@dataclass(frozen=True)
class Phrase:
    """A noun phrase: its words without the article, what it names, and what stands before it."""

    span: Span
    article: str
    mentions: tuple[Mention, ...]
    words: str
    again: Mapping[str, frozenset[str]]
    """Nouns by which a thing of each kind is told."""

    @property
    def head(self) -> str:
        """The last word before `of` and the like, in lower case."""
        main = re.split(r"\s(?:of|in|at|for|on|from)\s", self.words)[0]
        found = re.findall(r"[\w-]+", main)
        return found[-1].lower() if found else ""

    @property
    def whole(self) -> Span:
        """Where it stands with its article."""
        before = len(self.article) + 1 if self.article else 0
        return Span(self.span.start - before, self.span.end)

    @property
    def named(self) -> Mention | None:
        """The name with which it ends, or which stands before the word for what it names."""
        last = self.mentions[-1] if self.mentions else None
        if last is None or last.people:
            return None
        rest = self.words[last.span.end - self.span.start :].strip()
        if not rest and (unit := self._unit_of(last)):
            return unit
        part = last.thing.kind == "agency" and rest in among("body_parts")
        return last if not rest or (rest in self.again[last.thing.kind] and not part) else None

    def _unit_of(self, last: Mention) -> Mention | None:
        """Of `Unit 26165 of the GRU`: the unit."""
        first = self.mentions[-2] if len(self.mentions) > 1 else None
        if first is None or first.people or {first.thing.kind, last.thing.kind} != {"agency"}:
            return None
        between = self.words[first.span.end - self.span.start : last.span.start - self.span.start]
        return first if between in (" of ", " of the ") else None


class Phrases:
    """Reads phrases out of a text in which the names are known. `text` may be masked."""

    def __init__(self, text: str, mentions: Sequence[Mention], sayings: Sayings) -> None:
        self.text = text
        self.mentions = mentions
        self.starts = [m.span.start for m in mentions]
        self.sayings = sayings

    def mention_at(self, at: int) -> Mention | None:
        """The name that starts there."""
        i = bisect_left(self.starts, at)
        return self.mentions[i] if i < len(self.starts) and self.starts[i] == at else None

    def within(self, span: Span) -> list[Mention]:
        """The names in a part of the text."""
        low, high = bisect_left(self.starts, span.start), bisect_left(self.starts, span.end)
        return list(self.mentions[low:high])

    def phrase(self, start: int, end: int) -> Phrase | None:
        """The noun phrase that starts there; None where none does."""
        at, article = self._opening(start, end)
        first, stop, nouns = at, at, 0
        while at < end and (token := TOKEN.match(self.text, at, end)):
            if mention := self.mention_at(at):
                stop, nouns = min(mention.span.end, end), nouns + 1
                backed = _BACKED.match(self.text, stop, end)
                stop = backed.end() if backed else stop  # `Ruritania-backed hackers`
            elif self._joins(token, nouns, end):
                at = self._skip(token.end(), end)
                at += 4 if self.text.startswith("the ", at) else 0
                continue
            elif self._ends(token, nouns, end):
                break
            else:
                stop, nouns = token.end(), nouns + 1
            if owner := POSSESSIVE.match(self.text, stop, end):
                after = self._skip(owner.end(), end)
                if not re.match(r"[\w]", self.text[after : after + 1]) or after >= end:
                    at = owner.end()
                    break
                at = after
                if adjective := re.compile(r"[a-z]+ed\s(?=[a-z])").match(self.text, at, end):
                    at, stop = adjective.end(), adjective.end() - 1
                continue
            at = self._skip(stop, end)
            joined = at < end and at == stop and self.text[at] != "-" and token[0] not in "$€£"
            if joined or (nouns == 1 and token[0] in _ALONE):
                break
        span = Span(first, stop)
        if stop <= first:
            return None
        mentions = tuple(self.within(span))
        return Phrase(span, article, mentions, self.text[first:stop], self.sayings.again)

    def _opening(self, start: int, end: int) -> tuple[int, str]:
        at, article = self._skip(start, end), ""
        if measure := _MEASURE.match(self.text, at, end):
            at = measure.end()
        while word := re.match(r"[A-Za-z]+\b(?!['-]\w\w)", self.text[at : min(end, at + 14)]):
            if word[0].lower() not in among("determiners") or self.mention_at(at):
                break
            article = word[0].lower()
            at = self._skip(at + word.end(), end)
        return at, article

    def _skip(self, at: int, end: int) -> int:
        while at < end and (self.text[at].isspace() or self.text[at] in '"[]'):
            at += 1
        return at

    def _joins(self, token: re.Match[str], nouns: int, end: int) -> bool:
        if token[0].lower() != "of" or not nouns or self._is_somebody(token.start()):
            return False
        after = TOKEN.match(self.text, self._skip(token.end(), end), end)
        return bool(after and not after[0].lower().endswith("ing"))

    def _is_somebody(self, at: int) -> bool:
        """Whether a person's, group's or state's name ends there: `of` belongs to the verb then."""
        before = self.mentions[max(0, bisect_left(self.starts, at) - 1) :][:1]
        return (
            bool(before)
            and before[0].thing.kind in ("person", "group", "state")
            and before[0].span.end == at - 1
        )

    def _ends(self, token: re.Match[str], nouns: int, end: int) -> bool:
        """Whether a word is none of a phrase's, so many of whose words stand before it."""
        word, low = token[0], token[0].lower()
        if not word[0].isalnum() and word not in "$€£":
            return True
        if nouns == 0 and low in among("pronouns") - {"which", "that", "who", "whom", "what"}:
            return False
        if low in _CLOSED and not (word[0].isupper() and nouns and low not in among("auxiliaries")):
            return not (low in among("determiners") and nouns and low in ("both", "all"))
        if nouns and low.endswith("ly") and word.islower() and self._before_verb(token, end):
            return True
        if nouns and (low in among("temporal") or word in among("days")):
            return True
        if nouns and _WHILE.match(self.text, token.start(), end):
            return True
        if nouns == 0 or not word.islower():
            return (
                low in self.sayings.pasts and word.islower() and not self._before_noun(token, end)
            )
        return self._is_verb(token, low, end)

    def _is_verb(self, token: re.Match[str], low: str, end: int) -> bool:
        following = TOKEN.match(self.text, self._skip(token.end(), end), end)
        after = following[0] if following else ""
        opens = after.lower() in among("determiners") | among("prepositions") | among(
            "pronouns"
        ) or (after[:1].isupper() or after[:1].isdigit() or after[:1] in "$€£" or not after)
        if low in self.sayings.pasts or (re.fullmatch(r"[a-z]{3,}ed", low)):
            return True
        if low in among("no_adjectives"):
            return True
        if low.endswith("ing") and len(low) > 4:
            return opens and after.lower() not in ("of",)
        if low in self.sayings.bases and re.search(r"[a-z]s $", self.text[: token.start()][-3:]):
            return bool(opens and after) and after.lower() not in _NO_OBJECT
        if low in self.sayings.thirds and after and self._names_its_subject(token, low):
            return after != "of"
        if low not in self.sayings.thirds or not opens or not after or after == "of":
            return False
        return after.lower() not in _NO_OBJECT

    def _names_its_subject(self, token: re.Match[str], low: str) -> bool:
        """Whether a name stands right before a verb that is no noun too (`Acme operates in`)."""
        before = self.mentions[max(0, bisect_left(self.starts, token.start()) - 1) :][:1]
        beside = bool(before) and before[0].span.end == token.start() - 1
        return beside and not before[0].people and self.sayings.named(low) is None

    def _before_verb(self, token: re.Match[str], end: int) -> bool:
        following = TOKEN.match(self.text, self._skip(token.end(), end), end)
        after = following[0].lower() if following else ""
        return after in self.sayings.verbs or after in among("auxiliaries") or after.endswith("ed")

    def _before_noun(self, token: re.Match[str], end: int) -> bool:
        following = TOKEN.match(self.text, self._skip(token.end(), end), end)
        return bool(following and following[0].islower() and following[0] not in _CLOSED)

    def listed(self, start: int, end: int) -> list[Phrase]:
        """Phrases that stand beside one another: `A, B and C`; `groups known as A and B`."""
        first = self.phrase(start, end)
        if first is None:
            return []
        if (name := self._title(first, end)) is not None:
            first = name
        found, at, joins = [first], first.span.end, [""]
        called = CALLED.match(self.text, at, end)
        plain = first.head == first.words.lower() or not first.words[:1].isupper()
        if called and not first.named and plain:
            return self.listed(called.end(), end) or found
        while joined := _JOINED.match(self.text, at, end):
            following = self.phrase(joined.end(), end)
            if following is None or self._no_item(joined, following, end):
                beside = _BESIDE.match(self.text, at, end)
                if beside is None or not _is_person(found[-1]):
                    break
                at = beside.end()
                continue
            at = following.span.end
            if not self._is_apposed(joined, following, end):
                found.append(following)
                joins.append(joined[0].strip())
            elif following.named and self._better(following.named, found[-1].named):
                found[-1] = following  # `the main agency, the Ministry of Safety, of hacking`
        if joins == ["", ","] and self._explains(found[1], found[0]):
            return found[:1]  # `the Bureau, Ruritania's intelligence agency`
        return found

    def _is_apposed(self, joined: re.Match[str], phrase: Phrase, end: int) -> bool:
        """Whether a phrase between commas is another name of the one before: `the parliament, the
        Storting, in March`."""
        if joined[0].strip() != "," or phrase.article != "the" or not phrase.words[:1].isupper():
            return False
        after = re.compile(r",\s([a-z]+)").match(self.text, phrase.span.end)
        opens = among("prepositions") | among("auxiliaries") | {"which", "who", "whose"}
        return bool(after and (after[1] in opens or after[1] in self.sayings.pasts))

    @staticmethod
    def _explains(phrase: Phrase, before: Phrase) -> bool:
        """Whether a phrase says what a body is that was named: `Ruritania's spy agency`."""
        whose = bool(phrase.mentions) and "'s " in phrase.words
        return bool(before.named) and whose and phrase.words.split()[-1].islower()

    @staticmethod
    def _better(named: Mention, before: Mention | None) -> bool:
        """Whether a name in apposition tells more than that before it (`its service, the FSB`)."""
        return before is None or bool(named.thing.known and not before.thing.known)

    def _title(self, first: Phrase, end: int) -> Phrase | None:
        """Of `the foreign minister, Ada Winter, …`: Ada Winter."""
        if not self.text[first.span.end :].startswith(","):
            return None
        if not all(mention.people for mention in first.mentions):
            return None
        named = self.mention_at(first.span.end + 2)
        if first.head in ("victim", "target") and named:
            return self.phrase(named.span.start, end)
        if first.head in among("organization_nouns") and named and first.article != "a":
            firm = named.thing.kind == "organization"
            return self.phrase(named.span.start, end) if firm else None
        if first.article not in _WHOSE or named is None or named.thing.kind != "person":
            return None
        lower = first.words.islower() or (first.mentions and first.head.islower())
        return self.phrase(named.span.start, end) if lower else None

    def _no_item(self, joined: re.Match[str], phrase: Phrase, end: int) -> bool:
        """Whether what follows a comma or `and` starts something new: an apposition, a clause."""
        alone = "and" not in joined[0] and "or" not in joined[0]
        if alone and phrase.head.endswith("s") and numeral(phrase.words.split()[0]):
            more = _JOINED.match(self.text, phrase.span.end, end)
            return more is None  # `the GRU and the FSB, two services`
        if re.search(r"including|among", joined[0]) and phrase.named is None:
            return True
        if alone and re.match(r"(?:both|all)\s", self.text[joined.end() :]):
            return True  # `A and B, both officers`
        if _is_person(self._last(joined)) and _BESIDE.match(self.text, joined.start(), end):
            return True
        if alone and phrase.article in ("a", "an") and not phrase.mentions:
            return True
        return alone and "," in joined[0] and phrase.article in ("a", "an")

    def _last(self, joined: re.Match[str]) -> Mention | None:
        """The name that ends where a list goes on."""
        before = self.mentions[: bisect_left(self.starts, joined.start())]
        return before[-1] if before and before[-1].span.end == joined.start() else None


def _is_person(said: Phrase | Mention | None) -> bool:
    named = said.named if isinstance(said, Phrase) else said
    return named is not None and named.thing.kind == "person"


_ALONE = frozenset(
    form
    for word in among("pronouns") - {"which", "that", "who", "whom", "what"}
    for form in (word, word.title())
)
_WHOSE = ("the", "his", "her", "its", "their")
_BESIDE = re.compile(
    r",\s(?:(?:an?|the|its|his|her)\s(?:[A-Z][a-z]+\s)?[a-z]|(?:also\s)?known\sas\s|aka\s)[^,;]{2,90}(?=,\s)"
)
"""What somebody is, put between commas (`Ada Winter, an officer of the Unit, and …`)."""
_MEASURE = re.compile(
    rf"{either([*words('lower'), *words('upper'), *words('about')])}\s"
    rf"(?=[\d$€£]|{either(given()['numbers'])}\b)",
    re.IGNORECASE,
)
_WHILE = re.compile(
    rf"(?:{either(given()['numbers'])}|\d+|several)\s(?:day|week|month|year)s?\b"
    r"|(?:hours|days|weeks|months|years)\s(?:before|after|earlier|later)\b"
)
"""How long before or after (`the parliament two years earlier`): no part of a phrase."""
_BACKED = re.compile(filled(r"-(?:@backed@|(?:based|owned|listed)\b)"))
_CLOSED = (
    among("prepositions") | among("conjunctions") | among("auxiliaries") | among("adverbs")
    | among("pronouns") | (among("determiners") - {"all", "both"})
)  # fmt: skip
_NO_OBJECT = frozenset(("of", "in", "on", "and", "against", "by", "from", "to", "at"))
_JOINED = re.compile(filled("@joined@"))


@dataclass(frozen=True)
class Clause:
    """A part of a sentence with one subject."""

    span: Span
    subject: Span
    """Where its subject stands; it may be another clause's."""
    relative: bool = False
    """Its subject is the thing before `that` or `which`."""
    anchor: bool = False
    """It tells after or before what something else was."""


def clauses(phrases: Phrases, start: int, end: int) -> Iterator[Clause]:
    """The clauses of a part of a sentence; one without a subject has that of the one before."""
    text = phrases.text
    main = Span(start, start)
    for begin, stop, mark in _cut(phrases, start, end):
        first = _subject_start(phrases, begin, stop)
        verbless = re.match(r"\s*(?:\w+ly\s+)?[A-Za-z']+", text[first:stop])
        word = verbless[0].strip().lower().split()[-1] if verbless else ""
        goes_on = mark == "goes on" or word in among("auxiliaries") or word in phrases.sayings.pasts
        if mark == "relative":
            yield Clause(Span(begin, stop), main, relative=True)
        elif goes_on and main.end > main.start:
            yield Clause(Span(begin, stop), main)
        else:
            listed = phrases.listed(first, stop)
            last = listed[-1].span.end if listed else first
            main = Span(first, last)
            yield Clause(Span(begin, stop), main, anchor=mark == "anchor")


def _subject_start(phrases: Phrases, begin: int, stop: int) -> int:
    """Where a clause's subject starts: behind what is put before it (`In June 2018, …`)."""
    text = phrases.text
    at = begin
    while at < stop and not text[at].isalnum():
        at += 1
    together = re.match(r"(?:Together|Along) with [^,]{3,80}, ", text[at:stop])
    at += together.end() if together else 0
    lead = re.match(
        r"(?:However|Meanwhile|But|And|Also|Moreover|Instead|Still|Furthermore|Additionally"
        r"|Nevertheless|Nonetheless|Therefore|In addition|As a result|Besides"
        r"|Earlier|Later|Then|Today|Yesterday"
        r"|(?:Hours|Days|Weeks|Months)\s(?:later|earlier)|[A-Z][a-z]+ly)\b,?\s+(?!of\b)",
        text[at:stop],
    )
    if lead:
        at += lead.end()
    dated = re.compile(filled("@dated_lead@")).match(text, at, stop)
    if dated and not text[dated.end() :].startswith(("the same", "that")):
        at = dated.end()
    word = re.match(r"[A-Za-z]+", text[at:stop])
    if _MEASURE.match(text, at, stop):
        return at
    low = word[0].lower() if word else ""
    comma = text.find(", ", at, min(stop, at + 80))
    told = set(re.findall(r"[a-z]+", text[at : max(at, comma)]))
    clause = low in ("while", "although", "when", "after", "before", "since", "until", "as")
    phrase = low in among("prepositions") and not told & (phrases.sayings.pasts | {"is", "was"})
    if comma > 0 and (clause or phrase):
        return comma + 2
    if word and low in among("prepositions"):
        put = phrases.phrase(at + word.end(), stop)
        if put and re.match(
            r"\s(?:the|an?|its|their|it|they|[A-Z]\w+)\s", text[put.span.end : stop]
        ):
            return put.span.end + 1
    return at


def _cut(phrases: Phrases, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """Where clauses begin and end, and how each is joined to the one before."""
    at, mark = start, ""
    for found in _breaks(phrases).finditer(phrases.text, start, end):
        if found.start() <= at and not mark:
            continue
        yield at, found.start(), mark
        at = found.end()
        mark = (
            "relative"
            if found["relative"]
            else "goes on"
            if found["and"]
            else "anchor"
            if found["anchor"]
            else "new"
        )
        if found["ing"]:
            at, mark = found.start("ing"), "goes on"
    yield at, end, mark


def _breaks(phrases: Phrases) -> re.Pattern[str]:
    cached = getattr(phrases.sayings, "breaks", None)
    if cached is None:
        lead = filled("@lead@")
        verb = either([*phrases.sayings.pasts, *(among("auxiliaries") - {"do"})])
        ing = either(f[:-1] + "ing" if f.endswith("e") else f + "ing" for f in words("participles"))
        word = r"(?!and\b|or\b|but\b|that\b)[\w'-]+\s"
        told = rf"(?:the\s|its\s|their\s|an?\s)?(?:{word}){{1,4}}?(?:{verb})\b"
        said = rf"(?:the\s|its\s|their\s|an?\s)?(?:{word}){{1,9}}?(?:{verb})\b"
        third = either(phrases.sayings.thirds)
        cached = re.compile(
            rf"(?P<and>,?\s+(?:and|but|or|then)\s+(?={lead}(?:{verb})\b(?!\s+by\b)))|"
            rf"(?P<relative>(?<!indictment)(?<!complaint),?\s+(?:which|that|who)\s+(?={lead}(?:{verb}|{third})\b))|"
            rf",\s+(?P<ing>{ing})\b|"
            rf"(?P<new>;\s+|\s+that\s+(?!{_NAMING})(?={said})|,?\s+(?:while|whereas|although|though|because|but)\s+|,\s+and\s+(?={told}))|"
            rf"(?P<anchor>{_NO_TIME},?\s+(?:after|before|when|as|since)\s+(?={told}))"
        )
        phrases.sayings.breaks = cached  # type: ignore[attr-defined]
    return cached


_NAMING = (
    r"(?:it|they|he|she|we|[A-Z]\w+)\s(?:calls?|called|tracks?|tracked|dubs?|dubbed|names?|named)\s"
)
"""What somebody calls a thing (`a group that it calls A`) is no clause of its own."""
_NO_TIME = "".join(
    rf"(?<!\b{word})"
    for word in (
        "known",
        "tracked",
        "such",
        "described",
        "identified",
        "well",
        "regarded",
        "serves",
    )
)
"""Behind these, `as` tells no time."""


def numeral(word: str) -> int | None:
    """The number that a word is."""
    if word.isdecimal():  # `²` is a digit, and no number
        return int(word)
    found = given()["numbers"].get(word.lower())
    return int(found) if found is not None else None
