"""The ledger: the old one or the new one, whatever happens; damage is told, and can be mended."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base.errors import DatabaseError
from kg.base.limits import raised
from kg.claims.columns import STATEMENTS
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.ledger import ledger as ledger_module
from kg.ledger.ledger import Batch, Ledger, Manifest, among
from kg.ontology import load as ontology
from tests.ledger.ledger_writer import DEAD, write

WRITER = Path(__file__).with_name("ledger_writer.py")


def killed(figure: str, steps: Mapping[Path, int]) -> list[str]:
    """How a writer of each ledger ended, who dies at that step (0: does not)."""
    given = [word for folder, step in steps.items() for word in (str(folder), str(step))]
    command = [sys.executable, str(WRITER), figure, *given]
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=WRITER.parents[2]
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def figures(ledger: Ledger) -> list[float]:
    return [n for n in ledger.read()["number"].to_list() if n is not None]


def test_a_crash_at_any_step_leaves_the_old_ledger_or_the_new_one(tmp_path: Path) -> None:
    first = tmp_path / "first.ledger"
    write(Ledger(first), "1")
    old = Ledger(first).manifest()
    whole = tmp_path / "whole.ledger"
    shutil.copytree(first, whole)
    steps = int(*killed("2", {whole: 0}))
    assert steps > 15
    new = Ledger(whole).manifest()
    assert new.id != old.id
    found = []
    folders = {tmp_path / f"{step}.ledger": step for step in range(1, steps + 1)}
    for folder in folders:
        shutil.copytree(first, folder)
    assert killed("2", folders) == [f"ended with {DEAD}"] * steps
    for folder in folders:
        ledger = Ledger(folder)
        assert ledger.manifest().id in (old.id, new.id)
        found.append(ledger.manifest().id == new.id)
        assert figures(ledger) == ([2.0, 2.0] if found[-1] else [1.0, 1.0])
        # The next writer is not held up by the dead one, and clears up after it.
        assert write(ledger, "3").id == ledger.manifest().id
        left = {path.name for path in folder.iterdir() if not path.name.startswith(".")}
        files = {e.file for state in ledger.states() for e in state.manifest.entries}
        assert left == {"manifest.json", *files}
    assert found == sorted(found), "once new, the ledger stays new"
    assert set(found) == {False, True}


def test_a_second_writer_is_refused_at_once(tmp_path: Path) -> None:
    with Ledger(tmp_path / "a").writing():
        with (
            pytest.raises(DatabaseError, match="another process"),
            Ledger(tmp_path / "a").writing(),
        ):
            pass
        (other,) = killed("1", {tmp_path / "a": 0})
        assert "another process" in other
    write(Ledger(tmp_path / "a"), "1")


def batch(name: str, figure: str, summary: str = "") -> Batch:
    emit = Emitter(Source(name), ontology())
    emit.entity("incident:theft", "The theft")
    emit.claim("incident:theft", "amount_stolen", figure, summary=summary or None)
    return Batch(emit.source, emit.finish())


@given(
    names=st.lists(
        st.text(st.characters(codec="utf-8"), min_size=1, max_size=8),
        min_size=1,
        max_size=4,
        unique=True,
    ),
    data=st.data(),
)
@settings(max_examples=15)
def test_the_manifest_id_depends_on_content_alone(
    tmp_path_factory: pytest.TempPathFactory, names: list[str], data: st.DataObject
) -> None:
    first = Ledger(tmp_path_factory.mktemp("ledger"))
    second = Ledger(tmp_path_factory.mktemp("ledger"))
    manifest = first.stage([batch(name, "5") for name in names], onto=Manifest())
    first.commit(manifest)
    grown = Manifest()
    for name in data.draw(st.permutations(names)):
        grown = second.stage([batch(name, "5")], onto=grown)
    assert grown.id == manifest.id
    assert first.read().height == 2 * len(names), "odd names do not share a file"
    changed = second.stage([batch(names[0], "6")], onto=grown)
    assert changed.id != manifest.id
    assert second.stage([batch(names[0], "5")], onto=changed).id == manifest.id


def commit(ledger: Ledger, *batches: Batch, onto: Manifest | None = None) -> Manifest:
    manifest = ledger.stage(batches, onto=onto or Manifest())
    ledger.commit(manifest)
    return manifest


def recorded(ledger: Ledger) -> dict[str, object]:
    rows = ledger.read().filter(~pl.col("declared"))
    return dict(rows.select("value", "recorded").iter_rows())


def test_a_claim_keeps_the_time_of_its_first_recording(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    commit(ledger, batch("one", "5"))
    first = recorded(ledger)["5"]
    assert first is not None
    commit(ledger, batch("one", "5", "said otherwise"), batch("two", "5"), batch("three", "6"))
    now = ledger.read().filter(~pl.col("declared"))
    assert now.filter(pl.col("value") == "5")["recorded"].unique().to_list() == [first]
    assert now.filter(pl.col("value") == "6")["recorded"].item() > first


def test_a_ledger_that_is_not_there_is_empty(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path / "none")
    assert not ledger.exists
    assert ledger.manifest() == Manifest()
    assert ledger.read().is_empty()


ENTRY = (
    '{"version": 2, "id": "0", "entries": [{"source": {"name": "one"}, '
    '"file": %s, "hash": "0", "checksum": "0", "rows": %s}]}'
)

DAMAGED = {
    "no JSON": ("", "damaged"),
    "another shape": ("[]", "damaged"),
    "half": ('{"version": 2, "id": "0', "damaged"),
    "no entries": ('{"version": 2, "id": "0"}', "damaged"),
    "entries of text": ('{"version": 2, "id": "0", "entries": ["a"]}', "damaged"),
    "an id of another": ('{"version": 2, "id": "0", "entries": []}', "damaged"),
    "no file": (ENTRY % ("null", 1), "None is not the name of a source's file"),
    "a file elsewhere": (ENTRY % ('"../mine.yaml"', 1), "is not the name of a source's file"),
    "rows of text": (ENTRY % ('"one-0123456789abcdef.parquet"', '"1"'), "not what kg writes"),
    "another version": ('{"version": 99, "id": "0", "entries": []}', "version 99"),
}


@pytest.mark.parametrize("what", DAMAGED)
def test_a_damaged_manifest_is_told_and_can_be_replaced(tmp_path: Path, what: str) -> None:
    text, word = DAMAGED[what]
    ledger = Ledger(tmp_path)
    write(ledger, "1")
    (tmp_path / "manifest.json").write_text(text, encoding="utf-8")
    with pytest.raises(DatabaseError, match=word) as told:
        ledger.read()
    assert "hold one, two: `kg build --replace`" in str(told.value) or what == "another version"
    write(ledger, "2")
    assert figures(ledger) == [2.0, 2.0]
    left = {path.name for path in tmp_path.glob("*.parquet")}
    assert left == {entry.file for entry in ledger.manifest().entries}


@pytest.mark.parametrize("how", ["gone", "cut", "one bit", "another's"])
def test_a_damaged_source_file_is_told_and_can_be_replaced(tmp_path: Path, how: str) -> None:
    ledger = Ledger(tmp_path)
    commit(ledger, batch("one", "1"), batch("two", "1"))
    one, two = (tmp_path / entry.file for entry in ledger.manifest().entries)
    if how == "gone":
        one.unlink()
    elif how == "cut":
        one.write_bytes(one.read_bytes()[:-100])
    elif how == "one bit":
        raw = bytearray(one.read_bytes())
        raw[len(raw) // 2] ^= 1
        one.write_bytes(raw)
    else:
        shutil.copy(two, one)
    with pytest.raises(DatabaseError, match=r"load one again"):
        ledger.read()
    others = Manifest(ledger.manifest().entries[1:])
    commit(ledger, batch("one", "1"), onto=others)
    assert figures(ledger) == [1.0, 1.0]


@pytest.mark.parametrize("how", ["as it was", "copied", "of an older kg"])
def test_some_rows_are_read_without_the_rest(
    tmp_path: Path, how: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger = Ledger(tmp_path / "one")
    commit(ledger, batch("one", "1"), batch("two", "1"))
    if how == "copied":
        shutil.copytree(ledger.folder, tmp_path / "other", copy_function=shutil.copyfile)
        ledger = Ledger(tmp_path / "other")
    elif how == "of an older kg":
        path = ledger.folder / "manifest.json"
        kept = json.loads(path.read_text(encoding="utf-8"))
        for entry in kept["entries"]:
            del entry["written"]
        path.write_text(json.dumps(kept), encoding="utf-8")
    else:
        monkeypatch.setattr("kg.ledger.ledger._whole", None)  # would read the file
    assert ledger.manifest().entries
    subject = pl.col("subject") == "incident:theft"
    whole = [] if how == "as it was" else ledger.read().filter(subject).rows()
    found = ledger.read(where=subject)
    assert found["subject"].unique().to_list() == ["incident:theft"]
    assert how == "as it was" or found.rows() == whole


def test_a_file_that_was_written_again_is_looked_at_as_a_whole(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    commit(ledger, batch("one", "1"))
    path = tmp_path / ledger.manifest().entries[0].file
    rows = pl.read_parquet(path).with_columns(hedge=pl.lit("perhaps"))
    rows.write_parquet(path)
    with pytest.raises(DatabaseError, match=r"is damaged: load one again"):
        ledger.read(where=pl.col("subject") == "incident:theft")


def test_of_a_column_with_an_order_only_some_is_among_ids(tmp_path: Path) -> None:
    frame = pl.DataFrame({"subject": ["a:1", "a:2", "b:1", "b:3", None]})
    wanted = pl.Series(["a:2", "b:3", "c:1", None])
    assert frame.filter(among("subject", wanted))["subject"].to_list() == ["a:2", "b:3"]
    assert frame.filter(among("subject", wanted.clear())).is_empty()


def test_a_manifest_edited_by_hand_is_not_believed(tmp_path: Path) -> None:
    ledger = Ledger(tmp_path)
    write(ledger, "1")
    path = tmp_path / "manifest.json"
    kept = json.loads(path.read_text("utf-8"))
    del kept["entries"][0]
    path.write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(DatabaseError, match="damaged"):
        ledger.manifest()


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with (
        pytest.raises(DatabaseError, match="cannot be written"),
        Ledger(tmp_path / "file").writing(),
    ):
        pass


def test_a_reader_whom_a_writer_overtakes_reads_the_new_ledger(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(Ledger(tmp_path), "1")
    old = Ledger(tmp_path).manifest()
    with raised(["states=0"]):  # the files that it wants are gone
        write(Ledger(tmp_path), "2")
    reader, seen = Ledger(tmp_path), [old]
    fresh = reader.manifest
    monkeypatch.setattr(reader, "manifest", lambda: seen.pop() if seen else fresh())
    assert figures(reader) == [2.0, 2.0]


def test_a_column_that_came_later_is_empty_in_files_from_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Ledger(tmp_path / "l")
    with monkeypatch.context() as before:
        before.setattr(ledger_module, "STATEMENTS", dict(list(STATEMENTS.items())[:-1]))
        kept.commit(kept.stage([batch("a", "5")], onto=Manifest()))
    rows = kept.read()
    assert rows.schema == STATEMENTS
    assert rows.height
    assert rows[list(STATEMENTS)[-1]].null_count() == rows.height
