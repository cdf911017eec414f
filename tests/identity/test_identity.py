"""Identity: each rule on records of our own, the worked pairs on the real lists, judgements."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

import polars as pl
import pytest

from kg.base.errors import InputError, UsageError
from kg.graph.corpus import Corpus
from kg.identity import (
    Identity,
    Judgement,
    claims_of,
    judge,
    names,
    read_judgements,
    resolve,
    standing_judgements,
    withdraw,
)
from tests.identity.worlds import ONTOLOGY, World
from tests.loaders.loading import of_three_lists, shared, three_lists
from tests.machine import Once

# The rules


def test_two_coiners_words_that_agree_are_identity(world: World) -> None:
    world.group("one:Wolf", "GREY PANDA", "APT99")
    world.group("two:Fox", "Grey Panda", "APT 99")
    assert world.relation("one:Wolf", "two:Fox") == "same"


@pytest.mark.parametrize(
    "written", [("GREY PANDA",), ("GREY PANDA", "BLACK PANDA"), ("Moonlight", "Sunrise")]
)
def test_the_words_of_one_coiner_or_of_nobody_known_are_not(
    world: World, written: Sequence[str]
) -> None:
    world.group("one:Wolf", *written)
    world.group("two:Fox", *written)
    assert world.relation("one:Wolf", "two:Fox") == "unsure"


def test_nothing_in_common_is_distinct(world: World) -> None:
    world.group("one:Wolf", "GREY PANDA")
    world.group("two:Fox", "APT99")
    assert world.relation("one:Wolf", "two:Fox") == "distinct"


@pytest.mark.parametrize(
    "written",
    [
        ("Operation Moon", "Operation Sun"),
        ("Unit 121", "PLA Navy"),
        ("Hidden Cobra", "Grizzly Steppe"),
        ("Guardians of Peace", "GOP"),
    ],
)
def test_campaigns_units_umbrellas_and_personas_join_nothing(
    world: World, written: Sequence[str]
) -> None:
    world.group("one:Wolf", *written)
    world.group("two:Fox", *written)
    answer = world.resolve().relation("one:Wolf", "two:Fox")
    assert answer["relation"] == "distinct"
    assert all(any(name in why for why in cast(list[str], answer["because"])) for name in written)


def test_a_name_that_two_records_of_one_list_bear_proves_nothing(world: World) -> None:
    world.group("one:Wolf", "GREY PANDA", "APT99")
    world.group("one:Bear", "GREY PANDA")
    world.group("two:Fox", "GREY PANDA", "APT99")
    assert world.relation("one:Wolf", "two:Fox") == "unsure"


@pytest.mark.parametrize("own_likeness", [False, True])
@pytest.mark.parametrize("bearers", [2, 3])
def test_a_name_that_spans_several_is_no_candidate(
    world: World, bearers: int, own_likeness: bool
) -> None:
    """Two bearers do where a list keeps its records apart, three where it may hold one twice."""
    ids = [world.group(f"one:{name}", "GREY PANDA") for name in ("Wolf", "Bear", "Cub")[:bearers]]
    if own_likeness:
        world.say("one", ids[0], "MAY_BE_SAME", ids[1])
    world.group("two:Fox", "GREY PANDA")
    open_to_doubt = own_likeness and bearers == 2
    assert world.relation("one:Wolf", "two:Fox") == ("unsure" if open_to_doubt else "distinct")


def test_a_likeness_is_nothing_against_a_list_that_keeps_apart(world: World) -> None:
    first = world.group("one:Wolf", "GREY PANDA", "APT99")
    second = world.group("one:Fox", "TA888", "UAC-0001")
    world.say("one", first, "MAY_BE_SAME", second)
    world.group("two:Wolf", "GREY PANDA", "APT99")
    assert world.relation("one:Wolf", "one:Fox") == "unsure"
    world.group("two:Vixen", "TA888", "UAC-0001")
    assert world.relation("one:Wolf", "one:Fox") == "distinct"


def test_what_is_folded_in_keeps_its_names(world: World) -> None:
    """`one` heads a record Cub, and gives Cub's names to Wolf too: they are Cub's."""
    world.group("one:Wolf", "Cub", "GREY PANDA", "APT99")
    world.group("one:Cub", "GREY PANDA", "APT99")
    world.group("two:Fox", "GREY PANDA", "APT99")
    assert world.relation("one:Cub", "two:Fox") == "same"
    assert world.relation("one:Wolf", "two:Fox") == "distinct"


def test_no_merge_joins_two_states(world: World) -> None:
    world.group("one:Wolf", "GREY PANDA", "APT99", state="RUS")
    world.group("two:Fox", "GREY PANDA", "APT99", state="IRN")
    assert world.relation("one:Wolf", "two:Fox") == "unsure"
    assert "one:Wolf is said to act for Russia, two:Fox for Iran" in world.resolve().explain(
        "one:Wolf", "two:Fox"
    )


@pytest.mark.parametrize(
    ("bearer", "relation"), [("two", "same"), ("misp-microsoft-activity-group", "unsure")]
)
def test_a_number_joins_its_only_bearer_but_not_by_an_old_copy_of_a_list(
    world: World, bearer: str, relation: str
) -> None:
    world.group("misp:FIN77", "Harbour Crew")
    world.group(f"{bearer}:Fox", "FIN77")
    assert world.relation("misp:FIN77", f"{bearer}:Fox") == relation


def test_a_provisional_number_wants_two_lists_or_the_coiner_s_own(world: World) -> None:
    """One list's word does not do for what Mandiant itself has not counted as an actor."""
    world.group("misp:UNC9999", "Harbour Crew")
    world.group("two:Fox", "UNC9999", "Fox Sleet")
    assert world.relation("misp:UNC9999", "two:Fox") == "unsure"
    assert "one list" in world.resolve().explain("misp:UNC9999", "two:Fox")[-1]
    world.group("three:Fox", "UNC9999", "Fox Sleet")
    assert world.relation("misp:UNC9999", "two:Fox") == "same"


