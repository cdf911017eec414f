"""Source folders: data files with a `source.yaml` that says what they are and under which licence.

name: cfr-tracker
format: table                       # which loader reads the files
licence: not stated; do not re-post
ship: false                         # whether the licence lets a project ship the data
replaces: false                     # whether it takes the place of another source of its name
url: https://www.cfr.org/cyber-operations/
notice: what has to be printed with the data
date: 2021-07                       # of the data, where the files do not say
publisher: {id: organization:cfr, name: Council on Foreign Relations}
asserter: {id: …, name: …}          # who says it, where it is not the publisher
files: [tracker.csv]                # default: all that the format can read
history: .                          # every version, of what lies at this path in each dated part of
                                    # the folder; or {repository: lists.bundle, path: list.json}
checks: {minimum: {Incident: 700}, maximum: {}, filled: {Incident: {occurred: 0.9}}}
table: {…}                          # options of the loader, under the format's name
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base.discovery import Found, by_name
from kg.base.errors import InputError, Problem, nearest
from kg.base.limits import outside
from kg.base.yamlfile import Map, read
from kg.loaders.kit.mapping_shapes import MAPPING, TEXT, TEXTS, Shape, wrong
from kg.ontology import edtf

if TYPE_CHECKING:
    from kg.claims.checks import Checks
    from kg.claims.source import Source

FILE = "source.yaml"
WORDS = ("name", "format", "licence", "url", "notice", "date", "about")
KEYS = (*WORDS, "ship", "replaces", "publisher", "asserter", "files", "history", "checks")
NEEDED = ("name", "format", "licence")


def _is_entity(given: object) -> bool:
    """Whether it is what `Emitter.entity` takes: `id` and `name`, and what may be declared."""
    if not isinstance(given, Map) or not {"place", "places"}.isdisjoint(given):
        return False
    named = all(isinstance(given.get(key), str) and given[key].strip() for key in ("id", "name"))
    return named and all(map(_is_declared, given.values()))


def _is_declared(given: Any) -> bool:
    """Whether it is text, or a list or mapping of texts (`{to: state:USA, valid: 2019}`)."""
    parts = given.values() if isinstance(given, Map) else given if TEXTS.fits(given) else [given]
    return all(isinstance(part, str | None) for part in parts)


def _is_date(given: object) -> bool:
    try:
        return isinstance(given, str) and bool(edtf.parse(given))
    except ValueError:
        return False


ENTITY = Shape("a mapping with `id` and `name`, and texts or lists of texts", _is_entity)
FLAG = Shape("true or false", lambda given: str(given).casefold() in ("true", "false"))
SHAPES = {
    **dict.fromkeys(WORDS, TEXT),
    **dict.fromkeys(("publisher", "asserter"), ENTITY),
    "date": Shape("a date such as 2021-07", _is_date),
    "ship": FLAG,
    "replaces": FLAG,
    "files": Shape("a file name or a list of them", lambda g: TEXT.fits(g) or TEXTS.fits(g)),
    "history": Shape(
        "a path in each dated part of the folder, or {repository: …, path: …}",
        lambda given: (
            TEXT.fits(given)
            or (
                isinstance(given, Map)
                and given.keys() == {"repository", "path"}
                and all(map(TEXT.fits, given.values()))
            )
        ),
    ),
    "checks": MAPPING,
}
"""What each key must hold."""


@dataclass(frozen=True)
class SourceInfo:
    """What a `source.yaml` says; `publisher`, `asserter` are entities (`id`, `name`, declared)."""

    name: str
    format: str
    licence: str
    path: Path
    """The `source.yaml` itself; the data lies beside it."""
    url: str = ""
    notice: str = ""
    date: str = ""
    about: str = ""
    ship: bool = False
    replaces: bool = False
    """Whether it takes the place of another source of its name."""
    publisher: Mapping[str, Any] = field(default_factory=dict)
    asserter: Mapping[str, Any] = field(default_factory=dict)
    files: tuple[str, ...] = ()
    history: tuple[str, str] | None = None
    """Where its versions are, as seen from the folder, and what of them is read."""
    checks: Mapping[str, Any] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def folder(self) -> Path:
        """Where the data lies."""
        return self.path.parent

    def named_files(self) -> list[Path]:
        """The files that `files`, which may hold patterns, names. Raises `InputError` if none of
        them is there."""
        try:
            for pattern in self.files:
                # Before it is looked for: `../../**` would search the whole disk.
                if refused := self._refused(pattern):
                    raise InputError(Problem(refused, str(self.path), "files", pattern))
            found = {path for pattern in self.files for path in self.folder.glob(pattern)}
            files = sorted(path for path in found if path.is_file() and path != self.path)
        except (ValueError, OSError, NotImplementedError) as why:
            message = f"is no name or pattern of files in this folder: {why}"
            raise InputError(Problem(message, str(self.path), "files")) from None
        if not files:
            where = f"no such file here; users get it at {self.url}" if self.url else "no such file"
            raise InputError(Problem(where, str(self.path), "files", ", ".join(self.files)))
        return files

    def _refused(self, pattern: str) -> str | None:
        """Why a pattern, or what it leads to, may not be read."""
        parts = Path(pattern).parts
        if not parts or Path(pattern).is_absolute():
            return "must be the name of a file in this folder, or a pattern of such names"
        fixed = self.folder.joinpath(*(part for part in parts if part == ".."))
        if why := outside(fixed, self.folder):
            return why
        found = (outside(path, self.folder) for path in self.folder.glob(pattern))
        return next(filter(None, found), None)

    def versions(self) -> tuple[Path, str]:
        """The repository or folder of `history`, and the path in it. Raises `InputError` where it
        lies outside of the folder."""
        repository, path = self.history or (".", ".")
        where = self.folder / repository
        if why := outside(where, self.folder):
            raise InputError(Problem(why, str(self.path), "history", repository))
        return where, path

    def source(self) -> Source:
        """The same for the ledger's manifest."""
        from kg.claims.source import Source

        return Source(self.name, self.format, self.licence, self.url, self.notice)


