"""Belief over time in a page: what was said, played; a chart of a line; a river of rivals."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.browser.hand import Hand

SONY = "incident:sony-pictures-2014"


def test_what_was_said_is_played(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "attribution.html")
    whole = hand.nodes
    hand.page.click("#play-said")
    hand.page.wait_for_function("() => picture.state.asOf !== null")
    assert hand.nodes < whole
    assert hand.page.locator("#play").inner_text() == "Play"
    first = hand.js("picture.state.asOf")
    hand.page.wait_for_function("(day) => picture.state.asOf > day", arg=first)
    hand.page.click("#stop-said")
    assert hand.js("picture.state.asOf") is None
    assert hand.nodes == whole
    hand.press("z")
    assert hand.said == "Nothing to undo."


def test_the_slider_and_the_field_are_one_day(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "attribution.html")
    hand.set("said-by", 0)
    day = hand.js("picture.state.asOf")
    assert hand.page.locator("#as-of").input_value() == day
    hand.set("said-by", hand.page.locator("#said-by").get_attribute("max") or "")
    assert hand.js("picture.state.asOf") is None


def test_the_chart_of_a_line_ends_where_the_count_is(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "attribution.html")
    hand.click_link("incident:wannacry", "ATTRIBUTED_TO", "group:lazarus-group")
    chart = hand.panel.locator(".over-time svg[role=img]")
    last = (chart.get_attribute("aria-label") or "").split("; ")[-1]
    count = hand.js("picture.counted.counts.get(picture.state.selected.link)")
    assert f": {count['asserters'] + count['unknown']} for, " in last


def test_rivals_are_a_river(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "attribution.html")
    hand.click(SONY)
    flows = hand.panel.locator(".river .flow button").all_inner_texts()
    assert len(flows) > 1
    assert hand.panel.locator(".river svg[role=img] path").count() == len(flows)


def test_a_chosen_line_outlives_days_on_which_nobody_said_it(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "attribution.html")
    hand.click_link(SONY, "ATTRIBUTED_TO", "group:lazarus-group")
    hand.set("as-of", "2018-06-01")
    assert "Nobody says this under the present lens" in hand.panel.inner_text()
    assert hand.panel.locator(".over-time").count() <= 1
