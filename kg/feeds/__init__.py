"""What a user's own `sources.yaml` names: fetched politely, and only what has changed since.

A kind of source is a module with `KEYS` (keys of `sources.yaml` that hold a place) and
`fetch(feed, state, folder) -> Fetched | None`: what is there now, in `folder` or where it lies, and
the state to give the next time; None where nothing has changed. A file here, or a module that an
entry point of the group `kg.feeds` names, is one; nothing else has to be edited.
"""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from kg.base.discovery import by_name, in_modules
from kg.feeds.feed import Feed, Fetched, State

__all__ = ["Feed", "Fetched", "State", "discover"]


def discover() -> dict[str, ModuleType]:
    """Every kind of source by its key."""
    return dict(sorted(by_name("feed", in_modules("feeds", _kind)).items()))


def _kind(module: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    for key in getattr(module, "KEYS", ()):
        yield key, module
