"""What is said of a node comes in the order of independent support, as much as is asked for."""

from __future__ import annotations

import pytest

from kg.ask.explain import Explanation, explain
from kg.cli.terminal import Terminal
from tests.claimed import corpus

SAID = """\
- {asserter: organization:vendor, document: document:paper, quote: "just so",
   says: [incident:leak, ATTRIBUTED_TO, group:night]}
- {asserter: organization:vendor, document: document:later,
   says: [incident:leak, ATTRIBUTED_TO, group:night]}
- {asserter: organization:vendor, document: document:undated,
   says: [incident:leak, ATTRIBUTED_TO, group:night]}
- {asserter: organization:vendor, document: document:some-day,
   says: [incident:leak, ATTRIBUTED_TO, group:night]}
- {ref: theirs, asserter: organization:vendor, document: document:paper,
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: agency:treasury, document: document:later, summary: "In our words.",
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:press, document: document:later, derived_from: [theirs],
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:press, document: document:later, marking: "TLP:GREEN",
   says: [group:night, CONTROLLED_BY, state:KOR]}
- {asserter: state:KOR, document: document:later,
   denies: [incident:theft, ATTRIBUTED_TO, state:KOR]}
"""


@pytest.fixture(scope="module")
def night() -> Explanation:
    return explain(corpus(SAID), "group:night")


def test_what_more_independent_voices_say_comes_first(night: Explanation) -> None:
    order = [(one.subject, one.predicate, one.independent, one.support) for one in night.said]
    assert order == [
        ("incident:theft", "ATTRIBUTED_TO", 2, 3),
        ("incident:leak", "ATTRIBUTED_TO", 1, 4),
        ("group:night", "CONTROLLED_BY", 1, 1),
    ]


def test_a_limit_leaves_the_first_and_counts_the_rest(night: Explanation) -> None:
    first = night.first(1)
    kept = {claim["id"] for origin in first.origins for claim in origin.claims}
    assert kept == {row["id"] for row in night.said[0].claims}
    assert first.as_dict()["left_out"] == {"said": 2, "claims": 5}
    assert night.first(0) is night
    assert "left_out" not in night.as_dict()


def test_denials_of_what_its_edges_lead_on_to_are_told(night: Explanation) -> None:
    assert [(row["subject"], row["object"]) for row in night.chain_denials] == [
        ("incident:theft", "state:KOR")
    ]


def test_each_claim_says_whether_it_is_quoted_and_how_it_is_marked(
    night: Explanation, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [claim for origin in night.origins for claim in origin.claims]
    assert {row["wording"] for row in rows} == {"quote", "paraphrase", "entry"}
    Terminal().explanation(night)
    printed = capsys.readouterr().out
    assert "in its words: \u201cjust so\u201d" in printed
    assert "in our words: In our words." in printed
    assert "TLP:GREEN" in printed
    assert printed.index("2 independent origins: The Vendor") < printed.index("The leak")
    Terminal().explanation(night, 1)
    cut = capsys.readouterr()
    assert "The leak" not in cut.out
    assert "and 2 more things said of it, 5 claims: --limit 0" in cut.err
