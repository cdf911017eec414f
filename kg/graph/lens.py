"""A lens: which claims count, by when they were made and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from kg.base.errors import UsageError
from kg.ontology import edtf

Day = str | date
"""A day, a `datetime` on it, or EDTF text, of which the last day counts."""


@dataclass(frozen=True, init=False)
class Lens:
    """Which claims count: those made by `as_of` and not withdrawn by then, and those that the
    asserter `according_to` (an entity's id; in the public API also a name) made. None leaves a
    side open."""

    as_of: str | None
    """EDTF, whatever was given."""
    according_to: str | None

    def __init__(self, as_of: Day | None = None, according_to: str | None = None) -> None:
        object.__setattr__(self, "as_of", None if as_of is None else _edtf(as_of))
        object.__setattr__(self, "according_to", according_to)

    def __bool__(self) -> bool:
        return self.as_of is not None or self.according_to is not None

    def before(self, other: Lens) -> Lens:
        """Both at once; where each closes the same side, this one."""
        return Lens(self.as_of or other.as_of, self.according_to or other.according_to)

    @property
    def day(self) -> date | None:
        """The last day that `as_of` covers. Raises `UsageError` where it is no date."""
        if self.as_of is None:
            return None
        try:
            day = edtf.parse(self.as_of).end
        except ValueError as why:
            raise UsageError(f"--as-of {self.as_of!r}: {why}") from None
        if day is None:
            raise UsageError(f"--as-of {self.as_of!r}: has no last day")
        return day


def _edtf(day: Day) -> str:
    """A day as EDTF. Raises `UsageError` for what is none."""
    if isinstance(day, datetime):
        day = day.date()
    if isinstance(day, date):
        return day.isoformat()
    if not isinstance(day, str):
        raise UsageError(
            f"as_of takes a date, a datetime or text such as '2018-12-31' (got {day!r})"
        )
    return day


WHOLE = Lens()
"""The lens that leaves every side open."""
