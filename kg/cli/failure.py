"""What the command says when it cannot go on: one sentence, an exit code, never a password."""

from __future__ import annotations

import io
import platform
import sys
import traceback
from pathlib import Path

import click

from kg import __version__
from kg.base.errors import KgError, UsageError
from kg.base.settings import without_addresses, without_secrets

INTERRUPTED = 130
"""The exit code of what Ctrl-C ended, as shells have it."""


def explained(why: BaseException) -> tuple[str, int]:
    """What is told of an error, and the exit code: whatever it is, it is no traceback."""
    if isinstance(why, click.Abort):  # click's word for two errors that mean different things
        why = why.__cause__ or why
    if isinstance(why, click.ClickException):
        return without_addresses(_of_click(why)), why.exit_code
    if isinstance(why, KgError):
        return without_addresses(str(why)), why.exit_code
    if isinstance(why, OSError):
        return without_addresses(_of_system(why)), UsageError.exit_code
    if isinstance(why, KeyboardInterrupt | click.Abort):  # with words where a graph was written
        return str(why) or "stopped by Ctrl-C", INTERRUPTED
    if isinstance(why, MemoryError):
        return "there is not enough memory for this", KgError.exit_code
    if isinstance(why, UnicodeEncodeError) and r"\udc" in repr(sys.argv):
        return "a word of the command holds bytes that are no text in UTF-8", UsageError.exit_code
    return _of_ours(why), KgError.exit_code


def trace(why: BaseException) -> str:
    """The traceback for `--debug`: lines of code as they are, no message with a password in it."""
    parts = traceback.format_exception(why)
    return "".join(part if part.startswith('  File "') else without_secrets(part) for part in parts)


def _of_click(why: click.ClickException) -> str:
    said = io.StringIO()
    why.show(said)
    return said.getvalue().rstrip()


def _of_system(why: OSError) -> str:
    words = why.strerror or without_secrets(str(why)) or type(why).__name__
    return f"{why.filename}: {words}" if why.filename else words


def _of_ours(why: BaseException) -> str:
    """A fault of the program: what happened, where, and what a report of it needs."""
    message = without_secrets(f"{type(why).__name__}: {why}".removesuffix(": "))
    return (
        f"kg met something that it was not made for{_place(why)}: {message}\n"
        f"To report it: kg {__version__}, Python {platform.python_version()}, `{_command()}`, "
        "and what it prints with KG_DEBUG=1 (or `kg --debug …`)"
    )


def _place(why: BaseException) -> str:
    """The innermost line of ours that it came through."""
    here = Path(__file__).parents[1]
    for frame in reversed(traceback.extract_tb(why.__traceback__)):
        if Path(frame.filename).is_relative_to(here):
            return f" in {Path(frame.filename).relative_to(here.parent)}:{frame.lineno}"
    return ""


def _command() -> str:
    """The command without what was asked of it, which may be nobody's business."""
    words = [word for word in sys.argv[1:] if not word.startswith("-")]
    return " ".join(["kg", *words[:1]])
