"""Sentences of a document, without the furniture of its page."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.drafts.document import DAY, Document
from kg.drafts.proposals import Span
from kg.drafts.words import among

_SHORT = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Gen|Col|Lt|Sgt|Sen|Rep|St|vs|No|Inc|Ltd|Corp|Co|Jr|Sr|Prof|Gov|Pres|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|e\.g|i\.e|etc|approx|v|et al|"
    r"[A-Z])|\b[A-Z]\.[A-Z])$"
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
            if line[stop.start()] == "." and _goes_on(line, stop):
                continue
            if re.search(r"[a-z]", line[at : stop.end()]):  # `110.` numbers a paragraph
                yield _trimmed(line, at, stop.end(), start)
            at = stop.end()
        if line[at:].strip() and len(line[at:].split()) >= 4:
            yield _trimmed(line, at, len(line), start)


def _goes_on(line: str, stop: re.Match[str]) -> bool:
    """Whether a full stop only ends a short form (`Corp.`), and no sentence."""
    if not _SHORT.search(line[: stop.start()]):
        return False
    after = re.match(r"\W*([A-Z][a-z]*)\s", line[stop.end() :])
    firm = re.search(r"\b(?:Inc|Ltd|Corp|Co)$", line[: stop.start()])
    return not (firm and after and after[1] in among("not_names"))


_DATELINE = re.compile(
    r"[A-Z][A-Z .,'-]{2,40}[\w ,.]{0,24}(?:\([^)]{2,30}\))?\s*[-–—]+\s"
    rf"(?:{DAY}\s*[-–—]+\s)?"
    r"|[A-Z][\w.'/-]+(?:\s[A-Z][\w.'-]+){0,2}(?:,\s[\w .,]{3,24})?\s\([\w /-]{2,30}\)\s*[-–—]+\s"
)
"""Where a report is from: `PARIS - `, `Seoul, 3 July 2019 (Yonhap) -- `."""


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
