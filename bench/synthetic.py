"""Claims that nobody made, as many as wanted: the same for a seed, and shaped like real ones.

    python -m bench.synthetic LEDGER [--claims 100000] [--seed 12]

writes them into an empty ledger as several sources; `kg sync` then makes their graph. Kinds and
predicates have the shares that they have in sanctions lists, travel records and ATT&CK together. A
few ends have many of the edges (`draw`). Chance draws an edge again: it then has several claims. A
later claim may repeat an earlier one, so that chains of derivation come about, deny it, correct it
or take it back. Some things have an id of their own in each source, and a claim that they are one.
Every source declares all that it names, so each can be loaded and unloaded on its own.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import polars as pl

from kg.claims.columns import IDENTIFYING, claim_id
from kg.claims.emitter import PLACED
from kg.claims.source import Source
from kg.ledger.ledger import Batch, Ledger, Manifest
from kg.ontology.countries import names as countries

SIZES = (10_000, 100_000, 1_000_000)
SEED = 12
SOURCES = 5

RELAYED, DENIED, WITHDRAWN, CORRECTED = 0.7, 0.02, 0.03, 0.05
"""How often a claim repeats the one before it on its edge; how often an attribution is denied, how
often taken back; how often a sum is put right."""
APART = r"^(group|organization):syn-\d*[05]0$"
"""Has an id of its own in each source but the first: one in fifty of these."""
OWN = r":s\d-"
"""Stands in such an id, in place of `:syn-`."""

Numbers = npt.NDArray[np.int64]

POPULATION = {
    "group": 0.012, "organization": 0.03, "person": 0.04, "agency": 0.003, "incident": 0.03,
    "sanction": 0.045, "meeting": 0.035, "software": 0.01, "technique": 0.007, "document": 0.01,
}  # fmt: skip
"""Entities for each claim, by the prefix of their ids. States are those of the world."""


class Said(NamedTuple):
    """A predicate's share of the claims, what it is said of, and how skewed (see `draw`)."""

    predicate: str
    share: float
    subject: str
    skew: float
    target: str
    """The prefix of what stands at the other end; else what sort of value (`VALUES`)."""
    target_skew: float = 0.0


SAID = (
    Said("USED", 0.08, "group", 1.0, "technique", 1.1),
    Said("USED", 0.05, "group", 0.8, "software", 0.7),
    Said("PARTICIPATED_IN", 0.11, "person", 1.0, "meeting", 0.2),
    Said("REPRESENTS", 0.05, "person", 0.2, "state", 1.7),
    Said("DESIGNATES", 0.04, "sanction", 0.0, "organization", 0.6),
    Said("DESIGNATES", 0.02, "sanction", 0.0, "person", 0.0),
    Said("IMPOSED_BY", 0.06, "sanction", 0.0, "agency", 2.5),
    Said("ATTRIBUTED_TO", 0.05, "incident", 1.0, "group", 1.2),
    Said("ATTRIBUTED_TO", 0.01, "group", 0.6, "state", 1.7),
    Said("TARGETED", 0.04, "incident", 1.0, "organization", 1.0),
    Said("alias", 0.04, "group", 0.7, "name"),
    Said("alias", 0.05, "organization", 0.5, "name"),
    Said("alias", 0.06, "person", 0.2, "name"),
    Said("occurred", 0.03, "incident", 0.7, "day"),
    Said("occurred", 0.04, "meeting", 0.0, "day"),
    Said("born", 0.04, "person", 0.0, "day"),
    Said("programme", 0.08, "sanction", 0.0, "programme"),
    Said("url", 0.07, "organization", 0.4, "address"),
    Said("position", 0.06, "person", 0.2, "name"),
    Said("amount_stolen", 0.04, "incident", 0.9, "sum"),
)


