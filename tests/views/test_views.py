"""Views without a browser: what is drawn, where it stands, and what the file holds."""

from __future__ import annotations

import gzip
import json
import random
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import Any, NoReturn

import networkx as nx
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

import kg
from kg import views
from kg.api import KnowledgeGraph
from kg.base.errors import UsageError
from kg.claims.columns import STATEMENTS
from kg.graph.concluded import merged_in, merged_rows
from kg.graph.corpus import Corpus
from kg.ontology import load
from kg.views import attribution, diplomacy
from kg.views.kit import layout as _layout
from kg.views.kit import lettered as _lettered
from kg.views.kit import payload as _payload
from kg.views.kit import timeline as _timeline
from kg.views.kit.picture import Link, Picture, all_links, all_nodes
from tests.browser.synthetic import corpus as synthetic
from tests.claimed import frame as claimed


@pytest.fixture(scope="module")
def graph(seed_graph: KnowledgeGraph) -> KnowledgeGraph:
    return seed_graph


@pytest.fixture(scope="module")
def corpus(graph: KnowledgeGraph) -> Corpus:
    return graph.corpus()


def data_of(path: Path) -> dict[str, Any]:
    """The data that a page carries, read as a browser reads it."""
    found = re.search(
        r'<script type="application/(\w+)" id="data">(.*?)</script>', path.read_text("utf-8"), re.S
    )
    assert found
    text = gzip.decompress(b64decode(found[2])).decode() if found[1] == "gzip" else found[2]
    made: dict[str, Any] = json.loads(text)
    return made


def claims_in(data: dict[str, Any]) -> list[dict[str, Any]]:
    """The claims, each with what it shares with others."""
    heads = data["claims"]
    return [head | claim for head in heads for claim in head["claims"]]


# --- discovery and arguments -------------------------------------------------------------------


def test_views_are_found_with_their_parameters() -> None:
    found = views.discover()
    assert {"attribution", "diplomacy", "neighbourhood", "path"} <= found.keys()
    wanted = {p.name: (p.type, p.required) for p in found["neighbourhood"].parameters}
    assert wanted == {
        "node": ("text", True),
        "hops": ("integer", False),
        "hubs": ("flag", False),
    }
    assert [p.name for p in found["path"].parameters][:2] == ["from", "to"]
    assert all(view.doc for view in found.values())


def test_a_view_is_one_new_file(tmp_path: Path) -> None:
    (tmp_path / "states.py").write_text(
        "from kg.views import Picture\nDOC = 'States.'\n"
        "def view(corpus, most: int = 3) -> Picture:\n"
        "    return Picture('States', 'All states.', {}, [], {})\n",
        encoding="utf-8",
    )
    found = views.discover([tmp_path])
    assert found["states"].doc == "States."
    assert found["states"].parameters[0].default == 3


def test_the_example_of_the_guide_is_a_view(root: Path, tmp_path: Path, corpus: Corpus) -> None:
    text = (root / "docs" / "pictures.md").read_text(encoding="utf-8")
    (tmp_path / "states.py").write_text(text.split("```python")[1].split("```")[0], "utf-8")
    picture = views.discover([tmp_path])["states"].draw(corpus, most=5)
    assert len(picture.nodes) == 5
    assert picture.positions.keys() == picture.nodes.keys()


def test_the_guide_names_every_key(root: Path) -> None:
    guide = (root / "docs" / "pictures.md").read_text(encoding="utf-8")
    script = (root / "kg" / "views" / "page" / "panel" / "keys.js").read_text(encoding="utf-8")
    letters = re.findall(r'^  \["([a-z/?])", ', script, re.MULTILINE)
    assert len(letters) > 10
    for letter in set(letters) - {"g"}:  # `g` is for narrow screens
        assert f"`{letter}`" in guide


