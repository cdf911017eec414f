"""What kg takes on at most, so that a file or a query cannot take the machine: one list.

A limit has a name, a value and what it bounds; a refusal says all three, what was found, and how
to go on. `--raise NAME=NUMBER` raises one for a command, `$KG_LIMITS` (`columns=50000 json-mb=900`)
for a shell, `raised` for a script.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

from kg.base.errors import UsageError, offering

LIMITS: dict[str, tuple[int, str]] = {
    "json-mb": (256, "megabytes of one JSON file, unpacked; it takes five times that in memory"),
    "line-mb": (64, "megabytes of one line of a table or of JSON Lines, unpacked"),
    "yaml-mb": (50, "megabytes of a claim file, of a mapping, or of a document's text"),
    "excel-mb": (256, "megabytes of an Excel file, unpacked"),
    "columns": (10_000, "columns of one table"),
    "depth": (20, "levels of lists and mappings in each other in YAML"),
    "outside": (0, "folders up from its own that a file may name another in"),
    "query-mb": (1_000, "megabytes that a query of the embedded engine may need (Linux)"),
    "states": (10, "states of a ledger before the present one that are kept, for `kg diff`"),
    "told": (20, "problems of one kind that are printed; the rest are counted"),
}
"""The default of each limit, and what it bounds."""

_given: ContextVar[dict[str, int]] = ContextVar("limits", default={})  # noqa: B039  (never written)


def limit(name: str) -> int:
    """The number that holds here. Raises `UsageError` for a `$KG_LIMITS` that cannot be read."""
    given = _given.get()
    if name not in given and (shell := os.environ.get("KG_LIMITS")):
        given = parsed(re.split(r"[\s,]+", shell))
    return given.get(name, LIMITS[name][0])


def beyond(name: str, found: int | None = None) -> str:
    """The sentence that refuses `found` of what a limit bounds; None where nobody counted on."""
    what = LIMITS[name][1].partition(";")[0]
    number = f"{found:,}" if found else f"more than {limit(name):,}"
    return (
        f"{number} {what}: kg takes {limit(name):,} at most "
        f"(--raise {name}={found or 2 * limit(name)} if that is what you want)"
    )


def outside(path: Path, folder: Path) -> str | None:
    """Why a file in `folder` may not name the one at `path`, which lies too far up; None if it may.
    Symbolic links count as what they lead to."""
    own, real = folder.resolve(), path.resolve()
    tops = enumerate([own, *own.parents])
    up = next((up for up, top in tops if real.is_relative_to(top)), len(own.parts))
    if up <= limit("outside"):
        return None
    return (
        "lies outside of the folder of the file that names it, and a file from elsewhere could "
        f"name any of yours (--raise outside={up} if that is what you want)"
    )


@contextmanager
def raised(given: Iterable[str]) -> Iterator[None]:
    """`with raised(["columns=50000"]):` other limits in this block. Raises `UsageError`."""
    token = _given.set({**_given.get(), **parsed(given)})
    try:
        yield
    finally:
        _given.reset(token)


def parsed(given: Iterable[str]) -> dict[str, int]:
    """`NAME=NUMBER` texts as numbers by name. Raises `UsageError`."""
    found = {}
    for text in filter(None, given):
        name, _, number = text.partition("=")
        if name not in LIMITS:
            raise UsageError(offering(f"there is no limit {name!r}", name, LIMITS))
        if not number.isdecimal():
            raise UsageError(f"a limit takes a whole number, as in {name}={LIMITS[name][0]}")
        found[name] = int(number)
    return found