def discover_sources(folders: Iterable[Path]) -> list[SourceInfo]:
    """Every source folder in or under these folders, sorted by name."""
    paths = [path for folder in folders for path in sorted(folder.rglob(FILE))]
    found = (Found(i.name, i, i.path, replaces=i.replaces) for i in map(read_source, paths))
    return sorted(by_name("source", found).values(), key=lambda info: info.name)


def source_at(path: Path) -> SourceInfo | None:
    """What is said of a data file or folder by the `source.yaml` in its folder, if there is one."""
    if path.name == FILE:
        return read_source(path)
    beside = (path if path.is_dir() else path.parent) / FILE
    return read_source(beside) if beside.is_file() else None


def date_of(paths: Iterable[Path]) -> str | None:
    """The date of the data, from the `source.yaml` beside it, for files that do not say it."""
    dates = {info.date for path in paths if (info := source_at(path)) is not None}
    return max(dates, default="") or None


def checks_of(paths: Sequence[Path], default: Checks) -> Checks:
    """The loader's checks, sharpened by those of the source folders that are loaded."""
    from kg.claims.checks import Checks

    parts: dict[str, dict[Any, Any]] = {
        name: dict(getattr(default, name)) for name in ("minimum", "maximum", "filled")
    }
    for info in filter(None, map(source_at, paths)):
        for part, given in info.checks.items():
            parts[part].update(given)
    return Checks(**parts)


def read_source(path: Path) -> SourceInfo:
    """Read one `source.yaml` (or that of a folder). Raises `InputError` with each problem."""
    path = path / FILE if path.is_dir() else path
    top = read(path)
    if not isinstance(top, Map):
        raise InputError(Problem("must be a mapping", f"{path}:1"))
    problems = [*_unknown(path, top), *_missing(path, top), *wrong(top, SHAPES, path)]
    if problems:
        raise InputError(problems)
    files = top.get("files") or []
    return SourceInfo(
        path=path,
        ship=_is_true(top, "ship"),
        replaces=_is_true(top, "replaces"),
        files=(files,) if isinstance(files, str) else tuple(files),
        publisher=_entity(path, top, "publisher"),
        asserter=_entity(path, top, "asserter"),
        history=_history(top.get("history")),
        checks=_checks(path, top),
        options=top.get(top["format"]) or {},
        **{key: top.get(key) or "" for key in WORDS},
    )


def _is_true(top: Map, key: str) -> bool:
    return str(top.get(key) or "false").casefold() == "true"


def _unknown(path: Path, top: Map) -> list[Problem]:
    given = top.get("format")
    known = (*KEYS, given) if isinstance(given, str) else KEYS
    return [
        Problem("is no key of a source.yaml", f"{path}:{top.lines[key]}", key,
                near=nearest(key, known))
        for key in top if key not in known
    ]  # fmt: skip


def _missing(path: Path, top: Map) -> list[Problem]:
    return [Problem("is needed", f"{path}:1", key) for key in NEEDED if not top.get(key)]


def _entity(path: Path, top: Map, key: str) -> dict[str, Any]:
    given = top.get(key)
    if given is None:
        return {}
    return {**given, "place": f"{path}:{top.lines[key]}"}


def _history(given: Any) -> tuple[str, str] | None:
    if isinstance(given, Map):
        return given["repository"], given["path"]
    return (".", str(given)) if given else None


def _checks(path: Path, top: Map) -> dict[str, dict[Any, Any]]:
    given = top.get("checks") or {}
    parsed: dict[str, dict[Any, Any]] = {}
    try:
        for part in given:
            if part not in ("minimum", "maximum", "filled"):
                raise ValueError(f"no such check: {part}")
            parsed[part] = _shares(given[part]) if part == "filled" else _counts(given[part])
    except (ValueError, TypeError, AttributeError) as why:
        message = f"must be such as {{minimum: {{Incident: 700}}}}: {why}"
        raise InputError(Problem(message, f"{path}:{top.lines['checks']}", "checks")) from None
    return parsed


def _counts(given: Mapping[str, str]) -> dict[str, int]:
    return {what: int(count) for what, count in given.items()}


def _shares(given: Mapping[str, Mapping[str, str]]) -> dict[tuple[str, str], float]:
    return {(kind, p): float(share) for kind, ps in given.items() for p, share in ps.items()}


def known_sources(folders: Iterable[Path] = ()) -> list[dict[str, Any]]:
    """What can be loaded, a row a format; under `comes with kg` the sources of that format that are
    described (the shipped ones, the mappings that come with `kg`, those in `$KG_PATH` and under
    `folders`)."""
    from kg.base.settings import own, shipped
    from kg.loaders import loaders

    mappings = Path(__file__).parents[1] / "mappings"
    described = discover_sources([shipped("seed"), mappings, *own("sources"), *folders])
    return [
        {"name": name, "about": loader.DOC, "licence": loader.LICENCE, "get it": loader.HOME,
         "comes with kg": [
             {"name": info.name, "about": info.about, "licence": info.licence, "get it": info.url,
              "what": "the mapping" if mappings in info.path.parents else "the data"}
             for info in described if info.format == name]}
        for name, loader in loaders().items()
    ]  # fmt: skip
