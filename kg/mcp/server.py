"""The protocol around the tools: standard input and output, one question at a time."""

from __future__ import annotations

import asyncio
import functools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kg import __version__
from kg.api import KnowledgeGraph
from kg.base.errors import KgError, UsageError
from kg.base.settings import to_install, without_addresses
from kg.base.shown import json_text
from kg.graph.lens import WHOLE, Lens
from kg.mcp.tools import DATA, SAID, Tools

INSTRUCTIONS = f"""A knowledge graph of claims about cyber operations and diplomacy: it tells who \
says what, where, since when, how sure, and who disagrees. {SAID} Start with `find` for ids and \
`questions` for what is answered well; `cypher` is for the rest. Everything here only reads. \
{DATA}"""


def serve(graph: KnowledgeGraph, base: Lens = WHOLE) -> None:
    """Answer on standard input and output until it is closed. Raises `UsageError` where the
    library is not installed."""
    server(graph, base).run()


def server(graph: KnowledgeGraph, base: Lens = WHOLE) -> Any:
    """The server, an `mcp.server.mcpserver.MCPServer`, with nothing started."""
    try:
        from mcp.server.mcpserver import MCPServer
        from mcp_types import ToolAnnotations
    except ImportError:
        raise UsageError(f"kg mcp needs the library mcp: {to_install('mcp')}") from None
    logging.getLogger("mcp").setLevel(logging.WARNING)
    made = MCPServer("kg", instructions=INSTRUCTIONS, version=__version__, log_level="WARNING")
    reading = ToolAnnotations(
        read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
    )
    one = ThreadPoolExecutor(1, "kg")  # a graph is one thread's
    for name, tool in Tools(graph, base).all().items():
        made.add_tool(
            _answering(tool, one), name=name, annotations=reading, structured_output=False
        )
    return made


def _answering(tool: Callable[..., dict[str, Any]], one: ThreadPoolExecutor) -> Callable[..., Any]:
    """The tool as the protocol calls it: its answer as JSON text, hidden characters written out;
    whatever goes wrong as JSON too, for a message may quote a name."""

    @functools.wraps(tool)
    async def answer(**given: Any) -> Any:
        from mcp_types import CallToolResult, TextContent

        try:
            made = await asyncio.get_running_loop().run_in_executor(
                one, functools.partial(tool, **given)
            )
            text, wrong = json_text(made, default=str), False
        except Exception as why:
            told = str(why) if isinstance(why, KgError) else f"{type(why).__name__}: {why}"
            text, wrong = json_text({"note": DATA, "error": without_addresses(told)}), True
        return CallToolResult(content=[TextContent(type="text", text=text)], is_error=wrong)

    return answer
