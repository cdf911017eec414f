"""Asking for an entity by id or by name: what is found, and what is said where nothing is."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

import kg
from kg import ontology
from kg.ask.explain import explain
from kg.base.errors import UsageError
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from tests.claimed import CAST, corpus, frame

SAID = """\
- {asserter: organization:vendor, document: document:paper,
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: agency:treasury, document: document:later,
   says: [incident:leak, ATTRIBUTED_TO, group:day]}
"""


@pytest.fixture(scope="module")
def whole() -> Corpus:
    return corpus(SAID)


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    text = CAST + "".join(f"  {line}\n" for line in SAID.splitlines())
    (tmp_path / "cast.yaml").write_text(text, encoding="utf-8")
    with kg.open(tmp_path / "g.kgl") as graph:
        graph.build([tmp_path / "cast.yaml"])
    return tmp_path / "g.kgl"


@pytest.mark.parametrize("word", ["group:night", "Night", "nIGHT", "night"])
def test_an_entity_is_found_by_id_by_name_and_by_its_key(whole: Corpus, word: str) -> None:
    assert whole.find(word) == "group:night"


def test_the_key_of_an_id_is_a_name_of_its_own(whole: Corpus) -> None:
    assert whole.find("KOR") == "state:KOR"
    with pytest.raises(UsageError, match="nothing is called 'group'"):
        whole.find("group")


def test_a_record_of_a_source_finds_what_it_became() -> None:
    cast = CAST.replace("group:night: Night", "group:night: {name: Night, record: 'list:N1'}")
    read_from = Corpus.of(frame(SAID.replace("- {", "    - {"), cast=cast), ontology.load())
    assert read_from.find("list:N1") == "group:night"


def test_a_disputed_claim_is_explained_with_who_denies_it() -> None:
    denied = """
    - {asserter: agency:treasury, document: document:later,
       denies: [incident:theft, ATTRIBUTED_TO, group:night]}
    """
    both = corpus(SAID, denied)
    (claim,) = both.claims.filter(~pl.col("negative") & (pl.col("subject") == "incident:theft"))[
        "id"
    ]
    found = explain(both, claim)
    assert found.name == "The theft attributed to Night"
    assert [row["asserter"] for row in found.denials] == ["The Treasury"]


def test_all_who_go_by_a_name_are_listed_though_one_bears_it_outright() -> None:
    called = """
    - {says: [group:night, alias, theft]}
    """
    with pytest.raises(UsageError) as told:
        corpus(SAID, called).find("Theft")
    assert str(told.value) == (
        "'Theft' names several entities: group:night (Night), incident:theft (The theft)"
    )


@pytest.mark.parametrize(
    ("lens", "where"),
    [
        (Lens(as_of="2018-12"), "in what had been said by 2018-12"),
        (Lens(according_to="organization:vendor"), "in what The Vendor says"),
        (Lens("2018", "organization:vendor"), "in what The Vendor had said by 2018"),
        (Lens(as_of="1999"), "in what had been said by 1999"),
    ],
)
def test_what_a_lens_hides_is_told_apart_from_what_is_not_there(
    whole: Corpus, lens: Lens, where: str
) -> None:
    seen = whole.under(lens)
    with pytest.raises(UsageError) as told:
        seen.find("The leak")
    assert str(told.value) == (
        f"The leak (incident:leak) is in the graph, but not mentioned {where}"
    )
    with pytest.raises(UsageError, match="nothing is called 'The leek'; did you mean 'The leak'"):
        seen.find("The leek")


def test_each_side_of_a_lens_is_told(whole: Corpus) -> None:
    by = Lens(according_to="organization:vendor", known_on="2020", valid_on="2019")
    assert whole.under(Lens(known_on="2020")).where == "in what had been recorded by 2020"
    assert whole.under(by).where == (
        "in what The Vendor says and had been recorded by 2020 and is in force on 2019"
    )


def test_a_lens_before_a_lens_leaves_what_passes_both(whole: Corpus) -> None:
    vendor = whole.under(Lens(according_to="organization:vendor"))
    assert vendor.claims.height == 1
    assert vendor.under(Lens(as_of="2017")).claims.is_empty()
    both = vendor.under(Lens(as_of="2018"))
    assert (both.claims.height, both.lens) == (1, Lens("2018", "organization:vendor"))
    assert both.whole is whole


def test_no_claim_under_a_lens_is_told_with_the_lens(stored: Path) -> None:
    with (
        kg.open(stored) as graph,
        pytest.raises(UsageError, match=r"nobody claims .* in what The Vendor says"),
    ):
        graph.explain("incident:theft", "ATTRIBUTED_TO", "The Press", according_to="The Vendor")


def test_an_id_that_names_nothing_is_told_where_there_are_no_rows(stored: Path) -> None:
    with kg.open(stored) as graph:
        rows = graph.query("who_attributes", incident="incident:theff")
        assert len(rows) == 0
        (hint,) = rows.hints
        assert hint.startswith("incident: nothing is called 'incident:theff'; did you mean")
        assert "'incident:theft'" in hint
        hidden = graph.query("who_attributes", incident="incident:leak", as_of="2018")
        assert "not mentioned in what had been said by 2018" in hidden.hints[0]
        assert graph.query("who_attributes", incident="incident:theft").hints == ()
        # A text or a day that fits nothing is an answer: there is no such thing.
        assert graph.query("find_by_name", words="nothing").hints == ()
        (hint,) = graph.query("who_attributes", incident="group:night").hints
        assert hint.startswith("incident: group:night is here, and no Incident; most is claimed of")
