"""Options that several commands share, and what prints."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.base.errors import UsageError, offering

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.cli.terminal import Terminal
    from kg.graph.lens import Lens

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
    def opened(
        db: str | None,
        ledger: Path | None,
        more: tuple[str, ...],
        left_out: Path | None = None,
        **options: Any,
    ) -> Any:
        from kg.api import open
        from kg.base.limits import raised

        with raised(more), open(db, ledger) as graph:
            command(graph=graph, **options)
            tell_left_out(graph, options.get("lens"), left_out)

    return opened


def tell_left_out(graph: KnowledgeGraph, lens: Lens | None, out: Path | None) -> None:
    """How many claims a lens left out of what is passed on, for who passes it on; with a file,
    which and why."""
    if lens is None or not lens.sharing:
        if out is not None:
            raise UsageError("--left-out FILE goes with --max-marking or --redact")
        return
    found = graph.shared(lens=lens)
    if out is not None:
        from kg.base.writing import write_text

        write_text(out, json.dumps(found.as_dict(), ensure_ascii=False, indent=1) + "\n")
    count = sum(found.counts().values())
    terminal().say(f"left out: {count:,} claims" + (f" (which and why: {out})" if out else ""))


def lens_options(command: Callable[..., Any]) -> Callable[..., Any]:
    """The clocks, `--according-to`, and what may be passed on, as one `lens`; `--left-out` beside
    it."""

    @click.option(
        "--as-of", metavar="DAY", help="Only what had been said, and not withdrawn, by this day."
    )
    @click.option("--valid-on", metavar="DAY", help="Only what is said to hold on this day.")
    @click.option("--known-on", metavar="DAY", help="Only what was recorded here by this day.")
    @click.option(
        "--according-to", metavar="ASSERTER", help="Only what this asserter says (id or name)."
    )
    @click.option(
        "--max-marking",
        metavar="LEVEL",
        help="Only what may be shown at TLP:CLEAR, GREEN, AMBER, AMBER+STRICT or RED, and the "
        "graph that it amounts to.",
    )
    @click.option(
        "--unmarked",
        metavar="LEVEL",
        help="As what unmarked claims count under --max-marking (default: refused).",
    )
    @click.option(
        "--redact",
        multiple=True,
        metavar="ASSERTER|KIND",
        help="Leave out what an asserter says, or all of a kind of node, edge or property.",
    )
    @click.option(
        "--left-out",
        type=click.Path(path_type=Path),
        metavar="FILE.json",
        help="For who passes it on: write which claims were left out, and why.",
    )
    @wraps(command)
    def seen(**options: Any) -> Any:
        from kg.graph.lens import Lens

        lens = Lens(**{name: options.pop(name) for name in Lens.__dataclass_fields__})
        return command(lens=lens, **options)

    return seen


def params_option(help_: str | None = None) -> Callable[..., Any]:
    """`-p KEY=VALUE`, as a dict `params`."""
    return click.option(
        "-p",
        "--param",
        "params",
        multiple=True,
        metavar="KEY=VALUE",
        callback=lambda _context, _option, given: pairs(given),
        help=help_,
    )


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


def pairs(params: tuple[str, ...]) -> dict[str, Any]:
    """What `-p` gave. Raises `UsageError` for what is no KEY=VALUE."""
    found: dict[str, Any] = {}
    for text in params:
        key, mark, value = text.partition("=")
        if not mark or not key:
            raise UsageError(f"-p takes KEY=VALUE, not {text!r}")
        found[key] = value
    return found
