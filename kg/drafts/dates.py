"""Dates as a text prints them: absolute, or counted from the day of the document or of another."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from kg.drafts.proposals import Span
from kg.drafts.words import cues, given, words
from kg.ontology import edtf
from kg.ontology.values import BadValue


@dataclass(frozen=True)
class When:
    """One date in a text."""

    edtf: str
    span: Span
    basis: str
    """`stated`, or `derived` where the year or more is not printed there."""
    because: str = ""
    day_of: str = ""
    """What of an event is awaited: `1` for `a day after`; the event is for the caller to find."""
    anchor: str = ""
    """The day of that event, once it was found."""


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    cased = ("plain", "by", "since", "between")
    return tuple(
        (name, re.compile(pattern, 0 if name in cased else re.IGNORECASE))
        for name, pattern in cues("dates")
    )


def dates(
    text: str, start: int, end: int, today: date | None, near: date | None = None
) -> Iterator[When]:
    """The dates between two places of a text, in order. `today` is the document's day."""
    taken: list[Span] = []
    found: list[When] = []
    for name, pattern in _patterns():
        for match in pattern.finditer(text, start, end):
            span = Span(*match.span())
            if any(span.start < t.end and t.start < span.end for t in taken):
                continue
            if name == "plain" and tuple(span) != (start, end) and _a_word(text, match):
                continue
            if when := _READ[name](match, today):
                taken.append(span)
                found.append(when)
    return iter(sorted(found, key=lambda one: one.span))


def reread(text: str, span: Span, today: date | None) -> When | None:
    """The date that stands at a span, read afresh."""
    found = list(dates(text, span.start, span.end, today))
    return found[0] if len(found) == 1 else None


def printed_day(words: str, latest: date | None = None) -> str | None:
    """A printed date as EDTF; where its year is missing the last one before another day, else
    None."""
    found = list(dates(words, 0, len(words), latest))
    return found[0].edtf if found and (latest or found[0].basis == "stated") else None


def shifted(day: str, count: int, what: str = "day") -> str | None:
    """A day so many days (weeks) later or earlier; None where it is no day."""
    try:
        parsed = edtf.parse(day)
    except BadValue:
        return None
    if parsed.precision != "day" or parsed.start is None:
        return None
    return (parsed.start + timedelta(days=count * (7 if what == "week" else 1))).isoformat()


def _month(word: str) -> int:
    short = word[:3].title()
    return [month[:3] for month in words("months")].index(short) + 1


def _a_word(text: str, match: re.Match[str]) -> bool:
    """Whether a bare `May` or `March` may be a name or a verb: it stands alone."""
    before = text[: match.start()].rsplit(maxsplit=1)[-1:]
    return match[0] in ("May", "March") and before not in (["of"], ["during"], ["until"])


def _one(match: re.Match[str], n: str, year: str | None = None) -> tuple[str, bool] | None:
    """One date as EDTF, and whether its year is printed; None for what is no date."""
    if match[f"z{n}"]:
        return match[f"z{n}"], True
    name = match[f"m{n}"]
    day = match[f"d{n}"] or match[f"e{n}"]
    if not name[0].isupper():
        return None
    printed = match[f"y{n}"] or year
    text = f"{printed or '0000'}-{_month(name):02d}" + (f"-{int(day):02d}" if day else "")
    return text, printed is not None


def _dated(one: tuple[str, bool] | None, today: date | None) -> tuple[str, str, str] | None:
    """EDTF, basis and reason; the year of one that lacks it is the latest that has passed."""
    if one is None:
        return None
    text, printed = one
    if printed:
        return (text, "stated", "") if _is_date(text) else None
    if today is None:
        return None
    for year in (today.year, today.year - 1):
        whole = f"{year}{text[4:]}"
        if _is_date(whole) and (start := edtf.parse(whole).start) and start <= today:
            return whole, "derived", f"the year from the document's date, {today.isoformat()}"
    return None


def _is_date(text: str) -> bool:
    try:
        edtf.parse(text)
    except BadValue:
        return False
    return True


