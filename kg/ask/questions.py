"""Saved questions: one `cypher/*.cypher` file each, found by looking.

A file starts with a comment header, then the parameters' defaults as Neo4j Browser takes them, then
one statement in the Cypher that every engine answers alike (docs/questions.md):

    // title: Who attributes
    // question: Who says which actor is behind an incident, …?
    // param incident: id, the incident
    // columns: actor, asserter, document, hedge
    // also: columns that follow these in an answer in which they hold anything
    // means: …
    // not: …
    // none: what to tell of an answer without rows, where {n} is not 0
    // because: the statement that counts n
    :param incident => 'incident:wannacry';

    MATCH …
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kg.base.discovery import Found, by_name
from kg.base.errors import InputError, Problem, UsageError, nearest, offering
from kg.base.parameters import TYPES, Parameter, arguments, parse
from kg.base.settings import own, shipped

HEADER = re.compile(r"// ?(?P<key>[a-z]+)(?:\s+(?P<name>\w+))?:\s*(?P<text>.*)")
"""A line further in than this goes on with the one before, also where it begins with `word:`."""
PARAM = re.compile(r":param\s+(?P<name>\w+)\s*=>\s*(?P<value>.+?);?\s*$")
REQUIRED = ("title", "question", "columns", "means")


@dataclass(frozen=True)
class Question:
    """One saved question."""

    name: str
    title: str
    question: str
    parameters: tuple[Parameter, ...]
    columns: tuple[str, ...]
    also: tuple[str, ...]
    """Columns after these, that an answer has only where some row holds something there."""
    means: str
    means_not: str
    cypher: str
    """The statement alone, without Browser's `:param` lines."""
    text: str
    """The file as it is: pasted into Browser it runs."""
    none: str = ""
    """What is told of an answer without rows; `{n}` is what `because` counts."""
    because: str = ""
    """A statement that gives one number; where that is 0, nothing is told."""
    replaces: bool = False
    """Whether it takes the place of another question of its name."""

    def arguments(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Defaults, with what the user gave; an unknown name or a wrong type is a `UsageError`."""
        defaults = {parameter.name: parameter.default for parameter in self.parameters}
        return defaults | arguments(self.name, self.parameters, given)

    def as_dict(self) -> dict[str, Any]:
        """What `kg query --format json` lists."""
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "parameters": {
                p.name: {"type": p.type, "default": p.default, "doc": p.doc}
                for p in self.parameters
            },
            "columns": list(self.columns),
            "also": list(self.also),
            "means": self.means,
            "means_not": self.means_not,
        }

    def told(self, columns: list[str], rows: list[list[Any]]) -> tuple[list[str], list[list[Any]]]:
        """An answer without those of its further columns that hold nothing."""
        silent = {
            place
            for place, name in enumerate(columns)
            if name in self.also and all(row[place] in (None, []) for row in rows)
        }
        if not silent:
            return columns, rows
        kept = [place for place in range(len(columns)) if place not in silent]
        return [columns[at] for at in kept], [[row[at] for at in kept] for row in rows]


def discover(folders: Iterable[Path] = ()) -> dict[str, Question]:
    """All saved questions by name: the shipped ones, those in `$KG_PATH`, those of `folders`."""
    return _read(_paths(folders))


def _paths(folders: Iterable[Path]) -> list[Path]:
    everywhere = (shipped("cypher"), *own("cypher"), *folders)
    paths = [path for folder in everywhere for path in folder.glob("*.cypher")]
    return sorted(paths, key=lambda path: path.stem)


def _read(paths: Iterable[Path]) -> dict[str, Question]:
    return by_name("question", map(_found, paths))


def _found(path: Path) -> Found[Question]:
    question = read(path)
    return Found(question.name, question, path, replaces=question.replaces)


def find(name: str, folders: Iterable[Path] = ()) -> Question:
    """The question of that name; only files of that name are read. Raises `UsageError` with the
    nearest names."""
    paths = _paths(folders)
    if found := _read(path for path in paths if path.stem == name):
        return found[name]
    names = dict.fromkeys(path.stem for path in paths)
    message = f"there is no saved question {name!r}"
    raise UsageError(offering(message, name, names, otherwise="`kg query` lists them all"))


def is_cypher(text: str) -> bool:
    """Whether this is a statement, and no name of a saved question."""
    return bool(re.search(r"\s", text.strip()))


def saved(text: str) -> Question | None:
    """The saved question of that name; None for raw Cypher."""
    return None if is_cypher(text) else find(text.strip())


def statement(text: str, given: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """The Cypher of a saved question, or of raw Cypher, and its arguments."""
    found = saved(text)
    return (text, dict(given)) if found is None else (found.cypher, found.arguments(given))


def read(path: Path) -> Question:
    """Read one file. Raises `InputError` with its place where the header is not as it should be."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise InputError(Problem(f"cannot be read: {why}", str(path))) from None
    headers, params, defaults, statement = _parts(text)
    for key in REQUIRED:
        if not headers.get(key):
            raise InputError(Problem(f"the header needs a `// {key}:` line", f"{path}:1", key))
    parameters = tuple(_parameter(path, name, spec, defaults) for name, spec in params.items())
    for name in defaults:
        if name not in params:
            raise InputError(Problem("has a default but no `// param` line", f"{path}:1", name))
    return Question(
        path.stem,
        headers["title"],
        headers["question"],
        parameters,
        _names(headers["columns"]),
        _names(headers.get("also", "")),
        headers["means"],
        headers.get("not", ""),
        statement,
        text,
        headers.get("none", ""),
        headers.get("because", ""),
        _replaces(path, headers.get("replaces", "false")),
    )


def _names(text: str) -> tuple[str, ...]:
    return tuple(name.strip() for name in text.split(",") if name.strip())


def _replaces(path: Path, word: str) -> bool:
    if word not in ("true", "false"):
        raise InputError(Problem("must be true or false", f"{path}:1", "replaces", word))
    return word == "true"


def _parts(text: str) -> tuple[dict[str, str], dict[str, str], dict[str, str], str]:
    headers: dict[str, str] = {}
    params: dict[str, str] = {}
    defaults: dict[str, str] = {}
    rest: list[str] = []
    last: tuple[dict[str, str], str] | None = None
    for line in text.splitlines():
        if match := PARAM.match(line):
            defaults[match["name"]] = match["value"]
            last = None  # the header is over; what follows comments on the statement
        elif rest or not (line.startswith("//") or not line.strip()):
            rest.append(line)
        elif match := HEADER.match(line):
            last = (params, match["name"]) if match["key"] == "param" else (headers, match["key"])
            last[0][last[1]] = match["text"].strip()
        elif line.startswith("//") and last is not None:  # a header's further line
            last[0][last[1]] += " " + line.lstrip("/ ").strip()
    return headers, params, defaults, "\n".join(rest).strip().rstrip(";")


def _parameter(path: Path, name: str, spec: str, defaults: Mapping[str, str]) -> Parameter:
    type_, _, doc = spec.partition(",")
    place = f"{path}:1"
    if type_.strip() not in TYPES:
        raise InputError(
            Problem("unknown parameter type", place, name, type_, nearest(type_, TYPES))
        )
    if name not in defaults:
        raise InputError(Problem("needs a default: a line `:param name => value;`", place, name))
    literal = defaults[name].strip()
    quoted = len(literal) > 1 and literal[0] in "'\"" and literal[-1] == literal[0]
    try:
        default = parse(type_.strip(), literal[1:-1] if quoted else literal)
    except ValueError:
        message = f"the default must be {TYPES[type_.strip()]}"
        raise InputError(Problem(message, place, name, literal)) from None
    return Parameter(name, type_.strip(), default, doc.strip())
