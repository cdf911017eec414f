"""How sentences are read of a kind that no pattern was written for: who did it, who is heard, whom
it hit; each kind with what must not be read out of it. Made up for it."""

from __future__ import annotations

from functools import cache

import pytest

from kg import ontology
from kg.drafts import Document, draft, gazetteer
from kg.drafts.gazetteer import Gazetteer


@cache
def known() -> Gazetteer:
    return gazetteer.of()


def said(text: str) -> set[tuple[str, str]]:
    """Predicate and target of each proposal, `not` before what is denied."""
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load())
    return {("not " * p.negative + p.predicate, p.target) for p in made.proposals}


def heard(text: str, predicate: str) -> set[str]:
    """Whose word the proposals of a predicate are; `own` for the document's."""
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load())
    return {
        p.asserter.thing.id if p.asserter else "own" if p.own else ""
        for p in made.proposals
        if p.predicate == predicate
    }


def incidents(text: str) -> set[str]:
    """The incidents of which anything is proposed."""
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load())
    ends = [ref for p in made.proposals for ref in (p.subject, p.object) if ref]
    return {ref.thing.id for ref in ends if ref.thing.kind == "incident"}


@pytest.mark.parametrize(
    ("text", "who", "whose"),
    [
        ("Latvia charged Ada Winter for her role in hacking Acme Bank.", "person:ada-winter",
         "state:LVA"),
        ("Latvia announced an indictment against two Russian nationals accused of hacking Acme "
         "Bank.", "person:two-russian-nationals", "state:LVA"),
        ("The GRU has been accused by Latvia of hacking Acme Bank.", "agency:gru", "state:LVA"),
        ("Latvia sanctioned the GRU for hacking Acme Bank.", "agency:gru", "state:LVA"),
    ],
)  # fmt: skip
def test_who_is_accused_did_it_and_who_accuses_is_heard(text: str, who: str, whose: str) -> None:
    assert {t for p, t in said(text) if p == "ATTRIBUTED_TO"} == {who}
    assert heard(text, "ATTRIBUTED_TO") == {whose}


@pytest.mark.parametrize(
    "text",
    [
        "Latvia condemned the cyber attacks targeting Acme Bank and Baltic Freight Bank.",
        "Latvia expressed concern about activity, attributed to hackers, targeting Acme Bank.",
        "The sanctions targeted Acme Bank and Baltic Freight Bank.",
        "The indictment, Latvia said, hit Acme Bank.",
        "Ada Winter, director of research with the security firm Halden, told lawmakers her review "
        "shows hackers attacked Acme Bank.",
    ],
)
def test_who_only_speaks_of_an_attack_or_takes_measures_did_none(text: str) -> None:
    assert "ATTRIBUTED_TO" not in {predicate for predicate, _ in said(text)}


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Red Lantern, a hacking group, hacked computers and other systems.", set()),
        ("Red Lantern, a hacking group, hacked 500 million accounts.", set()),
        ("Red Lantern, a hacking group, hacked organisations in Guam.",
         {"organization:organisations-in-guam"}),
        ("Red Lantern, a hacking group, hacked the email of the parliament of Latvia.",
         {"agency:parliament-of-latvia"}),
    ],
)  # fmt: skip
def test_whom_words_tell_apart_is_a_victim(text: str, hit: set[str]) -> None:
    assert {target for predicate, target in said(text) if predicate == "TARGETED"} == hit


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("The work stopped. Halden said in a statement the hacking group Red Lantern was behind "
         "the attack on Acme Bank.", "organization:halden"),
        ("In an opinion piece published in the Morning Herald on Monday, Ada Winter wrote that "
         "Russia was behind the attack on Acme Bank.", "person:ada-winter"),
        ("Russia was behind the attack on Acme Bank, the two governments said.", "own"),
    ],
)  # fmt: skip
def test_who_is_heard(text: str, whose: str) -> None:
    assert heard(text, "ATTRIBUTED_TO") == {whose}
    assert ("ATTRIBUTED_TO", "state:USA") not in said(text)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Latvia condemned the attack on Acme Bank.", True),
        ("Estonia announced that it was no longer bound by the pact.", True),
        ("Estonia announced charges against Ada Winter.", False),
        ("Estonia warned banks of the threat and pledged help to its ally.", False),
        ("Two hackers attacked Acme Bank by threatening to publish its files.", False),
    ],
)
def test_a_statement_is_what_somebody_stands_for(text: str, told: bool) -> None:
    assert ("MADE_BY" in {predicate for predicate, _ in said(text)}) is told


