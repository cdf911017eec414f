"""From what each source says on its own to one body: refs resolved, nothing dangling."""

from __future__ import annotations

from collections.abc import Iterable

import polars as pl

from kg.base.errors import Problem, nearest
from kg.claims.columns import LINKS, beside, spread, without_empty
from kg.graph.awaited import awaited_in
from kg.graph.marked import rank

REFERRING = (
    *("id", "source", "format", "ref", "declared", "subject", "predicate", "object", "value"),
    *("asserter", "document", "negative", "valid_from", "valid_to"),
    *("asserted", "asserted_from", "asserted_to", "asserted_basis", *LINKS),
)
"""The columns by which rows refer to entities and to one another, and say what these are called,
who speaks and when."""

ENTITIES = ("subject", "object", "asserter", "document")
"""Those that name entities."""

HINTS = 20
"""For how many missing names a nearest one is looked for: that takes a while among many."""


def refs_of(statements: pl.DataFrame) -> pl.DataFrame:
    """`key` (`SOURCE#ref`), `ids`: the claims that carry each ref."""
    return (
        statements.filter(pl.col("ref").is_not_null())
        .group_by(key=pl.concat_str("source", pl.lit("#"), "ref"))
        .agg(ids=pl.col("id").sort())
    )


def link(statements: pl.DataFrame, refs: pl.DataFrame | None = None) -> pl.DataFrame:
    """Turn `SOURCE#ref` in the link columns into the ids of all claims that carry the ref: of
    `refs`, where these rows are some of many.

    A ref that nothing carries is dropped here; `dangling` reports it beforehand.
    """
    linking = [name for name in LINKS if statements[name].null_count() < statements.height]
    if not linking:
        return statements
    by_ref = refs_of(statements) if refs is None else refs
    for column in linking:
        having = statements[column].is_not_null()
        pairs = statements.select(key=column).filter(having).with_row_index("row")
        found = (
            pairs.explode("key")
            .join(by_ref, on="key", how="left")
            .with_columns(ids=pl.coalesce("ids", pl.concat_list("key")))
            .explode("ids")
            .filter(pl.col("ids").str.starts_with("claim:"))
            .group_by("row")
            .agg(pl.col("ids").unique().sort().alias(column))
        )
        lists = beside(pairs, found, ["row"], column)
        statements = statements.with_columns(spread(lists, having).alias(column))
    return statements


def one_body(statements: pl.DataFrame, dates: pl.DataFrame | None = None) -> pl.DataFrame:
    """Linked statements with one row a claim, whoever recorded it, ordered by id; a claim that does
    not tell when it was made was made when its document appeared, whoever declares that (see
    `dates`, where these rows are some of many)."""
    body = one_row_a_claim(statements)
    return dated(body, dates_of(body) if dates is None else dates).sort("id")


def one_row_a_claim(statements: pl.DataFrame) -> pl.DataFrame:
    """What several sources say of one claim, together: links add up, it was said when the first of
    them has it; of the rest counts who says anything, hand-written sources first, then by name.
    Works on any of the columns."""
    again = pl.col("id").is_duplicated()
    once, several = statements.filter(~again), statements.filter(again)
    if several.is_empty():
        return once
    told = without_empty(several)  # what none of them says need not be looked for in each
    plain = [n for n in told.columns if n not in ("id", "recorded", *LINKS)]
    links = [name for name in LINKS if name in told.columns]
    recorded = [pl.col("recorded").min()] if "recorded" in told.columns else []
    one = (
        told.sort("id", pl.col("format") != "claims", "source")
        .group_by("id", maintain_order=True)
        .agg(
            *(_of_several(name, "asserted_from" in plain) for name in plain),
            *recorded,
            *(pl.col(name).explode().drop_nulls().unique().sort() for name in links),
        )
        .with_columns(pl.when(pl.col(name).list.len() > 0).then(name).alias(name) for name in links)
    )
    silent = {n: t for n, t in statements.schema.items() if n not in told.columns}
    one = one.with_columns(pl.lit(None, dtype).alias(name) for name, dtype in silent.items())
    return pl.concat([once, one.select(once.columns)])


STANDING_OF_ROW = ("status", "withdrawn", "asserted")
"""Columns, with those of their days, that say from when until when a row stands."""


def _of_several(name: str, dated: bool) -> pl.Expr:
    """What several rows of one claim say in a column. What is declared stands for as long as any
    source declares it: one that took it back, or says when, does not speak for the others."""
    said = pl.col(name).drop_nulls().first()
    if name == "marking":  # one of them tells of all that any of them says
        return pl.col(name).sort_by(rank(pl.col(name)), nulls_last=False).last()
    if dated and name.partition("_")[0] == "asserted":  # text, days and basis of one row
        earliest = pl.col(name).sort_by("asserted_from", nulls_last=True, maintain_order=True)
        said = earliest.drop_nulls().first()
    if name.partition("_")[0] not in STANDING_OF_ROW:
        return said
    always = pl.col("declared").first() & (pl.col(name).null_count() > 0)
    return pl.when(~always).then(said)


