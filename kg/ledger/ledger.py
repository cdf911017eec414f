"""The ledger: one Parquet file a source, and a manifest that is swapped last.

A crash leaves the old manifest or the new one, never half of each: source files are written under
names that hold their content's hash, and the manifest names the ones that count. Before a file is
written its name stands in a record of what is ours here, so that a crash leaves nothing that cannot
be told from somebody else's files: those are never removed.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property, reduce
from hashlib import sha256
from io import BytesIO
from operator import or_
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import uuid4

import polars as pl

from kg.base.errors import DatabaseError, Problem, UsageError
from kg.base.limits import limit
from kg.base.writing import PART, sweep, write_bytes
from kg.claims.columns import STATEMENTS, content_hash, empty
from kg.claims.source import Source

if TYPE_CHECKING:
    from filelock import FileLock

T = TypeVar("T")

VERSION = 2
"""Of the statement schema; a ledger of another version is refused, not guessed at."""

ORDER = ("subject", "predicate", "object", "id")
GROUP = 20_000
"""In this order, and in groups of so many, the rows of a file stand: those of one subject are read
without the rest. A file of an older kg stands in another order, and is read through."""

MANIFEST = "manifest.json"
RECORD = ".kg-ledger.json"
LOCK = ".lock"


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
    files: tuple[str, ...] = ()
    """What it was read from, as seen from the ledger's folder; none where nobody noted it."""
    allowed: tuple[str, ...] = ()
    """The checks that it failed and was let pass, as sentences."""
    state: str = ""
    """The file with what it takes to read on where the source has grown; none for most."""
    written: tuple[int, int] | None = field(default=None, compare=False)
    """Size and time of the last change (in nanoseconds) of the file as it was written."""


@dataclass(frozen=True)
class Manifest:
    """Which source files make up a ledger. `id` depends on their content alone."""

    entries: tuple[Entry, ...] = ()
    judgements: str | None = None
    """Which state of the file of judgements the conclusions rest on; None where nobody noted it."""
    rules: str | None = None
    """Which state of the rules of identity they rest on."""

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
class State:
    """What a ledger was, and from when on; None where it was committed by a kg that noted none."""

    manifest: Manifest
    since: datetime | None = None


@dataclass(frozen=True)
class Batch:
    """A checked frame of one source, ready for the ledger."""

    source: Source
    frame: pl.DataFrame
    warnings: tuple[Problem, ...] = ()
    notes: Mapping[str, int] = field(default_factory=dict)
    """What the loader counted for its summary."""
    paths: tuple[Path, ...] = ()
    """What it was read from."""
    allowed: tuple[str, ...] = ()
    """The checks that it failed and was let pass, as sentences."""
    state: bytes | None = None
    """What it takes to read on where the source has grown, for `Ledger.state`."""


def among(column: str, ids: pl.Series) -> pl.Expr:
    """Whether a column has one of these entities' ids. For each kind it says between which ids they
    stand: from that alone, not from a list, is told which part of a file need not be read."""
    kind = pl.col("id").str.extract("^([^:]*)", 1)
    ends = pl.DataFrame({"id": ids}, schema={"id": pl.String}).drop_nulls().group_by(kind=kind)
    spans = ends.agg(first=pl.col("id").min(), last=pl.col("id").max()).sort("kind")
    within = [
        (pl.col(column) >= first) & (pl.col(column) <= last) for _, first, last in spans.iter_rows()
    ]
    if not within:
        return pl.lit(False)
    # `any_horizontal` would say the same, and no part of a file be left out for it.
    span: pl.Expr = reduce(or_, within)
    return span & pl.col(column).is_in(ids.implode())


