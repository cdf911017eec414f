"""From paths to checked batches of statements; nothing is written here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from kg.base.discovery import Found, by_name
from kg.base.errors import InputError, Problem, UsageError
from kg.claims import files
from kg.claims.checks import refused
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.graph.concluded import IDENTITY
from kg.ledger.ledger import Batch
from kg.ontology import Ontology
from kg.pipeline.naming import Names, plain_name

if TYPE_CHECKING:
    from kg.loaders.kit.sources import SourceInfo

Told = Callable[[str, int], None]
"""Called with a source's name and how many statements have been read of it."""


@dataclass(frozen=True)
class Reading:
    """How paths are read: under which names, heard by whom, which checks may fail."""

    names: Names = field(default_factory=Names)
    told: Told | None = None
    allow: Collection[str] = ()
    """The checks that may fail (`kg.loaders.load`)."""
    state: Callable[[str], bytes | None] = lambda name: None
    """What was kept to read on where the history of that name has grown."""


ALONE = Reading()
"""As the files call themselves, heard by nobody, with every check."""


def seeds(paths: Iterable[Path], ontology: Ontology, how: Reading = ALONE) -> list[Batch]:
    """Batches of claim files, and of folders: one with a `source.yaml` is a source of the format it
    names; any other is looked through. Raises `InputError` with the problems of all of them."""
    given = list(paths)
    found = list(_expand(given))
    if not found:
        raise UsageError(
            f"there is no claim file and no source.yaml in {', '.join(map(str, given))}"
        )
    _refuse_one_name(how.names, len(found))
    return _read(
        partial(_source_folder if path.is_dir() else claim_file, path, ontology, how)
        for path in found
    )


def loads(
    format_: str, paths: Sequence[Path], ontology: Ontology, how: Reading = ALONE
) -> list[Batch]:
    """What `kg load` reads: claim files, or files and folders of another format."""
    if format_ != "claims":
        return batches_of(format_, paths, ontology, how)
    if how.allow:
        raise UsageError(f"--allow {' '.join(how.allow)}: claim files have no checks that may fail")
    return seeds(paths, ontology, how)


def _read(readers: Iterable[Callable[[], Batch]]) -> list[Batch]:
    """A batch of each. Raises `InputError` with the problems of all of them."""
    batches: list[Batch] = []
    problems: list[Problem] = []
    for reader in readers:
        try:
            batches.append(reader())
        except InputError as why:
            problems += why.problems
    if problems := problems or _reserved(batches):
        raise InputError(problems)
    return list(by_name("source", map(_found, batches)).values())


def _found(batch: Batch) -> Found[Batch]:
    from kg.loaders.kit.sources import source_at

    path = batch.paths[0]
    info = source_at(path) if path.is_dir() else None
    if info is None:
        return Found(batch.source.name, batch, path, can_replace=False)
    return Found(batch.source.name, batch, info.path, replaces=info.replaces)


def _reserved(batches: Iterable[Batch]) -> list[Problem]:
    message = "this name is kept for what is concluded about identity; rename the file"
    return [
        Problem(message, str(batch.paths[0]), "name", batch.source.name)
        for batch in batches if batch.source.name == IDENTITY.name
    ]  # fmt: skip


def _refuse_one_name(names: Names, sources: int) -> None:
    if names.given and sources > 1:
        raise UsageError(
            f"--name {names.given} names one source, and these paths hold {sources}: load each "
            "by itself"
        )


def _expand(paths: Iterable[Path]) -> Iterable[Path]:
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no {path}")
        if path.is_file() or (path / "source.yaml").is_file():
            yield path
        else:
            inside = sorted(
                p for p in path.iterdir() if p.suffix in (".yaml", ".yml") or p.is_dir()
            )
            yield from _expand(inside)


def claim_file(path: Path, ontology: Ontology, how: Reading = ALONE) -> Batch:
    """The batch of one claim file; its source is called as the file."""
    source = Source(how.names.of("claims", path.stem, [path]), "claims")
    emit = Emitter(source, ontology)
    files.load(path, emit)
    return Batch(source, emit.finish(), tuple(emit.warnings), paths=(path,))


def _source_folder(
    folder: Path, ontology: Ontology, how: Reading, wanted: str | None = None
) -> Batch:
    from kg.loaders.kit import sources

    info = sources.read_source(folder)
    if wanted not in (None, info.format):
        message = f"the folder's format is {info.format}: kg load {info.format} {folder}"
        raise InputError(Problem(message, str(info.path), "format", info.format))
    source = replace(info.source(), name=how.names.stated(info.name))
    if info.history:
        return _history_of(info, ontology, how, source)
    return loaded(info.format, [folder], ontology, how, source)


def _history_of(info: SourceInfo, ontology: Ontology, how: Reading, source: Source) -> Batch:
    """Every version of what a folder says, in the order of its days, checked as a whole."""
    from kg.loaders import loader
    from kg.loaders.kit.sources import checks_of
    from kg.pipeline.history import read_history

    given = (info.format, *info.versions(), ontology, how.told, source)
    batch = read_history(*given, before=how.state(source.name))
    checks = checks_of([info.folder], loader(info.format).CHECKS)
    problems, allowed = refused(batch.frame, checks, ontology, source.name, how.allow)
    if problems:
        raise InputError(problems)
    return replace(batch, paths=(info.folder,), allowed=tuple(allowed))


def batches_of(
    format_: str, paths: Sequence[Path], ontology: Ontology, how: Reading = ALONE
) -> list[Batch]:
    """What `kg load FORMAT PATH…` reads: source folders each on their own, plain files together."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no {path}")
    folders = [path for path in paths if (path / "source.yaml").is_file()]
    plain = [path for path in paths if path not in folders]
    _refuse_one_name(how.names, len(folders) + bool(plain))
    readers = [partial(_source_folder, path, ontology, how, format_) for path in folders]
    return _read([*readers, *([partial(loaded, format_, plain, ontology, how)] if plain else [])])


def loaded(
    format_: str,
    paths: Sequence[Path],
    ontology: Ontology,
    how: Reading = ALONE,
    source: Source | None = None,
) -> Batch:
    """The batch of one loader's run over files or folders of a format."""
    from kg import loaders

    module = loaders.loader(format_)
    if source is None:
        name = how.names.of(format_, plain_name(format_, paths), paths)
        source = Source(name, format_, module.LICENCE, module.HOME)
    told = how.told
    emit = Emitter(source, ontology, partial(told, source.name) if told else None)
    frame = loaders.load(format_, paths, emit, how.allow)
    return Batch(
        source,
        frame,
        tuple(emit.warnings),
        dict(emit.notes),
        tuple(paths),
        tuple(emit.allowed),
    )
