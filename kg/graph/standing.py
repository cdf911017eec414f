"""How a claim stands among the others: live or withdrawn, disputed, and on whose word it rests."""

from __future__ import annotations

from collections.abc import Collection, Mapping

import polars as pl

from kg.claims.columns import LINKS, beside, spread
from kg.graph.bodies import Bodies

STANDING = (
    *("standing", "live", "denies", "disputed_by", "disputed"),
    *("root_asserters", "voices", "unknown_roots"),
)
"""The columns that `standing` adds, in order."""

TRIPLE = ("subject", "predicate", "object", "value")
"""What two claims have in common that say, or deny, the same."""


JUDGED_BY = (
    *("id", *TRIPLE, "negative", "declared", "asserter", "status", *LINKS),
    *("valid_from", "valid_to", "asserted_from", "asserted_to"),
)
"""The columns that it is told by."""


def standing(frame: pl.DataFrame, bodies: Bodies) -> pl.DataFrame:
    """Add to linked, dated statements, row by row:

    `standing`: `asserted`; `retracted` or `superseded` by another claim, or by what its asserter
    said of the same later; `origin_withdrawn` where all that it repeats was withdrawn;
    `live` (still asserted);
    `denies`: it is a live denial, and not of the kind that only takes one's own word back;
    `disputed_by` (ids of live claims that deny or dispute it) and `disputed`;
    `root_asserters`: who made the claims at the roots of its `derived_from` chain (itself, where it
    derives from nothing), an unknown one null; `voices`: the bodies that these speak for, without
    the unknown; `unknown_roots`: the ids of the roots whose asserter is unknown.
    """
    odd = _odd(frame)
    told = _disputed(_rooted(_withdrawn(frame.select(JUDGED_BY).filter(odd)), bodies))
    plain = default_standing(frame, bodies)
    return plain.with_columns(
        pl.when(odd).then(spread(told[name], odd)).otherwise(name).alias(name) for name in STANDING
    )


def _odd(frame: pl.DataFrame) -> pl.Series:
    """Which rows point at others, are pointed at, deny something, are denied, or come withdrawn:
    every other one stands as `default_standing` says."""
    given = pl.col("status").is_in(["retracted", "superseded"]).fill_null(False)
    links = pl.any_horizontal(pl.col(name).is_not_null() for name in LINKS)
    own = frame.select(links | given | pl.col("negative")).to_series()
    rows = frame.select("id", *TRIPLE, *LINKS, "negative").filter(own)
    targets = pl.concat([rows[name].explode().drop_nulls().rename("id") for name in LINKS])
    denied = frame.select("id", *TRIPLE).join(
        rows.filter("negative").select(TRIPLE), on=list(TRIPLE), how="semi", nulls_equal=True
    )["id"]
    ids = pl.concat([targets, denied]).unique()
    return own | frame["id"].is_in(ids.implode())


def default_standing(frame: pl.DataFrame, bodies: Bodies) -> pl.DataFrame:
    """The same columns for claims that nothing points at, denies or takes back, and that point at
    nothing: live, undisputed, on their own word."""
    return frame.with_columns(
        standing=pl.lit("asserted"),
        live=pl.lit(True),
        denies=pl.lit(False),
        disputed_by=pl.lit(None, pl.List(pl.String)),
        disputed=pl.lit(False),
        **_own_word(bodies),
    )


def _own_word(bodies: Bodies) -> dict[str, pl.Expr]:
    by = pl.col("asserter")
    return {
        "root_asserters": pl.concat_list(by),
        "voices": pl.when(by.is_not_null()).then(pl.concat_list(_voice(by, bodies))),
        "unknown_roots": pl.when(by.is_null()).then(pl.concat_list("id")),
    }


def _voice(asserter: pl.Expr, bodies: Bodies) -> pl.Expr:
    known = bodies.voices
    return asserter.replace(list(known), list(known.values())) if known else asserter


# What is withdrawn


