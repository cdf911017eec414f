"""EuRepoC, on synthetic rows in its columns: one claim an attribution, and the other traps."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import polars as pl
import pytest

from kg.base.errors import InputError
from kg.graph.link import dangling
from kg.loaders.eurepoc.cells import Initiator, day, days, initiators, key, listed
from tests.loaders.loading import DATA, Loaded, run

FOLDER = DATA / "eurepoc"


@pytest.fixture(scope="module")
def few() -> Loaded:
    return run("eurepoc", FOLDER)


def attribution(loaded: Loaded, number: int) -> dict[str, object]:
    """The one claim of an `attribution_ID` on its incident."""
    found = loaded.claims(statement=f"eurepoc:{number}")
    found = found.filter(pl.col("subject").str.starts_with("incident:"))
    assert found.height == 1
    return found.row(0, named=True)


def test_each_attribution_is_exactly_one_claim(few: Loaded) -> None:
    with (FOLDER / "Synthetic_Attribution.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    ids = {key(row["attribution_ID"]) for row in rows}
    told = pl.col("predicate").is_in(["ATTRIBUTED_TO", "attribution_status"])
    claims = few.claims().filter(told & pl.col("subject").str.starts_with("incident:"))
    assert len(rows) > len(ids)
    assert sorted(claims["statement"]) == sorted(f"eurepoc:{id}" for id in ids)
    assert claims["id"].n_unique() == len(ids)


def test_several_initiators_are_blamed_together_as_one_set(few: Loaded) -> None:
    claim = attribution(few, 5110)
    group = str(claim["object"])
    assert claim["collective"] is True
    assert few.values(group, "cardinality") == ["2"]
    assert few.values(group, "HAS_MEMBER") == ["group:eurepoc-synbear", "group:eurepoc-synpanda"]


def test_rows_of_the_cross_product_pair_nobody_with_a_state(few: Loaded) -> None:
    # 5110 names two actors, Russia and China; which belongs to which, it does not say.
    members = ["group:eurepoc-synpanda", "group:eurepoc-synbear"]
    of_china = few.claims(object="state:CHN")
    assert of_china.filter(pl.col("subject").is_in(members)).is_empty()
    # The set of both is of both, together.
    together = few.claims(subject=attribution(few, 5110)["object"], statement="eurepoc:5110")
    assert set(together["object"]) == {"state:RUS", "state:CHN"}
    assert together["collective"].all()
    summary = str(attribution(few, 5110)["summary"])
    assert "their countries: China, Russia" in summary


@pytest.mark.parametrize(
    ("number", "asserter"),
    [
        (5110, "organization:eurepoc-synthetic-labs"),
        (5111, None),  # "Not available"
        (5112, None),  # empty
        (5113, "agency:eurepoc-synthetic-ministry"),
        (5200, "agency:eurepoc-synthetic-ministry-and-synthetic-office"),
    ],
)
def test_an_unknown_asserter_is_unknown_and_not_eurepoc(
    few: Loaded, number: int, asserter: str | None
) -> None:
    assert attribution(few, number)["asserter"] == asserter


def test_two_attributions_without_an_asserter_stay_two(few: Loaded) -> None:
    one, other = attribution(few, 5111), attribution(few, 5112)
    assert one["object"] == other["object"] == "group:eurepoc-synbear"
    assert one["id"] != other["id"]


@pytest.mark.parametrize(
    ("number", "asserted"),
    [(5110, "2016"), (5111, "2016-07-19"), (5113, None), (5400, "2019-05-01")],
)
def test_the_first_of_january_is_a_year_in_disguise(
    few: Loaded, number: int, asserted: str | None
) -> None:
    assert attribution(few, number)["asserted"] == asserted


def test_contested_is_how_a_claim_stands_and_no_basis(few: Loaded) -> None:
    both, alone = attribution(few, 5113), attribution(few, 5300)
    assert both["status"] == alone["status"] == "contested"
    assert both["attribution_basis"] == "Attribution by receiver government / state entity"
    assert alone["attribution_basis"] is None
    assert few.claims(attribution_basis="Contested attribution").is_empty()


def test_only_a_state_that_is_blamed_itself_is_the_object(few: Loaded) -> None:
    assert attribution(few, 5200)["object"] == "state:RUS"
    unnamed = str(attribution(few, 5201)["object"])
    assert few.values(unnamed, "unnamed") == ["true"]


def test_not_attributed_is_a_fact_about_the_incident(few: Loaded) -> None:
    claim = attribution(few, 5400)
    assert (claim["predicate"], claim["value"]) == ("attribution_status", "not attributed")
    assert (claim["asserter"], claim["asserted"]) == (None, "2019-05-01")
    assert few.values("incident:eurepoc-4", "ATTRIBUTED_TO") == []


def test_a_state_is_behind_an_actor_where_the_category_says_so(few: Loaded) -> None:
    behind = few.claims(subject="group:eurepoc-synbear", predicate="ATTRIBUTED_TO")
    assert set(behind["object"]) == {"state:RUS"}
    # Whoever blames the actor says so, in the same statement; 5110 leaves open who is whose.
    assert sorted(behind["statement"]) == ["eurepoc:5111", "eurepoc:5112", "eurepoc:5113"]
    unnamed = str(attribution(few, 5201)["object"])  # a group without a state
    assert few.values(unnamed, "ATTRIBUTED_TO") == []
    assert few.values(unnamed, "LOCATED_IN") == ["region:eu"]


def test_a_country_is_said_in_the_attribution_that_says_it(copied: Path) -> None:
    file = copied / "Synthetic_Attribution.csv"
    with file.open("a") as out:
        out.write("4,5401.0,2019-05-02,,,,,,SynBear,China,Non-state-group\n")
    loaded = run("eurepoc", copied)
    seat = loaded.claims(subject="group:eurepoc-synbear", predicate="LOCATED_IN")
    assert seat.select("object", "statement", "asserter").rows() == [
        ("state:CHN", "eurepoc:5401", None)
    ]


def test_regions_are_not_states(few: Loaded) -> None:
    assert [p for p in few.warnings if p.value == "EU (region)"] == []
    assert few.values("region:eu", "name") == ["EU"]
    states = few.frame.filter(pl.col("subject").str.starts_with("state:"))["subject"].unique()
    assert sorted(states) == [
        "state:CHN", "state:DEU", "state:FRA", "state:JPN", "state:PRK", "state:RUS",
    ]  # fmt: skip


def test_packed_names_are_taken_apart(few: Loaded) -> None:
    assert few.values("group:eurepoc-synbear", "alias") == ["SynFancy", "SynPawn"]
    assert few.values("group:eurepoc-synbear", "foreign_key") == ["attack:G0007"]
    assert few.values("group:eurepoc-synbear", "LINKED_TO") == [
        "organization:eurepoc-synthetic-staff", "organization:eurepoc-unit-00000",
    ]  # fmt: skip
    assert few.values("group:eurepoc-synlabyrinth", "SUBGROUP_OF") == ["group:eurepoc-synchollima"]


@pytest.mark.parametrize(
    ("incident", "occurred"),
    [(1, "2015"), (2, "2018-06-10/"), (3, "2017-05-12/"), (4, "2019-02-03/2019-04-05")],
)
def test_ends_that_cannot_be_are_no_ends(few: Loaded, incident: int, occurred: str) -> None:
    assert few.values(f"incident:eurepoc-{incident}", "occurred") == [occurred]


def test_impossible_ends_are_reported_and_stay_readable(few: Loaded) -> None:
    places = [problem.place.rpartition(":")[2] for problem in few.warned("end_date")]
    assert places == ["3", "4"]
    summaries = few.claims(predicate="occurred")["summary"].drop_nulls().to_list()
    assert "printed: from 2018-06-10 to 2018-03-02" in summaries


def test_receivers_are_named_or_unnamed_bodies(few: Loaded) -> None:
    assert few.values("incident:eurepoc-1", "TARGETED") == [
        "agency:eurepoc-synthetic-registry",
        "organization:eurepoc-1-energy-in-eu-region-unnamed",
    ]
    assert few.values("incident:eurepoc-3", "TARGETS_SECTOR") == ["sector:corporate-targets"]


def receivers(copied: Path, *rows: str) -> Loaded:
    file = copied / "Synthetic_Receiver.csv"
    file.write_text(file.read_text().splitlines()[0] + "\n" + "\n".join(rows) + "\n")
    return run("eurepoc", copied)


ORGANS, ENERGY = "State institutions / political system,", "Critical infrastructure,Energy"


def test_every_country_with_every_kind_says_only_which_countries_and_kinds(copied: Path) -> None:
    pairs = [(place, kind) for place in ("France", "Japan") for kind in (ORGANS, ENERGY)]
    rows = [f"1,{n},Not available,{place},,{kind}" for n, (place, kind) in enumerate(pairs)]
    loaded = receivers(copied, *rows)
    bodies = loaded.values("incident:eurepoc-1", "TARGETED")
    assert bodies == [
        "organization:eurepoc-1-receivers-in-france-unnamed",
        "organization:eurepoc-1-receivers-in-japan-unnamed",
    ]
    assert loaded.values(bodies[0], "LOCATED_IN") == ["state:FRA"]
    assert loaded.values("incident:eurepoc-1", "TARGETS_SECTOR") == [
        "sector:energy", "sector:state-institutions-political-system",
    ]  # fmt: skip


def test_pairs_that_are_no_product_stand_as_they_are(copied: Path) -> None:
    loaded = receivers(copied, f"1,1,,France,,{ORGANS}", f"1,2,,Japan,,{ENERGY}")
    organs, energy = loaded.values("incident:eurepoc-1", "TARGETED")
    assert loaded.values(organs, "PART_OF") == ["state:FRA"]
    assert loaded.values(energy, "LOCATED_IN") == ["state:JPN"]


def test_a_victim_that_is_a_country_is_a_state(copied: Path) -> None:
    loaded = receivers(copied, f"1,1,United States,United States,,{ORGANS}")
    assert loaded.values("incident:eurepoc-1", "TARGETED") == ["state:USA"]


def test_without_the_receiver_file_the_names_in_the_global_one_are_used(copied: Path) -> None:
    (copied / "Synthetic_Receiver.csv").unlink()
    file = copied / "Synthetic_Global.csv"
    named = file.read_text().replace(",,['Freedonia'],", ",Synth A; Synth B,['Freedonia'],", 1)
    file.write_text(named)
    alone = run("eurepoc", copied)
    assert alone.values("incident:eurepoc-1", "TARGETED") == [
        "organization:eurepoc-synth-a", "organization:eurepoc-synth-b",
    ]  # fmt: skip
    assert dangling(alone.frame) == []


def test_a_column_that_nobody_knows_is_reported_once(few: Loaded) -> None:
    (problem,) = few.warned("synthetic_extra")
    assert problem.place.endswith("Synthetic_Global.csv:2")


# ------------------------------------------------------------------ cells


@pytest.mark.parametrize(
    ("cell", "items"),
    [
        ("['A', 'B']", ["A", "B"]),
        ("[['EU (region)'], ['A', 'A']]", ["EU (region)", "A"]),
        ("A; B", ["A", "B"]),
        ("['A', 'Not available']", ["A"]),
        ("", []),
        ("['broken", ["['broken"]),
    ],
)
def test_lists_come_in_two_notations(cell: str, items: list[str]) -> None:
    assert listed(cell) == items


def test_packed_initiators() -> None:
    assert initiators("A/B/G0032 (C, D)") == Initiator("A", ("B",), ("attack:G0032",), ("C", "D"))
    assert initiators("A < B") == Initiator("A", parent=Initiator("B"))
    assert initiators("G0032") is None


@pytest.mark.parametrize(
    ("start", "end", "when", "wrong"),
    [
        ("2015-01-01", "2015-01-01", "2015", False),
        ("2015-01-01", "2015-06-01", "2015/2015-06-01", False),
        ("2015-03-04", "", "2015-03-04", False),
        ("2015-03-04", "2015-01-01", "2015-03-04/2015", False),
        ("2015-03-04", "2014-12-31", "2015-03-04/", True),
        ("2015-03-04", "2000-01-01", "2015-03-04/", True),
        ("2015-03-04", "Not available", "2015-03-04", False),
        ("early in 2015", "", "early in 2015", False),
    ],
)
def test_days_of_an_incident(start: str, end: str, when: str, wrong: bool) -> None:
    assert (days(start, end)[0], bool(days(start, end)[1])) == (when, wrong)
    assert day("2016-01-01 00:00:00") == "2016"


# ------------------------------------------------------------------ bad files


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    for file in FOLDER.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def test_an_attribution_of_an_unknown_incident_is_left_out_and_told(copied: Path) -> None:
    file = copied / "Synthetic_Attribution.csv"
    with file.open("a") as out:
        out.write("99,9999.0,,,,,,,,,\n")
    loaded = run("eurepoc", copied)
    (problem,) = (p for p in loaded.warnings if "no such incident" in p.message)
    assert (problem.value, problem.place) == ("99", f"{file}:{len(file.read_text().splitlines())}")
    assert "eurepoc:9999" not in set(loaded.frame["statement"])


@pytest.mark.parametrize(
    ("number", "message"),
    [("1", r"number used twice, first at .*Global\.csv:2"), ("", "there is no number")],
)
def test_each_incident_has_a_number_of_its_own(copied: Path, number: str, message: str) -> None:
    file = copied / "Synthetic_Global.csv"
    file.write_text(file.read_text().replace("\n2,", f"\n{number},", 1))
    for other in ("Attribution", "Receiver"):
        (copied / f"Synthetic_{other}.csv").unlink()
    loaded = run("eurepoc", copied)
    (problem,) = loaded.warned("ID")
    assert (problem.place, bool(re.search(message, problem.message))) == (f"{file}:3", True)
    assert loaded.count("incident") == 3


def test_a_start_that_is_not_available_is_none(copied: Path) -> None:
    file = copied / "Synthetic_Global.csv"
    file.write_text(file.read_text().replace("2018-06-10,2018-03-02", "Not available,", 1))
    # One of so few has no date: fewer than a whole load must have.
    with pytest.raises(InputError, match="occurred is filled for") as error:
        run("eurepoc", copied)
    assert len(error.value.problems) == 1


def test_the_global_file_is_needed(copied: Path) -> None:
    with pytest.raises(InputError, match="the Global file"):
        run("eurepoc", copied / "Synthetic_Attribution.csv")


def test_a_renamed_column_is_named_with_the_nearest(copied: Path) -> None:
    file = copied / "Synthetic_Attribution.csv"
    file.write_text(file.read_text().replace("attributing_actor", "attributing_actors", 1))
    with pytest.raises(InputError, match="did you mean 'attributing_actors'"):
        run("eurepoc", copied)


def test_nothing_points_at_an_entity_that_is_not_declared(few: Loaded) -> None:
    assert dangling(few.frame) == []


# ------------------------------------------------------------------ saved again as something else


def saved(folder: Path, how: str) -> None:
    """The three files in another form."""
    for file in list(folder.glob("*.csv")):
        frame = pl.read_csv(file, infer_schema_length=None)
        text, other = file.read_text(encoding="utf-8"), file.with_suffix(f".{how}")
        match how:
            case "parquet":
                frame.write_parquet(other)
            case "jsonl":
                frame.write_ndjson(other)
            case "tsv" | "semicolons":
                sign = "\t" if how == "tsv" else ";"
                out = io.StringIO()
                csv.writer(out, delimiter=sign).writerows(csv.reader(io.StringIO(text)))
                file.with_suffix(".tsv" if how == "tsv" else ".csv").write_text(out.getvalue())
            case _:
                file.write_bytes(text.replace("\n", "\r\n").encode(how))
        if how not in ("semicolons", "utf-16", "utf-8-sig"):
            file.unlink()


@pytest.mark.parametrize("how", ["tsv", "semicolons", "utf-16", "utf-8-sig", "jsonl", "parquet"])
def test_the_files_may_be_saved_again_in_any_form(few: Loaded, copied: Path, how: str) -> None:
    saved(copied, how)
    loaded = run("eurepoc", copied)
    said = ("subject", "predicate", "object", "asserter", "valid", "collective")
    assert set(loaded.claims().select(said).rows()) == set(few.claims().select(said).rows())


def test_what_is_not_utf8_is_read_and_told(copied: Path) -> None:
    file = copied / "Synthetic_Global.csv"
    file.write_bytes(
        file.read_text(encoding="utf-8").replace("SYNTHETIC", "SYNTH\u00c9TIC").encode("cp1252")
    )
    loaded = run("eurepoc", copied)
    assert any("SYNTH\u00c9TIC" in name for name in loaded.rows(predicate="name")["value"])
    assert any("cp1252" in w.message for w in loaded.warnings)
