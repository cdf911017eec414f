"""Plots are made of the seed, and say what is missing instead of drawing nothing."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import networkx as nx
import pytest

from kg.analytics import Result, run
from kg.analytics.kit import plots
from kg.base.errors import UsageError
from kg.graph.corpus import Corpus

pytest.importorskip("matplotlib", reason="matplotlib (extra plots) is not installed")

PNG = b"\x89PNG"


def test_plots_of_the_seed(tmp_path: Path, seed: Corpus) -> None:
    graph = seed.graph.networkx()
    timeline = plots.timeline(graph, tmp_path / "new" / "timeline.png")
    matrix = plots.matrix(graph, tmp_path / "matrix.png")
    assert timeline.read_bytes().startswith(PNG)
    assert matrix.read_bytes().startswith(PNG)
    drawn = plots.concordance(run(seed, "independent_support"), tmp_path / "concordance.svg")
    text = drawn.read_text(encoding="utf-8")
    assert text.startswith("<?xml")


def test_any_result_with_figures_is_drawn_and_others_say_why(tmp_path: Path, seed: Corpus) -> None:
    for name in ("independent_support", "structural_balance", "weakest_link", "group_similarity"):
        result = run(seed, name)
        if name == "weakest_link":
            with pytest.raises(UsageError, match="no figures"):
                plots.plot(result, tmp_path / "x.png")
        else:
            assert plots.plot(result, tmp_path / f"{name}.png").read_bytes().startswith(PNG)
    with pytest.raises(UsageError, match="fewer than two kinds"):
        plots.plot(run(seed, "event_coincidence"), tmp_path / "x.png")


HOSTILE = ("$x_{", "a $b$ c", "\0 nul", "\x1b[2J", r"\$", "_under", "line\nline", "\u202eturned")


def test_a_name_is_no_formula_and_no_control_character(tmp_path: Path) -> None:
    rows = [
        {"subject": name, "predicate": "TARGETED", "object": name, "sources": 2, "origins": 1}
        for name in HOSTILE
    ]
    told = Result(rows, len(rows), "x", 1.0, name="some", question="$x_{")
    counts = replace(told, rows=[{"who": name, "n": 1} for name in HOSTILE])
    for kind in ("png", "svg", "pdf"):
        plots.plot(told, tmp_path / f"told.{kind}")
        plots.plot(counts, tmp_path / f"counts.{kind}")
    for drawn in tmp_path.glob("*.svg"):
        text = drawn.read_text(encoding="utf-8")
        ElementTree.fromstring(text)
        assert r"<!-- \x1b[2J" in text
        assert "<!-- a $b$ c" in text


def test_nothing_to_draw_is_said(tmp_path: Path) -> None:
    empty = nx.MultiDiGraph()
    with pytest.raises(UsageError, match="known to the day"):
        plots.timeline(empty, tmp_path / "x.png")
    with pytest.raises(UsageError, match="attributed"):
        plots.matrix(empty, tmp_path / "x.png")
    with pytest.raises(UsageError, match="several sources"):
        plots.concordance(Result([], 0, "x", 0.0, name="some"), tmp_path / "x.png")
    assert not list(tmp_path.iterdir())
