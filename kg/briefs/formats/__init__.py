"""How a brief looks as a file: one module a format, found by looking (`kg.briefs`)."""

from __future__ import annotations

from types import ModuleType

from kg.base.discovery import by_name, in_modules


def discover() -> dict[str, ModuleType]:
    """Every format by the suffix of its files."""
    found = in_modules("briefs.formats", lambda module: [(module.SUFFIX, module)])
    return dict(sorted(by_name("format of briefs", found).items()))
