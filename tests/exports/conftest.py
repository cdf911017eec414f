"""The seed that ships, and a corpus of names that break careless writers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import kg
from kg.graph.corpus import Corpus

NAMES = [
    "</name><script>alert('x')</script>",
    'comma, "quote"; semicolon | pipe \\ backslash',
    "line\nbreak\ttab",
    "北朝鮮 Ким ‏עברית 🙂",
    "=cmd|' /C calc'!A0",
    "]]> &amp; <!-- {{ x }} -->",
    "bell\x07 and\x1funit",
]
"""Names of groups: each must come back as it is, or with what XML cannot hold replaced."""


@pytest.fixture(scope="session")
def seed(seed_graph: kg.KnowledgeGraph) -> Corpus:
    """All that ships: claim files, ATT&CK, MISP, Microsoft, OFAC, travels."""
    return seed_graph.corpus()


@pytest.fixture
def hostile(tmp_path: Path) -> Corpus:
    """One group for each of NAMES, all blamed for one incident."""
    groups = {f"group:g{at}": {"name": name} for at, name in enumerate(NAMES)}
    file = tmp_path / "hostile.yaml"
    content = {
        "document": {
            "id": "document:hostile",
            "name": NAMES[0],
            "published_by": "organization:source",
            "date": "2020-03",
        },
        "entities": {
            "organization:source": {"name": NAMES[1]},
            "incident:i": {"name": NAMES[3]},
            **groups,
        },
        "claims": [
            {
                "asserter": "organization:source",
                "summary": name,
                "says": [["incident:i", "ATTRIBUTED_TO", group], [group, "alias", name + " too"]],
            }
            for group, name in zip(groups, NAMES, strict=True)
        ],
    }
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")  # JSON is YAML
    with kg.open(str(tmp_path / "hostile.kgl")) as graph:
        graph.build([file])
        return graph.corpus()
