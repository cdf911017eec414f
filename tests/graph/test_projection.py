"""The rules by which claims become edges and properties, one small claim file each."""

from __future__ import annotations

from datetime import date

import polars as pl
import pytest

from kg.graph.corpus import Corpus
from tests.claimed import corpus, edge, node

BLAMES = ("ATTRIBUTED_TO", "incident:theft", "group:night")
TRIPLE = "[incident:theft, ATTRIBUTED_TO, group:night]"


def blame(*texts: str) -> dict[str, object]:
    return edge(corpus(*texts), *BLAMES)


# Who counts


def test_one_claim_is_one_asserter_and_one_statement() -> None:
    found = blame(f"""
    - {{asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    """)
    assert found["asserters"] == 1
    assert found["support"] == 1
    assert len(found["claims"]) == 1  # type: ignore[arg-type]
    assert found["status"] == "asserted"
    assert (found["first_asserted"], found["last_asserted"]) == (date(2018, 3, 1),) * 2
    assert (found["hedged"], found["disputed"], found["collective"]) == (False, False, False)
    assert "declared" not in found


def test_two_who_say_it_on_their_own_are_two_and_nobody_is_upgraded_by_repeating() -> None:
    found = blame(f"""
    - {{asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    - {{asserter: agency:treasury, document: document:paper, says: {TRIPLE}}}
    - {{asserter: agency:treasury, document: document:later, says: {TRIPLE}}}
    """)
    assert (found["asserters"], found["support"]) == (2, 3)
    assert (found["first_asserted"], found["last_asserted"]) == (date(2018, 3, 1), date(2019, 6, 1))


def test_an_unknown_asserter_is_support_and_no_asserter() -> None:
    found = blame(f"- {{document: document:paper, says: {TRIPLE}}}")
    assert (found["asserters"], found["support"]) == (0, 1)


def test_a_repeat_collapses_to_its_origin_across_files_and_along_chains() -> None:
    found = blame(
        f"- {{ref: o, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}",
        f"""
        - asserter: organization:press
          document: document:later
          ref: second
          derived_from: f1#o
          says: {TRIPLE}
        """,
        f"""
        - asserter: agency:treasury
          document: document:later
          derived_from: f2#second
          says: {TRIPLE}
        """,
    )
    assert (found["asserters"], found["support"]) == (1, 3)


def test_a_diamond_of_repeats_has_the_roots_that_it_has() -> None:
    found = blame(f"""
    - {{ref: a, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    - {{ref: b, asserter: organization:press, document: document:paper, says: {TRIPLE}}}
    - {{ref: c, asserter: agency:treasury, document: document:paper,
       derived_from: [a], says: {TRIPLE}}}
    - {{ref: d, asserter: state:KOR, document: document:paper,
       derived_from: [a, b], says: {TRIPLE}}}
    - {{asserter: organization:victim, document: document:paper,
       derived_from: [c, d], says: {TRIPLE}}}
    """)
    assert (found["asserters"], found["support"]) == (2, 5)


def test_in_a_circle_of_repeats_everybody_is_an_origin() -> None:
    found = blame(f"""
    - {{ref: a, asserter: organization:vendor, document: document:paper,
       derived_from: b, says: {TRIPLE}}}
    - {{ref: b, asserter: organization:press, document: document:paper,
       derived_from: a, says: {TRIPLE}}}
    """)
    assert found["asserters"] == 2


def test_a_repeat_of_something_withdrawn_rests_on_nobody() -> None:
    found = blame(f"""
    - asserter: organization:vendor
      document: document:paper
      ref: a
      status: retracted
      says: {TRIPLE}
    - {{asserter: organization:press, document: document:paper, derived_from: a, says: {TRIPLE}}}
    """)
    assert (found["asserters"], found["support"], found["status"]) == (0, 0, "retracted")


def test_support_counts_statements_not_triples() -> None:
    found = corpus("""
    - asserter: organization:vendor
      document: document:paper
      says:
      - [incident:theft, ATTRIBUTED_TO, group:night]
      - [incident:theft, ATTRIBUTED_TO, group:day]
      - [incident:theft, amount_stolen, 5]
    """)
    assert edge(found, *BLAMES)["support"] == 1
    assert found.claims["statement"].n_unique() == 1


