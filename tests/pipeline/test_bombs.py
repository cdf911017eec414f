"""Small files that would take the machine: each is stopped at a limit, and told so.

The limits are set low here; the real sizes are in the tests marked `soak`.
"""

from __future__ import annotations

import gzip
import json
import re
import resource
import sys
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base import limits, yamlfile
from kg.base.errors import InputError, Problem, capped
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.loaders import load
from kg.loaders.kit.pattern import Pattern
from kg.ontology import load as ontology
from kg.pipeline.read import claim_file
from tests.command import run

MAPPING = """\
name: bomb
format: table
licence: ours
table:
  columns: {{a: {{match: '{match}'}}}}
  entities: {{"group:{{a}}": "{{a}}"}}
  ignore: ["*"]
"""


def source(folder: Path, match: str = ".+") -> Path:
    (folder / "source.yaml").write_text(MAPPING.format(match=match), encoding="utf-8")
    return folder


def loaded(format_: str, path: Path) -> Emitter:
    emit = Emitter(Source("bomb", format_), ontology())
    load(format_, [path], emit)
    return emit


# YAML


@pytest.mark.parametrize(
    "text", ["[" * 100_000, "{a: " * 100_000, "- " * 100_000 + "x", "? " * 900]
)
def test_yaml_that_nests_deep_is_told_and_ends_no_process(text: str, tmp_path: Path) -> None:
    (tmp_path / "deep.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"deep\.yaml:1: .*(--raise depth=21|key must be plain)"):
        yamlfile.read(tmp_path / "deep.yaml")


def test_yaml_may_nest_deeper_where_that_is_wanted(tmp_path: Path) -> None:
    (tmp_path / "deep.yaml").write_text("[" * 300 + "]" * 300, encoding="utf-8")
    with limits.raised(["depth=300"]):
        assert yamlfile.read(tmp_path / "deep.yaml")


def test_a_large_yaml_and_one_without_end_are_not_read_to_the_end(tmp_path: Path) -> None:
    (tmp_path / "large.yaml").write_text("- x\n" * 300_000, encoding="utf-8")
    with limits.raised(["yaml-mb=1"]):
        for path in (tmp_path / "large.yaml", Path("/dev/zero")):
            with pytest.raises(InputError, match=r"more than 1 megabytes.*--raise yaml-mb=2"):
                yamlfile.read(path)


TREES: st.SearchStrategy[Any] = st.recursive(
    st.none()
    | st.text(max_size=8)
    | st.sampled_from(["null", "~", "yes", "1", "2019-01-02", "<<"]),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(TREES.filter(lambda tree: tree is not None), st.sampled_from([None, True, False]))
@settings(max_examples=150, deadline=None)
def test_what_stands_in_a_file_is_read(tmp_path_factory: Any, tree: Any, flow: bool | None) -> None:
    path = tmp_path_factory.getbasetemp() / "tree.yaml"
    path.write_text(yaml.safe_dump(tree, default_flow_style=flow), encoding="utf-8")
    assert yamlfile.read(path) == tree


QUOTED = 'a value that begins with `{}` goes in quotes: "{}"'
STAR = QUOTED.format("*", "*b")
COLON = 'a value that holds `: ` goes in quotes: "He said: no"'
ENDS = "a value in quotes ends with its own quote, and nothing follows it"
WHAT = "broken YAML: "
TOKEN = "found character that cannot start any token"
STREAM = "found unexpected end of stream"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: *b\n", f"1: broken YAML: found undefined alias 'b'; {STAR}"),
        ("a: &b [*b]\n", f"1: broken YAML: found undefined alias 'b'; {STAR}"),
        ("a: &b x\nc: &b y\n", "2: broken YAML: found duplicate anchor 'b'"),
        ("a: x\n---\nb: y\n", "3: broken YAML: a second document begins here"),
        ("[a]: x\n", "1: a key must be plain text"),
        ("a: x\n? {b: c}\n: y\n", "2: a key must be plain text"),
        ("# nothing\n", "1: the file is empty"),
        (
            "a: x\nb: He said: no\n",
            f"2: {WHAT}mapping values are not allowed in this context; {COLON}",
        ),
        ("- s: [a, b, %x]\n", f"1: {WHAT}{TOKEN}; {QUOTED.format('%', '%x')}"),
        ("s: @foo\n", f"1: {WHAT}{TOKEN}; {QUOTED.format('@', '@foo')}"),
        ("s: 'It's over'\n", f'1: {WHAT}did not find expected key; {ENDS}: "It\'s over"'),
        ('s: "open\nt: x\n', f'3: {WHAT}{STREAM}; on line 1, {ENDS}: "open"'),
    ],
)
def test_yaml_that_is_broken_is_told_with_its_line(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as error:
        yamlfile.read(tmp_path / "bad.yaml")
    assert str(error.value) == f"{tmp_path / 'bad.yaml'}:{told}"


def test_aliases_stand_for_what_they_name(tmp_path: Path) -> None:
    text = "a: &one {x: y}\nb: [*one, *one]\nc: &two ~\nd: *two\n&k key: v\n"
    (tmp_path / "good.yaml").write_text(text, encoding="utf-8")
    found = yamlfile.read(tmp_path / "good.yaml")
    assert found == {"a": {"x": "y"}, "b": [{"x": "y"}] * 2, "c": None, "d": None, "key": "v"}
    assert (found["b"].lines, found["b"][0].line) == ([2, 2], 1)


# JSON and tables


def packed(path: Path, text: bytes, times: int) -> Path:
    with gzip.open(path, "wb", compresslevel=1) as out:
        for _ in range(times):
            out.write(text)
    return path


def one_string(folder: Path, times: int) -> Path:
    path = folder / "one.json.gz"
    with gzip.open(path, "wb", compresslevel=1) as out:
        out.write(b'{"objects": ["')
        for _ in range(times):
            out.write(b"a" * 1_000_000)
        out.write(b'"]}')
    return path


@pytest.mark.parametrize("format_", ["stix", "misp-galaxy", "microsoft"])
def test_a_small_file_that_unpacks_to_a_large_one_is_not_unpacked(
    format_: str, tmp_path: Path
) -> None:
    path = one_string(tmp_path, 3)
    assert path.stat().st_size < 40_000
    told = r"one\.json\.gz:1: more than 2 megabytes of one JSON file.*--raise json-mb=4"
    with limits.raised(["json-mb=2"]), pytest.raises(InputError, match=told):
        loaded(format_, path)


def test_a_line_without_end_is_not_read(tmp_path: Path) -> None:
    source(tmp_path)
    packed(tmp_path / "rows.csv.gz", b"a" * 1_000_000, 3)
    told = r"rows\.csv\.gz:1: more than 2 megabytes of one line.*--raise line-mb=4"
    with limits.raised(["line-mb=2"]), pytest.raises(InputError, match=told):
        loaded("table", tmp_path)


def wide(folder: Path, columns: int) -> Iterator[tuple[Path, str]]:
    names = ["a", *(f"c{number}" for number in range(columns - 1))]
    row = json.dumps(dict.fromkeys(names, "x"))
    (folder / "w.csv").write_text(",".join(names) + "\n" + ",".join(names), encoding="utf-8")
    yield folder / "w.csv", ":1"
    (folder / "w.jsonl").write_text(f"\n\n{row}", encoding="utf-8")
    yield folder / "w.jsonl", ":3"
    (folder / "w.json").write_text(f"[{row}]", encoding="utf-8")
    yield folder / "w.json", "#[0]"
    pl.DataFrame({name: ["x"] for name in names}).write_parquet(folder / "w.parquet")
    yield folder / "w.parquet", ":1"


def test_a_table_of_too_many_columns_is_not_read(tmp_path: Path) -> None:
    source(tmp_path)
    for path, place in wide(tmp_path, 101):
        told = re.escape(f"{path}{place}: 101 columns of one table: kg takes 100 ")
        with limits.raised(["columns=100"]), pytest.raises(InputError, match=told):
            loaded("table", path)
        assert loaded("table", path).finish().height == 1
        path.unlink()


def test_a_workbook_that_unpacks_to_a_large_one_is_not_unpacked(tmp_path: Path) -> None:
    source(tmp_path)
    with zipfile.ZipFile(tmp_path / "rows.xlsx", "w", zipfile.ZIP_DEFLATED) as out:
        out.writestr("xl/worksheets/sheet1.xml", b" " * 3_000_000)
    told = r"rows\.xlsx: 3 megabytes of an Excel file.*--raise excel-mb=3"
    with limits.raised(["excel-mb=2"]), pytest.raises(InputError, match=told):
        loaded("table", tmp_path)


# Expressions

ENDLESS = ("(a+)+$", "(a|a)*$", "^(([a-z])+.)+[A-Z]([a-z])+$", "(.*a){20}$", "(x+x+)+y")


@pytest.mark.parametrize("expression", ENDLESS)
def test_an_expression_that_would_go_back_and_forth_for_ever_answers(
    expression: str, tmp_path: Path
) -> None:
    source(tmp_path, expression)
    cell = ("a" * 40 + "x" * 40) * 50 + "!"
    (tmp_path / "rows.csv").write_text(f"a\n{cell}\n", encoding="utf-8")
    emit = loaded("table", tmp_path)
    assert [problem.message for problem in emit.warnings] in (
        [],
        [f"does not match {expression!r}"],
    )


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("(?=a)b", "look-around, including look-ahead and look-behind, is not supported"),
        (r"(a)\1", "backreferences are not supported"),
        ("(a{1000}){1000}", "exceeds size limit"),
        ("(", "missing ), unterminated subpattern"),
        ("(" * 5_000, "maximum recursion depth"),
    ],
)
def test_an_expression_that_cannot_be_bounded_is_told(
    expression: str, told: str, tmp_path: Path
) -> None:
    source(tmp_path, expression)
    (tmp_path / "rows.csv").write_text("a\nx\n", encoding="utf-8")
    with pytest.raises(InputError) as error:
        loaded("table", tmp_path)
    assert str(error.value).startswith(f"{tmp_path / 'source.yaml'}:5: a: is no regular expression")
    assert told in str(error.value)


