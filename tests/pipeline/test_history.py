"""A list through its versions: as of a day it says what that day's file says, loaded alone."""

from __future__ import annotations

import gzip
import json
import random
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import accumulate
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg import ontology as ontologies
from kg.api import KnowledgeGraph
from kg.base.errors import InputError
from kg.claims.columns import STATEMENTS
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.graph.link import one_row_a_claim
from kg.loaders.kit.versions import versions
from kg.loaders.ofac import published
from kg.ontology import Ontology
from kg.pipeline import book, history
from kg.pipeline.history import read_history
from kg.pipeline.read import seeds
from tests.loaders.loading import ROOT
from tests.portion import one_in

NAIKON, OWL = "11111111-0000-4000-8000-000000000001", "11111111-0000-4000-8000-000000000002"


def actor(value: str, uuid: str | None = None, **meta: Any) -> dict[str, Any]:
    """One cluster of a threat-actor list."""
    related, prose = meta.pop("related", None), meta.pop("description", None)
    found = {"value": value, "meta": meta} | ({"uuid": uuid} if uuid else {})
    found |= {"description": prose} if prose else {}
    return found | ({"related": related} if related else {})


def dated(
    folder: Path, days: Mapping[str, Sequence[dict[str, Any]] | str], type_: str = "threat-actor"
) -> Path:
    """A folder of dated lists; text stands as it is."""
    for day, values in days.items():
        part = folder / day
        part.mkdir(parents=True)
        content = {"name": "Threat Actor", "type": type_, "values": values, "version": 1}
        text = values if isinstance(values, str) else json.dumps(content)
        (part / "threat-actor.json").write_text(text)
    return folder


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return ontologies.load()


@pytest.fixture
def graph(tmp_path: Path) -> Iterator[KnowledgeGraph]:
    with KnowledgeGraph(tmp_path / "kg.kgl") as made:
        yield made


DAYS: dict[str, Sequence[dict[str, Any]] | str] = {
    "2017-01-01": [
        actor("Night Owl", country="KP", synonyms=["Owl"], strange="?"),
        actor("Naikon", NAIKON),
    ],
    "2018-01-01": [actor("Night Owl", OWL, country="KR"), actor("Naikon", NAIKON)],
    "2019-01-01": "{broken",
    "2020-01-01": [
        actor("Night Owl", OWL, country="KR", synonyms=["Owl"]),
        actor("APT30", NAIKON, country="CN", synonyms=["Naikon"]),
    ],
    "2021-01-01": [actor("APT30", NAIKON, country="CN", synonyms=["Naikon"])],
}


def states(graph: KnowledgeGraph, day: str | None) -> list[tuple[str, str]]:
    """Who is attributed to which state."""
    asked = (
        "MATCH (g:Group)-[r:ATTRIBUTED_TO]->(s:State) WHERE r.status = 'asserted' "
        "RETURN g.name AS a, s.id AS b ORDER BY a"
    )
    return [(row["a"], row["b"]) for row in graph.query(asked, as_of=day)]


def test_a_list_is_read_as_it_stood(graph: KnowledgeGraph, tmp_path: Path) -> None:
    outcome = graph.load_history(
        "misp-galaxy", dated(tmp_path / "lists", DAYS), "threat-actor.json"
    )
    assert states(graph, "2016-12-31") == []
    assert states(graph, "2017-06-01") == [("Night Owl", "state:PRK")]
    assert states(graph, "2018-06-01") == [("Night Owl", "state:KOR")]
    assert states(graph, "2020-06-01") == [("APT30", "state:CHN"), ("Night Owl", "state:KOR")]
    assert states(graph, None) == [("APT30", "state:CHN")]
    assert outcome is not None


