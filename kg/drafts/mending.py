"""A proposal mended, or a claim added, field by field by who reviews a draft in the terminal: each
answer is held to what a claim may say, as on the review page, and what is wrong is told at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

from kg.base.errors import UsageError, offering
from kg.claims.text import alike
from kg.drafts import dates
from kg.drafts.document import Document, slug
from kg.drafts.drafters import Given
from kg.drafts.drafters.rules import heard
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.proposals import Part, Proposal, Ref, Span, Thing
from kg.drafts.sentences import sentences
from kg.ontology import Ontology, countries, edtf
from kg.ontology.values import BadValue

NONE = "-"
"""The answer that empties a field."""
ITSELF = "the document"
"""Who says what a document says itself."""
LABELS: Mapping[str, str] = {
    "words": "words of the document",
    "subject": "subject (a name; `group: NAME` is something new)",
    "says": "says what of it (a relation or a property)",
    "target": "value",
    "asserter": f"who says so (a name, `agency: NAME`; {ITSELF}; {NONE} for nobody named)",
    "hedge": f"their qualifying word ({NONE} for none)",
    "denied": "denied there (yes, no)",
    "when": f"when true ({NONE} for not said)",
}
"""What is asked of a claim, in this order; each answer is held to those before it."""
NO_CODE = (
    "one that has no code is no state here: say its government or a ministry (`agency: NAME`), "
    "or the place (`region: NAME`)"
)
_NOBODY = Thing("", "")


@dataclass(frozen=True)
class Mending:
    """Reads a person's answers against one document, its draft and what is known."""

    document: Document
    known: Gazetteer
    ontology: Ontology
    proposals: tuple[Proposal, ...]
    labels: ClassVar[Mapping[str, str]] = LABELS

    def begun(self, words: str, decided: Sequence[Proposal] = ()) -> Proposal:
        """A claim that nobody proposed, of these words; who says so is read from their place, and
        from what was `decided` of it. Raises `UsageError` as all below do."""
        span = self._placed(words)
        who = self._heard_at(span, [*self.proposals, *decided])
        reasons = ("added by who reviewed it",)
        return Proposal(
            Ref(_NOBODY, span), "", span, asserter=who, own=who is None, score=1.0, reasons=reasons
        )

    def _heard_at(self, span: Span, claims: Sequence[Proposal]) -> Ref | None:
        """Who is heard in a place, as the page has it (`voiceAt`): by the claims of its sentence,
        by how that reads, by the claims before it in its paragraph; None for the document."""

        said = [(one.span, one.asserter) for one in claims if one.asserter]
        start = self.document.paragraphs[self.document.paragraph(span.start) - 1][0]
        before = [who for at, who in said if start <= at.start <= span.start]
        read = [self._same(who) for at, who in self._heard if at.touches(span)]
        sentence = next((at for at in sentences(self.document) if at.touches(span)), span)
        here = [who for at, who in said if sentence.holds(at)]
        return next(iter([*here[-1:], *read, *before[-1:]]), None)

    @cached_property
    def _heard(self) -> list[tuple[Span, Ref]]:
        return list(heard(Given(self.document, self.known, self.ontology)))

    def _same(self, who: Ref) -> Ref:
        """With the id under which the draft has it."""
        return replace(who, thing=self._by_name.get(who.thing.name.casefold(), who.thing))

    def shown(self, one: Proposal, field: str) -> str:
        """What a field holds, as one would answer it."""
        value = one.value
        said = {
            "words": self._words(one.span),
            "subject": self._called(one.subject),
            "says": one.predicate,
            "target": self._called(one.object) if one.object else _told(one) if value else "",
            "asserter": self._called(one.asserter) if one.asserter else ITSELF if one.own else NONE,
            "hedge": self._words(one.hedge) if one.hedge else NONE,
            "denied": "yes" if one.negative else "no",
            "when": one.valid.value if one.valid else NONE,
        }
        return said[field]

    def label(self, one: Proposal, field: str) -> str:
        """How a field is asked for; of a relation's other end, with how something new is said."""
        edge = self.ontology.edges.get(one.predicate) if field == "target" else None
        if edge is None:
            return LABELS[field]
        kinds = (kind for kind in edge.targets if edge.allows(self._kind(one.subject), kind))
        kind = next(kinds, edge.targets[0]).lower()
        return f"object (a name; `{kind}: NAME` is something new)"

    def put(self, one: Proposal, field: str, answer: str) -> Proposal:
        """The claim with an answer to a field; one that stays stays as it was proven."""
        put: Callable[[Proposal, str], Proposal] = getattr(self, f"_put_{field}")
        return put(one, " ".join(answer.split()))

    # The fields

    def _put_words(self, one: Proposal, answer: str) -> Proposal:
        if alike(answer) == " ".join(alike(self._words(one.span)).split()):
            return one
        span = self._placed(answer)

        def held(ref: Ref) -> Ref:
            return ref if span.holds(ref.span) else self._ref(ref.thing, span)

        value, valid, hedge = one.value, one.valid, one.hedge
        return replace(
            one,
            span=span,
            subject=held(one.subject),
            object=held(one.object) if one.object else None,
            value=replace(value, span=self._where(_told(one), span)) if value else None,
            valid=replace(valid, span=self._where(valid.value, span)) if valid else None,
            hedge=hedge if hedge and span.holds(hedge) else None,
            negation=span if one.negative else None,
            told=dict.fromkeys(one.told, span),
        )

    def _put_subject(self, one: Proposal, answer: str) -> Proposal:
        thing = self._thing(answer, list(self.ontology.nodes))
        same = thing.id == one.subject.thing.id
        return one if same else replace(one, subject=self._ref(thing, one.span))

    def _put_says(self, one: Proposal, answer: str) -> Proposal:
        kind = self._kind(one.subject)
        edges = [e.edge for e in self.ontology.edges.values() if e.claimable and kind in e.sources]
        known = [*edges, *self.ontology.nodes[kind].properties]
        if answer not in known:
            message = f"{kind} has no relation or property {answer!r}"
            raise UsageError(offering(message, answer, known, otherwise=", ".join(edges)))
        if answer == one.predicate:
            return one
        both = answer in edges and one.predicate in self.ontology.edges
        return replace(
            one, predicate=answer, object=one.object if both else None, value=None, fields={},
            told={},
        )  # fmt: skip

    def _put_target(self, one: Proposal, answer: str) -> Proposal:
        edge = self.ontology.edges.get(one.predicate)
        if edge is None:
            same = one.value is not None and answer == _told(one)
            return one if same else self._valued(one, answer)
        allowed = [kind for kind in edge.targets if edge.allows(self._kind(one.subject), kind)]
        thing = self._thing(answer, allowed)
        same = one.object is not None and thing.id == one.object.thing.id
        return one if same else replace(one, object=self._ref(thing, one.span))

    def _put_asserter(self, one: Proposal, answer: str) -> Proposal:
        if answer in (NONE, ITSELF):
            return replace(one, asserter=None, own=answer == ITSELF)
        thing = self._thing(answer, self.ontology.edges["ASSERTED_BY"].targets)
        if one.asserter and thing.id == one.asserter.thing.id:
            return one
        return replace(one, asserter=self._ref(thing, one.span), own=False)

    def _put_hedge(self, one: Proposal, answer: str) -> Proposal:
        if answer == NONE:
            return replace(one, hedge=None)
        found = _find(self.document.plain, answer, one.span)
        if not found:
            raise UsageError(f"{answer!r} does not stand in the words of the claim")
        return one if one.hedge in found else replace(one, hedge=found[0])

    def _put_denied(self, one: Proposal, answer: str) -> Proposal:
        if answer not in ("yes", "no"):
            raise UsageError(f"{answer!r} is neither yes nor no")
        denied = answer == "yes"
        negation = (one.negation or one.span) if denied else None
        return replace(one, negative=denied, negation=negation)

    def _put_when(self, one: Proposal, answer: str) -> Proposal:
        if one.valid and answer == one.valid.value:
            return one
        return replace(one, valid=None if answer == NONE else self._dated(answer, one.span))

    # What an answer means

    def _placed(self, words: str) -> Span:
        found = list(_find(self.document.plain, words, Span(0, len(self.document.plain))))
        if not found:
            raise UsageError("these words do not stand in the document")
        if len(found) > 1:
            times = f"{len(found)} times"
            raise UsageError(f"these words stand in the document {times}: write more of them")
        start, end = self.document.paragraphs[self.document.paragraph(found[0].start) - 1]
        if not Span(start, end).holds(found[0]):
            raise UsageError("these words run over the end of a paragraph")
        return found[0]

    def _thing(self, word: str, kinds: Collection[str]) -> Thing:
        """What goes by an id or a name; `group: NAME` is new. It must be of one of these kinds."""
        found = self._things.get(word) or self._by_name.get(word.casefold())
        entry = None if found else self.known.called(word)
        thing = found or (entry.thing if entry else self.known.things.get(word)) or self._new(word)
        kind = self.ontology.kind_of(thing.id) if thing else None
        if thing is None:
            names = [one.name for one in self._things.values()]
            new = f"(`{next(iter(kinds)).lower()}: NAME` is something new)"
            message = offering(f"nothing is called {word!r} here", word, names, otherwise="")
            raise UsageError(f"{message} {new}")
        if kind not in kinds:
            raise UsageError(f"{thing.name} is a {kind}; here stands one of {', '.join(kinds)}")
        return thing

    def _new(self, word: str) -> Thing | None:
        """Something new by `kind: NAME`; a state only by its code or as it is called."""
        prefix, colon, name = (part.strip() for part in word.partition(":"))
        kind = self.ontology.kind_of(f"{prefix}:x")
        if not (colon and slug(name)) or kind is None:
            return None
        if self.ontology.nodes[kind].key == "country":
            return self._state(prefix, name)
        id = f"{prefix}:{slug(name)}"
        return self._things.get(id) or self.known.things.get(id) or Thing(id, name)

    def _state(self, prefix: str, name: str) -> Thing:
        """Raises `UsageError` where no country is called so, as `kg check` would."""
        try:
            id = f"{prefix}:{countries.find(name)}"
        except BadValue as why:
            message = offering(f"{name!r}: {why}", name, why.near, otherwise="")
            raise UsageError(f"{message} ({NO_CODE})") from None
        return self.known.things.get(id) or Thing(id, countries.names()[id.partition(":")[2]])

    @cached_property
    def _things(self) -> Mapping[str, Thing]:
        """What the draft speaks of, by id."""
        refs = (ref for p in self.proposals for ref in (p.subject, p.object, p.asserter) if ref)
        return {ref.thing.id: ref.thing for ref in refs}

    @cached_property
    def _by_name(self) -> Mapping[str, Thing]:
        """The same by names that only one of them has."""
        names = [(thing.name.casefold(), thing) for thing in self._things.values()]
        told = [name for name, _ in names]
        return {name: thing for name, thing in names if told.count(name) == 1}

    def _valued(self, one: Proposal, answer: str) -> Proposal:
        spec = self.ontology.property(self._kind(one.subject), one.predicate)
        if spec is None:
            raise UsageError(f"{one.predicate!r} is no property of {self._called(one.subject)}")
        if spec.of.dated:
            part = self._dated(answer, one.span)
            return replace(one, value=part, fields={"valid_basis": part.basis})
        try:
            read = spec.parse(answer)
        except BadValue as why:
            raise UsageError(f"{answer!r}: {why}") from None
        found = {"unit": read.unit, "bound": read.bound}
        fields = {name: word for name, word in found.items() if word and word != "point"}
        return replace(one, value=Part(read.text, self._where(answer, one.span)), fields=fields)

    def _dated(self, answer: str, span: Span) -> Part:
        """A date as one writes it; `stated` where the words of the claim print it."""
        when = dates.reread(answer, Span(0, len(answer)), self.document.day)
        try:
            text = edtf.parse(when.edtf if when and when.edtf else answer).text
        except BadValue as why:
            raise UsageError(f"{answer!r}: {why}") from None
        here = list(dates.dates(self.document.plain, *span, self.document.day))
        printed = next((one for one in here if one.edtf == text), None)
        where, basis = (printed.span, printed.basis) if printed else (span, "inferred")
        return Part(text, where, basis)

    def _ref(self, thing: Thing, span: Span) -> Ref:
        """Where a thing is named in the words of a claim; else all of them mean it."""
        names = sorted({thing.name, *thing.names}, key=len, reverse=True)
        return Ref(thing, next(self._named(names, span), span))

    def _named(self, names: Iterable[str], span: Span) -> Iterator[Span]:
        for name in names:
            yield from _find(self.document.plain, name, span)

    def _where(self, answer: str, span: Span) -> Span:
        return next(self._named([answer], span), span)

    def _words(self, span: Span) -> str:
        return " ".join(self.document.text[span.start : span.end].split())

    def _called(self, ref: Ref) -> str:
        """A name, where it is nobody else's here; else the id."""
        thing = ref.thing
        return thing.name if self._by_name.get(thing.name.casefold()) == thing else thing.id

    def _kind(self, ref: Ref) -> str:
        return self.ontology.kind_of(ref.thing.id) or ""


def _told(one: Proposal) -> str:
    """A value with its unit and bound, as one writes it."""
    bound = {"lower": "over", "upper": "up to"}.get(one.fields.get("bound", ""), "")
    said = (bound, one.value.value if one.value else "", one.fields.get("unit", ""))
    return " ".join(filter(None, said))


def _find(text: str, words: str, within: Span) -> list[Span]:
    """Where words stand, whatever spaces part them; `may` does not stand in `mayor`."""
    said = alike(words).split()
    if not said:
        return []
    start, end = (r"\b" if re.match(r"\w", at) else "" for at in (said[0][0], said[-1][-1]))
    found = re.compile(start + r"\s+".join(map(re.escape, said)) + end).finditer(text, *within)
    return [Span(*one.span()) for one in found]
