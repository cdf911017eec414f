"""The modules of the page's script, joined to one script.

The script is written as ES modules in rooms (`kg/views/page/`), which editors, linters, type
checkers and node read as they are. A page that is opened from a disk may load no module from beside
it, so they are joined when a page is drawn: each after those that it imports, its `import` and
`export` words taken away, all in one function. That is all that is done, so what a module may say
is little: named imports without renaming, and exported declarations. Anything else is refused, and
so are names that two modules share.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from types import MappingProxyType

PAGE = Path(__file__).parents[1] / "page"
IMPORT = re.compile(r'^import \{([^}]*)\} from "([^"]+)";\n', re.M)
EXPORT = re.compile(r"^export (?=(?:async )?(?:function|const|let|class)\b)", re.M)
DECLARED = re.compile(
    r"^(?:async )?(?:function\*?|const|let|class) (\w+|\{[^}]*\}|\[[^\]]*\])", re.M
)
FOREIGN = re.compile(r"^(?:import|export)\b.*$|\bimport\(", re.M)

TYPES = "rules/types.js"
"""The module that is made from the ontology; the file of that name stands for it until then."""


def types_module(rules: Mapping[str, str]) -> str:
    """The module that holds what each type of values says of itself (`ValueType.page`)."""
    text = ",\n".join(f"{json.dumps(name)}: {rule}" for name, rule in sorted(rules.items()))
    used = set(re.findall(r"\w+", text))
    helpers = re.findall(r"^export (?:const|function) (\w+)", _values(), re.M)
    wanted = ", ".join(name for name in helpers if name in used)
    head = f'import {{ {wanted} }} from "./values.js";\n' if wanted else ""
    return f"{head}export const TYPE_RULES = {{\n{text}\n}};\n"


def _values() -> str:
    """Where the functions stand that a type may use."""
    return (PAGE / "rules" / "values.js").read_text(encoding="utf-8")


def joined(
    folder: Path, made: Mapping[str, str] = MappingProxyType({}), entry: str = "main.js"
) -> str:
    """The text of all modules that `entry` needs, in order, without imports and exports.

    Args:
        folder: where the modules are.
        made: path within the folder → a text that stands there instead of the file's.
        entry: the module to begin with.

    Raises ValueError for a module that is not there, a circle, a name that is not exported or
    declared twice, and for words of modules that cannot be joined.
    """
    modules = dict(_in_order(folder, made, entry))
    owners: dict[str, str] = {}
    for path, text in modules.items():
        for name in _declared(text):
            if name in owners:
                raise ValueError(f"{path} and {owners[name]} both declare {name}")
            owners[name] = path
    return "\n".join(_lean(text) for text in modules.values())


def _in_order(folder: Path, made: Mapping[str, str], entry: str) -> Iterator[tuple[str, str]]:
    """Path and bare text of each module, after those that it imports."""
    done: dict[str, set[str]] = {}
    walk: list[str] = []

    def visit(path: str) -> Iterator[tuple[str, str]]:
        if path in walk:
            raise ValueError(f"modules import each other: {' → '.join([*walk, path])}")
        if path in done:
            return
        walk.append(path)
        text = made.get(path) or _read(folder, path, walk)
        for names, target in IMPORT.findall(text):
            other = _resolved(path, target)
            yield from visit(other)
            if missing := _names(names) - done[other]:
                raise ValueError(f"{path}: {other} does not export {', '.join(sorted(missing))}")
        walk.pop()
        bare, done[path] = _bare(path, text)
        yield path, bare

    yield from visit(entry)


def _read(folder: Path, path: str, walk: list[str]) -> str:
    file = folder / path
    if not file.is_file():
        raise ValueError(
            f"{walk[-2] if len(walk) > 1 else folder} imports {path}, which is not there"
        )
    return file.read_text(encoding="utf-8")


def _resolved(path: str, target: str) -> str:
    parts: list[str] = []
    for part in (*PurePosixPath(path).parent.parts, *PurePosixPath(target).parts):
        if part == "..":
            parts.pop()
        elif part != ".":
            parts.append(part)
    return "/".join(parts)


def _names(listed: str) -> set[str]:
    return {name.strip() for name in listed.split(",") if name.strip()}


def _bare(path: str, text: str) -> tuple[str, set[str]]:
    """A module's text without imports and `export`, and the names that it exports."""
    text = IMPORT.sub("", text)
    exported = {DECLARED.match(text[m.end() :])[1] for m in EXPORT.finditer(text)}  # type: ignore[index]
    text = EXPORT.sub("", text)
    if found := FOREIGN.search(text):
        raise ValueError(f"{path}: this cannot be joined: {found[0].strip()}")
    return text, exported


def _declared(text: str) -> Iterator[str]:
    for name in DECLARED.findall(text):
        yield from re.findall(r"\w+", name)


def _lean(text: str) -> str:
    """A text without indentation and without comments of their own: a sixth of its size."""
    text = re.sub(r"^ */\*\*.*?\*/$", "", text, flags=re.M | re.S)
    lines = (line.strip() for line in text.splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("//"))
