"""What is said, taken back, denied, corrected, raised and repeated has one right reading, and it is
right wherever one looks: on the edge, in an explanation, in saved questions, in measures.

On either engine: what is stored is read back after each build.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.analytics.record import source_track_record
from kg.ask.explain import explain
from kg.base.errors import InputError
from kg.graph.lens import Lens
from tests.claimed import edge, node
from tests.each_engine import ENGINES, opened

CORPUS = Path(__file__).parent.parent / "parity" / "corpora" / "standing.yaml"
HERON = ("ATTRIBUTED_TO", "group:heron")
Built = Callable[[Path], kg.KnowledgeGraph]


@pytest.fixture(scope="module", params=ENGINES)
def built(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Built]:
    """A graph of a claim file on either engine; built anew where the last was of another file."""
    held: list[Path] = []
    with opened(request, tmp_path_factory.mktemp("truth")) as graph:

        def build(path: Path) -> kg.KnowledgeGraph:
            if held[-1:] != [path]:
                graph.build([path], replace=True)
                held.append(path)
                assert graph.verify() == [], "what was written is what the ledger amounts to"
            return graph

        yield build


@pytest.fixture
def graph(built: Built) -> kg.KnowledgeGraph:
    return built(CORPUS)


def blame(graph: kg.KnowledgeGraph, incident: str, **lens: str) -> dict[str, Any]:
    return edge(graph.corpus(**lens), "ATTRIBUTED_TO", f"incident:{incident}", "group:heron")  # type: ignore[arg-type]


def stored(graph: kg.KnowledgeGraph, incident: str) -> dict[str, Any]:
    """The same edge as the engine has it."""
    rows = graph.query(
        "MATCH (i:Incident {id: $id})-[r:ATTRIBUTED_TO]->() RETURN r AS r",
        id=f"incident:{incident}",
    )
    (row,) = rows
    return dict(row["r"])


def explained(graph: kg.KnowledgeGraph, incident: str, **lens: str) -> dict[str, Any]:
    found = graph.explain(f"incident:{incident}", *HERON, **lens)  # type: ignore[arg-type]
    return found.as_dict()


def counts(found: dict[str, Any]) -> tuple[int, int, int]:
    return found["asserters"], found.get("unknown_asserters", 0), found["support"]


# Taken back


def test_a_retraction_reaches_every_relay_and_nobody_loses_their_name(
    graph: kg.KnowledgeGraph,
) -> None:
    found = blame(graph, "relayed")
    assert (found["status"], *counts(found)) == ("retracted", 0, 0, 0)
    told = explained(graph, "relayed")
    assert (told["independent_origins"], told["unknown_asserters"]) == (0, 0)
    (origin,) = told["origins"]
    assert origin["asserter"] == "Orchard Labs"
    assert [(row["asserter"], row["standing"]) for row in origin["claims"]] == [
        ("Orchard Labs", "retracted"),
        ("The Herald", "origin_withdrawn"),
        ("The Courier", "origin_withdrawn"),
    ]
    (taken,) = origin["claims"][0]["withdrawn_by"]
    assert (taken["asserter"], taken["asserted"]) == ("Orchard Labs", "2020-06-01")
    statuses = {
        row["asserter"]: row["status"]
        for row in graph.query("withdrawn")
        if row["subject"] == "Relayed raid"
    }
    assert statuses["The Courier"] == "origin_withdrawn"


def test_before_the_retraction_there_is_one_origin_and_its_relays(
    graph: kg.KnowledgeGraph,
) -> None:
    found = blame(graph, "relayed", as_of="2020-02-01")
    assert (found["status"], *counts(found)) == ("asserted", 1, 0, 3)


def test_a_relay_of_a_relay_that_was_taken_back_is_one_too(tmp_path: Path) -> None:
    """The Courier knows it from The Herald, who no longer says it, whatever Orchard says."""
    corpus = written(
        tmp_path,
        """
        - {asserter: organization:one, document: document:one,
           says: [incident:raid, ATTRIBUTED_TO, group:heron, {ref: a}]}
        - {asserter: organization:two, document: document:two,
           says: [incident:raid, ATTRIBUTED_TO, group:heron, {ref: b, derived_from: a}]}
        - {asserter: organization:three, document: document:two,
           says: [incident:raid, ATTRIBUTED_TO, group:heron, {derived_from: b}]}
        - {asserter: organization:two, document: document:three,
           denies: [incident:raid, ATTRIBUTED_TO, group:heron, {retracts: b}]}
        """,
    )
    found = edge(corpus, "ATTRIBUTED_TO", "incident:raid", "group:heron")
    assert (found["status"], *counts(found)) == ("asserted", 1, 0, 1)
    standings = dict(corpus.claims.select("asserter", "standing").filter(~corpus.claims["negative"])
                     .iter_rows())  # fmt: skip
    assert standings == {
        "organization:one": "asserted",
        "organization:two": "retracted",
        "organization:three": "origin_withdrawn",
    }


@pytest.mark.parametrize("incident", ["by-parent", "by-publisher"])
def test_a_body_above_and_a_publisher_may_take_back(
    graph: kg.KnowledgeGraph, incident: str
) -> None:
    found = blame(graph, incident)
    assert (found["status"], *counts(found)) == ("retracted", 0, 0, 0)
    assert stored(graph, incident)["status"] == "retracted"


def test_a_retraction_that_was_taken_back_retracts_nothing(graph: kg.KnowledgeGraph) -> None:
    found = blame(graph, "restored")
    assert (found["status"], found["disputed"], *counts(found)) == ("asserted", False, 1, 0, 2)
    assert blame(graph, "restored", as_of="2020-07-01")["status"] == "retracted"


TAKEN = """
- {asserter: FIRST, document: document:one, says: [[incident:raid, ATTRIBUTED_TO,
   group:heron, {ref: v}], [incident:raid, TARGETED, organization:two, {ref: aim}]]}
