"""Every sentence of a brief carries the ids of claims, which are there and say it."""

from __future__ import annotations

import re

import pytest

from kg.base.errors import UsageError
from kg.briefs import Brief, brief
from kg.briefs.brief import Points, Table
from kg.briefs.formats.markdown import text
from kg.briefs.notes import told
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from tests.briefs.saying import unsaid
from tests.claimed import corpus

ABOUT = (
    "group:lazarus-group", "person:park-jin-hyok", "incident:wannacry",
    "incident:sony-pictures-2014", "state:PRK", "sanction:us-treasury-2019",
    "agreement:kim-trump-2018", "incident:wannacry ATTRIBUTED_TO group:lazarus-group",
)  # fmt: skip


@pytest.fixture(params=ABOUT)
def made(request: pytest.FixtureRequest, seed: Corpus) -> Brief:
    return brief(seed, *request.param.split(" "))


def test_every_sentence_carries_claims_that_are_there_and_say_it(made: Brief, seed: Corpus) -> None:
    passages = [
        passage
        for section in made.sections
        for block in section.blocks
        if isinstance(block, Points)
        for passage in block.items
    ]
    assert passages
    assert [one.text for passage in passages for one in passage if not one.claims] == []
    assert [wrong for passage in passages for wrong in unsaid(seed, passage)] == []


def test_its_notes_are_numbered_in_order_and_hold_just_the_ids_of_their_sentence(
    made: Brief,
) -> None:
    met = [n for one in made.sentences() for part in one.parts for n in part.notes]
    assert list(dict.fromkeys(met)) == [note.number for note in made.notes]
    ids = {note.number: note.claims for note in made.notes}
    for one in made.sentences():
        for part in one.parts:
            assert {id for n in part.notes for id in ids[n]} == set(part.claims)


def test_the_ids_can_be_read_back_from_the_text(made: Brief) -> None:
    lines = [line for line in text(made).splitlines() if line.startswith("- ") and "<!--" in line]
    for line in lines:
        *said, rest = re.split(r"<!-- ((?:claim:[0-9a-f]{16} ?)+)-->", line)
        assert rest == ""
        assert said
        assert all(words.strip() for words in said)


def test_what_nobody_speaks_of_has_no_brief(seed: Corpus) -> None:
    with pytest.raises(UsageError, match="nobody claims"):
        brief(seed, "sector:media", "USED", "software:wannacry")
    with pytest.raises(UsageError, match="did you mean"):
        brief(seed, "Lazarus Grup")


SAID = """\
- {ref: first, asserter: organization:vendor, document: document:paper, hedge: likely,
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:press, document: document:later, derived_from: [first],
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:victim, document: document:later, derived_from: [first],
   derivation: read, says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: agency:treasury, document: document:later, disputes: [first],
   says: [incident:theft, ATTRIBUTED_TO, group:day]}
- {document: document:paper, says: [incident:theft, ATTRIBUTED_TO, group:day]}
- {ref: gone, asserter: organization:vendor, document: document:paper,
   says: [incident:theft, ATTRIBUTED_TO, group:dusk]}
- {asserter: organization:vendor, document: document:later, retracts: [gone],
   denies: [incident:theft, ATTRIBUTED_TO, group:dusk]}
- {asserter: organization:vendor, document: document:paper, quote: "A \u201cword\u201d",
   marking: "TLP:AMBER", says: [incident:theft, amount_stolen, "over 5 million USD"]}
"""


@pytest.fixture(scope="module")
def theft() -> Brief:
    return brief(corpus(SAID), "incident:theft")


def sentences(made: Brief, name: str) -> list[str]:
    (section,) = (one for one in made.sections if one.name == name)
    return [one.text for one in Brief("", "", "", "", False, (section,), ()).sentences()]


def test_who_repeats_and_who_disputes_follow_who_says_it(theft: Brief) -> None:
    said = sentences(theft, "behind")
    at = said.index(
        "The Vendor says that the theft is the work of Night (\u201clikely\u201d, 1 March 2018)."
    )
    assert said[at + 1 : at + 4] == [
        "The Press (1 June 2019) repeats it.",
        "The Victim (1 June 2019) says the same, which as we read it goes back to the same origin.",
        "The Treasury (1 June 2019) disputes this.",
    ]


def test_an_asserter_who_is_not_known_is_no_voice(theft: Brief) -> None:
    assert (
        "It is said that the theft is the work of Day: by somebody whom the source does not name "
        "(1 March 2018) and the Treasury (1 June 2019)."
    ) in sentences(theft, "behind")


def test_what_was_taken_back_is_told_with_who_took_it_back(theft: Brief) -> None:
    assert sentences(theft, "denials") == [
        "The Vendor no longer says what it said on 1 March 2018: that the theft is the work of "
        "Dusk; it was taken back on 1 June 2019 by the Vendor.",
    ]


def test_rivals_stand_in_lines_and_a_quotation_is_one(theft: Brief) -> None:
    (section,) = (one for one in theft.sections if one.name == "rivals")
    (table,) = section.blocks
    assert isinstance(table, Table)
    assert [row[1].text for row in table.rows] == ["Day", "Night", "Dusk"]
    assert [row[0].text for row in table.rows] == ["A", "B", "C"]
    notes = [told(note) for note in theft.notes if note.quote]
    assert "quotation: \u201cA \u201cword\u201d\u201d" in notes[0]
    assert theft.marking == "TLP:AMBER"


def test_through_a_lens_a_brief_knows_no_more_than_that(seed: Corpus) -> None:
    then = seed.under(Lens("2017-12-31"))
    made = brief(then, "incident:wannacry")
    found = then.claims.filter(then.claims["id"].is_in(list(made.claims)))
    assert found.height == len(made.claims)
    assert "in what had been said by 2017-12-31" in text(made)
    assert "Park" not in text(made)