def corpus(claims: int, seed: int = SEED) -> list[Batch]:
    """About so many claims (within two in a hundred), and what they name: a batch a source."""
    rng = np.random.default_rng(seed)
    sizes = {prefix: max(4, int(share * claims)) for prefix, share in POPULATION.items()}
    sizes["state"] = len(_states())
    documents = _documents(rng, sizes)
    unit = claims / sum(said.share for said in SAID)
    about = [_about(rng, said, round(said.share * unit), sizes) for said in SAID]
    made = _identified(_own_ids(_printed(rng, pl.concat(about, how="diagonal"), documents, sizes)))
    later = [_withdrawals(rng, made, documents), _corrections(rng, made, documents), _same(made)]
    said = _relayed(rng, pl.concat([made, *map(_identified, later)], how="diagonal"))
    declared = _declared(said, documents, _names(sizes))
    return [_batch(number, said, declared) for number in range(SOURCES)]


# --- chance, ids and names

SYLLABLES = np.array([c + v for c in "bdfghklmnprstvyz" for v in "aeio"])
UNBORN = 1 << 28
"""Numbers from here on are names of nothing but aliases."""
START = date(2004, 1, 1)
DAYS = 7_300


def draw(rng: np.random.Generator, size: int, among: int, skew: float) -> Numbers:
    """Numbers below `among`: k about as often as 1/(k+1)^skew; 0 draws them all alike."""
    among = max(1, among)
    part, rest = rng.random(size), 1.0001 - skew  # so that it is never 0
    found = (part * ((among + 1) ** rest - 1) + 1) ** (1 / rest)
    numbers: Numbers = np.minimum(found.astype(np.int64) - 1, among - 1)
    return numbers


def spelled(numbers: Numbers) -> pl.Series:
    """A name of two words for each number below 2^30: no two alike, near numbers far apart."""
    mixed = (numbers * 0x9E3779B1) % (1 << 30)
    parts = {str(shift): SYLLABLES[(mixed >> shift) & 63] for shift in range(0, 30, 6)}
    name = pl.concat_str("0", "6", "12", pl.lit(" "), "18", "24").str.to_titlecase()
    return pl.DataFrame(parts).select(name).to_series()


def ids(prefix: str, numbers: Numbers) -> pl.Series:
    """`group:syn-7`; of states, the real ones."""
    if prefix == "state":
        return pl.Series(_states()).gather(numbers)
    return pl.select(pl.concat_str(pl.lit(f"{prefix}:syn-"), pl.Series(numbers))).to_series()


def _states() -> list[str]:
    return [f"state:{code}" for code in sorted(countries())]


def _names(sizes: dict[str, int]) -> pl.DataFrame:
    """`id`, `value`: what every entity is called."""
    first, parts = 0, []
    for prefix, size in sizes.items():
        own = np.arange(size)
        parts.append(pl.DataFrame({"id": ids(prefix, own), "value": spelled(own + first)}))
        first += size
    return pl.concat(parts)


def _chance(rng: np.random.Generator, frame: pl.DataFrame, share: float) -> pl.Series:
    return pl.Series(rng.random(frame.height) < share)


# --- values: each takes the numbers of the subjects, since claims of one thing mostly agree


def _day(rng: np.random.Generator, of: Numbers) -> pl.DataFrame:
    """Days; every fourth is known to the month only, every tenth is another than the others say."""
    off = np.where(rng.random(of.size) < 0.1, rng.integers(1, 400, of.size), 0)
    days = pl.DataFrame({"day": ((of * 7919) % DAYS + off).astype(np.int32) + _epoch(START)})
    month = pl.Series(rng.random(of.size) < 0.25)
    day = pl.col("day").cast(pl.Date)
    text = pl.when(month).then(day.dt.strftime("%Y-%m")).otherwise(day.dt.strftime("%Y-%m-%d"))
    return days.select(
        value=text,
        valid=text,
        valid_from=pl.when(month).then(day.dt.month_start()).otherwise(day),
        valid_to=pl.when(month).then(day.dt.month_end()).otherwise(day),
        valid_precision=pl.when(month).then(pl.lit("month")).otherwise(pl.lit("day")),
    )


