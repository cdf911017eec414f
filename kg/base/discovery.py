"""Find the files of a folder, and what outsiders add by entry points; nothing is registered."""

from __future__ import annotations

import importlib
import importlib.util
import sys
from collections.abc import Iterable, Iterator
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType

from kg.base.errors import InputError, Problem
from kg.base.settings import own

HERE = Path(__file__).parents[1]


def modules(part: str, extra: Iterable[Path] = ()) -> Iterator[ModuleType]:
    """The modules of `kg/<part>/` (without those that start with `_`), then of the `extra` folders
    and those in `$KG_PATH`, then those that entry points of the group `kg.<part>` name; sorted by
    name within each. Raises `InputError` for a file of a user's that cannot be imported."""
    for path in _own(HERE / part):
        yield importlib.import_module(f"kg.{part}.{path.stem}")
    for folder in (*extra, *own(part)):
        for path in sorted(folder.glob("[!_]*.py")):
            yield _from_file(path, part)
    for point in sorted(entry_points(group=f"kg.{part}"), key=lambda point: point.name):
        loaded = point.load()
        yield loaded if isinstance(loaded, ModuleType) else sys.modules[loaded.__module__]


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