class Ledger:
    """A folder of Parquet files and `manifest.json`. Made when first written."""

    def __init__(self, folder: Path) -> None:
        # Files beside the ledger are called as its folder, so it needs a name.
        self.folder = folder if folder.name not in ("", "..") else folder.resolve()

    @cached_property
    def _lock(self) -> FileLock:
        """Held by who writes."""
        from filelock import FileLock  # who reads a graph needs none

        return FileLock(self.folder / LOCK, timeout=0)

    @property
    def exists(self) -> bool:
        """Whether anything has been committed here."""
        return self._manifest_path.is_file()

    @property
    def _manifest_path(self) -> Path:
        return self.folder / MANIFEST

    @property
    def id(self) -> str | None:
        """What tells this ledger from every other, whatever they hold; a copy keeps it. Made at
        the first commit; None where there was none yet, or it cannot be read."""
        try:
            kept = json.loads(self._manifest_path.read_text(encoding="utf-8"))
            return str(kept["ledger"])
        except (OSError, ValueError, KeyError, TypeError):
            return None

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
            return _state(kept).manifest
        except OSError as why:
            raise DatabaseError(f"{self._manifest_path} cannot be read: {why.strerror}") from None
        except (AttributeError, ValueError, KeyError, TypeError) as why:
            raise DatabaseError(self._damaged(str(why))) from None

    def states(self) -> list[State]:
        """What the ledger is, and was before, as far as that is kept; the latest first."""
        manifest = self.manifest()
        return list(self._kept_states()) or [State(manifest)][: self.exists]

    def _kept_states(self) -> Iterator[State]:
        """The same as far as it can be read; where the present one cannot, none."""
        broken = (OSError, ValueError, KeyError, TypeError, AttributeError)
        with suppress(*broken):
            kept = json.loads(self._manifest_path.read_text(encoding="utf-8"))
            yield _state(kept)
            for earlier in kept.get("earlier", ()):
                with suppress(*broken):
                    yield _state(earlier)

    def _damaged(self, why: str) -> str:
        """What is wrong with the manifest, what the files beside it hold, and how to go on."""
        held = self._held_sources()
        if not held and self._recorded() is None:
            return f"{self._manifest_path} is not one of kg's ({why}); --ledger names another"
        there = f"the files beside it hold {', '.join(held)}" if held else "no file is beside it"
        return (
            f"{self._manifest_path} is damaged ({why}); {there}: `kg build --replace` with all "
            "of its seeds makes it anew, or move the folder away and load each source again, the "
            "first with --replace"
        )

    def _held_sources(self) -> list[str]:
        """The sources of which a file lies here, as far as the files can be read."""
        found: set[str] = set()
        for path in self.folder.glob("*.parquet"):
            with suppress(OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
                found |= set(pl.read_parquet(path, columns=["source"])["source"].unique())
        return sorted(found)

    def settled(self, make: Callable[[Manifest], T]) -> T:
        """What `make` makes of the committed manifest; again where another process commits the
        next one, and removes the files of this one, under it."""
        while True:
            manifest = self.manifest()
            try:
                return make(manifest)
            except DatabaseError:
                if self.manifest() == manifest:
                    raise

    def read(
        self,
        manifest: Manifest | None = None,
        columns: Sequence[str] = tuple(STATEMENTS),
        ids: pl.Series | None = None,
        where: pl.Expr | None = None,
    ) -> pl.DataFrame:
        """Every row of the ledger, or those of some ids (schema `STATEMENTS`, or some `columns` of
        it), source by source. Of the rows of which `where` holds the files are read alone, as far
        as their order (`ORDER`) tells where these can stand."""
        if manifest is None:
            return self.settled(lambda chosen: self.read(chosen, columns, ids, where))
        if ids is not None:
            where = pl.col("id").is_in(ids.implode())
        parts = [self._frame(entry, columns, where) for entry in manifest.entries]
        return pl.concat([empty().select(columns), *parts])

    def _frame(
        self,
        entry: Entry,
        columns: Sequence[str] = tuple(STATEMENTS),
        where: pl.Expr | None = None,
    ) -> pl.DataFrame:
        path = self.folder / entry.file
        mend = f"load {entry.source.name} again, or build anew"
        try:
            if where is None or _written(path) != entry.written:
                rows = _whole(path, entry.checksum)
            else:
                rows = pl.scan_parquet(path)
            there = rows.collect_schema().names()
            rows = rows.with_columns(
                pl.lit(None, STATEMENTS[name]).alias(name)  # what an older kg did not know of
                for name in STATEMENTS if name not in there
            )  # fmt: skip
            return (rows if where is None else rows.filter(where)).select(columns).collect()
        except OSError as why:
            raise DatabaseError(f"{path} cannot be read ({why.strerror}): {mend}") from None
        except (_Damaged, pl.exceptions.ComputeError):
            raise DatabaseError(f"{path} is damaged: {mend}") from None

    def state(self, name: str) -> bytes | None:
        """What was kept to read on where a source has grown; None where nothing was, or it is no
        longer as it was written."""
        for entry in self._entries():
            if entry.source.name == name and entry.state:
                with suppress(OSError):
                    raw = (self.folder / entry.state).read_bytes()
                    return raw if sha256(raw).hexdigest()[:16] in entry.state else None
        return None

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the ledger for one writer (who may do so several times over); a second one is told
        at once. Raises `UsageError` for a folder of somebody else's files."""
        from filelock import Timeout

        try:
            self.refuse_foreign()
            self.folder.mkdir(parents=True, exist_ok=True)
            self._lock.acquire()
        except Timeout:
            raise DatabaseError(f"{self.folder} is being written by another process") from None
        except OSError as why:
            raise DatabaseError(f"{self.folder} cannot be written: {why.strerror}") from None
        try:
            yield
        finally:
            self._lock.release()

    @property
    def busy(self) -> bool:
        """Whether some process writes here just now."""
        path = self.folder / LOCK
        if not path.exists():
            return False
        from filelock import FileLock, Timeout

        try:
            with FileLock(path, timeout=0):
                return False
        except Timeout:
            return True
        except OSError:  # may not be asked by this user
            return False

    def refuse_foreign(self) -> None:
        """Raise `UsageError` where the folder is somebody else's: it holds files, no ledger."""
        if not self.folder.is_dir() or self._recorded() is not None:
            return
        with suppress(DatabaseError):
            if self.manifest().entries:
                return
        others = [
            path.name
            for path in sorted(self.folder.iterdir())
            if not PART.fullmatch(path.name) and not _is_empty_lock(path)
        ]
        if others:
            raise UsageError(
                f"{self.folder} holds {others[0]}"
                + (f" and {len(others) - 1:,} more" if len(others) > 1 else "")
                + ", and no ledger of kg: --ledger names a folder that is new, empty, or a ledger"
            )

    def _recorded(self) -> set[str] | None:
        """The files here that are ours; None where nothing says that any are."""
        try:
            kept = json.loads((self.folder / RECORD).read_text(encoding="utf-8"))
            return {name for name in kept["files"] if _is_file_name(name)}
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def _record(self, names: Collection[str]) -> None:
        if self._recorded() != set(names):
            text = json.dumps({"files": sorted(names)}, indent=1, ensure_ascii=False)
            _replace(self.folder / RECORD, text.encode())

    def stage(self, batches: Iterable[Batch], *, onto: Manifest) -> Manifest:
        """Write the batches' files; the manifest returned would hold them. Nothing counts yet."""
        sound = self._sound()
        times = pl.concat([empty().select("id", "recorded"), *sound.values()])
        recorded = times.group_by("id").agg(first=pl.col("recorded").min())
        now = datetime.now(UTC)
        there = {entry.file: entry for entry in sound}
        given = [(batch, content_hash(batch.frame)) for batch in batches]
        held = {name for entry in self._entries() for name in (entry.file, entry.state) if name}
        ours = (self._recorded() or set()) | held
        named = {_file_name(batch, digest) for batch, digest in given}
        self._record(ours | named | {_state_name(batch) for batch, _ in given if batch.state})
        return onto.with_entries(
            [self._write(batch, digest, recorded, there, now) for batch, digest in given]
        )

    def _entries(self) -> tuple[Entry, ...]:
        """Those of the manifest, as far as it can be read."""
        with suppress(DatabaseError):
            return self.manifest().entries
        return ()

    def _sound(self) -> dict[Entry, pl.DataFrame]:
        """When the claims of each source that can be read were recorded (`id`, `recorded`). A
        damaged ledger is mended by writing it again, and costs no more than these times."""
        found = {}
        for entry in self._entries():
            with suppress(DatabaseError):
                found[entry] = self._frame(entry, ("id", "recorded"))
        return found

    def _write(
        self,
        batch: Batch,
        digest: str,
        recorded: pl.DataFrame,
        there: Mapping[str, Entry],
        now: datetime,
    ) -> Entry:
        name = _file_name(batch, digest)
        files, state = self.seen_from(batch.paths), ""
        if batch.state:
            state = _state_name(batch)
            _replace(self.folder / state, batch.state)
        if name in there:
            return replace(
                there[name], source=batch.source, files=files, allowed=batch.allowed, state=state
            )
        frame = batch.frame.select([name for name in STATEMENTS if name != "recorded"])
        frame = frame.join(recorded, on="id", how="left", maintain_order="left").with_columns(
            recorded=pl.col("first").fill_null(now)
        )
        frame = frame.select(list(STATEMENTS)).sort(ORDER)
        buffer = BytesIO()
        frame.write_parquet(buffer, compression="zstd", row_group_size=GROUP)
        raw, path = buffer.getvalue(), self.folder / name
        _replace(path, raw)
        checksum, allowed = sha256(raw).hexdigest(), tuple(batch.allowed)
        return Entry(
            *(batch.source, name, digest, checksum, frame.height, files, allowed, state),
            written=_written(path),
        )

    def seen_from(self, paths: Iterable[Path]) -> tuple[str, ...]:
        """Paths as seen from here, sorted: so they stay true where both are moved together."""
        here = self.folder.resolve()
        return tuple(sorted(os.path.relpath(path.resolve(), here) for path in paths))

    def commit(self, manifest: Manifest) -> None:
        """Make the manifest count, then remove the files that neither it nor an earlier one that is
        kept names."""
        now, *earlier = self._with(manifest)
        kept = {
            "version": VERSION,
            "ledger": self.id or uuid4().hex[:16],
            **_kept(now),
            "earlier": [_kept(state) for state in earlier],
        }
        text = json.dumps(kept, indent=1, sort_keys=True, ensure_ascii=False)
        _replace(self._manifest_path, (text + "\n").encode())
        self.discard()

    def _with(self, manifest: Manifest) -> list[State]:
        """The states once this manifest counts: a file that was written anew is so in all."""
        states = list(self._kept_states())
        if states and states[0].manifest.id == manifest.id:
            now, earlier = State(manifest, states[0].since), states[1:]
        else:
            now, earlier = State(manifest, datetime.now(UTC)), states
        written = {entry.file: entry for entry in manifest.entries}
        return [now, *(_again(state, written) for state in earlier[: limit("states")])]

    def discard(self) -> None:
        """Remove what was written here and no manifest that counts, or is kept, names."""
        try:
            entries = [entry for state in self.states() for entry in state.manifest.entries]
        except DatabaseError:  # nobody can tell which files count
            return
        named = {name for entry in entries for name in (entry.file, entry.state) if name}
        ours = self._recorded()
        for name in (ours or set()) - named:
            (self.folder / name).unlink(missing_ok=True)
        sweep(self.folder)
        if ours is not None:
            with suppress(DatabaseError):  # a full disk: the longer record does no harm
                self._record(named)


def _again(state: State, written: Mapping[str, Entry]) -> State:
    """A state whose files of these names have been written again: they hold the same rows."""
    entries = state.manifest.entries
    found = tuple(
        replace(entry, checksum=new.checksum, written=new.written) if new is not None else entry
        for entry, new in ((entry, written.get(entry.file)) for entry in entries)
    )
    return replace(state, manifest=replace(state.manifest, entries=found))


def _kept(state: State) -> dict[str, Any]:
    """What stands of a state in the file of the manifest."""
    return {
        "id": state.manifest.id,
        "since": state.since and state.since.isoformat(),
        "judgements": state.manifest.judgements,
        "rules": state.manifest.rules,
        "entries": [asdict(entry) for entry in state.manifest.entries],
    }


def _state(kept: dict[str, Any]) -> State:
    """Raises as `_entry`, and `ValueError` for an id that is not that of its entries."""
    entries = tuple(map(_entry, kept["entries"]))
    found = Manifest(entries, kept.get("judgements"), kept.get("rules"))
    if found.id != kept["id"]:
        raise ValueError("its id is not that of its entries")
    since = kept.get("since")
    return State(found, None if since is None else datetime.fromisoformat(since))


def _entry(kept: dict[str, Any]) -> Entry:
    """Raises `ValueError`, `TypeError`, `KeyError` where it is not what `commit` wrote."""
    lists: dict[str, Any] = {name: tuple(kept.get(name) or ()) for name in ("files", "allowed")}
    written = kept.get("written")
    lists["written"] = None if written is None else (int(written[0]), int(written[1]))
    entry = Entry(**{**kept, "source": Source(**kept["source"]), **lists})
    for name in (entry.file, entry.state):
        if not _is_file_name(name) and name != Entry.state:
            raise ValueError(f"{name!r} is not the name of a source's file")
    named = (entry.source.name, entry.source.format, entry.file, entry.hash, entry.checksum)
    texts = (*named, *entry.files, *entry.allowed)
    if not all(isinstance(text, str) for text in texts) or not isinstance(entry.rows, int):
        raise ValueError(f"what it says of {entry.file} is not what kg writes")
    return entry


class _Damaged(Exception):
    """A file is not as it was written."""


def _whole(path: Path, checksum: str) -> pl.LazyFrame:
    """A file's rows, once all of it has been seen to be as it was written: not every damage makes a
    Parquet file unreadable; some only changes what it says."""
    raw = path.read_bytes()
    if sha256(raw).hexdigest() != checksum:
        raise _Damaged
    return pl.scan_parquet(BytesIO(raw))


def _written(path: Path) -> tuple[int, int]:
    """What changes where a file is written again: its size, and when that was."""
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _file_name(batch: Batch, digest: str, kind: str = "parquet") -> str:
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", batch.source.name)
    return f"{slug}-{digest[:16]}.{kind}"


def _state_name(batch: Batch) -> str:
    return _file_name(batch, sha256(batch.state or b"").hexdigest(), "state")


def _is_file_name(name: Any) -> bool:
    """Whether it is one that `_file_name` makes: of a file in the ledger's own folder."""
    return isinstance(name, str) and bool(
        re.fullmatch(r"[A-Za-z0-9._-]+-[0-9a-f]{16}\.(parquet|state)", name)
    )


def _is_empty_lock(path: Path) -> bool:
    return path.name == LOCK and path.is_file() and path.stat().st_size == 0


def _replace(path: Path, content: bytes) -> None:
    """Give a file new content: all of it, on disk, or none."""
    try:
        write_bytes(path, content)
    except OSError as why:
        raise DatabaseError(f"{path} cannot be written: {why.strerror}") from None
