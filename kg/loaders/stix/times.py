"""Timestamps of STIX as they are met: with an offset, with a blank for the `T`, a day alone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

_STAMP = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"(?:[Tt ](?P<time>\d{2}:\d{2}(?::\d{2})?)(?:\.(?P<fraction>\d+))? ?"
    r"(?P<zone>[Zz]|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)


def moment(stamp: object) -> tuple[str, str] | None:
    """A timestamp in UTC so that later ones are greater; None for what is none.

    The fraction stands apart: sorted as they are written, `…09.5Z` would come after `…09.51Z`.
    """
    found = _STAMP.fullmatch(stamp.strip()) if isinstance(stamp, str) else None
    if found is None:
        return None
    try:
        local = datetime.fromisoformat(f"{found['day']}T{found['time'] or '00:00'}")
        utc = (local - _offset(found["zone"])).replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return utc.strftime("%Y-%m-%dT%H:%M:%S").zfill(19), found["fraction"] or ""


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone in "Zz":
        return timedelta()
    hours, minutes = int(zone[1:3]), int(zone[-2:])
    return (-1 if zone[0] == "-" else 1) * timedelta(hours=hours, minutes=minutes)


def day(stamp: object) -> str | None:
    """The day of a timestamp, in UTC."""
    found = moment(stamp)
    return found[0][:10] if found else None


def span(object: Mapping[str, Any], start: str, stop: str) -> str | None:
    """When something held or went on, as an EDTF interval; None where neither end is given."""
    first, last = day(object.get(start)), day(object.get(stop))
    return f"{first or '..'}/{last or '..'}" if first or last else None
