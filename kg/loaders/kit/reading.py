"""Strict reading, shared by the loaders: every field is taken out of its row, the rest is reported.

The doctrine is zavod's: crash or warn, never absorb. A `Row` is emptied field by field; an `Audit`
counts what nobody took and what nobody understood, and reports each once, with its first place.
"""

from __future__ import annotations

import csv
import gzip
import io
import re
import unicodedata
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO, cast

from kg.base.errors import InputError, Problem, nearest
from kg.base.limits import beyond, limit
from kg.loaders.kit.encodings import (
    BOM,
    MARKS,
    UTF_8,
    WESTERN,
    advice,
    decoded,
    is_gibberish,
    is_mostly_utf_8,
    odd,
    wide,
)
from kg.loaders.kit.sources import source_at
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

DOS_END = "\x1a"
"""The end-of-file character of CP/M and DOS; the Treasury still writes it after its last line."""

SEPARATOR = "sep="
"""The first line may tell Excel the delimiter: `sep=;`."""

_TWICE = re.compile("[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac")
"""`GrÃ¼ne`: the bytes of UTF-8, taken for letters of Windows and written as UTF-8 again."""
TWICE = "looks as if its letters had been encoded twice; kept as it is"
ZEROS = "holds zero bytes, which were left out"

IF_WRONG = "where that makes its letters wrong, save the file as UTF-8"

LONGEST_RECORD = 1_000
"""Lines of one record of a CSV file; a quote that is not closed would swallow the rest of it."""


class Row(dict[str, str]):
    """One record as text by field; `take` empties it, so that what is left was not understood."""

    def __init__(self, fields: Mapping[str, str], place: str) -> None:
        super().__init__(fields)
        self.place = place

    def take(self, field: str) -> str:
        """The field without surrounding blanks; empty where it is absent."""
        return self.pop(field, "").strip()


class Once:
    """Keys that only one row of a list may have: a row that says it all again is no harm."""

    def __init__(self, audit: Audit) -> None:
        self._audit = audit
        self._first: dict[str, tuple[str, dict[str, str]]] = {}

    def __contains__(self, key: str) -> bool:
        return key in self._first

    def is_new(self, row: Row, field: str, key: str) -> bool:
        """Whether no row has had the key so far; one that has, and says something else, is told and
        left out. To be asked before anything is taken out of the row."""
        if not key:
            self._audit.miss(row.place, field, "", "there is no number; the row was left out")
            return False
        place, said = self._first.setdefault(key, (row.place, dict(row)))
        if place == row.place:
            return True
        if said != row:
            why = f"number used twice, first at {place}, which says something else and counts"
            self._audit.miss(row.place, field, key, why)
        return False


