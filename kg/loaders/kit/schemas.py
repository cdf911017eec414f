"""JSON Schemas of what people write by hand, for editors that complete and underline.

An editor's check is a first look: `kg check` knows more (spans, references, values).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from kg.claims.columns import COLUMNS, LINKS
from kg.claims.fields import GIVEN
from kg.loaders.kit.mapping_shapes import COLUMN, TABLE
from kg.ontology import Ontology

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"
TEXT: Schema = {"type": "string"}
PLAIN: Schema = {"type": ["string", "number", "boolean", "null"]}
"""One value. YAML readers differ in what they take for a number; kg reads text."""


def claim_file(ontology: Ontology) -> Schema:
    """What `docs/claim-files.md` describes."""
    document = _object(_declared(ontology, "Document") | {"id": _id(("document",)), "text": TEXT})
    document["required"] = ["id", "name"]
    parts = {
        "document": document,
        "documents": {"type": "array", "items": document},
        "entities": _entities(ontology),
        "claims": {"type": "array", "items": _statement(ontology)},
        "draft": {"description": "What `kg draft` proposed, and how each word was proven."},
    }
    return {"$schema": DIALECT, "title": "kg claim file", **_object(parts)}


def _entities(ontology: Ontology) -> Schema:
    kinds = {
        _id((kind.prefix,))["pattern"]: {
            "description": kind.doc,
            "anyOf": [TEXT, _object(_declared(ontology, name)) | {"required": ["name"]}],
        }
        for name, kind in ontology.nodes.items()
        if name != "Claim"
    }
    return {"type": "object", "patternProperties": kinds, "additionalProperties": False}


def _declared(ontology: Ontology, kind: str) -> Schema:
    """What may stand beside an entity's name: what its kind declares, and structure."""
    found: Schema = {}
    for name, one in ontology.nodes[kind].properties.items():
        if one.declared or kind == "Document":
            terms = {"enum": list(one.values)} if one.values else {}
            found[name] = {"description": one.doc, **({} if one.many else terms)}
    for edge in ontology.edges.values():
        if edge.declared_as and kind in edge.sources:
            found[edge.declared_as] = {"description": edge.doc}
    return found


def _statement(ontology: Ontology) -> Schema:
    fields = _fields(ontology)
    verbs = {
        "says": _triples(ontology, "What it says."),
        "denies": _triples(ontology, "What it says is not so."),
        "statement": {"description": "Joins what is printed in two places into one statement."},
    }
    return _object(verbs | fields) | {"anyOf": [{"required": ["says"]}, {"required": ["denies"]}]}


def _fields(ontology: Ontology) -> Schema:
    """The fields of a statement, with their terms where a vocabulary has them."""
    found: Schema = {
        "asserter": _id(_prefixes(ontology)) | {"description": "Who says so."},
        "document": _id(("document",)),
        "span": {
            "type": ["array", "string"],
            "minItems": 2,
            "maxItems": 2,
            "items": {"type": "integer"},
        },
        "meant": {"type": "object", "additionalProperties": {"type": "string"}},
        "ref": PLAIN | {"description": "A short name, to point at it from elsewhere."},
    }
    for name in sorted({*GIVEN, *LINKS} - {"start", "end", "ref"}):
        column = COLUMNS[name]
        vocabulary = ontology.vocabulary.get(column.vocabulary or "")
        terms = [{"enum": list(vocabulary.terms)}] if vocabulary else []
        one = {"anyOf": [*terms, PLAIN, {"type": "array"}]} if name in LINKS or terms else PLAIN
        found[name] = {"description": column.doc, **one}
    return found


def _triples(ontology: Ontology, doc: str) -> Schema:
    edges = sorted(name for name, edge in ontology.edges.items() if edge.claimable)
    values = sorted(
        {
            name
            for kind, node in ontology.nodes.items()
            if kind != "Claim"
            for name, one in node.properties.items()
            if not one.declared
        }
    )
    triple = {
        "type": "array",
        "minItems": 3,
        "maxItems": 4,
        "prefixItems": [
            _id(_prefixes(ontology)),
            {"enum": [*edges, *values]},
            PLAIN,
            {"type": "object"},
        ],
    }
    several = {"type": "array", "items": triple, "minItems": 1}
    return {"description": doc, "anyOf": [triple, several]}


def mapping(ontology: Ontology) -> Schema:
    """The words of a table's `source.yaml` that map it (`docs/loaders.md`)."""
    terms: Schema = {n: {"description": f"Must be {s.what}."} for n, s in TABLE.items()}
    column = _object({name: {"description": f"Must be {s.what}."} for name, s in COLUMN.items()})
    edges = sorted(name for name, edge in ontology.edges.items() if edge.claimable)
    told = f"A triple, or a mapping with `says` or `denies`. Relations: {', '.join(edges)}."
    terms["columns"] = {"type": "object", "additionalProperties": column}
    terms["entities"] = {"type": "object", "additionalProperties": {"type": ["string", "object"]}}
    terms["claims"] = {
        "type": "array",
        "items": {"type": ["array", "object"], "description": told},
    }
    for name in ("null", "ignore"):
        terms[name] |= {"type": "array", "items": TEXT}
    return {
        "$schema": DIALECT,
        "title": "kg table mapping",
        "type": "object",
        "properties": {"table": _object(terms)},
    }


SCHEMAS = {"claims": claim_file, "mapping": mapping}
"""What has one, by the word that `kg ontology --schema` takes."""


def _object(properties: Mapping[str, Any]) -> Schema:
    return {"type": "object", "properties": dict(properties), "additionalProperties": False}


def _id(prefixes: Iterable[str]) -> Schema:
    return {"type": "string", "pattern": f"^(?:{'|'.join(map(re.escape, prefixes))}):.+"}


def _prefixes(ontology: Ontology) -> list[str]:
    return sorted(kind.prefix for name, kind in ontology.nodes.items() if name != "Claim")
