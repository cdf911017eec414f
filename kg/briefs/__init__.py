"""Briefs: what is said of something and by whom, as prose with notes, for a reader who has no `kg`.

A format is a module in `formats/` with `SUFFIX` (`.md`), `DOC` (one line) and
`write(brief, path)`; a file there is one, nothing else has to be edited.
"""

from __future__ import annotations

from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from kg.base.errors import UsageError, offering
from kg.briefs.brief import Brief
from kg.briefs.compose import compose
from kg.briefs.matter import matter

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

__all__ = ["Brief", "brief", "write"]


def brief(
    corpus: Corpus,
    subject: str,
    predicate: str | None = None,
    target: str | None = None,
    *,
    short: bool = False,
) -> Brief:
    """A sourced brief of an entity, or of one edge; `short`: on one page.

    Raises `UsageError` where nothing of the name exists, or nothing is claimed of it.
    """
    return compose(matter(corpus, subject, predicate, target), short=short)


def write(made: Brief, path: Path | str) -> Path:
    """Write a brief in the format of the file's suffix; returns the path."""
    from kg.briefs.formats import discover

    known: dict[str, ModuleType] = discover()
    suffix = Path(path).suffix.lower()
    if suffix not in known:
        raise UsageError(
            offering(f"no brief is written as {suffix or 'a file without suffix'!r}", suffix, known)
        )
    known[suffix].write(made, Path(path))
    return Path(path)