def test_a_coiner_s_own_list_is_believed_about_its_provisional_numbers(world: World) -> None:
    world.group("misp:DEV-9999", "Harbour Crew")
    world.group("microsoft:Fox Sleet", "Storm-9999")
    assert world.relation("misp:DEV-9999", "microsoft:Fox Sleet") == "same"


def test_an_actor_has_one_number_in_a_series(world: World) -> None:
    world.group("misp:APT98", "Harbour Crew")
    world.group("two:Fox", "APT98", "APT99")
    assert world.relation("misp:APT98", "two:Fox") == "unsure"


def test_one_main_name_whose_coiner_is_known_is_one_actor(world: World) -> None:
    world.group("one:FANCY BEAR", "Crew")
    world.group("two:Fancy Bear")
    assert world.relation("one:FANCY BEAR", "two:Fancy Bear") == "same"
    world.group("one:Night Crew")
    world.group("two:Night Crew")
    assert world.relation("one:Night Crew", "two:Night Crew") == "unsure"


def test_one_main_name_that_both_take_from_one_organization_is_one_actor(world: World) -> None:
    first, second = world.group("one:Night Crew"), world.group("two:Night Crew")
    world.say("one", first, "url", "https://www.welivesecurity.com/2021/night-crew/")
    world.say("two", second, "url", "https://securelist.com/other/")
    assert world.relation("one:Night Crew", "two:Night Crew") == "unsure"
    world.say("two", second, "url", "https://www.welivesecurity.com/night.pdf")
    assert world.resolve().relation("one:Night Crew", "two:Night Crew") == {
        "relation": "same",
        "because": [
            "one:Night Crew and two:Night Crew have one main name, 'Night Crew', and both take it "
            "from ESET",
        ],
    }


def test_each_the_other_s_main_name_and_one_report_is_identity(world: World) -> None:
    first, second = world.group("one:Wolf", "Fox"), world.group("two:Fox", "Wolf")
    assert world.relation("one:Wolf", "two:Fox") == "unsure"
    world.say("one", first, "url", "https://www.example.org/wolf/")
    world.say("two", second, "url", "http://example.org/wolf")
    assert world.relation("one:Wolf", "two:Fox") == "same"


