"""The worked page runs from the top to the bottom and prints what it says; tables are complete."""

from __future__ import annotations

import contextlib
import io
import re
from pathlib import Path
from typing import Any

import networkx as nx

from kg import exports
from kg.analytics import discover, find

PAGE = Path(__file__).parents[2] / "docs" / "three-findings.md"
BLOCK = re.compile(r"```python\n(.*?)```\n\n```text\n(.*?)```", re.DOTALL)


def test_three_findings(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    blocks = BLOCK.findall(text)
    assert len(blocks) == text.count("```python") == 4
    names: dict[str, Any] = {"WORKING_FOLDER": tmp_path}
    for code, expected in blocks:
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, str(PAGE), "exec"), names)
        assert printed.getvalue() == expected


def test_the_example_of_a_new_measure_is_one(tmp_path: Path) -> None:
    text = (PAGE.parent / "analytics.md").read_text(encoding="utf-8")
    (example,) = re.findall(r"```python\n(from kg.analytics import Result.*?)```", text, re.DOTALL)
    (tmp_path / "heads.py").write_text(example, encoding="utf-8")
    result = find("head_count", [tmp_path])(nx.path_graph(3))
    assert (result.n, result.unit) == (3, "nodes")


def test_the_table_of_measures_is_complete() -> None:
    text = (PAGE.parent / "analytics.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `(\w+)` \|", text, re.MULTILINE)) == set(discover())


def test_the_table_of_exports_is_complete() -> None:
    text = (PAGE.parent / "exports.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| `([\w-]+)` \|", text, re.MULTILINE)) == set(exports.discover())
