"""What writers missed is drafted from a sentence: one sentence each, made up for it."""

from __future__ import annotations

from functools import cache

import pytest

from kg import ontology
from kg.drafts import Document, Draft, draft, gazetteer
from kg.drafts.gazetteer import Gazetteer

WHO = "The hacking group Red Lantern"


@cache
def known() -> Gazetteer:
    return gazetteer.of()


def drafted(text: str) -> Draft:
    return draft(Document(text, date="2024-05-10"), known(), ontology.load())


@pytest.mark.parametrize(
    ("text", "predicate", "target"),
    [
        (f"{WHO} hacked dozens of clinics in May 2023.", "magnitude", "dozens"),
        (
            f"{WHO} was behind the breach of Acme Bank. The breach was meant to fund its army.",
            "motive",
            "fund its army",
        ),
        (
            "The Justice Department charged Ada Winter with wire fraud in an indictment of "
            "seven counts.",
            "counts",
            "7",
        ),
        (
            "The Justice Department charged Ada Winter with wire fraud. "
            "Winter faces up to 20 years in prison.",
            "penalty",
            "up to 20 years in prison",
        ),
        (
            "The Justice Department charged Ada Winter with conspiracy to commit wire fraud.",
            "charge",
            "conspiracy to commit wire fraud",
        ),
        (
            f"{WHO} carried out the attack on Acme Bank. The attack also affected the shipping "
            "company Northwind.",
            "AFFECTED",
            "organization:northwind",
        ),
        (f"{WHO} exploited CVE-2021-26855.", "EXPLOITED", "vulnerability:cve-2021-26855"),
        (
            f"{WHO} was behind the theft from Acme Bank. The funds were moved to the wallet "
            "0x52908400098527886E0F7030069857D2E4169EE7.",
            "USED",
            "wallet:0x52908400098527886e0f7030069857d2e4169ee7",
        ),
        (
            f"{WHO} used the domain update-check.example.",
            "USED",
            "infrastructure:update-check-example",
        ),
        (
            f"{WHO} wrote the malware called GreyTide.",
            "AUTHORED_BY",
            "group:red-lantern",
        ),
    ],
)
def test_each_is_drafted_from_a_sentence_and_proven(text: str, predicate: str, target: str) -> None:
    made = drafted(text)
    assert target in [one.target for one in made.proposals if one.predicate == predicate]


@pytest.mark.parametrize(
    ("reason", "grounds"),
    [
        ("citing similarities in the code", "code reuse"),
        ("citing the same servers", "infrastructure"),
        ("based on the choice of victims", "victimology"),
        ("citing classified intelligence", "intelligence not shown"),
        ("based on its tactics", "tradecraft"),
    ],
)
def test_why_a_source_blames_somebody_is_told_with_its_words(reason: str, grounds: str) -> None:
    text = f"The security firm Halden linked the attack on Acme Bank to Red Lantern, {reason}."
    (one,) = [
        p for p in drafted(f"{text} {WHO} is known.").proposals if p.predicate == "ATTRIBUTED_TO"
    ]
    assert one.fields["grounds"] == grounds
    assert one.told["grounds"].start >= text.index(", ")
    assert one.span.holds(one.told["grounds"])


def test_what_affected_somebody_is_not_said_to_have_been_aimed_at_them() -> None:
    made = drafted(
        f"{WHO} carried out the attack on Acme Bank. The attack also affected the shipping "
        "company Northwind."
    )
    aimed = {one.target for one in made.proposals if one.predicate == "TARGETED"}
    assert aimed == {"organization:acme-bank"}
