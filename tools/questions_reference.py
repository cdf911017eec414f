"""The page of all saved questions, from their headers: `python -m tools.questions_reference`."""

from __future__ import annotations

import sys

from kg.ask.questions import Question, read
from kg.base.settings import shipped
from tools.reference_page import write_or_check


def reference() -> str:
    """Every question that ships with the project, by name."""
    found = [read(path) for path in sorted(shipped("cypher").glob("*.cypher"))]
    head = [
        "# The saved questions",
        "Made from the headers in `cypher/` by `python -m tools.questions_reference`; do not edit. "
        "How to ask them, and how to add one: [questions](../questions.md).",
        "\n".join(
            f"- [{question.name}](#{question.name}): {question.question}" for question in found
        ),
    ]
    return "\n\n".join([*head, *map(_section, found)]) + "\n"


def _section(question: Question) -> str:
    parts = [f"## {question.name}", f"**{question.question}**", question.means]
    if question.means_not:
        parts.append(f"*{question.means_not}*")
    if question.parameters:
        parts.append("\n".join(f"- `{p.name}` ({p.type}): {p.doc}; default `{p.default}`"
                               for p in question.parameters))  # fmt: skip
    parts.append(f"Columns: {_coded(question.columns)}")
    if question.also:
        parts.append(f"And, where there is anything to say: {_coded(question.also)}")
    return "\n\n".join(parts)


def _coded(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def main() -> int:
    """Write the page, or with `--check` say whether it is as it should be (0 or 1)."""
    return write_or_check("questions.md", reference(), "tools.questions_reference")


if __name__ == "__main__":
    sys.exit(main())
