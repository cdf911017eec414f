"""The claims that ship with kg as one corpus, made once."""

from __future__ import annotations

import polars as pl
import pytest

from kg.base.settings import shipped
from kg.claims.columns import STATEMENTS
from kg.graph.corpus import Corpus
from kg.ontology import load as ontology
from kg.pipeline.read import seeds


@pytest.fixture(scope="session")
def seed() -> Corpus:
    """What people wrote by hand, without the published lists: quick to read."""
    paths = [shipped("seed") / name for name in ("sputnik-2019-09.yaml", "other-documents")]
    frames = [batch.frame.select(list(STATEMENTS)) for batch in seeds(paths, ontology())]
    return Corpus.of(pl.concat(frames), ontology(), sources=["seed"])
