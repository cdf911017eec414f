"""Whose a file is: kg replaces and removes what it wrote, and nothing else.

A folder into which exports go keeps a small record of what was written there: name and content. A
file that is not in it, or is no longer what it says, is somebody's. (Pictures carry a mark of their
own, a ledger has a record of its own.)
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kg.base.errors import UsageError
from kg.base.writing import alone, is_stream, real, write_text, writing

RECORD = ".kg-written.json"

Record = Mapping[str, list[str]]
"""Name → SHA-256 of what kg wrote: of the file as it was, and of what was about to replace it."""


def refuse_foreign(path: Path) -> None:
    """Raise `UsageError` where a file stands that kg did not write, or that was changed since."""
    target = real(path)
    if is_stream(path) or not target.is_file() or target.stat().st_size == 0:
        return
    if not _is_ours(target, recorded(target.parent)):
        raise UsageError(
            f"{path} is there, and not as kg wrote it: --out names another place, "
            "or move the file away"
        )


def adopt(path: Path) -> None:
    """Take a file for kg's as it is now: somebody named it to be gone on with."""
    _remember(real(path), real(path))


@contextmanager
def own(path: Path, *, binary: bool = False) -> Iterator[IO[Any]]:
    """`writing`, where the file may be somebody's: that is refused; what is written is recorded."""
    refuse_foreign(path)
    target = real(path)
    with writing(path, binary=binary, staged=lambda part: _remember(target, part)) as file:
        yield file


def recorded(folder: Path) -> Record:
    """What kg wrote into a folder; nothing where there is no record that can be read."""
    try:
        kept = json.loads((folder / RECORD).read_text(encoding="utf-8"))
        return {str(name): list(map(str, digests)) for name, digests in kept["files"].items()}
    except (OSError, ValueError, AttributeError, KeyError, TypeError):
        return {}


def others(folder: Path) -> list[str]:
    """The names in a folder that kg did not write."""
    return sorted({path.name for path in folder.iterdir()} - {RECORD, *recorded(folder)})


def remove_own(folder: Path, names: Collection[str]) -> None:
    """Remove those of the files that kg wrote and nobody changed since."""
    record = recorded(folder)
    for name in names:
        if _is_ours(folder / name, record):
            (folder / name).unlink()


def _is_ours(path: Path, record: Record) -> bool:
    return path.is_file() and path.name in record and _digest(path) in record[path.name]


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _remember(target: Path, part: Path) -> None:
    """Before it counts: whichever of the two stands after a crash is known as ours."""
    with alone(target.parent):
        now = [_digest(target)] if target.exists() else []
        files = {**recorded(target.parent), target.name: [*now, _digest(part)]}
        text = json.dumps({"files": files}, indent=1, sort_keys=True, ensure_ascii=False)
        write_text(target.parent / RECORD, text + "\n")