@pytest.mark.parametrize(
    ("view", "parameters", "hint"),
    [
        ("atribution", {}, "attribution"),
        ("attribution", {"node": "x"}, "has no parameter 'node' (it has: none)"),
        ("neighbourhood", {}, "needs the parameter 'node' (-p node=…)"),
        ("neighbourhood", {"node": "group:lazarus-grup"}, "group:lazarus-group"),
        ("neighbourhood", {"node": "group:lazarus-group", "hops": "two"}, "whole number"),
        ("path", {"from": "incident:wannacry"}, "needs the parameter 'to'"),
        ("path", {"from": "organization:sputnik", "to": "incident:wannacry"}, "structural"),
    ],
)
def test_wrong_use_names_what_was_meant(
    view: str, parameters: dict[str, Any], hint: str, corpus: Corpus, tmp_path: Path
) -> None:
    with pytest.raises(UsageError, match=re.escape(hint)):
        views.render(corpus, view, tmp_path / "out.html", **parameters)
    assert not list(tmp_path.iterdir())


# --- attribution -------------------------------------------------------------------------------


def test_attribution_runs_from_left_to_right(corpus: Corpus) -> None:
    picture = attribution.view(corpus)
    x = {node: place[0] for node, place in picture.positions.items()}
    for link in picture.links:
        if link.kind in ("ATTRIBUTED_TO", "CONTROLLED_BY"):
            assert x[link.source] < x[link.target], link
        if link.kind == "TARGETED":
            assert x[link.source] > x[link.target], link
    assert set(corpus.graph.nodes["Incident"]["id"]) & picture.nodes.keys()


def test_attribution_holds_every_attributed_incident(corpus: Corpus) -> None:
    picture = attribution.view(corpus)
    drawn = {(k.source, k.target) for k in picture.links if k.kind == "ATTRIBUTED_TO"}
    edges = corpus.graph.edges_of("ATTRIBUTED_TO")
    incidents = edges.filter(pl.col("from_kind").is_in(["Incident", "Campaign"]))
    assert incidents.height > 10
    assert set(incidents.select("from", "to").iter_rows()) <= drawn
    hit = {k.source.partition(":")[0] for k in picture.links if k.kind == "TARGETED"}
    assert hit <= {"incident", "campaign"}


@pytest.mark.parametrize("view", [attribution.view, diplomacy.view])
def test_no_two_nodes_on_one_spot(view: Any, corpus: Corpus) -> None:
    places = list(view(corpus).positions.values())
    for (x, y), (x2, y2) in combinations(places, 2):
        assert abs(x - x2) >= 40 or abs(y - y2) >= 40


def crossings(positions: Mapping[str, tuple[float, float]], links: list[Link]) -> int:
    """Pairs of lines between the same two columns that cross."""
    spans = [(positions[k.source], positions[k.target]) for k in links]
    found = 0
    for (a, b), (c, d) in combinations(spans, 2):
        if a[0] == c[0] and b[0] == d[0]:
            found += (a[1] - c[1]) * (b[1] - d[1]) < 0
    return found


def test_what_stood_apart_has_its_line_beside_the_one_that_it_became() -> None:
    said = """\
    - {asserter: organization:vendor, document: document:paper, summary: One.,
       says: [incident:leak, ATTRIBUTED_TO, group:night]}
    """
    rows = pl.concat([claimed(said), merged_rows([("group:night", "group:day", date(2019, 1, 1))])])
    corpus = Corpus.of(rows, load(), identity=merged_in(rows))
    drawn = _payload.payload(views.discover()["attribution"].draw(corpus), corpus)
    ids = [node["id"] for node in drawn["nodes"]]
    links = {ids[link["to"]]: link for link in drawn["links"] if link["kind"] == "ATTRIBUTED_TO"}
    one, other = links["group:day"], links["group:night"]
    assert other["caption"][:2] == one["caption"][:2]
    assert other["caption"][2] > one["caption"][2]
    assert [x for x, _ in other["via"]] == [x for x, _ in one["via"]]


