"""The reader of saved questions: headers, parameters, and what is told of a bad one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from kg.ask import questions
from kg.base.errors import InputError, UsageError
from tools import questions_reference
from tools.reference_page import FOLDER

GOOD = """// title: Something
// question: What is asked,
//   over two lines?
// param group: id, the group
// param most: integer, how many
// param day: day, which day
// param deep: flag, whether further
// param part: number, how much
// columns: name, n
// means: What it means.
// not: What it does not.
:param group => 'group:lazarus-group';
:param most => 3;
:param day => "2019-09-13";
:param deep => false;
:param part => 0.5;

// a comment of the statement
MATCH (n:Group {id: $group}) // and another
RETURN n.name AS name, $most AS n;
"""


def written(folder: Path, text: str, name: str = "something") -> Path:
    path = folder / f"{name}.cypher"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_file_is_read_as_it_is_written(tmp_path: Path) -> None:
    question = questions.read(written(tmp_path, GOOD))
    assert (question.name, question.title) == ("something", "Something")
    assert question.question == "What is asked, over two lines?"
    assert question.columns == ("name", "n")
    assert (question.means, question.means_not) == ("What it means.", "What it does not.")
    assert question.text == GOOD
    assert question.cypher.startswith("MATCH (n:Group")
    assert question.cypher.endswith("$most AS n")
    assert question.arguments({}) == {
        "group": "group:lazarus-group", "most": 3, "day": "2019-09-13", "deep": False, "part": 0.5,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("name", "given", "taken"),
    [("most", "7", 7), ("most", 7, 7), ("deep", "TRUE", True), ("deep", True, True),
     ("part", "2", 2.0), ("day", "2020-02-29", "2020-02-29"), ("group", "group:x", "group:x")],
)  # fmt: skip
def test_arguments_are_taken_by_type(tmp_path: Path, name: str, given: Any, taken: Any) -> None:
    found = questions.read(written(tmp_path, GOOD)).arguments({name: given})[name]
    assert (found, type(found)) == (taken, type(taken))


@pytest.mark.parametrize(
    ("name", "given", "told"),
    [("most", "three", "most must be a whole number, not 'three' (example: 3)"),
     ("day", "13.9.2019", "day must be a day (YYYY-MM-DD), not '13.9.2019'"),
     ("day", "2019-02-30", "day must be a day"),
     ("deep", "perhaps", "deep must be true or false"),
     ("part", "half", "part must be a number"),
     ("group", "Lazarus Group", "group must be an entity's id (kind:name)"),
     ("groop", "x", "has no parameter 'groop' (it has: group, most, day, deep, part); "
                    "did you mean 'group'?")],
)  # fmt: skip
def test_wrong_arguments_are_told(tmp_path: Path, name: str, given: str, told: str) -> None:
    with pytest.raises(UsageError) as why:
        questions.read(written(tmp_path, GOOD)).arguments({name: given})
    assert told in str(why.value)


@pytest.mark.parametrize(
    ("cut", "told"),
    [("// title: Something\n", "title: the header needs a `// title:` line"),
     ("// columns: name, n\n", "columns: the header needs"),
     ("// means: What it means.\n", "means: the header needs"),
     (":param most => 3;\n", "most: needs a default: a line `:param name => value;`"),
     ("// param most: integer, how many\n", "most: has a default but no `// param` line")],
)  # fmt: skip
def test_a_lame_header_is_told_with_its_file(tmp_path: Path, cut: str, told: str) -> None:
    path = written(tmp_path, GOOD.replace(cut, ""))
    with pytest.raises(InputError) as why:
        questions.read(path)
    assert str(why.value).startswith(f"{path}:1: {told}")


def test_a_default_of_another_type_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("most => 3", "most => three"))
    with pytest.raises(InputError, match=r"most: the default must be a whole number .*'three'"):
        questions.read(path)


def test_an_unknown_type_is_told_with_the_nearest(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace("most: integer", "most: integr"))
    with pytest.raises(InputError, match=r"unknown parameter type .*did you mean 'integer'"):
        questions.read(path)


def test_a_file_in_a_folder_is_a_question(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "another_one")
    found = questions.discover([tmp_path])
    assert found.keys() - questions.discover().keys() == {"another_one"}
    assert questions.find("another_one", [tmp_path]).title == "Something"


def test_a_question_is_asked_although_another_file_is_broken(tmp_path: Path) -> None:
    written(tmp_path, GOOD, "another_one")
    written(tmp_path, "no header", "broken")
    with pytest.raises(InputError, match="broken"):
        questions.discover([tmp_path])
    assert questions.find("another_one", [tmp_path]).title == "Something"


def test_an_unknown_name_is_told_with_the_nearest() -> None:
    with pytest.raises(UsageError, match=r"'who_atributes'; did you mean '.*who_attributes'"):
        questions.find("who_atributes")
    with pytest.raises(UsageError, match="`kg query` lists them all"):
        questions.find("xyzzy")


def test_every_saved_question_says_what_it_means_and_does_not() -> None:
    found = questions.discover()
    assert len(found) >= 35
    for question in found.values():
        assert question.question.endswith(("?", ")", ".")), question.name
        assert question.means.endswith("."), question.name
        assert question.means_not.endswith("."), question.name
        assert all(parameter.doc for parameter in question.parameters), question.name


def test_the_page_of_questions_is_up_to_date() -> None:
    assert (FOLDER / "questions.md").read_text("utf-8") == questions_reference.reference(), (
        "run python -m tools.questions_reference"
    )
