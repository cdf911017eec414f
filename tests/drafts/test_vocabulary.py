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


@pytest.mark.parametrize(
    ("name", "is_one"),
    [
        ("WannaCry 2.0", True),
        ("attacked the portal of Acme", False),
        ("Ada Winter and Bo Summer had last met in Riga on 10 July", False),
    ],
)
def test_what_an_event_is_called_may_be_no_name(name: str, is_one: bool) -> None:
    assert gazetteer.usable(name, "Incident") is is_one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "The Justice Department, an organ of the US, said that Red Lantern, a hacking group, "
            "was almost certainly responsible for the breach of Acme Bank.",
            ("ATTRIBUTED_TO", "group:red-lantern", "agency:us-justice-department", False),
        ),
        (
            "Russia was behind the breach of Acme Bank, Latvia said. "
            "Moscow rejected the allegation.",
            ("ATTRIBUTED_TO", "state:RUS", "state:RUS", True),
        ),
        (
            "Russia was behind the breach of Acme Bank, Latvia said. "
            "Estonia joined the accusation.",
            ("ATTRIBUTED_TO", "state:RUS", "state:EST", False),
        ),
        (
            "Russia was behind the breach of Acme Bank, Latvia said. "
            "Lithuania said that there was no evidence that Russia was behind the breach.",
            ("ATTRIBUTED_TO", "state:RUS", "state:LTU", True),
        ),
        (
            f"{WHO} hacked Acme Bank. The Treasury Department sanctioned Red Lantern for its role "
            "in the breach of Acme Bank.",
            ("CITES", "", None, False),
        ),
        (
            "President Ada Winter of Latvia met Prime Minister Bo Summer in Riga in May 2024. "
            "Winter and Summer reached an agreement on fishing.",
            ("RESULTED_IN", "agreement:ada-winter", None, False),
        ),
    ],
)
def test_kinds_of_misses_stay_mended(text: str, said: tuple[str, str, str | None, bool]) -> None:
    predicate, target, asserter, negative = said
    found = [
        (one.target, one.asserter.thing.id if one.asserter else None, one.negative)
        for one in drafted(text).proposals
        if one.predicate == predicate
    ]
    assert any(one[0].startswith(target) and one[1:] == (asserter, negative) for one in found), (
        found
    )


def test_who_accuses_and_is_not_named_is_not_the_document() -> None:
    made = drafted("Russia has been accused of the breach of Acme Bank.")
    (blamed,) = [one for one in made.proposals if one.predicate == "ATTRIBUTED_TO"]
    assert (blamed.asserter, blamed.own) == (None, False)


def test_they_are_no_single_person() -> None:
    made = drafted("Minister Ada Winter left Riga. They condemned the attack on Acme Bank.")
    assert "MADE_BY" not in {one.predicate for one in made.proposals}


def test_a_day_before_the_reason_of_a_measure_is_the_measures() -> None:
    made = drafted("The EU sanctioned eight people in 2020 over the hacking of Acme Bank.")
    assert {p.subject.thing.kind for p in made.proposals if p.target == "2020"} == {"sanction"}


def test_a_charge_that_somebody_denies_in_one_breath_is_denied_by_them() -> None:
    text = "Latvia accused the GRU of the breach of Acme Bank, a charge that Moscow dismissed."
    (denial,) = [one for one in drafted(text).proposals if one.negative]
    assert denial.asserter is not None
    assert (denial.target, denial.asserter.thing.id) == ("agency:gru", "state:RUS")


@pytest.mark.parametrize(
    "who",
    [
        "Hackers attacked the Foreign Ministry of Estonia and the Defence Ministry of Latvia. "
        "The ministry",
        "Acme Bank and Baltic Bank were hit by hackers in May. The bank",
        "South Korea's military watched the launch. The panel",
    ],
)
def test_a_speaker_that_may_be_one_of_two_is_nobody(who: str) -> None:
    text = f"{WHO} broke into Acme Bank in 2021. {who} said that Red Lantern was behind the attack."
    heard = [one for one in drafted(text).proposals if one.predicate == "ATTRIBUTED_TO"]
    assert (heard[-1].asserter, heard[-1].own) == (None, False)


