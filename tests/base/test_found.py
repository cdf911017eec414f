"""One rule for all that is found: one file adds it, a second is refused or says it replaces it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kg import analytics, exports, loaders, ontology, views
from kg.ask import questions
from kg.base.discovery import Found, by_name
from kg.base.errors import InputError, UsageError
from kg.loaders.kit.sources import known_sources
from kg.stores import open_store

NODE = 'kind: {name}\ndoc: "{mark}"\nlook: {{shape: square, colour: "#446688"}}\n'
EDGE = (
    'edge: {name}\ndoc: "{mark}"\ngroup: attribution\nfrom: [Group]\nto: [Group]\n'
    'look: {{colour: "#446688"}}\n'
)
WORDS = '{name}:\n  source: "{mark}"\n  terms: {{one: first}}\n'
QUESTION = "// title: {mark}\n// question: Which?\n// columns: n\n// means: One.\nRETURN 1 AS n;\n"
SOURCE = 'name: {name}\nformat: stix\nlicence: CC0-1.0\nabout: "{mark}"\n'
LOADER = (
    'from kg.claims.checks import Checks\nFORMAT, DOC, CHECKS = "{name}", "{mark}", Checks()\n'
    'HOME = LICENCE = ""\ndef load(paths, emit): ...\n'
)
MEASURE = (
    "from kg.analytics import measure\n"
    '@measure(question="{mark}", reference="", complexity="")\ndef {name}(graph): ...\n'
)
VIEW = 'DOC = "{mark}"\ndef view(corpus): ...\n'
EXPORT = 'FORMAT, DOC = "{name}", "{mark}"\ndef export(corpus, path): ...\n'
STORE = (
    "from kg.base.errors import UsageError\n"
    'SCHEMES = ("{name}",)\ndef open_url(url, *, write):\n    raise UsageError("{mark}")\n'
)


@dataclass(frozen=True)
class Sort:
    """A sort of thing: what its file looks like, and what is told of those that are found."""

    path: str
    text: str
    shipped: str
    """The name of one that comes with the project."""
    says_so: str
    marks: Callable[[], Mapping[str, str]]

    def write(self, folder: Path, name: str, mark: str, says_so: str = "") -> Path:
        """A file in a folder of `KG_PATH`."""
        path = folder / self.path.format(name=name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(says_so + self.text.format(name=name, mark=mark), encoding="utf-8")
        return path


def of_sources() -> dict[str, str]:
    return {one["name"]: one["about"] for row in known_sources() for one in row["comes with kg"]}


def of_stores() -> dict[str, str]:
    """What opening says; nothing of the shipped one, whose server is not there."""
    told = {}
    for scheme in ("py2neo+bolt", "mine"):
        with pytest.raises(UsageError) as why:
            open_store(f"{scheme}://")
        if "no engine speaks" not in str(why.value):
            told[scheme] = str(why.value)
    return told


YAML, CODE = "replaces: true\n", "REPLACES = True\n"
SORTS = {
    "node kind": Sort("ontology/nodes/{name}.yaml", NODE, "Region", YAML,
                      lambda: {k: n.doc for k, n in ontology.load().nodes.items()}),
    "edge kind": Sort("ontology/edges/{name}.yaml", EDGE, "RIVAL_OF", YAML,
                      lambda: {k: e.doc for k, e in ontology.load().edges.items()}),
    "question": Sort("cypher/{name}.cypher", QUESTION, "disputed", "// replaces: true\n",
                     lambda: {k: q.title for k, q in questions.discover().items()}),
    "source": Sort("sources/{name}/source.yaml", SOURCE, "attack", YAML, of_sources),
    "loader": Sort("loaders/{name}.py", LOADER, "ftm", CODE,
                   lambda: {k: found.DOC for k, found in loaders.loaders().items()}),
    "measure": Sort("analytics/{name}.py", MEASURE, "brokerage", CODE,
                    lambda: {k: m.question for k, m in analytics.discover().items()}),
    "view": Sort("views/{name}.py", VIEW, "path", CODE,
                 lambda: {k: v.doc for k, v in views.discover().items()}),
    "export": Sort("exports/{name}.py", EXPORT, "gexf", CODE,
                   lambda: {k: m.DOC for k, m in exports.discover().items()}),
    "store": Sort("stores/{name}.py", STORE, "py2neo+bolt", CODE, of_stores),
}  # fmt: skip
OWN = {"node kind": "Mine", "edge kind": "MINE"}
MARK = "one of my own"


@pytest.fixture
def mine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in `KG_PATH`."""
    monkeypatch.setenv("KG_PATH", str(tmp_path))
    ontology.read._load.cache_clear()
    return tmp_path


