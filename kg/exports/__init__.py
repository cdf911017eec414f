"""What leaves the graph for other tools: one file a format.

An export is a module with `FORMAT` (the word after `kg export`), `DOC` (one line) and
`export(corpus, path) -> ExportReport`. A file here, or a module that an entry point of the group
`kg.exports` names, is one; nothing else has to be edited. Each holds all that its format can say
and names in `lost` what it cannot.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from kg.base.discovery import by_name, in_modules
from kg.base.errors import UsageError, offering
from kg.exports.kit.report import ExportReport

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus

__all__ = ["ExportReport", "discover", "export"]


def discover(folders: Iterable[Path] = ()) -> dict[str, ModuleType]:
    """Every export by its format, sorted; `folders` are searched besides."""
    found = in_modules("exports", lambda module: [(module.FORMAT, module)], folders)
    return dict(sorted(by_name("export", found).items()))


def export(
    corpus: Corpus, format: str, path: Path | str, folders: Iterable[Path] = ()
) -> ExportReport:
    """Write a corpus (whole or seen through a lens) to `path`, making its folder.

    Raises UsageError for a format that nobody wrote, with the nearest name.
    """
    known = discover(folders)
    if format not in known:
        raise UsageError(offering(f"nothing exports to {format!r}", format, known))
    report: ExportReport = known[format].export(corpus, Path(path))
    return report
