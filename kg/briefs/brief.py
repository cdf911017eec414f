"""What a brief is: sections of sentences that each carry the claims which say so. Data first; how
it looks as a file is up to `formats/`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Part:
    """A stretch of text, and the ids of the claims behind it."""

    text: str
    claims: tuple[str, ...] = ()
    notes: tuple[int, ...] = ()
    """Numbers of the notes that stand after it."""


@dataclass(frozen=True)
class Sentence:
    """One sentence, in parts."""

    parts: tuple[Part, ...]

    @property
    def text(self) -> str:
        """The words alone."""
        return "".join(part.text for part in self.parts)

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of all claims behind it, each once."""
        return tuple(dict.fromkeys(id for part in self.parts for id in part.claims))


Passage = tuple[Sentence, ...]
"""Sentences that follow one another."""


@dataclass(frozen=True)
class Points:
    """Passages one under another, each with a point before it."""

    items: tuple[Passage, ...]


@dataclass(frozen=True)
class Table:
    """Cells by column; a cell is a passage too, though it need not be whole sentences."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Sentence, ...], ...]
    widths: tuple[float, ...]
    """How wide the columns are, one beside another."""


@dataclass(frozen=True)
class Figure:
    """A drawing in SVG, with what it shows in words."""

    name: str
    svg: str
    caption: str
    claims: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """What is so of the corpus and of this brief, not of the world: no sentences, and no claims."""

    rows: tuple[tuple[str, str], ...]


Block = Points | Table | Figure | Facts


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    name: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Note:
    """Where something is printed, by whom, when, and how it is said."""

    number: int
    asserter: str | None
    document: str | None
    publisher: str | None
    locator: str | None
    date: str
    date_basis: str
    hedge: str | None
    quote: str | None
    paraphrase: str | None
    marks: tuple[str, ...]
    marking: str | None
    url: str | None
    words: tuple[str, ...]
    """What the source calls things that are called otherwise here."""
    derivation: str | None
    claims: tuple[str, ...]
    same_place: int | None = None
    """An earlier note about the very same place; nothing else is told again."""


@dataclass(frozen=True)
class Brief:
    """A sourced brief: about what, its sections in order, and its notes."""

    about: str
    """The id, or `SUBJECT PREDICATE OBJECT`."""
    kind: str
    title: str
    subtitle: str
    short: bool
    sections: tuple[Section, ...]
    notes: tuple[Note, ...]
    marking: str | None = field(default=None)
    """The strictest marking of all that is cited."""

    def sentences(self) -> Iterator[Sentence]:
        """Every sentence and every cell that says something, in order."""
        for section in self.sections:
            for block in section.blocks:
                if isinstance(block, Points):
                    yield from (one for passage in block.items for one in passage)
                elif isinstance(block, Table):
                    yield from (cell for row in block.rows for cell in row if cell.claims)

    @property
    def claims(self) -> tuple[str, ...]:
        """The ids of all claims that it cites, each once."""
        return tuple(dict.fromkeys(id for one in self.sentences() for id in one.claims))

    def as_dict(self) -> dict[str, Any]:
        """Plain data: what `kg brief --format json` prints."""
        return {
            "about": self.about,
            "kind": self.kind,
            "title": self.title,
            "subtitle": self.subtitle,
            "short": self.short,
            "marking": self.marking,
            "sections": [
                {"name": s.name, "title": s.title, "blocks": [_block(b) for b in s.blocks]}
                for s in self.sections
            ],
            "notes": [{k: v for k, v in vars(note).items() if v} for note in self.notes],
        }


def _block(block: Block) -> dict[str, Any]:
    match block:
        case Points():
            return {"points": [[_sentence(one) for one in passage] for passage in block.items]}
        case Table():
            rows = [[_sentence(cell) for cell in row] for row in block.rows]
            return {"columns": list(block.columns), "rows": rows}
        case Figure():
            return {"figure": block.name, "caption": block.caption, "claims": list(block.claims)}
        case Facts():
            return {"facts": dict(block.rows)}


def _sentence(one: Sentence) -> dict[str, Any]:
    notes = [number for part in one.parts for number in part.notes]
    return {"text": one.text, "claims": list(one.claims), "notes": notes}