@pytest.mark.parametrize("sort", SORTS)
def test_one_file_adds_one(sort: str, mine: Path) -> None:
    name = OWN.get(sort, "mine")
    SORTS[sort].write(mine, name, MARK)
    found = SORTS[sort].marks()
    assert found[name] == MARK
    assert sort == "store" or SORTS[sort].shipped in found


@pytest.mark.parametrize("sort", SORTS)
def test_a_second_of_one_name_is_refused_with_both_files(sort: str, mine: Path) -> None:
    path = SORTS[sort].write(mine, SORTS[sort].shipped, MARK)
    with pytest.raises(InputError) as why:
        SORTS[sort].marks()
    (problem,) = why.value.problems
    assert problem.place.partition(":")[0] == str(path)
    named = f"there is a {sort}"
    assert problem.message.startswith(named), problem.message
    other = Path(problem.message.split("already, in ")[1].split(": give")[0].partition(":")[0])
    assert other.is_file()
    assert other != path
    assert SORTS[sort].says_so.strip().strip("/ ") in problem.message


@pytest.mark.parametrize("sort", SORTS)
def test_what_says_so_replaces_another(sort: str, mine: Path) -> None:
    one = SORTS[sort]
    one.write(mine, one.shipped, MARK, one.says_so)
    assert one.marks()[one.shipped] == MARK


def test_a_vocabulary_is_refused_or_replaced_too(mine: Path) -> None:
    path = mine / "ontology" / "vocabularies.yaml"
    path.parent.mkdir()
    name = next(iter(ontology.load().vocabulary))
    path.write_text(WORDS.format(name=name, mark=MARK), "utf-8")
    ontology.read._load.cache_clear()
    with pytest.raises(InputError, match=rf"vocabularies\.yaml:1: there is a vocabulary '{name}'"):
        ontology.load()


def found(name: str, path: str, replaces: bool = False, thing: Any = None) -> Found[Any]:
    return Found(name, thing or object(), Path(path), replaces)


def test_only_one_can_replace_wherever_it_stands_in_the_order() -> None:
    plain, one, two = found("a", "x.py"), found("a", "y.py", True), found("a", "z.py", True)
    assert by_name("view", [plain, one]) == by_name("view", [one, plain]) == {"a": one.thing}
    with pytest.raises(InputError, match=r"z\.py: replaces the view 'a', and so does y\.py"):
        by_name("view", [plain, one, two])


def test_one_thing_that_is_found_twice_is_one() -> None:
    first = found("a", "x.py")
    again = found("a", "./x.py")
    imported = found("a", "y.py", thing=first.thing)
    assert by_name("measure", [first, again, imported]) == {"a": first.thing}


def test_a_folder_named_twice_doubles_nothing(mine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KG_PATH", f"{mine}:{mine}")
    for sort, one in SORTS.items():
        one.write(mine, OWN.get(sort, "mine"), MARK)
    for sort, one in SORTS.items():
        assert one.marks()[OWN.get(sort, "mine")] == MARK


@pytest.mark.parametrize("word", ["yes", "True "])
def test_a_question_says_true_or_false(word: str, tmp_path: Path) -> None:
    path = tmp_path / "q.cypher"
    path.write_text(f"// replaces: {word}\n" + QUESTION.format(mark="x"), "utf-8")
    with pytest.raises(InputError, match="replaces: must be true or false"):
        questions.read(path)
