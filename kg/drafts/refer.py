"""Who is meant: names, words that stand for what was named before, and names of new things."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from kg.drafts.document import slug
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.phrases import Phrase, Phrases, numeral
from kg.drafts.proposals import Ref, Span, Thing
from kg.drafts.words import among, either, filled, words

_BELONGS = re.compile(rf"\b{either(words('belongings'))}\b")


_PLURALS = among("actor_nouns") - among("actor_sets")
"""Nouns of several actors, of which there is no singular that means the same."""


@dataclass
class Noted:
    """What was spoken of together, in one place."""

    refs: list[Ref]
    sentence: int
    subject: bool
    voice: str = ""
    """Whose word it was; empty for the document's own."""


@dataclass
class Context:
    """What has been spoken of so far."""

    noted: list[Noted] = field(default_factory=list)
    sentence: int = 0
    speaker: Ref | None = None
    voice: str = ""
    """Whose word is read; empty for the document's own."""
    subject: list[Ref] = field(default_factory=list)
    """The subject of the sentence that is read."""
    veiled: frozenset[int] = frozenset()
    """Where a pronoun stands for a speaker who is not known."""
    somebody: bool = False
    """Whether a sentence has a subject of which nothing is known: `its` is of that."""
    blamed: list[tuple[Ref, Ref]] = field(default_factory=list)
    """What was attributed so far, and to whom; the latest last."""
    promised: list[Ref] = field(default_factory=list)
    """What agreements hold, as far as it was told."""
    aimed: list[tuple[str, Ref, Ref]] = field(default_factory=list)
    """At which sets that nobody names measures and attacks were aimed: how, by which, at whom."""

    def note(self, refs: Iterable[Ref], *, subject: bool = False) -> None:
        """Remember what a place speaks of."""
        if refs := list(refs):
            self.noted.append(Noted(refs, self.sentence, subject, self.voice))

    def latest(
        self, kinds: Collection[str], number: int | None, many: bool, before: int | None = None
    ) -> list[Ref]:
        """What was last spoken of, of these kinds: so many together, or one (the first that its
        sentence speaks of), and before a place (`it launched a rocket, the army said`)."""
        fits = [n for n in self.noted if {r.thing.kind for r in n.refs} <= set(kinds)]
        if before is not None:
            fits = [n for n in fits if all(r.span.start < before for r in n.refs)]
        if many or number:
            since = 0 if number else self.sentence - 2
            sets = [
                n.refs for n in fits
                if len(n.refs) > 1 and number in (None, len(n.refs)) and n.sentence >= since
            ]  # fmt: skip
            counted = [
                n.refs for n in fits
                if number and len(n.refs) == 1
                and n.refs[0].thing.declared.get("cardinality") == number
            ]  # fmt: skip
            if sets or counted:
                return (sets or counted)[-1]
            last_subject = [
                n.refs for n in fits
                if n.subject and n.sentence == self.sentence - 1
                and (len(n.refs) > 1 or n.refs[0].thing.kind != "person")
            ]  # fmt: skip
            if not number and last_subject:
                return last_subject[-1]
            every = list({r.thing.id: r for n in fits for r in n.refs}.values())
            return every if number and len(every) == number else []
        if not fits:
            return []
        last = fits[-1].sentence
        same = [n for n in fits if n.sentence == last]
        chosen = next((n for n in same if n.subject), same[0])
        return chosen.refs[:1]

    def told_by_others(self, ref: Ref) -> bool:
        """Whether only others than who speaks now spoke of a thing: whether theirs is the same, is
        not said."""
        voices = {n.voice for n in self.noted if any(r.thing.id == ref.thing.id for r in n.refs)}
        return bool(self.voice) and not voices & {"", self.voice}

    def several(self, kind: str) -> bool:
        """Whether more than one thing of a kind was spoken of in the last sentences."""
        near = [n for n in self.noted if n.sentence >= self.sentence - 2]
        return len({r.thing.id for n in near for r in n.refs if r.thing.kind == kind}) > 1

    def whose_name_has(self, word: str, kind: str) -> list[Ref]:
        """What was last spoken of under a name with that word in it; nothing where one sentence
        has two such names."""
        named = [
            (n.sentence, r)
            for n in self.noted
            for r in n.refs
            if r.thing.kind == kind and word in r.thing.name.casefold().split()
        ]
        last = [ref for sentence, ref in named if sentence == named[-1][0]]
        return last[-1:] if len({ref.thing.id for ref in last}) == 1 else []


