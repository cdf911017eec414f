"""A document to be read: its text as it will be saved, and what is known of the document itself."""

from __future__ import annotations

import codecs
import datetime
import re
import unicodedata
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
        """The day from which relative dates are counted; None where no single day is known."""
        return edtf.parse(self.date).start if self.date and _one_day(self.date) else None

    def paragraph(self, at: int) -> int:
        """The number of the paragraph in which a character stands, from 1."""
        found = [n for n, (start, _) in enumerate(self.paragraphs, 1) if start <= at]
        return found[-1] if found else 1


def _one_day(text: str) -> bool:
    return edtf.parse(text).precision == "day"


def read(path: Path) -> Document:
    """Read a text, Markdown, HTML or PDF file.

    Raises `InputError` for a file that cannot be read as what it is, `UsageError` where what reads
    it is not installed.
    """
    if not path.is_file():
        raise UsageError(f"there is no file {path}")
    reader = READERS.get(path.suffix.lower(), _text)
    document = reader(path)
    if not document.text.strip():
        raise InputError(Problem("there is no text in it", str(path)))
    return replace(document, id=f"document:{slug(path.stem)}") if document.text else document


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
    text = joined("\n\n".join(pages)).encode("utf-8", "replace").decode()
    text = re.sub("[\ufb00-\ufb06]", lambda one: unicodedata.normalize("NFKC", one[0]), text)
    return replace(described_by_itself(Document(text), text), name=title.strip() or path.stem)


def joined(text: str) -> str:
    """Lines that a page's width broke, as the paragraphs that they were."""
    text = re.sub(r"-\n(?=[a-z])", "", text.replace("\r\n", "\n"))
    lines = text.split("\n")
    widths = sorted(len(line) for line in lines if line.strip())
    width = widths[-1 - len(widths) // 20] if widths else 0
    whole: list[str] = []
    before = ""
    for line in lines:
        ended = not before.strip() or re.search(r"[.!?:\"”]\s*$", before)
        first = len(line.split(maxsplit=1)[0]) if line.strip() else 0
        full = len(before) >= 45 and len(before) + 1 + first > 0.9 * width
        if not line.strip() or ended or not full:
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
    r"(?:©|\(c\)|Copyright)\s*(?:\d{4})?\s*(?P<by>[A-Z][\w .&'-]{2,40}?)(?=[.,\n]|$)"
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
    return replace(
        document,
        name=heads[0] if heads else (lines[0][:80] if lines else document.name),
        date=day,
        date_basis="stated" if day else None,
        publisher=publisher_of(by.strip()) if by else None,
    )