def test_a_name_of_two_records_counts_for_both_once_one_has_joined(world: World) -> None:
    """GREY PANDA seems to span Wolf and Cub, until Wolf turns out to be Fox."""
    wolf = world.group("one:Wolf", "GREY PANDA", "APT99", "TA888")
    cub = world.group("one:Cub", "GREY PANDA", "UAC-0001")
    world.say("one", wolf, "MAY_BE_SAME", cub)
    world.group("two:Fox", "GREY PANDA", "UAC-0001")
    assert world.relation("one:Cub", "two:Fox") == "unsure"
    world.group("three:Fox", "GREY PANDA", "UAC-0001", "APT99", "TA888")
    assert world.relation("one:Wolf", "three:Fox") == "same"
    assert world.relation("one:Cub", "three:Fox") == "same"


def test_where_one_acts_for_money_from_is_no_state_s_doing(world: World) -> None:
    first = world.group("one:Wolf", "GREY SPIDER", "FIN99", state="RUS")
    world.group("two:Fox", "GREY SPIDER", "FIN99", state="UKR")
    assert world.relation("one:Wolf", "two:Fox") == "unsure"
    world.say("one", first, "motive", "Financially motivated")
    assert world.relation("one:Wolf", "two:Fox") == "same"


def test_a_list_that_lists_one_of_its_own_under_another_leaves_it_open(world: World) -> None:
    world.group("one:Wolf", "Cub")
    world.group("one:Cub")
    world.group("one:Bear")
    assert world.resolve().relation("one:Wolf", "one:Cub") == {
        "relation": "unsure",
        "because": [
            "one:Wolf lists 'Cub', the main name of one:Cub",
            "one (one) has one:Wolf (Wolf) and one:Cub (Cub) as two actors",
            "left open, because sources disagree",
        ],
    }
    assert world.relation("one:Wolf", "one:Bear") == "distinct"


def test_a_homonym_in_another_state_is_distinct(world: World) -> None:
    world.group("one:Wolf", "GREY PANDA", state="RUS")
    world.group("two:Fox", "GREY PANDA", state="IRN")
    assert world.relation("one:Wolf", "two:Fox") == "distinct"


def test_a_list_of_one_record_an_actor_keeps_its_records_apart(world: World) -> None:
    world.group("one:Wolf", "GREY PANDA", "APT99")
    world.group("two:Wolf", "GREY PANDA", "APT99", "TA888", "Earth Fox")
    world.group("one:Fox", "TA888", "Earth Fox")
    assert world.relation("two:Wolf", "one:Wolf") == "same"
    assert world.relation("two:Wolf", "one:Fox") == "unsure"
    assert world.relation("one:Wolf", "one:Fox") == "distinct"


def test_a_key_of_another_list_is_that_list_s_record(world: World) -> None:
    world.group("attack:G9001", "GREY PANDA")
    world.group("one:Wolf", "G9001", "GREY PANDA")
    world.group("two:Fox", "G9001", "G9002", "APT99")
    assert world.relation("one:Wolf", "attack:G9001") == "same"
    assert world.relation("two:Fox", "attack:G9001") == "distinct"


def test_a_coiner_s_own_word_names_its_own_record(world: World) -> None:
    world.group("microsoft:Wolf Sleet", "Storm-0001")
    world.group("one:Wolf", "Wolf Sleet")
    assert world.relation("one:Wolf", "microsoft:Wolf Sleet") == "same"


@pytest.mark.parametrize(
    ("own", "listed", "others", "relation"),
    [
        ("Fox Sleet", ["NIGHT PANDA"], [["NIGHT PANDA"]], "same"),
        ("Night Crew", ["NIGHT PANDA"], [["NIGHT PANDA"]], "unsure"),  # not Microsoft's own name
        ("Fox Sleet", ["Night Crew"], [["Night Crew"]], "unsure"),  # nobody's name as far as known
        ("Fox Sleet", ["UNC9999"], [["UNC9999"]], "unsure"),  # not counted as an actor
        ("Fox Sleet", ["NIGHT PANDA", "Dusk"], [["NIGHT PANDA"], ["Wolf", "Dusk"]], "unsure"),
        ("Fox Sleet", ["NIGHT PANDA"], [["NIGHT PANDA"], ["three:Wolf", "NIGHT PANDA"]], "unsure"),
    ],
)
def test_who_named_an_actor_is_believed_about_what_others_call_it(
    world: World, own: str, listed: Sequence[str], others: Sequence[list[str]], relation: str
) -> None:
    world.group(f"microsoft:{own}", *listed)
    for head, *names_ in others:
        world.group(head if ":" in head else f"two:{head}", *names_)
    assert world.relation(f"microsoft:{own}", f"two:{others[0][0]}") == relation


