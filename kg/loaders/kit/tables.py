"""The rows of a table as text by column, whatever kind of file it is: CSV, TSV, JSON, JSON Lines,
Excel, Parquet."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from zipfile import BadZipFile, ZipFile

from kg.base.errors import InputError, Problem
from kg.base.limits import beyond, limit
from kg.base.settings import to_install
from kg.loaders.kit.json import read_json, read_line
from kg.loaders.kit.reading import (
    SEPARATOR,
    Audit,
    Records,
    Row,
    csv_rows,
    lines,
    need,
    refuse_width,
    suffix,
)

JSON_LINES = (".jsonl", ".ndjson")
SUFFIXES = (".csv", ".tsv", *JSON_LINES, ".xlsx", ".parquet")
"""What a folder is searched for; text files, as Excel's "Unicode text", must be named, and so must
JSON, which may be anything."""
OF_OBJECTS = (".json", *JSON_LINES)
"""Kinds of files whose rows may leave out what they have nothing for."""

MIDNIGHT = re.compile(r"(\d{4}-\d\d-\d\d)[ T]00:00:00(?:\.0+)?")

DELIMITERS = (",", ";", "\t", "|")

ITEM_END = "\0"
"""Stands after each item of a list that was one in its file: what `split` must not split again. No
text has it, for it is taken out of every cell."""


class Layout(Protocol):
    """How the files of one table are written."""

    @property
    def encodings(self) -> list[str]:
        """Those that a line may have, the first that fits counts."""

    @property
    def delimiter(self) -> str | None:
        """None where the first line tells it."""

    @property
    def sheet(self) -> str | None:
        """Which of a workbook; None is the first."""

    @property
    def used(self) -> Mapping[str, Any]:
        """The columns that are wanted."""

    def need(self, columns: Iterable[str], file: Path) -> None:
        """Raise `InputError` for columns that the file has not."""

    def is_list(self, column: str) -> bool:
        """Whether the items of a list in such a column stay apart."""


class Plain:
    """A table of known columns, as its publisher writes it or as it was saved again."""

    def __init__(self, used: Iterable[str], needed: Sequence[str] = ()) -> None:
        self.encodings = ["utf-8", "cp1252", "latin-1"]
        self.delimiter, self.sheet = None, None
        self.used = dict.fromkeys(used)
        self._needed = needed

    def need(self, columns: Iterable[str], file: Path) -> None:
        """Raise `InputError` for columns that it cannot be read without."""
        need(columns, self._needed, f"{file}:1")

    def is_list(self, column: str) -> bool:
        """A list is written out as the lists of cells are."""
        return False


def rows_of(path: Path, layout: Layout, audit: Audit) -> Iterator[Row]:
    """The rows of one file as text by column; its header is checked before the first."""
    kind = suffix(path)
    if path.suffix == ".gz" and kind in (".xlsx", ".parquet"):
        message = f"`.gz` is for text formats, and {kind} is none: unzip it first"
        raise InputError(Problem(message, str(path)))
    if kind in OF_OBJECTS:
        return _json_rows(path, layout, audit)
    if kind == ".xlsx":
        return _excel_rows(path, layout)
    if kind == ".parquet":
        return _parquet_rows(path, layout)
    delimiter = "\t" if kind == ".tsv" else layout.delimiter or _delimiter(path, layout)
    check = partial(layout.need, file=path)
    return csv_rows(path, None, layout.encodings, delimiter, audit, check)


def _delimiter(path: Path, layout: Layout) -> str:
    """The one by which the first line has most of the columns that are wanted."""
    given = (line.strip() for _, line in lines(path, layout.encodings))
    first = next((line for line in given if line and not line.startswith(SEPARATOR)), "")

    def known(delimiter: str) -> int:
        try:
            cells = next(csv.reader(first.splitlines(), delimiter=delimiter), [])
        except csv.Error:  # a cell longer than any; who reads the line tells it
            return 0
        return len(layout.used.keys() & {column.strip() for column in cells})

    return max(DELIMITERS, key=known)


def _json_rows(path: Path, layout: Layout, audit: Audit) -> Iterator[Row]:
    records = Records(path, audit)
    for place, given in _objects(path, layout, records):
        if not isinstance(given, dict):
            records.lost(Problem("a row must be a JSON object", place))
            continue
        refuse_width(len(given), place)
        records.kept()
        yield _row(given, place, layout)
    records.close()


def _objects(path: Path, layout: Layout, records: Records) -> Iterator[tuple[str, Any]]:
    """Place and content of what should be the rows: the items of a list, or one a line."""
    if suffix(path) not in JSON_LINES:
        content = read_json(path, layout.encodings[0])
        if not isinstance(content, list):
            raise InputError(Problem("a table in JSON is a list of objects", f"{path}:1"))
        yield from ((f"{path}#[{number}]", item) for number, item in enumerate(content))
        return
    for number, line in lines(path, layout.encodings):
        if line.strip():
            place = f"{path}:{number}"
            try:
                yield place, read_line(line, place)
            except InputError as why:
                records.lost(why.problems[0])


def _refuse_packed(path: Path) -> None:
    """Raise `InputError` for a workbook (a zip archive) that unpacks to more than the limit."""
    try:
        with ZipFile(path) as packed:
            size = sum(part.file_size for part in packed.infolist())
    except (OSError, BadZipFile):
        return  # the reader says what is wrong with it
    if size > limit("excel-mb") * 1_000_000:
        raise InputError(Problem(beyond("excel-mb", -(-size // 1_000_000)), str(path)))


def _excel_rows(path: Path, layout: Layout) -> Iterator[Row]:
    import polars as pl

    _refuse_packed(path)
    try:
        frame = pl.read_excel(path, sheet_name=layout.sheet, raise_if_empty=False)
    except ModuleNotFoundError:
        message = f"Excel files need the extra: {to_install('excel')}"
        raise InputError(Problem(message, str(path))) from None
    except (
        Exception
    ) as why:  # the reader raises whatever the broken part of the file makes it raise
        raise InputError(Problem(f"cannot be read as Excel: {why}", str(path))) from None
    refuse_width(frame.width, f"{path}:1")
    layout.need(frame.columns, path)
    for row in _frame_rows(path, frame.iter_rows(named=True), layout):
        # In a column that holds text as well, a date comes as the text of a time.
        for name, value in row.items():
            if found := MIDNIGHT.fullmatch(value):
                row[name] = found[1]
        yield row


def _parquet_rows(path: Path, layout: Layout) -> Iterator[Row]:
    import polars as pl

    read = 0
    try:
        scan = pl.scan_parquet(path)
        names = scan.collect_schema().names()
        refuse_width(len(names), f"{path}:1")
        layout.need(names, path)
        count = scan.select(pl.len()).collect().item()
        for frame in scan.collect_batches(maintain_order=True):
            yield from _frame_rows(path, frame.iter_rows(named=True), layout, read + 2)
            read += frame.height
    except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as why:
        raise InputError(Problem(f"cannot be read as Parquet: {why}", str(path))) from None
    # Of a file that is damaged inside, batches may end early without an error.
    if read != count:
        message = f"is damaged: {read:,} of its {count:,} rows can be read"
        raise InputError(Problem(message, str(path)))


def _frame_rows(
    path: Path, records: Iterator[Mapping[str, Any]], layout: Layout, start: int = 2
) -> Iterator[Row]:
    # Line 1 is the header, as a spreadsheet counts.
    for number, record in enumerate(records, start):
        yield _row(record, f"{path}:{number}", layout)


def _row(record: Mapping[str, Any], place: str, layout: Layout) -> Row:
    return Row({name: _cell(name, value, layout) for name, value in record.items()}, place)


def _cell(name: str, value: Any, layout: Layout) -> str:
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
        case list() if layout.is_list(name):
            return "".join(_cell(name, item, layout) + ITEM_END for item in value)
        case list():
            return "; ".join(_cell(name, item, layout) for item in value)
        case dict():
            return json.dumps(value, ensure_ascii=False, sort_keys=True)
        case _:
            return str(value).replace(ITEM_END, "")