def test_an_expression_finds_what_pythons_own_would() -> None:
    for text, cell, found in (
        ("^(x)?y", "y", ""),
        ("^(x)?y", "xy", "x"),
        (r"^https?://\S+", "see http://x", None),
        (r"\w+", "éà ß", "éà"),
        (r"(\d+) of (\d+)", "3 of 4", "3"),
        ("", "x", ""),
    ):
        assert Pattern(text).find(cell) == found


# Files elsewhere

CLAIMS = """\
document: {{id: document:paper, name: A paper, date: 2020, text: {text}}}
entities: {{group:night: Night, incident:theft: The theft}}
claims:
- {{says: [incident:theft, ATTRIBUTED_TO, group:night], paragraph: 1, quote: {quote}}}
"""


def elsewhere(folder: Path) -> tuple[Path, list[str]]:
    """A folder with a secret beside it, and the ways to name the secret from inside."""
    inside = folder / "inside"
    inside.mkdir()
    (folder / "secret.csv").write_text("a\nsecret\n", encoding="utf-8")
    (inside / "link.csv").symlink_to(folder / "secret.csv")
    return inside, ["../secret.csv", str(folder / "secret.csv"), "link.csv"]


@pytest.mark.parametrize("way", range(3))
def test_a_claim_file_names_no_text_outside_its_folder(way: int, tmp_path: Path) -> None:
    inside, ways = elsewhere(tmp_path)
    path = inside / "mine.yaml"
    path.write_text(CLAIMS.format(text=ways[way], quote="secret"), encoding="utf-8")
    with pytest.raises(InputError, match=r"mine\.yaml:1: text: lies outside.*--raise outside=1"):
        claim_file(path, ontology())
    with limits.raised(["outside=1"]), pytest.raises(InputError, match="quote: does not stand in"):
        claim_file(path, ontology())  # paragraph 1 is `a`: it was read


