"""Every format's history in git: as of each day it says what that day's file says, loaded alone."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from kg import ontology as ontologies
from kg.ontology import Ontology, countries
from kg.pipeline.history import read_history
from tests.loaders.loading import ROOT
from tests.loaders.test_microsoft import row
from tests.loaders.test_misp import event
from tests.loaders.test_versions import commit
from tests.pipeline.test_history import actor, compare


class Bird(NamedTuple):
    """A record, whatever it is in a format."""

    number: int
    name: str
    state: str
    names: Sequence[str] = ()


OWL, HERON, GULL = (
    Bird(1, "Owl Pat", "KP", ["A1"]),
    Bird(2, "Heron Pat", "CN"),
    Bird(3, "Gull Pat", "RU", ["B1"]),
)
TERN, CROW = Bird(4, "Tern Pat", "CN", ["C1"]), Bird(5, "Crow Pat", "RU")
EAGLE = Bird(1, "Eagle Pat", "CN", ["A2"])


def galaxy(birds: Sequence[Bird]) -> str:
    values = [
        actor(each.name, f"22222222-0000-4000-8000-00000000000{each.number}", country=each.state,
              synonyms=each.names)
        for each in birds
    ]  # fmt: skip
    return json.dumps({"name": "T", "type": "threat-actor", "values": values, "version": 1})


def microsoft(birds: Sequence[Bird]) -> str:
    names = countries.names()
    return json.dumps([
        row(f"{b.name} Sleet", names[str(countries.code(b.state))], ", ".join(b.names))
        for b in birds
    ])  # fmt: skip


def misp(birds: Sequence[Bird]) -> str:
    tag = 'misp-galaxy:threat-actor="{}"'.format
    return json.dumps({"response": [event(b.number, *map(tag, [b.name, *b.names])) for b in birds]})


def ftm(birds: Sequence[Bird]) -> str:
    return "\n".join(
        json.dumps({"id": f"p{b.number}", "schema": "Person", "caption": b.name, "datasets": ["d"],
                    "properties": {"name": [b.name], "alias": [*b.names],
                                   "nationality": [b.state.lower()]}})
        for b in birds
    )  # fmt: skip


def ofac(birds: Sequence[Bird]) -> str:
    nulls = ",".join(["-0- "] * 7)
    return "".join(
        f'{100 + b.number},"{b.name}","individual","DPRK3",{nulls},'
        f"\"a.k.a. '{'X'.join(b.names)}'; nationality Korea, North.\"\n"
        for b in birds
    )


def stix(birds: Sequence[Bird]) -> str:
    dates = {"created": "2018-01-01T00:00:00Z", "modified": "2018-01-01T00:00:00Z"}
    mitre = "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
    objects: list[dict[str, Any]] = [
        {"type": "identity", "id": mitre, "name": "MITRE", "identity_class": "organization"} | dates
    ]
    for b in birds:
        key = {"source_name": "mitre-attack", "external_id": f"G000{b.number}"}
        objects.append({
            "type": "intrusion-set", "name": b.name, "aliases": [b.name, *b.names],
            "id": f"intrusion-set--11111111-1111-4111-8111-11111111111{b.number}",
            "created_by_ref": mitre, "external_references": [key], **dates,
        })  # fmt: skip
    bundle = "bundle--11111111-0000-4000-8000-000000000001"
    return json.dumps({"type": "bundle", "id": bundle, "objects": objects})


def travel(birds: Sequence[Bird]) -> str:
    where = {"KP": "Korea Republic of,korea-south", "CN": "China,china", "RU": "Russia,russia"}
    head = "role,who,id,name,start_date,end_date,country,country_id,locale,remarks\n"
    return head + "".join(
        f"president,synth-{b.name.split()[0].lower()},{b.number},{b.name},2001-02-0{b.number},"
        f"2001-02-0{b.number},{where[b.state]},{''.join(b.names)},Met with President Kim Synth.\n"
        for b in birds
    )


def eurepoc(birds: Sequence[Bird]) -> str:
    head = (ROOT / "tests/data/eurepoc/Synthetic_Global.csv").read_text().splitlines()[0]
    rest = "," * (head.count(",") - 6)
    return head + "\n" + "".join(
        f"{b.number},SYNTH {b.name},{b.state},2015-01-0{b.number},2015-01-0{b.number},,"
        f"['Data theft']{rest}\n"
        for b in birds
    )  # fmt: skip


def cfr(birds: Sequence[Bird]) -> str:
    names = countries.names()
    head = "Title,Date,Affiliations,Description,Response,Victims,Sponsor,Type,Category"
    return head + ",Sources_1,Sources_2,Sources_3\n" + "".join(
        f"Raid {b.number},1/{b.number}/2019,\"{', '.join(b.names)}\",Made.,Unknown,{b.name},"
        f"\"{names[str(countries.code(b.state))]}\",Espionage,Government,,,\n"
        for b in birds
    )  # fmt: skip


def claims(birds: Sequence[Bird]) -> str:
    entities, said = {"organization:w": "W"}, []
    for b in birds:
        state = f"state:{countries.code(b.state)}"
        entities |= {f"group:g{b.number}": b.name, state: b.state}
        says = [["ATTRIBUTED_TO", state], *(["alias", name] for name in b.names)]
        said += [{"asserter": "organization:w", "says": [f"group:g{b.number}", *s]} for s in says]
    document = {"id": "document:p", "name": "P", "published_by": "organization:w", "date": "2010"}
    return json.dumps({"document": document, "entities": entities, "claims": said})


Make = Callable[[Sequence[Bird]], str]

FORMS: dict[str, tuple[Make, str]] = {
    "misp-galaxy": (galaxy, "a.json"), "microsoft": (microsoft, "a.json"), "misp": (misp, "a.json"),
    "ftm": (ftm, "a.ftm.json"), "ofac": (ofac, "sdn.csv"), "stix": (stix, "a.json"),
    "travel": (travel, "travels.csv"), "eurepoc": (eurepoc, "a_Global.csv"),
    "table": (cfr, "a.csv"), "claims": (claims, "a.yaml"),
}  # fmt: skip


def steps(make: Make) -> Iterator[tuple[str, str | None]]:
    """Day of each commit of the main line, and what the list is then; None where it is not."""
    whole = [OWL, HERON, GULL]
    yield "2019-01-01", make(whole)
    yield "2019-02-01", make([*whole, TERN])
    yield "2019-03-01", make([OWL._replace(state="CN", names=["A1", "A2"]), HERON, GULL, TERN])
    yield "2019-04-01", make([OWL._replace(state="CN", names=["A2"]), GULL, TERN])
    yield "2019-05-01", make([EAGLE, GULL, TERN])
    yield "2019-06-01", "{broken"
    yield "2019-07-01", "{broken"  # an empty commit
    yield "2019-08-01", make([EAGLE, GULL])
    yield "2019-07-15", make([EAGLE, GULL, CROW])  # before its parent
    yield "2019-09-01", None
    yield "2019-10-01", make([OWL, HERON, CROW])
    yield "2019-12-01", make([HERON._replace(names=["D1"]), CROW._replace(names=["B1"])])


def repository(folder: Path, make: Make, name: str, format_: str) -> Path:
    """All of it in git, with a branch that is merged in November."""
    folder.mkdir()

    def git(*words: str) -> None:
        own = ["-c", "user.name=List", "-c", "user.email=list@example.org"]
        subprocess.run(["git", *own, *words], cwd=folder, check=True, capture_output=True)

    git("init", "-q", "-b", "main")
    if format_ == "table":
        (folder / "l").mkdir()
        shutil.copy(ROOT / "kg/loaders/mappings/cfr/source.yaml", folder / "l")
    for day, text in steps(make):
        if day == "2019-12-01":
            git("checkout", "-q", "-b", "side")
            commit(folder, "2019-10-20", **{f"l__{name}": make([HERON])})
            commit(folder, "2019-10-25", **{f"l__{name}": make([HERON, CROW._replace(names="E")])})
            git("checkout", "-q", "main")
            commit(folder, "2019-10-22", other="x")
            git("merge", "-q", "--no-ff", "--no-commit", "side")
            commit(folder, "2019-11-01")
        commit(folder, day, **{f"l__{name}": text})
    return folder


SHORT = ("ofac", "claims", "misp-galaxy")


@pytest.mark.parametrize(
    "format_",
    [pytest.param(f, marks=() if f in SHORT else pytest.mark.soak) for f in FORMS],
)  # fmt: skip
def test_each_day_is_as_its_file_alone(
    format_: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ontology: Ontology = ontologies.load()
    make, name = FORMS[format_]
    where, path = repository(tmp_path / "lists", make, name, format_), f"l/{name}"
    days = compare(format_, where, path, ontology, tmp_path / "x", 20, monkeypatch)
    batch = read_history(format_, where, path, ontology)
    assert days == batch.notes["versions"] - 1  # of two on one day the later counts
    assert batch.notes["versions that cannot be read"] == 2
    told = [p.message for p in batch.warnings if "counted from" in p.message]
    assert told == ["is of 2019-07-15, before the version before it: counted from 2019-08-01 on"]
    merged = batch.frame.filter(asserted="2019-11-01")
    assert merged.height > 0 or format_ == "eurepoc"  # which says nothing of names
    assert not set(batch.frame["asserted"].drop_nulls()) & {"2019-10-20", "2019-10-25"}
