"""Files: all or nothing, where a name leads to; and only what kg wrote is removed or replaced."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

import kg
from kg.base import writing
from kg.base.errors import UsageError
from kg.base.written import RECORD, own
from tests.command import run
from tests.machine import files_no_larger_than

CLAIMS = """\
document: {id: document:paper, name: Paper, published_by: organization:press, date: 2019-09-13}
entities:
  organization:press: The Press
  organization:vendor: The Vendor
  incident:theft: The theft
  group:night: Night
claims:
- asserter: organization:vendor
  says: [incident:theft, ATTRIBUTED_TO, group:night]
"""


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small graph in it."""
    folder = tmp_path_factory.mktemp("graph")
    (folder / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    with kg.open(folder / "kg.kgl") as built:
        built.build([folder / "mine.yaml"])
    return folder


def held(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_there_is_one_place_that_writes_files(root: Path) -> None:
    other_ways = re.compile(r"""\.write_(text|bytes)\(|\bopen\([^)\n]*["'][wax]b?\+?["']""")
    found = {
        str(path.relative_to(root))
        for path in (root / "kg").rglob("*.py")
        if other_ways.search(path.read_text(encoding="utf-8"))
    }
    # One writes into a pipe that it made; the others into a folder of scratch, read and removed.
    scratch = {
        "kg/loaders/kit/parts.py",
        "kg/loaders/kit/versions.py",
        "kg/views/kit/still.py",
    }
    assert found <= {"kg/stores/fence.py", *scratch}


# How a file is written


def test_a_link_is_followed_and_its_file_keeps_its_mode(tmp_path: Path) -> None:
    target, link = tmp_path / "there" / "file", tmp_path / "link"
    target.parent.mkdir()
    target.write_text("old", encoding="utf-8")
    target.chmod(0o640)
    link.symlink_to(Path("there") / "file")
    writing.write_text(link, "new")
    assert link.is_symlink()
    assert target.read_text("utf-8") == "new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert [path.name for path in target.parent.iterdir()] == ["file"]


def test_a_link_to_what_is_not_there_yet_makes_it(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(tmp_path / "new" / "file")
    writing.write_text(link, "text")
    assert link.is_symlink()
    assert (tmp_path / "new" / "file").read_text("utf-8") == "text"


def test_a_link_to_itself_is_refused_and_kept(tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(link)
    with pytest.raises(OSError, match="link"):
        writing.write_text(link, "text")
    assert link.is_symlink()


def test_a_new_file_gets_the_mode_that_any_would(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    writing.write_text(tmp_path / "file", "text")
    assert (tmp_path / "file").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_device_is_written_into(tmp_path: Path) -> None:
    device = tmp_path / "null"
    try:
        os.mknod(device, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    except OSError as why:
        pytest.skip(f"no device can be made here: {why}")
    link = tmp_path / "link"
    link.symlink_to(device)
    for name in (device, link):
        with own(name) as file:
            file.write("text")
    assert stat.S_ISCHR(device.stat().st_mode)
    assert link.is_symlink()
    assert not (tmp_path / RECORD).exists()


def test_a_pipe_is_written_into(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    writing.write_bytes(pipe, b"text")
    reader.join()
    assert got == [b"text"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_what_standard_output_was_led_to_is_added_to(graph: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept"
    kept.write_text("before\n", encoding="utf-8")
    code = "from pathlib import Path; from kg.base.writing import write_text; " + (
        "write_text(Path('/dev/stdout'), 'after')"
    )
    with kept.open("a") as out:
        subprocess.run([sys.executable, "-c", code], stdout=out, check=True)
    assert kept.read_text("utf-8") == "before\nafter"


def test_a_folder_is_refused_with_a_name_in_it(graph: Path, tmp_path: Path) -> None:
    for command in (["render", "attribution"], ["export", "graphml"]):
        done = run(graph, *command, "--out", str(tmp_path))
        assert done.returncode == 2
        assert f"{tmp_path} is a folder; name a file in it" in done.stderr
    assert "is a folder" in run(graph, "render", "attribution", "--out", ".").stderr


def test_a_full_disk_leaves_the_old_file_and_names_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    with files_no_larger_than(1000), pytest.raises(OSError, match="large") as caught:
        writing.write_bytes(path, b"x" * 5000)
    assert (caught.value.errno, caught.value.filename) == (errno.EFBIG, str(path))
    assert held(tmp_path) == {"file": b"old"}


def test_a_failure_half_way_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("old", encoding="utf-8")
    with pytest.raises(TypeError), writing.writing(path) as file:
        file.writelines(["half", 5])
    assert held(tmp_path) == {"file": b"old"}


def test_what_a_dead_writer_left_is_removed_and_a_living_one_s_is_not(tmp_path: Path) -> None:
    left = tmp_path / f".kg-{'0' * 16}.part"
    left.write_text("half", encoding="utf-8")
    named_alike = tmp_path / ".kg-notes.part"
    named_alike.write_text("mine", encoding="utf-8")
    with writing.writing(tmp_path / "slow") as slow:
        slow.write("all of it")
        writing.write_text(tmp_path / "quick", "text")
    assert held(tmp_path) == {
        "slow": b"all of it",
        "quick": b"text",
        ".kg-notes.part": b"mine",
    }


# Whose a file is


def test_an_export_replaces_its_own_file_and_no_other(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for text in ("one", "two"):
        with own(path) as file:
            file.write(text)
    assert path.read_text("utf-8") == "two"
    path.write_text("two, and my notes", encoding="utf-8")
    with pytest.raises(UsageError, match="not as kg wrote it"), own(path) as file:
        file.write("three")
    assert path.read_text("utf-8") == "two, and my notes"
    path.write_text("", encoding="utf-8")  # as `mktemp` makes it: nothing is lost
    with own(path) as file:
        file.write("three")


def test_an_export_killed_as_it_swaps_is_still_known_as_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "file"
    with own(path) as file:
        file.write("one")
    with monkeypatch.context() as patch:
        plain = Path.replace
        dying = {path: lambda *_: (_ for _ in ()).throw(KeyboardInterrupt)}  # not as the record is
        patch.setattr(Path, "replace", lambda part, to: dying.get(to, plain)(part, to))
        with pytest.raises(KeyboardInterrupt), own(path) as file:
            file.write("two")
    with own(path) as file:
        file.write("three")
    assert path.read_text("utf-8") == "three"


def test_two_exports_into_one_folder_at_once_are_both_known(tmp_path: Path) -> None:
    def export(number: int) -> None:
        with own(tmp_path / str(number)) as file:
            file.write("text")

    threads = [threading.Thread(target=export, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    kept = json.loads((tmp_path / RECORD).read_text("utf-8"))["files"]
    assert set(kept) == set(map(str, range(8)))


@pytest.mark.parametrize("format_", ["graphml", "jsonl", "stix"])
def test_a_file_of_somebody_is_no_place_for_an_export(
    graph: Path, tmp_path: Path, format_: str
) -> None:
    path = tmp_path / "precious"
    path.write_text("mine", encoding="utf-8")
    done = run(graph, "export", format_, "--out", str(path))
    assert done.returncode == 2
    assert "--out names another place" in done.stderr
    assert held(tmp_path) == {"precious": b"mine"}


def test_the_import_folder_keeps_what_is_not_its_own(graph: Path, tmp_path: Path) -> None:
    mine = {"nodes-mine.csv": b"a", "edges-mine.csv": b"b", "import.sh": b"c", "notes.txt": b"d"}
    for name, content in mine.items():
        (tmp_path / name).write_bytes(content)
    done = run(graph, "export", "neo4j-admin", "--out", str(tmp_path))
    assert done.returncode == 2
    assert "holds other files" in done.stderr
    assert held(tmp_path) == mine


def test_the_import_folder_loses_the_files_of_an_earlier_export(
    graph: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run(graph, "export", "neo4j-admin", "--out", str(out)).returncode == 0
    for name in ("nodes-Earlier.csv", "nodes-Noted.csv"):
        with own(out / name) as file:
            file.write("id\n")
    (out / "nodes-Noted.csv").write_text("id\nand a note of mine\n", encoding="utf-8")
    before = held(out)
    again = run(graph, "export", "neo4j-admin", "--out", str(out))
    assert again.returncode == 2  # known before the first file is written, and not half-way
    assert "nodes-Noted.csv is there, and not as kg wrote it" in again.stderr
    assert held(out) == before
    (out / "nodes-Noted.csv").unlink()
    again = run(graph, "export", "neo4j-admin", "--out", str(out))
    assert again.returncode == 0, again.stderr
    assert not (out / "nodes-Earlier.csv").exists()
    (out / "import.sh").write_text("my own command", encoding="utf-8")
    before = held(out)
    assert run(graph, "export", "neo4j-admin", "--out", str(out)).returncode == 2
    assert held(out) == before


def test_a_build_leaves_a_page_of_somebody_and_the_graph_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    web = tmp_path / "web"
    web.mkdir()
    (web / "attribution.html").write_text("<h1>Mine</h1>", encoding="utf-8")
    before = held(tmp_path)
    done = run(tmp_path, "build", "mine.yaml", "--out", "web")
    assert done.returncode == 2
    assert "web/attribution.html is there, and no picture of kg's" in done.stderr
    assert held(tmp_path) == before
    assert run(tmp_path, "build", "mine.yaml", "--out", "pages").returncode == 0
    assert run(tmp_path, "build", "mine.yaml", "--out", "pages").returncode == 0
    for command in (
        ["attribution"],
        ["--query", "who_attributes", "-p", "incident=incident:theft"],
    ):
        done = run(tmp_path, "render", *command, "--out", "web/attribution.html")
        assert done.returncode == 2, done.stderr
    assert (web / "attribution.html").read_text("utf-8") == "<h1>Mine</h1>"


def test_the_browser_kit_leaves_a_style_sheet_of_somebody(tmp_path: Path) -> None:
    (tmp_path / "style.grass").write_text("node {}", encoding="utf-8")
    done = run(tmp_path, "browser", "--out", str(tmp_path))
    assert done.returncode == 2
    assert held(tmp_path) == {"style.grass": b"node {}"}
    assert run(tmp_path, "browser", "--out", str(tmp_path / "kit")).returncode == 0
    assert run(tmp_path, "browser", "--out", str(tmp_path / "kit")).returncode == 0


def test_a_ledger_is_not_made_among_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    mine = {"a.parquet": b"PAR1", "download.part": b"half", ".lock": b"mine"}
    for name, content in mine.items():
        (data / name).write_bytes(content)
    for ledger in ("data", "."):
        done = run(tmp_path, "build", "mine.yaml", "--ledger", ledger)
        assert done.returncode == 2, done.stderr
        assert "no ledger of kg: --ledger names a folder that is new" in done.stderr
        assert held(data) == mine
        assert not (tmp_path / "kg.kgl").exists()
    assert run(data, "query", "who_attributes", "--ledger", ".").returncode == 4  # no graph there


def test_a_manifest_of_something_else_is_not_taken_for_a_ledger_s(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    app = tmp_path / "app"
    app.mkdir()
    (app / "manifest.json").write_text('{"name": "My app", "version": 1}', encoding="utf-8")
    done = run(tmp_path, "build", "mine.yaml", "--ledger", "app")
    assert done.returncode == 2, done.stderr
    assert "manifest.json" in done.stderr
    assert list(held(app)) == ["manifest.json"]


def test_the_folder_one_stands_in_can_be_a_ledger(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    place = tmp_path / "place"
    place.mkdir()
    command = ["build", "../mine.yaml", "--ledger", ".", "--db", "../g.kgl", "--out", "../out"]
    assert run(place, *command).returncode == 0
    assert (place / "manifest.json").exists()


def test_foreign_files_in_a_ledger_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(CLAIMS, encoding="utf-8")
    assert run(tmp_path, "build", "mine.yaml").returncode == 0
    mine = {"other.parquet": b"PAR1", "x.part": b"half", "b-0123456789abcdef.parquet": b"PAR1"}
    for name, content in mine.items():
        (tmp_path / "kg.ledger" / name).write_bytes(content)
    (tmp_path / "mine.yaml").write_text(CLAIMS.replace("Night", "Nights"), encoding="utf-8")
    assert run(tmp_path, "build", "mine.yaml").returncode == 0
    after = held(tmp_path / "kg.ledger")
    assert mine.items() <= after.items()
    # Two: the state before is kept, for `kg diff`.
    assert len([name for name in after if name.startswith("mine-")]) == 2