def test_columns_are_ordered_so_that_few_lines_cross() -> None:
    dice = random.Random(3)
    links = [Link(f"a{i}", "X", f"b{i}", {}) for i in range(25)]
    names = [f"a{i}" for i in range(25)] + [f"b{i}" for i in range(25)]
    dice.shuffle(names)
    column_of = {name: int(name.startswith("b")) for name in names}
    positions = _layout.columns(column_of, links, {0: "A", 1: "B"}).positions
    assert crossings(positions, links) == 0


@given(
    st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=40),
    st.floats(1, 200),
)
def test_places_keep_their_order_and_distance(wanted: list[float], gap: float) -> None:
    places = _layout._apart(wanted, [0.0, *[gap] * (len(wanted) - 1)])
    assert all(after - before >= gap - 1e-6 for before, after in pairwise(places))
    if all(after - before >= gap for before, after in pairwise(wanted)):
        assert places == pytest.approx(wanted)


# --- diplomacy ---------------------------------------------------------------------------------


def test_diplomacy_runs_along_time_in_lanes(corpus: Corpus) -> None:
    picture = diplomacy.view(corpus)
    kinds: dict[str, set[float]] = {}
    for key, (_, y) in picture.positions.items():
        lane = next(band.name for band in picture.bands if band.start <= y < band.end)
        kinds.setdefault(str(picture.nodes[key]["kind"]), set()).add(hash(lane))
    assert all(len(lanes) == 1 for lanes in kinds.values())
    life = corpus.ontology.life
    for kind in ("Meeting", "Statement", "Sanction"):
        rows = {key: row for key, row in picture.nodes.items() if row["kind"] == kind}
        dated = {k: t for k, row in rows.items() if (t := _timeline.when(row, life))}
        days = [(t[0] + (t[1] - t[0]) / 2, picture.positions[k][0]) for k, t in dated.items()]
        assert len(days) > 1
        assert sorted(days) == sorted(days, key=lambda day: (day[1], day[0]))


def test_commitments_stand_below_their_agreement_and_say_whom_they_oblige(corpus: Corpus) -> None:
    picture = diplomacy.view(corpus)
    pairs = [k for k in picture.links if k.kind == "HAS_COMMITMENT"]
    assert pairs
    for link in pairs:
        assert picture.positions[link.target][1] > picture.positions[link.source][1]
    assert "United States" in picture.notes["commitment:drills-freeze"]


def test_cyber_incidents_are_left_to_attribution(corpus: Corpus) -> None:
    assert "incident:wannacry" not in diplomacy.view(corpus).nodes
    assert "incident:projectiles-2019-09" in diplomacy.view(corpus).nodes


def test_thousands_of_events_are_placed_with_few_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = Counter[str]()
    free = _timeline._Lane._free

    def counted(lane: _timeline._Lane, x: float, row: int) -> bool:
        looks["free"] += 1
        return free(lane, x, row)

    monkeypatch.setattr(_timeline._Lane, "_free", counted)
    day = date(2022, 2, 24)
    times = {f"dated:{n}": (day, day) for n in range(4000)}
    times |= {f"spread:{n}": (day + timedelta(days=n),) * 2 for n in range(2000)}
    undated = [f"undated:{n}" for n in range(4000)]
    links = [Link(node, "ABOUT", "dated:0", {}) for node in undated]
    lane_of = dict.fromkeys([*times, *undated], 0)
    lane_of |= {f"few:{n}": 1 for n in range(_timeline.CROWD)}
    drawn = _timeline.timeline(lane_of, times, links, {0: "Many", 1: "Few"})
    assert len(set(drawn.positions.values())) == len(lane_of)
    assert len({drawn.positions[f"dated:{n}"][0] for n in range(4000)}) == 1
    assert looks["free"] < 300 * _timeline.CROWD
    width, height = (
        max(place) - min(place) for place in zip(*drawn.positions.values(), strict=True)
    )
    assert width < 2 * _timeline.LONGEST
    assert height < 4100 * _timeline.CLOSE_ROW * 2


