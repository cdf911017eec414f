"""The JSON Schemas for editors: what ships passes, what is mistyped does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from kg.claims.files import TOP
from kg.loaders.kit.schemas import SCHEMAS
from kg.ontology import load

ROOT = Path(__file__).parents[2]
CLAIMS = sorted(
    [*(ROOT / "seed").glob("*.yaml"), *(ROOT / "seed" / "other-documents").glob("*.yaml")]
)
MAPPINGS = sorted(
    path
    for path in (ROOT / "kg" / "loaders" / "mappings").rglob("source.yaml")
    if "\ntable:" in path.read_text("utf-8")
)


class Editor(yaml.SafeLoader):
    """As editors read YAML: dates stay text."""


Editor.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if not tag.endswith(":timestamp")]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(text: str) -> Any:
    return as_json(yaml.load(text, Editor))


def as_json(given: Any) -> Any:
    """Keys are text in JSON: `null:` is one of a mapping's words."""
    if isinstance(given, dict):
        return {"null" if k is None else k: as_json(v) for k, v in given.items()}
    return [as_json(item) for item in given] if isinstance(given, list) else given


def problems(schema: str, given: Any) -> list[str]:
    validator = jsonschema.Draft202012Validator(SCHEMAS[schema](load()))
    validator.check_schema(validator.schema)
    return [f"{list(one.path)}: {one.message[:200]}" for one in validator.iter_errors(given)]


@pytest.mark.parametrize("path", CLAIMS, ids=lambda path: path.stem)
def test_the_seeds_pass(path: Path) -> None:
    assert problems("claims", read(path.read_text("utf-8"))) == []


@pytest.mark.parametrize("path", MAPPINGS, ids=lambda path: path.parent.name)
def test_the_mappings_pass(path: Path) -> None:
    assert problems("mapping", read(path.read_text("utf-8"))) == []


def test_every_part_of_a_claim_file_is_known() -> None:
    assert set(SCHEMAS["claims"](load())["properties"]) == set(TOP)


def example() -> str:
    page = (ROOT / "docs" / "claim-files.md").read_text("utf-8")
    (found,) = re.findall(r"```yaml\n(.*?)```", page, re.DOTALL)
    return str(found)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("hedge: probably", "hegde: probably"),
        ("ATTRIBUTED_TO, group:paper-crane, {ref", "ATTRIBUTD_TO, group:paper-crane, {ref"),
        ("group:paper-crane: Paper Crane", "grup:paper-crane: Paper Crane"),
        ("category: cyber", "category: syber"),
        ("span: [20, 94]", "span: [20]"),
        ("entities:", "entitys:"),
        ("document:\n  id: document", "document:\n  id: docment"),
    ],
)
def test_what_is_mistyped_does_not(right: str, wrong: str) -> None:
    text = example()
    assert problems("claims", read(text)) == []
    assert right in text
    assert problems("claims", read(text.replace(right, wrong)))
