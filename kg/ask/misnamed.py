"""Why an answer may be empty: what was asked for by an id that names nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from kg.ask import questions
from kg.base.errors import UsageError
from kg.graph.corpus import Corpus


def misnamed(
    question: str, given: Mapping[str, Any], corpus_of: Callable[[], Corpus]
) -> Iterator[str]:
    """A sentence for each argument of a saved question that is no entity's id in the corpus (made
    only where the question asks for an id)."""
    if questions.is_cypher(question):
        return
    ids = [p.name for p in questions.find(question.strip()).parameters if p.type == "id"]
    if not ids:
        return
    corpus = corpus_of()
    for name in ids:
        id = given[name]
        if id not in corpus.names:
            try:
                yield f"{name}: {id} became {corpus.find(id)} here; ask for that"
            except UsageError as why:
                yield f"{name}: {why}"
