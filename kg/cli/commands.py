"""The command `kg`: thin, one command = one call of the API. Heavy libraries load when used."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg import __version__
from kg.base.errors import InputError, UsageError, offering
from kg.base.settings import OUT
from kg.base.shown import visible
from kg.cli.failure import explained, trace

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.cli.terminal import Terminal

FORMATS = ("table", "json", "csv")


class Group(click.Group):
    """A group that lists commands in the order in which a newcomer needs them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """In order of definition."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Offer the nearest command for a mistyped one."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            ctx.fail(offering(f"no such command {args[0]!r}", args[0], self.commands))
        return super().resolve_command(ctx, args)


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="kg")
@click.option("--debug", is_flag=True, help="Show the traceback of an error (also KG_DEBUG=1).")
def cli(debug: bool) -> None:
    """Claims about cyber operations and diplomacy as a graph that can say who says so.

    \b
    kg build                                  make the graph from the seeds that ship with kg
    kg query                                  list the saved questions
    kg query who_attributes                   answer one
    kg explain incident:wannacry              who says so, where, in which words
    kg render attribution                     draw it as one offline HTML file
    kg build --db neo4j://localhost:7687      the same graph in Neo4j
    """
    if debug:
        os.environ["KG_DEBUG"] = "1"


# Options that several commands share


def graph_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--db` and `--ledger`, opened as `graph`, and `--raise`."""

    @click.option(
        "--db",
        metavar="GRAPH",
        help="File of the embedded engine, a neo4j:// or bolt:// address, or `neo4j` for "
        "$NEO4J_URI (default $KG_DB, else ./kg.kgl). Servers: NEO4J_USERNAME, NEO4J_PASSWORD, "
        "NEO4J_DATABASE.",
    )
    @click.option(
        "--ledger",
        type=click.Path(path_type=Path),
        metavar="DIR",
        help="Folder of the claims (default beside the graph: NAME.ledger/).",
    )
    @click.option(
        "--raise",
        "more",
        multiple=True,
        metavar="LIMIT=NUMBER",
        help="Raise a limit that stopped this command; it says which when it stops.",
    )
    @wraps(command)
    def opened(db: str | None, ledger: Path | None, more: tuple[str, ...], **options: Any) -> Any:
        from kg.api import open
        from kg.base.limits import raised

        with raised(more), open(db, ledger) as graph:
            return command(graph=graph, **options)

    return opened


def lens_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """`--as-of` and `--according-to`."""
    command = click.option(
        "--according-to", metavar="ASSERTER", help="Only what this asserter says (id or name)."
    )(command)
    return click.option(
        "--as-of", metavar="DAY", help="Only what had been said, and not withdrawn, by this day."
    )(command)


format_option = click.option(
    "--format",
    "format_",
    type=click.Choice(FORMATS),
    default="table",
    help="How to print (default: table).",
)
json_option = click.option(
    "--format",
    "format_",
    type=click.Choice(("table", "json")),
    default="table",
    help="How to print (default: table).",
)
share_option = click.option(
    "--share",
    is_flag=True,
    help="Write into a database that holds other data, which is left alone.",
)
replace_option = click.option(
    "--replace",
    is_flag=True,
    help="Put this ledger's graph in place of one that was made from another ledger.",
)
seeds_argument = click.argument(
    "seeds", nargs=-1, type=click.Path(path_type=Path), metavar="[SEED]…"
)


def terminal() -> Terminal:
    """What prints."""
    from kg.cli.terminal import Terminal

    return Terminal()


# Building


@cli.command()
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

    Without SEED: the seeds that ship with kg.

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
        pictures = graph.render_standard(out)
        index = graph.index(out)
        reporter.step("render", ", ".join(map(str, pictures)))
    shown.summary(graph.name, outcome, [*pictures, index], format_)


@cli.command()
@seeds_argument
@graph_options
@replace_option
@json_option
def plan(graph: KnowledgeGraph, seeds: tuple[Path, ...], replace: bool, format_: str) -> None:
    """Show what `kg build` would add (+), change (~) and remove (−). Exit code 1 if anything.

    \b
    kg plan
    kg plan my-claims.yaml --format json
    """
    found = graph.plan(seeds, replace=replace)
    shown = terminal()
    shown.json(found.as_dict()) if format_ == "json" else shown.plan(found)
    if not found.empty:
        sys.exit(1)


@cli.command()
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
        count = graph.check(seeds)
    except InputError as why:
        if format_ == "json":
            shown.json({"statements": None, "problems": [asdict(one) for one in why.problems]})
        raise
    if format_ == "json":
        shown.json({"statements": count, "problems": []})
    shown.say(f"{count:,} statements, nothing wrong")


