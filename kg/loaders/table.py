"""Any CSV, TSV, JSON Lines, Excel or Parquet file, by a short mapping and without Python.

The mapping stands under `table:` in the `source.yaml` of the data's folder. `docs/loaders.md` has
the words; in short: `columns` says how cells are read, `entities` and `claims` have the shape of
claim files with `{Column}` in braces, `ignore` names what is left out on purpose. A column that is
neither used nor ignored is reported, and a claim about two lists at once is refused: it would pair
everything with everything, which nobody said.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from fnmatch import fnmatchcase
from functools import partial
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile, ZipFile

from kg.base.errors import InputError, Problem
from kg.base.limits import beyond, limit
from kg.base.settings import to_install
from kg.claims.checks import Checks
from kg.loaders.kit.json import read_line
from kg.loaders.kit.mapping import ITEM_END, Cells, TableMapping, Template
from kg.loaders.kit.reading import (
    SEPARATOR,
    Audit,
    Records,
    Row,
    csv_rows,
    gather,
    lines,
    named_once,
    refuse_width,
    suffix,
)
from kg.loaders.kit.sources import FILE, SourceInfo, source_at
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

FORMAT = "table"
DOC = "Any CSV, JSON Lines, Excel or Parquet file, by a mapping in its folder's source.yaml"
HOME = "docs/loaders.md"
LICENCE = "as the folder's source.yaml says"
CHECKS = Checks()

CHUNK = 1_000
"""Rows that are read before the first of them is understood."""

JSON_LINES = (".jsonl", ".ndjson")
SUFFIXES = (".csv", ".tsv", *JSON_LINES, ".xlsx", ".parquet")
"""What a folder is searched for; text files, as Excel's "Unicode text", must be named."""

MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00:00(?:\.0+)?")

DELIMITERS = (",", ";", "\t", "|")


def load(paths: Sequence[Path], emit: Emitter) -> None:
    """Read each folder that has a `source.yaml` with a `table:` mapping."""
    for path in paths:
        info = source_at(path)
        if info is None or info.format != FORMAT:
            message = f"needs a {FILE} with `format: {FORMAT}` and a `{FORMAT}:` mapping beside it"
            raise InputError(Problem(message, str(path)))
        files = [path] if path.is_file() and path.name != FILE else gather([info.folder], SUFFIXES)
        _Table(info, emit).read(files)


class _Table:
    """One source folder on its way into the emitter."""

    def __init__(self, info: SourceInfo, emit: Emitter) -> None:
        self.mapping = TableMapping(info.path, info.options, emit.ontology)
        self.info = info
        self.emit = emit
        fixed = {key: id for key, id in self.mapping.defaults.items() if "{" not in id}
        self.audit = Audit()
        self.events: dict[str, str] = {}
        """Id of an event → what its row holds."""
        self.entity = named_once(emit, fixed, self.audit)

    def read(self, files: Sequence[Path]) -> None:
        for who in (self.info.publisher, self.info.asserter):
            if who:
                self.entity(**who)
        for file in files:
            self.file(file)
        self.audit.report(self.emit)

    def file(self, file: Path) -> None:
        columns: dict[str, None] = {}
        found = rows(file, self.mapping, self.audit)
        while chunk := list(islice(found, CHUNK)):
            self.mapping.learn(chunk)
            for row in chunk:
                columns.update(dict.fromkeys(row))
                self.row(row)
        if not columns:
            self.emit.warn(str(file), "", "", "holds no row")
        elif suffix(file) in JSON_LINES:
            # At the end: an object of JSON lines may leave out what it has nothing for.
            self.mapping.need(columns, file)

    def row(self, row: Row) -> None:
        self.leftover(row)
        cells = self.mapping.cells(row, self.audit)
        self.keep_apart(row, cells)
        for bound in self.mapping.entities(cells):
            self.entity(**bound, place=row.place)
        for statement in self.mapping.statements(cells):
            self.emit.join([self.claim(row.place, **claim) for claim in statement])

    def keep_apart(self, row: Row, cells: Cells) -> None:
        """Two rows whose events have one slug tell of two events, unless they say all the same."""
        content = "\x1f".join(row.values())
        for template in self.mapping.events:
            id = Template(template).fill(cells)
            if id is None or self.events.setdefault(id, content) == content:
                continue
            suffix = sha256(content.encode()).hexdigest()[:6]
            self.mapping.apart(cells, template, suffix)
            why = "another row's event has this id; kept apart from it under an id of its own"
            self.audit.miss(row.place, template, id, why)

    def claim(self, place: str, subject: str, predicate: str, target: str, **columns: Any) -> str:
        if target.startswith("state:") and not self.emit.has(target):
            code = target.removeprefix("state:")
            self.entity(target, countries.names().get(code, code), place=place)
        return self.emit.claim(subject, predicate, target, place=place, **columns)

    def leftover(self, row: Row) -> None:
        for column, value in row.items():
            if column not in self.mapping.used and value and not self.ignored(column):
                why = "column is neither mapped nor under `ignore`, and was left out"
                self.audit.miss(row.place, column, value, why)

    def ignored(self, column: str) -> bool:
        return any(fnmatchcase(column, pattern) for pattern in self.mapping.ignore)


