"""FollowTheMoney: edges before their ends, strict properties, unknown asserters."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from kg.base.errors import InputError
from kg.graph.link import dangling
from tests.loaders.loading import DATA, Loaded, run

FILE = DATA / "ftm" / "synthetic.ftm.json"


@pytest.fixture(scope="module")
def few() -> Loaded:
    return run("ftm", FILE)


@pytest.mark.parametrize(
    ("subject", "predicate", "values"),
    [
        ("person:ftm-syn-person-1", "name", ["Synthetic Person One"]),
        ("person:ftm-syn-person-1", "alias", ["Person One, Synthetic", "synone"]),
        ("person:ftm-syn-person-1", "nationality", ["PRK"]),
        ("person:ftm-syn-person-1", "record", ["ftm:syn-person-1"]),
        ("organization:ftm-syn-company-1", "OWNED_BY", ["person:ftm-syn-person-1"]),
        ("organization:ftm-syn-company-1", "LINKED_TO", ["agency:ftm-syn-body-1"]),
        ("agency:ftm-syn-body-1", "country", ["PRK"]),
        ("vessel:ftm-syn-vessel-1", "former_flag", ["PAN"]),
        ("aircraft:ftm-syn-plane-1", "registration", ["SY-NTH"]),
        ("sanction:ftm-syn-sanction-1", "programme", ["SYN1"]),
        ("person:ftm-syn-person-1", "REPRESENTS", ["state:PRK"]),
    ],
)
def test_entities_are_what_they_are(
    few: Loaded, subject: str, predicate: str, values: list[str]
) -> None:
    assert few.values(subject, predicate) == values


def test_a_sanction_is_what_its_authority_says(few: Loaded) -> None:
    claims = few.claims(subject="sanction:ftm-syn-sanction-1")
    assert set(claims["asserter"]) == {"agency:ftm-synthetic-treasury"}
    designates = claims.filter(predicate="DESIGNATES").row(0, named=True)
    assert designates["object"] == "person:ftm-syn-person-1"


def test_who_says_the_rest_is_unknown_and_stays_so(few: Loaded) -> None:
    claim = few.claims(predicate="OWNED_BY").row(0, named=True)
    assert claim["asserter"] is None
    assert claim["document"] == "document:ftm-synthetic-list"


def test_a_post_that_speaks_for_a_state_is_dated(few: Loaded) -> None:
    claim = few.claims(predicate="REPRESENTS").row(0, named=True)
    assert (claim["valid_from"].year, claim["valid_to"].year) == (2012, 2014)
    assert json.loads(claim["qualifiers"]) == {"office": "Synthetic Premier"}


@pytest.mark.parametrize(
    ("field", "value", "line"),
    [
        ("shoeSize", "44", 2),
        ("manufactured", "1999-13-40", 6),
        ("object", "syn-nobody", 11),
        ("schema", "CryptoWallet", 12),
    ],
)
def test_what_is_not_understood_is_reported_with_its_line(
    few: Loaded, field: str, value: str, line: int
) -> None:
    (problem,) = few.warned(field)
    assert problem.value == value
    assert problem.place == f"{FILE}:{line}"


def test_a_value_that_does_not_parse_stays_visible_as_text(few: Loaded) -> None:
    claim = few.claims(predicate="manufactured").row(0, named=True)
    assert (claim["value"], claim["valid_from"]) == ("1999-13-40", None)


def test_zipped_and_split_files_give_the_same(few: Loaded, tmp_path: Path) -> None:
    lines = FILE.read_bytes().splitlines(keepends=True)
    (tmp_path / "a.ftm.json.gz").write_bytes(gzip.compress(b"".join(lines[:5])))
    (tmp_path / "b.ftm.json").write_bytes(b"".join(lines[5:]))
    assert set(run("ftm", tmp_path).frame["id"]) == set(few.frame["id"])


def test_ids_that_differ_in_capitals_stay_two(tmp_path: Path) -> None:
    entity = {"schema": "Person", "properties": {"name": ["Synth"]}}
    file = tmp_path / "a.jsonl"
    file.write_text("\n".join(json.dumps({"id": id, **entity}) for id in ("NK-aB", "NK-Ab")))
    assert run("ftm", file).count("person") == 2


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "broken JSON"),
        ("[]", "no FollowTheMoney entity"),
        ('{"id": "a", "schema": "Person"}', "needs `id`, `schema` and `properties`"),
        ('{"id": 5, "schema": "Person", "properties": {}}', r"id: text is wanted \(got '5'\)"),
        ('{"id": "a", "schema": ["Person"], "properties": {}}', "schema: text is wanted"),
        ('{"id": "a", "schema": "Person", "caption": 1, "properties": {}}', "caption: text is"),
        ('{"id": "a", "schema": "Person", "datasets": [1], "properties": {}}', "datasets: a list"),
        ('{"id": "a", "schema": "Person", "properties": []}', "properties: .*an object is wanted"),
        ("[" * 200_000, "nests too deep"),
        ('{"id": "a", "schema": "Person", "properties": {"name": ["\\ud83d"]}}',
         r"properties\.name\[0\]: holds half a character"),
    ],
)  # fmt: skip
def test_a_broken_line_is_refused_with_its_number(tmp_path: Path, line: str, message: str) -> None:
    file = tmp_path / "a.jsonl"
    file.write_text("\n" + line)
    with pytest.raises(InputError, match=message) as error:
        run("ftm", file)
    assert error.value.problems[0].place == f"{file}:2"


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "a.jsonl.gz"
    file.write_bytes(gzip.compress(FILE.read_bytes())[:-20])
    with pytest.raises(InputError, match="cannot be read"):
        run("ftm", file)


def test_nothing_points_at_an_entity_that_is_not_declared(few: Loaded) -> None:
    assert dangling(few.frame) == []


# ------------------------------------------------------------------ one id in several files


def entities(file: Path, *given: dict[str, object]) -> Path:
    file.write_text("\n".join(map(json.dumps, given)))
    return file


def person(id: str, caption: str | None = None, **properties: list[str]) -> dict[str, object]:
    return {"id": id, "schema": "Person", "caption": caption, "properties": properties}


def test_one_id_under_two_captions_keeps_both_in_any_order(tmp_path: Path) -> None:
    one = entities(tmp_path / "1.jsonl", person("a", "Synth One"))
    other = entities(tmp_path / "2.jsonl", person("a", "One, Synth"), person("a"))
    loads = [run("ftm", one, other), run("ftm", other, one)]
    for loaded in loads:
        assert loaded.values("person:ftm-a", "name") == ["One, Synth"]
        assert loaded.values("person:ftm-a", "alias") == ["Synth One"]
    assert set(loads[0].frame["id"]) == set(loads[1].frame["id"])


def test_ids_that_differ_in_a_blank_stay_two(tmp_path: Path) -> None:
    ids = ("a b", "a-b", "a%20b")
    assert run("ftm", entities(tmp_path / "a.jsonl", *map(person, ids))).count("person") == 3


# ------------------------------------------------------------------ sanctions


def test_a_sanction_that_ended_has_ended(tmp_path: Path) -> None:
    said = {"entity": ["a"], "authority": ["Synth"], "startDate": ["2014"], "endDate": ["2016-05"],
            "unscId": ["us"], "entityCount": ["1"]}  # fmt: skip
    sanction: dict[str, object] = {"id": "s", "schema": "Sanction", "properties": said}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), sanction))
    for predicate in ("DESIGNATES", "IMPOSED_BY"):
        (valid,) = loaded.claims(predicate=predicate)["valid"]
        assert valid == "2014/2016-05"
    assert loaded.values("sanction:ftm-s", "occurred") == ["2014"]
    assert loaded.notes["properties not loaded: unscId"] == 1
    assert "properties not loaded: endDate" not in loaded.notes
    assert [problem.field for problem in loaded.warnings] == ["entityCount"]


def test_what_an_edge_says_beyond_its_ends_is_not_lost_in_silence(tmp_path: Path) -> None:
    said = {"owner": ["a"], "asset": ["c"], "percentage": ["51"], "recordId": ["9"]}
    edge: dict[str, object] = {"id": "o", "schema": "Ownership", "properties": said}
    company = {**person("c", "C"), "schema": "Company"}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", edge, person("a", "A"), company))
    assert [problem.field for problem in loaded.warnings] == ["percentage"]
    assert loaded.notes["properties not loaded: recordId"] == 1


@pytest.mark.parametrize("publisher", [["Day"], ["Nobody Here"], ["Twice"], []])
def test_what_our_own_export_says_is_nobody_else_s_word(
    tmp_path: Path, publisher: list[str]
) -> None:
    said = {"subject": ["a"], "object": ["b"], "recordId": ["claim:1"], "date": ["2018-01-01"],
            "publisher": publisher}  # fmt: skip
    link: dict[str, object] = {"id": "u", "schema": "UnknownLink", "properties": said}
    things = [person("a", "A"), person("b", "Day"), person("c", "Twice"), person("d", "Twice")]
    file = entities(tmp_path / "a.jsonl", *things, link)
    (tmp_path / "source.yaml").write_text(
        "{name: relay, format: ftm, licence: x, date: 2020-01-01, "
        "asserter: {id: organization:relay, name: Relay}}",
        encoding="utf-8",
    )
    loaded = run("ftm", file)
    columns = ("asserter", "asserted", "asserted_basis")
    (row,) = loaded.claims(predicate="LINKED_TO").select(columns).rows()
    assert row == ("person:ftm-b" if publisher == ["Day"] else None, "2018-01-01", None)
    assert len(loaded.warned("publisher")) == (publisher not in (["Day"], []))


def test_whom_a_sanction_designates_is_the_word_of_who_said_so_in_our_own_export(
    tmp_path: Path,
) -> None:
    """Who imposes it may have said nothing: a newspaper did."""
    said = sanction(entity=["a"], authority=["Treasury"], program=["X"], publisher=["Press"],
                    recordId=["claim:1"], date=["2018-01-01"])  # fmt: skip
    press = {**person("p", "Press"), "schema": "Organization"}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), press, said))
    whose = loaded.claims().select("predicate", "asserter").sort("predicate").rows()
    assert whose == [
        ("DESIGNATES", "organization:ftm-p"), ("IMPOSED_BY", None), ("programme", None),
    ]  # fmt: skip
    assert not [note for note in loaded.notes if "publisher" in note or "recordId" in note]


def test_an_authority_that_is_not_known_is_none(tmp_path: Path) -> None:
    said = {"entity": ["a"], "authority": ["Unknown"], "startDate": ["1970-01-01"]}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), sanction(**said)))
    assert loaded.claims(predicate="IMPOSED_BY").is_empty()
    assert loaded.claims(predicate="DESIGNATES").select("asserter", "valid").rows() == [
        (None, None)
    ]
    assert loaded.values("sanction:ftm-s", "occurred") == []


def sanction(**said: list[str]) -> dict[str, object]:
    return {"id": "s", "schema": "Sanction", "properties": said}


def test_each_authority_imposes_it_and_the_rest_is_nobody_s(tmp_path: Path) -> None:
    said = {"entity": ["a"], "authority": ["Finance", "Justice"], "program": ["P"]}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), sanction(**said)))
    bodies = ["agency:ftm-finance", "agency:ftm-justice"]
    assert loaded.values("sanction:ftm-s", "IMPOSED_BY") == bodies
    designates = loaded.claims(predicate="DESIGNATES")
    assert sorted(designates["asserter"]) == bodies
    assert set(designates["statement"]) == {"ftm:s"}
    assert loaded.claims(predicate="programme")["asserter"].to_list() == [None]


@pytest.mark.parametrize(
    "printed", ["Ministry A; Ministry B", "Ministry A and Ministry B", "Ministry A\nMinistry B"]
)
def test_two_bodies_in_one_value_are_two(tmp_path: Path, printed: str) -> None:
    said = {"entity": ["a"], "authority": [printed]}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), sanction(**said)))
    bodies = ["agency:ftm-ministry-a", "agency:ftm-ministry-b"]
    assert loaded.values("sanction:ftm-s", "IMPOSED_BY") == bodies
    assert [loaded.values(body, "name") for body in bodies] == [["Ministry A"], ["Ministry B"]]


def test_ministries_of_two_states_that_are_called_alike_stay_two(tmp_path: Path) -> None:
    said = [{**sanction(entity=["a"], authority=["Finance and Trade"], country=[country]), "id": id}
            for id, country in (("s", "jp"), ("t", "ua"))]  # fmt: skip
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), *said))
    assert loaded.values("sanction:ftm-s", "IMPOSED_BY") == ["agency:ftm-finance-and-trade-jpn"]
    assert loaded.values("sanction:ftm-t", "IMPOSED_BY") == ["agency:ftm-finance-and-trade-ukr"]


def test_a_time_without_a_zone_is_a_day(tmp_path: Path) -> None:
    said = {"entity": ["a"], "startDate": ["2020-01-02T00:00:00"]}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), sanction(**said)))
    assert loaded.values("sanction:ftm-s", "occurred") == ["2020-01-02"]
    assert loaded.claims(predicate="DESIGNATES")["valid"].to_list() == ["2020-01-02/"]


def test_a_reason_is_no_law_and_listing_is_not_force(tmp_path: Path) -> None:
    said = {"entity": ["a"], "reason": ["It sells boats."], "listingDate": ["2020-02-03"],
            "startDate": ["2020-03-01", "2020-04-01"], "endDate": ["2021"]}  # fmt: skip
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), sanction(**said)))
    id = "sanction:ftm-s"
    assert loaded.values(id, "legal_basis") == []
    assert loaded.values(id, "description") == ["It sells boats."]
    assert loaded.values(id, "listed") == ["2020-02-03"]
    assert loaded.values(id, "occurred") == ["2020-03-01", "2020-04-01"]
    assert sorted(loaded.claims(predicate="DESIGNATES")["valid"]) == [
        "2020-03-01/2021", "2020-04-01/2021",
    ]  # fmt: skip


def test_ends_that_may_belong_to_either_start_belong_to_none(tmp_path: Path) -> None:
    said = {"entity": ["a"], "startDate": ["2014", "2018"], "endDate": ["2016", "2020"]}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", person("a", "A"), sanction(**said)))
    assert sorted(loaded.claims(predicate="DESIGNATES")["valid"]) == ["2014/", "2018/"]
    assert [problem.value for problem in loaded.warned("endDate")] == ["2016; 2020"]


# ------------------------------------------------------------------ where it comes from


def test_what_may_come_from_several_datasets_has_no_document(tmp_path: Path) -> None:
    both = {**person("a", "A", alias=["B"]), "datasets": ["zz", "aa"]}
    one = {**person("c", "C", alias=["D"]), "datasets": ["aa"]}
    loaded = run("ftm", entities(tmp_path / "a.jsonl", both, one))
    claims = loaded.claims(predicate="alias").sort("subject").select("document", "locator")
    assert claims.rows() == [(None, "a (in one or more of: aa, zz)"), ("document:ftm-aa", "c")]
    assert loaded.count("document") == 1


STATEMENTS = """canonical_id,entity_id,prop,prop_type,schema,value,dataset,lang,original_value,external,first_seen,last_seen,id
NK-1,aa-1,id,checksum,Person,aa-1,aa,,,f,,,1
NK-1,aa-1,name,name,Person,Ada Test,aa,,,f,,,2
NK-1,zz-9,alias,name,Person,A. Test,zz,,,f,,,3
NK-1,zz-9,alias,name,Person,Wikidata's Ada,zz,,,t,,,4
o-1,o-1,owner,entity,Ownership,zz-9,aa,,,f,,,5
o-1,o-1,asset,entity,Ownership,c-1,aa,,,f,,,6
c-1,c-1,name,name,Company,Test Boats,aa,,,f,,,7
,,name,name,,Lost,aa,,,f,,,8
"""  # noqa: E501


def test_statements_say_which_dataset_says_what(tmp_path: Path) -> None:
    file = tmp_path / "statements.csv"
    file.write_text(STATEMENTS)
    loaded = run("ftm", file)
    (alias,) = loaded.claims(predicate="alias").select("value", "document").rows()
    assert alias == ("A. Test", "document:ftm-zz")
    assert loaded.values("organization:ftm-c-1", "OWNED_BY") == ["person:ftm-NK-1"]
    assert loaded.claims(predicate="OWNED_BY")["document"].to_list() == ["document:ftm-aa"]
    (lost,) = loaded.warned("canonical_id")
    assert lost.place == f"{file}:9"


def test_a_delta_file_gives_what_was_added_and_tells_what_was_deleted(tmp_path: Path) -> None:
    lines: tuple[dict[str, object], ...]
    lines = ({"op": "ADD", "entity": person("a", "A")}, {"op": "MOD", "entity": person("b", "B")},
             {"op": "DEL", "entity": {"id": "c"}})  # fmt: skip
    loaded = run("ftm", entities(tmp_path / "entities.delta.json", *lines))
    assert loaded.count("person") == 2
    (problem,) = loaded.warned("op")
    assert "a delta file takes entities away" in problem.message


def test_what_is_nested_is_an_entity_of_its_own(tmp_path: Path) -> None:
    company = {**person("c", "Test Boats"), "schema": "Company"}
    owns = {"id": "o", "schema": "Ownership", "properties": {"asset": [company]}}
    listing = sanction(authority=["Finance"])
    nested = person("a", "Ada", sanctions=[listing], ownershipOwner=[owns])  # type: ignore[list-item]
    loaded = run("ftm", entities(tmp_path / "a.jsonl", {**nested, "datasets": ["aa"]}))
    assert loaded.values("sanction:ftm-s", "DESIGNATES") == ["person:ftm-a"]
    assert loaded.values("organization:ftm-c", "OWNED_BY") == ["person:ftm-a"]
    assert set(loaded.frame.filter(declared=False)["document"]) == {"document:ftm-aa"}
    assert loaded.warnings == []


def test_one_broken_line_is_left_out_and_told(tmp_path: Path) -> None:
    file = entities(tmp_path / "a.jsonl", person("a", "A"), person("b", "B"))
    file.write_text(file.read_text() + '\n{"id": "c", "schema": 5}\n{')
    loaded = run("ftm", file)
    assert loaded.count("person") == 2
    assert {problem.place for problem in loaded.warnings} == {f"{file}:3", f"{file}:4"}


def test_a_file_that_is_one_list_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([person("a", "A"), person("b", "B"), {"id": 5}], indent=1))
    loaded = run("ftm", file)
    assert loaded.count("person") == 2
    assert [problem.place for problem in loaded.warnings] == [f"{file}#[2]"]


def test_a_table_of_something_else_beside_the_entities_is_left_out(tmp_path: Path) -> None:
    entities(tmp_path / "a.jsonl", person("a", "A"))
    (tmp_path / "targets.simple.csv").write_text("id,schema,name\na,Person,A\n")
    (tmp_path / "index.json").write_text('{\n "name": "aa"\n}\n')
    loaded = run("ftm", tmp_path)
    (problem,) = loaded.warnings
    assert problem.place == str(tmp_path / "index.json")
    assert "left out (2 times)" in problem.message
    with pytest.raises(InputError, match="there is no such column"):
        run("ftm", tmp_path / "targets.simple.csv")
