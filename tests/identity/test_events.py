"""Events that two sources record: candidates by what they are, never one by their titles."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from kg import ontology
from kg.base.errors import InputError
from kg.identity import Judgement, claims_of, events
from kg.identity.events import COMMON
from tests.identity.worlds import ONTOLOGY, World

NOTHING = "no source gives"
DAYS = "by what is said of their days both may have happened on 2014-11-24"


class Events(World):
    """Events of several sources."""

    title = "One title for all"

    def event(self, source: str, id: str, when: str = "", **ends: str) -> str:
        """`incident:x` of a source, with its day and its ends (`targeted="organization:y"`)."""
        emit = self.list(source)
        emit.entity(id, emit.called(id) or self.title, record=f"{source}:{id.partition(':')[2]}")
        if when:
            emit.claim(id, "occurred", when, asserter=f"organization:{source}")
        for edge, end in ends.items():
            for one in end.split(", "):
                called = one.partition(":")[2].replace("-", " ").title()
                emit.entity(one, called)
                ends_of = (one, id) if edge == "participated_in" else (id, one)
                emit.claim(ends_of[0], edge.upper(), ends_of[1], asserter=f"organization:{source}")
        return id

    def between(self, a: str, b: str) -> tuple[str, list[str]]:
        found = self.resolve().relation(a, b)
        because = found["because"]
        assert isinstance(because, list)
        return str(found["relation"]), because


@pytest.fixture
def world() -> Events:
    return Events()


def test_one_target_and_overlapping_days_make_a_candidate(world: Events) -> None:
    world.event("one", "incident:a", "2014-11-24", targeted="organization:sony-pictures")
    longer = "organization:sony-pictures-entertainment"
    world.event("two", "incident:b", "2014-11", targeted=longer, attributed_to="state:PRK")
    assert world.between("incident:a", "incident:b")[0] == "distinct"  # they never meet
    world.event("one", "incident:a", attributed_to="state:PRK")
    assert world.between("incident:a", "incident:b") == (
        "unsure",
        [
            "both have Sony Pictures as a target",
            "both are attributed to Prk",
            DAYS,
            "left open: two events can have that in common; to be one takes a key that both carry, "
            "a source that says so, or a person's judgement",
        ],
    )
    said = claims_of(world.resolve(), ONTOLOGY).filter(pl.col("predicate") == "MAY_BE_SAME")
    assert said.select("subject", "object").rows() == [("incident:a", "incident:b")]


@pytest.mark.parametrize(
    ("when", "target"),
    [("2014-12-24", "organization:acme-corp"), ("2014-11-24", "organization:other-corp"),
     ("", "organization:acme-corp")],
)  # fmt: skip
def test_other_days_or_another_target_make_none(world: Events, when: str, target: str) -> None:
    world.event("one", "incident:a", "2014-11-24", targeted="organization:acme-corp")
    world.event("two", "incident:b", when, targeted=target)
    relation, because = world.between("incident:a", "incident:b")
    assert relation == "distinct"
    assert because[0].startswith(NOTHING)


def test_a_title_and_a_report_in_common_join_nothing(world: Events) -> None:
    for source, id in (("one", "incident:a"), ("two", "incident:b")):
        world.event(source, id, "2014-11-24")
        world.say(source, id, "url", "https://example.org/report")
    assert world.between("incident:a", "incident:b")[0] == "distinct"


def test_one_source_does_not_record_an_event_twice(world: Events) -> None:
    for id in ("incident:a", "incident:b"):
        world.event("one", id, "2014-11-24", targeted="organization:acme-corp")
    world.event("two", "incident:c", "2014-11-24", targeted="organization:acme-corp")
    assert world.between("incident:a", "incident:b")[0] == "distinct"
    assert ("incident:a", "incident:b") not in world.resolve().evidence


def test_different_actors_speak_against_nothing(world: Events) -> None:
    """Sources may blame two states for one incident."""
    for source, id, state in (("one", "incident:a", "PRK"), ("two", "incident:b", "RUS")):
        world.event(source, id, "2014-11-24", targeted="organization:acme-corp",
                    attributed_to=f"state:{state}")  # fmt: skip
    assert world.between("incident:a", "incident:b")[0] == "unsure"


def test_what_became_known_within_a_year_may_be_it(world: Events) -> None:
    world.event("one", "incident:a", "2014-11-24", targeted="organization:acme-corp")
    world.event("two", "incident:b", targeted="organization:acme-corp")
    world.say("two", "incident:b", "disclosed", "2015-06-01")
    relation, because = world.between("incident:a", "incident:b")
    assert (relation, because[1]) == (
        "unsure", "one became known within a year after the other, which was on 2014-11-24"
    )  # fmt: skip
    world.event("three", "incident:c", targeted="organization:acme-corp")
    world.say("three", "incident:c", "disclosed", "2016-06-01")
    assert world.between("incident:a", "incident:c")[0] == "distinct"


@pytest.mark.parametrize(
    ("body", "relation"), [("agency:us-ofac", "unsure"), ("agency:eu-council", "distinct")]
)
def test_a_sanction_is_told_by_body_and_whom_it_designates(
    world: Events, body: str, relation: str
) -> None:
    world.event("one", "sanction:a", "2019-09-13", designates="group:night-crew, group:day-crew",
                imposed_by="agency:us-treasury")  # fmt: skip
    world.event("two", "sanction:b", designates="group:night-crew", imposed_by=body)
    world.list("two").entity("agency:us-treasury", "Us Treasury")
    world.list("two").declare("agency:us-ofac", "PART_OF", "agency:us-treasury") \
        if body == "agency:us-ofac" else None  # fmt: skip
    assert world.between("sanction:a", "sanction:b")[0] == relation


@pytest.mark.parametrize(
    ("also", "when", "relation"),
    [("person:ana", "2018-06-12/2018-06-13", "unsure"), ("person:ana", "2018-07-01", "distinct"),
     ("person:bob", "2018-06-12", "distinct")],
)  # fmt: skip
def test_a_meeting_is_told_by_two_participants_and_its_days(
    world: Events, also: str, when: str, relation: str
) -> None:
    world.event("one", "meeting:a", "2018-06-12", participated_in="person:ana, person:cleo")
    world.event("two", "meeting:b", when, participated_in=f"{also}, person:cleo")
    assert world.between("meeting:a", "meeting:b")[0] == relation


def test_a_source_that_says_so_and_a_judgement_join(world: Events) -> None:
    for source, id in (("one", "incident:a"), ("two", "incident:b"), ("three", "incident:c")):
        world.event(source, id, "2014-11-24", targeted="organization:acme-corp")
    world.say("one", "incident:a", "SAME_AS", "incident:b")
    assert world.between("incident:a", "incident:b")[0] == "same"
    assert world.between("incident:a", "incident:c")[0] == "unsure"
    judged = Judgement("incident:a", "incident:c", "same", "one attack", "ana")
    assert world.relation("incident:b", "incident:c", [judged]) == "same"
    apart = Judgement("incident:a", "incident:c", "distinct", "two attacks", "ana")
    assert world.relation("incident:a", "incident:c", [apart]) == "distinct"


def test_ends_are_compared_by_what_they_became(world: Events) -> None:
    world.group("one:Wolf", "GREY PANDA", "APT99")
    world.group("two:Fox", "GREY PANDA", "APT99")
    for source, id, group in (("one", "sanction:a", "one-wolf"), ("two", "sanction:b", "two-fox")):
        world.event(source, id, "2019-09-13", imposed_by="agency:us-treasury")
        world.say(source, id, "DESIGNATES", f"group:{group}")
    relation, because = world.between("sanction:a", "sanction:b")
    assert (relation, because[0]) == ("unsure", "both designate Wolf")


def test_a_key_that_both_carry_joins(world: Events) -> None:
    for source, id in (("one", "incident:a"), ("two", "incident:b")):
        world.event(source, id)
        world.list(source).entity(id, "One title for all", codes="eurepoc:77")
    assert world.between("incident:a", "incident:b") == ("same", ["both carry the key eurepoc:77"])


# A kind says so in its file

OUTAGE = """\
kind: Outage
doc: Something that stopped.
look: {shape: star, colour: "#446688"}
edges: {from: [TARGETED, IMPOSED_BY]}
one_event:
  when: [began]
  ends: {TARGETED: "both stopped {}", IMPOSED_BY: "both were ordered by {}"}
  ways: [{share: TARGETED, body: IMPOSED_BY}]