def _epoch(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _sum(rng: np.random.Generator, of: Numbers) -> pl.DataFrame:
    """Dollars: one in seven another figure than the others say, one in ten a lower bound."""
    other = np.where(rng.random(of.size) < 1 / 7, rng.integers(1, 9, of.size), 0)
    number = pl.Series(1_000 * ((of * 7919) % 10_000 + 1 + other))
    lower = pl.Series(rng.random(of.size) < 0.1)
    return pl.select(
        value=number.cast(pl.String),
        number=number.cast(pl.Float64),
        unit=pl.lit("USD"),
        bound=pl.when(lower).then(pl.lit("lower")).otherwise(pl.lit("point")),
    )


def _name(rng: np.random.Generator, of: Numbers) -> pl.DataFrame:
    """Names: few enough that now and then two things are called alike."""
    return pl.DataFrame({"value": spelled(UNBORN + rng.integers(0, 20 * of.size + 1, of.size))})


def _programme(rng: np.random.Generator, of: Numbers) -> pl.DataFrame:
    return pl.select(value=pl.lit("P") + pl.Series(draw(rng, of.size, 60, 0.9)).cast(pl.String))


def _address(rng: np.random.Generator, of: Numbers) -> pl.DataFrame:
    page = pl.Series(rng.integers(0, 4 * of.size + 1, of.size)).cast(pl.String)
    return pl.select(value=pl.lit("https://example.org/") + page)


VALUES: dict[str, Callable[[np.random.Generator, Numbers], pl.DataFrame]] = {
    "day": _day, "sum": _sum, "name": _name, "programme": _programme, "address": _address,
}  # fmt: skip


# --- claims


def _about(rng: np.random.Generator, said: Said, count: int, sizes: dict[str, int]) -> pl.DataFrame:
    """So many claims of one sort: `subject`, `predicate`, and `object` or a value's columns."""
    of = draw(rng, count, sizes[said.subject], said.skew)
    frame = pl.DataFrame({"subject": ids(said.subject, of)}).with_columns(
        predicate=pl.lit(said.predicate)
    )
    if said.target in VALUES:
        return frame.hstack(VALUES[said.target](rng, of))
    ends = draw(rng, count, sizes[said.target], said.target_skew)
    return frame.with_columns(object=ids(said.target, ends))


def _documents(rng: np.random.Generator, sizes: dict[str, int]) -> pl.DataFrame:
    """`document`, `published` (day), `publisher`, `source`, and `next`, `next_published`: what the
    same publisher printed after that in the same source."""
    size = sizes["document"]
    numbers = np.arange(size)
    frame = pl.DataFrame(
        {
            "document": ids("document", numbers),
            "published": (_epoch(START) + rng.integers(0, DAYS, size)).astype(np.int32),
            "publisher": ids("organization", draw(rng, size, sizes["organization"] // 20, 1)),
            "source": numbers % SOURCES,
        }
    ).with_columns(pl.col("published").cast(pl.Date))
    following = {"next": "document", "next_published": "published"}
    return frame.sort("publisher", "source", "published", "document").with_columns(
        pl.col(old).shift(-1).over("publisher", "source").alias(new)
        for new, old in following.items()
    )


def _printed(
    rng: np.random.Generator, about: pl.DataFrame, documents: pl.DataFrame, sizes: dict[str, int]
) -> pl.DataFrame:
    """In which document, who says so (mostly its publisher, at times nobody knows), how surely."""
    drawn = ids("document", draw(rng, about.height, sizes["document"], 0.5))
    cited = ids("organization", draw(rng, about.height, sizes["organization"] // 10, 1))
    whose = pl.Series(rng.random(about.height))
    hedges = pl.Series(["likely", "possibly", None, None])
    frame = about.with_columns(document=drawn).join(
        documents.drop("next", "next_published"), on="document", maintain_order="left"
    )
    disputable = pl.col("predicate") == "ATTRIBUTED_TO"
    hedge = hedges.gather(rng.integers(0, 4, about.height))
    return frame.with_columns(
        asserter=pl.when(whose < 0.85).then("publisher").when(whose < 0.98).then(cited),
        hedge=pl.when(disputable).then(hedge),
        negative=disputable & _chance(rng, frame, DENIED),
    ).drop("publisher")


def _own_ids(said: pl.DataFrame) -> pl.DataFrame:
    """What sources list apart has the source's own id there (`group:s3-50` for `group:syn-50`)."""
    own = pl.lit(":s") + pl.col("source").cast(pl.String) + "-"
    return said.with_columns(
        pl.when((pl.col("source") > 0) & pl.col(end).str.contains(APART))
        .then(pl.col(end).str.replace(":syn-", own, literal=True))
        .otherwise(end)
        .alias(end)
        for end in ("subject", "object")
    )


def _identified(rows: pl.DataFrame, *, declared: bool = False) -> pl.DataFrame:
    """Each claim, or declaration, once and with its `id`."""
    lacking = {"negative": pl.lit(False)} if "negative" not in rows.columns else {}
    lacking |= {name: pl.lit(None, pl.String) for name in IDENTIFYING if name not in rows.columns}
    rows = rows.with_columns(**lacking)
    keys = rows.select("negative", *IDENTIFYING).iter_rows()
    found = [claim_id(parts, negative, declared) for negative, *parts in keys]
    rows = rows.with_columns(id=pl.Series(found, dtype=pl.String), declared=pl.lit(declared))
    return rows.unique("id", keep="first", maintain_order=True)


def _later(frame: pl.DataFrame, documents: pl.DataFrame) -> pl.DataFrame:
    """The same claims by the same asserters, in what their publishers printed next."""
    after = documents.select("document", "next", "next_published")
    known = frame.filter(pl.col("asserter").is_not_null())
    found = known.join(after, on="document", maintain_order="left").filter(
        pl.col("next").is_not_null()
    )
    return found.drop("document", "published").rename(
        {"next": "document", "next_published": "published"}
    )


def _withdrawals(
    rng: np.random.Generator, made: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """Who blamed somebody, or denied it, says the opposite and takes the first word back."""
    blamed = made.filter(pl.col("predicate") == "ATTRIBUTED_TO")
    taken = _later(blamed.filter(_chance(rng, blamed, WITHDRAWN)), documents)
    return taken.with_columns(negative=~pl.col("negative"), retracts=pl.concat_list("id"))


def _corrections(
    rng: np.random.Generator, made: pl.DataFrame, documents: pl.DataFrame
) -> pl.DataFrame:
    """Who gave a sum gives another, in its place."""
    sums = made.filter(pl.col("predicate") == "amount_stolen")
    again = _later(sums.filter(_chance(rng, sums, CORRECTED)), documents)
    return again.with_columns(
        value=(pl.col("number") + 500).cast(pl.Int64).cast(pl.String),
        number=pl.col("number") + 500,
        supersedes=pl.concat_list("id"),
    )


def _same(made: pl.DataFrame) -> pl.DataFrame:
    """In each source, a claim for each of its own ids: that it is what others call otherwise."""
    parts = [
        made.select("source", "document", "published", "asserter", subject=end)
        for end in ("subject", "object")
    ]
    own = pl.concat(parts).filter(
        pl.col("subject").str.contains(OWN) & pl.col("asserter").is_not_null()
    )
    first = own.sort("subject", "document", "asserter").unique(
        "subject", keep="first", maintain_order=True
    )
    return first.with_columns(
        predicate=pl.lit("SAME_AS"), negative=pl.lit(False), object=_common(pl.col("subject"))
    )


def _common(id: pl.Expr) -> pl.Expr:
    """The id that a source's own one stands for."""
    return id.str.replace(OWN, ":syn-")


def _relayed(rng: np.random.Generator, said: pl.DataFrame) -> pl.DataFrame:
    """Link claims to the one before them about the same, in the same source."""
    edge = ("source", "subject", "predicate", "object", "value", "negative")
    said = said.sort("published", "id").with_columns(
        before=pl.col("id").shift(1).over(edge), whose=pl.col("asserter").shift(1).over(edge)
    )
    relays = (
        _chance(rng, said, RELAYED)
        & pl.col("before").is_not_null()
        & pl.col("asserter").ne_missing(pl.col("whose"))
        & ~pl.col("negative")
    )
    return said.with_columns(derived_from=pl.when(relays).then(pl.concat_list("before")))


# --- declarations and batches


def _declared(said: pl.DataFrame, documents: pl.DataFrame, names: pl.DataFrame) -> pl.DataFrame:
    """What each source declares: the name of all that it names, its documents' dates and
    publishers, and of which state an agency is an organ."""
    used = documents.join(said.select("document").unique(), on="document", how="semi")
    day = pl.col("published").dt.strftime("%Y-%m-%d")
    printed = used.select("source", subject="document", object="publisher")
    organs = _named(said).filter(pl.col("subject").str.starts_with("agency:"))
    number = pl.col("subject").str.extract(r"(\d+)$").cast(pl.Int64)
    states = pl.Series(_states())
    edges = [
        printed.with_columns(predicate=pl.lit("PUBLISHED_BY")),
        organs.with_columns(
            predicate=pl.lit("PART_OF"), object=pl.lit(states).gather(number * 37 % len(states))
        ),
    ]
    named = _named(pl.concat([said, *edges], how="diagonal"))
    called = named.with_columns(id=_common(pl.col("subject"))).join(names, on="id").drop("id")
    dates = used.select(
        "source", subject="document", predicate=pl.lit("date"), value=day, valid=day,
        valid_from="published", valid_to="published", valid_precision=pl.lit("day"),
    )  # fmt: skip
    rows = [called.with_columns(predicate=pl.lit("name")), dates, *edges]
    return pl.concat(rows, how="diagonal")


def _named(rows: pl.DataFrame) -> pl.DataFrame:
    """`source`, `subject`: every entity that the rows of a source name anywhere."""
    ends = [name for name in ("subject", "object", "asserter", "document") if name in rows.columns]
    parts = [rows.select("source", subject=end).drop_nulls() for end in ends]
    return pl.concat(parts).unique().sort("source", "subject")


def _batch(number: int, said: pl.DataFrame, declared: pl.DataFrame) -> Batch:
    source = Source(f"synthetic-{number + 1}", "synthetic")
    own = pl.col("source") == number
    told = said.filter(own).with_columns(statement="id")
    given = _identified(declared.filter(own), declared=True)
    rows = pl.concat([told, given], how="diagonal").with_columns(
        source=pl.lit(source.name), format=pl.lit(source.format)
    )
    whole = pl.concat([pl.DataFrame(schema=PLACED), rows], how="diagonal")
    return Batch(source, whole.select(list(PLACED)))


def write(ledger: Ledger, batches: Sequence[Batch]) -> Manifest:
    """Make the batches all that a ledger holds. What follows about identity is not concluded."""
    with ledger.writing():
        manifest = ledger.stage(batches, onto=Manifest())
        ledger.commit(manifest)
    return manifest


def main() -> None:
    """Write a ledger."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("ledger", type=Path, nargs="?")
    parser.add_argument("--claims", type=int, default=SIZES[1])
    parser.add_argument("--seed", type=int, default=SEED)
    given = parser.parse_args()
    if given.ledger is None:
        print("skipped: name a folder for the ledger")
        return
    if Ledger(given.ledger).exists:
        parser.error(f"{given.ledger} is a ledger already")
    manifest = write(Ledger(given.ledger), corpus(given.claims, given.seed))
    rows = sum(entry.rows for entry in manifest.entries)
    print(f"{rows:,} statements of {len(manifest.entries)} sources in {given.ledger}")


if __name__ == "__main__":
    main()
