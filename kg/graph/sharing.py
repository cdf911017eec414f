"""What of a ledger may be passed on: the rows that a lens's `max_marking` and `redact` let through.

It is worked out on the ledger's own rows, before anything is linked, merged or counted, so that
identity, standing, names and numbers come from what may be shown and from nothing else. A claim is
as strict as the strictest of its own marking, its document's, those of the entities at its ends,
and whatever it repeats. What is declared of an entity is known by the claims that speak of it in
the same source; a claim of which an end has no name left falls too.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from kg.base.errors import UsageError
from kg.claims.columns import LINKS
from kg.claims.marking import LEVELS
from kg.graph.awaited import NAMED
from kg.graph.lens import Lens
from kg.graph.link import link
from kg.graph.marked import Explicit, rank

PAIR = ["source", "id"]

UNMARKED = "unmarked"
REPEATS = "it repeats what is left out"
TAKES_BACK = "it takes back what is left out"
UNNAMED = "an end of it has no name that may be shown"
UNSAID = "nothing that may be shown speaks of it"


def _shown() -> pl.Expr:
    """The rows that nothing has left out so far."""
    return pl.col("why").is_null()


@dataclass(frozen=True)
class Redacted:
    """What is left out whatever its marking."""

    asserters: frozenset[str] = frozenset()
    """Ids, as sources have them, of who is neither heard nor named as a publisher."""
    prefixes: frozenset[str] = frozenset()
    """Of the ids of entities."""
    predicates: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Shared:
    """The rows that may be passed on, linked, and what was left out of which source and why (`id`,
    `source`, `declared`, `subject`, `predicate`, `object`, `reason`)."""

    rows: pl.DataFrame = field(repr=False)
    left_out: pl.DataFrame = field(repr=False)

    def counts(self) -> dict[str, int]:
        """How many claims were left out for each reason, the most frequent first."""
        claims = self.left_out.filter(~pl.col("declared")).group_by("reason").len().iter_rows()
        return dict(sorted(claims, key=lambda each: (-each[1], each[0])))

    def as_dict(self) -> dict[str, Any]:
        """What `--left-out` writes: the counts, and each row with its reason."""
        return {"counts": self.counts(), "left_out": self.left_out.to_dicts()}


def shared(statements: pl.DataFrame, lens: Lens, redacted: Redacted) -> Shared:
    """What a lens lets through of the rows of a ledger (without what was concluded of them).

    Raises `UsageError` where some of these are unmarked, and the lens does not say as what that
    counts.
    """
    return _Sieve(link(statements).with_row_index("row"), lens, redacted).result()


@dataclass(frozen=True)
class _Sieve:
    """The rows, linked and numbered, and through what they are to pass."""

    rows: pl.DataFrame
    lens: Lens
    redacted: Redacted

    def result(self) -> Shared:
        claims = self.repeating(self.claims)
        while True:  # what falls takes with it what only it named, and what only repeats it
            declared = self.declared(claims)
            fewer = self.repeating(self.unnamed(claims, declared))
            if fewer["why"].null_count() == claims["why"].null_count():
                break
            claims = fewer
        self.refuse_unmarked(claims, declared)
        why = pl.concat([each.select("row", "why") for each in (claims, declared)])
        told = self.rows.join(why, on="row", how="left", maintain_order="left").drop("row")
        columns = ("id", "source", "declared", "subject", "predicate", "object")
        out = told.filter(~_shown()).select(*columns, reason="why")
        return Shared(_alone(told.filter(_shown()).drop("why")), out.sort("id", "source"))

    @cached_property
    def limit(self) -> int | None:
        """The strictest level that passes."""
        return None if self.lens.max_marking is None else LEVELS.index(self.lens.max_marking)

    @property
    def unmarked_passes(self) -> bool:
        """Whether what carries no marking may, if it is the lens that says so, be shown."""
        level = self.lens.unmarked
        return self.limit is None or level is None or LEVELS.index(level) <= self.limit

    def refuse_unmarked(self, *parts: pl.DataFrame) -> None:
        """Stop where something would be shown of which nobody said to whom it may be."""
        if self.limit is None or self.lens.unmarked is not None:
            return
        bare = [part.filter(_shown() & pl.col("bare")).height for part in parts]
        if not any(bare):
            return
        what = f"{bare[0]:,} claims" if bare[0] else f"{bare[1]:,} declarations"
        raise UsageError(
            f"--max-marking {self.lens.max_marking}: {what} carry no marking, and nothing says to "
            f"whom they may be shown: --unmarked LEVEL says as what they count (TLP:RED leaves "
            f"them out)"
        )

    # Claims

    @cached_property
    def claims(self) -> pl.DataFrame:
        """Every claim, with `own` (how strictly it is marked, or its document), `bare` (not at all)
        and `why` it is left out for what it is, null where it is not."""
        rows = self.rows.filter(~pl.col("declared"))
        links = ("derived_from", "retracts", "negative")
        found = rows.select("row", "id", "source", "predicate", *NAMED, *links, "marking")
        ends = {end: self.explicit.ranks(found, end) for end in NAMED}
        own = pl.coalesce(rank(pl.col("marking")), ends["document"])
        found = found.with_columns(own=own, strictest=pl.max_horizontal(own, *ends.values()))
        found = found.with_columns(bare=pl.col("own").is_null())
        return found.with_columns(why=self._why_claim())

    @cached_property
    def explicit(self) -> Explicit:
        """The entities that are marked themselves."""
        return Explicit.of(self.rows)

    def _why_claim(self) -> pl.Expr:
        published = pl.col("declared") & (pl.col("predicate") == "PUBLISHED_BY")
        by = self.rows.filter(published & pl.col("object").is_in(list(self.redacted.asserters)))
        heard = pl.col("asserter").is_in(list(self.redacted.asserters))
        printed = pl.col("document").is_in(by["subject"].unique().implode())
        return (
            pl.when(heard.fill_null(False))
            .then(pl.concat_str(pl.lit("redacted: asserter "), "asserter"))
            .when(printed.fill_null(False))
            .then(pl.concat_str(pl.lit("redacted: publisher of "), "document"))
            .otherwise(self._why(NAMED))
        )

    def _why(self, ends: tuple[str, ...]) -> pl.Expr:
        """Why a row is left out for its kind, or its marking (`strictest`, `bare`)."""
        kinds = self.redacted.prefixes
        of_kind = pl.any_horizontal(
            _prefix(end).is_in(list(kinds)).fill_null(False) for end in ends
        )
        reason = pl.when(pl.col("predicate").is_in(list(self.redacted.predicates)) | of_kind).then(
            pl.lit("redacted: kind")
        )
        if self.limit is None:
            return reason.otherwise(pl.lit(None, pl.String))
        level = pl.col("strictest").replace_strict(
            range(len(LEVELS)), list(LEVELS), default=None, return_dtype=pl.String()
        )
        too_strict = pl.concat_str(pl.lit("marked "), level)
        marked = reason.when(pl.col("strictest") > self.limit).then(too_strict)
        return marked.when(pl.col("bare") & (not self.unmarked_passes)).then(pl.lit(UNMARKED))

    def repeating(self, claims: pl.DataFrame) -> pl.DataFrame:
        """The claims, with those left out that repeat one of which no row may be shown, or do no
        more than take back such: without it they would read as denials of their own."""
        repeated = claims.select("row", link="derived_from").drop_nulls().explode("link")
        back = claims.filter("negative").select("row", link="retracts").drop_nulls().explode("link")
        while True:
            by_id = claims.group_by("id").agg(gone=pl.col("why").is_not_null().all())
            gone = pl.col("link").is_in(by_id.filter("gone")["id"].implode())
            one = repeated.filter(gone)["row"].unique().implode()
            all_ = back.filter(gone.all().over("row"))["row"].unique().implode()
            reason = (
                pl.when(~_shown()).then("why")
                .when(pl.col("row").is_in(one)).then(pl.lit(REPEATS))
                .when(pl.col("row").is_in(all_)).then(pl.lit(TAKES_BACK))
            )  # fmt: skip
            fewer = claims.with_columns(why=reason)
            if fewer["why"].null_count() == claims["why"].null_count():
                return fewer
            claims = fewer

    def unnamed(self, claims: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
        """The claims, with those left out of which an end has a name, but none to be shown."""
        hidden = self._hidden(declared).implode()
        ends = pl.any_horizontal(pl.col(end).is_in(hidden).fill_null(False) for end in NAMED)
        return claims.with_columns(
            why=pl.when(_shown() & ends).then(pl.lit(UNNAMED)).otherwise("why")
        )

    def _hidden(self, declared: pl.DataFrame) -> pl.Series:
        """The entities that have names, none of which may be shown."""
        names = declared.filter(pl.col("predicate") == "name")
        told = names.group_by("subject").agg(shown=_shown().any())
        return told.filter(~pl.col("shown"))["subject"]

    # Declarations

    def declared(self, claims: pl.DataFrame) -> pl.DataFrame:
        """What is declared, with `why` it is left out and `bare`, in the light of the claims."""
        spoken = _mentions(claims.filter(_shown()))
        by_others = pl.col("subject").is_in(spoken["id"].unique().implode())
        free = self.alone.filter(pl.when("spoken_of").then(by_others).otherwise("passes"))
        pairs = pl.concat([spoken, free.select("source", id="subject"), self.passing]).unique()
        told = self._reached(pairs).with_columns(told=pl.lit(True))
        found = self._own.join(
            told, left_on=["source", "subject"], right_on=PAIR, how="left", maintain_order="left"
        ).join(self.alone.select("source", "subject", "bare"), on=["source", "subject"], how="left")
        why = pl.coalesce("why", pl.when(pl.col("told").is_null()).then(pl.lit(UNSAID)))
        found = found.with_columns(why=why, bare=pl.col("bare").fill_null(False) & ~by_others)
        leads = pl.col("object").is_in(self._hidden(found).implode()).fill_null(False)
        return found.with_columns(
            why=pl.when(_shown() & leads).then(pl.lit(UNNAMED)).otherwise("why")
        )

    @property
    def passing(self) -> pl.DataFrame:
        """`source`, `id` of what a source marks as something that may be shown, whatever it says of
        it."""
        own = self.explicit.own
        return own.filter(pl.lit(self.limit) >= pl.col("rank")).select(PAIR)

    @cached_property
    def _own(self) -> pl.DataFrame:
        """The same for what each declaration is itself."""
        rows = self.rows.filter(pl.col("declared")).select(
            "row", "source", "subject", "predicate", "object"
        )
        ends = [self.explicit.ranks(rows, end).alias(f"of_{end}") for end in ("subject", "object")]
        found = rows.with_columns(strictest=pl.max_horizontal(*ends), bare=pl.lit(False))
        publisher = (pl.col("predicate") == "PUBLISHED_BY") & pl.col("object").is_in(
            list(self.redacted.asserters)
        )
        why = pl.when(publisher.fill_null(False)).then(pl.lit("redacted: publisher"))
        return found.with_columns(why=why.otherwise(self._why(("subject", "object")))).drop(
            "strictest", "bare"
        )

    @cached_property
    def alone(self) -> pl.DataFrame:
        """`source`, `subject` of what is declared where no claim speaks of it: whether claims of
        other sources do (`spoken_of`), and whether it passes by what the source has marked; `bare`
        where that is nothing."""
        rows = self.rows.filter(pl.col("declared")).select("source", "subject").unique()
        every = _mentions(self.claims)
        told = self._reached(every)
        rows = rows.join(told, left_on=["source", "subject"], right_on=PAIR, how="anti")
        marks = [
            self.claims.select("source", rank="own"),
            self.explicit.own.select("source", "rank"),
        ]
        strictest = pl.concat(marks).group_by("source").agg(pl.col("rank").max())
        bare = pl.col("rank").is_null()
        passes = pl.lit(True) if self.limit is None else pl.col("rank") <= self.limit
        spoken_of = bare & pl.col("subject").is_in(every["id"].unique().implode())
        if self.limit is None:
            spoken_of = pl.col("subject").is_in(every["id"].unique().implode())
        return rows.join(strictest, on="source", how="left").select(
            "source",
            "subject",
            spoken_of=spoken_of,
            passes=pl.when(bare).then(self.unmarked_passes).otherwise(passes),
            bare=bare,
        )

    def _reached(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """`source`, `id` of these, and of what they declare to belong to, step by step."""
        edges = self.rows.filter(pl.col("declared") & pl.col("object").is_not_null())
        edges = edges.select("source", id="subject", to="object").unique()
        while True:
            further = edges.join(pairs, on=PAIR, how="semi").select("source", id="to")
            grown = pl.concat([pairs, further]).unique()
            if grown.height == pairs.height:
                return pairs
            pairs = grown


def _prefix(end: str) -> pl.Expr:
    return pl.col(end).str.split_exact(":", 1).struct.field("field_0")


def _mentions(claims: pl.DataFrame) -> pl.DataFrame:
    """`source`, `id` of the entities that claims speak of."""
    ends = [claims.select("source", id=end).drop_nulls() for end in NAMED]
    return pl.concat(ends).unique()


def _alone(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows without any reference to claims that are not among them: these ids would tell that
    there is more."""
    there = rows["id"].unique().implode()
    kept = pl.element().filter(pl.element().is_in(there))
    links = [pl.col(name).list.eval(kept).alias(name) for name in LINKS]
    rows = rows.with_columns(links, ref=pl.lit(None, pl.String))
    rows = rows.with_columns(pl.when(pl.col(n).list.len() > 0).then(n).alias(n) for n in LINKS)
    foreign = pl.col("statement").str.starts_with("claim:") & ~pl.col("statement").is_in(there)
    own = pl.col("id").min().over("source", "statement")
    return rows.with_columns(statement=pl.when(foreign).then(own).otherwise("statement"))