@cli.command()
@click.argument("format_", metavar="FORMAT")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="PATH…")
@graph_options
@share_option
@replace_option
@click.option("--format", "print_as", type=click.Choice(("table", "json")), default="table")
def load(
    graph: KnowledgeGraph,
    format_: str,
    paths: tuple[Path, ...],
    share: bool,
    replace: bool,
    print_as: str,
) -> None:
    """Add files or folders to the ledger and the graph. `kg sources` lists the formats.

    What was loaded from files or a folder of the same name is replaced; `kg unload` takes it out.

    \b
    kg load claims my-claims.yaml
    kg load stix enterprise-attack.json mobile-attack.json
    """
    shown = terminal()
    with shown.run() as reporter:
        outcome = graph.load(format_, paths, reporter=reporter, share=share, replace=replace)
    shown.outcome(graph.name, outcome, print_as)


@cli.command()
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


@cli.command()
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


@cli.command()
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


# Asking


@cli.command()
@click.argument("question", required=False, metavar="[NAME|CYPHER]")
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter; may be given several times.",
)
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
    params: tuple[str, ...],
    search: str | None,
    describe: bool,
    timeout: float,
    limit: int | None,
    offset: int,
    write: bool,
    as_of: str | None,
    according_to: str | None,
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
        as_of=as_of,
        according_to=according_to,
        write=write,
        timeout=timeout,
        **_pairs(params),
    )
    shown.rows(rows, format_, limit, offset)


@cli.command()
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
    as_of: str | None,
    according_to: str | None,
    format_: str,
) -> None:
    """Who says so: all claims behind a node, a property or an edge, by independent origin.

    \b
    kg explain incident:wannacry
    kg explain incident:wannacry ATTRIBUTED_TO group:lazarus-group
    kg explain "Lazarus Group" CONTROLLED_BY "Government of North Korea"
    """
    found = graph.explain(subject, predicate, object_, as_of=as_of, according_to=according_to)
    shown = terminal()
    shown.json(found.as_dict()) if format_ == "json" else shown.explanation(found)


def _pairs(params: tuple[str, ...]) -> dict[str, Any]:
    pairs: dict[str, Any] = {}
    for text in params:
        key, mark, value = text.partition("=")
        if not mark or not key:
            raise UsageError(f"-p takes KEY=VALUE, not {text!r}")
        pairs[key] = value
    return pairs


# Showing


@cli.command()
@click.argument("view", required=False)
@click.option(
    "--out", type=click.Path(path_type=Path), help="File to write (default out/VIEW.html)."
)
@click.option("--node", help="neighbourhood: the node in the middle (id or name).")
@click.option("--hops", type=click.IntRange(1, 6), help="neighbourhood: how far.")
@click.option("--from", "from_", help="path: where it starts.")
@click.option("--to", help="path: where it ends.")
@click.option("--query", "question", metavar="NAME|CYPHER", help="Draw what a question returns.")
@click.option(
    "-p",
    "--param",
    "params",
    multiple=True,
    metavar="KEY=VALUE",
    help="A parameter of the question or of the picture (path: structural=true).",
)
@lens_options
@json_option
@graph_options
def render(
    graph: KnowledgeGraph,
    view: str | None,
    out: Path | None,
    node: str | None,
    hops: int | None,
    from_: str | None,
    to: str | None,
    question: str | None,
    params: tuple[str, ...],
    as_of: str | None,
    according_to: str | None,
    format_: str,
) -> None:
    """Draw a picture as one offline HTML file. Alone: list the pictures.

    \b
    kg render attribution
    kg render neighbourhood --node group:lazarus-group --hops 2
    kg render path --from incident:wannacry --to state:PRK
    kg render --query who_attributes
    """
    shown = terminal()
    lens: dict[str, Any] = {"as_of": as_of, "according_to": according_to}
    if question is not None:
        name = question if question.isidentifier() else "query"
        path = graph.render_query(question, out or OUT / f"{name}.html", **lens, **_pairs(params))
    elif view is None:
        shown.views(format_)
        return
    else:
        given = {"node": node, "hops": hops, "from_": from_, "to": to}
        options: dict[str, Any] = {k: value for k, value in given.items() if value is not None}
        options |= _pairs(params)
        path = graph.render(view, out or OUT / f"{view}.html", **lens, **options)
    if out is None or (path.parent / "index.html").exists():
        graph.index(path.parent)
    shown.json({"picture": str(path)}) if format_ == "json" else shown.say(str(path))


# Who is who


@cli.group(cls=Group, invoke_without_command=True)
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


# Computing and handing on


