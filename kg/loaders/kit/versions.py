"""The versions of a published list: of a git repository or bundle, or of a folder of dated files.

Git is called as a program, its arguments never through a shell, and reads the repository's objects
only: hooks, filters and the configuration of user, machine and repository have no say.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Protocol

from kg.base.errors import InputError, Problem, UsageError

SOURCE = "source.yaml"
"""What says how the files beside it are read (`kg.loaders.kit.sources`)."""

DAY = re.compile(r"(?<!\d)(\d{4})-?(\d{2})-?(\d{2})(?!\d)")
"""In the name of a dated file or folder."""

QUIET = {
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_ALLOW_PROTOCOL": "file",
    "LC_ALL": "C",
}

OPTIONS = (
    *("safe.directory=*", "core.quotepath=false", "core.fsmonitor=false"),
    f"core.hooksPath={os.devnull}",
)
"""What wins over the configuration of a repository."""


@dataclass(frozen=True)
class Version:
    """One version of a list: what it is called, and the day on which it was published."""

    name: str
    day: date
    path: str = ""
    """Where the list lay then, where it is one file of a repository."""
    blob: str = ""
    """The object that it was; zeros where it was taken out."""


class Versions(Protocol):
    """All versions of a list, oldest first."""

    where: str

    def listed(self) -> list[Version]:
        """Every version, in the order in which they came."""

    def put(self, version: Version, folder: Path) -> list[Path]:
        """Make the version's files lie in an own folder, which may hold those of another; what a
        loader is to be given. Raises `InputError` where the version has none."""


@contextmanager
def versions(repository: Path, path: str) -> Iterator[Versions]:
    """The versions of what lies at `path` (`/` between its parts) in a git repository, bare or not,
    in a bundle, or in each dated part of a folder (there `path` may be `.`).

    Raises `UsageError` where there is no such thing.
    """
    if not repository.exists():
        raise UsageError(f"there is no {repository}")
    with TemporaryDirectory(prefix="kg-history-") as scratch:
        if repository.is_file():
            yield GitVersions(_unbundled(repository, Path(scratch)), path, str(repository))
        elif (found := _git_folder(repository)) is not None:
            yield GitVersions(found, path, str(repository))
        else:
            yield DatedVersions(repository, path)


def _git_folder(repository: Path) -> Path | None:
    """Where a repository keeps its objects; None for a folder that is none."""
    inside = repository / ".git"
    if inside.is_file():  # a worktree, or a submodule
        text = inside.read_text(encoding="utf-8", errors="replace").strip()
        return (repository / text.removeprefix("gitdir:").strip()).resolve()
    for folder in (inside, repository):
        if (folder / "HEAD").is_file() and (folder / "objects").is_dir():
            return folder
    return None


def _unbundled(bundle: Path, scratch: Path) -> Path:
    """A bare repository of what a bundle holds. Raises `UsageError` for a file that is none."""
    folder = scratch / "bundle.git"
    git(scratch, "init", "--quiet", "--bare", str(folder))
    try:
        heads = git(folder, "bundle", "list-heads", str(bundle.resolve())).split("\n")
        git(folder, "fetch", "--quiet", str(bundle.resolve()), "+refs/heads/*:refs/heads/*")
    except subprocess.CalledProcessError as why:
        said = why.stderr.decode(errors="replace").strip().splitlines()
        raise UsageError(f"{bundle} is no git bundle: {said[0] if said else why}") from None
    names = [line.partition(" ")[2] for line in heads]
    branches = [name for name in names if name.startswith("refs/heads/")]
    if not branches:
        raise UsageError(f"{bundle} holds no branch")
    main = next((n for n in ("refs/heads/main", "refs/heads/master") if n in branches), branches[0])
    git(folder, "symbolic-ref", "HEAD", main)
    return folder


def git(folder: Path, *arguments: str) -> str:
    """What git prints. Raises `CalledProcessError` with what it complains of, `UsageError` where
    there is no git."""
    return _git(folder, *arguments).decode("utf-8", errors="surrogateescape")


def _git(folder: Path, *arguments: str, into: IO[bytes] | None = None) -> bytes:
    """What git prints, or nothing where it goes into a file."""
    settings = [word for option in OPTIONS for word in ("-c", option)]
    command = ["git", *settings, "--git-dir", str(folder), *arguments]
    out = into or subprocess.PIPE
    try:
        done = subprocess.run(
            command, env=_environment(), stdout=out, stderr=subprocess.PIPE, check=True
        )
    except FileNotFoundError:
        raise UsageError("--history needs the program git, and there is none") from None
    return done.stdout or b""


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | QUIET


class GitVersions:
    """A file or folder through the commits of a repository's current branch."""

    def __init__(self, folder: Path, path: str, where: str) -> None:
        self.folder, self.path = folder, path.strip("/") or "."
        self.where = f"{where}:{self.path}"
        self._put: dict[str, str] = {}
        """File → the object that it holds at present."""

    def listed(self) -> list[Version]:
        """One for each commit of the main line that changed it; the committer's day counts. A file
        is followed back to where it lay before."""
        arguments = ["log", "--first-parent", "-m", "--raw", "--no-abbrev", "--format=%H %cs"]
        try:
            alone = git(self.folder, "cat-file", "-t", f"HEAD:{self.path}").strip() == "blob"
        except subprocess.CalledProcessError:  # it is there no longer, or was never there
            alone = False
        follow = ["--follow"] if alone else []
        try:
            lines = git(
                self.folder, *arguments, *follow, "HEAD", "--", f":(top,literal){self.path}"
            ).splitlines()
        except subprocess.CalledProcessError as why:
            said = why.stderr.decode(errors="replace").strip()
            raise UsageError(f"git cannot read {self.where}: {said}") from None
        found: list[Version] = []
        for line in filter(None, lines):
            if not line.startswith(":"):
                commit, day = line.split()
                found.append(Version(commit, date.fromisoformat(day)))
            elif alone and not line.endswith('"'):  # git quotes names that hold control characters
                told, *_, path = line.split("\t")
                found[-1] = replace(found[-1], path=path, blob=told.split()[3])
        if not found:
            raise UsageError(f"no version of {self.where}: no commit changed such a path")
        return found[::-1]

    def put(self, version: Version, folder: Path) -> list[Path]:
        """Write what has changed since the version that lies there, and take out what has gone."""
        blobs = self._blobs(version)
        if not blobs:
            why = "the list is not there in this version"
            raise InputError(Problem(why, f"{self.where}@{version.name[:10]}"))
        for name in self._put.keys() - blobs.keys():
            (folder / name).unlink(missing_ok=True)
        for name, object_ in blobs.items():
            if self._put.get(name) != object_:
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                with file.open("wb") as written:  # how large it may be, its loader knows
                    _git(self.folder, "cat-file", "blob", object_, into=written)
        self._put = blobs
        name = Path(version.path or self.path).name
        alone = blobs.keys() in ({name}, {name, SOURCE})
        return [folder / name] if alone else [folder]

    def _blobs(self, version: Version) -> dict[str, str]:
        """File (below the path) → its object, beside one file the `source.yaml` that says how to
        read it. Links and submodules are none."""
        if version.blob:
            there = bool(version.blob.strip("0"))
            found = {Path(version.path).name: version.blob} if there else {}
            beside = str(Path(version.path).parent / SOURCE)
            return found | (self._listed(version, beside) if found and self._described else {})
        return self._listed(version, self.path)

    @cached_property
    def _described(self) -> bool:
        """Whether there is a `source.yaml` in it."""
        names = git(self.folder, "ls-tree", "-r", "--name-only", "--full-tree", "HEAD").splitlines()
        return any(Path(name).name == SOURCE for name in names)

    def _listed(self, version: Version, path: str) -> dict[str, str]:
        tree = git(self.folder, "ls-tree", "-r", "-z", "--full-tree", version.name, path)
        found = {}
        for entry in filter(None, tree.split("\0")):
            told, _, name = entry.partition("\t")
            mode, type_, object_ = told.split()
            if type_ == "blob" and mode != "120000" and ".." not in Path(name).parts:
                inner = Path(name).name if name == path else os.path.relpath(name, path)
                found[inner] = object_
        return found


