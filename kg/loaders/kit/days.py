"""A date in a cell as EDTF, by the forms that a mapping gives, no more exact than it is printed.

What words alone make a date needs no form: `3–5 May 2019`, `spring 2019`, `c. 2019`, `2019-W05`,
`since 2018`. What can be read in two ways (`3/4/2019` without a form, `week 5`) is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

from kg.loaders.kit.mapping_shapes import told
from kg.ontology import edtf

_CLOCK = re.compile(r"(?<=\d)(?:[ T]|, )\d\d?:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]\.?M\.?)?$", re.I)
"""A time after a day, of which the zone is not told: the day is what is known."""
_MONTH = re.compile(
    r"\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|t|tember|ober|ember)?\b\.?", re.IGNORECASE
)  # fmt: skip
_RUN_TOGETHER = re.compile(r"%[YymdjHMS]%[YymdjHMS]")
"""In a form: numbers with nothing between, which `strptime` would part where it likes."""
_ISO = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?")

EXCEL = "excel"
"""The form of a date that is the number of days since the end of 1899."""
FIRST_COUNTED, LAST_COUNTED = 10_000, 110_000
"""Numbers that are read so; one of four digits is a year."""
LONGEST = 80
"""Characters of a date in words; more are a sentence."""

ITSELF = "itself"
"""Stands for the form of a date that needs none."""
SHORT = "has a year of two digits, which was taken for one from 1950 to 2049"
VAGUE = "says early, middle or late, which is kept no more exactly than what that is of"
WINTER = "is a winter of which either half may be meant: kept as both"


@dataclass(frozen=True)
class Days:
    """What a text is by each form that reads it; `why` says what of it is to be told."""

    by: dict[str, str]
    why: str = ""


@dataclass(frozen=True)
class _Date:
    """One date or interval in EDTF, and what of it is to be told."""

    text: str
    why: str = ""


def days_of(text: str, forms: Sequence[str]) -> Days:
    """What each form reads, spelt otherwise or with a year of two digits where the form has one of
    four; what is a date without them, under `itself`. Empty for what is none."""
    if read := _days(text, forms) or _days(_spelt(text), map(_loose, forms)):
        return Days(read)
    if read := _days(_spelt(text), map(_of_short_year, forms)):
        return Days(read, SHORT)
    if known := _edtf(text):
        return Days({ITSELF: known})
    tried = {form: _in_words(text, form) for form in (*(f for f in forms if f != EXCEL), ITSELF)}
    found = {form: one for form, one in tried.items() if one is not None}
    whys = dict.fromkeys(one.why for one in found.values() if one.why)
    return Days({form: one.text for form, one in found.items()}, "; ".join(whys))


def printed(text: str) -> str:
    """A date that its words alone tell, as EDTF; what is none, or is more in words than EDTF can
    say, as it is."""
    if _ISO.fullmatch(text):
        return text  # nearly all of them
    read = days_of(text.strip(), ())
    return text if read.why else read.by.get(ITSELF, text)


def between(start: str, end: str) -> str:
    """From one date to another as an interval; either may be one itself, or unknown."""
    if start == end or ("/" in start and not end):
        return start
    return f"{start.partition('/')[0]}/{end.rpartition('/')[2]}"


# ------------------------------------------------------------------ by a form


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


def _edtf(text: str) -> str | None:
    """What is EDTF, a day with its time as well. `2021-22` is a span of years as others print it,
    and no summer."""
    if found := re.fullmatch(r"(\d{4})[-/](\d\d)", text):
        after = int(found[1]) + 1
        if after % 100 == int(found[2]) > 12:
            return f"{found[1]}/{after:04}"
    try:
        return edtf.parse(re.sub(r" ?(?:UTC|GMT)$", "Z", _CLOCK.sub("", text))).text
    except ValueError:
        return None


# ------------------------------------------------------------------ in words

_DASH = r"(?:\s+[-\u2013\u2014]+\s*|\s*[\u2013\u2014]+\s*|\s+(?:to|till|until|through|thru)\s+)"
_TIGHT = r"\s*[-/]\s*"
"""Between two ends where that cannot be a part of one date."""
_QUARTER = re.compile(
    r"Q(?P<q>[1-4])[ /-]?(?P<y>\d{4})|(?P<y2>\d{4})[ /-]?Q(?P<q2>[1-4])|"
    r"(?P<q3>[1-4])Q[ /-]?(?P<y3>\d{4})|"
    r"(?P<q4>[1-4]|first|second|third|fourth|last) quarter (?P<y4>\d{4})", re.IGNORECASE
)  # fmt: skip
_HALF = re.compile(
    r"H(?P<h>[12])[ /-]?(?P<y>\d{4})|(?P<y2>\d{4})[ /-]?H(?P<h2>[12])|"
    r"(?P<h3>[12])H[ /-]?(?P<y3>\d{4})|(?P<h4>1|2|first|second) half (?P<y4>\d{4})", re.IGNORECASE
)  # fmt: skip
_SEASON = re.compile(
    r"(?P<s>spring|summer|autumn|fall|winter) (?P<y>\d{4})(?P<z>[-/\u2013](?:\d{4}|\d\d))?", re.I
)
_SEASONS = {"spring": 21, "summer": 22, "autumn": 23, "fall": 23}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": 4}
_WEEK = re.compile(r"(?:(\d{4})-?W(\d\d)(?:-?([1-7]))?)|(?:(?:CW|KW) ?(\d\d?)[ /](\d{4}))", re.I)
_DECADE = re.compile(r"(\d{3})0['\u2019]?s")
_ABOUT = r"(?:c\.|ca\.?|circa|about|around|approx(?:\.|imately)?|roughly|est\.|estimated|~)"
_MAYBE = r"(?:probably|possibly|perhaps|maybe|likely)"
_QUALIFIED = (
    ("~", re.compile(rf"(?:{_ABOUT}|c(?=\d|\s))\s*(.+)", re.I)),
    ("~", re.compile(rf"(.+?)\s*[(\[]\s*{_ABOUT}\s*[)\]]", re.I)),
    ("?", re.compile(rf"{_MAYBE}\s+(?:in\s+)?(.+)", re.I)),
    ("?", re.compile(r"(.+?)\s*(?:[(\[]\s*\?\s*[)\]]|\?)", re.I)),
)
_PART = re.compile(
    r"(?:early|mid|late|(?:beginning|start|middle|end)(?:\s+of)?|(?:first|second) half)"
    r"[\s-]+(?:in\s+)?(.+)", re.IGNORECASE
)  # fmt: skip
_SINCE = re.compile(r"(?:since|from|after|starting)\s+(.+)", re.I)
_UNTIL = re.compile(r"(?:until|till|before|by|up to|prior to)\s+(.+)", re.I)
_ONGOING = re.compile(
    rf"(.+?)(?:{_DASH}|{_TIGHT})(?:present|ongoing|today|now|current|unknown|\?)", re.I
)
_DANGLING = re.compile(r"(.*\d)\s*[-\u2013\u2014]")
_BETWEEN = re.compile(r"(?:between|from)\s+(.+?)\s+(?:and|to|until|till|through)\s+(.+)", re.I)
_WORDY = ("%d %b %Y", "%b %d %Y", "%d-%b-%Y", "%Y %b %d", "%Y-%b-%d", "%b %Y", "%Y %b", "%b-%Y")
"""Forms that can be read in one way only."""


@lru_cache(maxsize=10_000)
def _in_words(text: str, form: str) -> _Date | None:
    """A date or interval, the numbers of which may be of one form."""
    plain = _plain(text)
    return _checked(_read(plain, form)) if plain and len(plain) <= LONGEST else None


def _plain(text: str) -> str:
    """`Friday, the 3rd of May, 2019` as `3 May 2019`."""
    plain = re.sub(r"\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b\.?,?\s+",
                   "", text, flags=re.I)  # fmt: skip
    plain = re.sub(r"\bthe\s+", "", _spelt(plain), flags=re.I)
    plain = re.sub(r"^(?:(?:on|in|during)\s+)?(?:night\s+of\s+)?", "", plain, flags=re.I)
    plain = re.sub(r"(?<=[\d\w])\s+of\s+(?=[\w])|,\s*", " ", plain)
    return " ".join(plain.split())


def _checked(found: _Date | None) -> _Date | None:
    """What is EDTF indeed: no month of 31 days that has 30, no end before its start."""
    try:
        return found and replace(found, text=edtf.parse(found.text).text)
    except ValueError:
        return None


def _read(text: str, form: str) -> _Date | None:
    return next(
        (found for way in (_one, _open, _within, _qualified, _range) if (found := way(text, form))),
        None,
    )


def _one(text: str, form: str) -> _Date | None:
    """A date that is no interval: a part of a year, a week, a decade, a day."""
    return next((found for way in _ONE if (found := way(text))), None) or _of_form(text, form)


def _of_form(text: str, form: str) -> _Date | None:
    """A date by the column's form, by words, or of ISO 8601."""
    forms = [*_WORDY] if form == ITSELF else [_loose(form).replace(",", ""), *_WORDY]
    if read := _days(text, forms):
        return _Date(next(iter(read.values())))
    if form != ITSELF and (read := _days(text, [_of_short_year(form)])):
        return _Date(next(iter(read.values())), SHORT)
    return _checked(_Date(text)) if _ISO.fullmatch(text) else None


