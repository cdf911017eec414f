"""Every export is read by a tool that is not ours, and holds what it says it holds."""

from __future__ import annotations

import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import networkx as nx
import polars as pl
import pytest

import kg
from kg.base.errors import UsageError
from kg.claims.columns import STATEMENTS
from kg.exports import ExportReport, discover, export
from kg.exports.jsonl import claims
from kg.exports.kit.network import CONTROL
from kg.graph.corpus import Corpus, seen_through
from kg.graph.lens import Lens
from kg.graph.standing import standing
from tests.exports.conftest import NAMES

FORMATS = {"graphml", "gexf", "stix", "ftm", "jsonl", "rdf", "opengraph", "neo4j-admin"}

PLUGIN = """
from kg.exports.kit.report import ExportReport, write_lines

FORMAT = "names"
DOC = "Names alone"

def export(corpus, path):
    names = [{"name": name} for name in corpus.names.values()]
    return ExportReport(FORMAT, path, {"names": write_lines(path, names)}, ["all but names"])
"""


# Machinery


def test_every_format_says_what_it_is() -> None:
    found = discover()
    assert set(found) >= FORMATS
    assert all(module.DOC for module in found.values())


def test_one_new_file_is_one_new_format(tmp_path: Path, seed: Corpus) -> None:
    (tmp_path / "names.py").write_text(PLUGIN, encoding="utf-8")
    out = tmp_path / "new" / "names.txt"
    report = export(seed, "names", out, [tmp_path])
    assert len(out.read_text(encoding="utf-8").splitlines()) == report.written["names"]
    with pytest.raises(UsageError, match="graphml"):
        export(seed, "grafml", out)


@pytest.fixture(scope="module")
def twice(seed: Corpus) -> list[Corpus]:
    """The seed made of its statements, and of the same in another order."""
    shuffled = seed.statements.sample(fraction=1, shuffle=True, seed=3)
    return [Corpus(statements, seed.ontology) for statements in (seed.statements, shuffled)]


@pytest.mark.parametrize("format_", sorted(FORMATS - {"neo4j-admin", "gexf"}))
def test_the_same_corpus_gives_the_same_bytes(
    format_: str, tmp_path: Path, twice: list[Corpus]
) -> None:
    files = [tmp_path / "a", tmp_path / "b"]
    for corpus, file in zip(twice, files, strict=True):
        export(corpus, format_, file)
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_failed_export_leaves_no_file(tmp_path: Path, seed: Corpus) -> None:
    broken = Corpus(seed.statements.drop("recorded"), seed.ontology)
    with pytest.raises(KeyError):
        export(broken, "jsonl", tmp_path / "x.jsonl")
    assert not list(tmp_path.iterdir())


# Networks


Written = tuple[Path, ExportReport]
Exported = Callable[[str], Written]


def written(corpus: Corpus, format_: str, folder: Path) -> Written:
    path = folder / f"x.{format_}"
    return path, export(corpus, format_, path)


@pytest.fixture(scope="module")
def seed_as(tmp_path_factory: pytest.TempPathFactory, seed: Corpus) -> Exported:
    """The seed in a format, written once. Nobody may change the file."""
    folder = tmp_path_factory.mktemp("exports")
    return cache(lambda format_: written(seed, format_, folder))


@pytest.mark.parametrize(
    ("format_", "read"),
    [
        ("graphml", lambda path: nx.read_graphml(path, force_multigraph=True)),
        ("gexf", nx.read_gexf),
    ],
)
def test_networks_come_back_in_networkx(
    format_: str, read: Callable[[Path], Any], seed_as: Exported, seed: Corpus
) -> None:
    path, report = seed_as(format_)
    back, original = read(path), seed.graph.networkx()
    assert report.written == {
        "nodes": original.number_of_nodes(),
        "edges": original.number_of_edges(),
    }
    assert set(back) == set(original)
    edges = Counter((a, b, d["kind"]) for a, b, d in back.edges(data=True))
    assert edges == Counter((a, b, key) for a, b, key in original.edges(keys=True))
    heist = next(d for *_, d in back.out_edges("incident:bangladesh-bank-heist", data=True)
                 if d["kind"] == "ATTRIBUTED_TO" and len(json.loads(d["claims"])) == 2)  # fmt: skip
    assert heist["asserters"] == 2
    assert date.fromisoformat(heist["first_asserted"]) == date(2019, 9, 13)
    group = back.nodes["group:lazarus-group"]
    assert json.loads(group["names"]) == original.nodes["group:lazarus-group"]["names"]
    assert back.nodes["incident:bangladesh-bank-heist"]["amount_stolen"] == 81_000_000


