"""What a name tells: whose word it is, only where that is known, and in sentences for people."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
import yaml

from kg.identity import names
from kg.ontology import publishers
from tests.identity.worlds import World


@pytest.fixture
def given() -> dict[str, Any]:
    text = files("kg.identity").joinpath("names.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


@pytest.fixture
def forgotten() -> Iterator[None]:
    """What is remembered of names is forgotten, before and after."""
    caches = (names._given, names._spellings, names._data, names.key, names.coiner,
              names.provisional, names.organizations)  # fmt: skip
    for cache in caches:
        cache.cache_clear()
    yield
    for cache in caches:
        cache.cache_clear()


@pytest.mark.parametrize(
    ("name", "coiner"),
    [
        ("WhiteBear", "organization:kaspersky"),
        ("White Bear", "organization:kaspersky"),
        ("Volatile Cedar", "organization:check-point"),
        ("Dust Storm", "organization:cylance"),
        ("Hidden Lynx", "organization:symantec"),
        ("Cosmic Lynx", "organization:agari"),
        ("Domestic Kitten", "organization:check-point"),
        ("Ferocious Kitten", "organization:kaspersky"),
        ("Fox Kitten", "organization:clearsky"),
        ("Vicious Panda", "organization:check-point"),
        ("Bleeding Bear", "organization:elastic"),
        ("Laundry Bear", "agency:aivd-mivd"),
        ("Roaming Tiger", "organization:eset"),
        ("Iron Tiger", "organization:trend-micro"),
        ("Red Wolf", "organization:bi-zone"),
        ("Black Vine", "organization:symantec"),
        ("Blue Mockingbird", "organization:red-canary"),
        ("TeamSpy Crew", "organization:crysys"),
        ("Silent Librarian", "organization:phishlabs"),
        ("Cobalt Kitty", "organization:cybereason"),
        ("Inception", "organization:blue-coat"),
    ],
)
def test_a_report_tells_the_coiner_whatever_form_the_name_has(name: str, coiner: str) -> None:
    assert names.coiner(name) == coiner


@pytest.mark.parametrize(
    "name",
    ["IRIDIUM", "APT73", "Red Phoenix", "Evasive Panda", "Cobalt Group", "Iron Group", "Black Cube",
     "Moses Staff", "APT41 DUST", "APT-C-38 (QiAnXin)"],
)  # fmt: skip
def test_no_coiner_is_named_where_none_is_known(name: str) -> None:
    assert names.coiner(name) is None


def test_every_convention_and_every_coiner_cites_its_source(given: dict[str, Any]) -> None:
    told = [entry for entry in given["coiners"] if entry.keys() & {"patterns", "own_list"}]
    for entry in [*told, *given["coined"], *given["spellings"]]:
        assert len(entry["source"]) > 10, entry
    known = {entry["id"] for entry in given["coiners"]}
    assert {entry.get("by") for entry in given["coined"]} <= known | {None}


@pytest.mark.usefixtures("forgotten")
def test_a_convention_without_a_source_counts_for_nothing(
    given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    without = [{k: v for k, v in entry.items() if k != "source"} for entry in given["coiners"]]
    monkeypatch.setattr(names, "_given", lambda: {**given, "coiners": without})
    assert (names.coiner("FANCY BEAR"), names.serial("APT42")) == (None, False)


@pytest.mark.parametrize(
    ("one", "other"),
    [("DEV-0586", "Storm-0586"), ("Threat Group-3390", "TG-3390"), ("Threat Group 2889", "TG2889")],
)
def test_two_ways_to_write_a_number_are_one_name(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


def test_a_common_word_is_its_coiner_s_only_where_the_coiner_lists_it(world: World) -> None:
    world.group("two:Fox", "NOBELIUM")
    assert "nobelium" not in world.resolve().records.coiners
    world.group("microsoft:Midnight Blizzard", "NOBELIUM")
    assert world.resolve().records.coiners["nobelium"] == "organization:microsoft"


def test_a_form_counts_only_if_every_list_writes_the_name_so(world: World) -> None:
    world.group("one:Wolf", "SLEEPY BEAR")
    assert world.resolve().records.coiners["sleepybear"] == "organization:crowdstrike"
    world.group("two:Fox", "SleepyBear")
    assert "sleepybear" not in world.resolve().records.coiners


def test_a_coiner_that_is_a_publisher_is_that_one() -> None:
    for id, name in names.organizations().items():
        known = publishers.of_name(name)
        assert known is None or (known.id, known.name) == (id, name)


def test_whom_a_list_cites_for_a_name_uses_it(world: World) -> None:
    first = world.group("one:Wolf")
    world.group("one:Bear", "Day Crew")
    for spelling in ("FireEye; Agari", "Some Shop"):
        emit = world.list("one")
        emit.claim(first, "alias", f"Crew of {spelling}", asserter="organization:one",
                   cites=spelling)  # fmt: skip
    users = world.resolve().records.users
    assert {key: who for (_, key), who in users.items()} == {
        names.key("Crew of FireEye; Agari"): {"organization:mandiant", "Agari"},
        names.key("Crew of Some Shop"): {"Some Shop"},
    }


def test_who_is_cited_for_a_name_uses_it_and_a_host_is_nobody(world: World) -> None:
    first = world.group("one:Wolf", "Night Crew")
    world.group("one:Bear", "Day Crew")
    emit = world.list("one")
    emit.entity("organization:vendor", "Vendor")
    emit.entity("organization:cdn-example-net", "cdn.example.net")
    for who in ("organization:vendor", "organization:cdn-example-net"):
        emit.claim(first, "alias", "Night Crew", asserter=who)
    world.group("two:Fox", "Night Crew")
    found = world.resolve().explain("one:Wolf", "two:Fox")
    assert found[0] == "one:Wolf and two:Fox both list 'Night Crew' (used by Vendor)"


def test_sentences_say_who_lists_what_and_what_is_wanting(world: World) -> None:
    world.group("one:FANCY BEAR")
    world.group("two:Fox", "Fancy Bear")
    assert world.resolve().relation("one:FANCY BEAR", "two:Fox") == {
        "relation": "unsure",
        "because": [
            "two:Fox lists 'Fancy Bear', the main name of one:FANCY BEAR (CrowdStrike's name)",
            "left open: only one list says so, two (two)",
        ],
    }
