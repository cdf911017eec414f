"""Fillers: what a cell holds where nothing is known, so that it says nothing.

One rule for every format. Words (`n/a`, `unknown`) are told by `is_filler`; days that a program
writes for "not given" (the zeros of clocks, the last year of a calendar) by `without_fillers`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, time

WORDS = frozenset((
    "", "00.00.0000", "00/00/0000", "0000-00-00", "-", "--", "---", "–", "—", "-0-",
    "?", "??", "???", ".", "...", "…", "*", "n/a", "n.a.", "n.a", "n / a", "#n/a", "#na",
    "#n/a n/a", "<na>", "#value!", "#ref!", "#null!", "null", "<null>", "(null)", "nil", "none",
    "(none)", "nan", "-nan", "undefined", "[]", "{}", "unknown", "(unknown)", "unk", "unk.",
    "not known", "unknown - not attributed", "unattributed", "not attributed", "unidentified",
    "none identified", "not identified", "undetermined", "undisclosed", "not disclosed", "unnamed",
    "unspecified", "not specified", "not stated", "not available", "not applicable", "not given",
    "not provided", "not reported", "no data", "tbd", "tba", "tbc", "to be determined",
    "to be announced",
))  # fmt: skip
"""In lower case. `NA` alone is not among them: it is Namibia, and sodium."""

NOBODY = re.compile(
    r"un(?:known|identified|named|disclosed|specified|attributed)(?: (?:threat|cyber))?"
    r"(?: (?:actor|group|attacker|hacker|perpetrator|person|individual|organi[sz]ation|intruder|"
    r"source)(?:s|\(s\))?| part(?:y|ies)| entit(?:y|ies)| adversar(?:y|ies))"
)
"""`unknown threat actors`, `unidentified hacker(s)`: a filler, and what it stands for."""

LONGEST = 60
"""Characters; a text of more is none of them."""

DAYS = frozenset((
    "1970-01-01",  # the zero of Unix clocks
    "1969-12-31",  # the same, read west of Greenwich
    "1900-01-01", "1900-01-00", "1899-12-30", "1899-12-31",  # spreadsheets
    "1904-01-01", "1753-01-01", "1601-01-01",  # other spreadsheets, databases, Windows
    "2038-01-19",  # the last day of 32 bits
))  # fmt: skip
"""Days that programs write where none is known."""

FIRST_YEAR, LAST_YEAR = 100, 2900
"""No year outside of these is meant: 0001 and 9999 are ends of calendars, 5138 one of clocks."""

_DAY = re.compile(r"(\d{4}|\d{5,}(?=-))(?:-\d\d(?:-\d\d)?)?(?:[T ].+)?")


def is_filler(text: str) -> bool:
    """Whether a text stands where nothing is known."""
    if len(text) > LONGEST:
        return False
    plain = " ".join(text.split()).casefold()
    return plain in WORDS or NOBODY.fullmatch(plain) is not None


def without_fillers(date: str, days: bool = True) -> str:
    """A date in EDTF without placeholders: empty where it is one; an interval without the end that
    is one (`2019/9999-12-31` → `2019/`); what is no such date as it is.

    Without `days` only years that no calendar means count: somebody was born on 1970-01-01.
    """
    start, slash, end = date.strip().partition("/")
    if is_filler(date) or not slash:
        return "" if _is_placeholder(date, days) else date
    kept = ["" if _is_placeholder(side, days) else side for side in (start, end)]
    if kept == [start, end]:
        return date
    return slash.join(kept) if set(kept) - {"", ".."} else ""


def _is_placeholder(side: str, days: bool) -> bool:
    text = side.strip()
    found = _DAY.fullmatch(text)
    if found is None:
        return bool(text) and is_filler(text)
    if not FIRST_YEAR <= int(found[1]) <= LAST_YEAR:
        return True
    return days and text[:10] in DAYS and _midnight(text) in DAYS


def _midnight(text: str) -> str:
    """The day that a date or the first moment of one tells, in UTC; empty for another time."""
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        return text
    utc = when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC)
    return utc.date().isoformat() if utc.time() == time(0) else ""
