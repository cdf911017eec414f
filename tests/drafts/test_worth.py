"""A score is the share of proposals like it that were right."""

from __future__ import annotations

from kg.drafts.proposals import Part, Proposal, Ref, Span, Thing
from kg.drafts.worth import ANY, LEAST, Like, measured, weighed
from kg.ontology import load

AT = Span(0, 1)


def blamed(chain: tuple[Span, ...] = ()) -> Proposal:
    group = Ref(Thing("group:x", "X"), AT, chain)
    return Proposal(Ref(Thing("incident:i", "i"), AT), "ATTRIBUTED_TO", AT, group)


def test_the_table_is_of_few_sorts_and_words_never_beat_names() -> None:
    told = [(blamed(), True)] * LEAST + [(blamed((AT,)), False)] * LEAST
    table = measured(told, load())
    assert table["ATTRIBUTED_TO", "named"] == Like(LEAST, LEAST)
    assert table["ATTRIBUTED_TO", "meant"] == Like(0, LEAST)
    turned = measured([(one, not right) for one, right in told], load())
    assert set(turned) == {("ATTRIBUTED_TO", ANY), (ANY, ANY)}  # one sort, the better of neither
    assert measured(told[: LEAST - 1], load()) == {}


def test_a_proposal_says_how_many_like_it_were_right() -> None:
    (one,) = weighed([blamed()], "rules", load())
    assert one.like is not None
    assert one.score == round(one.like[0] / one.like[1], 2)
    assert any(f"of {one.like[1]} such proposals" in reason for reason in one.reasons)
    number = Part("5", AT)
    told = [Proposal(Ref(Thing("incident:i", "i"), AT), "count", AT, value=number, score=0.3)]
    assert weighed(told, "an outsider's", load()) == told  # nobody measured it
