"""What leads towards a state: which edge kinds do is declared with them (`towards`, `basis`)."""

from __future__ import annotations

import polars as pl

from kg.ontology import Ontology
from kg.ontology.kinds import BASES

MOST_LINKS = 6
"""Longest chain from an event to a state that still reads as one attribution."""

BLAMING = ("itself", "organ", "affiliated")
"""Bases on which somebody holds a state responsible: to sit in a country is not to act for it."""


def leading(ontology: Ontology, *bases: str) -> tuple[str, ...]:
    """The edge kinds that lead towards a state on one of these bases; else on any that blames."""
    wanted = bases or BLAMING
    kinds = ontology.edges.values()
    return tuple(e.edge for e in kinds if e.towards == "state" and e.basis in wanted)


def loosest(bases: list[str]) -> str:
    """What a chain of links rests on."""
    order = list(BASES)
    return max(bases, key=order.index, default=order[0])


def denials_along(
    statements: pl.DataFrame, ontology: Ontology, edges: pl.DataFrame
) -> pl.DataFrame:
    """The live denials that something behind these edges' starts is the work of something to which
    their ends lead, but for denials of the edges themselves: nobody denies that the group ran the
    raid, but the state at the end of the chain denies the raid."""
    kinds = list(leading(ontology))
    edges = edges.filter(pl.col("predicate").is_in(kinds))
    links = statements.filter(
        pl.col("predicate").is_in(kinds) & pl.col("live") & (pl.col("subject") != pl.col("object"))
    )
    denials = links.filter("denies")
    if edges.is_empty() or denials.is_empty():
        return denials.clear()
    said = links.filter(~pl.col("negative")).select("subject", "object").unique()
    below = _reached(edges["subject"].unique(), said, "object", "subject").implode()
    above = _reached(edges["object"].unique(), said, "subject", "object").implode()
    between = denials.filter(pl.col("subject").is_in(below) & pl.col("object").is_in(above))
    return between.join(edges, on=["subject", "predicate", "object"], how="anti")


def _reached(ids: pl.Series, links: pl.DataFrame, start: str, end: str) -> pl.Series:
    """The ids and all that links lead to from them, in so many steps."""
    found = border = ids.rename("id")
    for _ in range(MOST_LINKS):
        further = links.filter(pl.col(start).is_in(border.implode()))[end].rename("id").unique()
        border = further.filter(~further.is_in(found.implode()))
        if border.is_empty():
            break
        found = pl.concat([found, border])
    return found
