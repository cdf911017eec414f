"""Five hundred marked values, in every format that has markings: none in any byte of what may be
passed on, and all of them are told to who passes it on."""

from __future__ import annotations

import base64
import itertools
import json
import re
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg import analytics, exports, views
from kg.ask import questions
from kg.base.errors import KgError
from kg.briefs.formats import discover as brief_formats
from kg.rows import Rows
from kg.views.kit.payload import payload
from tests.command import run
from tests.portion import one_of_so_many

RED = "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"
CLEAR = "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487"
SHARED: dict[str, Any] = {"max_marking": "TLP:AMBER+STRICT"}
CANARY = re.compile(r"zq\d{4}x", re.IGNORECASE)

OPEN = """\
document: {id: document:open, name: Open paper, date: 2018-03-01, marking: TLP:CLEAR,
  published_by: organization:press}
entities:
  organization:press: The Press
  organization:vendor: The Vendor
  state:PRK: North Korea
  group:night: Night
  incident:theft: {name: The theft, category: cyber}
  person:leader: {name: The Leader, represents: state:PRK}
  meeting:summit: The summit
claims:
- {asserter: organization:vendor, says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:vendor, says: [group:night, CONTROLLED_BY, state:PRK]}
- {asserter: organization:vendor, says: [incident:theft, amount_stolen, 5, {unit: USD}]}
- {asserter: organization:vendor, says: [incident:theft, occurred, 2018-02-01]}
- {asserter: organization:press, says: [person:leader, PARTICIPATED_IN, meeting:summit]}
"""


class Canaries:
    """Words that stand nowhere else."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, kind: str = "") -> str:
        self.count += 1
        return f"{kind}zq{self.count:04d}x"


def claim_file(made: Canaries, number: int, *, whole: bool) -> str:
    """A file of which the document is marked, or each claim."""
    c, own = made, "" if whole else "marking: TLP:RED, "
    ids = {kind: f"{kind}:{c()}" for kind in ("group", "incident", "person", "organization")}
    marked = ", marking: TLP:RED" if whole else ""
    return f"""\
document: {{id: document:{c()}, name: Paper {c()}, date: 2018-04-{number:02d}{marked},
  url: "https://example.org/{c()}", published_by: {ids["organization"]}}}
entities:
  {ids["organization"]}: {{name: "Spy {c()}", codes: ["x:{c()}"], record: "r:{c()}"}}
  {ids["group"]}: Group {c()}
  {ids["incident"]}: {{name: "Incident {c()}", category: cyber}}
  {ids["person"]}: {{name: "Person {c()}"}}
  group:night: Night
  incident:theft: The theft
claims:
- {{{own}asserter: {ids["organization"]}, locator: "{c()}", summary: "{c()}",
   says: [{ids["incident"]}, ATTRIBUTED_TO, {ids["group"]}]}}
- {{{own}ref: r{number}, asserter: {ids["organization"]}, hedge: "{c()}", quote: "{c()}",
   says: [incident:theft, ATTRIBUTED_TO, {ids["group"]}]}}
- {{{own}asserter: {ids["person"]}, says: [group:night, alias, "{c()}"]}}
- {{{own}asserter: {ids["person"]}, says: [group:night, description, "{c()}"]}}
- {{{own}asserter: {ids["person"]}, says: [group:night, url, "https://example.org/{c()}"]}}
- {{{own}asserter: {ids["person"]}, denies: [incident:theft, ATTRIBUTED_TO, group:night]}}
- {{{own}asserter: {ids["person"]}, statement: "{c()}",
   says: [incident:theft, status, "{c()}"]}}