def _groups(found: re.Match[str], *names: str) -> list[str]:
    """What the groups of these names hold, each under the first of its numbers that does."""
    groups = found.groupdict()
    return [next(v for n in ("", 2, 3, 4) if (v := groups.get(f"{name}{n}"))) for name in names]


def _quarter(text: str) -> _Date | None:
    if found := _QUARTER.fullmatch(text):
        year, quarter = _groups(found, "y", "q")
        return _Date(f"{year}-{32 + int(_ORDINALS.get(quarter.lower(), quarter))}")
    if found := _HALF.fullmatch(text):
        year, half = _groups(found, "y", "h")
        return _Date(f"{year}-{39 + int(_ORDINALS.get(half.lower(), half))}")
    return None


def _season(text: str) -> _Date | None:
    found = _SEASON.fullmatch(text)
    if found is None:
        return None
    year, name, after = int(found["y"]), found["s"].lower(), (found["z"] or "")[1:]
    if name != "winter":
        return None if after else _Date(f"{year:04}-{_SEASONS[name]}")
    if after:
        follows = f"{year + 1:04}".endswith(after)
        return _Date(f"{year:04}-12/{year + 1:04}-02") if follows else None
    return _Date(f"{year - 1:04}-12/{year + 1:04}-02", WINTER)


