"""Commands that ask: a question, and who says so."""

from __future__ import annotations

import sys
from pathlib import Path
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


THINGS = 12
"""Things said of a node that are printed at once."""


@click.command()
@click.argument("subject")
@click.argument("predicate", required=False)
@click.argument("object_", metavar="[OBJECT]", required=False)
@click.option(
    "--limit",
    type=click.IntRange(min=0),
    metavar="THINGS",
    help="Of a node, tell so many things that are said of it, those with the most support first; "
    "0: all (default: printed 12, in JSON all).",
)
@lens_options
@json_option
@graph_options
def explain(
    graph: KnowledgeGraph,
    subject: str,
    predicate: str | None,
    object_: str | None,
    limit: int | None,
    lens: Lens,
    format_: str,
) -> None:
    """Who says so: the claims behind a property or an edge, by independent origin; of a node, what
    is said of it, in the order of independent support.

    \b
    kg explain incident:wannacry
    kg explain group:lazarus-group --limit 5
    kg explain incident:wannacry ATTRIBUTED_TO group:lazarus-group
    kg explain "Lazarus Group" CONTROLLED_BY "Government of North Korea"
    """
    found = graph.explain(subject, predicate, object_, lens=lens)
    shown = terminal()
    if format_ == "json":
        shown.json(found.first(limit).as_dict())
    else:
        shown.explanation(found, THINGS if limit is None else limit)


@click.command()
@click.argument("before", metavar="[A]", required=False)
@click.argument("after", metavar="[B]", required=False)
@click.option(
    "--watch",
    type=click.Path(path_type=Path),
    metavar="FILE.yaml",
    help="Only what a list of ids, kinds and questions names.",
)
@click.option("--exit-code", is_flag=True, help="Exit code 1 where anything changed.")
@click.option(
    "--out", type=click.Path(path_type=Path), metavar="FILE.html", help="Draw what changed, too."
)
@lens_options
@json_option
@graph_options
def diff(
    graph: KnowledgeGraph,
    before: str | None,
    after: str | None,
    watch: Path | None,
    exit_code: bool,
    out: Path | None,
    lens: Lens,
    format_: str,
) -> None:
    """What changed between A and B (or now): claims made and withdrawn, edges, and beliefs.

    A and B are days, by which something had been said, or states of the ledger: `now`, `previous`
    (before the last load), `@DAY` (the last state of that day), or an id. Alone: list the states.
    A day may be told from today: `yesterday`, `monday` (the last one before today), `7d`, `2w`.

    \b
    kg diff 2018-01-01 2019-01-01
    kg diff 2018-01-01 2019-01-01 --according-to "MISP Project" --format json
    kg diff 2018-01-01 2019-01-01 --out out/2018.html
    kg diff monday --watch watched.yaml --exit-code
    kg diff
    """
    shown = terminal()
    if before is None:
        shown.states(graph.states(), format_)
        return
    found = graph.diff(before, after, lens=lens, watch=watch)
    if out is not None:
        shown.say(str(graph.render_diff(out, before, after, lens=lens, watch=watch)))
    shown.json(found.as_dict()) if format_ == "json" else shown.difference(found)
    if exit_code and found:
        sys.exit(1)


COMMANDS = (query, explain, diff)