def test_graphml_is_read_by_rustworkx(seed_as: Exported, seed: Corpus) -> None:
    rustworkx = pytest.importorskip("rustworkx", reason="rustworkx, a second reader, is not there")
    path, report = seed_as("graphml")
    (graph,) = rustworkx.read_graphml(str(path))
    assert (graph.num_nodes(), graph.num_edges()) == tuple(report.written.values())
    kinds = Counter(node["kind"] for node in graph.nodes())
    assert kinds == {k: f.height for k, f in seed.graph.nodes.items() if f.height}


def test_gexf_is_read_by_gexfpy(seed_as: Exported) -> None:
    gexfpy = pytest.importorskip("gexfpy", reason="gexfpy, a second reader, is not there")
    path, report = seed_as("gexf")
    # It looks for colours in GEXF's own namespace; GEXF 1.2 and Gephi have them in that of viz.
    text = path.read_text(encoding="utf-8").replace("<viz:", "<")
    graph = gexfpy.parse_string(text).graph
    nodes = [node for part in graph.nodes for node in part.node]
    edges = [edge for part in graph.edges for edge in part.edge]
    assert (len(nodes), len(edges)) == tuple(report.written.values())
    assert len({edge.id for edge in edges}) == len(edges)
    assert {node.color[0].r for node in nodes if node.id == "group:andariel"} == {0xBD}


@pytest.mark.parametrize("format_", ["graphml", "gexf"])
def test_networks_survive_hostile_names(format_: str, tmp_path: Path, hostile: Corpus) -> None:
    path, _ = written(hostile, format_, tmp_path)
    back = nx.read_graphml(path) if format_ == "graphml" else nx.read_gexf(path)
    for at, name in enumerate(NAMES):
        assert back.nodes[f"group:g{at}"]["name"] == CONTROL.sub("\ufffd", name)


# Claims


def test_jsonl_is_the_ledger(seed_as: Exported, seed: Corpus) -> None:
    """Read back by Polars, it equals the claims, column by column."""
    path, report = seed_as("jsonl")
    back = pl.read_ndjson(path, infer_schema_length=None)
    claimed = seed.claims
    assert back.height == report.written["claims"] == claimed.height
    joined = back.join(claimed, on="id", suffix="_own")
    for column in set(back.columns) & set(STATEMENTS) - {"id", "source", "qualifiers", "ref"}:
        own = joined[f"{column}_own"]
        if isinstance(own.dtype, pl.List):
            own = pl.Series([list(v) if v is not None and len(v) else None for v in own])
            assert joined[column].to_list() == own.to_list(), column
        elif own.dtype in (pl.Date, pl.Datetime):
            assert (
                joined[column].str.slice(0, 10).to_list() == own.dt.strftime("%Y-%m-%d").to_list()
            )
        else:
            assert joined[column].to_list() == own.to_list(), column


def test_a_lens_exports_fewer_claims(tmp_path: Path, seed: Corpus) -> None:
    bare = seed.statements.select(*STATEMENTS, "subject_as", "object_as")
    early = Corpus(
        standing(seen_through(bare, Lens(as_of="2018-12-31"), seed.bodies), seed.bodies),
        seed.ontology,
    )
    ids = {claim["id"] for claim in claims(early)}
    said = seed.claims.filter(pl.col("asserted_to") <= date(2018, 12, 31))["id"]
    assert ids == set(said)
    assert 0 < len(ids) < len(set(seed.claims["id"]))
    written(early, "stix", tmp_path)


# RDF

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
"""Its parser of N-Quads uses what it tells others not to use."""


@pytest.fixture(scope="module")
def quads(seed_as: Exported) -> tuple[Any, int]:
    """The seed as rdflib reads it, and how many quads were written."""
    rdflib = pytest.importorskip("rdflib", reason="rdflib (extra exports) is not installed")
    path, report = seed_as("rdf")
    dataset = rdflib.Dataset()
    dataset.parse(path, format="nquads")
    return dataset, report.written["quads"]


