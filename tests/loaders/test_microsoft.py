"""Microsoft's list of actors: rows of our own, then the whole where it is at hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.base.errors import InputError
from tests.loaders.loading import Loaded, run
from tests.loaders.loading import whole as whole_list
from tests.machine import Once


def listed(folder: Path, *rows: dict[str, object]) -> Path:
    path = folder / "names.json"
    path.write_text(json.dumps(rows))
    return path


def row(name: str, origin: str = "", others: str = "", **more: str) -> dict[str, object]:
    return {"Threat actor name": name, "Origin/Threat": origin, "Other names": others, **more}


def test_a_row_says_names_and_origin(tmp_path: Path) -> None:
    loaded = run("microsoft", listed(tmp_path, row("Wolf Sleet", "North Korea", "ZINC, APT99, ")))
    assert loaded.values("group:microsoft-wolf-sleet", "alias") == ["APT99", "ZINC"]
    assert loaded.values("group:microsoft-wolf-sleet", "ATTRIBUTED_TO") == ["state:PRK"]
    assert loaded.claims()["asserter"].unique().to_list() == ["organization:microsoft"]
    assert loaded.rows(predicate="record")["value"].to_list() == ["microsoft:Wolf Sleet"]


def test_a_threat_beside_the_origin_is_no_country(tmp_path: Path) -> None:
    loaded = run("microsoft", listed(tmp_path, row("Wolf Tempest", "China, Financially motivated")))
    assert loaded.values("group:microsoft-wolf-tempest", "LOCATED_IN") == ["state:CHN"]
    assert loaded.values("group:microsoft-wolf-tempest", "motive") == ["Financially motivated"]


@pytest.mark.parametrize("name", ["Wolf Tempest", "Wolf Tsunami", "Wolf Flood", "Storm-0007"])
def test_where_an_actor_is_from_holds_no_state_responsible(tmp_path: Path, name: str) -> None:
    loaded = run("microsoft", listed(tmp_path, row(name, "Russia")))
    (claim,) = loaded.claims(object="state:RUS").iter_rows(named=True)
    assert claim["predicate"] == "LOCATED_IN"


def test_an_origin_that_could_be_two_states_is_told_by_the_family_of_names(tmp_path: Path) -> None:
    loaded = run("microsoft", listed(tmp_path, row("Wolf Hail", "Korea")))
    assert loaded.values("group:microsoft-wolf-hail", "ATTRIBUTED_TO") == ["state:KOR"]
    assert [w.value for w in loaded.warned("Origin/Threat")] == ["Korea"]


def test_a_new_field_is_said(tmp_path: Path) -> None:
    loaded = run("microsoft", listed(tmp_path, row("Wolf Rain", Mood="bad")))
    assert [w.value for w in loaded.warned("Mood")] == ["bad"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"a": 1}, "no list"),
        ([1], "no threat actor"),
        ([{"Threat actor": "Wolf"}], "Threat actor name: there is no such field"),
        ([{"Threat actor name": "Wolf", "Other names": [1]}], "text is wanted"),
        ([], "at least 1 expected"),
    ],
)
def test_what_is_no_list_of_actors_is_refused(
    tmp_path: Path, content: object, message: str
) -> None:
    path = tmp_path / "names.json"
    path.write_text(json.dumps(content))
    with pytest.raises(InputError, match=message):
        run("microsoft", path)


def test_one_entry_that_is_no_actor_is_left_out_and_told(tmp_path: Path) -> None:
    path = tmp_path / "names.json"
    path.write_text(json.dumps([{"Threat actor name": "Grey Sleet"}, {"Threat actor nam": "x"}]))
    loaded = run("microsoft", path)
    (problem,) = loaded.warned("Threat actor name")
    assert (problem.place, loaded.count("group")) == (f"{path}#[1]", 1)


@pytest.fixture(scope="module")
def whole(once: Once) -> Loaded:
    return whole_list("microsoft", "microsoft", once)


def test_every_actor_is_there(whole: Loaded) -> None:
    assert whole.count("group") == 166
    assert [(w.field, w.value) for w in whole.warnings] == [("Origin/Threat", "Korea")]


def test_one_of_crowdstrike_s_clusters_spans_four_of_microsoft_s(whole: Loaded) -> None:
    bearers = whole.claims(predicate="alias", value="LABYRINTH CHOLLIMA")["subject"]
    assert set(bearers) == {f"group:microsoft-{name}-sleet"
                            for name in ("diamond", "citrine", "jade", "moonstone")}  # fmt: skip
