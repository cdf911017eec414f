"""What the server fixtures need of the machine: ports, a cache, locks, system packages."""

from __future__ import annotations

import fcntl
import os
import pickle
import resource
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeVar, cast

import pytest

APT_MINUTES = 15

ALL_CORES = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else set()
"""The cores that the run was given (empty where a system does not tell: macOS)."""

T = TypeVar("T")


def unavailable(reason: str) -> NoReturn:
    """Skip with one plain line; under `CI=true` fail, because there everything has to run."""
    if os.environ.get("CI", "").lower() in {"true", "1"}:
        pytest.fail(f"CI=true, so this must run: {reason}", pytrace=False)
    pytest.skip(reason)


def say(config: pytest.Config | None, message: str) -> None:
    """Write a line that pytest does not capture: what takes minutes must not look like a hang.
    Where no test asks (`config` is None) it goes to standard error."""
    if config is None:
        print(message, file=sys.stderr, flush=True)
        return
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None:
        reporter.write_line(message)


def cache_folder() -> Path:
    """Where downloads outlive a run, outside the checkout; `KG_TEST_CACHE` names another place."""
    named = os.environ.get("KG_TEST_CACHE")
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(named) if named else base / "kg-tests"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def stay_on_one_core() -> None:
    """Keep this process, and those it starts, on one core; several workers share the cores out.

    Polars hands each step to a thread of its own. Of frames as small as those in tests, waking that
    thread on another core takes as long as the step (a half of all time on a virtual machine, where
    it is dearest); and Polars makes as many threads as it may use cores.
    """
    if ALL_CORES:
        worker = os.environ.get("PYTEST_XDIST_WORKER", f"gw{os.getpid()}").removeprefix("gw")
        os.sched_setaffinity(0, {sorted(ALL_CORES)[int(worker) % len(ALL_CORES)]})


@contextmanager
def on_all_cores() -> Iterator[None]:
    """What is started here (a server, a browser) may use all cores."""
    if not ALL_CORES:
        yield
        return
    own = os.sched_getaffinity(0)
    os.sched_setaffinity(0, ALL_CORES)
    try:
        yield
    finally:
        os.sched_setaffinity(0, own)


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Let one test run at a time do what `name` stands for; the others wait for it."""
    with (cache_folder() / f"{name}.lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # released when the file closes, also after a crash
        yield


@dataclass(frozen=True)
class Once:
    """What takes long is made once a run, by the worker that asks first, and read by the others."""

    folder: Path

    def __call__(self, name: str, make: Callable[[], T]) -> T:
        """What `make` makes, or made when it was asked for by that name before."""
        path = self.folder / f"{name}.pickle"
        with (self.folder / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not path.exists():
                path.write_bytes(pickle.dumps(make()))
            return cast(T, pickle.loads(path.read_bytes()))  # ours, of this run


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Make every write beyond so many bytes of a file fail, as on a full disk."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))  # Python ignores SIGXFSZ
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def free_port() -> int:
    """A loopback port that nobody listens on now. Somebody may take it before its user does."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def can_apt_install() -> bool:
    """Whether system packages may be installed: root on Debian or one of its descendants."""
    return (
        os.geteuid() == 0
        and Path("/etc/debian_version").exists()
        and shutil.which("apt-get") is not None
    )


def apt_install(config: pytest.Config | None, *packages: str) -> None:
    """Install system packages, saying so; call only where `can_apt_install()`."""
    say(config, f"installing with apt-get: {' '.join(packages)}")
    with locked("apt"):
        _apt("update")
        _apt("install", "--yes", "--no-install-recommends", *packages)


def _apt(*words: str) -> None:
    done = subprocess.run(
        ["apt-get", "-qq", *words],
        env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=APT_MINUTES * 60,
        check=False,
    )
    if done.returncode:
        unavailable(f"apt-get {' '.join(words)} failed: {done.stderr.strip()[-500:]}")
