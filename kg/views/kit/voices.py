"""Whose voice is whose, for the asserters of a page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from kg.graph.bodies import climbed

if TYPE_CHECKING:
    from kg.graph.corpus import Corpus


@dataclass(frozen=True)
class Voices:
    """`voice`: asserter → the body whose voice it is, where that is another; `heard`: body → those
    in whose words it is heard, where that is not it alone; `asserters`: all of whom a page tells.
    """

    voice: Mapping[str, str]
    heard: Mapping[str, list[str]]
    asserters: frozenset[str]

    @classmethod
    def of(cls, corpus: Corpus, claims: pl.DataFrame) -> Voices:
        """Of the asserters of these claims, and the bodies that they are parts of."""
        bodies = corpus.bodies
        here = set(claims["asserter"].drop_nulls())
        everybody = set(corpus.claims["asserter"].drop_nulls())
        whole = {above for one in here for above in climbed(one, bodies.wholes)} | here
        heard = {body: [one for one in bodies.speakers(body) if one in everybody]
                 for body in sorted(whole)}  # fmt: skip
        voice = {one: bodies.voices[one] for one in sorted(here) if one in bodies.voices}
        several = {body: by for body, by in heard.items() if by != [body]}
        return cls(voice, several, frozenset(here.union(*heard.values())))
