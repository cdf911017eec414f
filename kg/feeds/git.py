"""A file or folder in a git repository, here or on the web: read again where a commit changed it.

Only the latest state is fetched. Over the web git connects to the address that was looked at, and
follows no redirects; secrets reach it through its environment.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from kg.feeds.feed import Feed, Fetched, State
from kg.feeds.polite import AGENT, WHOLE, addresses, authorization
from kg.loaders.kit.versions import OPTIONS, QUIET, GitVersions, NoObject, Version

KEYS = ("git",)

REPOSITORY = "repository.git"


def fetch(feed: Feed, state: State, folder: Path) -> Fetched | None:
    """The files as they are in the latest commit."""
    repository = folder / REPOSITORY
    address, settings = _address(feed)
    branch = f"refs/heads/{feed.branch}" if feed.branch else "HEAD"
    heads = _git(feed, folder, settings, "ls-remote", address, branch).split()
    if not heads:
        raise feed.failed("has no such branch", "branch", feed.branch or "HEAD")
    if heads[0] == state.get("commit"):
        return None
    if not repository.exists():
        _git(feed, folder, settings, "init", "--quiet", "--bare", str(repository))
    _git(feed, folder, settings, "--git-dir", str(repository), "fetch", "--quiet", "--depth=1",
         "--no-tags", address, f"+{branch}:refs/heads/kg")  # fmt: skip
    files = folder / "files"
    if files.exists():
        _emptied(files)
    files.mkdir(exist_ok=True)
    try:
        with closing(GitVersions(repository, feed.path, feed.place)) as found:
            paths = found.put(Version("refs/heads/kg", date.min, found.path), files)
    except (subprocess.CalledProcessError, NoObject):
        raise feed.failed(
            "cannot be read: the repository is damaged", value=feed.place.partition("?")[0]
        ) from None
    return Fetched(tuple(paths), {"commit": heads[0]})


def _address(feed: Feed) -> tuple[str, dict[str, str]]:
    """Where it is, as git takes it, and what it is told beside. Raises `InputError`."""
    parts = urlsplit(feed.place)
    if parts.scheme not in ("http", "https"):
        if "://" in feed.place or "::" in feed.place:
            raise feed.failed("must be a path, or an address of http(s)", value=parts.scheme)
        path = feed.home / Path(feed.place).expanduser()
        if not path.exists():
            raise feed.failed("there is no such repository", value=str(path))
        return str(path.resolve()), {}
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        where = [str(address[0]) for _, address in addresses(feed, host, port)]
    except OSError as why:
        raise feed.failed(f"cannot be reached: {why.strerror}", value=host) from None
    secret = authorization(feed)
    if secret and parts.scheme == "http" and not feed.allow_private:
        raise feed.failed("secrets are not sent over http (https, or allow_private: true)")
    settings = {
        "http.followRedirects": "false",
        "http.curloptResolve": f"{host}:{port}:{where[0]}",
        "http.userAgent": AGENT,
        "http.lowSpeedLimit": "1",
        "http.lowSpeedTime": str(max(1, int(feed.timeout))),
    }
    return feed.place, settings | (
        {"http.extraHeader": f"Authorization: {secret}"} if secret else {}
    )


def _git(feed: Feed, folder: Path, settings: Mapping[str, str], *arguments: str) -> str:
    """What git prints; settings reach it by its environment, where nobody else sees them."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    told = {"GIT_ALLOW_PROTOCOL": "file:http:https", "GIT_CONFIG_COUNT": str(len(settings))}
    for number, (key, value) in enumerate(settings.items()):
        told |= {f"GIT_CONFIG_KEY_{number}": key, f"GIT_CONFIG_VALUE_{number}": value}
    options = [word for option in OPTIONS for word in ("-c", option)]
    try:
        done = subprocess.run(
            ["git", *options, *arguments], cwd=folder, env=kept | QUIET | told, check=True,
            capture_output=True, timeout=WHOLE * feed.timeout,
        )  # fmt: skip
    except FileNotFoundError:
        raise feed.failed("needs the program git, and there is none") from None
    except subprocess.TimeoutExpired:
        raise feed.failed(f"takes more than {WHOLE * feed.timeout:g} seconds (timeout)") from None
    except subprocess.CalledProcessError:  # its words may hold a secret, or an address with one
        raise feed.failed(
            f"git {arguments[0]} failed", value=feed.place.partition("?")[0]
        ) from None
    return done.stdout.decode("utf-8", errors="replace")


def _emptied(folder: Path) -> None:
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() and not path.is_symlink() else path.unlink()
