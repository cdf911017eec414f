"""A knowledge graph that can say who says so: `import kg; g = kg.open("kg.kgl")`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from kg.api import KnowledgeGraph, open
    from kg.base import limits
    from kg.base.errors import DatabaseError, InputError, KgError, UsageError
    from kg.graph.lens import Lens
    from kg.stores.py2neo import py2neo_graph

__all__ = [
    "DatabaseError",
    "InputError",
    "KgError",
    "KnowledgeGraph",
    "Lens",
    "UsageError",
    "__version__",
    "limits",
    "open",
    "py2neo_graph",
]


def __getattr__(name: str) -> Any:
    # Loaded when first asked for: `kg --help` must not wait for a data-frame library.
    if name in ("KnowledgeGraph", "open"):
        from kg import api

        return getattr(api, name)
    if name == "Lens":
        from kg.graph.lens import Lens

        return Lens
    if name == "py2neo_graph":
        from kg.stores.py2neo import py2neo_graph

        return py2neo_graph
    if name == "limits":
        from importlib import import_module

        return import_module("kg.base.limits")
    if name in __all__:
        from kg.base import errors

        return getattr(errors, name)
    raise AttributeError(f"module 'kg' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
