"""Tables by a mapping: CFR, CNS and PA-X without Python, and a new source as one folder."""

from __future__ import annotations

import gzip
import json
import re
import shutil
from pathlib import Path

import polars as pl
import pytest

from kg.base.errors import InputError
from kg.graph.link import dangling
from kg.loaders.kit.actors import actors
from kg.loaders.kit.mapping import Column
from kg.loaders.kit.reading import Audit
from kg.loaders.kit.sources import discover_sources
from tests.loaders import samples
from tests.loaders.loading import DATA, ROOT, Loaded, run

MAPPINGS = ROOT / "kg" / "loaders" / "mappings"


def shipped(name: str, folder: Path) -> Path:
    """A copy of a mapping that ships, with the synthetic rows beside it, as a user makes it."""
    shutil.copy(MAPPINGS / name / "source.yaml", folder)
    for file in (DATA / name).iterdir():
        shutil.copy(file, folder)
    return folder


# ------------------------------------------------------------------ CFR, CNS, PA-X

CAFE = "incident:cfr-synthetic-targeting-of-cafe-registries"


@pytest.fixture
def cfr(tmp_path: Path) -> Loaded:
    return run("table", shipped("cfr", tmp_path))


def test_cfr_lists_come_apart_and_free_text_countries_are_states(cfr: Loaded) -> None:
    assert cfr.values(CAFE, "ATTRIBUTED_TO") == [
        "group:cfr-synbear", "group:cfr-synpanda", "state:PRK",
    ]  # fmt: skip
    assert cfr.values(CAFE, "TARGETED") == [
        "organization:cfr-synthetic-mail", "organization:cfr-synthetic-registry",
    ]  # fmt: skip
    assert cfr.values(CAFE, "disclosed") == ["2019-01-05"]
    assert cfr.values(CAFE, "occurred") == []
    claim = cfr.claims(subject=CAFE, predicate="ATTRIBUTED_TO", object="state:PRK")
    assert claim.row(0, named=True)["asserter"] == "organization:cfr"


def test_cfr_responses_lose_the_address_that_is_glued_on(cfr: Loaded) -> None:
    (text,) = cfr.values(CAFE, "description")
    assert "Response: Denouncement. Affiliations" in text


def test_cfr_bytes_that_are_not_utf8_spoil_only_their_line(cfr: Loaded) -> None:
    assert cfr.values(CAFE, "name") == ["SYNTHETIC Targeting of café registries"]
    other = "incident:cfr-synthetic-offentliche-wipe"
    assert cfr.values(other, "name") == ["SYNTHETIC Öffentliche wipe"]
    assert [p.place.rpartition(":")[2] for p in cfr.warnings if "cp1252" in p.message] == ["2"]


def test_cfr_values_that_do_not_parse_are_seen(cfr: Loaded) -> None:
    dates = cfr.claims(subject="incident:cfr-synthetic-without-a-sponsor", predicate="disclosed")
    assert dates.select("value", "valid_from").row(0) == ("13/1/2018", None)
    assert {problem.value for problem in cfr.warned("Sponsor")} == {"Freedonia"}
    assert cfr.values("incident:cfr-synthetic-strange-sponsor", "ATTRIBUTED_TO") == []


def test_cns_tests_of_one_day_stay_apart(tmp_path: Path) -> None:
    cns = run("table", shipped("cns", tmp_path))
    assert cns.values("incident:cns-1984-04-2", "occurred") == ["1984-04"]
    outcomes = cns.claims(predicate="outcome").select("subject", "value").sort("subject").rows()
    assert outcomes == [
        ("incident:cns-1984-04-2", "success"),
        ("incident:cns-2017-07-04-3", "failure"),
        ("incident:cns-2017-07-04-4", "unknown"),
    ]
    assert cns.values("incident:cns-2017-07-04-4", "name") == [
        "Test of an unknown missile, 2017-07-04"
    ]
    assert cns.warnings == []


