"""Every addition and withdrawal of a history, against a plain difference of its versions."""

from __future__ import annotations

import json
import random
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg import ontology as ontologies
from kg.claims.columns import SAID
from kg.ontology import Ontology, countries
from kg.pipeline.history import read_history
from tests.pipeline.test_history import DAYS, actor, dated

Facts = Mapping[str, frozenset[tuple[str, str]]]
"""Key of a record → what it says, as (sort, text)."""

Sort = Callable[[dict[str, Any]], tuple[str, str] | None]
"""A row → what it says, where that is compared."""

NAMES = {"subgroup_name": "part"} | dict.fromkeys(
    ("alias", "persona", "umbrella_term", "foreign_key"), "name"
)


def of_folder(where: Path, path: str) -> Iterator[tuple[str, Any]]:
    """Day and content of each dated part that can be parsed."""
    for part in sorted(where.iterdir()):
        try:
            yield part.name, json.loads((part / path).read_text())
        except ValueError:
            continue


def of_bundle(where: Path, path: str, scratch: Path) -> Iterator[tuple[str, Any]]:
    """The same of a bundle, by git alone."""
    subprocess.run(["git", "clone", "-q", "-b", "main", where, scratch], check=True)

    def git(*words: str) -> str:
        command = ["git", "-C", str(scratch), *words]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    for line in git("log", "--reverse", "--format=%H %cs", "--", path).splitlines():
        commit, day = line.split()
        try:
            yield day, json.loads(git("show", f"{commit}:{path}"))
        except ValueError:
            continue


def texts(given: object) -> Iterator[str]:
    for one in [given] if isinstance(given, str) else given if isinstance(given, list) else []:
        if isinstance(one, str) and one.strip():
            yield one.strip()


def galaxy(content: Any) -> dict[str, tuple[str, frozenset[tuple[str, str]]]]:
    """UUID (else value) of an actor → what its ids are made of, and what it says."""
    found: dict[str, tuple[str, frozenset[tuple[str, str]]]] = {}
    for record in content["values"]:
        value = record.get("value", "").strip()
        meta = record.get("meta")
        meta = meta if isinstance(meta, dict) else {}
        sorts = set(texts(meta.get("threat-actor-classification")))
        kind = "campaign" if {"operation", "campaign"} & sorts else "group"
        names = {name for key in ("synonyms", "synomyms") for name in texts(meta.get(key))}
        coined = f"origin:{value}".casefold() in map(str.casefold, meta)
        said = {("entry", value)}
        for name in names | {value} if coined else names - {value}:
            foreign = re.sub(r"^(G\d{4})$", r"attack:\1", name) if kind == "group" else name
            sort = "part" if name.startswith("Subgroup: ") else "name"
            said.add((sort, foreign.removeprefix("Subgroup: ")))
        said |= {("state", code) for text in texts(meta.get("country")) if (code := state(text))}
        key = record.get("uuid") or value
        if value and key not in found:
            slug = re.sub(r"\W+", "-", value.casefold()).strip("-")
            found[key] = f"{kind}:{slug}", frozenset((f"{kind} {a}", b) for a, b in said)
    return found


def state(text: str) -> str | None:
    code = countries.code(text)
    return code and f"state:{code}"


def attack(content: Any) -> dict[str, tuple[str, frozenset[tuple[str, str]]]]:
    """STIX id → external id, and what an object, or the relationships from it, say."""
    found: dict[str, tuple[str, frozenset[tuple[str, str]]]] = {}
    numbers: dict[str, str] = {}
    for record in content["objects"]:
        if record["type"] not in ("intrusion-set", "campaign"):
            continue
        keys = {
            each["source_name"]: each.get("external_id") for each in record["external_references"]
        }
        numbers[record["id"]] = number = keys["mitre-attack"]
        names = [*texts(record.get("aliases")), *texts(record.get("x_mitre_aliases"))]
        said = {(f"{number} name", name) for name in names if name != record["name"].strip()}
        found[record["id"]] = number, frozenset(said | {("entry", number)})
    for record in content["objects"]:
        ends = [numbers.get(record.get(end, "")) for end in ("source_ref", "target_ref")]
        edge = EDGES.get(record.get("relationship_type", ""))
        if edge and all(ends) and not record.get("revoked"):
            key = record["source_ref"]
            who, before = found[key]
            found[key] = who, before | {(f"{ends[0]} {edge}", str(ends[1]))}
    return found


EDGES = {"attributed-to": "ATTRIBUTED_TO", "revoked-by": "SAME_AS"}


def expected(versions: Iterator[tuple[str, Any]], read: Callable[[Any], Any]) -> Counter[Any]:
    """(day, sign, sort, text) of what each version has more and less than the one before. A record
    whose key was rewritten is known by what its id is made of."""
    events: Counter[Any] = Counter()
    before: dict[str, Any] = {}
    for day, content in versions:
        now = read(content)
        gone = {before[key][0]: key for key in before.keys() - now.keys()}
        origin = {key: key if key in before else gone.get(now[key][0]) for key in now}
        ended = before.keys() - set(origin.values())
        pairs = [
            (before[old][1] if old else frozenset(), now[key][1]) for key, old in origin.items()
        ]
        for was, said in [*pairs, *((before[key][1], frozenset()) for key in ended)]:
            events.update((day, "+", *fact) for fact in said - was)
            events.update((day, "-", *fact) for fact in was - said)
        before = now
    return events


