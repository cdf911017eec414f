"""The script inside pictures: its modules joined, checked, and its rules run without a page."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
import unicodedata
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from kg import ontology
from kg.claims.columns import STATEMENTS
from kg.graph.corpus import Corpus
from kg.graph.lens import Lens
from kg.views import diplomacy
from kg.views.kit.payload import payload, to_text
from kg.views.kit.picture import all_nodes
from kg.views.kit.script import PAGE, TYPES, joined, types_module
from kg.views.kit.selection import selection
from tests.browser.test_recount import (
    RECORDED,
    _quarrel,
    _row,
    made_one,
    python_counts,
    python_facts,
    recorded,
)
from tests.portion import one_in, one_of_so_many, soaked

LENSES = [(day, by, known) for day in (None, "2015-03-10", "2016-07-01")
          for by in (None, "agency:a0", "agency:a1", "agency:a2")
          for known in (None, *RECORDED[:2])]  # fmt: skip


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The modules as a page has them, with what the ontology says of types."""
    folder = tmp_path_factory.mktemp("script")
    shutil.copytree(PAGE, folder, dirs_exist_ok=True)
    rules = {name: one.page for name, one in ontology.load().types.items()}
    (folder / TYPES).write_text(types_module(rules), encoding="utf-8")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    return folder


@pytest.mark.skipif(not shutil.which("node"), reason="node is not here")
@one_of_so_many(3)
@pytest.mark.parametrize("seed", one_in(4, range(4)))
def test_the_rules_agree_with_the_projection_on_a_quarrelsome_corpus(
    seed: int, every: int, tree: Path
) -> None:
    lenses = LENSES[::every]
    statements = recorded(pl.DataFrame([*_quarrel(random.Random(seed))], schema=STATEMENTS))
    known = ontology.load()
    whole = Corpus.of(statements, known)
    ids = [id for kind, frame in whole.graph.nodes.items() if kind != "Claim" for id in frame["id"]]
    data = json.loads(to_text(payload(selection(whole, ids, [], "Everything"), whole)))
    told = _asked(tree, {"data": data, "lenses": lenses})
    answers = told["answers"]
    # nothing is worked out before it is asked for, and how many say so is the same in short
    assert told["unasked"] == [0, 0]
    for lens, answer in zip(lenses, answers, strict=True):
        as_of, by, known_on = lens
        under = Corpus.of(statements, known, lens=Lens(as_of, by, known_on=known_on))
        assert answer["counts"] == python_counts(under), lens
        assert answer["facts"] == python_facts(under), lens


@pytest.mark.skipif(not shutil.which("node"), reason="node is not here")
def test_a_view_judges_incidents_by_what_the_lens_leaves_of_their_category(tree: Path) -> None:
    statements = pl.DataFrame([*_quarrel(random.Random(1))], schema=STATEMENTS)
    known = ontology.load()
    whole = Corpus.of(statements, known)
    page = json.loads(to_text(payload(diplomacy.view(whole), whole)))
    lenses = [(day, by, None) for day in (None, "2015-03-10", "2016-01-01")
              for by in (None, "agency:a0", "agency:a1", "agency:a2", "agency:a3")]  # fmt: skip
    answers = _asked(tree, {"data": page, "lenses": lenses})["answers"]
    drawn = set()
    for (day, by, _), answer in zip(lenses, answers, strict=True):
        under = Corpus.of(statements, known, lens=Lens(day, by))
        rows = all_nodes(under, {"Incident"})
        here = {key for key, row in rows.items() if row.get("category") != "cyber"}
        assert {key for key in answer["facts"] if key.startswith("incident:")} == here, (day, by)
        drawn.add(frozenset(here))
    assert len(drawn) > 3
    assert {"incident:i0"} < set.union(*map(set, drawn))