class Audit:
    """What no rule understood: each field once, with a count, its first place and an example."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def rest(self, row: Row) -> None:
        """Report every field that is still in the row and not empty."""
        for field, value in row.items():
            if value.strip():
                self.miss(row.place, field, value, "field is not understood and was left out")

    def miss(self, place: str, field: str, value: str, why: str) -> None:
        """Count one value that was not understood."""
        self._seen.setdefault((field, why), []).append((place, value))

    def country(
        self, place: str, field: str, printed: str, instead: str = "left out"
    ) -> str | None:
        """The alpha-3 code of the country that a text names; None, and counted, where it names
        none. `instead` is what becomes of it then."""
        code = countries.code(printed)
        if code is None:
            self.miss(place, field, printed, f"is no country of ISO 3166; {instead}")
        return code

    def teller(self, place: str, within: str = "") -> Callable[[str, object, str], None]:
        """`miss` at one place, for fields that stand in `within`."""
        return lambda field, value, why: self.miss(place, within + field, str(value)[:60], why)

    def report(self, emit: Emitter) -> None:
        """One warning for each field and reason."""
        for (field, why), found in self._seen.items():
            place, value = found[0]
            times = f" ({len(found):,} times)" if len(found) > 1 else ""
            emit.warn(place, field, value, why + times)


class Records:
    """The records of one file: one that cannot be read is left out and told, a file of which most
    cannot is damaged."""

    def __init__(self, path: Path, audit: Audit | None = None) -> None:
        self.path = path
        self._audit = audit
        self._kept = 0
        self._lost: list[Problem] = []

    def kept(self) -> None:
        """One more record could be read."""
        self._kept += 1

    def lost(self, problem: Problem) -> None:
        """One more could not."""
        self._lost.append(problem)
        if self._audit is not None:
            why = f"{problem.message}; the record was left out"
            self._audit.miss(problem.place, problem.field, problem.value, why)

    def told(self, place: str, value: str, why: str, field: str = "") -> None:
        """Something about a record that was kept."""
        if self._audit is not None:
            self._audit.miss(place, field, value, why)

    def close(self) -> None:
        """Raise `InputError` with the first problem if more records were lost than kept."""
        if len(self._lost) > self._kept:
            whole = self._kept + len(self._lost)
            why = f"the file is damaged: {len(self._lost):,} of {whole:,} records cannot be read"
            raise InputError([*self._lost[:1], Problem(why, str(self.path))])


def gather(paths: Iterable[Path], suffixes: Sequence[str]) -> list[Path]:
    """The data files at these paths, folders searched; `.gz` may follow each suffix. Of a source
    folder that names its `files`, those.

    Raises `InputError` for a folder without one.
    """
    found: list[Path] = []
    for path in paths:
        if path.is_file():
            found.append(path)
            continue
        info = source_at(path)
        if info is not None and info.files:
            found += info.named_files()
            continue
        inside = sorted(p for p in path.rglob("*") if p.is_file() and suffix(p) in suffixes)
        if not inside:
            raise InputError(Problem(f"no {' or '.join(suffixes)} file in it", str(path)))
        found += inside
    return found


def suffix(path: Path) -> str:
    """`.csv` of `a.csv` and of `a.csv.gz`."""
    return Path(path.name.removesuffix(".gz")).suffix.lower()


def stem(path: Path) -> str:
    """`sdn` of `sdn.csv` and of `SDN.CSV.gz`."""
    return Path(path.name.removesuffix(".gz")).stem.lower()


class _Counted(io.RawIOBase):
    """A stream that ends with an `InputError` when more comes out of it than a limit allows."""

    def __init__(self, stream: BinaryIO, path: Path, name: str) -> None:
        self._stream = stream
        self._path = path
        self._name = name
        self._left = limit(name) * 1_000_000

    def readable(self) -> bool:
        """It is."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read into a buffer; how much."""
        got = self._stream.readinto(buffer) or 0  # type: ignore[attr-defined]
        self._left -= got
        if self._left < 0:
            raise _unreadable(self._path, 1, beyond(self._name))
        return int(got)

    def close(self) -> None:
        """Close what lies below too."""
        self._stream.close()
        super().close()


