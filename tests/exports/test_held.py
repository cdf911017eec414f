"""What `docs/exports.md` says that each format holds, each read back and held to exactly that."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

import kg
from kg.claims.columns import STATEMENTS
from kg.exports import export, rdf
from kg.graph.corpus import Corpus
from tests.exports.test_exports import loaded
from tests.exports.test_stix_back import CORPUS
from tests.loaders.loading import ROOT

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")

Claims = Mapping[str, Mapping[str, Any]]
"""Claim id → column → value; no empty ones."""

PAGE = (ROOT / "docs" / "exports.md").read_text(encoding="utf-8")


def table() -> tuple[list[str], dict[str, list[str]]]:
    """The formats of the page's table, and what it says of each column of a claim, by format."""
    rows = re.findall(r"^\| (.+?) \|$", PAGE.partition("## What comes back")[2], re.M)
    head, *body = (row.split(" | ") for row in rows)
    held = {}
    for what, *answers in body:
        for column in re.findall(r"`(\w+)`", what):
            held[column] = answers
    return [name.strip("`") for name in head[1:]], held


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    folder = tmp_path_factory.mktemp("held")
    (folder / "all.yaml").write_text(json.dumps(CORPUS))  # JSON is YAML
    with kg.open(str(folder / "a.kgl")) as graph:
        graph.build([folder / "all.yaml"])
        return graph.corpus()


def filled(row: Mapping[str, Any]) -> dict[str, Any]:
    """A claim's columns as JSON has them, without those that say nothing."""
    plain = {n: v.isoformat() if isinstance(v, date | datetime) else v for n, v in row.items()}
    return {n: v for n, v in plain.items() if v not in (None, False, [], "{}") and n in STATEMENTS}


def own(corpus: Corpus) -> dict[str, dict[str, Any]]:
    return {row["id"]: filled(row) for row in corpus.claims.iter_rows(named=True)}


def from_stix(path: Path, corpus: Corpus) -> Claims:
    return own(loaded("stix", path, path.parent))


def from_jsonl(path: Path, corpus: Corpus) -> Claims:
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    return {row["id"]: filled(row) for row in rows}


def from_rdf(path: Path, corpus: Corpus) -> Claims:
    """By rdflib: the triple that a claim states, and what the default graph says of it."""
    rdflib = pytest.importorskip("rdflib", reason="rdflib (extra exports) is not installed")
    data = rdflib.Dataset(default_union=True)
    data.parse(path, format="nquads")
    found: dict[str, dict[str, Any]] = {}
    for kind in ("Claim", "Denial"):
        for me in data.subjects(rdflib.RDF.type, rdflib.URIRef(rdf.TERM + kind)):
            if str(me).startswith(f"{rdf.OURS}claim:"):
                found[_plain(me)] = _described(data, me, rdflib.RDF) | {"id": _plain(me)}
                if kind == "Denial":
                    found[_plain(me)]["negative"] = True
    return found


def _described(data: Any, me: Any, terms: Any) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, said in rdf.SAID.items():
        places = [said.replace("prov:", rdf.PROV), rdf.TERM + name]
        values = [_plain(o) for p, o in data.predicate_objects(me) if str(p) in places]
        if values:
            row[name] = sorted(values) if isinstance(_like(name), list) else values[0]
    ours = {str(p).removeprefix(rdf.TERM): str(o) for p, o in data.predicate_objects(me)
            if str(p).startswith(rdf.TERM)}  # fmt: skip
    qualifiers = {n: text for n, text in sorted(ours.items()) if n not in {*rdf.SAID, "standing"}}
    if qualifiers:
        row["qualifiers"] = json.dumps(qualifiers)
    target = next(iter(data.objects(me, terms.object)))
    row["subject"] = _plain(next(iter(data.objects(me, terms.subject))))
    row["predicate"] = str(next(iter(data.objects(me, terms.predicate)))).rpartition(":")[2]
    row["object" if str(target).startswith(rdf.OURS) else "value"] = _plain(target)
    return row


def _like(name: str) -> Any:
    return [] if name in ("derived_from", "disputes", "retracts", "supersedes") else None


def _plain(term: Any) -> Any:
    value = getattr(term, "value", None)
    if isinstance(value, bool | int):
        return value
    return str(term).removeprefix(rdf.OURS)


def from_ftm(path: Path, corpus: Corpus) -> Claims:
    """Its links. Ids are FollowTheMoney's there: one is found again by what its ends are called."""
    back, found = loaded("ftm", path, path.parent), {}
    mine = {_said(row, corpus.names): row["id"] for row in corpus.claims.iter_rows(named=True)}
    for row in back.claims.iter_rows(named=True):
        id = mine.get(_said(row, back.names))
        if id is not None and row["object"]:
            found[id] = filled(row) | {"asserter": back.names.get(row["asserter"] or "")}
    return found


def _said(row: Mapping[str, Any], names: Mapping[str, str]) -> tuple[str, str, str]:
    target = names[row["object"]] if row["object"] else row["value"]
    return names[row["subject"]], row["predicate"], target


READ: dict[str, Callable[[Path, Corpus], Claims]] = {
    "stix": from_stix, "jsonl": from_jsonl, "rdf": from_rdf, "ftm": from_ftm,
}  # fmt: skip


def test_the_page_names_every_column_of_a_claim() -> None:
    formats, held = table()
    assert formats == [*READ]
    assert held.keys() == set(STATEMENTS) - {"declared"}


@pytest.mark.parametrize("format_", READ)
def test_what_comes_back_is_what_the_page_says(
    corpus: Corpus, tmp_path: Path, format_: str
) -> None:
    export(corpus, format_, tmp_path / "out.json")
    before, after = own(corpus), READ[format_](tmp_path / "out.json", corpus)
    assert after.keys() == before.keys() or format_ == "ftm"
    formats, held = table()
    wrong = []
    for column, answers in held.items():
        answer = answers[formats.index(format_)]
        wants = {id: wanted(answer, column, before[id], corpus) for id in after}
        same = all(after[id].get(column) == want for id, want in wants.items())
        if any(want is not None for want in wants.values()) and same is (answer == "no"):
            wrong.append(column)
    assert wrong == []


def wanted(answer: str, column: str, claim: Mapping[str, Any], corpus: Corpus) -> Any:
    """What a format that holds a column so must give back."""
    if answer == "as it applies":
        return corpus.marks.claim(claim["id"])
    if answer == "as here":
        return corpus.names.get(claim.get(column.removesuffix("_name"), ""))
    if answer == "named":
        return corpus.names.get(claim.get(column, ""))
    assert answer in ("yes", "no")
    return claim.get(column)
