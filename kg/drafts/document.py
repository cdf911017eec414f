"""A document to be read: its text as it will be saved, and what is known of the document itself."""

from __future__ import annotations

import codecs
import datetime
import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.base.errors import InputError, Problem, UsageError
from kg.base.settings import to_install
from kg.base.yamlfile import decode
from kg.claims.text import Text, alike
from kg.ontology import edtf, publishers

TELLING = 12
"""So many words are more than a heading or a line of dates."""

HINT = f"to read {{what}}, install the extra: {to_install('draft')}"


@dataclass(frozen=True)
class Document:
    """A text and where it comes from. Spans are code points of `text`, as it is saved."""

    text: str
    id: str = "document:draft"
    name: str = "Untitled"
    date: str | None = None
    date_basis: str | None = None
    publisher: tuple[str, str] | None = None
    """Id and name."""
    url: str | None = None
    dateline: str | None = None
    """The day that its dateline prints without a year (`Sept 8`)."""

    @cached_property
    def plain(self) -> str:
        """The text with one sign for each sort of space, quote and hyphen; of equal length."""
        return alike(self.text)

    @cached_property
    def paragraphs(self) -> tuple[tuple[int, int], ...]:
        """First character and end of each non-empty line."""
        return Text.of(self.text).paragraphs

    @cached_property
    def day(self) -> datetime.date | None:
        """The day from which relative dates are counted: that of its dateline where it has one,
        which may lie before that of its publication; None where no single day is known."""
        day = edtf.parse(self.date).start if self.date and _one_day(self.date) else None
        written = _written(self.dateline, day) if self.dateline and day else None
        return written if day and written and (day - written).days < WEEK else day

    def paragraph(self, at: int) -> int:
        """The number of the paragraph in which a character stands, from 1."""
        found = [n for n, (start, _) in enumerate(self.paragraphs, 1) if start <= at]
        return found[-1] if found else 1


WEEK = 7
"""Days after which what is published is no longer what a dateline of that day begins."""


def _written(dateline: str, latest: datetime.date) -> datetime.date | None:
    """The day of a dateline without a year, no later than another."""
    from kg.drafts.dates import printed_day

    day = printed_day(dateline, latest)
    return datetime.date.fromisoformat(day) if day else None


def in_its_year(document: Document) -> Document:
    """A document of which no more than the year or the month is known, with the day that its
    dateline gives."""
    told = edtf.parse(document.date) if document.date else None
    if not (document.dateline and told and told.start and told.end) or told.precision == "day":
        return document
    day = _written(document.dateline, told.end)
    if day is None or day < told.start:
        return document
    return replace(document, date=day.isoformat(), date_basis="derived")


def _one_day(text: str) -> bool:
    return edtf.parse(text).precision == "day"


