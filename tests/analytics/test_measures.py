"""Measures against values worked out by hand on small graphs."""

from __future__ import annotations

import math
from datetime import date, timedelta

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.analytics.balance import structural_balance, triangles
from kg.analytics.blocs import co_attribution_blocs
from kg.analytics.brokerage import brokerage
from kg.analytics.changes import changed_between, difference
from kg.analytics.coincidence import event_coincidence, preceded
from kg.analytics.commitments import commitment_tracking
from kg.analytics.concordance import asserter_agreement, attribution_concordance
from kg.analytics.dyads import attacker_victim_dyads
from kg.analytics.kit.backends import betweenness
from kg.analytics.kit.reading import Origins, origins, states
from kg.analytics.kit.statistics import false_discovery, overlap_chances
from kg.analytics.paths import GRADES, weakest_link
from kg.analytics.similarity import LEAST_GROUPS, group_similarity
from kg.analytics.support import independent_support
from tests.analytics.graphs import Small


def blame(small: Small, incident: str, state: str, by: str | None, **claim: object) -> str:
    """`by` lays `incident` to a group of `state`."""
    group = f"group:of-{state}"
    small.declare(f"agency:of-{state}", "PART_OF", f"state:{state}")
    if not small.graph.has_edge(group, f"agency:of-{state}"):
        small.claim(group, "CONTROLLED_BY", f"agency:of-{state}", by="agency:z")
    return small.claim(f"incident:{incident}", "ATTRIBUTED_TO", group, by=by, **claim)  # type: ignore[arg-type]


# Origins


def test_origins_are_voices_and_the_unknown_apart() -> None:
    small = Small()
    first = small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by="organization:vendor")
    second = small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by="agency:a", repeats=first)
    third = small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by="agency:b", repeats=second)
    unknown = small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by=None)
    found = origins(small.graph, [first, second, third, unknown])
    assert found.voices == {"organization:vendor"}
    assert found.unknown == {unknown}
    small.graph.nodes[unknown]["voices"] = ["state:a"]
    assert origins(small.graph, [unknown]) == Origins(frozenset({"state:a"}), frozenset())


def test_a_claim_whose_origin_was_withdrawn_is_none() -> None:
    small = Small()
    first = small.claim("incident:i", "ATTRIBUTED_TO", "group:g")
    again = small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by="agency:b", repeats=first)
    small.graph.nodes[again]["status"] = "origin_withdrawn"
    assert origins(small.graph, [again]).voices == set()


def test_states_follow_the_chain_and_stop_at_the_first() -> None:
    small = Small()
    blame(small, "i", "PRK", "agency:a")
    small.claim("group:sub", "SUBGROUP_OF", "group:of-PRK")
    small.declare("state:PRK", "PART_OF", "agency:un")
    assert states(small.graph, "group:sub") == {"state:PRK"}
    assert states(small.graph, small.node("group:alone")) == {"group:alone"}


# Concordance and support


def agreeing(incidents: int, dissenting: int) -> Small:
    small = Small()
    for number in range(incidents):
        first = blame(small, f"i{number}", "PRK", "agency:one")
        blame(small, f"i{number}", "PRK", "agency:echo", repeats=first)
        other = "RUS" if number < dissenting else "PRK"
        blame(small, f"i{number}", other, "agency:two")
    return small


def test_concordance_counts_a_repetition_once() -> None:
    result = attribution_concordance(agreeing(6, 2).graph)
    # Ten values PRK, two RUS: expected disagreement 1 - (10·9 + 2·1) / (12·11); observed 2 of 6.
    expected = 1 - (10 * 9 + 2 * 1) / (12 * 11)
    assert result.headline["alpha"] == pytest.approx(1 - (2 / 6) / expected)
    assert result.headline["agreement"] == pytest.approx(4 / 6)
    # Printed, each incident has three pairs; a dissent breaks two of them.
    assert result.headline["agreement_if_repeats_count"] == pytest.approx((4 * 3 + 2 * 1) / 18)
    assert (result.n, result.coverage) == (6, 1.0)
    assert [row["origins"] for row in result.rows] == [2] * 6


def test_concordance_of_few_incidents_prints_no_number() -> None:
    result = attribution_concordance(agreeing(3, 1).graph)
    assert "alpha" not in result.headline
    assert result.too_small
    assert result.null_model is None
    assert result.rows


