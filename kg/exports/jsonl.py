"""JSON Lines: every claim, one a line, as the ledger has it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from kg.claims.columns import STATEMENTS
from kg.exports.kit import claims as _claims
from kg.exports.kit.report import ExportReport, write_lines
from kg.graph.corpus import Corpus

FORMAT = "jsonl"
DOC = "JSON Lines: one claim a line, every column of the ledger"


HERE = ("subject_here", "object_here")
"""What its source's `subject_name` and `object_name` became, where it is called otherwise here."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`: columns of `kg.claims.columns` without the empty ones, sorted by id.

    `subject`, `object`, `asserter` and `document` are merged ids; `subject_as` and `object_as`
    stand beside them where the source used another. `standing` says what became of the claim.
    """
    written = write_lines(path, claims(corpus))
    declared = corpus.statements["declared"].sum()
    lost = [f"{declared} declarations (what an entity is, and is part of) are not claims; "
            "neo4j-admin, graphml and rdf have them"]  # fmt: skip
    return ExportReport(FORMAT, path, {"claims": written}, lost)


def claims(corpus: Corpus) -> Iterator[dict[str, Any]]:
    """Claims as plain JSON values."""
    columns = [*STATEMENTS, "subject_as", "object_as", *HERE, "standing"]
    for claim in _claims.claims(corpus):
        row = {name: claim[name] for name in columns}
        for end in ("subject", "object"):
            if row[f"{end}_as"] == row[end]:
                row[f"{end}_as"] = None
        row["qualifiers"] = row["qualifiers"] if row["qualifiers"] not in (None, "{}") else None
        del row["declared"]
        yield {
            key: _plain(value) for key, value in row.items() if value is not None and value != []
        }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value