@pytest.mark.parametrize(
    ("text", "predicate"),
    [
        (f"{WHO} developed the malware known as GreyTide.", "USED"),  # who wrote it
        (f"{WHO} hacked Acme Bank. Russia denied that it is involved in crime.", "denied"),
        (f"{WHO} hacked Acme Bank before Sunday's vote.", "occurred"),  # the day of the vote
        ("Russia has been accused of hacking in the region. The Hague met Riga.", "ATTRIBUTED_TO"),
        ("Ada Winter is to meet Bo Summer on Thursday. Winter, an envoy, and Summer, a minister, "
         "are friends.", "occurred"),  # read as last Thursday
        ("Latvia and Estonia signed a deal in which neither would attack the other's ports.",
         "HAS_COMMITMENT"),
        ("Latvia and Estonia signed a deal in which neither would attack Acme Bank.", "TARGETED"),
        ("Latvia and Estonia did not sign an agreement.", "PARTY_TO"),
        ("Latvia and Estonia failed to sign an agreement.", "PARTY_TO"),
        (f"Latvia said that {WHO} was behind the breach of Acme Bank. The Cyber Centre of Estonia "
         "said the attackers demanded money.", "MADE_BY"),  # whose attackers, is not said
    ],
)  # fmt: skip
def test_what_is_not_certain_is_not_proposed(text: str, predicate: str) -> None:
    found = {"denied" if one.negative else one.predicate for one in drafted(text).proposals}
    assert predicate not in found


def test_what_others_want_is_no_deed_of_the_subject() -> None:
    made = drafted(
        "The Treasury Department accused Ada Winter of support in an effort to hack Acme Bank."
    )
    assert "ATTRIBUTED_TO" not in {one.predicate for one in made.proposals}