@cli.command()
@click.argument("measure", required=False, metavar="[NAME]")
@click.option("-p", "--param", "params", multiple=True, metavar="KEY=VALUE")
@click.option("--write-back", is_flag=True, help="Put the figures on the nodes, as properties m_….")
@click.option("--clear", is_flag=True, help="Take figures off the nodes (of NAME, or all).")
@click.option("--plot", type=click.Path(path_type=Path), help="Draw it to a PNG or SVG file.")
@lens_options
@format_option
@graph_options
def analyze(
    graph: KnowledgeGraph,
    measure: str | None,
    params: tuple[str, ...],
    write_back: bool,
    clear: bool,
    plot: Path | None,
    as_of: str | None,
    according_to: str | None,
    format_: str,
) -> None:
    """Compute a measure on the whole graph. Alone: list the measures and what they answer.

    \b
    kg analyze
    kg analyze independent_support
    kg analyze structural_balance -p runs=1000 --format json
    kg analyze independent_support --write-back
    """
    shown = terminal()
    if clear:
        count = graph.remove_figures(measure or "")
        shown.say(f"figures taken off {count:,} nodes")
    elif measure is None:
        shown.measures(format_)
    else:
        if write_back and (as_of or according_to):
            raise UsageError("a lens never changes a stored graph: --write-back goes without one")
        result = graph.analyze(measure, as_of=as_of, according_to=according_to, **_pairs(params))
        shown.result(result, format_)
        if plot is not None:
            from kg.analytics.kit.plots import plot as draw

            shown.say(str(draw(result, plot)))
        if write_back:
            shown.say(f"{graph.write_back(result):,} nodes hold the figures as m_… properties")


@cli.command()
@click.argument("format_", metavar="[FORMAT]", required=False)
@click.option("--out", type=click.Path(path_type=Path), help="File (or folder) to write.")
@lens_options
@click.option("--format", "print_as", type=click.Choice(("table", "json")), default="table")
@graph_options
def export(
    graph: KnowledgeGraph,
    format_: str | None,
    out: Path | None,
    as_of: str | None,
    according_to: str | None,
    print_as: str,
) -> None:
    """Write the graph for another tool, and say what its format cannot hold. Alone: list formats.

    \b
    kg export
    kg export graphml --out graph.graphml
    kg export stix --out claims.json --according-to "US Treasury Department"
    """
    shown = terminal()
    if format_ is None:
        shown.exports(print_as)
        return
    if out is None:
        raise UsageError("--out FILE says where to write")
    shown.exported(graph.export(format_, out, as_of=as_of, according_to=according_to), print_as)


@cli.command()
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=OUT / "browser",
    show_default=True,
    help="Folder to write.",
)
@click.option("--serve", is_flag=True, help="Hand the guide to Browser until Ctrl+C (loopback).")
@click.option("--port", type=int, default=8001, show_default=True, help="Where --serve listens.")
@click.option(
    "--origin",
    "origins",
    multiple=True,
    metavar="ADDRESS",
    help="Where Browser is opened, if not on port 7474 of this machine; only it gets the guide.",
)
def browser(out: Path, serve: bool, port: int, origins: tuple[str, ...]) -> None:
    """Write favourites, a style sheet and a guide for Neo4j Browser (docs/neo4j.md).

    \b
    kg browser
    kg browser --out out/browser
    """
    from kg.neo4j_browser import ORIGINS, GuideServer, write_browser_kit

    shown = terminal()
    files = write_browser_kit(out)
    for path in files:
        shown.say(str(path))
    if serve:
        serving = GuideServer(files, port, origins or ORIGINS)
        with serving as server, suppress(KeyboardInterrupt):
            shown.say(f"in Browser: :guide {server.address}   (Ctrl+C ends)")
            server.serve_forever()


@cli.command()
@format_option
def sources(format_: str) -> None:
    """List what can be loaded: formats, known sources, their licences, and where to get them.

    \b
    kg sources
    kg sources --format json
    """
    from kg.loaders.kit.sources import known_sources

    terminal().sources(known_sources(), format_)


@cli.command()
@json_option
def ontology(format_: str) -> None:
    """Print the vocabulary: kinds of nodes and edges, their properties, and where terms come from.

    \b
    kg ontology
    kg ontology --format json
    """
    from kg import ontology as ontologies
    from kg.ontology.derive import reference, to_json

    loaded = ontologies.load()
    shown = terminal()
    shown.json(to_json(loaded)) if format_ == "json" else shown.page(reference(loaded))


@contextmanager
def _explained() -> Iterator[None]:
    """Every error: its words on standard error, and its exit code; the traceback for who asks."""
    try:
        yield
    except SystemExit:
        raise
    except BrokenPipeError:  # `kg query … | head`: what is still buffered has nowhere to go
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except BaseException as why:  # a panic of Polars is no Exception
        sentence, code = explained(why)
        if os.environ.get("KG_DEBUG", "0") not in ("", "0"):
            click.echo(visible(trace(why)), err=True)
        click.echo(visible(sentence), err=True)
        sys.exit(code)


def main() -> None:
    """The entry point."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:  # closed: `kg build >&-`
            setattr(sys, name, io.StringIO())
        elif isinstance(stream, io.TextIOWrapper):  # what a terminal of ASCII lacks is written out
            stream.reconfigure(errors="backslashreplace")
    with _explained():
        try:
            code = cli.main(prog_name="kg", standalone_mode=False)
        finally:
            sys.stdout.flush()
    sys.exit(code)


if __name__ == "__main__":
    main()
