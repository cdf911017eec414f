"""How news of diplomacy is read: who met where, what was agreed and promised, who said what of it,
who fired what; each kind with what must not be read out of it. Made up for it."""

from __future__ import annotations

from functools import cache

import pytest

from kg import ontology
from kg.drafts import Document, draft, gazetteer
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.proposals import Proposal

LEADERS = "French President Emil Varga and German Chancellor Otto Brandt"
VARGA, BRANDT = "person:emil-varga", "person:otto-brandt"


@cache
def known() -> Gazetteer:
    return gazetteer.of()


@cache
def proposed(text: str) -> tuple[Proposal, ...]:
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load())
    assert not made.refused
    return made.proposals


def subjects(text: str, predicate: str) -> set[str]:
    return {p.subject.thing.id for p in proposed(text) if p.predicate == predicate}


def targets(text: str, predicate: str) -> set[str]:
    return {p.target for p in proposed(text) if p.predicate == predicate}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (f"{LEADERS} struck a hopeful tone at a rare summit in Geneva.", {"Geneva"}),
        (f"{LEADERS} shook hands after their meeting in the Swiss capital.", set()),
        (f"{LEADERS} smiled. Varga's first meeting with Brandt was held at the border town of "
         "Kehl.", {"Kehl"}),
        ("French President Emil Varga flew to Oslo for talks with Chancellor Otto Brandt.", set()),
    ],
)  # fmt: skip
def test_a_noun_tells_who_met(text: str, place: set[str]) -> None:
    assert subjects(text, "PARTICIPATED_IN") == {VARGA, BRANDT}
    assert targets(text, "place") == place
    assert len(targets(text, "PARTICIPATED_IN")) == 1


@pytest.mark.parametrize(
    "text",
    [
        f"{LEADERS} will speak at a summit in Geneva next month. They waved.",
        f"{LEADERS} praised the work of the ministers.",
        "French President Emil Varga spoke at a meeting of farmers.",
    ],
)
def test_what_is_no_meeting_of_two(text: str) -> None:
    met = [p for p in proposed(text) if p.predicate == "PARTICIPATED_IN"]
    assert len({p.subject.thing.id for p in met}) in (0, 2)
    assert not [p for p in met if "farmers" in text]


def test_their_meeting_is_the_one_that_was_told() -> None:
    text = f"{LEADERS} met in Bern on Monday. During their meeting they agreed to open a canal."
    assert len(targets(text, "PARTICIPATED_IN")) == 1


def test_who_signs_at_a_summit_took_part_in_it() -> None:
    text = (
        "Leaders of both sides struck a hopeful tone at a rare summit in Geneva on Monday. "
        f"{LEADERS} signed a declaration on trade."
    )
    assert subjects(text, "PARTICIPATED_IN") == subjects(text, "PARTY_TO") == {VARGA, BRANDT}
    assert targets(text, "RESULTED_IN") == targets(text, "PARTY_TO")


@pytest.mark.parametrize(
    "text",
    [
        "The Lisbon Accord was signed by Peru and Chile in March 2019.",
        "The ministers recalled the 2019 treaty between Peru and Chile.",
        "Peru suspended a fishing agreement with Chile in 2019.",
        "Peru and Chile jointly announced the Lisbon Declaration in 2019.",
    ],
)
def test_who_is_party(text: str) -> None:
    assert subjects(text, "PARTY_TO") == {"state:PER", "state:CHL"}
    assert {value[:4] for value in targets(text, "occurred")} == {"2019"}


@pytest.mark.parametrize(
    "text",
    [
        "The report on the agreement was signed by Peru and Chile's experts.",
        "Peru suspended a factory's licence in 2019.",
        "Peru announced the appointment of a judge.",
    ],
)
def test_who_is_party_to_nothing(text: str) -> None:
    assert not targets(text, "PARTY_TO")


def test_a_dateline_is_no_subject() -> None:
    text = f"Lima, 7 May 2024 (Andes News) - {LEADERS} met in Bern."
    assert subjects(text, "PARTICIPATED_IN") == {VARGA, BRANDT}