- {asserter: organization:two, document: document:two, says: [incident:raid, ATTRIBUTED_TO,
   group:heron, {ref: other}]}
- asserter: WHO
  document: document:three
  denies: [incident:raid, ATTRIBUTED_TO, group:heron, {LINK}]
"""


@pytest.mark.parametrize(
    ("first", "who", "link", "denies"),
    [
        ("organization:one", "organization:one", "retracts: v", False),
        ("agency:part", "agency:whole", "retracts: v", False),
        ("organization:three", "organization:one", "retracts: v", False),  # the publisher
        ("organization:one", "organization:one", "retracts: [v, aim]", False),
        ("organization:one", "organization:one", "retracts: aim", True),  # of something else
        ("organization:one", "organization:one", "supersedes: v", True),  # the contrary instead
        ("organization:one", "organization:one", "ref: none", True),
        (
            "organization:one",
            "organization:one",
            "retracts: v, disputes: other",
            True,
        ),  # as it says
    ],
)
def test_whoever_takes_back_denies_nobody_else(
    tmp_path: Path, first: str, who: str, link: str, denies: bool
) -> None:
    text = TAKEN.replace("FIRST", first).replace("WHO", who).replace("LINK", link)
    corpus = written(tmp_path, text)
    found = edge(corpus, "ATTRIBUTED_TO", "incident:raid", "group:heron")
    told = explain(corpus, "incident:raid", *HERON)
    assert found["disputed"] == denies
    if "disputes" in link:
        return
    assert (len(told.denials), len(told.retractions)) == (denies, not denies)
    (said,) = told.said
    assert (len(said.denials), len(said.retractions)) == (denies, not denies)
    alone = corpus.under(Lens(according_to=who)).statements
    (own,) = alone.filter("negative").to_dicts()
    assert own["denies"] == denies
    records = source_track_record(corpus.graph.networkx(), least=1, runs=1).rows
    (other,) = (row for row in records if row["id"] == "organization:two")
    assert other["contradicted"] == denies


CROSS = """
- {asserter: organization:one, document: document:two, says: [incident:raid, ATTRIBUTED_TO,
   group:heron, {ref: v}]}
