"""One file per format. A file here (or an entry point in `kg.loaders`) that names a FORMAT is one.

A loader is a module with `FORMAT` (the word after `kg load`), `DOC` (one line), `HOME` (where users
get the data), `LICENCE`, `CHECKS`, and `load(paths, emit)`. It may have `called(paths)`: what the
files themselves say their source is, None where they do not. Nothing else has to be edited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Protocol, cast

from kg.base.discovery import by_name, in_modules
from kg.base.errors import UsageError, offering
from kg.base.settings import own

if TYPE_CHECKING:
    import polars as pl

    from kg.claims.checks import Checks
    from kg.claims.emitter import Emitter


class Loader(Protocol):
    """What a loader's module holds."""

    FORMAT: str
    DOC: str
    HOME: str
    LICENCE: str
    CHECKS: Checks

    def load(self, paths: Sequence[Path], emit: Emitter) -> None:
        """Read files and folders of this format into the emitter."""


def loaders(extra: tuple[Path, ...] = ()) -> dict[str, Loader]:
    """Every loader by its format: of this folder, of `extra` folders, of those in `$KG_PATH`, of
    entry points."""
    return _loaders(extra, tuple(folder.resolve() for folder in own("loaders")))


@cache
def _loaders(extra: tuple[Path, ...], _own: tuple[Path, ...]) -> dict[str, Loader]:
    """The same, looked for once as long as `$KG_PATH` names the same folders."""
    found = by_name("loader", in_modules("loaders", _loader, extra))
    return dict(sorted(found.items()))


def _loader(module: ModuleType) -> Iterator[tuple[str, Loader]]:
    if hasattr(module, "FORMAT"):
        yield module.FORMAT, cast(Loader, module)


def loader(format: str, extra: tuple[Path, ...] = ()) -> Loader:
    """The loader of a format. Raises `UsageError` with the nearest name where there is none."""
    known = loaders(extra)
    if format not in known:
        formats = ["claims", *known]  # `kg load` reads claim files without a loader
        raise UsageError(offering(f"no loader reads the format {format!r}", format, formats))
    return known[format]


def load(
    format: str, paths: Sequence[Path], emit: Emitter, allow: Collection[str] = ()
) -> pl.DataFrame:
    """Read files and folders of one format and check the whole, but for the checks that `allow`
    names: what they find wrong is let pass.

    Returns the frame that `Emitter.finish` gives; raises `InputError` with every problem, before
    anything has been written anywhere.
    """
    from kg.loaders.kit.sources import checks_of

    found = loader(format)
    missing = [str(path) for path in paths if not path.exists()]
    if missing or not paths:
        raise UsageError(f"nothing to load at {', '.join(missing) or 'no path'}")
    checks = checks_of(paths, found.CHECKS)
    for name in allow:
        if name not in checks.names:
            message = f"--allow {name}: there is no such check"
            raise UsageError(offering(message, name, checks.names, otherwise="there is none here"))
    found.load(paths, emit)
    return emit.finish(checks, allow)
