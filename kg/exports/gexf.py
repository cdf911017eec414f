"""GEXF 1.2 for Gephi: the whole graph, coloured as the pictures are, edges on the time line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import networkx as nx

from kg.base.written import own
from kg.exports.kit.network import FLATTENED, counts, flat_network, rename_reserved
from kg.exports.kit.report import ExportReport
from kg.graph.corpus import Corpus

FORMAT = "gexf"
DOC = "GEXF 1.2: for Gephi, with the colours of the pictures and a time line"


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`. `start` and `end` of an edge are the days between which it is valid."""
    network = flat_network(corpus)
    colours = {kind: _rgb(node.look.colour) for kind, node in corpus.ontology.nodes.items()}
    for _, data in network.nodes(data=True):
        data["viz"] = {"color": colours[data["kind"]]}
    for *_, data in network.edges(data=True):
        for end, column in (("start", "valid_from"), ("end", "valid_to")):
            if column in data:
                data[end] = data[column]
    rename_reserved(network)
    with own(path, binary=True) as file:
        nx.write_gexf(network, file, version="1.2draft")
    lost = [FLATTENED, "claims without a node (values that are no evidence); jsonl has them"]
    return ExportReport(FORMAT, path, counts(network), lost)


def _rgb(colour: str) -> dict[str, Any]:
    return {
        "r": int(colour[1:3], 16),
        "g": int(colour[3:5], 16),
        "b": int(colour[5:7], 16),
        "a": 1.0,
    }
