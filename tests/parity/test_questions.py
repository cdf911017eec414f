"""Every saved question, on every corpus: an independent answer == each engine's, row for row."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

from kg.ask import questions
from kg.graph.corpus import Corpus
from kg.stores import open_store
from kg.stores.base import everything
from tests.parity import reference
from tests.parity.conftest import Graphs
from tests.parity.inputs import corpora
from tests.parity.shapes import askings, bag
from tests.portion import one_in

NAMES = tuple(questions.discover())
NONE = re.compile(r"// reference: none, because \w+")


def told(question: str, rows: Iterable[Iterable[Any]]) -> list[list[Any]]:
    """Rows as `kg query` gives them: of the further columns only those that hold anything."""
    found = questions.find(question)
    whole = [list(row) for row in rows]
    first = len(found.columns)
    kept = [
        place
        for place in range(first + len(found.also))
        if place < first or any(row[place] not in (None, []) for row in whole)
    ]
    return [[row[place] for place in kept] for row in whole]


@pytest.mark.parametrize("question", NAMES)
def test_there_is_an_independent_answer(question: str) -> None:
    text = questions.find(question).text
    assert reference.answer(question) or NONE.search(text), (
        f"{question} has neither a function in tests/parity/reference.py nor a line "
        "`// reference: none, because …`"
    )


def test_rows_are_as_expected(graphs: Graphs, engine: str, corpus: str) -> None:
    wrong = []
    for (question, given), rows in graphs.answers(engine, corpus).rows.items():
        if answer := reference.answer(question):
            wanted = bag(told(question, answer(graphs.networkx(corpus), **json.loads(given))))
            if bag(rows) != wanted:
                wrong.append((question, given, bag(rows), wanted))
    assert wrong == []


def test_engines_agree(graphs: Graphs, engine: str, corpus: str) -> None:
    """Row for row, in the same order: a statement whose order is free says so by UNION."""
    embedded = graphs.answers("kglite", corpus).rows
    for asked, rows in graphs.answers(engine, corpus).rows.items():
        assert bag(rows) == bag(embedded[asked]), asked
        if "UNION" not in questions.find(asked[0]).cypher:
            assert rows == embedded[asked], f"the same rows in another order: {asked}"


@pytest.mark.parametrize("question", NAMES)
def test_some_corpus_has_rows(graphs: Graphs, question: str) -> None:
    assert any(
        rows
        for corpus in corpora()
        for (name, _), rows in graphs.answers("kglite", corpus).rows.items()
        if name == question
    )


def test_columns_are_as_announced(graphs: Graphs) -> None:
    with graphs.embedded("article") as graph:
        for name in NAMES:
            assert graph.query(name).columns == list(questions.find(name).columns), name


# Through a lens: a temporary graph answers as the reference does on the lens' own projection

LENSES: tuple[tuple[str, dict[str, str]], ...] = (
    ("seed", {"as_of": "2017-12-31"}),
    ("seed", {"as_of": "2018-12-31"}),
    ("seed", {"according_to": "agency:us-treasury"}),
    ("seed", {"according_to": "organization:sputnik", "as_of": "2019-09-13"}),
    ("attribution", {"as_of": "2020-03-15"}),
    ("attribution", {"according_to": "organization:vendor-a"}),
    ("diplomacy", {"as_of": "2021-06-30"}),
    ("diplomacy", {"according_to": "organization:chronicle"}),
    ("article", {"as_of": "2010"}),
)


@pytest.mark.parametrize(("corpus", "lens"), one_in(2, LENSES), ids=str)
def test_a_lens_answers_as_its_own_graph(graphs: Graphs, corpus: str, lens: dict[str, str]) -> None:
    projection, store = graphs.through(corpus, lens)
    assert projection.number_of_nodes() < graphs.networkx(corpus).number_of_nodes()
    for name, given in askings(projection):
        if answer := reference.answer(name):
            found = store.query(questions.find(name).cypher, json.loads(given))
            wanted = bag(told(name, answer(projection, **json.loads(given))))
            assert bag(told(name, found.rows)) == wanted, (name, given)
    voices = reference.whose_voice(projection)
    with graphs.embedded(corpus) as graph:
        assert bag(graph.query("whose_voice", **cast(Any, lens)).table.rows) == bag(voices)


def test_an_alias_that_was_merged_is_no_loop(graphs: Graphs) -> None:
    """Where somebody judged that both are one, the disagreement stays readable by its names."""
    with graphs.embedded("one_or_two") as graph, closing(open_store(None)) as store:
        merged = Corpus.of(
            graph.ledger.read(), graph.ontology, identity={"group:south": "group:north"}
        )
        store.prepare(graph.ontology)
        store.apply(everything(merged.graph), graph.ontology)
        found = store.query(questions.find("subgroup_or_alias").cypher)
    assert bag(found.rows) == bag(reference.subgroup_or_alias(merged.graph.networkx()))
    assert ["South", "North", "List One", "List Two"] in found.rows
    assert all(row[0] != row[1] for row in found.rows)


# The answers that were given with the questions


def gold(shared: Path) -> dict[str, dict[str, Any]]:
    text = (shared / "gold" / "questions.yaml").read_text(encoding="utf-8")
    return {question["name"]: question for question in yaml.safe_load(text)["questions"]}


def test_all_that_were_asked_for_are_there(shared: Path) -> None:
    found = questions.discover()
    for name, wanted in gold(shared).items():
        assert list(found[name].columns) == wanted["columns"], name
        assert found[name].arguments({}) == wanted.get("params", {}), name
        assert found[name].question == wanted["ask"], name


@pytest.mark.parametrize("corpus", ["article"])
def test_given_answers(graphs: Graphs, engine: str, corpus: str, shared: Path) -> None:
    given = {name: q for name, q in gold(shared).items() if "answer" in q}
    assert len(given) == 11
    for name, question in given.items():
        asked = (name, json.dumps(question.get("params", {}), sort_keys=True))
        assert bag(graphs.answers(engine, corpus).rows[asked]) == bag(question["answer"]), name
