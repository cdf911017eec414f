"""How a claim stands among the others: live or withdrawn, disputed, and on whose word it rests."""

from __future__ import annotations

import polars as pl

from kg.claims.columns import beside

STANDING = ("standing", "live", "disputed_by", "disputed", "root_asserters")
"""The columns that `standing` adds, in order."""


def standing(frame: pl.DataFrame) -> pl.DataFrame:
    """Add to linked statements, row by row:

    `standing` (`asserted`, `superseded`, `retracted`) and `live` (still asserted);
    `disputed_by` (ids of live claims that deny or dispute it) and `disputed`;
    `root_asserters`: who made the live claims at the roots of its `derived_from` chain (itself,
    where it derives from nothing). An unknown asserter is null there.
    """
    frame = _withdrawn(frame)
    frame = _disputed(frame)
    return _rooted(frame)


def default_standing(frame: pl.DataFrame) -> pl.DataFrame:
    """The same columns for claims that nothing points at, denies or takes back, and that point at
    nothing: live, undisputed, on their own word."""
    return frame.with_columns(
        standing=pl.lit("asserted"),
        live=pl.lit(True),
        disputed_by=pl.lit(None, pl.List(pl.String)),
        disputed=pl.lit(False),
        root_asserters=pl.concat_list("asserter"),
    )


def _withdrawn(frame: pl.DataFrame) -> pl.DataFrame:
    given = pl.col("status")
    links = frame.select("id", "status", "retracts", "supersedes")
    standing_by_source = links.filter((given == "retracted").not_().fill_null(True))
    retracted = _retracted(standing_by_source)
    superseded = _pointed_at(
        standing_by_source.filter(~pl.col("id").is_in(retracted.implode())), "supersedes"
    )
    return frame.with_columns(
        standing=pl.when(pl.col("id").is_in(retracted.implode()) | (given == "retracted"))
        .then(pl.lit("retracted"))
        .when(pl.col("id").is_in(superseded.implode()) | (given == "superseded"))
        .then(pl.lit("superseded"))
        .otherwise(pl.lit("asserted"))
    ).with_columns(live=pl.col("standing") == "asserted")


def _retracted(frame: pl.DataFrame) -> pl.Series:
    """What is taken back. A retraction that was itself taken back retracts nothing, and so on up;
    of claims that take each other back, each is taken back."""
    pairs = frame.select("id", "retracts").explode("retracts").drop_nulls()
    links = [(id, target) for id, target in pairs.iter_rows() if id != target]
    surely: set[str] = set()
    while True:
        perhaps = {target for id, target in links if id not in surely}
        again = {target for id, target in links if id not in perhaps}
        if again == surely:
            return pl.Series(sorted(perhaps), dtype=pl.String)
        surely = again


def _pointed_at(frame: pl.DataFrame, link: str) -> pl.Series:
    return frame.filter(pl.col(link).is_not_null())[link].explode().drop_nulls().unique()


def _disputed(frame: pl.DataFrame) -> pl.DataFrame:
    """A denial disputes every positive claim of its triple; `disputes` points at others by hand."""
    key = ["subject", "predicate", "object", "value"]
    claims = frame.select("id", *key, "live", "negative", "declared", "disputes").filter(
        ~pl.col("declared")
    )
    live = claims.filter(pl.col("live"))
    denials = live.filter(pl.col("negative")).select(*key, by="id")
    positive = claims.filter(~pl.col("negative")).select(*key, "id")
    denied = positive.join(denials, on=key, how="inner", nulls_equal=True).select("id", "by")
    pointed = (
        live.filter(pl.col("disputes").is_not_null())
        .select(by="id", id="disputes")
        .explode("id")
        .select("id", "by")
    )
    pairs = pl.concat([denied, pointed]).drop_nulls()
    lists = pairs.group_by("id").agg(disputed_by=pl.col("by").unique().sort())
    frame = frame.with_columns(beside(frame, lists, ["id"], "disputed_by"))
    return frame.with_columns(disputed=pl.col("disputed_by").is_not_null())


def _rooted(frame: pl.DataFrame) -> pl.DataFrame:
    own = pl.concat_list("asserter")
    derived = frame.filter(pl.col("derived_from").is_not_null())
    if derived.is_empty():
        return frame.with_columns(root_asserters=own)
    roots = claim_roots(frame)
    live = frame.select("live", root="id", by="asserter").filter("live").unique("root")
    known = (
        roots.join(live, on="root", how="inner")
        .group_by("id")
        .agg(root_asserters=pl.col("by").unique().sort())
    )
    frame = frame.with_columns(beside(frame, known, ["id"], "root_asserters"))
    is_derived = pl.col("id").is_in(roots["id"].implode())
    return frame.with_columns(
        root_asserters=pl.when(is_derived).then("root_asserters").otherwise(own)
    )


def claim_roots(frame: pl.DataFrame) -> pl.DataFrame:
    """`id`, `root` for every claim that derives from others: where its chain starts.

    Links to claims that are not in the frame (a lens left them out) do not count. In a circle of
    repetitions nobody is the origin: each member counts as its own root.
    """
    links = frame.select("id", "derived_from").filter(pl.col("derived_from").is_not_null())
    present = set(frame["id"].to_list())
    parents = {
        id: kept
        for id, to in links.iter_rows()
        if (kept := [parent for parent in to if parent in present and parent != id])
    }
    pairs = [(id, root) for id in parents for root in sorted(_roots_of(id, parents))]
    return pl.DataFrame(pairs, schema={"id": pl.String(), "root": pl.String()}, orient="row")


def _roots_of(id: str, parents: dict[str, list[str]]) -> set[str]:
    seen, roots, open_ = {id}, set(), [id]
    while open_:
        current = open_.pop()
        above = parents.get(current, [])
        if not above:
            roots.add(current)
        for parent in above:
            if parent not in seen:
                seen.add(parent)
                open_.append(parent)
    return roots or {id}
