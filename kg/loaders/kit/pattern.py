"""Regular expressions that others wrote: matched in a time that grows with the text, never more.

Python's own would go back and forth for ever over `(a+)+$`. Rust's, which Polars brings along, does
not; it has neither look-around nor back-references. Polars matches whole columns, so a chunk of
cells is learnt at once, and single cells are then looked up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

KEPT = 100_000
"""Texts that are remembered; then they are learnt anew."""


class Pattern:
    """One expression. Raises `ValueError` with the reason for what is none."""

    def __init__(self, text: str) -> None:
        self.text = text
        try:
            # Python says where it is wrong, and how many groups it has, without running it.
            self.group = min(re.compile(text).groups, 1)
            pl.Series([""]).str.contains(text, strict=True)
        except (re.error, RecursionError, OverflowError) as why:
            raise ValueError(str(why)) from None
        except pl.exceptions.PolarsError as why:
            raise ValueError(_reason(str(why))) from None
        self._known: dict[str, str | None] = {}

    def find(self, text: str) -> str | None:
        """The first group of the first match in the text, or the whole match; None without one."""
        if text not in self._known:
            self.learn([text])
        return self._known[text]

    def learn(self, texts: Iterable[str]) -> None:
        """Find in many texts at once, for `find` to be asked afterwards."""
        if len(self._known) > KEPT:
            self._known.clear()
        new = pl.Series(list({text for text in texts if text not in self._known}), dtype=pl.String)
        there = new.str.contains(self.text)
        found = new.str.extract(self.text, self.group)
        self._known |= {
            text: (match or "") if fits else None
            for text, fits, match in zip(new, there, found, strict=True)
        }


def _reason(words: str) -> str:
    """`look-around … is not supported`, of several lines that draw the expression."""
    found = re.search(r"^error: (.+)$|^regex error: (?!regex parse)(.+)$", words, re.MULTILINE)
    return (found[1] or found[2]) if found else words
