"""What docs/neo4j.md shows is run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.servers.neo4j import Neo4jServer

PAGE = Path(__file__).parents[2] / "docs" / "neo4j.md"


def blocks(language: str) -> list[str]:
    """The code blocks of the page in a language."""
    return re.findall(rf"```{language}\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)


@pytest.mark.parametrize("statement", blocks("cypher"))
def test_a_statement_has_rows(seeded: Neo4jServer, statement: str) -> None:
    assert seeded.run(statement)


def test_the_script_with_py2neo(seeded: Neo4jServer, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in seeded.environment.items():
        monkeypatch.setenv(name, value)
    (script,) = blocks("python")
    held: dict[str, list[str]] = {}
    exec(script.replace("bolt://127.0.0.1:7687", seeded.uri), held)
    assert "Lazarus Group" in held["names"]
