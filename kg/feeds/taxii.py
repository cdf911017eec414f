"""A collection of a TAXII 2.1 server: what was added since the last time, put to what was there."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from kg.base.writing import write_text
from kg.feeds.feed import Feed, Fetched, State
from kg.feeds.polite import Answer, get

KEYS = ("taxii",)

MEDIA = "application/taxii+json;version=2.1"
FILE = "objects.json"
PAGE, PAGES = 1000, 10_000
LAST = "x-taxii-date-added-last"


def fetch(feed: Feed, state: State, folder: Path) -> Fetched | None:
    """Every object that was ever fetched; where the server does not say when it got them, what it
    has now."""
    known = folder / FILE
    before = json.loads(known.read_text(encoding="utf-8"))["objects"] if known.is_file() else []
    since = state.get("added_after") if before else None
    objects, last = _added(feed, since)
    if last is not None or since is not None:
        objects = _together(before, objects)
    text = json.dumps({"objects": objects}, ensure_ascii=False, sort_keys=True)
    now = sha256(text.encode()).hexdigest()
    then: dict[str, Any] = {"digest": now, "added_after": last or since}
    if state.get("digest") == now:
        return None
    write_text(known, text)
    return Fetched((known,), then)


def _added(feed: Feed, since: str | None) -> tuple[list[Any], str | None]:
    """The objects that were added after a time, page after page, and the time of the last."""
    url = feed.place.rstrip("/") + "/objects/"
    objects: list[Any] = []
    asked = {"limit": str(PAGE)} | ({"added_after": since} if since else {})
    left, last, following = feed.most, None, None
    for _ in range(PAGES):
        more = asked | ({"next": following} if following else {})
        answer = get(feed, f"{url}?{urlencode(more)}", accept=MEDIA, most=left)
        page = _page(feed, answer)
        left -= len(answer.body)
        objects += page.get("objects", [])
        last = max(filter(None, (last, answer.headers.get(LAST))), default=None)
        following = page.get("next")
        if not page.get("more") or not following:
            return objects, last
    raise feed.failed(f"has more than {PAGES:,} pages")


def _page(feed: Feed, answer: Answer) -> dict[str, Any]:
    try:
        page = json.loads(answer.body or b"{}")
    except (ValueError, RecursionError):
        raise feed.failed("the server answers with what is no JSON") from None
    if not isinstance(page, dict) or not isinstance(page.get("objects", []), list):
        raise feed.failed("the server answers with what is no envelope of TAXII 2.1")
    return page


def _together(before: list[Any], added: list[Any]) -> list[Any]:
    """The objects of both, one of each version."""
    found = {}
    for object in (*before, *added):
        if isinstance(object, dict):
            version = object.get("modified", object.get("created"))
            found[str(object.get("id")), str(version)] = object
    return [found[key] for key in sorted(found)]
