"""A lens: which claims count, by three clocks, by whom they were made, and who is to see them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from kg.base.errors import UsageError
from kg.claims import marking
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
    leaves a side open. Days are EDTF, whatever was given.

    Three sides say what may be passed on (`sharing`): nothing that is marked, or derives from what
    is marked, stricter than `max_marking`; what carries no marking counts as `unmarked`, without
    which there must be none; nothing by an asserter, or of a kind, that `redact` names."""

    as_of: str | None
    according_to: str | None
    valid_on: str | None
    known_on: str | None
    max_marking: str | None
    unmarked: str | None
    redact: tuple[str, ...]

    def __init__(
        self,
        as_of: Day | None = None,
        according_to: str | None = None,
        valid_on: Day | None = None,
        known_on: Day | None = None,
        max_marking: str | None = None,
        unmarked: str | None = None,
        redact: Iterable[str] = (),
    ) -> None:
        for name, day in (("as_of", as_of), ("valid_on", valid_on), ("known_on", known_on)):
            object.__setattr__(self, name, None if day is None else _edtf(name, day))
        object.__setattr__(self, "according_to", according_to)
        for name, level in (("max_marking", max_marking), ("unmarked", unmarked)):
            option = "--" + name.replace("_", "-")
            object.__setattr__(self, name, None if level is None else marking.asked(level, option))
        if unmarked is not None and max_marking is None:
            raise UsageError("--unmarked LEVEL goes with --max-marking LEVEL")
        object.__setattr__(self, "redact", (redact,) if isinstance(redact, str) else tuple(redact))

    def __bool__(self) -> bool:
        return bool(self.closed)

    def before(self, other: Lens) -> Lens:
        """Both at once; where each closes the same side, this one; of two markings the stricter
        one, and all that either redacts."""
        levels = [each for each in (self.max_marking, other.max_marking) if each]
        return Lens(
            self.as_of or other.as_of,
            self.according_to or other.according_to,
            self.valid_on or other.valid_on,
            self.known_on or other.known_on,
            min(levels, key=marking.LEVELS.index, default=None),
            self.unmarked or other.unmarked,
            dict.fromkeys((*self.redact, *other.redact)),
        )

    def narrowed(self, asked: Lens) -> Lens:
        """What is asked for of who gave this lens to all who ask: both at once. Raises
        `UsageError` for a side that this one closes, which nobody who asks opens."""
        closed = [side for side in asked.closed if side in self.closed]
        if closed:
            raise UsageError(
                f"{', '.join(closed)}: this server was started with a lens that sets it"
            )
        return asked.before(self)

    @property
    def closed(self) -> list[str]:
        """The sides that are set."""
        return [name for name in self.__dataclass_fields__ if getattr(self, name) not in (None, ())]

    @property
    def sharing(self) -> Lens:
        """What of it says who is to see: the graph is made of that alone, and looked at through
        the rest (`view`)."""
        return Lens(max_marking=self.max_marking, unmarked=self.unmarked, redact=self.redact)

    @property
    def view(self) -> Lens:
        """All but that."""
        return Lens(self.as_of, self.according_to, self.valid_on, self.known_on)

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
