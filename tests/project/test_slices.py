"""The slices of published data in `seed/`: cut as the script cuts them, licensed, guarded, and one
graph with what was written by hand."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import polars as pl
import pytest

from kg.base.errors import InputError
from kg.claims.columns import STATEMENTS
from kg.graph.corpus import Corpus
from kg.graph.link import link
from kg.identity import Identity, resolve, standing_judgements
from kg.loaders.kit.sources import discover_sources
from kg.ontology import load as ontology
from kg.pipeline.read import seeds
from tools.cut_seeds import SLICES

SEED = Path(__file__).parents[2] / "seed"
SOURCES = {info.folder.name: info for info in discover_sources([SEED])}
LARGEST = 1_500_000
"""Bytes that all slices together may have."""

LAZARUS, BLUENOROFF, ANDARIEL = "group:lazarus-group", "group:bluenoroff", "group:andariel"


@pytest.fixture(scope="module")
def statements() -> pl.DataFrame:
    frames = [batch.frame.select(list(STATEMENTS)) for batch in seeds([SEED], ontology())]
    return pl.concat(frames)


@pytest.fixture(scope="module")
def identity(statements: pl.DataFrame) -> Identity:
    return resolve(link(statements), ontology(), standing_judgements(None))


@pytest.fixture(scope="module")
def whole(statements: pl.DataFrame, identity: Identity) -> Corpus:
    return Corpus.of(statements, ontology(), identity=identity.mapping)


# ------------------------------------------------------------------ the files


LONG = {"misp-galaxy-history": pytest.mark.soak}
"""Slices that take long to cut."""


@pytest.mark.parametrize("name", [pytest.param(n, marks=LONG.get(n, ())) for n in sorted(SLICES)])
def test_cutting_again_gives_the_same_bytes(shared: Path, name: str) -> None:
    cut = SLICES[name](shared / "data" / name)
    kept = {path.name: path.read_bytes() for path in (SEED / name).iterdir()}
    assert kept.pop("source.yaml")
    assert kept.keys() == cut.keys()
    assert [file for file in cut if cut[file] != kept[file]] == []


def test_every_slice_is_cut_by_the_script() -> None:
    assert SOURCES.keys() == SLICES.keys()


def test_all_slices_together_are_small() -> None:
    sizes = [path.stat().st_size for name in SLICES for path in (SEED / name).iterdir()]
    assert 100_000 < sum(sizes) < LARGEST


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_a_slice_says_whose_it_is_and_may_be_shipped(root: Path, name: str) -> None:
    info = SOURCES[name]
    assert info.ship
    assert all(
        (info.licence, info.notice, info.url, info.about, info.publisher, info.named_files())
    )
    assert f"seed/{name} " in (root / "NOTICE").read_text("utf-8")


def test_attack_carries_its_licence_with_the_designation_it_asks_for() -> None:
    printed = " ".join((SEED / "attack" / "LICENSE.txt").read_text("utf-8").split())
    assert SOURCES["attack"].notice.strip() in printed


# ------------------------------------------------------------------ damage stops the build


@pytest.mark.parametrize("name", sorted(SOURCES))
def test_counts_are_exact(name: str) -> None:
    checks = SOURCES[name].checks
    assert checks["minimum"]
    assert checks["minimum"] == checks["maximum"]


def without_last_line(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


def without_last_entry(path: Path) -> None:
    """The last of the list that the file holds, or of the list in it."""
    content = json.loads(path.read_text("utf-8"))
    entries = content
    if isinstance(content, dict):
        entries = content["objects" if "objects" in content else "values"]
    del entries[-1]
    path.write_text(json.dumps(content), "utf-8")


def bare(path: Path) -> None:
    """Nobody goes by another name any more."""
    content = json.loads(path.read_text("utf-8"))
    for cluster in content["values"]:
        for field in ("synonyms", "name-attribution"):
            cluster.get("meta", {}).pop(field, None)
    path.write_text(json.dumps(content), "utf-8")


@pytest.mark.parametrize(
    ("file", "harm"),
    [
        ("attack/enterprise-attack-18.1-north-korea.json", without_last_entry),
        ("microsoft/MicrosoftMapping.json", without_last_entry),
        ("misp-galaxy/intelligence-agencies.json", without_last_entry),
        ("misp-galaxy/producer.json", without_last_entry),
        ("misp-galaxy/threat-actor.json", without_last_entry),
        ("misp-galaxy/threat-actor.json", bare),
        ("misp-galaxy/tool.json", without_last_entry),
        ("misp-galaxy-history/threat-actor-2018-10-29.json", bare),
        ("ofac/alt.csv", without_last_line),
        ("ofac/sdn.csv", without_last_line),
        ("ofac/sdn_comments.csv", without_last_line),
        ("travel/foreign_leader_visits_to_us.csv", without_last_line),
        ("travel/us_president_secretary_travels.csv", without_last_line),
    ],
)
def test_a_damaged_slice_stops_the_build(
    file: str, harm: Callable[[Path], None], tmp_path: Path
) -> None:
    folder = tmp_path / file.split("/")[0]
    shutil.copytree(SEED / folder.name, folder)
    assert len(seeds([folder], ontology())) == 1
    harm(tmp_path / file)
    with pytest.raises(InputError):
        seeds([folder], ontology())


# ------------------------------------------------------------------ one graph


def ids(corpus: Corpus, entity: str) -> set[str]:
    nodes = corpus.graph.nodes[corpus.graph.kind_of(entity) or ""]
    return set(nodes.filter(pl.col("id") == entity)["ids"].item())


def names(corpus: Corpus, entity: str) -> set[str]:
    nodes = corpus.graph.nodes[corpus.graph.kind_of(entity) or ""]
    return {name.casefold() for name in nodes.filter(pl.col("id") == entity)["names"].item()}


@pytest.mark.parametrize(
    ("entity", "others"),
    [
        (LAZARUS, {"group:attack-g0032", "group:microsoft-diamond-sleet",
                   "group:misp-lazarus-group", "group:ofac-27307"}),
        (BLUENOROFF, {"group:attack-g0082", "group:microsoft-sapphire-sleet", "group:ofac-27308"}),
        (ANDARIEL, {"group:attack-g0138", "group:microsoft-onyx-sleet", "group:ofac-27309"}),
        ("agency:reconnaissance-general-bureau",
         {"agency:ofac-12210", "agency:misp-intelligence-agency-reconnaissance-general-bureau"}),
        ("person:park-jin-hyok", {"person:ofac-24918"}),
        ("organization:chosun-expo", {"organization:ofac-24917"}),
        ("group:attack-g0094", {"group:attack-g0086", "group:microsoft-emerald-sleet"}),
    ],
)  # fmt: skip
def test_what_the_lists_hold_joins_what_was_written_by_hand(
    whole: Corpus, entity: str, others: set[str]
) -> None:
    assert others <= ids(whole, entity)


def test_lazarus_goes_by_the_names_of_every_list(whole: Corpus) -> None:
    assert {"hidden cobra", "labyrinth chollima", "diamond sleet", "zinc", "group 77",
            "office 91"} <= names(whole, LAZARUS)  # fmt: skip


def test_sub_groups_stay_sub_groups(identity: Identity, whole: Corpus) -> None:
    parts = set(whole.graph.edges["SUBGROUP_OF", "Group", "Group"].select("from", "to").rows())
    assert {(BLUENOROFF, LAZARUS), (ANDARIEL, LAZARUS)} <= parts
    assert identity.relation("attack:G0082", "attack:G0032")["relation"] == "part_of"
    assert identity.relation("ofac:27309", "misp:Lazarus Group")["relation"] == "part_of"


@pytest.mark.parametrize("publisher", ["microsoft", "ofac"])
def test_no_two_actors_of_one_list_became_one(whole: Corpus, publisher: str) -> None:
    """Both promise one record an actor. (ATT&CK does too, but keeps what it has withdrawn.)"""
    records = [sum(id.startswith(f"group:{publisher}-") for id in one)
               for one in whole.graph.nodes["Group"]["ids"]]  # fmt: skip
    assert sum(records) == int(SOURCES[publisher].checks["minimum"]["Group"])
    assert max(records) == 1


def test_every_group_is_put_in_one_state_but_for_changes_of_mind(whole: Corpus) -> None:
    blamed = whole.graph.edges["ATTRIBUTED_TO", "Group", "State"]
    others = blamed.filter(pl.col("to") != "state:PRK").select("from", "to", "status")
    assert sorted(others.rows()) == [
        ("group:misp-darkhotel", "state:KOR", "asserted"),
        ("group:misp-ta406", "state:KOR", "superseded"),
    ]
    assert set(blamed["from"]) > {LAZARUS, BLUENOROFF, ANDARIEL}


@pytest.mark.parametrize(
    ("day", "people"),
    [
        ("2000-10-23/2000-10-25", {"Madeleine Korbel Albright", "Kim Jong Il"}),
        ("2018-06-10/2018-06-13", {"Donald J. Trump", "Michael R. Pompeo"}),
        ("2018-10-07", {"Michael R. Pompeo", "Kim Jong-un"}),
    ],
)
def test_summits_are_there_with_those_who_met(whole: Corpus, day: str, people: set[str]) -> None:
    meetings = whole.graph.nodes["Meeting"].filter(pl.col("occurred") == day)["id"]
    edges = whole.graph.edges["PARTICIPATED_IN", "Person", "Meeting"]
    present = set(edges.filter(pl.col("to").is_in(meetings.implode()))["from"])
    assert {name.casefold() for name in people} <= {n for id in present for n in names(whole, id)}


def test_campaigns_and_software_lead_to_their_groups(whole: Corpus) -> None:
    campaigns = set(
        whole.graph.edges["ATTRIBUTED_TO", "Campaign", "Group"].select("from", "to").rows()
    )
    assert ("campaign:attack-c0022", LAZARUS) in campaigns
    used = whole.graph.edges["USED", "Group", "Software"]
    assert used.filter(pl.col("from") == LAZARUS).height > 20
