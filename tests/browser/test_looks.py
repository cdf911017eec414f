"""Accessibility, narrow screens, paper, and pictures of thousands of nodes."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from kg.graph.corpus import Corpus
from kg.views.kit import page as written
from kg.views.kit import payload as read
from tests.browser.axe import axe_core, violations
from tests.browser.conftest import whole
from tests.browser.hand import Hand
from tests.browser.synthetic import corpus as synthetic
from tests.portion import one_in, soaked
from tests.servers.chromium import VIEWPORT, watch


@pytest.fixture(scope="session")
def axe() -> str:
    """The text of the accessibility checker."""
    return axe_core()


@pytest.mark.parametrize(
    ("scheme", "name"),
    [
        ("light", "attribution"),
        ("dark", "diplomacy"),
        *map(soaked, [("dark", "attribution"), ("light", "diplomacy")]),
        *map(soaked, [("light", "whole"), ("dark", "whole")]),
    ],
)
def test_axe_finds_nothing(
    name: str, scheme: Any, opened: Callable[..., Hand], pictures: Path, axe: str
) -> None:
    hand = opened(pictures / f"{name}.html")
    hand.page.emulate_media(color_scheme=scheme)
    rules = ["color-contrast"] if scheme == "dark" else []  # nothing else depends on the scheme
    assert violations(hand, axe, rules) == []
    hand.press("ArrowRight")
    assert violations(hand, axe, rules) == []
    hand.press("t")
    assert violations(hand, axe, rules) == []
    hand.page.keyboard.press("Escape")
    hand.press("?")
    assert violations(hand, axe, rules) == []


def test_the_focus_goes_through_the_page_in_order(attribution: Hand) -> None:
    attribution.page.focus("#search")
    seen = []
    for _ in range(70):
        attribution.page.keyboard.press("Tab")
        seen.append(
            attribution.js(
                "document.activeElement.closest('#tools, #filters, #canvas, #panel')?.id ?? ''"
            )
        )
    order = [part for number, part in enumerate(seen) if part and part not in seen[:number]]
    assert order == ["tools", "filters", "canvas", "panel"]


@pytest.mark.parametrize("width", one_in(2, [360, 414, 768]))
def test_a_phone(width: int, browser: Browser, pictures: Path) -> None:
    context = browser.new_context(viewport={"width": width, "height": 740}, has_touch=True)
    page = context.new_page()
    log = watch(page)
    page.goto((pictures / "attribution.html").as_uri())
    page.wait_for_selector("body[data-drawn]")
    hand = Hand(page)
    assert hand.js("document.documentElement.scrollWidth") <= width
    at = hand.place("incident:wannacry")
    page.touchscreen.tap(at["x"], at["y"])
    page.locator("#panel h2", has_text="WannaCry 2.0").wait_for()
    page.click("#tool-filters")
    assert page.locator("#kinds-Incident").is_visible()
    page.keyboard.press("Escape")
    assert page.locator("#kinds-Incident").is_hidden()
    if width < 600:  # a phone has no such key
        page.click("#tool-filters")
        page.click("#close-filters")
        assert page.locator("#kinds-Incident").is_hidden()
    assert log.errors == []
    context.close()


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[[Path], Hand]]:
    """Open a picture on a phone's screen."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, has_touch=True)

    def open_(path: Path) -> Hand:
        page = context.new_page()
        page.goto(path.as_uri())
        page.wait_for_selector("body[data-drawn]")
        return Hand(page)

    yield open_
    context.close()


@pytest.mark.parametrize("name", ["attribution", "diplomacy"])
def test_headings_are_whole_on_a_phone(
    name: str, phone: Callable[[Path], Hand], pictures: Path
) -> None:
    hand = phone(pictures / f"{name}.html")
    bands = [band[0] for band in hand.js("picture.model.bands")]
    assert hand.js("picture.drawnNames().headings") == bands


