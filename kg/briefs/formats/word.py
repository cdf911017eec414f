"""A brief for Word: the notes as a numbered list at the end; the ids of a sentence's claims stand
behind it as hidden text (Word shows it with ¶)."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kg.base.errors import UsageError
from kg.base.settings import to_install
from kg.base.shown import one_line
from kg.base.written import own
from kg.briefs.brief import Block, Brief, Facts, Figure, Points, Sentence, Table
from kg.briefs.formats.html import address, marks
from kg.briefs.notes import told

if TYPE_CHECKING:
    from docx.document import Document
    from docx.text.paragraph import Paragraph

SUFFIX = ".docx"
DOC = "Word (extra `brief`)"

HINT = f"Word needs the python-docx package: {to_install('brief')}"
WIDE = 16.0
"""Centimetres between the margins."""


def write(brief: Brief, path: Path) -> None:
    """Write it. Raises `UsageError` where python-docx is not installed."""
    try:
        import docx
    except ImportError:
        raise UsageError(HINT) from None
    document = docx.Document()
    _styled(document, brief)
    if brief.marking:
        document.add_paragraph(one_line(brief.marking)).runs[0].bold = True
    document.add_heading(one_line(brief.title), 0)
    document.add_paragraph(one_line(brief.subtitle))
    for section in brief.sections:
        document.add_heading(one_line(section.title), 1)
        for block in section.blocks:
            _block(document, block)
    _notes(document, brief)
    made = io.BytesIO()
    document.save(made)
    with own(path, binary=True) as file:
        file.write(made.getvalue())


def _styled(document: Document, brief: Brief) -> None:
    from docx.shared import Cm, Pt

    document.core_properties.title = one_line(brief.title)[:255]
    document.core_properties.author = ""
    document.core_properties.comments = ""
    document.styles["Normal"].font.name = "Georgia"
    document.styles["Normal"].font.size = Pt(9 if brief.short else 10.5)
    for section in document.sections:
        section.left_margin = section.right_margin = Cm(2.5)
        section.top_margin = section.bottom_margin = Cm(2)
        section.page_width, section.page_height = Cm(21), Cm(29.7)


def _block(document: Document, block: Block) -> None:
    from docx.shared import Cm

    match block:
        case Points():
            for passage in block.items:
                paragraph = document.add_paragraph(style="List Bullet")
                for place, one in enumerate(passage):
                    _sentence(paragraph, one, " " if place else "")
        case Table():
            _table(document, block)
        case Facts():
            rows = document.add_table(rows=0, cols=2)
            for key, value in block.rows:
                cells = rows.add_row().cells
                cells[0].text, cells[1].text = one_line(key), one_line(value)
                cells[0].width, cells[1].width = Cm(4), Cm(WIDE - 4)
        case Figure():
            _figure(document, block)


def _table(document: Document, block: Table) -> None:
    from docx.shared import Cm, Pt

    made = document.add_table(rows=1, cols=len(block.columns), style="Light List")
    for cell, column in zip(made.rows[0].cells, block.columns, strict=True):
        cell.text = one_line(column)
    for row in block.rows:
        for cell, one in zip(made.add_row().cells, row, strict=True):
            _sentence(cell.paragraphs[0], one)
    for row_ in made.rows:
        for cell, width in zip(row_.cells, block.widths, strict=True):
            cell.width = Cm(WIDE * width / sum(block.widths))
            for run in cell.paragraphs[0].runs:
                run.font.size = Pt(8.5)


def _sentence(paragraph: Paragraph, one: Sentence, before: str = "") -> None:
    for place, part in enumerate(one.parts):
        paragraph.add_run((before if place == 0 else "") + one_line(part.text))
        if part.notes:
            run = paragraph.add_run(",".join(text for _, text in marks(part)))
            run.font.superscript = True
    if one.claims:
        paragraph.add_run(f" [{' '.join(one.claims)}]").font.hidden = True


def _figure(document: Document, figure: Figure) -> None:
    """The drawing as a vector, and as a picture of points for readers who know no SVG. It is drawn
    by Typst; where that is not installed its words alone stand there."""
    from docx.shared import Cm

    picture = _drawn(figure)
    if picture is not None:
        document.add_picture(io.BytesIO(picture), width=Cm(WIDE))
        _as_vector(document, figure)
    document.add_paragraph(one_line(figure.caption)).runs[0].italic = True


def _drawn(figure: Figure) -> bytes | None:
    try:
        import typst
    except ImportError:
        return None
    source = (
        b"#set page(width: 16cm, height: auto, margin: 0pt)\n"
        b'#image(bytes(sys.inputs.svg), format: "svg", width: 100%)'
    )
    made = typst.compile(source, format="png", ppi=200, sys_inputs={"svg": figure.svg})
    return made if isinstance(made, bytes) else made[0]


def _as_vector(document: Document, figure: Figure) -> None:
    """Put the SVG beside the picture that was added last, as Office 2016 and newer take it."""
    from docx.opc.constants import RELATIONSHIP_TYPE
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from docx.oxml import parse_xml

    package: Any = document.part.package
    name = PackURI(f"/word/media/{figure.name}.svg")
    part = Part(name, "image/svg+xml", figure.svg.encode(), package)
    id = document.part.relate_to(part, RELATIONSHIP_TYPE.IMAGE)
    blip: Any = document.inline_shapes[-1]._inline.graphic.graphicData.pic.blipFill.blip
    blip.append(
        parse_xml(
            '<a:extLst xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main">'
            '<a:ext uri="{96DAC541-7B7A-43D3-8B79-37D633B846F1}">'
            '<asvg:svgBlip xmlns:asvg="http://schemas.microsoft.com/office/drawing/2016/SVG/main" '
            'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
            f'r:embed="{id}"/></a:ext></a:extLst>'
        )
    )


def _notes(document: Document, brief: Brief) -> None:
    from docx.shared import Pt

    if brief.notes:
        document.add_heading("Notes", 1)
    for note in brief.notes:
        words = [f"{note.number}  {'; '.join(told(note, short=brief.short))}."]
        if (url := address(note)) and not brief.short:
            words.append(url)
        paragraph = document.add_paragraph(one_line(" ".join([*words, *note.claims])))
        paragraph.paragraph_format.space_after = Pt(2)
        for run in paragraph.runs:
            run.font.size = Pt(7.5)