def test_pax_comes_from_a_workbook(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    pax = run("table", shipped("pax", tmp_path))
    assert pax.values("agreement:pax-2", "occurred") == ["2018-06-12"]
    assert pax.values("agreement:pax-1", "stage") == ["SubComp"]
    assert pax.count("agreement") == 2


# ------------------------------------------------------------------ a source of one's own

SOURCE = """name: pets
format: table
licence: CC0
table:
  asserter: organization:census
  columns:
    states: {split: ";", country: true}
  entities:
    "organization:census": Census
    "group:pets-{name|slug}": {name: "{name}", located_in: "state:{states}"}
    "state:{states}": "{states|country}"
  claims:
    - ["group:pets-{name|slug}", first_seen, "{seen}", {hedge: "{how}"}]
    - says: ["group:pets-{name|slug}", status, "{status}"]
      when: {status: [active]}
    - denies: ["group:pets-{name|slug}", ATTRIBUTED_TO, "state:{states}"]
      when: how
"""
ROWS: list[dict[str, str | None]] = [
    {"name": "Grey Cat", "states": "France; North Korea", "seen": "2014", "how": "about",
     "status": "active"},
    {"name": "Red Fox", "states": None, "seen": "2015-03", "how": None, "status": "over"},
]  # fmt: skip


def folder_with(folder: Path, source: str = SOURCE) -> Path:
    (folder / "source.yaml").write_text(source)
    return folder


def write(folder: Path, kind: str) -> None:
    frame = pl.DataFrame(ROWS)
    match kind:
        case "csv":
            frame.write_csv(folder / "rows.csv")
        case "csv.gz":
            (folder / "rows.csv.gz").write_bytes(gzip.compress(frame.write_csv().encode()))
        case "tsv":
            frame.write_csv(folder / "rows.tsv", separator="\t")
        case "jsonl":
            lists = [{**row, "states": (row["states"] or "").split("; ")} for row in ROWS]
            filled = [{key: value for key, value in row.items() if value} for row in lists]
            (folder / "rows.jsonl").write_text("\n".join(map(json.dumps, filled)))
        case "parquet":
            frame.write_parquet(folder / "rows.parquet")


@pytest.mark.parametrize("kind", ["csv", "csv.gz", "tsv", "jsonl", "parquet"])
def test_a_new_source_is_one_folder_in_any_of_the_formats(tmp_path: Path, kind: str) -> None:
    write(folder_with(tmp_path), kind)
    pets = run("table", tmp_path)
    assert pets.values("group:pets-grey-cat", "LOCATED_IN") == ["state:FRA", "state:PRK"]
    assert pets.values("group:pets-red-fox", "LOCATED_IN") == []
    seen = pets.claims(predicate="first_seen").select("value", "hedge", "asserter").sort("value")
    assert seen.rows() == [
        ("2014", "about", "organization:census"),
        ("2015-03", None, "organization:census"),
    ]
    assert pets.values("group:pets-grey-cat", "status") == ["active"]
    assert pets.values("group:pets-red-fox", "status") == []
    denied = pets.claims(negative=True)["object"].to_list()
    assert sorted(denied) == ["state:FRA", "state:PRK"]
    assert [info.name for info in discover_sources([tmp_path])] == ["pets"]
    assert pets.warnings == []


def test_another_spelling_of_a_name_is_kept_as_an_alias(tmp_path: Path) -> None:
    rows = pl.DataFrame([*ROWS, {**ROWS[0], "name": "GREY-CAT", "seen": "2016"}])
    rows.write_csv(folder_with(tmp_path) / "rows.csv")
    pets = run("table", tmp_path)
    assert pets.values("group:pets-grey-cat", "name") == ["Grey Cat"]
    assert pets.values("group:pets-grey-cat", "alias") == ["GREY-CAT"]
    assert set(pets.claims(predicate="alias")["asserter"]) == {"organization:census"}


def test_a_column_that_is_neither_used_nor_ignored_is_reported_once(tmp_path: Path) -> None:
    pl.DataFrame(ROWS).with_columns(weight=pl.lit("9"), note=pl.lit("x")).write_csv(
        folder_with(tmp_path, SOURCE + "  ignore: [not*]\n") / "rows.csv"
    )
    (problem,) = run("table", tmp_path).warnings
    assert (problem.field, problem.place) == ("weight", f"{tmp_path / 'rows.csv'}:2")
    assert "(2 times)" in problem.message


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("{seen}", "{sen}", 13, "no such column.*did you mean 'seen'"),
        ("  claims:", "  claim:", 12, "no word of a table mapping.*did you mean 'claims'"),
        ("{split:", "{splitt:", 7, "did you mean 'split'"),
        ("first_seen", "first_sen", 13, "no such predicate for a Group.*'first_seen'"),
        ('"group:pets-{name|slug}": {', '"grup:{name|slug}": {', 10, "not an entity id.*'group:'"),
        ("{name|slug}", "{name|slugg}", 10, "no such filter.*did you mean 'slug'"),
        ('name: "{name}"', 'name: "{name}", description: "{how}"', 2, "is claimed, not declared"),
        ("{seen}", "{states}", 13, None),
        ("hedge:", "hegde:", 13, "is no field of first_seen claims.*did you mean 'hedge'"),
        ("when: how", "colective: true", 17, "is no field of ATTRIBUTED_TO.*'collective'"),
        ("when: how", "when: hwo", 17, "no such column in rows.csv.*did you mean 'how'"),
        ("country: true", "date: '%Q'", 7, "date: must be a strptime form.*'%Q'"),
        ("country: true", "date: '%d %d'", 7, "date: must be a strptime form"),
        ("country: true", "country: yes", 7, "country: must be true or false"),
        ("country: true", "map: {a: [b]}", 7, "map: must be a mapping of text to text"),
        ("country: true", "map: abc", 7, "map: must be a mapping of text to text"),
        ("country: true", "match: '('", 7, "is no regular expression"),
        ('{split: ";", country: true}', "abc", 7, "states: must be a mapping such as"),
        ("columns:\n    states: {", "columns: abc\n  #", 6, "columns: must be a mapping"),
        ("  columns:", "  null: abc\n  columns:", 6, "null: must be a list of texts"),
        ("  columns:", "  delimiter: ;;\n  columns:", 6, "delimiter: must be one character"),
        ("  columns:", "  encoding: utf-9\n  columns:", 6, "encoding: must be an encoding"),
        ("first_seen,", "[first_seen],", 13, "must be .subject, predicate, object or value."),
        (
            'name: "{name}"',
            'name: "{name}", plaec: x',
            10,
            "plaec: this property of a Group is unk",
        ),
        ("located_in:", "locatd_in:", 10, "did you mean 'located_in'"),
        (
            'name: "{name}"',
            'name: "{name}", place: x',
            10,
            "place: this property of a Group is unk",
        ),
        ('first_seen, "{seen}", {hedge', '"{seen}", "{seen}", {place', 13, "place: is no field"),
        ("hedge:", "place:", 13, "place: is no field of first_seen claims"),
        ('": Census', '": [Census]', 9, "must be a name, or a mapping"),
        ('name: "{name}"', 'name: ["{name}"]', 10, "name: must be one text"),
    ],
)
def test_a_mistake_in_the_mapping_says_where(
    tmp_path: Path, old: str, new: str, line: int, message: str | None
) -> None:
    write(folder_with(tmp_path, SOURCE.replace(old, new)), "csv")
    if message is None:  # one list in a claim is fine: the claim is made for each item
        assert run("table", tmp_path).claims(predicate="first_seen").height == 2
        return
    with pytest.raises(InputError, match=message) as error:
        run("table", tmp_path)
    assert error.value.problems[0].place.endswith(f":{line}")


