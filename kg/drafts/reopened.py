"""A claim file that `kg draft` made, opened again: its claims as proposals, and which of them are
decided. The page does the same (`begun` in its `state.js`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from kg.base.errors import UsageError
from kg.base.yamlfile import Map, Seq
from kg.claims.files import TO_WRITE
from kg.claims.text import alike, mark, marked_at
from kg.drafts.claimfile import Place, place_of
from kg.drafts.document import Document
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.proposals import Draft, Part, Proposal, Ref, Refused, Span, Thing
from kg.drafts.summary import summary
from kg.ontology import Ontology

_SHARED = ("asserter", "paragraph", "span", "summary")
_OWN = ("hedge", "collective", "valid", "valid_basis")
_NAMED = ("subject", "object", "asserter", "value", "valid", "hedge")


@dataclass(frozen=True)
class Reopened:
    """What a file holds: what is decided of it stands before what is open."""

    draft: Draft
    decided: int
    summaries: Mapping[Place, str]


def reopened(top: Map, document: Document, known: Gazetteer, ontology: Ontology) -> Reopened:
    """Read the claims of a file back. Raises `UsageError` for what only the page can show."""
    if not (isinstance(top.get("draft"), Map) and top["draft"].get("drafter")):
        raise UsageError("no draft of kg's: its page reviews it (leave `--interactive` away)")
    several = top.get("documents") or any("statement" in one for one in top.get("claims") or ())
    if several:
        raise UsageError(
            "it has `documents` or a `statement` key, which its page reviews (leave "
            "`--interactive` away)"
        )
    return _Reading(top, document, known, ontology).all()


def abouts(top: Map) -> Iterator[tuple[Map, str, list[Any], Map | None]]:
    """Each triple of a file, with its statement and verb, and what the draft notes of it: of rows
    that read alike the first that no triple before it has."""
    draft = top.get("draft")
    left = list((draft.get("claims") if isinstance(draft, Map) else None) or ())
    for claim in top.get("claims") or ():
        for verb in ("says", "denies"):
            given = claim.get(verb) or []
            for triple in given if not given or isinstance(given[0], list) else [given]:
                at = next((n for n, one in enumerate(left) if _is(one, claim, verb, triple)), None)
                yield claim, verb, triple, None if at is None else left.pop(at)


def _is(about: Map, claim: Map, verb: str, triple: list[Any]) -> bool:
    same = list(about.get("triple") or ()) == list(triple[:3])
    denied = (about.get("denies") == "true") == (verb == "denies")
    return same and denied and about.get("span", claim.get("span")) == claim.get("span")


def moved(top: Map, text: str) -> tuple[dict[int, Span], list[int]]:
    """Claims whose words no longer stand at their span, by number: where they stand now if that is
    one place, and those of which there is none."""
    marks = {(str(start), str(end)): sum_ for start, end, sum_ in _marks(top)}
    found: dict[int, Span] = {}
    lost = []
    for number, claim in enumerate(top.get("claims") or ()):
        span = claim.get("span")
        sum_ = marks.get((str(span[0]), str(span[1]))) if isinstance(span, list) else None
        if sum_ is None:
            continue
        start, end = map(int, span)
        if end <= len(text) and mark(text[start:end]) == sum_:
            continue
        places = marked_at(text, end - start, sum_)
        if len(places) == 1:
            found[number] = Span(places[0], places[0] + end - start)
        else:
            lost.append(number)
    return found, lost


def _marks(top: Map) -> Iterator[tuple[str, str, str]]:
    draft = top.get("draft")
    for one in (draft.get("spans") if isinstance(draft, Map) else None) or ():
        if isinstance(one, list) and len(one) == 3:
            yield one[0], one[1], one[2]


class _Reading:
    def __init__(self, top: Map, document: Document, known: Gazetteer, ontology: Ontology) -> None:
        self.top = top
        self.document = document
        self.known = known
        self.ontology = ontology
        self.summaries: dict[Place, str] = {}

    def all(self) -> Reopened:
        given = self.top["draft"]
        decided, left = list[Proposal](), list[Proposal]()
        for claim, verb, triple, about in abouts(self.top):
            one = self.proposal(claim, verb == "denies", triple, about or Map(0))
            if about is not None and given.get("reviewed") == "false":
                left.append(one)
            else:
                (left if about and about.get("open") == "true" else decided).append(one)
            self.note(place_of(one), claim.get("summary"))
        self.forget(decided)
        refused = tuple(self.refused(given.get("refused") or ()))
        draft = Draft((*decided, *left), refused, str(given.get("drafter")))
        return Reopened(draft, len(decided), self.summaries)

    def note(self, place: Place, summary: str | None) -> None:
        """Two statements of one voice at one span become one; what is written of either stays."""
        before = self.summaries.get(place, "")
        if summary not in (None, TO_WRITE) and summary not in before:
            self.summaries[place] = f"{before} {summary}".strip()

    def forget(self, decided: list[Proposal]) -> None:
        """A summary that only was proposed is made anew from what stays of its statement."""
        for place, told in list(self.summaries.items()):
            claims = [one for one in decided if place_of(one) == place]
            if claims and told == summary(claims, self.document, self.ontology):
                del self.summaries[place]

    def refused(self, rows: Iterable[Map]) -> Iterator[Refused]:
        for one in rows:
            subject, predicate, target = one["triple"]
            yield Refused((subject, predicate, target), _span(one.get("span")), one["why"])

    def proposal(self, claim: Map, denied: bool, triple: list[Any], about: Map) -> Proposal:
        """One triple of a statement."""
        subject, predicate, target = triple[:3]
        extra = triple[3] if len(triple) > 3 else {}
        shared = {key: one for key, one in claim.items() if key not in ("says", "denies")}
        fields = {key: one for key, one in {**shared, **extra}.items() if one is not None}
        span = _span(fields.get("span")) or self.place(fields)
        words = about.get("words") or {}
        publisher = self.document.publisher
        asserter = fields.get("asserter")
        own = bool(publisher and asserter == publisher[0] and "asserter" not in words)
        is_edge = predicate in self.ontology.edges
        made = Proposal(
            self.ref(subject, words.get("subject"), span),
            predicate,
            span,
            object=self.ref(target, words.get("object"), span) if is_edge else None,
            asserter=None
            if own or not asserter
            else self.ref(asserter, words.get("asserter"), span),
            own=own,
            negative=denied,
            negation=span if denied else None,
            collective=fields.get("collective") == "true",
            score=float(about.get("score") or 0.5),
            like=(int(about["of"][0]), int(about["of"][1])) if about.get("of") else None,
            reasons=tuple(about.get("because") or ()),
            told={key: _span(at) or span for key, at in words.items() if key not in _NAMED},
        )
        value = None if is_edge else Part(str(target), _span(words.get("value")) or span)
        return self.qualified(replace(made, value=value), fields, words)

    def qualified(
        self, one: Proposal, fields: Mapping[str, Any], words: Mapping[str, Any]
    ) -> Proposal:
        """With what stands beside the triple; what no drafter gives stays as it is."""
        hedge = self.found(fields["hedge"], one.span) if fields.get("hedge") else None
        valid = None
        if "valid" in fields:
            at = _span(words.get("valid")) or one.span
            valid = Part(fields["valid"], at, fields.get("valid_basis", "stated"))
        drafted = ("unit", "bound", *one.told, *(("valid_basis",) if valid is None else ()))
        own = {key: one_ for key, one_ in fields.items() if key in drafted}
        passed = (*_SHARED, *own, "collective", *(("hedge",) if hedge else ()))
        passed = (*passed, *(("valid", "valid_basis") if valid else ()))
        beside = {key: one_ for key, one_ in fields.items() if key not in passed}
        return replace(one, hedge=hedge, valid=valid, fields=own, beside=beside)

    def ref(self, id: str, words: Any, span: Span) -> Ref:
        """A thing of the file, at the words that the draft noted, else where it is named."""
        given = (self.top.get("entities") or {}).get(id)
        name = given.get("name") if isinstance(given, Map) else given
        known = self.known.things.get(id)
        thing = replace(known, name=name or known.name) if known else Thing(id, name or id)
        spans = (
            [_span(one) for one in words]
            if words and isinstance(words[0], list)
            else [_span(words)]
        )
        told = [one for one in spans if one]
        if told:
            return Ref(thing, told[0], tuple(told[1:]))
        return Ref(thing, self.found(thing.name, span) or span)

    def found(self, words: str, span: Span) -> Span | None:
        at = self.document.plain.find(alike(words), *span)
        return Span(at, at + len(words)) if at >= 0 else None

    def place(self, fields: Mapping[str, Any]) -> Span:
        """The paragraph of a claim that has no span."""
        number = str(fields.get("paragraph"))
        lines = self.document.paragraphs
        if number.isdecimal() and 1 <= int(number) <= len(lines):
            return Span(*lines[int(number) - 1])
        return Span(0, len(self.document.text))


def _span(given: Any) -> Span | None:
    if (
        isinstance(given, Seq | list)
        and len(given) == 2
        and all(str(end).isdecimal() for end in given)
    ):
        return Span(int(given[0]), int(given[1]))
    return None