def test_rdf_is_parsed_by_rdflib_and_says_who_says_so(quads: tuple[Any, int], seed: Corpus) -> None:
    dataset, count = quads
    assert len(list(dataset.quads())) == count
    rows = dataset.query(
        """PREFIX prov: <http://www.w3.org/ns/prov#> PREFIX t: <urn:kg:term:>
        PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        SELECT ?actor ?who ?where WHERE {
          GRAPH ?claim { <urn:kg:incident:wannacry> t:ATTRIBUTED_TO ?a }
          GRAPH <urn:x-rdflib:default> {
            ?claim prov:wasAttributedTo ?w ; prov:hadPrimarySource ?d .
            ?a rdfs:label ?actor . ?w rdfs:label ?who . ?d rdfs:label ?where } }"""
    )
    found = {(str(row.actor), str(row.who)) for row in rows}
    assert found == expected_attributions(seed, "incident:wannacry")
    assert ("Lazarus Group", "US Treasury Department") in found


def expected_attributions(corpus: Corpus, incident: str) -> set[tuple[str, str]]:
    rows = corpus.claims.filter(
        (pl.col("subject") == incident) & (pl.col("predicate") == "ATTRIBUTED_TO")
        & ~pl.col("negative") & pl.col("asserter").is_not_null()
    )  # fmt: skip
    ends = rows.select("object", "asserter").iter_rows()
    return {(corpus.names[actor], corpus.names[who]) for actor, who in ends}


def test_rdf_never_asserts_what_is_denied(quads: tuple[Any, int], seed: Corpus) -> None:
    dataset, _ = quads
    denials = set(seed.claims.filter("negative")["id"])
    graphs = {str(g.identifier).removeprefix("urn:kg:") for g in dataset.graphs() if len(g)}
    positive = set(seed.claims.filter(~pl.col("negative"))["id"])
    assert denials
    assert graphs & {*denials, *positive} == positive


def test_rdf_keeps_hostile_names(tmp_path: Path, hostile: Corpus) -> None:
    rdflib = pytest.importorskip("rdflib", reason="rdflib (extra exports) is not installed")
    path, _ = written(hostile, "rdf", tmp_path)
    dataset = rdflib.Dataset()
    dataset.parse(path, format="nquads")
    labels = {str(o) for _, _, o, _ in dataset.quads((None, rdflib.RDFS.label, None, None))}
    assert set(NAMES) <= labels


def loaded(format_: str, path: Path, folder: Path) -> Corpus:
    with kg.open(str(folder / "loaded.kgl")) as graph:
        graph.load(format_, [path])
        return graph.corpus()


# STIX


def bundle_of(path: Path) -> dict[str, dict[str, Any]]:
    content = json.loads(path.read_text(encoding="utf-8"))
    return {thing["id"]: thing for thing in content["objects"]}


OF_EACH = 15
"""Objects of each type of STIX that the validator, which is slow, reads in the normal run."""


