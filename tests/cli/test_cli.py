"""The command, from outside: what it prints where, and with which exit code."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
from click.testing import CliRunner

from kg import views
from kg.base.settings import shipped
from kg.cli.commands import cli
from kg.cli.screen import Screen
from kg.cli.terminal import Terminal
from kg.loaders import loaders
from kg.loaders.kit.sources import known_sources
from tests.command import CLEAN, Done, run
from tests.portion import soaked

KG = [sys.executable, "-m", "kg"]


@pytest.fixture(scope="module")
def built(first_build: Done, built_seed: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert first_build.stdout == ""
    assert "out/attribution.html" in first_build.stderr
    assert "kg query who_attributes" in first_build.stderr
    assert (built_seed / "out" / "diplomacy.html").is_file()
    return Path(shutil.copytree(built_seed, tmp_path_factory.mktemp("cli") / "built"))


def commands(group: click.Group, before: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    for name, command in group.commands.items():
        yield (*before, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*before, name))


def examples() -> list[str]:
    """Every line of a help text that starts with `kg`, without what explains it."""
    found = []
    for path in [(), *commands(cli)]:
        command: Any = cli
        for name in path:
            command = command.commands[name]
        lines = [line.strip() for line in (command.help or "").splitlines()]
        found += [re.split(r"\s{3,}", line)[0] for line in lines if line.startswith("kg ")]
    return sorted(set(found))


NEEDS = re.compile(
    r"neo4j://|enterprise-attack|attack:|misp:|notes/|--history|kg mcp|kg serve"
    r"|report\.pdf|--review|kg ach \S+ (judge|withdraw)"
)
"""A server (or what is one), a person's judgement, or data that does not ship with the project."""

RUN = ("kg build",)
"""What `built` comes of."""

MADE = {
    "my-claims.yaml": """\
document: {id: document:mine, name: Mine, date: 2020}
entities: {incident:mine: Mine}
claims:
- says: [incident:mine, occurred, 2019]
""",
    "article.txt": "A title\n\nThe Treasury said that Lazarus Group was behind WannaCry.\n",
    "sources.yaml": "sources:\n- {name: mine, format: claims, file: my-claims.yaml}\n",
    "watched.yaml": "ids: [group:lazarus-group]\n",
}


def one_of_each(lines: list[str]) -> list[Any]:
    """The longest of each command whose examples the README does not run in the normal run, all in
    the soak."""
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    longest = {line.split()[1]: line for line in sorted(lines, key=len)}
    asked = {line for name, line in longest.items() if f"\n$ kg {name}" not in readme}
    return [line if line in asked else soaked(line) for line in lines]


@pytest.mark.parametrize(
    "example",
    one_of_each([one for one in examples() if not (NEEDS.search(one) or one in RUN)]),
)
def test_the_examples_in_the_help_run(built: Path, tmp_path: Path, example: str) -> None:
    for name, text in MADE.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    for file in built.glob("kg*"):
        (tmp_path / file.name).symlink_to(file)
    changes = example.split()[1] in ("build", "load", "unload", "update", "sync")
    graph = {"KG_DB": "mine.kgl"} if changes and "--db" not in example else {}
    if example.split()[1] in ("sync", "unload"):
        shutil.copy(built / "kg.kgl", tmp_path / "mine.kgl")
        shutil.copytree(built / "kg.ledger", tmp_path / "mine.ledger")
        example = example.replace("--ledger kg.ledger", "")
    done = run(tmp_path, *shlex.split(example)[1:], **graph)
    allowed = {0, 1} if example.startswith(("kg plan", "kg diff monday")) else {0}
    assert done.returncode in allowed, (example, done.stderr)


def test_examples_are_many_enough_to_be_worth_the_name() -> None:
    assert len(examples()) >= len(list(commands(cli)))


DOCUMENTS: dict[str, type] = {
    "check my-claims.yaml": dict,
    "query": list,
    "query who_attributes": list,
    "query who_attributes --describe": list,
    "query 'MATCH (g:Group) RETURN g.id AS id, g AS node LIMIT 2'": list,
    "query sanctions --as-of 2018-12-31": list,
    "query who_attributes --according-to agency:us-treasury": list,
    "explain incident:wannacry": dict,
    "render": list,
    "render attribution --out one.html": dict,
    "identity": list,
    "analyze": list,
    "analyze independent_support": dict,
    "export": list,
    "export jsonl --out all.jsonl": dict,
    "sources": list,
    "ontology": dict,
    "sync": dict,
}


