"""What changed since a load: states of the ledger, a watch list, and what changed as a picture."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

import kg
from kg.ask.points import called, points
from kg.base.limits import raised
from kg.ledger.ledger import Ledger
from tests.ask.test_diff import PAPER
from tests.cli.test_beliefs import SECOND
from tests.command import run


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two loads, one after the other. Nobody may change them."""
    folder = tmp_path_factory.mktemp("states")
    (folder / "paper.yaml").write_text(PAPER, encoding="utf-8")
    (folder / "second.yaml").write_text(SECOND, encoding="utf-8")
    with kg.open(folder / "kg.kgl") as graph:
        graph.load("claims", [folder / "paper.yaml"])
        graph.load("claims", [folder / "second.yaml"])
    return folder


@pytest.fixture
def folder(loaded: Path, tmp_path: Path) -> Path:
    """A copy of them, to be changed."""
    return Path(shutil.copytree(loaded, tmp_path, dirs_exist_ok=True))


def test_since_the_load_before(folder: Path) -> None:
    with kg.open(folder / "kg.kgl") as graph:
        now, before = graph.states()
        found = graph.diff("previous").as_dict()
        assert [row["asserter_name"] for row in found["claims"]["added"]] == ["D"]
        assert [row["to"] for row in found["beliefs"]["corroborated"]] == ["group:night"]
        by_id = graph.diff(before.manifest.id[:8], now.manifest.id)
        assert by_id.as_dict() == found == graph.diff("previous", "now").as_dict()
        assert not graph.diff(f"@{datetime.now(UTC).date()}")
        earlier = graph.diff("now", "previous").as_dict()
        assert [row["asserter_name"] for row in earlier["claims"]["withdrawn"]] == ["D"]


ONE = """\
document: {id: document:e, name: E, published_by: organization:e, date: 2022-01-01}
entities: {organization:e: E, incident:raid: {name: Raid, category: cyber}, group:nacht: Nacht}
claims:
- {asserter: organization:e, says: [incident:raid, ATTRIBUTED_TO, group:nacht]}
"""
SAME = """\
document: {id: document:f, name: F, published_by: organization:e, date: 2022-02-01}
entities: {organization:e: E, group:nacht: Nacht, group:night: Night Group}
claims:
- {asserter: organization:e, says: [group:nacht, SAME_AS, group:night]}
"""


