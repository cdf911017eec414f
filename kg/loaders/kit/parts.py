"""Records of a list apart, so that of a new version only those that changed are read again.

What a record says may need others: the one that a relation leads to, one that has the same name.
Those are put beside it as a stub: with what tells who they are, and nothing that makes a claim.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from kg.base.errors import InputError, Problem
from kg.loaders.kit.json import read_json

Record = Mapping[str, Any]

INDEX = re.compile(r"\[(\d+)\]$")
"""At the end of a record's place: `threat-actor.json#values[3]`."""


NAMELESS = "-"
"""The key of a record that has none: no key is empty, which stands for the list itself."""


@dataclass(frozen=True)
class JsonParts:
    """How one format keeps its records in a JSON file."""

    list: str
    """The key under which they stand."""
    key: Callable[[Record], str]
    """What a record is called in the list, also in its next version."""
    stub: Callable[[Record], Record]
    """The record with what tells who it is, without what it says."""
    mentions: Callable[[Record], Iterable[str]]
    """Keys of the records that this one speaks of."""
    shares: Callable[[Record], str]
    """What two records must not have both: an id is made of it."""
    asks: Callable[[Record], Iterable[str]] = lambda record: ()
    """Names that it may call others by, in prose."""
    bears: Callable[[Record], Iterable[str]] = lambda record: ()
    """Names by which it may be called; its stub has them too."""


class Names(NamedTuple):
    """What one record says of others, and is called."""

    mentions: frozenset[str]
    asks: frozenset[str]
    bears: frozenset[str]
    shares: str


class Changes(NamedTuple):
    """What has to be read of a version."""

    records: dict[str, int]
    """Key of each record to be read → its index among those in the file."""
    gone: frozenset[str]
    """Keys of records that are no longer there."""


class Listed(NamedTuple):
    """One version of a list: of each record, by its key, what tells whether it is read again."""

    records: Mapping[str, Record] = {}
    stubs: Mapping[str, Record] = {}
    named: Mapping[str, Names] = {}
    needs: Mapping[str, frozenset[str]] = {}
    """Keys of the records that it cannot be read without."""


@dataclass
class PartReader:
    """Follows one list through its versions."""

    parts: JsonParts
    _last: Listed = field(default_factory=Listed)
    """The last version that was kept."""

    @property
    def records(self) -> Mapping[str, Record]:
        """Those of the last version that was kept."""
        return self._last.records

    def resume(self, records: Mapping[str, Record]) -> None:
        """Go on from a version with these records."""
        self._last = self._listed(records, records.keys())

    def changed(
        self, path: Path, into: Path, whole: bool = False
    ) -> tuple[Changes, Callable[[], None]]:
        """Write into a file what of the list at `path` has to be read beside the last version that
        was kept; what that is, and how to keep this version. `whole`: with all others beside it,
        for a loader that judges a file by how many of its records can be read."""
        content = read_json(path)
        records, last = self._keyed(content, path), self._last
        wanted = {key for key, record in records.items() if last.records.get(key) != record}
        now = self._listed(records, wanted)
        moved = {
            key
            for key in wanted | (last.records.keys() - records.keys())
            if now.stubs.get(key) != last.stubs.get(key)
        }
        if now.needs is not last.needs or moved:
            wanted |= {key for key, needed in now.needs.items() if not needed.isdisjoint(moved)}
            wanted |= {key for key, needed in now.needs.items() if needed != last.needs.get(key)}
        beside = frozenset().union(*(now.needs[key] for key in wanted)) & records.keys()
        kept = [key for key in records if whole or key in wanted or key in beside]
        written = [records[key] if key in wanted else now.stubs[key] for key in kept]
        into.write_text(json.dumps({**content, self.parts.list: written}), encoding="utf-8")
        places = {key: index for index, key in enumerate(kept) if key in wanted}

        def keep() -> None:
            self._last = now

        return Changes(places, frozenset(last.records.keys() - records.keys())), keep

    def _listed(self, records: Mapping[str, Record], changed: Collection[str]) -> Listed:
        """A version, of which only these records are others than in the last."""
        last, p = self._last, self.parts
        stubs = {k: p.stub(r) if k in changed else last.stubs[k] for k, r in records.items()}
        named = {k: self._names(r) if k in changed else last.named[k] for k, r in records.items()}
        same = named == last.named
        return Listed(records, stubs, named, last.needs if same else _needed(named))

    def _names(self, record: Record) -> Names:
        p = self.parts
        mentions, asks, bears = (frozenset(f(record)) for f in (p.mentions, p.asks, p.bears))
        return Names(mentions, asks, bears, p.shares(record))

    def _keyed(self, content: object, path: Path) -> dict[str, Record]:
        """Every record by its key; the second of one key gets another."""
        listed = content.get(self.parts.list) if isinstance(content, dict) else None
        if not isinstance(listed, list) or not all(isinstance(item, dict) for item in listed):
            why = f"`{self.parts.list}` must be a list of records"
            raise InputError(Problem(why, f"{path}:1", self.parts.list))
        found: dict[str, Record] = {}
        for record in listed:
            own, number = self.parts.key(record) or NAMELESS, 2
            key = own
            while key in found:
                key, number = f"{own}#{number}", number + 1
            found[key] = record
        return found


def _needed(named: Mapping[str, Names]) -> dict[str, frozenset[str]]:
    """Key → keys of the records that it cannot be read without."""
    alike: defaultdict[str, set[str]] = defaultdict(set)
    bearers: defaultdict[str, set[str]] = defaultdict(set)
    for key, own in named.items():
        alike[own.shares].add(key)
        for name in own.bears:
            bearers[name].add(key)
    needs = {}
    for key, own in named.items():
        called = (bearers[name] for name in own.asks if name in bearers)
        ends = (named[end].shares for end in own.mentions if end in named)
        same = (alike[shared] for shared in (own.shares, *ends))
        needs[key] = own.mentions.union(*same, *called) - {key}
    return needs


def index_of(place: str | None) -> int | None:
    """Which record of its file a place is in; None for one outside of them."""
    found = INDEX.search(place or "")
    return int(found[1]) if found else None
