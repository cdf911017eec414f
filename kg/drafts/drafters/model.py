"""By a model: whatever answers at an address that the user gives, or answers recorded before.

Nothing is asked without an address. What comes back passes the same proof as everything else: a
quote that does not stand in the document, a name that is not in it, a number that reads otherwise
are refused, with why. What a model is asked stands in `kg/drafts/request/`, with the vocabulary of
the ontology put in.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from kg.base.errors import InputError, Problem, UsageError
from kg.claims.text import alike
from kg.drafts import dates, quantities
from kg.drafts.document import slug
from kg.drafts.drafters import Given
from kg.drafts.proposals import Part, Proposal, Ref, Span, Thing
from kg.ontology import Ontology
from kg.ontology.kinds import PRINTED, Property
from kg.ontology.values import BadValue

NAME = "model"
DOC = "by a model at an address that you give, or by its recorded answers"

PATIENCE = 600
"""Seconds after which an address that does not answer is given up."""
NOWHERE = Span(-1, -1)
"""The span of words that are not there; the proof refuses it."""
MANY = 8
"""From so many kinds on, the ends of a relation are not listed one by one."""


def draft(given: Given) -> Iterable[Proposal]:
    """The claims that a model answers. Raises `UsageError` without an address and answers."""
    answers = given.options.get("answers")
    text = _recorded(Path(answers)) if answers else _asked(given)
    place = answers or given.options.get("url", "")
    return [Answered(given, things, row).proposal for things, row in _rows(text, place)]


def _recorded(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(Problem(f"cannot be read: {why}", str(path))) from None


def request(given: Given) -> dict[str, Any]:
    """What is sent to the address: a request for a chat completion."""
    return {
        "model": given.options.get("model", "default"),
        "temperature": 0,
        "messages": [{"role": "user", "content": _question(given)}],
    }


def _asked(given: Given) -> str:
    """What the model at the user's address answers."""
    url = given.options.get("url", "")
    if not re.match(r"https?://", url):
        raise UsageError(
            "--drafter model asks nobody by itself: --model-url ADDRESS names a model (an address "
            "that takes chat completions), or --answers FILE what one answered before"
        )
    body = json.dumps(request(given)).encode()
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("KG_MODEL_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    try:
        with urlopen(Request(url, body, headers), timeout=PATIENCE) as answer:
            read = json.load(answer)
        return str(read["choices"][0]["message"]["content"])
    except (URLError, OSError, ValueError, KeyError, IndexError, TypeError) as why:
        raise InputError(Problem(f"the model did not answer as asked: {why}", url)) from None


# What is asked


def _question(given: Given) -> str:
    document, kinds = given.document, given.ontology
    folder = files("kg.drafts").joinpath("request")
    asked, text, answer = (
        folder.joinpath(name).read_text(encoding="utf-8").strip()
        for name in ("request.md", "example.txt", "example.json")
    )
    put_in = {
        "DECLARED": "\n".join(_declared(kinds)),
        "KINDS": "\n".join(_kinds(kinds)),
        "RELATIONS": "\n".join(_relations(kinds)),
        "PROPERTIES": "\n".join(_properties(kinds)),
        "TEXT": text,
        "ANSWER": answer,
        "PUBLISHER": document.publisher[1] if document.publisher else "nobody that it names",
        "DATE": document.date or "on no day that it prints",
        "DOCUMENT": document.text.strip(),
    }
    return re.sub(rf"\b({'|'.join(put_in)})\b", lambda word: put_in[word[0]], asked)


def _spoken_of(kinds: Ontology) -> Iterator[str]:
    return (kind for kind in kinds.nodes if kind not in PRINTED)


def _kinds(kinds: Ontology) -> Iterator[str]:
    for kind in _spoken_of(kinds):
        yield f"- {kind}: {' '.join(kinds.nodes[kind].doc.split())}"


def _relations(kinds: Ontology) -> Iterator[str]:
    """What belongs to what is left out: it is declared with the things, by whoever reviews."""
    for edge in kinds.edges.values():
        if not edge.claimable or edge.group in ("evidence", "structure"):
            continue
        ends = " → ".join(map(_ends, (edge.sources, edge.targets)))
        yield f"- {edge.edge} ({ends}): {' '.join(edge.doc.split())}" + "".join(
            f" `{name}`, if said: {_terms(one) or 'the words that say it.'}"
            for name, one in edge.qualifiers.items()
            if one.asked
        )


def _ends(kinds: tuple[str, ...]) -> str:
    return ", ".join(kinds) if len(kinds) < MANY else "things of most kinds"


def _properties(kinds: Ontology) -> Iterator[str]:
    """Those that a database shows as claims; an incident's come first, with what it means there."""
    every = sorted(_spoken_of(kinds), key=lambda kind: kind != "Incident")
    found: dict[str, Property] = {}
    for one in (p for kind in every for p in kinds.nodes[kind].properties.values()):
        if one.evidence and one.asked and not one.declared:
            found.setdefault(one.name, one)
    for name, one in found.items():
        of = ", ".join(kind for kind in every if name in kinds.nodes[kind].properties)
        terms = f" One of: {_terms(one)}" if one.vocabulary else ""
        yield f"- {name} ({of}; {one.type}): {' '.join(one.doc.split())}{terms}"


def _declared(kinds: Ontology) -> Iterator[str]:
    """What is told of a thing with its name, by how many kinds have it."""
    found: dict[Property, list[str]] = {}
    for kind in _spoken_of(kinds):
        for one in kinds.nodes[kind].properties.values():
            if one.declared and one.asked:
                found.setdefault(one, []).append(kind)
    for one, of in found.items():
        terms = f" One of: {_terms(one)}" if one.vocabulary else ""
        yield f"- `{one.name}` ({_ends(tuple(of))}; {one.type}): {' '.join(one.doc.split())}{terms}"


def _terms(of: Property) -> str:
    known = of.vocabulary.terms if of.vocabulary else {}
    return "; ".join(f"{term} ({said})" if said else term for term, said in known.items()) + (
        "." if known else ""
    )


# What is answered


def _rows(text: str, place: str) -> list[tuple[Mapping[str, Any], Mapping[str, Any]]]:
    """The claims of an answer, each with the things that it speaks of."""
    found = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        read = json.loads(found[0] if found else text)
        things, claims = dict(read["things"]), list(read["claims"])
    except (ValueError, KeyError, TypeError):
        raise InputError(Problem("is no JSON object with `things` and `claims`", place)) from None
    return [(things, row) for row in claims if isinstance(row, dict)]


@dataclass(frozen=True)
class Answered:
    """One claim of an answer: what it says of places is looked for, and nothing is mended."""

    given: Given
    things: Mapping[str, Any]
    row: Mapping[str, Any]

    @property
    def proposal(self) -> Proposal:
        """The claim as it goes to the proof."""
        asserter, denied, hedge = (self._text(n) for n in ("asserter", "denied", "hedge"))
        return Proposal(
            self._ref("subject") or Ref(Thing("", ""), NOWHERE),
            self._text("predicate"),
            self.span,
            self._ref("object"),
            self._value(),
            self._asserter() if asserter else None,
            own=not asserter,
            negative=bool(denied),
            negation=self._find(denied) if denied else None,
            hedge=self._find(hedge) if hedge else None,
            collective=self.row.get("collective") is True,
            valid=self._date("valid") if self._text("valid") else None,
            fields=self._fields(),
            told={
                name: self._find(self._text(f"{name}_words"))
                for name in self._qualifiers
                if self._text(f"{name}_words")
            },
            score=0.6,
            reasons=("a model says so",),
            quote=self._text("quote"),
        )

    def _text(self, name: str) -> str:
        told = self.row.get(name)
        return "" if told is None else str(told)

    @cached_property
    def span(self) -> Span:
        """Where its quote stands."""
        return self._find(self._text("quote"), self._whole)

    @property
    def _whole(self) -> Span:
        return Span(0, len(self.given.document.text))

    def _find(self, words: str, within: Span | None = None) -> Span:
        within = self.span if within is None else within
        if not words or within == NOWHERE:
            return NOWHERE
        at = self.given.document.plain.find(alike(words), within.start, within.end)
        return Span(at, at + len(words)) if at >= 0 else NOWHERE

    # Who is meant

    def _thing(self, key: str) -> Thing:
        told = self.things.get(key)
        if not isinstance(told, dict):
            return Thing("", "")
        name, kind = str(told.get("name") or ""), str(told.get("kind") or "").lower()
        entry = self.given.known.called(alike(name))
        if entry and entry.thing.kind == kind:
            return entry.thing
        return Thing(f"{kind}:{slug(name)}", name, self._declared(f"{kind}:", told))

    def _declared(self, of: str, told: Mapping[str, Any]) -> dict[str, str | int | bool]:
        """What is told of a thing besides its kind and name; what its kind cannot have is left."""
        kind = self.given.ontology.kind_of(of)
        specs = self.given.ontology.nodes[kind].properties if kind else {}
        return {
            name: told[name]
            for name, spec in specs.items()
            if spec.declared and spec.asked and _reads(spec, told.get(name))
        }

    def _ref(self, part: str) -> Ref | None:
        """Who is meant: by name where that stands in the quote, else by the words for it there."""
        key = self._text(part)
        if not key:
            return None
        thing, name = self._thing(key), self._name(key)
        words = self.row.get("words")
        said = words.get(key) if isinstance(words, dict) else None
        if said is None or said == name:
            return Ref(thing, self._find(name))
        return Ref(thing, self._told_by(str(said), thing), (self._find(name, self._whole),))

    def _told_by(self, words: str, thing: Thing) -> Span:
        """Where words stand for a thing; of a clause that tells of it (`The thieves moved the
        funds`) the first word that does."""
        span = self._find(words)
        told = self.given.sayings
        if span == NOWHERE or told.stands_for(words, thing.kind) or len(words.split()) < 4:
            return span
        for word in re.finditer(r"[\w-]+", words):
            if told.stands_for(word[0], thing.kind):
                return Span(span.start + word.start(), span.start + word.end())
        return span

    def _name(self, key: str) -> str:
        told = self.things.get(key)
        return str(told.get("name") or "") if isinstance(told, dict) else ""

    def _asserter(self) -> Ref:
        """Who is heard: named in or before the quote, or anywhere."""
        key = self._text("asserter")
        thing, name = self._thing(key), self._name(key)
        place = self._find(name, self._whole)
        words = self._text("asserter_words")
        if not words or words == name:
            return Ref(thing, place)
        return Ref(thing, self._near(words), (place,))

    def _near(self, words: str) -> Span:
        """Words in the paragraph of the quote, else anywhere."""
        document = self.given.document
        if self.span == NOWHERE:
            return NOWHERE
        paragraph = Span(*document.paragraphs[document.paragraph(self.span.start) - 1])
        found = self._find(words, paragraph)
        return found if found != NOWHERE else self._find(words, self._whole)

    @property
    def _qualifiers(self) -> tuple[str, ...]:
        """What may qualify the relation."""
        edge = self.given.ontology.edges.get(self._text("predicate"))
        return tuple(name for name, one in edge.qualifiers.items() if one.asked) if edge else ()

    # What is counted and dated

    @property
    def _spec(self) -> Property | None:
        kind = self.given.ontology.kind_of(self._thing(self._text("subject")).id)
        return self.given.ontology.property(kind, self._text("predicate")) if kind else None

    def _value(self) -> Part | None:
        if self.row.get("value") is None:
            return None
        if self._spec and self._spec.type == "edtf":
            return self._date("value")
        words = self._text("value_words") or self._text("value")
        return Part(self._text("value"), self._find(words))

    def _date(self, name: str) -> Part:
        """A date; how it was come by is read from its words, as the proof reads them."""
        if self.row.get("inferred") is True:
            return Part(self._text(name), self.span, "inferred")
        span = self._find(self._text(f"{name}_words") or self._text(name))
        document = self.given.document
        found = dates.reread(document.plain, span, document.day) if span != NOWHERE else None
        basis, because = (found.basis, found.because) if found else ("", "")
        return Part(self._text(name), span, basis, because, self._text("from"))

    def _fields(self) -> dict[str, str]:
        told = {name: self._text(name) for name in self._qualifiers if self._text(name)}
        value, spec = self._value(), self._spec
        if value is None or spec is None or value.span == NOWHERE:
            return told
        if spec.type == "edtf":
            return told | {"valid_basis": value.basis}
        found = quantities.reread(self.given.document.plain, value.span)
        if spec.type in ("money", "integer", "number") and found:
            measured = {"unit": found.unit, "bound": found.bound}
            return told | {word: said for word, said in measured.items() if said}
        return told


def _reads(spec: Property, told: object) -> bool:
    """Whether what is told of a thing is a value that the property takes."""
    try:
        spec.parse(told)
    except BadValue:
        return False
    return told not in (None, "")
