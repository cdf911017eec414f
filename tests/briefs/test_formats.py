"""The four formats: hostile names stay names, no file asks for anything, one page is one page."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import pytest
import typst
from markdown_it import MarkdownIt

from kg.base.errors import UsageError
from kg.base.shown import HIDDEN, json_text, one_line
from kg.briefs import Brief, brief, write
from kg.briefs.formats import discover, pdf
from kg.briefs.formats.html import page
from kg.briefs.formats.markdown import text
from kg.graph.corpus import Corpus
from kg.ontology import load as ontology
from tests.claimed import CAST, frame

NAMES = (
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "[here](javascript:alert(1)) ![x](http://evil.example/x.png) www.evil.example https://e.example",
    "# *bold* _it_ `code` ~~gone~~ $x$ | cell | [^1]",
    '#set page(fill: red) #image("/etc/passwd") $ \\ @ref <label>',
    "{{ 7 * 7 }} {% raw %} ]]> &amp; -->",
    "= Title \u202eeltit\u202c \u200b",
    "1. first - second + third > quoted",
    "\x1b[2J\x07 bell \u2028 line",
)
SAID = """\
- {asserter: organization:vendor, document: document:paper, hedge: "H", summary: "S",
   says: [incident:theft, ATTRIBUTED_TO, group:night]}
- {asserter: organization:vendor, document: document:paper, locator: "L",
   says: [group:night, alias, "A"]}
- {asserter: agency:treasury, document: document:later,
   denies: [incident:theft, ATTRIBUTED_TO, group:night]}
"""


def hostile(name: str) -> Brief:
    """A brief in which everything that a source may call is called so."""
    quoted = json.dumps(name)
    said = re.sub(r'"[HSLA]"', lambda _: quoted, SAID)
    cast = CAST.replace("group:night: Night", f"group:night: {quoted}")
    cast = cast.replace("incident:theft: The theft", f"incident:theft: {quoted}")
    cast = cast.replace("organization:vendor: The Vendor", f"organization:vendor: {quoted}")
    cast = cast.replace("name: The paper", f"name: {quoted}")
    said = said.replace("- {", "    - {")
    return brief(Corpus.of(frame(said, cast=cast), ontology()), "group:night")


class Tags(HTMLParser):
    """The elements and their attributes, and the text."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(markup)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_names_in_html(name: str) -> None:
    found = Tags(page(hostile(name)))
    assert one_line(name) in found.words
    assert not {tag for tag, _ in found.tags} & {"script", "img", "iframe", "object", "base"}
    for tag, attributes in found.tags:
        assert not [key for key in attributes if key.startswith("on")], tag
        assert all(str(attributes.get(key, "#")).startswith(("#", "https://")) for key in ("href",))


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_names_in_markdown(name: str) -> None:
    made = text(hostile(name))
    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(made)
    inside = [child for token in tokens for child in token.children or ()]
    words = "".join(child.content for child in inside if child.type == "text")
    assert one_line(name) in words
    allowed = {"text", "html_inline", "softbreak"}
    assert {child.type for child in inside} <= allowed
    comments = [child.content for child in inside if child.type == "html_inline"]
    assert all(re.fullmatch(r"<!-- (claim:[0-9a-f]{16} ?)+-->", one) for one in comments)
    assert not [
        token for token in tokens if token.type in ("html_block", "fence", "blockquote_open")
    ]


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_names_in_word(name: str, tmp_path: Path) -> None:
    document = docx.Document(str(write(hostile(name), tmp_path / "b.docx")))
    paragraphs = [p.text for p in document.paragraphs]
    assert any(one_line(name) in text for text in paragraphs)
    body = document.element.body.xml
    assert not HIDDEN.search(body)
    assert "w:hyperlink" not in body
    assert "w:fldSimple" not in body
    assert "w:instrText" not in body