def open_bytes(path: Path) -> BinaryIO:
    """The bytes of a file, unzipped where its name ends in `.gz`."""
    return cast(BinaryIO, gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb"))


def open_text(path: Path, encoding: str = "utf-8-sig", errors: str = "strict") -> TextIO:
    """A text stream over a file that is read whole, unzipped where its name ends in `.gz`; line
    ends are kept. What begins with the mark of UTF-16 or UTF-32 is read as that. Reading raises
    `InputError` beyond the limit `json-mb`."""
    bounded = io.BufferedReader(_Counted(open_bytes(path), path, "json-mb"))
    begins = bounded.peek(4)[:4]
    encoding = next((wide for mark, wide in MARKS.items() if begins.startswith(mark)), encoding)
    return io.TextIOWrapper(bounded, encoding=encoding, errors=errors, newline="")


def lines(
    path: Path,
    encodings: Sequence[str] = ("utf-8",),
    audit: Audit | None = None,
    records: Records | None = None,
) -> Iterator[tuple[int, str]]:
    """Line numbers and lines, one at a time.

    Each line is read by the first encoding that fits, so that one stray byte does not spoil every
    accent of a file; lines that needed another than the first are reported. A line that none fits
    is left out of `records`, or raises `InputError` where there are none; so does one longer than
    the limit `line-mb`, and a file that no second encoding makes text of. What begins with the mark
    of UTF-16 or UTF-32 is read as that.
    """
    number, doubts = 0, _Doubts(path, encodings, audit)
    try:
        for number, raw in enumerate(_raw_lines(path, encodings), 1):
            if isinstance(raw, str):
                yield number, raw
                continue
            line, encoding = decoded(raw, encodings)
            place = f"{path}:{number}"
            if line is None:
                problem = Problem(f"is not {' or '.join(encodings)}: {doubts.advice}", place)
                if records is None:
                    raise InputError(problem)
                records.lost(problem)
                continue
            if encoding not in UTF_8 and not raw.isascii():
                doubts.settle(place, encoding)
            if encoding != encodings[0] and audit is not None:
                why = f"line is not {encodings[0]} and was read as {encoding}; {IF_WRONG}"
                audit.miss(place, "", line.strip()[:60], why)
            yield number, line
    except UnicodeError:
        raise _unreadable(path, number + 1, f"is not {_wide(path, encodings)}") from None
    except (OSError, EOFError, zlib.error) as why:
        raise _unreadable(path, number + 1, f"cannot be read: {why}") from None


class _Doubts:
    """Whether a file is in the encoding in which it is read."""

    def __init__(self, path: Path, encodings: Sequence[str], audit: Audit | None) -> None:
        self._path, self._encodings, self._audit = path, encodings, audit
        self._settled: set[str] = set()

    def _lines(self) -> Iterator[bytes]:
        raw = _raw_lines(self._path, self._encodings)
        return (line for line in raw if isinstance(line, bytes))

    @cached_property
    def _odd(self) -> bytes:
        return odd(self._lines(), self._encodings[0])

    @cached_property
    def advice(self) -> str:
        """What it looks like, and how to go on."""
        return advice(self._odd)

    def settle(self, place: str, encoding: str) -> None:
        """Once for each encoding: raise `InputError` where it makes gibberish of the file and
        nobody said that it is that; tell it where somebody did, or of stray lines."""
        if encoding in self._settled:
            return
        self._settled.add(encoding)
        if not is_gibberish(self._odd, encoding):
            return
        why = f"reads wrongly as {encoding}: {self.advice}"
        if encoding != self._encodings[0] and not is_mostly_utf_8(self._lines()):
            raise InputError(Problem(f"is not {self._encodings[0]}, and {why}", place))
        if self._audit is not None:
            self._audit.miss(place, "", "", why)


def _raw_lines(path: Path, encodings: Sequence[str]) -> Iterator[bytes | str]:
    """The lines as bytes, or as text where a line's end is no single byte."""
    most, number = limit("line-mb") * 1_000_000, 0
    wide_ = _wide(path, encodings)
    with open_bytes(path) as stream:
        source: Any = io.TextIOWrapper(stream, wide_, newline="\n") if wide_ else stream
        end = "" if wide_ else b""
        for number, raw in enumerate(iter(partial(source.readline, most + 1), end), 1):
            if len(raw) > most:
                raise _unreadable(path, number, beyond("line-mb"))
            yield raw if number > 1 else raw.removeprefix("\ufeff" if wide_ else BOM)


def _wide(path: Path, encodings: Sequence[str]) -> str | None:
    with open_bytes(path) as stream:
        return wide(stream.read(4), encodings)


def csv_rows(
    path: Path,
    header: Sequence[str] | None = None,
    encodings: Sequence[str] | None = None,
    delimiter: str = ",",
    audit: Audit | None = None,
    check: Callable[[Sequence[str]], None] | None = None,
) -> Iterator[Row]:
    """The rows of a CSV file, by column.

    `header` names the columns of a file that has no header line; where it has one, `check` is
    called with its columns before the first row is read. A row that is too long or too short, or
    whose quotes do not match, is left out and told: shifted columns would put values under wrong
    names. Raises `InputError` for a file of which most rows are so, and, where `encodings` were
    given, for the first line that has another.
    """
    records = Records(path, audit)
    skipping = records if encodings is None else None
    source = lines(path, encodings or WESTERN, audit, skipping)
    columns = list(header or ())
    found = Cells(path, source, delimiter, records, len(columns))
    for place, cells in found:
        while len(cells) > len(columns) > 0 and not cells[-1].strip():
            cells.pop()  # a delimiter at the end of each line, or columns that a spreadsheet adds
        if not columns and cells[0].startswith(SEPARATOR):
            continue
        if not columns:
            columns = _columns(path, cells)
            found.width = len(columns)
            if check is not None:
                check(columns)
        elif len(cells) != len(columns):
            message = f"has {len(cells)} fields where {len(columns)} are expected"
            records.lost(Problem(message, place, "", delimiter.join(cells)[:60]))
        else:
            records.kept()
            yield Row(dict(zip(columns, cells, strict=True)), place)
    records.close()
    if not columns:
        raise _unreadable(path, 1, "the file is empty")


class Cells:
    """The cells of each record of a CSV file, with the line on which it starts (a quoted cell may
    span several). A record with quotes inside of quotes is read by itself, if it can be."""

    def __init__(
        self, path: Path, source: Iterator[tuple[int, str]], delimiter: str, records: Records,
        width: int,
    ) -> None:  # fmt: skip
        self._path, self._records, self._delimiter = path, records, delimiter
        self._source = source
        self.width = width
        """How many cells a record has; 0 where that is not known yet."""
        self._again: deque[tuple[int, str]] = deque()
        self._taken: list[tuple[int, str]] = []
        """Lines of the record that is being read."""

    def __iter__(self) -> Iterator[tuple[str, list[str]]]:
        """Place and cells of each record."""
        feed = _Feed(self._line)
        reader = csv.reader(feed, delimiter=self._delimiter, skipinitialspace=True, strict=True)
        while True:
            self._taken.clear()
            try:
                cells = next(reader, None)
            except csv.Error as why:
                cells = self._broken(str(why))
            if cells is None:
                return
            if cells and cells != [DOS_END]:
                yield f"{self._path}:{self._taken[0][0]}", cells

    def _line(self) -> str | None:
        if len(self._taken) >= LONGEST_RECORD:
            raise csv.Error(f"a quoted cell goes on for more than {LONGEST_RECORD:,} lines")
        found = self._again.popleft() if self._again else next(self._source, None)
        if found is None:
            return None
        self._taken.append(found)
        number, text = found
        if "\0" in text or _TWICE.search(text):
            why = ZEROS if "\0" in text else TWICE
            self._records.told(f"{self._path}:{number}", text.strip()[:60].replace("\0", ""), why)
        return text.replace("\0", "")

    def _broken(self, why: str) -> list[str]:
        """The cells of a record's first line alone, none if it has none; the other lines stand by
        themselves."""
        (number, text), *others = self._taken
        self._again.extendleft(reversed(others))
        del self._taken[1:]
        place, cells = f"{self._path}:{number}", inner_quotes(text, self._delimiter, self.width)
        if cells is None:
            self._records.lost(Problem(f"broken CSV: {why}", place, "", text.strip()[:60]))
            return []
        self._records.told(
            place, text.strip()[:60], "holds quotes inside of quotes, which were kept"
        )
        return cells


class _Feed:
    """Lines for a `csv.reader`; after its end there may be lines again."""

    def __init__(self, line: Callable[[], str | None]) -> None:
        self._line = line

    def __iter__(self) -> _Feed:
        return self

    def __next__(self) -> str:
        line = self._line()
        if line is None:
            raise StopIteration
        return line


def inner_quotes(line: str, delimiter: str, width: int) -> list[str] | None:
    """The cells of a line whose quoted cells hold quotes of their own: a cell ends with a quote
    before a delimiter or the end of the line, where that gives so many cells unless words go on
    there (`a.k.a. "a", also "b"`). None where that leaves text outside."""
    end = re.escape(delimiter)
    ends = (end, rf'{end}(?!\s+[^\s"])', rf"{end}(?!\s)")
    found = [cells for each in ends if (cells := _cells(line, end, each)) is not None]
    return next((cells for cells in found if len(cells) == width), found[0] if found else None)


def _cells(line: str, delimiter: str, end: str) -> list[str] | None:
    cell = re.compile(rf'\s*(?:"(.*?)"\s*|([^"{delimiter}]*))({end}|$)')
    found, at, text = [], 0, line.rstrip("\r\n")
    while match := cell.match(text, at):
        found.append((match[1] or match[2] or "").replace('""', '"'))
        if not match[3]:
            return found
        at = match.end()
    return None


def _columns(path: Path, cells: Sequence[str]) -> list[str]:
    columns = [cell.strip() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    refuse_width(len(columns), f"{path}:1")
    double = {name for name, times in Counter(columns).items() if times > 1}
    if double:
        raise _unreadable(path, 1, f"column named twice: {', '.join(sorted(double))}")
    return columns


def refuse_width(columns: int, place: str) -> None:
    """Raise `InputError` for more columns than the limit."""
    if columns > limit("columns"):
        raise InputError(Problem(beyond("columns", columns), place))


def _unreadable(path: Path, line: int, message: str) -> InputError:
    return InputError(Problem(message, f"{path}:{line}"))


def need(row_or_columns: Iterable[str], wanted: Iterable[str], place: str) -> None:
    """Raise `InputError` for a column that is not there, with the nearest one that is."""
    have = list(row_or_columns)
    missing = [name for name in wanted if name not in have]
    if missing:
        raise InputError(
            Problem("there is no such column", place, name, near=nearest(name, have))
            for name in missing
        )


def slug(text: str) -> str:
    """Letters and digits in lower case with hyphens between; accents fall, other scripts stay."""
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[\W_]+", "-", plain.casefold()).strip("-") or "unnamed"


def named_once(
    emit: Emitter,
    said: Mapping[str, str | None] | None = None,
    audit: Audit | None = None,
) -> Callable[..., str]:
    """`emit.entity` for sources that spell one id's name in several ways: the first stands.

    Other spellings become claims of an `alias`, with what `said` gives (asserter, document);
    without it the load's summary counts them. An `audit` is told.
    """
    names: dict[str, str] = {}

    def entity(id: str, name: str, *, place: str = "", **declared: Any) -> str:
        first = names.setdefault(id, name)
        if said is None and name != first:
            emit.note("names spelt in several ways, of which the first is kept")
        elif said is not None and name != first:
            shared: dict[str, Any] = dict(said)
            emit.claim(id, "alias", name, place=place, **shared)
            if audit is not None:
                why = "one id, several names: the first stands, the others are aliases"
                audit.miss(place, "name", f"{id}: {first}, {name}", why)
        return emit.entity(id, first, place=place, **declared)

    return entity
