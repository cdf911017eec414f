"""What is shown of data is never obeyed: by a terminal, a spreadsheet, or who reads JSON."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.base.shown import csv_text, json_text, one_line, visible

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\u061c]")

SAFE = {
    "\x1b[31mred": r"\x1b[31mred",
    "\x1b]0;title\x07": r"\x1b]0;title\x07",
    "\x9b2J": r"\x9b2J",
    "a\0b": r"a\x00b",
    "back\x08space": r"back\x08space",
    "over\rwritten": r"over\rwritten",
    "\u202egnp.exe": r"\u202egnp.exe",
    "\u2067x\u2069": r"\u2067x\u2069",
    "tag\U000e0041": r"tag\U000e0041",
    "half\udc80": r"half\udc80",
    "a\u2028b\x85c": r"a\u2028b\x85c",
    "line\r\nline\ttab": "line\nline\ttab",
    "Séance 中文 שלום 🇰🇵 می‌خواهم [bold] :key:": "Séance 中文 שלום 🇰🇵 می‌خواهم [bold] :key:",
}


@pytest.mark.parametrize("text", SAFE)
def test_what_a_terminal_would_obey_is_written_out(text: str) -> None:
    assert visible(text) == SAFE[text]


@given(st.text(st.characters(codec=None)))
def test_any_text_is_safe_and_one_line_is_one(text: str) -> None:
    assert not OBEYED.search(visible(text))
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert not any(unicodedata.category(letter) in ("Cc", "Cs") for letter in line)
    assert visible(line) == line


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters(codec=None)),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(VALUES, st.booleans())
def test_json_reads_back_equal_and_is_safe(value: object, ascii_only: bool) -> None:
    text = json_text(value, ascii_only=ascii_only)
    assert json.loads(text) == value
    assert not OBEYED.search(text)
    assert text.isascii() or not ascii_only
    text.encode()


CELLS = {
    "=1+1": "'=1+1",
    "+44 1": "'+44 1",
    "-x": "'-x",
    "@cmd": "'@cmd",
    " \t=1": "' \t=1",
    "\n=1": "'\n=1",
    "＝1": "'＝1",
    "\x1b=1": "\\x1b=1",
    "a=1": "a=1",
    "": "",
}
"""The page's `inert` makes the same of them, on one line (tests/browser/test_safety.py)."""


@pytest.mark.parametrize("cell", CELLS)
def test_no_cell_is_a_formula(cell: str) -> None:
    heading, row = csv.reader(io.StringIO(csv_text([cell or "x"], [[cell]]), newline=""))
    assert row == ([CELLS[cell]] if cell else [""])
    assert heading[0] in (CELLS[cell], "x")


def test_a_number_in_csv_stays_one() -> None:
    assert csv_text(["n"], [[-1], [-0.5], ["-1"]]).split() == ["n", "-1", "-0.5", "'-1"]


def test_the_page_has_the_same_rule() -> None:
    from kg.base.shown import FORMULA
    from kg.views.kit.script import PAGE

    script = (PAGE / "model" / "told.js").read_text(encoding="utf-8")
    assert f"const FORMULA = /^{FORMULA.pattern}/;" in script
    assert not any(
        re.search(r"\[=\+.*\.test\(|FORMULA = ", path.read_text(encoding="utf-8"))
        for path in Path(PAGE).rglob("*.js")
        if path.name != "told.js"
    )