@pytest.mark.parametrize(
    ("text", "members"),
    [
        ("Latvia sanctioned three companies. The sanctioned companies include Northwind IT Company "
         "and Harbour Academy.",
         {"organization:northwind-it-company", "organization:harbour-academy"}),
        ("Latvia charged two hackers. The hackers were identified as Ada Winter and Bo Summer.",
         {"person:ada-winter", "person:bo-summer"}),
        ("Latvia sanctioned three companies. The five companies include Harbour Academy.", set()),
        ("Latvia sanctioned three companies. The companies are fronts of Russia.", set()),
        ("Latvia sanctioned three companies. Banks include Harbour Academy.", set()),
    ],
)  # fmt: skip
def test_what_is_aimed_at_a_set_is_aimed_at_who_is_in_it(text: str, members: set[str]) -> None:
    aimed = {t for predicate, t in said(text) if predicate in ("DESIGNATES", "CHARGES")}
    assert {t for t in aimed if not t.split(":")[1].startswith(("three", "two"))} == members


@pytest.mark.parametrize(
    ("text", "predicate", "targets"),
    [
        ("South and North Korea signed an agreement.", "PARTY_TO", 2),
        ("North Korea built a site. The North launched a ballistic missile on Monday.",
         "ATTRIBUTED_TO", 1),
        ("The firm sold goods. The North launched a ballistic missile on Monday.",
         "ATTRIBUTED_TO", 0),
        ("Ada Winter met Bo Summer in Riga. Their envoys signed a treaty.", "PARTY_TO", 0),
    ],
)  # fmt: skip
def test_states_and_people_by_parts_of_their_names(text: str, predicate: str, targets: int) -> None:
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load()).proposals
    assert len([p for p in made if p.predicate == predicate]) == targets


@pytest.mark.parametrize(
    ("before", "whose"),
    [("Latvia said the GRU hacked Acme Bank.", {"state:LVA"}),
     ("The GRU hacked Acme Bank.", {"own"})],
)  # fmt: skip
@pytest.mark.parametrize("who", ["They", "They then"])
def test_what_also_was_done_is_told_by_whoever_told_the_rest(
    before: str, whose: set[str], who: str
) -> None:
    assert heard(f"{before} {who} also hacked Baltic Freight Bank.", "TARGETED") == whose
    assert heard(f"{before} They hacked Baltic Freight Bank.", "TARGETED") == whose | {"own"}


def test_it_is_nobody_who_is_named_later() -> None:
    text = (
        "North Korea fired two missiles in May 2024. On 8 May it launched a satellite, South "
        "Korea's military said."
    )
    assert {t for predicate, t in said(text) if predicate == "ATTRIBUTED_TO"} == {"state:PRK"}


@pytest.mark.parametrize(
    ("text", "who", "whose"),
    [
        ("Estonia protested against a series of attacks on Acme Bank attributed to Russia.",
         "state:RUS", "own"),
        ("The United States condemned Russia for its cyberattack on Acme Bank.", "state:RUS",
         "state:USA"),
        ("Latvia holds the GRU responsible for the breach of Acme Bank.", "agency:gru",
         "state:LVA"),
        ("Norway's foreign minister said Russia was behind the attack on Acme Bank. Foreign "
         "Minister Ada Winter left.", "state:RUS", "person:ada-winter"),
    ],
)  # fmt: skip
def test_further_ways_to_blame(text: str, who: str, whose: str) -> None:
    assert {t for p, t in said(text) if p == "ATTRIBUTED_TO"} == {who}
    assert heard(text, "ATTRIBUTED_TO") == {whose}


@pytest.mark.parametrize(
    "text",
    [
        "The United States condemned Russia for its silence.",
        "Russia may attack Acme Bank, and will continue to target Baltic Freight Bank.",
        "Ada Winter doubts that Acme Bank can be hacked by Russia.",
        "Analysts have seen banks being hacked.",
        "In a statement, the movement Forwards! confirmed that it had been hacked.",
    ],
)
def test_what_was_not_done_is_no_incident(text: str) -> None:
    assert not {p for p, _ in said(text)} & {"ATTRIBUTED_TO", "TARGETED"}


def test_a_title_that_two_people_have_is_nobody() -> None:
    text = (
        "The foreign minister said Russia was behind the attack on Acme Bank. Foreign Minister Ada "
        "Winter met Foreign Minister Bo Summer."
    )
    assert heard(text, "ATTRIBUTED_TO") == {""}


