"""Links that wait: what one source says of something that is for another source to declare.

Such an end is known by the key of its record alone (`Emitter.awaits`). When a source comes that
declares an entity of that key, the claims of both orders are joined; until then they stay in the
ledger and out of the graph. An asserter that is awaited is unknown so far.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import polars as pl

from kg.ontology import Ontology

ENDS = ("subject", "object")
NAMED = ("subject", "object", "asserter", "document")
"""The columns that name entities."""


def awaited_in(statements: pl.DataFrame) -> pl.Series:
    """The entities of which some source knows the key of the record, and that none declares."""
    keyed = statements.filter(pl.col("declared") & (pl.col("predicate") == "record"))
    named = statements.filter(pl.col("declared") & (pl.col("predicate") == "name"))["subject"]
    return (
        keyed.filter(~pl.col("subject").is_in(named.unique().implode()))["subject"].unique().sort()
    )


def arrivals(statements: pl.DataFrame, ontology: Ontology) -> dict[str, str]:
    """Each awaited id → the entity that bears its key; itself where none does so far."""
    awaited = awaited_in(statements)
    if awaited.is_empty():
        return {}
    key = pl.col("declared") & pl.col("predicate").is_in(["record", "codes"])
    keys = statements.filter(key).select("subject", "value").unique()
    waits = pl.col("subject").is_in(awaited.implode())
    bearers: defaultdict[str, list[str]] = defaultdict(list)
    wanted = keys.filter(waits)
    borne = keys.filter(~waits & pl.col("value").is_in(wanted["value"].implode()))
    for subject, key in borne.sort("subject").iter_rows():
        bearers[key].append(subject)
    ends = _ends_among(statements, awaited)
    found = {id: id for id in awaited}
    for id, key in wanted.sort("subject", "value").iter_rows():
        fitting = [one for one in bearers[key] if _fits(id, one, id in ends, ontology)]
        found[id] = fitting[0] if fitting else found[id]
    return found


def _ends_among(statements: pl.DataFrame, awaited: pl.Series) -> set[str]:
    """Those of them that a claim is about, and not only said by."""
    claims = statements.filter(~pl.col("declared"))
    found = (claims[end].unique() for end in ENDS)
    return {id for ids in found for id in ids.filter(ids.is_in(awaited.implode()))}


def _fits(id: str, one: str, is_end: bool, ontology: Ontology) -> bool:
    """Whether what bears the key is of the kind that was awaited: of one that is nothing but an
    asserter, of any that can say something."""
    kind, speaks = ontology.kind_of(one), ontology.edges["ASSERTED_BY"].targets
    return kind == ontology.kind_of(id) or (not is_end and kind in speaks)


def arrived(frame: pl.DataFrame, identity: Mapping[str, str]) -> pl.DataFrame:
    """The rows without those about what is still awaited, which `identity` gives as itself; an
    asserter that is awaited is unknown."""
    waiting = [id for id, one in identity.items() if id == one]
    if not waiting:
        return frame
    ends = pl.any_horizontal(pl.col(end).is_in(waiting).fill_null(False) for end in ENDS)
    known = pl.when(~pl.col("asserter").is_in(waiting)).then("asserter")
    return frame.filter(~ends).with_columns(known.alias("asserter"))


def became(frame: pl.DataFrame, identity: Mapping[str, str]) -> pl.DataFrame:
    """Every row, with the ids of entities turned into what these became."""
    if not identity:
        return frame
    before, after = list(identity), list(identity.values())
    there = [name for name in NAMED if name in frame.columns]
    return frame.with_columns(pl.col(name).replace(before, after) for name in there)
