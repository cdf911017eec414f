"""YAML as text with line numbers, and with limits: what stands in a file is what the loader gets.

Scalars stay text (a date or a version is not turned into something else); only the empty value and
`null` become None. Keys may not repeat.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from kg.errors import InputError, Problem

LARGEST = 50_000_000
"""Bytes. A larger file is not written by hand; load it through a format of its own."""

DEEPEST = 20
EXPANSION = 10
"""Nodes after aliases are followed, per node that stands in the file."""


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
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.MarkedYAMLError as why:
        line = why.problem_mark.line + 1 if why.problem_mark else 1
        raise _error(path, line, f"broken YAML: {why.problem or why}") from None
    except yaml.YAMLError as why:  # a character that YAML does not allow
        line = text[: getattr(why, "position", 0)].count("\n") + 1
        raise _error(path, line, f"broken YAML: {getattr(why, 'reason', why)}") from None
    if node is None:
        raise _error(path, 1, "the file is empty")
    return _Plain(path, limit=EXPANSION * len(text) // 4 + 1000).plain(node, 0)


def decode(path: Path, encoding: str = "utf-8-sig") -> str:
    """The file as text; UTF-8 (with or without a mark, which `utf-8` keeps) and nothing else."""
    try:
        if path.stat().st_size > LARGEST:
            raise _error(path, 1, f"larger than {LARGEST:,} bytes")
        raw = path.read_bytes()
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


class _Plain:
    def __init__(self, path: Path, limit: int) -> None:
        self.path = path
        self.left = limit

    def plain(self, node: yaml.Node, depth: int) -> Any:
        line = node.start_mark.line + 1
        self.left -= 1
        if self.left < 0 or depth > DEEPEST:
            message = "aliases make far more of this file than stands in it (or it nests too deep)"
            raise _error(self.path, line, message)
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, line, depth)
        if isinstance(node, yaml.SequenceNode):
            items = [self.plain(item, depth + 1) for item in node.value]
            return Seq(items, line, [item.start_mark.line + 1 for item in node.value])
        return None if node.tag == "tag:yaml.org,2002:null" else node.value

    def mapping(self, node: yaml.MappingNode, line: int, depth: int) -> Map:
        result = Map(line)
        for key_node, value in node.value:
            key, key_line = str(key_node.value), key_node.start_mark.line + 1
            if not isinstance(key_node, yaml.ScalarNode):
                raise _error(self.path, key_line, "a key must be plain text")
            if key in result:
                first = result.lines[key]
                raise _error(self.path, key_line, f"duplicate: also on line {first}", key)
            result.lines[key] = key_line
            result[key] = self.plain(value, depth + 1)
        return result
