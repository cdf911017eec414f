"""Commands that ask: a question, and who says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from kg.cli.options import (
    format_option,
    graph_options,
    json_option,
    lens_options,
    params_option,
    terminal,
)

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.graph.lens import Lens


@click.command()
@click.argument("question", required=False, metavar="[NAME|CYPHER]")
@params_option("A parameter; may be given several times.")
@click.option("--search", metavar="WORD", help="List the questions that speak of WORD.")
@click.option("--describe", is_flag=True, help="Show what the question means, and does not mean.")
@click.option("--timeout", type=float, default=60, show_default=True, metavar="SECONDS")
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="ROWS",
    help="Print at most so many rows (default: of a table 1,000; else all).",
)
@click.option(
    "--offset",
    type=click.IntRange(min=0),
    default=0,
    metavar="ROWS",
    help="Leave out the first rows.",
)
@click.option("--write", is_flag=True, help="Let raw Cypher write (a server's database only).")
@lens_options
@format_option
@graph_options
def query(
    graph: KnowledgeGraph,
    question: str | None,
    params: dict[str, Any],
    search: str | None,
    describe: bool,
    timeout: float,
    limit: int | None,
    offset: int,
    write: bool,
    lens: Lens,
    format_: str,
) -> None:
    """Answer a saved question, or raw Cypher (reading only). Alone: list the questions.

    \b
    kg query
    kg query who_attributes -p incident=incident:sony-pictures-2014
    kg query sanctions --as-of 2018-12-31
    kg query "MATCH (g:Group) RETURN g.name AS name" --format csv
    kg query known_on --limit 50 --offset 50
    """
    shown = terminal()
    if question is None or describe:
        shown.questions(question, search, format_)
        return
    rows = graph.query(
        question,
        lens=lens,
        write=write,
        timeout=timeout,
        **params,
    )
    shown.rows(rows, format_, limit, offset)


@click.command()
@click.argument("subject")
@click.argument("predicate", required=False)
@click.argument("object_", metavar="[OBJECT]", required=False)
@lens_options
@json_option
@graph_options
def explain(
    graph: KnowledgeGraph,
    subject: str,
    predicate: str | None,
    object_: str | None,
    lens: Lens,
    format_: str,
) -> None:
    """Who says so: all claims behind a node, a property or an edge, by independent origin.

    \b
    kg explain incident:wannacry
    kg explain incident:wannacry ATTRIBUTED_TO group:lazarus-group
    kg explain "Lazarus Group" CONTROLLED_BY "Government of North Korea"
    """
    found = graph.explain(subject, predicate, object_, lens=lens)
    shown = terminal()
    shown.json(found.as_dict()) if format_ == "json" else shown.explanation(found)


@click.command()
@click.argument("before", metavar="A")
@click.argument("after", metavar="B")
@lens_options
@json_option
@graph_options
def diff(graph: KnowledgeGraph, before: str, after: str, lens: Lens, format_: str) -> None:
    """What changed between two days: claims made and withdrawn, edges, and beliefs about them.

    \b
    kg diff 2018-01-01 2019-01-01
    kg diff 2018-01-01 2019-01-01 --according-to "MISP Project" --format json
    """
    found = graph.diff(before, after, lens=lens)
    shown = terminal()
    shown.json(found.as_dict()) if format_ == "json" else shown.difference(found)


COMMANDS = (query, explain, diff)
