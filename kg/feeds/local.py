"""A file or a folder of this machine: read again where what is in it has changed."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from kg.feeds.feed import Feed, Fetched, State

KEYS = ("file", "folder")


def fetch(feed: Feed, state: State, folder: Path) -> Fetched | None:
    """What lies there, where it lies."""
    path = feed.home / Path(feed.place).expanduser()
    there = path.is_file() if feed.key == "file" else path.is_dir()
    if not there:
        raise feed.failed(f"there is no such {feed.key}", value=str(path))
    now = digest(path)
    return None if state.get("digest") == now else Fetched((path,), {"digest": now})


def digest(path: Path) -> str:
    """SHA-256 of a file, or of the names and content of all files in a folder."""
    if path.is_file():
        return _digest(path)
    whole = sha256()
    for file in sorted(each for each in path.rglob("*") if each.is_file()):
        whole.update(f"{file.relative_to(path)}\0{_digest(file)}\n".encode())
    return whole.hexdigest()


def _digest(path: Path) -> str:
    found = sha256()
    with path.open("rb") as stream:
        while chunk := stream.read(1 << 20):
            found.update(chunk)
    return found.hexdigest()
