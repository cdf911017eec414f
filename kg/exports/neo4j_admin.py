"""CSV files for `neo4j-admin database import full`: the fastest way into a new server."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any

import polars as pl

from kg.base.errors import UsageError
from kg.base.written import others, own, recorded, refuse_foreign, remove_own
from kg.exports.kit.report import ExportReport
from kg.graph.corpus import Corpus
from kg.graph.graph import Graph

FORMAT = "neo4j-admin"
DOC = "CSV folder for `neo4j-admin database import full`, with the command in import.sh"

SEPARATORS = "\x1f\x1e\x1d\x1c;|"
"""What may stand between the items of a list: the first that stands in no item."""


@dataclass(frozen=True)
class Csv:
    """One file for the tool, with a header of its own."""

    what: str
    """`nodes` or `relationships`."""
    name: str
    rows: int
    content: bytes
    lines: bool
    """Whether some text in it goes over several lines."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write the folder `path`: one file per node kind and per edge type with its ends, and
    `import.sh`, which runs the tool with them. Raises UsageError where `path` holds other files.
    """
    graph = corpus.graph
    separator = separator_for([*graph.nodes.values(), *graph.edges.values()])
    return write(path, files_of(graph, separator), separator)


def write(path: Path, files: Iterable[Csv], separator: str) -> ExportReport:
    """Write files, one after another, and the command that imports them. Raises UsageError where
    `path` holds other files."""
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file; neo4j-admin takes a folder of CSV files")
    if path.is_dir() and (there := others(path)):
        raise UsageError(f"{path} holds other files ({there[0]}); name a new folder")
    earlier = [*recorded(path)] if path.is_dir() else []
    for name in earlier:
        refuse_foreign(path / name)
    path.mkdir(parents=True, exist_ok=True)
    made, written = [], Counter[str]()
    for file in files:
        with own(path / file.name, binary=True) as out:
            out.write(file.content)
        written[file.what] += file.rows
        made.append((file.what, file.name, file.lines))
    _command(path, made, separator)
    left = {name for name in earlier if name.startswith(("nodes-", "edges-"))}
    remove_own(path, left - {name for _, name, _ in made})
    counts = {"nodes": written["nodes"], "edges": written["relationships"]}
    return ExportReport(FORMAT, path, counts, list(LOST))


LOST = (
    "no fingerprints and no manifest: `kg` sees a database of others; `kg sync` is the way to "
    "one that it keeps",
    "constraints and full-text indexes: the tool makes none",
)


def files_of(graph: Graph, separator: str, part: str = "") -> Iterator[Csv]:
    """A file per node kind and per edge type with its ends; `part` goes into its name."""
    for kind, frame in graph.nodes.items():
        labels = pl.lit([kind])
        if "roles" in frame.columns:
            labels = pl.concat_list(pl.lit(kind), "roles")
        rows = frame.with_columns(labels=labels, kind=pl.lit(kind)).drop("roles", strict=False)
        headers = {"id": "id:ID", "labels": ":LABEL"}
        yield _csv("nodes", f"nodes-{kind}{part}.csv", rows, headers, separator)
    for key, frame in graph.edges.items():
        rows = frame.with_columns(type_of_edge=pl.lit(key[0]))
        headers = {"from": ":START_ID", "to": ":END_ID", "type_of_edge": ":TYPE"}
        yield _csv("relationships", f"edges-{'-'.join(key)}{part}.csv", rows, headers, separator)


def separator_for(frames: Iterable[pl.DataFrame]) -> str:
    """Raises UsageError where every candidate stands in some item of some list."""
    used = {
        mark
        for frame in frames
        for column in frame.select(pl.col(pl.List(pl.String))).get_columns()
        for mark in SEPARATORS
        if column.explode().drop_nulls().str.contains(mark, literal=True).any()
    }
    free = [mark for mark in SEPARATORS if mark not in used]
    if not free:
        raise UsageError("names hold every character that could stand between the items of a list")
    return free[0]


def _csv(what: str, name: str, frame: pl.DataFrame, headers: dict[str, str], separator: str) -> Csv:
    named = {
        name: headers.get(name) or f"{name}:{_type(dtype)}" for name, dtype in frame.schema.items()
    }
    flat = frame.select(
        _flat(pl.col(name), frame.schema[name], separator) for name in frame.columns
    )
    content = BytesIO()
    flat.rename(named).write_csv(content, quote_style="necessary")
    breaks = [
        column.str.contains("[\r\n]").any()
        for column in flat.select(pl.col(pl.String)).get_columns()
    ]
    return Csv(what, name, frame.height, content.getvalue(), any(breaks))


def _type(dtype: Any) -> str:
    """The tool's name of a Polars type."""
    if isinstance(dtype, pl.List):
        return f"{_type(dtype.inner)}[]"
    if dtype.is_integer():
        return "long"
    if dtype.is_float():
        return "double"
    if dtype == pl.Boolean:
        return "boolean"
    return "date" if dtype == pl.Date else "string"


def _flat(column: pl.Expr, dtype: Any, separator: str) -> pl.Expr:
    if isinstance(dtype, pl.List):
        texts = column.cast(pl.List(pl.String)).list.join(separator)
        return pl.when(column.list.len() > 0).then(texts)
    return column


def _command(path: Path, made: list[tuple[str, str, bool]], separator: str) -> None:
    """`import.sh`. The tool reads faster where no text goes over several lines."""
    between = f"--array-delimiter=U+{ord(separator):04X}"
    several = ["--multiline-fields=true"] if any(lines for _, _, lines in made) else []
    given = [f"--{what}={name}" for what, name, _ in sorted(made)]
    command = ["neo4j-admin", "database", "import", "full", "neo4j", "--overwrite-destination",
               between, *several, *given]  # fmt: skip
    lines = [
        "#!/bin/sh",
        "# Into an empty database of a stopped server.",
        'cd "$(dirname "$0")" || exit 1',
        " \\\n  ".join(map(shlex.quote, command)),
    ]
    with own(path / "import.sh") as file:
        file.write("\n".join(lines) + "\n")
