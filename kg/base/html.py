"""Tables as HTML for notebooks: what stands in data is text there too, and never markup."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from markupsafe import Markup, escape

from kg.base.shown import visible

MOST = 50
"""Rows that a notebook is shown; a line below tells how many there are beside them."""


class InNotebook:
    """What a notebook shows as HTML, and where it cannot, by its name."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._repr_html_()}


def text(value: Any) -> Markup:
    """A cell: lists joined, nothing as nothing, hidden characters written out."""
    if value is None:
        return Markup("")
    if isinstance(value, Mapping):
        value = "; ".join(f"{key}: {item}" for key, item in value.items())
    elif isinstance(value, Iterable) and not isinstance(value, str):
        value = "; ".join(map(str, value))
    return escape(visible(str(value)))


def table(columns: Sequence[str], rows: Sequence[Sequence[Any]], caption: str = "") -> str:
    """A table with at most `MOST` rows."""
    head = Markup("").join(Markup("<th>{}</th>").format(text(name)) for name in columns)
    body = Markup("").join(
        Markup("<tr>{}</tr>").format(
            Markup("").join(Markup("<td>{}</td>").format(text(cell)) for cell in row)
        )
        for row in rows[:MOST]
    )
    made = Markup("<table><thead><tr>{}</tr></thead><tbody>{}</tbody></table>").format(head, body)
    more = len(rows) - MOST
    return paragraph(caption) + made + paragraph(f"… and {more:,} more rows" if more > 0 else "")


def paragraph(words: str) -> str:
    """A line of text; nothing for none."""
    return Markup("<p>{}</p>").format(text(words)) if words else Markup("")


def frame(page: str, height: int = 640) -> str:
    """A whole page inside a notebook's cell, apart from it: the page runs its own script, and can
    neither read nor change the notebook."""
    return Markup(
        '<iframe sandbox="allow-scripts allow-downloads" '
        'style="width: 100%; height: {}px; border: 1px solid #ccc" srcdoc="{}"></iframe>'
    ).format(height, page)
