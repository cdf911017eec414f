"""The ledger: one Parquet file a source, and a manifest that is swapped last.

A crash leaves the old manifest or the new one, never half of each: source files are written under
names that hold their content's hash, and the manifest names the ones that count.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
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
    """Of what the rows say (`content_hash`)."""
    checksum: str
    """SHA-256 of the file as it is on disk."""
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
            found = Manifest(
                tuple(Entry(Source(**entry.pop("source")), **entry) for entry in kept["entries"])
            )
            if found.id != kept["id"]:
                raise ValueError("its id is not that of its entries")
            return found
        except OSError as why:
            raise DatabaseError(f"{self._manifest_path} cannot be read: {why.strerror}") from None
        except (AttributeError, ValueError, KeyError, TypeError) as why:
            raise DatabaseError(
                f"{self._manifest_path} is damaged ({why}): build it again"
            ) from None

    def read(self, manifest: Manifest | None = None) -> pl.DataFrame:
        """Every row of the ledger (schema `STATEMENTS`), source by source."""
        entries = (manifest or self.manifest()).entries
        return pl.concat([empty(), *(self._frame(entry) for entry in entries)])

    def _frame(self, entry: Entry) -> pl.DataFrame:
        path = self.folder / entry.file
        mend = f"load {entry.source.name} again, or build anew"
        try:
            raw = path.read_bytes()
        except OSError as why:
            raise DatabaseError(f"{path} cannot be read ({why.strerror}): {mend}") from None
        # Not every damage makes a Parquet file unreadable; some only changes what it says.
        if sha256(raw).hexdigest() != entry.checksum:
            raise DatabaseError(f"{path} is damaged: {mend}")
        return pl.read_parquet(BytesIO(raw)).select(list(STATEMENTS))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the ledger for one writer; a second one is told so at once."""
        lock = FileLock(self.folder / ".lock", timeout=0)
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            lock.acquire()
        except Timeout:
            raise DatabaseError(f"{self.folder} is being written by another process") from None
        except OSError as why:
            raise DatabaseError(f"{self.folder} cannot be written: {why.strerror}") from None
        try:
            yield
        finally:
            lock.release()

    def stage(self, batches: Iterable[Batch], *, onto: Manifest) -> Manifest:
        """Write the batches' files; the manifest returned would hold them. Nothing counts yet."""
        sound = self._sound()
        times = pl.concat([empty().select("id", "recorded"), *sound.values()])
        recorded = times.group_by("id").agg(first=pl.col("recorded").min())
        now = datetime.now(UTC)
        there = {entry.file: entry for entry in sound}
        return onto.with_entries([self._write(batch, recorded, there, now) for batch in batches])

    def _sound(self) -> dict[Entry, pl.DataFrame]:
        """When the claims of each source that can be read were recorded (`id`, `recorded`). A
        damaged ledger is mended by writing it again, and costs no more than these times."""
        found = {}
        with suppress(DatabaseError):
            for entry in self.manifest().entries:
                with suppress(DatabaseError):
                    found[entry] = self._frame(entry).select("id", "recorded")
        return found

    def _write(
        self, batch: Batch, recorded: pl.DataFrame, there: Mapping[str, Entry], now: datetime
    ) -> Entry:
        frame = batch.frame.select([name for name in STATEMENTS if name != "recorded"])
        frame = frame.join(recorded, on="id", how="left", maintain_order="left").with_columns(
            recorded=pl.col("first").fill_null(now)
        )
        frame = frame.select(list(STATEMENTS)).sort("id")
        digest = content_hash(frame)
        slug = re.sub(r"[^A-Za-z0-9._-]+", "-", batch.source.name)
        name = f"{slug}-{digest[:16]}.parquet"
        if name in there:
            return replace(there[name], source=batch.source)
        buffer = BytesIO()
        frame.write_parquet(buffer, compression="zstd")
        raw = buffer.getvalue()
        _replace(self.folder / name, raw)
        return Entry(batch.source, name, digest, sha256(raw).hexdigest(), frame.height)

    def commit(self, manifest: Manifest) -> None:
        """Make the manifest count, then remove the files that no manifest names."""
        kept = {
            "version": VERSION,
            "id": manifest.id,
            "entries": [asdict(entry) for entry in manifest.entries],
        }
        text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False)
        _replace(self._manifest_path, (text + "\n").encode())
        self.discard(manifest)

    def discard(self, manifest: Manifest | None = None) -> None:
        """Remove source files that the (committed) manifest does not name, and halves of files."""
        try:
            named = {entry.file for entry in (manifest or self.manifest()).entries}
        except DatabaseError:  # nobody can tell which files count
            return
        for path in [*self.folder.glob("*.parquet"), *self.folder.glob("*.part")]:
            if path.name not in named:
                path.unlink(missing_ok=True)


def _replace(path: Path, content: bytes) -> None:
    """Give a file new content: all of it, on disk, or none."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError as why:
        raise DatabaseError(f"{path} cannot be written: {why.strerror}") from None
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    _sync(path.parent)


def _sync(folder: Path) -> None:
    """Have the new name on disk too, before another file counts on it."""
    with suppress(OSError):  # not every system lets a folder be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