- {asserter: organization:four, document: document:three, says: [incident:raid, ATTRIBUTED_TO,
   group:heron, {derived_from: v}]}
- asserter: WHO
  document: DOC
  denies: [incident:raid, ATTRIBUTED_TO, group:heron, {HOW: v}]
"""


@pytest.mark.parametrize("how", ["retracts", "supersedes"])
@pytest.mark.parametrize(
    ("who", "document", "why"),
    [
        ("organization:three", "three", "organization:three cannot .* what organization:one said"),
        ("agency:part", "three", "agency:part cannot"),  # a part for the whole
        ("null", "three", "a claim without an asserter cannot"),
        ("organization:four", "three", "organization:four cannot"),  # who only repeats it
        ("organization:one", "one", "cannot .* on 2020-01-01 what was first said on 2020-02-01"),
    ],
)
def test_nobody_takes_back_what_another_said_nor_before_it_was_said(
    tmp_path: Path, who: str, document: str, why: str, how: str
) -> None:
    text = CROSS.replace("WHO", who).replace("DOC", f"document:{document}").replace("HOW", how)
    with pytest.raises(InputError, match=why) as refused:
        written(tmp_path, text)
    (problem,) = refused.value.problems
    assert (problem.field, problem.value) == (how, "v")
    assert problem.place.startswith(str(tmp_path / "own.yaml:"))
    if document != "one":
        assert "organization:one" in str(problem)
        assert "denies" in str(problem)
        assert "disputes: v" in str(problem)


def test_who_has_another_id_in_another_file_may_take_back_too(tmp_path: Path) -> None:
    text = CROSS.replace("WHO", "organization:three").replace("DOC", "document:three")
    same = "- says: [organization:one, SAME_AS, organization:three]\n  document: document:one\n"
    corpus = written(tmp_path, text.replace("HOW", "retracts") + same)
    assert corpus.claims.filter(corpus.claims["standing"] == "retracted").height == 1


# Denied


def test_a_chain_says_that_the_state_at_its_end_denies(graph: kg.KnowledgeGraph) -> None:
    found = graph.corpus()
    assert edge(found, "ATTRIBUTED_TO", "incident:denied", "state:TON")["disputed"]
    steps = [
        ("incident:denied", "ATTRIBUTED_TO", "group:egret"),
        ("group:egret", "CONTROLLED_BY", "agency:ton-government"),
    ]
    for start, kind, end in steps:
        assert not edge(found, kind, start, end)["disputed"]
        told = graph.explain(start, kind, end)
        assert told.denials == ()
        assert [row["asserter"] for row in told.chain_denials] == ["Foreign Ministry of Tonga"]
    (direct,) = graph.explain(*steps[0][:2], "state:TON").denials
    assert direct["disputed_by"], "the desk does not believe it"


def test_an_attribution_chain_marks_the_step_that_is_denied(graph: kg.KnowledgeGraph) -> None:
    rows = {
        tuple(row["chain"]): row
        for row in graph.query("attribution_chain", incident="incident:denied")
    }
    long = rows["Denied raid", "Egret", "Government of Tonga", "Tonga"]
    assert (long["asserters"], long["disputed"]) == ([1, 1, None], [False, False, True])
    assert long["denied_by"] == ["Foreign Ministry of Tonga"]
    assert rows["Denied raid", "Tonga"]["disputed"] == [True]
    undenied = graph.query("attribution_chain", incident="incident:undenied")
    assert undenied.columns == ["chain", "asserters"], "nothing to tell, no column"


def test_what_was_owned_up_to_is_not_denied_any_more(graph: kg.KnowledgeGraph) -> None:
    now = edge(graph.corpus(), "ATTRIBUTED_TO", "incident:undenied", "state:TON")
    assert (now["disputed"], *counts(now)) == (False, 2, 0, 2)
    then = graph.corpus(as_of="2020-05-01")
    assert edge(then, "ATTRIBUTED_TO", "incident:undenied", "state:TON")["disputed"]


def test_whoever_says_the_contrary_later_does_not_say_it_any_more(
    graph: kg.KnowledgeGraph,
) -> None:
    found = blame(graph, "changed")
    assert (found["status"], *counts(found)) == ("superseded", 0, 0, 0)
    assert blame(graph, "changed", as_of="2020-06-30")["status"] == "asserted"


def test_a_state_is_heard_in_what_its_bodies_say(graph: kg.KnowledgeGraph) -> None:
    for word in ("Tonga", "agency:ton-government"):
        heard = graph.corpus(according_to=word).claims
        assert set(heard["asserter"]) == {"agency:ton-foreign"}
    assert set(graph.corpus(according_to="Grove Holding").claims["asserter"]) == {
        "organization:grove"
    }, "an owner does not say what the company says"


# Corrected, raised, lowered


def test_the_latest_of_an_asserters_claims_is_its_stance(graph: kg.KnowledgeGraph) -> None:
    found = blame(graph, "raised")
    assert (found["hedged"], found["confidence"]) == (False, "high")
    assert "likelihood" not in found
    assert "hedges" not in found
    assert counts(found) == (1, 0, 4)
    claims = explained(graph, "raised")["origins"][0]["claims"]
    assert [row["earlier"] for row in claims] == [True, True, True, False]
    assert claims[0]["hedge"] == "perhaps", "what was said before stays readable"
    then = blame(graph, "raised", as_of="2020-06-30")
    assert (then["hedges"], then["likelihood"], then["confidence"]) == (
        ["probably"], "likely", "moderate"
    )  # fmt: skip


def test_a_stance_may_be_weaker_than_what_it_replaces(graph: kg.KnowledgeGraph) -> None:
    """What a paper repeats of it still has its origin, which says the same with less."""
    found = blame(graph, "lowered")
    assert (found["hedges"], found["confidence"], *counts(found)) == (["possibly"], "low", 1, 0, 2)


def test_a_correction_of_a_correction(graph: kg.KnowledgeGraph) -> None:
    affected = {
        day: node(graph.corpus(as_of=day), "incident:counted").get("computers_affected")
        for day in ("2020-03-01", "2020-07-01", "2021-01-01")
    }
    assert affected == {"2020-03-01": 100, "2020-07-01": 200, "2021-01-01": 300}
    assert "conflicts" not in node(graph.corpus(), "incident:counted")
    assert not [row for row in graph.query("conflicts") if row["subject"] == "Counted raid"]


# Whose voice


def test_a_body_and_what_it_is_part_of_are_one_voice_and_the_unknown_are_apart(
    graph: kg.KnowledgeGraph,
) -> None:
    found = blame(graph, "by-owner")
    assert counts(found) == (2, 2, 6)
    assert counts(stored(graph, "by-owner")) == (2, 2, 6)
    told = explained(graph, "by-owner")
    assert (told["independent_origins"], told["unknown_asserters"]) == (2, 2)
    assert sorted(str(origin["asserter"]) for origin in told["origins"]) == [
        "Cyber Desk of Fiji, Interior Ministry of Fiji",
        "Grove Holding, Orchard Labs",
        "None",
    ]


def test_unknown_asserters_are_counted_apart_in_questions_and_measures(
    graph: kg.KnowledgeGraph,
) -> None:
    (row,) = graph.query("single_asserter")
    assert row["no_known_asserter"] == 1
    rows = graph.analyze("independent_support").rows
    of = {row["id"]: row for row in rows if row["predicate"] == "ATTRIBUTED_TO"}
    by_owner, unknown = of["incident:by-owner"], of["incident:unknown"]
    assert (by_owner["origins"], by_owner["unknown"]) == (2, 2)
    assert (unknown["origins"], unknown["unknown"]) == (0, 1)
    assert "incident:relayed" not in of, "nothing stands behind what was taken back"


# The corpora that were given with their readings


@pytest.mark.parametrize(
    "built",
    ["embedded", pytest.param("neo4j", marks=[pytest.mark.neo4j, pytest.mark.soak])],
    indirect=True,
)
def test_the_given_corpora(shared: Path, built: Built) -> None:
    folder = shared / "truth"
    taken = built(folder / "a_retraction.yaml")
    raid = ("ATTRIBUTED_TO", "incident:raid", "group:night")
    found = edge(taken.corpus(), *raid)
    assert (found["status"], *counts(found)) == ("retracted", 0, 0, 0)
    (origin,) = taken.explain("incident:raid", "ATTRIBUTED_TO", "group:night").origins
    assert [row["asserter"] for row in origin.claims] == ["Vendor", "Paper"]
    then = edge(taken.corpus(as_of="2020-02-01"), *raid)
    assert (then["status"], *counts(then)) == ("asserted", 1, 0, 2)

    denied = built(folder / "b_denial.yaml")
    assert edge(denied.corpus(), "ATTRIBUTED_TO", "incident:raid", "state:IRN")["disputed"]
    assert not edge(denied.corpus(), *raid)["disputed"]
    told = denied.explain("group:night", "CONTROLLED_BY", "agency:gov")
    assert [row["asserter"] for row in told.chain_denials] == ["Foreign Ministry of Iran"]
    assert denied.corpus(according_to="Iran").claims.height == 1

    relayed = built(folder / "c_relay.yaml")
    assert counts(edge(relayed.corpus(), *raid)) == (1, 0, 6)
    told = relayed.explain("incident:raid", "amount_stolen")
    assert (told.independent, len({row["document"] for row in told.origins[0].claims})) == (1, 6)

    corrected = built(folder / "e_correction.yaml")
    amounts = [node(corrected.corpus(**lens), "incident:raid")["amount_stolen"]  # type: ignore[arg-type]
               for lens in ({}, {"as_of": "2020-01-20"})]  # fmt: skip
    assert amounts == [12_000_000, 10_000_000]

    raised = built(folder / "f_upgrade.yaml").corpus()
    for incident, group in (("raid", "night"), ("raid2", "day")):
        both = edge(raised, "ATTRIBUTED_TO", f"incident:{incident}", f"group:{group}")
        assert (both["hedged"], both["confidence"], both.get("likelihood")) == (False, "high", None)

    mixed = built(folder / "m_misc.yaml")
    admitted = edge(mixed.corpus(), "ATTRIBUTED_TO", "incident:raid2", "state:IRN")
    assert (admitted["disputed"], *counts(admitted)) == (False, 2, 0, 2)
    assert "occurred" not in node(mixed.corpus(as_of="2021"), "incident:raid")


def test_the_given_retraction_of_anothers_claim_is_refused(shared: Path, built: Built) -> None:
    with pytest.raises(
        InputError, match="organization:p cannot take back what organization:vendor"
    ):
        built(shared / "truth" / "k_cross_retract.yaml")


# Claims written here

OWN = """\
documents:
- {id: document:one, name: One, published_by: organization:one, date: 2020-01-01}
- {id: document:two, name: Two, published_by: organization:one, date: 2020-02-01}
- {id: document:three, name: Three, published_by: organization:three, date: 2020-03-01}
entities:
  organization:one: One
  organization:two: Two
  organization:three: Three
  organization:four: Four
  agency:whole: The whole
  agency:part: {name: A part, part_of: agency:whole}
  group:heron: Heron
  incident:raid: {name: Raid, category: cyber}
claims:
"""


def written(folder: Path, claims: str) -> kg.Corpus:
    path = folder / "own.yaml"
    path.write_text(OWN + textwrap.dedent(claims), encoding="utf-8")
    with kg.open(str(folder / "own.kgl")) as graph:
        graph.build([path])
        return graph.corpus()
