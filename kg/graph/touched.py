"""Which keys of the graph a change of the ledger touches; all others stay as they are.

Each function below is one way in which a row that changed reaches the key of another: by who is
who, by links and denials, by the day of a document, by a name that is shown. What these lead to is
worked out by the first pass (`Index`) of the ledger before and after, and not a second time here.
"""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kg.graph.index import Index
from kg.graph.link import DATING
from kg.graph.project import CLAIM_LINKS, Keys, is_edge
from kg.graph.standing import STANDING
from kg.ledger.delta import differing

TRIPLE = ("predicate", "subject", "object")


def touched(old: Index, new: Index, changed: pl.DataFrame) -> Keys:
    """Keys that may differ between two ledgers; `changed` has the rows that do, as they were and as
    they are."""
    both = (old, new)
    moved = _ids(
        [
            changed["id"],
            *_merged_anew(old, new),
            *_dated_anew(both, changed),
            *_voiced_anew(old, new),
            *_declared_anew(both, changed),
        ]
    )
    rows = _ids([moved, _judged_anew(both, moved)])
    renamed = _renamed(both, rows)
    rows = _ids([rows, *_pointing(both, rows)])
    claims = _ids([rows, *_showing(both, renamed)])
    sides = [index.rows(rows) for index in both]
    ends = (side[end].drop_nulls() for side in sides for end in ("subject", "object"))
    said = (side[end].drop_nulls() for side in sides for end in ("asserter", "document"))
    edges = pl.concat([side.filter(is_edge()).select(TRIPLE) for side in sides]).unique()
    return Keys(_ids([*ends, *said, *(index.merged(renamed) for index in both)]), edges, claims)


def _ids(parts: Iterable[pl.Series]) -> pl.Series:
    return pl.concat([part.rename("id") for part in parts]).unique()


def _judged_anew(both: tuple[Index, Index], moved: pl.Series) -> pl.Series:
    """Claims that are withdrawn, disputed or derived otherwise than before: how one stands hangs on
    those that are bound to it alone, so only what is bound to a row that moved is looked at."""
    bound = _ids(index.special_among(moved)["id"] for index in both)
    one, other = (index.rows(bound).select("id", *STANDING) for index in both)
    return differing(one, other, "id")


def _merged_anew(old: Index, new: Index) -> Iterable[pl.Series]:
    """Rows that name an entity which became another than before."""
    ids = old.identity.keys() | new.identity.keys()
    moved = [id for id in sorted(ids) if old.identity.get(id) != new.identity.get(id)]
    return (index.mentioning(pl.Series(moved, dtype=pl.String))["id"] for index in (old, new))


def _dated_anew(both: tuple[Index, Index], changed: pl.DataFrame) -> Iterable[pl.Series]:
    """Rows whose document tells another day of its own than before."""
    dating = changed.filter(pl.col("declared") & pl.col("predicate").is_in(DATING))
    return (index.mentioning(dating["subject"], ["document"])["id"] for index in both)


def _voiced_anew(old: Index, new: Index) -> Iterable[pl.Series]:
    """Claims of whoever speaks with another voice than before."""
    before, after = old.bodies.voices, new.bodies.voices
    ids = sorted(before.keys() | after.keys())
    moved = pl.Series([id for id in ids if before.get(id) != after.get(id)], dtype=pl.String)
    for index in (old, new):
        yield index.mentioning(index.sources_of(moved), ["asserter"])["id"]


def _declared_anew(both: tuple[Index, Index], changed: pl.DataFrame) -> Iterable[pl.Series]:
    """Rows that name an entity which one side declares and the other does not."""
    ids = changed.filter(pl.col("declared") & (pl.col("predicate") == "name"))["subject"].unique()
    there = [_declared(index, ids) for index in both]
    moved = pl.Series([id for id in ids.to_list() if (id in there[0]) != (id in there[1])],
                      dtype=pl.String)  # fmt: skip
    return (index.mentioning(moved)["id"] for index in both)


def _declared(index: Index, ids: pl.Series) -> set[str]:
    rows = index.mentioning(ids, ["subject"])
    return set(rows.filter(pl.col("declared") & (pl.col("predicate") == "name"))["subject"])


def _renamed(both: tuple[Index, Index], rows: pl.Series) -> pl.Series:
    """Source ids of the entities that are called otherwise than before."""
    sides = [index.rows(rows) for index in both]
    naming = pl.col("predicate").is_in(both[0].ontology.naming)
    named = [side.filter(naming) for side in sides]
    ids = _ids([*(side["subject"] for side in named), *(side["subject_as"] for side in named)])
    ids = _ids([ids, *(index.merged(ids) for index in both)])
    one, other = (index.called(ids) for index in both)
    calls = [known.names.select("id", "name") for known in (one, other)]
    merged = differing(calls[0], calls[1], "id").to_list()
    before, after = one.own_names, other.own_names
    own = [id for id in before.keys() | after.keys() if before.get(id) != after.get(id)]
    called = pl.Series([*merged, *own], dtype=pl.String)
    return _ids([called, *(index.sources_of(called) for index in both)])


def _showing(both: tuple[Index, Index], renamed: pl.Series) -> Iterable[pl.Series]:
    """Claims that print these entities' names."""
    named = (index.mentioning(renamed, ["subject", "object"]) for index in both)
    return (rows.filter(~pl.col("declared"))["id"] for rows in named)


def _pointing(both: tuple[Index, Index], rows: pl.Series) -> Iterable[pl.Series]:
    """Claims that derive from, take back or replace one of these."""
    for index in both:
        pairs = [index.odd.select("id", to=link).explode("to") for link in CLAIM_LINKS]
        yield pl.concat(pairs).filter(pl.col("to").is_in(rows.implode()))["id"]
