"""How the kinds of the ontology are said: the patterns under `said_as:` and `named_as:`, compiled.

    {subject} <be> %control by {object}       slots, forms of a verb, forms of `be`
    {object} <be> *involved in* {subject}     words that are themselves a hedge
    {ATTRIBUTED_TO} %fire {count} => category=military

A slot of an edge kind's pattern is `subject` or `object`; one of a node kind's is an edge kind or a
property of it; one of a property's is `value`. Words stand as they are (`(a|b)`, `(a )?`); between
two of them an adverb may stand. What follows `=>` is declared with the thing, or is the value.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from kg.drafts.words import among, either, filled, forms, inflected, words
from kg.ontology import Ontology
from kg.ontology.kinds import NodeKind

_SLOT = re.compile(r"\{(\w+)\}")
_VERB = re.compile(r"%([a-z]+)")
_HEDGE = re.compile(r"\*([^*]+)\*")
BE = (
    r"(?:(?:(?:has|have|had)(?:\s+also)?\s+been|(?:may|might|could|can|will|would|must)\s+(?:also\s+)?(?:have\s+been|be)"
    r"|is|are|was|were|be|been|being)(?:\s+being)?)"
)


@dataclass(frozen=True)
class Literal:
    """Words between two slots."""

    pattern: re.Pattern[str]
    verbs: tuple[str, ...] = ()
    """The lemmas with which it may begin, where it begins with a verb."""


@dataclass(frozen=True)
class Pattern:
    """One way to say something."""

    text: str
    left: str | None
    """The slot before the first words: who does it."""
    parts: tuple[tuple[Literal, str | None], ...]
    """Words, and the slot that follows them."""
    given: Mapping[str, str]
    """What follows `=>`."""
    value: str = ""
    """The same, where it is one word and no `key=value`."""


@cache
def compiled(text: str) -> Pattern:
    """One pattern. Raises `ValueError` for what is none."""
    said, _, rest = text.partition(" => ")
    pieces = _SLOT.split(said.strip())
    left, pieces = (pieces[1], pieces[2:]) if not pieces[0].strip() else (None, pieces)
    parts = []
    for at in range(0, len(pieces), 2):
        literal = pieces[at].strip()
        slot = pieces[at + 1] if at + 1 < len(pieces) else None
        if literal:
            parts.append((_literal(literal), slot))
        elif slot:
            raise ValueError(f"two slots without a word between them: {text}")
    given = dict(pair.split("=", 1) for pair in rest.split(", ") if "=" in pair)
    return Pattern(text, left, tuple(parts), given, "" if given else rest.strip())


def _literal(text: str) -> Literal:
    first = re.match(r"[(*]*%[^ )]*", text)
    adverb = either(words("adverbs"))
    gap = rf"\s+(?:(?:{adverb}|\w+ly|almost|most|very|{filled('@lately@')})\s+){{0,2}}"
    body = text.replace("<be>", BE)
    body = _HEDGE.sub(r"(?P<hedge>\1)", body)
    body = _VERB.sub(lambda found: either(forms(found[1])), body)
    body = re.sub(r"(?<![\\]) +", lambda _: gap, body)
    start = "" if text.startswith((",", "-")) else r"(?<![\w-])"
    return Literal(
        re.compile(rf"{start}(?:{body})(?![\w-])"),
        tuple(_VERB.findall(_opening(text)) if first else ()),
    )


def _opening(text: str) -> str:
    """The verbs of which one comes first: up to the end of a choice, or the first word."""
    bare = text.lstrip("*")
    return bare.partition(")")[0] if bare.startswith("(") else bare.partition(" ")[0]


def reading(text: str, literal: Literal, found: re.Match[str]) -> bool:
    """Whether a verb that begins a pattern is one here: active, and no noun or adjective."""
    form = found[0].split()[0]
    lemma = next((verb for verb in literal.verbs if form in forms(verb)), None)
    if lemma is None:
        return not literal.verbs
    base, third, past, participle, gerund = forms(lemma)
    before = re.findall(r"[\w'-]+|[^\w\s]", text[max(0, found.start() - 60) : found.start()])
    while before and (before[-1] in among("adverbs") or before[-1].endswith("ly")):
        before.pop()
    last = before[-1] if before else ""
    after = text[found.end() :]
    if re.match(r"\s+by\b", after) and form in (past, participle):
        return False
    if form == gerund:
        return last.lower() in among("before_gerund")
    if form == base and form != past:
        if last == "to" and not _its_own(text[max(0, found.start() - 70) : found.start()]):
            return False
        return last.lower() in among("before_base") or _plural(last)
    if form == third:
        return (
            not re.match(
                r"\s*(?:[.,;)]|of\b|in\b|on\b|against\b|by\b|and\b|that\b|were\b|was\b|have\b)",
                after,
            )
            and (
                (last[:1].isupper() and last not in ("Other", "Cyber", "Recent", "Such", "These"))
                or last in ("that", "which", "who", "it", "group", "gang", "also")
                or (last.isalpha() and (base not in among("also_nouns") or last in _one()))
            )
            and last.lower() not in among("determiners") | among("prepositions")
        )
    passive = last in among("be_forms")
    if form == participle != past:  # `sell stolen data`
        return last in ("has", "have", "had", "'ve", "and")
    closed = among("determiners") | (among("prepositions") - {"by"})
    return not passive and (last.lower() in ("that", "which") or last.lower() not in closed)


@cache
def _one() -> frozenset[str]:
    """Nouns of somebody who may do something: `the firm attacks`, and no `cyber attacks`."""
    lists = ("group_nouns", "organization_nouns", "agency_nouns", "software_nouns", "person_nouns")
    return frozenset().union(*(among(name) for name in lists))


def _its_own(before: str) -> bool:
    """Whether what stands behind `to` is done by the subject (`tried to`, `worked with A to`), and
    is not what others want (`in an effort to`)."""
    doing = [verb.removesuffix(" to") for verb in words("attempt")] + list(words("doing"))
    verbs = "|".join(inflected(verb) for verb in doing)
    return (
        re.search(rf"\b(?:{verbs}|with\s[^,;]{{2,50}})\s+to\s+(?:\w+ly\s+)?$", before) is not None
    )


def _plural(word: str) -> bool:
    return word.islower() and word.endswith("s") and not word.endswith(("ss", "us", "is"))


@dataclass(frozen=True)
class Said:
    """One pattern of a kind or property of the ontology."""

    of: str
    """Edge kind, or node kind."""
    pattern: Pattern
    property: str = ""


@dataclass(frozen=True)
class Named:
    """A noun by which things of a kind are told (`heist`), and what it declares."""

    of: str
    noun: str
    given: Mapping[str, str]


class Sayings:
    """All patterns of an ontology."""

    def __init__(self, ontology: Ontology) -> None:
        self.ontology = ontology
        kinds = ontology.nodes.values()
        self.again = {n.prefix: frozenset((*n.stands_for, *_bare_nouns(n))) for n in kinds}
        self.pronouns = pronouns(ontology)
        self.told_by = {node.prefix: frozenset(node.told_by) for node in kinds}
        self.actors = _prefixes(ontology, ontology.edges["ATTRIBUTED_TO"].targets)
        self.speakers = _prefixes(ontology, ontology.edges["ASSERTED_BY"].targets)
        self.blamable = _prefixes(ontology, ontology.blamed)
        self.edges = [Said(e.edge, compiled(t)) for e in ontology.edges.values() for t in e.said_as]
        self.nodes = [Said(n.kind, compiled(t)) for n in ontology.nodes.values() for t in n.said_as]
        self.properties = list(_of_properties(ontology))
        self.qualifiers = [
            Said(edge.edge, compiled(text), one.name)
            for edge in ontology.edges.values()
            for one in edge.qualifiers.values()
            for text in one.said_as
        ]
        self.nouns = {noun.noun: noun for noun in _nouns(ontology)}
        self.mutual = frozenset(s.of for s in self.nodes if _twice(s.pattern))
        """Kinds that take two different ends of one edge: a meeting, an agreement."""
        self.measures = self.happening(ontology.edges["CITES"].sources)
        self.noun = re.compile(rf"(?<![\w-]){either(_plurals(self.nouns))}(?![\w-])", re.IGNORECASE)
        lemmas = {v for one in self._all() for v in _VERB.findall(one.pattern.text)} | among(
            "common_verbs"
        )
        self.verbs = frozenset(form for lemma in lemmas for form in forms(lemma))
        self.pasts = frozenset(f for lemma in lemmas for f in forms(lemma)[2:4])
        self.thirds = frozenset(forms(lemma)[1] for lemma in lemmas)
        self.lemmas = frozenset(lemmas)
        self.bases = lemmas - among("also_nouns")

    def happening(self, kinds: Iterable[str]) -> tuple[str, ...]:
        """Those of these kinds that happen in time."""
        return tuple(kind for kind in kinds if self.ontology.nodes[kind].happens)

    def nouns_for(self, kind: str) -> frozenset[str]:
        """The nouns by which a thing of a kind is told when its name is not said again."""
        return self.again.get(kind, frozenset())

    def new_at(self, edge: str, end: str) -> str:
        """Of which kind a new name at an end of an edge is; nothing where it must be known."""
        return self.ontology.edges[edge].introduces.get(end, "")

    def stands_for(self, words: str, kind: str) -> bool:
        """Whether words may stand for a thing of a kind: a pronoun, or a phrase with a noun for
        it."""
        low = _ARTICLE.sub("", words.lower().strip())
        last = last_word(low)
        if {low, last} & self.told_by.get(kind, frozenset()):
            return True  # what was lost was lost in it
        if kind in self.actors and last in among("accusations"):
            return True  # an accusation names who is accused
        if low in self.pronouns:
            return kind in self.pronouns[low]
        if kind in ("agency", "organization") and last in among("papers"):
            return True  # whoever wrote it
        if kind in ("agency", "state") and last in among("brought"):
            return True  # whoever brought it
        if kind == "organization" and re.fullmatch(r"[a-z][\w -]*s", low):
            return True  # a set that was told by that noun
        nouns = self.nouns_for(kind)
        head = last_word(re.split(r"\s(?:of|with|between|in|on)\s", low)[0])
        return head in nouns or head.removesuffix("s") in nouns

    def _all(self) -> Iterator[Said]:
        yield from (*self.edges, *self.nodes, *self.properties)

    def named(self, word: str) -> Named | None:
        """The noun that a word is, singular or plural."""
        low = word.casefold()
        return self.nouns.get(low) or self.nouns.get(_singular(low))


def _prefixes(ontology: Ontology, kinds: Iterable[str]) -> frozenset[str]:
    return frozenset(ontology.nodes[kind].prefix for kind in kinds)


def _bare_nouns(node: NodeKind) -> Iterator[str]:
    """The last words of the nouns by which one is told (`data breach`: the breach)."""
    return (text.partition(" => ")[0].rsplit(" ", 1)[-1] for text in node.named_as)


def pronouns(ontology: Ontology) -> dict[str, frozenset[str]]:
    """Of which kinds each pronoun may mean a thing."""
    found: dict[str, set[str]] = defaultdict(set)
    for node in ontology.nodes.values():
        for word in node.pronouns:
            found[word].add(node.prefix)
    return {word: frozenset(kinds) for word, kinds in found.items()}


_ARTICLE = re.compile(rf"^(?:{either(among('definite'))}|an?)\s")


def last_word(words: str) -> str:
    """The last word of a phrase, in lower case."""
    found = re.findall(r"[\w-]+", words.lower())
    return found[-1] if found else ""


def _twice(pattern: Pattern) -> bool:
    """Whether one slot stands in a pattern twice."""
    slots = [slot for slot in (pattern.left, *(slot for _, slot in pattern.parts)) if slot]
    return len(set(slots)) < len(slots)


def _of_properties(ontology: Ontology) -> Iterator[Said]:
    for node in ontology.nodes.values():
        for prop in node.properties.values():
            for text in prop.said_as:
                yield Said(node.kind, compiled(text), prop.name)


def _nouns(ontology: Ontology) -> Iterator[Named]:
    for node in ontology.nodes.values():
        for text in node.named_as:
            noun, _, rest = text.partition(" => ")
            yield Named(
                node.kind, noun, dict(p.split("=", 1) for p in rest.split(", ") if "=" in p)
            )


def _plurals(nouns: Iterable[str]) -> list[str]:
    made = []
    for noun in nouns:
        plural = (
            noun[:-1] + "ies"
            if re.search(r"[^aeiou]y$", noun)
            else noun + ("es" if re.search(r"(?:s|x|z|ch|sh)$", noun) else "s")
        )
        made += [noun, plural]
    return made


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return word[:-3] + "y"
    if re.search(r"(?:s|x|z|ch|sh)es$", word):
        return word[:-2]
    return word.removesuffix("s")