def test_asserter_agreement() -> None:
    (row,) = asserter_agreement(agreeing(4, 1).graph).rows
    assert (row["both"], row["agreement"]) == (4, 0.75)


def test_support_shows_what_only_looks_corroborated() -> None:
    small = Small()
    first = small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by="organization:vendor")
    for by in ("agency:a", "agency:b"):
        small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by=by, repeats=first)
    small.claim("incident:j", "ATTRIBUTED_TO", "group:g", by="agency:a")
    small.claim("incident:j", "ATTRIBUTED_TO", "group:g", by="agency:b")
    result = independent_support(small.graph)
    assert [(r["subject"], r["sources"], r["origins"]) for r in result.rows] == [
        ("i", 3, 1),
        ("j", 2, 2),
    ]
    assert result.headline["of_these_with_one_origin"] == 1


# Weakest link


def test_the_weakest_link_grades_the_chain_and_the_best_chain_wins() -> None:
    small = Small()
    small.claim("incident:i", "ATTRIBUTED_TO", "group:strong", by="agency:a")
    small.claim("incident:i", "ATTRIBUTED_TO", "group:strong", by="agency:b")
    small.claim("incident:i", "ATTRIBUTED_TO", "group:weak", hedged=True)
    for group in ("group:strong", "group:weak"):
        small.claim(group, "CONTROLLED_BY", "agency:bureau")
    small.declare("agency:bureau", "PART_OF", "state:X")
    small.claim("incident:other", "ATTRIBUTED_TO", "group:nowhere")
    result = weakest_link(small.graph)
    (row,) = result.rows
    assert row["chain"] == ["i", "strong", "bureau", "X"]
    assert row["grade"] == "one asserter"
    assert row["weakest"] == "strong → bureau"
    assert (result.n, result.coverage) == (1, 0.5)
    small.graph.edges["group:strong", "agency:bureau", "CONTROLLED_BY"]["disputed"] = True
    assert weakest_link(small.graph).rows[0]["grade"] == "one asserter, hedged"


def test_a_group_may_lead_to_its_state_by_attribution_alone() -> None:
    small = Small()
    for by in ("agency:a", "agency:b"):
        small.claim("incident:i", "ATTRIBUTED_TO", "group:g", by=by)
        small.claim("group:g", "ATTRIBUTED_TO", "state:X", by=by)
    small.claim("group:g", "CONTROLLED_BY", "state:X", by="agency:a")
    (row,) = weakest_link(small.graph).rows
    assert (row["chain"], row["grade"]) == (["i", "g", "X"], "two independent asserters")


def test_a_longer_but_stronger_chain_wins_and_six_links_are_the_most() -> None:
    small = Small()
    small.claim("incident:i", "ATTRIBUTED_TO", "group:g0")
    small.claim("group:g0", "CONTROLLED_BY", "state:X", disputed=True)
    for at in range(4):
        small.claim(f"group:g{at}", "SUBGROUP_OF", f"group:g{at + 1}")
    small.claim("group:g4", "CONTROLLED_BY", "state:X")
    (row,) = weakest_link(small.graph).rows
    assert (row["grade"], len(row["chain"])) == ("one asserter", 7)
    small.graph.remove_edge("group:g4", "state:X")
    small.claim("group:g4", "SUBGROUP_OF", "group:g5")
    small.claim("group:g5", "CONTROLLED_BY", "state:X")
    assert weakest_link(small.graph).rows[0]["grade"] == "disputed"


@given(st.integers(0, 10_000))
def test_widest_paths_equal_brute_force(seed: int) -> None:
    from kg.analytics.paths import grade, strongest_paths

    chance = np.random.default_rng(seed)
    small = Small()
    groups = [small.node(f"group:{at}") for at in range(5)]
    small.node("state:X")
    small.claim("incident:i", "ATTRIBUTED_TO", groups[0])
    for a in groups:
        for b in [*groups, "state:X"]:
            if a != b and chance.random() < 0.35:
                small.claim(a, "CONTROLLED_BY", b, hedged=bool(chance.random() < 0.3),
                            disputed=bool(chance.random() < 0.3))  # fmt: skip
    graph = small.graph
    widths = [
        min(grade(graph, next(iter(graph[a][b].values()))) for a, b in nx.utils.pairwise(path))
        for path in nx.all_simple_paths(nx.DiGraph(graph), "incident:i", "state:X", cutoff=6)
    ]
    best = strongest_paths(graph, "incident:i").get("state:X")
    found = min(step for _, step in best[1:]) if best else None
    assert found == max(widths, default=None)


