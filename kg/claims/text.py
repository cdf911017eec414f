"""A document's text at hand: paragraphs, spans and quotes can then be checked."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import cached_property
from pathlib import Path
from typing import Any

from kg.base.yamlfile import decode

_ALIKE = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2002\u2003\u2009\u202f\t", " "),
        **dict.fromkeys("\u2018\u2019\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011", "-"),
    }
)
"""Signs that mean the same; one for one, so that every span stays what it is."""


def alike(text: str) -> str:
    """A text with one sign for each sort of space, quote and hyphen; of equal length."""
    return text.translate(_ALIKE)


def mark(words: str) -> str:
    """A short sum of words, by which it is told whether they still stand at a span (the page's rule
    too: `mark` in its `text.js`)."""
    total = 0
    for sign in words:
        total = (total * 31 + ord(sign)) & 0xFFFFFFFF
    return f"{total:08x}"


def marked_at(text: str, length: int, sought: str) -> list[int]:
    """Where so many characters with that sum begin."""
    wanted, power = int(sought, 16), pow(31, length, 1 << 32)
    total, found = 0, []
    for at, sign in enumerate(text):
        total = total * 31 + ord(sign)
        if at >= length:
            total -= power * ord(text[at - length])
        total &= 0xFFFFFFFF
        if at >= length - 1 and total == wanted:
            found.append(at - length + 1)
    return found


class NotThere(ValueError):
    """Words that do not stand in a text, or not in one place; says what stands there instead."""


@dataclass(frozen=True)
class Text:
    """The UTF-8 file as it is: a byte order mark and each half of a Windows line end count. Spans
    are 0-based code points, paragraphs its non-empty lines, from 1."""

    text: str
    paragraphs: tuple[tuple[int, int], ...]

    @classmethod
    def read(cls, path: Path) -> Text:
        """Read the file; raises `InputError` where it is not UTF-8."""
        return cls.of(decode(path, "utf-8"))

    @classmethod
    def of(cls, text: str) -> Text:
        """Find the paragraphs of a text."""
        found, start = [], 0
        for line in text.split("\n"):
            if line.strip():
                found.append((start, start + len(line)))
            start += len(line) + 1
        return cls(text, tuple(found))

    @cached_property
    def plain(self) -> str:
        """The text with one sign for each sort of space, quote and hyphen; of equal length."""
        return alike(self.text)

    def paragraph(self, at: int) -> int:
        """The number of the paragraph in which a character stands, from 1."""
        return max(1, sum(start <= at for start, _ in self.paragraphs))

    def find(self, words: str, paragraph: object = None) -> tuple[int, int]:
        """The one place where words stand, in a paragraph if one is given. Raises `NotThere`."""
        known = str(paragraph).isdecimal() and 1 <= int(str(paragraph)) <= len(self.paragraphs)
        area = self.paragraphs[int(str(paragraph)) - 1] if known else (0, len(self.text))
        parts = map(re.escape, alike(words).split())
        found = [
            one.span() for one in re.compile(r"\s+".join(parts)).finditer(self.plain, *area)
        ]  # fmt: skip
        if len(found) == 1 and words.strip():
            return found[0]
        if found and words.strip():
            where = ", ".join(f"[{start}, {end}]" for start, end in found[:4])
            raise NotThere(f"stands there {len(found)} times, at {where}: give more of its words")
        where = f"paragraph {paragraph}" if known else "the document's text"
        raise NotThere(f"these words do not stand in {where}{self._nearest(words)}")

    def _nearest(self, words: str) -> str:
        """The part of the text that is most like words, as the end of a sentence about them."""
        sought = set(re.findall(r"\w+", alike(words).casefold()))
        parts = [
            one.span() for one in re.finditer(r"[^\n.!?;]+", self.plain) if one[0].strip()
        ]  # fmt: skip
        shared = {
            span: len(sought & set(re.findall(r"\w+", self.plain[slice(*span)].casefold())))
            for span in parts
        }
        best = max(shared, key=lambda span: shared[span], default=(0, 0))
        if not shared.get(best):
            return ""
        start, end = _common(self.plain[slice(*best)], alike(words))
        said = self.text[best[0] + start : best[0] + end]
        return f"; nearest, in paragraph {self.paragraph(best[0])}: {said!r}"

    def problems(self, claim: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
        """(field, value, message) for what of the claim's locator and quote is not in the text."""
        start, end = claim.get("start"), claim.get("end")
        paragraph = str(claim["paragraph"])[:20] if claim.get("paragraph") is not None else None
        area = (0, len(self.text))
        if paragraph is not None and paragraph.isdecimal():
            if not 1 <= int(paragraph) <= len(self.paragraphs):
                yield "paragraph", paragraph, f"the text has {len(self.paragraphs)} paragraphs"
                return
            area = self.paragraphs[int(paragraph) - 1]
        if start is not None and end is not None:
            if not 0 <= start < end <= len(self.text):
                yield "span", f"[{start}, {end}]", f"the text has {len(self.text)} code points"
                return
            if paragraph is not None and not (area[0] <= start and end <= area[1]):
                yield (
                    "span",
                    f"[{start}, {end}]",
                    f"paragraph {paragraph} is [{area[0]}, {area[1]}]",
                )
            area = (start, end)
        quote = claim.get("quote")
        if quote is not None and quote not in self.text[area[0] : area[1]]:
            yield "quote", quote, "does not stand in the document's text where the claim says"


def _common(text: str, words: str) -> tuple[int, int]:
    """From where to where, in whole words, a text is like others."""
    blocks = SequenceMatcher(None, text.casefold(), words.casefold(), False).get_matching_blocks()
    told = [block for block in blocks if block.size > 2]
    if not told:
        return 0, len(text)
    start, end = told[0].a, told[-1].a + told[-1].size
    while start and not text[start - 1].isspace():
        start -= 1
    while end < len(text) and not text[end].isspace():
        end += 1
    return start, end