def _withdrawn(frame: pl.DataFrame) -> pl.DataFrame:
    given = pl.col("status")
    links = frame.select("id", "status", "retracts", "supersedes")
    standing_by_source = links.filter((given == "retracted").not_().fill_null(True))
    retracted = _retracted(standing_by_source)
    superseded = _pointed_at(
        standing_by_source.filter(~pl.col("id").is_in(retracted.implode())), "supersedes"
    )
    frame = frame.with_columns(
        standing=pl.when(pl.col("id").is_in(retracted.implode()) | (given == "retracted"))
        .then(pl.lit("retracted"))
        .when(pl.col("id").is_in(superseded.implode()) | (given == "superseded"))
        .then(pl.lit("superseded"))
        .otherwise(pl.lit("asserted"))
    )
    overturned = pl.col("id").is_in(_overturned(frame).implode())
    return frame.with_columns(
        standing=pl.when(overturned).then(pl.lit("superseded")).otherwise("standing")
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


def _overturned(frame: pl.DataFrame) -> pl.Series:
    """Ids of claims whose own asserter surely said the contrary later, of the same time: whoever
    denies what they claimed, or claims what they denied, has changed their mind."""
    key = ["asserter", *TRIPLE, "valid_from", "valid_to"]
    said = frame.select("id", *key, "asserted_from", "asserted_to", "negative", "declared",
                        "standing").filter(
        ~pl.col("declared") & (pl.col("standing") == "asserted") & pl.col("asserter").is_not_null()
    )  # fmt: skip
    denied = said.filter("negative").select(key).unique()
    both = said.join(denied, on=key, how="semi", nulls_equal=True)
    last = both.group_by(key).agg(
        yes=pl.col("asserted_from").filter(~pl.col("negative")).max(),
        no=pl.col("asserted_from").filter("negative").max(),
    )
    other = pl.when("negative").then("yes").otherwise("no")
    own = pl.when("negative").then("no").otherwise("yes")
    later = (other > pl.col("asserted_to")) & ((other > own) | own.is_null())
    return both.join(last, on=key, how="inner", nulls_equal=True).filter(later)["id"]


# Who denies it


def _disputed(frame: pl.DataFrame) -> pl.DataFrame:
    """A denial disputes every positive claim of its triple; `disputes` points at others by hand."""
    key = list(TRIPLE)
    told = pl.col("id").is_in(_taking_back(frame).implode())
    frame = frame.with_columns(denies=pl.col("live") & pl.col("negative") & ~told)
    claims = frame.select("id", *key, "live", "denies", "negative", "declared", "disputes").filter(
        ~pl.col("declared")
    )
    live = claims.filter(pl.col("live"))
    denials = live.filter(pl.col("denies")).select(*key, by="id")
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


def _taking_back(frame: pl.DataFrame) -> pl.Series:
    """Ids of negative claims that take back the positive claim of their own triple, or one that a
    lens leaves out: whoever takes a word back has not said that others are wrong."""
    taking = frame.filter(pl.col("negative") & pl.col("retracts").is_not_null())
    links = taking.select("id", *TRIPLE, target="retracts").explode("target")
    positive = frame.filter(~pl.col("negative")).select(*TRIPLE, target="id")
    own = links.join(positive, on=["target", *TRIPLE], how="semi", nulls_equal=True)
    left_out = links.drop_nulls("target").join(frame.select(target="id"), on="target", how="anti")
    return pl.concat([own["id"], left_out["id"]]).unique()


# On whose word it rests


def _rooted(frame: pl.DataFrame, bodies: Bodies) -> pl.DataFrame:
    own = frame.with_columns(**_own_word(bodies))
    origins = claim_origins(frame)
    if origins.is_empty():
        return own
    by = pl.col("by")
    said = frame.select(root="id", by="asserter")
    known = (
        origins.join(said, on="root", how="inner")
        .group_by("id")
        .agg(
            root_asserters=by.unique().sort(),
            voices=_voice(by.drop_nulls(), bodies).unique().sort(),
            unknown_roots=pl.col("root").filter(by.is_null()).sort(),
        )
    )
    derived = pl.col("id").is_in(origins["id"].implode())
    gone = pl.col("id").is_in(origins.filter("withdrawn")["id"].implode())
    return own.with_columns(
        *(
            pl.when(derived).then(beside(frame, known, ["id"], name)).otherwise(name).alias(name)
            for name in ("root_asserters", "voices", "unknown_roots")
        ),
        standing=pl.when(gone & pl.col("live"))
        .then(pl.lit("origin_withdrawn"))
        .otherwise("standing"),
    ).with_columns(live=pl.col("standing") == "asserted")


def claim_origins(frame: pl.DataFrame) -> pl.DataFrame:
    """`id`, `root`, `withdrawn` for every claim that derives from others: where its chain starts,
    as far as it is upheld; where nothing of it is, all its roots, `withdrawn`.

    Links to claims that are not in the frame (a lens left them out) do not count. In a circle of
    repetitions nobody is the origin: each member counts as its own root.
    """
    links = frame.select("id", "derived_from").filter(pl.col("derived_from").is_not_null())
    named = links["derived_from"].explode().drop_nulls().unique()
    told = frame.filter(pl.col("id").is_in(named.implode()))
    present, upheld = set(told["id"]), _upheld(told, frame)
    parents = {
        id: kept
        for id, to in links.iter_rows()
        if (kept := [parent for parent in to if parent in present and parent != id])
    }
    rows = [
        (id, root, withdrawn)
        for id in parents
        for roots, withdrawn in [_origin(id, parents, upheld)]
        for root in sorted(roots)
    ]
    schema = {"id": pl.String(), "root": pl.String(), "withdrawn": pl.Boolean()}
    return pl.DataFrame(rows, schema=schema, orient="row")


def _upheld(told: pl.DataFrame, frame: pl.DataFrame) -> set[str]:
    """Which of these claims nobody withdrew, or was replaced by one that says the same."""
    same = [*TRIPLE, "negative"]
    newer = frame.filter(pl.col("supersedes").is_not_null()).select(
        "supersedes", *same, by="id", by_live="live"
    )
    pairs = newer.explode("supersedes").join(
        frame.select(*same, supersedes="id"), on=["supersedes", *same], how="semi", nulls_equal=True
    )
    known = set(told.filter("live")["id"]) | set(pairs.filter("by_live")["by"])
    while more := {old for old, by in pairs.select("supersedes", "by").iter_rows()
                   if by in known and old not in known}:  # fmt: skip
        known |= more
    return known - set(told.filter(pl.col("standing") == "retracted")["id"])


def _origin(
    id: str, parents: Mapping[str, list[str]], upheld: Collection[str]
) -> tuple[set[str], bool]:
    roots, broken = _climbed(id, parents, upheld)
    if roots or not broken:
        return roots or {id}, False
    return _climbed(id, parents, None)[0] or {id}, True


def _climbed(
    id: str, parents: Mapping[str, list[str]], upheld: Collection[str] | None
) -> tuple[set[str], bool]:
    """Where the ways up from a claim start, over claims that are upheld (or any); whether one of
    the ways was cut off."""
    seen, roots, open_, broken = {id}, set(), [id], False
    while open_:
        current = open_.pop()
        above = parents.get(current, [])
        if not above:
            roots.add(current)
        for parent in above:
            if upheld is not None and parent not in upheld:
                broken = True
            elif parent not in seen:
                seen.add(parent)
                open_.append(parent)
    return roots, broken


# Whose last word it is


def stances(claims: pl.DataFrame) -> pl.Series:
    """Of all claims of some edges (with their standing): whether each is a stance.

    Of several live claims by one asserter on one edge the latest is the stance; one that is not
    surely earlier than another stays one. What repeats only what is no stance is none either.
    """
    newest = pl.col("asserted_from").filter("live").max().over(*TRIPLE, "asserter")
    overtaken = pl.col("asserter").is_not_null() & (newest > pl.col("asserted_to"))
    own = claims.select(stance=pl.col("live") & ~overtaken.fill_null(False))["stance"]
    if claims["derived_from"].null_count() == claims.height:
        return own
    edge = claims.select(pl.struct(TRIPLE).hash())
    stance = dict(zip(claims["id"], own, strict=True))
    place = dict(zip(claims["id"], edge.to_series(), strict=True))
    parents = {
        id: [one for one in to if one != id and place.get(one) == place[id]]
        for id, to in claims.select("id", "derived_from").drop_nulls().iter_rows()
    }
    kept = {id for id, holds in stance.items() if holds}
    return pl.Series(
        "stance",
        [holds and (id not in parents or _repeats_stance(id, parents, kept))
         for id, holds in stance.items()],
        dtype=pl.Boolean,
    )  # fmt: skip


def _repeats_stance(id: str, parents: Mapping[str, list[str]], kept: Collection[str]) -> bool:
    roots, broken = _climbed(id, parents, kept)
    return bool(roots) or not broken
