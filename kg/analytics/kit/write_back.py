"""Put a measure's figures on the nodes of a database, marked, and take them off again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from kg.analytics.kit.annotate import MARK, annotate, clear
from kg.analytics.kit.result import Result, plain
from kg.base.errors import UsageError
from kg.ontology import Ontology
from kg.stores.base import Store

__all__ = ["clear", "figures", "write_back"]


def figures(result: Result, columns: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Node id → properties, from the rows that have an `id`; several rows of one node: the first.

    `columns` picks some; by default all scalars but the id. Names become `m_<measure>_<column>`,
    and `m_<measure>_as_of` says how old the figures are. Raises UsageError where rows tell of
    pairs or kinds, not of nodes, or lack a column.
    """
    rows = [row for row in result.rows if "id" in row]
    if not rows:
        raise UsageError(f"{result.name} tells of pairs or kinds, not of nodes: nothing to write")
    if missing := set(columns) - {key for row in rows for key in row}:
        raise UsageError(
            f"{result.name} has no column {sorted(missing)[0]!r}; it has {list(rows[0])}"
        )
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        kept = {key: plain(row[key]) for key in columns or row if key != "id" and key in row}
        props = {
            f"{MARK}{result.name}_{key}": value
            for key, value in kept.items()
            if isinstance(value, str | int | float | bool)
        }
        if result.corpus_date:
            props[f"{MARK}{result.name}_as_of"] = result.corpus_date.isoformat()
        found.setdefault(str(row["id"]), props)
    return found


def write_back(
    store: Store, ontology: Ontology, result: Result, columns: Sequence[str] = ()
) -> int:
    """Write a result's figures, replacing what the same measure wrote before; returns how many
    nodes hold them, counted by the engine."""
    rows = figures(result, columns)
    clear(store, ontology, result.name)
    return annotate(store, ontology, rows)
