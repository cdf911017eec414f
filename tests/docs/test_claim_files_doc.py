"""The example in docs/claim-files.md is a claim file, and does what the page says of it."""

from __future__ import annotations

import re
from pathlib import Path

import polars as pl
import pytest

from kg.base.errors import InputError
from kg.claims.columns import STATEMENTS
from kg.graph.corpus import Corpus
from kg.graph.link import dangling
from kg.ontology import load as ontology
from kg.pipeline.read import claim_file

PAGE = Path(__file__).parents[2] / "docs" / "claim-files.md"


def block(language: str) -> str:
    (found,) = re.findall(rf"```{language}\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)
    return str(found)


@pytest.fixture
def example(tmp_path: Path) -> Path:
    (tmp_path / "bulletin.txt").write_text(block("text"), encoding="utf-8")
    path = tmp_path / "northwind.yaml"
    path.write_text(block("yaml"), encoding="utf-8")
    return path


def test_the_example_loads_and_is_complete(example: Path) -> None:
    batch = claim_file(example, ontology())
    assert batch.warnings == ()
    assert dangling(batch.frame) == []
    assert batch.frame.filter(~pl.col("declared")).height == 6


def test_the_example_means_what_the_page_says(example: Path) -> None:
    corpus = Corpus.of(claim_file(example, ontology()).frame.select(list(STATEMENTS)), ontology())
    (edge,) = corpus.graph.edges_of("ATTRIBUTED_TO").to_dicts()
    assert edge["to"] == "group:paper-crane"
    assert edge["support"] == 2
    assert edge["asserters"] == 1
    assert edge["hedges"] == ["probably"]
    (money,) = corpus.claims.filter(pl.col("predicate") == "amount_attempted").to_dicts()
    assert (money["number"], money["bound"]) == (2e6, "lower")


@pytest.mark.parametrize(
    ("right", "wrong", "field"),
    [("[20, 94]", "[20, 940]", "span"), ("quote: over $2", "quote: over $3", "quote")],
)
def test_spans_and_quotes_are_checked_against_the_text(
    example: Path, right: str, wrong: str, field: str
) -> None:
    text = example.read_text("utf-8")
    assert right in text
    example.write_text(text.replace(right, wrong), encoding="utf-8")
    with pytest.raises(InputError) as raised:
        claim_file(example, ontology())
    for problem in raised.value.problems:
        assert problem.field == field
        assert re.fullmatch(re.escape(str(example)) + r":[0-9]+", problem.place)


def test_every_field_of_a_statement_is_on_the_page() -> None:
    set_by_the_program = {
        "id", "source", "format", "declared", "subject", "predicate", "object", "value", "number",
        "negative", "document", "start", "end", "qualifiers", "recorded", "valid_from", "valid_to",
        "valid_precision", "asserted_from", "asserted_to", "withdrawn_from", "withdrawn_to",
    }  # fmt: skip
    page = PAGE.read_text("utf-8")
    assert [name for name in STATEMENTS if name not in set_by_the_program
            and f"`{name}`" not in page] == []  # fmt: skip