def _iso(match: re.Match[str], today: date | None) -> When | None:
    span = Span(*match.span())
    return When(match["iso"], span, "stated") if _is_date(match["iso"]) else None


def _between(match: re.Match[str], today: date | None) -> When | None:
    if match[0][:2].lower() == "in" and not (match["m1"] and match["m2"] and not match["y1"]):
        return None  # `in May and June 2020` is one stretch; two dates with their years are two
    second = _one(match, "2")
    first = _one(match, "1", match["y2"])
    if first is None or second is None:
        return None
    a, b = _dated(first, today), _dated(second, today)
    if a is None or b is None or not _is_date(f"{a[0]}/{b[0]}"):
        return None
    basis = "stated" if (a[1], b[1]) == ("stated", "stated") else "derived"
    return When(f"{a[0]}/{b[0]}", Span(*match.span()), basis, a[2] or b[2])


def _dash(match: re.Match[str], today: date | None) -> When | None:
    text = f"{match['a']}/{match['b']}"
    return When(text, Span(*match.span()), "stated") if _is_date(text) else None


def _count(word: str) -> int:
    return int(given()["numbers"].get(word.lower(), 1 if word.lower() == "the" else word))


def _gap(match: re.Match[str], today: date | None) -> When | None:
    if match["what"] not in ("day", "week"):
        return None
    count = _count(match["count"]) * (1 if match["way"] in ("after", "later") else -1)
    days = count * (7 if match["what"] == "week" else 1)
    return When("", Span(*match.span()), "derived", match[0], str(days))


def _gone(match: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return None
    count, what = _count(match["count"]), match["what"]
    back = {"day": today - timedelta(days=count), "week": today - timedelta(weeks=count)}
    if what in back:
        text = back[what].isoformat() if what == "day" else back[what].isoformat()[:7]
    elif what == "month":
        months = today.year * 12 + today.month - 1 - count
        text = f"{months // 12}-{months % 12 + 1:02d}"
    else:
        text = str(today.year - count)
    return _counted(match, text, today)


def _counted(match: re.Match[str], text: str, today: date) -> When:
    because = f"{match[0]!r}, counted from the document's date, {today.isoformat()}"
    return When(text, Span(*match.span()), "derived", because)


def _day(match: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return None
    days = {"yesterday": -1, "today": 0, "tomorrow": 1}[match["word"].lower()]
    return _counted(match, (today + timedelta(days=days)).isoformat(), today)


def _week(match: re.Match[str], today: date | None) -> When | None:
    if today is None or not match["weekday"][0].isupper():
        return None
    wanted = [day.lower() for day in words("days")].index(match["weekday"].lower())
    back = (today.weekday() - wanted) % 7
    if back == 0 and "last" in match[0].lower():
        back = 7
    return _counted(match, (today - timedelta(days=back)).isoformat(), today)


def _span(match: re.Match[str], today: date | None) -> When | None:
    if today is None:
        return None
    which, what = match["which"].lower(), match["what"].lower()
    step = -1 if "last" in which or which == "previous" else 1 if which == "next" else 0
    if what == "week":
        return None
    if what == "year":
        return _counted(match, str(today.year + step), today)
    months = today.year * 12 + today.month - 1 + step
    return _counted(match, f"{months // 12}-{months % 12 + 1:02d}", today)


def _open(shape: str, match: re.Match[str], today: date | None) -> When | None:
    found = _dated(_one(match, "1"), today)
    if found is None:
        return None
    return When(shape.format(found[0]), Span(*match.span()), found[1], found[2])


_READ: dict[str, Callable[[re.Match[str], date | None], When | None]] = {
    "iso": _iso,
    "between": _between,
    "dash": _dash,
    "gap": _gap,
    "gone": _gone,
    "day": _day,
    "week": _week,
    "span": _span,
    "by": lambda match, today: _open("../{}", match, today),
    "since": lambda match, today: _open("{}/..", match, today),
    "plain": lambda match, today: _open("{}", match, today),
}
