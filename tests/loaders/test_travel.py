"""Travels and visits: who met whom, and only where the list plainly says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.base.errors import InputError
from kg.graph.link import dangling
from kg.loaders.travel import state_code
from kg.loaders.travel.names import Named, met, visitors
from tests.loaders.loading import Loaded, run
from tests.loaders.loading import whole as whole_list
from tests.machine import Once

TRAVELS = """role,who,id,name,start_date,end_date,country,country_id,locale,remarks
president,synth-pat-a,1,Pat A. Synth,2001-02-03,2001-02-04,Korea Republic of,korea-south,Seoul,Met with President Kim Synth-jong and Russian President Ivan Synthov. Spoke of President Some Body.
secretary,doe-jo,2,Jo Doe,2002-05-06,2002-05-06,West Bank,west-bank,,Accompanied President Synth.
"""  # noqa: E501
VISITS = """id,visitor,from_country,start_date,end_date,description
7,President Kim Synth-Jong,"Korea, South",2001-03-06,2001-03-09,Met with President Synth.
8,President A B and Prime Minister C D,Korea,2001-03-06,2001-03-09,
9,King Solo,Jordan,1959-01-01,1959-01-02,State visit.
10,King Solo,Jordan,1964-01-01,1964-01-02,State visit. Met with President Synth.
11,King Solo,Jordan,1999-01-01,1999-01-02,State visit.
12,Queen Liliuokalani Synth,Hawaii,1890-01-01,1890-01-02,Private visit.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "travels.csv").write_text(TRAVELS)
    (tmp_path / "visits.csv").write_text(VISITS)
    return tmp_path


@pytest.fixture
def few(folder: Path) -> Loaded:
    return run("travel", folder)


def participants(loaded: Loaded, meeting: str) -> dict[str, str]:
    found = loaded.claims(predicate="PARTICIPATED_IN", object=meeting)
    return {who: json.loads(how)["role"] for who, how in
            found.select("subject", "qualifiers").iter_rows()}  # fmt: skip


def test_a_stay_is_a_meeting_of_those_who_are_named_together(few: Loaded) -> None:
    assert few.values("meeting:travel-1", "occurred") == ["2001-02-03/2001-02-04"]
    assert few.values("meeting:travel-1", "place") == ["Seoul"]
    assert participants(few, "meeting:travel-1") == {
        "person:travel-synth-pat-a": "guest",
        "state:KOR": "host",
        "person:travel-kim-synth-jong-kor": "participant",
        "person:travel-ivan-synthov-rus": "participant",
    }


@pytest.mark.parametrize("stay", ["travel:travel-2", "travel:visit-8", "travel:visit-9"])
def test_a_stay_that_names_nobody_who_was_met_is_a_travel(few: Loaded, stay: str) -> None:
    assert few.values(stay, "occurred")
    assert "guest" in participants(few, stay).values()
    assert few.values(stay.replace("travel:", "meeting:", 1), "name") == []


@pytest.mark.parametrize(
    ("remarks", "lists"),
    [
        ("Met with President Ann Bc and Prime Minister Dan Ef.", [["Ann Bc", "Dan Ef"]]),
        ("Met with President Ann Bc. Later met with King Gus Hi.", [["Ann Bc"], ["Gus Hi"]]),
        ("Met separately with President Ann Bc and King Dan Ef.", [["Ann Bc"], ["Dan Ef"]]),
        ("Held bilateral meetings with President Ann Bc, King Gus Hi.", [["Ann Bc"], ["Gus Hi"]]),
        ("Attended the summit with North Korean leader Ann Bc and bilateral events with President "
         "Dan Ef.", [["Ann Bc"], ["Dan Ef"]]),
    ],
)  # fmt: skip
def test_who_is_not_named_together_did_not_meet(
    folder: Path, remarks: str, lists: list[list[str]]
) -> None:
    assert [[named.name for named in together] for together in met(remarks)] == lists
    file = folder / "travels.csv"
    printed = "Met with President Kim Synth-jong and Russian President Ivan Synthov."
    file.write_text(
        file.read_text().replace(printed + " Spoke of President Some Body.", f'"{remarks}"')
    )
    loaded = run("travel", file)
    ids = ["meeting:travel-1", *(f"meeting:travel-1-{n}" for n in range(2, len(lists) + 1))]
    for id, together in zip(ids, lists, strict=True):
        roles = participants(loaded, id)
        people = [who for who, role in roles.items() if role == "participant"]
        assert len(people) == len(together)
        assert roles["person:travel-synth-pat-a"] == "guest"
    assert loaded.values("travel:travel-1", "name") == []


