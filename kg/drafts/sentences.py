"""Sentences of a document, without the furniture of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.drafts.document import Document
from kg.drafts.proposals import Span

_SHORT = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Sen|Rep|St|vs|No|Inc|Ltd|Corp|Co|Jr|Sr|Prof|Gov|Pres|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|e\.g|i\.e|etc|approx|[A-Z])|\b[A-Z]\.[A-Z])$"
)
_END = re.compile(r"[.!?][\"'”’)\]]*(?=\s+[\"'“‘(\[]?[A-Z0-9]|\s*$)")


def sentences(document: Document) -> Iterator[Span]:
    """Each sentence; a line that ends in no stop, or is too short to say something, is none."""
    for start, end in document.paragraphs:
        line = document.plain[start:end]
        if not is_prose(line):
            continue
        dateline = _DATELINE.match(line)
        at = dateline.end() if dateline else 0
        for stop in _END.finditer(line):
            if line[stop.start()] == "." and _SHORT.search(line[: stop.start()]):
                continue
            yield _trimmed(line, at, stop.end(), start)
            at = stop.end()
        if line[at:].strip() and len(line[at:].split()) >= 4:
            yield _trimmed(line, at, len(line), start)


_DATELINE = re.compile(r"[A-Z][A-Z .,'-]{2,40}[\w ,.]{0,24}(?:\([^)]{2,30}\))?\s*[-–—]+\s")


def is_prose(line: str) -> bool:
    """Whether a line is made of sentences, and no heading, menu or button."""
    words = line.split()
    if len(words) < 5 or not re.search(r"[.!?:;,][\"')\]]*\s*$", line):
        return False
    latin = sum("a" <= c.lower() <= "z" for c in line)
    return latin > 0.6 * sum(c.isalpha() for c in line) and bool(re.search(r"\b[a-z]{2,}\b", line))


def _trimmed(line: str, start: int, end: int, offset: int) -> Span:
    while start < end and line[start].isspace():
        start += 1
    return Span(offset + start, offset + end)