def _week(text: str) -> _Date | None:
    """`2019-W05`, the week of ISO 8601: from its Monday to its Sunday; `2019-W05-3` is a day."""
    found = _WEEK.fullmatch(text)
    if found is None:
        return None
    year, week, day = int(found[1] or found[5]), int(found[2] or found[4]), found[3]
    try:
        if day:
            return _Date(date.fromisocalendar(year, week, int(day)).isoformat())
        return _Date("/".join(date.fromisocalendar(year, week, d).isoformat() for d in (1, 7)))
    except ValueError:
        return None


def _decade(text: str) -> _Date | None:
    found = _DECADE.fullmatch(text)
    return _Date(f"{found[1]}X") if found else None


_ONE: tuple[Callable[[str], _Date | None], ...] = (_quarter, _season, _week, _decade)


def _qualified(text: str, form: str) -> _Date | None:
    """`c. 2019`, `May 2019 (?)`."""
    for mark, pattern in _QUALIFIED:
        if (found := pattern.fullmatch(text)) and (read := _read(found[1], form)):
            marked = re.sub(r"(?<=\d)(?=/|$)", mark, read.text)
            return _checked(replace(read, text=marked)) or read
    return None


def _within(text: str, form: str) -> _Date | None:
    """`mid-June 2019`: no more is known for sure than the month."""
    found = _PART.fullmatch(text)
    whole = _one(found[1], form) if found else None
    if whole is None or edtf.parse(whole.text).precision == "day":
        return None
    return replace(whole, why=VAGUE)