def test_who_bears_several_of_a_coiner_s_words_is_none_of_them(world: World) -> None:
    world.group("microsoft:Wolf Sleet")
    world.group("microsoft:Fox Sleet")
    world.group("one:Wolf", "Wolf Sleet", "Fox Sleet")
    assert world.relation("one:Wolf", "microsoft:Wolf Sleet") == "unsure"


def test_a_renaming_is_identity_inside_a_list(world: World) -> None:
    world.group("microsoft:HAFNIUM")
    world.group("microsoft:Silk Typhoon", "HAFNIUM")
    world.group("microsoft:Wolf", "Silk Typhoon")
    assert world.relation("microsoft:HAFNIUM", "microsoft:Silk Typhoon") == "same"
    assert world.relation("microsoft:Wolf", "microsoft:HAFNIUM") == "distinct"


def test_headed_alike_and_resting_on_one_report_is_identity(world: World) -> None:
    first, second = world.group("one:Wolf"), world.group("two:Wolf")
    assert world.relation("one:Wolf", "two:Wolf") == "unsure"
    world.say("one", first, "url", "https://www.example.org/wolf/")
    world.say("two", second, "url", "http://example.org/wolf")
    assert world.relation("one:Wolf", "two:Wolf") == "same"


def test_a_coiner_s_number_that_all_give_to_one_entity_is_that_entity(world: World) -> None:
    world.group("one:APT99")
    world.group("two:Wolf", "APT 99")
    world.group("three:Fox", "GREY PANDA")
    assert world.relation("one:APT99", "two:Wolf") == "same"
    assert world.relation("one:APT99", "three:Fox") == "distinct"


def test_a_number_that_lists_give_to_several_is_contested(world: World) -> None:
    world.group("one:APT99")
    world.group("two:Wolf", "APT99")
    world.group("three:Fox", "APT99")
    assert world.relation("one:APT99", "two:Wolf") == "unsure"
    assert world.relation("one:APT99", "three:Fox") == "unsure"


def test_a_marked_name_is_a_part(world: World) -> None:
    world.group("one:Wolf", "Cub", "Subgroup: Cub")
    world.group("two:Cub", "GREY PANDA")
    assert world.relation("two:Cub", "one:Wolf") == "part_of"


def test_what_has_no_parts_is_part_of_nothing(world: World) -> None:
    whole = world.list("one").entity("meeting:one", "Subgroup: Talks", record="one:1")
    part = world.list("two").entity("meeting:two", "Talks", record="two:1")
    assert not world.resolve().parts
    with pytest.raises(UsageError, match="Meeting is never part of another"):
        world.resolve([Judgement(part, whole, "part-of", "so")])


def test_a_mark_of_the_record_itself_makes_it_no_part_of_itself(world: World) -> None:
    world.group("one:Wolf", "Cub", "GREY PANDA", "Subgroup: Cub")
    world.group("two:Cub", "GREY PANDA", "APT99")
    world.group("three:Cub", "GREY PANDA")
    assert "part_of" not in {
        world.relation("three:Cub", "one:Wolf"),
        world.relation("two:Cub", "one:Wolf"),
    }


def test_a_sub_group_in_one_source_and_an_alias_in_another_is_no_loop(world: World) -> None:
    whole = world.group("one:Wolf", "Cub", "GREY PANDA", "APT99")
    part = world.group("one:Cub", "TA888")
    world.say("one", part, "SUBGROUP_OF", whole)
    world.group("two:Wolf", "Cub", "GREY PANDA", "APT99", "TA888")
    found = world.resolve()
    assert found.relation("one:Cub", "two:Wolf")["relation"] == "part_of"
    assert all(found.merged(a) != found.merged(b) for a, b in found.parts)
    corpus = Corpus.of(world.statements, ONTOLOGY, identity=found.mapping)
    edges = corpus.graph.edges_of("SUBGROUP_OF")
    assert edges.height == 1
    assert edges["from"][0] != edges["to"][0]


def test_one_name_of_two_kinds(world: World) -> None:
    world.group("one:Wolf")
    world.group("two:Wolf", kind="software")
    world.group("two:Fox", kind="software")
    assert world.relation("one:Wolf", "two:Wolf") == "kind_mismatch"
    assert world.relation("one:Wolf", "two:Fox") == "distinct"


