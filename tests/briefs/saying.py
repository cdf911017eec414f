"""Whether sentences say what their claims say: read back from the text alone."""

from __future__ import annotations

from collections.abc import Iterator

from kg.ask.told import Row, Told
from kg.briefs import wording
from kg.briefs.brief import Passage, Sentence
from kg.graph.corpus import Corpus


def unsaid(corpus: Corpus, passage: Passage) -> Iterator[str]:
    """What a claim that a sentence cites says, and the sentence does not: who says it, and of what:
    both ends, or the value. (What "it" is stands in a sentence before.)"""
    context = ""
    for one in passage:
        context += one.text.casefold()
        yield from _unsaid(corpus, one, context)


def _unsaid(corpus: Corpus, one: Sentence, context: str) -> Iterator[str]:
    found = corpus.claims.filter(corpus.claims["id"].is_in(list(one.claims)))
    yield from (f"{id} is no claim" for id in set(one.claims) - set(found["id"]))
    for row in Told.of(corpus, found).rows(found):
        if row["asserter"] and row["asserter"].casefold() not in one.text.casefold():
            yield f"{row['id']}: not by {row['asserter']}: {one.text}"
        for names in _ends(corpus, row):
            if not any(name.casefold() in context for name in names if name):
                yield f"{row['id']}: not of {names}: {one.text}"


def _ends(corpus: Corpus, row: Row) -> Iterator[list[str | None]]:
    yield [row["subject_here"], row.get("subject_name")]
    if row["object"]:
        yield [row["object_here"], row.get("object_name")]
        return
    value = corpus.ontology.caption(
        row["subject"], row["predicate"], row["value"], row.get("unit"), row.get("bound")
    )
    yield [value, wording.day(str(row["value"]))]