def dated(statements: pl.DataFrame, dates: pl.DataFrame) -> pl.DataFrame:
    """Claims without a day of their own get that of their document (`dates_of`)."""
    undated = pl.col("asserted").is_null() & ~pl.col("declared")
    # Looked up beside the frame: a join of the frame itself would copy all of its columns.
    found = statements.select(pl.when(undated).then("document").alias("document")).join(
        dates, on="document", how="left", maintain_order="left"
    )
    dated = found["date"].is_not_null()
    return statements.with_columns(
        asserted=pl.coalesce("asserted", found["date"]),
        asserted_from=pl.when(dated).then(found["date_from"]).otherwise("asserted_from"),
        asserted_to=pl.when(dated).then(found["date_to"]).otherwise("asserted_to"),
        asserted_basis=pl.when(dated)
        .then(pl.coalesce("asserted_basis", found["basis"], pl.lit("stated")))
        .otherwise("asserted_basis"),
    )


DATING = ("date", "date_basis")
"""What a document declares of when it appeared."""


def dates_of(statements: pl.DataFrame) -> pl.DataFrame:
    """`document`, `date`, `date_from`, `date_to`, `basis` of the documents that declare a date."""
    date, basis = (_of_documents(statements, predicate) for predicate in DATING)
    return date.join(basis.select("document", basis="value"), on="document", how="left").select(
        "document", "basis", date="value", date_from="valid_from", date_to="valid_to"
    )


VALID = ("valid_from", "valid_to")


def _of_documents(statements: pl.DataFrame, predicate: str) -> pl.DataFrame:
    columns = ("source", "id", "subject", "predicate", "declared", "value", *VALID)
    rows = statements.select(columns)  # a filter copies all that it is given
    return (
        rows.filter(pl.col("declared") & (pl.col("predicate") == predicate))
        .sort("source", "id")
        .unique("subject", keep="first")
        .select("value", *VALID, document="subject")
    )


def dangling(statements: pl.DataFrame, among: pl.DataFrame | None = None) -> list[Problem]:
    """A problem for each reference of these rows to an entity, a ref or a claim that does not
    exist: among them, or `among` more rows. What is awaited may come later."""
    all_ = statements if among is None else among
    return [*_missing_entities(statements, all_), *_missing_refs(statements, all_)]


def names_in(statements: pl.DataFrame) -> pl.Series:
    """The entities that are declared."""
    named = pl.col("declared") & (pl.col("predicate") == "name")
    return statements.filter(named)["subject"].unique()


def refs_in(statements: pl.DataFrame) -> pl.Series:
    """The refs that are carried, as `SOURCE#ref`."""
    carrying = statements.filter(pl.col("ref").is_not_null())
    return carrying.select(key=pl.concat_str("source", pl.lit("#"), "ref"))["key"].unique()


def lost(before: pl.DataFrame, after: pl.DataFrame) -> bool:
    """Whether rows that were there carried a name, a ref or a claim that somebody may refer to, and
    that is not there any more."""
    names = names_in(before)
    if _lacking(names, names_in(after.filter(pl.col("subject").is_in(names.implode())))):
        return True
    if _lacking(refs_in(before), refs_in(after)):
        return True
    ids = before["id"].unique()
    gone = _lacking(ids, after.filter(pl.col("id").is_in(ids.implode()))["id"])
    return bool(gone) and any(after[link].explode().is_in(gone).any() for link in LINKS)


def _lacking(wanted: pl.Series, there: pl.Series) -> list[str]:
    """Those that are wanted and not there."""
    return wanted.filter(~wanted.is_in(there.implode())).to_list()


def _missing_entities(statements: pl.DataFrame, among: pl.DataFrame) -> Iterable[Problem]:
    named = [statements[end].drop_nulls().rename("id") for end in ENTITIES]
    ids = pl.concat(named).unique()
    # Of the many that may be there only those are looked at that somebody refers to.
    there = among.filter(pl.col("subject").is_in(ids.implode()))
    known = pl.concat([names_in(there), awaited_in(there)])
    if not _lacking(ids, known):
        return
    every = pl.concat([names_in(among), awaited_in(among)])
    for field in ENTITIES:
        missing = statements.filter(
            pl.col(field).is_not_null() & ~pl.col(field).is_in(known.implode())
        )
        yield from _told(missing, field, "no entity of this id is declared", every)


def _missing_refs(statements: pl.DataFrame, among: pl.DataFrame) -> Iterable[Problem]:
    shown = [name for name in ("source", "place") if name in statements.columns]
    for field in LINKS:
        refs = statements.filter(pl.col(field).is_not_null()).select(field, *shown).explode(field)
        if refs.is_empty():
            continue
        carried, wanted = refs_in(among), refs[field].unique().implode()
        ids = among.filter(pl.col("id").is_in(wanted))["id"]
        missing = refs.filter(
            ~pl.col(field).is_in(carried.implode()) & ~pl.col(field).is_in(ids.implode())
        )
        yield from _told(missing, field, "no claim carries this ref", carried)


def _told(missing: pl.DataFrame, field: str, message: str, known: pl.Series) -> Iterable[Problem]:
    """A problem for each missing value, with the first place that names it."""
    if missing.is_empty():
        return
    place = pl.col("place") if "place" in missing.columns else pl.lit("")
    at = pl.when(place != "").then(place).otherwise("source").first().alias("at")
    found = missing.group_by(field, maintain_order=True).agg(at).select(field, "at")
    names = known.to_list()
    for number, (value, where) in enumerate(found.iter_rows()):
        near = nearest(value, names) if number < HINTS else ()
        yield Problem(message, where, field, value, near)
