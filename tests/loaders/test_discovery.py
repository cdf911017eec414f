"""Loaders and sources are found by looking; adding one is adding one file or folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg import loaders
from kg.base.errors import InputError, UsageError
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.loaders.kit.sources import checks_of, discover_sources, read_source
from kg.ontology import load
from tests.loaders.loading import ROOT, run

NEW = """
from kg.claims.checks import Checks
FORMAT, DOC, HOME, LICENCE, CHECKS = "one-line", "One word a line", "", "", Checks()

def load(paths, emit):
    for path in paths:
        for word in path.read_text().split():
            emit.entity(f"group:new-{word}", word)
"""


@pytest.mark.parametrize("format", ["ofac", "travel", "ftm", "eurepoc", "table"])
def test_every_loader_says_what_it_reads_and_where_users_get_it(format: str) -> None:
    found = loaders.loader(format)
    assert found.DOC
    assert found.HOME
    assert found.LICENCE


def test_every_file_of_the_folder_that_names_a_format_is_found() -> None:
    folder = ROOT / "kg" / "loaders"
    files = [*folder.glob("[!_]*.py"), *folder.glob("*/__init__.py")]
    with_format = [file for file in files if "\nFORMAT = " in file.read_text(encoding="utf-8")]
    assert len(loaders.loaders()) >= len(with_format) >= 5


def test_a_new_loader_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "oneline.py").write_text(NEW)
    (tmp_path / "words.txt").write_text("alpha beta")
    emit = Emitter(Source("new", "one-line"), load())
    loaders.loader("one-line", (tmp_path,)).load([tmp_path / "words.txt"], emit)
    names = emit.finish().filter(predicate="name")["value"].to_list()
    assert sorted(names) == ["alpha", "beta"]
    assert "one-line" not in loaders.loaders()


def test_an_unknown_format_offers_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'eurepoc'"):
        loaders.loader("eurepo")


def test_a_path_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to load at"):
        run("ofac", tmp_path / "nothing")


# ------------------------------------------------------------------ source folders

SOURCE = "name: {name}\nformat: table\nlicence: CC0\nfiles: [rows.csv]\n"


def write_source(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "source.yaml").write_text(text)
    return folder


def test_source_folders_are_found_at_any_depth_and_sorted(tmp_path: Path) -> None:
    write_source(tmp_path / "a" / "deep", SOURCE.format(name="zeta"))
    write_source(tmp_path / "b", SOURCE.format(name="alpha") + "url: https://a.example/\n")
    found = discover_sources([tmp_path])
    assert [info.name for info in found] == ["alpha", "zeta"]
    assert found[0].url == "https://a.example/"
    assert found[0].source().licence == "CC0"


def test_two_sources_of_one_name_are_an_error(tmp_path: Path) -> None:
    write_source(tmp_path / "a", SOURCE.format(name="same"))
    write_source(tmp_path / "b", SOURCE.format(name="same"))
    with pytest.raises(InputError, match=f"source 'same' already, in {tmp_path / 'a'}"):
        discover_sources([tmp_path])


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("name: a\nformat: table\nlicense: CC0\n", 3, "did you mean 'licence'"),
        ("name: a\nformat: table\n", 1, "licence: is needed"),
        ("name: a\nformat: table\nlicence: b\npublisher: me\n", 4, "`id` and `name`"),
        ("name: a\nformat: table\nlicence: b\nchecks: {minimum: {State: x}}\n", 4, "checks"),
        ("name: a\nformat: table\nlicence: b\nchecks: {least: {State: 1}}\n", 4, "no such check"),
        ("- a\n", 1, "must be a mapping"),
    ],
)
def test_a_broken_source_file_says_where(
    tmp_path: Path, text: str, line: int, message: str
) -> None:
    folder = write_source(tmp_path, text)
    with pytest.raises(InputError, match=message) as error:
        read_source(folder)
    assert error.value.problems[0].place == f"{folder / 'source.yaml'}:{line}"


def test_the_checks_of_a_folder_sharpen_those_of_the_loader(tmp_path: Path) -> None:
    checks = "checks: {minimum: {Sanction: 8000}, filled: {Sanction: {programme: 0.5}}}\n"
    folder = write_source(tmp_path, SOURCE.format(name="a") + checks)
    merged = checks_of([folder], loaders.loader("ofac").CHECKS)
    assert merged.minimum["Sanction"] == 8000
    assert merged.filled["Sanction", "programme"] == 0.5
    assert merged.filled["Sanction", "DESIGNATES"] == 1.0


@pytest.mark.parametrize("name", ["cfr", "cns", "pax"])
def test_the_mappings_that_ship_say_where_users_get_the_data(name: str) -> None:
    info = read_source(ROOT / "kg" / "loaders" / "mappings" / name)
    assert info.url.startswith("https://")
    assert info.licence
    assert not info.ship
