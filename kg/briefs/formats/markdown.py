"""A brief as Markdown: footnotes as GitHub and Pandoc read them; the ids of a sentence's claims
stand behind it in a comment, which no reader sees."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.base.shown import one_line
from kg.base.written import own
from kg.briefs.brief import Block, Brief, Facts, Figure, Note, Points, Sentence, Table
from kg.briefs.notes import told

SUFFIX = ".md"
DOC = "Markdown, with footnotes"

SPECIAL = re.compile(r"[\\`*_\[\]<>|~&$]|(?<=\S)(?=://)|(?<=www)(?=\.)")
LEADING = re.compile(r"^([#+\-=>]|\d+(?=[.)]))")


def write(brief: Brief, path: Path) -> None:
    """Write it."""
    with own(path) as file:
        file.write(text(brief))


def text(brief: Brief) -> str:
    """The whole of it."""
    return "\n".join(_lines(brief)).rstrip() + "\n"


def plain(given: str) -> str:
    """Text that means itself: no markup, no link, no second line."""
    escaped = SPECIAL.sub(lambda found: "\\" + found[0], one_line(given))
    return LEADING.sub(lambda found: "\\" + found[1], escaped)


def _lines(brief: Brief) -> Iterator[str]:
    if brief.marking:
        yield f"**{plain(brief.marking)}**\n"
    yield f"# {plain(brief.title)}\n"
    yield f"{plain(brief.subtitle)}\n"
    for section in brief.sections:
        yield f"## {plain(section.title)}\n"
        for block in section.blocks:
            yield from _block(block)
            yield ""
    if brief.notes:
        yield "## Notes\n"
        for note in brief.notes:
            yield _note(note)


def _block(block: Block) -> Iterator[str]:
    match block:
        case Points():
            for passage in block.items:
                yield "- " + " ".join(_sentence(one) for one in passage)
        case Table():
            yield from _table(block.columns, ([_sentence(c) for c in row] for row in block.rows))
        case Facts():
            yield from _table(("", ""), ([plain(k), plain(v)] for k, v in block.rows))
        case Figure():
            yield f"*{plain(block.caption)}*"


def _table(columns: Iterable[str], rows: Iterable[list[str]]) -> Iterator[str]:
    heads = list(columns)
    yield f"| {' | '.join(heads)} |"
    yield f"|{' --- |' * len(heads)}"
    for row in rows:
        yield f"| {' | '.join(row)} |"


def _sentence(one: Sentence) -> str:
    said = "".join(
        plain(part.text) + "".join(f"[^{number}]" for number in part.notes) for part in one.parts
    )
    ids = f"<!-- {' '.join(one.claims)} -->" if one.claims else ""
    return said + ids


def _note(note: Note) -> str:
    words = [plain(item) for item in told(note)]
    if note.url and note.same_place is None and re.match(r"https?://", note.url):
        address = re.sub(r"[<>\s]", "", one_line(note.url))
        words.append(f"<{address}>")
    return f"[^{note.number}]: {'; '.join(words)}; {', '.join(note.claims)}\n"
