"""BloodHound OpenGraph JSON: entities and edges for attack-path tooling."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

from kg.exports.kit import network
from kg.exports.kit.report import ExportReport, write_json
from kg.graph.corpus import Corpus

FORMAT = "opengraph"
DOC = "BloodHound OpenGraph JSON: nodes by kind and role, typed edges"

MOST_KINDS = 3
"""BloodHound takes three kinds a node."""

RESERVED = {"objectid", "kinds"}


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`: all nodes and edges; values are scalars or lists of one scalar type."""
    cut: Counter[str] = Counter()
    nodes = [_node(id, data, cut) for id, data in network.nodes(corpus.graph)]
    edges = [
        {
            "kind": type_,
            "start": {"value": start, "match_by": "id"},
            "end": {"value": end, "match_by": "id"},
            "properties": _properties(data, ("kind",)),
        }
        for start, end, type_, data in network.edges(corpus.graph)
    ]
    content = {"metadata": {"source_kind": "KG"}, "graph": {"nodes": nodes, "edges": edges}}
    write_json(path, content)
    lost = ["dates are ISO text", "BloodHound keeps property names in lower case"]
    if cut["kinds"]:
        lost.append(f"{cut['kinds']} roles of nodes that have more than {MOST_KINDS} kinds")
    return ExportReport(FORMAT, path, {"nodes": len(nodes), "edges": len(edges)}, lost)


def _node(id: str, data: dict[str, Any], cut: Counter[str]) -> dict[str, Any]:
    kinds = [data["kind"], *data.get("roles", ())]
    cut["kinds"] += max(0, len(kinds) - MOST_KINDS)
    return {
        "id": id,
        "kinds": kinds[:MOST_KINDS],
        "properties": {"displayname": data.get("name", id)}
        | _properties(data, ("id", "kind", "roles")),
    }


def _properties(data: dict[str, Any], without: tuple[str, ...]) -> dict[str, Any]:
    kept = {name: value for name, value in data.items() if name not in without}
    return {f"kg_{name}" if name in RESERVED else name: _plain(v) for name, v in kept.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, date) else value
