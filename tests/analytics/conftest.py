"""The article and its companions from the seed, through the whole pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.graph.corpus import Corpus

SEED = Path(__file__).parents[2] / "seed"
CLAIMS = (SEED / "sputnik-2019-09.yaml", SEED / "other-documents")


@pytest.fixture(scope="session")
def seed(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    return built(tmp_path_factory.mktemp("seed"), *CLAIMS)


def built(folder: Path, *paths: Path) -> Corpus:
    """The corpus of these seeds, built in a folder."""
    with kg.open(str(folder / "seed.kgl")) as graph:
        graph.build(paths)
        return graph.corpus()
