"""What a claim's row tells a reader: names beside ids, its source's words, and how it stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kg.claims.columns import marks, shown, value_said
from kg.graph.corpus import Corpus
from kg.graph.narrow import WITHDRAWING
from kg.graph.project import in_its_words
from kg.graph.standing import stances

SHOWN = (*shown("explain"), "standing")

Row = Mapping[str, Any]
"""One claim as `Told.rows` gives it."""


@dataclass(frozen=True)
class Told:
    """What a claim's row tells beside its own columns."""

    corpus: Corpus
    roots: Mapping[str, list[str]]
    urls: Mapping[str, str]
    withdrawn: Mapping[str, list[dict[str, Any]]]
    earlier: frozenset[str]

    @classmethod
    def of(cls, corpus: Corpus, found: pl.DataFrame) -> Told:
        """For telling these claims, and others of the same edges."""
        said = found.filter(~pl.col("negative"))
        overtaken = said.filter(pl.col("live") & ~stances(said))["id"]
        return cls(
            corpus, _root_of(corpus), _urls(corpus), _withdrawn(corpus, found), frozenset(overtaken)
        )

    def rows(self, found: pl.DataFrame) -> list[dict[str, Any]]:
        """The claims as a reader wants them, in the order in which they were made."""
        worded = self.corpus.marks.filled(in_its_words(found, self.corpus.known))
        ordered = worded.sort("asserted_from", "id", nulls_last=True)
        return [self._row(row) for row in ordered.iter_rows(named=True)]

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Names beside ids, nulls left out; `wording` says whether it is a `quote`, a `paraphrase`
        in our words, or an `entry` of a list. `subject_name` and `object_name` are its source's
        words, `…_here` what these are called in this graph."""
        names = self.corpus.names
        told = {key: row[key] for key in SHOWN if row[key] is not None}
        origins = sorted(names.get(by, by) for by in row["root_asserters"] or [] if by is not None)
        return {
            "subject": row["subject"],
            "subject_here": names.get(row["subject"]),
            "object": row["object"],
            "object_here": names.get(row["object"]),
            "asserter": names.get(row["asserter"]),
            "document": names.get(row["document"]),
            "publisher": self.corpus.publishers.get(row["document"]),
            "url": self.urls.get(row["document"]),
            "polarity": "negative" if row["negative"] else "positive",
            "disputed_by": row["disputed_by"] or [],
            "derived_from": self.roots.get(row["id"], []),
            "withdrawn_by": self.withdrawn.get(row["id"], []),
            "earlier": row["id"] in self.earlier,
            "origin": ", ".join(origins) or None,
            "origins": origins,
            "voices": list(row["voices"] or ()),
            "marks": marks(row, self.corpus.ontology),
            "said": value_said(row, self.corpus.ontology) or None,
            "wording": "quote" if row["quote"] else "paraphrase" if row["summary"] else "entry",
            **told,
        }


def _root_of(corpus: Corpus) -> dict[str, list[str]]:
    roots: dict[str, list[str]] = {}
    for id, root in corpus.origins.select("id", "root").iter_rows():
        roots.setdefault(id, []).append(root)
    return roots


def _withdrawn(corpus: Corpus, found: pl.DataFrame) -> dict[str, list[dict[str, Any]]]:
    """Claim → who took it back or replaced it, how, when and where."""
    gone = found.filter(~pl.col("live"))["id"].implode()
    made: dict[str, list[dict[str, Any]]] = {}
    for how in WITHDRAWING:
        rows = (
            corpus.claims.filter(pl.col(how).is_not_null())
            .select("id", "asserter", "asserted", "document", target=how)
            .explode("target")
            .filter(pl.col("target").is_in(gone) & (pl.col("target") != pl.col("id")))
        )
        for row in rows.sort("asserted", "id").iter_rows(named=True):
            made.setdefault(row["target"], []).append(
                {
                    "claim": row["id"],
                    "how": how,
                    "asserter": corpus.names.get(row["asserter"]),
                    "asserted": row["asserted"],
                    "document": corpus.names.get(row["document"]),
                }
            )
    return made


def _urls(corpus: Corpus) -> dict[str, str]:
    """Address by document."""
    frame = corpus.graph.nodes.get("Document")
    if frame is None or "url" not in frame.columns:
        return {}
    return dict(frame.select("id", "url").iter_rows())
