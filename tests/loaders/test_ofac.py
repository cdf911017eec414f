"""OFAC's list: the traps of its files, on a few rows and on the whole list of 2021."""

from __future__ import annotations

import gzip
from pathlib import Path

import polars as pl
import pytest

from kg.base.errors import InputError
from kg.graph.link import dangling
from kg.loaders.kit import days
from kg.loaders.ofac import split_programmes
from kg.loaders.ofac.remarks import segments
from kg.ontology import load
from kg.pipeline.read import loaded
from tests.loaders.loading import DATA, Loaded, run, shared
from tests.loaders.loading import whole as whole_list
from tests.machine import Once

NULLS = ",".join(["-0- "] * 7)
LAZARUS = (
    f"""27307,"LAZARUS GROUP",-0- ,"DPRK3",{NULLS},"a.k.a. 'HIDDEN COBRA'; a.k.a. 'ZINC'."\n"""
)
HEADER = "ent_num,SDN_Name,SDN_Type,Program,Title,Call,Type,Tonnage,GRT,Flag,Owner,Remarks\n"
BUREAU = f"""12210,"SYNTHETIC BUREAU",-0- ,"DPRK] [DPRK2",{NULLS},-0- \n"""
PERSON = f"""900001,"SYNTH, Etic","individual","CYBER2] [ELECTION-EO13848","Clerk",{",".join(["-0- "] * 6)},"DOB circa 1961; alt. DOB 09 May 1962; nationality Korea, North; Passport 12 (Russia); Linked To: LAZARUS GROUP; favourite colour grey."\n"""  # noqa: E501
SHIP = """900002,"SYNTH STAR","vessel","DPRK4",-0- ,"CALL1","Tug","1,200","900","Panama","Synth Lines","Vessel Registration Identification IMO 9187629; Former Vessel Flag Palestinian."\n"""  # noqa: E501
PLANE = f"""900003,"EP-SYN","aircraft","SDGT",{NULLS},"Aircraft Model A300; Aircraft Manufacture Date 17 May 1988; Aircraft Tail Number EP-OLD."\n"""  # noqa: E501


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sdn.csv").write_text(LAZARUS + BUREAU + PERSON + SHIP + PLANE + "\x1a")
    (tmp_path / "alt.csv").write_text('27307,1,"aka","SYNTHETIC ALIAS",-0- \n')
    (tmp_path / "add.csv").write_text(
        '27307,1,-0- ,"Pyongyang","Korea, North",-0- \n27307,2,-0- ,-0- ,-0- ,-0- \n'
    )
    (tmp_path / "sdn_comments.csv").write_text("12210,\"OB 1; a.k.a. 'RGB'.\"\n")
    return tmp_path


@pytest.fixture
def few(folder: Path) -> Loaded:
    return run("ofac", folder)


def test_null_is_not_a_value(few: Loaded) -> None:
    assert few.frame.filter(pl.any_horizontal(pl.col("value", "object") == "-0-")).is_empty()


def test_glued_programmes_come_apart(few: Loaded) -> None:
    assert few.values("sanction:ofac-12210", "programme") == ["DPRK", "DPRK2"]
    assert split_programmes("[DPRK] [DPRK2]") == ["DPRK", "DPRK2"]
    assert split_programmes("CAATSA - RUSSIA") == ["CAATSA - RUSSIA"]


def test_a_legal_basis_is_claimed_only_where_the_code_names_the_order(few: Loaded) -> None:
    assert few.values("sanction:ofac-900001", "legal_basis") == ["E.O. 13848"]
    assert few.values("sanction:ofac-27307", "legal_basis") == []


def test_each_listing_designates_one_entity_and_ofac_says_so(few: Loaded) -> None:
    for predicate, target in (("DESIGNATES", "group:ofac-27307"), ("IMPOSED_BY", "agency:ofac")):
        claim = few.claims(subject="sanction:ofac-27307", predicate=predicate).row(0, named=True)
        assert claim["object"] == target
        assert claim["asserter"] == "agency:ofac"
        assert claim["document"] == "document:ofac-sdn"
    assert few.values("agency:ofac", "PART_OF") == ["agency:us-treasury"]


