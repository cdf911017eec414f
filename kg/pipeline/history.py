"""A list through all its published versions: what it claimed, from which day, until which day.

Each version is read by the format's loader, as if it were loaded alone, and put into the `Book`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import polars as pl

from kg.base.errors import InputError, Problem
from kg.claims import files
from kg.claims.checks import Checks, failed_checks
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.ledger.ledger import Batch
from kg.loaders import Loader, loader
from kg.loaders.kit.parts import Changes, PartReader, index_of
from kg.loaders.kit.reading import gather, slug
from kg.loaders.kit.sources import FILE, checks_of, date_of
from kg.loaders.kit.versions import Version, Versions, versions
from kg.ontology import Ontology, edtf
from kg.pipeline.book import WHOLE, Book
from kg.pipeline.grown import Grown, chained, maker, unpacked

Told = Callable[[str, int], None]

Read = tuple[dict[str, pl.DataFrame], frozenset[str], Callable[[], None]]
"""Of a version the rows of each record, the records that are gone, and how to keep it."""

CHANGES = "it tells only what has changed in the list, and a version is the whole list of its day"


def read_history(
    format_: str,
    repository: Path,
    path: str,
    ontology: Ontology,
    told: Told | None = None,
    source: Source | None = None,
    before: bytes | None = None,
) -> Batch:
    """All versions of a list as one source; of one that has grown only the new ones are read beside
    what the batch kept `before` (its `state`). Raises `UsageError` where there are none,
    `InputError` where none can be read."""
    module = loader_of(format_)
    source = source or history_source(format_, repository, path)
    book = Book(source, ontology)
    with versions(repository, path) as found, TemporaryDirectory(prefix="kg-version-") as folder:
        reader = _Reader(module, ontology, source, found, Path(folder))
        listed = found.listed()
        reader.problems += found.told
        chain = chained(map(found.mark, listed))
        known = reader.resume(book, unpacked(before), chain)
        for number, version in enumerate(listed[known:], known + 1):
            reader.into(book, version)
            if told is not None:
                told(source.name, number)
        state = reader.kept(book, chain, listed[-1])
    if not book.rows:
        none = Problem(f"no version can be read, of {len(listed):,}", found.where)
        raise InputError([none, *reader.problems[:1]])
    counted = {
        "records that were renamed, by their own key": book.renamed,
        "versions that were read before": known,
    }
    notes = reader.notes | {what: count for what, count in counted.items() if count}
    problems, paths = tuple(reader.problems), (repository / path,)
    return Batch(source, book.frame(), problems, dict(notes), paths, state=state.packed())


def history_name(format_: str, repository: Path, path: str) -> str:
    """What the history of a list is called, beside the list itself."""
    stem = Path(path).stem or repository.resolve().stem
    return f"{format_}-{slug(stem)}-history"


def history_source(format_: str, repository: Path, path: str, name: str | None = None) -> Source:
    """The source that the versions of a list are."""
    module = loader_of(format_)
    return Source(
        name or history_name(format_, repository, path), format_, module.LICENCE, module.HOME
    )


class _ClaimFiles:
    """Claim files, or folders of them, as a loader has it: `kg load` needs none for them."""

    FORMAT, DOC, HOME, LICENCE = "claims", "claim files", "", ""
    CHECKS = Checks()

    def load(self, paths: Sequence[Path], emit: Emitter) -> None:
        """Read all files that are there."""
        for path in gather(paths, [".yaml", ".yml"]):
            files.load(path, emit)


def loader_of(format_: str) -> Loader:
    """The loader of a format. Raises `UsageError` where there is none."""
    return _ClaimFiles() if format_ == "claims" else loader(format_)


class _Reader:
    """Reads version after version; one that cannot be read is told, and skipped."""

    def __init__(
        self, module: Loader, ontology: Ontology, source: Source, found: Versions, folder: Path
    ) -> None:
        self.module, self.ontology, self.source = module, ontology, source
        self.found, self.folder = found, folder
        parts = getattr(module, "PARTS", None)
        self.parts = PartReader(parts) if parts is not None else None
        self.problems: list[Problem] = []
        self.notes: Counter[str] = Counter()
        self._told: set[tuple[str, str]] = set()
        self._latest = date.min
        self._stood = dict[str, bool]()
        """Document in which claims stood → whether some did in the last version that was read as a
        whole."""
        self._maker = maker(module, source, ontology)

    def resume(self, book: Book, kept: Grown | None, chain: Sequence[str]) -> int:
        """Carry on with what was kept, and how many versions that has; where it is not of these
        versions, or of another kg, that is said, and all are read."""
        if kept is None:
            return 0
        if why := kept.why_not(self._maker, chain):
            said = f"all versions are read again: {why}"
            self.problems.append(Problem(said, self.found.where, warning=True))
            return 0
        rest = kept.rest
        book.resume(kept.rows, rest["book"])
        self.notes.update(rest["notes"])
        self._told = {(field, message) for field, message in rest["told"]}
        self._latest, self._stood = date.fromisoformat(rest["day"]), dict(rest["stood"])
        if self.parts is not None:
            self.parts.resume(rest["records"])
        return int(rest["count"])

    def kept(self, book: Book, chain: Sequence[str], last: Version) -> Grown:
        """What it takes to carry on after the last version."""
        rows, rest = book.kept()
        return Grown(
            rows,
            {
                "maker": self._maker, "count": len(chain), "mark": chain[-1],
                "last": f"{last.title} ({last.day})", "day": self._latest.isoformat(),
                "notes": self.notes, "told": sorted(self._told), "stood": self._stood, "book": rest,
                "records": self.parts.records if self.parts is not None else {},
            },
        )  # fmt: skip

    def into(self, book: Book, version: Version) -> None:
        """Put what a version says into the book."""
        lies = self.folder / "files"
        lies.mkdir(exist_ok=True)
        at = f"{self.found.where}@{version.title} ({version.day})"
        try:
            paths = self.found.put(version, lies)
            if self.parts is not None and [path.is_file() for path in paths] == [True]:
                said, gone, keep = self._parted(self.parts, paths[0], at)
            else:
                said, gone, keep = self._whole(paths, at)
        except InputError as why:
            first = why.problems[0]
            skipped = f"this version cannot be read, and was left out: {first.message}"
            self.problems.append(Problem(skipped, at, first.field, first.value, (), True))
            self.notes["versions that cannot be read"] += 1
            return
        keep()
        self.notes["versions"] += 1
        book.enter(self._day(version, paths, at), said, gone, at)

    def _whole(self, paths: list[Path], at: str) -> Read:
        """All of a version as one record, which takes the place of all records read apart."""
        said, gone = {WHOLE: self._checked(paths, at)}, frozenset[str]()
        self._lost(said[WHOLE], at)
        if self.parts is None:
            return said, gone, lambda: None
        return said, gone | self.parts.records.keys(), partial(self.parts.resume, {})

    def _lost(self, frame: pl.DataFrame, at: str) -> None:
        """Tell of what a version lacks, as where one of two lists did not arrive; one with a
        document that is new may call it otherwise."""
        now = set(frame.filter(~pl.col("declared"))["document"].drop_nulls())
        if now <= self._stood.keys():
            for document in sorted(d for d, stood in self._stood.items() if stood and d not in now):
                why = "nothing of it is in this version: all that it said is withdrawn"
                self.problems.append(Problem(why, at, "document", document, warning=True))
        self._stood = {document: document in now for document in self._stood.keys() | now}

    def _parted(self, parts: PartReader, path: Path, at: str) -> Read:
        """The rows of each record that has to be read again, the records that are gone, and how to
        keep this version. What cannot be read of a few records may be little of the whole list."""
        part = self.folder / "part" / path.name
        part.parent.mkdir(exist_ok=True)
        for whole in (False, True):
            changes, keep = parts.changed(path, part, whole)
            try:
                frame = self._frame([part], at) if changes.records else None
                break
            except InputError:
                if whole:
                    raise
        return _by_record(frame, changes), changes.gone, keep

    def _checked(self, paths: list[Path], at: str) -> pl.DataFrame:
        """What a whole version says. Raises `InputError` where it fails the checks of its format,
        or of a `source.yaml` in it: a list that breaks off has not withdrawn the rest."""
        frame = self._frame(paths, at)
        checks = checks_of(paths, self.module.CHECKS)
        if failed := failed_checks(frame, checks, self.ontology):
            raise InputError([Problem(sentence, at) for _, sentence in failed])
        return frame

    def _day(self, version: Version, paths: list[Path], at: str) -> date:
        """The day that a version names itself, by its format or in a `source.yaml` of its own, else
        that on which it was published; none comes before the version before it, which is told."""
        named = getattr(self.module, "published", None)
        inside = [p for p in paths if p.is_dir() and not (p / FILE).is_symlink()]
        own = (named and named(paths)) or _last_day(date_of(inside))
        day = own or version.day
        if day < self._latest:
            said = f"is of {day}, before the version before it: counted from {self._latest} on"
            self.problems.append(Problem(said, at, warning=True))
        self._latest = max(day, self._latest)
        return self._latest

    def _frame(self, paths: list[Path], at: str) -> pl.DataFrame:
        emit = Emitter(self.source, self.ontology)
        self.module.load(paths, emit)
        if emit.changes is not None:
            raise InputError([Problem(CHANGES, at, "", emit.changes.name)])
        frame = emit.finish()
        for problem in emit.warnings:  # once for all versions, where it was first
            parts = re.split(rf"{re.escape(str(self.folder))}\S*", problem.message)
            kind = (problem.field, "".join(parts).partition(" (")[0])
            if kind not in self._told:
                self._told.add(kind)
                message = at.join(parts)  # the file itself is gone by then
                self.problems.append(replace(problem, place=at, message=message))
        return frame


def _last_day(text: str | None) -> date | None:
    return edtf.parse(text).end if text else None


def _by_record(frame: pl.DataFrame | None, changes: Changes) -> dict[str, pl.DataFrame]:
    """The rows of each record that was to be read; those of a stub beside it are left out."""
    if frame is None:
        return {}
    keys = {index: key for key, index in changes.records.items()}
    places = {place: index_of(place) for place in frame["place"].unique().to_list()}
    whose = {place: WHOLE if index is None else keys.get(index) for place, index in places.items()}
    owner = pl.col("place").replace_strict(whose, default=WHOLE, return_dtype=pl.String())
    rows = frame.with_columns(owner=owner).drop_nulls("owner")
    rows = _with_declared(rows, frame.filter("declared"))
    parts = {str(key[0]): part.drop("owner") for key, part in rows.group_by("owner")}
    return {key: frame.clear() for key in changes.records} | parts


def _with_declared(rows: pl.DataFrame, declared: pl.DataFrame) -> pl.DataFrame:
    """The rows of each record, and what is declared of all that it speaks of: what two records
    declare alike stands in the frame once, with the first or with none. The list's own document is
    the whole list's."""
    others = declared.filter(~pl.col("subject").str.starts_with("document:"))
    while True:
        ends = [rows.select("owner", subject=end) for end in ("object", "asserter")]
        mentioned = pl.concat(ends).drop_nulls().unique()
        grown = pl.concat([rows, others.join(mentioned, on="subject").select(rows.columns)])
        grown = grown.unique(["owner", "id"], keep="first", maintain_order=True)
        if grown.height == rows.height:
            break
        rows = grown
    shared = rows.filter((pl.col("owner") != WHOLE) & pl.col("declared"))["id"].unique()
    return rows.filter((pl.col("owner") != WHOLE) | ~pl.col("id").is_in(shared.implode()))
