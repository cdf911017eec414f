"""Who says so: the claims behind a node or an edge, grouped by the origin that they go back to."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from kg.base.errors import UsageError, offering
from kg.claims.columns import marks, shown, value_said
from kg.graph.corpus import Corpus
from kg.graph.narrow import WITHDRAWING
from kg.graph.project import in_its_words
from kg.graph.standing import stances
from kg.graph.states import denials_along

SHOWN = (*shown("explain"), "standing")


@dataclass(frozen=True)
class Origin:
    """One independent origin: who spoke first, and every claim that goes back to it."""

    asserter: str | None
    """Display names of all that are one voice here; None where the source does not say who."""
    claims: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Explanation:
    """What was asked about, and the origins of what is claimed of it."""

    about: str
    name: str
    origins: tuple[Origin, ...]
    denials: tuple[Mapping[str, Any], ...]
    independent: int
    """How many different voices still say so."""
    unknown: int
    """How many claims at the roots of these have an asserter who is not known."""
    chain_denials: tuple[Mapping[str, Any], ...] = ()
    """Who denies what the edge leads on to: that the event is the work of the state at the end."""

    def as_dict(self) -> dict[str, Any]:
        """The shape that `kg explain --format json` prints."""
        return {
            "about": self.about,
            "name": self.name,
            "independent_origins": self.independent,
            "unknown_asserters": self.unknown,
            "origins": [
                {"asserter": o.asserter, "claims": [dict(c) for c in o.claims]}
                for o in self.origins
            ],
            "denials": [dict(claim) for claim in self.denials],
            "chain_denials": [dict(claim) for claim in self.chain_denials],
        }


def explain(
    corpus: Corpus, subject: str, predicate: str | None = None, target: str | None = None
) -> Explanation:
    """All claims behind a node (`subject` alone), a property, or an edge; or one claim, by its id,
    with what denies or disputes it.

    Independent origins are the voices at the roots of what derives from what. Raises
    `UsageError` where nothing of the name exists or nothing was claimed.
    """
    claims = corpus.claims
    id = subject if subject in claims["id"] else corpus.find(subject)
    along = claims.clear()
    if id.startswith("claim:"):
        against = claims.filter(pl.col("id") == id)["disputed_by"].explode().drop_nulls()
        found = claims.filter((pl.col("id") == id) | pl.col("id").is_in(against.implode()))
        about = id
    elif predicate is None:
        found = claims.filter((pl.col("subject") == id) | (pl.col("object") == id))
        about = id
    else:
        found, about = _of_edge(corpus, claims, id, predicate, target)
        along = denials_along(corpus.statements, corpus.ontology, found)
    told = _Told.of(corpus, found)
    rows = told.rows(found)
    said = [row for row in rows if row["polarity"] == "positive"]
    live = found.filter(pl.col("live") & ~pl.col("negative"))
    return Explanation(
        about,
        corpus.names.get(id) or _claim_name(corpus, id),
        _origins(said),
        tuple(row for row in rows if row["polarity"] == "negative"),
        live["voices"].explode().drop_nulls().n_unique(),
        live["unknown_roots"].explode().drop_nulls().n_unique(),
        tuple(told.rows(along)),
    )


def _origins(said: list[dict[str, Any]]) -> tuple[Origin, ...]:
    """Rows by the voices at their roots; each group is called by whoever of these spoke."""
    groups: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for row in said:
        groups.setdefault(tuple(row["voices"]), []).append(row)
    made = []
    for rows in groups.values():
        names = sorted({name for row in rows for name in row["origins"]})
        origin = ", ".join(names) or None
        made.append(Origin(origin, tuple(row | {"origin": origin} for row in rows)))
    return tuple(sorted(made, key=lambda one: one.asserter or ""))


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


@dataclass(frozen=True)
class _Told:
    """What a claim's row tells beside its own columns."""

    corpus: Corpus
    roots: Mapping[str, list[str]]
    urls: Mapping[str, str]
    withdrawn: Mapping[str, list[dict[str, Any]]]
    earlier: frozenset[str]

    @classmethod
    def of(cls, corpus: Corpus, found: pl.DataFrame) -> _Told:
        said = found.filter(~pl.col("negative"))
        overtaken = said.filter(pl.col("live") & ~stances(said))["id"]
        return cls(
            corpus, _root_of(corpus), _urls(corpus), _withdrawn(corpus, found), frozenset(overtaken)
        )

    def rows(self, found: pl.DataFrame) -> list[dict[str, Any]]:
        """The claims as a reader wants them, in the order in which they were made."""
        worded = in_its_words(found, self.corpus.known)
        ordered = worded.sort("asserted_from", "id", nulls_last=True)
        return [self._row(row) for row in ordered.iter_rows(named=True)]

    def _row(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Names beside ids, nulls left out. `subject_name` and `object_name` are its source's
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


def claims_told(corpus: Corpus, ids: Collection[str]) -> list[dict[str, Any]]:
    """The claims of these ids as a reader wants them (a row's keys as in `Origin.claims`), in the
    order in which they were made."""
    found = corpus.claims.filter(pl.col("id").is_in(list(ids)))
    return _Told.of(corpus, found).rows(found)