def test_names_in_one_row_of_a_lane_do_not_touch() -> None:
    dice = random.Random(3)
    start = date(2018, 1, 1)
    days = [start + timedelta(days=dice.randrange(300)) for _ in range(60)]
    times = {f"dated:{n}": (day, day) for n, day in enumerate(days)}
    lane_of = dict.fromkeys([*times, *(f"undated:{n}" for n in range(60))], 0)
    links = [Link(f"undated:{n}", "ABOUT", f"dated:{n // 3}", {}) for n in range(50)]
    drawn = _timeline.timeline(lane_of, times, links, {0: "One"})
    rows: dict[float, list[float]] = {}
    for x, y in drawn.positions.values():
        rows.setdefault(y, []).append(x)
    for places in rows.values():
        assert all(b - a >= _timeline.WIDTH - 1e-6 for a, b in pairwise(sorted(places)))


def test_what_is_written_beside_a_symbol_has_room_in_its_lane(corpus: Corpus) -> None:
    picture = diplomacy.view(corpus)
    texts = diplomacy._written(picture.nodes, picture.links, picture.notes)
    unit = (max(x for x, _ in picture.positions.values())) / _lettered.SHEET
    rows: dict[float, list[tuple[float, float]]] = {}
    for key, (x, y) in picture.positions.items():
        lane = next(band for band in picture.bands if band.start <= y < band.end)
        heights = sorted({
            other for _, other in picture.positions.values() if lane.start <= other < lane.end
        })  # fmt: skip
        apart = min([b - a for a, b in pairwise(heights)], default=lane.end - lane.start) / unit
        lines = max(1, int(apart / _lettered.LINE + 1e-6))
        wide = _lettered.LETTER * _lettered._letters(texts[key], lines)
        at = x / unit
        assert at + wide <= _lettered.SHEET + _lettered.BEYOND or key in picture.turned
        rows.setdefault(y, []).append((at - wide, at) if key in picture.turned else (at, at + wide))
    for boxes in rows.values():
        assert all(left[1] <= right[0] for left, right in pairwise(sorted(boxes)))
    assert 0 < len(picture.turned) < len(picture.nodes) / 2
    assert max(band.end for band in picture.bands) / unit < 600  # what a window of 800 has for it


@pytest.mark.parametrize(
    ("text", "lines", "letters"),
    [
        ("aaaa aaaa aaaa aaaa", 1, 19),
        ("aaaaaaaaaaaa aaaa aaaa", 2, 12),
        ("AAAA AAAAAA", 1, 14),
        ("", 1, 1),
    ],
)
def test_the_least_width_of_a_name_in_so_many_lines(text: str, lines: int, letters: int) -> None:
    assert _lettered._letters([text], lines) == letters


def test_an_event_without_a_date_says_so(corpus: Corpus) -> None:
    picture = diplomacy.view(corpus)
    undated = {
        key
        for key, row in picture.nodes.items()
        if row["kind"] in diplomacy.LANE_OF
        and row["kind"] != "Commitment"
        and not _timeline.when(row, corpus.ontology.life)
    }
    assert undated
    assert {k for k, note in picture.notes.items() if note.startswith(diplomacy.NO_DATE)} == undated


@given(st.lists(st.dates(date(1950, 1, 1), date(2030, 1, 1)), min_size=1, max_size=120))
def test_the_time_axis_never_runs_backwards(days: list[date]) -> None:
    scale = _timeline.axis([(day, day) for day in days])
    places = [scale(day) for day in sorted(set(days))]
    assert places == sorted(places)
    if len(places) <= _timeline.LEGIBLE:
        assert all(after > before for before, after in pairwise(places))


# --- undirected layouts ------------------------------------------------------------------------