def told(
    frame: pl.DataFrame, sort: Callable[[dict[str, Any]], tuple[str, str] | None]
) -> Counter[Any]:
    """The same as the rows of a history tell it; what is only said anew is neither."""
    rows = {row["id"]: row for row in frame.iter_rows(named=True)}
    anew = [(row, rows[old]) for row in rows.values() for old in row["supersedes"] or ()]
    same = [(new, old) for new, old in anew if all(new[name] == old[name] for name in SAID)]
    begun, ended = {new["id"] for new, _ in same}, {old["id"] for _, old in same}
    events: Counter[Any] = Counter()
    for row in rows.values():
        fact = sort(row)
        if fact is not None and row["id"] not in begun:
            events[row["asserted"], "+", *fact] += 1
        if fact is not None and row["withdrawn"] and row["id"] not in ended:
            events[row["withdrawn"], "-", *fact] += 1
    return events


def of_galaxy(row: dict[str, Any]) -> tuple[str, str] | None:
    kind = row["subject"].partition(":")[0]
    if row["declared"]:
        entry = row["predicate"] == "record"
        return (f"{kind} entry", row["value"].removeprefix("misp:")) if entry else None
    if row["asserter"] != "organization:misp-project":
        return None
    if row["predicate"] in NAMES:
        return f"{kind} {NAMES[row['predicate']]}", row["value"]
    by_state = row["predicate"] == "ATTRIBUTED_TO"
    return (f"{kind} state", row["object"]) if by_state else None


def of_attack(frame: pl.DataFrame) -> Sort:
    """Of names those that are not the object's own: these are told where they are cited."""
    records = frame.filter(pl.col("declared") & (pl.col("predicate") == "record"))
    number = {s: v.removeprefix("attack:") for s, v in records.select("subject", "value").rows()}
    named = frame.filter(pl.col("declared") & (pl.col("predicate") == "name"))
    names = dict(named.group_by("subject").agg("value").iter_rows())

    def sort(row: dict[str, Any]) -> tuple[str, str] | None:
        who = number.get(row["subject"])
        if row["declared"]:
            return ("entry", str(who)) if row["predicate"] == "record" else None
        if row["asserter"] != "organization:mitre" or who is None:
            return None
        if row["predicate"] in NAMES:
            called = row["value"] in names[row["subject"]]
            return None if called else (f"{who} name", row["value"])
        known = row["predicate"] in EDGES.values() and row["object"] in number
        return (f"{who} {row['predicate']}", number[row["object"]]) if known else None

    return sort


@pytest.fixture(scope="module")
def ontology() -> Ontology:
    return ontologies.load()


def test_days_and_random_lists(tmp_path: Path, ontology: Ontology) -> None:
    chance = random.Random(8)
    days = dict(DAYS)
    for number in range(8):
        here = chance.sample(range(7), chance.randint(2, 7))
        days[f"20{22 + number}-01-01"] = [
            actor(f"Bird {which}" if chance.random() < 0.8 else f"Renamed {which}", f"uuid-{which}",
                  country=chance.choice(["KP", "CN", "TU"]),
                  synonyms=chance.sample(["A", "B", "G0032", "D"], chance.randint(0, 3)))
            for which in here
        ]  # fmt: skip
    where = dated(tmp_path / "lists", days)
    frame = read_history("misp-galaxy", where, "threat-actor.json", ontology).frame
    wanted = expected(of_folder(where, "threat-actor.json"), galaxy)
    assert len(wanted) > 60
    assert told(frame, of_galaxy) == wanted


@pytest.mark.soak
def test_every_change_of_misps_list(shared: Path, tmp_path: Path, ontology: Ontology) -> None:
    where, path = (
        shared / "data" / "history" / "galaxy-history.bundle",
        "clusters/threat-actor.json",
    )
    wanted = expected(of_bundle(where, path, tmp_path / "clone"), galaxy)
    frame = read_history("misp-galaxy", where, path, ontology).frame
    assert told(frame, of_galaxy) == wanted
    assert wanted.total() == 4210


@pytest.mark.soak
def test_every_change_of_attacks_groups(shared: Path, tmp_path: Path, ontology: Ontology) -> None:
    where = shared / "data" / "history" / "attack-groups-history.bundle"
    wanted = expected(of_bundle(where, "enterprise-groups.json", tmp_path / "clone"), attack)
    frame = read_history("stix", where, "enterprise-groups.json", ontology).frame
    found = told(frame, of_attack(frame))
    for day, _, *fact in [event for event in found if event[2] == "entry"]:
        both = [(day, sign, *fact) for sign in "+-"]  # the same object under another key
        found -= Counter(both) if all(found[event] for event in both) else Counter()
    renamed = ("2021-04-29", "+", "G0093 name", "Soft Cell")  # the name until then
    assert found == Counter({e: n for e, n in wanted.items() if e != renamed})