class Referents:
    """Finds what phrases of one document mean."""

    def __init__(self, phrases: Phrases, known: Gazetteer) -> None:
        self.phrases = phrases
        self.sayings = phrases.sayings
        self.known = known
        self.context = Context()
        self.minted: dict[str, Thing] = {}
        self.sets: list[tuple[Thing, Span]] = []
        """Sets that nobody names, and where they were told."""
        self.employed: dict[str, tuple[Ref, Span | None]] = {}
        """For whom those work that nobody names, and the words by which that is not certain."""

    def of_all(
        self, phrases: Iterable[Phrase], kinds: Collection[str], make: str = ""
    ) -> list[Ref]:
        """What a list of phrases means; nothing where one of them cannot be told."""
        found: list[Ref] = []
        for phrase in phrases:
            found += self.of(phrase, kinds, make)
        unique = {ref.thing.id: ref for ref in reversed(found)}
        return [ref for ref in found if unique.get(ref.thing.id) is ref]

    def of(self, phrase: Phrase, kinds: Collection[str], make: str = "") -> list[Ref]:
        """What a phrase means, if it is of these kinds; `make`: the kind of what is new here."""
        mention = phrase.named
        # `the embassy in Japan` ends with a name, and means what is not named
        if mention and mention.thing.kind in kinds and not self._only_placed(phrase, mention.span):
            return [Ref(mention.thing, mention.span, mention.chain)]
        if found := self._standing_for(phrase, kinds):
            return found
        if found := self._owner(phrase, kinds):
            return found
        return self._new(phrase, make) if make else []

    def _only_placed(self, phrase: Phrase, span: Span) -> bool:
        before = self.phrases.text[phrase.span.start : span.start].rstrip()
        if phrase.head in among("people_nouns") and re.search(r"\sof\b", before):
            return True  # `eight members of the company Acme`
        return bool(re.search(r"[a-z]\s+(?:of|in|at|for|from)(?:\s+the)?$", before)) or bool(
            re.search(r"\b[a-z][\w-]*\s+of(?:\s+the)?$", before)
        )

    def _standing_for(self, phrase: Phrase, kinds: Collection[str]) -> list[Ref]:
        low = phrase.words.lower()
        whole = phrase.whole
        if low in self.sayings.pronouns:
            return [self._through(ref, whole) for ref in self._pronoun(phrase, kinds)]
        head, number = phrase.head, _number(phrase)
        many = head in _PLURALS or (head.endswith("s") and head[:-1] in self._nouns(kinds))
        definite = phrase.article in among("definite") or (
            many and number is not None and not phrase.mentions
        )
        named = phrase.named or (phrase.mentions and not all(m.people for m in phrase.mentions))
        if named or not definite:
            return []
        for kind in sorted(kinds):
            if kind == "person" and phrase.article in _OWN:
                continue  # `their foreign ministers` are others than they
            found = self._told_of(kind, phrase, many=many)
            if not found and head in _PLURALS and head in self.sayings.nouns_for(kind):
                found = self.context.latest({kind}, None, False) if kind != "person" else []
            if self._theirs_too(head, found) and (not phrase.mentions or many):
                return [self._through(ref, whole) for ref in found]
        return []

    def _told_of(self, kind: str, phrase: Phrase, *, many: bool) -> list[Ref]:
        """The thing of a kind, or the several, that were told before and a noun may stand for."""
        head, number = phrase.head, _number(phrase)
        singular = head if head in _PLURALS else head.removesuffix("s") if many else head
        if singular not in self.sayings.nouns_for(kind):
            return []
        found = self.context.whose_name_has(singular, kind) if not many else []
        part = kind == "agency" and singular in among("body_parts")
        if kind in ("agency", "organization"):  # `its parliament` is no body told before
            part = part or phrase.article in _OWN or self.context.several(kind)
        if not found and not part and (many or not self._capital(phrase)):  # `the panel`
            found = self.context.latest({kind}, number, many)
        if found and kind in ("agency", "organization") and self._another(phrase, found[0]):
            return []
        return found

    def _theirs_too(self, head: str, found: list[Ref]) -> bool:
        """Whether words mean what was told before: `the attackers` of another speaker than who
        named a group need not be that group."""
        return bool(found) and not (head in _PLURALS and self.context.told_by_others(found[0]))

    def _pronoun(self, phrase: Phrase, kinds: Collection[str]) -> list[Ref]:
        """Whom `it` or `they` means: the subject of the sentence, else who was last spoken of."""
        low = phrase.words.lower()
        wanted = self.sayings.pronouns[low] & set(kinds)
        many = low in ("they", "them")
        if many and wanted & {"group", "person"}:
            wanted -= {"agency", "state"}
        here = self.context.subject
        if phrase.span.start in self.context.veiled:
            return []
        fits = all(ref.thing.kind in wanted and ref.span.end < phrase.span.start for ref in here)
        if here and fits and (many or len(here) == 1):
            return here
        return self.context.latest(wanted, None, many, phrase.span.start) if wanted else []

    @staticmethod
    def _capital(phrase: Phrase) -> bool:
        """Whether a noun is written as a name (`the Council`): only what is called so is meant."""
        main = re.split(r"\s(?:of|in|at|for|on|from)\s", phrase.words)[0]
        return bool(re.search(r"(?:^|\s)[A-Z][\w-]*$", main))

    @staticmethod
    def _another(phrase: Phrase, found: Ref) -> bool:
        """Whether what stands before a noun tells another thing (`the interior ministry`)."""
        before = re.findall(r"[a-z][\w-]+", phrase.words)[:-1]
        plain = among("plain_modifiers")
        name = found.thing.name.casefold()
        return any(word not in plain and word not in name for word in before)

    def _nouns(self, kinds: Collection[str]) -> set[str]:
        return {noun for kind in kinds for noun in self.sayings.nouns_for(kind)}

    @staticmethod
    def _through(ref: Ref, span: Span) -> Ref:
        """The same thing, by way of the words that stand for it here."""
        chain = ref.chain if ref.chain else ()
        return Ref(ref.thing, span, (ref.span, *chain))

    def _owner(self, phrase: Phrase, kinds: Collection[str]) -> list[Ref]:
        """Whose networks, accounts or systems are meant: theirs they are."""
        if not phrase.mentions or not _BELONGS.search(phrase.words):
            return []
        first = phrase.mentions[0]
        if first.people or first.thing.kind not in kinds or first.thing.kind in ("state", "region"):
            return []
        return [Ref(first.thing, first.span, first.chain)]

    def _new(self, phrase: Phrase, make: str) -> list[Ref]:
        span = _without_number(phrase)
        words = self.phrases.text[span.start : span.end]
        if (
            make == "unnamed"
            and words in among("victim_nouns")
            and (found := self._unnamed(phrase))
        ):
            return [found]  # `ATMs`
        if self._word(phrase):
            return []
        if re.match(r"(?:[a-z]-)?[A-Z]", words) and not phrase.mentions and _is_name(words):
            kind = _kind_of(words, make)
            return [Ref(self.mint(kind, words), span)] if kind else []
        if make == "agency" and (found := self._body(phrase)):
            return [found]
        if found := self._own_body(phrase, make) or self._apposed(phrase, make):
            return [found]
        named = make == "unnamed" and phrase.mentions
        if found := (self._body(phrase) if named else None) or self._theirs(phrase, make):
            return [found]
        if make in ("organization", "unnamed") and (found := self._unnamed(phrase)):
            return [found]
        if make == "person" and (found := self._bodies(phrase)):
            return [found]
        if make in ("group", "person") and (found := self._unnamed_actors(phrase, make)):
            return [found]
        return []

    def _own_body(self, phrase: Phrase, make: str) -> Ref | None:
        """`its parliament`, where nothing else of the document is called so."""
        if make != "unnamed" or phrase.article not in _OWN:
            return None
        if phrase.words not in among("victim_bodies"):
            return None
        name = self.phrases.text[slice(*phrase.whole)]
        if any(thing.name.casefold() == name.casefold() for thing in self.minted.values()):
            return None
        return Ref(self.mint("agency", name, {"unnamed": True}), phrase.whole)

    def _word(self, phrase: Phrase) -> bool:
        """Whether a capital is only that of a sentence's first word (`Attacks on banks`)."""
        if not re.fullmatch(r"[A-Z][a-z]+", phrase.words) or phrase.article:
            return False
        low, text = phrase.words.lower(), self.phrases.text
        return self.sayings.named(low) is not None or bool(re.search(rf"\b{low}\b", text))

    def _apposed(self, phrase: Phrase, make: str) -> Ref | None:
        """A name behind the noun for what it is: `the meat processor Acme`."""
        told = re.search(
            r"(?:^|\s)([a-z][\w-]+)\s((?:[A-Z][\w.&-]*)(?:\s[A-Z][\w.&-]*)*)$", phrase.words
        )
        last = phrase.mentions[-1] if phrase.mentions else None
        if told is None or (last and last.span.end > phrase.span.start + told.start(2)):
            return None
        noun, name = told[1], told[2]
        if noun in among("prepositions"):
            return None
        kind = next(
            (
                kind
                for kind in _TOLD
                if noun in self.sayings.nouns_for(kind) | among(f"{kind}_nouns")
            ),
            "organization" if make == "unnamed" or noun.endswith(("er", "or")) else "",
        )
        if not kind or name.split()[0] in among("not_names") | among("months") | among("days"):
            return None
        start = phrase.span.start + told.start(2)
        return Ref(self.mint(kind, name), Span(start, start + len(name)))

    def _theirs(self, phrase: Phrase, make: str) -> Ref | None:
        """Whose own systems are meant: `broke into its networks` is a victim that was named."""
        if (
            make != "unnamed"
            or phrase.article not in ("its", "their")
            or not _BELONGS.search(phrase.words)
        ):
            return None
        many = phrase.article == "their"
        if self.context.somebody:
            return None
        found = [r for r in self.context.subject if r.thing.kind in ("state", "organization")]
        found = found or self.context.latest({"organization", "agency"}, None, many)
        at = phrase.whole.start
        whose = Span(at, at + len(phrase.article))
        return self._through(found[0], whose) if len(found) == 1 else None

    def _body(self, phrase: Phrase) -> Ref | None:
        """A body that no name tells: `a federal grand jury`, `the interior ministry`."""
        told = phrase.head in among("agency_nouns") and phrase.article not in _OWN
        if not told or len(phrase.words.split()) < 2 or phrase.named:
            return None
        return Ref(self.mint("agency", phrase.words), phrase.span)

    def _bodies(self, phrase: Phrase) -> Ref | None:
        """So many companies or bodies that a measure names: `six technology companies`."""
        number = _number(phrase)
        bodies = among("organization_nouns") | {"entity", "body", "business", "institute"}
        single = phrase.head.removesuffix("ies") + "y" if phrase.head.endswith("ies") else ""
        if not number and numeral(phrase.words.split()[0]) != 1:
            return None
        if not {phrase.head, phrase.head.removesuffix("s"), single} & bodies or phrase.named:
            return None
        declared: dict[str, str | int | bool] = {"unnamed": True}
        if number:
            declared["cardinality"] = number
        return Ref(self.mint("organization", phrase.words, declared), phrase.span)

    def _unnamed_actors(self, phrase: Phrase, make: str) -> Ref | None:
        """Actors whom nobody names, told by whom they work for, where they are from, or how many
        they are: `hackers working for …`, `three Iranian nationals`."""
        text, span = self.phrases.text, phrase.span
        works = self.employer(phrase, span.end + 120)
        make = self._told_as_actors(phrase, make, works=works is not None)
        if not make:
            return None
        number = _number(phrase)
        of = works is not None and text[slice(*works[0])].split()[0] == "of"
        if works and (works[1].mentions or not of):
            state = works[1].named if of else None
            if state and state.thing.kind == "state":  # `hackers of Ruritania`
                return Ref(state.thing, state.span, state.chain)
            if not works[1].mentions:
                return None
            span = Span(span.start, works[1].span.end)
        whose = works if span != phrase.span else self._possessor(phrase)
        if not (whose or number or any(m.people for m in phrase.mentions)):
            return None
        declared: dict[str, str | int | bool] = {"unnamed": True}
        if number:
            declared["cardinality"] = number
        people = among("people_nouns") | among("person_nouns")
        several = number is not None and phrase.head in _PEOPLE_IF_COUNTED
        kind = "person" if make == "person" or phrase.head in people or several else "group"
        thing = self.mint(kind, text[span.start : span.end], declared)
        if whose:
            self._employ(thing, *whose)
        return Ref(thing, span)

    def _told_as_actors(self, phrase: Phrase, make: str, *, works: bool) -> str:
        """As what a phrase tells actors whom nobody names; empty for one that tells none."""
        single = among("group_nouns") if phrase.mentions or works else frozenset()
        one = phrase.article in ("a", "an") and phrase.head in single | among("person_nouns")
        kinds = make == "person" or not (works or _number(phrase))  # `groups were responsible`
        nouns = among("actor_nouns") - (among("actor_sets") if kinds else frozenset())
        if make == "group" and any(m.people for m in phrase.mentions):
            nouns |= {"actors"}  # `Ruritanian state-sponsored actors`
        several = not phrase.article and phrase.head in nouns | among("people_nouns")
        name = self.known.called(phrase.words.split()[-1].removesuffix("s"))
        if name and name.people and phrase.words.endswith("s") and _number(phrase):
            return "person"  # `seven Iranians`
        return make if one or several else ""

    def _possessor(self, phrase: Phrase) -> tuple[Span, Phrase] | None:
        """Of `Ruritania's army hackers`, `Ruritania-backed hackers`: whose, and by which words."""
        text, first = self.phrases.text, next(iter(phrase.mentions), None)
        owner = _OWNER.match(text, first.span.end) if first else None
        if first is None or owner is None:
            return None
        whose = Phrase(first.span, "", (first,), text[slice(*first.span)], phrase.again)
        return Span(*owner.span()), whose

    def employer(self, phrase: Phrase, end: int) -> tuple[Span, Phrase] | None:
        """Of `hackers working for A`: the words that say so, and A."""
        if phrase.head not in among("actor_nouns") | among("people_nouns") | among("group_nouns"):
            return None
        text = self.phrases.text
        works = re.compile(filled("@works_for@")).match(text, phrase.span.end, end)
        charge = _CHARGE.search(text, works.end(), end) if works else None
        end = charge.start() if charge else end
        found = self.phrases.phrase(works.end(), end) if works else None
        return (Span(*works.span()), found) if works and found else None

    def _employ(self, thing: Thing, words: Span, by: Phrase) -> None:
        """Remember for whom those work that nobody names, where that is said."""
        told = self.phrases.text[slice(*words)]
        if thing.kind != "group" or not re.search(filled("@commanded@"), told):
            return
        found = self.of(by, ("state", "agency", "organization")) or self._body_of(by)
        unsure = re.search(filled("@tied@"), told)
        hedge = Span(words.start + unsure.start(), words.start + unsure.end()) if unsure else None
        if len(found) == 1:
            self.employed[thing.id] = found[0], hedge

    def _body_of(self, phrase: Phrase) -> list[Ref]:
        """`the intelligence service of A`, `A's army`: a body of that state, by these words."""
        state = phrase.named or (phrase.mentions[0] if phrase.mentions else None)
        bodies = among("agency_nouns") | among("state_bodies")
        if state is None or state.thing.kind != "state" or phrase.head not in bodies:
            return []
        declared: dict[str, str | int | bool] = {"part_of": state.thing.id}
        return [Ref(self.mint("agency", phrase.words, declared), phrase.span)]

    def _unnamed(self, phrase: Phrase) -> Ref | None:
        """A set that nobody names: `five exchanges in Asia`."""
        number = _number(phrase)
        head = phrase.head
        counted = number is not None or phrase.words[:1].isdigit()
        theirs = head in _COUNTED and " of " in phrase.words
        whosever = re.match(r"victims?'", phrase.words) or phrase.words in among("no_victims")
        if re.search(r"\b(?:[mb]illions?|dollars|pounds|euros)\b", phrase.words):
            return None  # what was lost
        if phrase.article == "such" or theirs or whosever or (counted and head in _COUNTED):
            return None
        bare = set(phrase.words.lower().split()) <= among("empty_victims") or (
            bool(re.fullmatch(filled("@holdings@"), head)) and phrase.words.islower()
        )
        if bare and not counted and not _PLACE.match(self.phrases.text, phrase.span.end):
            return None  # `computers`, `other systems`: whose, is not told
        if head in ("countries", "nations", "states", "dollars", "euros"):
            return None  # a number of them is a value
        if head in among("vague"):  # `dozens of clinics`
            head = phrase.words.split()[-1].lower()
        counted = (number is not None or head != phrase.head) and head.endswith("s")
        if phrase.article == "the" and (before := self._spoken_of(phrase)):
            return before
        whose = bool(phrase.mentions) or re.search(r"(?:^|\s)[A-Z]\w+", phrase.words) is not None
        owned = whose and phrase.article not in ("its", "their", "his", "her")
        one = phrase.article in ("a", "an") or owned
        told = {head, phrase.words} & (among("victim_nouns") | among("victim_people"))
        if phrase.article in ("its", "their", "his", "her") or not (
            counted or told or (one and head in among("victim_things"))
        ):
            return None
        return self._set(phrase, head, number)

    def _set(self, phrase: Phrase, head: str, number: int | None) -> Ref:
        """A new set of so many, with the place that tells it from others."""
        end = phrase.span.end
        place = _PLACE.match(self.phrases.text, end)
        if place and place[1] not in among("months"):
            end = place.end()
        span = Span(phrase.span.start, end)
        words = self.phrases.text[span.start : span.end]
        declared: dict[str, str | int | bool] = {"unnamed": True}
        if number:
            declared["cardinality"] = number
        people, bodies = among("victim_people"), among("victim_bodies")
        kind = "person" if head in people else "agency" if head in bodies else "organization"
        thing = self.mint(kind, words, declared)
        self.sets.append((thing, span))
        return Ref(thing, span)

    def _spoken_of(self, phrase: Phrase) -> Ref | None:
        """A set that was spoken of before under the same noun."""
        named = re.findall(r"[A-Z]\w+", phrase.words)
        for thing, span in reversed(self.sets):
            if any(word not in thing.name for word in named):
                continue  # `the Biden campaign` is not the Trump campaign
            if re.search(rf"\b{re.escape(phrase.head)}\b", thing.name):
                return Ref(thing, phrase.whole, (span,))
        return None

    def mint(
        self, kind: str, name: str, declared: dict[str, str | int | bool] | None = None
    ) -> Thing:
        """A thing that this document names first."""
        name = re.sub(r"\s+", " ", name).strip(" .,;:\"'")
        id = f"{kind}:{slug(name)}"
        return self.minted.setdefault(id, Thing(id, name, declared or {}))