def test_individuals_vessels_and_aircraft_are_what_they_are(few: Loaded) -> None:
    designated = set(few.claims(predicate="DESIGNATES")["object"])
    assert designated == {"group:ofac-27307", "agency:ofac-12210", "person:ofac-900001",
                          "vessel:ofac-900002", "aircraft:ofac-900003"}  # fmt: skip
    assert few.values("vessel:ofac-900002", "imo") == ["9187629"]
    assert few.values("vessel:ofac-900002", "tonnage") == ["1200"]
    assert few.values("aircraft:ofac-900003", "registration") == ["EP-OLD", "EP-SYN"]


def test_strong_and_weak_aliases_are_told_apart_by_their_locator(few: Loaded) -> None:
    aliases = few.claims(subject="group:ofac-27307", predicate="alias")
    found = dict(aliases.select("value", "locator").iter_rows())
    assert found == {
        "SYNTHETIC ALIAS": "aka 1",
        "HIDDEN COBRA": "weak alias in the remarks",
        "ZINC": "weak alias in the remarks",
    }


def test_remarks_go_on_in_their_own_file(few: Loaded) -> None:
    assert few.values("agency:ofac-12210", "alias") == ["RGB"]


@pytest.mark.parametrize(
    ("rows", "aliases"),
    [
        ("12210,\"a.k.a. 'RGB'.\"\n12210,\"a.k.a. 'GRB'.\"\n", ["GRB", "RGB"]),
        ("12210,\"a.k.a. 'RGB'\"\n12210,\"a.k.a. 'GRB'\"\n", ["GRB", "RGB"]),
        (f'12210,"{"a.k.a. .R.; ":>996}a.k."\n12210,"a. \'GRB\'."\n', [".R.", "GRB"]),
    ],
)
def test_remarks_in_two_rows_are_both_kept(folder: Path, rows: str, aliases: list[str]) -> None:
    (folder / "sdn_comments.csv").write_text(rows)
    assert run("ofac", folder).values("agency:ofac-12210", "alias") == aliases


def test_an_alias_without_a_name_is_none(folder: Path) -> None:
    (folder / "alt.csv").write_text('27307,1,"aka",-0- ,-0- \n27307,2,"aka","",-0- \n')
    few = run("ofac", folder)
    assert few.claims(predicate="alias", value="").is_empty()
    (problem,) = few.warned("alt_name")
    assert problem.place == f"{folder / 'alt.csv'}:1"
    assert "(2 times)" in problem.message


def test_linked_to_finds_the_listing_by_its_name(few: Loaded) -> None:
    assert few.values("person:ofac-900001", "LINKED_TO") == ["group:ofac-27307"]


def test_dates_keep_how_sure_they_are_and_none_is_invented(few: Loaded) -> None:
    assert few.values("person:ofac-900001", "born") == ["1961~", "1962-05-09"]
    assert few.claims(predicate="occurred").is_empty()
    assert few.claims()["asserted"].null_count() == few.claims().height


def test_the_date_of_the_list_comes_from_its_source_file(folder: Path) -> None:
    text = "name: ofac-2021\nformat: ofac\nlicence: public domain\ndate: 2021-07\n"
    (folder / "source.yaml").write_text(text)
    claims = run("ofac", folder).claims()
    assert set(claims["asserted"]) == {"2021-07"}
    assert set(claims["asserted_basis"]) == {"metadata"}


def test_what_no_rule_reads_stays_visible_as_text(few: Loaded) -> None:
    assert few.values("person:ofac-900001", "description") == ["favourite colour grey"]
    assert few.values("vessel:ofac-900002", "description") == ["former_flag: Palestinian"]
    assert few.warned("former_flag")[0].place.endswith("sdn.csv:4")
    assert few.notes["remarks not loaded: papers and registry numbers"] == 1


