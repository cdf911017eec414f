"""The commands of who is who."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from kg.cli.options import (
    Group,
    format_option,
    graph_options,
    json_option,
    terminal,
)

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph


@click.group(cls=Group, invoke_without_command=True)
@click.option("--all", "everything", is_flag=True, help="List distinct pairs too.")
@format_option
@graph_options
@click.pass_context
def identity(context: click.Context, graph: KnowledgeGraph, everything: bool, format_: str) -> None:
    """List which records were joined, why, and what is unsure; judge, ask, take back.

    \b
    kg identity
    kg identity relation attack:G0082 attack:G0032
    kg identity judge attack:G0082 attack:G0032 part-of --because "designated apart in 2019"
    kg identity withdraw attack:G0082 attack:G0032
    """
    if context.invoked_subcommand is None:
        from kg.identity.listing import listing

        terminal().identities(listing(graph.identity(), everything), format_)


@identity.command()
@click.argument("a")
@click.argument("b")
@json_option
@graph_options
def relation(graph: KnowledgeGraph, a: str, b: str, format_: str) -> None:
    """How two records relate: same, part_of, distinct, unsure or kind_mismatch, and why.

    \b
    kg identity relation attack:G0032 "misp:Lazarus Group"
    """
    found = graph.identity().relation(a, b)
    shown = terminal()
    shown.json(found) if format_ == "json" else shown.relation(found)


@identity.command("judge")
@click.argument("a")
@click.argument("b")
@click.argument("verdict", type=click.Choice(("same", "distinct", "part-of")))
@click.option("--because", required=True, help="The reason; it stands in the graph.")
@click.option("--by", default="", help="Who judges.")
@graph_options
def judge_(graph: KnowledgeGraph, a: str, b: str, verdict: str, because: str, by: str) -> None:
    """Judge two records, and bring the graph up to date. Kept in NAME.judgements.yaml.

    \b
    kg identity judge attack:G0082 attack:G0032 part-of --because "designated apart in 2019"
    """
    shown = terminal()
    with shown.run() as reporter:
        graph.judge(a, b, verdict, because, by=by, reporter=reporter)


@identity.command()
@click.argument("a")
@click.argument("b")
@graph_options
def withdraw(graph: KnowledgeGraph, a: str, b: str) -> None:
    """Take a judgement back; the graph is as it was before it.

    \b
    kg identity withdraw attack:G0082 attack:G0032
    """
    shown = terminal()
    with shown.run() as reporter:
        graph.withdraw(a, b, reporter=reporter)


COMMANDS = (identity,)
