"""An engine of one's own, found as a file: embedded, it has its ledger beside the graph's file."""

from __future__ import annotations

from pathlib import Path

import pytest

import kg
from kg.base.errors import DatabaseError, UsageError
from kg.stores import file_of
from tests.command import run

ENGINE = """
from pathlib import Path

from kg.stores.kglite import KgliteStore

SCHEMES = ("boxed",)
EMBEDDED = {embedded}

def open_url(url, *, write=True):
    return KgliteStore(Path(url.partition("://")[2]), write=write)
"""
CLAIMS = """
document: {id: document:paper, name: Paper, date: 2020}
entities: {organization:press: Press, incident:theft: Theft, group:night: Night}
claims: [{asserter: organization:press, says: [incident:theft, ATTRIBUTED_TO, group:night]}]
"""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with claims, and an engine in a folder of its own that KG_PATH names."""
    (tmp_path / "mine" / "stores").mkdir(parents=True)
    (tmp_path / "mine" / "stores" / "boxed.py").write_text(ENGINE.format(embedded=True), "utf-8")
    (tmp_path / "claims.yaml").write_text(CLAIMS, encoding="utf-8")
    monkeypatch.setenv("KG_PATH", str(tmp_path / "mine"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("folder", ["", "deep/", "{here}/whole/"])
def test_its_ledger_lies_beside_its_file(here: Path, folder: str) -> None:
    folder = folder.format(here=here)
    with kg.open(f"boxed://{folder}one.box") as graph, kg.open(f"boxed://{folder}two.box") as other:
        assert graph.plan("claims.yaml").add["Group"] == 1, "there is no file yet"
        graph.build("claims.yaml")
        assert graph.query("MATCH (g:Group) RETURN g.id AS id")[:] == [{"id": "group:night"}]
        assert graph.ledger.folder == Path(f"{folder}one.box.ledger")
        assert other.plan("claims.yaml").add["Group"] == 1, "another graph, another ledger"
        with pytest.raises(UsageError, match="writing is for a server's database"):
            graph.query("CREATE (n:Own) RETURN n", write=True)
    assert (here / f"{folder}one.box.ledger" / "manifest.json").is_file()
    assert not (here / "kg.ledger").exists()


def test_the_command_knows_it_too(here: Path) -> None:
    asked = ("--db", "boxed://one.box")
    for words, code, said in (
        (("query", "MATCH (g:Group) RETURN g.name AS name"), 4, "no graph at one.box yet"),
        (("build", "claims.yaml"), 0, ""),
        (("query", "MATCH (g:Group) RETURN g.name AS name"), 0, "Night"),
        (("verify",), 0, ""),
    ):
        done = run(here, *words, *asked, KG_PATH=str(here / "mine"))
        assert done.returncode == code, done.stderr
        assert said in done.stdout + done.stderr
    assert (here / "one.box.ledger").is_dir()


def test_a_server_keeps_its_ledger_here(here: Path) -> None:
    (here / "mine" / "stores" / "boxed.py").write_text(ENGINE.format(embedded=False), "utf-8")
    assert kg.open("boxed://host").ledger.folder == Path("kg.ledger")
    assert kg.open("neo4j://host").ledger.folder == Path("kg.ledger")
    with pytest.raises((UsageError, DatabaseError), match="no engine speaks unheard"):
        kg.open("unheard://of").store  # noqa: B018


def test_which_file_a_name_names() -> None:
    assert file_of("a/b.kgl") == Path("a/b.kgl")
    assert file_of("neo4j://host") is None
    assert file_of("unheard://of") is None
