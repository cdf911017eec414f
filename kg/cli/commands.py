"""The command `kg`: thin, one command = one call of the API. Heavy libraries load when used.

A module of this folder holds a group of commands, as `COMMANDS`; `MODULES` lists them.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from kg import __version__
from kg.base.shown import visible
from kg.cli import (
    asking,
    briefing,
    building,
    drafting,
    handing_on,
    identity,
    listing,
    serving,
    showing,
)
from kg.cli.failure import explained, trace
from kg.cli.options import Group

MODULES = (
    *(building, drafting, asking, briefing, showing, serving, identity, handing_on, listing),
)
"""In the order in which a newcomer needs them."""


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


for module in MODULES:
    for command in module.COMMANDS:
        cli.add_command(command)


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
