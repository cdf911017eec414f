"""What of a query's answer can be drawn: nodes, edges and paths, and cells that name an entity."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.base.errors import UsageError
from kg.graph.corpus import Corpus

EdgeRef = tuple[str, str, str]
"""(from, type, to)"""


def drawn(
    rows: Iterable[Mapping[str, Any]], corpus: Corpus, asked: Iterable[Any] = ()
) -> tuple[list[str], list[EdgeRef]]:
    """Ids of the nodes, and the edges, that the rows hold; and what was `asked` about.

    A cell of text counts where it is an entity's id, or the display name of just one entity: saved
    questions answer with names. Raises `UsageError` where the rows hold nothing of the kind.
    """
    names: dict[str, str | None] = {}
    for id, name in corpus.names.items():
        names[name] = None if name in names else id
    nodes: dict[str, None] = {}
    edges: dict[EdgeRef, None] = {}
    rows = list(rows)
    nodes |= dict.fromkeys(id for id in asked if rows and id in corpus.names)
    for row in rows:
        for value in _flat(row.values()):
            if isinstance(value, str):
                named = value if value in corpus.names else names.get(value)
                if named is not None:
                    nodes[named] = None
            elif "from" in value:
                edges[(value["from"], value["type"], value["to"])] = None
            else:
                nodes[value["id"]] = None
    if not edges:
        # Names alone make a cloud of dots: what is said between them is what was asked about.
        edges = dict.fromkeys(_between(corpus, set(nodes)))
    if not nodes and not edges:
        raise UsageError(
            "the answer holds no nodes, edges or paths, and names no entity: "
            "there is nothing to draw"
        )
    return list(nodes), list(edges)


def _between(corpus: Corpus, nodes: set[str]) -> Iterator[EdgeRef]:
    for (type_, start, end), frame in corpus.graph.edges.items():
        if "Claim" not in (start, end) and corpus.ontology.edges[type_].group != "evidence":
            for one, other in frame.select("from", "to").iter_rows():
                if one in nodes and other in nodes:
                    yield (one, type_, other)


def _flat(values: Iterable[Any]) -> Iterator[Any]:
    """Texts, nodes and edges, out of whatever lists, maps and paths they stand in."""
    for value in values:
        if isinstance(value, str):
            yield value
        elif isinstance(value, Mapping):
            if ("labels" in value and "id" in value) or {"type", "from", "to"} <= set(value):
                yield value
            else:
                yield from _flat(value.values())
        elif isinstance(value, list | tuple):
            yield from _flat(value)
