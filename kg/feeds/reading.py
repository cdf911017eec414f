"""`sources.yaml`: which sources a user wants to keep up with, and where each of them is.

sources:
- name: attack                       # what it is called in the ledger
  format: stix                       # as `kg load` takes it
  web: https://example.org/enterprise-attack.json
- {name: notes, format: claims, folder: claims}
- {name: galaxy, format: misp-galaxy, git: "https://example.org/misp-galaxy.git",
   path: clusters/threat-actor.json}
- name: partner
  taxii: https://taxii.example.org/api/collections/91a7b528-80eb-42ed-a74d-c6fbd5a26116/
  user_env: PARTNER_USER             # variables of the environment, never the secrets themselves
  password_env: PARTNER_PASSWORD
- {name: events, misp: "https://misp.example.org/feed/", timeout: 60, max_mb: 100}
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from kg.base.errors import InputError, Problem, nearest
from kg.base.yamlfile import Map, Seq, read
from kg.feeds.feed import Feed

FORMATS = {"taxii": "stix", "misp": "misp"}
"""The format of what a kind of source holds, where it is always one."""

SECRETS = {"user_env": "user", "password_env": "password", "token_env": "token"}
PLAIN = ("name", "format", "path", "branch")
NUMBERS = ("timeout", "max_mb")
KNOWN = (*PLAIN, *NUMBERS, "allow_private", *SECRETS)
UNKNOWN = "is no key of a source"
REMOTE = ("web", "taxii", "misp")


def feeds(path: Path, kinds: Iterable[str]) -> list[Feed]:
    """The sources of a file. Raises `InputError` with every problem."""
    places = tuple(kinds)
    top = read(path)
    items = top.get("sources") if isinstance(top, Map) else None
    if not isinstance(top, Map) or set(top) != {"sources"} or not isinstance(items, Seq):
        raise InputError(Problem("must hold `sources:`, a list, and nothing else", f"{path}:1"))
    problems: list[Problem] = []
    found: dict[str, Feed] = {}
    for item, line in zip(items, items.lines, strict=True):
        feed = _feed(path, item, line, places, problems)
        if feed is not None and feed.name in found:
            why = f"is the name of the source at {found[feed.name].at} too"
            problems.append(Problem(why, feed.at, "name", feed.name))
        elif feed is not None:
            found[feed.name] = feed
    if problems:
        raise InputError(problems)
    return list(found.values())


def _feed(
    path: Path, item: Any, line: int, places: tuple[str, ...], problems: list[Problem]
) -> Feed | None:
    """One source; None where something is wrong with it, which is told."""
    if not isinstance(item, Map):
        problems.append(Problem("a source is a mapping", f"{path}:{line}"))
        return None
    wrong = [*_keys(item, places)] or [*_values(item, next(key for key in places if key in item))]
    for key, message in wrong:
        at, value = f"{path}:{item.lines.get(key, line)}", str(item.get(key) or "")
        value = "" if "@" in value else value  # it may be a secret
        near = nearest(key, (*KNOWN, *places)) if message == UNKNOWN else ()
        problems.append(Problem(message, at, key, value, near))
    if wrong:
        return None
    kind = next(key for key in places if key in item)
    return Feed(
        item["name"].strip(),
        item.get("format", FORMATS.get(kind, "")),
        kind,
        item[kind].strip(),
        f"{path}:{item.lines['name']}",
        path.parent,
        item.get("path", ""),
        item.get("branch", ""),
        item.get("allow_private", "false").casefold() == "true",
        float(item.get("timeout", 30)),
        float(item.get("max_mb", 256)),
        {what: item[key] for key, what in SECRETS.items() if key in item},
    )


def _keys(item: Map, places: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """What is wrong with the keys of a source: the key, and why."""
    for key, value in item.items():
        if key not in (*KNOWN, *places):
            yield key, UNKNOWN
        elif not isinstance(value, str) or not value.strip():
            yield key, "must be one text"
    named = [key for key in places if key in item]
    if len(named) != 1:
        yield "name", f"needs one of {', '.join(places)}" if not named else "has two places"
    needed = ("name",) if FORMATS.keys() & set(named) else ("name", "format")
    yield from ((key, "is missing") for key in needed if key not in item)
    yield from _beside(item)


def _beside(item: Map) -> Iterator[tuple[str, str]]:
    """Which keys want others beside them."""
    if ("user_env" in item) != ("password_env" in item):
        yield "user_env", "goes with password_env"
    for key in ("path", "branch"):
        if key in item and "git" not in item:
            yield key, "belongs to a git source"
    if "git" in item and "path" not in item:
        yield "git", "needs `path` beside it: what to read in the repository (`.` for all)"


def _values(item: Map, place: str) -> Iterator[tuple[str, str]]:
    """What is wrong with values."""
    for key in NUMBERS:
        if not _is_number(item.get(key, "1")):
            yield key, "must be a number above zero"
    if item.get("allow_private", "true").casefold() not in ("true", "false"):
        yield "allow_private", "must be true or false"
    parts = urlsplit(item[place])
    if place in REMOTE and parts.scheme not in ("http", "https"):
        yield place, "must be an address that begins with https:// or http://"
    if parts.scheme and (parts.username or parts.password):
        yield place, "holds a secret: user_env and password_env name variables that do"


def _is_number(text: str) -> bool:
    try:
        return 0 < float(text) < 1e6
    except ValueError:
        return False
