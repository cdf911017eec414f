"""What a served page may ask, each with one JSON document as its answer. All of it only reads.

Nothing here knows HTTP. Questions, search and evidence are those of an assistant (`kg.mcp.tools`):
the same bounds, the same lens that no question can widen.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from kg import views
from kg.api import KnowledgeGraph, only_parameters
from kg.ask import questions
from kg.base.errors import UsageError, offering
from kg.graph.lens import WHOLE, Lens
from kg.mcp.tools import LensGiven, Tools
from kg.serve.pictures import OPENS_WITH, Pictures, Wanted
from kg.views.kit.page import SERVED, Page
from kg.views.kit.payload import payload

MOST_FOUND = 50
"""Entities that a search gives at most."""
MOST_ROWS = 1000
"""Rows of an answer at most."""

Given = Mapping[str, Any]


class Answers:
    """Answers from one graph, each seen through a `base` lens that no question can widen."""

    def __init__(self, graph: KnowledgeGraph, base: Lens = WHOLE) -> None:
        self._graph = graph
        self._base = base
        self._tools = Tools(graph, base)
        self._pictures = Pictures(graph)

    def all(self) -> dict[str, Callable[[Given], dict[str, Any]]]:
        """What can be asked, by name."""
        asked = (self.about, self.search, self.picture, self.ask, self.explain)
        return {one.__name__: one for one in asked}

    def page(self, given: Given) -> Page:
        """The page: a picture, and what it may ask for."""
        data = self.picture(given)
        data["offered"] = {
            "questions": sorted(
                (one.as_dict() for one in questions.discover().values()), key=lambda q: q["title"]
            ),
            "views": [
                {"name": view.name, "doc": view.doc}
                for _, view in sorted(views.discover().items())
                if view.standard
            ],
            "closed": self._base.closed,
        }
        rules = {name: one.page for name, one in self._graph.ontology.types.items()}
        return Page(data, rules, SERVED)

    def about(self, given: Given) -> dict[str, Any]:
        """What this graph is: what was loaded, how many claims, until when."""
        _only(given)
        return self._tools.about()

    def search(self, given: Given) -> dict[str, Any]:
        """Entities that go by a `text`, the nearest first: `{"text", "kind", "limit", "lens"}`."""
        _only(given, "text", "kind", "limit", "lens")
        limit = min(_whole(given, "limit", 12), MOST_FOUND)
        kind = None if given.get("kind") is None else _text(given, "kind")
        known = self._graph.ontology.nodes
        if kind and kind not in known:
            raise UsageError(offering(f"there is no kind {kind!r}", kind, known))
        return self._tools.find(_text(given, "text"), kind, limit, _lens(given))

    def picture(self, given: Given) -> dict[str, Any]:
        """What a page shows: `{"view" or "question", "given", "expanded": [ids], "lens"}`."""
        wanted = self._wanted(given)
        drawn, corpus = self._pictures.draw(wanted)
        return payload(drawn, corpus) | {"wanted": _told(given)}

    def ask(self, given: Given) -> dict[str, Any]:
        """The rows that answer a saved question, with the claims behind them:
        `{"question", "given", "limit", "offset", "lens"}`."""
        _only(given, "question", "given", "limit", "offset", "lens")
        limit = min(_whole(given, "limit", 100), MOST_ROWS)
        return self._tools.ask(
            *(_text(given, "question"), _parameters(given), _lens(given)),
            *(limit, _whole(given, "offset", 0)),
        )

    def explain(self, given: Given) -> dict[str, Any]:
        """Who says so, of a node, a property, an edge or a claim:
        `{"subject", "predicate", "object", "lens"}`."""
        _only(given, "subject", "predicate", "object", "lens")
        predicate, target = (
            _text(given, end) if given.get(end) else None for end in ("predicate", "object")
        )
        return self._tools.explain(_text(given, "subject"), predicate, target, _lens(given))

    def _wanted(self, given: Given) -> Wanted:
        _only(given, "view", "question", "given", "expanded", "lens")
        if given.get("view") is not None and given.get("question") is not None:
            raise UsageError("a picture begins with a view or with a question, not with both")
        expanded = given.get("expanded") or []
        if not isinstance(expanded, list) or not all(isinstance(id, str) for id in expanded):
            raise UsageError("expanded takes a list of ids")
        question = given.get("question") and _text(given, "question")
        view = None if question else str(given.get("view") or OPENS_WITH)
        known = views.discover()
        if view in known and not known[view].standard:
            raise UsageError(f"the view {view!r} needs parameters: expand nodes instead")
        lens = asdict(_lens(given) or LensGiven())
        seen = self._base.narrowed(Lens(**{side: day for side, day in lens.items() if day}))
        return Wanted(view, question, _parameters(given), tuple(expanded), seen)


def _told(given: Given) -> dict[str, Any]:
    """The recipe, for the page's address."""
    return {key: value for key, value in given.items() if value}


def _only(given: Given, *known: str) -> None:
    """Raise `UsageError` for what is not asked here."""
    for name in given:
        if name not in known:
            message = f"this takes no {name!r} (it takes: {', '.join(known) or 'nothing'})"
            raise UsageError(offering(message, name, known, otherwise=""))


def _text(given: Given, name: str) -> str:
    value = given.get(name)
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{name} takes a text, not {json.dumps(value)[:80]}")
    return value


def _whole(given: Given, name: str, default: int) -> int:
    value = given.get(name, default)
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise UsageError(f"{name} takes a whole number, not {json.dumps(value)[:80]}")
    return value


def _parameters(given: Given) -> dict[str, Any]:
    found = given.get("given") or {}
    if not isinstance(found, dict):
        raise UsageError('given takes parameters by name: {"incident": "WannaCry"}')
    return only_parameters(found)


def _lens(given: Given) -> LensGiven | None:
    found = given.get("lens") or {}
    sides = LensGiven.__dataclass_fields__
    if not isinstance(found, dict) or not found.keys() <= sides.keys():
        raise UsageError(f"lens takes {', '.join(sides)}")
    if not all(side is None or isinstance(side, str) for side in found.values()):
        raise UsageError(f"lens takes texts for {', '.join(sides)}")
    return LensGiven(**found) if found else None