def test_two_lists_in_one_claim_are_refused(tmp_path: Path) -> None:
    source = SOURCE.replace("    states: {", '    how: {split: ";"}\n    states: {')
    write(folder_with(tmp_path, source.replace("{seen}", "{states} {how}")), "csv")
    with pytest.raises(InputError, match="pair each with each") as error:
        run("table", tmp_path)
    assert "states × how" in {problem.field for problem in error.value.problems}


def test_each_mistake_is_told_once_and_before_the_rows(tmp_path: Path) -> None:
    source = SOURCE.replace("{seen}", "{sen}").replace("{status}", "{statsu}")
    folder_with(tmp_path, source)
    (tmp_path / "rows.csv").write_text("name,states,seen,how,status\nthis row is short\n")
    with pytest.raises(InputError) as error:
        run("table", tmp_path)
    mapping = tmp_path / "source.yaml"
    assert [(p.place, p.field, p.near) for p in error.value.problems] == [
        (f"{mapping}:13", "sen", ("seen",)), (f"{mapping}:14", "statsu", ("status", "states")),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "content"), [("rows.csv", "name,states,seen,how,status\n"), ("rows.jsonl", "\n")]
)
def test_a_table_without_rows_is_told_and_misses_no_column(
    tmp_path: Path, name: str, content: str
) -> None:
    (folder_with(tmp_path) / name).write_text(content)
    (problem,) = run("table", tmp_path).warnings
    assert (problem.place, problem.message) == (str(tmp_path / name), "holds no row")


