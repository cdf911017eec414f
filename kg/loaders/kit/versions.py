"""The versions of a published list: of a git repository or bundle, or of a folder of dated files.

Git is called as a program, its arguments never through a shell, and reads the repository's objects
only: hooks, filters and the configuration of user, machine and repository have no say.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Protocol

from kg.base.errors import InputError, Problem, UsageError, offering

SOURCE = "source.yaml"
"""What says how the files beside it are read (`kg.loaders.kit.sources`)."""

CHUNK = 1 << 20

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

NO_GIT = "--history needs the program git, and there is none"

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
    """Where the list lay then."""
    blob: str = ""
    """The object that it was, where it is a file in git; zeros where it was taken out."""

    @property
    def title(self) -> str:
        """What it is called in messages: of a commit the first ten digits."""
        return self.name[:10] if re.fullmatch("[0-9a-f]{40,}", self.name) else self.name


class Versions(Protocol):
    """All versions of a list, oldest first."""

    where: str
    told: list[Problem]
    """What is to be said of the versions as a whole, once they are listed."""

    def listed(self) -> list[Version]:
        """Every version, in the order in which they came."""

    def mark(self, version: Version) -> str:
        """What is another where the version is."""

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
            folder: Path | None = _unbundled(repository, Path(scratch))
        else:
            folder = _git_folder(repository)
        if folder is None:
            yield DatedVersions(repository, path)
        else:
            with closing(GitVersions(folder, path, str(repository))) as found:
                yield found


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


def _git(folder: Path, *arguments: str) -> bytes:
    try:
        done = subprocess.run(
            _command(folder, *arguments), env=_environment(), capture_output=True, check=True
        )
    except FileNotFoundError:
        raise UsageError(NO_GIT) from None
    return done.stdout


def _command(folder: Path, *arguments: str) -> list[str]:
    settings = [word for option in OPTIONS for word in ("-c", option)]
    return ["git", *settings, "--git-dir", str(folder), *arguments]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return kept | QUIET


class NoObject(InputError):
    """A repository does not hold what it names: it is damaged, or was copied in part."""


class Objects:
    """The objects of a repository, handed out by one process of git for all versions."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    def write(self, name: str, file: Path) -> None:
        """Make a file of an object, however large. Raises `NoObject` where it is not there."""
        process = self._process or self._started()
        if process.stdin is None or process.stdout is None:
            raise AssertionError("git is asked through pipes")
        process.stdin.write(f"{name}\n".encode())
        process.stdin.flush()
        *_, size = process.stdout.readline().split() or [b""]
        if not size.isdigit():
            raise NoObject([Problem("the repository does not hold what it names", name[:10])])
        left = int(size)
        with file.open("wb") as written:
            while left and (part := process.stdout.read(min(left, CHUNK))):
                left -= written.write(part)
        process.stdout.read(1)  # the end of the line

    def _started(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            _command(self._folder, "cat-file", "--batch"),
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


@dataclass(frozen=True)
class _Moved:
    """One file as a commit found it and left it."""

    sign: str
    """A for one that came, D for one that went, R for one that got another path."""
    old: str
    new: str


class GitVersions:
    """A file or folder through the commits of a repository's current branch."""

    def __init__(self, folder: Path, path: str, where: str) -> None:
        self.folder, self.path = folder, path.strip("/") or "."
        self.where, self.told = f"{where}:{self.path}", list[Problem]()
        self._objects = Objects(folder)
        self._put: dict[str, str] = {}
        """File → the object that it holds at present."""

    def close(self) -> None:
        """End what reads the objects."""
        self._objects.close()

    def listed(self) -> list[Version]:
        """One for each commit of the main line that changed it; the committer's day counts. A file
        or folder is followed back to where it lay before."""
        found: list[Version] = []
        revision, path = "HEAD", self.path
        while versions := self._log(revision, path):
            found += versions
            first = versions[-1]
            before = self._before(first, path)
            if before is None:
                break
            revision, path = f"{first.name}^", before
        if not found:
            raise UsageError(self._nothing())
        if git(self.folder, "rev-parse", "--is-shallow-repository").strip() == "true":
            self._tell(found[-1], "the repository is a shallow clone: older versions are not in it")
        return found[::-1]

    def _tell(self, version: Version, message: str) -> None:
        place = f"{self.where}@{version.title} ({version.day})"
        self.told.append(Problem(message, place, warning=True))

    def _nothing(self) -> str:
        """That there is no version, and what is there that is called almost so."""
        message = f"no version of {self.where}: no commit changed such a path"
        there = git(self.folder, "ls-tree", "-r", "-t", "--name-only", "--full-tree", "HEAD")
        return offering(message, self.path, there.splitlines(), otherwise="")

    def _log(self, revision: str, path: str) -> list[Version]:
        """What changed a path, up to a revision; the latest first."""
        arguments = ["--first-parent", "-m", "--raw", "--no-abbrev", "--no-renames"]
        only = f":(top,literal){path}"
        try:
            lines = git(
                self.folder, "log", *arguments, "--format=%H %cs", revision, "--", only
            ).splitlines()
        except subprocess.CalledProcessError as why:
            said = why.stderr.decode(errors="replace").strip()
            raise UsageError(f"git cannot read {self.where}: {said}") from None
        found: list[Version] = []
        for line in filter(None, lines):
            told, _, name = line.partition("\t")
            if not line.startswith(":"):
                commit, day = line.split()
                found.append(Version(commit, date.fromisoformat(day), path))
            elif name == path:
                found[-1] = replace(found[-1], blob=told.split()[3])
        return found

    def _before(self, first: Version, path: str) -> str | None:
        """Where the list lay before the first commit that knows this path; None where it lay
        nowhere. What may be the same list, but cannot be told to be, is said."""
        moved = self._moved(first.name)
        alone = [each for each in moved if each.new == path]
        old = alone[0].old if alone and alone[0].sign == "R" else None
        if not alone and path != ".":
            old = self._folder_before(first, path, moved)
        if old is None:
            here = [Path(each.new) for each in moved if _within(each.new, path)]
            gone = [e.old for e in moved if e.sign == "D" and _may_be_of(Path(e.old), here)]
            if gone:
                also = f" and {len(gone) - 1:,} more" if len(gone) > 1 else ""
                self._tell(first, f"the list begins here, where {gone[0]}{also} went: what was "
                                  "the list before is too different for git to tell")  # fmt: skip
        return old

    def _folder_before(self, first: Version, path: str, moved: Sequence[_Moved]) -> str | None:
        """The folder from which most of a folder's files came, and in which few were left."""
        inside = [each for each in moved if _within(each.new, path)]
        came: Counter[str] = Counter()
        for each in inside:
            inner = each.new.removeprefix(f"{path}/")
            if each.sign == "R" and (each.old == inner or each.old.endswith(f"/{inner}")):
                came[each.old.removesuffix(inner).strip("/")] += 1
        for old, count in came.most_common(1):
            names = ["-r", "--name-only", "--full-tree", f"{first.name}^"]
            there = git(self.folder, "ls-tree", *names, f"{old}/").splitlines() if old else []
            if old and 2 * count > max(len(inside), len(there)):
                return old
            self._tell(first, f"{count:,} of its files came from {old or 'the top folder'}, where "
                              "others lie too: what was there before is not read")  # fmt: skip
        return None

    def _moved(self, commit: str) -> list[_Moved]:
        """The files that a commit brought, took out, or gave another path; none for the first."""
        arguments = ["-r", "-z", "-M", "--name-status", "--diff-filter=ADR"]
        try:
            text = git(self.folder, "diff-tree", *arguments, f"{commit}^", commit)
        except subprocess.CalledProcessError:
            return []
        words, found = iter(text.split("\0")), []
        for sign in words:
            if sign:
                old = next(words)
                new = next(words) if sign[0] == "R" else old
                found.append(_Moved(sign[0], old, "" if sign[0] == "D" else new))
        return found

    def mark(self, version: Version) -> str:
        """The commit, of which nothing can change, and where the list lies in it."""
        return f"{version.name} {version.path}"

    def put(self, version: Version, folder: Path) -> list[Path]:
        """Write what has changed since the version that lies there, and take out what has gone."""
        blobs = self._blobs(version)
        if not blobs:
            why = "the list is not there in this version"
            raise InputError(Problem(why, f"{self.where}@{version.title}"))
        for name in self._put.keys() - blobs.keys():
            (folder / name).unlink(missing_ok=True)
            del self._put[name]
        for name, object_ in blobs.items():
            if self._put.pop(name, None) != object_:
                file = folder / name
                file.parent.mkdir(parents=True, exist_ok=True)
                self._objects.write(object_, file)
            self._put[name] = object_
        name = Path(version.path).name
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
        return self._listed(version, version.path)

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


def _within(name: str, path: str) -> bool:
    """Whether a file is what lies at a path, or lies in it."""
    return name == path or path == "." or name.startswith(f"{path}/")


def _may_be_of(gone: Path, here: Sequence[Path]) -> bool:
    """Whether a file that went may be one of those that came: a list of that form which was called
    so, or lay there."""
    alike = [file for file in here if file.suffix == gone.suffix]
    return any(file.name == gone.name or file.parent == gone.parent for file in alike)


class DatedVersions:
    """A folder whose parts are versions: `2021-07-14/sdn.csv`, or `sdn-2021-07-14.csv`. All files
    of one day are one version, and lie together as if no day stood in their names."""

    def __init__(self, folder: Path, path: str) -> None:
        self.folder, self.path = folder, path.strip("/") or "."
        self.where, self.told = str(folder), list[Problem]()

    @cached_property
    def _dated(self) -> dict[Path, date]:
        """What has a day in its name, and is or holds what is asked for."""
        return {
            part: day
            for part in sorted(self.folder.iterdir())
            if (day := _day_of(part.name)) is not None
            and (self._at(part).exists() if part.is_dir() else self._is_asked(part))
        }

    @cached_property
    def _files(self) -> dict[str, list[Path]]:
        """By the name of a version its files, where it is no folder."""
        of_day: defaultdict[date, list[Path]] = defaultdict(list)
        for part, day in self._dated.items():
            if not part.is_dir():
                of_day[day].append(part)
        return {
            " and ".join(part.name for part in parts[:2]) + " …" * (len(parts) > 2): parts
            for parts in of_day.values()
        }

    def listed(self) -> list[Version]:
        """One for each folder that has a day in its name, and for the files of each day."""
        found = [Version(part.name, day) for part, day in self._dated.items() if part.is_dir()]
        found += [Version(name, self._dated[parts[0]]) for name, parts in self._files.items()]
        if not found:
            raise UsageError(
                f"{self.folder} is no git repository, no bundle, and holds nothing with a day in "
                "its name (2021-07-14/sdn.csv, sdn-2021-07-14.csv)"
            )
        return sorted(found, key=lambda version: (version.day, version.name))

    def mark(self, version: Version) -> str:
        """What its files hold, and what says how they are read."""
        part, told = self.folder / version.name, sha256()
        lies = self._at(part)
        files = sorted(lies.rglob("*")) if lies.is_dir() else [lies]
        for file in (*self._files.get(version.name, files), part / SOURCE, self.folder / SOURCE):
            if file.is_file():
                told.update(f"{file.relative_to(self.folder)} {file.stat().st_size} ".encode())
                with file.open("rb") as read:
                    for chunk in iter(lambda: read.read(CHUNK), b""):
                        told.update(chunk)
        return f"{version.name} {told.hexdigest()}"

    def put(self, version: Version, folder: Path) -> list[Path]:
        """A folder is not copied: its files lie where they are; but where the folder of all
        versions says how to read them, in its `source.yaml`, they are put beside that."""
        part, described = self.folder / version.name, self.folder / SOURCE
        here = folder / version.name
        if version.name in self._files:
            lie = self._laid(self._files[version.name], here)
        elif not described.is_file() or (part / SOURCE).exists():
            return [self._at(part)]
        else:
            shutil.copytree(part, here, dirs_exist_ok=True)
            lie = [here / self._at(part).relative_to(part)]
        if described.is_file():
            (here / SOURCE).symlink_to(described.resolve())  # which is no version's own
        return lie

    def _laid(self, files: Sequence[Path], here: Path) -> list[Path]:
        """The files of one day beside one another in a folder, under names without the day; the
        folder where there are several."""
        here.mkdir(parents=True, exist_ok=True)
        often = Counter(_without_day(file.name) for file in files)
        names = [n if often[n := _without_day(file.name)] == 1 else file.name for file in files]
        for file, name in zip(files, names, strict=True):
            (here / name).symlink_to(file.resolve())
        return [here / names[0]] if len(names) == 1 else [here]

    def _is_asked(self, file: Path) -> bool:
        return self.path in (".", file.name, _without_day(file.name))

    def _at(self, part: Path) -> Path:
        return part / self.path if part.is_dir() and self.path != "." else part


def _without_day(name: str) -> str:
    """The name that a dated file would have without its day: `sdn.csv` of `sdn-2021-07-14.csv` and
    of `20210714_sdn.csv`; the same where there is nothing else in it."""
    day = DAY.pattern
    without = re.sub(rf"^{day}[-_. ]+|[-_. ]+{day}(?=\.|$)|(?<=[-_. ]){day}[-_. ]+", "", name)
    return without if "." in without or "." not in name else name


def _day_of(name: str) -> date | None:
    for year, month, day in DAY.findall(name):
        try:
            return date(int(year), int(month), int(day))
        except ValueError:
            continue
    return None