@pytest.mark.skipif(not shutil.which("node"), reason="node is not here")
def test_what_was_joined_later_stands_apart_before(tree: Path) -> None:
    statements = pl.DataFrame([*_quarrel(random.Random(1))], schema=STATEMENTS, orient="row")
    known = ontology.load()
    whole = made_one(statements, known)
    ids = [id for kind, frame in whole.graph.nodes.items() if kind != "Claim" for id in frame["id"]]
    data = json.loads(to_text(payload(selection(whole, ids, [], "Everything"), whole)))
    days = (None, "2015-03-31", "2015-04-01", "2015-10-10", "2016-07-01")
    lenses = [(day, by, None) for day in days for by in (None, "agency:a0")]
    answers = _asked(tree, {"data": data, "lenses": lenses})["answers"]
    for (day, by, _), answer in zip(lenses, answers, strict=True):
        under = made_one(statements, known, Lens(day, by))
        assert answer["counts"] == python_counts(under), (day, by)
        assert answer["facts"] == python_facts(under), (day, by)
    groups = [{id for id in a["facts"] if id.startswith("group:g")} for a in answers[::2]]
    assert len(groups[1]) > len(groups[4])


LATE = (
    [RECORDED[1], RECORDED[2], RECORDED[1]],  # each after the other
    [RECORDED[2], RECORDED[1], RECORDED[0]],  # the second word on one came first
)
"""When the words of `JOINED` that are dated were recorded."""


@pytest.mark.skipif(not shutil.which("node"), reason="node is not here")
@pytest.mark.parametrize(
    ("late", "seed"),
    [*zip(LATE, (0, 1), strict=True), *map(soaked, [(late, n) for late in LATE for n in (2, 3)])],
)
def test_what_was_recorded_later_stands_apart_before(
    late: list[str], seed: int, tree: Path
) -> None:
    belonging = [
        _row(
            f"of {part} {whole}", declared=True, subject=part, predicate="SUBGROUP_OF", object=whole
        )
        for part in ("group:g1", "group:g3", "group:g2")
        for whole in ("group:g2", "agency:a0")
    ]
    rows = [*belonging, *_quarrel(random.Random(seed))]
    statements = recorded(pl.DataFrame(rows, schema=STATEMENTS, orient="row"))
    whole = made_one(statements, ontology.load(), late=late)
    ids = [id for kind, frame in whole.graph.nodes.items() if kind != "Claim" for id in frame["id"]]
    data = json.loads(to_text(payload(selection(whole, ids, [], "Everything"), whole)))
    some = json.loads(to_text(payload(selection(whole, ids[::2], [], "Some"), whole)))
    lenses: list[tuple[str | None, ...]] = [
        (day, by, known_on)
        for day, by in [(None, None), (None, "agency:a0"), ("2015-04-01", None),
                        ("2015-10-10", None), ("2016-07-01", "agency:a1")]
        for known_on in (None, *RECORDED)
    ]  # fmt: skip
    answers = _asked(tree, {"data": data, "lenses": lenses})["answers"]
    parts = _asked(tree, {"data": some, "lenses": lenses})["answers"]
    for lens, answer, part in zip(lenses, answers, parts, strict=True):
        under = whole.under(Lens(lens[0], lens[1], known_on=lens[2]))
        assert answer["counts"] == python_counts(under), lens
        assert answer["facts"] == python_facts(under), lens
        assert {tuple(link) for link in answer["links"]} == _links(under), lens
        assert part["facts"].keys() == {n["id"] for n in some["nodes"]} & under.names.keys(), lens
    apart = [{"group:g1", "group:g3", "incident:i1"} & answer["facts"].keys() for answer in answers]
    assert not apart[0]
    assert any(apart[1:4])


def _links(corpus: Corpus) -> set[tuple[str, str, str]]:
    """Edges between entities."""
    return {
        (start, kind, end)
        for (kind, *ends), frame in corpus.graph.edges.items()
        if "Claim" not in ends
        for start, end in frame.select("from", "to").iter_rows()
    }


