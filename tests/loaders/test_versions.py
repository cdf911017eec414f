"""Versions of a list: of repositories, bundles and dated folders, without anybody else's say."""

from __future__ import annotations

import os
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from kg.base.errors import InputError, UsageError
from kg.loaders.kit.versions import versions

DAYS = ("2019-01-02", "2019-03-04", "2020-05-06")


def commit(repository: Path, day: str, **files: str | None) -> None:
    """Write (None: remove) files and commit them on a day."""
    for name, content in files.items():
        file = repository / name.replace("__", "/")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink() if content is None else file.write_text(content)
    stamp = f"{day}T12:00:00+00:00"
    own = {"GIT_COMMITTER_DATE": stamp, "GIT_AUTHOR_DATE": stamp, "HOME": str(repository)}
    for command in (["add", "-A"], ["commit", "--quiet", "--allow-empty", "-m", day]):
        names = ["-c", "user.name=List", "-c", "user.email=list@example.org"]
        subprocess.run(["git", *names, *command], cwd=repository, check=True, env=os.environ | own)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """`lists/a.csv` in three versions, beside a file that is nobody's business."""
    made = tmp_path / "repository"
    made.mkdir()
    subprocess.run(["git", "init", "--quiet", "-b", "main"], cwd=made, check=True)
    for number, day in enumerate(DAYS, 1):
        commit(made, day, lists__a_csv=f"version {number}\n", other="x" * number)
    return made


def read(where: Path, path: str, folder: Path) -> list[tuple[date, str]]:
    """Day and content of each version."""
    folder.mkdir(exist_ok=True)
    with versions(where, path) as found:
        return [
            (version.day, found.put(version, folder)[0].read_text()) for version in found.listed()
        ]


EXPECTED = [(date.fromisoformat(day), f"version {n}\n") for n, day in enumerate(DAYS, 1)]


@pytest.mark.parametrize("form", ["repository", "bare", "bundle"])
def test_every_version_comes_with_its_day(form: str, repository: Path, tmp_path: Path) -> None:
    where = repository
    if form == "bare":
        where = tmp_path / "bare.git"
        subprocess.run(["git", "clone", "-q", "--bare", repository, where], check=True)
    elif form == "bundle":
        where = tmp_path / "a.bundle"
        command = ["git", "bundle", "create", "-q", str(where), "main"]
        subprocess.run(command, cwd=repository, check=True)
    assert read(where, "lists/a_csv", tmp_path / "files") == EXPECTED


def test_a_file_is_followed_to_where_it_lay_before(repository: Path, tmp_path: Path) -> None:
    last = (repository / "lists/a_csv").read_text()
    commit(repository, "2020-07-01", lists__a_csv=None, now__b_csv=last)
    commit(repository, "2020-08-01", now__b_csv=last + "and more\n")
    found = read(repository, "now/b_csv", tmp_path / "files")
    assert [day.isoformat() for day, _ in found] == [*DAYS, "2020-07-01", "2020-08-01"]
    assert found[:3] == EXPECTED


def test_a_folder_is_a_list_too(repository: Path, tmp_path: Path) -> None:
    files = tmp_path / "files"
    files.mkdir()
    commit(repository, "2021-01-01", lists__b_csv="more\n", lists__a_csv=None)
    with versions(repository, "lists") as found:
        listed = found.listed()
        found.put(listed[0], files)
        assert sorted(p.name for p in files.iterdir()) == ["a_csv"]
        found.put(listed[-1], files)
        assert sorted(p.name for p in files.iterdir()) == ["b_csv"]


def days_of(where: Path, path: str) -> tuple[list[str], list[str]]:
    """Days of the versions, and what is told of them."""
    with versions(where, path) as found:
        return [v.day.isoformat() for v in found.listed()], [p.message for p in found.told]


def test_a_folder_is_followed_to_where_it_lay_before(repository: Path, tmp_path: Path) -> None:
    commit(repository, "2020-06-01", lists__sub__b_csv="one of two")
    gone = dict.fromkeys(("lists__a_csv", "lists__sub__b_csv"))
    here = {"now__a_csv": "version 3\n", "now__sub__b_csv": "one of two", "lists__c_csv": "new"}
    commit(repository, "2020-07-01", **gone, **here)
    commit(repository, "2020-08-01", lists__a_csv="another list", now__a_csv="version 4\n")
    days, told = days_of(repository, "now")
    assert days == [*DAYS, "2020-06-01", "2020-07-01", "2020-08-01"]
    assert told == []
    assert [text for _, text in read(repository, "now/a_csv", tmp_path / "files")] == [
        *(text for _, text in EXPECTED), "version 3\n", "version 4\n",
    ]  # fmt: skip