@pytest.mark.parametrize(
    ("text", "predicate", "target", "asserter", "hedge"),
    [
        (  # the first of a list, behind a day without a comma
            "On the same day the United States, the European Union and NATO condemned the attack "
            "on Acme Bank.",
            "MADE_BY", "state:USA", None, "",
        ),
        (  # accused of having done it; `it` accuses, who spoke last
            "Britain's National Cyber Security Centre said that Red Lantern, a hacking group, was "
            "behind the breach of Acme Bank. It accused Red Lantern of having targeted Baltic "
            "Freight Bank.",
            "TARGETED", "organization:baltic-freight-bank", "agency:uk-ncsc", "",
        ),
        (  # a hedge that stands with whoever says so
            f"{WHO} hacked Acme Bank. The White House said with high confidence that hackers "
            "affiliated with China's Ministry of State Security were responsible.",
            "ATTRIBUTED_TO", "group:hackers-affiliated-with-chinas-ministry",
            "agency:white-house", "with high confidence",
        ),
        (  # a day between a passive and its agent
            f"{WHO} was sanctioned on Friday by the US Treasury Department.",
            "IMPOSED_BY", "agency:us-treasury", None, "",
        ),
        (  # whose systems those are, two nouns away
            "Hackers working from China broke into the e-mail of the Norwegian parliament, the "
            "Storting, in March 2021.",
            "TARGETED", "agency:norwegian-parliament", None, "",
        ),
        (  # two voices in one sentence
            "Latvia blamed Russia for the breach of Acme Bank, and in December the US Justice "
            f"Department said that Red Lantern was probably responsible. {WHO} is known.",
            "ATTRIBUTED_TO", "group:red-lantern", "agency:us-justice-department", "probably",
        ),
        (  # an attack that only `which` goes back to
            "The envoy was called in because of a hacking attack on Acme Bank, which was allegedly "
            "carried out by Russian special services.",
            "ATTRIBUTED_TO", "agency:russian-special-services", None, "allegedly",
        ),
        (
            "The Prosecutor General's Office put Ada Winter on a wanted list in May 2024. Winter, "
            "a programmer, lives in Riga.",
            "CHARGES", "person:ada-winter", None, "",
        ),
        (
            "The Prosecutor General's Office considers Ada Winter a member of the hacking group "
            "Red Lantern. Winter said that this was false.",
            "MEMBER_OF", "group:red-lantern", None, "",
        ),
        (  # what stands between dashes is another name
            "Latvia accused its neighbour's main agency — the Ministry of Public Safety — of "
            "hacking Acme Bank.",
            "ATTRIBUTED_TO", "agency:ministry-of-public-safety", "state:LVA", "",
        ),
        (  # by whom an attribution is, within what somebody else says
            f"{WHO} was behind the breach of Acme Bank. The breach was traced to Unit 26165 of the "
            "GRU by Latvia's National Security Service, minister Ada Winter told reporters.",
            "ATTRIBUTED_TO", "agency:unit-26165", "agency:latvias-national-security-service", "",
        ),
        (  # an attack that is only told by its noun
            "Red Lantern, a hacking group, is known. The malware GreyTide was used in an attack on "
            "a Polish defence contractor, which Poland blamed on Red Lantern in May.",
            "ATTRIBUTED_TO", "group:red-lantern", "state:POL", "",
        ),
        (
            "The malware GreyTide was used in an attack on Acme Bank in May 2024.",
            "USED", "software:greytide", None, "",
        ),
        (
            "An attack on Acme Bank, claimed by the group NoName057(16), is under investigation.",
            "ATTRIBUTED_TO", "group:noname057-16", "group:noname057-16", "",
        ),
        (
            "Analysts sent the money to a company in Riga, Northwind, which the White House "
            "described as a front for the GRU.",
            "CONTROLLED_BY", "agency:gru", "agency:white-house", "",
        ),
        (
            "Latvia accused the GRU of carrying out a cyberattack that knocked out the systems of "
            "eleven hospitals in March.",
            "occurred", "2024-03", None, "",
        ),
        (  # `as` that tells no time; a while that is no part of a name
            "Investigators found code that the group known as Fancy Bear used against the Czech "
            "parliament two years earlier.",
            "TARGETED", "agency:czech-parliament", None, "",
        ),
        (
            "The US Treasury put Ada Winter on its sanctions list in May 2024. Winter, a "
            "programmer, lives in Riga.",
            "IMPOSED_BY", "agency:us-treasury", None, "",
        ),
        (
            "Two men were charged in the United States on Monday with helping hackers.",
            "CHARGES", "person:two-men", None, "",
        ),
        (
            "Ada Winter is due to meet her Latvian counterpart, Bo Summer, in Riga. Winter, an "
            "envoy, comes from Lithuania.",
            "PARTICIPATED_IN", "meeting:ada-winter", None, "",
        ),
        (  # passives with who accuses
            "The officer Ada Winter is also accused by Georgian prosecutors of an attack on a "
            "pipeline operator in 2022.",
            "ATTRIBUTED_TO", "person:ada-winter", "agency:georgian-prosecutors", "accused",
        ),
        (  # a voice behind a day, and what is its own
            "In February, Azerbaijan said Armenian hackers had defaced the website of its "
            "parliament.",
            "TARGETED", "agency:its-parliament", "state:AZE", "",
        ),
        (  # somebody with their office before the name
            f"{WHO} hacked Acme Bank. The bank's chairman, Bo Summer, said the attack was the work "
            "of Red Lantern.",
            "ATTRIBUTED_TO", "group:red-lantern", "person:bo-summer", "",
        ),
        (  # a report is of whoever spoke of it
            f"{WHO} hacked Acme Bank, the security firm Brightwater said. It also broke into "
            "Baltic Freight Bank, according to the report.",
            "TARGETED", "organization:baltic-freight-bank", "organization:brightwater", "",
        ),
        (  # what somebody calls a thing is no clause
            "Latvia's National Security Service said a group that it calls Sable Falcon had sent "
            "e-mails to Acme Bank in May.",
            "ATTRIBUTED_TO", "group:sable-falcon", "agency:latvias-national-security-service", "",
        ),
        (
            "Ada Winter, who runs a firm, was indicted in San Diego in 2024 on charges of fraud.",
            "charge", "fraud", None, "",
        ),
        (  # `days before` is no part of a name
            f"{WHO} stole voter lists from Armenia's election commission days before the vote.",
            "TARGETED", "agency:armenias-election-commission", None, "",
        ),
        (  # what was taken, and from whom, behind a long figure
            f"{WHO} was behind the theft of approximately $1.5 billion in virtual assets from "
            "the cryptocurrency exchange, Northwind.",
            "TARGETED", "organization:northwind", None, "",
        ),
    ],
)  # fmt: skip
def test_who_is_meant_and_heard(
    text: str, predicate: str, target: str, asserter: str | None, hedge: str
) -> None:
    found = [
        (p.asserter.thing.id if p.asserter else None, text[slice(*p.hedge)] if p.hedge else "")
        for p in drafted(text).proposals
        if (p.predicate, p.target) == (predicate, target)
    ]
    assert (asserter, hedge) in found


