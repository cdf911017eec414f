"""Run a loader as the pipeline does, and look at what came out."""

from __future__ import annotations

import json
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
NAMED = ("misp-galaxy", "microsoft")
"""Lists of names beside ATT&CK; formats and folders are called alike."""
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


TECHNICAL = ("attack-pattern", "course-of-action", "x-mitre")
"""STIX types of ATT&CK that are neither actors nor what actors have; most of its objects."""


def actors_of_attack(once: Once) -> Loaded:
    """ATT&CK without techniques and what refers to them: a quarter of the time, all that is said of
    who is who and who is behind it."""
    folder = once.folder / "attack-actors"

    def load_actors() -> Loaded:
        folder.mkdir(exist_ok=True)
        for file in sorted(shared("attack").glob("*.json")):
            bundle = json.loads(file.read_text())
            gone = {o["id"] for o in bundle["objects"] if o["type"].startswith(TECHNICAL)}
            bundle["objects"] = [
                o for o in bundle["objects"]
                if not gone & {o["id"], o.get("source_ref"), o.get("target_ref")}
            ]  # fmt: skip
            (folder / file.name).write_text(json.dumps(bundle))
        return run("stix", folder)

    return once("list-actors", load_actors)


def three_lists(once: Once) -> pl.DataFrame:
    """What the lists say that call actors by names, all of them, read once a run."""
    lists = [actors_of_attack(once), *(whole(name, name, once) for name in NAMED)]
    return pl.concat([each.frame for each in lists]).drop("place")


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