def test_what_cannot_be_followed_is_told(repository: Path, tmp_path: Path) -> None:
    for number in range(3):
        commit(repository, "2020-06-01", **{f"lists__{number}": f"some text of file {number}\n"})
    commit(repository, "2020-07-01", lists__0=None, part__0="some text of file 0\n")
    days, [told] = days_of(repository, "part")
    assert days == ["2020-07-01"]
    assert told.startswith("1 of its files came from lists, where others lie too")
    commit(repository, "2020-08-01", lists__a_csv=None, now__a_csv="all\nof\nit\nnew\n" * 9)
    days, [told] = days_of(repository, "now/a_csv")
    assert days == ["2020-08-01"]
    assert told.startswith("the list begins here, where lists/a_csv went")
    commit(repository, "2020-09-01", lists__1=None, other="y", new__b_csv="a new\nlist\n")
    assert days_of(repository, "new/b_csv") == (["2020-09-01"], [])
    commit(repository, "2020-10-01", new__b_csv=None, new__c_csv="quite\nanother\n")
    assert days_of(repository, "new/c_csv")[1][0].startswith("the list begins here, where new/b_c")
    shallow = tmp_path / "shallow"
    subprocess.run(["git", "clone", "-q", "--depth=1", repository.as_uri(), shallow], check=True)
    assert "shallow clone" in days_of(shallow, "now/a_csv")[1][-1]


def test_one_process_reads_all_versions(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[list[str]] = []
    begin = subprocess.Popen.__init__

    def watched(self: Any, command: list[str], **rest: Any) -> None:
        started.append(command)
        begin(self, command, **rest)

    monkeypatch.setattr(subprocess.Popen, "__init__", watched)
    assert read(repository, "lists/a_csv", tmp_path / "files") == EXPECTED
    assert ["--batch" in command for command in started].count(True) == 1
    assert not [command for command in started if "show" in command or "blob" in command]


def test_what_a_repository_lacks_is_told(repository: Path, tmp_path: Path) -> None:
    with versions(repository, "lists/a_csv") as found:
        first, *_ = found.listed()
        (repository / ".git" / "objects" / first.blob[:2] / first.blob[2:]).unlink()
        with pytest.raises(InputError, match="does not hold what it names"):
            found.put(first, tmp_path)


def test_dated_folders_and_files(tmp_path: Path) -> None:
    for day, content in (("2021-07-21", "b"), ("2021-07-14", "a")):
        (tmp_path / day).mkdir()
        (tmp_path / day / "sdn.csv").write_text(content)
    (tmp_path / "notes").mkdir()
    found = read(tmp_path, "sdn.csv", tmp_path / "unused")
    assert found == [(date(2021, 7, 14), "a"), (date(2021, 7, 21), "b")]


def test_nothing_of_the_repository_is_run(repository: Path, tmp_path: Path) -> None:
    trap = tmp_path / "sprung"
    hook = f"#!/bin/sh\ntouch {trap}\n"
    for name in ("post-checkout", "reference-transaction", "fsmonitor"):
        file = repository / ".git" / "hooks" / name
        file.write_text(hook)
        file.chmod(0o755)
    with (repository / ".git" / "config").open("a") as config:
        config.write(
            f"[core]\n\tfsmonitor = touch {trap}\n\tpager = touch {trap}\n"
            f'[alias]\n\tlog = !touch {trap}\n[diff "x"]\n\ttextconv = touch {trap}\n'
        )
    (repository / ".git" / "info" / "attributes").write_text("* diff=x\n")
    assert read(repository, "lists/a_csv", tmp_path / "files") == EXPECTED
    assert not trap.exists()


def test_what_is_no_history_is_told(repository: Path, tmp_path: Path) -> None:
    with (
        pytest.raises(UsageError, match="changed such a path; did you mean 'lists/a_csv'"),
        versions(repository, "list/a.csv") as found,
    ):
        found.listed()
    (tmp_path / "a.bundle").write_text("nothing")
    with pytest.raises(UsageError, match="is no git bundle"), versions(tmp_path / "a.bundle", "a"):
        pass
    (tmp_path / "empty").mkdir()
    with (
        pytest.raises(UsageError, match="holds nothing with a day"),
        versions(tmp_path / "empty", ".") as found,
    ):
        found.listed()
    with pytest.raises(UsageError, match="there is no"), versions(tmp_path / "absent", "a"):
        pass


def test_a_version_without_the_list_is_told(repository: Path, tmp_path: Path) -> None:
    commit(repository, "2021-01-01", lists__a_csv=None)
    with versions(repository, "lists/a_csv") as found:
        last = found.listed()[-1]
        with pytest.raises(InputError, match="not there in this version"):
            found.put(last, tmp_path)


def test_arguments_are_no_options(repository: Path, tmp_path: Path) -> None:
    with pytest.raises(UsageError), versions(repository, "--output=/tmp/x") as found:
        found.listed()
