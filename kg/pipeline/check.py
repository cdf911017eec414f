"""What is checked before anything is written, and told where the user may not expect it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

import polars as pl

from kg.base.errors import DatabaseError, InputError
from kg.claims.columns import empty
from kg.graph.authority import overreaching
from kg.graph.concluded import without_conclusions
from kg.graph.link import REFERRING, dangling, lost
from kg.graph.needs import refuse_missing_kinds
from kg.ledger.ledger import Batch, Entry, Ledger, Manifest
from kg.ontology import Ontology
from kg.pipeline.naming import Names
from kg.pipeline.report import Read, Reporter


def check(
    batches: Sequence[Batch],
    ontology: Ontology,
    beside: pl.DataFrame | None = None,
    leaving: pl.DataFrame | None = None,
) -> None:
    """Whether everything exists that the batches, and what stays `beside` them, refer to, and
    nobody takes back what another said; what stays is looked at for references where something
    goes (`leaving`) to which it may refer.

    Raises `InputError` with every problem and its place.
    """
    columns = (*REFERRING, "place")
    coming = pl.concat([empty().select(REFERRING), *(b.frame.select(columns) for b in batches)],
                       how="diagonal")  # fmt: skip
    all_ = coming if beside is None else pl.concat([coming, beside], how="diagonal")
    afresh = leaving is None or not lost(leaving, all_)
    problems = dangling(coming if afresh and beside is not None else all_, all_)
    problems = problems or overreaching(all_, ontology)
    if problems:
        raise InputError(problems)


def prepare(
    ledger: Ledger,
    ontology: Ontology,
    batches: Sequence[Batch],
    *,
    exactly: bool,
    without: Collection[str] = (),
    reporter: Reporter,
) -> list[str]:
    """Check the batches with what will be beside them, before any database is opened, and warn of
    what the user may not expect: sources that leave, entities that get another name. Gives the
    same sentences.

    Raises `InputError` with every dangling reference and its place, `UsageError` where the ledger's
    folder holds other things, or what stays in it needs kinds that are not there.
    """
    ledger.refuse_foreign()
    rest = beside(ledger, batches, exactly=exactly, without=without)
    others = ledger.read(rest, REFERRING) if rest.entries else None
    if others is not None:
        refuse_missing_kinds(others, ontology)
    check(batches, ontology, others, _leaving(ledger, rest) if rest.entries else None)
    coming = {batch.source.name for batch in batches}
    told: list[str] = []
    held = _held(ledger, told) if exactly else ()
    if leaving := [e.source.name for e in held if e.source.name not in coming]:
        told.append(
            f"not among these seeds, so it leaves the graph: {', '.join(leaving)} "
            "(`kg load` adds to a graph instead)"
        )
    told += renamed(batches, others)
    for sentence in told:
        reporter.warn(sentence)
    return told


@dataclass(frozen=True)
class Checked:
    """What was looked at and is sound: how many statements, what was read, and what is told of
    all of it together."""

    statements: int
    sources: tuple[Read, ...]
    warnings: tuple[str, ...]


def check_loadable(ledger: Ledger, ontology: Ontology, batches: Sequence[Batch]) -> str:
    """Check batches on their own, as `build` takes them; else beside what the ledger holds, as
    `load` does, and say so: an entity that it has need not be declared again.

    Raises `InputError` with what remains wrong.
    """
    try:
        check(batches, ontology)
    except InputError:
        with suppress(DatabaseError):  # a damaged one is told of where it is written
            called = [_called(Names(ledger), batch) for batch in batches]
            if entries := beside(ledger, called, exactly=False).entries:
                check(called, ontology, ledger.read(Manifest(entries), REFERRING))
                return "refers to what the ledger holds: load adds it, build alone would refuse it"
        raise
    return ""


def renamed_if_loaded(ledger: Ledger, batches: Sequence[Batch]) -> list[str]:
    """What `renamed` would say if the batches were loaded beside what a ledger holds."""
    with suppress(DatabaseError):  # a damaged one is told of where it is written
        names = Names(ledger)
        called = [_called(names, batch) for batch in batches]
        rest = beside(ledger, called, exactly=False)
        return renamed(called, ledger.read(rest, REFERRING) if rest.entries else None)
    return renamed(batches, None)


def _called(names: Names, batch: Batch) -> Batch:
    """A batch of claims under the name that loading its file would give it."""
    if batch.source.format != "claims":
        return batch
    name = names.of("claims", batch.source.name, batch.paths)
    source, frame = replace(batch.source, name=name), batch.frame.with_columns(source=pl.lit(name))
    return replace(batch, source=source, frame=frame)


def _leaving(ledger: Ledger, rest: Manifest) -> pl.DataFrame:
    """What the ledger holds of the sources that are replaced or go."""
    held = without_conclusions(ledger.manifest()).entries
    going = tuple(entry for entry in held if entry not in rest.entries)
    return ledger.read(Manifest(going), REFERRING)


def _held(ledger: Ledger, told: list[str]) -> tuple[Entry, ...]:
    """What a ledger holds that is about to be made anew, even where its manifest is damaged."""
    try:
        return without_conclusions(ledger.manifest()).entries
    except DatabaseError as why:
        told.append(f"what was loaded before is not known: {why}")
        return ()


def renamed(batches: Sequence[Batch], others: pl.DataFrame | None) -> list[str]:
    """A sentence for each entity that a claim file calls otherwise than another source does."""
    frames = [batch.frame for batch in batches if batch.source.format == "claims"]
    if not frames:
        return []
    everything = pl.concat([*frames, *([] if others is None else [others])], how="diagonal")
    by_hand = pl.col("subject").is_in(pl.concat(frames)["subject"].unique().implode())
    names = everything.filter(pl.col("declared") & (pl.col("predicate") == "name") & by_hand)
    said = names.group_by("subject").agg(
        pl.concat_str(pl.lit("'"), "value", pl.lit("' in "), "source")
        .unique()
        .sort()
        .alias("said"),
        pl.col("value").n_unique().alias("count"),
        pl.col("format").eq("claims").sum().alias("hands"),
    )
    several = said.filter((pl.col("count") > 1) & (pl.col("hands") > 1)).sort("subject")
    return [
        f"{id} is called {', '.join(calls)}: the graph shows one of these and finds it by all"
        for id, calls in several.select("subject", "said").iter_rows()
    ]


def beside(
    ledger: Ledger, batches: Sequence[Batch], *, exactly: bool, without: Collection[str] = ()
) -> Manifest:
    """What stays in the ledger when the batches come: nothing, or all but what they replace and
    what is to go."""
    names = {batch.source.name for batch in batches} | set(without)
    entries = () if exactly else without_conclusions(ledger.manifest()).entries
    return Manifest(tuple(entry for entry in entries if entry.source.name not in names))
