"""STIX bundles: ATT&CK's conventions on bundles of our own, then all of it where it is at hand."""

from __future__ import annotations

import gzip
import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg.base.errors import InputError
from tests.loaders.loading import Loaded, actors_of_attack, run, shared
from tests.loaders.loading import whole as whole_list
from tests.loaders.stix_objects import attack, bundle, related
from tests.machine import Once
from tests.portion import soaked

MITRE = {"type": "identity", "id": "identity--m", "name": "The MITRE Corporation",
         "identity_class": "organization"}  # fmt: skip
KASPERSKY = {
    "source_name": "Kaspersky Wolf 2017",
    "url": "https://securelist.com/wolf/1/",
    "description": "GReAT. (2017, April 03). Wolf Under the Hood. Retrieved May 1, 2018.",
}


def claims(frame: pl.DataFrame, predicate: str, *columns: str) -> set[tuple[Any, ...]]:
    rows = frame.filter((pl.col("predicate") == predicate) & ~pl.col("declared"))
    return set(rows.select(columns).iter_rows())


def test_a_cited_name_is_the_word_of_the_list_that_cites(tmp_path: Path) -> None:
    """The report uses the name; that it is a name of this group is what the list makes of it."""
    cited = {"source_name": "Blue Wolf", "description": "(Citation: Kaspersky Wolf 2017)"}
    group = attack(
        "intrusion-set", "G9001", "Wolf", cited, KASPERSKY, aliases=["Wolf", "Blue Wolf"]
    )
    frame = run("stix", bundle(tmp_path / "a.json", MITRE, group)).frame
    assert claims(frame, "alias", "value", "asserter", "document", "cites", "locator") == {
        ("Blue Wolf", "organization:mitre", "document:mitre-att-ck", "Kaspersky",
         "G9001, name 'Blue Wolf', citing Kaspersky Wolf 2017")
    }  # fmt: skip


def test_a_name_given_with_reserve_is_hedged(tmp_path: Path) -> None:
    text = "Blue Wolf has overlaps with Wolf.(Citation: Kaspersky Wolf 2017)"
    cited = {"source_name": "Blue Wolf", "description": text}
    group = attack("intrusion-set", "G9001", "Wolf", cited, KASPERSKY, aliases=["Blue Wolf"])
    frame = run("stix", bundle(tmp_path / "a.json", MITRE, group)).frame
    assert claims(frame, "alias", "value", "hedge") == {("Blue Wolf", "overlaps")}


def test_three_domains_are_one_source_and_the_newest_object_counts(tmp_path: Path) -> None:
    old = attack("intrusion-set", "G9001", "Wolf", aliases=["Old Name"])
    new = old | {"modified": "2025-01-01T00:00:00.000Z", "aliases": ["New Name"]}
    bundle(tmp_path / "enterprise-attack-9.1.json", MITRE, new)
    bundle(tmp_path / "ics-attack-9.1.json", old)
    frame = run("stix", tmp_path).frame
    assert claims(frame, "alias", "value") == {("New Name",)}
    assert frame.filter(pl.col("value") == "MITRE ATT&CK 9.1").height == 1


def test_what_was_revoked_leads_to_its_successor(tmp_path: Path) -> None:
    old = attack("intrusion-set", "G9001", "Wolf", revoked=True)
    new = attack("intrusion-set", "G9002", "Bear Group")
    link = related(old["id"], "revoked-by", new["id"], created_by_ref=MITRE["id"])
    frame = run("stix", bundle(tmp_path / "a.json", MITRE, old, new, link)).frame
    assert claims(frame, "SAME_AS", "subject", "object", "asserter", "asserted") == {
        ("group:attack-g9001", "group:attack-g9002", "organization:mitre", "2021-03-04")
    }
    assert claims(frame, "status", "subject", "value") == {("group:attack-g9001", "revoked")}


def test_months_are_not_turned_into_days(tmp_path: Path) -> None:
    """ATT&CK gives a month and fills in the first day at some hour."""
    campaign = attack("campaign", "C9001", "Operation Moon", first_seen="2019-09-01T04:00:00.000Z",
                      last_seen="2020-08-01T04:00:00.000Z")  # fmt: skip
    frame = run("stix", bundle(tmp_path / "a.json", MITRE, campaign)).frame
    assert claims(frame, "occurred", "value") == {("2019-09/2020-08",)}
    assert claims(frame, "first_seen", "value") == {("2019-09",)}


