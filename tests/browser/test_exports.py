"""Exported files: that they hold what is visible, and say how it was filtered."""

from __future__ import annotations

import json
import math
import struct
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest

from kg.graph.corpus import Corpus
from tests.browser.hand import Hand

SVG = "{http://www.w3.org/2000/svg}"
NARROW = {
    "without-kinds": '["Sanction"]',
    "without-relations": '["ABOUT"]',
    "from": "2018-01-01",
    "to": "2019-06-30",
    "undated": "0",
    "asserters": "1",
    "confidence": "moderate",
    "hidden": '["person:kim-jong-un"]',
}
SAID = (
    "without the kinds Sanction",
    "without the relations about",
    "time 2018-01-01 – 2019-06-30",
    "without undated",
    "at least 1 independent asserter",
    "confidence at least moderate",
    "hidden: Kim Jong-un",
)


def address(parts: dict[str, str]) -> str:
    return "&".join(f"{name}={quote(value)}" for name, value in parts.items())


def svg_of(hand: Hand) -> ET.Element:
    return ET.fromstring(hand.download("svg"))


def texts(image: ET.Element) -> list[str]:
    return [one.text or "" for one in image.iter(f"{SVG}text")]


def size(png: bytes) -> tuple[int, int]:
    width, height = struct.unpack(">II", png[16:24])
    return width, height


@pytest.mark.parametrize("name", ["attribution", "diplomacy"])
def test_the_svg_holds_what_is_visible(
    name: str, opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / f"{name}.html")
    image = svg_of(hand)
    words = " ".join(texts(image))
    for band in hand.js("picture.model.bands.map((band) => band[0])"):
        assert all(word in words for word in band.split())
    for kind in hand.js("[...picture.shown.nodes].map((n) => picture.model.nodes[n].kind)"):
        assert kind[:5] in words
    for told in ("several say so independently", "denied", "marking:"):
        assert told in words
    assert len(image.findall(f".//{SVG}g[@class='node']")) == len(hand.nodes)
    crosses = [one for one in image.iter(f"{SVG}path") if one.get("stroke-width") == "2.4"]
    disputed = hand.js(
        "[...picture.shown.links].filter((n) => picture.counted.counts.get(n)?.disputed).length"
    )
    assert disputed
    assert len(crosses) == disputed + 1  # the legend has one
    if name == "diplomacy":
        assert "no date" in words
        assert "participated in" in texts(image)
        assert any(text.endswith(" 2018") for text in texts(image))


def test_heads_of_lines_touch_their_nodes(attribution: Hand) -> None:
    image = svg_of(attribution)
    symbols = image.findall(f".//{SVG}g[@class='node']/{SVG}path[@transform]")
    places = [
        tuple(map(float, symbol.get("transform", "")[10:].partition(")")[0].split()))
        for symbol in symbols
    ]
    lines = [line.findall(f"{SVG}path") for line in image.findall(f".//{SVG}g[@class='line']")]
    heads = [parts[1] for parts in lines if len(parts) == 2]
    assert heads
    for head in heads:
        tip = tuple(map(float, head.get("d", "")[1:].partition("L")[0].split()))
        assert min(math.dist(tip, place) for place in places) < 27