def test_an_owner_that_is_not_listed_is_an_organisation(few: Loaded) -> None:
    assert few.values("vessel:ofac-900002", "OWNED_BY") == ["organization:ofac-owner-synth-lines"]


def test_the_kinds_that_people_judged_name_their_evidence() -> None:
    from kg.base.yamlfile import read
    from kg.loaders.ofac import JUDGED

    judged = read(JUDGED)
    assert judged
    assert all(one["kind"] in ("Group", "Agency") and one["because"] for one in judged.values())


def test_files_may_be_zipped_and_given_one_by_one(folder: Path, tmp_path: Path) -> None:
    zipped = tmp_path / "zipped" / "SDN.CSV.gz"
    zipped.parent.mkdir()
    zipped.write_bytes(gzip.compress((folder / "sdn.csv").read_bytes()))
    assert run("ofac", zipped, folder / "alt.csv").count("sanction") == 5


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (
            "sdn.csv",
            LAZARUS.replace("27307", "x1"),
            r"sdn\.csv:1: ent_num: is no number \(got 'x1'",
        ),
        ("sdn.csv", "1,2,3\n", r"sdn\.csv:1: has 3 fields where 12 are expected"),
        ("sdn.csv", "", r"sdn\.csv:1: the file is empty|is not there"),
        ("sdn.csv", f'1,"A",-0- ,-0- ,{NULLS},-0- \n', "programme is filled for 0 of 1"),
    ],
)
def test_bad_files_stop_the_load(tmp_path: Path, file: str, text: str, message: str) -> None:
    if file != "sdn.csv":
        (tmp_path / "sdn.csv").write_text(LAZARUS)
    (tmp_path / file).write_text(text)
    with pytest.raises(InputError, match=message):
        run("ofac", tmp_path)


@pytest.mark.parametrize(
    ("file", "text", "place", "message"),
    [
        ("alt.csv", '999,1,"aka","X",-0- \n', "alt.csv:1", "no listing has this number; left out"),
        ("sdn.csv", HEADER + LAZARUS, "sdn.csv:1", "is no number; a header line"),
        ("sdn.csv", LAZARUS + LAZARUS.replace("27307", "-0- "), "sdn.csv:2", "is no number"),
        ("sdn.csv", LAZARUS + LAZARUS.replace("DPRK3", "DPRK4"), "sdn.csv:2", "number used twice"),
        ("sdn.csv", LAZARUS + "2,x\n", "sdn.csv:2", "has 2 fields where 12 are expected"),
        ("sdn.csv", LAZARUS + '2,"x\n', "sdn.csv:2", "broken CSV"),
        ("sdn.csv", LAZARUS + "2,\udc81\n", "sdn.csv:2", "is not utf-8 or cp1252: "),
    ],
)
def test_one_bad_row_is_left_out_and_told(
    tmp_path: Path, file: str, text: str, place: str, message: str
) -> None:
    (tmp_path / "sdn.csv").write_text(LAZARUS)
    (tmp_path / file).write_text(text, encoding="utf-8", errors="surrogateescape")
    loaded = run("ofac", tmp_path)
    (problem,) = (p for p in loaded.warnings if message in p.message)
    assert problem.place == str(tmp_path / place)
    assert loaded.values("sanction:ofac-27307", "programme") == ["DPRK3"]
    assert loaded.count("sanction") == 1


def test_a_list_in_another_encoding_is_read_if_it_can_be_and_refused_if_not(tmp_path: Path) -> None:
    file = tmp_path / "sdn.csv"
    file.write_bytes(LAZARUS.replace("LAZARUS", "LÁZARUS").encode("cp1252"))
    loaded = run("ofac", tmp_path)
    assert "LÁZARUS GROUP" in loaded.rows(predicate="name")["value"]
    (told,) = loaded.warned("")
    assert told.message.startswith("line is not utf-8 and was read as cp1252")
    cyrillic = LAZARUS.replace("LAZARUS GROUP", "ГРУППА ЛАЗАРЬ").encode("cp1251")
    file.write_bytes(BUREAU.replace("SYNTHETIC", "SYNTHÉTIC").encode() + cyrillic)
    stray = run("ofac", tmp_path)
    assert stray.count("sanction") == 2  # one line does not stop a list that is UTF-8
    assert [w.place for w in stray.warnings if "reads wrongly" in w.message] == [f"{file}:2"]
    file.write_bytes(cyrillic)
    with pytest.raises(InputError, match=r"sdn\.csv:1: is not utf-8, .* looks like .*cp1251"):
        run("ofac", tmp_path)


