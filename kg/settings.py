"""Where things are: the questions and seeds that come with the project, and a user's own graph."""

from __future__ import annotations

import os
import re
from pathlib import Path

from kg.errors import UsageError

HERE = Path(__file__).parent
OUT = Path("out")
"""Where a run's pictures go."""


def shipped(name: str) -> Path:
    """A folder that ships with the project (`cypher`, `seed`): in the wheel inside the package, in
    a checkout beside it."""
    inside = HERE / "_data" / name
    return inside if inside.is_dir() else HERE.parent / name


def own(part: str) -> list[Path]:
    """The user's folders for a part (`cypher`, `loaders`…): in each folder of `$KG_PATH`, which
    is written like `PATH`. They are searched like the project's own.

    Raises `UsageError` where one of them is no folder.
    """
    folders = [Path(name) for name in os.environ.get("KG_PATH", "").split(os.pathsep) if name]
    for folder in folders:
        if not folder.is_dir():
            raise UsageError(f"KG_PATH names {folder}, which is no folder")
    return [folder / part for folder in folders]


def default_db() -> str:
    """The graph to use where none is named: `$KG_DB`, else a file in the current folder."""
    return os.environ.get("KG_DB") or "kg.kgl"


def named_db(name: str) -> str:
    """A graph's path or address; the word `neo4j` stands for the server that `$NEO4J_URI` names."""
    if name != "neo4j":
        return name
    address = os.environ.get("NEO4J_URI")
    if not address:
        raise UsageError("--db neo4j means the server that NEO4J_URI names, and it is not set")
    return address


def without_password(db: str) -> str:
    """A graph's path or address as it may be printed: `neo4j://me:secret@host` → `neo4j://me@host`."""
    return re.sub(r"^([\w+]+://[^:@/]*):[^/]*@", r"\1@", db)


def default_ledger(db: str) -> Path:
    """The ledger that belongs to a graph: beside an embedded one, else in the current folder."""
    if "://" in db:
        return Path("kg.ledger")
    path = Path(db)
    if path.is_dir():
        raise UsageError(f"{db} is a folder; --db names a file in it, such as {path / 'kg.kgl'}")
    return path.with_name(path.name.removesuffix(".kgl") + ".ledger")
