"""Why an answer may be empty: what was asked for by an id that names nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from kg.ask import questions
from kg.base.errors import UsageError, offering
from kg.graph.corpus import Corpus
from kg.ontology import Ontology


def named(
    question: str, given: Mapping[str, Any], kind_of: Callable[[str], str | None],
    find: Callable[[str, str | None], str],
) -> Mapping[str, Any]:  # fmt: skip
    """The arguments of a question with ids for names: whoever asks for an entity may call it by any
    of its names, as `explain` lets them. `find` gives the id of a word, of a kind if one is given.

    Raises `UsageError` with the nearest names, or with all entities that go by one.
    """
    if questions.is_cypher(question):
        return given
    asked = {p.name: p for p in questions.find(question.strip()).parameters if p.type == "id"}
    return {
        name: _id(value, kind_of(str(asked[name].default)), find)
        if name in asked and isinstance(value, str) and kind_of(value) is None
        else value
        for name, value in given.items()
    }


def _id(word: str, kind: str | None, find: Callable[[str, str | None], str]) -> str:
    """Of several that go by a word, the one of the kind that the question's own example has."""
    with suppress(UsageError):
        return find(word, kind)
    return find(word, None)


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


QUOTED = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|//[^\n]*|/\*.*?\*/""", re.DOTALL)
"""Text and comments of a statement, in which nothing is a label."""
LABELS = re.compile(r"\(\s*\w*\s*((?::\s*[\w`|&!]+\s*)+)")
TYPES = re.compile(r"\[\s*\w*\s*:\s*([\w`|:\s]+)")


def misspelt(cypher: str, ontology: Ontology) -> Iterator[str]:
    """A sentence for each label or relationship type of a statement that no node or edge here can
    have."""
    bare = QUOTED.sub(" ", cypher)
    labels = {*ontology.nodes, *ontology.roles, *MARKS}
    for pattern, known, what in (
        (LABELS, labels, "no node has the label"),
        (TYPES, {*ontology.edges}, "no relationship has the type"),
    ):
        words = (word for found in pattern.findall(bare) for word in re.findall(r"\w+", found))
        for word in dict.fromkeys(words):
            if word not in known:
                yield offering(f"{what} {word}", word, known, otherwise="`kg ontology` lists them")


MARKS = ("KnowledgeGraph",)
"""Labels of what stands beside the graph."""
