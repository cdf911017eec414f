"""Whatever stands in a file of a format: it loads, or is refused with a place; nothing else.

Each number is one spoilt input (`tests/mutations.py`), and the failing one is printed. After a load
that was refused, ledger and graph are byte for byte what they were.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.base.errors import InputError, KgError, UsageError
from kg.graph.corpus import Corpus
from kg.ontology import load as ontology
from kg.pipeline import check, read
from tests.loaders import samples
from tests.mutations import Sample, mutated
from tests.pipeline.test_bad_input import fingerprint

QUICK, MANY = 5, 2_000
WHOLE = 10
"""Of so many inputs that can be read one is loaded into a graph."""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A graph that holds something."""
    folder = tmp_path_factory.mktemp("graph")
    (folder / "held.yaml").write_bytes(samples.CLAIMS["claims.yaml"])
    with kg.open(folder / "kg.kgl") as held:
        held.build([folder / "held.yaml"])
    return folder


@pytest.mark.parametrize("format", samples.ALL)
def test_a_spoilt_input_loads_or_is_refused(format: str, graph: Path, tmp_path: Path) -> None:
    tried(format, range(QUICK), graph, tmp_path)


@pytest.mark.soak
@pytest.mark.parametrize("format", samples.ALL)
def test_many_spoilt_inputs_load_or_are_refused(format: str, graph: Path, tmp_path: Path) -> None:
    tried(format, range(QUICK, QUICK + MANY), graph, tmp_path)


@pytest.mark.parametrize("format", samples.ALL)
def test_the_sample_itself_loads(format: str, graph: Path, tmp_path: Path) -> None:
    written(samples.ALL[format], tmp_path / "in")
    batches = read_from(format, tmp_path / "in")
    assert sum(batch.frame.height for batch in batches) > 10
    assert not fault(format, tmp_path / "in", graph, tmp_path / "graph", whole=True)


def tried(format: str, seeds: range, graph: Path, folder: Path) -> None:
    """Every fault that these seeds find, told together."""
    faults = {}
    for seed in seeds:
        given, copy = folder / "in", folder / "graph"
        written(mutated(samples.ALL[format], seed), given)
        if wrong := fault(format, given, graph, copy, whole=seed % WHOLE == 0):
            faults[seed] = wrong
        shutil.rmtree(given)
    assert not faults, f"{format}: {len(faults)} of {len(seeds)} seeds: {faults}"


def written(sample: Sample, folder: Path) -> None:
    folder.mkdir()
    for name, content in sample.items():
        (folder / name).write_bytes(content)


def read_from(format: str, folder: Path) -> list[Any]:
    if format == "claims":
        return read.seeds([folder], ontology())
    return read.batches_of(format.partition(" ")[0], [folder], ontology())


def fault(format: str, given: Path, graph: Path, copy: Path, *, whole: bool) -> str:
    """What is wrong with how an input was taken; empty where it loads or is refused as it should.

    One that is read is projected, and where `whole` says so loaded into a graph; one that is
    refused is refused by a load too.
    """
    try:
        batches = read_from(format, given)
        check.check(batches, ontology())
        for batch in batches:
            assert all(problem.place for problem in batch.warnings), "a warning without a place"
            Corpus.of(batch.frame.drop("place"), ontology())
        refused = False
    except (InputError, UsageError) as why:
        if isinstance(why, InputError) and not all(problem.place for problem in why.problems):
            return f"no place: {why}"
        refused = True
    except BaseException as why:  # a broken reader may raise more than exceptions
        return f"{type(why).__name__}: {why!s:.300}"
    return loaded(format, given, graph, copy) if whole or refused else ""


def loaded(format: str, given: Path, graph: Path, copy: Path) -> str:
    """What is wrong with how a graph takes the input."""
    if not copy.exists():
        shutil.copytree(graph, copy)
    before = fingerprint(copy)
    try:
        with kg.open(copy / "kg.kgl") as held:
            held.load(format.partition(" ")[0], [given])
    except KgError as why:
        if not isinstance(why, InputError | UsageError):
            return f"the load ended in {type(why).__name__}: {why!s:.300}"
        return (
            "" if fingerprint(copy) == before else f"refused, and the graph changed: {why!s:.300}"
        )
    except BaseException as why:
        return f"the load ended in {type(why).__name__}: {why!s:.300}"
    shutil.rmtree(copy)
    return ""
