"""Put a measure's figures on the nodes of a database, marked, and take them off again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from kg.analytics._result import Result, plain
from kg.errors import UsageError

MARK = "m_"
"""Prefix of every property that a measure wrote: nothing of the ledger starts with it."""


class Annotated(Protocol):
    """What a store must offer for it."""

    def annotate(self, kind: str, rows: Sequence[Mapping[str, Any]]) -> int:
        """Set the properties of rows `{id, props}` on nodes of one kind; how many there were."""

    def clear_annotations(self, prefix: str) -> int:
        """Remove every property whose name starts with `prefix`; how many nodes had one."""


def figures(result: Result, columns: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
    """Node id → properties, from the rows that have an `id`; several rows of one node: the first.

    `columns` picks some; by default all scalars but the id. Names become `m_<measure>_<column>`,
    and `m_<measure>_as_of` says how old the figures are.
    """
    if not any("id" in row for row in result.rows):
        raise UsageError(f"{result.name} tells of pairs or kinds, not of nodes: nothing to write")
    found: dict[str, dict[str, Any]] = {}
    for row in result.rows:
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
    store: Annotated, result: Result, kinds: Mapping[str, str], columns: Sequence[str] = ()
) -> int:
    """Write a result's figures; returns how many nodes hold them, counted by the engine.

    `kinds` is node id → kind: every match on the write path has a label and a key.
    """
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for node, props in figures(result, columns).items():
        if node in kinds:
            by_kind.setdefault(kinds[node], []).append({"id": node, "props": props})
    return sum(store.annotate(kind, rows) for kind, rows in sorted(by_kind.items()))
