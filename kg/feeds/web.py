"""A file on the web: asked for on condition that it has changed, and compared all the same."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from kg.base.writing import write_bytes
from kg.feeds.feed import Feed, Fetched, State
from kg.feeds.polite import get

KEYS = ("web",)


def fetch(feed: Feed, state: State, folder: Path) -> Fetched | None:
    """The file, called as in its address."""
    answer = get(feed, feed.place, unless=state)
    if answer.status == 304:
        return None
    now = sha256(answer.body).hexdigest()
    if state.get("digest") == now:
        return None
    path = folder / _name(feed.place)
    write_bytes(path, answer.body)
    return Fetched((path,), {**answer.kept, "digest": now})


def _name(url: str) -> str:
    """The last part of an address, as a file may be called: loaders look at what it ends with."""
    last = unquote(urlsplit(url).path).rpartition("/")[2]
    plain = re.sub(r"[^\w.+-]", "-", last).lstrip(".")[-80:]
    return plain if "." in plain else (plain or "index") + ".json"