def test_a_file_of_another_name_is_refused_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "sdm.csv").write_text(LAZARUS)
    with pytest.raises(InputError, match="did you mean 'sdn'"):
        run("ofac", tmp_path)


def test_segments_of_remarks() -> None:
    said = segments("DOB 10 Dec 1948; a.k.a. 'O'BRIEN'; Linked To: SYNTH CO.; odd.")
    assert [(one.what, one.value) for one in said] == [
        ("birth_date", "10 Dec 1948"), ("weak_alias", "O'BRIEN"), ("linked_to", "SYNTH CO."),
        ("", "odd"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("10 Dec 1948", "1948-12-10"),
        ("Mar 1960", "1960-03"),
        ("1961", "1961"),
        ("circa 1965", "1965~"),
        ("circa 1979-1982", "1979~/1982~"),
        ("1966 to 1968", "1966/1968"),
        ("long ago", "long ago"),
    ],
)
def test_dates_as_ofac_prints_them(printed: str, expected: str) -> None:
    assert days.printed(printed) == expected


# ------------------------------------------------------------------ the whole list


@pytest.fixture(scope="module")
def whole(once: Once) -> Loaded:
    return whole_list("ofac", "ofac", once)


@pytest.mark.soak
def test_every_listing_of_2021_is_there(whole: Loaded) -> None:
    assert whole.count("sanction") == 8976
    kinds = {kind: whole.count(kind) for kind in ("person", "vessel", "aircraft")}
    assert kinds == {"person": 4620, "vessel": 406, "aircraft": 277}
    assert whole.claims(predicate="DESIGNATES").height == 8976


@pytest.mark.soak
def test_the_north_korean_groups_are_groups_with_their_aliases(whole: Loaded) -> None:
    assert "APT38" in whole.values("group:ofac-27308", "alias")
    assert whole.values("sanction:ofac-27307", "programme") == ["DPRK3"]
    assert whole.values("agency:ofac-12210", "PART_OF") == ["state:PRK"]
    linked = whole.claims(predicate="LINKED_TO", object="group:ofac-27307")["subject"]
    assert {"person:ofac-28263", "person:ofac-28264"} <= set(linked)


@pytest.mark.soak
def test_few_values_of_the_whole_list_are_not_understood(whole: Loaded) -> None:
    assert len(whole.warnings) < 10
    assert whole.claims(predicate="LINKED_TO").height > 3000


@pytest.mark.soak
def test_nothing_points_at_an_entity_that_is_not_declared(whole: Loaded) -> None:
    assert dangling(whole.frame) == []


def test_reading_a_list_again_gives_the_same_rows(root: Path) -> None:
    one, other = (run("ofac", root / "seed" / "ofac").frame for _ in range(2))
    assert one.drop("recorded").equals(other.drop("recorded"))


@pytest.mark.soak
def test_reading_the_whole_list_again_gives_the_same_rows(whole: Loaded) -> None:
    again = run("ofac", shared("ofac"))
    assert again.frame.drop("recorded").equals(whole.frame.drop("recorded"))