def test_organs_of_one_state_by_one_full_name(world: World) -> None:
    for source in ("one", "two"):
        emit = world.list(source)
        emit.entity("state:PRK", "North Korea")
        emit.entity(f"agency:{source}-rgb", "Reconnaissance General Bureau", part_of="state:PRK",
                    record=f"{source}:RGB")  # fmt: skip
    assert world.relation("one:RGB", "two:RGB") == "same"


def test_an_unknown_record_is_an_error_with_the_nearest(world: World) -> None:
    world.group("one:Wolf")
    with pytest.raises(UsageError, match="one:Wolf"):
        world.resolve().relation("one:Wolf", "one:Wolff")


# What a name tells


@pytest.mark.parametrize(
    ("name", "coiner"),
    [
        ("WICKED PANDA", "crowdstrike"),
        ("Diamond Sleet", "microsoft"),
        ("NOBELIUM", None),
        ("Storm-0558", "microsoft"),
        ("APT 28", "mandiant"),
        ("UNC2452", "mandiant"),
        ("TEMP.Hermit", "mandiant"),
        ("NICKEL ACADEMY", "secureworks"),
        ("TG-4127", "secureworks"),
        ("TA505", "proofpoint"),
        ("UAC-0113", "cert-ua"),
        ("Stately Taurus", "palo-alto"),
        ("Night Crew", None),
    ],
)
def test_conventions_tell_the_coiner(name: str, coiner: str | None) -> None:
    found = names.coiner(name)
    assert (found and found.partition(":")[2]) == coiner


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sandworm Team", "SandWorm"), ("APT-28", "APT 28"), ("The Dukes", "Dukes"),
     ("ＡＰＴ１", "apt1"), ("TeleBots", "Tele Bots")],
)  # fmt: skip
def test_names_are_compared_without_case_spaces_and_punctuation(one: str, other: str) -> None:
    assert names.key(one) == names.key(other)


# People judge


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "judgements.yaml"


def test_a_judgement_wins_over_the_rules_and_taking_it_back_restores_everything(
    world: World, file: Path
) -> None:
    world.group("one:Wolf", "GREY PANDA", "APT99")
    world.group("two:Fox", "GREY PANDA", "APT99")

    def now() -> tuple[dict[str, str], pl.DataFrame, pl.DataFrame]:
        found = world.resolve(read_judgements(file))
        said = claims_of(found, ONTOLOGY).drop("place")
        corpus = Corpus.of(pl.concat([world.statements, said]), ONTOLOGY, identity=found.mapping)
        return found.mapping, said, corpus.graph.nodes["Group"]

    before = now()
    judge(file, "one:Wolf", "two:Fox", "distinct", "different tools since 2020", "ana")
    during = now()
    assert during[0] == {}
    assert during[2].height == 2
    assert withdraw(file, "two:Fox", "one:Wolf").by == "ana"
    after = now()
    assert (after[0], before[0]) == (before[0], {"group:two-fox": "group:one-wolf"})
    assert after[1].equals(before[1])
    assert after[2].equals(before[2])


@pytest.mark.parametrize(
    ("verdict", "relation"), [("same", "same"), ("part-of", "part_of"), ("distinct", "distinct")]
)
def test_a_judgement_is_a_claim_of_whoever_judged(
    world: World, file: Path, verdict: str, relation: str
) -> None:
    world.group("one:Wolf", "GREY PANDA")
    world.group("two:Fox", "GREY PANDA")
    judge(file, "two:Fox", "one:Wolf", verdict, "seen so in the field", "Ana Lyst")
    found = world.resolve(read_judgements(file))
    answer = found.relation("two:Fox", "one:Wolf")
    assert answer == {"relation": relation, "because": ["Ana Lyst judged: seen so in the field"]}
    said = claims_of(found, ONTOLOGY).filter(pl.col("asserter") == "person:ana-lyst")
    assert said["summary"].str.contains("seen so in the field").to_list() == [True]


