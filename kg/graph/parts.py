"""A graph in parts, each made of its own rows: so a large ledger is projected in bounded memory,
and the machines of a cluster can share the work.

Every row belongs to the entity that it is said of (its subject, merged). The rows of one entity
make its node, the edges that start at it and the nodes of its claims; what they need to know of
other rows (`Shared`) is found once, in slim columns of all of them, by the first pass (`Index`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import polars as pl

from kg.claims.columns import STATEMENTS
from kg.graph.bodies import Bodies
from kg.graph.graph import Graph
from kg.graph.index import ENDS, Index, judged
from kg.graph.link import dated, link, one_row_a_claim
from kg.graph.project import Keys, Known, canonical, evident, placed, project
from kg.ontology import Ontology

ROWS = 250_000
"""How many rows of a ledger make a part; a part of so many takes some 400 MB."""


@dataclass(frozen=True)
class Shared:
    """What every part of a graph needs to know of all rows."""

    ontology: Ontology
    identity: Mapping[str, str]
    refs: pl.DataFrame
    dates: pl.DataFrame
    special: pl.DataFrame
    bodies: Bodies
    known: Known

    @classmethod
    def of(cls, index: Index) -> Shared:
        """From the first pass over all rows."""
        return cls(
            index.ontology,
            index.identity,
            index.refs,
            index.dates(),
            index.special,
            index.bodies,
            index.everything_known(),
        )

    def part(self, statements: pl.DataFrame) -> Graph:
        """The part of the graph that some entities' rows are; all rows of these (`subjects`)."""
        linked = link(statements.select(list(STATEMENTS)), self.refs)
        rows = dated(one_row_a_claim(linked), self.dates)
        body = judged(canonical(rows, self.identity, self.ontology), self.special, self.bodies)
        named = body.filter(pl.col("declared") & (pl.col("predicate") == "name"))
        edges = body.select("predicate", "subject", "object").drop_nulls().unique()
        keys = Keys(named["subject"].unique(), edges, body["id"])
        return project(body, self.ontology, self._known(body), keys)

    def _known(self, body: pl.DataFrame) -> Known:
        """What is known of those that these rows name."""
        ends = pl.concat([body[end].rename("id") for end in ENDS]).drop_nulls().unique()
        named, all_ = pl.DataFrame({"id": ends}), self.known
        shown = pl.concat([body.select(self.special.columns), self.special]).unique("id")
        return replace(
            all_,
            kinds=all_.kinds.join(named, on="id", how="semi"),
            names=all_.names.join(named, on="id", how="semi"),
            roles=all_.roles.join(named, on="id", how="semi"),
            evident=evident(shown, self.ontology),
        )


def subjects(
    statements: pl.DataFrame, identity: Mapping[str, str], ontology: Ontology
) -> pl.Series:
    """The entity that each row belongs to: all of its rows go into one part."""
    return placed(statements.select("predicate", *ENDS), identity, ontology)["subject"]


def cut(index: Index, rows: int = ROWS) -> Iterator[pl.Series]:
    """Ids of all rows of a ledger, in parts of about so many."""
    count = -(-index.slim.height // rows)
    whose = subjects(index.slim, index.identity, index.ontology)
    parts = index.slim.select("id", part=whose.hash() % max(1, count))
    for number in range(count):
        yield parts.filter(pl.col("part") == number)["id"].unique()
