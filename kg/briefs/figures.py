"""Drawings of a brief, as SVG."""

from __future__ import annotations

from collections.abc import Iterator

from kg.briefs.brief import Block
from kg.briefs.matter import Matter


def figures(matter: Matter) -> Iterator[Block]:
    """Nothing yet."""
    yield from ()
