"""A country as a source prints it: one look-up, one wording, for every loader."""

from __future__ import annotations

from pathlib import Path

from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.loaders.kit.reading import Audit
from kg.ontology import countries, load


def test_what_is_no_country_is_counted_with_what_became_of_it() -> None:
    audit, emit = Audit(), Emitter(Source("x", "x"), load())
    assert audit.country("f:1", "state", "Russian Federation") == "RUS"
    assert audit.country("f:2", "state", "Atlantis") is None
    assert audit.country("f:3", "state", "Lemuria") is None
    assert audit.country("f:4", "flag", "Atlantis", "kept as text") is None
    audit.report(emit)
    assert [(one.place, one.field, one.value, one.message) for one in emit.warnings] == [
        ("f:2", "state", "Atlantis", "is no country of ISO 3166; left out (2 times)"),
        ("f:4", "flag", "Atlantis", "is no country of ISO 3166; kept as text"),
    ]


def test_no_loader_asks_in_its_own_way(root: Path) -> None:
    files = (root / "kg" / "loaders").rglob("*.py")
    assert [f.name for f in files if "countries.find(" in f.read_text(encoding="utf-8")] == []
    assert countries.code("Korea") is None