@pytest.mark.parametrize(
    ("text", "predicate", "values"),
    [
        ("Latvia charged Ada Winter in an 11-count indictment.", "counts", {"11"}),
        ("Latvia charged Ada Winter. The defendants are charged with one count of conspiracy to "
         "commit wire fraud, and seven counts of identity theft.", "charge",
         {"conspiracy to commit wire fraud", "identity theft"}),
        ("Latvia charged Ada Winter. The defendants are charged with one count of conspiracy to "
         "commit wire fraud, and seven counts of identity theft.", "counts", set()),
        ("Latvia charged Ada Winter with them.", "charge", set()),
        ("The indictment accuses two men of theft and says it was used on 200 victims.", "charge",
         {"theft"}),
    ],
)  # fmt: skip
def test_what_somebody_is_charged_with(text: str, predicate: str, values: set[str]) -> None:
    assert {target for p, target in said(text) if p == predicate} == values


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("Red Lantern, a hacking group, hacked firms in Asia and abroad, including Japan.", set()),
        ("Red Lantern, a hacking group, hacked 120 firms, among them Acme Bank.",
         {"organization:acme-bank"}),
        ("Red Lantern, a hacking group, is an actor whose known targets include Acme Bank.",
         {"organization:acme-bank"}),
        ("Red Lantern, a hacking group, stole data, posting pictures from the Museum.", set()),
    ],
)  # fmt: skip
def test_whom_a_list_of_victims_names(text: str, hit: set[str]) -> None:
    named = {t for p, t in said(text) if p == "TARGETED" and not t.startswith("state:")}
    assert {t for t in named if "firms" not in t} == hit
    assert ("TARGETED", "state:JPN") not in said(text)


def test_the_january_theft_is_the_theft_that_was_told_of() -> None:
    text = (
        "Latvia tied the January theft to Red Lantern, a hacking group. Acme Bank lost 97 million "
        "dollars in all. Halden linked the Acme Bank theft to the GRU."
    )
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load()).proposals
    incidents = {p.subject.thing.id for p in made if p.predicate == "ATTRIBUTED_TO"}
    assert incidents == {p.subject.thing.id for p in made if p.predicate == "amount_stolen"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("An attack on Acme Bank was the work of Russia, the United States and Latvia declared on "
         "Tuesday, officially fixing the blame for an attack that had puzzled many officials and "
         "much of industry for months and that had shown how weak such links are.", "state:RUS"),
        ("Russia is accused of being behind the attack on Acme Bank.", "state:RUS"),
    ],
)  # fmt: skip
def test_who_did_it_and_nobody_else(text: str, who: str) -> None:
    assert {t for p, t in said(text) if p == "ATTRIBUTED_TO"} == {who}


@pytest.mark.parametrize(
    "text",
    [
        "Acme Bank was hit by a cyberattack in March.",
        "Acme Bank was the target of a cyberattack by the GRU in March.",
        "Acme Bank suffered a data breach in March.",
        "Acme Bank fell victim to a cyber attack in March.",
        "Acme Bank came under a cyberattack in March.",
    ],
)
def test_an_attack_that_hit_somebody_is_one_incident(text: str) -> None:
    told = incidents(text)
    assert len(told) == 1
    assert said(text) >= {("TARGETED", "organization:acme-bank"), ("occurred", "2024-03")}


def test_two_attacks_in_the_same_words_are_two() -> None:
    text = "Acme Bank was hit by a cyberattack. Baltic Freight Bank was hit by a cyberattack."
    assert len(incidents(text)) == 2


@pytest.mark.parametrize(
    "text",
    [
        "Acme Bank was hit by sanctions.",
        "Acme Bank was the target of criticism by the GRU.",
        "Acme Bank had itself been the target of Russian attacks.",
        "Acme Bank suffered losses and came under pressure.",
        "Acme Bank was not hacked.",
    ],
)
def test_what_is_no_attack_or_none_in_particular_hit_nobody(text: str) -> None:
    assert "TARGETED" not in {predicate for predicate, _ in said(text)}


