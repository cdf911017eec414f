"""What an export wrote, and what its format could not hold."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kg.base.written import own


@dataclass(frozen=True, slots=True)
class ExportReport:
    """Counts of what is in the file by its own terms, and sentences on what is not."""

    format: str
    path: Path
    written: Mapping[str, int]
    lost: list[str] = field(default_factory=list)

    def to_dict(self) -> dict[str, Any]:
        """As plain JSON values."""
        return {
            "format": self.format,
            "path": str(self.path),
            "written": dict(self.written),
            "lost": list(self.lost),
        }


def counted(what: Counter[str], sentence: str) -> list[str]:
    """`["3 Meeting: <sentence>"]`, one entry a kind, sorted."""
    return [f"{count} {kind}: {sentence}" for kind, count in sorted(what.items())]


def write_json(path: Path, content: Any) -> None:
    """Indented, with the letters of all scripts as they are; the same content, the same bytes."""
    with own(path) as file:
        json.dump(content, file, ensure_ascii=False, allow_nan=False, indent=1)
        file.write("\n")


def write_lines(path: Path, rows: Iterable[Mapping[str, Any]]) -> int:
    """One JSON object a line; how many there were."""
    count = 0
    with own(path) as file:
        for row in rows:
            file.write(json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n")
            count += 1
    return count
