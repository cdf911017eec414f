"""Whatever stands in a claim file, it is read or refused with its place; nothing else happens."""

from __future__ import annotations

import copy
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kg.base.errors import InputError, Problem
from kg.claims.columns import STATEMENTS
from kg.graph.corpus import Corpus
from kg.ontology import load as ontology
from kg.pipeline.check import check
from kg.pipeline.read import claim_file

SOUND: dict[str, Any] = {
    "document": {
        "id": "document:paper",
        "name": "A paper",
        "published_by": "organization:press",
        "date": "2019-09-13",
        "text": "paper.txt",
    },
    "documents": [{"id": "document:other", "name": "Other", "date": "2018"}],
    "entities": {
        "organization:press": "The Press",
        "agency:treasury": {"name": "The Treasury", "part_of": "state:USA"},
        "state:USA": "United States",
        "person:leader": {
            "name": "Leader",
            "represents": {"to": "state:USA", "valid": "2017/2023", "office": "head"},
        },
        "group:night": {"name": "Night Group", "unnamed": "true", "cardinality": "3"},
        "incident:theft": {"name": "The theft", "category": "cyber"},
    },
    "claims": [
        {
            "asserter": "agency:treasury",
            "paragraph": "1",
            "span": ["0", "5"],
            "quote": "First",
            "summary": "The Treasury blames the Night Group.",
            "statement": "key",
            "ref": "blame",
            "reliability": "A",
            "collective": "true",
            "says": [
                ["incident:theft", "ATTRIBUTED_TO", "group:night"],
                ["incident:theft", "amount_stolen", "80 million", {"hedge": "some"}],
                ["incident:theft", "occurred", "2017-05", {"valid_basis": "stated"}],
            ],
        },
        {
            "asserted": "2019-10",
            "document": "document:other",
            "derived_from": ["blame"],
            "denies": ["incident:theft", "ATTRIBUTED_TO", "state:USA"],
        },
    ],
}

ODD = st.one_of(
    st.none(),
    st.text(max_size=12),
    st.sampled_from(
        [
            *(
                "",
                "²",
                "-1",
                "1e400",
                "nan",
                "true",
                "..",
                "2018/..",
                "2019-02-30",
                "\ud800",
                "\x1f",
            ),
            *("incident:theft", "document:paper", "claim:x", "organization:press", "SUBJECT"),
            *("place", "negative", "subject", "self", "id", "declared", "recorded", "unit", "to"),
            *("USD", "lower", "nothing#here", "claim:0000000000000000", "group:\u200b", "x" * 5000),
        ]
    ),
    st.integers(),
    st.floats(),
    st.dates(),
    st.lists(st.text(max_size=5), max_size=4),
    st.dictionaries(st.sampled_from(["to", "valid", "name", "place", "id"]), st.text(max_size=5)),
    st.just([["deep"], [{"er": None}]]),
)


def spots(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    inside = node.items() if isinstance(node, dict) else enumerate(node)
    if isinstance(node, dict | list):
        for key, value in inside:
            yield from spots(value, (*path, key))


SPOTS = [spot for spot in spots(SOUND) if spot]


def changed(changes: list[tuple[tuple[Any, ...], str, Any]]) -> Any:
    whole = copy.deepcopy(SOUND)
    for spot, how, odd in changes:
        holder: Any = whole
        try:
            for key in spot[:-1]:
                holder = holder[key]
            if how == "replace":
                holder[spot[-1]] = odd
            elif how == "drop":
                del holder[spot[-1]]
            elif isinstance(holder, dict):
                holder[str(odd)] = holder[spot[-1]]
            else:
                holder.append(odd)
        except (AttributeError, KeyError, IndexError, TypeError):
            continue  # an earlier change took that spot away
    return whole


CHANGES = st.lists(
    st.tuples(st.sampled_from(SPOTS), st.sampled_from(["replace", "drop", "add"]), ODD),
    min_size=1,
    max_size=3,
)


@given(changes=CHANGES)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_odd_claim_files_are_read_or_refused_with_their_place(
    changes: list[tuple[tuple[Any, ...], str, Any]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "odd.yaml"
        (path.parent / "paper.txt").write_text("First line.\n", encoding="utf-8")
        path.write_text(yaml.safe_dump(changed(changes)), encoding="utf-8")
        problems: tuple[Problem, ...] = ()
        try:
            batch = claim_file(path, ontology())
            check([batch], ontology())
        except InputError as why:
            problems = why.problems
        if problems:
            assert all(str(path) in problem.place for problem in problems)
            return
        frame = batch.frame.select(list(STATEMENTS))
        assert frame["id"].is_unique().all()
        graph = Corpus.of(frame, ontology()).graph
        claims = frame.filter(~pl.col("declared"))
        assert graph.counts().get("Claim", 0) <= claims.height
