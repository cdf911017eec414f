"""What is imported is declared: an environment that happens to hold more must not hide a gap."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

OURS = {"kg", "tests", "bench", "tools"}


@pytest.fixture(scope="module")
def project(root: Path) -> Any:
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def canonical(requirement: str) -> str:
    """`types-PyYAML>=6` → `types-pyyaml`."""
    name = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert name, requirement
    return re.sub(r"[-_.]+", "-", name.group()).lower()


def imported(node: ast.AST) -> Iterator[str]:
    """The top-level modules that one statement imports."""
    if isinstance(node, ast.Import):
        yield from (alias.name.split(".")[0] for alias in node.names)
    elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        yield node.module.split(".")[0]


@cache
def distributions() -> Mapping[str, list[str]]:
    """Which packages bring a module. To find it reads the list of files of each."""
    return packages_distributions()


def undeclared(files: Iterable[Path], declared: set[str]) -> list[str]:
    """`FILE: MODULE` for each import that neither Python, nor we, nor a declared package brings.
    One that is not installed brings the module of its own name."""
    brought_by = distributions()
    return sorted(
        f"{file}: {module}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        for module in imported(node)
        if module not in sys.stdlib_module_names | OURS
        and not declared & {canonical(module), *map(canonical, brought_by.get(module, ()))}
    )


def extras(project: Any) -> set[str]:
    return {
        canonical(requirement)
        for requirements in project["optional-dependencies"].values()
        for requirement in requirements
    }


def test_the_package_imports_what_it_declares(project: Any, root: Path) -> None:
    declared = set(map(canonical, project["dependencies"])) | extras(project)
    files = list((root / "kg").rglob("*.py"))
    assert files
    assert undeclared(files, declared) == []


def test_tests_and_benchmarks_import_what_is_declared(project: Any, root: Path) -> None:
    declared = set(map(canonical, project["dependencies"])) | extras(project)
    files = [file for folder in ("tests", "bench") for file in (root / folder).rglob("*.py")]
    assert undeclared(files, declared) == []


def test_a_gap_is_found(tmp_path: Path) -> None:
    file = tmp_path / "module.py"
    file.write_text("import json\nimport kg\n\ndef late():\n    from yaml.nodes import Node\n")
    assert undeclared([file], {"click"}) == [f"{file}: yaml"]
    assert undeclared([file], {"pyyaml"}) == []


def test_every_dependency_is_pinned(project: Any, root: Path) -> None:
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {canonical(line) for line in lines if line and not line.startswith("#")}
    wanted = set(map(canonical, project["dependencies"])) | extras(project)
    assert wanted - pinned - {canonical(project["name"])} == set()
