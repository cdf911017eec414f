"""GEXF 1.2 for Gephi: the whole graph, placed, sized and coloured as the pictures are, edges on the
time line.

Written here, element after element: networkx would hold all of the file at once.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from kg.base.written import own
from kg.exports.kit.network import FLATTENED, Data, Flat, first_types, without_times
from kg.exports.kit.report import ExportReport
from kg.graph.corpus import Corpus
from kg.views import Link, all_links, all_nodes, organic

FORMAT = "gexf"
DOC = "GEXF 1.2: for Gephi, with places, sizes and colours of the pictures and a time line"

HEAD = """<?xml version='1.0' encoding='utf-8'?>
<gexf xmlns:viz="http://www.gexf.net/1.2draft/viz" xmlns="http://www.gexf.net/1.2draft" \
xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:schemaLocation="http://www.gexf.net/1.2draft http://www.gexf.net/1.2draft/gexf.xsd" \
version="1.2">
  <meta lastmodifieddate="{day}">
    <creator>kg</creator>
  </meta>
  <graph defaultedgetype="directed" {mode}>
"""

DYNAMIC = 'mode="dynamic" name="" timeformat="date"'
STATIC = 'mode="static" name=""'

TYPES = {bool: "boolean", int: "long", float: "double"}

TIMES = {"start": "valid_from", "end": "valid_to"}

QUOTED = {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#09;"}

Thing = tuple[dict[str, str], Data]
"""Attributes of a node's or an edge's element, and the properties inside it."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`. `start` and `end` of an edge are the days between which it is valid."""
    network = Flat(corpus.graph)
    colours = {kind: _colour(node.look.colour) for kind, node in corpus.ontology.nodes.items()}
    lines = {kind: _colour(edge.look.colour) for kind, edge in corpus.ontology.edges.items()}
    looked = _Looks.of(corpus)
    of_nodes = first_types(data for _, data in _nodes(network))
    of_edges = first_types(data for _, data in _edges(network))
    numbers = {"node": _numbered(of_nodes), "edge": _numbered(of_edges, len(of_nodes))}
    timed = any(column in of_edges for column in TIMES.values())
    with own(path) as file:
        file.write(HEAD.format(day=date.today().isoformat(), mode=DYNAMIC if timed else STATIC))
        file.write(_declared("edge", of_edges, numbers["edge"]))
        file.write(_declared("node", of_nodes, numbers["node"]))
        file.write("    <nodes>\n")
        for head, data in _nodes(network):
            looks = colours[data["kind"]] + looked.node(head["id"])
            file.write(_element("node", head, data, numbers["node"], looks))
        file.write("    </nodes>\n    <edges>\n")
        for head, data in _edges(network):
            looks = lines[data["kind"]] + looked.edge(data)
            file.write(_element("edge", head, data, numbers["edge"], looks))
        file.write("    </edges>\n  </graph>\n</gexf>\n")
    lost = [FLATTENED, "claims without a node (values that are no evidence); jsonl has them"]
    return ExportReport(FORMAT, path, network.counts, lost)


@dataclass(frozen=True)
class _Looks:
    """Where nodes stand in a picture of all entities, and how large: as pictures have it."""

    positions: Mapping[str, tuple[float, float]]
    weights: Mapping[str, float]

    @classmethod
    def of(cls, corpus: Corpus) -> _Looks:
        """Entities have neighbours near them; a claim stands between what it joins, a document
        among its claims."""
        links = all_links(corpus)
        weights: dict[str, float] = defaultdict(float)
        for link in links:
            weights[link.source] += link.weight
            weights[link.target] += link.weight
        positions = dict(organic(list(all_nodes(corpus)), links).positions)
        for evidence in (
            all_links(corpus, {"SUBJECT", "OBJECT"}),
            all_links(corpus, {"REPORTED_IN"}),
        ):
            _between(positions, evidence)
        return cls(positions, weights)

    def node(self, id: str) -> str:
        """The elements of one node; y grows upwards in Gephi."""
        x, y = self.positions.get(id, (0.0, 0.0))
        size = min(48.0, 20 + 4.8 * math.sqrt(self.weights.get(id, 0.0)))
        return (
            f'        <viz:position x="{x:.1f}" y="{-y:.1f}" z="0.0" />\n'
            f'        <viz:size value="{size:.1f}" />\n'
        )

    @staticmethod
    def edge(data: Data) -> str:
        """The elements of one edge: as wide as it has independent asserters."""
        width = 1.0 + 1.3 * max(0, int(data.get("asserters") or 0) - 1)
        shape = "dashed" if data.get("hedged") else "solid"
        return (
            f'        <viz:thickness value="{min(7.0, width):.1f}" />\n'
            f'        <viz:shape value="{shape}" />\n'
        )


def _between(positions: dict[str, tuple[float, float]], links: Iterable[Link]) -> None:
    """What has no place yet stands in the middle of what it is joined to, each a little aside."""
    near: dict[str, list[tuple[float, float]]] = defaultdict(list)
    for link in links:
        for one, other in ((link.source, link.target), (link.target, link.source)):
            if one not in positions and other in positions:
                near[one].append(positions[other])
    for number, (id, places) in enumerate(near.items()):
        x, y = (sum(axis) / len(places) for axis in zip(*places, strict=True))
        turn = number * 2.399963  # the golden angle: no two beside each other
        positions[id] = (x + 18 * math.cos(turn), y + 18 * math.sin(turn))


def _nodes(network: Flat) -> Iterator[Thing]:
    for id, data in network.nodes():
        yield {"id": id, "label": data.pop("label")}, without_times(data)


def _edges(network: Flat) -> Iterator[Thing]:
    for start, end, _, data in network.edges():
        head = {"source": start, "target": end, "id": data.pop("id"), "label": data.pop("label")}
        head |= {name: data[column] for name, column in TIMES.items() if column in data}
        yield head, data | {"networkx_key": head["id"]}


def _numbered(names: Mapping[str, type], first: int = 0) -> dict[str, int]:
    return {name: at for at, name in enumerate(names, first)}


def _declared(of: str, types: Mapping[str, type], numbers: Mapping[str, int]) -> str:
    """The properties of nodes or of edges; nothing where there are none."""
    lines = [
        f'      <attribute id="{numbers[name]}" title="{_text(name)}" '
        f'type="{TYPES.get(type_, "string")}" />\n'
        for name, type_ in types.items()
    ]
    mode = f'    <attributes mode="static" class="{of}">\n'
    return "".join([mode, *lines, "    </attributes>\n"]) if lines else ""


def _element(
    tag: str, head: Mapping[str, str], data: Data, numbers: Mapping[str, int], looks: str
) -> str:
    named = " ".join(f'{name}="{_text(value)}"' for name, value in head.items())
    values = "".join(
        f'          <attvalue for="{numbers[name]}" value="{_text(value)}" />\n'
        for name, value in data.items()
    )
    inside = f"{looks}        <attvalues>\n{values}        </attvalues>\n"
    return f"      <{tag} {named}>\n{inside}      </{tag}>\n"


def _text(value: Any) -> str:
    # Line ends and tabs that are not escaped are spaces to whoever reads an attribute.
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return escape(text, QUOTED)


def _colour(colour: str) -> str:
    r, g, b = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f'        <viz:color r="{r}" g="{g}" b="{b}" a="1.0" />\n'