def test_grades_go_from_disputed_to_declared() -> None:
    assert (GRADES[0], GRADES[-1]) == ("disputed", "declared")


# Dyads and blocs


def test_overlap_chance_is_the_hypergeometric_tail() -> None:
    by_hand = sum(math.comb(5, k) * math.comb(15, 6 - k) for k in (3, 4, 5)) / math.comb(20, 6)
    assert overlap_chances(20, [5], [6], [3]) == pytest.approx([by_hand])
    assert overlap_chances(20, [], [], []) == []


def test_false_discovery_is_benjamini_hochberg() -> None:
    assert false_discovery([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.04, 0.04])
    assert false_discovery([]) == []


def hit(small: Small, incident: str, attacker: str, victim: str) -> None:
    blame(small, incident, attacker, "agency:a")
    organization = f"organization:in-{victim}"
    small.claim(f"incident:{incident}", "TARGETED", organization)
    small.declare(organization, "LOCATED_IN", f"state:{victim}")


def test_the_backbone_keeps_the_pair_that_chance_does_not_explain() -> None:
    small = Small()
    for number in range(12):
        hit(small, f"a{number}", "PRK", "KOR")
    for number in range(12):
        hit(small, f"b{number}", "RUS", "USA" if number % 2 else "UKR")
    hit(small, "c", "PRK", "USA")
    result = attacker_victim_dyads(small.graph)
    kept = {(row["attacker"], row["victim"]) for row in result.rows if row["in_backbone"]}
    assert ("PRK", "KOR") in kept
    assert ("PRK", "USA") not in kept
    first = next(row for row in result.rows if (row["attacker"], row["victim"]) == ("PRK", "KOR"))
    assert first["expected"] == pytest.approx(13 * 12 / 25)
    assert [first["p"]] == pytest.approx(overlap_chances(25, [13], [12], [12]))


def test_who_was_first_is_told_only_where_both_days_are_known() -> None:
    small = Small()
    for number in range(12):
        blame(small, f"i{number}", "PRK", "agency:us", said="2020-01-01")
        vague = blame(small, f"i{number}", "PRK", "agency:uk", said="2020-01-01")
        small.graph.nodes[vague]["asserted_to"] = date(2020, 12, 31)
    (row,) = co_attribution_blocs(small.graph).rows
    assert (row["shared"], row["days_between"]) == (12, None)


def test_few_dyads_print_counts_without_a_backbone() -> None:
    small = Small()
    hit(small, "a", "PRK", "KOR")
    blame(small, "b", "PRK", "agency:a")
    result = attacker_victim_dyads(small.graph)
    assert result.too_small
    assert (result.n, result.coverage) == (1, 0.5)
    assert list(result.rows[0]) == ["attacker", "victim", "incidents"]


def test_blocs_join_those_who_attribute_the_same_and_tell_who_was_first() -> None:
    small = Small()
    for number in range(12):
        day = date(2020, 1, 1) + timedelta(number)
        allies = ("agency:us", "agency:uk") if number < 6 else ("agency:ru", "agency:by")
        for lag, by in enumerate(allies):
            blame(small, f"i{number}", "PRK", by, said=str(day + timedelta(10 * lag)))
    result = co_attribution_blocs(small.graph)
    assert result.headline["blocs"] == [["by", "ru"], ["uk", "us"]]
    row = next(row for row in result.rows if row["one"] == "uk")
    assert (row["shared"], row["days_between"]) == (6, -10)
    assert (row["first"], row["last"]) == (date(2020, 1, 1), date(2020, 1, 16))


# Balance


def test_triangles_of_a_complete_graph() -> None:
    pairs = list(nx.complete_graph(list("abcdef")).edges)
    found = triangles(pairs)
    assert len(found) == math.comb(6, 3)
    assert all(len({node for at in corners for node in pairs[at]}) == 3 for corners in found)


@given(st.integers(0, 10_000))
def test_triangles_equal_networkx(seed: int) -> None:
    graph = nx.gnp_random_graph(25, 0.3, seed=seed)
    expected = sum(nx.triangles(graph).values()) // 3
    assert len(triangles((str(a), str(b)) for a, b in graph.edges)) == expected


