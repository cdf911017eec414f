"""From paths to checked batches of statements; nothing is written here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from kg.base.errors import InputError, Problem, UsageError
from kg.claims import files
from kg.claims.emitter import Emitter, Source
from kg.graph.conclude import IDENTITY
from kg.ledger.ledger import Batch
from kg.ontology import Ontology

LONGEST_NAME = 80

Told = Callable[[str, int], None]
"""Called with a source's name and how many statements have been read of it."""


def seeds(paths: Iterable[Path], ontology: Ontology, told: Told | None = None) -> list[Batch]:
    """Batches of claim files, and of folders: one with a `source.yaml` is a source of the format it
    names; any other is looked through. Raises `InputError` with the problems of all of them."""
    batches: list[Batch] = []
    problems: list[Problem] = []
    given = list(paths)
    for path in _expand(given):
        try:
            batches += [
                _source_folder(path, ontology, told)
                if path.is_dir()
                else claim_file(path, ontology)
            ]
        except InputError as why:
            problems += why.problems
    problems += _same_name(batches)
    if problems:
        raise InputError(problems)
    if not batches:
        raise UsageError(
            f"there is no claim file and no source.yaml in {', '.join(map(str, given))}"
        )
    return batches


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


def claim_file(path: Path, ontology: Ontology, texts: Mapping[str, Path] | None = None) -> Batch:
    """The batch of one claim file; its source is called as the file."""
    emit = Emitter(Source(path.stem, "claims"), ontology)
    files.load(path, emit, texts)
    return Batch(emit.source, emit.finish(), tuple(emit.warnings))


def _source_folder(
    folder: Path, ontology: Ontology, told: Told | None, wanted: str | None = None
) -> Batch:
    from kg.loaders.kit import sources

    info = sources.read_source(folder)
    if wanted not in (None, info.format):
        message = f"the folder's format is {info.format}: kg load {info.format} {folder}"
        raise InputError(Problem(message, str(info.path), "format", info.format))
    return loaded(info.format, [folder], ontology, told, source=info.source())


def batches_of(
    format_: str, paths: Sequence[Path], ontology: Ontology, told: Told | None = None
) -> list[Batch]:
    """What `kg load FORMAT PATH…` reads: source folders each on their own, plain files together."""
    for path in paths:
        if not path.exists():
            raise UsageError(f"there is no {path}")
    folders = [path for path in paths if (path / "source.yaml").is_file()]
    plain = [path for path in paths if path not in folders]
    batches = [_source_folder(path, ontology, told, format_) for path in folders]
    batches += [loaded(format_, plain, ontology, told)] if plain else []
    if problems := _same_name(batches):
        raise InputError(problems)
    return batches


def loaded(
    format_: str,
    paths: Sequence[Path],
    ontology: Ontology,
    told: Told | None = None,
    source: Source | None = None,
) -> Batch:
    """The batch of one loader's run over files or folders of a format."""
    from kg import loaders

    module = loaders.loader(format_)
    own = getattr(module, "called", None)
    name = (own(paths) if own else None) or source_name(format_, paths)
    origin = source or Source(name, format_, module.LICENCE, module.HOME)
    emit = Emitter(origin, ontology, (lambda n: told(origin.name, n)) if told else None)
    frame = loaders.load(format_, paths, emit)
    return Batch(origin, frame, tuple(emit.warnings), dict(emit.notes))


VERSION = re.compile(r"[-_ ]v?\d[\d._-]*$")
"""At the end of a file's or folder's name."""


def source_name(format_: str, paths: Sequence[Path]) -> str:
    """What plain files of a format are called in the ledger: as the files or the folder, without
    version or date, so that a newer one replaces them and other files of the format do not.

    `stix-enterprise-attack` for `enterprise-attack-18.1.json`; `ofac` for a folder of that name.
    """
    from kg.loaders.kit.reading import slug

    names = [path.resolve().name if path.is_dir() else path.name.split(".", 1)[0] for path in paths]
    parts = sorted({slug(VERSION.sub("", name)) for name in names})
    whole = "+".join(parts)
    if len(whole) > LONGEST_NAME:
        whole = f"{parts[0]}+{sha256(whole.encode()).hexdigest()[:8]}"
    return whole if whole == format_ else f"{format_}-{whole}"


def _same_name(batches: Sequence[Batch]) -> list[Problem]:
    seen: set[str] = set()
    problems = []
    for batch in batches:
        if batch.source.name == IDENTITY.name:
            message = "this name is kept for what is concluded about identity; rename the file"
            problems.append(Problem(message, batch.source.name))
        if batch.source.name in seen:
            problems.append(Problem("two sources have this name; rename one", batch.source.name))
        seen.add(batch.source.name)
    return problems