@pytest.mark.parametrize(
    ("text", "triples"),
    [
        (  # who is told is not who speaks; who speaks stands behind what he is
            "Acme Bank was hacked by Red Lantern, its chief executive, Ada Winter, told Northwind.",
            {("ATTRIBUTED_TO", "person:ada-winter")},
        ),
        (  # a date that no comma follows
            "Earlier this year the Latvian agency CERTA warned that Red Lantern hacked Acme Bank.",
            {("ATTRIBUTED_TO", "organization:certa")},
        ),
        (  # whom a paper cites is who says so
            "A newspaper, The Gull, citing an unnamed diplomat, reported on Sunday that Red "
            "Lantern hacked Acme Bank.",
            {("ATTRIBUTED_TO", None)},
        ),
        (  # an act, and then a saying of who did it
            "Russia rejected the finding and said that Red Lantern had hacked Acme Bank.",
            {("ATTRIBUTED_TO", "state:RUS")},
        ),
        (  # an inquiry of somebody: certain is only that it is not the document that says so
            "Red Lantern hacked Acme Bank, according to the minutes.",
            {("ATTRIBUTED_TO", None)},
        ),
        (
            "Ada Winter hid; two officials who have seen it, speaking on condition of anonymity, "
            "said that Red Lantern hacked Acme Bank.",
            {("ATTRIBUTED_TO", None)},
        ),
    ],
)
def test_who_speaks_is_told_or_left_open(text: str, triples: set[tuple[str, str | None]]) -> None:
    made = drafted(f"{WHO} was founded in 2020. {text}").proposals
    told = {
        (p.predicate, p.asserter.thing.id if p.asserter else "own" if p.own else None)
        for p in made
        if p.predicate == "ATTRIBUTED_TO"
    }
    assert told == triples


@pytest.mark.parametrize(
    ("text", "triple"),
    [
        (  # it is who speaks
            "The breach of Acme Bank made news. A channel called Free Dunes said it had carried "
            "out the breach.",
            ("ATTRIBUTED_TO", "group:free-dunes", False),
        ),
        (
            f"{WHO} was behind the breach of Acme Bank. Russia denies it had anything to do with "
            "the breach. The group's victims include Northwind Bank.",
            ("TARGETED", "organization:northwind-bank", False),
        ),
        (
            "A second victim, Northwind Bank, was breached in March 2023.",
            ("TARGETED", "organization:northwind-bank", False),
        ),
        (
            f"{WHO} hacked Acme Bank. {WHO} was itself sanctioned in September 2019.",
            ("DESIGNATES", "group:red-lantern", False),
        ),
        (
            "A Chinese group was targeting Acme Bank in May 2023.",
            ("ATTRIBUTED_TO", "group:chinese-group", False),
        ),
        (
            "Latvia blamed Russia's military intelligence service, the GRU, for the breach of Acme "
            "Bank.",
            ("ATTRIBUTED_TO", "agency:gru", False),
        ),
        (  # a verb behind a name, and no part of it
            f"{WHO} grew. Red Lantern operates on behalf of the FSB.",
            ("CONTROLLED_BY", "agency:russia-fsb", False),
        ),
        (  # named behind a number of them
            f"{WHO} attacked more than 120 firms in 2021, among them Acme Bank and Northwind Bank.",
            ("TARGETED", "organization:northwind-bank", False),
        ),
        (
            "The Justice Department indicted Ada Winter in May 2023 on four counts, including wire "
            "fraud and money laundering.",
            ("charge", "money laundering", False),
        ),
    ],
)
def test_ends_that_other_words_mean(text: str, triple: tuple[str, str, bool]) -> None:
    made = {(p.predicate, p.target, p.negative) for p in drafted(text).proposals}
    assert triple in made
    assert ("ATTRIBUTED_TO", "agency:russias-military-intelligence-service", False) not in made


