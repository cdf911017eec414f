"""The whole graph, read back from every engine, is the networkx projection: no more, no less."""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

import kg
from kg.graph.project import edge_properties, node_properties
from tests.parity.conftest import Graphs
from tests.parity.inputs import corpora
from tests.parity.shapes import Contents, read_back, read_store, typed, wanted
from tests.parity.test_questions import LENSES
from tests.portion import one_in


def differences(found: Contents, expected: Contents) -> list[Any]:
    """What is wrong, a few lines of it; types of values count too."""
    wrong: list[Any] = [*found.doubles]
    for of in ("nodes", "edges"):
        here, there = getattr(found, of), getattr(expected, of)
        wrong += sorted(here.keys() ^ there.keys(), key=str)
        wrong += [
            (key, here[key], there[key])
            for key in here.keys() & there.keys()
            if comparable(here[key]) != comparable(there[key])
        ]
    return wrong[:5]


def comparable(thing: Any) -> Any:
    """Labels and typed properties of a node, typed properties of an edge."""
    return (thing[0], typed(thing[1])) if isinstance(thing, tuple) else typed(thing)


def test_the_graph_reads_back_whole(graphs: Graphs, engine: str, corpus: str) -> None:
    expected = wanted(graphs.networkx(corpus))
    assert len(expected.nodes) >= 2
    assert differences(graphs.answers(engine, corpus).contents, expected) == []


def test_counts_are_those_of_the_projection(graphs: Graphs, engine: str, corpus: str) -> None:
    projection = graphs.networkx(corpus)
    projected = Counter(kind for _, kind in projection.nodes(data="kind"))
    projected.update(type_ for *_, type_ in projection.edges(keys=True))
    assert graphs.answers(engine, corpus).counts == projected


@pytest.mark.parametrize("corpus", ["seed", "together"])
def test_whatever_is_projected_is_known_as_ours(graphs: Graphs, corpus: str) -> None:
    """By this `kg verify` tells what others put on a node or an edge from what we did."""
    with graphs.embedded(corpus) as graph:
        found = graph.corpus().graph
        for kind, frame in found.nodes.items():
            assert {*frame.columns} - {"roles"} <= node_properties(kind, graph.ontology), kind
        for key, frame in found.edges.items():
            assert {*frame.columns} - {"from", "to"} <= edge_properties(key[0], graph.ontology), key


@pytest.mark.parametrize(("corpus", "lens"), one_in(2, LENSES), ids=str)
def test_a_lens_reads_back_whole(graphs: Graphs, corpus: str, lens: dict[str, str]) -> None:
    projection, store = graphs.through(corpus, lens)
    assert differences(read_store(store), wanted(projection)) == []


@pytest.mark.parametrize("corpus", sorted({corpus for corpus, _ in LENSES}))
def test_a_lens_leaves_the_graph_as_it_was(graphs: Graphs, corpus: str) -> None:
    for of, lens in LENSES:
        if of == corpus:
            graphs.through(corpus, lens)
    with graphs.embedded(corpus) as graph:
        assert differences(read_back(graph), wanted(graphs.networkx(corpus))) == []


# The order of the input says nothing


@pytest.mark.parametrize("seed", [1, *(pytest.param(n, marks=pytest.mark.soak) for n in (2, 3))])
def test_shuffled_input_gives_the_same_graph(tmp_path: Path, seed: int) -> None:
    order = random.Random(seed)
    files = claim_files()
    assert len(files) > 5
    graphs = []
    for name, paths in (("as-is", files), ("shuffled", shuffled(files, tmp_path, order))):
        with kg.open(str(tmp_path / f"{name}.kgl")) as graph:
            graph.build(paths)
            graphs.append(read_back(graph))
    assert len(graphs[0].nodes) > 100
    assert differences(graphs[1], graphs[0]) == []


def claim_files() -> list[Path]:
    """Every claim file of every corpus."""
    paths = [path for found in corpora().values() for path in found]
    files = {f for path in paths for f in ([path] if path.is_file() else path.rglob("*.yaml"))}
    return sorted(file for file in files if "\nclaims:" in file.read_text(encoding="utf-8"))


def shuffled(files: list[Path], folder: Path, order: random.Random) -> list[Path]:
    """Copies with everything in another order: files, documents, entities, claims, triples."""
    copies = []
    for file in files:
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for key in ("documents", "claims"):
            order.shuffle(content.get(key) or [])
        for claim in content["claims"]:
            if isinstance((claim.get("says") or [""])[0], list):
                order.shuffle(claim["says"])
        entities = list(content.get("entities", {}).items())
        order.shuffle(entities)
        content["entities"] = dict(entities)
        copy = folder / file.name
        copy.write_text(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), "utf-8")
        copies.append(copy)
    order.shuffle(copies)
    return copies


def test_loading_twice_changes_nothing(graphs: Graphs, tmp_path: Path) -> None:
    files = corpora()["seed"]
    with graphs.own("seed", tmp_path) as graph:
        assert graph.build(files).plan.empty
        assert graph.load("claims", files).plan.empty
        assert differences(read_back(graph), wanted(graphs.networkx("seed"))) == []


# What a raw query returns has one shape


def test_nodes_edges_and_paths_have_one_shape(graphs: Graphs, engine: str) -> None:
    found = graphs.answers(engine, "together").raw
    assert typed(found) == typed(graphs.answers("kglite", "together").raw)


def test_what_that_shape_is(graphs: Graphs) -> None:
    node, edge, path, nested, *_ = (
        rows[0][0] for rows in graphs.answers("kglite", "attribution").raw
    )
    assert node["labels"] == ["Source", "State"]
    assert {"id", "kind", "name", "names", "ids"} < node.keys()
    assert not {"title", "type", "properties"} & node.keys()
    ends = {"type": "PART_OF", "from": "agency:fiji-cert", "to": "state:FJI", "declared": True}
    assert ends.items() <= edge.items()
    assert [step["id"] for step in path["nodes"]] == ["agency:fiji-cert", "state:FJI"]
    assert path["relationships"] == [edge]
    assert nested == [path["nodes"][0], [edge], {"of": path["nodes"][1]}]