class DatedVersions:
    """A folder whose parts are versions: `2021-07-14/sdn.csv`, or `sdn-2021-07-14.csv`."""

    def __init__(self, folder: Path, path: str) -> None:
        self.folder, self.path = folder, path.strip("/") or "."
        self.where = str(folder)

    def listed(self) -> list[Version]:
        """One for each file or folder in it that has a day in its name."""
        found = [
            Version(part.name, day)
            for part in self.folder.iterdir()
            if (day := _day_of(part.name)) is not None and self._at(part).exists()
        ]
        if not found:
            raise UsageError(
                f"{self.folder} is no git repository, no bundle, and holds nothing with a day in "
                "its name (2021-07-14/sdn.csv, sdn-2021-07-14.csv)"
            )
        return sorted(found, key=lambda version: (version.day, version.name))

    def put(self, version: Version, folder: Path) -> list[Path]:
        """Nothing is copied: the files lie where they are; but where the folder of all versions
        says how to read them, in its `source.yaml`, they are put beside that."""
        part, described = self.folder / version.name, self.folder / SOURCE
        lies = self._at(part)
        if not part.is_dir() or not described.is_file() or (part / SOURCE).exists():
            return [lies]
        here = folder / version.name
        shutil.copytree(part, here, dirs_exist_ok=True)
        (here / SOURCE).symlink_to(described.resolve())  # which is no version's own
        return [here / lies.relative_to(part)]

    def _at(self, part: Path) -> Path:
        return part / self.path if part.is_dir() and self.path != "." else part


def _day_of(name: str) -> date | None:
    for year, month, day in DAY.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
