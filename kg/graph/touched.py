"""Which keys of the graph a change of the ledger touches: the others stay as they are.

No rule of the projection is repeated here. Both ledgers have been through the first pass (`Index`);
whatever that gives otherwise for a row, a name or a role touches the keys that show it.
"""

from __future__ import annotations

import polars as pl

from kg.graph.index import Index
from kg.graph.project import IS_EDGE, Keys
from kg.ledger.delta import differing

TRIPLE = ("predicate", "subject", "object")


def touched(old: Index, new: Index, changed: pl.Series) -> Keys:
    """Keys that may differ between two ledgers; `changed` has the ids of the rows that do."""
    standing = differing(_about(old), _about(new), "id")
    renamed = _renamed(old, new)
    rows = pl.concat([changed, standing, _dated_anew(old, new), _appeared(old, new)])
    rows = pl.concat([rows, _pointing(old, rows), _pointing(new, rows)])
    sides = [index.rows.filter(pl.col("id").is_in(rows.implode())) for index in (old, new)]
    shown = [_showing(index, renamed) for index in (old, new)]
    claims = pl.concat([rows, *shown])
    nodes = pl.concat([*(side["subject"] for side in sides), renamed, _roles(old, new)])
    edges = pl.concat([side.filter(IS_EDGE).select(TRIPLE) for side in sides])
    return Keys(nodes.unique(), edges.unique(), claims.unique())


def rows_of(index: Index, keys: Keys) -> pl.Series:
    """Ids of all rows that go into these keys."""
    subject = pl.col("subject").is_in(keys.nodes.implode()) & pl.col("object").is_null()
    claim = pl.col("id").is_in(keys.claims.implode())
    slim = index.rows.select("id", *TRIPLE)
    edges = slim.join(keys.edges, on=list(TRIPLE), how="semi")["id"]
    return pl.concat([slim.filter(subject | claim)["id"], edges]).unique()


def _about(index: Index) -> pl.DataFrame:
    """What the first pass makes of each row; all else a row says itself."""
    return index.rows.drop("source", "format", "ref", "valid_from", "valid_to", "status", "value")


def _renamed(old: Index, new: Index) -> pl.Series:
    """Entities that are called otherwise, or had a name of their own before they became another."""
    names = differing(old.known.names, new.known.names, "id")
    kinds = differing(old.known.kinds, new.known.kinds, "id")
    before, after = old.known.own_names, new.known.own_names
    own = [id for id in before.keys() | after.keys() if before.get(id) != after.get(id)]
    ids = [*own, *(index.identity.get(id, id) for id in own for index in (old, new))]
    return pl.concat([names, kinds, pl.Series(ids, dtype=pl.String)])


def _appeared(old: Index, new: Index) -> pl.Series:
    """Ids of the rows that name an entity which one side declares and the other does not."""
    ids = differing(old.known.kinds, new.known.kinds, "id").implode()
    ends = ("subject", "object", "asserter", "document")
    names = pl.any_horizontal(pl.col(end).is_in(ids).fill_null(False) for end in ends)
    return pl.concat(index.rows.filter(names)["id"] for index in (old, new))


def _pointing(index: Index, rows: pl.Series) -> pl.Series:
    """Ids of the claims that derive from, take back or replace one of these."""
    links = ("derived_from", "retracts", "supersedes")
    ids = rows.to_list()
    points = pl.any_horizontal(
        pl.col(link).list.set_intersection(ids).list.len() > 0 for link in links
    )
    linked = index.rows.filter(pl.any_horizontal(pl.col(link).is_not_null() for link in links))
    return linked.filter(points.fill_null(False))["id"]


def _showing(index: Index, renamed: pl.Series) -> pl.Series:
    """Ids of the claims that print these entities' names."""
    ends = ("subject", "object", "subject_as", "object_as")
    shows = pl.any_horizontal(pl.col(end).is_in(renamed.implode()) for end in ends)
    claims = index.rows.filter(~pl.col("declared"))
    return claims.filter(shows.fill_null(False))["id"]


def _dated_anew(old: Index, new: Index) -> pl.Series:
    """Ids of the rows whose document is said to have appeared on another day."""
    documents = differing(old.dates, new.dates, "document")
    merged = pl.concat([documents, *(_merged(documents, index) for index in (old, new))])
    return pl.concat(
        index.rows.filter(pl.col("document").is_in(merged.implode()))["id"] for index in (old, new)
    )


def _merged(ids: pl.Series, index: Index) -> pl.Series:
    known = index.identity
    return pl.Series([known.get(id, id) for id in ids.to_list()], dtype=pl.String)


def _roles(old: Index, new: Index) -> pl.Series:
    """Entities that got or lost a label."""
    both = (old.known.roles, new.known.roles)
    return pl.concat(
        here.join(there, on=["id", "role"], how="anti")["id"] for here, there in (both, both[::-1])
    )
