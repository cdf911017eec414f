"""From a ledger to a corpus. Who is who is concluded when the ledger changes, and stands in it as
claims of a source of its own; reading it back is a lookup."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import polars as pl

from kg.claims.emitter import Emitter, Source
from kg.graph.corpus import Corpus
from kg.graph.link import link
from kg.graph.needs import refuse_missing_kinds
from kg.identity import Identity, claims_of, resolve, standing_judgements
from kg.ledger.ledger import Batch, Ledger, Manifest
from kg.ontology import Ontology

IDENTITY = Source("identity", "identity")
SAME = "SAME_AS"


def judgements_path(ledger: Ledger) -> Path:
    """The file beside the ledger that keeps what people have judged: `kg.judgements.yaml`."""
    folder = ledger.folder
    return folder.parent / (folder.name.removesuffix(".ledger") + ".judgements.yaml")


def judgements_state(ledger: Ledger) -> str:
    """What tells one state of that file from another: SHA-256 of it, empty where there is none."""
    path = judgements_path(ledger)
    return sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def without_conclusions(manifest: Manifest) -> Manifest:
    """The manifest without what was concluded from the rest of it."""
    return Manifest(tuple(e for e in manifest.entries if e.source.name != IDENTITY.name))


def identity_of(statements: pl.DataFrame, ontology: Ontology, ledger: Ledger) -> Identity:
    """Who is who among the rows of a ledger, by the rules and by what people have judged."""
    refuse_missing_kinds(statements, ontology)
    judged = standing_judgements(judgements_path(ledger))
    given = statements.filter(pl.col("source") != IDENTITY.name)
    return resolve(link(given), ontology, judged)


def concluded(statements: pl.DataFrame, ontology: Ontology, ledger: Ledger) -> Batch:
    """What follows from the statements, as a batch: claims with who judged and why, and for each
    entity that became another a declared `SAME_AS` to it, which is what `corpus_of` goes by."""
    identity = identity_of(statements, ontology, ledger)
    emit = Emitter(IDENTITY, ontology)
    for id, one in identity.mapping.items():
        emit.declare(id, SAME, one)
    merged, said = emit.finish(), claims_of(identity, ontology)
    if said["declared"].all():  # nothing but the name of the rules themselves
        said = said.clear()
    return Batch(
        IDENTITY, pl.concat([merged, said]).unique("id", keep="first", maintain_order=True)
    )


def corpus_of(
    ledger: Ledger,
    ontology: Ontology,
    *,
    manifest: Manifest | None = None,
    statements: pl.DataFrame | None = None,
) -> Corpus:
    """The corpus of a ledger's committed manifest, of another `manifest`, or of `statements`.

    Raises `UsageError` where a source needs a kind that the ontology lacks."""
    chosen = manifest or ledger.manifest()
    rows = ledger.read(chosen) if statements is None else statements
    refuse_missing_kinds(rows, ontology)
    merged = rows.filter(
        (pl.col("source") == IDENTITY.name) & pl.col("declared") & (pl.col("predicate") == SAME)
    )
    return Corpus.of(
        rows,
        ontology,
        identity=dict(merged.select("subject", "object").iter_rows()),
        manifest=chosen.id,
        sources=[e.source.name for e in without_conclusions(chosen).entries],
    )