def test_what_became_one_is_neither_new_nor_gone(folder: Path) -> None:
    with kg.open(folder / "kg.kgl") as graph:
        for name, text in (("one", ONE), ("same", SAME)):
            (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
            graph.load("claims", [folder / f"{name}.yaml"])
        found = graph.diff("previous").as_dict()
    entities = [*found["entities"]["added"], *found["entities"]["removed"]]
    assert "Group" not in {row["kind"] for row in entities}
    assert found["edges"] == {"added": [], "removed": []}
    corroborated = [row["type"] for row in found["beliefs"]["corroborated"]]
    assert corroborated == ["ATTRIBUTED_TO"]


@pytest.mark.parametrize(
    ("sides", "word"),
    [
        (("abcdef12",), "no state 'abcdef12' is kept; there are"),
        (("@2001-01-01",), "no state is kept from 2001-01-01 or before"),
        (("@someday",), "@someday"),
        (("previous", "2020-01-01"), "not of one sort"),
        (("mondy",), "'mondy' is no day, and no state of the ledger; did you mean 'monday'"),
        (("2020-13-01",), "'2020-13-01': no such day"),
    ],
)
def test_what_is_no_side_is_told(folder: Path, sides: tuple[str, ...], word: str) -> None:
    done = run(folder, "diff", *sides)
    assert done.returncode == 2
    assert word in done.stderr


def test_days_are_told_from_today(folder: Path) -> None:
    friday = date(2026, 11, 27)
    days = {"today": 0, "yesterday": 1, "thursday": 1, "monday": 4, "friday": 7, "7d": 7, "2w": 14}
    with kg.open(folder / "kg.kgl") as graph:
        states = graph.states()
    for word, ago in days.items():
        told = points(word, None, states, friday)
        assert told == (friday - timedelta(ago), friday), word
        assert points(word, "now", states, friday) == told
        assert points("now", word, states, friday) == told[::-1]
    since = states[0].since
    assert since is not None
    week = since.date() + timedelta(7)
    assert points(f"@{since:%A}", "previous", states, week) == tuple(states)
    assert called(states[0]) == f"{since:%Y-%m-%d %H:%M} UTC"


def test_states_are_listed_and_named_by_their_day(folder: Path) -> None:
    listed = json.loads(run(folder, "diff", "--format", "json").stdout)
    assert [row["changed"] for row in listed] == [["second"], ["paper"]]
    ledger = Ledger(folder / "kg.ledger")
    path = ledger.folder / "manifest.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    monday = datetime.now(UTC) - timedelta(days=3)
    kept["earlier"][0]["since"] = monday.isoformat()
    path.write_text(json.dumps(kept), encoding="utf-8")
    done = run(folder, "diff", f"@{monday.date() + timedelta(days=1)}", "--format", "json")
    assert len(json.loads(done.stdout)["claims"]["added"]) == 1


def test_only_so_many_states_are_kept(folder: Path) -> None:
    ledger = Ledger(folder / "kg.ledger")
    with kg.open(folder / "kg.kgl") as graph:
        with raised(["states=1"]):
            graph.unload("second")
            assert len(graph.states()) == 2
        there = {path.name for path in ledger.folder.glob("*.parquet")}
        named = {e.file for state in ledger.states() for e in state.manifest.entries}
        assert there == named
        graph.load("claims", [folder / "second.yaml"])
        graph.diff("previous")  # what was written again is whole in every state
        with raised(["states=0"]):
            graph.unload("second")
        assert not list(ledger.folder.glob("second-*"))


def test_a_state_that_cannot_be_read_costs_no_file(folder: Path) -> None:
    ledger = Ledger(folder / "kg.ledger")
    path = ledger.folder / "manifest.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["earlier"][0]["id"] = "0"
    path.write_text(json.dumps(kept), encoding="utf-8")
    ledger.discard()
    assert len(ledger.states()) == 1
    assert ledger.read().height


WATCH = """\
ids: [Night Group]
kinds: [DESIGNATES]
questions:
- {who_attributes: {incident: incident:raid}}
"""


def test_a_watch_list_says_when_something_of_interest_changed(folder: Path) -> None:
    (folder / "w.yaml").write_text(WATCH, encoding="utf-8")
    asked = ("--watch", "w.yaml", "--exit-code", "--format", "json")
    done = run(folder, "diff", "previous", *asked)
    assert done.returncode == 1
    found = json.loads(done.stdout)
    assert [row["object"] for row in found["claims"]["added"]] == ["group:night"]
    [answer] = found["questions"].values()
    assert [row["asserter"] for row in answer["added"]] == ["D"]
    (folder / "w.yaml").write_text("ids: [Dusk Group]\n", encoding="utf-8")
    quiet = run(folder, "diff", "previous", *asked)
    assert quiet.returncode == 0
    assert json.loads(quiet.stdout)["claims"]["added"] == []


def test_a_watch_list_is_written_once_for_all_days(folder: Path) -> None:
    """What nobody had spoken of yet on either day is watched all the same."""
    text = "ids: [Dusk Group]\nquestions: [{who_attributes: {incident: Raid}}]\n"
    (folder / "w.yaml").write_text(text, encoding="utf-8")
    for sides, code in ((("2018", "2019"), 0), (("2020-06", "2020-07"), 0), (("2019", "2021"), 1)):
        done = run(folder, "diff", *sides, "--watch", "w.yaml", "--exit-code")
        assert (done.returncode, done.stderr) == (code, ""), sides


def test_a_watch_list_names_what_there_is(folder: Path) -> None:
    text = (
        "ids: [Nigth Group, group:not-yet]\nkinds: [ATRIBUTED_TO]\nquestions: [dispute]\nid: []\n"
    )
    (folder / "w.yaml").write_text(text, encoding="utf-8")
    done = run(folder, "diff", "previous", "--watch", "w.yaml")
    assert done.returncode == 3
    for word in ("w.yaml:1: ", "w.yaml:2: ", "w.yaml:3: ", "w.yaml:4: ", "ATTRIBUTED_TO", "ids"):
        assert word in done.stderr
    assert "not-yet" not in done.stderr


def test_what_changed_is_drawn(folder: Path) -> None:
    done = run(folder, "diff", "previous", "--out", "changed.html")
    assert done.returncode == 0, done.stderr
    page = (folder / "changed.html").read_text(encoding="utf-8")
    assert '"mark":"corroborated"' in page
    with kg.open(folder / "kg.kgl") as graph:
        graph.render_diff(folder / "back.html", "now", "previous")
        graph.render_diff(folder / "days.html", "2020-12-31", "2021-12-31")
    assert '"mark":"removed"' in (folder / "days.html").read_text(encoding="utf-8")
    nothing = run(folder, "diff", "now", "--out", "none.html")
    assert (nothing.returncode, "nothing to draw" in nothing.stderr) == (2, True)


def test_what_may_not_be_passed_on_is_in_no_state(folder: Path) -> None:
    secret = SECOND.replace(
        "- asserter: organization:d\n", "- asserter: organization:d\n  marking: TLP:RED\n"
    )
    (folder / "second.yaml").write_text(secret, encoding="utf-8")
    with kg.open(folder / "kg.kgl") as graph:
        graph.load("claims", [folder / "second.yaml"])
        graph.unload("second")
        assert graph.diff("previous")
        assert not graph.diff("previous", max_marking="TLP:GREEN", unmarked="TLP:CLEAR")