def test_a_linked_sub_set_is_a_sub_group_and_prose_is_not(tmp_path: Path) -> None:
    link = "[Wolf](https://attack.mitre.org/groups/G9001)"
    whole = attack("intrusion-set", "G9001", "Wolf")
    part = attack(
        "intrusion-set", "G9002", "Cub", description=f"Cub is considered a sub-set of {link}."
    )
    near = attack(
        "intrusion-set", "G9003", "Fox", description=f"Fox overlaps with {link}, a subgroup."
    )
    frame = run("stix", bundle(tmp_path / "a.json", MITRE, whole, part, near)).frame
    assert claims(frame, "SUBGROUP_OF", "subject", "object", "hedge") == {
        ("group:attack-g9002", "group:attack-g9001", "considered")
    }


def test_any_other_bundle_speaks_in_the_name_of_its_author(tmp_path: Path) -> None:
    author = {"type": "identity", "id": "identity--a", "name": "CERT X"}
    group = {"type": "threat-actor", "id": "threat-actor--1", "name": "Wolf",
             "created_by_ref": "identity--a", "aliases": ["Grey Wolf"]}  # fmt: skip
    place = {"type": "location", "id": "location--1", "country": "KP"}
    link = related("threat-actor--1", "targets", "location--1", confidence=80)
    frame = run("stix", bundle(tmp_path / "report.json", author, group, place, link)).frame
    assert claims(frame, "alias", "value", "asserter", "document") == {
        ("Grey Wolf", "organization:stix-identity--a", "document:stix")
    }
    assert claims(frame, "TARGETED", "object", "confidence", "asserter") == {
        ("state:PRK", "high", None)
    }


def test_a_report_is_where_what_it_refers_to_was_printed(tmp_path: Path) -> None:
    group = {"type": "intrusion-set", "id": "intrusion-set--1", "name": "Wolf"}
    place = {"type": "location", "id": "location--1", "country": "KP"}
    link = related("intrusion-set--1", "attributed-to", "location--1",
                   start_time="2019-01-01T00:00:00Z")  # fmt: skip
    page = {"source_name": "blog", "url": "https://example.org/wolf"}
    report = {"type": "report", "id": "report--1", "name": "On Wolf", "object_refs": [link["id"]],
              "published": "2020-05-06T00:00:00Z", "external_references": [page]}  # fmt: skip
    frame = run("stix", bundle(tmp_path / "a.json", group, place, link, report)).frame
    assert claims(frame, "ATTRIBUTED_TO", "object", "document", "asserted", "valid") == {
        ("state:PRK", "document:stix-report--1", "2020-05-06", "2019-01-01/..")
    }
    printed = frame.filter(pl.col("subject") == "document:stix-report--1")
    assert {"2020-05-06", "https://example.org/wolf", "On Wolf"} <= set(printed["value"])


def test_what_is_not_understood_is_said_and_what_leads_nowhere_is_warned_of(tmp_path: Path) -> None:
    group = attack("intrusion-set", "G9001", "Wolf", x_new_field="?")
    nowhere = related(group["id"], "uses", "malware--missing")
    seen = {"type": "sighting", "id": "s"}
    loaded = run("stix", bundle(tmp_path / "a.json", MITRE, group, nowhere, seen))
    warned = {(problem.field, problem.value) for problem in loaded.warnings}
    assert warned == {("intrusion-set.x_new_field", "?"), ("target_ref", "malware--missing")}
    assert loaded.notes["not used: STIX type sighting"] == 1


def test_a_bundle_without_anything_of_ours_is_refused(tmp_path: Path) -> None:
    sign = {"type": "indicator", "id": "indicator--1", "pattern": "[url:value = 'http://a']"}
    told = r"can be loaded: STIX type sighting \(1\); STIX type indicator, of which nothing is said"
    with pytest.raises(InputError, match=told):
        run("stix", bundle(tmp_path / "a.json", {"type": "sighting", "id": "s"}, sign))


