"""What a name tells about itself: its key for comparison, whose word it is, and its sort."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from kg.ontology import publishers

NAME = "name"
"""The class of a name that may stand for a group; every other class is kept and joins nothing."""

PART = "subgroup_name"
"""The predicate of a name that a source marks as that of a part."""

_PREDICATES = {
    "foreign_id": "foreign_key",
    "persona": "persona",
    "subgroup": PART,
    "umbrella": "umbrella_term",
}

TAIL = r"^(?:the )?(.{3,}?)(?: (?:group|team|gang))?$"
"""A name and the words about it that tell nothing."""
_TAIL = re.compile(TAIL)


@dataclass(frozen=True)
class Coiner:
    """An organization whose names can be told: by their pattern, or by where they were printed."""

    id: str
    name: str
    pattern: re.Pattern[str] | None = None
    provisional: re.Pattern[str] | None = None
    """Forms of names for activity that the coiner has not yet counted as an actor."""
    own_list: re.Pattern[str] | None = None
    """Words so common that they are the coiner's only where its own list has them."""


@dataclass(frozen=True)
class Sort:
    """A class of names that are no aliases."""

    name: str
    because: str
    keys: frozenset[str]
    pattern: re.Pattern[str] | None


class _Data(NamedTuple):
    """What `names.yaml` holds."""

    coiners: tuple[Coiner, ...]
    sorts: tuple[Sort, ...]
    coined: dict[str, str | None]
    """Key of a name → who coined it; None where the form of it misleads."""


@lru_cache(maxsize=100_000)
def key(name: str) -> str:
    """A name as it is compared: NFKC, case folded, no punctuation or spaces, no `group` or `team`.

    >>> key("Sandworm Team") == key("SandWorm"), key("APT-28") == key("APT 28")
    (True, True)
    >>> key("DEV-0586") == key("Storm-0586")
    True
    """
    folded = re.sub(r"[\s_]+", " ", unicodedata.normalize("NFKC", name).casefold()).strip()
    for pattern, written in _spellings():
        if found := pattern.fullmatch(folded):
            return found.expand(written)
    match = _TAIL.match(folded)
    bare = re.sub(r"[\W_]+", "", match[1] if match else folded)
    return bare or folded


def respelt() -> str:
    """A pattern of the names (folded) that are compared as another spelling of theirs."""
    return "^(?:" + "|".join(f"(?:{pattern.pattern})" for pattern, _ in _spellings()) + ")$"


@lru_cache(maxsize=100_000)
def sort(name: str) -> str:
    """`name`, or the class of names that are no aliases: foreign_id, campaign, unit, persona, …"""
    found = _sort(name)
    return found.name if found else NAME


def why(name: str) -> str:
    """Why names of this class are no aliases; empty for one that may be."""
    found = _sort(name)
    return found.because if found else ""


def predicate(name: str) -> str:
    """The predicate under which a name of this class is claimed."""
    return _PREDICATES.get(sort(name), "alias")


def value(name: str) -> str:
    """A name as it is claimed: a key of another catalogue with its scheme (`attack:G0032`), the
    name of a part without its mark."""
    if sort(name) == "foreign_id":
        return f"attack:{name}"
    return inner(name) if sort(name) == "subgroup" else name


def written(predicate: str, value: str) -> str:
    """A claimed name as its source wrote it: a part's name with its mark."""
    return f"Subgroup: {value}" if predicate == PART else value


def inner(name: str) -> str:
    """The name inside a marked one: `Bluenoroff` of `Subgroup: Bluenoroff`."""
    found = _sort(name)
    match = found.pattern.fullmatch(name.strip()) if found and found.pattern else None
    return match["name"] if match and "name" in match.groupdict() else name


@lru_cache(maxsize=100_000)
def coiner(name: str) -> str | None:
    """The organization whose word the name is: by a report that is known, else by its form."""
    known = _data().coined
    return known[key(name)] if key(name) in known else _by_form(name)


def _by_form(name: str) -> str | None:
    fits = (c.id for c in _data().coiners if c.pattern and c.pattern.fullmatch(name.strip()))
    return next(fits, None)


@lru_cache(maxsize=100_000)
def coiner_in(name: str, own_list: str) -> str | None:
    """The organization whose own list makes so common a word its name: `own_list` is its id."""
    for coiner in _data().coiners:
        if coiner.id == own_list and coiner.own_list and coiner.own_list.fullmatch(name.strip()):
            return None if key(name) in _data().coined else coiner.id
    return None


def serial(name: str) -> bool:
    """Whether the name is a number in a coiner's own series (`APT42`, `TA577`): a key of theirs."""
    return bool(re.search(r"\d", name)) and coiner(name) is not None


@lru_cache(maxsize=100_000)
def provisional(name: str) -> bool:
    """Whether the name is one for activity that its coiner has not yet counted as an actor."""
    whole = name.strip()
    return any(c.provisional and c.provisional.fullmatch(whole) for c in _data().coiners)


def called(id: str) -> str | None:
    """The name of an organization that is known for names or reports; None for any other."""
    return organizations().get(id)


@cache
def organizations() -> dict[str, str]:
    """Id → name of every organization that is known for names or reports."""
    return {coiner.id: coiner.name for coiner in _data().coiners}


def is_host(name: str) -> bool:
    """Whether an organization is called by the host that its report lies on, for want of more."""
    return re.fullmatch(r"(?:[a-z0-9-]+\.)+[a-z]{2,}", name) is not None


def page(url: str) -> str:
    """An address as it is compared: no scheme, no `www.`, no archive's prefix, no last slash."""
    bare = re.sub(r"^https?://(?:www\.)?", "", publishers.original(url))
    return bare.partition("#")[0].rstrip("/")


@lru_cache(maxsize=100_000)
def _sort(name: str) -> Sort | None:
    wanted = key(name)
    for found in _data().sorts:
        if wanted in found.keys or (found.pattern and found.pattern.fullmatch(name.strip())):
            return found
    return None


@cache
def _given() -> dict[str, Any]:
    text = files(__package__).joinpath("names.yaml").read_text(encoding="utf-8")
    given: dict[str, Any] = yaml.safe_load(text)
    return given


@cache
def _spellings() -> tuple[tuple[re.Pattern[str], str], ...]:
    return tuple((re.compile(s["pattern"]), s["as"]) for s in _given()["spellings"])


@cache
def _data() -> _Data:
    given = _given()
    sorts = (
        Sort(s["class"], s["because"], frozenset(map(key, s.get("names", ()))),
             _pattern(s, "patterns"))
        for s in given["classes"]
    )  # fmt: skip
    coined = {key(name): c.get("by") for c in given["coined"] for name in c["names"]}
    return _Data(tuple(map(_coiner, given["coiners"])), tuple(sorts), coined)


def _coiner(entry: dict[str, Any]) -> Coiner:
    """A convention that cites nothing counts for nothing."""
    cited = entry if entry.get("source") else {}
    forms = (_pattern(cited, field) for field in ("patterns", "provisional", "own_list"))
    return Coiner(entry["id"], entry["name"], *forms)


def _pattern(entry: dict[str, Any], field: str) -> re.Pattern[str] | None:
    patterns = entry.get(field)
    return re.compile("|".join(f"(?:{p})" for p in patterns), re.IGNORECASE) if patterns else None
