"""What two sides of a comparison may be: days on which something had been said, or states of the
ledger, by when it was loaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime

from kg.base.errors import UsageError
from kg.graph.lens import Day
from kg.ledger.ledger import State
from kg.ontology import edtf

NOW, PREVIOUS = "now", "previous"
SHORTEST = 6
"""Digits of a state's id that are enough to tell it from a year."""


def state_of(word: Day, states: Sequence[State]) -> State | None:
    """The state that a word names: `now`, `previous` (the one before it), `@DAY` (the last one of
    that day), an id or its beginning. None for what may be a day. Raises `UsageError` where there
    is no such state."""
    if not isinstance(word, str):
        return None
    if word == NOW:
        return _nth(states, 0, word)
    if word == PREVIOUS:
        return _nth(states, 1, word)
    if word.startswith("@"):
        return _of_day(_day(word), states, word)
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


def _day(word: str) -> date:
    """The last day that `@DAY` means."""
    try:
        day = edtf.parse(word[1:]).end
    except ValueError as why:
        raise UsageError(f"{word!r}: {why}") from None
    if day is None:
        raise UsageError(f"{word!r} has no last day")
    return day


def _of_day(day: date, states: Sequence[State], word: str) -> State:
    for state in states:
        if state.since is not None and state.since.astimezone(UTC).date() <= day:
            return state
    raise UsageError(f"no state is kept from {word[1:]} or before; {listed(states)}")


def listed(states: Sequence[State]) -> str:
    """The states that there are, as the end of a message."""
    known = [f"{s.manifest.id} (since {told(s.since)})" for s in states]
    return f"there are {', '.join(known)}" if known else "nothing has been loaded yet"


def told(since: datetime | None) -> str:
    """When a state began, for people."""
    return f"{since:%Y-%m-%d %H:%M} UTC" if since else "an earlier kg"
