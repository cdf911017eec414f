"""The served page in a real browser: search everything, expand, ask, look through a lens."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from playwright.sync_api import Page, expect

from tests.browser.axe import axe_core, violations
from tests.browser.hand import Hand
from tests.serve.conftest import HOSTILE, Client
from tests.servers.chromium import PageLog


def drawn(hand: Hand, title: str) -> None:
    """Wait until a picture of that title has taken the place of the one before."""
    expect(hand.page.locator("#title")).to_have_text(title)


def test_a_reader_searches_expands_asks_and_looks_through_a_lens(
    page: Page, page_log: PageLog, client: Client, tmp_path: Path
) -> None:
    page.goto(client.server.address)
    page.wait_for_selector("body[data-drawn]")
    hand = Hand(page)
    assert "software:many" not in hand.nodes

    page.locator("#search").fill("many hands")
    page.get_by_role("option", name="Many Hands").click()
    drawn(hand, "Attribution, and around Many Hands")
    assert hand.selected == "software:many"
    assert len([id for id in hand.nodes if id.startswith("group:g")]) >= 39
    expect(page.locator("#notice")).to_contain_text("40 of 51 neighbours")
    page.screenshot(path=str(tmp_path / "expanded.png"))
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        assert violations(hand, axe_core()) == []

    page.get_by_role("button", name="Expand", exact=True).click()
    drawn(hand, "Attribution, and around Many Hands")
    page.wait_for_function(
        "() => picture.model.nodes.filter((n) => n.id.startsWith('group:g')).length >= 50"
    )
    assert "group:odd" in hand.nodes
    assert page.evaluate("document.querySelectorAll('img').length") == 0
    assert HOSTILE.removesuffix("\u202e") in page.evaluate(
        "picture.model.nodes.find((n) => n.id === 'group:odd').name"
    )

    page.locator("#question").select_option("who_attributes")
    page.locator("#given-incident").fill("WannaCry 2.0")
    page.locator("#ask").click()
    drawn(hand, "who_attributes")
    assert "incident:wannacry" in hand.nodes
    assert "software:many" not in hand.nodes
    page.screenshot(path=str(tmp_path / "asked.png"))

    page.locator("#given-incident").fill("No such thing")
    page.locator("#ask").click()
    expect(page.locator("#notice")).to_contain_text("nothing is called 'No such thing'")
    drawn(hand, "who_attributes")

    page.go_back()
    drawn(hand, "Attribution, and around Many Hands")
    page.reload()
    page.wait_for_selector("body[data-drawn]")
    drawn(hand, "Attribution, and around Many Hands")

    page.get_by_text("A lens over the whole graph").click()
    page.locator("#server-as_of").fill("2001")
    page.locator("#view-attribution").click()
    drawn(hand, "Attribution")
    page.locator("#server-lens").click()
    expect(page.locator("#empty")).to_be_visible()

    inside = client.server.address
    assert all(address.startswith((inside, "data:", "blob:")) for address in page_log.requests)
    assert [one for one in page_log.errors if "status of 400" not in one] == []


def test_a_file_that_is_shared_has_none_of_it(client: Client, built_seed: Path) -> None:
    alone = client.server.answers.page({})
    assert "startServed" in alone.render()
    page = (built_seed / "out" / "attribution.html").read_text(encoding="utf-8")
    assert "startServed" not in page
    assert "connect-src" not in page
    assert "The whole graph" not in page