def test_an_item_of_a_real_list_is_not_split_again(tmp_path: Path) -> None:
    source = """name: pets
format: table
licence: CC0
table:
  "null": [none]
  columns: {also: {split: ";", map: {x: y}, match: "[^!]+"}}
  entities: {"group:pets-{name|slug}": "{name}"}
  claims: [["group:pets-{name|slug}", alias, "{also}"]]
"""
    rows = [{"name": "Cat", "also": ["a; b", "none", " x ", "c\0d!", "", 5]},
            {"name": "Fox", "also": ["only; one"]},
            {"name": "Owl", "also": "in; text"}]  # fmt: skip
    (folder_with(tmp_path, source) / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    pets = run("table", tmp_path)
    assert pets.values("group:pets-cat", "alias") == ["5", "a; b", "cd", "y"]
    assert pets.values("group:pets-fox", "alias") == ["only; one"]
    assert pets.values("group:pets-owl", "alias") == ["in", "text"]


@pytest.mark.parametrize("name", ["rows.parquet.gz", "rows.xlsx.gz"])
def test_what_is_no_text_format_must_be_unzipped_first(tmp_path: Path, name: str) -> None:
    (folder_with(tmp_path) / name).write_bytes(gzip.compress(b"PAR1"))
    with pytest.raises(InputError, match=r"is for text formats.*unzip it first") as error:
        run("table", tmp_path)
    assert error.value.problems[0].place == str(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("rows.jsonl", b"[" * 200_000, r"rows\.jsonl:1: nests too deep"),
        ("rows.jsonl", b'{"name": "\\ud83d"}', r"rows\.jsonl:1: name: holds half a character"),
        ("rows.csv", b"", r"rows\.csv:1: the file is empty"),
        ("rows.csv", b"name,name\n", "column named twice: name"),
        ("rows.csv", b'name,states,seen,how,status\na,"b\n', r"rows\.csv:2: broken CSV"),
        ("rows.csv", b"name,states,seen,how,status\na\n", r"rows\.csv:2: has 1 fields where 5"),
        ("rows.csv", b"name,states,seen,how,status\n\xff,,,,\n", r"rows\.csv:2: is not utf-8"),
        ("rows.jsonl", b"[]\n{}\n[]", r"rows\.jsonl:\d: "),
        ("rows.jsonl", b'{"name": ', r"rows\.jsonl:1: broken JSON"),
        ("rows.parquet", b"PAR1", "cannot be read as Parquet"),
        ("rows.xlsx", b"PK", "cannot be read as Excel"),
        ("rows.txt", b"", r"no \.csv or"),
    ],
)
def test_bad_data_is_refused_with_its_place(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (folder_with(tmp_path) / name).write_bytes(content)
    with pytest.raises(InputError, match=message):
        run("table", tmp_path)


def test_data_that_is_not_there_yet_says_where_users_get_it(tmp_path: Path) -> None:
    shutil.copy(MAPPINGS / "cfr" / "source.yaml", tmp_path)
    with pytest.raises(InputError, match=r"users get it at https://www\.cfr\.org"):
        run("table", tmp_path)


def test_a_folder_without_a_mapping_is_refused(tmp_path: Path) -> None:
    write(tmp_path, "csv")
    with pytest.raises(InputError, match=r"needs a source\.yaml"):
        run("table", tmp_path)


def test_the_example_of_the_docs_loads_as_it_says(tmp_path: Path) -> None:
    page = (ROOT / "docs" / "loaders.md").read_text(encoding="utf-8")
    for name, language in (("raids.csv", "csv"), ("source.yaml", "yaml")):
        (block,) = re.findall(rf"```{language}\n(.*?)```", page, re.DOTALL)
        (tmp_path / name).write_text(block)
    raids = run("table", tmp_path)
    assert raids.values("incident:raid-1", "ATTRIBUTED_TO") == [
        "group:raid-paper-crane", "group:raid-rival-crew", "state:PRK",
    ]  # fmt: skip
    hedged = raids.claims(object="group:raid-rival-crew").row(0, named=True)
    assert (hedged["hedge"], hedged["asserter"]) == ("probably", "organization:raid-watch")
    assert raids.values("incident:raid-1", "occurred") == ["2021-03-02"]
    assert raids.values("incident:raid-2", "ATTRIBUTED_TO") == []
    assert [problem.value for problem in raids.warnings] == ["Freedonia"]


def test_nothing_points_at_an_entity_that_is_not_declared(cfr: Loaded) -> None:
    assert dangling(cfr.frame) == []


# ------------------------------------------------------------------ what is not what it should be

WRONG_WORDS = {
    "publisher: {id: {a: b}, name: X}": "publisher",
    "publisher: {id: organization:x, name: [X]}": "publisher",
    "publisher: {id: organization:x, name: X, located_in: {to: {a: b}}}": "publisher",
    "publisher: {id: organization:x, name: X, place: here}": "publisher",
    "asserter: [a]": "asserter",
    "asserter: {name: X}": "asserter",
    "date: '{day}'": "date",
    "date: [2019]": "date",
    "date: {day}": "date",
    "ship: perhaps": "ship",
    "url: {a: b}": "url",
    "files: {a: b}": "files",
    "files: [[a]]": "files",
    "checks: some": "checks",
    "checks: {minimum: [1]}": "checks",
    "checks: {filled: {Incident: 1}}": "checks",
}
"""A line of `source.yaml` → the key that is told with its line."""


@pytest.mark.parametrize("line", WRONG_WORDS)
def test_each_word_of_a_source_is_checked_with_its_line(tmp_path: Path, line: str) -> None:
    key = WRONG_WORDS[line]
    text = samples.MAPPING.splitlines()
    number = next((n for n, old in enumerate(text) if old.startswith(f"{key}:")), None)
    assert number is not None
    text[number] = line
    (tmp_path / "source.yaml").write_text("\n".join(text), encoding="utf-8")
    (tmp_path / "raids.csv").write_bytes(samples.ALL["table csv"]["raids.csv"])
    with pytest.raises(InputError) as error:
        run("table", tmp_path)
    (problem,) = error.value.problems
    assert (problem.place, problem.field) == (f"{tmp_path}/source.yaml:{number + 1}", key)


@pytest.mark.parametrize(
    ("form", "printed", "day"),
    [("%d.%m.%Y", "03.02.2021", "2021-02-03"), ("%m/%Y", "02/2021", "2021-02"),
     ("%b %Y", "Feb 2021", "2021-02"), ("year %Y", "year 2021", "2021"),
     ("%Y-%j", "2021-034", "2021-02-03")],
)  # fmt: skip
def test_a_date_is_as_exact_as_its_form(tmp_path: Path, form: str, printed: str, day: str) -> None:
    mapping = samples.MAPPING.replace("%d.%m.%Y", form)
    (tmp_path / "source.yaml").write_text(mapping, encoding="utf-8")
    rows = samples.ALL["table csv"]["raids.csv"].replace(b"03.02.2021", printed.encode())
    (tmp_path / "raids.csv").write_bytes(rows)
    assert run("table", tmp_path).values("incident:raid-1", "occurred") == [day]


@pytest.mark.parametrize("form", ["%d.%m.", "{day}", "%H:%M"])
def test_a_form_of_dates_tells_the_year(tmp_path: Path, form: str) -> None:
    mapping = samples.MAPPING.replace("%d.%m.%Y", form)
    (tmp_path / "source.yaml").write_text(mapping, encoding="utf-8")
    (tmp_path / "raids.csv").write_bytes(samples.ALL["table csv"]["raids.csv"])
    with pytest.raises(InputError, match=r"source\.yaml:22: date: must be a strptime form with"):
        run("table", tmp_path)


@pytest.mark.parametrize("name", ["utf-9", "base64", "rot13", "undefined", '"utf\\0"'])
def test_an_encoding_that_makes_no_text_is_refused(tmp_path: Path, name: str) -> None:
    mapping = samples.MAPPING.replace("encoding: [utf-8, cp1252]", f"encoding: [utf-8, {name}]")
    (tmp_path / "source.yaml").write_text(mapping, encoding="utf-8")
    (tmp_path / "raids.csv").write_bytes(samples.ALL["table csv"]["raids.csv"])
    with pytest.raises(InputError, match=r"source\.yaml:14: encoding: must be an encoding"):
        run("table", tmp_path)


def test_a_triple_of_four_ends_in_a_mapping(tmp_path: Path) -> None:
    mapping = samples.MAPPING.replace("{valid_basis: stated}", "stated")
    (tmp_path / "source.yaml").write_text(mapping, encoding="utf-8")
    (tmp_path / "raids.csv").write_bytes(samples.ALL["table csv"]["raids.csv"])
    with pytest.raises(InputError, match=r"source\.yaml:\d+: claims: must be \[subject"):
        run("table", tmp_path)


def test_a_parquet_file_that_ends_early_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A page that is damaged makes the reader stop between two batches, and say nothing.
    whole = pl.LazyFrame.collect_batches
    monkeypatch.setattr(
        pl.LazyFrame, "collect_batches", lambda *given, **how: [next(iter(whole(*given))).head(1)]
    )
    for name, content in samples.ALL["table parquet"].items():
        (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=r"raids\.parquet: is damaged: 1 of its 3 rows"):
        run("table", tmp_path)


# ------------------------------------------------------------------ what cells mean

RAIDS = """name: raids
format: table
licence: CC0
table:
  asserter: organization:watch
  columns: {day: {date: ["%d.%m.%Y", "%b %Y", excel]}, who: {split: [";", " and "]}, states: {country: true, split: ","}}
  entities:
    "organization:watch": Watch
    "incident:raid-{what|slug}": {name: "{what}", category: cyber}
    "group:raid-{who|slug}": "{who}"
    "state:{states}": "{states|country}"
  claims:
    - ["incident:raid-{what|slug}", occurred, "{day}"]
    - ["incident:raid-{what|slug}", status, "{status}"]
    - ["incident:raid-{what|slug}", ATTRIBUTED_TO, "group:raid-{who|slug}", {collective: "{who|several}"}]
    - ["incident:raid-{what|slug}", ATTRIBUTED_TO, "state:{states}", {collective: "{states|several}"}]
"""  # noqa: E501
HEAD = "day,what,who,states,status"


def raids(folder: Path, *rows: str, head: str = HEAD, encoding: str = "utf-8") -> Loaded:
    (folder / "source.yaml").write_text(RAIDS)
    (folder / "raids.csv").write_bytes("\n".join([head, *rows]).encode(encoding))
    return run("table", folder)


@pytest.mark.parametrize(
    ("form", "printed", "day"),
    [("%b %Y", "March 2019", "2019-03"), ("%B %Y", "Sept. 2019", "2019-09"),
     ("%d %B %Y", "3rd March 2019", "2019-03-03"), ("%d.%m.%Y", "03.02.2021 13:45", "2021-02-03"),
     ("%d.%m.%y", "03.02.2021", "2021-02-03"), ("%d.%m.%Y", "27.07.53", "1953-07-27"),
     ("%d.%m.%Y", "Q3 2019", "2019-35"), ("%d.%m.%Y", "2019-Q1", "2019-33"),
     ("excel", "2019", "2019"),
     ("%Y%m%d", "201912", "201912"), ("%Y%m%d", "2019", "2019"), ("%d%m%Y", "1122019", "1122019"),
     ("%Y-%m-%dT%H:%M:%S%z", "2019-01-01T01:00:00+09:00", "2018-12-31"),
     ("%d.%m.%Y", "43801", "43801"),
     ("%d.%m.%Y", "2019-01-01 23:00:00 UTC", "2019-01-01T23:00:00Z")],
)  # fmt: skip
def test_a_date_is_read_as_it_is_meant(form: str, printed: str, day: str) -> None:
    assert Column(date=(form,)).read("day", printed, "raids.csv:2", Audit()) == [day]


@pytest.mark.parametrize(
    ("printed", "day"),
    [("02.12.2019", "2019-12-02"), ("13.07.20", "2020-07-13"), ("Feb 2019", "2019-02"),
     ("43801", "2019-12-02"), ("2019-05", "2019-05"), ("2019-12-02 13:30", "2019-12-02"),
     ("soon", "soon")],
)  # fmt: skip
def test_a_date_may_have_one_of_several_forms(tmp_path: Path, printed: str, day: str) -> None:
    assert raids(tmp_path, f"{printed},Raid,,,").values("incident:raid-raid", "occurred") == [day]


@pytest.mark.parametrize("printed", ["01.01.1970", "31.12.9999", "unknown", "N/A", "-"])
def test_a_date_that_stands_for_none_is_none(tmp_path: Path, printed: str) -> None:
    loaded = raids(tmp_path, f"{printed},Raid,,,")
    assert loaded.values("incident:raid-raid", "occurred") == []
    (problem,) = loaded.warned("day")
    assert (problem.value, problem.place) == (printed, f"{tmp_path / 'raids.csv'}:2")


def test_a_date_that_two_forms_read_differently_is_told(tmp_path: Path) -> None:
    (tmp_path / "source.yaml").write_text(RAIDS.replace('"%b %Y"', '"%m.%d.%Y"'))
    (tmp_path / "raids.csv").write_text(f"{HEAD}\n03.02.2019,Raid,,,\n")
    loaded = run("table", tmp_path)
    assert loaded.values("incident:raid-raid", "occurred") == ["2019-02-03"]
    assert "and another by" in loaded.warned("day")[0].message


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [";", "\t"])
def test_a_file_in_wide_characters_is_read(tmp_path: Path, encoding: str, delimiter: str) -> None:
    named = encoding if encoding in ("utf-16-le", "utf-16-be") else "utf-8"
    (tmp_path / "source.yaml").write_text(RAIDS.replace("table:", f"table:\n  encoding: {named}"))
    text = f'{HEAD}\r\n43801,"Überfall, nachts",Grüne Möwe,,\u2028\r\n'.replace(",", delimiter)
    text = text.replace(f"Überfall{delimiter}", "Überfall,")
    (tmp_path / "raids.csv").write_bytes(text.encode(encoding))
    loaded = run("table", tmp_path)
    assert loaded.values("incident:raid-uberfall-nachts", "name") == ["Überfall, nachts"]
    assert loaded.values("group:raid-grune-mowe", "name") == ["Grüne Möwe"]