@pytest.mark.parametrize("command", DOCUMENTS)
def test_json_is_one_document_and_nothing_else(built: Path, command: str) -> None:
    (built / "my-claims.yaml").write_text(MADE["my-claims.yaml"], encoding="utf-8")
    done = run(built, *shlex.split(command), "--format", "json")
    assert done.returncode == 0, done.stderr
    assert isinstance(json.loads(done.stdout), DOCUMENTS[command])


def test_a_question_about_what_is_not_there_says_so_beside_the_empty_answer(built: Path) -> None:
    done = run(built, "query", "who_attributes", "-p", "incident=incident:wanacry")
    assert "0 rows\nincident: nothing is called 'incident:wanacry'; did you mean" in done.stderr
    done = run(built, *shlex.split("query who_attributes -p incident=incident:x --format json"))
    assert (done.returncode, done.stdout) == (0, "[]\n")
    assert "nothing is called 'incident:x'" in done.stderr


def test_what_changes_a_graph_says_so_as_json_too(tmp_path: Path) -> None:
    (tmp_path / "my-claims.yaml").write_text(MADE["my-claims.yaml"], encoding="utf-8")
    planned = run(tmp_path, "plan", "my-claims.yaml", "--format", "json")
    assert planned.returncode == 1
    made = run(tmp_path, "build", "my-claims.yaml", "--format", "json")
    document = json.loads(made.stdout)
    assert document["plan"]["add"] == json.loads(planned.stdout)["add"] == document["counts"]
    assert all(Path(tmp_path, picture).is_file() for picture in document["pictures"])
    again = run(tmp_path, "load", "claims", "my-claims.yaml", "--format", "json")
    assert json.loads(again.stdout)["plan"] == {"add": {}, "change": {}, "remove": {}}
    assert "replaces" in again.stderr
    after = run(tmp_path, "plan", "my-claims.yaml", "--format", "json")
    assert (after.returncode, json.loads(after.stdout)) == (
        0,
        {"add": {}, "change": {}, "remove": {}},
    )