@pytest.mark.parametrize("size", [30, 400])
def test_neighbours_stand_nearer_than_strangers(size: int) -> None:
    graph = nx.connected_watts_strogatz_graph(size, 4, 0.05, seed=2)
    links = [Link(str(a), "X", str(b), {}) for a, b in graph.edges]
    drawn = _layout.organic([str(node) for node in graph], links)
    where = {key: complex(*place) for key, place in drawn.positions.items()}
    near = [abs(where[k.source] - where[k.target]) for k in links]
    all_ = [abs(a - b) for a, b in combinations(where.values(), 2)]
    assert sum(near) / len(near) < 0.5 * sum(all_) / len(all_)
    assert min(all_) > 20


def test_nodes_without_relations_are_drawn_too() -> None:
    drawn = _layout.organic([f"n{i}" for i in range(300)], [])
    assert len(set(drawn.positions.values())) == 300
    assert _layout.organic([], []).positions == {}


# --- the file ----------------------------------------------------------------------------------


def test_the_same_claims_give_the_same_bytes_in_any_order(root: Path, tmp_path: Path) -> None:
    with kg.open(str(tmp_path / "kg.kgl")) as graph:
        graph.build([root / "seed" / "sputnik-2019-09.yaml"])
        corpus = graph.corpus()
    rows = corpus.statements.select(list(STATEMENTS))
    shuffled = Corpus.of(
        rows.sample(fraction=1.0, shuffle=True, seed=5),
        corpus.ontology,
        manifest=corpus.manifest,
        sources=corpus.sources,
    )
    for view in ("attribution", "diplomacy"):
        one = views.render(corpus, view, tmp_path / "1.html").read_bytes()
        assert views.render(shuffled, view, tmp_path / "2.html").read_bytes() == one


def test_the_corpus_is_left_as_it_was(corpus: Corpus, tmp_path: Path) -> None:
    before = {key: frame.clone() for key, frame in corpus.graph.edges.items()}
    nodes = {kind: frame.clone() for kind, frame in corpus.graph.nodes.items()}
    views.render(corpus, "attribution", tmp_path / "a.html")
    for key, frame in corpus.graph.edges.items():
        assert_frame_equal(frame, before[key])
    for kind, frame in corpus.graph.nodes.items():
        assert_frame_equal(frame, nodes[kind])


def test_parallel_edges_are_kept(corpus: Corpus, tmp_path: Path) -> None:
    path = views.render(corpus, "neighbourhood", tmp_path / "n.html", node="group:bluenoroff")
    data = data_of(path)
    keys = [(k["from"], k["to"]) for k in data["links"]]
    assert len(keys) > len(set(keys))
    near = set(all_nodes(corpus)) & {node["id"] for node in data["nodes"]}
    assert len(keys) == sum({k.source, k.target} <= near for k in all_links(corpus))


def test_the_page_holds_every_claim_behind_it(corpus: Corpus, tmp_path: Path) -> None:
    data = data_of(views.render(corpus, "attribution", tmp_path / "a.html"))
    ids = [node["id"] for node in data["nodes"]]
    triples = {(ids[k["from"]], k["kind"], ids[k["to"]]) for k in data["links"]}
    held = {claim["id"] for claim in claims_in(data)}
    wanted = {
        row["id"]
        for row in corpus.claims.iter_rows(named=True)
        if (row["subject"], row["predicate"], row["object"]) in triples
        or (row["object"] is None and row["subject"] in ids)
    }
    assert len(wanted) > 100
    assert wanted <= held <= set(corpus.claims["id"])
    pointed = corpus.claims.filter(pl.col("id").is_in(held))["derived_from"].explode()
    assert set(pointed.drop_nulls()) <= held


