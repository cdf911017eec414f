"""The claims behind a picture, as the page carries them.

Whatever decides a count travels along: denials, retractions, and the origins of what is repeated,
even where they are no part of the picture. Entities, claims and statements are numbered, and what
several claims share is written once: that keeps a page of 10,000 nodes within its size.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

import polars as pl

from kg.claims.columns import LINKS, shown
from kg.graph.project import CLAIM_ENDS
from kg.views.kit.earlier import Earlier
from kg.views.kit.picture import Picture

Json: TypeAlias = dict[str, Any]

ENDS = tuple(column for _, column in CLAIM_ENDS)
SHARED = (
    "predicate", "subject", "asserter", "document", "valid_basis",
    "asserted", "asserted_from", "asserted_to", "asserted_basis",
    "reliability", "credibility", "marking", "known",
)  # fmt: skip
"""What claims of one subject from one document have in common, more often than not."""

PLAIN = shown("picture")
"""Statement columns that a claim carries as they are, where they hold something."""


class Numbers:
    """Gives each id the next number, once."""

    def __init__(self, known: Iterable[str]) -> None:
        self.of = {key: index for index, key in enumerate(known)}

    def __call__(self, key: str) -> int:
        """The number of a key; a new one gets the next."""
        return self.of.setdefault(key, len(self.of))


def relevant_claims(statements: pl.DataFrame, picture: Picture, earlier: Earlier) -> pl.DataFrame:
    """Claims of the links' triples, also as these were earlier, and of the nodes' values, denials
    too, those that are drawn themselves, and all claims that these point at or are pointed at by.
    """
    claims = statements.filter(~pl.col("declared")).unique("id", keep="first").sort("id")
    ids = pl.Series(list(picture.nodes), dtype=pl.String).implode()
    triple = ["subject", "predicate", "object"]
    keys = [(link.source, link.kind, link.target) for link in picture.links]
    drawn = pl.DataFrame(keys, schema=dict.fromkeys(triple, pl.String), orient="row").unique()
    values = claims.filter(pl.col("object").is_null() & pl.col("subject").is_in(ids))["id"]
    itself = claims.filter(pl.col("id").is_in(ids))["id"]
    was = earlier.parted(earlier.changing(claims)).join(drawn, on=triple, how="semi")["id"]
    wanted = pl.concat([claims.join(drawn, on=triple, how="semi")["id"], values, itself, was])
    pairs = pl.concat(
        claims.select(one="id", other=pl.col(name)).explode("other").drop_nulls() for name in LINKS
    )
    size = -1
    while size != len(wanted):
        size = len(wanted)
        have = wanted.implode()
        near = [
            pairs.filter(pl.col("one").is_in(have))["other"],
            pairs.filter(pl.col("other").is_in(have))["one"],
        ]
        wanted = pl.concat([wanted, *near]).unique()
    return claims.filter(pl.col("id").is_in(wanted.implode())).sort("id")


def claim_heads(
    claims: pl.DataFrame,
    entities: Numbers,
    names: Mapping[str, str],
    changed: Mapping[str, int],
) -> list[Json]:
    """Claims under heads: a head holds what they share, its `claims` the rest. A claim's number is
    its place in that order. `names`: what entities are called here; a claim carries its source's
    own word where that is another. The column `known` is `kg.views.kit.recorded`'s.
    `changed`: numbers of the ids that stood for something else once."""
    for end in ("subject", "object"):
        here = pl.col(end).replace_strict(names, default=None, return_dtype=pl.String())
        own = pl.col(f"{end}_name")
        claims = claims.with_columns(pl.when(own != here).then(own).alias(own.meta.output_name()))
    heads: dict[tuple[Any, ...], list[Mapping[str, Any]]] = defaultdict(list)
    for row in claims.sort(*SHARED, "id").iter_rows(named=True):
        heads[tuple(row[name] for name in SHARED)].append(row)
    order = (row["id"] for rows in heads.values() for row in rows)
    number = {key: index for index, key in enumerate(order)}
    statements = _shared_statements(claims)
    made = [_head(rows, entities, number, statements) for rows in heads.values()]
    for head, those in zip(made, heads.values(), strict=True) if changed else ():
        for claim, told in zip(head["claims"], those, strict=True):
            ends = ((name, changed.get(told[name] or "")) for name in ("subject_as", "object_as"))
            claim.update({name: number for name, number in ends if number is not None})
    return made


def _shared_statements(claims: pl.DataFrame) -> dict[str, int]:
    """Statements that several claims were printed as, numbered; any other claim is its own."""
    keys = claims.group_by("statement").len().filter(pl.col("len") > 1)["statement"]
    return {key: index for index, key in enumerate(sorted(keys.drop_nulls()))}


def _head(
    rows: list[Mapping[str, Any]],
    entities: Numbers,
    number: Mapping[str, int],
    statements: Mapping[str, int],
) -> Json:
    whole = [_claim(row, entities, number, statements) for row in rows]
    shared = {name: whole[0][name] for name in SHARED if name in whole[0]}
    return shared | {"claims": [{k: v for k, v in c.items() if k not in SHARED} for c in whole]}


def _claim(
    row: Mapping[str, Any],
    entities: Numbers,
    number: Mapping[str, int],
    statements: Mapping[str, int],
) -> Json:
    made: Json = {"id": row["id"]}
    made |= {end: entities(row[end]) for end in ENDS if row[end] is not None}
    if row["statement"] in statements:
        made["statement"] = statements[row["statement"]]
    if row["known"] is not None:
        made["known"] = row["known"]
    made |= {name: row[name] for name in PLAIN if row[name] is not None and row[name] is not False}
    for name in LINKS:
        if row[name]:
            made[name] = [number[key] for key in row[name] if key in number]
    for end in ("asserted_from", "asserted_to", "valid_from", "valid_to", "withdrawn_from"):
        if row[end] is not None and str(row[end]) != row[end.partition("_")[0]]:
            made[end] = str(row[end])
    return made