_TOLD = ("organization", "agency", "group", "software", "person")
_OWN = ("its", "their", "his", "her")
_PEOPLE_IF_COUNTED = frozenset(("hackers", "operatives", "spies", "criminals"))
"""`Two hackers` are people; `hackers` may be a group."""
_COUNTED = frozenset(
    ("computers", "machines", "devices", "workstations", "hosts", "endpoints", "accounts",
     "records", "files", "emails", "passwords", "documents", "users")
)  # fmt: skip
"""What is counted is a value of the incident, and nobody's name."""
_OWNER = re.compile(filled(r"'s?(?=\s)|-@backed@"))
"""Behind a name: whose those are that nobody names (`Ruritania's army hackers`)."""
_CHARGE = re.compile(r"\sof\s(?:(?:the|an?|its|their|last|this)\s[a-z]|[a-z]+ing\b)")
"""Of what somebody is accused, and no part of a name before it (`accused A of the attack`)."""
_PLACE = re.compile(r"\s(?:in|across)\s(?:the\s)?([A-Z]\w+)(?:\s[A-Z]\w+|\sand\s[A-Z]\w+)*")


def _number(phrase: Phrase) -> int | None:
    first = re.match(r"[\w-]+", phrase.words)
    found = numeral(first[0]) if first else None
    return found if found and 1 < found < 1000 else None


