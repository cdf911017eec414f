"""A history that has grown is read on from where it stood, to the same rows as all of it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from kg import ontology as ontologies
from kg.api import KnowledgeGraph
from kg.ledger.ledger import Batch
from kg.loaders import misp_galaxy, ofac
from kg.ontology import Ontology
from kg.pipeline.history import read_history
from tests.loaders.test_versions import commit
from tests.pipeline.test_history import DAYS, NAIKON, actor, dated, sdn

LISTS = {
    **DAYS,
    "2021-06-01": [actor("Naikon", NAIKON, country="CN"), actor("Wren", country="CN")],
    "2022-01-01": "{broken",
    "2023-01-01": [
        actor("Night Owl", country="KP", synonyms=["Owl"], strange="?"),
        actor("Wren", country="CN"),
        actor("Wren Team"),
    ],
}


DAYS_OF_EDITIONS = ("2020-01-01", "2020-12-01", "2020-06-01")
EDITION = """name: raids
format: table
licence: CC0 1.0
date: {}
files: l.csv
table:
  document: "document:edition-{{edition}}"
  asserter: organization:raid-watch
  entities:
    "document:edition-{{edition}}": "Edition {{edition}}"
    "organization:raid-watch": Raid Watch
    "group:raiders": Raiders
  claims:
  - ["group:raiders", alias, "Raiders {{no}}"]
"""


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return ontologies.load()


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The files that a loader was given."""
    found: list[Path] = []
    for module in (misp_galaxy, ofac):
        load = module.load

        def watched(paths: Any, emit: Any, load: Any = load) -> None:
            found.extend(paths)
            load(paths, emit)

        monkeypatch.setattr(module, "load", watched)
    return found


def same(one: Batch, other: Batch) -> bool:
    """Whether two say the same, and the one that was read on tells nothing else; where a row was
    found is for messages."""
    frames = [batch.frame.drop("place").sort("id") for batch in (one, other)]
    assert_frame_equal(*frames)
    assert {(p.place, p.message) for p in one.warnings} <= {
        (p.place, p.message) for p in other.warnings
    }
    return one.notes.items() >= {k: v for k, v in other.notes.items() if "before" not in k}.items()


@pytest.mark.parametrize("size", range(1, len(LISTS)))
def test_only_the_new_versions_are_read(
    size: int, tmp_path: Path, ontology: Ontology, read: list[Path]
) -> None:
    """From wherever the list was read before."""
    days = list(LISTS)
    where, path = tmp_path / "lists", "threat-actor.json"
    dated(where, {day: LISTS[day] for day in days[:size]})
    before = read_history("misp-galaxy", where, path, ontology).state
    dated(where, {day: LISTS[day] for day in days[size:]})
    first = len(read)
    grown = read_history("misp-galaxy", where, path, ontology, before=before)
    every = len(read)
    assert grown.notes["versions that were read before"] == size
    whole = read_history("misp-galaxy", where, path, ontology)
    assert len(read) - every == every
    assert first < every or size > 6  # the last version but one is broken
    assert same(grown, whole)
    again = read_history("misp-galaxy", where, path, ontology, before=grown.state)
    assert same(again, whole)


def test_lists_without_parts_grow_too(tmp_path: Path, ontology: Ontology, read: list[Path]) -> None:
    weeks = {"2021-07-14": ("PAK, Jin",), "2021-07-21": ("RI, Chol", "PAK, Jin"),
             "2021-07-28": ("KIM, Il",), "2021-08-04": ("PAK, Jin",)}  # fmt: skip
    before = None
    for day, names in weeks.items():
        (tmp_path / "lists" / day).mkdir(parents=True)
        (tmp_path / "lists" / day / "sdn.csv").write_text(sdn(*names))
        read.clear()
        batch = read_history("ofac", tmp_path / "lists", ".", ontology, before=before)
        assert len(read) == 1
        before = batch.state
    assert same(batch, read_history("ofac", tmp_path / "lists", ".", ontology))
    (tmp_path / "lists" / "2021-07-14" / "sdn.csv").write_text(sdn("PAK, Jin", "RI, Chol"))
    again = read_history("ofac", tmp_path / "lists", ".", ontology, before=before)
    assert "versions that were read before" not in again.notes  # the last is as it was


