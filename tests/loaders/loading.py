"""Run a loader as the pipeline does, and look at what came out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest

from kg import loaders
from kg.base.errors import Problem
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.identity import Identity, resolve
from kg.ontology import load
from tests.machine import Once

ROOT = Path(__file__).parents[2]
DATA = ROOT / "tests" / "data"
FOLDERS = {"stix": "attack", "misp-galaxy": "misp-galaxy", "microsoft": "microsoft"}
SHARED = ROOT / ".." / "shared" / "data"


@dataclass
class Loaded:
    """The frame of a load, its warnings, and its notes."""

    frame: pl.DataFrame
    warnings: list[Problem]
    notes: dict[str, int]

    def claims(self, **columns: object) -> pl.DataFrame:
        return self.rows(declared=False, **columns)

    def rows(self, **columns: object) -> pl.DataFrame:
        return self.frame.filter(**columns)

    def values(self, subject: str, predicate: str) -> list[str]:
        """Values or objects of a subject, sorted."""
        found = self.rows(subject=subject, predicate=predicate)
        return sorted(found.select(pl.coalesce("object", "value")).to_series().to_list())

    def count(self, kind: str) -> int:
        """How many entities of a kind are declared."""
        named = self.rows(declared=True, predicate="name")
        return named.filter(pl.col("subject").str.starts_with(kind + ":")).height

    def warned(self, field: str) -> list[Problem]:
        return [problem for problem in self.warnings if problem.field == field]


def run(format: str, *paths: Path) -> Loaded:
    """Load these paths; raises what the loader raises."""
    emit = Emitter(Source(format, format), load())
    frame = loaders.load(format, paths, emit)
    return Loaded(frame, emit.warnings, dict(emit.notes))


def whole(format: str, folder: str, once: Once) -> Loaded:
    """A list of the shared data, all of it, read once a run."""
    path = shared(folder)
    return once(f"list-{format}", lambda: run(format, path))


def three_lists(once: Once) -> pl.DataFrame:
    """What the lists say that call actors by names, all of them, read once a run."""
    frames = [whole(format, folder, once).frame for format, folder in FOLDERS.items()]
    return pl.concat(frames).drop("place")


def of_three_lists(once: Once) -> Identity:
    """Who is who in them."""
    statements = three_lists(once)
    return once("identity", lambda: resolve(statements, load()))


def shared(folder: str) -> Path:
    """A folder of the shared data; the test skips where it is not beside the checkout."""
    path = SHARED / folder
    if not path.exists():
        pytest.skip(f"no ../shared/data/{folder} beside the checkout")
    return path
