"""Figures of measures on the nodes of a database: marked properties, put on and taken off."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from kg.base.errors import DatabaseError, UsageError
from kg.ontology import Ontology
from kg.stores.base import Store

MARK = "m_"
"""Prefix of every property that a measure wrote: nothing of the ledger starts with it."""

SAFE = re.compile(r"m_[a-z0-9_]+")


def annotate(store: Store, ontology: Ontology, rows: Mapping[str, Mapping[str, Any]]) -> int:
    """Set properties on nodes (id → properties, each named `m_…`); returns how many nodes the
    engine then holds. Fingerprints stay as they are, so a plan sees no difference.

    Raises DatabaseError naming the first ids that the database lacks.
    """
    refuse_foreign(name for props in rows.values() for name in props)
    by_kind: dict[str, list[dict[str, Any]]] = {}
    for id, props in rows.items():
        by_kind.setdefault(ontology.kind_of(id) or "", []).append({"id": id, "props": dict(props)})
    return sum(_set(store, kind, batch) for kind, batch in sorted(by_kind.items()))


def _set(store: Store, kind: str, rows: Sequence[dict[str, Any]]) -> int:
    ids = [row["id"] for row in rows]
    if not kind:
        raise DatabaseError(f"no kind of node has the id {ids[0]}")
    there = store.query(
        f"UNWIND $ids AS id MATCH (n:{kind} {{id: id}}) RETURN n.id AS id", {"ids": ids}
    )
    missing = sorted(set(ids) - {row[0] for row in there.rows})
    if missing:
        raise DatabaseError(f"not in the database: {', '.join(missing[:3])}; is it built?")
    done = store.query(
        f"UNWIND $rows AS row MATCH (n:{kind} {{id: row.id}}) SET n += row.props "
        "RETURN count(n) AS bound",
        {"rows": list(rows)},
        write=True,
    )
    return int(done.rows[0][0])


def marked(store: Store, ontology: Ontology) -> dict[str, dict[str, int]]:
    """Kind → marked property → how many nodes have it."""
    found: dict[str, dict[str, int]] = {}
    for kind in sorted(set(store.counts()) & set(ontology.nodes)):
        table = store.query(
            f"MATCH (n:{kind}) UNWIND keys(n) AS name WITH name WHERE name STARTS WITH $mark "
            "RETURN name AS name, count(*) AS nodes ORDER BY name",
            {"mark": MARK},
        )
        if table.rows:
            found[kind] = {str(name): int(nodes) for name, nodes in table.rows}
    return found


def clear(store: Store, ontology: Ontology, measure: str = "") -> int:
    """Remove what measures wrote (what one measure wrote); returns how many values went."""
    start = f"{MARK}{measure}_" if measure else MARK
    gone = 0
    for kind, names in marked(store, ontology).items():
        for name, nodes in names.items():
            if name.startswith(start):
                refuse_foreign([name])
                store.query(
                    f"MATCH (n:{kind}) WHERE n.{name} IS NOT NULL REMOVE n.{name}", write=True
                )
                gone += nodes
    return gone


def refuse_foreign(names: Any) -> None:
    """A property that is not marked, or no plain name, must not reach a statement."""
    for name in names:
        if not SAFE.fullmatch(name):
            raise UsageError(f"{name!r} is not the name of a measure's property (m_…)")
