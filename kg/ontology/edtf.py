"""Dates in EDTF (Extended Date/Time Format, ISO 8601-2:2019 profile of the Library of Congress).

Plain dates, instants and intervals, nearly all there are, take a fast path on `datetime`; what is
qualified (`2018~`), unspecified (`201X`), a season (`2018-23`) or a set goes to the `edtf` package.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import UTC, date, datetime
from functools import lru_cache

from kg.ontology.values import BadValue, Value

PRECISIONS = (
    "instant",
    "day",
    "month",
    "season",
    "year",
    "decade",
    "century",
    "millennium",
    "interval",
    "set",
)

_PLAIN = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}.*")
_SLIPSHOD = re.compile(r"([0-9]{4})[-./]?([0-9]{1,2})[-./]?([0-9]{1,2})")
_WORD = re.compile(r"(?!XXX)[A-Za-z]{3}")
"""No date has any, but for unspecified digits."""
_LONGEST = 100
"""Characters; a real date has fewer, and the package's grammar is slow on what is not one."""


def parse(text: str) -> Value:
    """Read one EDTF date: text as written (instants in UTC), earliest and latest day, precision.

    Raises BadValue for what is no date, for impossible days, for intervals that end before they
    start, and for instants without a zone.
    """
    text = text.strip()
    if len(text) == 10 and text[4] == text[7] == "-":
        try:
            day = date.fromisoformat(text)
            return Value(text, start=day, end=day, precision="day")
        except ValueError:
            pass  # unspecified digits or no such day: the slow path tells which
    if plain := _PLAIN.fullmatch(text):
        return _plain(text, *plain.groups())
    if len(text) > _LONGEST:
        raise BadValue("too long for a date")
    if "/" in text:
        return _interval(text)
    if _CLOCK.fullmatch(text):
        return _instant(text)
    return _other(text.replace("x", "X"))


def _plain(text: str, year: str, month: str | None, day: str | None) -> Value:
    y = int(year)
    try:
        if month is None:
            return Value(text, start=date(y, 1, 1), end=date(y, 12, 31), precision="year")
        m = int(month)
        if day is not None:
            only = date(y, m, int(day))
            return Value(text, start=only, end=only, precision="day")
        if m > 20:  # 21 to 41 are seasons and quarters
            return _other(text)
        last = monthrange(y, m)[1]
        return Value(text, start=date(y, m, 1), end=date(y, m, last), precision="month")
    except ValueError as error:
        raise error if isinstance(error, BadValue) else _impossible() from None


def _impossible() -> BadValue:
    return BadValue("no such day in the calendar (years 0001 to 9999)")


def _instant(text: str) -> Value:
    try:
        when = datetime.fromisoformat(text)
    except ValueError:
        raise BadValue("no such time; write 2018-06-12T09:00:00+08:00") from None
    if when.tzinfo is None:
        raise BadValue("a time of day needs its zone; write 2018-06-12T09:00:00+08:00 or …Z")
    try:
        utc = when.astimezone(UTC)
    except OverflowError:
        raise _impossible() from None
    canonical = utc.isoformat().replace("+00:00", "Z")
    return Value(canonical, start=utc.date(), end=utc.date(), precision="instant")


def _interval(text: str) -> Value:
    left, slash, right = text.partition("/")
    if "/" in right or (left in ("", "..") and right in ("", "..")):
        raise _not_a_date(text)
    first, last = _end(left), _end(right)
    start, end = first.start, last.end
    if start is not None and end is not None and end < start:
        raise BadValue("the interval ends before it starts")
    return Value(f"{first.text}{slash}{last.text}", start=start, end=end, precision="interval")


def _end(side: str) -> Value:
    """One end of an interval: `..` is open, nothing at all is unknown, else a date."""
    return Value(side) if side in ("", "..") else parse(side)


@lru_cache(maxsize=10_000)
def _other(text: str) -> Value:
    """Qualified, unspecified, seasonal and set dates: about 10 ms in the package, so remembered,
    and text in words is not tried."""
    if _WORD.search(text):
        raise _not_a_date(text)
    from edtf import parse_edtf  # 0.2 s to import, and most corpora never need it
    from pyparsing import ParserElement

    try:
        found = parse_edtf(text)
        low, high = found.lower_strict(), found.upper_strict()
    except Exception:  # its errors are of many types, and all mean that this is no date
        raise _not_a_date(text) from None
    finally:
        # The package's parser keeps the errors of its last attempts, and each of those keeps alive
        # whatever its callers held: of a large source 150 MB.
        ParserElement.reset_cache()
    try:
        start, end = date(*low[:3]), date(*high[:3])
    except ValueError:
        raise _impossible() from None
    return Value(text, start=start, end=end, precision=_precision(text))


def _not_a_date(text: str) -> BadValue:
    near: tuple[str, ...] = ()
    if loose := _SLIPSHOD.fullmatch(text):
        year, month, day = (int(part) for part in loose.groups())
        near = (f"{year:04}-{month:02}-{day:02}",)
    return BadValue(
        "not a date; write 2018, 2018-06, 2018-06-12, 2018~ (about), 2018-01/2018-09 or ../2018",
        near,
    )


def _precision(text: str) -> str:
    bare = re.sub(r"[~?%]", "", text)
    if bare[0] in "{[":
        return "set"
    year, month, day = [*bare.split("-"), "X", "X"][:3]
    if unknown := year.count("X"):
        return {1: "decade", 2: "century"}.get(unknown, "millennium")
    if "X" in month:
        return "year"
    if int(month) > 20:
        return "season"
    return "month" if "X" in day else "day"