@pytest.mark.parametrize(
    ("which", "most"),
    [("seed", OF_EACH), ("hostile", None), pytest.param("seed", None, marks=pytest.mark.soak)],
)
def test_stix_passes_the_fields_validator(
    which: str, most: int | None, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    validator = pytest.importorskip("stix2validator", reason="stix2-validator is not installed")
    path, _ = written(request.getfixturevalue(which), "stix", tmp_path)
    things: dict[str, list[Any]] = {}
    for thing in bundle_of(path).values():
        things.setdefault(thing["type"], []).append(thing)
    assert len(things) > 3
    some = [thing for same in things.values() for thing in same[:most]]
    bundle = {"type": "bundle", "id": f"bundle--{uuid4()}", "objects": some}
    options = validator.ValidationOptions(version="2.1")
    result = validator.validate_string(json.dumps(bundle), options)
    assert result.is_valid, [
        str(error) for found in result.object_results for error in found.errors
    ]
    references = {ref for thing in bundle_of(path).values() for ref in referred(thing)}
    assert references <= set(bundle_of(path)), "a reference leads to nothing"


def referred(thing: dict[str, Any]) -> set[str]:
    single = {thing[key] for key in ("source_ref", "target_ref", "created_by_ref") if key in thing}
    return single | set(thing.get("object_refs", ()))


def test_stix_is_parsed_by_stix2_and_keeps_who_says_so(seed_as: Exported, seed: Corpus) -> None:
    stix2 = pytest.importorskip("stix2", reason="stix2 is not installed")
    path, _ = seed_as("stix")
    bundle = stix2.parse(path.read_text(encoding="utf-8"))
    things = {thing.id: thing for thing in bundle.objects}
    name = {id: getattr(thing, "name", "") for id, thing in things.items()}
    said = {
        (name[t.target_ref], name[t.created_by_ref])
        for t in things.values()
        if t.type == "relationship"
        and t.relationship_type == "attributed-to"
        and name[t.source_ref] == "WannaCry 2.0"
        and "created_by_ref" in t
    }
    assert said == expected_attributions(seed, "incident:wannacry")
    denials = [t for t in things.values() if t.type == "opinion"]
    assert {t.opinion for t in denials} <= {"strongly-disagree", "disagree"}
    assert any("North Korea" in name.get(t.get("created_by_ref", ""), "") for t in denials)
    hedged = [t.content for t in things.values() if t.type == "note" and "hedge: " in t.content]
    assert any("involved in" in text for text in hedged)


ATTACK = Path(__file__).parents[2] / ".." / "shared" / "data" / "attack" / "ics-attack-18.1.json"
KEPT = ("intrusion-set", "malware", "tool", "campaign", "attack-pattern")


def test_attack_in_and_out_keeps_ids_types_and_references(tmp_path: Path) -> None:
    if not ATTACK.exists():
        pytest.skip("the development data are not at hand: shared/data/attack")
    corpus = loaded("stix", ATTACK, tmp_path)
    path, report = written(corpus, "stix", tmp_path)
    before, after = bundle_of(ATTACK), bundle_of(path)
    wanted = {id for id, thing in before.items() if thing["type"] in KEPT}
    assert len(wanted) == 149
    assert {id for id, thing in after.items() if thing["type"] in KEPT} == wanted
    for id in wanted:
        assert after[id]["name"] == before[id]["name"]
        assert own_keys(before[id]) <= own_keys(after[id])
        if before[id]["type"] != "attack-pattern":  # the loader leaves out techniques' literature
            assert addresses(before[id]) <= addresses(after[id])
    links = {id for id, thing in after.items() if thing["type"] == "relationship"}
    rules = next(
        id for id, thing in after.items() if thing.get("name") == "The identity rules of kg"
    )
    concluded = {id for id in links if after[id].get("created_by_ref") == rules}
    links -= concluded  # what our own rules say of who is who, beside what ATT&CK says
    assert links == {
        id
        for id, thing in before.items()
        if thing["type"] == "relationship"
        and thing["relationship_type"] in ("uses", "attributed-to", "revoked-by")
        and not thing.get("revoked")
        and not thing.get("x_mitre_deprecated")
        and {thing["source_ref"], thing["target_ref"]} <= wanted
    }
    for id in links:
        assert [after[id][end] for end in ("source_ref", "target_ref")] == [
            before[id][end] for end in ("source_ref", "target_ref")
        ]
    assert report.lost


def own_keys(thing: dict[str, Any]) -> set[tuple[str, str]]:
    return {
        (ref["source_name"], ref["external_id"])
        for ref in thing["external_references"]
        if ref.get("source_name") == "mitre-attack"
    }


def addresses(thing: dict[str, Any]) -> set[str]:
    return {ref["url"] for ref in thing["external_references"] if "url" in ref}


# FollowTheMoney


@pytest.mark.parametrize("which", ["seed", "hostile"])
def test_ftm_passes_followthemoneys_own_model(
    which: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """Schemata and properties exist, values are clean, references lead to what they may."""
    ftm = pytest.importorskip("followthemoney", reason="followthemoney is not installed")
    path, report = written(request.getfixturevalue(which), "ftm", tmp_path)
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    schema_of = {line["id"]: line["schema"] for line in lines}
    assert len(schema_of) == len(lines) == report.written["entities"]
    for line in lines:
        schema = ftm.model.get(line["schema"])
        schema.validate(line)
        for name, values in line["properties"].items():
            prop = schema.properties[name]
            for value in values:
                assert prop.type.clean(value), (line["schema"], name, value)
                if prop.type.name == "entity":
                    assert ftm.model.get(schema_of[value]).is_a(prop.range), (line["id"], name)


def test_ftm_says_who_sanctioned_whom_and_when(seed_as: Exported) -> None:
    path, _ = seed_as("ftm")
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    found = [
        line["properties"]
        for line in lines
        if line["schema"] == "Sanction" and line["properties"]["entity"] == ["group-bluenoroff"]
    ]
    assert found
    said = [(props["authority"], props.get("startDate")) for props in found]
    assert (["US Treasury Department"], ["2019-09-13"]) in said


def test_ftm_comes_back_through_our_loader(tmp_path: Path, seed_as: Exported, seed: Corpus) -> None:
    path, _ = seed_as("ftm")
    back = loaded("ftm", path, tmp_path)
    people = {name for id, name in seed.names.items() if id.startswith("person:")}
    assert {name for id, name in back.names.items() if id.startswith("person:")} == people


# OpenGraph


def test_opengraph_passes_bhopengraph(tmp_path: Path, seed: Corpus, hostile: Corpus) -> None:
    """Its schema, its own reader, and no edge that leads nowhere."""
    opengraph = pytest.importorskip("bhopengraph.OpenGraph", reason="bhopengraph is not installed")
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    from bhopengraph.Edge import EDGE_SCHEMA  # type: ignore[import-untyped]
    from bhopengraph.Node import NODE_SCHEMA  # type: ignore[import-untyped]

    for corpus in (seed, hostile):
        path, report = written(corpus, "opengraph", tmp_path)
        graph = opengraph.OpenGraph()
        assert graph.import_from_file(str(path))
        assert (graph.get_node_count(), graph.get_edge_count()) == tuple(report.written.values())
        assert graph.get_isolated_edges_count() == 0
        content = json.loads(path.read_text(encoding="utf-8"))["graph"]
        for schema, things in ((NODE_SCHEMA, "nodes"), (EDGE_SCHEMA, "edges")):
            check = jsonschema.Draft202012Validator(schema)
            assert not [e.message for thing in content[things] for e in check.iter_errors(thing)]
        assert all(re.fullmatch("[A-Za-z0-9_]+", edge["kind"]) for edge in content["edges"])


# neo4j-admin


def test_neo4j_admin_files_hold_every_row(tmp_path: Path, seed: Corpus) -> None:
    folder = tmp_path / "admin"
    report = export(seed, "neo4j-admin", folder)
    rows = Counter[str]()
    for file in folder.glob("*.csv"):
        frame = pl.read_csv(file, infer_schema=False)
        rows[file.name.partition("-")[0]] += frame.height
        keys = [":START_ID", ":END_ID", ":TYPE"] if file.name.startswith("edges") else ["id:ID"]
        assert frame.select(keys).null_count().sum_horizontal().item() == 0
    assert rows == {"nodes": report.written["nodes"], "edges": report.written["edges"]}
    assert subprocess.run(["sh", "-n", str(folder / "import.sh")], check=False).returncode == 0
    export(seed, "neo4j-admin", folder)  # a second time over its own files
    (folder / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match=r"notes\.txt"):
        export(seed, "neo4j-admin", folder)
    with pytest.raises(UsageError, match="is a file"):
        export(seed, "neo4j-admin", folder / "notes.txt")


@pytest.mark.soak
def test_neo4j_admin_imports_them(
    tmp_path: Path, seed: Corpus, hostile: Corpus, pytestconfig: pytest.Config
) -> None:
    """The real tool reads the folder; the real server then holds the graph."""
    from contextlib import ExitStack

    from tests.servers import neo4j as server

    java, jars = server.java_binary(pytestconfig), server.jars_folder(pytestconfig)
    for number, corpus in enumerate((seed, hostile)):
        home, folder = tmp_path / f"home{number}", tmp_path / f"csv{number}"
        (home / "conf").mkdir(parents=True)
        export(corpus, "neo4j-admin", folder)
        script = (folder / "import.sh").read_text(encoding="utf-8")
        options = re.findall(r"^  (.+?)(?: \\)?$", script, re.MULTILINE)[:]
        command = [str(java), "-cp", f"{jars}/*", "org.neo4j.cli.AdminTool", *options]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False,
                              env={"NEO4J_HOME": str(home), "PATH": "/usr/bin:/bin"})  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr
        with ExitStack() as stack:
            process, running = server._start(java, jars, home, ())
            stack.callback(server._stop, process, home)
            server._set_password(process, running, home)
            nodes = running.run("MATCH (n) RETURN n.kind AS kind, count(*) AS n")
            edges = running.run("MATCH ()-[r]->() RETURN type(r) AS kind, count(*) AS n")
            names = running.run(
                "MATCH (g:Group) RETURN g.id AS id, g.name AS name, g.names AS names"
            )
        assert {r["kind"]: r["n"] for r in [*nodes, *edges]} == corpus.graph.counts()
        groups = corpus.graph.nodes["Group"]
        wanted = {r["id"]: (r["name"], r["names"]) for r in groups.iter_rows(named=True)}
        assert {r["id"]: (r["name"], r["names"]) for r in names} == wanted
