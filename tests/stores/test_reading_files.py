"""No statement reads a file of the machine, however it is written: what the embedded engine would
run LOAD CSV for is refused, judged by what the engine itself does with the same text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import kglite
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import kg
from kg.base.errors import DatabaseError, UsageError
from kg.stores.fence import fenced
from kg.stores.kglite import Judge, KgliteStore

NOWHERE = "/no/such/folder/file.csv"
OPENS = "LOAD CSV cannot open"
"""What the engine says of a file that is not there: it has tried."""

SECRET = "only the owner may read this"


PAPER = """\
document: {id: document:paper, name: A paper, date: 2020}
entities: {group:night: Night, incident:theft: The theft}
claims:
- says: [incident:theft, ATTRIBUTED_TO, group:night]
"""


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "secret.csv"
    path.write_text(f"{SECRET}\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory) -> Iterator[kg.KnowledgeGraph]:
    folder = tmp_path_factory.mktemp("graph")
    (folder / "paper.yaml").write_text(PAPER, encoding="utf-8")
    with kg.open(folder / "graph.kgl") as graph:
        graph.build([folder / "paper.yaml"])
        yield graph


def spellings(file: str) -> list[str]:
    load = f"FROM '{file}' AS x RETURN x"
    return [
        f"LOAD CSV {load}",
        f"RETURN 'a\\u0027' AS x UNION ALL LOAD CSV {load}",
        f'RETURN "a\\u0022" AS x UNION load csv {load}',
        f"RETURN 1 AS x EXCEPT LOAD CSV {load}",
        f"`load` `CSV` {load}",
        f"`LOAD`csv {load}",
        f"LOAD//\nCSV {load}",
        f"; LOAD CSV {load}",
        f"PROFILE LOAD CSV {load}",
        f"CYPHER 25 LOAD CSV {load}",
        f"FOR VALID_TIME ALL LOAD CSV {load}",
        f"RETURN '// ' AS x UNION ALL LOAD CSV {load}",
        f"RETURN '\\\\' AS x UNION ALL LOAD CSV {load} // '",
        f"LOAD CSV WITH HEADERS {load}",
    ]


@pytest.mark.parametrize("number", range(len(spellings(""))))
def test_no_way_in_prints_a_file(
    number: int, secret: Path, graph: kg.KnowledgeGraph, tmp_path: Path
) -> None:
    assert ran(spellings(NOWHERE)[number]), "the engine alone would read it"
    statement = spellings(str(secret))[number]
    ways: tuple[Callable[[], object], ...] = (
        lambda: graph.query(statement),
        lambda: graph.query(statement, as_of="2020-12-31"),
        lambda: graph.render_query(statement, tmp_path / "out.html"),
        lambda: graph.store.query(statement),
    )
    for way in ways:
        with pytest.raises(UsageError, match="a query reads the graph only"):
            way()


def test_a_saved_question_of_ones_own_reads_no_file(
    secret: Path, graph: kg.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "own" / "cypher").mkdir(parents=True)
    question = (
        "// title: Steal\n// question: What?\n// columns: x\n// means: It.\n// not: More.\n"
        f"{spellings(str(secret))[1]}\n"
    )
    (tmp_path / "own" / "cypher" / "steal.cypher").write_text(question, encoding="utf-8")
    monkeypatch.setenv("KG_PATH", str(tmp_path / "own"))
    with pytest.raises(UsageError, match="a query reads the graph only"):
        graph.query("steal")


def test_every_way_in_is_behind_the_fence(
    secret: Path, graph: kg.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Judge, "refuse", lambda *_: None)
    statement = spellings(str(secret))[0]
    ways: tuple[Callable[[], object], ...] = (
        lambda: graph.query(statement),
        lambda: graph.query(statement, as_of="2020-12-31"),
        lambda: graph.render_query(statement, tmp_path / "out.html"),
    )
    for way in ways:
        with pytest.raises(DatabaseError, match="Too many open files"):
            way()


def test_the_system_refuses_what_the_judge_would_miss(
    secret: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Judge, "refuse", lambda *_: None)
    store = KgliteStore()
    assert SECRET in str(store.query(spellings(str(secret))[0]).rows), "no judge, no fence"
    with pytest.raises(DatabaseError, match="Too many open files"):
        store.query(spellings(str(secret))[0], bounded=True)


def test_work_behind_the_fence_opens_and_connects_to_nothing(secret: Path) -> None:
    import socket

    def opened() -> str:
        return secret.read_text(encoding="utf-8")

    def connected() -> str:
        return str(socket.socket())

    for work in (opened, connected):
        with pytest.raises(DatabaseError, match="Too many open files"):
            fenced(work, 10)


# What the engine would run, and what is let through

PIECES = st.sampled_from(
    [
        *("LOAD", "load", "CSV", "csv", "`LOAD`", "`csv`", "LOAD CSV", "load\tcsv", "Load\nCsv"),
        *(f"FROM '{NOWHERE}' AS x", f'FROM "{NOWHERE}" AS x RETURN x', "AS x", "RETURN x"),
        *(
            f"LOAD CSV FROM '{NOWHERE}' AS x RETURN x",
            f"load//\ncsv FROM '{NOWHERE}' AS x RETURN x",
        ),
        *("RETURN 1 AS x", "RETURN 'a' AS x", "UNION", "UNION ALL", "EXCEPT", "INTERSECT", ";"),
        *("RETURN '", "' AS x", 'RETURN "', '" AS x', "'", '"', "`", "``", "\\'", '\\"', "\\\\"),
        *(
            "\\u0027",
            "\\u0022",
            "\\u0060",
            "\\u000a",
            "\\u004c",
            "\\uuu0027",
            "\\",
            "//",
            "/*",
            "*/",
        ),
        *("\n", "\r", " ", "\t", "\u00a0", "\u2028", "\0", "EXPLAIN", "PROFILE", "CYPHER 5"),
        *("FOR VALID_TIME ALL", "UNWIND [1] AS y", "CALL {", "}", "WITH 1 AS x", "FORMAT CSV"),
    ]
)
ODD = st.sampled_from(
    [
        *("'", '"', "`", "``", "\\'", '\\"', "\\\\", "\\", "//", "/*", "*/", "\n", "a", " "),
        *("\\u0027", "\\u0022", "\\u0060", "\\u000a", "\\u005c", "LOAD CSV", "\u2028"),
    ]
)
"""What one reader takes for the end of a text, and another does not."""

LOADS = st.sampled_from(["LOAD CSV", "load\ncsv", "`LOAD` CSV", "load//\ncsv", "LOAD `csv`"]).map(
    lambda words: f"{words} FROM '{NOWHERE}' AS x RETURN x"
)


@st.composite
def framed(draw: st.DrawFn) -> str:
    """A text or a name with odd letters in it, then perhaps LOAD CSV, then odd letters again."""
    quote = draw(st.sampled_from(["'", '"', "`"]))
    inside = "".join(draw(st.lists(ODD, max_size=4)))
    first = (
        f"RETURN {quote}{inside}{quote} AS x" if quote != "`" else f"RETURN 1 AS {quote}{inside}`"
    )
    between = draw(st.sampled_from([" UNION ALL ", "\nUNION ", " // '\nEXCEPT ", " ; "]))
    return first + between + draw(LOADS) + "".join(draw(st.lists(ODD, max_size=3)))


PIECEWISE = st.lists(PIECES, min_size=1, max_size=9)
STATEMENTS = framed() | PIECEWISE.map(" ".join) | PIECEWISE.map("".join)


def ran(statement: str) -> bool:
    """Whether the engine, asked without us, opens the file that a statement names."""
    graph = kglite.KnowledgeGraph()
    graph.read_only(True)
    try:
        graph.cypher(statement, timeout_ms=2000)
    except (kglite.KgError, ValueError) as why:
        return OPENS in str(why)
    return False


def judged(statement: str) -> None:
    judge = Judge()
    try:
        judge.refuse(statement)
    except UsageError:
        return
    assert not ran(statement), statement


@given(STATEMENTS)
@settings(max_examples=300, deadline=None)
def test_whatever_the_engine_would_load_for_is_refused(statement: str) -> None:
    judged(statement)


@pytest.mark.soak
@given(STATEMENTS)
@settings(max_examples=10_000, deadline=None)
def test_whatever_the_engine_would_load_for_is_refused_often(statement: str) -> None:
    judged(statement)


KNOWN = Path(__file__).with_name("kglite_can_run.txt")


def test_what_the_engine_can_run_has_been_looked_at() -> None:
    """A version of the engine with a procedure or function that we have not read about fails here:
    read what it does, and add it to the list if it reads no file and asks no network."""
    found = {
        name
        for what in ("PROCEDURES", "FUNCTIONS")
        for (name,) in KgliteStore().query(f"SHOW {what} YIELD name").rows
    }
    assert found - set(KNOWN.read_text(encoding="utf-8").split()) == set()