def test_one_record_keeps_one_node_through_a_renaming(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    graph.load_history("misp-galaxy", dated(tmp_path / "lists", DAYS), "threat-actor.json")
    asked = (
        "MATCH (g:Group) WHERE 'Naikon' IN g.names OR g.name = 'APT30' "
        "RETURN g.id AS id, g.name AS name"
    )
    assert list(graph.query(asked)) == [{"id": "group:misp-apt30", "name": "APT30"}]
    assert list(graph.query(asked, as_of="2018-01-01")) == [
        {"id": "group:misp-apt30", "name": "Naikon"}
    ]


def test_what_was_taken_back_says_when_and_by_whom(graph: KnowledgeGraph, tmp_path: Path) -> None:
    graph.load_history("misp-galaxy", dated(tmp_path / "lists", DAYS), "threat-actor.json")
    [claim] = [
        claim
        for origin in graph.explain("Night Owl", "alias").origins
        for claim in origin.claims
        if claim["asserted"] == "2017-01-01"
    ]
    assert (claim["standing"], claim["withdrawn"]) == ("retracted", "2018-01-01")


def test_another_state_in_place_of_one_supersedes_it(tmp_path: Path, ontology: Ontology) -> None:
    frame = read_history(
        "misp-galaxy", dated(tmp_path / "lists", DAYS), "threat-actor.json", ontology
    ).frame
    said = frame.filter(predicate="ATTRIBUTED_TO", subject="group:misp-night-owl").sort("asserted")
    first, second = said.iter_rows(named=True)
    assert (first["object"], second["object"]) == ("state:PRK", "state:KOR")
    assert second["supersedes"] == [first["id"]]
    assert (first["status"], first["withdrawn"]) == ("superseded", "2018-01-01")


def test_what_cannot_be_read_is_told_and_skipped(tmp_path: Path, ontology: Ontology) -> None:
    batch = read_history(
        "misp-galaxy", dated(tmp_path / "lists", DAYS), "threat-actor.json", ontology
    )
    [told] = [problem for problem in batch.warnings if "cannot be read" in problem.message]
    assert "2019-01-01" in told.place
    assert batch.notes["versions"] == 4
    # Whatever is told names a version that can be looked up, not a file that is gone.
    assert all(problem.place.startswith(str(tmp_path / "lists")) for problem in batch.warnings)


def test_what_is_wrong_in_all_versions_is_told_once(tmp_path: Path, ontology: Ontology) -> None:
    """Also where the message itself names a place."""
    likely = {"tags": ['estimative-language:likelihood-probability="likely"']}
    same = {"dest-uuid": NAIKON, "type": "similar"}
    values = [actor("Naikon", NAIKON), actor("Owl", OWL, related=[same, same | likely])]
    again = [values[0], actor("Gull"), values[1] | {"description": "x"}]
    where = dated(tmp_path / "lists", {"2017-01-01": values, "2018-01-01": again})
    batch = read_history("misp-galaxy", where, "threat-actor.json", ontology)
    (told,) = [p.message for p in batch.warnings if "the same claim stands at" in p.message]
    assert str(tmp_path / "lists") in told  # not where a file was that is gone


def test_a_list_of_which_nothing_is_read_says_so_once(tmp_path: Path, ontology: Ontology) -> None:
    days = {"2017-01-01": [actor("Owl")], "2018-01-01": [actor("Crow")]}
    where = dated(tmp_path / "lists", days, "cancer")
    with pytest.raises(InputError) as error:
        read_history("misp-galaxy", where, "threat-actor.json", ontology)
    none, first = (problem.message for problem in error.value.problems)
    assert none == "no version can be read, of 2"
    assert "as those of type cancer are not read; threat-actor, " in first


def test_one_broken_record_spoils_no_version(tmp_path: Path, ontology: Ontology) -> None:
    """It is the only one that the version changes."""
    owl, heron = actor("Owl", country="KP"), actor("Heron")
    lists = {"2017-01-01": [owl, heron], "2018-01-01": [owl, heron, actor("")],
             "2019-01-01": [owl]}  # fmt: skip
    where = dated(tmp_path / "lists", lists)
    batch = read_history("misp-galaxy", where, "threat-actor.json", ontology)
    assert batch.notes == {"versions": 3}
    assert ["the record was left out" in problem.message for problem in batch.warnings] == [True]
    gone = batch.frame.filter(subject="group:misp-heron", predicate="name")
    assert gone["withdrawn"].to_list() == ["2019-01-01"]


# Against that day's file alone


Fact = tuple[Any, ...]
COLUMNS = ("subject", "predicate", "object", "value", "asserter", "negative", "declared")


def facts(frame: pl.DataFrame) -> set[Fact]:
    """What rows say; documents are called after their version, sectors as each record spells it."""
    own = pl.col("subject").str.starts_with("document:")
    spelt = pl.col("subject").str.starts_with("sector:") & (pl.col("predicate") == "name")
    return set(frame.filter(~own & ~spelt).select(COLUMNS).rows())


def standing_on(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    """The rows that a history has as said and not taken back on a day, by brute force."""
    said = frame.filter(pl.col("asserted_from") <= day)
    gone = set(said["supersedes"].explode().drop_nulls())
    gone |= set(said.filter(pl.col("withdrawn_from") <= day)["id"])
    return said.filter(~pl.col("id").is_in(list(gone)))


def compare(
    format_: str, where: Path, path: str, ontology: Ontology, folder: Path, at_most: int,
    monkeypatch: pytest.MonkeyPatch,
) -> int:  # fmt: skip
    """Hold days of a history against their file loaded alone; how many were compared."""
    called: dict[date, dict[str, str]] = {}
    enter = book.Book.enter
    books: list[book.Book] = []

    def watched(self: book.Book, day: date, *rest: Any) -> None:
        enter(self, day, *rest)
        books[:] = [self]
        called[day] = self.current()

    monkeypatch.setattr(book.Book, "enter", watched)
    frame = read_history(format_, where, path, ontology).frame
    latest = books[0].latest()
    folder.mkdir()
    with versions(where, path) as found:
        days = sorted(called)
        # A version of an earlier day than the one before it has the day of that one.
        ran = accumulate(
            found.listed(), lambda one, v: v if v.day >= one.day else replace(v, day=one.day)
        )
        last = {version.day: version for version in ran}
        chosen = random.Random(7).sample(days, min(at_most, len(days)))
        for day in chosen:
            emit = Emitter(Source("alone", format_), ontology)
            module = history.loader_of(format_)
            module.load(found.put(last[day], folder), emit)
            ids = {id: latest.get(one, one) for id, one in called[day].items()}
            ends = ("subject", "object", "asserter")
            alone = emit.finish().with_columns(pl.col(end).replace(ids) for end in ends)
            assert facts(standing_on(frame, day)) == facts(alone), day
    return len(chosen)


def test_each_day_is_as_its_file_alone(
    tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = dated(tmp_path / "lists", {day: v for day, v in DAYS.items() if v != "{broken"})
    asked = ("misp-galaxy", where, "threat-actor.json", ontology, tmp_path / "x", 9)
    assert compare(*asked, monkeypatch) == 4


@pytest.mark.soak
@pytest.mark.parametrize(
    ("format_", "bundle", "path", "days"),
    [
        ("misp-galaxy", "galaxy-history.bundle", "clusters/threat-actor.json", 200),
        ("stix", "attack-groups-history.bundle", "enterprise-groups.json", 36),
    ],
)
def test_days_of_real_histories(
    format_: str, bundle: str, path: str, days: int, shared: Path, ontology: Ontology,
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    where = shared / "data" / "history" / bundle
    assert compare(format_, where, path, ontology, tmp_path / "x", days, monkeypatch) == days


@pytest.mark.parametrize(
    "type_", one_in(2, ["threat-actor", "producer", "mitre-intrusion-set", "tool"])
)
def test_random_lists_are_as_each_file_alone(
    type_: str, tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records that come, go, change, take a name, lose it, and speak of each other; of producers
    two may have one name, and be one."""
    chance = random.Random(3)
    uuids = [f"22222222-0000-4000-8000-00000000000{n}" for n in range(6)]
    here: dict[int, dict[str, Any]] = {}
    days: dict[str, list[dict[str, Any]]] = {}
    for number in range(12):
        for which in chance.sample(range(6), 2 + 4 * (number % 2)):
            here.pop(which, None)
            names = {"Owl", "Heron", "Gull", "Tern", "Crow", "Wren"}
            if type_ != "producer":
                names -= {each["value"].partition(" ")[0] for each in here.values()}
            name, key = chance.choice(sorted(names)), f"G000{which}"
            numbered = type_.startswith("mitre")
            if chance.random() < 0.8:
                here[which] = actor(
                    f"{name} - {key}" if numbered else name, uuids[which],
                    **({"external_id": key} if numbered else {}),
                    country=chance.choice(["KP", "CN", "RU"]),
                    synonyms=chance.sample(["A", "B", "C"], chance.randint(0, 2)),
                    related=[{"dest-uuid": chance.choice(uuids), "type": "similar"}],
                    **{"cfr-suspected-state-sponsor": chance.choice(["France", "Chile"]),
                       "cfr-suspected-victims": chance.choice(["India", "Peru"])},
                )  # fmt: skip
        days[f"20{10 + number}-01-01"] = list(here.values())
    where = dated(tmp_path / "lists", days, type_)
    asked = ("misp-galaxy", where, "threat-actor.json", ontology, tmp_path / "x", 12)
    assert compare(*asked, monkeypatch) == 12


def test_a_country_is_a_record_too(
    tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    france, chile = (actor(code, None, ISO3=code) for code in ("FRA", "CHL"))
    days = {"2018-01-01": [france, chile], "2019-01-01": [france | {"description": "x"}, chile]}
    where = dated(tmp_path / "lists", days, "country")
    asked = ("misp-galaxy", where, "threat-actor.json", ontology, tmp_path / "x", 2)
    assert compare(*asked, monkeypatch) == 2


def test_whom_prose_names_is_read_beside_it(
    tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A description calls another a whole by a name that comes, goes and changes hands."""
    part = actor("Wren", description="It is a subgroup of Bird.")
    days = {
        "2018-01-01": [actor("Owl", synonyms=["Bird"]), actor("Wren"), actor("Tern")],
        "2019-01-01": [actor("Owl", synonyms=["Bird"]), part, actor("Tern")],
        "2020-01-01": [actor("Owl"), part, actor("Tern")],
        "2021-01-01": [actor("Owl"), part, actor("Tern", synonyms=["Bird"])],
        "2022-01-01": [actor("Owl", synonyms=["bird"]), part, actor("Tern", synonyms=["Bird"])],
    }
    where = dated(tmp_path / "lists", days)
    asked = ("misp-galaxy", where, "threat-actor.json", ontology, tmp_path / "x", 9)
    assert compare(*asked, monkeypatch) == 5
    frame = read_history("misp-galaxy", where, "threat-actor.json", ontology).frame
    said = frame.filter(predicate="SUBGROUP_OF").sort("asserted").select("object", "withdrawn")
    assert said.rows() == [("group:misp-owl", "2020-01-01"), ("group:misp-tern", "2022-01-01")]


def test_a_list_may_come_in_several_files_for_a_while(
    tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Records are then read together, and apart again."""
    owl, heron, gull = actor("Owl", OWL, country="KP"), actor("Heron"), actor("Gull", NAIKON)
    apart, together = [owl, heron], [owl | {"value": "Night Owl"}, gull]
    days = {"2017-01-01": apart, "2018-01-01": together, "2019-01-01": [gull, heron]}
    where = dated(tmp_path / "lists", days | {"2021-01-01": [gull]})
    more = dated(tmp_path / "more", {"2018-01-01": [heron], "2020-01-01": [owl]})
    for day in ("2018-01-01", "2020-01-01"):
        (where / day).mkdir(exist_ok=True)
        shutil.copy(more / day / "threat-actor.json", where / day / "others.json")
    shutil.copy(where / "2019-01-01" / "threat-actor.json", where / "2020-01-01")
    for file in where.glob("*/*.json"):
        file.rename(where / f"{file.stem}-{file.parent.name}.json")
    shutil.rmtree(tmp_path / "more")
    asked = ("misp-galaxy", where, ".", ontology, tmp_path / "x", 9)
    assert compare(*asked, monkeypatch) == 5


# Other formats, other days


def sdn(*names: str) -> str:
    """An OFAC list as CSV."""
    rows = (f'{n},"{name}","individual","DPRK3",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- '
            for n, name in enumerate(names, 100))  # fmt: skip
    return "\n".join(rows) + "\n"


def test_weekly_lists_are_history(tmp_path: Path, ontology: Ontology) -> None:
    for day, names in (("2021-07-14", ("PAK, Jin",)), ("2021-07-21", ("PAK, Jin", "RI, Chol")),
                       ("2021-07-28", ("KIM, Il",))):  # fmt: skip
        (tmp_path / "lists" / day).mkdir(parents=True)
        (tmp_path / "lists" / day / "sdn.csv").write_text(sdn(*names))
    batch = read_history("ofac", tmp_path / "lists", ".", ontology)
    sanctioned = batch.frame.filter(predicate="DESIGNATES").select("asserted", "withdrawn")
    assert batch.notes["versions"] == 3
    assert ("2021-07-21", "2021-07-28") in sanctioned.rows()


@pytest.mark.parametrize("called", ["{}-{}.csv", "{1}_{0}.csv", "{0}.{1}.csv", "{0} {1}.csv"])
@pytest.mark.parametrize("path", [".", "sdn.csv"])
def test_the_files_of_a_day_are_one_version(
    tmp_path: Path, ontology: Ontology, called: str, path: str
) -> None:
    """Whether its folder has the day in its name, or the list itself, tells nothing else."""
    names = '100,1,"aka","PAK, Chin","-0-"\n'
    for day, listed, alt in (
        ("2021-07-14", ("PAK, Jin",), names), ("2021-07-21", ("PAK, Jin", "RI, Chol"), names),
        ("2021-07-28", ("PAK, Jin",), ""),
    ):  # fmt: skip
        for kind, text in (("sdn", sdn(*listed)), ("alt", alt)):
            name = called.format(kind, day.replace("-", ""))
            for file in (tmp_path / "folders" / day / f"{kind}.csv", tmp_path / "files" / name):
                file.parent.mkdir(parents=True, exist_ok=True)
                file.write_text(text)
    ways = [read_history("ofac", tmp_path / way, path, ontology) for way in ("folders", "files")]
    assert ways[1].notes["versions"] == 3
    rows = [way.frame.drop("place", "source").sort("id") for way in ways]
    assert [c for c in rows[0].columns if not rows[1][c].equals(rows[0][c])] == []
    if path == ".":
        assert "2021-07-28" in rows[1].filter(predicate="alias")["withdrawn"].to_list()


def xml(form: str, day: str, *changes: tuple[str, str]) -> str:
    """OFAC's list in either form, as of a day."""
    text = (ROOT / f"tests/data/ofac/synthetic_{form}.xml").read_text()
    year, month, on = (int(part) for part in day.split("-"))
    dated = ("<Year>2024</Year><Month>3</Month><Day>5</Day>",
             f"<Year>{year}</Year><Month>{month}</Month><Day>{on}</Day>")  # fmt: skip
    whole = ((' action="add"', ""), ('<entity id="27308" action="delete">', "<!--"),
             ("</entity>\n</entities>", "--></entities>"))  # fmt: skip
    for old, new in (dated, ("2024-03-05", day), *(whole if form == "enhanced" else ()), *changes):
        text = text.replace(old, new)
    return text


def laid(folder: Path, days: Mapping[str, Mapping[str, str]]) -> Path:
    """A folder of dated folders: day → name → text."""
    for day, files in days.items():
        for name, text in files.items():
            (folder / day).mkdir(parents=True, exist_ok=True)
            (folder / day / name).write_text(text)
    return folder


SECOND = ("SYNWEAK", "SYNNEW"), ("DPRK3", "DPRK4")
THIRD = ("North Korea</C", "Iran</C"), ("North Korea</c", "Iran</c"), ('ProfileID="900001"', "")


@pytest.mark.parametrize("form", ["advanced", "enhanced"])
def test_each_day_of_ofacs_xml_is_as_its_file_alone(
    form: str, tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, days = f"sdn_{form}.xml", {"2024-03-05": (), "2024-03-12": SECOND, "2024-03-19": THIRD}
    where = laid(tmp_path / "x", {d: {name: xml(form, d, *c)} for d, c in days.items()})
    assert compare("ofac", where, ".", ontology, tmp_path / "one", 9, monkeypatch) == 3
    frame = read_history("ofac", where, name, ontology).frame
    said = frame.filter(predicate="alias").sort("asserted").select("value", "withdrawn")
    assert said.rows() == [
        ("SYNWEAK", "2024-03-12"), ("SYNNEW", "2024-03-19"), ("SYNWEAK", None),
    ]  # fmt: skip


def test_both_of_ofacs_lists_lie_side_by_side(
    tmp_path: Path, ontology: Ontology, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [(("PAK, Jin",), ("RI, Chol",)), (("PAK, Jin", "RI, Chol"), ("RI, Chol",)),
            (("KIM, Il",), ("RI, Chol", "PAK, Jin")), (("KIM, Il",), ("KIM, Il",))]  # fmt: skip
    where = laid(tmp_path / "x", {
        f"2021-07-0{day}": {"sdn.csv": sdn(*listed), "cons_prim.csv": sdn(*others)}
        for day, (listed, others) in enumerate(both, 1)
    })  # fmt: skip
    assert compare("ofac", where, ".", ontology, tmp_path / "one", 9, monkeypatch) == 4
    frame = read_history("ofac", where, ".", ontology).frame.filter(predicate="DESIGNATES")
    assert frame.group_by("document").len().sort("document").rows() == [
        ("document:ofac-consolidated", 2), ("document:ofac-sdn", 2),
    ]  # fmt: skip


def test_a_list_that_did_not_arrive_is_told(tmp_path: Path, ontology: Ontology) -> None:
    one, both = (
        {"sdn.csv": sdn("PAK, Jin")},
        {"sdn.csv": sdn("PAK, Jin"), "cons_prim.csv": sdn("RI")},
    )
    where = laid(tmp_path / "x", {"2021-07-01": both, "2021-07-08": one, "2021-07-15": one})
    before = read_history("ofac", where, ".", ontology)
    [told] = [p for p in before.warnings if "all that it said is withdrawn" in p.message]
    assert (told.value, told.place) == (
        "document:ofac-consolidated", f"{where}@2021-07-08 (2021-07-08)",
    )  # fmt: skip
    laid(where, {"2021-07-22": {"cons_prim.csv": sdn("RI")}})
    grown = read_history("ofac", where, ".", ontology, before=before.state)
    assert [p.value for p in grown.warnings if "withdrawn" in p.message] == ["document:ofac-sdn"]


def lines(*entities: object) -> str:
    return "\n".join(json.dumps(each) for each in entities)


WREN = {"id": "w", "schema": "Person", "caption": "Wren", "properties": {"name": ["Wren"]}}
TERN = {"id": "t", "schema": "Person", "caption": "Tern", "properties": {"name": ["Tern"]}}
DELTAS = {
    "ofac": (
        xml("enhanced", "2024-03-05"),
        (ROOT / "tests/data/ofac/synthetic_enhanced.xml").read_text().replace("03-05", "03-12"),
    ),
    "ftm": (lines(WREN, TERN), lines({"op": "DEL", "entity": {"id": "w"}}, {"op": "ADD"} | TERN)),
}


@pytest.mark.parametrize("format_", DELTAS)
def test_what_tells_changes_alone_is_no_version(
    format_: str, tmp_path: Path, ontology: Ontology
) -> None:
    name = {"ofac": "a.xml", "ftm": "a.ftm.json"}[format_]
    days = dict(zip(("2024-03-05", "2024-03-12"), DELTAS[format_], strict=True))
    where = laid(tmp_path / "x", {day: {name: text} for day, text in days.items()})
    batch = read_history(format_, where, ".", ontology)
    assert batch.frame["withdrawn"].null_count() == batch.frame.height > 0
    assert batch.notes["versions that cannot be read"] == 1
    [told] = [p for p in batch.warnings if "left out: it tells only what has changed" in p.message]
    assert (told.place, told.value) == (f"{where}@2024-03-12 (2024-03-12)", name)


def test_a_version_may_name_its_own_day(tmp_path: Path, ontology: Ontology) -> None:
    days = {"2021-07-20": "2021-07-14", "2021-07-27": None}
    for folder, own in days.items():
        part = tmp_path / "lists" / folder
        part.mkdir(parents=True)
        (part / "sdn.csv").write_text(sdn("PAK, Jin", *(["RI, Chol"] if own is None else [])))
        if own:
            text = f"name: sdn\nformat: ofac\nlicence: none\ndate: {own}\nfiles: sdn.csv\n"
            (part / "source.yaml").write_text(text)
    frame = read_history("ofac", tmp_path / "lists", ".", ontology).frame
    assert set(frame["asserted"].drop_nulls()) == {"2021-07-14", "2021-07-27"}


@pytest.mark.parametrize(
    ("head", "day"),
    [
        ("<sdnList><publshInformation><Publish_Date>07/14/2021</Publish_Date>", "2021-07-14"),
        ("<x><publicationInfo><dataAsOf>2024-05-06T10:00:00</dataAsOf>", "2024-05-06"),
        ("<x><publicationInfo><datePublished>2026-08-20T00:00:00-04:00</d", "2026-08-20"),
        ('<DateOfIssue CalendarTypeID="1">\n <Year>2020</Year><Month>2</Month><Day>9</Day>',
         "2020-02-09"),
        ("<Publish_Date>13/45/2021</Publish_Date>", None),
    ],
)  # fmt: skip
def test_the_day_that_ofacs_xml_names(tmp_path: Path, head: str, day: str | None) -> None:
    (tmp_path / "sdn.xml").write_text(head)
    (tmp_path / "zipped.xml.gz").write_bytes(gzip.compress(head.encode()))
    wanted = None if day is None else date.fromisoformat(day)
    for path in (tmp_path, *tmp_path.iterdir()):
        assert published([path]) == wanted


MAPPED = """name: raids
format: table
licence: CC0 1.0
date: 2019-12-31
history: raids.csv
table:
  document: document:raids
  asserter: organization:raid-watch
  entities:
    "document:raids": Raids
    "organization:raid-watch": Raid Watch
    "incident:raid-{no}": {name: "{what}", category: cyber}
  claims:
  - ["incident:raid-{no}", occurred, "{day}", {valid_basis: stated}]
"""


def test_one_mapping_reads_the_tables_of_all_days(tmp_path: Path, ontology: Ontology) -> None:
    for day, occurred in (("2020-01-01", "2019-03-02"), ("2020-02-01", "2019-03-03")):
        (tmp_path / day).mkdir()
        (tmp_path / day / "raids.csv").write_text(f"no,day,what\n1,{occurred},Raid\n")
    (tmp_path / "source.yaml").write_text(MAPPED)
    [batch] = seeds([tmp_path], ontology)
    said = batch.frame.filter(predicate="occurred").sort("asserted")
    assert said.select("value", "asserted", "withdrawn", "status").rows() == [
        ("2019-03-02", "2020-01-01", "2020-02-01", "superseded"),
        ("2019-03-03", "2020-02-01", None, None),
    ]


def test_claim_files_have_a_history_too(tmp_path: Path, ontology: Ontology) -> None:
    for day, group in (("2020-01-01", "night"), ("2020-02-01", "dusk")):
        (tmp_path / day).mkdir()
        (tmp_path / day / "theft.yaml").write_text(f"""\
document: {{id: document:paper, name: A paper, published_by: organization:a, date: 2019-12-01}}
entities: {{organization:a: A, incident:theft: Theft, group:night: Night, group:dusk: Dusk}}
claims:
- {{asserter: organization:a, says: [incident:theft, ATTRIBUTED_TO, group:{group}]}}
""")
    frame = read_history("claims", tmp_path, "theft.yaml", ontology).frame
    said = frame.filter(predicate="ATTRIBUTED_TO").sort("asserted")
    assert said.select("object", "withdrawn").rows() == [
        ("group:night", "2020-02-01"), ("group:dusk", None),
    ]  # fmt: skip


def test_a_list_that_breaks_off_has_withdrawn_nothing(tmp_path: Path, ontology: Ontology) -> None:
    rows = ("1,2019,Raid\n", "2,2019,Theft\n")
    for day, there in (("2021-07-14", rows), ("2021-07-21", rows[:1])):
        (tmp_path / day).mkdir()
        (tmp_path / day / "raids.csv").write_text("no,day,what\n" + "".join(there))
    checks = "checks: {minimum: {Incident: 2}}\n"
    (tmp_path / "source.yaml").write_text(MAPPED.replace("table:\n", f"{checks}table:\n"))
    batch = read_history("table", tmp_path, "raids.csv", ontology)
    assert batch.frame["withdrawn"].null_count() == batch.frame.height
    assert batch.notes["versions that cannot be read"] == 1


def stix(key: str | None, name: str, *more: dict[str, Any]) -> str:
    """A bundle with one group of ATT&CK's; without a key MITRE does not speak in it."""
    refs = [{"source_name": "mitre-attack", "external_id": key}] if key else []
    dates = {"created": "2018-01-01T00:00:00Z", "modified": "2018-01-01T00:00:00Z"}
    mitre = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
    group = {"type": "intrusion-set", "name": name, "aliases": ["Heron"], **dates,
             "id": "intrusion-set--11111111-1111-4111-8111-111111111111",
             "external_references": refs, **({"created_by_ref": mitre} if key else {})}  # fmt: skip
    by = {"type": "identity", "id": mitre, "name": "MITRE", "identity_class": "organization"}
    objects = [group, by | dates, *more]
    return json.dumps({"type": "bundle", "id": f"bundle--{NAIKON}", "objects": objects})


def test_an_object_whose_key_changes_is_one(tmp_path: Path, ontology: Ontology) -> None:
    for day, text in (("2018-01-01", stix("G0042", "Crane")), ("2018-04-18", stix(None, "Crane"))):
        (tmp_path / day).mkdir()
        (tmp_path / day / "groups.json").write_text(text)
    batch = read_history("stix", tmp_path, "groups.json", ontology)
    groups = batch.frame.filter(pl.col("subject").str.starts_with("group:"))["subject"].unique()
    assert len(groups) == 1


def test_an_edition_called_otherwise_is_the_same_document(
    tmp_path: Path, ontology: Ontology
) -> None:
    dates = {"created": "2018-01-01T00:00:00Z", "modified": "2018-01-01T00:00:00Z"}
    tool = {"type": "tool", "id": f"tool--{OWL}", "name": "Spade", **dates}
    for day, more in (("2018-01-01", []), ("2018-04-18", [tool])):
        (tmp_path / day).mkdir()
        (tmp_path / day / "groups.json").write_text(stix("G0042", "Crane", *more))
    frame = read_history("stix", tmp_path, "groups.json", ontology).frame
    [alias] = frame.filter(predicate="alias").iter_rows(named=True)
    assert (alias["asserted"], alias["withdrawn"]) == ("2018-01-01", None)


def test_a_claim_of_two_sources_was_said_on_the_earlier_day() -> None:
    days = {"a": date(2026, 8, 1), "b": date(2018, 1, 1), "c": None}
    rows = [
        {"id": "claim:1", "source": name, "format": "x", "declared": False, "negative": False,
         "asserted": day and day.isoformat(), "asserted_from": day, "asserted_to": day}
        for name, day in days.items()
    ]  # fmt: skip
    one = one_row_a_claim(pl.DataFrame(rows, schema=STATEMENTS))
    assert one.select("asserted", "asserted_from").rows() == [("2018-01-01", date(2018, 1, 1))]