- {{{own}asserter: {ids["person"]}, says: [{ids["group"]}, SAME_AS, group:night]}}
"""


def relays(made: Canaries, files: int) -> str:
    """What is marked for all, and repeats what is not."""
    lines = [
        f"- {{asserter: organization:echo-{n}, derived_from: canary-{n}#r{n}, summary: '{made()}',"
        f" says: [incident:theft, ATTRIBUTED_TO, group:night]}}"
        for n in range(1, files + 1)
    ]
    named = [f"  organization:echo-{n}: Echo {made()}" for n in range(1, files + 1)]
    return "\n".join(
        ["document: {id: document:relay, name: Relay, date: 2018-05-01, marking: TLP:CLEAR}",
         "entities:", *named, "  incident:theft: The theft", "  group:night: Night",
         "claims:", *lines, ""]
    )  # fmt: skip


def stix(made: Canaries, number: int) -> dict[str, Any]:
    """A bundle in which things, links, notes and reports are marked, and others are for all."""
    ids = itertools.count(number * 100)

    def one(type_: str, mark: str = RED, **more: Any) -> dict[str, Any]:
        id = f"{type_}--{next(ids):08d}-1111-4111-8111-111111111111"
        common = {"spec_version": "2.1", "created": "2018-04-01T00:00:00Z",
                  "modified": "2018-04-01T00:00:00Z", "object_marking_refs": [mark]}  # fmt: skip
        return {"type": type_, "id": id, **common, **more}

    c = made
    spy = one("identity", name=f"Id {c()}", identity_class="organization")
    open_ = one("identity", CLEAR, name="Open company", identity_class="organization")
    red = one("intrusion-set", name=f"Set {c()}", aliases=[c(), c()], description=c(),
              created_by_ref=spy["id"])  # fmt: skip
    free = one("intrusion-set", CLEAR, name=f"Open set {number}", created_by_ref=open_["id"])
    tool = one("malware", name=f"Tool {c()}", is_family=True, created_by_ref=spy["id"],
               external_references=[{"source_name": c(), "url": f"https://e/{c()}"}])  # fmt: skip
    uses = one("relationship", relationship_type="uses", source_ref=free["id"],
               target_ref=tool["id"], description=c(), created_by_ref=open_["id"])  # fmt: skip
    clear = one("relationship", CLEAR, relationship_type="uses", source_ref=red["id"],
                target_ref=tool["id"], description=c(), created_by_ref=open_["id"])  # fmt: skip
    report = one("report", name=f"Report {c()}", published="2018-04-02T00:00:00Z",
                 object_refs=[uses["id"], free["id"]], created_by_ref=spy["id"])  # fmt: skip
    objects = [spy, open_, red, free, tool, uses, clear, report]
    return {"type": "bundle", "id": f"bundle--{number:08d}-1111-4111-8111-111111111111",
            "objects": objects}  # fmt: skip


def ftm(made: Canaries, number: int) -> list[dict[str, Any]]:
    """Entities of which the keywords or the remarks mark them."""
    c = made
    red = {"keywords": ["tlp:red"], "notes": [c()], "alias": [c()], "position": [c()]}
    return [
        {"id": f"p{number}-{c()}", "schema": "Person", "properties": {"name": [c()], **red}},
        {"id": f"o{number}", "schema": "Organization",
         "properties": {"name": [f"Free body {number}"], "keywords": ["TLP:CLEAR"]}},
        {"id": f"s{number}", "schema": "Sanction", "properties": {
            "entity": [f"o{number}"], "authority": [c()], "reason": [c()],
            "program": [c()], "summary": ["marking: TLP:RED", c()]}},
    ]  # fmt: skip


@pytest.fixture(scope="module")
def made() -> Canaries:
    return Canaries()


@pytest.fixture(scope="module")
def graph(tmp_path_factory: pytest.TempPathFactory, made: Canaries) -> kg.KnowledgeGraph:
    folder = tmp_path_factory.mktemp("canaries")
    seeds = folder / "seeds"
    seeds.mkdir()
    (seeds / "open.yaml").write_text(OPEN, encoding="utf-8")
    for number in range(1, 17):
        text = claim_file(made, number, whole=number % 2 == 0)
        (seeds / f"canary-{number}.yaml").write_text(text, encoding="utf-8")
    (seeds / "relay.yaml").write_text(relays(made, 16), encoding="utf-8")
    graph = kg.open(folder / "kg.kgl")
    graph.build(seeds)
    bundles = []
    for number in range(8):
        bundles.append(folder / f"b{number}.json")
        bundles[-1].write_text(json.dumps(stix(made, number)), encoding="utf-8")
    graph.load("stix", bundles, name="bundles")
    lines = [json.dumps(line) for number in range(8) for line in ftm(made, number)]
    (folder / "list.ftm.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
    graph.load("ftm", folder / "list.ftm.json")
    return graph


def unpacked(path: Path) -> Iterator[bytes]:
    """The bytes of a file, or of all in a folder, and of what is packed in them."""
    for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
        if not file.is_file():
            continue
        data = file.read_bytes()
        yield file.name.encode() + data
        if zipfile.is_zipfile(file):
            with zipfile.ZipFile(file) as packed:
                yield from (packed.read(name) for name in packed.namelist())
        for stream in re.findall(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
            yield from inflated(stream)
        for text in re.findall(rb"[A-Za-z0-9+/=]{400,}", data):
            plain = base64.b64decode(text + b"=" * (-len(text) % 4))
            yield plain
            yield from inflated(plain)


def inflated(data: bytes) -> Iterator[bytes]:
    for how in (zlib.MAX_WBITS, -zlib.MAX_WBITS, zlib.MAX_WBITS | 32):
        try:
            yield zlib.decompressobj(how).decompress(data)
        except zlib.error:
            continue


def found_in(*parts: Any) -> set[str]:
    """The canaries in texts, bytes, and files."""
    found: set[str] = set()
    for part in parts:
        chunks = unpacked(part) if isinstance(part, Path) else [part]
        for chunk in chunks:
            text = chunk.decode("utf-8", "replace") if isinstance(chunk, bytes) else str(chunk)
            found.update(CANARY.findall(text))
    return {word.casefold() for word in found}


def test_there_are_enough_of_them(graph: kg.KnowledgeGraph, made: Canaries) -> None:
    assert made.count >= 500
    statements = found_in(graph.corpus().statements.write_ndjson())
    assert len(statements) > 0.8 * made.count


def test_no_row_holds_one(graph: kg.KnowledgeGraph) -> None:
    corpus = graph.corpus(**SHARED)
    assert not found_in(graph.shared(**SHARED).rows.write_ndjson())
    assert not found_in(corpus.statements.write_ndjson(), corpus.names, corpus.sources, corpus)
    assert {"Night", "The theft", "Free body 3", "Open set 5"} <= set(corpus.names.values())
    left = graph.shared(**SHARED).as_dict()
    assert len(found_in(json.dumps(left))) > 90


@pytest.mark.parametrize("format_", sorted(exports.discover()))
def test_no_export_holds_one(graph: kg.KnowledgeGraph, tmp_path: Path, format_: str) -> None:
    report = graph.export(format_, tmp_path / "shared" / f"out.{format_}", **SHARED)
    assert not found_in(tmp_path / "shared", report.to_dict())
    graph.export(format_, tmp_path / "whole" / f"out.{format_}")
    assert found_in(tmp_path / "whole")


PICTURES: dict[str, dict[str, Any]] = {
    "attribution": {},
    "diplomacy": {},
    "neighbourhood": {"node": "group:night", "hops": 3},
    "path": {"from_": "incident:theft", "to": "state:PRK"},
}


@pytest.mark.parametrize("view", sorted(PICTURES))
def test_no_picture_holds_one(graph: kg.KnowledgeGraph, tmp_path: Path, view: str) -> None:
    assert set(PICTURES) == set(views.discover())
    graph.render(view, tmp_path / "shared.html", **PICTURES[view], **SHARED)
    assert not found_in(tmp_path / "shared.html")
    graph.render_query("MATCH (a)-[r]->(b) RETURN a, r, b", tmp_path / "query.html", **SHARED)
    assert not found_in(tmp_path / "query.html")
    corpus = graph.corpus(**SHARED)
    picture = views.discover()[view].draw(corpus, **PICTURES[view])
    assert not found_in(json.dumps(payload(picture, corpus), default=str))


def told(ask: Callable[..., Any], *given: Any, **more: Any) -> str:
    """What a call answers, or says that is wrong."""
    try:
        found = ask(*given, **more)
        shown = getattr(found, "as_dict", None) or getattr(found, "to_dict", None)
        return str(shown() if shown else list(found) if isinstance(found, Rows) else found)
    except KgError as why:
        return str(why)


@one_of_so_many(3)
def test_no_answer_holds_one(
    graph: kg.KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, every: int
) -> None:
    monkeypatch.setenv("KG_CACHE", str(tmp_path))  # one graph for all of them
    for name, question in list(questions.discover().items())[::every]:
        given = dict.fromkeys(question.as_dict().get("parameters", {}), "incident:theft")
        assert not found_in(told(graph.query, name, **given, **SHARED)), name
    for cypher in ("MATCH (n) RETURN n", "MATCH ()-[r]->() RETURN r", "MATCH (n)-[r]->(m) RETURN "
                   "labels(n), properties(n), type(r), properties(r), m.name"):  # fmt: skip
        assert not found_in(list(graph.query(cypher, **SHARED))), cypher


def names_by(graph: kg.KnowledgeGraph, asserter: str) -> dict[str, str]:
    return graph.corpus(according_to=asserter, **SHARED).names


def test_no_explanation_diff_or_message_holds_one(graph: kg.KnowledgeGraph) -> None:
    corpus, whole = graph.corpus(**SHARED), graph.corpus()
    for id in corpus.names:
        assert not found_in(told(graph.explain, id, **SHARED)), id
    for id in [*list(whole.names)[::9], "zq", "group:zq0002", "The Spy"]:
        if id not in corpus.names and not CANARY.search(id):
            assert not found_in(told(graph.explain, id, **SHARED)), id
        asked = told(names_by, graph, id)
        assert not found_in(asked.replace(id, "")), id
    assert not found_in(told(graph.ach, "incident:theft", **SHARED))
    assert not found_in(graph.diff("2018-01-01", "2019-01-01", **SHARED).as_dict())


def test_no_figure_holds_one(graph: kg.KnowledgeGraph) -> None:
    for name in analytics.discover():
        assert not found_in(told(graph.analyze, name, **SHARED)), name


@pytest.mark.parametrize("suffix", sorted(brief_formats()))
def test_no_brief_holds_one(graph: kg.KnowledgeGraph, tmp_path: Path, suffix: str) -> None:
    for id in ("group:night", "incident:theft", "state:PRK"):
        graph.brief(id, out=tmp_path / f"{id[:5]}{suffix}", **SHARED)
    assert not found_in(tmp_path)
    graph.brief("group:night", out=tmp_path / f"whole{suffix}")
    assert found_in(tmp_path)


def test_no_command_prints_one(graph: kg.KnowledgeGraph, tmp_path: Path) -> None:
    level = ("--max-marking", "amber+strict")
    folder = Path(graph.url).parent
    for command in (("explain", "group:night"), ("query", "victims"), ("explain", "zq"),
                    ("export", "jsonl", "--out", str(tmp_path / "out.jsonl"))):  # fmt: skip
        done = run(folder, *command, *level, "--left-out", str(tmp_path / "left.json"))
        assert not found_in(done.stdout, done.stderr), command
        assert ("left out: " in done.stderr) == (done.returncode == 0)
    assert not found_in(tmp_path / "out.jsonl")
    assert found_in(tmp_path / "left.json")
    assert run(folder, "query", "victims", "--left-out", "x.json").returncode == 2