def test_what_is_printed_in_two_places_may_be_joined_into_one_statement() -> None:
    found = blame(f"""
    - {{asserter: organization:vendor, document: document:paper, statement: s, says: {TRIPLE}}}
    - {{asserter: organization:press, document: document:paper, statement: s, says: {TRIPLE}}}
    - {{asserter: agency:treasury, document: document:later, statement: s, says: {TRIPLE}}}
    """)
    assert (found["asserters"], found["support"]) == (3, 2), "a key holds within its document"


def test_one_claim_in_two_files_is_one_claim_with_the_links_of_both() -> None:
    found = corpus(
        f"- {{ref: o, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}",
        f"- {{asserter: organization:press, document: document:later, says: {TRIPLE}}}",
        f"""
        - asserter: organization:press
          document: document:later
          hedge: likely
          derived_from: f1#o
          says:
          - {TRIPLE}
          - [incident:leak, ATTRIBUTED_TO, group:night]
        """,
    )
    both = edge(found, *BLAMES)
    assert (both["asserters"], both["support"], len(both["claims"])) == (1, 2, 2)
    assert both["hedges"] == ["likely"]
    assert found.graph.nodes["Claim"].height == 3


# Hedges, collective blame, times, qualifiers


def test_hedges_and_collective_blame_reach_the_edge() -> None:
    found = blame(f"""
    - asserter: organization:vendor
      document: document:paper
      hedge: likely
      collective: true
      says: {TRIPLE}
    - {{asserter: agency:treasury, document: document:paper, says: {TRIPLE}}}
    """)
    assert (found["hedged"], found["hedges"], found["collective"]) == (True, ["likely"], True)


def test_an_edge_is_valid_for_as_long_as_anybody_says_and_open_where_somebody_says_so() -> None:
    claims = """
    - {asserter: organization:vendor, document: document:paper, valid: 2016/2017-06,
       says: [group:night, SUBGROUP_OF, group:day]}
    - {asserter: agency:treasury, document: document:paper, valid: %s,
       says: [group:night, SUBGROUP_OF, group:day]}
    - {asserter: organization:press, document: document:paper,
       says: [group:night, SUBGROUP_OF, group:day]}
    """
    closed = edge(corpus(claims % "2015-03/2016"), "SUBGROUP_OF", "group:night", "group:day")
    assert (closed["valid_from"], closed["valid_to"]) == (date(2015, 3, 1), date(2017, 6, 30))
    assert "valid" not in closed, "nobody stated the whole of it"
    still = edge(corpus(claims % "2015-03/.."), "SUBGROUP_OF", "group:night", "group:day")
    assert still["valid_from"] == date(2015, 3, 1)
    assert "valid_to" not in still
    agreed = edge(corpus(claims % "2016/2017-06"), "SUBGROUP_OF", "group:night", "group:day")
    assert agreed["valid"] == "2016/2017-06"


def test_instants_are_kept_in_utc() -> None:
    found = node(
        corpus("- says: [incident:theft, occurred, '2017-05-13T01:30:00+02:00']"), "incident:theft"
    )
    assert found["occurred"] == "2017-05-12T23:30:00Z"
    assert found["occurred_from"] == found["occurred_to"] == date(2017, 5, 12)


def test_qualifiers_stand_on_the_edge_and_on_the_claim() -> None:
    found = corpus("""
    - {asserter: organization:press, document: document:paper,
       says: [person:leader, PARTICIPATED_IN, meeting:summit, {role: host}]}
    """)
    assert edge(found, "PARTICIPATED_IN", "person:leader", "meeting:summit")["role"] == "host"
    assert found.graph.nodes["Claim"]["role"].to_list() == ["host"]


# Denials


