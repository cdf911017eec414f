"""What a picture's nodes and links are without what anybody claims of them.

The page works out from the claims it carries what they amount to under each lens: names,
properties, times, qualifiers. So these are left out of its rows, and what is declared stays.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

from kg.ontology.value_type import ValueType
from kg.views.kit.picture import Link, Picture, all_links, all_nodes

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

Row: TypeAlias = Mapping[str, Any]

COMPUTED = frozenset(
    {"claims", "asserters", "support", "first_asserted", "last_asserted", "hedged", "hedges"}
    | {"first_asserted_latest", "last_asserted_earliest"}
    | {"collective", "disputed", "status", "valid", "valid_from", "valid_to"}
    | {"unknown_asserters", "likelihood", "confidence"}
)
"""Properties of an edge that the page computes from claims."""


BESIDE = ("", "_from", "_to", "_bound", "_unit", "_hedge")
"""What there may be of one property."""


class Declared:
    """The rows of a picture as they are without claims."""

    def __init__(self, picture: Picture, corpus: Corpus, claims: pl.DataFrame) -> None:
        bare = replace(corpus, statements=corpus.statements.filter("declared"))
        self._nodes = all_nodes(bare, only=picture.nodes)
        links = all_links(bare, among=picture.nodes)
        self._links = {(k.source, k.kind, k.target): k.properties for k in links}
        self._claimed: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        values = claims.filter(pl.col("object").is_null())
        for subject, predicate, value in values.select("subject", "predicate", "value").iter_rows():
            self._claimed[subject][predicate].add(value)
        self.since = _first(bare.statements, pl.col("asserted_from").cast(pl.String))
        self.known = _first(bare.statements, pl.col("known"))
        self._naming = corpus.ontology.naming
        self._qualifiers = _qualifiers(corpus)
        self.properties = _policies(picture, corpus, self._claimed)

    def node(self, key: str, row: Row) -> Row:
        """A node's row with the declared value of whatever is claimed, or without it."""
        claimed = self._claimed.get(key)
        if not claimed:
            return row
        gone = {f"{name}{end}" for name in claimed for end in BESIDE} | {"conflicts"}
        bare = self._nodes.get(key, {})
        names = {name for naming in self._naming for name in claimed.get(naming, ())}
        kept = {name: value for name, value in row.items() if name not in gone}
        kept["names"] = sorted({*row.get("names", ())} - names | {*bare.get("names", ())})
        return kept | {name: value for name, value in bare.items() if name in gone}

    def link(self, link: Link) -> Row:
        """A link's properties without what its claims say."""
        bare = self._links.get((link.source, link.kind, link.target), {})
        if not link.properties.get("claims"):
            return link.properties
        gone = COMPUTED | self._qualifiers
        kept = {name: value for name, value in link.properties.items() if name not in gone}
        return kept | {name: value for name, value in bare.items() if name in gone}


def _first(declared: pl.DataFrame, day: pl.Expr) -> dict[tuple[str, str, str], str]:
    """Declared edge → the first such day of any of its declarations, where all of them have one."""
    ends = ("subject", "predicate", "object")
    first = (
        declared.filter(pl.col("object").is_not_null())
        .group_by(ends)
        .agg(day=pl.when(day.null_count() == 0).then(day.min()))
    )
    rows = first.drop_nulls("day").select(*ends, "day").iter_rows()
    return {(start, kind, end): day for start, kind, end, day in rows}


def _qualifiers(corpus: Corpus) -> frozenset[str]:
    return frozenset(name for edge in corpus.ontology.edges.values() for name in edge.qualifiers)


def _policies(
    picture: Picture, corpus: Corpus, claimed: Mapping[str, Mapping[str, Any]]
) -> dict[str, dict[str, Row]]:
    """Kind → property → how its value follows from claims, for what is claimed or shown."""
    used: dict[str, set[str]] = defaultdict(set)
    for key, row in picture.nodes.items():
        used[str(row["kind"])].update(claimed.get(key, ()), row)
    return {
        kind: {name: how for name in sorted(names) if (how := _policy(kind, name, corpus))}
        for kind, names in sorted(used.items())
    }


def _policy(kind: str, name: str, corpus: Corpus) -> Row | None:
    spec = corpus.ontology.property(kind, name)
    if spec is None or name == "alias":
        return None
    made: dict[str, Any] = {"type": spec.type} if spec.of.page != ValueType.page else {}
    made |= {"dated": True} if spec.of.dated else {}
    made |= {"unit": spec.unit} if spec.unit else {}
    made |= {"beside": list(spec.of.beside)}
    return made | ({"many": True} if spec.many else {"policy": spec.policy})
