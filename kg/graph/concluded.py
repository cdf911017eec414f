"""What was concluded of who is who, read back from the ledger: a lookup (`kg.graph.conclude` makes
it, when the ledger changes)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias

import polars as pl

from kg.claims.columns import IDENTIFYING, STATEMENTS, claim_id
from kg.claims.source import Source
from kg.ledger.ledger import Ledger, Manifest

IDENTITY = Source("identity", "identity")
SAME = "SAME_AS"

Step: TypeAlias = tuple[str, str, date | None]
"""An id, what it stood for, and since when; None is from ever."""


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


def merged_ids(ledger: Ledger, manifest: Manifest) -> dict[str, str]:
    """What each source id became, where that is another."""
    own = Manifest(tuple(e for e in manifest.entries if e.source.name == IDENTITY.name))
    columns = ("source", "subject", "predicate", "object", "declared", "asserted_from")
    return merged_in(ledger.read(own, columns, where=is_merged()))


def is_merged() -> pl.Expr:
    """The rows of a ledger that say what an id became."""
    return (pl.col("source") == IDENTITY.name) & pl.col("declared") & (pl.col("predicate") == SAME)


def merged_rows(steps: Iterable[Step]) -> pl.DataFrame:
    """Such rows: a declared `SAME_AS` from each id to what it stood for. Not through an `Emitter`:
    who says something may turn out to be of another kind than was thought."""
    rows: list[dict[str, Any]] = []
    for id, one, since in steps:
        row: dict[str, Any] = {"source": IDENTITY.name, "format": IDENTITY.format, "declared": True,
                               "negative": False, "subject": id, "predicate": SAME,
                               "object": one}  # fmt: skip
        row["id"] = claim_id(map(row.get, IDENTIFYING), False, True)
        if since is not None:
            row |= {"asserted_from": since, "asserted_to": since, "asserted": since.isoformat(),
                    "asserted_basis": "derived"}  # fmt: skip
        rows.append(row)
    return pl.DataFrame(rows, schema=dict(STATEMENTS), orient="row")


def merged_in(statements: pl.DataFrame) -> dict[str, str]:
    """What each id became, by the rows of a ledger."""
    latest = statements.filter(is_merged()).sort("asserted_from", nulls_last=False)
    return dict(latest.select("subject", "object").iter_rows())