def test_balance_of_three_states_is_too_small_and_counts_anyway() -> None:
    small = Small()
    small.edge("state:A", "ALLIED_WITH", "state:B")
    small.edge("state:B", "RIVAL_OF", "state:C")
    small.edge("state:C", "RIVAL_OF", "state:A")
    small.edge("state:A", "ALLIED_WITH", "state:C")  # both: the rivalry counts
    small.node("state:D")
    result = structural_balance(small.graph)
    assert [row["count"] for row in result.rows] == [0, 0, 1, 0]
    assert result.headline["both_ally_and_rival"] == 1
    assert result.coverage == 0.75
    assert result.too_small
    assert "balanced_share" not in result.headline


def test_balance_on_a_day() -> None:
    small = Small()
    small.edge("state:A", "ALLIED_WITH", "state:B", valid_from=date(2000, 1, 1))
    small.edge("state:B", "RIVAL_OF", "state:C", valid_to=date(1999, 1, 1))
    assert structural_balance(small.graph, on="2001-01-01").headline["ties"] == 1
    assert structural_balance(small.graph, on="1998-01-01").headline["ties"] == 1
    assert structural_balance(small.graph).headline["ties"] == 2


# Brokerage


def meeting(small: Small, id: str, *people: str, document: str = "document:d") -> None:
    for person in people:
        small.claim(f"person:{person}", "PARTICIPATED_IN", f"meeting:{id}", document=document)


def test_a_broker_of_one_document_is_shown_as_such() -> None:
    small = Small()
    meeting(small, "1", "kim", "moon")
    meeting(small, "2", "kim", "trump", document="document:other")
    meeting(small, "3", "trump", "abe", document="document:third")
    meeting(small, "4", "abe", "may", document="document:third")
    result = brokerage(small.graph)
    by = {row["person"]: row for row in result.rows}
    assert by["kim"]["only_link_between"] == 1
    assert by["kim"]["fewest_without_a_document"] == 0
    # On a path of five the second stands between 3 of 6 pairs, the third between 4.
    assert by["kim"]["betweenness"] == pytest.approx(3 / 6)
    assert by["trump"]["betweenness"] == pytest.approx(4 / 6)
    assert by["kim"]["least_betweenness"] == 0.0


def test_three_leaders_have_a_go_between_and_no_betweenness() -> None:
    small = Small()
    meeting(small, "1", "kim", "moon")
    meeting(small, "2", "kim", "trump")
    result = brokerage(small.graph)
    assert result.rows[0]["person"] == "kim"
    assert result.rows[0]["only_link_between"] == 1
    assert "betweenness" not in result.rows[0]
    assert result.too_small


def test_a_backend_gives_the_same_betweenness() -> None:
    from kg.analytics.kit.backends import WORTH_IT, backend_for

    if backend_for("betweenness_centrality") is None:
        pytest.skip("no networkx backend with betweenness is installed that loads")
    graph = nx.gnm_random_graph(300, WORTH_IT, seed=1)
    plain = nx.betweenness_centrality(graph, backend="networkx")
    assert betweenness(graph) == pytest.approx(plain)


# Coincidence


def test_preceded_counts_the_same_day_and_the_edge_of_the_window() -> None:
    first, then = np.array([10, 100]), np.array([5, 10, 24, 25, 101])
    assert preceded(first, then, 14) == pytest.approx(3 / 5)


def events(pairs: int, lag: int) -> Small:
    chance = np.random.default_rng(7)
    small = Small()
    for number, at in enumerate(sorted(chance.choice(3000, pairs, replace=False))):
        day = date(2010, 1, 1) + timedelta(int(at))
        after = day + timedelta(lag)
        small.node(f"incident:{number}", category="cyber", occurred_from=day, occurred_to=day)
        small.node(f"sanction:{number}", occurred_from=after, occurred_to=after)
    return small


def test_what_follows_within_days_stands_out() -> None:
    result = event_coincidence(events(20, 5).graph)
    first = result.rows[0]
    assert (first["first"], first["then"], first["preceded"]) == ("Incident: cyber", "Sanction", 20)
    assert first["p_adjusted"] < 0.01
    again = event_coincidence(events(20, 5).graph)
    assert again.rows == result.rows


def test_independent_events_do_not_stand_out() -> None:
    small = events(30, 0)
    chance = np.random.default_rng(11)
    for number in range(30):
        day = date(2010, 1, 1) + timedelta(int(chance.integers(3000)))
        small.node(f"sanction:{number}", occurred_from=day, occurred_to=day)
    assert min(row["p_adjusted"] for row in event_coincidence(small.graph).rows) > 0.05


