"""JSON that is JSON and cannot be stored or followed all the same."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kg.base.errors import InputError
from tests.loaders.loading import run

HALF = "Wolf \ud83d"
FILES: dict[str, tuple[object, str]] = {
    "stix": ({"type": "bundle", "objects": [{"type": "intrusion-set", "name": HALF}]},
             "objects[0].name"),
    "misp-galaxy": ({"type": "tool", "values": [{"value": HALF, "uuid": "u"}]}, "values[0].value"),
    "microsoft": ([{"Threat actor name": HALF}], "[0].Threat actor name"),
}  # fmt: skip


@pytest.mark.parametrize("format", FILES)
def test_half_a_character_is_refused_with_its_place(tmp_path: Path, format: str) -> None:
    content, place = FILES[format]
    file = tmp_path / "a.json"
    file.write_text(json.dumps(content))
    with pytest.raises(InputError, match="half a character") as error:
        run(format, file)
    (problem,) = error.value.problems
    assert (problem.place, problem.value) == (f"{file}#{place}", r"Wolf \ud83d")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "utf-8-sig"])
def test_json_in_wide_characters_is_read(tmp_path: Path, encoding: str) -> None:
    """As PowerShell writes what it is given."""
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{"Threat actor name": "Wölfin"}], ensure_ascii=False), encoding)
    assert run("microsoft", file).rows(predicate="name", value="Wölfin").height == 1


def test_json_in_another_encoding_is_refused_with_what_it_looks_like(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    content = [{"Threat actor name": "Снежная буря в Арктике"}]
    file.write_text(json.dumps(content, ensure_ascii=False), "cp1251")
    with pytest.raises(InputError, match=r"is not UTF-8 .*looks like cp1251 .'Снежная буря"):
        run("microsoft", file)


def test_xml_is_told_as_what_it_is(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text("<stix:STIX_Package/>")
    with pytest.raises(InputError, match="is XML or a web page, and no JSON"):
        run("stix", file)


def test_two_halves_are_one_character(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps([{"Threat actor name": "Wolf \N{WOLF FACE}"}]))
    assert "\\ud83d" in file.read_text()
    assert run("microsoft", file).count("group") == 1