@pytest.mark.skipif(not shutil.which("node"), reason="node is not here")
@one_of_so_many(5)
@pytest.mark.parametrize("seed", one_in(3, range(3)))
def test_what_was_believed_from_day_to_day_is_what_each_days_lens_leaves(
    seed: int, every: int, tree: Path
) -> None:
    rows = pl.DataFrame([*_quarrel(random.Random(seed))], schema=STATEMENTS, orient="row")
    statements, known, known_on = recorded(rows), ontology.load(), RECORDED[1] if seed else None
    late = (RECORDED[0], RECORDED[2], RECORDED[1]) if seed == 2 else ()
    corpus_of: Any = partial(made_one, late=late) if seed else partial(Corpus.of, identity={})
    whole = corpus_of(statements, known)
    ids = [id for kind, frame in whole.graph.nodes.items() if kind != "Claim" for id in frame["id"]]
    data = json.loads(to_text(payload(selection(whole, ids, [], "Everything"), whole)))
    believed = _asked(tree, {"data": data, "days": True, "known": known_on})["believed"]
    today = python_counts(
        whole.under(Lens(known_on=known_on))
    ).keys()  # what stood apart earlier shows no chart today
    believed = {key: series for key, series in believed.items() if key in today}
    days = sorted({day for series in believed.values() for day, *_ in series})
    assert len(days) > 3
    for day in days[seed::every]:
        counts = python_counts(whole.under(Lens(day, known_on=known_on)))
        for key, series in believed.items():
            _, pro, contra = next((e for e in reversed(series) if e[0] <= day), [day, 0, 0])
            told = counts.get(key, {"status": "", "disputed": False})
            live = told["status"] == "asserted"
            assert pro == (told["asserters"] + told["unknown"] if live else 0), (key, day)
            assert bool(contra) == bool(told["disputed"]) or key not in counts, (key, day)


NAMES = {
    "group:one": ["Lazarus Group", "HIDDEN COBRA", "Zinc"],
    "group:two": ["APT38", "Lazarus", "Ўзбек Łazarus"],
    "group:three": ["ﬁn7", "Ｗｉｄｅ  Spaces", "Octópus\nKit", "ΣΊΣΥΦΟΣ"],
    "group:four": ["banana bandana", "\U0001f480 skull", "cobra"],
}
SEARCHES = [
    "lazarus", "LAZ", "group lazarus", "fin7", "wide spaces", "octopus kit", "a", " ", "",
    "lazrus", "banananana", "hiden cobr", "σισυφος", "group:", "skul", "lazarus  group", "zz",
]  # fmt: skip


@pytest.mark.skipif(not shutil.which("node"), reason="node is not here")
def test_a_name_is_found_as_if_each_had_been_looked_at(tree: Path) -> None:
    row = dict.fromkeys(STATEMENTS) | {"source": "test", "declared": True, "negative": False}
    rows = [
        row | {"id": f"{key} {number}", "subject": key, "predicate": predicate, "value": name}
        for key, names in NAMES.items()
        for number, name in enumerate(names)
        for predicate in ["alias" if number else "name"]
    ]
    corpus = Corpus.of(pl.DataFrame(rows, schema=STATEMENTS, orient="row"), ontology.load())
    data = json.loads(to_text(payload(selection(corpus, list(NAMES), [], "Named"), corpus)))
    searched = _asked(tree, {"data": data, "searches": SEARCHES})["searched"]
    for text, (held, like) in zip(SEARCHES, searched, strict=True):
        ranked = [(node, _rank(text, node)) for node in data["nodes"]]
        best = sorted(((n["id"], r) for n, r in ranked if r is not None), key=lambda one: -one[1])
        assert [(id, rank) for id, _, rank in held] == best, text
        near = sorted(((_likeness(text, n), n["id"]) for n in data["nodes"]), key=lambda o: -o[0])
        expected = [(id, round(rank, 9)) for rank, id in near[:3] if rank > 0.4]
        assert [(id, round(rank, 9)) for id, _, rank in like] == expected, text


def _folded(text: str) -> str:
    wide = unicodedata.normalize("NFKD", re.sub(r"\s+", " ", text))
    return "".join(c for c in wide if not unicodedata.category(c).startswith("M")).lower()


def _called(node: dict[str, Any]) -> list[str]:
    return [_folded(name) for name in (node["name"], *node.get("names", ()), node["id"])]


def _rank(text: str, node: dict[str, Any]) -> float | None:
    """How well a node's best name fits; None where none holds all words."""
    parts = _folded(text).split()
    whole = " ".join(parts)
    holding = [name for name in _called(node) if parts and all(part in name for part in parts)]
    ranks = (1e6 if name == whole else 1e3 if name.startswith(whole) else 0 for name in holding)
    return max(ranks, default=None)