@pytest.mark.parametrize("way", range(3))
def test_a_source_names_no_file_outside_its_folder(way: int, tmp_path: Path) -> None:
    inside, ways = elsewhere(tmp_path)
    source(inside)
    with (inside / "source.yaml").open("a", encoding="utf-8") as out:
        out.write(f"files: ['{ways[way]}']\n")
    with pytest.raises(InputError, match=r"files: (lies outside|must be the name of a file in)"):
        loaded("table", inside)
    if way != 1:
        with limits.raised(["outside=1"]):
            assert loaded("table", inside).finish().height == 1


def test_a_pattern_is_not_looked_for_all_over_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source(tmp_path)
    with (tmp_path / "source.yaml").open("a", encoding="utf-8") as out:
        out.write("files: ['../../../../../**/*.csv']\n")
    monkeypatch.setattr(Path, "glob", lambda *_: pytest.fail("looked for"))
    with pytest.raises(InputError, match="files: lies outside"):
        loaded("table", tmp_path)


# What is told


def test_problems_are_printed_in_part_and_kept_whole() -> None:
    many = [Problem(f"has {n} fields", f"f.csv:{n}", "row", str(n)) for n in range(1000)]
    error = InputError([*many[:999], Problem("is another", "f.csv:1"), many[999]])
    lines = str(error).splitlines()
    assert lines[:20] == [str(problem) for problem in many[:20]]
    assert lines[20:] == ["f.csv:1: is another", "and 980 more like these"]
    assert len(error.problems) == 1001
    with limits.raised(["told=1000"]):
        error = InputError(error.problems)
    assert len(str(error).splitlines()) == 1001


