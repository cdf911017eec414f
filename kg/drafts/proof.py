"""The proof of a proposal: every word that it rests on stands in the document.

Nothing here trusts a drafter. Names are those of the gazetteer or words of the document, numbers
and dates are read again from their spans, and what cannot be read again is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

from kg.claims.text import alike
from kg.drafts import dates, quantities
from kg.drafts.document import Document, slug
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.patterns import Sayings
from kg.drafts.proposals import Part, Proposal, Ref, Refused, Span
from kg.drafts.words import either, inflected, words
from kg.ontology import Ontology
from kg.ontology.kinds import Property
from kg.ontology.values import BadValue

_DENIES = re.compile(
    rf"(?:{either([*words('negation'), *words('unfounded')])}|\w+n't|\w+\s+not|"
    rf"{'|'.join(inflected(verb) for verb in words('denials'))})",
    re.IGNORECASE,
)
_FIELDS = frozenset(("unit", "bound", "valid_basis", "likelihood"))


@dataclass(frozen=True)
class Proof:
    """Checks proposals against one document."""

    document: Document
    known: Gazetteer
    ontology: Ontology

    def of(self, proposals: Iterable[Proposal]) -> tuple[list[Proposal], list[Refused]]:
        """What is proven, and what is not, with why. What is counted from a day waits for it."""
        proven: list[Proposal] = []
        refused: list[Refused] = []
        waiting = sorted(proposals, key=lambda p: bool(p.value and p.value.anchor))
        for proposal in waiting:
            why = next(self.against(proposal, proven), None)
            if why:
                refused.append(Refused(proposal.triple, self._shown(proposal.span), why))
            else:
                proven.append(proposal)
        return _once(sorted(proven, key=lambda p: (p.span, p.predicate))), refused

    def _shown(self, span: Span) -> Span | None:
        return span if self._inside(span) else None

    def against(self, proposal: Proposal, proven: Iterable[Proposal] = ()) -> Iterator[str]:
        """Everything that speaks against a proposal."""
        if proposal.quote is not None and alike(proposal.quote) not in self.document.plain:
            yield "its quote does not stand in the document"
            return
        if not self._inside(proposal.span):
            yield f"the document has no characters {list(proposal.span)}"
            return
        if not self._one_paragraph(proposal.span):
            yield "its span runs over the end of a paragraph"
        if proposal.quote is not None and alike(proposal.quote) != alike(
            self._words(proposal.span)
        ):
            yield "its quote is not what stands at its span"
        yield from self._statement(proposal)
        yield from self._ref("subject", proposal.subject, proposal.span)
        if proposal.object:
            yield from self._ref("object", proposal.object, proposal.span)
        yield from self._asserter(proposal)
        yield from self._value(proposal, list(proven))
        yield from self._qualified(proposal)

    # Places and words

    def _inside(self, span: Span) -> bool:
        return 0 <= span.start < span.end <= len(self.document.text)

    def _words(self, span: Span) -> str:
        return self.document.text[span.start : span.end]

    def _one_paragraph(self, span: Span) -> bool:
        start, end = self.document.paragraphs[self.document.paragraph(span.start) - 1]
        return start <= span.start and span.end <= end

    # What is stated at all

    def _statement(self, proposal: Proposal) -> Iterator[str]:
        subject = self.ontology.kind_of(proposal.subject.thing.id)
        edge = self.ontology.edges.get(proposal.predicate)
        if subject is None:
            yield f"no kind is called {proposal.subject.thing.kind!r}"
        elif edge is not None:
            kind = self.ontology.kind_of(proposal.object.thing.id) if proposal.object else None
            if kind is None or not edge.claimable or not edge.allows(subject, kind):
                yield f"{edge.edge} does not run from {subject} to {kind or 'a value'}"
        elif self.ontology.property(subject, proposal.predicate) is None:
            yield f"{subject} has no property {proposal.predicate!r}"
        elif proposal.value is None:
            yield f"{proposal.predicate} has no value"
        for name in proposal.fields:
            if edge is not None and name in edge.qualifiers:
                yield from self._qualifier(proposal, edge.qualifiers[name])
            elif name not in _FIELDS:
                yield f"{name} is nothing that a draft gives"

    def _qualifier(self, proposal: Proposal, spec: Property) -> Iterator[str]:
        """What qualifies a relation is told by words of the claim; which term they mean is read."""
        words_ = proposal.told.get(spec.name)
        if words_ is None or not self._inside(words_) or not proposal.span.holds(words_):
            yield f"nothing in the claim's span tells the {spec.name}"
        elif not spec.vocabulary and _spaced(self._words(words_)) != _spaced(
            proposal.fields[spec.name]
        ):
            yield f"{self._words(words_)!r} does not say {proposal.fields[spec.name]!r}"
        try:
            spec.parse(proposal.fields[spec.name])
        except BadValue as why:
            yield f"{proposal.fields[spec.name]!r}: {why}"

    # Who is meant

    def _ref(self, what: str, ref: Ref, within: Span | None) -> Iterator[str]:
        spans = (ref.span, *ref.chain)
        if not all(map(self._inside, spans)):
            yield f"the {what} stands outside of the document"
            return
        if within is not None and not within.holds(ref.span):
            yield f"the {what} stands outside of the claim's span"
        if why := self._new(ref):
            yield f"the {what}: {why}"
            return
        names = self._names(ref)
        if not self._named(self._words(spans[-1]), names):
            yield f"the {what}: {self._words(spans[-1])!r} is no name of {ref.thing.id}"
        for span, goes_back in pairwise(spans):
            words = self._words(span)
            told = self._named(words, names) or self._sayings.stands_for(words, ref.thing.kind)
            told = told or self._tells_of(words, ref.thing.kind)
            if not told and not _in_common(words, self._words(goes_back)):
                yield f"the {what}: {words!r} cannot stand for {ref.thing.id}"

    def _tells_of(self, words: str, kind: str) -> bool:
        """Whether words tell of an event of that kind by a verb or noun that the ontology has for
        it (`was breached`, `the break-in`)."""
        text = alike(words)
        nouns = list(self._sayings.noun.finditer(text))
        named = (
            self._sayings.named(nouns[-1][0]) if nouns and nouns[-1].end() == len(text) else None
        )
        return bool(named and named.of.lower() == kind) or any(
            one.pattern.parts[0][0].pattern.search(text)
            for one in self._sayings.nodes
            if one.of.lower() == kind
        )

    def _new(self, ref: Ref) -> str | None:
        """Why something that the gazetteer does not know is not to be believed."""
        thing = ref.thing
        if thing.id in self.known.things:
            return None
        if thing.id != f"{thing.kind}:{slug(thing.name)}":
            return f"{thing.id} is no id of {thing.name!r}"
        if self.ontology.kind_of(thing.id) in (None, "State", "Claim", "Document"):
            return f"a {thing.kind} cannot be new here"
        if not _spaced(thing.name) or _spaced(thing.name) not in self._spaced:
            return f"{thing.name!r} does not stand in the document"
        return None

    @cached_property
    def _spaced(self) -> str:
        return _spaced(self.document.text)

    def _names(self, ref: Ref) -> frozenset[str]:
        known = self.known.names_of(ref.thing.id)
        return known or frozenset((_spaced(ref.thing.name),))

    def _named(self, words: str, names: frozenset[str]) -> bool:
        """Whether words are a name, or a run of a name's words."""
        said = _bare(_spaced(words))
        if any(said == _bare(name) for name in names):
            return True
        if len(words) > 2 and words.isupper() and any(said == _letters(name) for name in names):
            return True
        return (
            len(said) > 2
            and any(re.search(rf"(?<!\w){re.escape(said)}(?!\w)", name) for name in names)
            and words[:1].isupper()
        )

    def _asserter(self, proposal: Proposal) -> Iterator[str]:
        if proposal.asserter is None:
            return
        if proposal.own:
            yield "said by the document itself and by somebody else"
        kind = self.ontology.kind_of(proposal.asserter.thing.id)
        if kind not in self.ontology.edges["ASSERTED_BY"].targets:
            yield f"a {kind} says nothing"
        yield from self._ref("asserter", proposal.asserter, None)

    # What is counted and dated

    def _value(self, proposal: Proposal, proven: list[Proposal]) -> Iterator[str]:
        part, valid = proposal.value, proposal.valid
        if part is not None:
            kind = self.ontology.kind_of(proposal.subject.thing.id) or ""
            spec = self.ontology.property(kind, proposal.predicate) if kind else None
            if not self._inside(part.span) or not proposal.span.holds(part.span):
                yield "its value stands outside of the claim's span"
            elif spec is not None:
                yield from self._read_again(spec, part, proposal, proven)
        if valid is not None:
            if not self._inside(valid.span) or not proposal.span.holds(valid.span):
                yield "its date stands outside of the claim's span"
            else:
                yield from self._date(valid, valid.basis, proven)

    def _read_again(
        self, spec: Property, part: Part, proposal: Proposal, proven: list[Proposal]
    ) -> Iterator[str]:
        if spec.type in ("money", "integer", "number"):
            yield from self._number(part, proposal)
        elif spec.type == "edtf":
            yield from self._date(part, proposal.fields.get("valid_basis", ""), proven)
        elif _spaced(self._words(part.span)) != _spaced(part.value) and not self._told(spec, part):
            yield f"{self._words(part.span)!r} does not say {part.value!r}"
        try:
            spec.parse(part.value)
        except BadValue as why:
            yield f"{part.value!r}: {why}"

    def _number(self, part: Part, proposal: Proposal) -> Iterator[str]:
        found = quantities.reread(self.document.plain, part.span)
        if found is None or found.value != part.value:
            read_as = found.value if found else "no number"
            yield f"{self._words(part.span)!r} reads as {read_as}, not {part.value}"
            return
        for name, read in (("unit", found.unit), ("bound", found.bound)):
            if proposal.fields.get(name) != read:
                said = proposal.fields.get(name)
                yield f"{self._words(part.span)!r} has the {name} {read}, not {said}"

    def _date(self, part: Part, basis: str, proven: list[Proposal]) -> Iterator[str]:
        if basis == "inferred":
            if part.value != self.document.date:
                yield "an inferred date is the document's own"
            return
        found = dates.reread(self.document.plain, part.span, self.document.day)
        if found is None:
            yield f"{self._words(part.span)!r} is no single date"
        elif found.day_of:
            days = {p.value.value for p in proven if p.value and p.predicate == "occurred"}
            if (
                part.anchor not in days
                or dates.shifted(part.anchor, int(found.day_of)) != part.value
            ):
                yield f"{self._words(part.span)!r} is counted from a day that is not proven"
        elif (found.edtf, found.basis) != (part.value, basis):
            read_as = f"{found.edtf} ({found.basis})"
            yield f"{self._words(part.span)!r} reads as {read_as}, not {part.value} ({basis})"

    @cached_property
    def _sayings(self) -> Sayings:
        return Sayings(self.ontology)

    def _told(self, spec: Property, part: Part) -> bool:
        """Whether the ontology reads those words as that value (`said_as: … => money`), or they are
        a form of the term (`failed`: failure)."""
        words = self.document.plain[part.span.start : part.span.end]
        said, term = _spaced(words), _spaced(part.value)
        if spec.vocabulary and said.isalpha() and term.isalpha() and said[:4] == term[:4]:
            return len(said) > 4
        return any(
            one.property == spec.name and one.pattern.value == part.value
            and one.pattern.parts[0][0].pattern.search(words)
            for one in self._sayings.properties
        )  # fmt: skip

    # How it is qualified

    def _qualified(self, proposal: Proposal) -> Iterator[str]:
        if proposal.hedge and not (
            self._inside(proposal.hedge) and proposal.span.holds(proposal.hedge)
        ):
            yield "its hedge stands outside of the claim's span"
        if proposal.negative:
            words = self._words(proposal.negation) if proposal.negation else ""
            if not _DENIES.fullmatch(words.replace("’", "'")):
                yield "nothing in it denies anything"
        elif proposal.negation:
            yield "it is denied there, and proposed as said"