def read(path: Path) -> Document:
    """Read a text, Markdown, HTML or PDF file.

    Raises `InputError` for a file that cannot be read as what it is, `UsageError` where what reads
    it is not installed.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    reader = _reader(path)
    document = reader(path)
    if not document.text.strip():
        scanned = ": its pages are pictures; have their text recognised first (OCR)"
        raise InputError(
            Problem(f"there is no text in it{scanned if reader is _pdf else ''}", str(path))
        )
    return replace(document, id=f"document:{slug(path.stem)}") if document.text else document


def _reader(path: Path) -> Callable[[Path], Document]:
    """What reads a file, by its ending, and by how it begins where that says that it is no text.

    Raises `InputError` for what nothing here reads.
    """
    with path.open("rb") as stream:
        start = stream.read(8)
    if start.startswith(b"%PDF"):
        return _pdf
    for begins, what in _OTHERS.items():
        if start.startswith(begins):
            raise InputError(
                Problem(f"is {what}, which is not read: save it as text, HTML or PDF", str(path))
            )
    return READERS.get(path.suffix.lower(), _text)


_OTHERS = {
    b"PK\x03\x04": "an office document (.docx, .odt) or an archive",
    b"\xd0\xcf\x11\xe0": "an office document (.doc)",
    b"{\\rtf": "rich text (.rtf)",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
}
"""How files begin that somebody may take for a document."""


def slug(words: str) -> str:
    """A name as the key of an id: lower case, letters and digits, hyphens."""
    return re.sub(r"[\W_]+", "-", words.casefold().replace("'", "")).strip("-")[:60] or "untitled"


def publisher_of(name: str) -> tuple[str, str]:
    """Id and name of who publishes, by the name or the address that was given."""
    found = publishers.of_name(name) or (publishers.of_address(name) if "/" in name else None)
    if found:
        return found.id, found.name
    return f"organization:{slug(name)}", name


def _text(path: Path) -> Document:
    text = decode(path, "utf-8")
    return described_by_itself(Document(text), text)


def _markdown(path: Path) -> Document:
    text = decode(path, "utf-8")
    title = re.search(r"^#\s+(.+?)\s*#*$", text, re.MULTILINE)
    plain = text
    for pattern, put in _MARKS:
        plain = pattern.sub(put, plain)
    document = described_by_itself(Document(plain), plain)
    return replace(document, name=title[1].strip()) if title else document


_MARKS = tuple(
    (re.compile(pattern, re.MULTILINE), put)
    for pattern, put in (
        (r"\A---\n.*?\n---\n", ""),
        (r"^```.*?^```\n?", ""),
        (r"!\[[^\]]*\]\([^)]*\)", ""),
        (r"\[([^\]]*)\]\([^)]*\)", r"\1"),
        (r"^#{1,6}\s+|^>\s?|^\s*[-*+]\s+|^\s*\d+\.\s+", ""),
        (r"(\*\*|__)(.+?)\1", r"\2"),
        (r"(?<!\w)[*_`](.+?)[*_`](?!\w)", r"\1"),
    )
)


def _html(path: Path) -> Document:
    try:
        import trafilatura
    except ImportError:
        raise UsageError(HINT.format(what="HTML")) from None
    page = decode(path, _charset(path))
    text = trafilatura.extract(page, include_comments=False, include_tables=True) or ""
    known = trafilatura.extract_metadata(page)
    return _from_page(Document(text + "\n" if text else ""), known)


def _charset(path: Path) -> str:
    """The encoding that a page declares of itself; UTF-8 where it declares none that is known."""
    with path.open("rb") as stream:
        told = re.search(rb"charset=[\"']?([\w-]+)", stream.read(4096))
    name = told[1].decode("ascii").lower() if told else "utf-8"
    try:
        return "utf-8-sig" if name in ("utf-8", "utf8") else codecs.lookup(name).name
    except LookupError:
        return "utf-8-sig"


def _from_page(document: Document, known: Any) -> Document:
    """With what the page says of itself in its head."""
    if known is None:
        return document
    by = publisher_of(known.sitename) if known.sitename else None
    if known.url and (found := publishers.of_address(known.url)):
        by = found.id, found.name
    return replace(
        described_by_itself(document, document.text),
        name=known.title or document.name,
        url=known.url or None,
        publisher=by or document.publisher,
        date=known.date or document.date,
        date_basis="metadata" if known.date else document.date_basis,
    )


def _pdf(path: Path) -> Document:
    try:
        from pypdf import PdfReader
        from pypdf.errors import PyPdfError
    except ImportError:
        raise UsageError(HINT.format(what="PDF")) from None
    try:
        reader = PdfReader(path)
        pages = [page.extract_text() for page in reader.pages]
        title = str((reader.metadata.title if reader.metadata else None) or "")
    except (PyPdfError, ValueError, KeyError, OSError) as why:
        raise InputError(Problem(f"cannot be read as PDF: {why}", str(path))) from None
    text = joined("\n".join(_without_running_heads(pages))).encode("utf-8", "replace").decode()
    text = re.sub("[\ufb00-\ufb06]", lambda one: unicodedata.normalize("NFKC", one[0]), text)
    return replace(described_by_itself(Document(text), text), name=title.strip() or path.stem)


def _without_running_heads(pages: list[str]) -> list[str]:
    """Pages without the first and last lines that most of them have alike, but for a number."""
    split = [page.strip("\n").split("\n") for page in pages]
    for at in (0, -1):
        alike_ = Counter(re.sub(r"\d+", "#", lines[at]).strip() for lines in split if lines)
        running = {line for line, times in alike_.items() if 1 < times > len(pages) / 2}
        for lines in split:
            if lines and re.sub(r"\d+", "#", lines[at]).strip() in running:
                del lines[at]
    return ["\n".join(lines) for lines in split]


NARROW = 70
"""Letters in a line of a column; there, letters of unlike width make lines differ more."""


def joined(text: str) -> str:
    """Lines that a page's width broke, as the paragraphs that they were."""
    lines = text.replace("\r\n", "\n").split("\n")
    widths = sorted(len(line) for line in lines if line.strip())
    width = widths[-1 - len(widths) // 20] if widths else 0
    share, least = (0.75, 25) if width < NARROW else (0.9, 45)
    whole: list[str] = []
    before = ""
    for line in lines:
        ended = not before.strip() or re.search(r"[.!?:\"”]\s*$", before)
        first = len(line.split(maxsplit=1)[0]) if line.strip() else 0
        full = len(before) >= least and len(before) + 1 + first > share * width
        if before.endswith("-") and re.match("[a-z]", line):
            whole[-1] = whole[-1][:-1] + line.rstrip()
        elif not line.strip() or ended or not full:
            whole.append(line.rstrip())
        else:
            whole[-1] = f"{whole[-1]} {line.strip()}"
        before = line
    return "\n".join(whole) + "\n"


READERS: dict[str, Callable[[Path], Document]] = {
    ".md": _markdown,
    ".markdown": _markdown,
    ".html": _html,
    ".htm": _html,
    ".pdf": _pdf,
}
"""By a file's ending; anything else is text."""

_MONTH = "(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)[a-z]*"
_DATED = re.compile(
    rf"^(?:Published|Updated|Posted|Date|Issued)?\s*:?\s*(?:on )?(?:\w+day,? )?"
    rf"(?P<date>\d{{1,2}}\.? {_MONTH}\.?,? \d{{4}}|{_MONTH}\.? \d{{1,2}},? \d{{4}}|"
    r"\d{4}-\d\d-\d\d)",
    re.MULTILINE,
)
DAY = rf"(?:{_MONTH}\.? \d{{1,2}}(?:,? \d{{4}})?|\d{{1,2}}\.? {_MONTH}\.?(?:,? \d{{4}})?)"
"""A day as a dateline prints it, with its year or without."""
_LINE = re.compile(
    r"^(?!(?:On|In|By|Since|From|Of|At)\b)[A-Z][\w.'/-]*(?:,? [A-Z][\w.'/-]*){0,4}"
    r"(?:,| \([A-Z][\w .&-]{1,30}\))?(?: ?[-–—]+)? "
    rf"\(?(?P<date>{DAY})\)?,?(?: \((?P<by>[A-Z][\w .&-]{{1,30}})\))?(?: ?[-–—]|$)",
    re.MULTILINE,
)
_PAPER = re.compile(
    r"^(?P<by>(?:The )?(?:[A-Z][\w'-]+ ){1,4}(?:Post|Times|Courier|Herald|Tribune|News|Wire|Press|"
    r"Gazette|Journal|Bulletin|Monitor|Agency|Daily|Mail|Telegraph|Observer|Review|Report|Today|Network))\s*$",
    re.MULTILINE,
)
_HEAD = re.compile(
    rf"^(?P<by>[A-Z][\w .&'-]{{2,40}}?)\s[-–—|]\s"
    rf"(?P<date>\d{{1,2}} {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}})$",
    re.MULTILINE,
)
_SITE = re.compile(
    r"\A\s*(?:[-–—|]|By|Source:|Publisher:)\s*(?P<by>[A-Z][\w .&'-]{2,40})\s*$", re.M
)
_BY = re.compile(r"^(?:[A-Z][\w .,'-]{2,30})?\(?(?P<by>[A-Z][A-Za-z.& ]{1,24})\) [-–—] ", re.M)
_RIGHTS = re.compile(
    r"(?:©|\(c\)|Copyright)\s*(?P<year>\d{4})?\s*(?P<by>[A-Z][\w .&'-]{2,40}?)(?=[.,\n]|$)"
)


def described_by_itself(document: Document, text: str) -> Document:
    """With title, date and publisher as the text itself prints them, where it does."""
    from kg.drafts.dates import printed_day

    plain = alike(text)
    lines = [line.strip() for line in plain.split("\n") if line.strip()]
    heads = [line for line in lines[:8] if 25 <= len(line) <= 160 and not line.endswith(".")]
    dated = (pattern.search(plain) for pattern in (_DATED, _LINE, _HEAD))
    day = next(filter(None, (printed_day(one["date"]) for one in dated if one)), None)
    printed = (p.search(plain) for p in (_SITE, _PAPER, _HEAD, _LINE, _BY, _RIGHTS))
    by = next(filter(None, (one["by"] for one in printed if one)), None)
    line, rights = _LINE.search(plain), _RIGHTS.search(plain)
    bare = line["date"] if line and not printed_day(line["date"]) else None
    year = rights["year"] if rights and bare and not day else None
    return in_its_year(
        replace(
            document,
            name=heads[0] if heads else (lines[0][:80] if lines else document.name),
            date=day or year,
            date_basis="stated" if day else "derived" if year else None,
            dateline=bare,
            publisher=publisher_of(by.strip()) if by else None,
        )
    )
