"""A brief as one HTML file that asks nothing of any network; each sentence carries the ids of its
claims in `data-claims`."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from kg.base.shown import one_line
from kg.base.written import own
from kg.briefs.brief import Brief, Facts, Figure, Note, Part, Points, Table
from kg.briefs.notes import told

SUFFIX = ".html"
DOC = "one HTML file, offline"

HERE = Path(__file__).parent


def write(brief: Brief, path: Path) -> None:
    """Write it."""
    with own(path) as file:
        file.write(page(brief))


def page(brief: Brief) -> str:
    """The whole of it."""
    return rendered(
        (HERE / "brief.html").read_text(encoding="utf-8"),
        brief=brief,
        kinds={"points": Points, "table": Table, "facts": Facts, "figure": Figure},
        is_a=lambda block, kind: isinstance(block, kind),
        marks=marks,
        told=told,
        address=address,
        drawing=lambda figure: Markup(figure.svg),
    )


def rendered(
    source: str, more: str = "", filters: Mapping[str, Any] | None = None, **given: Any
) -> str:
    """A page in our looks (and `more` of them). Everything is escaped by the template; the policy
    lets nothing in but the style, by its hash."""
    style = (HERE / "brief.css").read_text(encoding="utf-8") + more
    environment = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)
    environment.filters |= {"shown": one_line} | dict(filters or {})
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    own_style = Markup(style)
    return environment.from_string(source).render(style=own_style, digest=digest, **given)


def marks(part: Part) -> list[tuple[int, str]]:
    """The numbers of a part's notes, three and more that follow one another as `4–9`."""
    found: list[list[int]] = []
    for number in part.notes:
        if found and number == found[-1][-1] + 1:
            found[-1].append(number)
        else:
            found.append([number])
    shown: list[tuple[int, str]] = []
    for run in found:
        if len(run) > 2:
            shown.append((run[0], f"{run[0]}–{run[-1]}"))
        else:
            shown += [(number, str(number)) for number in run]
    return shown


def address(note: Note) -> Any:
    """The address of a document, if it is one of the web: nothing else becomes a link."""
    url = one_line(note.url or "")
    return url if note.same_place is None and re.match(r"https?://[^\s]+$", url) else None
