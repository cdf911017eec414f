"""Hostile and broken input: a clear error with its place, exit code 3, and nothing written."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from tests.command import run

GOOD = """\
document: {id: document:paper, name: A paper, published_by: organization:press, date: 2019-09-13}
entities:
  organization:press: The Press
  agency:treasury: {name: The Treasury, part_of: state:USA}
  state:USA: United States
  group:night: Night Group
  incident:theft: The theft
claims:
- asserter: agency:treasury
  paragraph: 1
  summary: The Treasury blames the Night Group.
  says:
  - [incident:theft, ATTRIBUTED_TO, group:night]
  - [incident:theft, amount_stolen, 80 million, {hedge: some}]
"""

BROKEN = {
    "unknown kind": ("group:night: Night", "gruop:night: Night", 6, "group:night"),
    "unknown predicate": ("ATTRIBUTED_TO", "ATRIBUTED_TO", 13, "ATTRIBUTED_TO"),
    "unknown property": ("amount_stolen", "amount_stole", 14, "amount_stolen"),
    "unknown field": ("hedge: some", "hegde: some", 14, "hedge"),
    "unknown key": ("claims:", "claimz:", 8, "claims"),
    "unknown declared key": ("part_of", "prat_of", 4, "part_of"),
    "wrong end of an edge": (
        "[incident:theft, ATTRIBUTED_TO, group:night]",
        "[group:night, ATTRIBUTED_TO, incident:theft]",
        13,
        "Incident",
    ),
    "impossible date": ("date: 2019-09-13", "date: 2019-02-30", 1, "2019-02-30"),
    "a bound that is none": (
        "{hedge: some}",
        "{bound: about}",
        14,
        "(point, lower, upper): 'about'",
    ),
    "a kind that starts with a vowel": (
        "amount_stolen",
        "amount_eaten",
        14,
        "for an Incident",
    ),
    "impossible number": ("80 million", "eighty", 14, "eighty"),
    "duplicate id": (
        "  group:night: Night Group\n",
        "  group:night: Night Group\n  group:night: Again\n",
        7,
        "group:night",
    ),
    "duplicate claim": (
        "  - [incident:theft, ATTRIBUTED_TO, group:night]\n",
        "  - [incident:theft, ATTRIBUTED_TO, group:night]\n" * 2,
        14,
        "13",
    ),
    "dangling object": (
        "ATTRIBUTED_TO, group:night",
        "ATTRIBUTED_TO, group:nihgt",
        13,
        "group:night",
    ),
    "dangling asserter": (
        "asserter: agency:treasury",
        "asserter: agency:treasure",
        13,
        "agency:treasury",
    ),
    "dangling ref": ("hedge: some", "derived_from: [elsewhere#it]", 14, "elsewhere#it"),
    "no name": ("incident:theft: The theft", "incident:theft:", 7, "incident:theft"),
    "too short a triple": ("ATTRIBUTED_TO, group:night", "ATTRIBUTED_TO", 13, "subject"),
    "neither says nor denies": ("says:", "sayz:", 12, "says"),
    "broken YAML": ("claims:", "claims: [", 9, "YAML"),
    "not a country": ("state:USA: United", "state:USB: United", 5, "state:USA"),
    "a span that is none": ("paragraph: 1", "span: [4, 1", 11, "YAML"),
    "a span in words": ("paragraph: 1", "span: [one, two]", 13, "span"),
    "script for an address": (
        "date: 2019-09-13",
        "date: 2019-09-13, url: 'javascript:alert(1)'",
        1,
        "url",
    ),
}
"""What is broken: the text to replace, by what, the line named, a word that the error must say."""


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        # Who held the lock last is no data.
        if path.is_file() and not path.name.endswith(".lock-owner")
    }


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("built")
    (folder / "good.yaml").write_text(GOOD, encoding="utf-8")
    done = run(folder, "build", "good.yaml")
    assert done.returncode == 0, done.stderr
    return folder


@pytest.mark.parametrize("what", BROKEN)
def test_broken_input_is_refused_with_its_place(built: Path, tmp_path: Path, what: str) -> None:
    old, new, line, word = BROKEN[what]
    assert old in GOOD
    bad = tmp_path / "bad.yaml"
    bad.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    before = fingerprint(built)
    done = run(built, "build", str(bad))
    assert done.returncode == 3, done.stderr
    assert f"{bad}:{line}:" in done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(built) == before


def bomb() -> bytes:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    return "\n".join(lines).encode()


FILES = {
    "an alias bomb": (bomb(), "aliases"),
    "an endless alias": (b"claims: &a [*a]\n", ""),
    "an empty file": (b"", "empty"),
    "nothing but a comment": (b"# later\n", "empty"),
    "another encoding": ("document: {id: document:a, name: Ko\u017ee}".encode("utf-16"), "UTF-8"),
    "a stray byte": (GOOD.replace("The theft", "The th\u00e9ft").encode("latin-1"), "UTF-8"),
    "a list": (b"- one\n- two\n", "mapping"),
    "a scalar": (b"just text\n", "mapping"),
    "nesting without end": (b"claims: " + b"[" * 5000 + b"]" * 5000, ""),
    "control characters": (b"claims: [\x07]\n", "YAML"),
}


@pytest.mark.parametrize("what", FILES)
def test_hostile_files_are_refused(built: Path, tmp_path: Path, what: str) -> None:
    content, word = FILES[what]
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(content)
    before = fingerprint(built)
    done = run(built, "build", str(bad))
    assert done.returncode == 3, (done.returncode, done.stderr[-2000:])
    assert f"{bad}:" in done.stderr
    assert word in done.stderr
    assert "Traceback" not in done.stderr
    assert fingerprint(built) == before


def test_a_stray_byte_is_placed_on_its_line(built: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_bytes(FILES["a stray byte"][0])
    assert f"{bad}:7:" in run(built, "check", str(bad)).stderr


def test_every_problem_is_told_at_once(built: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text(GOOD.replace("ATTRIBUTED_TO", "BLAMES").replace("80 million", "much"))
    told = run(built, "check", str(bad)).stderr
    assert f"{bad}:13:" in told
    assert f"{bad}:14:" in told


def test_a_bad_date_of_a_document_is_told_once_at_its_own_line(tmp_path: Path) -> None:
    text = """\
