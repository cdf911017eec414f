"""To whom something may be passed on: the levels of the Traffic Light Protocol, version 2.0."""

from __future__ import annotations

import re
from collections.abc import Iterable

from kg.base.errors import UsageError, offering

LEVELS = ("TLP:CLEAR", "TLP:GREEN", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:RED")
"""From what everybody may have to what only who was there may."""

OLDER = {"TLP:WHITE": "TLP:CLEAR"}
"""What version 1 called them."""


def level(word: str) -> str | None:
    """The level that a word names, however it is written (`tlp:red`, `RED`, `TLP-WHITE`)."""
    bare = re.sub(r"^TLP\b[\s:_-]*|^TLP_", "", word.upper().strip()).strip()
    plain = f"TLP:{re.sub(r'^AMBER[ _+-]+STRICT$', 'AMBER+STRICT', bare)}"
    plain = OLDER.get(plain, plain)
    return plain if plain in LEVELS else None


def asked(word: str, option: str) -> str:
    """The same of what a user gave. Raises `UsageError` with the nearest level."""
    found = level(word)
    if found is None:
        message = f"{option} {word!r}: no level of TLP 2.0"
        raise UsageError(offering(message, word.upper(), LEVELS))
    return found


def strictest(levels: Iterable[str | None]) -> str | None:
    """The narrowest of several; None where there is none."""
    return max((each for each in levels if each), key=LEVELS.index, default=None)