def test_what_claims_share_stands_once(corpus: Corpus, tmp_path: Path) -> None:
    data = data_of(views.render(corpus, "attribution", tmp_path / "a.html"))
    heads = [{k: v for k, v in head.items() if k != "claims"} for head in data["claims"]]
    assert len(heads) < 0.6 * len(claims_in(data))
    assert len({json.dumps(head, sort_keys=True) for head in heads}) == len(heads)
    for head in data["claims"]:
        assert not any(head.keys() & claim.keys() - {"claims"} for claim in head["claims"])


def test_a_lens_is_named_in_the_page(graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = graph.render("attribution", tmp_path / "a.html", according_to="agency:us-treasury")
    data = data_of(path)
    assert data["about"]["lens"]["according_to"] == "US Treasury Department"
    heard = graph.corpus().bodies.speakers("agency:us-treasury")
    said = graph.corpus().claims.filter(pl.col("asserter").is_in(heard))
    assert {claim["id"] for claim in claims_in(data)} <= set(said["id"])


def test_numbers_that_json_does_not_know_are_refused() -> None:
    with pytest.raises(ValueError, match="JSON"):
        _payload.to_text({"x": float("nan")})


def test_a_selection_draws_what_a_query_answered(corpus: Corpus, tmp_path: Path) -> None:
    edges = [("incident:wannacry", "ATTRIBUTED_TO", "group:lazarus-group")]
    (tmp_path / "s.html").write_text(
        views.html(views.selected(corpus, ["state:PRK", "no:such"], edges, "Some"), corpus),
        encoding="utf-8",
    )
    data = data_of(tmp_path / "s.html")
    names = {"incident:wannacry", "group:lazarus-group", "state:PRK"}
    assert {node["id"] for node in data["nodes"]} == names
    assert [link["kind"] for link in data["links"]] == ["ATTRIBUTED_TO"]
    with pytest.raises(UsageError, match="nothing to draw"):
        views.html(views.selected(corpus, ["no:such"], [], "None"), corpus)


def test_the_index_links_only_our_pages(corpus: Corpus, tmp_path: Path) -> None:
    views.render(corpus, "attribution", tmp_path / "a & b.html")
    (tmp_path / "other.html").write_text("<title>other</title>", encoding="utf-8")
    text = views.index(tmp_path).read_text(encoding="utf-8")
    assert 'href="a%20%26%20b.html"' in text
    assert "other.html" not in text
    assert views.index(tmp_path).read_text(encoding="utf-8") == text


def test_a_large_picture_opens_with_a_part_and_all_travels(tmp_path: Path) -> None:
    made = synthetic(3000, 6000)
    nodes = [i for kind, f in made.graph.nodes.items() if kind != "Claim" for i in f["id"]]
    (tmp_path / "l.html").write_text(
        views.html(views.selected(made, nodes, [], "L"), made), "utf-8"
    )
    data = data_of(tmp_path / "l.html")
    rows, links = data["nodes"], data["links"]
    opening = [row for row in rows if not row.get("later")]
    assert len(rows) == 3000
    assert _payload.OPENING <= len(opening) < 1000
    ends = Counter(end for link in links for end in (link["from"], link["to"]))  # one asserter each
    heaviest = [number for number, _ in ends.most_common(300)]
    assert not any(rows[number].get("later") for number in heaviest)
    groups = [row for row in rows if row["kind"] == "Group"]
    assert groups
    assert not any(row.get("later") for row in groups)


def test_an_empty_picture_is_a_page_all_the_same() -> None:
    from kg import ontology
    from kg.claims.columns import empty
    from kg.views.kit.page import Page

    nothing = Corpus.of(empty(), ontology.load())
    for view in (attribution.view, diplomacy.view):
        picture = view(nothing)
        assert isinstance(picture, Picture)
        assert "<canvas" not in Page(_payload.payload(picture, nothing)).render()


def test_lines_to_one_end_share_their_way() -> None:
    column_of = {"a": 0, "b": 0, "c": 0, "m": 1, "n": 1, "z": 2}
    links = [Link(one, "TO", "z", {}) for one in "abc"]
    drawn = _layout.columns(column_of, links, {0: "A", 1: "B", 2: "C"})
    ways = {tuple(drawn.routes[one, "TO", "z"]) for one in "abc"}
    assert len(ways) == 1
    (gate, _) = ways.pop()
    assert gate[0] == drawn.positions["m"][0]
    assert min(abs(gate[1] - drawn.positions[one][1]) for one in "mn") >= 0.5 * _layout.ROW


def test_captioned_lines_have_rows_of_their_own_beside_what_they_leave() -> None:
    column_of = {"e": 1, "f": 1, "x": 3, "y": 3, "z": 4}
    pairs = [("e", "z"), ("f", "z"), ("e", "y"), ("f", "x"), ("e", "x")]
    links = [Link(a, "BLAMED", b, {}) for a, b in pairs]
    links += [Link("x", "PART_OF", "z", {})]
    told = _layout.Told(2, "BLAMED", 1, {(a, "BLAMED", b): (1, int(b == "z")) for a, b in pairs})
    names = {1: "Events", 2: "Who says so", 3: "Actors", 4: "States"}
    drawn = _layout.columns(column_of, links, names, told)
    assert drawn.captions.keys() == {(a, "BLAMED", b) for a, b in pairs}
    (band,) = [band for band in drawn.bands if band.name == "Who says so"]
    assert all(band.start < x < x2 < band.end for x, x2, _ in drawn.captions.values())
    rows = sorted((y, source) for (source, _, _), (*_, y) in drawn.captions.items())
    assert len({y for y, _ in rows}) == len(rows)
    assert [len([*some]) for _, some in groupby(rows, key=lambda row: row[1])] in ([3, 2], [2, 3])
    for key, (x, x2, y) in drawn.captions.items():
        assert drawn.routes[key][:2] == [(x, y), (x2, y)]
        # behind it a line changes its height before names begin, and runs straight past them
        column = drawn.positions["x"][0]
        beside = [
            point for point in drawn.routes[key][2:] if abs(point[0] - column) < _layout.COLUMN / 2
        ]
        assert beside[0][0] < column - 0.4 * _layout.COLUMN
        if key[2] == "z":
            assert beside[1] == (2 * column - beside[0][0], beside[0][1])


def test_who_denies_has_room_beneath_a_caption() -> None:
    def gaps(disputed: bool) -> float:
        links = [Link("e", "BLAMED", one, {}) for one in "xy"]
        lines = {("e", "BLAMED", one): (1, int(disputed)) for one in "xy"}
        told = _layout.Told(2, "BLAMED", 1, lines)
        drawn = _layout.columns({"e": 1, "x": 3, "y": 3}, links, dict.fromkeys((1, 2, 3), ""), told)
        one, other = (y for *_, y in drawn.captions.values())
        return abs(one - other)

    assert gaps(True) > gaps(False)


def test_a_column_is_called_what_stands_in_it(corpus: Corpus) -> None:
    picture = attribution.view(corpus)
    for node, (x, _) in picture.positions.items():
        (heading,) = [band.name for band in picture.bands if band.start <= x < band.end]
        kind = picture.nodes[node]["kind"]
        if kind == "Person":
            assert heading == "Actors"
        if heading == "Agencies":
            assert kind == "Agency"


def test_a_path_shows_the_chain_through_groups_and_bodies(corpus: Corpus) -> None:
    ends = {"from_": "incident:wannacry", "to": "state:PRK"}
    picture = views.discover()["path"].draw(corpus, **ends)
    assert {"group:lazarus-group", "agency:reconnaissance-general-bureau"} <= picture.nodes.keys()
    back = views.discover()["path"].draw(corpus, from_=ends["to"], to=ends["from_"])
    assert back.nodes.keys() == picture.nodes.keys()
    assert back.positions["state:PRK"][0] < back.positions["incident:wannacry"][0]


def test_a_neighbourhood_does_not_go_through_hubs(
    corpus: Corpus, monkeypatch: pytest.MonkeyPatch
) -> None:
    from kg.views import neighbourhood

    monkeypatch.setattr(neighbourhood, "HUB", 8)
    start = "incident:wannacry"
    part = neighbourhood.view(corpus, start, hops=2)
    whole = neighbourhood.view(corpus, start, hops=2, hubs=True)
    assert part.nodes.keys() < whole.nodes.keys()
    assert "Not gone through" in part.about
    assert "Lazarus Group" in part.about
    assert "Not gone through" not in whole.about
    monkeypatch.setattr(neighbourhood, "MOST", 10)
    few = neighbourhood.view(corpus, start, hops=2)
    assert len(few.nodes) == 10
    assert start in few.nodes
    assert "left out" in few.about
    near = {key.split(":")[0] for key in neighbourhood.view(corpus, start, hops=1).nodes}
    assert {key.split(":")[0] for key in few.nodes} >= near - {"document", "claim"}


def test_lanes_stand_so_that_lines_are_short() -> None:
    lanes = {"process": 0, "agreement": 1, "promise": 2, "sanction": 7, "who": 4}
    links = [Link("sanction", "IMPOSED_BY", "who", {})] * 5 + [Link("agreement", "TO", "who", {})]
    order = diplomacy._lane_order(lanes, links)
    assert abs(order.index(7) - order.index(4)) == 1
    assert order.index(2) == order.index(1) + 1


def test_the_layout_of_a_large_graph_is_kept_and_of_another_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(_layout, "FAST", 10)
    monkeypatch.setattr(_layout, "EXACT", 5)
    monkeypatch.setenv("KG_CACHE", str(tmp_path))
    nodes = [f"group:{number}" for number in range(30)]
    links = [Link(nodes[number], "USED", nodes[number // 3], {}) for number in range(30)]
    made = _layout.organic(nodes, links)
    assert made.communities
    (kept,) = (tmp_path / "layouts").iterdir()
    assert b"group:1" not in kept.read_bytes()

    def never(*_: object) -> NoReturn:
        raise AssertionError("laid out again")

    with monkeypatch.context() as patch:
        patch.setattr(_layout, "_organic", never)
        assert _layout.organic(nodes, links) == made
        for others in (nodes[::-1], [*nodes, "group:new"]):
            with pytest.raises(AssertionError, match="laid out again"):
                _layout.organic(others, links)
        with pytest.raises(AssertionError, match="laid out again"):
            _layout.organic(nodes, links[1:])
    for content in (b"half", kept.read_bytes()[:-9]):
        kept.write_bytes(content)
        assert _layout.organic(nodes, links) == made
    monkeypatch.setenv("KG_CACHE", "")
    assert _layout.organic(nodes, links) == made


def test_of_parts_that_no_line_joins_that_of_which_most_is_said_is_on_top() -> None:
    pairs = [("a", "x"), ("e", "y"), ("f", "y"), ("g", "y")]
    links = [Link(one, "BLAMED", other, {}) for one, other in pairs]
    column_of = {"a": 1, "e": 1, "f": 1, "g": 1, "x": 3, "y": 3}
    told = _layout.Told(2, "BLAMED", 1, {})
    drawn = _layout.columns(column_of, links, dict.fromkeys((1, 2, 3), ""), told)
    heights = {node: y for node, (_, y) in drawn.positions.items()}
    assert max(heights[node] for node in "efg") < heights["a"]
    assert heights["y"] < heights["x"]


def test_many_events_have_their_names_in_the_place_of_targets() -> None:
    few = {f"e{number}": attribution.EVENTS for number in range(attribution.MANY)}
    aim = [Link("e0", "TARGETED", "t", {})]
    assert attribution._turned(few | {"t": 0}, aim) == set()
    many = few | {"last": attribution.EVENTS}
    assert attribution._turned(many | {"t": 0}, aim) == many.keys() - {"e0"}