@pytest.mark.parametrize("name", NAMES)
def test_hostile_names_are_names_in_pdf(name: str, tmp_path: Path) -> None:
    made = hostile(name)
    assert write(made, tmp_path / "b.pdf").read_bytes().startswith(b"%PDF")
    assert len(query(made, "heading")) == len(made.sections) + 1
    assert len(query(made, "image")) == sum("svg" in str(vars(b)) for s in made.sections
                                            for b in s.blocks)  # fmt: skip
    assert query(made, "ref") == []
    words = json.dumps(pdf.data(made), ensure_ascii=False)
    assert json.dumps(one_line(name), ensure_ascii=False)[1:-1] in words
    assert not HIDDEN.search(words)


def query(made: Brief, what: str) -> list[dict[str, Any]]:
    """The elements of this sort that Typst makes of a brief."""
    template = Path(pdf.__file__).with_name("brief.typ").read_bytes()
    given = {"brief": json_text(pdf.data(made)), "scale": "1"}
    found: list[dict[str, Any]] = json.loads(typst.query(template, what, sys_inputs=given))
    return found


@pytest.mark.parametrize(
    ("about", "scale"),
    [("group:lazarus-group", "1"), ("state:PRK", "1"), ("incident:wannacry", "1")],
)
def test_a_short_brief_stands_on_one_page(about: str, scale: str, seed: Corpus) -> None:
    made = brief(seed, about, short=True)
    given = pdf.fitted(made)
    (pages,) = json.loads(typst.query(pdf.template(), "<pages>", sys_inputs=given, field="value"))
    assert (pages, given["scale"]) == ("1", scale)


def test_html_asks_for_nothing_and_its_sentences_carry_their_claims(seed: Corpus) -> None:
    made = brief(seed, "group:lazarus-group")
    found = Tags(page(made))
    carried = [
        a["data-claims"] or "" for tag, a in found.tags if tag == "span" and "data-claims" in a
    ]
    assert [tuple(ids.split()) for ids in carried] == [
        one.claims for section in made.sections for one in _all(section) if one.claims
    ]
    assert not [a for tag, a in found.tags if tag in ("link", "script", "img") or "src" in a]
    policy = next(a["content"] for tag, a in found.tags if a.get("http-equiv"))
    assert str(policy).startswith("default-src 'none'")


def _all(section: Any) -> list[Any]:
    one = Brief("", "", "", "", False, (section,), ())
    return list(one.sentences())


def test_word_holds_the_ids_as_hidden_text(seed: Corpus, tmp_path: Path) -> None:
    made = brief(seed, "incident:wannacry")
    document = docx.Document(str(write(made, tmp_path / "b.docx")))
    hidden = [r.text for p in document.paragraphs for r in p.runs if r.font.hidden]
    said = [one for s in made.sections for b in s.blocks if hasattr(b, "items")
            for passage in b.items for one in passage]  # fmt: skip
    assert hidden == [f" [{' '.join(one.claims)}]" for one in said]


def test_formats_are_found_and_another_suffix_is_told_which_there_are(
    seed: Corpus, tmp_path: Path
) -> None:
    assert set(discover()) == {".docx", ".html", ".md", ".pdf"}
    made = brief(seed, "incident:wannacry", short=True)
    with pytest.raises(UsageError, match=r"did you mean '\.docx'"):
        write(made, tmp_path / "b.doc")
    with pytest.raises(UsageError, match=r"known: \.docx, \.html, \.md, \.pdf"):
        write(made, tmp_path / "b")


@pytest.mark.parametrize(("module", "suffix"), [("typst", ".pdf"), ("docx", ".docx")])
def test_a_missing_package_is_named_with_how_to_install_it(
    seed: Corpus, tmp_path: Path, module: str, suffix: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(__import__("sys").modules, module, None)
    made = brief(seed, "incident:wannacry", short=True)
    with pytest.raises(UsageError, match=r"\[brief\]"):
        write(made, tmp_path / f"b{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_what_somebody_else_wrote_is_not_overwritten(seed: Corpus, tmp_path: Path) -> None:
    made = brief(seed, "incident:wannacry", short=True)
    path = tmp_path / "b.md"
    write(made, path)
    write(made, path)
    path.write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="not as kg wrote it"):
        write(made, path)
    assert path.read_text(encoding="utf-8") == "mine"