def test_judgements_that_cannot_hold_are_refused(world: World) -> None:
    world.group("one:Wolf")
    world.group("two:Wolf")
    world.group("three:Wolf")
    world.group("four:Wolf", kind="software")
    across = Judgement("one:Wolf", "four:Wolf", "same", "why")
    with pytest.raises(UsageError, match="only be judged distinct"):
        world.resolve([across])
    chain = [
        Judgement("one:Wolf", "two:Wolf", "same", "why"),
        Judgement("two:Wolf", "three:Wolf", "same", "why"),
        Judgement("one:Wolf", "three:Wolf", "distinct", "why"),
    ]
    with pytest.raises(UsageError, match="withdraw one"):
        world.resolve(chain)


def test_what_was_retracted_joins_nothing(world: World) -> None:
    first, second = world.group("one:Wolf"), world.group("two:Fox")
    said = world.list("one").claim(first, "SAME_AS", second, asserter="organization:one")
    assert world.relation("one:Wolf", "two:Fox") == "same"
    world.list("one").claim(first, "DISTINCT_FROM", second, asserter="organization:one",
                            retracts=[said])  # fmt: skip
    assert world.relation("one:Wolf", "two:Fox") == "distinct"


def test_a_second_judgement_of_a_pair_replaces_the_first(file: Path) -> None:
    judge(file, "a:1", "b:2", "same", "first")
    judge(file, "b:2", "a:1", "distinct", "second")
    assert read_judgements(file) == [Judgement("b:2", "a:1", "distinct", "second")]


def test_the_file_is_sorted_so_that_it_diffs_well(tmp_path: Path) -> None:
    pairs = [("c:3", "d:4"), ("a:1", "b:2")]
    for path, order in ((tmp_path / "1", pairs), (tmp_path / "2", pairs[::-1])):
        for a, b in order:
            judge(path, a, b, "same", "why")
    assert (tmp_path / "1").read_text() == (tmp_path / "2").read_text()


def test_a_judgement_on_what_is_not_loaded_waits(world: World) -> None:
    world.group("one:Wolf")
    waiting = Judgement("one:Wolf", "two:Fox", "same", "why")
    found = world.resolve([waiting])
    assert (found.waiting, found.mapping) == ([waiting], {})


def test_bad_judgements_are_refused(file: Path) -> None:
    with pytest.raises(UsageError, match="same"):
        judge(file, "a:1", "b:2", "sam", "why")
    with pytest.raises(UsageError, match="reason"):
        judge(file, "a:1", "b:2", "same", " ")
    with pytest.raises(UsageError, match="against itself"):
        judge(file, "a:1", "a:1", "same", "why")
    with pytest.raises(UsageError, match="nobody"):
        withdraw(file, "a:1", "b:2")


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("judgements:\n- a: x\n  b: y\n  verdict: sme\n  because: z\n", 2, "no such verdict"),
        ("judgements:\n- a: x\n  verdict: same\n", 2, "is missing"),
        ("judgements:\n- a: x\n  bee: y\n", 2, "unknown field"),
        ("judgments: []\n", 1, "must hold"),
    ],
)
def test_a_broken_file_says_where(file: Path, text: str, line: int, message: str) -> None:
    file.write_text(text)
    with pytest.raises(InputError, match=message) as caught:
        read_judgements(file)
    assert caught.value.problems[0].place == f"{file}:{line}"


def test_one_s_own_judgement_replaces_a_shipped_one(file: Path) -> None:
    shipped = standing_judgements(file)
    assert shipped
    first = shipped[0]
    judge(file, first.a, first.b, "distinct", "I know better")
    assert [j.verdict for j in standing_judgements(file) if j.pair == first.pair] == ["distinct"]
    assert len(standing_judgements(file)) == len(shipped)


# The real lists

LABELS = {"SAME_AS": "same", "PART_OF": "part_of", "DISTINCT": "distinct", "CONTESTED": "unsure",
          "KIND_MISMATCH": "kind_mismatch"}  # fmt: skip
SOURCES = {"ms": "microsoft", "attack-sw": "attack"}


@pytest.fixture(scope="module")
def statements(once: Once) -> pl.DataFrame:
    return three_lists(once)


@pytest.fixture(scope="module")
def real(once: Once) -> Identity:
    return of_three_lists(once)


@pytest.fixture(scope="module")
def pairs() -> list[dict[str, Any]]:
    path = shared("").parent / "gold" / "identity_examples.json"
    cases: list[dict[str, Any]] = json.loads(path.read_text())["cases"]
    return cases


def _key(side: tuple[str, str]) -> str:
    return f"{SOURCES.get(side[0], side[0])}:{side[1]}"


