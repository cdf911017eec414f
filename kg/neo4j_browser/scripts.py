"""What can be run in Neo4j Browser: the saved questions, and the scripts that are for it alone."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from kg.ask.questions import Question, discover, read

PICTURES = Path(__file__).parent / "cypher"
"""Scripts that need a server (full text) or the window of Browser (graphs to look at)."""


def folders() -> dict[str, list[Question]]:
    """All scripts by the folder under which Browser lists them, sorted by title."""
    pictures = [read(path) for path in PICTURES.glob("*.cypher")]
    found = {"kg search and pictures": pictures, "kg questions": list(discover().values())}
    return {name: sorted(held, key=lambda one: one.title) for name, held in found.items()}


def runnable(script: Question) -> str:
    """The script as one statement, under its title, with the defaults in the parameters' places.

    Browser shows the rows of a statement that was run alone; of several that were run together,
    `:param` lines among them, it shows ticks (docs/decisions/browser-runs-one-statement.md).
    """
    defaults = {parameter.name: literal(parameter.default) for parameter in script.parameters}
    return f"// {script.title}\n" + re.sub(
        r"\$(\w+)", lambda used: defaults[used[1]], f"{script.cypher};\n"
    )


def favourite(script: Question) -> str:
    """`runnable`, with what the answer means and does not mean; Browser takes the first line for
    the name."""
    title, _, statement = runnable(script).partition("\n")
    told = [script.question, *_remarks(script), script.means, script.means_not]
    return "\n".join([title, *(f"// {line}" for line in told if line), statement])


def _remarks(script: Question) -> list[str]:
    return [f"{p.name}, here {literal(p.default)}: {p.doc}" for p in script.parameters]


def literal(value: Any) -> str:
    """A parameter's value as Cypher writes it."""
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace("'", "\\'")
        return f"'{escaped}'"
    return str(value).lower() if isinstance(value, bool) else str(value)
