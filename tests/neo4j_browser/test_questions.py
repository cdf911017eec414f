"""Every saved question, pasted into the real Neo4j Browser as the file stands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import expect

from kg.ask.questions import Question, discover
from tests.neo4j_browser.desk import Desk, errors, streamed
from tests.servers.neo4j import Neo4jServer

QUESTIONS = discover()


def cases() -> Iterator[Any]:
    """A few questions that have parameters of each type that Browser is to set, in the normal run:
    what Neo4j makes of the statements is asked elsewhere. `make soak` pastes them all."""
    seen: set[str] = set()
    for question in sorted(QUESTIONS.values(), key=lambda one: -len(types_of(one))):
        marks = [pytest.mark.soak] if types_of(question) <= seen else []
        yield pytest.param(question, id=question.name, marks=marks)
        seen |= types_of(question)


def types_of(question: Question) -> set[str]:
    return {parameter.type for parameter in question.parameters}


@pytest.mark.parametrize("question", list(cases()))
def test_a_question_runs_as_it_stands(desk: Desk, seeded: Neo4jServer, question: Question) -> None:
    wanted = len(seeded.run(question.cypher, **question.arguments({})))

    frame = desk.run(question.text)
    assert errors(frame) == ""
    if question.parameters:
        # Browser ran `:param` lines and statement, and shows a tick for each. The rows it shows
        # for the statement alone, which takes the parameters that have just been set.
        ticks = frame.get_by_title("Status: success")
        expect(ticks).to_have_count(len(question.parameters) + 1)
        frame = desk.run(question.cypher)
        assert errors(frame) == ""

    assert streamed(frame) == wanted


def test_a_broken_statement_is_seen_as_one(desk: Desk) -> None:
    assert "SyntaxError" in errors(desk.run("RETRUN 1"))
    assert "SyntaxError" in errors(desk.run(":param x => 1;\nRETRUN $x"))