def test_the_worked_pairs_come_out_right(real: Identity, pairs: list[dict[str, Any]]) -> None:
    wrong = {
        case["id"]: answer
        for case in pairs
        if (answer := real.relation(_key(case["left"]), _key(case["right"])))["relation"]
        != LABELS[case["relation"]]
    }
    assert len(pairs) == 12
    assert wrong == {}


@pytest.mark.parametrize("turned", [False, True])
def test_a_relation_is_the_same_either_way(
    real: Identity, pairs: list[dict[str, Any]], turned: bool
) -> None:
    for case in pairs:
        ends = [_key(case["left"]), _key(case["right"])]
        there, back = real.relation(*ends), real.relation(*ends[::-1])
        assert there["relation"] == back["relation"]
        assert there["because"]


@pytest.mark.parametrize(
    ("cluster", "bearer"),
    [("UNC2630", "attack:G1023"), ("UNC215", "misp:APT27"), ("UNC3524", "attack:G0016"),
     ("UNC1549", "microsoft:Smoke Sandstorm"), ("APT-C-60", "attack:G0012"),
     ("APT6", "microsoft:Circle Typhoon"), ("UNC6384", "misp:MUSTANG PANDA")],
)  # fmt: skip
def test_one_list_s_word_on_a_cluster_leaves_it_open(
    real: Identity, cluster: str, bearer: str
) -> None:
    assert real.relation(f"misp:{cluster}", bearer)["relation"] == "unsure"


def test_no_sentence_speaks_in_terms_of_the_rules(real: Identity) -> None:
    """What an analyst would have to look up: headings, bearers, hubs, somebody's word."""
    verdicts = [*real.joins.values(), *(verdict for _, verdict in real.open_pairs())]
    said = {why for verdict in verdicts for why in verdict.because}
    terms = re.compile(r"\b(headed|borne|bears?|own word|hub|coiner|None)\b|'s word")
    assert [why for why in said if terms.search(re.sub("'[^']*'", "", why))] == []


def test_no_entity_stands_in_two_states(real: Identity) -> None:
    states: defaultdict[str, set[str]] = defaultdict(set)
    for record in real.records.by_id.values():
        states[real.merged(record.id)] |= record.states
    assert {id: found for id, found in states.items() if len(found) > 1} == {}


def test_lists_of_one_record_an_actor_are_never_folded(real: Identity) -> None:
    """No entity holds two of ATT&CK's or Microsoft's groups, but where they say so themselves."""
    for source in ("attack", "microsoft"):
        held: defaultdict[str, list[str]] = defaultdict(list)
        for record in real.records.by_id.values():
            if record.list == source and record.kind == "Group" and not record.redirect:
                held[real.merged(record.id)].append(record.key)
        double = [sorted(found) for found in held.values() if len(found) > 1]
        assert double in ([], [["microsoft:Neva Flood", "microsoft:Storm-1516"]])


def test_north_korea_s_groups_are_many(real: Identity) -> None:
    """An alias union makes one of eighteen."""
    groups = {"G0032", "G0082", "G0138", "G0094", "G0067", "G1049", "G1036"}
    assert len({real.merged(f"group:attack-{key.casefold()}") for key in groups}) == len(groups)


def test_the_order_of_the_statements_changes_nothing(
    real: Identity, statements: pl.DataFrame
) -> None:
    shuffled = statements.sample(fraction=1.0, shuffle=True, seed=7)
    again = resolve(shuffled, ONTOLOGY)
    assert again.mapping == real.mapping
    assert claims_of(again, ONTOLOGY).equals(claims_of(real, ONTOLOGY))


def test_every_join_says_why(real: Identity) -> None:
    assert all(verdict.because for verdict in real.joins.values())
    said = claims_of(real, ONTOLOGY)
    joined = said.filter(pl.col("predicate") == "SAME_AS")
    assert joined.height == len(real.joins)
    assert joined["summary"].is_not_null().all()


def test_the_graph_holds_one_node_with_all_ids_and_names(
    real: Identity, statements: pl.DataFrame
) -> None:
    graph = Corpus.of(statements, ONTOLOGY, identity=real.mapping).graph
    node = graph.nodes["Group"].row(by_predicate=pl.col("id") == "group:attack-g0016", named=True)
    assert {"group:attack-g0118", "group:misp-unc2452", "group:misp-apt29",
            "group:microsoft-midnight-blizzard"} <= set(node["ids"])  # fmt: skip
    assert {"Cozy Bear", "NOBELIUM", "APT29", "UNC2452"} <= set(node["names"])


