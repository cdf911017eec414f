"""New events have short ids, which nothing else has."""

from __future__ import annotations

from kg.drafts.calling import short, shortened
from kg.drafts.proposals import Draft, Part, Proposal, Ref, Span, Thing
from kg.ontology import load

AT = Span(0, 1)
LONG = "stole over $2 million from the Harbour Clinic and its friends in Latvia"


def ref(id: str, name: str, known: str = "") -> Ref:
    return Ref(Thing(id, name, known=known), AT)


def ids(*told: Proposal, taken: frozenset[str] = frozenset()) -> list[str]:
    made = shortened(Draft(told, (), "rules"), taken, load())
    return [one.subject.thing.id for one in made.proposals]


def test_an_event_is_called_by_whom_it_was_about_and_its_year() -> None:
    event = ref("incident:stole-over", LONG)
    clinic = ref("organization:harbour-clinic", "Harbour Clinic")
    hit = Proposal(event, "TARGETED", AT, clinic)
    dated = Proposal(event, "occurred", AT, value=Part("2021-05", AT))
    blamed = Proposal(event, "ATTRIBUTED_TO", AT, ref("group:x", "Paper Crane"))
    assert ids(blamed, hit, dated) == ["incident:harbour-clinic-2021"] * 3
    assert ids(hit) == ["incident:harbour-clinic"]
    assert ids(blamed) == ["incident:stole-2-million-harbour"]  # not by who is blamed


def test_ids_that_something_else_has_are_not_given_and_known_ones_stay() -> None:
    clinic = ref("organization:c", "Harbour Clinic", known="Harbour Clinic")
    told = [Proposal(ref(f"incident:{n}", LONG), "TARGETED", AT, clinic) for n in "ab"]
    taken = frozenset({"incident:harbour-clinic"})
    assert ids(*told) == ["incident:harbour-clinic", "incident:harbour-clinic-2"]
    assert ids(*told, taken=taken) == ["incident:harbour-clinic-2", "incident:harbour-clinic-3"]
    known = Proposal(ref("incident:wannacry", "WannaCry", known="WannaCry"), "TARGETED", AT, clinic)
    assert ids(known) == ["incident:wannacry"]


def test_names_are_cut_between_words() -> None:
    assert short("China's Ministry of State Security and Intelligence") == (
        "chinas-ministry-of-state-security-and"
    )
    assert len(short("x" * 100)) == 40
