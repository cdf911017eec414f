"""Whatever a drafter says: what passes the proof stands in the document."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kg import ontology
from kg.drafts import draft, gazetteer
from kg.drafts.document import Document, read, slug
from kg.drafts.proof import Proof
from kg.drafts.proposals import Part, Proposal, Ref, Span, Thing

TEXT = (
    "Estonia's Foreign Ministry blamed Paper Crane for the 2021 attack on Harbour Clinic.\n\n"
    "The group stole at least $2 million in May 2021, and did not touch 300 computers.\n"
)
DOCUMENT = Document(TEXT, date="2022-03-04", date_basis="metadata")
NAMES = (
    "Paper Crane",
    "Harbour Clinic",
    "Lazarus Group",
    "attack",
    "2021 attack on Harbour Clinic",
)
DATA = Path(__file__).parent / "data"


@cache
def proof() -> Proof:
    return Proof(DOCUMENT, gazetteer.of(), ontology.load())


spans = st.builds(Span, st.integers(-3, len(TEXT) + 3), st.integers(-3, len(TEXT) + 3))
near = st.sampled_from([Span(m.start(), m.end()) for m in re.finditer(r"\S+(?: \S+){0,3}", TEXT)])
anywhere = st.one_of(spans, near)
things = st.builds(
    lambda kind, name, own: Thing(
        f"{kind}:{slug(name)}" if own else "state:EST", name, known="x", names=(name,)
    ),
    st.sampled_from(("group", "incident", "organization", "state", "person")),
    st.sampled_from(NAMES),
    st.booleans(),
)
refs = st.builds(Ref, things, anywhere, st.lists(anywhere, max_size=2).map(tuple))
parts = st.builds(
    Part,
    st.sampled_from(("2000000", "300", "2021", "2021-05", "2", "anything", "2022-03-04")),
    anywhere,
    st.sampled_from(("", "stated", "derived")),
    anchor=st.sampled_from(("", "2021")),
)
proposals = st.builds(
    Proposal,
    refs,
    st.sampled_from(
        (
            "ATTRIBUTED_TO",
            "TARGETED",
            "amount_stolen",
            "occurred",
            "computers_affected",
            "alias",
            "no_such",
        )
    ),
    anywhere,
    object=st.one_of(st.none(), refs),
    value=st.one_of(st.none(), parts),
    asserter=st.one_of(st.none(), refs),
    own=st.booleans(),
    negative=st.booleans(),
    negation=st.one_of(st.none(), anywhere),
    hedge=st.one_of(st.none(), anywhere),
    fields=st.dictionaries(
        st.sampled_from(("unit", "bound", "valid_basis", "grounds")),
        st.sampled_from(("USD", "lower", "stated", "confession")),
    ),
    told=st.dictionaries(st.just("grounds"), anywhere, max_size=1),
    quote=st.one_of(
        st.none(), st.sampled_from(("Paper Crane stole everything", "The group stole"))
    ),
)


ESTONIA = Thing("state:EST", "Estonia", names=("Paper Crane",))


def truth() -> Proposal:
    """One claim that is proven; each lie below changes one thing of it."""
    at = TEXT.index("The group stole")
    incident = "stole at least $2 million"
    start = TEXT.index(incident)
    subject = Ref(Thing(f"incident:{slug(incident)}", incident), Span(start, start + len(incident)))
    money = TEXT.index("at least $2")
    part = Part("2000000", Span(money, money + len("at least $2 million")))
    return Proposal(
        subject,
        "amount_stolen",
        Span(at, TEXT.index(", and did")),
        value=part,
        own=True,
        fields={"unit": "USD", "bound": "lower"},
    )


def changed(some: dict[str, Any]) -> Proposal:
    """The truth with some of its parts replaced."""
    return replace(truth(), **some)


CHANGED: dict[str, Any] = {
    "subject": refs,
    "predicate": st.sampled_from(("amount_stolen", "amount_attempted", "count", "occurred")),
    "span": anywhere,
    "value": parts,
    "asserter": st.one_of(st.none(), refs),
    "own": st.booleans(),
    "negative": st.booleans(),
    "hedge": anywhere,
    "quote": st.sampled_from((None, "The group stole")),
}
half_truths = st.fixed_dictionaries({}, optional=CHANGED).map(changed)
"""The truth, but for some of its parts: lies that come near enough to be believed."""


def stands(span: Span) -> bool:
    return 0 <= span.start < span.end <= len(TEXT)


def check(one: Proposal) -> None:
    """What must hold of a proposal that passed, worked out without the code that let it pass."""
    words = TEXT[one.span.start : one.span.end]
    assert stands(one.span)
    assert "\n" not in words
    assert one.quote in (None, words)
    for ref in filter(None, (one.subject, one.object, one.asserter)):
        last = ref.chain[-1] if ref.chain else ref.span
        assert all(map(stands, (ref.span, *ref.chain)))
        said = TEXT[last.start : last.end].removesuffix("'s")
        if ref.thing.id == "state:EST":
            assert said.removeprefix("the ") in ("Estonia", "Estonian")
        else:
            assert ref.thing.name in TEXT
            assert said.lower() in f"the {ref.thing.name.lower()}."
    if one.hedge:
        assert one.span.holds(one.hedge)
    if "grounds" in one.fields:
        assert one.span.holds(one.told["grounds"])
    if one.negative:
        assert one.negation
        assert re.search("not", TEXT[one.negation.start : one.negation.end])
    if one.value and one.predicate in ("amount_stolen", "computers_affected"):
        read_ = {"2000000": "$2 million", "300": "300", "2021": "2021", "2": "2"}[one.value.value]
        assert read_ in TEXT[one.value.span.start : one.value.span.end]


@given(st.lists(st.one_of(proposals, half_truths), max_size=4))
@settings(max_examples=150, deadline=None)
def test_nothing_that_a_liar_says_passes_without_its_words(lies: list[Proposal]) -> None:
    proven, refused = proof().of(lies)
    assert len(proven) + len(refused) <= len(lies)
    assert all(one.why for one in refused)
    for one in proven:
        check(one)


def test_the_truth_passes() -> None:
    assert list(proof().against(truth())) == []


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"span": Span(0, 9999)}, "no characters"),
        ({"span": Span(0, len(TEXT) - 5)}, "end of a paragraph"),
        ({"quote": "The group stole at least $3 million"}, "does not stand"),
        ({"value": Part("3000000", truth().value.span)}, "reads as 2000000"),  # type: ignore[union-attr]
        ({"fields": {"unit": "USD"}}, "has the bound lower"),
        ({"fields": {"unit": "EUR", "bound": "lower"}}, "has the unit USD"),
        (
            {"subject": Ref(Thing("incident:the-moon", "the moon"), truth().subject.span)},
            "does not stand",
        ),
        ({"subject": Ref(Thing("incident:x", "attack"), truth().subject.span)}, "no id of"),
        ({"subject": Ref(Thing("state:EST", "Estonia"), truth().subject.span)}, "no property"),
        ({"negative": True}, "denies"),
        ({"hedge": Span(0, 4)}, "hedge stands outside"),
        ({"asserter": Ref(Thing("state:EST", "Estonia"), Span(26, 37))}, "somebody else"),
        ({"asserter": Ref(ESTONIA, Span(34, 45)), "own": False}, "is no name of"),
        ({"predicate": "USED"}, "does not run"),
        (
            {"fields": {"unit": "USD", "bound": "lower", "reliability": "A"}},
            "nothing that a draft gives",
        ),
    ],
)
def test_one_lie_is_enough(changes: dict[str, object], why: str) -> None:
    told = list(proof().against(replace(truth(), **changes)))  # type: ignore[arg-type]
    assert any(why in one for one in told), told


@pytest.mark.parametrize("path", sorted(DATA.glob("*.txt")), ids=lambda path: path.stem)
def test_what_the_rules_propose_passes(path: Path) -> None:
    made = draft(read(path), gazetteer.of(), ontology.load())
    assert made.proposals
    assert made.refused == ()


def test_a_ground_is_told_by_words_of_the_claim() -> None:
    attack, crane = "2021 attack on Harbour Clinic", "Paper Crane"
    span = Span(0, TEXT.index("\n") - 1)
    ends = [
        Ref(Thing(f"{kind}:{slug(name)}", name), Span(at := TEXT.index(name), at + len(name)))
        for kind, name in (("incident", attack), ("group", crane))
    ]
    blamed = Proposal(
        ends[0], "ATTRIBUTED_TO", span, ends[1], own=True, fields={"grounds": "confession"}
    )
    told = replace(blamed, told={"grounds": Span(27, 33)})
    assert list(proof().against(told)) == []
    (why,) = proof().against(replace(blamed, told={"grounds": Span(len(TEXT) - 9, len(TEXT) - 2)}))
    assert why == "nothing in the claim's span tells the grounds"
    assert list(proof().against(blamed)) == [why]
    (why,) = proof().against(replace(told, fields={"grounds": "a hunch"}))
    assert "a hunch" in why
