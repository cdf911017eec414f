"""By a model: whatever answers at an address that the user gives, or answers recorded before.

Nothing is asked without an address. What comes back passes the same proof as everything else: a
quote that does not stand in the document, a name that is not in it, a number that reads otherwise
are refused, with why.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import Request, urlopen

from kg.base.errors import InputError, Problem, UsageError
from kg.drafts.document import Document, slug
from kg.drafts.drafters import Given
from kg.drafts.proposals import Part, Proposal, Ref, Span, Thing

NAME = "model"
DOC = "by a model at an address that you give, or by its recorded answers"

ASK = """Read the document and list the claims in it as JSON: {"claims": [{"quote": words of \
the document, exactly, "subject": {"kind": …, "name": words of the document, "words": the words \
in the quote that stand for it}, "predicate": …, "object": like subject, or "value": …, \
"value_words": words in the quote, "asserter": like subject or null where the document speaks \
itself, "hedge": words in the quote or null, "denied_by": the denying words in the quote or null, \
"unit": …, "bound": …}]}. Kinds: KINDS. Predicates: PREDICATES. Add nothing that the document does \
not say.

DOCUMENT"""
PATIENCE = 600
"""Seconds after which an address that does not answer is given up."""
NOWHERE = Span(-1, -1)
"""The span of words that are not there; the proof refuses it."""


def draft(given: Given) -> Iterable[Proposal]:
    """The claims that a model answers. Raises `UsageError` without an address and answers."""
    answers = given.options.get("answers")
    text = _recorded(Path(answers)) if answers else _asked(given)
    return list(_proposals(text, given, answers or given.options.get("url", "")))


def _recorded(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(Problem(f"cannot be read: {why}", str(path))) from None


def _asked(given: Given) -> str:
    """What the model at the user's address answers."""
    url = given.options.get("url", "")
    if not re.match(r"https?://", url):
        raise UsageError(
            "--drafter model asks nobody by itself: --model-url ADDRESS names a model (an address "
            "that takes chat completions), or --answers FILE what one answered before"
        )
    body = {
        "model": given.options.get("model", "default"),
        "temperature": 0,
        "messages": [{"role": "user", "content": _question(given)}],
    }
    headers = {"Content-Type": "application/json"}
    if key := os.environ.get("KG_MODEL_KEY"):
        headers["Authorization"] = f"Bearer {key}"
    try:
        with urlopen(Request(url, json.dumps(body).encode(), headers), timeout=PATIENCE) as answer:
            read = json.load(answer)
        return str(read["choices"][0]["message"]["content"])
    except (URLError, OSError, ValueError, KeyError, IndexError, TypeError) as why:
        raise InputError(Problem(f"the model did not answer as asked: {why}", url)) from None


def _question(given: Given) -> str:
    kinds = ", ".join(given.ontology.nodes)
    claimed = [edge.edge for edge in given.ontology.edges.values() if edge.claimable]
    told = [p.name for node in given.ontology.nodes.values() for p in node.properties.values()]
    predicates = ", ".join(dict.fromkeys((*claimed, *told)))
    asked = ASK.replace("KINDS", kinds).replace("PREDICATES", predicates)
    return asked.replace("DOCUMENT", given.document.text)


def _proposals(text: str, given: Given, place: str) -> Iterator[Proposal]:
    found = re.search(r"\{.*\}", text, re.DOTALL)
    try:
        rows = json.loads(found[0] if found else text)["claims"]
        rows = [row for row in rows if isinstance(row, dict)]
    except (ValueError, KeyError, TypeError):
        raise InputError(Problem("is no JSON object with `claims`", place)) from None
    for row in rows:
        yield _proposal(row, given)


def _proposal(row: Mapping[str, Any], given: Given) -> Proposal:
    """One answer as a proposal; what it says of places is looked for, and nothing is mended."""
    document = given.document
    quote = str(row.get("quote") or "")
    span = _find(document, quote, Span(0, len(document.text)))
    object_ = _ref(row.get("object"), span, given)
    value = row.get("value")
    words = str(row.get("value_words") or value or "")
    denied = row.get("denied_by")
    return Proposal(
        _ref(row.get("subject"), span, given) or Ref(Thing("", ""), NOWHERE),
        str(row.get("predicate") or ""),
        span,
        object_,
        Part(str(value), _find(document, words, span)) if value is not None else None,
        _ref(row.get("asserter"), span, given, anywhere=True),
        own=not row.get("asserter"),
        negative=bool(denied),
        negation=_find(document, str(denied), span) if denied else None,
        hedge=_find(document, str(row["hedge"]), span) if row.get("hedge") else None,
        fields=_fields(row, value is not None),
        score=0.6,
        reasons=("a model says so",),
        quote=quote,
    )


def _fields(row: Mapping[str, Any], valued: bool) -> dict[str, str]:
    names = ("unit", "bound", "valid_basis") if valued else ("role", "grounds", "responsibility")
    return {name: str(row[name]) for name in names if row.get(name)}


def _ref(told: Any, within: Span, given: Given, *, anywhere: bool = False) -> Ref | None:
    """Who is meant: by name where that stands in the quote, else by the words that stand for it."""
    if not isinstance(told, dict) or not told.get("name"):
        return None
    name, kind = str(told["name"]), str(told.get("kind") or "").lower()
    entry = given.known.called(name)
    known = entry.thing if entry and entry.thing.kind == kind else None
    thing = known or Thing(f"{kind}:{slug(name)}", name)
    everywhere = Span(0, len(given.document.text))
    place = _find(given.document, name, within)
    if place == NOWHERE and anywhere:
        place = _find(given.document, name, everywhere)
    if place != NOWHERE:
        return Ref(thing, place)
    words = _find(given.document, str(told.get("words") or name), within)
    return Ref(thing, words, (_find(given.document, name, everywhere),))


def _find(document: Document, words: str, within: Span) -> Span:
    at = document.text.find(words, max(0, within.start), within.end) if words else -1
    return Span(at, at + len(words)) if at >= 0 else NOWHERE
