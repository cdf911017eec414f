"""A document's text at hand: paragraphs, spans and quotes can then be checked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.base.yamlfile import decode


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
