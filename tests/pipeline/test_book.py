"""Who is who through the versions of a list, and what its book has of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

import polars as pl
import pytest

from kg import ontology as ontologies
from kg.claims.emitter import Emitter
from kg.claims.source import Source
from kg.pipeline.book import WHOLE, Book, Entities

ONTOLOGY = ontologies.load()
LIST = Source("list", "x")
FIRST, SECOND, THIRD = date(2019, 1, 1), date(2020, 1, 1), date(2021, 1, 1)

# Who is who


def entries(ids: Mapping[str, Sequence[str]]) -> pl.DataFrame:
    """What a version declares: id → its keys."""
    emit = Emitter(LIST, ONTOLOGY)
    for id, keys in ids.items():
        for key in keys:
            emit.entity(id, "X", record=key)
    return emit.finish()


def followed(*versions: Mapping[str, str]) -> tuple[dict[str, str], dict[str, str]]:
    """Key → id, version after version, read by their records: what goes by another id here in the
    last, and the latest ids."""
    entities, before = Entities(), set[str]()
    for version in versions:
        said = {key: entries({id: [key]}) for key, id in version.items()}
        ids = entities.follow(said, before - version.keys())
        before = set(version)
    return {id: one for id, one in ids.items() if id in version.values()}, entities.latest()


def whole(*versions: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """Id → keys, version after version, read as a whole: what goes by another id in the last."""
    entities = Entities()
    for version in versions:
        ids = entities.follow({WHOLE: entries(version)}, ())
    return {id: one for id, one in ids.items() if id in version}


OWL, CROW, TERN = "group:owl", "group:crow", "group:tern"


@pytest.mark.parametrize(
    ("versions", "ids"),
    [
        # Its key stays.
        ([{"a": OWL}, {"a": CROW}], {CROW: OWL}),
        # The key was rewritten: the one that had it is gone, in this version or long since.
        ([{"a": OWL}, {"b": OWL}], {}),
        ([{"a": OWL}, {"c": TERN}, {"b": OWL}], {}),
        # Nobody takes the id of one that is there under another.
        ([{"a": OWL}, {"a": CROW, "b": OWL}], {CROW: OWL, OWL: "group:owl-2"}),
        # A campaign is no group, whatever its key.
        ([{"a": OWL}, {"a": "campaign:owl"}], {}),
        ([{"a": OWL}, {"a": "campaign:owl"}, {"a": "campaign:owl", "b": OWL}], {}),
        # Who comes back under its own key is who it was, before another gets that for its id …
        ([{"b": OWL}, {"a": OWL}, {"c": OWL, "b": CROW}], {CROW: OWL, OWL: "group:owl-2"}),
        # … and a second one where its key was rewritten, and both are there.
        ([{"a": OWL}, {"b": OWL}, {"b": OWL, "a": CROW}], {}),
        ([{"a": OWL}, {"b": OWL}, {"b": CROW, "a": OWL}], {CROW: OWL, OWL: "group:owl-2"}),
        # What the loader makes one id of is one, as long as it does.
        ([{"a": OWL}, {"a": OWL, "b": OWL}], {}),
        ([{"a": OWL, "b": OWL}, {"a": CROW, "b": CROW}], {CROW: OWL}),
        ([{"a": OWL, "b": OWL}, {"a": CROW, "b": OWL}], {}),
        ([{"a": OWL, "b": CROW}, {"a": TERN, "b": TERN}], {TERN: OWL}),
        ([{"a": OWL, "b": CROW}, {"a": OWL, "b": OWL}, {"a": TERN, "b": OWL}], {}),
    ],
)
def test_records_by_their_keys(versions: list[dict[str, str]], ids: dict[str, str]) -> None:
    assert followed(*versions)[0] == ids


@pytest.mark.parametrize(
    ("versions", "ids"),
    [
        ([{OWL: ["1"]}, {CROW: ["1"]}], {CROW: OWL}),
        ([{OWL: ["1"]}, {CROW: ["1", "2"]}, {TERN: ["2"]}], {TERN: OWL}),
        # It has a key of one that is still there.
        ([{OWL: ["1"]}, {OWL: ["1"], CROW: ["1"]}], {}),
        # It has those of two that are gone, and is neither.
        ([{OWL: ["1"], CROW: ["2"]}, {TERN: ["1", "2"]}], {}),
        # It is of another kind.
        ([{OWL: ["1"]}, {"campaign:crow": ["1"]}], {}),
        # The id that one had is another's now.
        ([{OWL: ["1"]}, {CROW: ["1"]}, {OWL: ["2"], CROW: ["1"]}],
         {CROW: OWL, OWL: "group:owl-2"}),
        ([{OWL: ["1"]}, {CROW: ["1"]}, {OWL: ["1"]}], {}),
    ],
)  # fmt: skip
def test_records_of_a_whole_list(
    versions: list[dict[str, Sequence[str]]], ids: dict[str, str]
) -> None:
    assert whole(*versions) == ids


def test_of_several_that_had_an_id_the_last_has_it() -> None:
    """One is gone, and another took its name."""
    _, latest = followed({"a": OWL, "b": CROW}, {"b": OWL})
    assert latest == {OWL: "group:owl-2", CROW: OWL}


# What the book has


def version(
    document: str, *names: str, hedge: str = "likely", more: Sequence[str] = ()
) -> pl.DataFrame:
    """A document in which the list calls one group so."""
    emit = Emitter(LIST, ONTOLOGY)
    emit.entity("organization:list", "List")
    for called in (document, *more):
        emit.entity(called, called, published_by="organization:list")
    emit.entity(OWL, "Owl", record="a")
    for name in names:
        emit.claim(OWL, "alias", name, asserter="organization:list", document=document, hedge=hedge)
    return emit.finish()


def read(*versions: pl.DataFrame) -> pl.DataFrame:
    """What the book has after a version a year."""
    book = Book(LIST, ONTOLOGY)
    for number, frame in enumerate(versions):
        book.enter(date(2019 + number, 1, 1), {WHOLE: frame}, ())
    return book.frame().filter(predicate="alias").sort("value", "asserted")


def test_what_is_said_again_is_a_statement_of_its_own() -> None:
    again = read(*(version("document:a", *names) for names in ("AB", "A", "AB"))).filter(value="B")
    assert again["withdrawn"].to_list() == ["2020-01-01", None]
    assert again["statement"].to_list() == again["id"].to_list()
    assert again["document"].to_list() == ["document:a", "document:a-2021-01-01"]


def test_a_name_spelt_otherwise_takes_the_place_of_what_it_was() -> None:
    said = read(version("document:a", "Bronze Butler", "Tick"),
                version("document:a", "BRONZE-BUTLER", "Nian"))  # fmt: skip
    ids = dict(said.select("value", "id").iter_rows())
    assert dict(said.select("value", "status").iter_rows()) == {
        "Bronze Butler": "superseded", "Tick": "retracted", "BRONZE-BUTLER": None, "Nian": None,
    }  # fmt: skip
    assert dict(said.select("value", "supersedes").iter_rows()) == {
        "Bronze Butler": None, "Tick": None, "BRONZE-BUTLER": [ids["Bronze Butler"]], "Nian": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "more", "withdrawn"),
    [
        # What says half of the same, or more, is the list, called otherwise.
        ("ABC", (), {"D": "2020-01-01"}),
        ("AB", (), {"C": "2020-01-01", "D": "2020-01-01"}),
        # What says less is another document,
        ("A", (), dict.fromkeys("ABCD", "2020-01-01")),
        # and so is one that was there beside it.
        ("ABCD", ("document:b",), dict.fromkeys("ABCD", "2020-01-01")),
    ],
)
def test_an_edition_is_the_list_where_it_says_half_of_the_same(
    names: str, more: Sequence[str], withdrawn: dict[str, str]
) -> None:
    first = version("document:a", *"ABCD", more=more)
    said = read(first, version("document:b", *names)).filter(asserted="2019-01-01")
    gone = {
        row["value"]: row["withdrawn"] for row in said.iter_rows(named=True) if row["withdrawn"]
    }
    assert gone == withdrawn