document:
  id: document:mine
  name: Mine
  date: 2019-02-30
entities: {incident:theft: The theft}
claims:
- says: [incident:theft, amount_stolen, 5 million]
- says: [incident:theft, occurred, 2019]
"""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    done = run(tmp_path, "check", "mine.yaml")
    assert done.returncode == 3
    (line,) = done.stderr.splitlines()
    assert line.startswith("mine.yaml:4: date: no such day")


def test_a_quote_must_stand_in_the_text(built: Path, tmp_path: Path) -> None:
    (tmp_path / "paper.txt").write_text("First line.\n\nThe theft was theirs.\n", encoding="utf-8")
    with_text = GOOD.replace("date: 2019-09-13", "date: 2019-09-13, text: paper.txt")
    good = tmp_path / "good.yaml"
    good.write_text(with_text.replace("paragraph: 1", "quote: was theirs\n  paragraph: 2"))
    assert run(built, "check", str(good)).returncode == 0
    bad = tmp_path / "bad.yaml"
    bad.write_text(with_text.replace("paragraph: 1", "quote: was ours\n  paragraph: 2"))
    done = run(built, "check", str(bad))
    assert done.returncode == 3
    assert "was ours" in done.stderr
    assert f"{bad}:14:" in done.stderr
    bad.write_text(with_text.replace("paragraph: 1", "paragraph: 1\n  span: [13, 20]"))
    assert "span" in run(built, "check", str(bad)).stderr


def test_wrong_use_has_its_own_exit_code(built: Path) -> None:
    for arguments in (
        ["build", "not-there.yaml"],
        ["query", "who_atributes"],
        ["bulid"],
        ["query", "who_attributes", "-p", "incdent=x"],
        ["load", "stixx", "good.yaml"],
        ["explain", "group:nihgt"],
    ):
        done = run(built, *arguments)
        assert done.returncode == 2, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
    assert "who_attributes" in run(built, "query", "who_atributes").stderr
    assert "group:night" in run(built, "explain", "group:nihgt").stderr


def test_loading_twice_the_same_name_or_a_broken_second_file_changes_nothing(
    built: Path, tmp_path: Path
) -> None:
    before = fingerprint(built)
    bad = tmp_path / "more.yaml"
    bad.write_text(GOOD.replace("ATTRIBUTED_TO", "BLAMES"))
    done = run(built, "load", "claims", "good.yaml", str(bad))
    assert done.returncode == 3
    assert fingerprint(built) == before
