"""A mapping of a YAML file, read strictly: every key is taken out, and what is left is an error."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from pathlib import Path
from typing import Any, NoReturn, TypeVar

import yaml

from kg.base.errors import InputError, Problem, nearest

T = TypeVar("T")


class _Loader(yaml.CSafeLoader):
    """Safe loading that refuses a key given twice (YAML forbids it, PyYAML keeps the last)."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value!r} stands twice", key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


class Block:
    """One mapping in a file, with its place: take values by key and type, then call `done`."""

    def __init__(self, path: Path, data: object, keys: tuple[str, ...] = ()) -> None:
        self.path, self.keys = path, keys
        if not isinstance(data, dict):
            self.fail("a mapping (`key: value` lines) is wanted here")
        self._left: dict[str, Any] = {str(key): value for key, value in data.items()}
        self._taken: set[str] = set()

    @classmethod
    def of_file(cls, path: Path) -> Block:
        """The whole file. Raises InputError where it is not readable as YAML."""
        try:
            return cls(path, yaml.load(path.read_text("utf-8"), _Loader))
        except UnicodeDecodeError as error:
            line = error.object[: error.start].count(b"\n") + 1
            raise InputError(Problem("not UTF-8", f"{path}:{line}")) from None
        except yaml.MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            raise InputError(Problem(error.problem or "broken YAML", f"{path}:{line}")) from None
        except yaml.YAMLError as error:
            raise InputError(Problem(f"broken YAML: {error}", f"{path}:1")) from None

    def __contains__(self, key: str) -> bool:
        self._taken.add(key)
        return key in self._left

    def rest(self) -> dict[str, Any]:
        """Everything not yet taken, as it stands."""
        return dict(self._left)

    def flag(self, key: str, *, default: bool = False) -> bool:
        """Take true or false."""
        return self.take(key, bool, default)

    def take(self, key: str, wanted: type[T], default: T | None = None) -> T:
        """Take the value of a key; without a default it must be there."""
        self._taken.add(key)
        if key not in self._left:
            return default if default is not None else self.fail(f"{key} is missing")
        value = self._left.pop(key)
        if not isinstance(value, wanted):
            self.fail(f"{_WORDS.get(wanted, wanted.__name__)} is wanted", key, value)
        return value

    def optional(self, key: str) -> str | None:
        """Take a text that may be missing or null."""
        self._taken.add(key)
        if self._left.get(key) is None:
            self._left.pop(key, None)
            return None
        return self.take(key, str)

    def choice(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """Take one of the known words."""
        word, known = self.take(key, str, default), tuple(known)
        if word not in known:
            near = nearest(word, known)
            self.fail("unknown" if near else f"not one of {', '.join(known)}", key, word, near)
        return word

    def texts(self, key: str) -> tuple[str, ...]:
        """Take a list of texts; missing is empty."""
        items = self.take(key, list, [])
        for item in items:
            if not isinstance(item, str):
                self.fail("a list of texts is wanted", key, item)
        return tuple(items)

    def mapping(self, key: str) -> dict[str, str]:
        """Take a mapping of texts to texts; missing is empty, a null is an empty text."""
        block = self.block(key)
        return {name: block.optional(name) or "" for name in tuple(block._left)}

    def block(self, key: str) -> Block:
        """Take a nested mapping; missing is empty."""
        return Block(self.path, self.take(key, dict, {}), (*self.keys, key))

    def blocks(self, key: str) -> Iterator[Block]:
        """Take a list of mappings; missing is empty."""
        for place, data in enumerate(self.take(key, list, [])):
            yield Block(self.path, data, (*self.keys, key, str(place)))

    def inner(self) -> dict[str, Block]:
        """Take everything that is left, each a mapping; a null is an empty mapping."""
        left, self._left = self._left, {}
        return {
            name: Block(self.path, {} if data is None else data, (*self.keys, name))
            for name, data in left.items()
        }

    def done(self) -> None:
        """Refuse keys that nobody has taken."""
        for key, value in self._left.items():
            self.fail("unknown key", key, value, nearest(key, self._taken))

    def line(self, key: str = "") -> int:
        """The line of a key, or of the mapping's own."""
        return _line(self.path, (*self.keys, key) if key else self.keys)

    def fail(
        self, message: str, key: str = "", value: object = "", near: tuple[str, ...] = ()
    ) -> NoReturn:
        """Raise an InputError with file, line, field and value."""
        keys = (*self.keys, key) if key else self.keys
        place = f"{self.path}:{self.line(key)}"
        shown = value if isinstance(value, str) else repr(value)
        raise InputError(Problem(message, place, ".".join(keys), shown, near))


_WORDS: dict[type, str] = {str: "a text", bool: "true or false", list: "a list", dict: "a mapping"}


def _line(path: Path, keys: tuple[str, ...]) -> int:
    """The line of a key, found by reading the file once more: only errors need it."""
    node = yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader)
    line = 0
    for wanted in keys:
        if isinstance(node, yaml.SequenceNode):  # its items are called by their places
            node = node.value[int(wanted)]
            line = node.start_mark.line
            continue
        if not isinstance(node, yaml.MappingNode):
            break
        found = [(key, value) for key, value in node.value if key.value == wanted]
        if not found:
            break
        line, node = found[0][0].start_mark.line, found[0][1]
    return line + 1
