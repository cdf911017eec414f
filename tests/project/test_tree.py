"""What no file may hold: an index's address, a path of a machine, a sentence of the article."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

# Put together here so that this file does not hold what it looks for.
INDEX_HOSTS = tuple(
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("crates", "io"),
        ("proxy", "golang", "org"),
        ("maven", "apache", "org"),
        ("maven", "org"),
        ("deb", "debian", "org"),
        ("archive", "ubuntu", "com"),
        ("anaconda", "org"),
        ("jfrog", "io"),
    )
)
MACHINE_PATHS = (
    "/".join(("", "work", "")),
    "/".join(("", "root", "")),
    r"/" + r"(?:home|Users)/\w[\w.-]*/",
)
FORBIDDEN = (
    *(re.compile(rf"{re.escape(host)}\b(?<!\w{re.escape(host)})") for host in INDEX_HOSTS),
    *(re.compile(rf"/(?<![\w.:/-]/){path[1:]}") for path in MACHINE_PATHS),
    re.compile(r":\\" + r"Users\\"),
)
"""What may not come before is looked at last: a text is searched fast for a fixed beginning."""
WORDS_IN_A_ROW = 12


def files_of_the_project(root: Path) -> list[Path]:
    """Every file that git would commit."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=root,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    return [root / name for name in listed.split("\0") if name and (root / name).is_file()]


def runs_of_words(text: str, length: int = WORDS_IN_A_ROW) -> Iterator[tuple[str, ...]]:
    """Every run of that many words, letters' case and punctuation aside."""
    words = re.findall(r"\w+", text.casefold())
    return zip(*(words[start:] for start in range(length)), strict=False)


@pytest.fixture(scope="module")
def texts(root: Path) -> dict[str, str]:
    return {
        str(file.relative_to(root)): file.read_text(encoding="utf-8", errors="replace")
        for file in files_of_the_project(root)
    }


def test_the_files_are_found(texts: dict[str, str]) -> None:
    assert {"pyproject.toml", "kg/base/errors.py", "tests/project/test_tree.py"} <= set(texts)


def test_no_index_address_and_no_path_of_a_machine(texts: dict[str, str]) -> None:
    found = [
        f"{name}: {match.group()}"
        for name, text in texts.items()
        for pattern in FORBIDDEN
        for match in pattern.finditer(text)
    ]
    assert found == []


def test_no_path_of_this_machine(texts: dict[str, str], root: Path) -> None:
    here = f"{root}/"
    assert [name for name, text in texts.items() if here in text] == []


@pytest.mark.parametrize(
    "planted",
    [
        "https://files." + INDEX_HOSTS[1] + "/packages/x.whl",
        "index-url = https://" + INDEX_HOSTS[0] + "/simple",
        'open("' + MACHINE_PATHS[0] + 'main/kg")',
        "/".join(("", "home", "ada", "kg")),
        "/".join(("", "Users", "ada", "kg")),
        "\\".join(("C:", "Users", "ada")),
    ],
)
def test_the_search_finds_what_is_planted(planted: str) -> None:
    assert any(pattern.search(planted) for pattern in FORBIDDEN)


@pytest.mark.parametrize(
    "fine", ["https://example.org/" + "work/paper", "docs/" + "work/x", "~/.cache/kg"]
)
def test_the_search_lets_ordinary_text_pass(fine: str) -> None:
    assert not any(pattern.search(fine) for pattern in FORBIDDEN)


def test_no_sentence_of_the_article(texts: dict[str, str], shared: Path) -> None:
    article = (shared / "article.txt").read_text(encoding="utf-8")
    printed = set(runs_of_words(article))
    assert len(printed) > 100
    copied = {
        name: " ".join(run)
        for name, text in texts.items()
        for run in runs_of_words(text)
        if run in printed
    }
    assert copied == {}