def test_the_office_of_the_historian_says_whom_somebody_represents(few: Loaded) -> None:
    claim = few.claims(subject="person:travel-doe-jo", predicate="REPRESENTS").row(0, named=True)
    assert claim["asserter"] == "agency:office-of-the-historian"
    assert claim["object"] == "state:USA"
    assert claim["valid"] == "2002-05-06"
    assert json.loads(claim["qualifiers"]) == {"office": "Secretary of State"}


def test_a_visitor_met_the_president_of_that_name_who_was_in_office(few: Loaded) -> None:
    assert participants(few, "meeting:visit-7") == {
        "state:USA": "host",
        "person:travel-kim-synth-jong-kor": "guest",
        "person:travel-synth-pat-a": "participant",
    }
    # Nobody of that family name travelled around 1964.
    assert "person:travel-synth-pat-a" not in participants(few, "travel:visit-10")


def test_two_visitors_in_one_cell_are_two(few: Loaded) -> None:
    guests = [id for id, role in participants(few, "travel:visit-8").items() if role == "guest"]
    assert sorted(guests) == ["person:travel-a-b-kor", "person:travel-c-d-kor"]


def test_a_single_name_stands_for_one_person_only_without_a_long_gap(few: Loaded) -> None:
    first, second, third = (
        set(participants(few, f"travel:visit-{number}")) - {"state:USA"} for number in (9, 10, 11)
    )
    assert first == second == {"person:travel-solo-jor-1959"}
    assert third == {"person:travel-solo-jor-1999"}


def test_spellings_of_one_key_are_names_of_one_person(few: Loaded) -> None:
    assert few.values("person:travel-kim-synth-jong-kor", "name") == ["Kim Synth-jong"]
    assert few.values("person:travel-kim-synth-jong-kor", "alias") == ["Kim Synth-Jong"]


@pytest.mark.parametrize("name", ["travels.csv", "visits.csv"])
def test_either_list_stands_on_its_own(folder: Path, name: str) -> None:
    assert dangling(run("travel", folder / name).frame) == []


def test_what_is_no_state_is_reported_and_not_made_one(few: Loaded) -> None:
    assert {problem.value for problem in few.warnings} == {"West Bank", "Hawaii"}
    assert "host" not in participants(few, "travel:travel-2").values()


@pytest.mark.parametrize(
    ("remarks", "names"),
    [
        ("Met with President Kim Dae Jung and senior officials.", ["Kim Dae Jung"]),
        ("Met with King Abdullah II, and Palestinian Authority President A. Bc.", ["Abdullah II"]),
        ("Met with President Ann Bc, and went to where he spoke to Chairman Dan Ef.", ["Ann Bc"]),
        ("Attended the funeral of President Roe Doe.", []),
        ("Accompanied President Roe Doe. Met with students.", []),
        ("Took part in the summit with North Korean leader Synth Jong-x.", ["Synth Jong-x"]),
        ("Met with Deputy Prime Minister/Foreign Minister Abc bin Def al-Ghi.",
         ["Abc bin Def al-Ghi"]),
    ],
)  # fmt: skip
def test_only_those_whom_a_meeting_is_said_to_be_with(remarks: str, names: list[str]) -> None:
    assert [named.name for together in met(remarks) for named in together] == names


def test_an_adjective_names_the_state_and_a_family_name_is_not_whole() -> None:
    ((found,),) = met("Met with Russian Foreign Minister Sergey Synth.")
    assert found == Named("Sergey Synth", "Foreign Minister", "RUS")
    assert found.whole
    assert not Named("Prince Saud").whole
    assert Named("Abbas el-Fassi").whole


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("President-elect Abc Def", [Named("Abc Def", "President-elect")]),
        ("Premier and Prince Sihanouk", [Named("Sihanouk", "Premier and Prince")]),
        ("Valdas Adamkus", [Named("Valdas Adamkus")]),
    ],
)
def test_titles_are_taken_off(printed: str, expected: list[Named]) -> None:
    assert visitors(printed) == expected


