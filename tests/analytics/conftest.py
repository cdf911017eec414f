"""The seed that ships, projected."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kg.claims.corpus import Corpus
from kg.ontology import load
from kg.pipeline.read import seeds

SEED = Path(__file__).parents[2] / "seed"


@pytest.fixture(scope="session")
def seed() -> Corpus:
    ontology = load()
    return Corpus.of(pl.concat([batch.frame for batch in seeds([SEED], ontology)]), ontology)
