"""The ledger: one Parquet file a source, and a manifest that is swapped last.

A crash leaves the old manifest or the new one, never half of each: source files are written under
names that hold their content's hash, and the manifest names the ones that count.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import polars as pl
from filelock import FileLock, Timeout

from kg.claims.emit import Source
from kg.claims.schema import STATEMENTS, content_hash, empty
from kg.errors import DatabaseError, Problem

VERSION = 1
"""Of the statement schema; a ledger of another version is refused, not guessed at."""


@dataclass(frozen=True)
class Entry:
    """One source in a manifest."""

    source: Source
    file: str
    hash: str
    rows: int


@dataclass(frozen=True)
class Manifest:
    """Which source files make up a ledger. `id` depends on their content alone."""

    entries: tuple[Entry, ...] = ()

    @property
    def id(self) -> str:
        """16 hex digits; the same for the same statements, whenever and however loaded."""
        text = "\n".join(f"{entry.source.name} {entry.hash}" for entry in self.entries)
        return sha256(f"{VERSION}\n{text}".encode()).hexdigest()[:16]

    def with_entries(self, entries: Iterable[Entry]) -> Manifest:
        """Add entries; one of the same source name is replaced."""
        merged = {entry.source.name: entry for entry in (*self.entries, *entries)}
        return replace(self, entries=tuple(merged[name] for name in sorted(merged)))


@dataclass(frozen=True)
class Batch:
    """A checked frame of one source, ready for the ledger."""

    source: Source
    frame: pl.DataFrame
    warnings: tuple[Problem, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    """What the loader counted for its summary."""


class Ledger:
    """A folder of Parquet files and `manifest.json`. Made when first written."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @property
    def exists(self) -> bool:
        """Whether anything has been committed here."""
        return self._manifest_path.is_file()

    @property
    def _manifest_path(self) -> Path:
        return self.folder / "manifest.json"

    def manifest(self) -> Manifest:
        """The committed manifest; an empty one where there is no ledger yet."""
        if not self.exists:
            return Manifest()
        try:
            kept = json.loads(self._manifest_path.read_text(encoding="utf-8"))
            if kept["version"] != VERSION:
                raise DatabaseError(
                    f"{self.folder} was written by another version of kg "
                    f"(ledger version {kept['version']}, this is {VERSION}): "
                    "build it again from its sources"
                )
            return Manifest(
                tuple(Entry(Source(**entry.pop("source")), **entry) for entry in kept["entries"])
            )
        except (ValueError, KeyError, TypeError) as why:
            raise DatabaseError(
                f"{self._manifest_path} is damaged ({why}): build it again"
            ) from None

    def read(self, manifest: Manifest | None = None) -> pl.DataFrame:
        """Every row of the ledger (schema `STATEMENTS`), sorted by id."""
        entries = (manifest or self.manifest()).entries
        frames = [self._frame(entry) for entry in entries]
        return pl.concat(frames).sort("id", "source") if frames else empty()

    def _frame(self, entry: Entry) -> pl.DataFrame:
        try:
            return pl.read_parquet(self.folder / entry.file)
        except (OSError, pl.exceptions.PolarsError) as why:
            raise DatabaseError(
                f"{self.folder / entry.file} cannot be read ({why}): load {entry.source.name} again"
            ) from None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the ledger for one writer; a second one is told so at once."""
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with FileLock(self.folder / ".lock", timeout=0):
                yield
        except Timeout:
            raise DatabaseError(f"{self.folder} is being written by another process") from None

    def stage(self, batches: Iterable[Batch], *, onto: Manifest) -> Manifest:
        """Write the batches' files; the manifest returned would hold them. Nothing counts yet."""
        recorded = self._recorded()
        now = datetime.now(UTC)
        entries = [self._write(batch, recorded, now) for batch in batches]
        return onto.with_entries(entries)

    def _recorded(self) -> pl.DataFrame:
        """When each known claim was first recorded."""
        known = self.read().select("id", first="recorded")
        return known.group_by("id").agg(pl.col("first").min())

    def _write(self, batch: Batch, recorded: pl.DataFrame, now: datetime) -> Entry:
        frame = batch.frame.select([name for name in STATEMENTS if name != "recorded"])
        frame = frame.join(recorded, on="id", how="left", maintain_order="left").with_columns(
            recorded=pl.col("first").fill_null(now)
        )
        frame = frame.select(list(STATEMENTS)).sort("id")
        digest = content_hash(frame)
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", batch.source.name)
        name = f"{slug}-{digest[:16]}.parquet"
        path = self.folder / name
        if not path.exists():
            self.folder.mkdir(parents=True, exist_ok=True)
            with _replacing(path) as part:
                frame.write_parquet(part, compression="zstd")
        return Entry(batch.source, name, digest, frame.height)

    def commit(self, manifest: Manifest) -> None:
        """Make the manifest count, then remove the files that no manifest names."""
        self.folder.mkdir(parents=True, exist_ok=True)
        kept = {
            "version": VERSION,
            "id": manifest.id,
            "entries": [asdict(entry) for entry in manifest.entries],
        }
        text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False)
        with _replacing(self._manifest_path) as part:
            part.write_text(text + "\n", encoding="utf-8")
        self.discard(manifest)

    def discard(self, manifest: Manifest | None = None) -> None:
        """Remove source files that the (committed) manifest does not name."""
        named = {entry.file for entry in (manifest or self.manifest()).entries}
        for path in self.folder.glob("*.parquet"):
            if path.name not in named:
                path.unlink(missing_ok=True)


@contextmanager
def _replacing(path: Path) -> Iterator[Path]:
    """A path to write to; on success it takes the name, complete and on disk."""
    part = path.with_name(path.name + ".part")
    try:
        yield part
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