def test_problems_of_very_many_kinds_are_capped_too() -> None:
    many = [Problem(f"is {'x' * n}", "f") for n in range(1000)]
    assert list(capped(many, 3))[29:] == [str(many[29]), "and 970 more of many kinds"]


def test_the_command_prints_some_problems_and_json_has_all(tmp_path: Path) -> None:
    lines = ["claims:", *(f"- says: [nobody:{n}, ATTRIBUTED_TO, group:x]" for n in range(100))]
    (tmp_path / "bad.yaml").write_text("\n".join(lines), encoding="utf-8")
    done = run(tmp_path, "check", "bad.yaml", "--format", "json")
    assert done.returncode == 3
    assert len(json.loads(done.stdout)["problems"]) >= 100
    assert len(done.stderr.splitlines()) < 70
    assert "more like these" in done.stderr
    more = run(tmp_path, "check", "bad.yaml", "--raise", "told=1000")
    assert len(more.stderr.splitlines()) >= 100


def test_what_the_page_on_security_names_is_there(root: Path) -> None:
    page = (root / "SECURITY.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(tests/[\w./]+)`", page))
    assert named
    assert {name for name in named if not (root / name).is_file()} == set()


# The real sizes


def grown(work: Callable[[], object]) -> int:
    """By how many megabytes the most memory that this process ever had grows."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    work()
    return (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) // 1000


@pytest.mark.soak
@pytest.mark.skipif(sys.platform != "linux", reason="ru_maxrss is in other units elsewhere")
def test_a_gigabyte_of_one_string_takes_no_gigabyte(tmp_path: Path) -> None:
    path = one_string(tmp_path, 1000)

    def refused() -> None:
        with pytest.raises(InputError, match="more than 256 megabytes"):
            loaded("stix", path)

    assert grown(refused) < 900


@pytest.mark.soak
def test_a_million_columns_are_counted_not_compared(tmp_path: Path) -> None:
    source(tmp_path)
    names = ",".join(f"c{number}" for number in range(1_000_000))
    (tmp_path / "rows.csv").write_text(f"a,{names}\n", encoding="utf-8")
    with pytest.raises(InputError, match="1,000,001 columns of one table"):
        loaded("table", tmp_path)
    with limits.raised(["columns=2000000"]):
        assert loaded("table", tmp_path).finish().is_empty()
