"""What travels beside the standard, in an extension of ours (`kg.loaders.stix.ours` reads it)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import polars as pl

from kg.claims.columns import IDENTIFYING, LINKS, claim_id
from kg.exports.kit import claims as _claims
from kg.graph.concluded import IDENTITY
from kg.graph.corpus import Corpus
from kg.identity.verdicts import RULES
from kg.loaders.stix.ours import COLUMNS, EXTENSION

ENDS = {"subject": "subject_as", "predicate": "predicate", "object": "object_as",
        "value": "value", "asserter": "asserter", "document": "document"}  # fmt: skip

PAIRS = (("subject", "object"), ("subject_name", "object_name"))
"""What the graph turns where an edge holds both ways round; a claim is as its source said it."""

SHARED = ("state", "region", "sector", "document")
"""Prefixes of what goes by one id in every list."""


class Beside:
    """The extensions of a bundle's objects: which entities they are, which claims they carry."""

    def __init__(self, corpus: Corpus) -> None:
        self.declared = _declared(corpus)
        self.held: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        """STIX id → what its extension holds."""
        self.carried: set[str] = set()
        """Ids of the claims that some object carries."""

    def is_entity(self, stix_id: str, source_id: str, name: str) -> None:
        """The object is that entity of that source."""
        entity = {"id": source_id, "name": name, "declared": self.declared.get(source_id, [])}
        self.held[stix_id].setdefault("entities", []).append(entity)

    def stands_for(self, stix_id: str, entity: str) -> None:
        """The object only speaks for an entity that is another object."""
        self.held[stix_id]["stands_for"] = entity

    def carries(self, stix_id: str, claim: _claims.Row) -> None:
        """The object carries that claim. What our own rules conclude, they conclude again."""
        self.carried.add(claim["id"])
        if claim["asserter"] != RULES:
            self.held[stix_id].setdefault("claims", []).append(_row(claim))

    def extension(self, stix_id: str) -> dict[str, Any]:
        """The extension of one object."""
        return {EXTENSION: {"extension_type": "property-extension", **self.held.get(stix_id, {})}}


def definition(author: str, stamp: str) -> dict[str, Any]:
    """The object that defines the extension, as the standard wants it."""
    return {
        "type": "extension-definition", "spec_version": "2.1", "id": EXTENSION,
        "created_by_ref": author, "created": stamp, "modified": stamp, "version": "1.0.0",
        "name": "kg: who says so", "extension_types": ["property-extension"],
        "description": "Entities and claims as a kg ledger has them",
        "schema": "`entities`: id, name, declared rows; `claims`: the columns of a kg claim",
    }  # fmt: skip


def _row(claim: _claims.Row) -> dict[str, Any]:
    """A claim without what is null."""
    found = {name: claim[column] for name, column in ENDS.items()}
    found |= {name: claim[name] for name in (*COLUMNS, *LINKS)}
    turned = found | {one: found[other] for pair in PAIRS for one, other in (pair, pair[::-1])}
    if _id(turned, claim) == claim["id"]:
        found = turned
    kept = {name: value for name, value in found.items() if value not in (None, [], False)}
    flags = {"negative": True} if claim["negative"] else {}
    qualifiers = _claims.qualifiers(claim)
    return {"id": claim["id"], **kept, **flags} | ({"qualifiers": qualifiers} if qualifiers else {})


def _id(found: Mapping[str, Any], claim: _claims.Row) -> str:
    """The id that the claim would have with these ends."""
    return claim_id(map(found.get, IDENTIFYING), claim["negative"], False)


def _declared(corpus: Corpus) -> dict[str, list[Mapping[str, Any]]]:
    """Source id → what is declared of it, but for names and what was concluded about identity."""
    rows = corpus.statements.filter(pl.col("declared") & (pl.col("source") != IDENTITY.name))
    found: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in rows.filter(pl.col("predicate") != "name").sort("id").iter_rows(named=True):
        kept = {"predicate": row["predicate"], "object": row["object_as"], "value": row["value"]}
        if row["object_as"] is not None:
            kept |= {"valid": row["valid"], "valid_basis": row["valid_basis"],
                     "qualifiers": _claims.qualifiers(row)}  # fmt: skip
        found[row["subject_as"]].append({n: v for n, v in kept.items() if v not in (None, {})})
    for id, source in _without_key(rows):
        found[id].append({"predicate": "record", "value": f"{source}:{id}"})
    return found


def _without_key(rows: pl.DataFrame) -> list[tuple[str, str]]:
    """(id, source) of what stands in a list that gives its records no keys. Identity keeps lists
    apart, and read back they are one source: each gets a key that tells its list."""
    keyed = rows.filter(pl.col("predicate") == "record")["subject_as"].implode()
    named = rows.filter((pl.col("predicate") == "name") & (pl.col("format") != "claims"))
    prefix = pl.col("subject_as").str.split(":").list.first()
    bare = named.filter(~pl.col("subject_as").is_in(keyed) & ~prefix.is_in(SHARED))
    return sorted(bare.select("subject_as", "source").iter_rows())
