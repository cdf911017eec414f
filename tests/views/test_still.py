"""Pictures on paper."""

from __future__ import annotations

import re
import shutil
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from kg.api import KnowledgeGraph
from kg.base.errors import UsageError
from kg.views.kit import still

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def graph(seed_graph: KnowledgeGraph) -> KnowledgeGraph:
    return seed_graph


def test_an_svg_holds_its_caption_legend_facts_and_marking(
    graph: KnowledgeGraph, tmp_path: Path
) -> None:
    path = graph.render("attribution", tmp_path / "a.svg", as_of="2019-12-31")
    image = ET.fromstring(path.read_text("utf-8"))
    assert (image.get("width"), image.get("height")) == ("1600", "900")
    words = " ".join(text.text or "" for text in image.iter(f"{SVG}text"))
    for told in ("Attribution", "Read from an event to the right", "hedged, in the words quoted",
                 "attributed to", "denied by Foreign Ministry of North Korea", "Corpus 2019",
                 "as of 2019-12-31", "sources: ",
                 "marking: "):  # fmt: skip
        assert told in words, told
    assert "Click" not in words
    roles = [group.get("class") for group in image.iter(f"{SVG}g")]
    corpus = graph.corpus(as_of="2019-12-31")
    from kg import views

    picture = views.discover()["attribution"].draw(corpus)
    assert roles.count("node") == len(picture.nodes)
    names = {title.text for title in image.iter(f"{SVG}title")}
    assert any(name and "attributed to" in name for name in names)


@pytest.mark.parametrize(("size", "wanted"), [("A4", (1123, 794)), ("700x500", (700, 500))])
def test_a_sheet_has_the_size_that_is_asked_for(
    size: str, wanted: tuple[int, int], graph: KnowledgeGraph, tmp_path: Path
) -> None:
    ends = {"from": "incident:wannacry", "to": "state:PRK"}
    path = graph.render("path", tmp_path / "p.svg", size=size, **ends)
    found = re.search(r'width="(\d+)" height="(\d+)"', path.read_text("utf-8"))
    assert found
    assert (int(found[1]), int(found[2])) == wanted


@pytest.mark.parametrize("size", ["A4", "A4-portrait", "16:9"])
def test_on_paper_everything_finds_room(size: str, graph: KnowledgeGraph, tmp_path: Path) -> None:
    path = graph.render("attribution", tmp_path / "a.svg", size=size)
    assert "no room for" not in path.read_text("utf-8"), "it is drawn smaller where it must"
    found = re.search(r'width="(\d+)" height="(\d+)"', path.read_text("utf-8"))
    assert found
    assert (int(found[1]), int(found[2])) == still.SIZES[size]


@pytest.mark.parametrize("size", ["16:10", "12x12", "1600", "99999x900"])
def test_another_size_is_refused(size: str) -> None:
    with pytest.raises(UsageError, match="--size"):
        still.size_of(size)


def test_a_size_for_a_page_is_refused(graph: KnowledgeGraph, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="fills its window"):
        graph.render("attribution", tmp_path / "a.html", size="A4")


def test_without_a_browser_png_and_pdf_say_what_to_do(
    graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(UsageError, match=r"need a Chromium.*NAME.svg"):
        graph.render("attribution", tmp_path / "a.png")
    assert graph.render("attribution", tmp_path / "a.svg").exists()


def test_somebody_elses_image_is_left_alone(graph: KnowledgeGraph, tmp_path: Path) -> None:
    (tmp_path / "photo.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg'/>")
    with pytest.raises(UsageError, match="no picture of kg"):
        graph.render("attribution", tmp_path / "photo.svg")
    path = graph.render("attribution", tmp_path / "ours.svg")
    assert graph.render("diplomacy", path, size="A4") == path
    assert path.read_text(encoding="utf-8").count(" blames ") == 2  # told, though it takes a line


def test_png_and_pdf_are_printed_and_drawn_anew(
    chromium_path: str, graph: KnowledgeGraph, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(still, "browser", lambda: chromium_path)
    for ending, magic, times in ((".png", b"\x89PNG", 2), (".pdf", b"%PDF", 1)):
        for _ in range(times):
            path = graph.render("attribution", tmp_path / f"a{ending}", size="700x500")
            assert path.read_bytes().startswith(magic)
    width = int.from_bytes((tmp_path / "a.png").read_bytes()[16:20], "big")
    assert width == 2 * 700
