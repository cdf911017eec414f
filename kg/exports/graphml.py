"""GraphML: the whole graph with all properties, for Gephi, yEd, Cytoscape, igraph and networkx."""

from __future__ import annotations

from pathlib import Path

import networkx as nx

from kg.claims.corpus import Corpus
from kg.exports._network import FLATTENED, counts, flat_network
from kg.exports._report import ExportReport, writing

FORMAT = "graphml"
DOC = "GraphML: every node and edge with its properties"


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write `path`; an edge's id is `from|TYPE|to`, its type stands in `kind`."""
    network = flat_network(corpus)
    with writing(path, binary=True) as file:
        nx.write_graphml_xml(network, file, edge_id_from_attribute="id", infer_numeric_types=True)
    lost = [FLATTENED, "claims without a node (values that are no evidence); jsonl has them"]
    return ExportReport(FORMAT, path, counts(network), lost)
