"""CSV files for `neo4j-admin database import full`: the fastest way into a new server."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Any

import polars as pl

from kg.base.errors import UsageError
from kg.base.written import others, own, recorded, refuse_foreign, remove_own
from kg.exports.kit.report import ExportReport
from kg.graph.corpus import Corpus
from kg.graph.graph import EdgeKey

FORMAT = "neo4j-admin"
DOC = "CSV folder for `neo4j-admin database import full`, with the command in import.sh"

SEPARATORS = "\x1f\x1e\x1d\x1c;|"
"""What may stand between the items of a list: the first that stands in no item."""


def export(corpus: Corpus, path: Path) -> ExportReport:
    """Write the folder `path`: one file per node kind and per edge type with its ends, and
    `import.sh`, which runs the tool with them. Raises UsageError where `path` holds other files.
    """
    graph = corpus.graph
    files = [
        path / name
        for name in ("import.sh", *map(_node_name, graph.nodes), *map(_edge_name, graph.edges))
    ]
    _refuse_foreign(path, files)
    path.mkdir(parents=True, exist_ok=True)
    separator = _separator([*graph.nodes.values(), *graph.edges.values()])
    nodes = [_node_file(path, kind, rows, separator) for kind, rows in graph.nodes.items()]
    edges = [_edge_file(path, key, rows, separator) for key, rows in graph.edges.items()]
    _command(path, nodes, edges, separator)
    earlier = {name for name in recorded(path) if name.startswith(("nodes-", "edges-"))}
    remove_own(path, earlier - {file.name for file in files})
    written = {
        "nodes": sum(frame.height for frame in graph.nodes.values()),
        "edges": sum(frame.height for frame in graph.edges.values()),
    }
    lost = [
        "no fingerprints and no manifest: `kg` sees a database of others; `kg sync` is the way to "
        "one that it keeps",
        "constraints and full-text indexes: the tool makes none",
    ]
    return ExportReport(FORMAT, path, written, lost)


def _refuse_foreign(path: Path, files: list[Path]) -> None:
    if path.exists() and not path.is_dir():
        raise UsageError(f"{path} is a file; neo4j-admin takes a folder of CSV files")
    if path.is_dir() and (there := others(path)):
        raise UsageError(f"{path} holds other files ({there[0]}); name a new folder")
    for file in files:
        refuse_foreign(file)


def _node_name(kind: str) -> str:
    return f"nodes-{kind}.csv"


def _edge_name(key: EdgeKey) -> str:
    return f"edges-{'-'.join(key)}.csv"


def _separator(frames: list[pl.DataFrame]) -> str:
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


def _node_file(path: Path, kind: str, frame: pl.DataFrame, separator: str) -> str:
    roles = pl.concat_list(pl.lit(kind), "roles") if "roles" in frame.columns else pl.lit([kind])
    rows = frame.with_columns(labels=roles, kind=pl.lit(kind)).drop("roles", strict=False)
    headers = {"id": "id:ID", "labels": ":LABEL"}
    return _write(path / _node_name(kind), rows, headers, separator)


def _edge_file(path: Path, key: EdgeKey, frame: pl.DataFrame, separator: str) -> str:
    rows = frame.with_columns(type_of_edge=pl.lit(key[0]))
    headers = {"from": ":START_ID", "to": ":END_ID", "type_of_edge": ":TYPE"}
    return _write(path / _edge_name(key), rows, headers, separator)


def _write(path: Path, frame: pl.DataFrame, headers: dict[str, str], separator: str) -> str:
    named = {
        name: headers.get(name) or f"{name}:{_type(dtype)}" for name, dtype in frame.schema.items()
    }
    flat = frame.select(
        _flat(pl.col(name), frame.schema[name], separator) for name in frame.columns
    )
    with own(path, binary=True) as file:
        flat.rename(named).write_csv(file, quote_style="necessary")
    return path.name


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


def _command(path: Path, nodes: list[str], edges: list[str], separator: str) -> None:
    given = [f"--nodes={name}" for name in nodes] + [f"--relationships={name}" for name in edges]
    lines = [
        "#!/bin/sh",
        "# Into an empty database of a stopped server.",
        'cd "$(dirname "$0")" || exit 1',
    ]
    between = f"--array-delimiter=U+{ord(separator):04X}"
    command = ["neo4j-admin", "database", "import", "full", "neo4j", "--overwrite-destination",
               between, "--multiline-fields=true", *given]  # fmt: skip
    lines.append(" \\\n  ".join(map(shlex.quote, command)))
    with own(path / "import.sh") as file:
        file.write("\n".join(lines) + "\n")