properties:
  began: {type: edtf, doc: When it began.}
"""

CREW = """\
kind: Crew
doc: People on a ship.
look: {shape: star, colour: "#446688"}
properties:
  nickname: {many: true, compared: true, doc: What others call it.}
"""


def with_kind(folder: Path, text: str) -> Events:
    (folder / "nodes").mkdir(exist_ok=True)
    (folder / "nodes" / "one.yaml").write_text(text, encoding="utf-8")
    return Events(ontology.load([folder]))


def test_a_new_kind_of_events_takes_part(tmp_path: Path) -> None:
    world = with_kind(tmp_path, OUTAGE)
    for source, id in (("one", "outage:a"), ("two", "outage:b")):
        world.event(source, id, targeted="organization:acme-corp", imposed_by=f"agency:{source}")
        world.say(source, id, "began", "2014-11-24")
    assert world.between("outage:a", "outage:b")[0] == "distinct"
    world.say("two", "outage:b", "IMPOSED_BY", "agency:one")
    assert world.between("outage:a", "outage:b")[1][:3] == [
        "both stopped Acme Corp", "both were ordered by One", DAYS
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("compared", "relation"), [("compared: true", "unsure"), ("compared: false", "distinct")]
)
def test_names_of_a_new_sort_are_compared_where_their_kind_says_so(
    tmp_path: Path, compared: str, relation: str
) -> None:
    world = with_kind(tmp_path, CREW.replace("compared: true", compared))
    for source, id in (("one", "crew:a"), ("two", "crew:b")):
        world.list(source).entity(id, id, record=f"{source}:{id}")
        world.say(source, id, "nickname", "Salt Dogs")
    assert world.between("crew:a", "crew:b")[0] == relation


@pytest.mark.parametrize(
    ("wanted", "written", "message"),
    [("[began]", "[begun]", "no date of this kind"), ("TARGETED:", "CITES:", "no edge at which"),
     ("stopped {}", "stopped", "a sentence in which"), ("e: TARGETED", "e: CITES", "CITES")],
)  # fmt: skip
def test_what_a_kind_says_of_its_events_is_checked(
    tmp_path: Path, wanted: str, written: str, message: str
) -> None:
    with pytest.raises(InputError, match=message):
        with_kind(tmp_path, OUTAGE.replace(wanted, written))


def test_a_set_without_a_name_is_nobody_and_stands_for_those_in_it(world: Events) -> None:
    """Sony in November 2014 and in a list that has months, an unnamed target and two blamed
    together."""
    firms, pair = "organization:firms-unnamed", "group:wolf-and-bureau"
    world.event("one", "incident:a", "2014-11-24", targeted="organization:acme-corp",
                attributed_to="group:wolf")  # fmt: skip
    world.event("two", "incident:b", "2014-09-01/2014", targeted=firms, attributed_to=pair)
    assert world.between("incident:a", "incident:b")[0] == "distinct"
    emit = world.list("two")
    for id, size in ((firms, None), (pair, 2)):
        emit.entity(id, emit.called(id) or id, unnamed=True, cardinality=size)
    emit.entity("group:wolf", "Wolf")
    world.say("two", pair, "HAS_MEMBER", "group:wolf")
    relation, because = world.between("incident:a", "incident:b")
    word = "the names of both, or of whom they hit, have 'title'"
    assert (relation, because[:3]) == ("unsure", ["both are attributed to Wolf", word, DAYS])
    world.event("two", "incident:c", "2014-03-01/2016", attributed_to="group:wolf")
    assert world.between("incident:a", "incident:c")[0] == "distinct"  # years are no day


@pytest.mark.parametrize(
    ("one", "other", "relation"),
    [("WannaCry 2.0", "Yapizon Hack (Wolf)", "distinct"),
     ("WannaCry 2.0", "A wave of wannacry", "unsure"),
     ("Sony Pictures attack", "Sony Hack 2014", "unsure"),
     ("Attack on a bank, 2014", "Bank attack 2014", "distinct"),
     ("Wolf bitcoin hijack", "Youbit hack by Wolf", "distinct"),
     ("Night Wolf hijack", "Youbit hack by Night Wolf", "distinct"),
     ("Hijack in Ruritania", "Acme hack", "unsure"),
     ("Hijack at Firm 1", "Firm 2 hijacked", "distinct")],
)  # fmt: skip
def test_one_actor_in_one_month_is_not_enough(
    world: Events, one: str, other: str, relation: str
) -> None:
    """Who does much at a time did not do it all at once: names have to speak for it, too."""
    for source, id, title in (("one", "incident:a", one), ("two", "incident:b", other)):
        world.title = title
        world.event(source, id, "2014-11", attributed_to="group:wolf")
    world.say("one", "group:wolf", "alias", "Night Wolf")
    if "Ruritania" in one:
        world.event("two", "incident:b", targeted="organization:bank-of-ruritania")
    assert world.between("incident:a", "incident:b")[0] == relation


def test_a_word_that_a_source_has_for_many_events_tells_none(world: Events) -> None:
    for source, id in (("one", "incident:a"), ("two", "incident:b")):
        world.title = "Ruritanian power station"
        world.event(source, id, "2014-11", attributed_to="group:wolf")
    assert world.between("incident:a", "incident:b")[0] == "unsure"
    for number in range(COMMON):
        world.title = f"Ruritanian power station {number}"
        world.event("two", f"incident:other-{number}")
    assert world.between("incident:a", "incident:b")[0] == "distinct"


def test_of_many_events_with_one_end_a_few_pairs_are_looked_at_in_one_step(
    world: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a source has of one state in a month may be thousands."""
    for source in ("one", "two"):
        for number in range(6):
            id = f"incident:{source}-{number}"
            world.event(source, id, "2014-11-24", targeted="organization:acme-corp")
    whole, pairs, steps = [*world.resolve().open_pairs()], events._pairs, list[int]()

    def counted(blocks: pl.DataFrame) -> pl.DataFrame:
        steps.append(pairs(blocks).height)
        return pairs(blocks)

    monkeypatch.setattr(events, "MOST", 20)
    monkeypatch.setattr(events, "_pairs", counted)
    assert [*world.resolve().open_pairs()] == whole
    assert (len(whole), sum(steps)) == (36, 66)
    assert max(steps) <= 40


def test_the_most_exact_word_on_its_days_counts(world: Events) -> None:
    world.event("one", "incident:a", "2014", attributed_to="group:wolf")
    world.event("two", "incident:b", "2013-11/2014-12", attributed_to="group:wolf")
    assert world.between("incident:a", "incident:b")[0] == "distinct"  # neither is exact
    for source, id in (("one", "incident:a"), ("two", "incident:b")):
        world.say(source, id, "occurred", "2014-11-24")
    assert world.between("incident:a", "incident:b")[0] == "unsure"
    world.say("two", "incident:b", "occurred", "2014-02-01")  # as exact: either may be right
    assert world.between("incident:a", "incident:b")[0] == "unsure"


def test_two_sets_that_nobody_has_named_are_never_candidates(world: Events) -> None:
    emit = world.list("one")
    for number in range(5):
        id = emit.entity(f"organization:firms-{number}", "Firms in Canada, unnamed", unnamed=True)
        emit.claim(id, "alias", f"Firm {number}", asserter="organization:one")
    assert [*world.resolve().open_pairs()] == []
