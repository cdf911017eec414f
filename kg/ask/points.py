"""What two sides of a comparison may be: days on which something had been said, or states of the
ledger, by when it was loaded. A day may be a date, or told from today: `yesterday`, `monday` (the
last one before today), `7d`, `2w`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta

from kg.base.errors import UsageError, offering
from kg.graph.lens import Day
from kg.ledger.ledger import State
from kg.ontology import edtf

NOW, PREVIOUS = "now", "previous"
SHORTEST = 6
"""Digits of a state's id that are enough to tell it from a year."""

DAYS = ("today", "yesterday")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
HOW = (
    "write 2018, 2018-06 or 2018-06-12, yesterday, monday or 7d (days ago), or for what had been "
    "loaded by then @2018-06-12 or @monday, now, previous"
)

Point = Day | State


def points(
    before: Day, after: Day | None, states: Sequence[State], today: date
) -> tuple[Point, Point]:
    """Both sides of a comparison, of one sort; without a second one, what there is now. Raises
    `UsageError` for words that mean neither."""
    one = _point(before, states, today)
    if after is None or after == NOW:
        other: Point = states[0] if isinstance(one, State) else today
    else:
        other = _point(after, states, today)
        if before == NOW and not isinstance(other, State):
            one = today
    if isinstance(one, State) != isinstance(other, State):
        raise UsageError(
            f"{before} and {after} are not of one sort: one is a state of the ledger, the other a "
            "day by which something had been said (@DAY is what had been loaded by a day)"
        )
    return one, other


def called(point: Point) -> str:
    """What a side is called in a title that is read later."""
    return told(point.since) if isinstance(point, State) else str(point)


def _point(word: Day, states: Sequence[State], today: date) -> Point:
    if (state := state_of(word, states, today)) is not None:
        return state
    if not isinstance(word, str):
        return word
    if (day := _relative(word, today)) is not None:
        return day
    try:
        edtf.parse(word)
    except ValueError as why:
        if word[:1].isdigit():
            raise UsageError(f"{word!r}: {why}") from None
        message = f"{word!r} is no day, and no state of the ledger"
        known = (NOW, PREVIOUS, *DAYS, *WEEK)
        raise UsageError(offering(message, word, known, otherwise=HOW)) from None
    return word


def _relative(word: str, today: date) -> date | None:
    """The day that a word means, as told from today; None for any other word."""
    word = word.lower()
    if word in DAYS:
        return today - timedelta(DAYS.index(word))
    if word in WEEK:
        return today - timedelta((today.weekday() - WEEK.index(word) - 1) % 7 + 1)
    if ago := re.fullmatch(r"(\d{1,4})([dw])", word):
        return today - timedelta(int(ago[1]) * (7 if ago[2] == "w" else 1))
    return None


def state_of(word: Day, states: Sequence[State], today: date) -> State | None:
    """The state that a word names: `now`, `previous` (the one before it), `@DAY` (the last one of
    that day or before it), an id or its beginning. None for what may be a day. Raises `UsageError`
    where there is no such state."""
    if not isinstance(word, str):
        return None
    if word == NOW:
        return _nth(states, 0, word)
    if word == PREVIOUS:
        return _nth(states, 1, word)
    if word.startswith("@"):
        return _of_day(_day(word, today), states)
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST},16}}", word):
        return None
    found = {s.manifest.id: s for s in reversed(states) if s.manifest.id.startswith(word)}
    if len(found) == 1:
        return next(iter(found.values()))
    if found:
        raise UsageError(f"{word!r} is the beginning of several states: {', '.join(found)}")
    raise UsageError(f"no state {word!r} is kept; {listed(states)}")


def _nth(states: Sequence[State], place: int, word: str) -> State:
    if len(states) <= place:
        raise UsageError(f"there is no state {word!r}: {listed(states)}")
    return states[place]


def _day(word: str, today: date) -> date:
    """The last day that `@DAY` means."""
    if (told := _relative(word[1:], today)) is not None:
        return told
    try:
        day = edtf.parse(word[1:]).end
    except ValueError as why:
        raise UsageError(f"{word!r}: {why}") from None
    if day is None:
        raise UsageError(f"{word!r} has no last day")
    return day


def _of_day(day: date, states: Sequence[State]) -> State:
    for state in states:
        if state.since is not None and state.since.astimezone(UTC).date() <= day:
            return state
    raise UsageError(f"no state is kept from {day} or before; {listed(states)}")


def listed(states: Sequence[State]) -> str:
    """The states that there are, as the end of a message."""
    known = [f"{s.manifest.id} (since {told(s.since)})" for s in states]
    return f"there are {', '.join(known)}" if known else "nothing has been loaded yet"


def told(since: datetime | None) -> str:
    """When a state began, for people."""
    return f"{since:%Y-%m-%d %H:%M} UTC" if since else "an earlier kg"