def _once(proposals: Iterable[Proposal]) -> list[Proposal]:
    """Each claim where it is said first; where it is said again, is noted with it."""
    found: dict[tuple[object, ...], Proposal] = {}
    for one in proposals:
        voice = one.asserter.thing.id if one.asserter else one.own
        measure = (one.fields.get("unit"), one.fields.get("bound"))
        claim = (one.triple, voice, one.negative, one.valid and one.valid.value, measure)
        first = found.setdefault(claim, one)
        if first is not one:
            again = f"said again at {list(one.span)}"
            found[claim] = replace(first, reasons=(*first.reasons, again))
    return list(found.values())


def _in_common(words: str, other: str) -> bool:
    """Whether two wordings of one thing share its noun (`hacking the clinics`, `two clinics`)."""
    last = re.findall(r"[^\W\d]{4,}", words.casefold())
    return bool(last) and last[-1] in re.findall(r"[^\W\d]+", other.casefold())


def _letters(name: str) -> str:
    """The first letters of a name's words (`nca`), without those that join them and an owner."""
    told = re.sub(r"^\w+'s\s", "", name).split()
    return "".join(word[0] for word in told if word not in ("of", "the", "and", "for", "in"))


def _bare(words: str) -> str:
    """A name without its article and without `'s`."""
    return re.sub(r"^(?:the|a|an)\s|(?:'s|')$", "", words)


def _spaced(words: str) -> str:
    """Words for comparison: one sort of space and quote, case folded."""
    return (
        re.sub(r"\s+", " ", words.replace("’", "'").replace("‘", "'")).strip(" .,;:\"'").casefold()
    )