def test_a_denial_disputes_and_never_counts() -> None:
    found = corpus(f"""
    - {{asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    - {{asserter: state:KOR, document: document:later, denies: {TRIPLE}}}
    """)
    blamed = edge(found, *BLAMES)
    assert (blamed["asserters"], blamed["support"], len(blamed["claims"])) == (1, 1, 1)
    assert blamed["disputed"] is True
    assert blamed["last_asserted"] == date(2018, 3, 1)
    claims = found.graph.nodes["Claim"]
    (denial,) = claims.filter(pl.col("polarity") == "negative")["id"]
    assert found.graph.edges_of("DISPUTES").select("from", "to").rows() == [
        (denial, blamed["claims"][0])
    ]
    for type_, end in (("SUBJECT", "incident:theft"), ("OBJECT", "group:night")):
        rows = found.graph.edges_of(type_).filter(pl.col("from") == denial)
        assert rows["to"].to_list() == [end]
    (name,) = claims.filter(pl.col("id") == denial)["name"]
    assert " not " in name


def test_a_denial_alone_makes_no_edge() -> None:
    found = corpus(f"- {{asserter: state:KOR, document: document:paper, denies: {TRIPLE}}}")
    assert found.graph.edges_of("ATTRIBUTED_TO").is_empty()
    assert found.graph.counts()["Claim"] == 1


def test_a_denial_of_another_triple_or_one_taken_back_disputes_nothing() -> None:
    assert not blame(f"""
    - {{asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    - {{document: document:paper, denies: [incident:theft, ATTRIBUTED_TO, group:day]}}
    - {{document: document:paper, denies: {TRIPLE}, status: retracted}}
    """)["disputed"]


def test_a_denied_value_is_no_value_and_disputes_who_states_it() -> None:
    found = corpus("""
    - {asserter: organization:vendor, document: document:paper,
       says: [incident:theft, amount_stolen, 5]}
    - {asserter: organization:victim, document: document:paper,
       denies: [[incident:theft, amount_stolen, 5], [incident:leak, amount_stolen, 7]]}
    """)
    assert node(found, "incident:theft")["amount_stolen"] == 5
    assert "amount_stolen" not in node(found, "incident:leak")
    said = found.graph.nodes["Claim"].filter(pl.col("polarity") == "positive")
    assert said["disputed"].to_list() == [True]
    assert found.graph.counts()["DISPUTES"] == 1


def test_a_claim_can_be_disputed_by_hand() -> None:
    assert blame(f"""
    - {{ref: a, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
    - asserter: organization:press
      document: document:later
      disputes: a
      says: [incident:theft, ATTRIBUTED_TO, group:day]
    """)["disputed"]


# Taking back


RETRACTED = f"""
- {{ref: said, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}
- asserter: organization:vendor
  document: document:later
  ref: back
  retracts: said
  denies: {TRIPLE}
"""


def test_what_is_retracted_stays_on_a_grey_edge_that_nobody_supports() -> None:
    found = blame(RETRACTED)
    assert (found["status"], found["asserters"], found["support"]) == ("retracted", 0, 0)
    assert len(found["claims"]) == 1  # type: ignore[arg-type]
    assert "first_asserted" not in found


def test_one_retraction_leaves_the_others_claims_standing() -> None:
    found = blame(
        RETRACTED + f"- {{asserter: agency:treasury, document: document:paper, says: {TRIPLE}}}"
    )
    assert (found["status"], found["asserters"], found["support"]) == ("asserted", 1, 1)


@pytest.mark.parametrize(("depth", "status"), [(1, "retracted"), (2, "asserted"), (3, "retracted")])
def test_retractions_can_be_retracted(depth: int, status: str) -> None:
    chain = [
        f"- {{ref: r0, asserter: organization:vendor, document: document:paper, says: {TRIPLE}}}"
    ]
    chain += [
        f"- {{ref: r{n}, retracts: r{n - 1}, document: document:later, "
        "asserter: organization:vendor, "
        f"denies: [incident:theft, ATTRIBUTED_TO, group:{('day', 'dusk', 'night')[n - 1]}]}}"
        for n in range(1, depth + 1)
    ]
    assert blame("\n".join(chain))["status"] == status


def test_claims_that_retract_each_other_are_both_retracted() -> None:
    by = "asserter: organization:vendor"
    assert (
        blame(f"""
    - {{ref: a, retracts: b, {by}, document: document:paper, says: {TRIPLE}}}
    - {{ref: b, retracts: a, {by}, document: document:some-day, says: {TRIPLE}}}
    """)["status"]
        == "retracted"
    )


