"""A watch list: what of a difference somebody wants to be told of.

ids: [group:lazarus-group, "Lazarus Group"]     # entities, by id or name
kinds: [ATTRIBUTED_TO, Sanction, amount_stolen] # kinds of edges and nodes, properties
questions:                                      # saved questions whose answer is compared
- disputed
- {who_attributes: {incident: incident:wannacry}}
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kg.ask import questions
from kg.ask.diff import PARTS, Difference, Row
from kg.base.errors import InputError, Problem, UsageError, nearest, offering
from kg.base.yamlfile import Map, read
from kg.graph.corpus import Corpus
from kg.ontology import Ontology

KEYS = ("ids", "kinds", "questions")
ENDS = ("subject", "object", "asserter", "document", "from", "to", "id")

Ask = Callable[[str, Mapping[str, Any], Corpus], list[Row]]
"""What a saved question with its parameters answers of a corpus."""


@dataclass(frozen=True)
class Watch:
    """What is watched."""

    ids: frozenset[str]
    kinds: frozenset[str]
    questions: tuple[tuple[str, Mapping[str, Any]], ...]


def read_watch(path: Path, sides: Sequence[Corpus]) -> Watch:
    """A watch list as a file has it, with ids for names. Raises `InputError` with every word in it
    that names nothing, `UsageError` where there is no such file."""
    if not path.is_file():
        raise UsageError(f"there is no watch list {path}")
    top = read(path)
    if not isinstance(top, Map):
        raise InputError(Problem("must be a mapping with ids, kinds or questions", f"{path}:1"))
    problems = [
        Problem(
            "is no key of a watch list", f"{path}:{top.lines[key]}", key, near=nearest(key, KEYS)
        )
        for key in top
        if key not in KEYS
    ]
    found: dict[str, list[Any]] = {key: [] for key in KEYS}
    readers: dict[str, Callable[[Any], Any]] = {
        "ids": lambda word: _id(word, sides),
        "kinds": lambda word: _kind(word, sides[1].ontology),
        "questions": _question,
    }
    for key, line, given in _listed(path, top, problems):
        try:
            found[key].append(readers[key](given))
        except UsageError as why:
            problems.append(Problem(str(why), f"{path}:{line}", key))
    if problems:
        raise InputError(problems)
    return Watch(frozenset(found["ids"]), frozenset(found["kinds"]), tuple(found["questions"]))


def _listed(path: Path, top: Map, problems: list[Problem]) -> Iterator[tuple[str, int, Any]]:
    """Key, line and value of everything in the lists of the file."""
    for key in (key for key in KEYS if top.get(key) is not None):
        given = top[key]
        if not isinstance(given, list):
            problems.append(Problem("must be a list", f"{path}:{top.lines[key]}", key, given))
            continue
        lines = getattr(given, "lines", None) or [top.lines[key]] * len(given)
        yield from ((key, line, one) for line, one in zip(lines, given, strict=True))


def _id(word: object, sides: Sequence[Corpus]) -> str:
    """Of what is there on either side, or is hidden by their lens: a list is written once for all
    days. What is not there yet is watched for by its id."""
    if not isinstance(word, str):
        raise UsageError(f"{word!r} is no id and no name")
    for corpus in (*reversed(sides), *(side.whole for side in reversed(sides) if side.whole)):
        try:
            return corpus.find(word)
        except UsageError as why:
            reason = why
    if ":" in word and sides[0].ontology.kind_of(word) is not None:
        return word
    raise reason


def _kind(word: object, ontology: Ontology) -> str:
    properties = {name for node in ontology.nodes.values() for name in node.properties}
    known = (*ontology.nodes, *ontology.edges, *sorted(properties))
    if word not in known:
        message = f"there is no kind of node or edge, and no property {word!r}"
        raise UsageError(offering(message, str(word), known, otherwise=""))
    return str(word)


def _question(given: object) -> tuple[str, Mapping[str, Any]]:
    if isinstance(given, Mapping) and len(given) == 1:
        [(name, parameters)] = given.items()
        if isinstance(parameters, Mapping):
            return questions.find(str(name)).name, dict(parameters)
    if isinstance(given, str):
        return questions.find(given).name, {}
    raise UsageError(f"{given!r} is no question (NAME, or {{NAME: {{parameter: value}}}})")


def watched(found: Difference, watch: Watch, sides: Sequence[Corpus], ask: Ask) -> Difference:
    """What of a difference is in the list, and what the questions in it answer otherwise."""
    concerns = _concerns(watch, sides[1].ontology)
    kept = {
        part: {
            name: [row for row in rows if concerns(row)]
            for name, rows in getattr(found, part).items()
        }
        for part in PARTS
    }
    answers: dict[str, dict[str, list[Row]]] = {}
    for name, given in watch.questions:
        was, now = (ask(name, given, corpus) for corpus in sides)
        called = name + "".join(f" {key}={value}" for key, value in given.items())
        answers[called] = {"added": _without(now, was), "removed": _without(was, now)}
    return replace(found, **kept, questions=answers)


def _concerns(watch: Watch, ontology: Ontology) -> Callable[[Row], bool]:
    def concerns(row: Row) -> bool:
        ids = {str(row[end]) for end in ENDS if row.get(end)}
        kinds = {kind for id in ids if (kind := ontology.kind_of(id))}
        kinds |= {str(row[key]) for key in ("predicate", "type", "property") if key in row}
        return not watch.ids.isdisjoint(ids) or not watch.kinds.isdisjoint(kinds)

    return concerns


def _without(rows: Iterable[Row], others: Iterable[Row]) -> list[Row]:
    """The rows that are not among the others."""
    known = {json.dumps(row, sort_keys=True, default=str) for row in others}
    return [row for row in rows if json.dumps(row, sort_keys=True, default=str) not in known]
