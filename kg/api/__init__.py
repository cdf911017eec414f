"""The public API: one object for a graph and its ledger. Each command of `kg` is one call here."""

from __future__ import annotations

from pathlib import Path

from kg.api.changing import Paths
from kg.api.drafting import Drafting
from kg.api.handing_on import HandingOn
from kg.api.opened import Through, only_parameters
from kg.api.updating import Updating

__all__ = ["KnowledgeGraph", "Paths", "Through", "only_parameters", "open"]


class KnowledgeGraph(Updating, Drafting, HandingOn):
    """A graph (a file of the embedded engine, or a database on a server) and its ledger.

    Raises `UsageError` for unknown names, `InputError` for sourced material that cannot be read,
    `DatabaseError` where the database is not there, not ours, or not built from this ledger.
    """


def open(url: Path | str | None = None, ledger: Path | str | None = None) -> KnowledgeGraph:
    """A graph by file path or server address (default `$KG_DB`, else `kg.kgl`), with its ledger."""
    return KnowledgeGraph(url, ledger)