def test_a_column_may_have_a_name_that_is_longer_than_any_cell(tmp_path: Path) -> None:
    loaded = raids(tmp_path, "43801,Raid,Gulls,,,?", head=f"{HEAD},{'x' * 140_000}")
    assert loaded.values("group:raid-gulls", "name") == ["Gulls"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-be", "utf-32-le"])
def test_a_file_in_wide_characters_needs_no_mark(tmp_path: Path, encoding: str) -> None:
    loaded = raids(tmp_path, "43801,Überfall,Grüne Möwe,,", encoding=encoding)
    assert loaded.values("group:raid-grune-mowe", "name") == ["Grüne Möwe"]


def test_a_list_in_json_is_a_table_where_it_is_named(tmp_path: Path) -> None:
    numbered = '- ["incident:raid-{what|slug}", occurred, "{day}", {locator: "row {#}"}]'
    (tmp_path / "source.yaml").write_text(
        RAIDS.replace('- ["incident:raid-{what|slug}", occurred, "{day}"]', numbered)
    )
    row = {"day": "2019-12-02", "what": "Raid", "who": "Grüne Möwe", "states": None, "status": ""}
    file = tmp_path / "raids.json"
    file.write_text(json.dumps([row, {"what": "Quiet", "day": 2020}, 5]))
    loaded = run("table", file)
    assert loaded.values("group:raid-grune-mowe", "name") == ["Grüne Möwe"]
    assert loaded.values("incident:raid-quiet", "occurred") == ["2020"]
    assert loaded.claims(predicate="occurred")["locator"].to_list() == ["row 1", "row 2"]
    (told,) = (w for w in loaded.warnings if "must be a JSON object" in w.message)
    assert told.place == f"{file}#[2]"
    file.write_text(json.dumps({"rows": [row]}))
    with pytest.raises(InputError, match="a table in JSON is a list of objects"):
        run("table", file)


OTHER_SCRIPTS = {
    "cp1251": "Атака на завод,Медведь", "koi8_r": "Атака на завод,Медведь",
    "cp1253": "Επίθεση στο υπουργείο,Αρκούδα", "cp1256": "هجوم على وزارة الخارجية,الصحراء",
    "cp932": "外務省への攻撃,砂虫", "gb18030": "对外交部的攻击,沙虫",
    "cp949": "외교부 공격,모래벌레",
}  # fmt: skip


@pytest.mark.parametrize("ending", ["json", "jsonl"])
def test_a_table_in_json_is_read_in_the_encoding_that_is_named(tmp_path: Path, ending: str) -> None:
    (tmp_path / "source.yaml").write_text(RAIDS.replace("table:", "table:\n  encoding: cp1251"))
    what, who = OTHER_SCRIPTS["cp1251"].split(",")
    row = json.dumps(dict(zip(HEAD.split(","), ["2019", what, who, "", ""], strict=True)),
                     ensure_ascii=False)  # fmt: skip
    file = tmp_path / f"raids.{ending}"
    file.write_bytes((f"[{row}]" if ending == "json" else row).encode("cp1251"))
    assert run("table", file).claims(predicate="occurred")["subject_name"].to_list() == [what]


@pytest.mark.parametrize("encoding", OTHER_SCRIPTS)
@pytest.mark.parametrize("named", ["utf-8", "[utf-8, cp1252]", "[utf-8, cp1252, latin-1]"])
def test_a_file_in_another_encoding_is_refused_with_what_it_looks_like(
    tmp_path: Path, encoding: str, named: str
) -> None:
    (tmp_path / "source.yaml").write_text(RAIDS.replace("table:", f"table:\n  encoding: {named}"))
    row = f"43801,{OTHER_SCRIPTS[encoding]},,"
    (tmp_path / "raids.csv").write_bytes(f"{HEAD}\n{row}\n".encode(encoding))
    with pytest.raises(InputError, match=rf"raids\.csv:2: is not utf-8.* looks like .*{encoding}"):
        run("table", tmp_path)


@pytest.mark.parametrize(
    ("named", "told"), [("cp1252", True), ("latin-1", True), ("cp1251", False)]
)
def test_an_encoding_that_is_named_and_reads_wrongly_is_told(
    tmp_path: Path, named: str, told: bool
) -> None:
    (tmp_path / "source.yaml").write_text(RAIDS.replace("table:", f"table:\n  encoding: {named}"))
    text = f"{HEAD}\n43801,{OTHER_SCRIPTS['cp1251']},,\n"
    (tmp_path / "raids.csv").write_bytes(text.encode("cp1251"))
    wrong = [w for w in run("table", tmp_path).warnings if "looks like cp1251" in w.message]
    assert bool(wrong) is told


@pytest.mark.parametrize("name", ["Grüne Möwe", "Été à Orléans", "Żubr"])
def test_a_line_read_by_the_second_encoding_is_told(tmp_path: Path, name: str) -> None:
    named = "table:\n  encoding: [utf-8, cp1252]"
    (tmp_path / "source.yaml").write_text(RAIDS.replace("table:", named))
    encoding = "cp1252" if name.encode("cp1252", "ignore").decode("cp1252") == name else "cp1250"
    (tmp_path / "raids.csv").write_bytes(f"{HEAD}\n43801,Raid,{name},,\n".encode(encoding))
    (told,) = [w for w in run("table", tmp_path).warnings if "read as cp1252" in w.message]
    assert told.message.endswith("save the file as UTF-8")


@pytest.mark.parametrize(
    "text",
    ["{head}\n{row},\n", "{head},,\n{row},,\n", "{head},\n{row}\n", "\n\n{head}\n\n{row}\n,,,,\n",
     "sep=;\n{head}\n{row}\n", '{head}\n43801, "Raid", "Paper Crane", ,\n'],
)  # fmt: skip
@pytest.mark.parametrize("delimiter", [";", ","])
def test_what_spreadsheets_add_to_a_table_is_no_harm(
    tmp_path: Path, text: str, delimiter: str
) -> None:
    (tmp_path / "source.yaml").write_text(RAIDS)
    text = text.format(head=HEAD, row="43801,Raid,Paper Crane,,").replace(",", delimiter)
    (tmp_path / "raids.csv").write_text(text)
    loaded = run("table", tmp_path)
    assert loaded.values("incident:raid-raid", "ATTRIBUTED_TO") == ["group:raid-paper-crane"]
    assert loaded.values("incident:raid-raid", "occurred") == ["2019-12-02"]
    assert loaded.warnings == []


@pytest.mark.parametrize(
    ("printed", "hedge"),
    [("Turla (unconfirmed)", "unconfirmed"), ("Turla (low confidence)", "low confidence"),
     ("Turla - suspected", "suspected"), ("Turla [possible]", "possible"), ("Turla (?)", "?"),
     ("Possible Turla", "Possible"), ("most likely Turla", "most likely"),
     ("may be Turla", "may be"),
     ("widely believed to be Turla", "widely believed to be"),
     ("allegedly by Turla", "allegedly by"),
     ("believed by FireEye to be Turla", "believed by FireEye to be"), ("Turla", None),
     ("attributed with moderate confidence to Turla", "attributed with moderate confidence to")],
)  # fmt: skip
def test_a_hedge_beside_a_name_is_one(printed: str, hedge: str | None) -> None:
    (read,) = actors(printed)
    assert (read.name, read.hedge) == ("Turla", hedge)


@pytest.mark.parametrize(
    "printed",
    ["not Turla", "Probably not Turla", "No attribution", "under investigation", "possibly",
     "Chinese or Russian", "denied by Turla"],
)  # fmt: skip
def test_what_names_nobody_is_no_actor(printed: str) -> None:
    assert actors(printed) == []


def test_who_it_was_or_another_is_not_both_and_no_group(tmp_path: Path) -> None:
    loaded = raids(tmp_path, "43801,One,Turla or Rival Crew,Iran or Syria,",
                   "43801,Two,Turla (unconfirmed); Rival Crew,Iran & Syria,",
                   "43801,Three,,Trinidad and Tobago,")  # fmt: skip
    said = loaded.claims(predicate="ATTRIBUTED_TO").select(
        "subject", "object", "hedge", "collective"
    )
    either = {("group:raid-turla", "Turla or Rival Crew"), ("state:IRN", "Iran or Syria"),
              ("group:raid-rival-crew", "Turla or Rival Crew"),
              ("state:SYR", "Iran or Syria")}  # fmt: skip
    assert set(said.rows()) == {
        *(("incident:raid-one", who, hedge, None) for who, hedge in either),
        ("incident:raid-two", "group:raid-turla", "unconfirmed", True),
        ("incident:raid-two", "group:raid-rival-crew", None, True),
        ("incident:raid-two", "state:IRN", None, True),
        ("incident:raid-two", "state:SYR", None, True),
        ("incident:raid-three", "state:TTO", None, None),
    }
    assert loaded.count("group") == 2


def test_states_in_one_cell_are_several_without_a_word(tmp_path: Path) -> None:
    (tmp_path / "source.yaml").write_text(RAIDS.replace(', split: ","', ""))
    (tmp_path / "raids.csv").write_text(
        f"{HEAD}\n43801,Raid,,Iran/Syria,\n43801,Two,,likely Iran,\n"
    )
    loaded = run("table", tmp_path)
    assert loaded.values("incident:raid-raid", "ATTRIBUTED_TO") == ["state:IRN", "state:SYR"]
    assert loaded.claims(subject="incident:raid-two", object="state:IRN")["hedge"][0] == "likely"


def test_a_hedge_before_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    loaded = raids(tmp_path, "43801,Raid,Believed to be the work of Paper Crane,,",
                   "43801,Other,Rival Crew,,", "43801,Third,Uses similar tools as Rival Crew,,",
                   "43801,Fourth,possibly the Chinese government,,",
                   "43801,Fifth,Rival Crew?,,")  # fmt: skip
    said = loaded.claims(predicate="ATTRIBUTED_TO").select("subject", "object", "hedge")
    assert set(said.rows()) == {
        ("incident:raid-raid", "group:raid-paper-crane", "Believed to be the work of"),
        ("incident:raid-other", "group:raid-rival-crew", None),
        ("incident:raid-fourth", "state:CHN", "possibly"),
        ("incident:raid-fifth", "group:raid-rival-crew", "?"),
    }
    assert loaded.values("state:CHN", "name") == ["China"]
    assert loaded.count("group") == 2
    assert [problem.value for problem in loaded.warned("who")] == [
        "Uses similar tools as Rival Crew"
    ]


def test_several_who_are_blamed_are_blamed_together(tmp_path: Path) -> None:
    loaded = raids(tmp_path, '43801,Raid,Paper Crane; Rival Crew,"China, Russian Federation",',
                   '43801,Other,Paper Crane,"Korea, Republic of",')  # fmt: skip
    said = loaded.claims(predicate="ATTRIBUTED_TO").select("subject", "object", "collective")
    assert set(said.rows()) == {
        ("incident:raid-raid", "group:raid-paper-crane", True),
        ("incident:raid-raid", "group:raid-rival-crew", True),
        ("incident:raid-raid", "state:CHN", True),
        ("incident:raid-raid", "state:RUS", True),
        ("incident:raid-other", "group:raid-paper-crane", None),
        ("incident:raid-other", "state:KOR", None),
    }


def test_two_events_of_one_title_stay_two(tmp_path: Path) -> None:
    rows = ("43801,The raid,Paper Crane,China,", "43900,The raid!,Paper Crane,Belarus,")
    loaded = raids(tmp_path, *rows, rows[0])
    assert loaded.count("incident") == 2
    blamed = {loaded.values(id, "ATTRIBUTED_TO")[-1]: loaded.values(id, "occurred")[0]
              for id in set(loaded.claims(predicate="occurred")["subject"])}  # fmt: skip
    assert blamed == {"state:CHN": "2019-12-02", "state:BLR": "2020-03-10"}
    (problem,) = loaded.warned("incident:raid-{what|slug}")
    assert problem.place == f"{tmp_path / 'raids.csv'}:3"


def test_nobody_is_no_group_and_a_filler_no_status(tmp_path: Path) -> None:
    loaded = raids(tmp_path, "43801,Raid,Unknown,n/a,none")
    assert loaded.claims(predicate="ATTRIBUTED_TO").is_empty()
    assert loaded.values("incident:raid-raid", "status") == []
    assert {problem.field for problem in loaded.warnings} == {"who", "states", "status"}


def test_one_row_that_is_too_short_is_left_out_and_told(tmp_path: Path) -> None:
    loaded = raids(tmp_path, "43801,Raid,Paper Crane,,", "43801,Short", "43801,Third,Paper Crane,,")
    assert loaded.count("incident") == 2
    (problem,) = loaded.warnings
    assert problem.place == f"{tmp_path / 'raids.csv'}:3"
    assert "has 2 fields where 5 are expected" in problem.message


def test_a_victim_that_is_a_country_is_a_state(tmp_path: Path) -> None:
    folder = shipped("cfr", tmp_path)
    file = next(folder.glob("*.csv"))
    file.write_bytes(file.read_bytes().replace(b"Synthetic Bank", b"United States"))
    cfr = run("table", folder)
    assert cfr.values("incident:cfr-synthetic-without-a-sponsor", "TARGETED") == ["state:USA"]
    assert cfr.values("organization:cfr-united-states", "name") == []
    assert cfr.values("state:USA", "name") == ["United States"]


def test_one_line_of_json_that_is_broken_is_left_out_and_told(tmp_path: Path) -> None:
    write(folder_with(tmp_path), "jsonl")
    file = tmp_path / "rows.jsonl"
    file.write_text(file.read_text() + '\n{"name": \n[1]\n')
    pets = run("table", tmp_path)
    assert pets.values("group:pets-grey-cat", "first_seen") == ["2014"]
    assert {problem.place for problem in pets.warnings} == {f"{file}:3", f"{file}:4"}


def test_dates_in_a_mixed_column_of_excel_are_dates(tmp_path: Path) -> None:
    pytest.importorskip("fastexcel")
    columns = RAIDS.replace(
        ', who: {split: [";", " and "]}, states: {country: true, split: ","}', ""
    )
    lines = [line for line in columns.splitlines() if "who" not in line and "states" not in line]
    (tmp_path / "source.yaml").write_text("\n".join(line for line in lines if "status" not in line))
    # A date, a text and a bare number below one another.
    shutil.copy(DATA / "mixed" / "raids.xlsx", tmp_path)
    loaded = run("table", tmp_path)
    days = {id: loaded.values(id, "occurred") for id in loaded.claims()["subject"]}
    assert days == {
        "incident:raid-one": ["2019-12-02"],
        "incident:raid-two": ["2020-07-13"],
        "incident:raid-three": ["2020-03-10"],
    }