def test_a_phone_names_what_matters_and_shows_every_tool(
    phone: Callable[[Path], Hand], pictures: Path, axe: str
) -> None:
    hand = phone(pictures / "attribution.html")
    assert violations(hand, axe) == []
    named = set(hand.js("picture.drawnNames().nodes"))
    assert {"incident:sony-pictures-2014", "group:lazarus-group", "state:PRK"} <= named
    # a picture taller than the sheet says how much of it lies below
    below = hand.js("picture.drawnNames().below")
    assert below > 0
    assert len(named) + below + hand.js("picture.drawnNames().unnamed") == len(hand.nodes)
    box = hand.page.locator("#canvas").bounding_box()
    assert box
    hand.page.mouse.move(4, box["y"] + 400)
    hand.page.mouse.down()
    hand.page.mouse.move(4, box["y"] + 100)
    hand.page.mouse.up()
    hand.page.wait_for_function(f"() => picture.drawnNames().below < {below}")
    hit = {target for _, kind, target in hand.links if kind == "TARGETED"}
    assert hit <= named | set(hand.js("picture.drawnNames().nodes"))
    for button in hand.page.locator("#tools button:not(.wide)").all():
        box = button.bounding_box()
        assert box
        assert 0 <= box["x"] <= box["x"] + box["width"] <= 390


def test_the_table_fits_a_desktop(attribution: Hand) -> None:
    attribution.page.set_viewport_size({"width": 1440, "height": 900})
    attribution.press("t")
    assert attribution.js(
        "(({scrollWidth, clientWidth}) => scrollWidth <= clientWidth)"
        "(document.querySelector('#dialog .scroll'))"
    )


def test_an_empty_canvas_says_how_to_come_back(attribution: Hand) -> None:
    whole = attribution.nodes
    attribution.page.click("#kinds-none")
    assert "Nothing passes the filters" in attribution.page.inner_text("#empty")
    attribution.page.click("#lift")
    assert attribution.nodes == whole
    assert attribution.page.locator("#empty").is_hidden()
    attribution.page.fill("#as-of", "1990-01-01")
    attribution.page.click("#unlens")
    assert attribution.nodes == whole


