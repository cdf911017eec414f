"""Small graphs in the projection's shape, written by hand."""

from __future__ import annotations

from datetime import date
from typing import Any

import networkx as nx

KINDS = {"legalaction": "LegalAction"}


class Small:
    """A MultiDiGraph with claim nodes and evidence edges, as `Graph.networkx()` gives it."""

    def __init__(self) -> None:
        self.graph: Any = nx.MultiDiGraph()

    def node(self, id: str, **properties: Any) -> str:
        prefix = id.partition(":")[0]
        kind = KINDS.get(prefix, prefix.capitalize())
        if id not in self.graph:
            self.graph.add_node(id, kind=kind, name=id.partition(":")[2], names=[], roles=[])
        self.graph.nodes[id].update(properties)
        return id

    def edge(self, start: str, kind: str, end: str, **properties: Any) -> None:
        self.graph.add_edge(self.node(start), self.node(end), key=kind, kind=kind, **properties)

    def declare(self, start: str, kind: str, end: str) -> None:
        self.edge(start, kind, end, declared=True)

    def first(self, repeats: str | None) -> dict[str, list[str]]:
        """Whose word a claim is that repeats another."""
        if repeats is None:
            return {}
        above = self.graph.nodes[repeats]
        told = {name: above[name] for name in ("voices", "unknown_origins") if name in above}
        by = [
            end for _, end, key in self.graph.out_edges(repeats, keys=True) if key == "ASSERTED_BY"
        ]
        return told or ({"voices": by} if by else {"unknown_origins": [repeats]})

    def claim(
        self,
        subject: str,
        kind: str,
        target: str,
        by: str | None = "agency:a",
        document: str = "document:d",
        repeats: str | None = None,
        said: str | None = None,
        **edge: Any,
    ) -> str:
        """One claim of an edge; returns its id. `repeats` is the claim it derives from."""
        id = f"claim:{len(self.graph)}"
        day = date.fromisoformat(said) if said else None
        days = {"asserted_from": day, "asserted_to": day} if day else {}
        self.graph.add_node(
            id,
            kind="Claim",
            name=id,
            predicate=kind,
            polarity="positive",
            status="asserted",
            **days,
            **self.first(repeats),
        )
        for end, link in ((subject, "SUBJECT"), (target, "OBJECT"), (by, "ASSERTED_BY"),
                          (document, "REPORTED_IN"), (repeats, "DERIVED_FROM")):  # fmt: skip
            if end:
                self.graph.add_edge(
                    id, end if end in self.graph else self.node(end), key=link, kind=link
                )
        if not self.graph.has_edge(subject, target, kind):
            self.edge(subject, kind, target, claims=[], status="asserted")
        data = self.graph.edges[subject, target, kind]
        data["claims"] = [*data["claims"], id]
        data.update(edge)
        return id
