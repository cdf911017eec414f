"""The versions of a published list: of a git repository or bundle, or of a folder of dated files.

Git is called as a program, its arguments never through a shell, and reads the repository's objects
only: hooks, filters and the configuration of user, machine and repository have no say.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Protocol

from kg.base.errors import InputError, Problem, UsageError

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

OPTIONS = ("safe.directory=*", f"core.hooksPath={os.devnull}", "core.fsmonitor=false")
"""What wins over the configuration of a repository."""


@dataclass(frozen=True)
class Version:
    """One version of a list: what it is called, and the day on which it was published."""

    name: str
    day: date


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
        """One for each commit of the main line that changed it; the committer's day counts."""
        arguments = ("log", "--first-parent", "--reverse", "--format=%H %cs", "HEAD", "--")
        try:
            lines = git(self.folder, *arguments, f":(top,literal){self.path}").splitlines()
        except subprocess.CalledProcessError as why:
            said = why.stderr.decode(errors="replace").strip()
            raise UsageError(f"git cannot read {self.where}: {said}") from None
        if not lines:
            raise UsageError(f"no version of {self.where}: no commit changed such a path")
        parts = (line.split() for line in lines)
        return [Version(commit, date.fromisoformat(day)) for commit, day in parts]

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
        alone = len(blobs) == 1 and Path(self.path).name in blobs
        return [folder / Path(self.path).name] if alone else [folder]

    def _blobs(self, version: Version) -> dict[str, str]:
        """File (below the path) → its object. Links and submodules are none."""
        tree = git(self.folder, "ls-tree", "-r", "-z", "--full-tree", version.name, self.path)
        found = {}
        for entry in filter(None, tree.split("\0")):
            told, _, name = entry.partition("\t")
            mode, type_, object_ = told.split()
            if type_ == "blob" and mode != "120000" and ".." not in Path(name).parts:
                inner = Path(name).name if name == self.path else os.path.relpath(name, self.path)
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
        """Nothing is copied: the files lie where they are."""
        return [self._at(self.folder / version.name)]

    def _at(self, part: Path) -> Path:
        return part / self.path if part.is_dir() and self.path != "." else part


def _day_of(name: str) -> date | None:
    for year, month, day in DAY.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