def test_quotes_inside_of_quotes_are_kept(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_text(LAZARUS)
    remark = 'alt. Phone Number 000; a.k.a. "copperheron"; a.k.a. "tin gull".'
    (tmp_path / "sdn_comments.csv").write_text(f'27307,"{remark}"\n')
    loaded = run("ofac", tmp_path)
    aliases = loaded.values("group:ofac-27307", "alias")
    assert aliases == ["HIDDEN COBRA", "ZINC", "copperheron", "tin gull"]
    (problem,) = loaded.warnings
    assert problem.place == str(tmp_path / "sdn_comments.csv:1")
    assert "quotes inside of quotes" in problem.message


def test_words_that_go_on_after_inner_quotes_break_no_row(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_text(LAZARUS)
    remark = 'a.k.a. "copperheron", "tin gull"; a.k.a. "heron", once of Busan.'
    (tmp_path / "sdn_comments.csv").write_text(f'27307,"{remark}"\n')
    loaded = run("ofac", tmp_path)
    assert loaded.values("group:ofac-27307", "alias") == ["HIDDEN COBRA", "ZINC"]
    (text,) = loaded.values("group:ofac-27307", "description")
    assert 'a.k.a. "heron", once of Busan' in text


def test_the_other_list_has_its_own_document_and_sanctions(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_text(LAZARUS)
    (tmp_path / "cons_prim.csv").write_text(LAZARUS + BUREAU)
    (tmp_path / "cons_alt.csv").write_text('12210,1,"aka","BUREAU S",-0- \n')
    loaded = run("ofac", tmp_path)
    assert loaded.values("document:ofac-consolidated", "name") == [
        "Consolidated Sanctions List (non-SDN)"
    ]
    designated = loaded.claims(predicate="DESIGNATES").select("subject", "object", "document")
    assert set(designated.rows()) == {
        ("sanction:ofac-27307", "group:ofac-27307", "document:ofac-sdn"),
        ("sanction:ofac-consolidated-27307", "group:ofac-27307",
         "document:ofac-consolidated"),
        ("sanction:ofac-consolidated-12210", "agency:ofac-12210",
         "document:ofac-consolidated"),
    }  # fmt: skip
    assert loaded.values("agency:ofac-12210", "alias") == ["BUREAU S"]


def test_the_other_list_is_a_source_of_its_own_name(tmp_path: Path) -> None:
    (tmp_path / "cons_prim.csv").write_text(LAZARUS)
    assert loaded("ofac", [tmp_path], load()).source.name == "ofac-consolidated"
    (tmp_path / "sdn.csv").write_text(LAZARUS)
    assert loaded("ofac", [tmp_path], load()).source.name != "ofac-consolidated"


def test_a_list_without_its_first_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "cons_alt.csv").write_text('12210,1,"aka","BUREAU S",-0- \n')
    with pytest.raises(InputError, match=r"the list itself \(cons_prim\.csv\) is not there"):
        run("ofac", tmp_path)


def test_an_owner_or_flag_that_nobody_knows_is_none(tmp_path: Path) -> None:
    ship = SHIP.replace("Panama", "None Identified").replace("Synth Lines", "Unknown")
    (tmp_path / "sdn.csv").write_text(ship)
    loaded = run("ofac", tmp_path)
    assert loaded.values("vessel:ofac-900002", "flag") == []
    assert loaded.values("vessel:ofac-900002", "OWNED_BY") == []


# ------------------------------------------------------------------ as XML


@pytest.mark.parametrize("form", ["advanced", "enhanced"])
def test_a_list_as_xml_says_when_something_came_on_it(form: str) -> None:
    loaded = run("ofac", DATA / "ofac" / f"synthetic_{form}.xml")
    sanction = "sanction:ofac-27307"
    assert loaded.values(sanction, "listed") == ["2019-09-13"]
    assert loaded.values(sanction, "occurred") == []
    assert loaded.values(sanction, "programme") == ["DPRK3"]
    assert loaded.values(sanction, "legal_basis") == ["E.O. 13722"]
    (listed,) = loaded.values(sanction, "DESIGNATES")
    assert loaded.values(listed, "name") == ["SYNTH WORKS"]
    assert loaded.values(listed, "LOCATED_IN") == ["state:PRK"]
    alias = loaded.claims(predicate="alias").select("value", "locator")
    assert alias.rows() == [("SYNWEAK", "weak aka 1")]


def test_the_advanced_form_has_both_lists_and_tells_what_is_not_loaded() -> None:
    loaded = run("ofac", DATA / "ofac" / "synthetic_advanced.xml")
    person = "person:ofac-900001"
    assert loaded.values("sanction:ofac-consolidated-900001", "DESIGNATES") == [person]
    assert loaded.values("sanction:ofac-consolidated-900001", "listed") == ["2020-01"]
    assert loaded.values(person, "name") == ["SYNTH, Etic"]
    assert loaded.values(person, "born") == ["1948-12-10"]
    assert [problem.field for problem in loaded.warnings] == ["Shoe Size", "ProfileID"]


def test_what_a_delta_file_takes_away_is_told() -> None:
    loaded = run("ofac", DATA / "ofac" / "synthetic_enhanced.xml")
    (problem,) = loaded.warned("action")
    assert problem.place.endswith("#entity 27308")
    assert loaded.count("sanction") == 1


CHANGED = """<entities><entity id="27309"><sanctionsPrograms><sanctionsProgram action="add">IRAN
</sanctionsProgram></sanctionsPrograms></entity>
<entity id="27310" action="change"><sanctionsLists><sanctionsList>SDN List</sanctionsList>
</sanctionsLists><sanctionsPrograms><sanctionsProgram action="remove">IRAN</sanctionsProgram>
<sanctionsProgram action="add">DPRK</sanctionsProgram></sanctionsPrograms><names><name>
<isPrimary>true</isPrimary><formattedFullName>SYNTH TWO</formattedFullName></name></names>
</entity>"""


def delta(folder: Path) -> str:
    """Write one as OFAC publishes it; the whole list before it."""
    text = (DATA / "ofac" / "synthetic_enhanced.xml").read_text()
    changed = text.replace("<entities>", CHANGED).replace("2019-09-13", "2024-03-05")
    (folder / "a_delta.xml").write_text(changed.replace("ENHANCED_XML", "DeltaFile/1.0"))
    return (
        text.replace(' action="add"', "").replace("27308", "27311").replace(' action="delete"', "")
    )


def test_what_a_delta_file_tells_of_a_part_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    delta(tmp_path)
    loaded = run("ofac", tmp_path)
    assert loaded.count("sanction") == 2
    assert loaded.values("sanction:ofac-27310", "programme") == ["DPRK"]
    told = [(p.place.rpartition(" ")[2], p.message) for p in loaded.warned("id")]
    assert [(n, "only what has changed" in why) for n, why in told] == [("27309", True)]


def test_a_delta_beside_the_list_adds_nothing_unseen(tmp_path: Path) -> None:
    (tmp_path / "sdn.xml").write_text(delta(tmp_path))
    loaded = run("ofac", tmp_path)
    assert loaded.values("sanction:ofac-27310", "DESIGNATES") == []
    assert loaded.values("sanction:ofac-27307", "listed") == ["2019-09-13"]
    assert "is not on the list beside it; left out" in [p.message for p in loaded.warned("id")]


def test_beside_the_csv_files_xml_adds_the_dates(tmp_path: Path) -> None:
    (tmp_path / "sdn.csv").write_text(LAZARUS)
    text = (DATA / "ofac" / "synthetic_advanced.xml").read_text()
    (tmp_path / "sdn_advanced.xml").write_text(text)
    loaded = run("ofac", tmp_path)
    assert loaded.values("group:ofac-27307", "name") == ["LAZARUS GROUP"]
    assert loaded.values("sanction:ofac-27307", "listed") == ["2019-09-13"]


@pytest.mark.parametrize(
    ("text", "message"),
    [("<a/>", "is no list of OFAC's"), ("<Sanctions>", "cannot be read as XML"),
     ("", "cannot be read as XML"), ("<sanctionsData/>", "at least 1 expected")],
)  # fmt: skip
def test_xml_that_is_no_list_is_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "sdn.xml").write_text(text)
    with pytest.raises(InputError, match=message):
        run("ofac", tmp_path)
