"""Find the files of a folder, and what outsiders add by entry points; nothing is registered.

One rule holds for every sort of thing (kinds, loaders, sources, questions, measures, views,
exports, stores): two of one name are an error that names both files, unless one says that it
replaces the other, in the way of its format (`SAYS_SO`).
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Generic, TypeVar

from kg.base.errors import InputError, Problem
from kg.base.settings import own

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

HERE = Path(__file__).parents[1]

T = TypeVar("T")

SAYS_SO = {
    ".py": "a line `REPLACES = True`",
    ".cypher": "a header line `// replaces: true`",
    ".yaml": "a key `replaces: true`",
}
"""How a file says that what it holds takes the place of another of that name."""


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """One thing that was found, and where."""

    name: str
    thing: T
    path: Path
    replaces: bool = False
    line: Callable[[], int] | None = None
    """Finds the line in the file, for errors alone."""
    can_replace: bool = True
    """Whether its format has a way to say that it replaces another."""

    @property
    def place(self) -> str:
        """`FILE`, or `FILE:LINE` where one can be found."""
        return f"{self.path}:{self.line()}" if self.line else str(self.path)

    def is_as(self, other: Found[T]) -> bool:
        """Whether it is the very same: of one file, or one thing that a second module imports."""
        return self.thing is other.thing or self.path.resolve() == other.path.resolve()


def by_name(sort: str, found: Iterable[Found[T]]) -> dict[str, T]:
    """The things of one sort (`question`) by name, in the order in which their names came up.

    Raises `InputError` with every pair of one name of which none, or both, say that they replace
    the other.
    """
    by: dict[str, list[Found[T]]] = {}
    for one in found:
        known = by.setdefault(one.name, [])
        if not any(map(one.is_as, known)):
            known.append(one)
    chosen, problems = {}, []
    for name, same in by.items():
        first, *others = [one for one in same if one.replaces] or same
        problems += [_twice(sort, first, other) for other in others]
        chosen[name] = first.thing
    if problems:
        raise InputError(problems)
    return chosen


def _twice(sort: str, first: Found[T], other: Found[T]) -> Problem:
    if other.replaces:
        message = f"replaces the {sort} {other.name!r}, and so does {first.place}: only one can"
    else:
        says_so = SAYS_SO.get(other.path.suffix, SAYS_SO[".py"])
        message = (
            f"there is a {sort} {other.name!r} already, in {first.place}: give this one another "
            "name" + f", or say that it replaces the other by {says_so}" * other.can_replace
        )
    return Problem(message, other.place)


def in_modules(
    part: str, things: Callable[[ModuleType], Iterable[tuple[str, T]]], extra: Iterable[Path] = ()
) -> Iterator[Found[T]]:
    """What `things` finds by name in each module of a part (see `modules`)."""
    for module in modules(part, extra):
        path = Path(module.__file__ or module.__name__)
        for name, thing in things(module):
            yield Found(name, thing, path, replaces=getattr(module, "REPLACES", False) is True)


def modules(part: str, extra: Iterable[Path] = ()) -> Iterator[ModuleType]:
    """The modules of `kg/<part>/` (without those that start with `_`; a part of a room is written
    `ROOM.PART`), then of the `extra` folders and those in `$KG_PATH`, then those that entry points
    of the group `kg.<part>` name; sorted by name within each. Raises `InputError` for a file of a
    user's that cannot be imported."""
    for path in _own(HERE.joinpath(*part.split("."))):
        yield importlib.import_module(f"kg.{part}.{path.stem}")
    for folder in (*extra, *own(part.replace(".", os.sep))):
        for path in sorted(folder.glob("[!_]*.py")):
            yield _from_file(path, part)
    for point in sorted(points(f"kg.{part}"), key=lambda point: point.name):
        loaded = point.load()
        yield loaded if isinstance(loaded, ModuleType) else sys.modules[loaded.__module__]


def points(group: str) -> Sequence[EntryPoint]:
    """What installed packages name in an entry-point group."""
    return _points(tuple(sys.path)).get(group, ())


@cache
def _points(_path: tuple[str, ...]) -> Mapping[str, Sequence[EntryPoint]]:
    """All groups of ours: every package's metadata is read for one, so once for all."""
    from importlib.metadata import entry_points  # with it comes a library of e-mail

    found = entry_points()
    return {group: tuple(found.select(group=group)) for group in found.groups if group[:3] == "kg."}


def _own(folder: Path) -> list[Path]:
    """The files and folders of a room that are one thing each; `kit/` is what they share."""
    packages = (path.parent for path in folder.glob("*/__init__.py") if path.parent.name != "kit")
    return sorted([*folder.glob("[!_]*.py"), *packages])


def _from_file(path: Path, part: str) -> ModuleType:
    name = f"kg_outside_{part}_{path.stem}"
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:  # not for a path that ends in .py
        raise ImportError(path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as why:  # whatever a stranger's file does
        raise InputError(Problem(f"cannot be imported: {why!r}", str(path))) from why
    return module
