"""Cut a few records out of all versions of a MISP galaxy list, for `seed/` (`cut_seeds.py`).

Kept are the records that some version places in North Korea, as each version in which one of them
changed has them, without prose and references.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg.base.errors import KgError
from kg.loaders.kit.json import read_json
from kg.loaders.kit.versions import versions

SPONSOR = "cfr-suspected-state-sponsor"
META = ("country", "synonyms", SPONSOR, "attribution-confidence")
NORTH = {"KP", "Korea (Democratic People's Republic of)", "North Korea"}

Record = dict[str, Any]


def cut(repository: Path, path: str) -> dict[str, bytes]:
    """Name of a file → its content: one for each version that differs."""
    every = list(_read(repository, path))
    wanted = {key for _, content in every for key in _northern(content)}
    found: dict[str, bytes] = {}
    before: list[Record] = []
    for day, content in every:
        kept = [_cut(record) for record in content["values"] if _keys(record) & wanted]
        if kept and kept != before:
            before = kept
            head = {key: content[key] for key in ("name", "type", "version") if key in content}
            text = json.dumps({**head, "values": kept}, indent=1, ensure_ascii=False)
            found[f"{Path(path).stem}-{day}.json"] = f"{text}\n".encode()
    return found


def _read(repository: Path, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Day and content of each version that can be read; of several on one day the last."""
    found: dict[str, Mapping[str, Any]] = {}
    with versions(repository, path) as every, TemporaryDirectory() as folder:
        for version in every.listed():
            try:
                content = read_json(every.put(version, Path(folder))[0])
            except KgError as why:
                print(f"{version.day}: {why}", file=sys.stderr)
                continue
            if isinstance(content, dict):
                found[version.day.isoformat()] = content
    yield from found.items()


def _keys(record: Mapping[str, Any]) -> set[str]:
    return {str(record[key]) for key in ("uuid", "value") if record.get(key)}


def _northern(content: Mapping[str, Any]) -> set[str]:
    """Keys of the records that this version places in North Korea."""
    found: set[str] = set()
    for record in content["values"]:
        meta = record.get("meta")
        if isinstance(meta, dict) and NORTH & {meta.get("country"), meta.get(SPONSOR)}:
            found |= _keys(record)
    return found


def _cut(record: Mapping[str, Any]) -> Record:
    meta = record.get("meta")
    kept = {key: meta[key] for key in META if key in meta} if isinstance(meta, dict) else {}
    own = {key: record[key] for key in ("value", "uuid") if key in record}
    return {**own, "meta": kept}