# ------------------------------------------------------------------ rows of every file type


def rows(path: Path, mapping: TableMapping, audit: Audit) -> Iterator[Row]:
    """The rows of one file as text by column; its header is checked before the first."""
    kind = suffix(path)
    if path.suffix == ".gz" and kind in (".xlsx", ".parquet"):
        message = f"`.gz` is for text formats, and {kind} is none: unzip it first"
        raise InputError(Problem(message, str(path)))
    if kind in JSON_LINES:
        return _json_rows(path, mapping, audit)
    if kind == ".xlsx":
        return _excel_rows(path, mapping)
    if kind == ".parquet":
        return _parquet_rows(path, mapping)
    delimiter = "\t" if kind == ".tsv" else mapping.delimiter or _delimiter(path, mapping)
    check = partial(mapping.need, file=path)
    return csv_rows(path, None, mapping.encodings, delimiter, audit, check)


def _delimiter(path: Path, mapping: TableMapping) -> str:
    """The one by which the first line has the columns that the mapping names, else a comma."""
    given = (line.strip() for _, line in lines(path, mapping.encodings))
    first = next((line for line in given if line and not line.startswith(SEPARATOR)), "")
    for delimiter in DELIMITERS:
        cells = next(csv.reader(first.splitlines(), delimiter=delimiter), [])
        columns = {column.strip() for column in cells}
        if mapping.used.keys() <= columns:
            return delimiter
    return DELIMITERS[0]


def _json_rows(path: Path, mapping: TableMapping, audit: Audit) -> Iterator[Row]:
    records = Records(path, audit)
    for number, line in lines(path, mapping.encodings):
        if not line.strip():
            continue
        place = f"{path}:{number}"
        try:
            record = read_line(line, place)
            if not isinstance(record, dict):
                raise InputError(Problem("each line must be a JSON object", place))
        except InputError as why:
            records.lost(why.problems[0])
            continue
        refuse_width(len(record), path, number)
        records.kept()
        yield _row(record, place, mapping)
    records.close()


def _refuse_packed(path: Path) -> None:
    """Raise `InputError` for a workbook (a zip archive) that unpacks to more than the limit."""
    try:
        with ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (OSError, BadZipFile):
        return  # the reader says what is wrong with it
    if size > limit("excel-mb") * 1_000_000:
        raise InputError(Problem(beyond("excel-mb", -(-size // 1_000_000)), str(path)))


def _excel_rows(path: Path, mapping: TableMapping) -> Iterator[Row]:
    import polars as pl

    _refuse_packed(path)
    try:
        frame = pl.read_excel(path, sheet_name=mapping.sheet, raise_if_empty=False)
    except ModuleNotFoundError:
        message = f"Excel files need the extra: {to_install('excel')}"
        raise InputError(Problem(message, str(path))) from None
    except (
        Exception
    ) as why:  # the reader raises whatever the broken part of the file makes it raise
        raise InputError(Problem(f"cannot be read as Excel: {why}", str(path))) from None
    refuse_width(frame.width, path)
    mapping.need(frame.columns, path)
    for row in _frame_rows(path, frame.iter_rows(named=True), mapping):
        # In a column that holds text as well, a date comes as the text of a time.
        for name, value in row.items():
            if found := MIDNIGHT.fullmatch(value):
                row[name] = found[1]
        yield row


def _parquet_rows(path: Path, mapping: TableMapping) -> Iterator[Row]:
    import polars as pl

    read = 0
    try:
        scan = pl.scan_parquet(path)
        names = scan.collect_schema().names()
        refuse_width(len(names), path)
        mapping.need(names, path)
        count = scan.select(pl.len()).collect().item()
        for frame in scan.collect_batches(maintain_order=True):
            yield from _frame_rows(path, frame.iter_rows(named=True), mapping, read + 2)
            read += frame.height
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as why:
        raise InputError(Problem(f"cannot be read as Parquet: {why}", str(path))) from None
    # Of a file that is damaged inside, batches may end early without an error.
    if read != count:
        message = f"is damaged: {read:,} of its {count:,} rows can be read"
        raise InputError(Problem(message, str(path)))


def _frame_rows(
    path: Path, records: Iterator[Mapping[str, Any]], mapping: TableMapping, start: int = 2
) -> Iterator[Row]:
    # Line 1 is the header, as a spreadsheet counts.
    for number, record in enumerate(records, start):
        yield _row(record, f"{path}:{number}", mapping)


def _row(record: Mapping[str, Any], place: str, mapping: TableMapping) -> Row:
    return Row({name: _cell(name, value, mapping) for name, value in record.items()}, place)


def _cell(name: str, value: Any, mapping: TableMapping) -> str:
    """A typed cell as text: `2019-01-02`, `5`, `2.5`, `true`."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case float() if value.is_integer():
            return str(int(value))
        case datetime() if not (value.hour or value.minute or value.second):
            return value.date().isoformat()
        case datetime() | date():
            return value.isoformat()
        case list() if mapping.is_list(name):
            return "".join(_cell(name, item, mapping) + ITEM_END for item in value)
        case list():
            return "; ".join(_cell(name, item, mapping) for item in value)
        case dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case _:
            return str(value).replace(ITEM_END, "")
