"""A MISP feed: a folder of events on the web, with a manifest that tells which of them changed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from kg.base.writing import write_bytes
from kg.feeds.feed import Feed, Fetched, State
from kg.feeds.polite import get

KEYS = ("misp",)

EVENTS = 100_000


def fetch(feed: Feed, state: State, folder: Path) -> Fetched | None:
    """Every event that the manifest names; those that changed are fetched, others lie here."""
    root = feed.place.rstrip("/") + "/"
    answer = get(feed, f"{root}manifest.json", unless=state.get("manifest"))
    if answer.status == 304:
        return None
    listed = _listed(feed, answer.body)
    known = state.get("events", {})
    here = {file.stem for file in folder.glob("*.json")}
    changed = [id for id in listed if known.get(id) != listed[id] or id not in here]
    gone = here - listed.keys()
    if not changed and not gone:
        return None
    left = feed.most - len(answer.body)
    for id in changed:
        event = get(feed, f"{root}{id}.json", most=left)
        left -= len(event.body)
        write_bytes(folder / f"{id}.json", event.body)
    for id in gone:
        (folder / f"{id}.json").unlink()
    return Fetched((folder,), {"manifest": answer.kept, "events": listed})


def _listed(feed: Feed, body: bytes) -> dict[str, str]:
    """Event → when it was last changed."""
    try:
        manifest: Any = json.loads(body)
    except (ValueError, RecursionError):
        raise feed.failed("manifest.json is no JSON") from None
    if not isinstance(manifest, dict) or len(manifest) > EVENTS:
        raise feed.failed(f"manifest.json is no list of up to {EVENTS:,} events")
    found = {}
    for id, entry in manifest.items():
        try:
            found[str(UUID(id))] = str(entry["timestamp"])
        except (ValueError, TypeError, KeyError):
            raise feed.failed("manifest.json names an event without a time or UUID") from None
    return found
