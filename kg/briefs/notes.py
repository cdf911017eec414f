"""Footnotes: one for each place in a document that a stretch of text rests on, with the ids of just
those claims of it that the text says."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from kg.ask.told import Row
from kg.briefs import wording
from kg.briefs.brief import Block, Note, Part, Points, Section, Sentence, Table
from kg.briefs.writer import other_name

PLACE = (
    *("asserter", "document", "locator", "asserted", "hedge", "summary", "quote", "marking"),
    *("derivation", "withdrawn"),
)
"""What claims of one note have in common."""


class Notes:
    """Numbers the notes in the order in which they are met."""

    def __init__(self, rows: Mapping[str, Row]) -> None:
        self._rows = rows
        self._places: dict[tuple[object, ...], int] = {}
        self._numbers: dict[tuple[object, ...], int] = {}
        self.notes: list[Note] = []

    def section(self, section: Section) -> Section:
        """The section with the numbers of its notes."""
        return replace(section, blocks=tuple(self._block(block) for block in section.blocks))

    def _block(self, block: Block) -> Block:
        match block:
            case Points():
                items = (tuple(self._sentence(one) for one in item) for item in block.items)
                return Points(tuple(items))
            case Table():
                rows = (tuple(self._sentence(cell) for cell in row) for row in block.rows)
                return replace(block, rows=tuple(rows))
        return block

    def _sentence(self, one: Sentence) -> Sentence:
        return Sentence(tuple(self._part(part) for part in one.parts))

    def _part(self, part: Part) -> Part:
        if not part.claims:
            return part
        places: dict[tuple[object, ...], list[Row]] = {}
        for id in part.claims:
            row = self._rows[id]
            places.setdefault(tuple(row.get(name) for name in PLACE), []).append(row)
        numbers = tuple(self._number(place, rows) for place, rows in places.items())
        return replace(part, notes=numbers)

    def _number(self, place: tuple[object, ...], rows: list[Row]) -> int:
        ids = tuple(sorted(row["id"] for row in rows))
        if (*place, ids) in self._numbers:
            return self._numbers[*place, ids]
        number = self._numbers[*place, ids] = len(self.notes) + 1
        earlier = self._places.setdefault(place, number)
        self.notes.append(_note(number, rows, ids, None if earlier == number else earlier))
        return number


def _note(number: int, rows: list[Row], ids: tuple[str, ...], earlier: int | None) -> Note:
    row = rows[0]
    marks = dict.fromkeys(mark for one in rows for mark in one["marks"])
    return Note(
        number=number,
        asserter=row["asserter"],
        document=row["document"],
        publisher=row["publisher"],
        locator=row.get("locator"),
        date=wording.day(row["asserted"]) if row.get("asserted") else "undated",
        date_basis=row.get("asserted_basis") or "stated",
        hedge=row.get("hedge"),
        quote=row.get("quote"),
        paraphrase=row.get("summary"),
        marks=tuple(marks),
        marking=row.get("marking"),
        url=row["url"],
        words=_words(rows),
        derivation=row.get("derivation"),
        claims=ids,
        same_place=earlier,
    )


def _words(rows: Iterable[Row]) -> tuple[str, ...]:
    """What the source calls things, where that is not what they are called here."""
    found = {
        f"“{own}” is {row[f'{end}_here']} here": None
        for row in rows
        for end in ("subject", "object")
        if (own := other_name(row, end))
    }
    return tuple(found)


BASES = {"metadata": "date from metadata"}
KINDS = ("a quotation", "a paraphrase", "an entry of a list, neither quoted nor paraphrased")


def told(note: Note, *, short: bool = False) -> list[str]:
    """A note as stretches of text, without its number, address and ids of claims; `short`: without
    the words that it quotes or paraphrases."""
    if note.same_place is not None:
        return [f"As in note {note.same_place}"]
    said = [note.asserter or "Somebody whom the source does not name"]
    where = note.document or "no document"
    by = f" ({note.publisher})" if note.publisher and note.publisher != note.asserter else ""
    place = f", {note.locator}" if note.locator else ""
    basis = BASES.get(note.date_basis, f"date {note.date_basis}")
    basis = f" ({basis})" if note.date_basis != "stated" else ""
    said.append(f"in {where}{by}{place}")
    said.append(f"{note.date}{basis}")
    if note.hedge:
        said.append(f"hedge “{note.hedge}”")
    said += [f"in its words {text}" for text in note.words]
    said += note.marks
    if short:
        said.append(KINDS[0 if note.quote else 1 if note.paraphrase else 2].split(",")[0])
        return said
    if note.quote:
        said.append(f"quotation: “{note.quote}”")
    if note.paraphrase:
        said.append(f"paraphrase: {note.paraphrase.rstrip('.')}")
    if not note.quote and not note.paraphrase:
        said.append(KINDS[2])
    if not note.marking:
        said.append("no marking")
    return said
