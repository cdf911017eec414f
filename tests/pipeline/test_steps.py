"""One change costs what it touches: any sequence of commands, one by one, ends in a full build.

`kg verify` is the oracle: it projects the whole ledger and reads every value back from the engine.
"""

from __future__ import annotations

import dataclasses
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import kg
from kg.ask.diff import beliefs_of
from kg.ontology import load as load_ontology
from kg.pipeline import change, step
from kg.pipeline.change import Outcome, held_counts
from kg.pipeline.step import shape

TOP = """\
document:
  id: document:{name}
  name: Paper {name}
  date: {date}
  published_by: organization:press
entities:
  organization:press: The Press
  organization:vendor: A vendor
  incident:theft: The theft
  group:night: {called}
  group:day: Day
claims:
"""
CLAIMS = (
    "{asserter: organization:vendor, ref: a, says: [incident:theft, ATTRIBUTED_TO, group:night]}",
    "{asserter: organization:press, says: [incident:theft, ATTRIBUTED_TO, group:day]}",
    "{asserter: organization:vendor, denies: [incident:theft, ATTRIBUTED_TO, group:day]}",
    "{asserter: organization:vendor, says: [group:night, alias, Nightfall]}",
    "{asserter: organization:vendor, says: [incident:theft, amount_stolen, 80 million]}",
    "{asserter: organization:press, says: [group:day, alias, Nightfall]}",
)
NAMES = ("one", "two", "three")


def text_of(name: str, chance: random.Random) -> str:
    """A small claim file; another one each time."""
    picked = chance.sample(CLAIMS, chance.randint(1, len(CLAIMS)))
    hedge = chance.choice(["", "hedge: perhaps, ", "hedge: likely, "])
    date, called = chance.choice(["2018-03-01", "2019-06"]), chance.choice(["Night", "Nox"])
    lines = [f"- {claim.replace('says:', hedge + 'says:')}" for claim in picked]
    if "ref: a" in "".join(picked) and chance.random() < 0.4:
        lines.append(
            "- {asserter: organization:vendor, retracts: a, asserted: 2020-01-01, "
            "says: [incident:theft, TARGETED, organization:press]}"
        )
    return TOP.format(name=name, date=date, called=called) + "\n".join(lines) + "\n"


def load(g: kg.KnowledgeGraph, folder: Path, chance: random.Random) -> Outcome | None:
    path = folder / f"{chance.choice(NAMES)}.yaml"
    path.write_text(text_of(path.stem, chance), encoding="utf-8")
    return g.load("claims", [path])


def unload(g: kg.KnowledgeGraph, folder: Path, chance: random.Random) -> Outcome | None:
    held = [e.source.name for e in g.ledger.manifest().entries if e.source.name in NAMES]
    if len(held) > 1:
        return g.unload([chance.choice(held)])
    return None


def judge(g: kg.KnowledgeGraph, folder: Path, chance: random.Random) -> Outcome | None:
    try:
        verdict = chance.choice(["same", "part-of", "distinct"])
        return g.judge("group:night", "group:day", verdict, "a test")
    except kg.UsageError:  # nobody has told names of groups yet: these are no records
        return g.sync()


def withdraw(g: kg.KnowledgeGraph, folder: Path, chance: random.Random) -> Outcome | None:
    try:
        return g.withdraw("group:night", "group:day")
    except kg.UsageError:  # nobody has judged
        return g.sync()


COMMANDS: tuple[Callable[[kg.KnowledgeGraph, Path, random.Random], Outcome | None], ...] = (
    *(load, load, load, unload, judge, withdraw),
)


