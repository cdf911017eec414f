"""The command that serves: a page with the whole graph behind it."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

import click

from kg.cli.options import graph_options, lens_options, terminal

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph
    from kg.graph.lens import Lens


@click.command()
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    default=8010,
    show_default=True,
    help="Where to listen (0: any free port).",
)
@lens_options
@graph_options
def serve(graph: KnowledgeGraph, port: int, lens: Lens) -> None:
    """A picture with the whole graph behind it, in the browser of this machine: search everything,
    expand nodes, draw what a question answers. It only reads; a lens given here holds for all.

    \b
    kg serve
    kg serve --port 8080 --as-of 2019-12-31
    kg serve --max-marking TLP:GREEN --unmarked TLP:CLEAR
    """
    from kg.serve.server import GraphServer

    ended = False
    with suppress(KeyboardInterrupt), GraphServer(graph, lens, port) as server:
        try:
            terminal().say(f"open {server.address}   (for this machine alone; Ctrl+C ends)")
            server.serve_forever()
        finally:
            ended = server.end()
    if not ended:  # a question is being answered, in code that nothing stops; it only reads
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(0)


COMMANDS = (serve,)
