"""Commands that make a graph, show beforehand what would change, and read it back."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.base.errors import InputError, UsageError
from kg.base.settings import OUT
from kg.cli.options import (
    graph_options,
    json_option,
    replace_option,
    seeds_argument,
    share_option,
    terminal,
)

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.pipeline.change import Outcome
    from kg.pipeline.report import Reporter


@click.command()
@seeds_argument
@graph_options
@share_option
@replace_option
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=OUT,
    show_default=True,
    help="Where the pictures go.",
)
@json_option
def build(
    graph: KnowledgeGraph,
    seeds: tuple[Path, ...],
    share: bool,
    replace: bool,
    out: Path,
    format_: str,
) -> None:
    """Make ledger and graph hold exactly these claim files and source folders, and draw them.

    Without SEED: the seeds that ship with kg. A graph of more than 20,000 nodes, claims and
    documents aside, is drawn when `kg render` is asked for it.

    \b
    kg build
    kg build my-claims.yaml notes/
    kg build --db neo4j://localhost:7687
    """
    from kg import views

    views.standard(out)  # whose files are in the way is known before anything is built
    shown = terminal()
    with shown.run() as reporter:
        outcome = graph.build(seeds, reporter=reporter, share=share, replace=replace)
        pictures = _drawn(graph, outcome, out, reporter)
    shown.summary(graph.name, outcome, pictures, format_)


def _drawn(graph: KnowledgeGraph, outcome: Outcome, out: Path, reporter: Reporter) -> list[Path]:
    """The pictures that a build makes, and the page that links them; of a large graph none, and
    those that an earlier build left there go."""
    from kg import views

    if many := views.too_many(outcome.counts):
        for path in views.standard(out):
            path.unlink(missing_ok=True)
        reporter.step(
            "render",
            f"nothing: {many:,} nodes are more than a build draws unasked ({views.UNASKED:,}); "
            "`kg render attribution` draws them, `kg render neighbourhood --node ID` a part",
        )
        return []
    pictures = graph.render_standard(out)
    reporter.step("render", ", ".join(map(str, pictures)))
    return [*pictures, graph.index(out)]


history_option = click.option(
    "--history",
    nargs=2,
    metavar="REPOSITORY PATH",
    help="Every version of what lies at PATH in a git repository, a bundle, or a folder of dated "
    "parts, as claims made and withdrawn on its days.",
)


@click.command()
@seeds_argument
@click.option("--load", metavar="FORMAT", help="What `kg load FORMAT` would do, not `kg build`.")
@history_option
@click.option("--beliefs", is_flag=True, help="Also what would be believed otherwise.")
@graph_options
@replace_option
@json_option
def plan(
    graph: KnowledgeGraph,
    seeds: tuple[Path, ...],
    load: str | None,
    history: tuple[str, str] | None,
    beliefs: bool,
    replace: bool,
    format_: str,
) -> None:
    """Show what `kg build` would add (+), change (~) and remove (−). Exit code 1 if anything.

    \b
    kg plan
    kg plan my-claims.yaml --format json
    kg plan --load claims my-claims.yaml --beliefs
    kg plan --load misp-galaxy --history misp-galaxy.git clusters/threat-actor.json --beliefs
    """
    if history and not load:
        raise UsageError("--history goes with --load FORMAT")
    if load and bool(seeds) == bool(history):
        raise UsageError(f"name what `kg load {load}` would read: files, or --history")
    found = graph.plan(seeds, load=load, history=history, replace=replace, beliefs=beliefs)
    terminal().plan(found, format_, beliefs)
    if not found.empty:
        sys.exit(1)


@click.command()
@seeds_argument
@graph_options
@json_option
def check(graph: KnowledgeGraph, seeds: tuple[Path, ...], format_: str) -> None:
    """Validate claim files and source folders; nothing is written. Exit code 3 if it is wrong.

    \b
    kg check my-claims.yaml
    kg check my-claims.yaml --format json
    """
    shown = terminal()
    try:
        with shown.run() as reporter:
            found = graph.check(seeds, reporter=reporter)
    except InputError as why:
        if format_ == "json":
            shown.json({"statements": None, "problems": [asdict(one) for one in why.problems]})
        raise
    shown.checked(found, format_)


@click.command()
@click.argument("format_", metavar="FORMAT")
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH…")
@history_option
@graph_options
@share_option
@replace_option
@click.option(
    "--name",
    metavar="NAME",
    help="What the source is called; one of that name is replaced (default: after what the files "
    "are called; only a source of the same files is replaced).",
)
@click.option(
    "--allow",
    multiple=True,
    metavar="CHECK",
    help="Let this check fail, on the record; a load that fails one says what it is called.",
)
@click.option("--format", "print_as", type=click.Choice(("table", "json")), default="table")
def load(
    graph: KnowledgeGraph,
    format_: str,
    paths: tuple[Path, ...],
    history: tuple[str, str] | None,
    share: bool,
    replace: bool,
    name: str | None,
    allow: tuple[str, ...],
    print_as: str,
) -> None:
    """Add files or folders to the ledger and the graph. `kg sources` lists the formats.

    What was loaded from the same files, or under the same --name, is replaced; `kg unload` takes
    it out.

    \b
    kg load claims my-claims.yaml
    kg load stix enterprise-attack.json mobile-attack.json
    kg load stix enterprise-attack-19.json --name stix-enterprise-attack-18-1
    kg load misp-galaxy --history misp-galaxy.git clusters/threat-actor.json
    """
    if bool(paths) == bool(history):
        raise UsageError("name the files to load, or --history REPOSITORY PATH, and not both")
    if history and allow:
        raise UsageError("--allow: a version that fails its checks is told and left out")
    shown = terminal()
    with shown.run() as reporter:
        how: dict[str, Any] = {"name": name, "share": share, "replace": replace}
        if history:
            outcome = graph.load_history(format_, *history, reporter=reporter, **how)
        else:
            outcome = graph.load(format_, paths, reporter=reporter, allow=allow, **how)
    shown.outcome(graph.name, outcome, print_as)


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE…")
@graph_options
@share_option
@json_option
def unload(graph: KnowledgeGraph, sources: tuple[str, ...], share: bool, format_: str) -> None:
    """Take what was loaded under a name out of the ledger and the graph again.

    \b
    kg unload travel
    """
    shown = terminal()
    with shown.run() as reporter:
        outcome = graph.unload(sources, reporter=reporter, share=share)
    shown.outcome(graph.name, outcome, format_)


@click.command()
@graph_options
@share_option
@click.option("--full", is_flag=True, help="Mend every value that `kg verify` finds, too.")
@replace_option
@json_option
def sync(graph: KnowledgeGraph, share: bool, full: bool, replace: bool, format_: str) -> None:
    """Make the graph hold what its ledger amounts to (after a crash, or into another database).

    \b
    kg sync
    kg sync --full
    kg sync --ledger kg.ledger --db neo4j://localhost:7687
    """
    shown = terminal()
    with shown.run() as reporter:
        outcome = graph.sync(reporter=reporter, share=share, full=full, replace=replace)
    shown.outcome(graph.name, outcome, format_)


@click.command()
@graph_options
@json_option
def verify(graph: KnowledgeGraph, format_: str) -> None:
    """Read the graph back and list each value that is not what the ledger amounts to.

    Exit code 1 if there is any; `kg sync --full` mends them. Properties, nodes and edges of others
    that stand beside ours are no drift.

    \b
    kg verify
    kg verify --db neo4j://localhost:7687 --format json
    """
    found = graph.verify()
    terminal().drift(found, format_)
    if found:
        sys.exit(1)


@click.command()
@click.argument("names", nargs=-1, metavar="[NAME]…")
@click.option(
    "--sources",
    type=click.Path(path_type=Path),
    default=Path("sources.yaml"),
    show_default=True,
    metavar="FILE",
    help="Which sources there are (docs/feeds.md).",
)
@graph_options
@share_option
@json_option
def update(
    graph: KnowledgeGraph, names: tuple[str, ...], sources: Path, share: bool, format_: str
) -> None:
    """Load what has changed of the sources that a file names: all of them, or those of these names.

    Each is a transaction of its own: one that fails is told and left as it was, and the others go
    on. Exit code 3 if one could not be fetched or read, 4 if it could not be written.

    \b
    kg update --sources sources.yaml
    """
    shown = terminal()
    with shown.run() as reporter:
        found = graph.update(sources, names, reporter=reporter, share=share)
    if format_ == "json":
        shown.json({"sources": [one.as_dict() for one in found]})
    for one in found:
        left = ": left as it was" if one.status == "failed" else ""
        shown.say(f"{one.name}  {one.status}{left}" + (f"; {one.message}" if one.message else ""))
    sys.exit(max((one.exit_code for one in found), default=0))


COMMANDS = (build, plan, check, load, unload, update, sync, verify)