@pytest.mark.parametrize(
    ("printed", "code"),
    [
        ("Denmark (Greenland)", "DNK"),
        ("Upper Volta (Burkina Faso)", "BFA"),
        ("U.S.S.R.", "SUN"),
        ("China, People’s Republic of", "CHN"),
        ("China, Republic of", "TWN"),
        ("West Bank", None),
    ],
)
def test_states_of_former_times(printed: str, code: str | None) -> None:
    assert state_code(printed) == code


@pytest.mark.parametrize(
    ("old", "new", "place", "field"),
    [
        ("Jo Doe,2002-05-06", "Jo Doe,", "travels.csv:3", "start_date"),
        ("2002-05-06,West", ",West", "travels.csv:3", "end_date"),
        ("Jo Doe", " ", "travels.csv:3", "name"),
        ("Jordan,1959-01-01", "Jordan,", "visits.csv:4", "start_date"),
        ("Jordan,1959-01-01", "Jordan,1 May 1959", "visits.csv:4", "start_date"),
        ("9,King Solo", "9,", "visits.csv:4", "visitor"),
    ],
)
def test_a_stay_without_a_day_or_a_name_is_left_out_and_told_with_its_line(
    folder: Path, old: str, new: str, place: str, field: str
) -> None:
    file = folder / place.partition(":")[0]
    whole = run("travel", folder)
    file.write_text(file.read_text().replace(old, new))
    loaded = run("travel", folder)
    (problem,) = loaded.warned(field)
    assert (problem.place, problem.field) == (str(folder / place), field)
    assert stays(loaded) == stays(whole) - 1


def stays(loaded: Loaded) -> int:
    return loaded.count("meeting") + loaded.count("travel")


def test_a_missing_column_is_named_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "visits.csv").write_text(VISITS.replace("description", "descripton"))
    with pytest.raises(InputError, match=r"did you mean 'descripton'"):
        run("travel", tmp_path)


# ------------------------------------------------------------------ the whole lists


@pytest.fixture(scope="module")
def whole(once: Once) -> Loaded:
    return whole_list("travel", "travel", once)


@pytest.mark.soak
def test_every_travel_and_visit_is_there_with_its_dates(whole: Loaded) -> None:
    stays = whole.rows(declared=True, predicate="name")["subject"]
    of_list = stays.str.extract(r"^(?:meeting|travel):((?:travel|visit)-\d+)").drop_nulls().unique()
    assert of_list.str.starts_with("travel-").sum() == 4271
    assert of_list.str.starts_with("visit-").sum() == 3264
    assert whole.claims(predicate="occurred")["valid_from"].null_count() == 0


@pytest.mark.soak
def test_the_summits_with_north_korea_are_meetings_of_the_two_leaders(whole: Loaded) -> None:
    # Singapore 2018; that at the border in 2019 is told in other words and left out.
    assert (
        participants(whole, "meeting:travel-3814")["person:travel-kim-jong-un-prk"] == "participant"
    )
    assert participants(whole, "meeting:travel-3814")["person:travel-trump-donald-j"] == "guest"
    assert "person:travel-kim-jong-un-kor" not in participants(whole, "meeting:travel-3890")


@pytest.mark.soak
def test_only_places_that_are_no_states_are_reported(whole: Loaded) -> None:
    assert {problem.value for problem in whole.warnings} == {"West Bank", "Hawaii"}


@pytest.mark.soak
def test_nothing_points_at_an_entity_that_is_not_declared(whole: Loaded) -> None:
    assert dangling(whole.frame) == []


def test_a_source_folder_is_read_as_far_as_it_names_files(folder: Path) -> None:
    (folder / "notes.csv").write_text("this,is,not,a,list,of,travels\n")
    about = "name: t\nformat: travel\nlicence: CC0 1.0\nurl: https://example.org/\nfiles: {}\n"
    (folder / "source.yaml").write_text(about.format('["travels.csv", "vis*.csv"]'))
    named = run("travel", folder / "travels.csv", folder / "visits.csv")
    assert stays(run("travel", folder)) == stays(named) > 5
    (folder / "source.yaml").write_text(about.format("[travel-list.csv]"))
    with pytest.raises(InputError, match=r"source\.yaml.*example\.org.*travel-list\.csv"):
        run("travel", folder)
