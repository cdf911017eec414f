"""A brief as PDF, set by Typst: its text goes in as data and is never read as markup."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from kg.base.errors import UsageError
from kg.base.settings import to_install
from kg.base.shown import json_text, one_line
from kg.base.written import own
from kg.briefs.brief import Block, Brief, Facts, Figure, Points, Sentence, Table
from kg.briefs.formats.html import address, marks
from kg.briefs.notes import told

SUFFIX = ".pdf"
DOC = "PDF, set by Typst (extra `brief`)"

HINT = f"PDF needs the typst package: {to_install('brief')}"

SCALES = ("1", "0.94", "0.88", "0.82", "0.76")
"""How small a short brief may be set until it stands on one page."""


def write(brief: Brief, path: Path) -> None:
    """Write it. Raises `UsageError` where Typst is not installed."""
    try:
        import typst
    except ImportError:
        raise UsageError(HINT) from None
    made = typst.compile(template(), sys_inputs=fitted(brief))
    with own(path, binary=True) as file:
        file.write(made)


def template() -> bytes:
    """How it is set."""
    return Path(__file__).with_name("brief.typ").read_bytes()


def fitted(brief: Brief) -> dict[str, str]:
    """What goes into the template: the brief, and how small it is set (a short one so that it
    stands on one page)."""
    import typst

    given = {"brief": json_text(data(brief)), "scale": SCALES[0]}
    for scale in SCALES if brief.short else ():
        given["scale"] = scale
        pages = typst.query(template(), "<pages>", field="value", sys_inputs=given)
        if json.loads(pages) == ["1"]:
            break
    return given


def data(brief: Brief) -> dict[str, Any]:
    """The brief as plain data, with each hidden character written out."""
    return {
        "title": one_line(brief.title),
        "subtitle": one_line(brief.subtitle),
        "marking": one_line(brief.marking or ""),
        "short": brief.short,
        "sections": [
            {"title": one_line(s.title), "blocks": [_block(block) for block in s.blocks]}
            for s in brief.sections
        ],
        "notes": [
            {
                "number": note.number,
                "text": one_line("; ".join(told(note, short=brief.short)) + "."),
                "url": "" if brief.short else address(note) or "",
                "claims": list(note.claims),
            }
            for note in brief.notes
        ],
    }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Points():
            return {"points": [[_sentence(one) for one in passage] for passage in block.items]}
        case Table():
            rows = [[_sentence(cell) for cell in row] for row in block.rows]
            return {"columns": list(block.columns), "widths": list(block.widths), "rows": rows}
        case Figure():
            return {"svg": block.svg, "caption": one_line(block.caption)}
        case Facts():
            return {"facts": [[one_line(key), one_line(value)] for key, value in block.rows]}


def _sentence(one: Sentence) -> list[dict[str, Any]]:
    return [
        {"text": one_line(part.text), "marks": [list(mark) for mark in marks(part)]}
        for part in one.parts
    ]
