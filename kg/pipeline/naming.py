"""What a source is called in the ledger. Loading replaces a source only where the same files are
read again, or where the name was given; two files never take each other's place by their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from hashlib import sha256
from itertools import count
from pathlib import Path

from kg.base.errors import UsageError
from kg.graph.concluded import IDENTITY
from kg.ledger.ledger import Entry, Ledger

LONGEST = 80


class Names:
    """Names for what is read beside a ledger; without one, as for a build that makes all of it
    anew, everything is called as its file.

    `given` is the name that the user wants. Raises `UsageError` where that is none.
    """

    def __init__(self, ledger: Ledger | None = None, given: str | None = None) -> None:
        self.given = given
        self.notes: dict[str, str] = {}
        """What there is to say of a name that was given away, as the end of a sentence."""
        self._ledger = ledger
        entries = ledger.manifest().entries if ledger else ()
        self._held = {e.source.name: e for e in entries if e.source.name != IDENTITY.name}
        self._taken = {*self._held, IDENTITY.name}
        if given is not None:
            _refuse(given)

    def stated(self, name: str) -> str:
        """The name that a source states itself (`source.yaml`), if no other is given."""
        return self._chosen(self.given or name)

    def of(self, format_: str, plain: str, paths: Sequence[Path]) -> str:
        """The name for these files of a format: the one given; the one under which they were
        loaded before; else `plain`, or, where that is taken, one like it that is free."""
        same = [
            name
            for name, entry in self._held.items()
            if entry.source.format == format_ and self._is_same(entry, plain, paths)
        ]
        if self.given or self._ledger is None:
            return self._chosen(self.given or plain, also=same)
        if same:
            return self._chosen(same[0])
        free = next(name for name in _like(plain, paths) if name not in self._taken)
        if free != plain:
            self.notes[free] = f"beside {plain}, of other files (--name {plain} replaces that)"
        self._taken.add(free)
        return free

    def _is_same(self, entry: Entry, plain: str, paths: Sequence[Path]) -> bool:
        """Whether a source was read from these files; where nobody noted that, by its name."""
        if self._ledger is None or not entry.files:
            return entry.source.name == plain
        return entry.files == self._ledger.seen_from(paths)

    def _chosen(self, name: str, also: Sequence[str] = ()) -> str:
        if name in self._held:
            self.notes[name] = "replaces the source of that name"
        elif also:
            self.notes[name] = f"also loaded as {also[0]} (kg unload {also[0]} takes that out)"
        self._taken.add(name)
        return name


def _refuse(name: str) -> None:
    if name == IDENTITY.name:
        raise UsageError(f"--name {name}: that is kept for what is concluded about identity")
    if not name.strip() or name != name.strip() or len(name) > LONGEST or not name.isprintable():
        raise UsageError(f"--name takes up to {LONGEST} characters that can be seen (got {name!r})")
    if "#" in name:
        raise UsageError(f"--name {name}: what follows a # is a claim's short name (SOURCE#ref)")


def _like(plain: str, paths: Sequence[Path]) -> Iterator[str]:
    """The name; with the folder in which the files lie; with a number."""
    from kg.loaders.kit.reading import slug

    yield plain
    yield f"{plain}-in-{slug(paths[0].resolve().parent.name)}"
    yield from (f"{plain}-{number}" for number in count(2))


def plain_name(format_: str, paths: Sequence[Path]) -> str:
    """What plain files of a format are called: as they say themselves, else as the files or the
    folder; with the format.

    `stix-bulletin-2024-001` for `bulletin-2024-001.json`; `ofac` for a folder of that name.
    """
    from kg.loaders import loader
    from kg.loaders.kit.reading import slug

    own = getattr(loader(format_), "called", None)
    if own is not None and (stated := own(paths)):
        return str(stated)
    parts = sorted({slug(_stem(path)) for path in paths})
    whole = "+".join(parts)
    if len(whole) > LONGEST:
        whole = f"{parts[0]}+{sha256(whole.encode()).hexdigest()[:8]}"
    return whole if whole == format_ else f"{format_}-{whole}"


def _stem(path: Path) -> str:
    """The name of a folder; of a file, without the ends that say how it is written."""
    name = path.resolve().name
    while not path.is_dir() and Path(name).suffix.lower() in WRITTEN:
        name = Path(name).stem
    return name


WRITTEN = {
    *(".csv", ".tsv", ".txt", ".json", ".jsonl", ".ndjson", ".geojson", ".xlsx", ".xls"),
    *(".parquet", ".yaml", ".yml", ".ftm", ".ijson", ".gz", ".zip", ".bz2", ".xz", ".zst"),
}
"""What may end a file's name without telling what it is about."""
