"""Files that can be made again, kept for the next time in the user's folder for such things. What
is asked for again is read, not made; nothing but time depends on it."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Kept:
    """A folder of files with one ending, the `most` that were asked for last. Where it cannot be
    written, or there is none, nothing is kept."""

    folder: Path | None
    ending: str
    most: int = 8

    def take(self, name: str) -> Path | None:
        """The file of a name (hex digits and `-`), if it is here."""
        if self.folder is None:
            return None
        path = self.folder / f"{name}{self.ending}"
        try:
            os.utime(path)
        except OSError:
            return None
        return path

    def put(self, name: str, write: Callable[[Path], object]) -> None:
        """Keep what `write` writes into a path, in place of those that nobody asked for lately."""
        if self.folder is None:
            return
        with suppress(OSError):
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            write(self.folder / f"{name}{self.ending}")
            ours = re.compile(rf"[0-9a-f-]+{re.escape(self.ending)}")
            kept = [path for path in self.folder.iterdir() if ours.fullmatch(path.name)]
            kept.sort(key=lambda path: path.stat().st_mtime_ns)
            for path in kept[: -self.most]:
                path.unlink(missing_ok=True)
