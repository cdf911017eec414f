"""Every decision record says its date and status, and stands in the index with both."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs" / "decisions"
RECORDS = sorted(path for path in FOLDER.glob("*.md") if path.name != "README.md")
HEAD = re.compile(r"# (?P<title>.+)\n\nDate: (?P<date>\S+)\. Status: (?P<status>.+)\.\n\n")
STATUS = re.compile(r"in force|replaced by \[.+\]\((?P<by>[\w-]+\.md)\)")


def row(path: Path) -> str:
    """The line of the index for a record."""
    head = HEAD.match(path.read_text(encoding="utf-8"))
    assert head, f"{path.name}: below the title stands no `Date: …. Status: ….`"
    return f"| {head['date']} | [{head['title']}]({path.name}) | {head['status']} |"


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_a_record_has_a_date_and_a_status(path: Path) -> None:
    head = HEAD.match(path.read_text(encoding="utf-8"))
    assert head
    assert date.fromisoformat(head["date"]) <= date.today()
    status = STATUS.fullmatch(head["status"])
    assert status, head["status"]
    assert status["by"] is None or (FOLDER / status["by"]).is_file()


def test_the_index_has_every_record_oldest_first() -> None:
    index = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"^\| \d.*$", index, re.MULTILINE) == sorted(map(row, RECORDS))
