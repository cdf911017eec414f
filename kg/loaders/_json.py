"""JSON files, whole: published catalogues are one object each, and small enough for memory."""

from __future__ import annotations

import json
import zlib
from pathlib import Path
from typing import Any

from kg.errors import InputError, Problem
from kg.loaders._reading import open_text


def read_json(path: Path) -> Any:
    """The content of a JSON file (also `.json.gz`). Raises `InputError` with file and line."""
    try:
        with open_text(path) as stream:
            return json.load(stream)
    except json.JSONDecodeError as why:
        raise _error(path, why.lineno, f"broken JSON: {why.msg}") from None
    except UnicodeDecodeError as why:
        raise _error(path, 1, f"is not UTF-8 ({why.reason})") from None
    except RecursionError:
        raise _error(path, 1, "nests too deep") from None
    except (OSError, EOFError, zlib.error) as why:
        raise _error(path, 1, f"cannot be read: {why}") from None


def _error(path: Path, line: int, message: str) -> InputError:
    return InputError(Problem(message, f"{path}:{line}"))
