"""Parameters of questions, measures and pictures: one rule, one wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from kg import analytics, views
from kg.ask import questions
from kg.base.errors import UsageError, offering
from kg.base.parameters import Parameter, arguments

Reader = Callable[[Mapping[str, Any]], dict[str, Any]]


def of_view(given: Mapping[str, Any]) -> dict[str, Any]:
    return views._arguments(views.discover()["neighbourhood"], {"node": "x", **given})


READERS: dict[str, tuple[Reader, str]] = {
    "structural_balance": (lambda given: analytics.find("structural_balance").read(given), "runs"),
    "neighbourhood": (of_view, "hops"),
}


def question(folder: Path) -> Reader:
    path = folder / "asked.cypher"
    path.write_text(
        "// title: x\n// question: x?\n// columns: n\n// means: x.\n// param most: integer, x\n"
        ":param most => 3;\nRETURN $most AS n;\n",
        encoding="utf-8",
    )
    return questions.read(path).arguments


@pytest.mark.parametrize("owner", ["asked", *READERS])
def test_all_three_say_the_same(owner: str, tmp_path: Path) -> None:
    reader, name = READERS.get(owner) or (question(tmp_path), "most")
    assert reader({name: "7"})[name] == reader({name: 7.0})[name] == 7
    for wrong in ("many", "2.5", 2.5, None, [1], float("inf")):
        told = f"parameter {name} must be a whole number, not {wrong!r} (example: "
        with pytest.raises(UsageError, match=re.escape(told)):
            reader({name: wrong})
    with pytest.raises(UsageError) as why:
        reader({f"{name}s": "1"})
    assert str(why.value).startswith(f"{owner} has no parameter '{name}s' (it has: ")
    assert str(why.value).endswith(f"; did you mean {name!r}?")


def test_what_is_needed_is_asked_for() -> None:
    needed = [Parameter("node", "text", required=True), Parameter("hops", "integer", 2)]
    with pytest.raises(UsageError, match=r"around needs the parameter 'node' \(-p node=…\)"):
        arguments("around", needed, {"hops": "1"})
    assert arguments("around", needed, {"node": 5}) == {"node": "5"}


def test_of_another_type_a_function_takes_what_it_is_given() -> None:
    thing = object()
    assert arguments("f", [Parameter("x", "")], {"x": thing}) == {"x": thing}


def test_the_nearest_else_what_else_there_is() -> None:
    assert offering("no", "abc", ["abcx", "abyy"]) == "no; did you mean 'abcx'?"
    assert offering("no", "zz", ["abc", "abd"]) == "no; known: abc, abd"
    assert offering("no", "zz", ["abc"], otherwise="ask") == "no; ask"
    assert offering("no", "zz", ["abc"], otherwise="") == offering("no", "zz", []) == "no"


def test_nobody_asks_it_in_words_of_its_own(root: Path) -> None:
    files = (root / "kg").rglob("*.py")
    asking = [f.name for f in files if "did you mean" in f.read_text(encoding="utf-8")]
    assert asking == ["errors.py"]
