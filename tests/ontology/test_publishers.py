"""Whose word is printed at which address."""

from __future__ import annotations

from pathlib import Path

import pytest

from kg.base.errors import InputError
from kg.ontology import load, publishers


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (
            "https://web.archive.org/web/2018/https://www.fireeye.com/x.html",
            "organization:mandiant",
        ),
        ("https://BLOG.talosintelligence.com:443/x", "organization:cisco-talos-intelligence-group"),
        ("https://usa.kaspersky.com/x", "organization:kaspersky"),
        ("https://securelist.com/x", "organization:kaspersky"),
        ("https://www.ncsc.gov.uk/x", "agency:uk-ncsc"),
        ("https://www.gov.uk/x", "agency:uk-government"),
        ("https://home.treasury.gov/x", "agency:us-treasury"),
        ("https://ofac.treasury.gov/x", "agency:ofac"),
        ("https://intrusiontruth.wordpress.com/x", "organization:intrusion-truth"),
        # where anybody writes, and what nobody knows
        ("https://www.youtube.com/watch?v=x", None),
        ("https://somebody.wordpress.com/x", None),
        ("https://github.com/mandiant/x", None),
        ("https://medium.com/@microsoft/x", None),
        ("https://somebody.github.io/x", None),
        ("https://web.archive.org/", None),
        ("https://blog.example.org/x", None),
        # what only ends like a publisher's
        ("https://notmicrosoft.com/x", None),
        ("https://microsoft.com.evil.example/x", None),
        ("https://council.gov.uk/x", None),
        ("nonsense", None),
        ("http://[bad", None),
        ("", None),
    ],
)
def test_an_address_has_the_publisher_who_registered_it(address: str, wanted: str | None) -> None:
    found = publishers.of_address(address)
    assert (found and found.id) == wanted


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Kaspersky Lab", "organization:kaspersky"),
        ("the guardian", "organization:guardian"),
        ("US-CERT", "agency:us-cisa"),
        ("us cert", "agency:us-cisa"),
        ("A neighbour", None),
    ],
)
def test_several_spellings_are_one_publisher(name: str, wanted: str | None) -> None:
    found = publishers.of_name(name)
    assert (found and found.id) == wanted


def test_what_ships_fits_the_ontology_and_has_its_bodies() -> None:
    known = {one.id: one for one in publishers.known()}
    assert len(known) == len(publishers.known()), "one entry each"
    for one in known.values():
        assert load().check_id(one.id) in ("Agency", "Organization"), one
        assert one.domains, one
        for other in filter(None, (one.part_of, one.owned_by)):
            kind = load().check_id(other)
            assert kind == "State" or other in known, one
        edge = load().edges["PART_OF" if one.part_of else "OWNED_BY"]
        if above := one.part_of or one.owned_by:
            assert edge.allows(load().check_id(one.id), load().check_id(above)), one


def test_a_list_of_ones_own_adds_and_two_owners_of_one_host_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "ontology").mkdir()
    own = tmp_path / "ontology" / "publishers.yaml"
    own.write_text("press:\n- {id: organization:own, name: Own, domains: [own.example]}\n")
    monkeypatch.setenv("KG_PATH", str(tmp_path))
    found = publishers.of_address("https://www.own.example/x")
    assert found is not None
    assert found.name == "Own"
    other = tmp_path / "other"
    (other / "ontology").mkdir(parents=True)
    again = other / "ontology" / "publishers.yaml"
    again.write_text(
        "press:\n- {id: organization:own, name: Own, domains: [own.example]}\n"
        "- {id: organization:thief, name: Thief, domains: [kaspersky.com]}\n"
    )
    monkeypatch.setenv("KG_PATH", str(other))
    with pytest.raises(InputError, match=r"publishers.yaml:3: .*is already organization:kaspersky"):
        publishers.of_address("https://www.own.example/x")
