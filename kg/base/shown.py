"""Text for people's screens, spreadsheets and programs: what stands in data is shown, never obeyed.

A name may hold anything: an escape sequence that clears the screen, a mark that turns the reading
direction round, a formula. It is kept as it is; what leaves `kg` for a reader passes through here.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

HIDDEN = re.compile(
    "["
    "\x00-\x08\x0b-\x1f\x7f-\x9f"  # C0 but tab and line feed, delete, C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"  # the reading direction
    "\u2028\u2029"  # ends of lines that are none
    "\u200b\u2060-\u2064\ufeff\U000e0000-\U000e007f"  # nothing to see; joiners are spelling
    "\ud800-\udfff"  # halves of characters: bytes of a file name that were no text
    "]"
)
"""Characters that a terminal obeys or does not show."""

FORMULA = re.compile(r"\s*[=+\-@＝＋－＠]")
"""How a cell starts that a spreadsheet would work out (the page's rule too: `inert` in its
`table.js`): it gets an apostrophe in front, and is text."""


def plural(count: int, noun: str) -> str:
    """`1 claim`, `1,089 claims`."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def visible(text: str) -> str:
    r"""The text, each hidden character written out (`\x1b`, `\u202e`); line ends and tabs stay."""
    return HIDDEN.sub(_written_out, text.replace("\r\n", "\n"))


def one_line(text: str) -> str:
    r"""`visible`, with line ends and tabs written out too: a name cannot add lines of its own."""
    return visible(text).replace("\n", r"\n").replace("\t", r"\t")


def json_text(document: Any, *, ascii_only: bool = False, **options: Any) -> str:
    r"""JSON that reads back equal and that a terminal can be shown: `\u001b`, `\u202e`."""
    text = json.dumps(document, ensure_ascii=ascii_only, indent=2, **options)
    return HIDDEN.sub(lambda found: json.dumps(found[0])[1:-1], text)


def csv_text(columns: Sequence[str], rows: Iterable[Iterable[Any]]) -> str:
    """CSV with a line of `columns` on top. Cells of text are `visible`, and none is a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(map(_inert, columns))
    writer.writerows(map(_inert, row) for row in rows)
    return out.getvalue()


def _inert(cell: Any) -> Any:
    """A number is none of the spreadsheet's business; text that starts like a formula is."""
    if not isinstance(cell, str):
        return cell
    return visible(f"'{cell}" if FORMULA.match(cell) else cell)


def _written_out(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