def test_editions_and_days_are_followed_on(tmp_path: Path, ontology: Ontology) -> None:
    """A document called otherwise in each version, the third of which names an earlier day."""
    before, where = None, tmp_path / "lists"
    for number, (folder, day) in enumerate(zip("ABC", DAYS_OF_EDITIONS, strict=True), 1):
        part = where / f"202{number}-01-01"
        part.mkdir(parents=True)
        (part / "source.yaml").write_text(EDITION.format(day))
        (part / "l.csv").write_text(f"edition,no\n{folder},1\n{folder},2\n{folder},{number}\n")
        batch = read_history("table", where, ".", ontology, before=before)
        before = batch.state
    assert same(batch, read_history("table", where, ".", ontology))
    said = batch.frame.filter(~pl.col("declared"))
    assert (said.height, said["withdrawn"].null_count()) == (3, 3)
    assert not [p for p in batch.warnings if "is withdrawn" in p.message]
    assert [p.message.partition(":")[0] for p in batch.warnings if "counted" in p.message] == [
        "is of 2020-06-01, before the version before it"
    ]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    made = tmp_path / "repository"
    made.mkdir()
    subprocess.run(["git", "init", "--quiet", "-b", "main"], cwd=made, check=True)
    texts = dated(tmp_path / "lists", LISTS)
    for day in list(LISTS)[:5]:
        commit(made, day, list_json=(texts / day / "threat-actor.json").read_text())
    return made


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(tmp_path / "kg.kgl") as made:
        yield made


def load(graph: KnowledgeGraph, repository: Path) -> tuple[dict[str, int], list[str]]:
    """Notes and warnings."""
    [told] = graph.load_history("misp-galaxy", repository, "list_json").sources
    again = [w.message for w in told.warnings if "read again" in w.message]
    return dict(told.notes), again


def test_a_repository_is_read_on_in_the_ledger(
    graph: KnowledgeGraph, repository: Path, tmp_path: Path, read: list[Path]
) -> None:
    texts = tmp_path / "lists"
    assert load(graph, repository)[0]["versions"] == 4  # and one that is broken
    read.clear()
    for day in list(LISTS)[5:]:
        commit(repository, day, now__list_json=(texts / day / "threat-actor.json").read_text())
    subprocess.run(["git", "mv", "-f", "now/list_json", "list_json"], cwd=repository, check=True)
    commit(repository, "2023-02-01", other="x")
    planned = graph.plan(load="misp-galaxy", history=(repository, "list_json"))
    notes, again = load(graph, repository)
    assert planned.add["ATTRIBUTED_TO"] == 1
    assert graph.plan(load="misp-galaxy", history=(repository, "list_json")).empty
    assert (notes["versions that were read before"], again, len(read)) == (5, [], 2)
    read.clear()
    assert load(graph, repository)[0]["versions that were read before"] == 6
    assert read == []
    states = list(graph.ledger.folder.glob("*.state"))
    entries = [s.manifest.entries for s in graph.ledger.states()]
    assert {path.name for path in states} == {e.state for some in entries for e in some if e.state}


def test_a_rewritten_history_is_read_again_and_told(
    graph: KnowledgeGraph, repository: Path, read: list[Path]
) -> None:
    load(graph, repository)
    read.clear()
    subprocess.run(["git", "reset", "-q", "--hard", "HEAD~2"], cwd=repository, check=True)
    commit(repository, "2020-02-01", list_json='{"type": "threat-actor", "values": []}')
    notes, [told] = load(graph, repository)
    assert "versions that were read before" not in notes
    assert told.startswith("all versions are read again: what was read before, up to ")
    assert len(read) == 3 - 1  # one is broken


def test_what_is_no_longer_as_it_was_kept_is_not_used(
    graph: KnowledgeGraph, repository: Path
) -> None:
    load(graph, repository)
    [state] = graph.ledger.folder.glob("*.state")
    raw = state.read_bytes()
    state.write_bytes(raw[:-9] + b"x" * 9)
    assert graph.ledger.state("misp-galaxy-list_json-history") is None
    assert "versions that were read before" not in load(graph, repository)[0]
    state.unlink()
    assert load(graph, repository)[1] == []


def test_another_reading_of_the_list_is_not_carried_on(
    tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = dated(tmp_path / "lists", DAYS)
    before = read_history("misp-galaxy", where, "threat-actor.json", ontology).state
    monkeypatch.setattr("kg.pipeline.grown.code_state", lambda *rooms: "another")
    batch = read_history("misp-galaxy", where, "threat-actor.json", ontology, before=before)
    assert "versions that were read before" not in batch.notes
    assert [w.message for w in batch.warnings if "read again" in w.message] == [
        "all versions are read again: kg, or what is told of the source, is not what it was when "
        "they were read"
    ]
    broken = read_history("misp-galaxy", where, "threat-actor.json", ontology, before=b"PAR1")
    assert isinstance(broken.frame, pl.DataFrame)
