"""In which encoding a file is written: what its first bytes say, and what its lines look like.

A file that is not UTF-8 does not say what it is. One of the West of Europe is read as `cp1252`, so
that a stray byte costs no line; one that reads as gibberish so is refused with a guess, not read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Sequence
from itertools import chain, islice

UTF_8 = frozenset(("utf-8", "utf8", "utf-8-sig", "utf_8"))
WESTERN = ("utf-8", "cp1252")
"""How lists are read that say nothing of it."""

BOM = b"\xef\xbb\xbf"
MARKS = {
    codecs.BOM_UTF32_LE: "utf-32", codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16",
}  # fmt: skip
"""What a file in one of these encodings begins with; those of UTF-32 begin like one of UTF-16."""

_UNMARKED: dict[tuple[bool, ...], str] = {
    (True, False, True, False): "utf-16-le", (False, True, False, True): "utf-16-be",
    (True, False, False, False): "utf-32-le", (False, False, False, True): "utf-32-be",
}  # fmt: skip
"""Which of the first bytes of a file without such a mark are not zero: no other text has zeros."""

GUESSED = ["cp1252", "cp1250", "cp1251", "koi8_r", "cp866", "cp1253", "cp1254", "cp1255", "cp1256",
           "cp1257", "cp874", "cp932", "gb18030", "cp949", "big5"]  # fmt: skip
"""What tables are met in: one for each script and system, of many that read alike."""

_FEW, _OFTEN = 200_000, 1_000
"""How many lines of a file are looked at, and how many of them tell enough."""

_WORDS = re.compile(rb"[^\x00-\x20,;\"]*[\x80-\xff][^\x00-\x20,;\"]*")
_TYPOGRAPHY = "‘’“”„–—…«»‹›°·•€©®™\xa0"
_HIGH = re.compile(rf"[^\x00-\x7f{_TYPOGRAPHY}]")
_GIBBERISH = re.compile(rf"[^\x00-\x7f{_TYPOGRAPHY}]{{3,}}")
"""Letters with accents and signs hardly ever stand three in a row in a language of the West."""
_NONE = re.compile("[\x80-\x9f\ufffd]")
"""Bytes that an encoding has no sign for."""
_HALF_WIDTH = re.compile("[\uff61-\uff9f]{2}")
"""Narrow katakana, which Japanese is hardly written in, and most bytes beyond ASCII are some."""


def wide(start: bytes, named: Sequence[str] = ()) -> str | None:
    """The encoding of a file in which a line's end is no single byte: by its first four bytes, or
    the first that was named."""
    for mark, name in MARKS.items():
        if start.startswith(mark):
            return name
    if bare := _UNMARKED.get(tuple(byte != 0 for byte in start)):
        return bare
    return next((name for name in named[:1] if "\n".encode(name)[-2:] != b"\n"), None)


def decoded(raw: bytes, encodings: Sequence[str]) -> tuple[str | None, str]:
    """A line by the first encoding that fits, and which; None where none does."""
    for encoding in encodings:
        try:
            return raw.decode(encoding), encoding
        except UnicodeError:
            continue
    return None, ""


def odd(lines: Iterable[bytes], encoding: str) -> bytes:
    """The words that tell in what a file is written, a line each: those beyond ASCII of lines that
    are not UTF-8, where they should be, else of all."""
    strange = (line for line in islice(lines, _FEW) if not _plain(line, encoding))
    return b"\n".join(b" ".join(_WORDS.findall(line)) for line in islice(strange, _OFTEN))


def is_mostly_utf_8(lines: Iterable[bytes]) -> bool:
    """Whether of the lines beyond ASCII at least half are UTF-8: then the others are strays."""
    beyond = (line for line in islice(lines, _FEW) if not line.isascii())
    fits = [_plain(line, "utf-8") for line in islice(beyond, _OFTEN)]
    return sum(fits) * 2 >= len(fits)


def _plain(line: bytes, encoding: str) -> bool:
    return line.isascii() or (encoding in UTF_8 and decoded(line, ("utf-8",))[0] is not None)


def is_gibberish(raw: bytes, encoding: str) -> bool:
    """Whether what is read so is no text of the West of Europe: of its signs beyond ASCII most
    stand three or more in a row, or one of twenty is none. Letters of other scripts are what they
    are."""
    text = raw.decode(encoding, errors="replace")
    if any(letter > "\u036f" and letter.isalpha() for letter in text):
        return False
    rows = sum(len(found[0]) for found in _GIBBERISH.finditer(text))
    high, none = len(_HIGH.findall(text)), len(_NONE.findall(text))
    return rows * 2 > high or (none > 2 and none * 20 > high)


def _guesses(raw: bytes) -> list[str]:
    """What such words look like, the likeliest first, at most three."""
    import charset_normalizer

    found = [match for match in charset_normalizer.from_bytes(raw, cp_isolation=GUESSED)
             if not _HALF_WIDTH.search(str(match))]  # fmt: skip
    alike = [[name for name in GUESSED if name in match.could_be_from_charset] for match in found]
    return list(chain(*alike))[:3]


def advice(raw: bytes) -> str:
    """What such words look like, and how to go on."""
    names = _guesses(raw)
    best = names[0] if names else "cp1251"
    text = raw.decode(best, errors="replace")
    first = _HIGH.search(text)
    shown = text[first.start() if first else 0 :].partition("\n")[0].strip()[:40]
    looks = f"looks like {' or '.join(names)} ({shown!r}); " if names else ""
    return f"{looks}save it as UTF-8, or of a table write `encoding: {best}` in its source.yaml"