def test_the_shift_null_agrees_with_the_share_of_covered_days() -> None:
    """Shifting one series over every day, each later event is preceded with the same chance."""
    from kg.analytics.coincidence import null_rates

    span, window = 1000, 14
    first, then = np.array([100, 400, 900]), np.arange(window, span, 7)
    rates = null_rates(first, then, window, span, 4000, np.random.default_rng(1))
    assert rates.mean() == pytest.approx(3 * (window + 1) / span, rel=0.05)


def test_few_events_are_counted_and_not_tested() -> None:
    result = event_coincidence(events(3, 1).graph)
    assert result.too_small
    assert not result.rows
    assert result.headline == {"Incident: cyber": 3, "Sanction": 3}


# Commitments, similarity, change


def test_commitments_keep_their_firmness_and_their_dispute() -> None:
    small = Small()
    small.claim("agreement:a", "HAS_COMMITMENT", "commitment:freeze", disputed=True)
    small.claim("agreement:a", "HAS_COMMITMENT", "commitment:denuclearise", by="agency:b")
    small.claim("agreement:a", "HAS_COMMITMENT", "commitment:denuclearise", by="agency:c")
    small.node("commitment:denuclearise", modality="effort", status="stalled")
    small.declare("commitment:freeze", "OBLIGES", "state:USA")
    result = commitment_tracking(small.graph)
    one, two = result.rows
    assert (one["origins"], one["modality"], one["status"]) == (2, "effort", "stalled")
    assert (two["obliged"], two["disputed"], two["status"]) == (["USA"], True, None)
    assert result.coverage == 0.5
    assert result.headline["disputed"] == 1


def test_similarity_of_groups_without_tools_has_no_chances() -> None:
    small = Small()
    for number in range(LEAST_GROUPS):
        small.edge(f"group:g{number}", "TARGETS_SECTOR", "sector:banks")
    result = group_similarity(small.graph)
    assert "no tools" in result.too_small
    assert result.null_model is None
    assert [row["targets"] for row in result.rows] == [1.0] * 10
    assert not any("tools_p_adjusted" in row for row in result.rows)
    result.to_json()


def test_similarity_keeps_targets_tools_and_names_apart() -> None:
    small = Small()
    for group, tools in {"a": "wxyz", "b": "wxyv", "c": "n", "d": "o", "e": "pqr"}.items():
        small.node(f"group:{group}", names=[group.upper()])
        for tool in tools:
            small.claim(f"group:{group}", "USED", f"software:{tool}")
    small.graph.nodes["group:c"]["names"] = ["Hidden Cobra"]
    small.graph.nodes["group:d"]["names"] = ["HIDDEN-COBRA"]
    small.claim("incident:i", "ATTRIBUTED_TO", "group:a")
    small.claim("incident:i", "TARGETED", "organization:bank")
    small.claim("group:b", "TARGETS_SECTOR", "sector:finance")
    result = group_similarity(small.graph)
    shared, named = result.rows
    assert (shared["one"], shared["other"]) == ("a", "b")
    assert (shared["tools"], shared["targets"]) == (pytest.approx(3 / 5), 0.0)
    assert (named["one"], named["other"], named["names_shared"]) == ("c", "d", 1)


def test_difference_tells_new_gone_and_changed() -> None:
    before, after = Small(), Small()
    for small in (before, after):
        small.claim("incident:i", "ATTRIBUTED_TO", "group:g", asserters=1, disputed=False)
    before.claim("incident:i", "ATTRIBUTED_TO", "group:gone")
    after.claim("incident:i", "ATTRIBUTED_TO", "group:new", asserters=2)
    after.graph.edges["incident:i", "group:g", "ATTRIBUTED_TO"]["disputed"] = True
    rows = difference(before.graph, after.graph)
    assert [(row["change"], row["to"], row["before"], row["after"]) for row in rows] == [
        ("disputed", "g", False, True),
        ("gone", "gone", None, None),
        ("new", "new", None, 2),
    ]


def test_changed_between_asks_for_both_days() -> None:
    days = {"2019-01-01": Small(), "2020-01-01": Small()}
    days["2020-01-01"].claim("incident:i", "ATTRIBUTED_TO", "group:g")
    asked = lambda day: days[day].graph  # noqa: E731
    result = changed_between(Small().graph, as_of=asked, since="2019-01-01", until="2020-01-01")
    assert result.headline == {"new": 1}