def test_a_large_graph_is_drawn_when_somebody_asks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "my-claims.yaml").write_text(MADE["my-claims.yaml"], encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    small = CliRunner().invoke(cli, ["build", "my-claims.yaml"])
    drawn = [path.name for path in sorted(Path("out").iterdir())]
    assert drawn == ["attribution.html", "diplomacy.html", "index.html"], small.output
    monkeypatch.setattr(views, "UNASKED", 0)
    large = CliRunner().invoke(cli, ["build", "my-claims.yaml", "--format", "json"])
    assert json.loads(large.stdout)["pictures"] == []
    assert re.search(r"nothing: \d nodes are more than .*`kg render attribution`", large.stderr)
    assert not Path("out", "attribution.html").exists()  # it would show what was there before


def test_problems_are_one_document_too(tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("entities: {gruop:night: Night}\n", encoding="utf-8")
    done = run(tmp_path, "check", "bad.yaml", "--format", "json")
    assert done.returncode == 3
    (problem,) = json.loads(done.stdout)["problems"]
    assert problem["place"] == "bad.yaml:1"
    assert problem["near"] == ["group:night"]
    assert "bad.yaml:1" in done.stderr


EXIT_CODES = {
    "done": (["query", "who_attributes"], 0),
    "a plan with differences": (["plan", "small.yaml"], 1),
    "seeds without any": (["build", "nothing"], 2),
    "an unknown command": (["bulid"], 2),
    "an unknown option": (["query", "--fromat", "json"], 2),
    "an unknown question": (["query", "who_atributes"], 2),
    "an unknown parameter": (["query", "who_attributes", "-p", "incdent=x"], 2),
    "a parameter without value": (["query", "who_attributes", "-p", "incident"], 2),
    "Cypher that is none": (["query", "MATCH nothing at all"], 2),
    "Cypher that writes": (["query", "CREATE (n:Group {id: 'x'}) RETURN n"], 2),
    "a day that is none": (["query", "sanctions", "--as-of", "soon"], 2),
    "nobody of that name": (["query", "sanctions", "--according-to", "Nobody at all"], 2),
    "a graph in a folder": (["query", "sanctions", "--db", "."], 2),
    "a seed that is not there": (["build", "gone.yaml"], 2),
    "an unknown format": (["load", "stixx", "empty.yaml"], 2),
    "an engine that nobody has": (["query", "sanctions", "--db", "mysql://localhost"], 2),
    "bad input": (["check", "empty.yaml"], 3),
    "no graph": (["query", "sanctions", "--db", "none.kgl"], 4),
    "no server": (["query", "sanctions", "--db", "bolt://localhost:1"], 4),
    "no graph at all": (["query", "sanctions", "--db", "text.kgl"], 4),
}


@pytest.mark.parametrize("what", EXIT_CODES)
def test_exit_codes(built: Path, what: str) -> None:
    arguments, code = EXIT_CODES[what]
    (built / "nothing").mkdir(exist_ok=True)
    (built / "small.yaml").write_text("entities: {state:PRK: North Korea}\n", encoding="utf-8")
    (built / "empty.yaml").touch()
    (built / "text.kgl").write_text("just text\n" * 50, encoding="utf-8")
    done = run(built, *arguments)
    assert done.returncode == code, (what, done.stdout, done.stderr)
    assert "Traceback" not in done.stderr
    if code > 1:
        assert done.stderr.strip()
        assert done.stdout == ""


MISTYPED = {
    "biuld": "did you mean 'build'",
    "nothing-like-it": "known: build, plan, check",
    "identity judg a b": "did you mean 'judge'",
    "build --shar": "--share",
    "query who_atributes": "did you mean 'who_attributes'",
    "query who_attributes -p incidnt=incident:x": "did you mean 'incident'",
    "query who_attributes -p incident=wannacri": "did you mean 'WannaCry'",
    "query --format jsn": "'json'",
    "query who_attributes --according-to 'US Tresury'": "US Treasury Department",
    "render atribution": "did you mean 'attribution'",
    "render neighbourhood --node lazarus-grup": "group:lazarus-group",
    "render neighbourhood --node state:PRK -p hop=3": "did you mean 'hops'",
    "analyze independant_support": "did you mean 'independent_support'",
    "analyze structural_balance -p run=10": "(it has: on, runs, seed); did you mean 'runs'",
    "analyze independent_support -p x=1": "(it has: least)",
    "export grapml --out x": "did you mean 'graphml'",
    "load stx .": "did you mean 'stix'",
    "load claim .": "did you mean 'claims'",
    "load nothing-like-it .": "known: claims, eurepoc",
    "identity relation attack:G00820 attack:G0032": "did you mean 'attack:G0082'",
    "explain incident:wannacry ATRIBUTED_TO": "did you mean 'ATTRIBUTED_TO'",
}


@pytest.mark.parametrize("command", MISTYPED)
def test_what_is_mistyped_is_told_with_the_nearest_that_there_is(built: Path, command: str) -> None:
    done = run(built, *shlex.split(command))
    assert done.returncode == 2
    assert MISTYPED[command] in done.stderr


def test_a_search_that_finds_nothing_says_so(built: Path) -> None:
    done = run(built, "query", "--search", "zzzz")
    assert (done.returncode, done.stdout) == (0, "")
    assert "no question speaks of 'zzzz'" in done.stderr


def test_help_starts_light() -> None:
    heavy = {"neo4j", "kglite", "networkx", "yaml", "rich", "numpy", "pyvis", "jinja2"}
    heavy.add("polars.dataframe")  # `polars` itself stands there, empty
    code = (
        "import sys\nsys.argv = ['kg', '--help']\nimport kg.cli.commands\n"
        "try:\n    kg.cli.commands.main()\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print(sorted({heavy!r} & set(sys.modules)), file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=CLEAN
    )
    assert "kg build" in done.stdout
    assert done.stderr.strip() == "[]"


def test_the_graph_is_named_by_option_else_environment_else_the_folder(
    built: Path, tmp_path: Path
) -> None:
    count = ["query", "MATCH (n:Incident) RETURN count(n) AS n", "--format", "json"]
    here = run(built, *count).stdout
    assert json.loads(here)[0]["n"] > 1
    assert run(tmp_path, *count).returncode == 4
    assert run(tmp_path, *count, KG_DB=str(built / "kg.kgl")).stdout == here
    relative = os.path.relpath(built / "kg.kgl", tmp_path)
    assert run(tmp_path, *count, "--db", relative).stdout == here
    assert run(tmp_path, *count, "--as-of", "2030", "--db", relative).returncode == 0, "its ledger"
    (tmp_path / "mine.yaml").write_text(MADE["my-claims.yaml"], encoding="utf-8")
    named = run(tmp_path, "build", "mine.yaml", "--ledger", "claims", "--db", "new/place/g.kgl")
    assert named.returncode == 0, named.stderr
    assert (tmp_path / "claims" / "manifest.json").is_file()
    assert not (tmp_path / "new" / "place" / "g.ledger").exists()
    mixed = run(tmp_path, *count, "--db", "new/place/g.kgl", "--ledger", str(tmp_path / "none"))
    assert mixed.returncode == 0, "a graph can be read without its ledger"


@pytest.mark.parametrize("graph", ["kg.kgl", "other graph.kgl"])
def test_a_judgement_is_read_back_and_says_how_to_take_it_back(tmp_path: Path, graph: str) -> None:
    text = """\
document: {id: document:mine, name: Mine, date: 2020}
entities: {group:night: Night, group:day: Day}
claims:
- says: [group:night, alias, Dusk]
"""
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    db = [] if graph == "kg.kgl" else ["--db", graph]
    assert run(tmp_path, "build", "mine.yaml", *db).returncode == 0
    question = ["query", "MATCH (n:Group) RETURN n.id AS id ORDER BY id", "--format", "csv", *db]
    before = run(tmp_path, *question).stdout
    judge = ["identity", "judge", "group:night", "group:day", "same", "--because", "I saw it", *db]
    told = run(tmp_path, *judge).stderr
    assert "group:night is group:day: I saw it" in told
    assert graph.replace(".kgl", ".judgements.yaml") in told
    assert run(tmp_path, *question).stdout != before
    (back,) = re.findall(r"take back +kg (.*)", told)
    done = run(tmp_path, *shlex.split(back))
    assert (done.returncode, run(tmp_path, *question).stdout) == (0, before)
    assert "group:night is group:day: I saw it" in done.stderr


def test_a_first_build_tells_nothing_that_nobody_could_mend_and_fits_the_screen(
    first_build: Done, tmp_path: Path
) -> None:
    told = first_build.stderr
    assert "warning" not in told
    assert "'Bangladesh Bank'" in told, "it stays in the summary"
    assert max(map(len, told.splitlines())) <= 110
    nodes, edges = map(
        int, re.findall(r"plan +\+ ([0-9,]+) nodes and ([0-9,]+)", told.replace(",", ""))[0]
    )
    assert f"{nodes:,} nodes and {edges:,} edges are in kg.kgl" in told
    # The user's own copy of the same data is theirs to mend.
    seeds = str(shipped("seed") / "misp-galaxy")
    assert "warning " in run(tmp_path, "check", seeds).stderr + run(tmp_path, "build", seeds).stderr


def test_build_and_load_count_alike_and_a_small_plan_is_told_by_kind(tmp_path: Path) -> None:
    (tmp_path / "my-claims.yaml").write_text(MADE["my-claims.yaml"], encoding="utf-8")
    built, loaded = (
        run(tmp_path, *command, "my-claims.yaml", "--db", f"{command[0]}.kgl").stderr
        for command in (["build"], ["load", "claims"])
    )
    assert "plan         + 1 Claim, 1 Document, 1 Incident, 1 REPORTED_IN, 1 SUBJECT\n" in loaded
    wanted = "3 nodes and 2 edges are in {}.kgl (1 claim, 1 document)"
    assert wanted.format("build") in built
    assert wanted.format("load") in loaded


def test_two_builds_the_second_with_nothing_to_do(tmp_path: Path) -> None:
    (tmp_path / "my-claims.yaml").write_text(MADE["my-claims.yaml"], encoding="utf-8")
    first, second = (run(tmp_path, "build", "my-claims.yaml") for _ in range(2))
    assert re.search(r"^plan +\+", first.stderr, re.MULTILINE)
    assert re.search(r"^plan +nothing to do$", second.stderr, re.MULTILINE)
    steps = [line.split()[0] for line in first.stderr.splitlines() if line]
    assert steps[:6] == ["read", "identity", "project", "plan", "apply", "render"]
    assert "\x1b" not in first.stderr


def on_a_terminal(folder: Path, *arguments: str) -> str:
    child, parent = pty.fork()
    if child == 0:
        os.chdir(folder)
        os.environ["TERM"] = "xterm"
        os.execv(sys.executable, [*KG, *arguments])
    said = b""
    while True:
        try:
            piece = os.read(parent, 65536)
        except OSError:  # how Linux says that the other end is closed
            break
        if not piece:
            break
        said += piece
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 0, said.decode()
    return said.decode()


def test_a_terminal_shows_a_bar_while_it_takes(tmp_path: Path) -> None:
    said = on_a_terminal(tmp_path, "build", str(shipped("seed") / "sputnik-2019-09.yaml"))
    assert "\x1b[" in said
    assert "━" in said
    assert "edges are in" in said


def test_a_reader_that_has_seen_enough_is_no_failure(built: Path) -> None:
    for command in (["ontology"], ["query"], ["query", "whose_voice", "--format", "json"]):
        process = subprocess.Popen(
            [*KG, *command],
            cwd=built,
            env=CLEAN,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdout is not None
        process.stdout.read(20)
        process.stdout.close()
        _, said = process.communicate()
        assert b"Traceback" not in said
        assert b"BrokenPipe" not in said


def test_without_a_home_folder(built: Path) -> None:
    environment = {k: v for k, v in CLEAN.items() if k not in ("HOME", "USER", "LOGNAME")}
    done = subprocess.run(
        [*KG, "query", "who_attributes"],
        cwd=built,
        env=environment,
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "my-claims.yaml").write_text(MADE["my-claims.yaml"], encoding="utf-8")
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    for arguments, code in (
        (["--db", "file/g.kgl"], 4),
        (["--ledger", "file"], 4),
        (["--out", "file"], 2),
    ):
        done = run(tmp_path, "build", "my-claims.yaml", *arguments)
        assert done.returncode == code, (arguments, done.stderr)
        assert "Traceback" not in done.stderr
        assert "file" in done.stderr


@pytest.mark.parametrize("command", ["sources", "identity --all"])
def test_long_listings_are_read_without_scrolling_sideways(built: Path, command: str) -> None:
    done = run(built, *command.split())
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert len(lines) > 20
    assert max(map(len, lines)) <= 100


def test_listings_keep_to_a_narrow_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    shown = Terminal()
    shown.out = Screen(width=60)
    shown.sources(known_sources(), "table")
    lines = [line for line in capsys.readouterr().out.splitlines() if "https://" not in line]
    assert 50 < max(map(len, lines)) <= 60


def test_edges_that_read_alike_are_no_claims(capsys: pytest.CaptureFixture[str]) -> None:
    """Two groups may have one name."""
    ends = {"from": "incident:a", "type": "ATTRIBUTED_TO", "from_name": "A", "to_name": "Night"}
    edges = [{**ends, "to": f"group:{one}"} for one in ("one", "two")]
    Terminal().beliefs({"corroborated": edges})
    assert "A attributed to Night  (2 that read alike)" in capsys.readouterr().out


def test_each_source_is_listed_once(built: Path) -> None:
    told = run(built, "sources").stdout
    listed = json.loads(run(built, "sources", "--format", "json").stdout)
    names = [one["name"] for one in listed]
    assert sorted(names) == sorted(set(names)) == sorted(loaders())
    for one in listed:
        assert len(re.findall(rf"^{one['name']}: ", told, re.MULTILINE)) == 1
        assert all(f"of {own['name']}: " in told for own in one["comes with kg"])
    assert told.count("https://github.com/MISP/misp-galaxy") == 1


def test_csv_is_plain_and_a_table_is_whole_lines_when_piped(built: Path) -> None:
    csv = run(built, "query", "who_attributes", "--format", "csv").stdout.splitlines()
    assert csv[0] == "actor,asserter,document,hedge"
    table = run(built, "query", "who_attributes").stdout.splitlines()
    assert len(table) == len(csv)


def test_many_rows_come_a_page_at_a_time(built: Path) -> None:
    thousands = "UNWIND range(1, 2500) AS n RETURN n ORDER BY n"
    first = run(built, "query", thousands)
    assert len(first.stdout.splitlines()) == 1 + 1_000
    assert "rows 1–1,000 of 2,500; the next: --offset 1000" in first.stderr
    last = run(built, "query", thousands, "--offset", "2000")
    assert last.stdout.split()[:2] == ["n", "2001"]
    assert last.stderr.strip() == "rows 2,001–2,500 of 2,500"
    assert "none of 2,500 rows" in run(built, "query", thousands, "--offset", "2500").stderr
    whole = run(built, "query", thousands, "--format", "json")
    assert len(json.loads(whole.stdout)) == 2_500
    part = run(built, "query", thousands, "--format", "csv", "--limit", "2", "--offset", "7")
    assert part.stdout.split() == ["n", "8", "9"]
