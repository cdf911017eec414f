"""Run docs/notebook.ipynb and keep its answers in it; `--check` compares, and writes nothing.

It runs in an empty folder, against the seeds that ship. What is larger than a page (a picture) is
not kept.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbclient import NotebookClient

PAGE = Path(__file__).parents[1] / "docs" / "notebook.ipynb"
LARGEST = 20_000
"""Characters of one output that are kept."""


def read(page: Path = PAGE) -> Any:
    """The notebook as it stands."""
    return nbformat.read(page, as_version=4)  # type: ignore[no-untyped-call]


def executed(page: Path = PAGE) -> Any:
    """The notebook with the outputs of a run. Raises `CellExecutionError` with the first error."""
    book = read(page)
    root = str(PAGE.parents[1])
    with TemporaryDirectory() as folder:
        path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH", ""))))
        client = NotebookClient(
            book,
            kernel_name="python3",
            timeout=None,
            resources={"metadata": {"path": folder}},
        )
        client.execute(env=os.environ | {"PYTHONPATH": path, "KG_CACHE": ""})
    for cell in book.cells:
        cell.metadata = {}
        if cell.cell_type == "code":
            cell.outputs = [_kept(output) for output in cell.outputs]
    book.metadata = {"language_info": {"name": "python"}}
    return book


def _kept(output: Any) -> Any:
    if "data" in output:
        large = [kind for kind, data in output.data.items() if len(str(data)) > LARGEST]
        for kind in large:
            del output.data[kind]
    return output


def answers(book: Any) -> list[list[str]]:
    """What each cell printed, as text: by this a notebook is compared with a run."""
    return [
        [
            output.get("text") or output.get("data", {}).get("text/plain", "")
            for output in cell.outputs
        ]
        for cell in book.cells
        if cell.cell_type == "code"
    ]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="only compare")
    arguments = parser.parse_args()
    found = executed()
    if arguments.check:
        if answers(found) != answers(read()):
            sys.exit(f"{PAGE.name} is stale: run `python -m tools.notebook`")
        return
    PAGE.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
