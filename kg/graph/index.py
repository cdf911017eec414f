"""The first pass: of every row the few columns that the keys of other rows depend on.

What an edge, a node or a claim of the graph amounts to depends on its own rows, and on little of
the others: what is withdrawn or disputed, who is who, what an entity is called, which labels it
has, when a document appeared. `Index` works that out over all rows from slim columns, so that
`project` can be run on the rows of some keys alone, and gives for these what it gives for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from kg.claims.columns import LINKS, STATEMENTS
from kg.graph.link import dates_of, link, one_body, one_row_a_claim, refs_of
from kg.graph.project import Known, canonical, known
from kg.graph.standing import STANDING, standing
from kg.ontology import Ontology

SLIM = (
    *("id", "source", "format", "ref", "declared", "subject", "predicate", "object", "value"),
    *("negative", "asserter", "document", "valid_from", "valid_to", "status", *LINKS),
)
"""The columns of the ledger that the first pass reads."""


@dataclass(frozen=True)
class Index:
    """`rows`: one a claim or declaration, ids merged, with its standing; and what follows."""

    rows: pl.DataFrame
    refs: pl.DataFrame
    dates: pl.DataFrame
    identity: Mapping[str, str]
    ontology: Ontology

    @classmethod
    def of(cls, statements: pl.DataFrame, identity: Mapping[str, str], ontology: Ontology) -> Index:
        """From the rows of a whole ledger (columns `SLIM`, or more)."""
        refs = refs_of(statements)
        rows = one_row_a_claim(link(statements, refs))
        dates = dates_of(rows)
        rows = standing(canonical(rows, identity, ontology))
        return cls(rows, refs, dates, identity, ontology)

    @cached_property
    def known(self) -> Known:
        """What the keys of the graph need to know of one another."""
        return known(self.rows, self.ontology)

    def body(self, statements: pl.DataFrame) -> pl.DataFrame:
        """Rows of the ledger (all that have some ids) as `Corpus` holds them: linked, dated,
        merged, with their standing among all others."""
        rows = one_body(link(statements.select(list(STATEMENTS)), self.refs), self.dates)
        rows = canonical(rows, self.identity, self.ontology)
        mine = self.rows.select("id", *STANDING)
        return rows.join(mine, on="id", how="left", maintain_order="left")