def rows(world: World, source: str, *written: str) -> None:
    """A list of incidents that names actors as they come, one after another."""
    emit = world.list(source)
    for name in written:
        emit.entity(f"group:{source}-{name.casefold().replace(' ', '-')}", name)


def test_who_only_mentions_actors_keeps_none_of_them_apart(world: World) -> None:
    """A list of incidents has APT99 in one row and Grey Panda in another; that these are one is
    for a list of actors to say."""
    rows(world, "rows", "APT99", "Grey Panda")
    world.group("one:APT99", "Grey Panda")
    pair = ("group:rows-apt99", "group:rows-grey-panda")
    assert world.relation(*pair) == "unsure"
    world.say("rows", "group:rows-apt99", "alias", "Timber Wolf")  # now it tells who is who
    assert world.relation(*pair) == "distinct"


def test_who_heads_two_by_one_name_keeps_none_apart_and_that_is_no_renaming(world: World) -> None:
    rows(world, "rows", "APT 32", "APT32", "Ocean Buffalo")
    world.say("rows", "group:rows-apt-32", "alias", "SeaLotus")
    found = world.resolve()
    assert found.relation("group:rows-apt-32", "group:rows-apt32") == {
        "relation": "same",
        "because": ["group:rows-apt-32 and group:rows-apt32 have one main name, 'APT 32', which "
                    "Mandiant gives to one actor only"],
    }  # fmt: skip
    assert found.relation("group:rows-apt-32", "group:rows-ocean-buffalo")["because"] == [
        "no source gives group:rows-apt-32 and group:rows-ocean-buffalo a name in common, or says "
        "that they are one"
    ]


def test_what_is_one_goes_by_no_row_that_mentions_it(world: World) -> None:
    """An id that somebody wrote comes first; one that a table made with its own mark comes last."""
    rows(world, "rows", "APT32")
    world.group("one:APT32")
    assert world.resolve().merged("group:rows-apt32") == "group:one-apt32"
    world.list("zone").entity("group:apt32", "APT32")
    assert world.resolve().merged("group:rows-apt32") == "group:apt32"


def test_a_record_and_its_copy_are_one(world: World) -> None:
    """MISP copies Microsoft's list: a main name that nobody coined is enough there alone."""
    world.group("microsoft:Night Net-1658")
    world.group("misp-microsoft-activity-group:Night Net-1658")
    world.group("misp:Night Net-1658")
    copied = ("microsoft:Night Net-1658", "misp-microsoft-activity-group:Night Net-1658")
    assert world.relation(*copied) == "same"
    assert world.relation("microsoft:Night Net-1658", "misp:Night Net-1658") == "unsure"


@pytest.mark.parametrize(("page", "relation"), [("groups/G0011", "same"), ("other", "distinct")])
def test_a_key_beside_the_page_that_it_leads_to_is_enough(
    world: World, page: str, relation: str
) -> None:
    one = world.group("attack:G0011", "Pitty Crew")
    other = world.group("misp:Wolf", "G0011")
    world.say("attack", one, "url", "https://attack.mitre.org/groups/G0011")
    world.say("misp", other, "url", f"https://attack.mitre.org/{page}")
    assert world.relation("attack:G0011", "misp:Wolf") == relation


def test_what_its_coiner_calls_otherwise_now_is_the_same(world: World) -> None:
    """Microsoft renamed BOHRIUM; its list says so, and another list still calls it that."""
    world.group("microsoft:Smoke Sandstorm", "BOHRIUM")
    world.group("misp:Bohrium")
    found = world.resolve().relation("microsoft:Smoke Sandstorm", "misp:Bohrium")
    assert found["relation"] == "same"
    assert found["because"][0] == (  # type: ignore[index]
        "'Bohrium', the main name of misp:Bohrium, is Microsoft's own name, and Microsoft "
        "(microsoft) gives it to microsoft:Smoke Sandstorm and to no other"
    )
    world.group("microsoft:Dark Sandstorm", "BOHRIUM")
    assert world.relation("microsoft:Smoke Sandstorm", "misp:Bohrium") == "distinct"
