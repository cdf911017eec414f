"""Who is who is concluded when the ledger changes, and stands in it as claims of a source of its
own; `kg.graph.concluded` reads it back."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl

from kg.base.errors import DatabaseError
from kg.base.settings import code_state
from kg.claims.columns import LINKS
from kg.graph.awaited import arrivals, arrived, became
from kg.graph.concluded import (
    IDENTITY,
    SAME,
    judgements_path,
    judgements_state,
    merged_rows,
    without_conclusions,
)
from kg.graph.link import link
from kg.identity import Identity, claims_of, resolve, standing_judgements
from kg.identity.events import dates, is_event, predicates
from kg.identity.records import BEARING, SIMILAR, key_of
from kg.identity.resolve import KINDS_BY, named_kinds
from kg.ledger.delta import Apart, Changed, changed
from kg.ledger.ledger import Batch, Entry, Ledger, Manifest, among
from kg.ontology import Ontology

READ = (
    *("id", "source", "ref", "declared", "subject", "predicate", "object", "value", "negative"),
    *("asserter", "asserted_from", "valid_from", "valid_to", "status", "hedge", "likelihood"),
    *("cites", *LINKS),
)
"""The columns of the ledger from which follows who is who."""


def identity_of(
    statements: pl.DataFrame,
    ontology: Ontology,
    ledger: Ledger | None,
    asked: Collection[str] | None = None,
) -> Identity:
    """Who is who among the rows of a ledger, by the rules and by what people have judged (without a
    ledger: by what has shipped of that alone); with `asked` as `resolve` takes it."""
    judged = standing_judgements(judgements_path(ledger) if ledger else None)
    linking = pl.col("retracts").is_not_null() | pl.col("ref").is_not_null()
    telling = linking | _tells(ontology)
    said = statements.filter(pl.col("source") != IDENTITY.name)
    known = arrivals(said, ontology)
    given = became(arrived(link(said.filter(telling)), known), known)
    return resolve(given, ontology, judged, asked)


def _tells(ontology: Ontology) -> pl.Expr:
    """Rows that tell who is who: names and links, and of events what they are told apart by."""
    event = is_event("subject", ontology) | is_event("object", ontology)
    named = pl.col("predicate").is_in([*BEARING, *sorted(ontology.compared)])
    told = named & ~pl.col("subject").str.extract("^([^:]*):").is_in(_mute(ontology))
    return told | (pl.col("predicate").is_in(predicates(ontology)) & event)


def _mute(ontology: Ontology) -> list[str]:
    """Prefixes of the kinds of which nothing tells who is who: they are never joined, and no event
    is told by them."""
    ends = {edge for rule in ontology.events.values() for edge in rule.ends}
    near = [ontology.edges[edge] for edge in ends]
    told = {*(kind for edge in near for kind in (*edge.sources, *edge.targets))}
    return [n.prefix for kind, n in ontology.nodes.items() if not n.joined and kind not in told]


def record_keys(words: Sequence[str], ledger: Ledger, ontology: Ontology) -> list[str]:
    """The key of the record that each word is the key or the id of. Raises `UsageError` with the
    nearest ones."""
    said = pl.col("source") != IDENTITY.name
    declared = said & pl.col("declared") & pl.col("predicate").is_in(["name", "record"])
    having = declared & (pl.col("value").is_in(words) | pl.col("subject").is_in(words))
    ids = ledger.read(columns=("subject",), where=having)["subject"].unique()
    rows = ledger.read(columns=READ, where=declared & among("subject", ids))
    telling = said & pl.col("predicate").is_in(KINDS_BY)
    kinds = named_kinds(ledger.read(columns=("subject", "predicate"), where=telling), ontology)
    found = [key_of(word, rows, ontology, kinds) for word in words]
    if None in found:
        identity = identity_of(ledger.read(columns=READ), ontology, ledger)
        found = [identity.find(word).key for word in words]
    return [key for key in found if key is not None]


def conclude(statements: pl.DataFrame, ontology: Ontology, ledger: Ledger | None) -> Batch:
    """What follows from the statements (and from the judgements of a ledger), as a batch: claims
    with who judged and why, and for each entity that became another a declared `SAME_AS` to it,
    which is what `corpus_of` goes by; what is still awaited is said to be itself."""
    identity = identity_of(statements, ontology, ledger, asked=())
    arrived = arrivals(statements.filter(pl.col("source") != IDENTITY.name), ontology)
    became = {id: identity.merged(one) for id, one in arrived.items()}
    steps = {*identity.mapping.items(), *became.items()} | _earlier(identity)
    since, said = _since(identity), claims_of(identity, ontology)
    merged = merged_rows((id, one, since.get((id, one))) for id, one in sorted(steps))
    if said["declared"].all():  # nothing but the name of the rules themselves
        said = said.clear()
    return Batch(
        IDENTITY,
        pl.concat([merged.with_columns(place=pl.lit("")), said]).unique(
            "id", keep="first", maintain_order=True
        ),
    )


def _earlier(identity: Identity) -> set[tuple[str, str]]:
    """What ids stood for before a dated claim made them what they are."""
    return {(id, one) for id, steps in identity.earlier.items() for _, one in steps if one != id}


def _since(identity: Identity) -> dict[tuple[str, str], date]:
    """From when on ids stood for what they are by somebody's word of a known day; what the rules
    conclude has no date."""
    found: dict[tuple[str, str], date] = {}
    for id, steps in identity.earlier.items():
        for day, one in steps:
            if day:
                found.setdefault((id, one), day)
    return found


def rules() -> str:
    """What tells one state of the rules of identity from another."""
    return code_state("identity")


def standing_conclusions(
    ledger: Ledger, manifest: Manifest, apart: Apart, ontology: Ontology
) -> tuple[Entry, ...] | None:
    """What the committed manifest holds of conclusions, where they follow from `manifest` too: the
    rules and the judgements are as they were, and so are all rows that tell who is who. Else None.
    """
    try:
        old = ledger.manifest()
        noted = (old.judgements, old.rules) == (judgements_state(ledger), rules())
        if not noted or not _same_bearing(
            changed(apart, without_conclusions(old), manifest), ontology
        ):
            return None
    except DatabaseError:  # a damaged ledger is about to be made anew
        return None
    return tuple(entry for entry in old.entries if entry.source.name == IDENTITY.name)


def _same_bearing(rows: Changed, ontology: Ontology) -> bool:
    """Whether what the rules read is the same on both sides, however it is worded, or dated where
    the day does not count."""
    if rows.rows["retracts"].null_count() < rows.rows.height:
        return False  # what was taken back may bear on anything
    compared = pl.col("predicate").is_in(sorted(ontology.compared))
    when = pl.col("predicate").is_in(dates(ontology))
    said = [
        frame.filter(_tells(ontology))
        .with_columns(
            hedged=pl.col("hedge").is_not_null() & compared,
            likely=pl.when(pl.col("predicate") == SIMILAR).then("likelihood"),
            said_on=pl.when(pl.col("predicate") == SAME).then("asserted_from"),
            was=pl.when(when).then(pl.struct("valid_from", "valid_to")),
        )
        .select("id", "source", "hedged", "likely", "said_on", "was")
        .sort("id", "source")
        for frame in (rows.before, rows.after)
    ]
    return said[0].equals(said[1])