def test_nothing_visible_is_a_file_that_says_so(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    hand = opened(pictures / "attribution.html", "asserters=99&undated=0&to=1900-01-01")
    assert not hand.nodes
    image = svg_of(hand)
    assert all(math.isfinite(float(part)) for part in image.get("viewBox", "").split())
    assert "Nothing is shown" in " ".join(texts(image))
    assert hand.download("png").startswith(b"\x89PNG")


@pytest.mark.parametrize("width", [390, 1280])
def test_no_line_is_clipped(width: int, opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "diplomacy.html", address(NARROW))
    hand.page.set_viewport_size({"width": width, "height": 844})
    hand.page.wait_for_function(
        "(width) => innerWidth === width && document.querySelector('#canvas canvas')"
        ".clientWidth === document.querySelector('#canvas').clientWidth",
        arg=width,
    )
    drawn = hand.js(
        """(() => { window.drawnTexts = []; const own = CanvasRenderingContext2D.prototype.fillText;
        CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
          const wide = this.measureText(text).width / (this.textAlign === "center" ? 2 : 1);
          if (!this.canvas.isConnected) drawnTexts.push([text, x + wide, y,
            this.canvas.width, this.canvas.height, this.getTransform().a]);
          return own.call(this, text, x, y); };
        return document.querySelector("#canvas canvas").clientHeight; })()"""
    )
    image = hand.js(
        "(() => { const one = [...document.querySelectorAll('#tools button')];"
        " one.find((b) => b.id === 'tool-export').click(); })()"
    )
    assert image is None
    with hand.page.expect_download() as waiting:
        hand.page.click("#export-png")
    _, height = size(Path(waiting.value.path()).read_bytes())
    rows = hand.js("window.drawnTexts")
    words = " ".join(row[0] for row in rows)
    for told in (*SAID, "sources:", "marking:", "several say so", "Meeting"):
        assert told in words
    for text, right, y, wide, high, ratio in rows:
        assert right * ratio <= wide, text
        assert y * ratio <= high, text
    assert height > drawn


@pytest.mark.parametrize("width", [390, 1280])
def test_no_line_of_the_svg_is_clipped(
    width: int, opened: Callable[..., Hand], pictures: Path, tmp_path: Path
) -> None:
    hand = opened(pictures / "attribution.html", "without-kinds=" + quote('["Group","Incident"]'))
    (tmp_path / "picture.svg").write_bytes(hand.download("svg"))
    hand.page.set_viewport_size({"width": width, "height": 844})
    hand.page.goto((tmp_path / "picture.svg").as_uri())
    outside = hand.js(
        """(() => { const box = document.documentElement.viewBox.baseVal;
        return [...document.querySelectorAll("text")].filter((one) => {
          const own = one.getBBox();
          const above = one.parentNode === document.documentElement ? 0
            : one.parentNode.y.baseVal.value; // the picture has an origin of its own
          return own.x < -2 || own.x + own.width > box.width + 2
            || own.y + above + own.height > box.height + 2;
        }).map((one) => one.textContent); })()"""
    )
    assert outside == []


def test_exports_say_how_they_are_filtered(opened: Callable[..., Hand], pictures: Path) -> None:
    hand = opened(pictures / "diplomacy.html", address(NARROW))
    about = json.loads(hand.download("json"))["about"]
    header = hand.download("csv").decode("utf-8")
    assert not header.startswith("\ufeff")
    line = " ".join(texts(svg_of(hand)))
    for told in SAID:
        assert told in about["filters"]
        assert told in header
        assert told in line
    hand = opened(pictures / "attribution.html")
    assert json.loads(hand.download("json"))["about"]["filters"] == "none"


def test_a_neighbourhood_and_a_choice_are_named(
    opened: Callable[..., Hand], pictures: Path
) -> None:
    only = "only=" + quote('["incident:wannacry","group:lazarus-group"]')
    hand = opened(pictures / "attribution.html", only)
    about = json.loads(hand.download("json"))["about"]
    assert "WannaCry" in about["filters"]
    assert "Lazarus Group" in about["filters"]


def test_own_keys_win_over_properties_of_the_same_name(attribution: Hand, corpus: Corpus) -> None:
    attribution.js(
        """(() => { const own = { id: "x", kind: "x", name: "x", time: "x", from: "x", type: "x" };
        for (const n of picture.shown.nodes)
          picture.counted.facts[n] = { ...picture.counted.facts[n],
            properties: { ...picture.counted.facts[n].properties, ...own } };
        for (const n of picture.shown.links)
          picture.model.links[n].properties = { ...own, to: "x" }; })()"""
    )
    made = json.loads(attribution.download("json"))
    assert {node["id"] for node in made["nodes"]} == attribution.nodes
    assert {(e["from"], e["type"], e["to"]) for e in made["edges"]} == attribution.links
    assert all(node["properties"]["id"] == "x" for node in made["nodes"])
    assert "x" not in {node.get("time") if isinstance(node.get("time"), str) else None
                       for node in made["nodes"]}  # fmt: skip


def test_a_name_in_the_header_starts_no_formula(attribution: Hand) -> None:
    attribution.js(
        "(() => { for (const node of picture.model.nodes)"
        """ node.name = 'a,=HYPERLINK("b"),"c'; })()"""
    )
    attribution.js("location.hash = 'hidden=' + encodeURIComponent('[\"group:lazarus-group\"]')")
    attribution.page.wait_for_function("() => picture.state.hidden.length")
    text = attribution.download("csv").decode()
    head = [row for row in text.split("\r\n") if row.startswith("#")]
    assert any("hidden: a,'=HYPERLINK" in row for row in head)
    assert not [row for row in head if '"' in row]
