"""Every sentence of a brief carries the ids of claims, which are there and say it."""

from __future__ import annotations

import re

import pytest

from kg.base.errors import UsageError
from kg.briefs import Brief, brief
from kg.briefs.brief import Points
from kg.briefs.formats.markdown import text
from kg.graph.corpus import Corpus
from tests.briefs.saying import unsaid

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
