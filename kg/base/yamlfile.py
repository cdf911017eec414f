"""YAML as text with line numbers, and with limits: what stands in a file is what the loader gets.

Scalars stay text (a date or a version is not turned into something else); only the empty value and
`null` become None. Keys may not repeat.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import yaml

from kg.base.errors import InputError, Problem
from kg.base.limits import beyond, limit

EXPANSION = 10
"""Nodes after aliases are followed, per node that stands in the file."""

NULLS = ("", "~", "null", "Null", "NULL")


class Map(dict[str, Any]):
    """A mapping that knows the line of each key."""

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Seq(list[Any]):
    """A list that knows the line of each item."""

    def __init__(self, items: list[Any], line: int, lines: list[int]) -> None:
        super().__init__(items)
        self.line = line
        self.lines = lines


def read(path: Path) -> Any:
    """The file's content as `Map`, `Seq`, text and None. Raises `InputError` with file and line."""
    text = decode(path)
    # The parser's own events, not its nodes: these it makes by calling itself once a level, and
    # a file that nests deep enough ends the process.
    events = yaml.parse(text, getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    try:
        return _Built(path, EXPANSION * len(text) // 4 + 1000).document(events)
    except yaml.MarkedYAMLError as why:
        line = why.problem_mark.line + 1 if why.problem_mark else 1
        begun = why.context_mark.line + 1 if why.context_mark else line
        message = f"broken YAML: {why.problem or why}"
        raise _error(path, line, message + _hint(text, line, begun)) from None
    except yaml.YAMLError as why:  # a character that YAML does not allow
        line = text[: getattr(why, "position", 0)].count("\n") + 1
        raise _error(path, line, f"broken YAML: {getattr(why, 'reason', why)}") from None


_VALUE = re.compile(r"""^\s*(?:-\s+)*(?:["']?[\w:./ -]*?["']?:\s+|-\s+)?(?P<value>[^\s#].*?)\s*$""")
_SPECIAL = "%@`&*!|>?"
"""With what YAML begins something of its own; brackets and quotes are told apart."""


def _hint(text: str, *lines: int) -> str:
    """How to write a value that YAML takes for something else, where one of these lines has one."""
    rows = text.split("\n")
    for number in dict.fromkeys(lines):
        row = rows[number - 1] if number <= len(rows) else ""
        found = _VALUE.match(row)
        if why := _taken(found["value"]) if found else "":
            return f"; {f'on line {number}, ' if number != lines[0] else ''}{why}"
    return ""


def _taken(value: str) -> str:
    """Why YAML does not take a value for text, and how to write it."""
    quoted = value.replace("\\", "\\\\").replace('"', '\\"')
    shown = f'"{quoted if len(quoted) < 60 else quoted[:57] + "…"}"'
    if value[0] in _SPECIAL or value.startswith("- "):
        return f"a value that begins with `{value[0]}` goes in quotes: {shown}"
    if value[0] in "\"'":
        whole = value.strip("\"'").replace('"', '\\"')
        return f'a value in quotes ends with its own quote, and nothing follows it: "{whole}"'
    if value[0] in "[{":
        inside = re.search(rf"[\[,:]\s+(?P<part>[{_SPECIAL}][^,\]}}]*)", value)
        if inside:
            return _taken(inside["part"].strip())
        return "close the bracket; inside it, text with a comma, a bracket or `: ` goes in quotes"
    if ": " in value or value.endswith(":"):
        return f"a value that holds `: ` goes in quotes: {shown}"
    return ""


def decode(path: Path, encoding: str = "utf-8-sig") -> str:
    """The file as text; UTF-8 (with or without a mark, which `utf-8` keeps) and nothing else."""
    most = limit("yaml-mb") * 1_000_000
    try:
        with path.open("rb") as stream:
            raw = stream.read(most + 1)
        if len(raw) > most:
            raise _error(path, 1, beyond("yaml-mb"))
    except OSError as why:
        raise InputError(Problem(f"cannot be read: {why.strerror}", str(path))) from None
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as why:
        line = raw[: why.start].count(b"\n") + 1
        message = f"is not UTF-8 (byte 0x{raw[why.start]:02x}); save it as UTF-8"
        raise _error(path, line, message) from None


def _error(path: Path, line: int, message: str, field: str = "", value: str = "") -> InputError:
    return InputError(Problem(message, f"{path}:{line}", field, value))


def _is_null(event: yaml.ScalarEvent) -> bool:
    if event.tag is None:
        return event.value in NULLS and bool(event.implicit[0])
    return bool(event.tag == "tag:yaml.org,2002:null")


class _Open:
    """A mapping or list whose end has not come yet."""

    def __init__(self, made: Map | Seq, anchor: str | None, size: int) -> None:
        self.made = made
        self.anchor = anchor
        self.size = size
        """How many nodes there were before it."""
        self.key: str | None = None
        """The key whose value comes next."""


class _Built:
    """Makes a document of the parser's events, one at a time."""

    def __init__(self, path: Path, most: int) -> None:
        self.path = path
        self.most = most
        self.deepest = limit("depth")
        self.size = 0
        """Nodes so far, those behind aliases each time anew."""
        self.anchors: dict[str, tuple[Any, int]] = {}
        """What each anchor names, and of how many nodes that is."""
        self.open: list[_Open] = []
        self.documents: list[Any] = []

    def document(self, events: Iterator[yaml.Event]) -> Any:
        """The one document that the file must hold."""
        for event in events:
            self.event(event)
        if not self.documents:
            self.fail(1, "the file is empty")
        return self.documents[0]

    def event(self, event: yaml.Event) -> None:
        line = event.start_mark.line + 1 if event.start_mark else 1
        match event:
            case yaml.ScalarEvent():
                value = None if _is_null(event) else event.value
                self.count(line, 1)
                self.named(event.anchor, value, 1, line)
                self.put(value, line, event.value)
            case yaml.MappingStartEvent():
                self.begin(Map(line), event.anchor, line)
            case yaml.SequenceStartEvent():
                self.begin(Seq([], line, []), event.anchor, line)
            case yaml.CollectionEndEvent():
                self.end()
            case yaml.AliasEvent():
                self.alias(str(event.anchor), line)

    def begin(self, made: Map | Seq, anchor: str | None, line: int) -> None:
        if self.open and isinstance(self.open[-1].made, Map) and self.open[-1].key is None:
            self.fail(line, "a key must be plain text")
        if len(self.open) >= self.deepest:
            self.fail(line, beyond("depth", len(self.open) + 1))
        self.open.append(_Open(made, anchor, self.size))
        self.count(line, 1)

    def end(self) -> None:
        done = self.open.pop()
        self.named(done.anchor, done.made, self.size - done.size, done.made.line)
        self.put(done.made, done.made.line)

    def alias(self, anchor: str, line: int) -> None:
        if anchor not in self.anchors:
            quoted = f'a value that begins with `*` goes in quotes: "*{anchor}"'
            self.fail(line, f"broken YAML: found undefined alias {anchor!r}; {quoted}")
        value, size = self.anchors[anchor]
        self.count(line, size)
        self.put(value, line, value if isinstance(value, str) else None)

    def named(self, anchor: str | None, value: Any, size: int, line: int) -> None:
        if anchor is None:
            return
        if anchor in self.anchors:
            self.fail(line, f"broken YAML: found duplicate anchor {anchor!r}")
        self.anchors[anchor] = (value, size)

    def count(self, line: int, size: int) -> None:
        self.size += size
        if self.size > self.most:
            self.fail(line, "aliases make far more of this file than stands in it")

    def put(self, value: Any, line: int, text: str | None = None) -> None:
        """Put a node where it belongs; `text` is what it is as a key."""
        if not self.open:
            if self.documents:
                self.fail(line, "broken YAML: a second document begins here")
            self.documents.append(value)
            return
        into = self.open[-1]
        if isinstance(into.made, Seq):
            into.made.append(value)
            into.made.lines.append(line)
        elif into.key is not None:
            into.made[into.key] = value
            into.key = None
        elif text is None:
            self.fail(line, "a key must be plain text")
        else:
            if text in into.made:
                first = into.made.lines[text]
                raise _error(self.path, line, f"duplicate: also on line {first}", text)
            into.key = text
            into.made.lines[text] = line

    def fail(self, line: int, message: str) -> NoReturn:
        raise _error(self.path, line, message)
