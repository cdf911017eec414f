"""What a STIX bundle says, who says it and when: one small input for each kind of reading."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest

import kg
from kg.base.errors import InputError
from kg.loaders.stix import incidents, markings
from kg.loaders.stix.relations import LINKS, RELATIONS
from tests.loaders.loading import ROOT, Loaded, run
from tests.loaders.stix_objects import (
    BREAKIN,
    CLERK,
    CREATED,
    DROP,
    EUROPE,
    FLAW,
    HERON,
    HOST,
    KOREA,
    LAB,
    LITTLE,
    LOADER,
    OTHER,
    PIPE,
    PORT,
    RELAY,
    ROPES,
    SCRIPT,
    SHIPPING,
    WALLET,
    Object,
    attack,
    bundle,
    rel,
    report,
    stix_id,
    thing,
    without,
)

MITRE_IDENTITY = thing("identity", 9, "The MITRE Corporation", identity_class="organization")
T1059 = {"source_name": "mitre-attack", "external_id": "T1059",
         "url": "https://attack.mitre.org/techniques/T1059"}  # fmt: skip
RED = {"type": "marking-definition", "definition_type": "tlp", "definition": {"tlp": "red"},
       "id": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed"}  # fmt: skip


def read(folder: Path, *objects: Object) -> Loaded:
    return run("stix", bundle(folder / "a.json", *objects))


def entity_id(object: Object) -> str:
    prefixes = {"intrusion-set": "group", "malware": "software", "tool": "software",
                "attack-pattern": "technique", "location": "region"}  # fmt: skip
    if object["type"] == "cryptocurrency-wallet":
        return f"wallet:{object['value']}"
    classes = {"individual": "person", "class": "sector"}
    prefix = prefixes.get(object["type"], object["type"])
    if prefix == "identity":
        prefix = classes.get(object.get("identity_class", ""), "organization")
    return f"{prefix}:stix-{object['id'].replace('--', '-')}"


def edges(loaded: Loaded, *more: str) -> set[tuple[Any, ...]]:
    """(subject, predicate, object, …) of the claims that are edges."""
    rows = loaded.claims().filter(pl.col("object").is_not_null())
    return set(rows.select("subject", "predicate", "object", *more).iter_rows())


def only(loaded: Loaded, *columns: str) -> tuple[Any, ...]:
    """These columns of the one claim that is an edge."""
    (row,) = loaded.claims().filter(pl.col("object").is_not_null()).select(columns).iter_rows()
    return row


ME = "organization:stix-identity-00000000-0000-4000-8000-000000000001"
YOU = "organization:stix-identity-00000000-0000-4000-8000-000000000002"


# Whose word


@pytest.mark.parametrize("cites", [True, False])
def test_a_technique_that_is_cited_makes_nobody_speak(tmp_path: Path, cites: bool) -> None:
    script = SCRIPT | {"external_references": [T1059]} if cites else SCRIPT
    blames = without(rel(HERON, "attributed-to", KOREA), "created_by_ref")
    uses = without(rel(HERON, "uses", SCRIPT, 2), "created_by_ref")
    loaded = read(tmp_path, HERON, KOREA, script, blames, uses)
    assert set(loaded.claims()["asserter"]) == {None}
    assert "organization:mitre" not in loaded.frame["subject"]
    assert "MITRE ATT&CK" not in loaded.frame["value"]
    techniques = [id for id in loaded.frame["subject"] if id.startswith("technique:")]
    assert set(techniques) == {"technique:attack-t1059" if cites else entity_id(SCRIPT)}


def test_the_author_of_a_report_says_what_nobody_else_is_said_to(tmp_path: Path) -> None:
    mine = without(rel(HERON, "attributed-to", KOREA), "created_by_ref")
    others = rel(HERON, "uses", DROP, 2, created_by_ref=OTHER["id"])
    printed = report(1, "At the docks", mine, others, created_by_ref=LAB["id"])
    loaded = read(tmp_path, LAB, OTHER, HERON, KOREA, DROP, mine, others, printed)
    assert edges(loaded, "asserter") == {
        (entity_id(HERON), "ATTRIBUTED_TO", "state:PRK", ME),
        (entity_id(HERON), "USED", entity_id(DROP), YOU),
    }


@pytest.mark.parametrize("how", ["author", "its own id, not in the file", "notice"])
def test_mitre_speaks_where_it_is_said_to(tmp_path: Path, how: str) -> None:
    by = {
        "author": {"created_by_ref": MITRE_IDENTITY["id"]},
        "its own id, not in the file": {
            "created_by_ref": "identity--c78cb6e5-0c4b-4611-8297-d1b8b55e40b5"
        },
        "notice": {
            "object_marking_refs": ["marking-definition--fa42a846-8d90-4e51-bc29-71d5b4802168"]
        },
    }[how]
    uses = without(rel(HERON, "uses", DROP), "created_by_ref") | by
    loaded = read(tmp_path, *([MITRE_IDENTITY] if how == "author" else []), HERON, DROP, uses)
    assert only(loaded, "asserter") == ("organization:mitre",)
    assert "document:stix" in loaded.frame["subject"]  # a bundle of others that MITRE speaks in


def test_only_what_is_mitres_whole_is_attack(tmp_path: Path) -> None:
    wolf, fang = attack("intrusion-set", "G9001", "Wolf"), attack("malware", "S9001", "Fang")
    whole = run("stix", bundle(tmp_path / "enterprise-attack-2.0.json", wolf, fang)).frame
    assert "document:mitre-att-ck-2-0" in whole["subject"]
    part = run("stix", bundle(tmp_path / "playbook-2.0.json", wolf, fang, HERON)).frame
    assert "document:stix" in part["subject"]
    assert not [value for value in part["value"] if "ATT&CK" in (value or "")]


def test_what_mitre_writes_without_numbers_is_not_attack(tmp_path: Path) -> None:
    """MITRE converted reports of others to STIX."""
    by_mitre = {"created_by_ref": MITRE_IDENTITY["id"]}
    targets = rel(HERON, "targets", KOREA, **by_mitre)
    loaded = read(tmp_path, MITRE_IDENTITY, HERON | by_mitre, KOREA | by_mitre, targets)
    assert only(loaded, "asserter", "document") == ("organization:mitre", "document:stix")


def test_a_group_is_mitres_by_number_only_where_mitre_says_so(tmp_path: Path) -> None:
    number = {"source_name": "mitre-attack", "external_id": "G0032"}
    loaded = read(tmp_path, HERON | {"external_references": [number]})
    assert loaded.values(entity_id(HERON), "codes") == ["attack:G0032"]
    assert loaded.count("group") == 1


# When


@pytest.mark.parametrize("published", ["2013-08-21T00:00:00.000Z", None])
def test_a_claim_was_made_when_its_report_came_out(tmp_path: Path, published: str | None) -> None:
    blames = rel(HERON, "attributed-to", KOREA, created="2015-05-15T09:12:16.432Z")
    late = report(2, "Again", blames, published="2020-01-01T00:00:00Z")
    printed = report(1, "Herons observed", blames, published=published)
    reports = [late, printed] if published else [printed]
    loaded = read(tmp_path, LAB, HERON, KOREA, blames, *reports)
    said = only(loaded, "asserted", "asserted_basis", "document")
    document = f"document:stix-{printed['id'].replace('--', '-')}"
    assert said == (
        ("2013-08-21", "stated", document) if published else ("2015-05-15", "metadata", document)
    )


def test_what_a_report_prints_of_others_was_not_said_that_day(tmp_path: Path) -> None:
    """A vendor's report carries ATT&CK's own object of a technique."""
    technique = attack("attack-pattern", "T1059", "Scripting", x_mitre_platforms=["Linux"])
    others = rel(HERON, "uses", DROP, created_by_ref=OTHER["id"])
    printed = report(1, "At the docks", technique, others, created_by_ref=LAB["id"],
                     published="2024-05-05T00:00:00Z")  # fmt: skip
    loaded = read(tmp_path, LAB, OTHER, HERON, DROP, technique, others, printed)
    said = loaded.claims().filter(pl.col("predicate").is_in(["platform", "USED"]))
    assert set(said.select("asserter", "asserted", "asserted_basis").iter_rows()) == {
        ("organization:mitre", "2020-01-02", "metadata"),
        (YOU, "2024-03-01", "metadata"),
    }


@pytest.mark.parametrize(
    ("stamp", "day"),
    [("2024-02-01T00:00:00+00:00", "2024-02-01"), ("2024-02-02", "2024-02-02"),
     ("2024-02-01 09:00:00", "2024-02-01"), ("2024-02-01T23:30:00-02:00", "2024-02-02"),
     ("2024-02-01T05:00:00+0900", "2024-01-31"), ("2024-02-01T09:00:00.123456z", "2024-02-01")],
)  # fmt: skip
def test_times_are_read_as_they_are_met(tmp_path: Path, stamp: str, day: str) -> None:
    loaded = read(tmp_path, LAB, HERON, KOREA, rel(HERON, "attributed-to", KOREA, created=stamp,
                                                  start_time=stamp))  # fmt: skip
    assert only(loaded, "asserted", "valid") == (day, f"{day}/..")
    assert loaded.warnings == []


@pytest.mark.parametrize("filler", ["1970-01-01T00:00:00.000Z", "5138-11-16T09:46:40.000Z",
                                    "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])  # fmt: skip
def test_placeholders_are_no_dates_and_are_told(tmp_path: Path, filler: str) -> None:
    """OpenCTI writes the first or the last second of a clock for what was not given."""
    blames = rel(HERON, "attributed-to", KOREA, start_time=filler, stop_time="2024-02-02")
    printed = report(1, "R", blames, published=filler)
    seen = HERON | {"first_seen": filler, "last_seen": filler}
    loaded = read(tmp_path, LAB, seen, KOREA, blames, printed)
    assert only(loaded, "valid", "asserted") == ("../2024-02-02", "2024-03-01")
    assert loaded.values(entity_id(HERON), "first_seen") == []
    assert {w.field for w in loaded.warnings} == {
        *("relationship.start_time", "report.published"),
        *("intrusion-set.first_seen", "intrusion-set.last_seen"),
    }


# What


@pytest.mark.parametrize(
    ("start", "type_", "end", "edge"),
    [
        (HERON, "originates-from", KOREA, (HERON, "LOCATED_IN", "state:PRK")),
        (DROP, "originates-from", KOREA, (DROP, "LOCATED_IN", "state:PRK")),
        (ROPES, "originates-from", KOREA, (ROPES, "LOCATED_IN", "state:PRK")),
        (HERON, "located-at", EUROPE, (HERON, "LOCATED_IN", "region:eastern-europe")),
        (PORT, "located-at", KOREA, (PORT, "LOCATED_IN", "state:PRK")),
        (BREAKIN, "attributed-to", ROPES, (BREAKIN, "ATTRIBUTED_TO", ROPES)),
        (BREAKIN, "attributed-to", HERON, (BREAKIN, "ATTRIBUTED_TO", HERON)),
        (HERON, "attributed-to", CLERK, (HERON, "ATTRIBUTED_TO", CLERK)),
        (DROP, "authored-by", HERON, (DROP, "ATTRIBUTED_TO", HERON)),
        (DROP, "targets", KOREA, (DROP, "TARGETED", "state:PRK")),
        (PIPE, "targets", PORT, (PIPE, "TARGETED", PORT)),
        (DROP, "targets", SHIPPING, (DROP, "TARGETS_SECTOR", SHIPPING)),
        (HERON, "targets", EUROPE, (HERON, "TARGETED", "region:eastern-europe")),
        (BREAKIN, "targets", CLERK, (BREAKIN, "TARGETED", CLERK)),
        (DROP, "uses", SCRIPT, (DROP, "USED", SCRIPT)),
        (LITTLE, "part-of", HERON, (LITTLE, "SUBGROUP_OF", HERON)),
        (LITTLE, "subgroup-of", HERON, (LITTLE, "SUBGROUP_OF", HERON)),
        (CLERK, "part-of", PORT, (CLERK, "MEMBER_OF", PORT)),
        (CLERK, "employed-by", PORT, (CLERK, "MEMBER_OF", PORT)),
        (PORT, "owns", LAB, (LAB, "OWNED_BY", PORT)),
        (HERON, "related-to", LITTLE, (HERON, "LINKED_TO", LITTLE)),
        (ROPES, "related-to", BREAKIN, (ROPES, "LINKED_TO", BREAKIN)),
        (DROP, "variant-of", LOADER, (DROP, "LINKED_TO", LOADER)),
        (DROP, "drops", PIPE, (DROP, "LINKED_TO", PIPE)),
        (HERON, "impersonates", PORT, (HERON, "LINKED_TO", PORT)),
        (HERON, "compromises", PORT, (HERON, "TARGETED", PORT)),
        (HERON, "duplicate-of", LITTLE, (HERON, "SAME_AS", LITTLE)),
        (BREAKIN, "impacts", PORT, (BREAKIN, "AFFECTED", PORT)),
        (HERON, "targets", FLAW, (HERON, "EXPLOITED", FLAW)),
        (DROP, "exploits", FLAW, (DROP, "EXPLOITED", FLAW)),
        (ROPES, "targets", FLAW, (ROPES, "EXPLOITED", FLAW)),
        (SCRIPT, "targets", FLAW, (SCRIPT, "LINKED_TO", FLAW)),
        (HOST, "has", FLAW, (HOST, "LINKED_TO", FLAW)),
        (PIPE, "has", FLAW, (PIPE, "LINKED_TO", FLAW)),
        (HERON, "uses", HOST, (HERON, "USED", HOST)),
        (DROP, "beacons-to", HOST, (DROP, "USED", HOST)),
        (PIPE, "uses", HOST, (PIPE, "USED", HOST)),
        (DROP, "communicates-with", HOST, (DROP, "LINKED_TO", HOST)),
        (ROPES, "compromises", HOST, (ROPES, "LINKED_TO", HOST)),
        (HERON, "owns", HOST, (HOST, "CONTROLLED_BY", HERON)),
        (PORT, "owns", HOST, (HOST, "OWNED_BY", PORT)),
        (HERON, "controls", HOST, (HOST, "CONTROLLED_BY", HERON)),
        (HERON, "hosts", HOST, (HERON, "LINKED_TO", HOST)),
        (HOST, "controls", DROP, (HOST, "LINKED_TO", DROP)),
        (HOST, "hosts", PIPE, (HOST, "LINKED_TO", PIPE)),
        (HOST, "delivers", DROP, (HOST, "LINKED_TO", DROP)),
        (HOST, "consists-of", RELAY, (HOST, "LINKED_TO", RELAY)),
        (HOST, "uses", RELAY, (HOST, "LINKED_TO", RELAY)),
        (HOST, "located-at", KOREA, (HOST, "LOCATED_IN", "state:PRK")),
        (HERON, "uses", WALLET, (HERON, "USED", WALLET)),
        (CLERK, "owns", WALLET, (WALLET, "OWNED_BY", CLERK)),
    ],
)  # fmt: skip
def test_what_the_ontology_can_say_of_a_relationship_it_says(
    tmp_path: Path, start: Object, type_: str, end: Object, edge: tuple[Any, ...]
) -> None:
    things = {o["id"]: o for o in (LAB, start, end)}
    loaded = read(tmp_path, *things.values(), rel(start, type_, end))
    ends = [part if isinstance(part, str) else entity_id(part) for part in edge]
    assert edges(loaded) == {tuple(ends)}
    assert not [note for note in loaded.notes if "relationship" in note]


def test_a_link_says_which_one_it_is(tmp_path: Path) -> None:
    loaded = read(tmp_path, LAB, DROP, LOADER, rel(DROP, "variant-of", LOADER))
    assert only(loaded, "qualifiers") == ('{"link": "variant-of"}',)


@pytest.mark.parametrize(
    ("start", "link", "end"),
    [(HOST, "consists-of", RELAY), (HOST, "has", FLAW), (ROPES, "compromises", HOST)],
)
def test_what_an_operation_runs_on_is_linked_in_the_words_of_its_source(
    tmp_path: Path, start: Object, link: str, end: Object
) -> None:
    loaded = read(tmp_path, LAB, start, end, rel(start, link, end))
    assert only(loaded, "qualifiers") == (json.dumps({"link": link}),)
    assert loaded.warnings == []


@pytest.mark.parametrize(
    ("name", "keys", "id"),
    [
        ("CVE-2024-12345", [], "cve-2024-12345"),
        ("cve-2024-12345", ["CVE-2023-1111"], "cve-2024-12345"),
        ("Quay flaw", ["CVE-2024-12345"], "cve-2024-12345"),
        ("Quay flaw", ["CVE-2024-12345", "CVE-2023-1111"], None),
        ("CVE-2024-1", ["12345"], None),
    ],
)
def test_a_weakness_is_the_one_of_its_number(
    tmp_path: Path, name: str, keys: list[str], id: str | None
) -> None:
    refs = [{"source_name": "cve", "external_id": key} for key in keys]
    flaw = FLAW | {"name": name, "external_references": refs}
    loaded = read(tmp_path, LAB, HERON, flaw, rel(HERON, "exploits", flaw))
    subject = f"vulnerability:{id}" if id else entity_id(FLAW)
    assert only(loaded, "object") == (subject,)
    assert loaded.values(subject, "name") == [name]
    assert loaded.values(subject, "record") == [
        "cve:CVE-2024-12345" if id else f"stix:{FLAW['id']}"
    ]
    assert loaded.values(subject, "codes") == ([f"stix:{FLAW['id']}"] if id else [])


def test_a_wallet_is_called_by_its_address(tmp_path: Path) -> None:
    loaded = read(tmp_path, WALLET)
    assert loaded.values(entity_id(WALLET), "name") == ["bc1qQuay0Lantern"]
    assert loaded.warnings == []


def sco(type_: str, value: str, number: int = 1) -> Object:
    return {"type": type_, "spec_version": "2.1", "id": stix_id(type_, number), "value": value}


DOMAIN = sco("domain-name", "Quay[.]Example.")
ADDRESS = sco("ipv4-addr", "192.0.2.7")


@pytest.mark.parametrize(
    ("start", "type_", "end", "edge", "ends"),
    [
        (HERON, "uses", DOMAIN, "USED", (entity_id(HERON), "infrastructure:quay.example")),
        (DROP, "beacons-to", ADDRESS, "USED", (entity_id(DROP), "infrastructure:192.0.2.7")),
        (DROP, "communicates-with", sco("url", "hxxp://quay.example/A"), "LINKED_TO",
         (entity_id(DROP), "infrastructure:http%3A%2F%2Fquay.example%2FA")),
        (DOMAIN, "resolves-to", ADDRESS, "LINKED_TO",
         ("infrastructure:quay.example", "infrastructure:192.0.2.7")),
        (HOST, "consists-of", ADDRESS, "LINKED_TO", (entity_id(HOST), "infrastructure:192.0.2.7")),
        (HERON, "owns", sco("x-opencti-cryptocurrency-wallet", "bc1qA"), "CONTROLLED_BY",
         ("wallet:bc1qA", entity_id(HERON))),
        (ADDRESS, "located-at", KOREA, "LOCATED_IN", ("infrastructure:192.0.2.7", "state:PRK")),
    ],
)  # fmt: skip
def test_what_was_observed_is_read_where_something_is_said_of_it(
    tmp_path: Path, start: Object, type_: str, end: Object, edge: str, ends: tuple[str, str]
) -> None:
    silent = sco("domain-name", "silent.example", 2)
    loaded = read(tmp_path, LAB, start, end, silent, rel(start, type_, end))
    assert loaded.claims(predicate=edge).select("subject", "object").rows() == [ends]
    assert "infrastructure:silent.example" not in set(loaded.frame["subject"])
    assert loaded.notes["not used: STIX type domain-name, of which nothing is said"] == 1


@pytest.mark.parametrize(
    ("value", "sort"),
    [("192.0.2.7", "address"), ("2001:db8::1", "address"), ("7.example", "domain")],
)
def test_an_address_that_is_called_a_domain_is_an_address(
    tmp_path: Path, value: str, sort: str
) -> None:
    host = sco("domain-name", value)
    loaded = read(tmp_path, LAB, HERON, host, rel(HERON, "uses", host))
    (id,) = loaded.claims(predicate="USED")["object"]
    assert loaded.values(id, "sort") == [sort]


def test_two_long_pages_stay_two_with_ids_that_a_database_takes(tmp_path: Path) -> None:
    pages = [sco("url", f"http://quay.example/{'a' * 9_000}{n}", n) for n in (1, 2)]
    both = [rel(HERON, "uses", page, n) for n, page in enumerate(pages, 1)]
    ids = read(tmp_path, LAB, HERON, *pages, *both).claims(predicate="USED")["object"]
    assert ids.n_unique() == 2
    assert max(map(len, ids)) < 600


def test_a_folder_is_searched_for_every_ending_of_stix(tmp_path: Path) -> None:
    for number, ending in enumerate((".json", ".stix", ".stix2", ".stix21"), 20):
        group = thing("intrusion-set", number, f"Gull {ending}")
        bundle(tmp_path / f"a{ending}", group)
    assert run("stix", tmp_path).count("group") == 4


def test_one_domain_of_two_bundles_is_one(tmp_path: Path) -> None:
    again = sco("domain-name", "QUAY.example", 7)
    loaded = read(tmp_path, LAB, HERON, DROP, DOMAIN, again, rel(HERON, "uses", DOMAIN),
                  rel(DROP, "uses", again, 2))  # fmt: skip
    assert set(loaded.claims(predicate="USED")["object"]) == {"infrastructure:quay.example"}
    assert loaded.values("infrastructure:quay.example", "name") == ["quay.example"]
    assert loaded.values("infrastructure:quay.example", "sort") == ["domain"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("[domain-name:value = 'quay.example']", ["quay.example"]),
        ("[ipv4-addr:value='192.0.2.7' OR domain-name:value = 'quay.example']",
         ["192.0.2.7", "quay.example"]),
        ("[url:value = 'http://a/b\\'c'] OR [file:hashes.'SHA-256' = 'ab']", ["http://a/b'c"]),
        ("[ipv4-addr:value IN ('192.0.2.7', '192.0.2.8')]", ["192.0.2.7", "192.0.2.8"]),
        ("[ipv6-addr:value = '2001:DB8::1/128' OR ipv6-addr:'value' == '2001:db8:0:0::1']",
         ["2001:db8::1"]),
        ("[ipv4-addr:value IN ('192.0.2.7/32','198.0.0.0/8') OR ipv6-addr:value='2001:db8::/32']",
         ["192.0.2.7", "198.0.0.0/8", "2001:db8::/32"]),
        ("[domain-name:value = 'quay.example' AND ipv4-addr:value = '192.0.2.7']", []),
        ("[domain-name:value = 'a.example'] FOLLOWEDBY [domain-name:value = 'b.example']", []),
        ("[ipv4-addr:value = '192.0.2.7' OR (file:name = 'a' AND url:value = 'http://a')]",
         ["192.0.2.7"]),
        ("([domain-name:value='a.example'] OR [domain-name:value='b.example' AND file:size=5])",
         ["a.example"]),
        ("file:name = 'a' AND url:value = 'http://a' OR ((domain-name:value = 'a.example'))",
         ["a.example"]),
        ("[domain-name:value = 'a.example'] OR [url:value = 'http://b'] FOLLOWEDBY [file:size = 5]",
         []),
        ("([domain-name:value = 'a.example'] OR [url:value = 'http://b']) REPEATS 2 TIMES", []),
        ("[NOT domain-name:value = 'a.example']", []),
        ("[domain-name:value = 'a.example' OR ]", []),
        ("[" * 20_000 + "domain-name:value = 'a.example'" + "]" * 20_000, []),
        ("[domain-name:value LIKE '%.example']", []),
        ("[domain-name:value != 'quay.example']", []),
        ("[file:name = 'a.exe']", []),
        ("rule a { condition: true }", []),
    ],
)  # fmt: skip
def test_an_indicator_links_whatever_fits_it_by_itself(
    tmp_path: Path, pattern: str, names: list[str]
) -> None:
    sign = thing("indicator", 1, "A sign", pattern=pattern, pattern_type="stix")
    loaded = read(tmp_path, LAB, HERON, sign, rel(sign, "indicates", HERON))
    found = loaded.claims(predicate="LINKED_TO")
    assert sorted(found["subject_name"]) == names
    assert set(found["object"]) <= {entity_id(HERON)}
    assert {*found["qualifiers"]} <= {'{"link": "indicates"}'}
    unread = loaded.notes.get("not used: relationship indicator indicates intrusion-set", 0)
    assert unread == (0 if names else 1)


def test_an_indicator_that_was_taken_back_indicates_nothing(tmp_path: Path) -> None:
    sign = thing("indicator", 1, "A sign", pattern="[domain-name:value = 'a.example']", revoked=1)
    loaded = read(tmp_path, LAB, HERON, sign, rel(sign, "indicates", HERON))
    assert loaded.claims(predicate="LINKED_TO").is_empty()
    assert loaded.notes["not used: STIX type indicator"] == 1


@pytest.mark.parametrize("type_", ["exploits", "x-mends"])
def test_what_cannot_be_said_is_told_by_kind_and_counted(tmp_path: Path, type_: str) -> None:
    sign = {"type": "indicator", "id": stix_id("indicator", 1), "name": "A sign"}
    both = rel(DROP, type_, sign), rel(DROP, type_, sign, 2)
    loaded = read(tmp_path, LAB, DROP, sign, *both)
    assert loaded.notes[f"not used: relationship malware {type_} indicator"] == 2
    assert loaded.notes["not used: STIX type indicator"] == 1


@pytest.mark.parametrize(
    ("fields", "id"),
    [
        ({"name": "France"}, "state:FRA"),
        ({"name": "x", "country": "fr"}, "state:FRA"),
        ({"name": "x", "country": "FRA"}, "state:FRA"),
        ({"name": "x", "country": "France"}, "state:FRA"),
        ({"name": "Western Europe", "country": "FR", "region": "western-europe"}, "state:FRA"),
        ({"region": "eastern-europe"}, "region:eastern-europe"),
        ({"name": "Eastern Europe"}, "region:eastern-europe"),
        ({"region": "latin-america-caribbean"}, "region:latin-america-and-the-caribbean"),
        ({"name": "South-East", "x_opencti_location_type": "Region"}, "region:south-east"),
    ],
)  # fmt: skip
def test_a_place_is_known_by_country_region_or_name(
    tmp_path: Path, fields: dict[str, str], id: str
) -> None:
    place = without(thing("location", 7, ""), "name") | fields
    loaded = read(tmp_path, LAB, HERON, place, rel(HERON, "targets", place))
    assert edges(loaded) == {(entity_id(HERON), "TARGETED", id)}
    assert loaded.warnings == []


def test_a_place_that_is_none_is_told_by_name(tmp_path: Path) -> None:
    loaded = read(tmp_path, HERON, thing("location", 7, "Atlantis"))
    (told,) = loaded.warned("location")
    assert told.value == "Atlantis"


def test_a_town_is_in_its_state(tmp_path: Path) -> None:
    town = thing("location", 7, "HQ", country="FR", city="Lyon")
    loaded = read(tmp_path, LAB, PORT, town, rel(PORT, "located-at", town))
    assert only(loaded, "object", "qualifiers") == ("state:FRA", '{"locality": "Lyon"}')


@pytest.mark.parametrize(
    ("seen", "occurred"),
    [({"first_seen": "2024-01-05T00:00:00Z", "last_seen": "2024-01-09T00:00:00Z"},
      ["2024-01-05/2024-01-09"]),
     ({"first_seen": "2024-01-05T00:00:00Z", "last_seen": "2024-01-05T10:00:00Z"}, ["2024-01-05"]),
     ({"first_seen": "2024-01-05T00:00:00Z"}, ["2024-01-05/"]), ({}, [])],
)  # fmt: skip
def test_an_incident_is_cyber_and_occurred_when_it_was_seen(
    tmp_path: Path, seen: dict[str, str], occurred: list[str]
) -> None:
    loaded = read(tmp_path, LAB, BREAKIN | seen)
    assert loaded.values(entity_id(BREAKIN), "category") == ["cyber"]
    assert loaded.values(entity_id(BREAKIN), "occurred") == occurred
    assert not [note for note in loaded.notes if "first_seen" in note]


def event(number: int, **more: Any) -> Object:
    return without(thing("event", number, ""), "name") | {"status": "occurred", **more}


JANUARY = {"start_time": "2024-01-05T10:00:00Z", "end_time": "2024-01-09T10:00:00Z"}
MARCH = {"start_time": "2024-03-02T10:00:00Z"}
ENDED = {"end_time": "2023-12-01T10:00:00Z"}
LATE = {"start_time": "2024-03-02T10:00:00Z", "end_time": "2024-03-03T10:00:00Z"}
ROUGH = {"start_time_fidelity": "month", "end_time_fidelity": "year"}


@pytest.mark.parametrize(
    ("core", "occurred"),
    [
        (JANUARY, ["2024-01-05/2024-01-09"]),
        ({"events": [JANUARY, LATE]}, ["2024-01-05/2024-03-03"]),
        ({"events": [JANUARY, MARCH]}, ["2024-01-05/"]),
        ({"events": [JANUARY | {"status": "ongoing"}]}, ["2024-01-05/"]),
        ({"events": [JANUARY, ENDED]}, ["/2024-01-09"]),
        ({"events": [JANUARY | ROUGH]}, ["2024-01/2024"]),
        ({"events": [JANUARY, LATE | {"status": "pending"}]}, ["2024-01-05/2024-01-09"]),
        ({"attacker_activities": [{"outcome": "successful", "time": "2024-01-05T10:00:00Z"}]},
         ["2024-01-05"]),
        ({"event_refs": [stix_id("event", 1)]}, ["2024-01-05/2024-01-09"]),
        ({"events": [{"event_ref": stix_id("event", 1)}, {"event_ref": stix_id("event", 2)}]},
         ["2024-01-05/2024-03-03"]),
        ({"defender_activities": [JANUARY], "tasks": [JANUARY]}, []),
    ],
)  # fmt: skip
def test_an_incident_occurred_when_its_core_extension_says(
    tmp_path: Path, core: Object, occurred: list[str]
) -> None:
    extension = {"extension_type": "property-extension", **core}
    incident = BREAKIN | {"extensions": {incidents.CORE: extension}}
    loaded = read(tmp_path, incident, event(1, **JANUARY), event(2, **LATE))
    assert loaded.values(entity_id(BREAKIN), "occurred") == occurred
    told = core.keys() & {"defender_activities", "tasks"}
    assert {w.field for w in loaded.warnings} == {f"incident.extensions.{name}" for name in told}


def test_what_an_extension_holds_beside_its_times_is_told(tmp_path: Path) -> None:
    core = {"extension_type": "property-extension", "criticality": 70, "incident_types": ["spam"],
            "start_time": "1970-01-01T00:00:00Z", "event_refs": ["event--gone"]}  # fmt: skip
    incident = BREAKIN | {"extensions": {incidents.CORE: core}}
    heron = HERON | {"extensions": {"extension-definition--x": {"odd": 1}}}
    loaded = read(tmp_path, incident, heron, WALLET | {"extensions": {"x": {
        "extension_type": "new-sco"}}})  # fmt: skip
    assert loaded.values(entity_id(BREAKIN), "occurred") == []
    assert {(w.field, w.value) for w in loaded.warnings} == {
        ("incident.extensions.criticality", "70"),
        ("incident.extensions.incident_types", "['spam']"),
        ("incident.extensions.start_time", "1970-01-01T00:00:00Z"),
        ("incident.extensions.event_refs", "event--gone"),
        ("intrusion-set.extensions", "extension-definition--x"),
    }


# For whom, and against whom


GRANULAR = [{"selectors": ["description"], "marking_ref": RED["id"]}]
TLP_2 = {"type": "marking-definition", "id": stix_id("marking-definition", 2),
         "extensions": {markings.TLP_2: {"tlp_2_0": "amber+strict"}}}  # fmt: skip
WHITE = {"type": "marking-definition", "id": stix_id("marking-definition", 3),
         "definition_type": "tlp", "definition": {"tlp": "white"}}  # fmt: skip
WORDS = {"type": "marking-definition", "id": stix_id("marking-definition", 4),
         "definition_type": "statement", "definition": {"statement": "(c)"}}  # fmt: skip


@pytest.mark.parametrize(
    ("marks", "beside", "marking"),
    [
        ({"object_marking_refs": [RED["id"]]}, [], "TLP:RED"),
        ({"object_marking_refs": [RED["id"]]}, [RED], "TLP:RED"),
        ({"object_marking_refs": [WHITE["id"], TLP_2["id"]]}, [WHITE, TLP_2], "TLP:AMBER+STRICT"),
        ({"object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}, [],
         "TLP:GREEN"),
        ({"object_marking_refs": [WHITE["id"]], "granular_markings": GRANULAR}, [WHITE], "TLP:RED"),
        ({"object_marking_refs": [WORDS["id"]]}, [WORDS], None),
        ({"object_marking_refs": [WORDS["id"]]},
         [WORDS | {"definition": {"statement": "TLP:AMBER+STRICT"}}], "TLP:AMBER+STRICT"),
        ({"object_marking_refs": [WORDS["id"]]},
         [WORDS | {"definition_type": "TLP", "definition": {"TLP": "TLP:GREEN"}}], "TLP:GREEN"),
    ],
)  # fmt: skip
def test_the_strictest_marking_of_a_relationship_is_its_claims(
    tmp_path: Path, marks: Object, beside: list[Object], marking: str | None
) -> None:
    blames = rel(HERON, "attributed-to", KOREA, **marks)
    loaded = read(tmp_path, LAB, HERON, KOREA, blames, *beside)
    assert only(loaded, "marking") == (marking,)
    assert loaded.warnings == []


def test_a_marking_that_nobody_defines_is_told(tmp_path: Path) -> None:
    blames = rel(HERON, "attributed-to", KOREA, object_marking_refs=[WHITE["id"]])
    loaded = read(tmp_path, LAB, HERON, KOREA, blames)
    assert [w.value for w in loaded.warned("relationship.object_marking_refs")] == [WHITE["id"]]


def opinion(word: str, *refs: Object, **more: Any) -> Object:
    return {"type": "opinion", "id": stix_id("opinion", 1), "created": CREATED, "opinion": word,
            "object_refs": [ref["id"] for ref in refs], "created_by_ref": OTHER["id"],
            **more}  # fmt: skip


@pytest.mark.parametrize("word", ["disagree", "strongly-disagree", "Strongly disagree"])
def test_an_opinion_that_disagrees_is_a_denial_by_its_author(tmp_path: Path, word: str) -> None:
    blames = rel(HERON, "attributed-to", KOREA)
    against = opinion(word, blames, explanation="Wrong, we hold.")
    loaded = read(tmp_path, LAB, OTHER, HERON, KOREA, against, blames)
    claim = loaded.claims(predicate="ATTRIBUTED_TO", negative=False)["id"].item()
    (denial,) = loaded.claims(predicate="ATTRIBUTED_TO", negative=True).iter_rows(named=True)
    assert (denial["asserter"], denial["summary"], denial["disputes"], denial["asserted"]) == (
        YOU, "Wrong, we hold.", [claim], "2024-03-01")  # fmt: skip


def test_an_opinion_that_agrees_repeats_and_supports_nothing(tmp_path: Path) -> None:
    blames = rel(HERON, "attributed-to", KOREA)
    loaded = read(tmp_path, LAB, OTHER, HERON, KOREA, blames, opinion("agree", blames))
    said = {row["asserter"]: row for row in loaded.claims(predicate="ATTRIBUTED_TO")
            .iter_rows(named=True)}  # fmt: skip
    assert said[YOU]["derived_from"] == [said[ME]["id"]]


def test_other_opinions_are_counted(tmp_path: Path) -> None:
    blames = rel(HERON, "attributed-to", KOREA)
    neutral = opinion("neutral", blames)
    of_a_thing = opinion("disagree", HERON) | {"id": stix_id("opinion", 2)}
    lost = opinion("disagree", blames | {"id": "relationship--gone"}) | {
        "id": stix_id("opinion", 3)
    }
    loaded = read(tmp_path, LAB, OTHER, HERON, KOREA, blames, neutral, of_a_thing, lost)
    assert loaded.notes["not used: opinion neutral"] == 1
    assert loaded.notes["not used: opinion of a intrusion-set"] == 1
    assert loaded.warned("opinion.object_refs")


@pytest.mark.parametrize("word", ["strongly-disagree", "agree"])
def test_what_is_thought_of_a_report_is_told_and_meant_of_no_claim(
    tmp_path: Path, word: str
) -> None:
    """Of a relationship in it, the same word is a denial or a repetition."""
    blames, uses = rel(HERON, "attributed-to", KOREA), rel(HERON, "uses", DROP, 2)
    printed = report(1, "At the docks", blames, uses)
    against = opinion(word, printed, explanation="Half of it is wrong.")
    beside = thing("note", 1, "", content="See the annex.", object_refs=[printed["id"]])
    loaded = read(tmp_path, LAB, OTHER, HERON, KOREA, DROP, blames, uses, printed, against,
                  without(beside, "name"))  # fmt: skip
    assert edges(loaded, "asserter", "negative") == {
        (entity_id(HERON), "ATTRIBUTED_TO", "state:PRK", ME, False),
        (entity_id(HERON), "USED", entity_id(DROP), ME, False),
    }
    assert loaded.notes["not used: opinion of a report"] == 1
    told = {w.field: w for w in loaded.warnings}
    assert told.keys() == {"opinion.object_refs", "note.object_refs"}
    for field, said in (("opinion", word), ("note", "See the annex.")):
        assert told[f"{field}.object_refs"].value == f"{said} ({printed['id']}, claims: 2)"


def test_what_was_revoked_is_taken_back_by_its_author_on_that_day(tmp_path: Path) -> None:
    blames = rel(HERON, "attributed-to", KOREA, revoked=True, modified="2024-06-01T00:00:00.000Z")
    loaded = read(tmp_path, LAB, HERON, KOREA, blames)
    assert only(loaded, "asserter", "asserted", "status", "withdrawn", "negative") == (
        ME, "2024-03-01", "retracted", "2024-06-01", False)  # fmt: skip


def test_an_opinion_that_was_revoked_disputed_until_that_day(tmp_path: Path) -> None:
    blames = rel(HERON, "attributed-to", KOREA)
    taken = opinion("disagree", blames, revoked=True, modified="2024-06-01T00:00:00.000Z")
    loaded = read(tmp_path, LAB, OTHER, HERON, KOREA, blames, taken)
    denial = loaded.claims(negative=True).row(0, named=True)
    assert (denial["asserter"], denial["status"], denial["withdrawn"]) == (
        YOU, "retracted", "2024-06-01")  # fmt: skip


def test_what_one_author_takes_back_another_still_says_undisputed(tmp_path: Path) -> None:
    blames = rel(
        HERON, "attributed-to", KOREA, 1, revoked=True, modified="2024-06-01T00:00:00.000Z"
    )
    theirs = rel(HERON, "attributed-to", KOREA, 2, created_by_ref=OTHER["id"])
    file = bundle(tmp_path / "a.json", LAB, OTHER, HERON, KOREA, blames, theirs)
    with kg.open(str(tmp_path / "g.kgl")) as graph:
        graph.load("stix", [file])
        (edge,) = graph.query(
            "MATCH (:Group)-[r:ATTRIBUTED_TO]->(:State) "
            "RETURN r.status AS status, r.disputed AS disputed, r.asserters AS n"
        )
        assert (edge["status"], edge["disputed"], edge["n"]) == ("asserted", False, 1)
        then = graph.query("withdrawn", as_of="2024-05-05")
        assert ([row["on"] for row in graph.query("withdrawn")], list(then)) == (["2024-06-01"], [])


def test_what_nobody_is_known_to_say_is_withdrawn_without_a_voice(tmp_path: Path) -> None:
    blames = without(rel(HERON, "attributed-to", KOREA, revoked=True), "created_by_ref")
    loaded = read(tmp_path, HERON, KOREA, blames)
    assert only(loaded, "status", "negative", "asserter") == ("retracted", False, None)


@pytest.mark.parametrize("modified", ["2024-02-01T00:00:00Z", None])
def test_what_was_revoked_on_no_later_day_is_withdrawn_without_one(
    tmp_path: Path, modified: str | None
) -> None:
    """Its report came out after the object was modified for the last time."""
    blames = rel(HERON, "attributed-to", KOREA, revoked=True, modified=modified)
    printed = report(1, "R", blames, published="2024-05-05T00:00:00Z")
    loaded = read(tmp_path, LAB, HERON, KOREA, blames, printed)
    assert only(loaded, "status", "negative", "asserter") == ("retracted", False, ME)


def test_what_is_stated_again_stands(tmp_path: Path) -> None:
    old = rel(HERON, "attributed-to", KOREA, 1, revoked=True)
    loaded = read(tmp_path, LAB, HERON, KOREA, old, rel(HERON, "attributed-to", KOREA, 2))
    assert only(loaded, "negative", "status") == (False, None)


# What is broken, strange or elsewhere


def test_fields_of_relationships_reports_and_opinions_are_audited(tmp_path: Path) -> None:
    blames = rel(HERON, "attributed-to", KOREA, x_who_denies="the embassy", description="Perhaps.")
    objects = [report(1, "R", blames, x_odd=1), opinion("agree", blames, x_odd=2), blames]
    loaded = read(tmp_path, LAB, OTHER, HERON, KOREA, *objects)
    fields = {w.field for w in loaded.warnings}
    assert fields == {"relationship.x_who_denies", "report.x_odd", "opinion.x_odd"}
    blamed = loaded.claims(predicate="ATTRIBUTED_TO", asserter=ME)
    assert blamed["summary"].to_list() == ["Perhaps."]


def test_a_broken_object_is_left_out_and_the_rest_loads(tmp_path: Path) -> None:
    broken: list[Any] = [without(rel(HERON, "targets", KOREA, 2), "target_ref"), 5,
                         {"name": "nobody"}, without(HERON, "id")]  # fmt: skip
    loaded = read(tmp_path, LAB, HERON, KOREA, rel(HERON, "attributed-to", KOREA), *broken)
    assert len(edges(loaded)) == 1
    assert [w.field for w in loaded.warned("target_ref")] == ["target_ref"]
    (told,) = [w for w in loaded.warnings if "no STIX object" in w.message]
    assert "(3 times)" in told.message


OBJECTS = [LAB, HERON, KOREA, rel(HERON, "attributed-to", KOREA)]
SHAPES = {
    "envelope.json": json.dumps({"more": False, "objects": OBJECTS}),
    "list.json": json.dumps(OBJECTS, indent=1),
    "lines.json": "\n".join(map(json.dumps, OBJECTS)),
    "lines.jsonl": "\n\n".join(map(json.dumps, OBJECTS)) + "\n",
    "bundles.json": json.dumps([{"type": "bundle", "objects": [o]} for o in OBJECTS]),
    "bundle-lines.json": "\n".join(json.dumps({"type": "bundle", "objects": [o]}) for o in OBJECTS),
}


@pytest.mark.parametrize("name", SHAPES)
def test_objects_are_read_in_any_wrapping(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(SHAPES[name])
    loaded = run("stix", tmp_path / name)
    assert edges(loaded, "asserter") == {(entity_id(HERON), "ATTRIBUTED_TO", "state:PRK", ME)}
    assert loaded.warnings == []


def test_an_object_may_be_a_file(tmp_path: Path) -> None:
    for number, object in enumerate(OBJECTS):
        (tmp_path / f"{number}.json").write_text(json.dumps(object))
    (tmp_path / "package.json").write_text('{"name": "no STIX"}')
    loaded = run("stix", tmp_path)
    assert len(edges(loaded)) == 1
    assert [w.place for w in loaded.warnings] == [f"{tmp_path / 'package.json'}:1"]


def test_a_broken_line_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("\n".join([*map(json.dumps, OBJECTS), '{"type": "ma']))
    loaded = run("stix", tmp_path / "a.jsonl")
    assert len(edges(loaded)) == 1
    assert [w.place for w in loaded.warnings] == [f"{tmp_path / 'a.jsonl'}:5"]


def test_a_file_without_objects_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('{"name": "no STIX"}')
    with pytest.raises(InputError, match="no STIX bundle"):
        run("stix", tmp_path / "a.json")


def test_ids_are_kept_apart_as_they_are(tmp_path: Path) -> None:
    odd = [thing("malware", 0, name) | {"id": id} for name, id in
           (("a", "malware--abc"), ("b", "malware--ABC"), ("c", "malware-abc"),
            ("d", "malware abc"), ("e", "malware--a b"))]  # fmt: skip
    uses = [rel(HERON, "uses", end, number) for number, end in enumerate(odd)]
    loaded = read(tmp_path, LAB, HERON, *odd, *uses)
    assert loaded.count("software") == len(odd) == len(edges(loaded))


def test_an_end_that_is_elsewhere_waits(tmp_path: Path) -> None:
    loaded = read(tmp_path, LAB, HERON, rel(HERON, "uses", SCRIPT), rel(HERON, "uses", DROP, 2))
    (told,) = loaded.warned("target_ref")
    assert "waits in the ledger" in told.message
    assert "(2 times)" in told.message
    assert edges(loaded) == {(entity_id(HERON), "USED", entity_id(SCRIPT)),
                             (entity_id(HERON), "USED", entity_id(DROP))}  # fmt: skip
    assert loaded.count("technique") == 0


def test_the_page_names_every_relationship_that_is_read() -> None:
    page = (ROOT / "docs" / "what-a-load-means.md").read_text()
    table = page[page.index("| relationship | edge |") : page.index("Case, blanks and underscores")]
    assert RELATIONS.keys() <= set(re.findall("`([a-z-]+)`", table))
    (mere,) = re.findall("between ends that their own edge cannot join ([^|]*)", table)
    assert set(re.findall("`([a-z-]+)`", mere)) == RELATIONS.keys() & LINKS


def test_who_runs_a_server_controls_it_and_sectors_are_no_victims_of_a_break_in(
    tmp_path: Path,
) -> None:
    said = [rel(HOST, "attributed-to", HERON), rel(HERON, "compromises", SHIPPING, 2),
            rel(HERON, "located-at", LAB, 3)]  # fmt: skip
    loaded = read(tmp_path, LAB, HERON, HOST, SHIPPING, *said)
    assert edges(loaded) == {(entity_id(HOST), "CONTROLLED_BY", entity_id(HERON)),
                             (entity_id(HERON), "LINKED_TO", entity_id(SHIPPING))}  # fmt: skip
