"""The reference page of the command, from its help: `python -m tools.cli_reference [--check]`."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from kg.base.limits import LIMITS
from kg.cli.commands import cli
from tools.reference_page import write_or_check

WIDTH = 96

LIMITED = """\
A file or a query cannot take the machine: kg stops at a limit, and says at which, and what it
found. `--raise LIMIT=NUMBER` raises one for a command, `KG_LIMITS="columns=50000 json-mb=900"` for
a shell, `with kg.limits.raised(["columns=50000"]):` for a script."""


def _limits() -> Iterator[str]:
    yield "| limit | default | what it bounds |\n|---|---|---|"
    for name, (most, what) in LIMITS.items():
        yield f"| `{name}` | {most:,} | {what} |"


def reference() -> str:
    """Every command's help, in the order of `kg --help`."""
    parts = [
        "# The command `kg`",
        "Made from the command's own help by `python -m tools.cli_reference`; do not edit.",
        "Exit codes: 0 done; 1 a check that failed, a plan with differences, or a fault of kg; "
        "2 wrong use; 3 bad input; 4 database trouble; 130 stopped by Ctrl-C.",
    ]
    for path, command in _commands("kg", cli):
        with click.Context(command, info_name=path, max_content_width=WIDTH) as here:
            here.terminal_width = WIDTH
            parts.append(f"## {path}\n\n```text\n{command.get_help(here)}\n```")
    parts += ["## Limits", LIMITED, "\n".join(_limits())]
    return "\n\n".join(parts) + "\n"


def _commands(path: str, command: click.Command) -> Iterator[tuple[str, click.Command]]:
    yield path, command
    if isinstance(command, click.Group):
        with click.Context(command) as here:
            for name in command.list_commands(here):
                found = command.get_command(here, name)
                if found is not None:
                    yield from _commands(f"{path} {name}", found)


def main() -> int:
    """Write the page, or with `--check` say whether it is as it should be (0 or 1)."""
    return write_or_check("cli.md", reference(), "tools.cli_reference")


if __name__ == "__main__":
    sys.exit(main())