def _likeness(text: str, node: dict[str, Any]) -> float:
    asked = _pairs(_folded(text).strip())
    words = [word for name in _called(node) for word in (name, *name.split(" "))]
    return max(2 * len({*asked} & {*_pairs(w)}) / (len({*asked}) + len(w) or 1) for w in words)


def _pairs(word: str) -> list[str]:
    return [word[at : at + 2].ljust(2) for at in range(len(word))]


def _asked(tree: Path, question: dict[str, Any]) -> Any:
    runner = Path(__file__).with_name("rules.mjs")
    asked = json.dumps({"lenses": [], "searches": [], **question})
    ran = subprocess.run(
        ["node", str(runner), str(tree)],
        input=asked, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)


CHECKS = PAGE.parents[2] / "tools" / "page"


@pytest.mark.skipif(
    not (CHECKS / "node_modules" / ".bin" / "eslint").exists(),
    reason="npm has not installed what checks the script (make check does)",
)
@pytest.mark.parametrize(
    ("path", "text", "fault"),
    [
        ("rules/a.js", "export const a = () => document.title;\n", "no-undef"),
        (
            "rules/a.js",
            'import { el } from "../draw/dom.js";\nexport const a = el;\n',
            "restricted",
        ),
        (
            "draw/a.js",
            'import { part } from "../panel/a.js";\nexport const a = part;\n',
            "restrict",
        ),
    ],
)
def test_the_linter_keeps_the_rooms_apart(path: str, text: str, fault: str, tmp_path: Path) -> None:
    file = tmp_path / "page" / path
    file.parent.mkdir(parents=True)
    file.write_text(text, encoding="utf-8")
    linter: list[str | Path] = [
        CHECKS / "node_modules" / ".bin" / "eslint",
        "-c",
        CHECKS / "eslint.config.js",
        "page",
    ]
    ran = subprocess.run(linter, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert fault in ran.stdout


def _tree(folder: Path, **modules: str) -> Path:
    for name, text in modules.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_modules_are_joined_after_those_that_they_import(tmp_path: Path) -> None:
    main = (
        'import { a } from "./one.js";\nimport { b } from "./two.js";\nexport const c = [a, b];\n'
    )
    two = 'import { a } from "./one.js";\n\n/** Twice. */\nexport const b = a * 2;\n'
    folder = _tree(tmp_path, main=main, one="export let a = 1;\n", two=two)
    assert joined(folder) == "let a = 1;\nconst b = a * 2;\nconst c = [a, b];"
    assert joined(folder, {"one.js": "export const a = 7;\n"}).startswith("const a = 7;")


@pytest.mark.parametrize(
    ("modules", "hint"),
    [
        ({"main": 'import { a } from "./one.js";\n'}, "main.js imports one.js, which is not there"),
        ({"main": 'import { a } from "./one.js";\n', "one": "const a = 1;\n"}, "does not export a"),
        (
            {"main": 'import { a } from "./one.js";\n', "one": 'import { c } from "./main.js";\n'},
            "modules import each other: main.js → one.js → main.js",
        ),
        (
            {
                "main": 'import { a } from "./one.js";\nconst b = 1;\n',
                "one": "export const a = 1;\nlet b;\n",
            },
            "both declare b",
        ),
        ({"main": 'import all from "./one.js";\n'}, "this cannot be joined: import all"),
        ({"main": "export default 1;\n"}, "this cannot be joined: export default"),
        ({"main": "const one = await import('./one.js');\n"}, "this cannot be joined: import("),
    ],
)  # fmt: skip
def test_what_cannot_be_joined_is_named(modules: dict[str, str], hint: str, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=re.escape(hint)):
        joined(_tree(tmp_path, **modules))


def test_no_module_of_the_page_is_left_out() -> None:
    assert "startServed" not in joined(PAGE)  # a file that is shared has nothing to ask
    entries = ("served.js", "still.js")
    text = "\n".join(joined(PAGE, entry=entry) for entry in entries)
    assert "import " not in {line[:7] for line in text.splitlines()}
    for path in PAGE.rglob("*.js"):
        first = next(
            line.removeprefix("export ").strip()
            for line in path.read_text(encoding="utf-8").splitlines()
            if line.startswith("export ")
        )
        assert first in text, f"{path.relative_to(PAGE)} is imported by nothing"