def _without_number(phrase: Phrase) -> Span:
    return phrase.span


def _is_name(words: str) -> bool:
    first = words.split()[0]
    heads = among("agency_heads") | among("organization_heads") | {"North", "South", "East", "West"}
    if first in among("not_names") or words in among("titles") | heads or len(words) < 3:
        return False
    return all(
        w[:1].isupper()
        or re.match(r"[a-z]-[A-Z]|\d", w) is not None
        or w in ("of", "the", "and", "for", "de", "al", "bin", "von")
        for w in words.split()
    )


def _kind_of(words: str, make: str) -> str:
    """The kind of a new name: what its last word tells, else what is wanted in its place."""
    parts = words.split()
    if parts[0] == "Operation" and len(parts) > 1:
        return "campaign"
    if make == "person" and parts[-1] in among("organization_heads"):
        return "organization"
    if make == "person" and (
        len(parts) not in (2, 3, 4)
        or any(not p[:1].isupper() for p in parts if p not in ("al", "bin", "de", "von"))
    ):
        known = parts[-1] in among("organization_heads") or len(parts) == 1
        return "organization" if known else ""
    if parts[-1] in among("agency_heads") and len(parts) > 1 and make not in ("group", "person"):
        return "agency"
    return "organization" if make == "unnamed" else make