def test_a_compressed_bundle_is_read(tmp_path: Path) -> None:
    plain = bundle(tmp_path / "a.json", MITRE, attack("intrusion-set", "G9001", "Wolf"))
    packed = tmp_path / "b.json.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    plain.unlink()
    frame = run("stix", packed).frame
    assert "group:attack-g9001" in frame["subject"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "broken JSON"),
        ("[]", "no STIX bundle"),
        ('{"type": "bundle", "objects": [{"id": 1}]}', "no STIX object"),
        ('{"type": "bundle"}', "no STIX bundle"),
    ],
)
def test_a_broken_bundle_is_refused_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "a.json"
    path.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        run("stix", path)
    assert caught.value.problems[0].place.startswith(str(path))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
    ),
    max_leaves=6,
)
FIELDS = st.sampled_from(
    ["name", "aliases", "external_references", "modified", "created_by_ref", "first_seen",
     "kill_chain_phases", "x_mitre_platforms", "description", "source_ref", "target_ref",
     "relationship_type", "country", "identity_class", "confidence", "revoked"]
)  # fmt: skip
TYPES = st.sampled_from(
    ["intrusion-set", "campaign", "relationship", "location", "identity", "tool"]
)


@settings(max_examples=60)
@given(st.lists(st.tuples(TYPES, st.dictionaries(FIELDS, JSON, max_size=5)), max_size=3))
def test_whatever_stands_in_the_fields_the_answer_is_a_frame_or_a_clear_error(
    tmp_path_factory: pytest.TempPathFactory, objects: list[tuple[str, dict[str, Any]]]
) -> None:
    folder = tmp_path_factory.mktemp("stix")
    given_objects = [fields | {"type": type_, "id": f"{type_}--{number}"}
                     for number, (type_, fields) in enumerate(objects)]  # fmt: skip
    with suppress(InputError):
        frame = run("stix", bundle(folder / "a.json", *given_objects)).frame
        assert frame["id"].is_unique().all()


# The real thing


@pytest.fixture(scope="module", params=["actors", soaked("all")])
def whole(request: pytest.FixtureRequest, once: Once) -> Loaded:
    return actors_of_attack(once) if request.param == "actors" else everything(once)


def everything(once: Once) -> Loaded:
    return whole_list("stix", "attack", once)


@pytest.fixture(scope="module")
def objects() -> list[dict[str, Any]]:
    files = sorted(shared("attack").glob("*.json"))
    return [o for file in files for o in json.loads(file.read_text())["objects"]]


def test_attack_has_the_groups_that_its_files_hold(
    whole: Loaded, objects: list[dict[str, Any]]
) -> None:
    held = {o["id"] for o in objects if o["type"] == "intrusion-set"}
    assert whole.count("group") == len(held)
    enterprise = [o for o in objects if o["type"] == "intrusion-set"
                  and "enterprise-attack" in o["x_mitre_domains"]]  # fmt: skip
    assert len({o["id"] for o in enterprise}) == 187


def test_attack_without_warnings_and_with_every_attribution(
    whole: Loaded, objects: list[dict[str, Any]]
) -> None:
    # 82 techniques have the platform "None", which is no platform.
    odd = [("platform", "None")] if whole.count("technique") else []
    assert [(problem.field, problem.value) for problem in whole.warnings] == odd
    wanted = {o["id"] for o in objects if o.get("relationship_type") == "attributed-to"}
    found = whole.rows(predicate="ATTRIBUTED_TO")["locator"]
    assert {text.partition(",")[0] for text in found} == wanted


def test_attack_redirects_every_group_that_was_revoked(
    whole: Loaded, objects: list[dict[str, Any]]
) -> None:
    revoked = {o["id"] for o in objects if o["type"] == "intrusion-set" and o.get("revoked")}
    pairs = claims(whole.frame, "SAME_AS", "subject", "object")
    groups = {start for start, _ in pairs if start.startswith("group:")}
    assert len(groups) == len(revoked)
    assert ("group:attack-g0118", "group:attack-g0016") in pairs


def test_attack_cites_who_calls_a_group_so(whole: Loaded) -> None:
    group = whole.rows(subject="group:attack-g0082")
    names = claims(group, "alias", "value", "cites", "asserter")
    assert {who for *_, who in names} == {"organization:mitre"}
    cited = {name: whom or "" for name, whom, _ in names}
    assert cited["Stardust Chollima"] == "CrowdStrike"
    assert "Kaspersky" in cited["Bluenoroff"]
    assert "Mandiant" in cited["APT38"]


def test_twice_the_same(root: Path) -> None:
    one, other = (run("stix", root / "seed" / "attack").frame for _ in range(2))
    assert one.equals(other)


@pytest.mark.soak
def test_all_of_it_twice_the_same(once: Once) -> None:
    again = run("stix", shared("attack")).frame
    assert again.equals(everything(once).frame)