@pytest.mark.parametrize(
    ("text", "whose"),
    [
        ("Norway, Latvia and Denmark said the GRU hacked Acme Bank.",
         {"state:NOR", "state:LVA", "state:DNK"}),
        ("Norway, Latvia and Denmark attributed the attack on Acme Bank to the GRU.",
         {"state:NOR", "state:LVA", "state:DNK"}),
        ("Norway, Latvia, and the FBI said in a statement that the GRU hacked Acme Bank.",
         {"state:NOR", "state:LVA", "agency:fbi"}),
        ("The GRU hacked Acme Bank, Norway and Latvia said.", {"state:NOR", "state:LVA"}),
        ("The attack on Acme Bank was the work of the GRU, the United States and Latvia declared "
         "on Tuesday.", {"state:USA", "state:LVA"}),
        ("In March, Norway and its allies said the GRU hacked Acme Bank.", {"state:NOR"}),
        ("Ada Winter, the foreign minister, said the GRU hacked Acme Bank.",
         {"person:ada-winter"}),
    ],
)  # fmt: skip
def test_what_several_say_is_the_word_of_each(text: str, whose: set[str]) -> None:
    assert heard(text, "ATTRIBUTED_TO") == whose
    assert {target for p, target in said(text) if p == "ATTRIBUTED_TO"} == {"agency:gru"}


@pytest.mark.parametrize(
    ("text", "who", "whose"),
    [
        ("Norway condemned Iran's cyberattack on Albania.", "state:IRN", "state:NOR"),
        ("Norway condemned the Iranian cyberattack on Albania.", "state:IRN", "state:NOR"),
        ("The North Korean attack against Acme Bank cost millions.", "state:PRK", "own"),
    ],
)
def test_an_attack_is_of_whose_it_is_called(text: str, who: str, whose: str) -> None:
    assert said(text) >= {("ATTRIBUTED_TO", who)}
    assert heard(text, "ATTRIBUTED_TO") == {whose}


@pytest.mark.parametrize(
    "text",
    [
        "The Latvian bank hack cost millions.",
        "The Latvian port attack on Friday cost millions.",
        "The attack on Latvia's ministry of health cost millions.",
    ],
)
def test_where_an_attack_was_is_not_whose_it_was(text: str) -> None:
    assert "ATTRIBUTED_TO" not in {predicate for predicate, _ in said(text)}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Latvia sanctioned Ada Winter, a Russian national, and Halden Technologies.",
         {"person:ada-winter", "organization:halden-technologies"}),
        ("Latvia sanctioned Ada Winter, also known as Snake, and Bo Lind.",
         {"person:ada-winter", "person:bo-lind"}),
        ("Latvia sanctioned Ada Winter, a Russian national.", {"person:ada-winter"}),
        ("Latvia sanctioned Bo Lind, a Russian citizen, and Ada Winter, both hackers.",
         {"person:bo-lind", "person:ada-winter"}),
    ],
)  # fmt: skip
def test_a_list_goes_on_behind_what_somebody_is(text: str, named: set[str]) -> None:
    assert {target for p, target in said(text) if p == "DESIGNATES"} == named


def test_only_who_is_called_an_officer_is_one() -> None:
    text = "Ada Winter, a Russian national, and Bo Lind, an officer of the GRU, were charged."
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load())
    members = [p.subject.thing.id for p in made.proposals if p.predicate == "MEMBER_OF"]
    assert members == ["person:bo-lind"]


def test_other_names_of_a_body_are_groups_of_its() -> None:
    text = "The GRU is associated with the names: Red Lantern, UNC 77, Cyber Ravens and Tin Goat."
    made = draft(Document(text, date="2024-05-10"), known(), ontology.load())
    told = {(p.subject.thing.id, p.predicate, p.target) for p in made.proposals}
    groups = ("red-lantern", "unc-77", "cyber-ravens", "tin-goat")
    assert told == {(f"group:{name}", "ATTRIBUTED_TO", "agency:gru") for name in groups}
    assert all(p.hedge for p in made.proposals)


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Russian state-sponsored actors had compromised the networks of Acme Bank.",
         {"group:russian-state-sponsored-actors"}),
        ("The actors had compromised the networks of Acme Bank.", set()),
        ("Russian operators were hit by an attack on Acme Bank.", set()),
    ],
)  # fmt: skip
def test_actors_of_a_state_did_it(text: str, who: set[str]) -> None:
    assert {target for p, target in said(text) if p == "ATTRIBUTED_TO"} == who


@pytest.mark.parametrize(
    "text",
    [
        "The attack by the GRU on Acme Bank cost millions.",
        "The attack on Acme Bank by the GRU cost millions.",
        "The campaign of cyber attacks against Acme Bank was the work of the GRU.",
    ],
)
def test_whom_and_by_whom_stand_in_either_order(text: str) -> None:
    told = {("TARGETED", "organization:acme-bank"), ("ATTRIBUTED_TO", "agency:gru")}
    assert told <= said(text)
    assert len(incidents(text)) == 1


def test_a_campaign_of_other_things_is_no_incident() -> None:
    assert not incidents("The campaign of posters by the ministry of Latvia on Acme Bank began.")
