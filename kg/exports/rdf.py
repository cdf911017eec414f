"""RDF as N-Quads: each claim is a named graph, and PROV-O says whose and from where.

The triple that a claim asserts stands in the graph that the claim is; what is known of the claim
(asserter, document, hedge, dates) stands in the default graph. A denial asserts no triple: it has
its subject, predicate and object by name only. Read with any store that has named graphs.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import polars as pl

from kg.base.written import own
from kg.claims.columns import COLUMNS
from kg.exports.kit import claims as _claims
from kg.exports.kit.report import ExportReport
from kg.graph.corpus import Corpus

FORMAT = "rdf"
DOC = "RDF N-Quads: a named graph a claim, with PROV-O provenance"

OURS = "urn:kg:"
TERM = OURS + "term:"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
PROV = "http://www.w3.org/ns/prov#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
EDTF = "http://id.loc.gov/datatypes/edtf/EDTF"

SAID = {name: column.rdf for name, column in COLUMNS.items() if column.rdf}
"""Column → `term` (a term of ours by its name) or a property of PROV-O. Retractions and disputes
have no property there: PROV invalidates by an activity, and here one claim takes back another. What
we read as derived, and its document does not state, is no fact of PROV's either."""

Quad = tuple[str, str, str, str]
"""Subject, predicate, object, graph ("" for the default one), each written as N-Quads has them."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`; quads in a fixed order."""
    written: Counter[str] = Counter()
    with own(path) as file:
        for parts in quads(corpus):
            file.write(" ".join(part for part in parts if part) + " .\n")
            written["quads"] += 1
    return ExportReport(FORMAT, path, dict(written), [])


def quads(corpus: Corpus) -> Iterator[Quad]:
    """Entities, declarations, then claims."""
    for id, kind, row in _claims.entities(corpus):
        yield from _entity(corpus, id, kind, row)
    for row in declarations(corpus):
        yield from (
            _statement(row, "Declaration")
            if row["valid"] or row["qualifiers"]
            else [_triple(row, "")]
        )
    for claim in _claims.claims(corpus):
        yield from _statement(claim, "Denial" if claim["negative"] else "Claim")


def declarations(corpus: Corpus) -> list[_claims.Row]:
    """What entities declare of themselves, but their names; once, however many sources do."""
    said = ["subject", "predicate", "object", "value", "valid", "qualifiers"]
    rows = corpus.statements.filter(pl.col("declared") & (pl.col("predicate") != "name"))
    once = rows.sort(*said, "id").unique(said, keep="first", maintain_order=True)
    return list(once.iter_rows(named=True))


def _entity(corpus: Corpus, id: str, kind: str, row: Mapping[str, Any]) -> Iterator[Quad]:
    me = _iri(id)
    yield me, f"<{RDF}type>", _term(kind), ""
    for role in row.get("roles", ()):
        yield me, f"<{RDF}type>", _term(role), ""
    if standard := corpus.ontology.node(kind).standards.get("PROV-O"):
        yield me, f"<{RDF}type>", f"<{PROV}{standard}>", ""
    yield me, f"<{RDFS}label>", _literal(row["name"]), ""
    for name in row.get("names", ()):
        if name != row["name"]:
            yield me, f"<{SKOS}altLabel>", _literal(name), ""


def _triple(row: _claims.Row, graph: str) -> Quad:
    target = _iri(row["object"]) if row["object"] else _value(row)
    return _iri(row["subject"]), _term(row["predicate"]), target, graph


def _statement(claim: _claims.Row, kind: str) -> Iterator[Quad]:
    """A row of the ledger: its triple where it belongs, then all that is known of it."""
    me = _iri(claim["id"])
    triple = _triple(claim, me if kind == "Claim" else "")
    if kind != "Denial":
        yield triple
    for of in (TERM + kind, PROV + "Entity", RDF + "Statement"):
        yield me, f"<{RDF}type>", f"<{of}>", ""
    for name, part in zip(("subject", "predicate", "object"), triple[:3], strict=True):
        yield me, f"<{RDF}{name}>", part, ""
    for name, text in _claims.qualifiers(claim).items():
        yield me, _term(name), _literal(text), ""
    yield me, _term("standing"), _literal(claim["standing"]), ""
    for name, said in SAID.items():
        scheme, _, local = said.partition(":")
        ours = scheme != "prov" or (name == "derived_from" and claim["derivation"] == "read")
        property = _term(name) if ours else f"<{PROV}{local}>"
        for value in claim[name] if isinstance(claim[name], list) else [claim[name]]:
            if value is not None and value is not False:
                yield me, property, _object(value, COLUMNS[name].type), ""


def _object(value: Any, type_: str) -> str:
    """A column's value: what it points at, or a literal."""
    if type_ in ("id", "ids"):
        return _iri(value)
    return _typed(value, EDTF if type_ == "edtf" else "")


def _value(row: Mapping[str, Any]) -> str:
    """A value: a number where it is one, an EDTF date where it dates something, else text."""
    text = row["value"] or ""
    if row["number"] is not None and re.fullmatch(r"[+-]?\d+(\.\d+)?", text):
        return _typed(text, XSD + "decimal")
    if row["valid"] == text:
        return _typed(text, EDTF)
    return _literal(text)


def _typed(value: Any, datatype: str = "") -> str:
    if isinstance(value, bool):
        return f'"{str(value).lower()}"^^<{XSD}boolean>'
    if isinstance(value, int):
        return f'"{value}"^^<{XSD}integer>'
    if isinstance(value, datetime):
        return f'"{value.isoformat()}"^^<{XSD}dateTime>'
    if isinstance(value, date):
        return f'"{value.isoformat()}"^^<{XSD}date>'
    return _literal(str(value)) + (f"^^<{datatype}>" if datatype else "")


def _iri(id: str) -> str:
    return f"<{OURS}{quote(id, safe=':-._~')}>"


def _term(name: str) -> str:
    return f"<{TERM}{quote(name, safe='-._~')}>"


def _literal(text: str) -> str:
    """Quoted and escaped; characters that N-Quads bars as they are become escapes."""
    plain = text.replace("\\", "\\\\").replace('"', '\\"')
    return (
        '"'
        + re.sub(r"[\x00-\x1f\x7f\u0085\u2028\u2029]", lambda m: f"\\u{ord(m[0]):04X}", plain)
        + '"'
    )