def _open(text: str, form: str) -> _Date | None:
    """`since 2018`, `until May 2019`, `2018–present`."""
    for pattern, shape in (
        (_ONGOING, "{}/.."), (_DANGLING, "{}/.."), (_SINCE, "{}/.."), (_UNTIL, "../{}")
    ):  # fmt: skip
        one = _part(found[1], form) if (found := pattern.fullmatch(text)) else None
        if one is not None and "/" not in one.text:
            return replace(one, text=shape.format(one.text))
    return None


def _part(text: str, form: str) -> _Date | None:
    """An end of an interval."""
    return _one(text, form) or _within(text, form) or _qualified(text, form)


def _range(text: str, form: str) -> _Date | None:
    """Two ends, of which one may leave out what the other has."""
    for left, right, shape in _sides(text):
        for first, last in _completed(left, right):
            one, other = _part(first, form), _part(last, form)
            if one and other and not {"/"} & {*one.text, *other.text}:
                whole = _Date(shape.format(one.text, other.text), one.why or other.why)
                if found := _checked(whole):
                    return found
    return None


def _sides(text: str) -> Iterator[tuple[str, str, str]]:
    """Where a text may be parted, and what the two ends are together."""
    if found := _BETWEEN.fullmatch(text):
        yield found[1], found[2], "{}/{}"
    in_words = _MONTH.search(text) or _SEASON.search(text)
    for pattern, shape in (
        (_DASH, "{}/{}"), (_TIGHT, "{}/{}"), (r"\s*(?:&|\band\b)\s*", "{{{},{}}}"),
        (r"\s+or\s+", "[{},{}]"),
    ):  # fmt: skip
        for found in re.finditer(pattern, text, re.IGNORECASE):
            left, right = text[: found.start()].strip(), text[found.end() :].strip()
            # `3-5-2019` by `%m-%Y` is no three months: without a month's name both ends are whole.
            if pattern == _TIGHT and not in_words and not _are_whole(left, right):
                continue
            yield left, right, shape


def _are_whole(left: str, right: str) -> bool:
    """Whether two sides of a tight dash may both be dates, the left is a day before a full stop
    (`3./4.5.2019`), or the right is one after another of ISO 8601."""
    years = [re.search(r"(?<!\d)\d{4}(?!\d)", side) for side in (left, right)]
    return all(years) or re.fullmatch(r"\d\d?\.|\d{4}-\d\d-\d\d", left) is not None


def _completed(left: str, right: str) -> Iterator[tuple[str, str]]:
    """Two ends with what one of them left out."""
    yield left, right
    if (day := re.fullmatch(r"(\d\d?)\.?", left)) and (rest := re.match(r"\d\d?\b(.+)", right)):
        yield day[1] + rest[1], right
    if (year := re.search(r"\s\d{4}$", right)) and not re.search(r"\d{4}", left):
        yield left + year[0], right
        if (month := re.match(r"([A-Za-z]+ )\d\d?$", left)) and right[0].isdigit():
            yield left + year[0], month[1] + right
    if (short := re.fullmatch(r"(\d{4}-\d\d-)\d\d", left)) and re.fullmatch(r"\d\d", right):
        yield left, short[1] + right
    if re.fullmatch(r"\d{4}", left) and re.fullmatch(r"\d\d", right) and int(right) > 12:
        yield left, left[:2] + right
