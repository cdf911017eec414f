"""Why an answer may be empty: what was asked for by an id that names nothing."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from kg.ask import questions
from kg.base.errors import UsageError, offering
from kg.ontology import Ontology


def named(
    question: str, given: Mapping[str, Any], kind_of: Callable[[str], str | None],
    find: Callable[[str, str | None], str], offer: Callable[[str | None], str] = lambda kind: "",
) -> Mapping[str, Any]:  # fmt: skip
    """The arguments of a question with ids for names: whoever asks for an entity may call it by any
    of its names, as `explain` lets them. `find` gives the id of a word, of a kind if one is given.

    Raises `UsageError` with the nearest names, or with all entities that go by one, and with what
    is to `offer` of a kind.
    """
    asked = questions.saved(question)
    ids = {p.name: p for p in asked.parameters if p.type == "id"} if asked else {}
    found = dict(given)
    for name, value in given.items():
        if name in ids and isinstance(value, str) and kind_of(value) is None:
            kind = kind_of(str(ids[name].default))
            try:
                found[name] = _id(value, kind, find)
            except UsageError as why:
                raise UsageError(_and(str(why), offer(kind))) from None
    return found


def _id(word: str, kind: str | None, find: Callable[[str, str | None], str]) -> str:
    """Of several that go by a word, the one of the kind that the question's own example has."""
    with suppress(UsageError):
        return find(word, kind)
    return find(word, None)


Ask = Callable[[str, Mapping[str, Any]], Sequence[Sequence[Any]]]
"""What answers a statement of this graph, in rows."""
FEW = 5
"""So many entities are offered."""


def misnamed(
    question: str,
    given: Mapping[str, Any],
    kind_of: Callable[[str], str | None],
    find: Callable[[str], str],
    ask: Ask,
) -> Iterator[str]:
    """A sentence for each argument of a saved question by which it looks an entity up that is not
    here, or is none of those that it asks about, with a few that are; then what the question itself
    tells of no rows. `find` gives the id of a word, or raises `UsageError` with why not."""
    asked = questions.saved(question)
    for parameter in asked.parameters if asked else ():
        if parameter.type != "id":
            continue
        id, kind = given[parameter.name], kind_of(given[parameter.name])
        label = label_of(asked.cypher, parameter.name) if asked else None
        if _is_here(id, label or kind, ask):
            continue
        if label and _is_here(id, kind, ask):
            why = f"{id} is here, and no {label}"
        else:
            why = _why(id, find)
        own = " (the question's own example)" if id == parameter.default else ""
        here = offered(label or kind_of(str(parameter.default)), ask)
        yield f"{parameter.name}: {_and(why + own, here)}"
    if asked and asked.none and asked.because and (n := ask(asked.because, {})[0][0]):
        yield asked.none.replace("{n}", f"{n:,}")


def _and(why: str, offer: str) -> str:
    """Why something is not found, and what is there."""
    if not offer:
        return why
    return f"{why} Else, {offer}" if why.endswith("?") else f"{why}; {offer}"


def label_of(cypher: str, parameter: str) -> str | None:
    """The label under which a statement looks up what a parameter names."""
    found = re.search(rf"\(\s*\w*:(\w+)\s*\{{id: \${parameter}\b", cypher)
    return found[1] if found else None


def offered(label: str | None, ask: Ask) -> str:
    """`most is claimed of …`: a few of the entities under a label. One of which nothing is
    claimed is here all the same."""
    if label is None:
        return ""
    rows = ask(
        f"MATCH (n:{label}) OPTIONAL MATCH (n)<-[:SUBJECT|OBJECT|REPORTED_IN]-(c:Claim) "
        "RETURN n.id AS id, n.name AS name, count(c) AS claims "
        f"ORDER BY claims DESC, id LIMIT {FEW}",
        {},
    )
    told = ", ".join(f"{id} ({name})" for id, name, _ in rows)
    return f"most is claimed of {told}" if told else f"there is no {label} here"


def _is_here(id: str, label: str | None, ask: Ask) -> bool:
    return bool(label and ask(f"MATCH (n:{label} {{id: $id}}) RETURN n.id AS id", {"id": id}))


def _why(id: str, find: Callable[[str], str]) -> str:
    try:
        return f"{id} became {find(id)} here; ask for that"
    except UsageError as why:
        return str(why)


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