def test_in_a_report_of_ones_own_we_is_the_document() -> None:
    made = drafted(f"We assess with moderate confidence that {WHO} hacked Acme Bank.").proposals
    assert {(p.own, p.asserter) for p in made} == {(True, None)}


def test_a_person_of_no_state_denies_for_himself_alone() -> None:
    made = drafted(
        f"{WHO} was behind the breach of Acme Bank. The banker Ada Winter denied the allegation."
    )
    assert not [p for p in made.proposals if p.negative]


def test_a_date_behind_an_act_is_not_that_of_what_a_comma_parts() -> None:
    text = "Japan, which put Red Lantern on its own blacklist in March, welcomed the move."
    dated = [p for p in drafted(f"{WHO} grew. {text}").proposals if p.predicate == "occurred"]
    assert [p.subject.thing.kind for p in dated] == ["sanction"]


@pytest.mark.parametrize(
    "text",
    [
        "Acme Bank lost $97 million. The company has not said who it believes was responsible.",
        "Latvia was hit by the breach of Acme Bank. WannaCry shared code with Grey, a tool used "
        "against Acme Bank in 2016.",
    ],
)
def test_who_is_asked_for_or_left_out_is_nobody(text: str) -> None:
    assert "ATTRIBUTED_TO" not in {p.predicate for p in drafted(text).proposals}


@pytest.mark.parametrize("again", ["the Acme Bank theft", "the theft of 14 January"])
def test_what_was_told_before_is_the_same_incident(again: str) -> None:
    text = f"{WHO} was behind the theft from Acme Bank in January 2024. Latvia linked {again} to"
    made = drafted(f"{text} the FSB, Russia's security service.").proposals
    blamed = [(p.subject.thing.id, p.target) for p in made if p.predicate == "ATTRIBUTED_TO"]
    assert len({one for one, _ in blamed}) == 1
    assert [target for _, target in blamed] == ["group:red-lantern", "agency:russia-fsb"]


@pytest.mark.parametrize(
    "text",
    [
        '"We looked. Red Lantern hacked Acme Bank. We know that," the researcher Ada Winter said.',
        'The researcher Ada Winter said: "We looked. Red Lantern hacked Acme Bank."',
    ],
)
def test_a_quotation_over_several_sentences_has_one_speaker(text: str) -> None:
    heard = {
        p.asserter.thing.id if p.asserter else None
        for p in drafted(f"{WHO} grew. {text}").proposals
    }
    assert heard == {"person:ada-winter"}


def test_whose_a_long_quotation_is_may_be_left_open() -> None:
    made = drafted(f'{WHO} grew. "We looked. Red Lantern hacked Acme Bank. We know."').proposals
    assert {(p.own, p.asserter) for p in made} == {(False, None)}


def test_why_it_is_somebodys_word_is_told_of_who_says_it() -> None:
    """The words of a pattern may tell who says so, where the sentence is the document's own."""
    text = (
        "Harbor Security, a private firm, hired analysts. "
        "Harbor Security has attributed the GateCrab malware to Paper Crane, a hacking group."
    )
    found = [one for one in drafted(text).proposals if one.predicate == "ATTRIBUTED_TO"]
    assert found
    for one in found:
        assert one.asserter
        assert any(reason == "'Harbor Security' says so" for reason in one.reasons), one.reasons
        assert not any("no one is credited" in reason for reason in one.reasons)


