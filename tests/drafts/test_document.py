"""Texts, Markdown, HTML and PDF are read; spans count in what is saved."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import typst

import kg
from kg.base.errors import InputError, UsageError
from kg.drafts.desk import Told, described
from kg.drafts.document import Document, described_by_itself, joined, read
from kg.pipeline.read import claim_file

STORY = "Paper Crane, a hacking group, stole $2 million from Harbour Bank in May 2021, Latvia said."
HTML = f"""<html><head><title>Bank raid</title>
<meta property="og:site_name" content="Reuters">
<meta property="article:published_time" content="2021-06-03"></head><body><nav>Home | World</nav>
<article><h1>Bank raid</h1><p>{STORY}</p><p>{STORY.replace("2021", "2020")}</p>
<p>The bank did not answer a request for comment that was sent on Friday.</p>
</article><script>alert(1)</script></body></html>"""


def pdf(text: str) -> bytes:
    """A page that prints a text."""
    stream = f"BT /F1 9 Tf 20 700 Td ({text}) Tj ET".encode()
    parts = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 800] /Contents 4 0 R "
        b"/Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    made, places = b"%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, part)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(made)
    made += b"xref\n0 6\n0000000000 65535 f \n" + table
    return made + b"trailer\n<< /Size 6 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("story.txt", STORY.encode()),
        (
            "story.md",
            f"# Bank raid\n\n**Paper Crane**{STORY[11:]}\n\n- [a link](https://example.org)\n".encode(),
        ),
        ("story.html", HTML.encode()),
        ("story.pdf", pdf(STORY)),
    ],
)
def test_each_format_gives_a_claim_file_whose_spans_stand_in_its_text(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with kg.open(tmp_path / "kg.kgl") as graph:
        made = graph.draft(tmp_path / name, tmp_path / "out" / "claims.yaml")
        claim_file(made.file, graph.ontology)
    words = {made.document.text[slice(*one.span)] for one in made.draft.proposals}
    assert words
    assert all(word in made.text.read_text("utf-8") for word in words)
    assert ("Harbour Bank" in str(words)) == ("alert" not in made.document.text)
    triples = {one.triple[1:] for one in made.draft.proposals}
    assert ("amount_stolen", "2000000") in triples


def test_a_page_says_who_published_it_and_when(tmp_path: Path) -> None:
    (tmp_path / "story.html").write_text(HTML, encoding="utf-8")
    document = read(tmp_path / "story.html")
    assert document.publisher == ("organization:reuters", "Reuters")
    assert (document.date, document.date_basis) == ("2021-06-03", "metadata")
    assert "Home | World" not in document.text


@pytest.mark.parametrize(
    ("line", "day", "by"),
    [
        ("BERGHOLM, 14 March 2024 - Hackers", "2024-03-14", None),
        ("WASHINGTON (Northwind) — Sept 13, 2019 — Hackers", "2019-09-13", "Northwind"),
        ("WASHINGTON, D.C. — Sept. 13, 2019 — Hackers", "2019-09-13", None),
        ("Washington, March 14, 2024 (Northwind) - Hackers", "2024-03-14", "Northwind"),
        ("WASHINGTON, Sept. 13 (Northwind) - Hackers", None, "Northwind"),
        ("On 14 March 2024 - a Thursday - hackers", None, None),
        ("The attack of 14 March 2024 - the first - hackers", None, None),
    ],
)
def test_a_dateline_dates_the_document(line: str, day: str | None, by: str | None) -> None:
    text = f"{line} halted cargo handling at the port for four days.\n"
    document = described_by_itself(Document(text), text)
    assert (document.date, document.date_basis) == (day, "stated" if day else None)
    assert (document.publisher[1] if document.publisher else None) == by
    assert described(document, Told(date="2024-03-15")).date_basis == "metadata"


@pytest.mark.parametrize(
    ("told", "date", "basis", "day"),
    [
        (Told(), None, None, None),
        (Told(date="2022"), "2022-09-28", "derived", "2022-09-28"),
        (Told(date="2022-09"), "2022-09-28", "derived", "2022-09-28"),
        (Told(date="2022-03"), "2022-03", "metadata", None),
        (Told(date="2022-09-29"), "2022-09-29", "metadata", "2022-09-28"),
        (Told(date="2022-09-28"), "2022-09-28", "metadata", "2022-09-28"),
        (Told(date="2023-01-01"), "2023-01-01", "metadata", "2023-01-01"),
        (Told(url="https://example.org/2022/09/29/port"), "2022-09-29", "metadata", "2022-09-28"),
        (Told(url="https://example.org/2022/99/99/port"), None, None, None),
    ],
)
def test_a_dateline_without_a_year_has_that_of_the_documents_day(
    told: Told, date: str | None, basis: str | None, day: str | None
) -> None:
    """What is written on Sept 28 and published a day later counts `yesterday` from the 28th."""
    text = "MOSCOW, Sept 28 (Northwind) - Hackers halted cargo handling yesterday.\n"
    document = described(described_by_itself(Document(text), text), told)
    assert (document.date, document.date_basis) == (date, basis)
    assert (document.day.isoformat() if document.day else None) == day


def test_the_year_of_a_dateline_may_stand_with_the_rights() -> None:
    text = "MOSCOW, March 3 — Hackers halted cargo handling.\n\n© 2022 Northwind Press\n"
    document = described_by_itself(Document(text), text)
    assert (document.date, document.date_basis) == ("2022-03-03", "derived")


def test_no_break_spaces_and_curly_quotes_keep_every_place() -> None:
    document = Document("North\u00a0Korea\u2019s \u201cunit\u201d \U0001d54a")
    assert document.plain == 'North Korea\'s "unit" \U0001d54a'
    assert len(document.plain) == len(document.text)


@pytest.mark.parametrize("name", ["story.html", "story.pdf"])
def test_what_is_not_installed_is_named_with_the_extra(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(HTML.encode())
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    monkeypatch.setitem(sys.modules, "pypdf", None)
    with pytest.raises(UsageError, match=r"pip install .*\[draft\]"):
        read(tmp_path / name)


@pytest.mark.parametrize(
    ("name", "content"),
    [("a.txt", b""), ("a.txt", b"\xff\xfe\x00"), ("a.pdf", b"%PDF-1.4 broken"), ("a.html", b"")],
)
def test_what_cannot_be_read_is_an_error_that_names_the_file(
    tmp_path: Path, name: str, content: bytes
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=name.replace(".", r"\.")):
        read(tmp_path / name)


def test_lines_of_a_page_are_joined_and_a_heading_is_none_of_them() -> None:
    page = (
        "Ruritania and Borduria sign a treaty in the capital\nThe Example Post\n9 August 2025\n"
        "The two prime ministers met at the palace on Friday, for the first time in years, and\n"
        "signed a treaty on fishing rights.\nBorduria's president stayed away.\n"
    )
    assert joined(page).strip().splitlines() == [
        "Ruritania and Borduria sign a treaty in the capital",
        "The Example Post",
        "9 August 2025",
        "The two prime ministers met at the palace on Friday, for the first time in years, and "
        "signed a treaty on fishing rights.",
        "Borduria's president stayed away.",
    ]


def test_a_pdf_in_two_columns_has_its_paragraphs_and_no_running_heads(tmp_path: Path) -> None:
    """Lines of a column are short and unlike, and one that ends in a hyphen is one line."""
    told = [
        "Ruritania and Borduria, which had been at odds over fishing rights for the better part of "
        "a decade, signed an understanding in the capital on Friday, their ministries said.",
        "Representatives of neighbouring countries were not invited. Correspondents who had "
        "travelled to the palace nevertheless witnessed extraordinarily cordial conversations.",
    ] * 12
    head = "header: [Bulletin, page #context counter(page).display()]"
    page = f"#set page(width: 14cm, height: 16cm, columns: 2, {head})"
    source = f"{page}\n#set par(justify: true)\n\n" + "\n\n".join(told)
    file = tmp_path / "columns.pdf"
    file.write_bytes(typst.compile(source.encode()))
    found = [line for line in read(file).text.splitlines() if line.strip()]
    assert not [line for line in found if line.startswith("Bulletin, page")]
    assert found.count(told[0]) >= 10  # but for those that a page's end breaks behind a full stop


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("news.docx", b"PK\x03\x04rest", "is an office document"),
        ("news.doc", b"\xd0\xcf\x11\xe0\xa1\xb1", "is an office document"),
        ("news.txt", b"{\\rtf1 news}", "is rich text"),
        ("news.txt", b"\x89PNG\r\n", "is a picture"),
        ("blank.txt", b" \n\n", "there is no text in it"),
    ],
)
def test_what_is_no_text_is_told_in_a_word(
    tmp_path: Path, name: str, content: bytes, told: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError, match=told):
        read(tmp_path / name)


def test_a_scanned_pdf_is_told(tmp_path: Path) -> None:
    file = tmp_path / "scan.pdf"
    file.write_bytes(typst.compile(b"#rect()"))
    with pytest.raises(InputError, match="its pages are pictures"):
        read(file)


def test_a_pdf_without_its_ending_is_read_as_one(tmp_path: Path) -> None:
    file = tmp_path / "report"
    file.write_bytes(typst.compile(b"Northwind hacked the bank."))
    assert read(file).text.strip() == "Northwind hacked the bank."


@pytest.mark.parametrize("day", ["8 September 2022", "Sept. 8, 2022", "2022-09-08"])
def test_a_day_is_told_as_one_writes_it(day: str) -> None:
    assert described(Document("Text."), Told(date=day)).date == "2022-09-08"


def test_a_page_is_read_in_the_encoding_that_it_declares(tmp_path: Path) -> None:
    page = HTML.replace("<head>", '<head><meta charset="windows-1252">').replace("Latvia", "Zürich")
    (tmp_path / "page.html").write_bytes(page.encode("cp1252"))
    assert "Zürich said" in read(tmp_path / "page.html").text
