"""Who says so: the claims behind a node or an edge, grouped by the origin that they go back to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl

from kg.ask.ranked import Said, ranked
from kg.ask.told import Told
from kg.base.errors import UsageError, offering
from kg.base.html import InNotebook, table
from kg.graph.corpus import Corpus
from kg.graph.states import denials_along


@dataclass(frozen=True)
class Origin:
    """One independent origin: who spoke first, and every claim that goes back to it."""

    asserter: str | None
    """Display names of all that are one voice here; None where the source does not say who."""
    claims: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, repr=False)
class Explanation(InNotebook):
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
    """Who denies what the edge, or an edge of the node, leads on to: that the event is the work of
    the state at the end."""
    said: tuple[Said, ...] = ()
    """The things that are said, in the order of independent support."""
    retractions: tuple[Mapping[str, Any], ...] = ()
    """The claims that take back one of these, and deny nobody else's."""
    left: Mapping[str, int] = field(default_factory=dict)
    """How many things said, and claims, a limit left out."""

    def first(self, limit: int | None) -> Explanation:
        """The same of the things first said, by support, alone: so many (None or 0 for all)."""
        if not limit or len(self.said) <= limit:
            return self
        said, rest = self.said[:limit], self.said[limit:]
        kept = {row["id"] for one in said for row in one.all}
        origins = (
            Origin(one.asserter, tuple(claim for claim in one.claims if claim["id"] in kept))
            for one in self.origins
        )
        return replace(
            self,
            said=said,
            origins=tuple(one for one in origins if one.claims),
            denials=tuple(claim for claim in self.denials if claim["id"] in kept),
            retractions=tuple(claim for claim in self.retractions if claim["id"] in kept),
            left={"said": len(rest), "claims": sum(len(one.all) for one in rest)},
        )

    def __repr__(self) -> str:
        claims = sum(len(origin.claims) for origin in self.origins)
        return f"<{self.about}: {claims} claims of {self.independent} independent origins>"

    def _repr_html_(self) -> str:
        columns = (
            "origin",
            "asserter",
            "polarity",
            "claims",
            "hedge",
            "document",
            "asserted",
            "id",
        )
        claims = [claim for origin in self.origins for claim in origin.claims]
        claims += [*self.denials, *self.retractions, *self.chain_denials]
        told = f"{self.name} ({self.about}): {self.independent} independent origins"
        rows = [[*_line(claim, columns)] for claim in claims]
        return table(columns, rows, told)

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
            "retractions": [dict(claim) for claim in self.retractions],
            "chain_denials": [dict(claim) for claim in self.chain_denials],
            "said": [one.as_dict() for one in self.said],
        } | ({"left_out": dict(self.left)} if self.left else {})


def _line(claim: Mapping[str, Any], columns: Sequence[str]) -> Iterator[Any]:
    """A claim's cells, with what it says as one of them."""
    ends = (claim["subject_here"], claim["predicate"], claim["object_here"] or claim["said"])
    says = claim.get("summary") or " ".join(str(end) for end in ends if end is not None)
    yield from (says if column == "claims" else claim.get(column) for column in columns)


def explain(
    corpus: Corpus, subject: str, predicate: str | None = None, target: str | None = None
) -> Explanation:
    """All claims behind a node (`subject` alone), a property, or an edge; or one claim, by its id,
    with what denies or disputes it; what more voices say comes first.

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
        denials = denials_along(corpus.statements, corpus.ontology, found)
        along = denials.filter(~pl.col("id").is_in(found["id"].implode()))
    else:
        found, about = of_edge(corpus, claims, id, predicate, target)
        along = denials_along(corpus.statements, corpus.ontology, found)
    told = Told.of(corpus, found)
    rows = told.rows(found)
    said = [row for row in rows if row["polarity"] == "positive"]
    live = found.filter(pl.col("live") & ~pl.col("negative"))
    negative = [row for row in rows if row["polarity"] == "negative"]
    mere = set(found.filter(pl.col("live") & pl.col("negative") & ~pl.col("denies"))["id"])
    return Explanation(
        about,
        corpus.names.get(id) or _claim_name(corpus, id),
        _origins(said),
        tuple(row for row in negative if row["id"] not in mere),
        live["voices"].explode().drop_nulls().n_unique(),
        live["unknown_roots"].explode().drop_nulls().n_unique(),
        tuple(told.rows(along)),
        ranked(corpus, found, rows),
        tuple(row for row in negative if row["id"] in mere),
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


def of_edge(
    corpus: Corpus, claims: pl.DataFrame, id: str, predicate: str, target: str | None
) -> tuple[pl.DataFrame, str]:
    """The claims of one edge or property of `id`, and its name. Raises `UsageError`."""
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


def claims_told(corpus: Corpus, ids: Collection[str]) -> list[dict[str, Any]]:
    """The claims of these ids as a reader wants them (a row's keys as in `Origin.claims`), in the
    order in which they were made."""
    found = corpus.claims.filter(pl.col("id").is_in(list(ids)))
    return Told.of(corpus, found).rows(found)