def test_a_superseded_figure_gives_way_to_its_successor() -> None:
    found = corpus("""
    - {ref: old, asserter: organization:vendor, document: document:paper,
       says: [incident:theft, count, 40]}
    - {supersedes: old, asserter: organization:vendor, document: document:later,
       says: [incident:theft, count, 50]}
    """)
    theft = node(found, "incident:theft")
    assert theft["count"] == 50
    assert "conflicts" not in theft
    assert sorted(found.graph.nodes["Claim"]["status"]) == ["asserted", "superseded"]
    assert found.graph.counts()["SUPERSEDES"] == 1


def test_what_was_withdrawn_no_longer_tells_when_or_in_which_role() -> None:
    found = corpus("""
    - {ref: old, asserter: organization:press, document: document:paper, valid: 2017,
       says: [person:leader, PARTICIPATED_IN, meeting:summit, {role: guest}]}
    - {supersedes: old, asserter: organization:press, document: document:later, valid: 2018,
       says: [person:leader, PARTICIPATED_IN, meeting:summit, {role: host}]}
    """)
    there = edge(found, "PARTICIPATED_IN", "person:leader", "meeting:summit")
    assert (there["role"], there["valid"], there["valid_from"]) == (
        "host",
        "2018",
        date(2018, 1, 1),
    )


# Properties


def value(claims: str, name: str, id: str = "incident:theft") -> object:
    return node(corpus(claims), id).get(name)


def test_policies_choose_and_conflicts_stay_visible() -> None:
    found = node(
        corpus("""
    - {document: document:paper, says: [incident:theft, occurred, 2017]}
    - {document: document:later, says: [incident:theft, occurred, 2017-05-12]}
    - {document: document:paper, says: [incident:leak, occurred, 2016]}
    """),
        "incident:theft",
    )
    assert found["occurred"] == "2017-05-12", "the most precise"
    assert "conflicts" not in found, "a day within the year is no conflict"
    torn = node(
        corpus("""
    - {document: document:paper, says: [incident:theft, occurred, 2016]}
    - {document: document:later, says: [incident:theft, occurred, 2017-05-12]}
    - {document: document:paper, says: [incident:theft, count, 4]}
    - {document: document:later, says: [incident:theft, count, 5]}
    """),
        "incident:theft",
    )
    assert torn["conflicts"] == ["count", "occurred"]
    assert torn["count"] == 5, "the latest"


def test_bounds_that_leave_room_for_one_figure_are_no_conflict() -> None:
    claims = """
    - {document: document:paper, says: [incident:theft, amount_stolen, over 5 million]}
    - {document: document:later, says: [incident:theft, amount_stolen, %s]}
    """
    assert "conflicts" not in node(corpus(claims % "6 million"), "incident:theft")
    assert "conflicts" not in node(corpus(claims % "up to 9 million"), "incident:theft")
    assert "conflicts" in node(corpus(claims % "4 million"), "incident:theft")
    assert "conflicts" in node(corpus(claims % "up to 3 million"), "incident:theft")


def test_another_currency_is_neither_a_conflict_nor_taken_for_the_propertys_own() -> None:
    found = corpus("""
    - {document: document:paper, says: [incident:theft, amount_stolen, 5 million]}
    - {document: document:later, says: [incident:theft, amount_stolen, 4 million EUR]}
    - {document: document:later, says: [incident:leak, amount_stolen, 3, {unit: GBP}]}
    """)
    assert node(found, "incident:theft")["amount_stolen"] == 5e6
    assert "conflicts" not in node(found, "incident:theft")
    assert "amount_stolen" not in node(found, "incident:leak")
    assert set(found.graph.nodes["Claim"]["unit"]) == {"USD", "EUR", "GBP"}


def test_the_declared_value_wins_over_the_claimed_one() -> None:
    found = node(
        corpus("- {document: document:later, says: [document:paper, date, 2018-03-02]}"),
        "document:paper",
    )
    assert found["date"] == "2018-03-01"
    assert found["conflicts"] == ["date"]


def test_only_values_marked_as_evidence_become_claim_nodes() -> None:
    found = corpus("""
    - {asserter: organization:vendor, document: document:paper,
       says: [[incident:theft, description, Something], [incident:theft, amount_stolen, 5]]}
    """)
    assert found.graph.nodes["Claim"]["predicate"].to_list() == ["amount_stolen"]
    assert node(found, "incident:theft")["description"] == "Something"
    assert found.claims.height == 2


