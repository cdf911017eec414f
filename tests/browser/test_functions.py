"""Everything that one can do in a picture, by click and by key, on the real seed."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote, unquote
from xml.etree import ElementTree

import polars as pl
import pytest
from playwright.sync_api import Page

from kg import views
from kg.api import KnowledgeGraph
from kg.graph.corpus import Corpus
from tests.browser.hand import Hand
from tests.servers.chromium import PageLog

WANNACRY, LAZARUS = "incident:wannacry", "group:lazarus-group"
BLAME = (WANNACRY, "ATTRIBUTED_TO", LAZARUS)


# --- the evidence ------------------------------------------------------------------------------


def test_a_click_on_a_line_shows_what_the_database_says(
    attribution: Hand, graph: KnowledgeGraph
) -> None:
    attribution.click_link(*BLAME)
    assert attribution.selected == BLAME
    shown = attribution.panel.locator(".claim").evaluate_all("all => all.map(c => c.dataset.claim)")
    rows = graph.query(
        "MATCH (c:Claim {predicate: 'ATTRIBUTED_TO'})-[:SUBJECT]->(:Incident {id: $subject}) "
        "MATCH (c)-[:OBJECT]->(:Group {id: $object}) RETURN c.id AS claim, c.hedge AS hedge, "
        "c.summary AS summary",
        subject=WANNACRY,
        object=LAZARUS,
    )
    assert rows
    assert set(shown) >= {row["claim"] for row in rows}
    text = attribution.panel.inner_text()
    for row in rows:
        card = attribution.panel.locator(f"[data-claim='{row['claim']}']").first
        assert not row["hedge"] or f"“{row['hedge']}”" in card.inner_text()
        assert not row["summary"] or row["summary"].strip() in " ".join(text.split())


def test_the_first_minute(attribution: Hand) -> None:
    """Without a click: who says and who denies it; one click later: in which document and words."""
    row = attribution.panel.locator("li", has_text="WannaCry 2.0").first
    assert "according to" in row.inner_text()
    assert "; denied by Foreign Ministry of North Korea" in row.inner_text()
    row.get_by_role("button", name="Lazarus Group", exact=True).click()
    text = attribution.panel.inner_text()
    assert "US Treasury Department says" in text
    assert "“involved in”" in text
    assert "US targets three hacking groups" in text
    assert "Sputnik International" in text


def test_a_document_is_linked(attribution: Hand, corpus: Corpus) -> None:
    attribution.click_link(*BLAME)
    links = attribution.panel.locator("cite a").evaluate_all("all => all.map(a => a.href)")
    known = corpus.graph.nodes["Document"]["url"].drop_nulls().to_list()
    assert links
    assert set(links) <= set(known)
    assert attribution.panel.locator("cite a").first.get_attribute("rel") == "noopener noreferrer"


def test_competing_attributions_stand_side_by_side(attribution: Hand, corpus: Corpus) -> None:
    attribution.click("incident:sony-pictures-2014")
    edges = corpus.graph.edges_of("ATTRIBUTED_TO")
    blamed = edges.filter(edges["from"] == "incident:sony-pictures-2014")["to"]
    heads = attribution.panel.locator(".side h4").all_inner_texts()
    assert len(heads) > 1
    assert set(heads) == {corpus.names[one] for one in blamed}


def test_a_denial_is_shown_and_disputes(
    opened: Callable[..., Hand], pictures: Path, corpus: Corpus
) -> None:
    edges = corpus.graph.edges_of("ATTRIBUTED_TO")
    row = edges.filter(edges["disputed"]).row(0, named=True)
    key = json.dumps([row["from"], "ATTRIBUTED_TO", row["to"]])
    hand = opened(pictures / "attribution.html", f"edge={quote(key)}")
    assert hand.panel.locator(".chip", has_text="disputed").count()
    assert hand.panel.locator(".claim.denial", has_text="denies").count()
    assert "Disputed by" in hand.panel.inner_text()


def test_a_repeated_claim_stands_under_its_origin(
    opened: Callable[..., Hand], pictures: Path, corpus: Corpus
) -> None:
    claims = corpus.claims
    row = claims.filter(claims["derived_from"].is_not_null()).row(0, named=True)
    hand = opened(pictures / "whole.html")
    hand.page.evaluate(
        "(id) => { location.hash = 'node=' + encodeURIComponent(id) }", row["subject"]
    )
    nested = hand.panel.locator(f".repeats [data-claim='{row['id']}']")
    assert nested.count()
    assert "Repeated, not confirmed" in hand.panel.inner_text()


def test_collective_blame_is_drawn_as_one(attribution: Hand, corpus: Corpus) -> None:
    thefts = "incident:asian-exchange-thefts"
    attribution.click_link(thefts, "ATTRIBUTED_TO", "group:andariel")
    assert "Blamed together" in attribution.panel.inner_text()
    stems = attribution.js("picture.counted.bundles.filter((b) => b.links.length > 1).length")
    assert stems >= 1


def test_enter_reads_the_evidence(attribution: Hand) -> None:
    attribution.press("ArrowRight", "Enter")
    assert attribution.js("document.activeElement.id") == "panel"


def test_the_table_says_a_hedge_once_and_a_time_as_it_was_said(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "whole.html")
    hand.press("t")
    rows = hand.page.locator("#dialog tbody tr").evaluate_all(
        "rows => rows.map(r => [...r.cells].map(c => c.textContent))"
    )
    for row in rows:
        hedges = row[7].split("; ")
        assert len(hedges) == len(set(hedges)), row
    said = set(hand.js("picture.model.claims.map((c) => c.valid).filter(Boolean)"))
    spans = {text for text in said if "/" in text and len(text) < 20}
    assert spans & {row[3] for row in rows}


@pytest.mark.parametrize("key", ["Pin", "Neighbourhood", "Copy Cypher"])
def test_a_button_of_the_evidence_keeps_the_keyboard(key: str, attribution: Hand) -> None:
    attribution.click(WANNACRY)
    attribution.panel.get_by_role("button", name=key, exact=True).focus()
    attribution.page.keyboard.press("Enter")
    focused = attribution.js("document.activeElement.textContent")
    assert focused == {"Pin": "Unpin"}.get(key, key)


def test_the_keyboard_goes_on_at_the_new_heading(attribution: Hand) -> None:
    attribution.click(WANNACRY)
    attribution.panel.get_by_role("button", name="Lazarus Group", exact=True).first.focus()
    attribution.page.keyboard.press("Enter")
    assert attribution.selected != WANNACRY
    assert attribution.js("document.activeElement.matches('#panel h2')")
    attribution.click(WANNACRY)
    attribution.panel.get_by_role("button", name="Hide").focus()
    attribution.page.keyboard.press("Enter")
    assert attribution.js("document.activeElement.matches('#panel h2')")


def test_the_heading_says_how_much_the_filters_leave(attribution: Hand) -> None:
    attribution.page.locator("#undated").uncheck()
    nodes, links = len(attribution.nodes), len(attribution.links)
    text = f"Of which {nodes} nodes and {links} relations shown"
    assert text in attribution.panel.inner_text()


# --- Cypher ------------------------------------------------------------------------------------


@pytest.mark.parametrize("chosen", ["node", "edge", "view"])
def test_the_cypher_gives_what_is_chosen(
    chosen: str, attribution: Hand, graph: KnowledgeGraph
) -> None:
    if chosen == "node":
        attribution.click(WANNACRY)
    if chosen == "edge":
        attribution.click_link(*BLAME)
    attribution.watch_clipboard()
    attribution.panel.get_by_role("button", name="Copy Cypher").first.click()
    by_click = attribution.copied
    attribution.press("c")
    assert attribution.copied == by_click
    rows = graph.query(by_click)
    assert len(rows) == 1 if chosen == "edge" else len(rows) > 1


def test_a_narrowed_view_has_its_own_cypher(attribution: Hand, graph: KnowledgeGraph) -> None:
    attribution.click(WANNACRY)
    attribution.press("n", "Escape")
    attribution.watch_clipboard()
    attribution.press("c")
    text = attribution.copied
    assert f"'{WANNACRY}'" in text
    assert "incident:sony-pictures-2014" not in text
    assert len(graph.query(text)) >= len(attribution.links)


def test_the_cypher_names_the_relations_that_are_left(
    attribution: Hand, graph: KnowledgeGraph
) -> None:
    attribution.page.click("#relations-none")
    attribution.page.check("#relations-ATTRIBUTED_TO")
    attribution.page.check("#relations-CONTROLLED_BY")
    attribution.watch_clipboard()
    attribution.press("c")
    rows = graph.query(attribution.copied.replace("RETURN a, r, b", "RETURN type(r) AS kind"))
    assert len(rows) == len(attribution.links)
    assert {row["kind"] for row in rows} == {kind for _, kind, _ in attribution.links}
    attribution.page.fill("#as-of", "2018-12-31")
    attribution.press("c")
    assert "knows no lens" in attribution.said


# --- search ------------------------------------------------------------------------------------


def test_search_by_any_spelling(attribution: Hand) -> None:
    for text in ("wannacry", "WANNACRY", "  wannacry 2 ", "ｗａｎｎａｃｒｙ"):
        attribution.page.fill("#search", "")
        attribution.press("Escape", "Escape")
        assert attribution.selected is None
        attribution.press("/")
        attribution.page.keyboard.type(text)
        attribution.page.keyboard.press("Enter")
        assert attribution.selected == WANNACRY, text


def test_search_by_another_name_with_the_mouse(attribution: Hand, corpus: Corpus) -> None:
    groups = corpus.graph.nodes["Group"]
    names = groups.filter(groups["id"] == LAZARUS)["names"][0].to_list()
    other = next(name for name in names if name not in corpus.names.values())
    attribution.page.fill("#search", other)
    attribution.page.locator("#found li", has_text=other).first.click()
    assert attribution.selected == LAZARUS


def test_search_that_finds_nothing_says_so(attribution: Hand) -> None:
    attribution.page.fill("#search", "qqqqqq")
    assert attribution.page.inner_text("#found") == "Nothing by that name."
    attribution.page.keyboard.press("Escape")
    assert attribution.page.locator("#found").is_hidden()


def test_search_that_nearly_finds_something_asks(attribution: Hand) -> None:
    attribution.page.fill("#search", "wanacri")
    assert "Did you mean" in attribution.page.inner_text("#found")
    attribution.page.keyboard.press("Enter")
    assert attribution.selected is None  # a guess is not taken unasked
    attribution.page.keyboard.press("ArrowDown")
    attribution.page.keyboard.press("Enter")
    assert attribution.selected == WANNACRY


# --- legend and filters ------------------------------------------------------------------------


def test_the_legend_counts_and_filters_kinds(attribution: Hand, corpus: Corpus) -> None:
    everything = attribution.nodes
    incidents = {node for node in everything if node.startswith("incident:")}
    row = attribution.page.locator("label", has=attribution.page.locator("#kinds-Incident"))
    assert row.locator(".count").inner_text() == str(len(incidents))
    row.locator("input").uncheck()
    assert not attribution.nodes & incidents
    assert row.locator(".count").inner_text() == f"0/{len(incidents)}"
    attribution.page.focus("#kinds-Incident")
    attribution.page.keyboard.press("Space")
    assert attribution.nodes == everything


def test_the_legend_filters_relations(attribution: Hand) -> None:
    attribution.page.locator("#relations-ATTRIBUTED_TO").uncheck()
    assert attribution.links
    assert not {k for k in attribution.links if k[1] == "ATTRIBUTED_TO"}
    attribution.page.click("#relations-none")
    assert attribution.links == set()
    attribution.page.click("#relations-all")
    assert {k for k in attribution.links if k[1] == "ATTRIBUTED_TO"}


def test_independent_asserters(attribution: Hand, corpus: Corpus) -> None:
    before = {k for k in attribution.links if k[1] == "ATTRIBUTED_TO"}
    attribution.set("asserters", 2)
    edges = corpus.graph.edges_of("ATTRIBUTED_TO").filter(pl.col("asserters") >= 2)
    well = {(r["from"], "ATTRIBUTED_TO", r["to"]) for r in edges.iter_rows(named=True)}
    assert well & before
    assert {k for k in attribution.links if k[1] == "ATTRIBUTED_TO"} == well & before


def test_a_slider_by_key(attribution: Hand) -> None:
    before = attribution.links
    attribution.page.focus("#asserters")
    attribution.page.keyboard.press("ArrowRight")
    attribution.page.keyboard.press("ArrowRight")
    attribution.page.wait_for_function("() => picture.state.min === 2")
    assert attribution.links < before


def test_confidence_and_what_is_not_rated(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "whole.html")
    before = hand.numbers
    levels = dict(hand.js("[...picture.counted.counts].map(([index, c]) => [index, c.confidence])"))
    hand.set("confidence", 1)
    assert hand.numbers == before
    hand.page.locator("#unrated").uncheck()
    declared = set(hand.js("picture.model.links.filter((l) => l.declared).map((l) => l.index)"))
    unrated = {index for index, level in levels.items() if level is None} - declared
    assert unrated
    assert hand.numbers == before - unrated


def test_time_and_undated(opened: Callable[..., Hand], pictures: Path, corpus: Corpus) -> None:
    hand = opened(pictures / "diplomacy.html")
    meetings = corpus.graph.nodes["Meeting"]
    early = set(meetings.filter(meetings["occurred_to"].dt.year() <= 2018)["id"])
    late = set(meetings.filter(meetings["occurred_from"].dt.year() >= 2019)["id"])
    assert early
    assert late
    assert (early | late) <= hand.nodes
    low = hand.js("picture.counted.bounds[0]")
    end = hand.js("Date.parse('2018-12-31') / 86400000")
    hand.set("time-to", end)
    assert early <= hand.nodes
    assert not late & hand.nodes
    hand.set("time-to", hand.js("Date.parse(picture.counted.bounds[1]) / 86400000"))
    assert late <= hand.nodes
    assert low
    undated = set(
        hand.js("picture.model.links.filter((l) => !picture.timeOf(l)).map((l) => l.index)")
    )
    hand.page.locator("#undated").uncheck()
    assert undated
    assert not undated & set(hand.js("[...picture.shown.links]"))


def test_play_lets_time_run_and_stops(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "diplomacy.html")
    whole = hand.nodes
    hand.page.click("#play")
    hand.page.wait_for_function("() => picture.state.to !== null")
    assert hand.nodes < whole
    hand.page.click("#play")
    assert hand.page.locator("#play").inner_text() == "Play"


def test_play_begins_with_the_window_and_leaves_it(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "diplomacy.html", "from=2018-01-01&to=2018-06-30")
    before = hand.nodes
    hand.page.click("#play")
    hand.page.wait_for_function("() => picture.state.to !== '2018-06-30'")
    assert hand.js("picture.state.to") == "2018-01-01"
    hand.page.wait_for_function("() => picture.state.to > '2018-01-01'")
    hand.page.click("#stop")
    assert hand.js("picture.state.to") == "2018-06-30"
    assert hand.nodes == before
    hand.press("z")
    assert hand.said == "Nothing to undo."


def test_one_undo_for_a_run_and_a_lens_ends_it(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "diplomacy.html", "to=2018-12-31")
    hand.watch_timers()
    moved = "(day) => picture.state.to !== day"
    hand.page.click("#play")
    hand.page.wait_for_function(moved, arg="2018-12-31")
    hand.page.wait_for_function(moved, arg=hand.js("picture.state.to"))
    assert hand.js("ticking.size") == 1
    hand.press("z")
    assert hand.js("picture.state.to") == "2018-12-31"
    assert hand.page.locator("#play").inner_text() == "Play"
    assert hand.js("ticking.size") == 0
    hand.page.click("#play")
    hand.page.wait_for_function(moved, arg="2018-12-31")
    hand.page.fill("#as-of", "2019-01-01")
    assert hand.js("picture.state.to") == "2018-12-31"
    assert hand.page.locator("#play").inner_text() == "Play"


# --- lenses ------------------------------------------------------------------------------------


def test_according_to(attribution: Hand, graph: KnowledgeGraph) -> None:
    option = attribution.page.locator("#by option", has_text="US Treasury Department")
    attribution.page.select_option("#by", value=option.get_attribute("value"))
    edges = graph.corpus(according_to="agency:us-treasury").graph.edges_of("ATTRIBUTED_TO")
    wanted = {(r["from"], "ATTRIBUTED_TO", r["to"]) for r in edges.iter_rows(named=True)}
    assert {k for k in attribution.links if k[1] == "ATTRIBUTED_TO"} == wanted
    assert "According to US Treasury Department" in attribution.page.locator("#notice").inner_text()
    attribution.page.click("#no-lens")
    assert {k for k in attribution.links if k[1] == "ATTRIBUTED_TO"} > wanted


def test_as_of(attribution: Hand, graph: KnowledgeGraph) -> None:
    attribution.page.fill("#as-of", "2018-12-31")
    then = views.picture(graph.corpus(as_of="2018-12-31"), "attribution").links
    wanted = {(one.source, one.kind, one.target) for one in then if one.kind == "ATTRIBUTED_TO"}
    assert {k for k in attribution.links if k[1] == "ATTRIBUTED_TO"} == wanted


def test_a_day_is_typed(attribution: Hand) -> None:
    attribution.page.focus("#as-of")
    attribution.page.keyboard.type("12312018")
    assert attribution.js("picture.state.asOf") is None
    attribution.page.keyboard.press("Enter")
    assert attribution.js("picture.state.asOf") == "2018-12-31"
    assert attribution.js("document.activeElement.id") == "as-of"
    assert attribution.page.locator("#no-lens").is_visible()
    attribution.press("z")
    assert attribution.js("picture.state.asOf") is None
    attribution.page.focus("#as-of")
    attribution.page.keyboard.type("06302019")
    attribution.page.focus("#canvas")
    assert attribution.js("picture.state.asOf") == "2019-06-30"


def test_an_asserter_that_this_file_does_not_offer(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "attribution.html", "according-to=agency:nobody")
    assert "nothing according to agency:nobody" in hand.page.inner_text("#notice")
    hand.page.fill("#as-of", "2018-12-31")
    assert "agency:nobody" not in hand.page.inner_text("#notice")


def test_a_page_made_through_a_lens_says_so(
    opened: Callable[..., Hand], graph: KnowledgeGraph, tmp_path: Path
) -> None:
    path = graph.render("attribution", tmp_path / "then.html", as_of="2018-12-31")
    hand = opened(path)
    assert "as of 2018-12-31" in hand.page.locator("footer").inner_text()


# --- walking -----------------------------------------------------------------------------------


def neighbours(links: set[tuple[str, str, str]], node: str) -> set[str]:
    return {node} | {b for a, _, b in links if a == node} | {a for a, _, b in links if b == node}


@pytest.mark.parametrize("how", ["key", "button", "double click"])
def test_neighbourhood(how: str, attribution: Hand) -> None:
    before = attribution.links
    if how == "double click":
        attribution.double_click(WANNACRY)
    else:
        attribution.click(WANNACRY)
        attribution.press("n") if how == "key" else attribution.tool("neighbourhood")
    assert attribution.nodes == neighbours(before, WANNACRY)
    attribution.press("n")
    twice = set().union(*(neighbours(before, one) for one in neighbours(before, WANNACRY)))
    assert attribution.nodes == twice
    attribution.press("z", "z")
    assert attribution.links == before


def test_a_double_click_is_one_though_the_page_is_slow(attribution: Hand) -> None:
    attribution.js(
        "document.addEventListener('pointerup', () => {"
        " const end = performance.now() + 700; while (performance.now() < end); })"
    )
    before = attribution.links
    attribution.double_click(WANNACRY)
    assert attribution.nodes == neighbours(before, WANNACRY)


def test_a_path_between_two_clicked_nodes(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "whole.html")
    hand.page.evaluate("location.hash = 'node=' + encodeURIComponent('incident:atm-attempts')")
    hand.press("p")
    assert "choose the other end" in hand.said
    hand.page.fill("#search", "wannacry 2")
    hand.page.keyboard.press("Enter")
    hand.press("p")
    assert {"incident:atm-attempts", WANNACRY} <= hand.nodes
    structural = set(hand.js("Object.entries(picture.model.relations)"
                             ".filter(([, r]) => r.structural).map(([kind]) => kind)"))  # fmt: skip
    assert structural
    joined = {k for k in hand.links if k[1] not in structural}
    reached = {WANNACRY}
    for _ in hand.nodes:
        reached |= set().union(*(neighbours(joined, one) for one in reached))
    assert "incident:atm-attempts" in reached


def hide(hand: Hand, *nodes: str) -> None:
    """Put nodes away by the address, which a reload would do."""
    hand.page.evaluate("(ids) => { location.hash = 'hidden=' + JSON.stringify(ids) }", nodes)
    hand.page.wait_for_function("(n) => picture.state.hidden.length === n", arg=len(nodes))


def between(hand: Hand, start: str, end: str) -> set[str]:
    """All nodes that are not at the ends."""
    return hand.nodes - {start, end}


def test_paths_and_neighbourhoods_stay_within_what_is_shown(attribution: Hand) -> None:
    end = "incident:bangladesh-bank-heist"
    whole = attribution.nodes
    hide(attribution, *(whole - {WANNACRY, end, "incident:sony-pictures-2014"}))
    attribution.click(WANNACRY)
    attribution.press("p")
    attribution.touch(end)
    assert "No path" in attribution.said
    attribution.page.evaluate("location.hash = ''")
    attribution.page.wait_for_function("() => !picture.state.hidden.length")
    attribution.page.locator("#kinds-Group").uncheck()
    attribution.click(WANNACRY)
    reach = neighbours(attribution.links, WANNACRY)
    wanted = set().union(*(neighbours(attribution.links, one) for one in reach))
    attribution.press("n", "n")
    assert attribution.nodes == wanted
    attribution.page.locator("#kinds-Group").check()
    assert LAZARUS in attribution.nodes


def test_steps_are_counted_from_the_state(
    attribution: Hand, opened: Callable[..., Hand], pictures: Path
) -> None:
    attribution.click(WANNACRY)
    attribution.press("n")
    once = attribution.nodes
    attribution.press("n")
    twice = attribution.nodes
    attribution.press("z")
    assert attribution.nodes == once
    attribution.press("n")
    assert "Within 2 steps" in attribution.said
    assert attribution.nodes == twice
    address = attribution.address
    assert len(address) < 200
    opened(pictures / "diplomacy.html")
    again = opened(pictures / "attribution.html", address)
    assert again.nodes == twice
    again.press("n")
    assert "Within 3 steps" in again.said


def test_search_lifts_what_hides_a_node_and_says_so(
    page: Page, opened: Callable[..., Hand], pictures: Path
) -> None:
    for address, words in (
        ("to=1950-01-01&undated=0", "the filter of time"),
        ("asserters=40", "the filter of support"),
        ('without-relations=["ATTRIBUTED_TO","TARGETED"]', "the filter of relations"),
    ):
        page.goto("about:blank")  # another address of a file that is open does not open it anew
        hand = opened(pictures / "attribution.html", address)
        if words.endswith("relations"):
            hand.page.click("#relations-none")
        assert WANNACRY not in hand.nodes
        hand.page.fill("#search", "wannacry 2")
        hand.page.keyboard.press("Enter")
        assert WANNACRY in hand.nodes
        assert words in hand.said


def test_a_path_whose_end_is_searched(attribution: Hand) -> None:
    attribution.click(WANNACRY)
    attribution.press("p")
    attribution.page.fill("#search", "bangladesh bank")
    attribution.page.keyboard.press("Enter")
    assert "A path is association" in attribution.said
    assert {WANNACRY, "incident:bangladesh-bank-heist"} < attribution.nodes


def test_enter_of_an_input_method_takes_no_hit(attribution: Hand) -> None:
    attribution.page.fill("#search", "wannacry")
    attribution.js(
        "document.getElementById('search').dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', isComposing: true, bubbles: true}))"
    )
    assert attribution.selected is None
    assert attribution.page.input_value("#search") == "wannacry"


def test_l_goes_on_from_the_line_that_is_chosen(attribution: Hand) -> None:
    attribution.click("incident:sony-pictures-2014")
    attribution.press("l")
    attribution.click_link(*BLAME)
    attribution.press("l")
    assert isinstance(attribution.selected, tuple)
    assert WANNACRY in attribution.selected
    assert attribution.selected != BLAME


def test_a_path_by_clicks(attribution: Hand) -> None:
    attribution.click(WANNACRY)
    attribution.tool("path")
    attribution.click("incident:bangladesh-bank-heist")
    assert {WANNACRY, "incident:bangladesh-bank-heist"} < attribution.nodes
    assert "A path is association, not evidence" in attribution.said


def test_structural_relations_only_when_asked_for(attribution: Hand) -> None:
    attribution.page.click("#relations-none")
    attribution.page.check("#relations-PART_OF")
    ends = [(a, b) for a, kind, b in attribution.links if kind == "PART_OF"]
    start, end = ends[0]
    attribution.page.evaluate(
        "(id) => { location.hash += '&node=' + encodeURIComponent(id) }", start
    )
    attribution.press("p")
    attribution.touch(end)
    assert "No path" in attribution.said
    assert "Structural relations were left out" in attribution.said
    attribution.page.check("#structural")
    attribution.press("p")
    attribution.touch(end)
    assert attribution.nodes == {start, end}


def test_arrow_keys_walk(attribution: Hand) -> None:
    attribution.click(WANNACRY)
    start = attribution.place(WANNACRY)
    attribution.press("ArrowRight")
    assert isinstance(attribution.selected, str)
    assert attribution.selected != WANNACRY
    assert attribution.place(attribution.selected)["x"] > start["x"]
    assert "relation" in attribution.said
    attribution.press("l")
    assert isinstance(attribution.selected, tuple)


# --- hide, pin, undo, back ---------------------------------------------------------------------


@pytest.mark.parametrize("how", ["key", "button"])
def test_hide_and_undo(how: str, attribution: Hand) -> None:
    before = attribution.nodes
    attribution.click(WANNACRY)
    if how == "key":
        attribution.press("h")
    else:
        attribution.panel.get_by_role("button", name="Hide").click()
    assert before - attribution.nodes >= {WANNACRY}
    attribution.press("z") if how == "key" else attribution.tool("undo")
    assert attribution.nodes == before


def test_a_pin_keeps_its_place_in_the_address(
    attribution: Hand, opened: Callable[..., Hand], pictures: Path
) -> None:
    attribution.click(WANNACRY)
    at = attribution.place(WANNACRY)
    attribution.page.mouse.move(at["x"], at["y"])
    attribution.page.mouse.down()
    attribution.page.mouse.move(at["x"] + 40, at["y"] - 60, steps=5)
    attribution.page.mouse.up()
    attribution.press("x")
    moved = attribution.js("(({x, y}) => [x, y])(picture.model.nodes[picture.state.pinned[0]])")
    assert WANNACRY in unquote(attribution.address)
    address = attribution.address
    opened(pictures / "diplomacy.html")
    again = opened(pictures / "attribution.html", address)
    assert again.js("(({x, y}) => [x, y])(picture.model.nodes[picture.state.pinned[0]])") == moved


def test_back_returns_to_what_was_chosen(attribution: Hand) -> None:
    attribution.click(WANNACRY)
    attribution.click("incident:sony-pictures-2014")
    attribution.press("b")
    assert attribution.selected == WANNACRY
    attribution.tool("back")
    assert attribution.selected is None


def test_reset_lifts_every_filter(attribution: Hand) -> None:
    before = attribution.nodes
    attribution.page.locator("#kinds-Incident").uncheck()
    attribution.set("asserters", 2)
    attribution.press("a")
    assert attribution.nodes == before


# --- the address -------------------------------------------------------------------------------


def test_a_view_can_be_sent(attribution: Hand, opened: Callable[..., Hand], pictures: Path) -> None:
    attribution.page.fill("#as-of", "2019-09-13")
    attribution.page.locator("#kinds-Organization").uncheck()
    attribution.set("asserters", 1)
    attribution.click(WANNACRY)
    seen = (attribution.nodes, attribution.links, attribution.selected)
    address = attribution.address
    opened(pictures / "diplomacy.html")
    again = opened(pictures / "attribution.html", address)
    assert (again.nodes, again.links, again.selected) == seen


BROKEN = (
    *("from=2018-99-99", "to=2019-02-29", "as-of=2018-00-10", "near=5", "near=[%22x%22,2]"),
    *("node=nowhere", "edge=[1,2]", "pinned=[[1]]", "without-kinds={}", "only=[%22x%22]"),
    *("as-of=yesterday&asserters=-4&confidence=huge", "%E0%A4%A", "pinned=[null]&hidden=5"),
)


def test_a_broken_address_does_no_harm(opened: Callable[..., Hand], pictures: Path) -> None:
    """Of a file that is opened, and of one that is open."""
    hand = opened(pictures / "attribution.html", "&".join(BROKEN))
    for address in ("", *BROKEN, ""):
        hand.js(f"location.hash = {json.dumps(address)}")
        hand.page.wait_for_function("new Promise((done) => requestAnimationFrame(() => done(1)))")
        assert hand.page.locator("#title").inner_text() == "Attribution"
    assert WANNACRY in hand.nodes


# --- table and exports -------------------------------------------------------------------------


def test_the_table_sorts_and_copies(attribution: Hand) -> None:
    attribution.press("t")
    rows = attribution.page.locator("#dialog tbody tr")
    assert rows.count() == len(attribution.links)
    column = attribution.page.locator("#dialog tbody tr td:nth-child(5)")
    attribution.page.click("[data-column='4']")
    attribution.page.click("[data-column='4']")
    numbers = [int(text) for text in column.all_inner_texts() if text]
    assert numbers == sorted(numbers, reverse=True)
    attribution.watch_clipboard()
    attribution.page.click("#copy-table")
    lines = attribution.copied.split("\n")
    assert len(lines) == rows.count() + 1
    assert lines[0].startswith("From\tRelation\tTo")
    attribution.page.locator("#dialog tbody tr").first.get_by_role("button").click()
    assert isinstance(attribution.selected, tuple)


def provenance(corpus: Corpus) -> list[str]:
    return ["Attribution", str(corpus.date), "0.1.0", *corpus.sources]


def test_export_json_and_csv(attribution: Hand, corpus: Corpus) -> None:
    data = json.loads(attribution.download("json"))
    assert {node["id"] for node in data["nodes"]} == attribution.nodes
    assert {(e["from"], e["type"], e["to"]) for e in data["edges"]} == attribution.links
    known = set(corpus.claims["id"])
    assert {claim["id"] for edge in data["edges"] for claim in edge["claims"]} <= known
    text = attribution.download("csv").decode()
    notes = [line for line in text.splitlines() if line.startswith("# ")]
    rows = [line for line in text.splitlines() if not line.startswith("# ")]
    assert len(list(csv.reader(io.StringIO("\n".join(rows))))) == len(attribution.links) + 1
    for word in provenance(corpus):
        assert word in json.dumps(data["about"])
        assert word in "\n".join(notes)


def test_export_svg(attribution: Hand, corpus: Corpus) -> None:
    text = attribution.download("svg").decode()
    root = ElementTree.fromstring(text)
    space = "{http://www.w3.org/2000/svg}"
    roles = [group.get("class") for group in root.iter(f"{space}g")]
    assert roles.count("node") == len(attribution.nodes)
    told = {"MAY_BE_SAME", "DISTINCT_FROM"}  # stands under names
    assert roles.count("line") >= sum(kind not in told for _, kind, _ in attribution.links)
    for word in provenance(corpus):
        assert word in text


def test_export_png(attribution: Hand) -> None:
    image = attribution.download("png")
    assert image.startswith(b"\x89PNG")
    width, height = (int.from_bytes(image[at : at + 4], "big") for at in (16, 20))
    box = attribution.page.locator("#canvas").bounding_box()
    assert box
    assert width >= box["width"]
    assert height > box["height"]


# --- light, dark, help -------------------------------------------------------------------------


def test_light_and_dark(attribution: Hand) -> None:
    light = attribution.js("getComputedStyle(document.body).backgroundColor")
    attribution.press("d")
    dark = attribution.js("getComputedStyle(document.body).backgroundColor")
    assert dark != light
    attribution.tool("theme")
    assert attribution.js("getComputedStyle(document.body).backgroundColor") == light


def test_help_and_switching_letters_off(attribution: Hand) -> None:
    attribution.press("?")
    assert "neighbourhood" in attribution.page.locator("#dialog").inner_text()
    attribution.page.uncheck("#letters")
    attribution.page.keyboard.press("Escape")
    attribution.press("t")
    assert not attribution.page.locator("#dialog").is_visible()
    attribution.tool("help")
    attribution.page.check("#letters")


def test_provenance_is_on_the_page(attribution: Hand, corpus: Corpus) -> None:
    text = attribution.page.locator("footer").inner_text() + attribution.page.inner_text("h1")
    for word in provenance(corpus):
        assert word in text


def test_the_index_links_the_pictures(
    page: Page, page_log: PageLog, opened: Callable[..., Hand], pictures: Path
) -> None:
    page.goto((pictures / "index.html").as_uri())
    page.get_by_role("link", name="Attribution").click()
    page.wait_for_selector("body[data-drawn]")
    assert page.inner_text("h1") == "Attribution"
