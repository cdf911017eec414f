"""How files are written, everywhere: a reader meets all of the old content or all of the new.

What is written is on disk before it counts. Through a symbolic link the file that it points at is
written; what is no file (a device, a pipe) is written into and never replaced. Whose a file is, is
not asked here: that is `kg.base.written`.
"""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

from kg.base.errors import UsageError

try:
    import fcntl
except ImportError:  # Windows, where a file that is open can be neither removed nor renamed
    fcntl = None  # type: ignore[assignment]

PART = re.compile(r"\.kg-[0-9a-f]{16}\.part")
"""What a file is called until all of it is there; nobody else's file is called so."""


@contextmanager
def writing(
    path: Path, *, binary: bool = False, staged: Callable[[Path], None] | None = None
) -> Iterator[IO[Any]]:
    """A file that gets its content at once, and keeps its mode and owner; its folder is made.

    `staged` is called with the whole of it under another name, just before it counts. Raises
    `UsageError` for a folder, and `OSError` about `path` where the system refuses.
    """
    if is_stream(path):
        with _told(path), _opened(os.open(path, os.O_WRONLY | os.O_APPEND), binary) as file:
            yield file
        return
    target = real(path)
    if target.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    part = None
    try:
        with _told(path):
            target.parent.mkdir(parents=True, exist_ok=True)
            sweep(target.parent)
            part, descriptor = _part(target)
        with _told(path, part), _opened(descriptor, binary) as file:
            yield file
            file.flush()
            os.fsync(descriptor)
            if staged is not None:
                staged(part)
            if fcntl is None:
                file.close()
            part.replace(target)
    finally:
        if part is not None:
            with suppress(OSError):
                part.unlink()
    _sync(target.parent)


def write_text(path: Path, text: str) -> Path:
    """Give a file this text, in UTF-8 and with lines as they are; returns the path."""
    with writing(path) as file:
        file.write(text)
    return path


def write_bytes(path: Path, content: bytes) -> Path:
    """Give a file these bytes; returns the path."""
    with writing(path, binary=True) as file:
        file.write(content)
    return path


def is_stream(path: Path) -> bool:
    """Whether there is no file to replace: a device, a pipe, or one that is open already, such as
    `/dev/stdout`, whatever it leads to."""
    folder = os.path.realpath(path.parent)
    if folder == "/dev" or folder.startswith(("/dev/fd", "/proc/")):
        return path.exists()
    try:
        mode = path.stat().st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def real(path: Path) -> Path:
    """The file that a name leads to, which need not be there yet. Raises `OSError` for a link that
    leads to itself."""
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    return target


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Whatever else goes through here for this folder waits: for what is read, changed and written
    back."""
    if fcntl is None:
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def sweep(folder: Path) -> None:
    """Remove what writers that are no more left half-written in a folder."""
    for path in folder.iterdir():
        if PART.fullmatch(path.name):
            with suppress(OSError):
                _remove_left(path)


def _remove_left(part: Path) -> None:
    descriptor = os.open(part, os.O_RDONLY)
    try:
        if fcntl is not None:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)  # whoever writes it holds it
            part.unlink()
    finally:
        os.close(descriptor)
    if fcntl is None:
        part.unlink()


def _part(target: Path) -> tuple[Path, int]:
    """A new file beside the target, open and held, with the mode and owner that it will have."""
    kept = target.stat() if target.exists() else None
    if kept is not None and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target))
    while True:
        part = target.with_name(f".kg-{secrets.token_hex(8)}.part")
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        descriptor = os.open(part, flags, 0o666)
        if _held(descriptor) and part.exists():  # else somebody swept it before we held it
            break
        os.close(descriptor)
    if kept is not None and hasattr(os, "fchmod"):
        with suppress(PermissionError):
            os.fchown(descriptor, kept.st_uid, kept.st_gid)
        os.fchmod(descriptor, stat.S_IMODE(kept.st_mode))
    return part, descriptor


def _held(descriptor: int) -> bool:
    """Hold a file as long as it is open; False where another process does just now."""
    if fcntl is not None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without locks: nobody can sweep there either
            return True
    return True


def _opened(descriptor: int, binary: bool) -> IO[Any]:
    return os.fdopen(descriptor, "wb") if binary else os.fdopen(
        descriptor, "w", encoding="utf-8", newline="\n"
    )  # fmt: skip


@contextmanager
def _told(path: Path, part: Path | None = None) -> Iterator[None]:
    """What the system refuses is told of the file that the user named."""
    try:
        yield
    except OSError as why:
        if why.filename in (None, str(part)) and why.errno is not None:
            raise OSError(why.errno, os.strerror(why.errno), str(path)) from None
        raise


def _sync(folder: Path) -> None:
    """Have the new name on disk too, before another file counts on it."""
    with suppress(OSError):  # not every system lets a folder be opened
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
