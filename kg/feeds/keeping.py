"""What is kept beside a ledger of the sources that are updated: the last good copy, and the state.

`kg.feeds/` holds a folder for each source, and `state.json`. A copy takes the place of the last one
only for as long as what is made of it succeeds: else the last one comes back.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from kg.base.errors import UsageError
from kg.base.writing import write_text
from kg.feeds.feed import Feed

STATE = "state.json"
LOCK = ".lock"


class Kept:
    """The folder `kg.feeds/` beside `kg.ledger/`."""

    def __init__(self, ledger: Path) -> None:
        self.folder = ledger.resolve().parent / (ledger.name.removesuffix(".ledger") + ".feeds")

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else updates here as long as this lasts. Raises `UsageError`."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        lock = FileLock(self.folder / LOCK, timeout=0)
        try:
            lock.acquire()
        except Timeout:
            raise UsageError(f"another `kg update` is at work in {self.folder}") from None
        try:
            yield
        finally:
            lock.release()

    def state(self, feed: Feed) -> dict[str, Any]:
        """What was kept of a source; nothing where it is another one now, or its copy is gone."""
        found = self._states().get(feed.name, {})
        same = found.get("of") == _told(feed)
        return found if same else {}

    def loaded(self, feed: Feed) -> list[str]:
        """What the ledger calls what was loaded of it the last time, whatever it was then."""
        return list(self._states().get(feed.name, {}).get("loaded", ()))

    def remember(self, feed: Feed, state: Mapping[str, Any], loaded: list[str]) -> None:
        """Keep a source's state."""
        states = self._states() | {
            feed.name: {"of": _told(feed), "state": dict(state), "loaded": loaded}
        }
        write_text(self.folder / STATE, json.dumps(states, indent=1, sort_keys=True) + "\n")

    def _states(self) -> dict[str, Any]:
        try:
            found = json.loads((self.folder / STATE).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}

    @contextmanager
    def copy(self, feed: Feed) -> Iterator[Path]:
        """A folder with the last good copy, to change; after a failure it is as it was."""
        name = sha256(feed.name.encode()).hexdigest()[:16]
        now, before = self.folder / name, self.folder / f"{name}.before"
        if before.exists():  # the last update ended in the middle
            shutil.rmtree(now, ignore_errors=True)
            before.rename(now)
        now.mkdir(exist_ok=True)
        shutil.copytree(now, before, symlinks=True)
        try:
            yield now
        except BaseException:
            shutil.rmtree(now)
            before.rename(now)
            raise
        shutil.rmtree(before)


def _told(feed: Feed) -> str:
    """What tells a source from another of its name."""
    told = (feed.format, feed.key, feed.place, feed.path, feed.branch)
    return sha256(repr(told).encode()).hexdigest()[:16]
