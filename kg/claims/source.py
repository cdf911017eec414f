"""Where statements come from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Source:
    """Where a batch of statements came from; stands in the manifest beside its file."""

    name: str
    format: str = "claims"
    licence: str = ""
    url: str = ""
    notice: str = ""
