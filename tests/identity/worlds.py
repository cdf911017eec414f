"""A world of records of our own: who lists what under which names."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from kg import ontology
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.identity import Identity, Judgement, names, resolve

ONTOLOGY = ontology.load()


class World:
    """A few lists made by hand: who lists what under which names."""

    def __init__(self, ontology: ontology.Ontology = ONTOLOGY) -> None:
        self.ontology = ontology
        self.emitters: dict[str, Emitter] = {}

    def list(self, key: str) -> Emitter:
        if key not in self.emitters:
            emit = Emitter(Source(key, "test"), self.ontology)
            emit.entity(f"organization:{key}", key)
            self.emitters[key] = emit
        return self.emitters[key]

    def group(self, key: str, *written: str, state: str = "", kind: str = "group") -> str:
        """`attack:Wolf`, listed under these names, perhaps put in a state."""
        source, _, name = key.partition(":")
        emit = self.list(source)
        id = emit.entity(f"{kind}:{source}-{names.key(name)}", name, record=key)
        for other in (name, *written):
            emit.claim(id, names.predicate(other), names.value(other),
                       asserter=f"organization:{source}")  # fmt: skip
        if state:
            emit.entity(f"state:{state}", state)
            emit.claim(id, "ATTRIBUTED_TO", f"state:{state}", asserter=f"organization:{source}")
        return id

    def say(self, source: str, subject: str, predicate: str, target: str) -> None:
        self.list(source).claim(subject, predicate, target, asserter=f"organization:{source}")

    @property
    def statements(self) -> pl.DataFrame:
        return pl.concat([emit.finish().drop("place") for emit in self.emitters.values()])

    def resolve(self, judgements: Sequence[Judgement] = ()) -> Identity:
        return resolve(self.statements, self.ontology, judgements)

    def relation(self, a: str, b: str, judgements: Sequence[Judgement] = ()) -> str:
        return str(self.resolve(judgements).relation(a, b)["relation"])
