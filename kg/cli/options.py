"""Options that several commands share, and what prints."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kg.base.errors import UsageError, offering

if TYPE_CHECKING:
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
    """`--as-of`, `--valid-on`, `--known-on` and `--according-to`, as one `lens`."""

    @click.option(
        "--as-of", metavar="DAY", help="Only what had been said, and not withdrawn, by this day."
    )
    @click.option("--valid-on", metavar="DAY", help="Only what is said to hold on this day.")
    @click.option("--known-on", metavar="DAY", help="Only what was recorded here by this day.")
    @click.option(
        "--according-to", metavar="ASSERTER", help="Only what this asserter says (id or name)."
    )
    @wraps(command)
    def seen(
        as_of: str | None,
        valid_on: str | None,
        known_on: str | None,
        according_to: str | None,
        **options: Any,
    ) -> Any:
        from kg.graph.lens import Lens

        return command(lens=Lens(as_of, according_to, valid_on, known_on), **options)

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
