"""A lens: which claims count, by three clocks and by whom they were made."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kg.base.errors import UsageError
from kg.ontology import edtf

Day = str | date
"""A day, a `datetime` on it, or EDTF text, of which the last day counts."""


CLOCKS = ("as_of", "valid_on", "known_on")
"""When it was said, when it is true, when it was recorded here."""


@dataclass(frozen=True, init=False)
class Lens:
    """Which claims count: those made by `as_of` and not withdrawn by then, those whose time of
    validity, where they state one, holds `valid_on`, those recorded here by `known_on`, and those
    that the asserter `according_to` (an entity's id; in the public API also a name) made. None
    leaves a side open. Days are EDTF, whatever was given."""

    as_of: str | None
    according_to: str | None
    valid_on: str | None
    known_on: str | None

    def __init__(
        self,
        as_of: Day | None = None,
        according_to: str | None = None,
        valid_on: Day | None = None,
        known_on: Day | None = None,
    ) -> None:
        for name, day in (("as_of", as_of), ("valid_on", valid_on), ("known_on", known_on)):
            object.__setattr__(self, name, None if day is None else _edtf(name, day))
        object.__setattr__(self, "according_to", according_to)

    def __bool__(self) -> bool:
        return any(getattr(self, name) is not None for name in (*CLOCKS, "according_to"))

    def before(self, other: Lens) -> Lens:
        """Both at once; where each closes the same side, this one."""
        return Lens(
            self.as_of or other.as_of,
            self.according_to or other.according_to,
            self.valid_on or other.valid_on,
            self.known_on or other.known_on,
        )

    @property
    def day(self) -> date | None:
        """The last day that `as_of` covers. Raises `UsageError` where it is no date."""
        return self.last_day("as_of")

    def last_day(self, clock: str) -> date | None:
        """The last day that one of `CLOCKS` is set to; None where it is not set. Raises
        `UsageError` where it is no date."""
        return self._end(clock, "end", "last")

    def first_day(self, clock: str) -> date | None:
        """The first such day."""
        return self._end(clock, "start", "first")

    def _end(self, clock: str, end: str, which: str) -> date | None:
        given: str | None = getattr(self, clock)
        if given is None:
            return None
        option = "--" + clock.replace("_", "-")
        try:
            day: date | None = getattr(edtf.parse(given), end)
        except ValueError as why:
            raise UsageError(f"{option} {given!r}: {why}") from None
        if day is None:
            raise UsageError(f"{option} {given!r}: has no {which} day")
        return day


def _edtf(name: str, day: Day) -> str:
    """A day as EDTF. Raises `UsageError` for what is none."""
    if isinstance(day, datetime):
        day = day.date()
    if isinstance(day, date):
        return day.isoformat()
    if not isinstance(day, str):
        raise UsageError(
            f"{name} takes a date, a datetime or text such as '2018-12-31' (got {day!r})"
        )
    return day


WHOLE = Lens()
"""The lens that leaves every side open."""
