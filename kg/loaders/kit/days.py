"""A date in a cell as EDTF, by the forms that a mapping gives, no more exact than it is printed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta

from kg.loaders.kit.mapping_shapes import told
from kg.ontology import edtf

_CLOCK = re.compile(r"(?<=\d)(?:[ T]|, )\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]\.?M\.?)?$", re.I)
"""A time after a day, of which the zone is not told: the day is what is known."""
_MONTH = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b\.?", re.IGNORECASE
)  # fmt: skip
_QUARTER = re.compile(
    r"Q(?P<q>[1-4])[ /-]?(?P<y>\d{4})|(?P<y2>\d{4})[ /-]?Q(?P<q2>[1-4])"
    r"|(?P<q3>[1-4])(?:st|nd|rd|th) quarter (?:of )?(?P<y3>\d{4})", re.IGNORECASE
)  # fmt: skip
_RUN_TOGETHER = re.compile(r"%[YymdjHMS]%[YymdjHMS]")
"""In a form: numbers with nothing between, which `strptime` would part where it likes."""

EXCEL = "excel"
"""The form of a date that is the number of days since the end of 1899."""
FIRST_COUNTED, LAST_COUNTED = 10_000, 110_000
"""Numbers that are read so; one of four digits is a year."""


def days_of(text: str, forms: Sequence[str]) -> tuple[dict[str, str], bool]:
    """What each form reads, spelt otherwise or with a year of two digits where the form has one of
    four (True then); what is a date without them, under `itself`. Empty for what is none."""
    if read := _days(text, forms) or _days(_spelt(text), map(_loose, forms)):
        return read, False
    if read := _days(_spelt(text), map(_of_short_year, forms)):
        return read, True
    known = _without_form(text)
    return ({"itself": known} if known else {}), False


def _days(text: str, forms: Iterable[str]) -> dict[str, str]:
    """What each form reads."""
    return {form: day for form in forms if (day := _day_of(text, form))}


def _spelt(text: str) -> str:
    """`3rd Sept. 2019, 13:45` as `3 Sep 2019`."""
    plain = re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", _CLOCK.sub("", text))
    return _MONTH.sub(r"\1", plain)


def _loose(form: str) -> str:
    """The form of a date with its month in short and its year in full."""
    return form.replace("%B", "%b").replace("%y", "%Y")


def _of_short_year(form: str) -> str:
    return _loose(form).replace("%Y", "%y")


def _without_form(text: str) -> str | None:
    """What is a date whatever the forms are: a quarter, a day with its time, EDTF."""
    if found := _QUARTER.fullmatch(text):
        year, quarter = (found[n] or found[f"{n}2"] or found[f"{n}3"] for n in "yq")
        return f"{year}-{32 + int(quarter)}"
    try:
        return edtf.parse(re.sub(r" ?(?:UTC|GMT)$", "Z", _CLOCK.sub("", text))).text
    except ValueError:
        return None


def _day_of(text: str, form: str) -> str | None:
    """A date as EDTF by one form, no more exact than it tells; None where it is not of it."""
    try:
        if form == EXCEL:
            days = float(text)
            counted = FIRST_COUNTED <= days < LAST_COUNTED
            return (date(1899, 12, 30) + timedelta(days)).isoformat() if counted else None
        read = datetime.strptime(text, form)
        if _RUN_TOGETHER.search(form) and read.strftime(form) != text:
            return None
        if read.tzinfo is not None:
            read = read.astimezone(UTC)
        if "%y" in form and read.year >= 2050:
            read = read.replace(year=read.year - 100)
        return read.date().isoformat()[: told(form)]
    except (ValueError, OverflowError):
        return None
