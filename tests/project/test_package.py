"""The wheel carries all that `kg build` needs, so that it works where no checkout is."""

from __future__ import annotations

import fnmatch
import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest

# A fresh terminal's environment: nothing that leads back to this checkout or to a server.
CLEAN = {
    key: value
    for key, value in os.environ.items()
    if not key.startswith(("KG_", "NEO4J_", "PYTHON", "VIRTUAL_ENV"))
}


def build(root: Path, target: str, folder: Path) -> Path:
    """Build one distribution; its tools are those that `.[test]` installs."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder)]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel as pip builds it."""
    folder = tmp_path_factory.mktemp("wheel")
    command = [
        *(sys.executable, "-m", "pip", "wheel", ".", "--quiet"),
        *("--no-deps", "--no-build-isolation", "--wheel-dir", str(folder)),
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (made,) = folder.glob("*.whl")
    return made


@pytest.fixture(scope="module")
def names(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as opened:
        return set(opened.namelist())


@pytest.fixture(scope="module")
def unzipped(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("unzipped")
    with zipfile.ZipFile(wheel) as opened:
        opened.extractall(folder)
    return folder


def tracked(root: Path, folder: str) -> set[str]:
    """The files of a folder that git knows or would take."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", folder]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout
    return {name for name in listed.split("\0") if name and (root / name).is_file()}


def test_wheel_holds_the_whole_package(root: Path, names: set[str]) -> None:
    files = tracked(root, "kg")
    assert "kg/py.typed" in files
    assert files <= names


@pytest.mark.parametrize("folder", ["cypher", "seed"])
def test_wheel_holds_questions_and_seed(root: Path, names: set[str], folder: str) -> None:
    files = tracked(root, folder)
    assert files, f"{folder}/ holds nothing"
    assert {f"kg/_data/{file}" for file in files} <= names


@pytest.mark.parametrize(
    "kind",
    [
        "kg/ontology/nodes/*.yaml",
        "kg/ontology/edges/*.yaml",
        "kg/views/*.html",
        "kg/_data/cypher/*.cypher",
        "kg/_data/seed/*.yaml",
    ],
)
def test_wheel_holds_each_kind_of_data(names: set[str], kind: str) -> None:
    assert fnmatch.filter(names, kind)


def test_wheel_holds_nothing_else(names: set[str]) -> None:
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"kg"}
    assert not [name for name in names if "__pycache__" in name]


def test_wheel_declares_the_command_and_its_python(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as opened:
        read = {
            Path(name).name: opened.read(name).decode()
            for name in opened.namelist()
            if ".dist-info/" in name
        }
    assert "kg = kg.cli.commands:main" in read["entry_points.txt"]
    metadata = Parser().parsestr(read["METADATA"])
    assert metadata["Requires-Python"] == ">=3.11"
    assert {"LICENSE", "NOTICE"} <= set(read)


def test_source_distribution_gives_the_same_wheel(
    root: Path, names: set[str], tmp_path: Path
) -> None:
    archive = build(root, "sdist", tmp_path / "sdist")
    with tarfile.open(archive) as opened:
        opened.extractall(tmp_path, filter="data")
    (source,) = tmp_path.glob("kg_who_says_so-*")
    again = build(source, "wheel", tmp_path / "wheel")
    with zipfile.ZipFile(again) as opened:
        assert set(opened.namelist()) == names


def test_kg_builds_in_an_empty_folder(unzipped: Path, tmp_path: Path) -> None:
    """One of the sources that the wheel holds; the soak builds all of them."""
    source = unzipped / "kg" / "_data" / "seed" / "sputnik-2019-09.yaml"
    done = subprocess.run(
        [sys.executable, "-m", "kg", "build", source],
        cwd=tmp_path,
        env={**CLEAN, "PYTHONPATH": str(unzipped)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*")}
    assert {"kg.kgl", "kg.ledger", "out/attribution.html", "out/diplomacy.html"} <= made


def test_that_build_used_the_wheel(unzipped: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import kg; print(kg.__file__)"],
        cwd=tmp_path,
        env={**CLEAN, "PYTHONPATH": str(unzipped)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert Path(done.stdout.strip()).is_relative_to(unzipped)


@pytest.mark.soak
def test_pip_installs_the_wheel_and_kg_builds(root: Path, wheel: Path, tmp_path: Path) -> None:
    venv.create(tmp_path / "venv", with_pip=True)
    binaries = tmp_path / "venv" / "bin"
    work = tmp_path / "work"
    work.mkdir()

    def run(*command: str | Path) -> str:
        done = subprocess.run(
            command, cwd=work, env=CLEAN, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    pins = root / "constraints.txt"
    run(binaries / "python", "-m", "pip", "install", "--quiet", "-c", pins, wheel)
    run(binaries / "kg", "build")
    assert (work / "out" / "attribution.html").stat().st_size > 100_000
    rows = run(binaries / "kg", "query", "--format", "json", "MATCH (i:Incident) RETURN i.id AS id")
    assert '"incident:wannacry"' in rows