@pytest.mark.parametrize(
    ("more", "promised"),
    [
        ("Varga agreed to reopen the Rhine bridge.", "reopen-the-rhine-bridge"),
        ("France has also agreed to reopen the Rhine bridge.", "reopen-the-rhine-bridge"),
        ("The two sides will also reopen the Rhine bridge.", "reopen-the-rhine-bridge"),
        ("The accord obliges France to reopen the Rhine bridge.", "reopen-the-rhine-bridge"),
        ("Monday's declaration envisages joint patrols on the Rhine.",
         "joint-patrols-on-the-rhine"),
    ],
)  # fmt: skip
def test_what_is_promised_belongs_to_the_agreement_of_its_sides(more: str, promised: str) -> None:
    text = f"{LEADERS} signed the Bern Accord on Monday. {more}"
    assert targets(text, "HAS_COMMITMENT") == {f"commitment:{promised}"}
    assert len(targets(text, "PARTY_TO")) == 1


@pytest.mark.parametrize(
    "more",
    [
        "Peru agreed to reopen the Rhine bridge.",
        "Varga had not agreed to reopen the Rhine bridge.",
        "The two teams will play on the Rhine.",
        "The report obliges nobody to reopen the Rhine bridge.",
    ],
)
def test_what_is_promised_by_others_or_by_nobody(more: str) -> None:
    text = f"{LEADERS} signed the Bern Accord on Monday. {more}"
    assert not targets(text, "HAS_COMMITMENT")


def test_a_promise_that_is_told_again_is_the_same() -> None:
    text = (
        f"{LEADERS} announced the Bern Accord, which includes a promise by France to close the "
        'missile range near Kehl, if Germany pays. "France has agreed to close its missile range '
        'near Kehl under the eye of inspectors," Brandt said.'
    )
    told = [p for p in proposed(text) if p.predicate == "HAS_COMMITMENT"]
    assert {p.asserter.thing.id if p.asserter else "own" for p in told} == {"own", BRANDT}
    assert len({p.target for p in told}) == 1
    assert told[0].object
    assert told[0].object.thing.declared["modality"] == "potential"


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Pyongyang had launched what is believed to be short-range missiles off its coast.",
         {"state:PRK"}),
        ("Japan and India held joint naval drills off Goa in May.", {"state:JPN", "state:IND"}),
        ("The Iranian missile tests alarmed Oman.", {"state:IRN"}),
        ("Iran fired two missiles. The test was the second launch conducted by Tehran.",
         {"state:IRN"}),
    ],
)  # fmt: skip
def test_who_fired_or_drilled(text: str, who: set[str]) -> None:
    assert targets(text, "ATTRIBUTED_TO") == who
    assert len(subjects(text, "ATTRIBUTED_TO")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "The product launch by Acme of Norway went well.",
        "The French test of the vaccine was held in May.",
        "Brazil launched an inquiry. The launch was late.",
        "Norway launched its space agency.",
    ],
)
def test_what_is_no_act_of_arms(text: str) -> None:
    assert not targets(text, "ATTRIBUTED_TO")


def test_whom_an_agency_cites_is_heard() -> None:
    text = (
        "The Andes News agency reported, citing South Korea's Joint Chiefs of Staff, that "
        "Pyongyang had launched a missile."
    )
    voices = {p.asserter and p.asserter.thing.name for p in proposed(text)}
    assert voices == {"South Korea's Joint Chiefs of Staff"}


@pytest.mark.parametrize(
    ("more", "maker"),
    [
        ("Peru welcomed the accord signed by Paris and Berlin.", "state:PER"),
        ("Peru slammed the Bern Accord.", "state:PER"),
        ("Varga praised the accord with Brandt.", VARGA),
        ("The paper published a statement by Ada Winter, an official of the Peruvian Foreign "
         "Ministry, welcoming the accord.", "person:ada-winter"),
    ],
)  # fmt: skip
def test_a_statement_is_about_what_was_told(more: str, maker: str) -> None:
    text = f"{LEADERS} signed the Bern Accord on Monday. {more}"
    assert targets(text, "MADE_BY") == {maker}
    assert targets(text, "ABOUT") == targets(text, "PARTY_TO")


def test_who_leads_a_state_is_told_by_the_office() -> None:
    text = f"{LEADERS} met in Bern. Peru praised the French president."
    assert targets(text, "ABOUT") == {VARGA}
    two = "French Foreign Minister Ida Roux and " + LEADERS
    assert VARGA not in targets(f"{two} met in Bern. Peru praised the French president.", "ABOUT")
