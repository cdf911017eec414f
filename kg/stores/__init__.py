"""Engines, one file each, found by looking: a module with `SCHEMES` and `open_url`. One that is no
server says `EMBEDDED = True`: its addresses name files, and a ledger lies beside its graph."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

from kg.base.discovery import by_name, in_modules
from kg.base.errors import DatabaseError, UsageError
from kg.base.settings import is_address
from kg.stores.base import Plan, Stamp, Store, Table

__all__ = ["Plan", "Stamp", "Store", "Table", "file_of", "open_store"]


def file_of(url: str) -> Path | None:
    """The file that a graph's name names: a path, or the address (`SCHEME://PATH`) of an engine
    that says that it is `EMBEDDED`. None for a server's address, and for one of no engine."""
    if not is_address(url):
        return Path(url)
    scheme, _, place = url.partition("://")
    engine = _engines().get(scheme.lower())
    return Path(place) if getattr(engine, "EMBEDDED", False) else None


def open_store(url: str | None, *, write: bool = True) -> Store:
    """Open a database by address (`neo4j://…`), path, or None for a graph in memory.

    Raises `UsageError` for an unknown scheme, `DatabaseError` where the engine will not open it.
    """
    path = None if url is None else file_of(url)
    if path is not None and not write and not path.exists():
        raise DatabaseError(f"there is no graph at {path} yet; `kg build` makes one")
    if url is None or not is_address(url):
        from kg.stores.kglite import KgliteStore

        return KgliteStore(path, write=write)
    scheme, engines = url.partition("://")[0].lower(), _engines()
    if scheme not in engines:
        raise UsageError(f"no engine speaks {scheme}://; known: {', '.join(sorted(engines))}")
    store: Store = engines[scheme].open_url(url, write=write)
    return store


def _engines() -> dict[str, ModuleType]:
    """The engines by the schemes of their addresses."""
    return by_name("store for the scheme", in_modules("stores", _schemes))


def _schemes(module: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    for scheme in getattr(module, "SCHEMES", ()):
        yield scheme, module
