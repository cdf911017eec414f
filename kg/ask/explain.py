"""Who says so: the claims behind a node or an edge, grouped by the origin that they go back to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kg.base.errors import UsageError, offering
from kg.claims.columns import marks, shown, value_said
from kg.graph.corpus import Corpus
from kg.graph.project import in_its_words
from kg.graph.standing import claim_roots

SHOWN = (*shown("explain"), "standing")


@dataclass(frozen=True)
class Origin:
    """One independent origin: who spoke first, and every claim that goes back to it."""

    asserter: str | None
    """Display name; None where the source does not say who."""
    claims: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Explanation:
    """What was asked about, and the origins of what is claimed of it."""

    about: str
    name: str
    origins: tuple[Origin, ...]
    denials: tuple[Mapping[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """The shape that `kg explain --format json` prints."""
        return {
            "about": self.about,
            "name": self.name,
            "origins": [
                {"asserter": o.asserter, "claims": [dict(c) for c in o.claims]}
                for o in self.origins
            ],
            "denials": [dict(claim) for claim in self.denials],
        }


def explain(
    corpus: Corpus, subject: str, predicate: str | None = None, target: str | None = None
) -> Explanation:
    """All claims behind a node (`subject` alone), a property, or an edge; or one claim, by its id,
    with what denies or disputes it.

    Independent origins are the asserters at the roots of what derives from what. Raises
    `UsageError` where nothing of the name exists or nothing was claimed.
    """
    claims = corpus.claims
    id = subject if subject in claims["id"] else corpus.find(subject)
    if id.startswith("claim:"):
        against = claims.filter(pl.col("id") == id)["disputed_by"].explode().drop_nulls()
        found = claims.filter((pl.col("id") == id) | pl.col("id").is_in(against.implode()))
        about = id
    elif predicate is None:
        found = claims.filter((pl.col("subject") == id) | (pl.col("object") == id))
        about = id
    else:
        found, about = _of_edge(corpus, claims, id, predicate, target)
    roots, urls = _root_of(corpus), _urls(corpus)
    rows = [
        _row(corpus, row, roots, urls)
        for row in in_its_words(found, corpus.known)
        .sort("asserted_from", "id", nulls_last=True)
        .iter_rows(named=True)
    ]
    said = [row for row in rows if row["polarity"] == "positive"]
    keys = sorted({row["origin"] or "" for row in said})
    origins = tuple(
        Origin(key or None, tuple(r for r in said if (r["origin"] or "") == key)) for key in keys
    )
    return Explanation(
        about,
        corpus.names.get(id) or _claim_name(corpus, id),
        origins,
        tuple(row for row in rows if row["polarity"] == "negative"),
    )


def _claim_name(corpus: Corpus, id: str) -> str:
    """One line of what a claim says; its id where it does not stand as a node."""
    nodes = corpus.graph.nodes.get("Claim", pl.DataFrame(schema=["id", "name"]))
    return next(iter(nodes.filter(pl.col("id") == id)["name"]), id)


def _of_edge(
    corpus: Corpus, claims: pl.DataFrame, id: str, predicate: str, target: str | None
) -> tuple[pl.DataFrame, str]:
    known = [*corpus.ontology.edges, *claims["predicate"].unique()]
    name = next((each for each in known if each.casefold() == predicate.casefold()), None)
    if name is None:
        message = f"there is no predicate {predicate!r}"
        raise UsageError(offering(message, predicate, known, otherwise=""))
    found = claims.filter((pl.col("subject") == id) & (pl.col("predicate") == name))
    about = f"{id} {name}"
    if target is not None:
        if corpus.ontology.is_edge(name):
            other = corpus.find(target)
            found = found.filter(pl.col("object") == other)
        else:
            other = target
            found = found.filter(pl.col("value") == target)
        about += f" {other}"
    if found.is_empty():
        raise UsageError(f"nobody claims {about} {corpus.where}")
    return found, about


def _root_of(corpus: Corpus) -> dict[str, list[str]]:
    roots: dict[str, list[str]] = {}
    for id, root in claim_roots(corpus.statements).iter_rows():
        roots.setdefault(id, []).append(root)
    return roots


def _row(
    corpus: Corpus,
    row: Mapping[str, Any],
    roots: Mapping[str, list[str]],
    urls: Mapping[str, str],
) -> dict[str, Any]:
    """One claim as a reader wants it: names beside ids, nulls left out. `subject_name` and
    `object_name` are its source's words, `…_here` what these are called in this graph."""
    names = corpus.names
    told = {key: row[key] for key in SHOWN if row[key] is not None}
    origin = sorted(names.get(by, by) for by in row["root_asserters"] or [] if by is not None)
    return {
        "subject": row["subject"],
        "subject_here": names.get(row["subject"]),
        "object": row["object"],
        "object_here": names.get(row["object"]),
        "asserter": names.get(row["asserter"]),
        "document": names.get(row["document"]),
        "publisher": corpus.publishers.get(row["document"]),
        "url": urls.get(row["document"]),
        "polarity": "negative" if row["negative"] else "positive",
        "disputed_by": row["disputed_by"] or [],
        "derived_from": roots.get(row["id"], []),
        "origin": ", ".join(origin) or None,
        "marks": marks(row, corpus.ontology),
        "said": value_said(row, corpus.ontology) or None,
        **told,
    }


def _urls(corpus: Corpus) -> dict[str, str]:
    """Address by document."""
    frame = corpus.graph.nodes.get("Document")
    if frame is None or "url" not in frame.columns:
        return {}
    return dict(frame.select("id", "url").iter_rows())
