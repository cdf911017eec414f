"""The rooms of `kg/`: each uses only those above it, and nobody's private parts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOMS = (
    *(
        "base",
        "ontology",
        "claims",
        "ledger",
        "identity",
        "graph",
        "loaders",
        "feeds",
        "stores",
        "ask",
    ),
    *("analytics", "views", "exports", "briefs", "neo4j_browser", "drafts", "pipeline", "rows"),
    *("api", "mcp", "serve", "cli"),
)
"""In the order in which data flows (docs/architecture.md)."""


def room_of(module: str) -> str:
    """`graph` of `kg.graph.link`."""
    return module.split(".")[1]


def imports(root: Path) -> Iterator[tuple[str, str, str]]:
    """(room, `FILE:LINE`, module) of each import of ours, wherever in a file it stands."""
    for file in sorted((root / "kg").rglob("*.py")):
        room = file.relative_to(root / "kg").parts[0].removesuffix(".py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            for module in _modules(node):
                if module.startswith("kg.") and not module.startswith("kg.__"):
                    place = f"{file.relative_to(root)}:{getattr(node, 'lineno', 0)}"
                    yield room, place, module


def _modules(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
        # `from kg.graph import link` names a module, `from kg.graph.link import _pairs` a part.
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def wrong(root: Path) -> list[str]:
    """A sentence for each import that runs up, or reaches into another room's private parts."""
    found = []
    for room, place, module in imports(root):
        if room in ("__init__", "__main__"):  # the package itself shows what it pleases
            continue
        other = room_of(module)
        if other not in ROOMS:
            found.append(f"{place}: {module} is in no room")
        elif ROOMS.index(other) > ROOMS.index(room):
            found.append(f"{place}: {room} uses {module}, which comes after it")
        elif other != room and any(part.startswith("_") for part in module.split(".")[1:]):
            found.append(f"{place}: {module} is private to {other}")
    return found


def test_a_room_uses_only_rooms_above_it_and_nobodys_private_parts(root: Path) -> None:
    assert wrong(root) == []


def test_every_folder_of_the_package_is_a_room(root: Path) -> None:
    folders = {path.name for path in (root / "kg").iterdir() if (path / "__init__.py").is_file()}
    assert folders <= set(ROOMS)


def test_the_page_lists_the_rooms_in_their_order_with_what_stands_in_each(root: Path) -> None:
    page = (root / "docs" / "architecture.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)(?:\.py)?` \| (.*) \|$", page.partition("## 1.")[0], re.MULTILINE)
    built = [room for room in ROOMS if list((root / "kg").glob(f"{room}*"))]
    assert [room for room, _ in rows] == built
    for room, contents in rows:
        if room == "api":
            continue
        files = {path.stem for path in (root / "kg" / room).rglob("*")}
        named = set(re.findall(r"`(\w+)`", contents))
        assert named - files == set(), f"{room}: on the page, and not there"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("from kg.graph.link import link", "comes after it"),
        ("def f():\n    from kg import api", "comes after it"),
        ("from kg.base._secret import x", "is private to base"),
        ("from kg.base.errors import _secret", "is private to base"),
        ("import kg.attic.old", "is in no room"),
    ],
)
def test_what_is_out_of_place_is_noticed(tmp_path: Path, line: str, why: str) -> None:
    (tmp_path / "kg" / "claims").mkdir(parents=True)
    (tmp_path / "kg" / "claims" / "new.py").write_text(line + "\n", encoding="utf-8")
    (found,) = wrong(tmp_path)
    assert why in found