@pytest.fixture
def in_steps(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """Every change is made step by step, however much of so small a ledger it is; for each, whether
    it was."""
    monkeypatch.setattr(step, "MUCH", 2.0)
    made: list[bool] = []

    def told(*arguments: object) -> object:
        delta = step.step(*arguments)  # type: ignore[arg-type]
        made.append(delta is not None)
        return delta

    monkeypatch.setattr(change, "step", told)
    yield made
    assert made
    assert all(made)


def walk(g: kg.KnowledgeGraph, folder: Path, number: int, length: int) -> None:
    chance = random.Random(number)
    load(g, folder, chance)
    for _ in range(length):
        command, before = chance.choice(COMMANDS), g.corpus().graph
        outcome = command(g, folder, chance)
        if outcome is not None:
            assert outcome.beliefs == beliefs_of(before, g.corpus().graph, g.ontology), number
        assert g.verify() == [], (number, command.__name__)
        stamp = g.store.stamp()
        assert held_counts(stamp, g.ledger, g.ontology) == g.store.counts()


@pytest.mark.parametrize("number", [2, *(pytest.param(n, marks=pytest.mark.soak) for n in (0, 1))])
def test_any_sequence_of_commands_ends_in_a_full_build(
    tmp_path: Path, in_steps: list[bool], number: int
) -> None:
    """Walk 2 has each command."""
    with kg.open(tmp_path / "kg.kgl") as g:
        walk(g, tmp_path, number, 6)


@pytest.mark.parametrize("number", [6, *(pytest.param(n, marks=pytest.mark.soak) for n in (1, 2))])
def test_beliefs_are_told_where_everything_is_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Two of the four steps of walk 6 change what is believed."""
    monkeypatch.setattr(step, "MUCH", -1.0)  # every change is too much for a step
    with kg.open(tmp_path / "kg.kgl") as g:
        walk(g, tmp_path, number, 4)


@pytest.mark.soak
@pytest.mark.parametrize("number", range(100))
def test_a_hundred_sequences(tmp_path: Path, in_steps: list[bool], number: int) -> None:
    with kg.open(tmp_path / "kg.kgl") as g:
        walk(g, tmp_path, 100 + number, 10)


@pytest.mark.soak
def test_a_sequence_on_a_server(
    tmp_path: Path, in_steps: list[bool], neo4j_empty: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    for key, value in neo4j_empty.environment.items():  # type: ignore[attr-defined]
        monkeypatch.setenv(key, value)
    with kg.open("neo4j", tmp_path / "kg.ledger") as g:
        walk(g, tmp_path, 7, 3)


def test_nothing_is_read_back_where_the_stamp_tells_what_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_steps: list[bool]
) -> None:
    text = text_of("one", random.Random(1)).replace("hedge: perhaps, ", "")
    path = tmp_path / "one.yaml"
    path.write_text(text, encoding="utf-8")
    with kg.open(tmp_path / "kg.kgl") as g:
        g.load("claims", [path])
        monkeypatch.setattr("kg.stores.kglite.KgliteStore.stored", _never)
        monkeypatch.setattr("kg.stores.kglite.KgliteStore.counts", _never)
        monkeypatch.setattr("kg.pipeline.change.corpus_of", _never)
        assert g.sync().plan.empty
        path.write_text(text.replace("says: [inc", "hedge: so it seems, says: [inc", 1), "utf-8")
        assert g.load("claims", [path]).plan.change


def test_what_is_compared_as_a_whole_is_counted_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with kg.open(tmp_path / "kg.kgl") as g:
        load(g, tmp_path, random.Random(1))
        monkeypatch.setattr(step, "MUCH", -1.0)  # every change is too much for a step
        monkeypatch.setattr("kg.stores.kglite.KgliteStore.counts", lambda _: {"Group": 99})
        with pytest.raises(kg.DatabaseError, match="Group: 99 there"):
            load(g, tmp_path, random.Random(3))


SHAPE = "from kg import ontology; from kg.pipeline.step import shape; print(shape(ontology.load()))"


def test_another_process_comes_to_the_same_shape() -> None:
    """Else each command would compare the whole graph, and no lens would be kept."""
    other = subprocess.run(
        [sys.executable, "-c", SHAPE], capture_output=True, text=True, check=True
    )
    assert other.stdout.strip() == shape(load_ontology())


def _never(*_: object, **__: object) -> None:
    raise AssertionError("this reads everything")


@pytest.mark.parametrize("other", ["shape", "version", "counts"])
def test_a_graph_of_another_projection_is_compared_value_by_value(
    tmp_path: Path, other: str
) -> None:
    with kg.open(tmp_path / "kg.kgl") as g:
        load(g, tmp_path, random.Random(2))
        stamp = g.store.stamp()
        assert stamp is not None
        assert held_counts(stamp, g.ledger, g.ontology)
        strange = dataclasses.replace(stamp, **{other: "another"})
        assert held_counts(strange, g.ledger, g.ontology) is None
