"""How far a history was read, and all that it takes to read on from there where it has grown."""

from __future__ import annotations

import json
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl

from kg.base.settings import code_state
from kg.claims.source import Source
from kg.ontology import Ontology
from kg.pipeline.step import shape

KEY = "kg history"
"""Under which the rest stands in the file of the rows."""


@dataclass(frozen=True)
class Grown:
    """What was kept of a history: the rows of its book, and the rest as JSON has it."""

    rows: pl.DataFrame
    rest: Mapping[str, Any]

    def packed(self) -> bytes:
        """As the ledger keeps it: a Parquet file."""
        text = b64encode(zlib.compress(json.dumps(self.rest).encode())).decode()
        buffer = BytesIO()
        self.rows.write_parquet(buffer, compression="zstd", metadata={KEY: text})
        return buffer.getvalue()

    def why_not(self, maker: str, marks: Sequence[str]) -> str | None:
        """Why the versions that there are now cannot be read on from what was kept, if so."""
        count = self.rest["count"]
        if self.rest["maker"] != maker:
            return "kg, or what is told of the source, is not what it was when they were read"
        if marks[count - 1 : count] != [self.rest["mark"]]:
            return f"what was read before, up to {self.rest['last']}, is not what is there now"
        return None


def unpacked(raw: bytes | None) -> Grown | None:
    """What was kept; None where nothing was, or nothing that this kg can read."""
    if raw is None:
        return None
    try:
        text = pl.read_parquet_metadata(BytesIO(raw))[KEY]
        return Grown(pl.read_parquet(BytesIO(raw)), json.loads(zlib.decompress(b64decode(text))))
    except (pl.exceptions.PolarsError, KeyError, ValueError, zlib.error):
        return None


def chained(marks: Iterable[str]) -> list[str]:
    """Of each version, what is another where it, or any before it, is."""
    chain: Iterator[str] = accumulate(marks, lambda one, other: _digest(f"{one} {other}"))
    return list(chain)


def maker(module: object, source: Source, ontology: Ontology) -> str:
    """What tells a loader's code and vocabulary, and what is told of its source, from another."""
    own = getattr(module, "__file__", None)
    code = Path(own).read_bytes() if own else b""
    rooms = code_state("base", "claims", "identity", "loaders", "pipeline")
    return _digest(f"{shape(ontology)} {rooms} {source!r} {sha256(code).hexdigest()}")


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:16]