@pytest.mark.parametrize(
    ("promised", "kept"),
    [
        ("agreed not to attack each other's ports", "not to attack each other's ports"),
        ("signed a deal in which both promised never to hack banks", "never to hack banks"),
        ("signed a deal under which Latvia won't hack banks", "won't hack banks"),
    ],
)
def test_what_is_not_to_be_done_keeps_its_not(promised: str, kept: str) -> None:
    made = drafted(f"Latvia and Estonia {promised}.").proposals
    assert [p.object.thing.name for p in made if p.predicate == "HAS_COMMITMENT" and p.object] == [
        kept
    ]
    assert {p.subject.thing.name for p in made if p.predicate == "HAS_COMMITMENT"} == {
        f"{'Deal' if 'deal' in promised else 'Agreement'} of Latvia and Estonia"
    }


@pytest.mark.parametrize(
    ("blamed", "name", "by", "hedge"),
    [
        ("hackers working for the military intelligence service of Russia", "",
         "agency:military-intelligence-service-of-russia", ""),
        ("Russia's army hackers", "", "state:RUS", ""),
        ("hackers linked to Russia", "", "state:RUS", "linked to"),
        ("hackers working for Russia's military intelligence", "",
         "agency:russias-military-intelligence", ""),
        ("Russia-backed hackers", "", "", ""),  # who backs them need not command them
        ("a group known as Grey Heron", "Grey Heron", "", ""),
        ("hackers from the group Grey Heron", "Grey Heron", "", ""),
    ],
)  # fmt: skip
@pytest.mark.parametrize("verb", ["blamed {} for", "accused {} of", "said {} carried out"])
def test_who_is_described_is_blamed(verb: str, blamed: str, name: str, by: str, hedge: str) -> None:
    text = f"Latvia {verb.format(blamed)} the attack on Acme Bank in May 2023."
    made = drafted(text).proposals
    (one,) = [p for p in made if p.predicate == "ATTRIBUTED_TO"]
    assert one.object
    assert one.asserter
    assert (one.object.thing.name, one.asserter.thing.id) == (name or blamed, "state:LVA")
    assert one.object.thing.declared.get("unnamed", False) is not bool(name)
    told = [(p.target, text[slice(*p.hedge)] if p.hedge else "") for p in made
            if p.predicate == "CONTROLLED_BY"]  # fmt: skip
    assert told == ([(by, hedge)] if by else [])


def test_measures_are_called_as_a_person_would() -> None:
    made = drafted("Latvia sanctioned Ada Winter and Bo Summer in May 2023.").proposals
    assert {p.subject.thing.name for p in made} == {"Sanction on Ada Winter and Bo Summer (2023)"}


@pytest.mark.parametrize(
    ("told", "dated"),
    [
        ("Latvia on Thursday blamed Russia for a breach in May 2023 at Acme Bank.", "2023-05"),
        ("Latvia said the operation against Acme Bank in May 2023 was carried out by Russia.",
         "2023-05"),
        ("Latvia said that an operation against Acme Bank was the work of Russia.", ""),
        ("In a statement, Latvia said the attack on Acme Bank was carried out by Russia.", ""),
        ("At a briefing, Latvia said the attack on Acme Bank was carried out by Russia.", ""),
        ("Latvia said Russia's army hackers hacked the Riga-based Acme Bank.", ""),
    ],
)  # fmt: skip
def test_an_incident_is_told_by_other_nouns(told: str, dated: str) -> None:
    made = drafted(told).proposals
    said = {(p.predicate, p.target) for p in made}
    assert ("TARGETED", "organization:acme-bank") in said
    assert [p.asserter.thing.id for p in made if p.predicate == "ATTRIBUTED_TO" and p.asserter] == [
        "state:LVA"
    ]
    assert {p.target for p in made if p.predicate == "occurred"} == ({dated} if dated else set())


@pytest.mark.parametrize(
    "told",
    [
        f"{WHO} hid. Latvia said the operation against Red Lantern was carried out by Interpol.",
        "Latvia said Russia attacked critical infrastructure, stealing from victims' networks.",
    ],
)
def test_what_is_hunted_or_anybodys_is_no_victim(told: str) -> None:
    assert not [p for p in drafted(told).proposals if p.predicate in ("TARGETED", "ATTRIBUTED_TO")]
