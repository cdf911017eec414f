"""What somebody who writes a claim is offered: kinds, relations between them, values, names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.drafts.calling import events
from kg.drafts.document import Document
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.patterns import pronouns
from kg.drafts.words import words
from kg.ontology import Ontology
from kg.ontology.kinds import PRINTED, Property

MOST_NAMES = 5000
"""A page holds no more names than this: those in the document first."""


def vocabulary(ontology: Ontology) -> dict[str, Any]:
    """Kinds, edges and properties as a page or a terminal asks about them."""
    kinds = _kinds(ontology)
    prefix = {one["kind"]: key for key, one in kinds.items()}
    speaks = [prefix[k] for k in ontology.edges["ASSERTED_BY"].targets if k in prefix]
    terms = {
        name: list(ontology.vocabulary[name].terms)
        for name in ("likelihood", "confidence")
        if name in ontology.vocabulary
    }
    return {
        "kinds": kinds,
        "edges": _edges(ontology, prefix),
        "speaks": speaks,
        "terms": terms,
        "hedges": list(words("hedges")),
        "pronouns": list(pronouns(ontology)),
    }


def _kinds(ontology: Ontology) -> dict[str, Any]:
    """By the beginning of their ids."""
    happens = events(ontology)
    return {
        node.prefix: {
            "kind": kind,
            "doc": node.doc,
            "event": node.prefix in happens,
            "country": node.key == "country",
            "declared": [_property(p) for p in node.properties.values() if p.declared and p.values],
            "values": [_property(p) for p in node.properties.values() if _claimed(p)],
        }
        for kind, node in ontology.nodes.items()
        if kind not in PRINTED
    }


def _edges(ontology: Ontology, prefix: Mapping[str, str]) -> dict[str, Any]:
    """Those that a claim may give; `prefix`: kind → the beginning of its ids."""
    return {
        edge.edge: {
            "phrase": {prefix.get(k, k): phrase for k, phrase in edge.phrase.items()},
            "doc": edge.doc,
            "from": [prefix[k] for k in edge.sources if k in prefix],
            "to": [prefix[k] for k in edge.targets if k in prefix],
            "same": edge.same_kind,
            "said": _said(edge.said_as),
            "qualifiers": [_property(p) for p in edge.qualifiers.values()],
        }
        for edge in ontology.edges.values()
        if edge.claimable
    }


def _claimed(one: Property) -> bool:
    """Whether a claim may give a property: what only identifies a thing is declared with it."""
    return one.name not in ("id", "name", "kind", "names", "ids")


def _property(one: Property) -> dict[str, Any]:
    told = {"name": one.name, "type": one.type, "doc": one.doc, "said": _said(one.said_as)}
    if one.unit:
        told["unit"] = one.unit
    if one.values:
        told["values"] = list(one.values)
    return told


def _said(patterns: tuple[str, ...]) -> list[str]:
    """The words by which a text says something: what a span of it most likely says comes first."""
    bare = (re.sub(r"\{\w+\}|=>.*|\(\?.*?\)|\\\w", " ", pattern) for pattern in patterns)
    return sorted({word[:5] for text in bare for word in re.findall(r"[a-z]{4,}", text)})


def names(known: Gazetteer, document: Document) -> tuple[list[tuple[str, str, list[str]]], int]:
    """Known things as id, name and further names, those that the document names first; and how many
    there is no room for."""
    here = {
        mention.thing.id for mention in known.within(document.plain, 0, len(document.plain))
    }  # fmt: skip
    things = sorted(known.things.values(), key=lambda thing: thing.id not in here)
    rows = [(one.id, one.name, known.written(one.id)) for one in things[:MOST_NAMES]]
    return rows, max(0, len(things) - MOST_NAMES)