def test_paper(attribution: Hand) -> None:
    attribution.press("d")
    attribution.page.emulate_media(media="print")
    assert attribution.page.locator("#tools").is_hidden()
    assert attribution.page.locator("footer").is_visible()
    sheets = attribution.page.pdf(prefer_css_page_size=True)
    assert sheets.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", sheets)) == 1
    box = re.search(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", sheets)
    assert box
    assert float(box[1]) > float(box[2])


def test_paper_is_light_at_once(attribution: Hand) -> None:
    attribution.press("d")
    corner = (
        "(() => { const c = document.querySelector('#canvas canvas');"
        " return [...c.getContext('2d').getImageData(2, 2, 1, 1).data].slice(0, 3); })()"
    )
    attribution.page.wait_for_function(f"() => {corner}[0] < 60")
    now = f"(() => {{ dispatchEvent(new Event('beforeprint')); return {corner}; }})()"
    assert min(attribution.js(now)) > 200


@pytest.mark.parametrize(("width", "height"), [(480, 300), (320, 256)])
def test_a_page_enlarged_threefold(width: int, height: int, attribution: Hand) -> None:
    page = attribution.page
    page.set_viewport_size({"width": width, "height": height})
    for part in ("#canvas", "#panel"):
        box = page.locator(part).bounding_box()
        assert box
        assert box["height"] >= 180
        assert box["width"] >= width * 0.9
    assert attribution.js("document.documentElement.scrollHeight > innerHeight")
    assert attribution.js("document.documentElement.scrollWidth <= innerWidth")
    page.locator("footer").scroll_into_view_if_needed()
    assert attribution.js("scrollY > 0")


def test_the_readers_own_size_of_letters_counts(attribution: Hand) -> None:
    size = "parseFloat(getComputedStyle(document.querySelector('#panel .lead')).fontSize)"
    before = attribution.js(size)
    attribution.js("document.documentElement.style.setProperty('font-size', '200%')")
    assert attribution.js(size) == 2 * before


def test_reduced_motion(attribution: Hand) -> None:
    attribution.page.emulate_media(reduced_motion="reduce")
    moving = (
        "[...document.querySelectorAll('*')].filter((e) => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0; }).length"
    )
    assert attribution.js(moving) == 0


def test_every_kind_differs_without_colour(
    corpus: Corpus, opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "whole.html")
    kinds = hand.js("Object.values(picture.model.kinds).map((k) => `${k.shape} ${k.mark}`)")
    assert len(set(kinds)) == len(kinds) > 10


# --- large -------------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=[3_000, pytest.param(10_000, marks=pytest.mark.soak)])
def size(request: pytest.FixtureRequest) -> int:
    """How many nodes a large page has: more than are drawn at first."""
    return int(request.param)


@pytest.fixture(scope="module")
def large(size: int, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of so many nodes, and of twice as many relations."""
    path = tmp_path_factory.mktemp("large") / "large.html"
    started = time.perf_counter()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(written, "COMPRESS_ABOVE", 300 * size)  # as it is, for 10,000 nodes
        path.write_text(whole(synthetic(size, 2 * size)), encoding="utf-8")
    print(f"{size:,} nodes: {time.perf_counter() - started:.1f} s, {path.stat().st_size:,} bytes")
    return path


def test_a_large_graph_opens_with_what_matters(
    size: int, large: Path, opened: Callable[..., Hand]
) -> None:
    hand = opened(large)
    if size > 5000:  # all of them, as a density, which is dragged as a whole
        assert len(hand.nodes) == size
        places = "JSON.stringify(picture.model.nodes.map(({ x, y }) => [x, y]))"
        node = hand.js("picture.model.nodes[0].id")
        before, at = hand.js(places), hand.place(node)
        hand.page.mouse.move(at["x"], at["y"])
        hand.page.mouse.down()
        hand.page.mouse.move(at["x"] + 60, at["y"] + 40, steps=3)
        hand.page.mouse.up()
        assert hand.js(places) == before
        assert round(hand.place(node)["x"] - at["x"]) == 60
        return
    print(f"first draw after {hand.js('document.body.dataset.drawn')} ms")
    shown = hand.nodes
    assert 500 <= len(shown) < 1500
    notice = hand.page.locator("#notice").inner_text()
    assert f"{len(shown)} of {size:,} nodes shown" in notice
    weights = hand.js("picture.model.nodes.map((n) => [n.id, n.weight, n.kind])")
    by_weight = sorted(weights, key=lambda row: -row[1])
    assert {row[0] for row in by_weight[:400]} <= shown
    hand.page.click("#show-all")
    assert len(hand.nodes) == size


def test_the_rest_on_demand(large: Path, opened: Callable[..., Hand]) -> None:
    hand = opened(large)
    later = hand.js(
        "picture.model.nodes.find((n) => n.later && picture.model.linksAt[n.index].length).id"
    )
    name = hand.js(f"picture.model.nodes[picture.model.number.get('{later}')].name")
    hand.page.fill("#search", name)
    hand.page.locator("#found li").get_by_text(name, exact=True).first.click()
    assert hand.selected == later
    assert later in hand.nodes


HELD = """
const { text } = Response.prototype;
let asked = 0;
Response.prototype.text = async function () {
  if ((asked += 1) > 1) await new Promise((done) => { window.goOn = done; });
  return text.call(this);
};
"""
"""A page waits, once its columns are read, until it is told to go on."""


def test_a_very_large_picture_is_moved_before_it_is_read(
    browser: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(written, "DENSE", 2_600)
    monkeypatch.setattr(read, "DENSE", 2_600)
    monkeypatch.setattr(written, "COMPRESS_ABOVE", 0)
    path = tmp_path / "dense.html"
    path.write_text(whole(synthetic(2_700, 5_400)), encoding="utf-8")
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.add_init_script(HELD)
    page.goto(path.as_uri())
    page.wait_for_function("() => window.goOn && document.body.dataset.sketched")
    assert page.locator("body[data-drawn]").count() == 0
    middle = page.locator("#first").bounding_box()
    assert middle is not None
    x, y = middle["x"] + middle["width"] / 2, middle["y"] + middle["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 60, y + 40, steps=3)
    page.mouse.up()
    page.evaluate("goOn()")
    page.wait_for_selector("body[data-drawn]", state="attached")
    assert page.locator("#first").count() == 0
    hand = Hand(page)
    node = hand.js("picture.model.nodes[0].id")
    moved = hand.place(node)
    hand.press("f")
    fitted = hand.place(node)
    assert [round(moved[one] - fitted[one]) for one in ("x", "y")] == [60, 40]
    page.context.close()


def test_communities_are_named_from_afar(large: Path, opened: Callable[..., Hand]) -> None:
    hand = opened(large)
    assert hand.js("picture.model.communities.length") > 5
    names = hand.js("picture.drawnNames().communities")
    assert names
    for _ in range(12):
        hand.press("+")
    hand.page.wait_for_function("() => !picture.drawnNames().communities.length")
    assert hand.js("picture.drawnNames().nodes.length") > 0


@pytest.mark.parametrize("name", ["attribution", "diplomacy", "whole"])
def test_no_name_lies_over_another(name: str, opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / f"{name}.html")
    for _ in range(3):
        boxes = [tuple(box) for box in hand.js("picture.drawnNames().boxes")]
        assert len(boxes) > 5
        for number, (x, y, width, height) in enumerate(boxes):
            for x2, y2, width2, height2 in boxes[:number]:
                apart = x >= x2 + width2 or x2 >= x + width or y >= y2 + height2 or y2 >= y + height
                assert apart
        hand.press("+")


@pytest.mark.parametrize("name", ["attribution", "diplomacy"])
def test_names_stand_beside_symbols_and_every_node_has_one(
    name: str, opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / f"{name}.html")
    assert set(hand.js("picture.drawnNames().nodes")) == hand.nodes
    boxes, symbols = hand.js("[picture.drawnNames().boxes, picture.drawnNames().symbols]")
    assert len(symbols) == len(hand.nodes)
    for x, y, width, height in boxes:
        for x2, y2, width2, height2 in symbols:
            assert x >= x2 + width2 or x2 >= x + width or y >= y2 + height2 or y2 >= y + height


def test_the_picture_fills_its_window_and_panels_fold_away(attribution: Hand) -> None:
    places = "[...picture.shown.nodes].map((node) => picture.placeOf({ node }))"

    def extent() -> tuple[float, float]:
        rows = attribution.js(places)
        across, down = ([row[axis] for row in rows] for axis in "xy")
        return max(across) - min(across), max(down) - min(down)

    box = attribution.page.locator("#canvas").bounding_box()
    assert box
    width, height = extent()
    assert height > 0.75 * box["height"]
    assert width > 0.7 * box["width"]
    attribution.page.click("#fold-panel")
    attribution.page.click("#fold-filters")
    assert attribution.page.locator("#panel").is_hidden()
    assert attribution.page.locator("#filters").is_hidden()
    assert extent()[0] > 1.5 * width
    attribution.page.click("#fold-panel")
    assert attribution.page.locator("#panel").is_visible()


def test_relations_are_named_in_the_legend_and_not_along_lines(
    browser: Browser, pictures: Path
) -> None:
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.add_init_script(
        "window.written = []; const own = CanvasRenderingContext2D.prototype.fillText;"
        "CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {"
        " written.push(text); return own.call(this, text, ...at); };"
    )
    page.goto((pictures / "attribution.html").as_uri())
    page.wait_for_selector("body[data-drawn]")
    hand = Hand(page)
    assert "attributed to" in hand.page.inner_text("#part-relations")
    assert not [text for text in hand.js("window.written") if "attributed" in text]
    hand.hover_link("incident:wannacry", "ATTRIBUTED_TO", "group:lazarus-group")
    assert "attributed to" in hand.page.inner_text("#tip")
    page.context.close()


def test_lines_along_time_are_drawn_for_what_is_pointed_at(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "diplomacy.html")
    inked = (
        "(() => { const c = document.querySelector('#canvas canvas'); const d = c.getContext('2d')"
        ".getImageData(0, 0, c.width, c.height).data; let n = 0;"
        " for (let i = 0; i < d.length; i += 4) n += d[i] < 200; return n; })()"
    )
    assert "pointed at" in hand.page.inner_text("#notice")
    before = hand.js(inked)
    hand.page.click("#all-lines")
    hand.page.wait_for_function(f"(before) => {inked} > 1.1 * before", arg=before)
    assert "lines=1" in hand.address


@pytest.mark.parametrize(("nodes", "links"), [(40, 70), (300, 600)])
def test_a_file_stays_small(nodes: int, links: int, tmp_path: Path) -> None:
    size = len(whole(synthetic(nodes, links)).encode())
    assert size < 600_000 + 700 * nodes


@pytest.mark.parametrize("name", ["attribution", "diplomacy", "neighbourhood", "whole"])
def test_a_file_of_many_claims_stays_small_and_readable(name: str, pictures: Path) -> None:
    """Some twenty claims a node, as in the seed, whose data is plain text all the same."""
    path = pictures / f"{name}.html"
    text = path.read_text(encoding="utf-8")
    data = json.loads(
        text.partition('<script type="application/json" id="data">')[2].partition("<")[0]
    )
    assert path.stat().st_size < 600_000 + 700 * len(data["nodes"])


def test_a_large_page_is_compressed(size: int, large: Path) -> None:
    text = large.read_text(encoding="utf-8")
    assert '<script type="application/gzip" id="data">' in text
    assert len(text) < 600_000 + 700 * size


# --- what a still picture tells -------------------------------------------------------------------

WRITES = (
    "window.written = []; const own = CanvasRenderingContext2D.prototype.fillText;"
    "CanvasRenderingContext2D.prototype.fillText = function (text, ...at) {"
    " written.push(text); return own.call(this, text, ...at); };"
)


def written_on(browser: Browser, path: Path, width: int = 1920, height: int = 1080) -> str:
    """All that is written on a picture's canvas."""
    context = browser.new_context(viewport={"width": width, "height": height})
    page = context.new_page()
    page.add_init_script(WRITES)
    page.goto(path.as_uri())
    page.wait_for_selector("body[data-drawn]")
    texts: list[str] = page.evaluate("window.written")
    context.close()
    return " ".join(texts)


def test_names_say_of_which_event_it_is_denied_and_who_may_be_the_same(
    browser: Browser, pictures: Path
) -> None:
    text = written_on(browser, pictures / "attribution.html")
    assert re.search(r"✕ (denied: )?(Sony Pictures attack|Asian cryptocurrency)", text)
    assert "may be Lazarus Group" in text


def test_events_along_time_say_who_reports_them(
    browser: Browser, opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "diplomacy.html")
    listed = hand.page.inner_text("#reporters")
    number = re.search(r"([⁰¹²³⁴⁵⁶⁷⁸⁹]+) Ahram Online", listed)
    assert number
    text = written_on(browser, pictures / "diplomacy.html")
    assert re.search(f"Panmunjom declaration{number[1]}", text)


def test_the_legend_tells_only_of_lines_that_are_drawn(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "diplomacy.html")
    assert "several say so" not in hand.page.inner_text("#part-lines")
    assert "who denies it" in hand.page.inner_text("#part-lines")
    hand.page.click("#all-lines")
    assert "several say so" in hand.page.inner_text("#part-lines")


def test_the_panel_names_who_says_so(attribution: Hand) -> None:
    text = attribution.page.inner_text("#panel")
    assert "according to Microsoft and White House" in text
    assert not re.search(r"\+ \d+ more", text)


def test_a_tall_picture_is_dragged_and_says_how_much_lies_below(attribution: Hand) -> None:
    attribution.page.set_viewport_size({"width": 1280, "height": 500})
    attribution.press("f")
    settled = "(({ below, uncaptioned }) => below > 0 && uncaptioned === 0)(picture.drawnNames())"
    attribution.page.wait_for_function(settled)  # asked apart, they differed once on a busy machine
