"""Which records have anything to do with another one: of the others nothing can be concluded, and
the rules need not look at them."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from kg.identity import names

SIMPLE = r"^[ -~]*$"
"""Names in which a key is made of letters and digits of ASCII alone."""

BEHIND = r"(?s)^[^:]*:(.*)$"
"""What stands behind a mark (`Subgroup: Bluenoroff`), a scheme (`attack:G0032`), or a kind."""


def sharing(live: pl.DataFrame, compared: Collection[str]) -> pl.Series:
    """Ids of the entities that share a name or a key with another (`compared`: the predicates whose
    values are names)."""
    named = live.filter(pl.col("predicate").is_in(["name", *compared]))
    ids, records = _declared(live)
    behind = pl.col("value").str.extract(BEHIND)
    written = pl.concat([_words(named, pl.col("value")), _words(named, behind)])
    own = pl.concat([_words(records, behind), _words(ids, pl.col("subject").str.extract(BEHIND))])
    # Whose a word is, and how many carry a key, is told from records of all kinds; a record's own
    # key says something among those of its kind.
    kind = pl.col("subject").str.extract("^([^:]*:)")
    of_kind = pl.concat([written, own]).with_columns(word=pl.concat_str(kind, "word"))
    words = pl.concat([written, of_kind]).unique()
    return words.filter(pl.len().over("word") > 1)["subject"].unique()


def related(
    live: pl.DataFrame, shared: pl.Series, links: Collection[str], asked: Collection[str] = ()
) -> pl.Series:
    """Ids of the entities that share a name or a key with another (`sharing`), stand at an end of a
    link (predicates), or are `asked` for by id or by the key of their record."""
    linked = live.filter(pl.col("predicate").is_in(list(links)))
    wanted = pl.any_horizontal(pl.col(end).is_in(list(asked)) for end in ("subject", "value"))
    return pl.concat(
        [
            shared,
            linked["subject"],
            linked["object"].drop_nulls(),
            pl.concat(_declared(live)).filter(wanted)["subject"],
        ]
    ).unique()


def _declared(live: pl.DataFrame) -> list[pl.DataFrame]:
    """The rows that declare entities, and those that tell the keys of their records."""
    return [
        live.filter(pl.col("declared") & (pl.col("predicate") == predicate))
        for predicate in ("name", "record")
    ]


def _words(rows: pl.DataFrame, written: pl.Expr) -> pl.DataFrame:
    """`subject`, `word`: the keys of what is written."""
    found = rows.select("subject", written.alias("written")).drop_nulls().unique()
    return found.select("subject", word=keys(found["written"])).unique()


def keys(written: pl.Series) -> pl.Series:
    """`names.key` of each, of most of them without Python."""
    frame = pl.DataFrame({"written": written}, schema={"written": pl.String})
    name = pl.col("written")
    folded = name.str.to_lowercase().str.replace_all(r"[\s_]+", " ")
    folded = folded.str.strip_chars(" ")
    bare = pl.coalesce(folded.str.extract(names.TAIL), folded).str.replace_all("[^a-z0-9]+", "")
    plain = name.str.contains(SIMPLE) & ~folded.str.contains(names.respelt())
    simple = frame.select(simple=plain)["simple"]
    by_hand = {each: names.key(each) for each in frame.filter(~simple)["written"].unique()}
    slowly = name.replace_strict(by_hand, default=None, return_dtype=pl.String())
    key = pl.when(bare == "").then(folded).otherwise(bare)
    return frame.select(pl.when(simple).then(key).otherwise(slowly)).to_series()
