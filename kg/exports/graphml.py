"""GraphML: the whole graph with all properties, for Gephi, yEd, Cytoscape, igraph and networkx.

Written here and not by networkx, whose booleans (`True`) other readers refuse: GraphML's are those
of XML Schema.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from kg.base.written import own
from kg.exports.kit.network import FLATTENED, Flat, first_types
from kg.exports.kit.report import ExportReport
from kg.graph.corpus import Corpus

FORMAT = "graphml"
DOC = "GraphML: every node and edge with its properties"

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns"
  xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns \
http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">
"""

TYPES = {bool: "boolean", int: "long", float: "double"}

Keys = Mapping[str, str]
"""Property → id of its key."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`; an edge's id is `from|TYPE|to`, its type stands in `kind`."""
    network = Flat(corpus.graph)
    with own(path) as file:
        file.write(HEAD)
        nodes = _keys(file, "node", (data for _, data in network.nodes()))
        edges = _keys(file, "edge", (data for *_, data in network.edges()))
        file.write('<graph edgedefault="directed">\n')
        for node, data in network.nodes():
            file.write(f"<node id={quoteattr(node)}>{_data(data, nodes)}</node>\n")
        for start, end, _, data in network.edges():
            ends = f"source={quoteattr(start)} target={quoteattr(end)}"
            file.write(f"<edge id={quoteattr(data['id'])} {ends}>{_data(data, edges)}</edge>\n")
        file.write("</graph>\n</graphml>\n")
    lost = [FLATTENED, "claims without a node (values that are no evidence); jsonl has them"]
    return ExportReport(FORMAT, path, network.counts, lost)


def _keys(file: Any, domain: str, things: Iterable[Mapping[str, Any]]) -> Keys:
    """Declare the properties of nodes or of edges."""
    types = first_types(things)
    keys = {name: f"{domain[0]}{at}" for at, name in enumerate(sorted(types.keys() - {"id"}))}
    for name, key in keys.items():
        file.write(f'<key id="{key}" for="{domain}" attr.name={quoteattr(name)} '
                   f'attr.type="{TYPES.get(types[name], "string")}"/>\n')  # fmt: skip
    return keys


def _data(data: Mapping[str, Any], keys: Keys) -> str:
    kept = ((keys[name], value) for name, value in sorted(data.items()) if name in keys)
    return "".join(f'<data key="{key}">{_text(value)}</data>' for key, value in kept)


def _text(value: Any) -> str:
    # A carriage return that is not escaped is a line feed to whoever reads it.
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return escape(text, {"\r": "&#13;"})
