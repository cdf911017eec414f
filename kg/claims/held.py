"""Is what a claim speaks of named where it says that it stands? What a person wrote by hand is held
to its span as a draft is: a name stands there, or words that are said to mean it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kg.claims.text import Text, alike
from kg.ontology import Ontology

Told = tuple[bool, str, str, str]
"""Whether it is an error, the field, its value, and what is wrong with it."""

_WORD = re.compile(r"[^\W_]+")
_STEM = 5
"""Words that begin with the same letters are forms of one: `Korea`, `Korean`; `hacks`, `hacked`."""


def held(
    text: Text,
    fields: Mapping[str, Any],
    meant: Mapping[str, Any],
    ends: Iterable[tuple[str, str]],
    ontology: Ontology,
    *,
    chained: bool,
) -> Iterator[Told]:
    """What is wrong with a claim at its span. `meant`: id → the words that mean it there; `ends`:
    id and name of what it relates; `chained`: whether its draft shows by which words each is meant.
    Without a span nothing is held."""
    start, end = fields.get("start"), fields.get("end")
    if start is None or end is None or not 0 <= start < end <= len(text.text):
        return
    words = text.text[start:end]
    for said in map(str, meant.values()):
        if alike(said).casefold() not in alike(words).casefold():
            yield True, "meant", said, f"these words do not stand at the span, which is {words!r}"
    if chained:
        return
    for id, name in ends:
        kind = ontology.kind_of(id) or ""
        if id in meant or kind == "State" or "occurred" in ontology.nodes[kind].properties:
            continue
        if not tells(words, name):
            yield False, "span", name, _untold(text, name, id)


def _untold(text: Text, name: str, id: str) -> str:
    """Where the document names what a span does not, and what to write."""
    found = re.search(r"\s+".join(map(re.escape, alike(name).split())), text.plain)
    where = (
        f"the document names it in paragraph {text.paragraph(found.start())}"
        if found
        else "nor does the document"
    )
    return (
        f"the span does not name it ({where}): a wider span, or "
        f"`meant: {{{id}: WORDS}}` with the words of the span that mean it"
    )


def tells(words: str, name: str) -> bool:
    """Whether words name a thing: by a word of its name in some form (a capital stays one: `the
    group` does not name Night Group), or by its initials."""
    said = {(word[0].islower(), word.casefold()[:_STEM]) for word in _WORD.findall(alike(words))}
    parts = _WORD.findall(alike(name))
    if not parts:  # `!!!` has no word, and stands there or not
        return alike(name) in alike(words)
    own = [part for part in parts if len(part) > 3 or part.isdecimal()] or parts
    initials = "".join(part[0] for part in parts if part not in ("of", "the", "and", "for"))
    return any((part[0].islower(), part.casefold()[:_STEM]) in said for part in (*own, initials))
