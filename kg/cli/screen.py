"""A console that shows text and obeys none of it. Apart, so that JSON is printed without rich."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.text import Text

from kg.base.shown import one_line, visible


class Screen(Console):
    """A console on which text is what it is: no markup, no codes for pictures (`:key:`), and what a
    terminal would obey is written out."""

    def __init__(self, **options: Any) -> None:
        super().__init__(markup=False, emoji=False, highlight=False, **options)

    def render_str(self, text: str, **options: Any) -> Text:
        """What every string that is printed passes through, cells and headings too."""
        return super().render_str(visible(text), **options)

    def put(self, *parts: str | tuple[str, str]) -> None:
        """One line of texts, each alone or with its style."""
        styled = [(part, "") if isinstance(part, str) else part for part in parts]
        self.print(Text.assemble(*((one_line(text), style) for text, style in styled)))