def test_names_are_all_kept_and_the_declared_one_is_shown() -> None:
    found = node(
        corpus("""
    - {asserter: organization:vendor, document: document:paper,
       says: [[group:night, alias, Nocturne], [group:night, alias, "\\u05dc\\u05d9\\u05dc\\u05d4"]],
       denies: [group:night, alias, Daylight]}
    """),
        "group:night",
    )
    assert found["name"] == "Night"
    assert found["names"] == ["Night", "Nocturne", "\u05dc\u05d9\u05dc\u05d4"]


# Structure, roles, identity


def test_a_declared_edge_has_no_asserters_and_a_claim_of_it_joins_it() -> None:
    declared = edge(corpus(), "PART_OF", "agency:treasury", "state:USA")
    assert declared == {"from": "agency:treasury", "to": "state:USA", "declared": True} | {
        key: declared[key] for key in ("from_kind", "to_kind")
    }
    both = edge(
        corpus("""
    - {asserter: organization:press, document: document:paper, valid: 2012/2020,
       says: [person:leader, REPRESENTS, state:KOR]}
    """),
        "REPRESENTS",
        "person:leader",
        "state:KOR",
    )
    assert (both["declared"], both["asserters"]) == (True, 1)
    assert (both["valid"], both["valid_from"]) == ("2012/2020", date(2012, 1, 1))


def roles(of: Corpus) -> dict[str, list[str]]:
    graph = of.graph
    rows = [
        row
        for kind, frame in graph.nodes.items()
        if kind != "Claim"
        for row in frame.select("id", "roles").iter_rows()
    ]
    return {id: held for id, held in rows if held}


def test_roles_are_computed_from_edges_and_claims() -> None:
    found = roles(
        corpus("""
    - {asserter: organization:vendor, document: document:paper,
       says: [incident:theft, TARGETED, organization:victim]}
    - {asserter: agency:treasury, document: document:later,
       says: [incident:theft, description, No claim node comes of this]}
    """)
    )
    assert found == {
        "person:leader": ["Leader"],
        "organization:victim": ["Victim"],
        "organization:vendor": ["Source"],
        "organization:press": ["Source"],
        "agency:treasury": ["Source"],
    }


def test_what_is_the_same_is_one_node_with_all_names_ids_and_claims() -> None:
    found = corpus(
        """
    - {asserter: organization:vendor, document: document:paper,
       says: [[incident:theft, ATTRIBUTED_TO, group:day], [group:day, SUBGROUP_OF, group:night],
              [group:dusk, SUBGROUP_OF, group:night]]}
    - {asserter: agency:treasury, document: document:paper,
       says: [incident:theft, ATTRIBUTED_TO, group:night]}
    """,
        identity={"group:day": "group:night"},
    )
    merged = node(found, "group:night")
    assert (merged["name"], merged["names"]) == ("Night", ["Day", "Night"])
    assert merged["ids"] == ["group:day", "group:night"]
    assert found.graph.kind_of("group:day") is None
    both = edge(found, *BLAMES)
    assert (both["asserters"], len(both["claims"])) == (2, 2)
    subgroups = found.graph.edges_of("SUBGROUP_OF")
    assert subgroups.select("from", "to").rows() == [("group:dusk", "group:night")], "no loop"
    claims = found.graph.nodes["Claim"]
    assert "group:day" in claims["object"], "a claim keeps the id that its source gave"
    assert claims.height == 4, "the claim that lost its edge can still be read"


def test_a_claim_is_dated_by_its_document_wherever_that_is_declared() -> None:
    found = blame(f"- {{asserter: organization:vendor, document: document:later, says: {TRIPLE}}}")
    assert found["first_asserted"] == date(2019, 6, 1)
    own = blame(f"- {{asserted: 2017-01, document: document:later, says: {TRIPLE}}}")
    assert own["first_asserted"] == date(2017, 1, 1)
    assert "first_asserted" not in blame(f"- {{document: document:undated, says: {TRIPLE}}}")
