"""Engines, one file each, found by looking: a module with `SCHEMES` and `open_url`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from kg.base.discovery import by_name, in_modules
from kg.base.errors import DatabaseError, UsageError
from kg.stores.base import Plan, Stamp, Store, Table

__all__ = ["Plan", "Stamp", "Store", "Table", "is_address", "open_store"]


def is_address(url: str) -> bool:
    """Whether a graph's name is a server's address (else it is a path)."""
    return "://" in url


def open_store(url: str | None, *, write: bool = True) -> Store:
    """Open a database by address (`neo4j://…`), path, or None for a graph in memory.

    Raises `UsageError` for an unknown scheme, `DatabaseError` where the engine will not open it.
    """
    if url is None or not is_address(url):
        from kg.stores.kglite import KgliteStore

        path = None if url is None else Path(url)
        if path is not None and not write and not path.exists():
            raise DatabaseError(f"there is no graph at {path} yet; `kg build` makes one")
        return KgliteStore(path, write=write)
    scheme = url.partition("://")[0].lower()
    by_scheme = by_name("store for the scheme", in_modules("stores", _schemes))
    if scheme not in by_scheme:
        raise UsageError(f"no engine speaks {scheme}://; known: {', '.join(sorted(by_scheme))}")
    module = by_scheme[scheme]
    store: Store = module.open_url(url, write=write)
    return store


def _schemes(module: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    for scheme in getattr(module, "SCHEMES", ()):
        yield scheme, module
