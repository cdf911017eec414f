"""What is printed of an address never holds a password."""

from __future__ import annotations

import pytest

from kg import KnowledgeGraph
from kg.settings import without_password


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ("neo4j://me:secret@host:7687", "neo4j://me@host:7687"),
        ("neo4j+s://me:se@cr:et@host/x", "neo4j+s://me@host/x"),
        ("bolt://host:7687", "bolt://host:7687"),
        ("bolt://me@host:7687", "bolt://me@host:7687"),
        ("folder/a:b@c.kgl", "folder/a:b@c.kgl"),
    ],
)
def test_a_password_is_not_printed(given: str, printed: str) -> None:
    assert without_password(given) == printed
    assert KnowledgeGraph(given).name == printed
