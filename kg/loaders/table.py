"""Any CSV, TSV, JSON, JSON Lines, Excel or Parquet file, by a short mapping and without Python.

The mapping stands under `table:` in the `source.yaml` of the data's folder. `docs/loaders.md` has
the words; in short: `columns` says how cells are read, `entities` and `claims` have the shape of
claim files with `{Column}` in braces, `ignore` names what is left out on purpose. A column that is
neither used nor ignored is reported, and a claim about two lists at once is refused: it would pair
everything with everything, which nobody said.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base.errors import InputError, Problem
from kg.claims.checks import Checks
from kg.loaders.kit.mapping import Cells, TableMapping, Template
from kg.loaders.kit.reading import Audit, Row, gather, named_once, suffix
from kg.loaders.kit.sources import FILE, SourceInfo, source_at
from kg.loaders.kit.tables import OF_OBJECTS, SUFFIXES, rows_of
from kg.ontology import countries

if TYPE_CHECKING:
    from kg.claims.emitter import Emitter

FORMAT = "table"
DOC = "Any CSV, JSON, JSON Lines, Excel or Parquet file, by a mapping in its folder's source.yaml"
HOME = "docs/loaders.md"
LICENCE = "as the folder's source.yaml says"
CHECKS = Checks()

CHUNK = 1_000
"""Rows that are read before the first of them is understood."""


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
        found = rows_of(file, self.mapping, self.audit)
        while chunk := list(islice(found, CHUNK)):
            self.mapping.learn(chunk)
            for row in chunk:
                columns.update(dict.fromkeys(row))
                self.row(row)
        if not columns:
            self.emit.warn(str(file), "", "", "holds no row")
        elif suffix(file) in OF_OBJECTS:
            # At the end: an object may leave out what it has nothing for.
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
