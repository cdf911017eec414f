"""As much of a graph as somebody looks at: a measure, or a question asked through a lens."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True)
class Looked:
    """Edges of some types, with the nodes at their ends, and nodes of some kinds; all they hold, or
    some of it. None is no limit: the default looks at everything."""

    types: Collection[str] | None = None
    kinds: Collection[str] | None = None
    """Kinds of nodes, or roles, of which all are looked at, whether or not an edge ends there."""
    predicates: Collection[str] | None = None
    """Claims of these alone are looked at."""
    properties: Collection[str] | None = None
    """What nodes and edges tell, beside their ids, kinds and names."""
    roles: bool = True
    """Whether labels that are computed are looked at."""

    @property
    def key(self) -> tuple[object, ...]:
        """What tells one from another, in every process."""
        names = (self.types, self.kinds, self.predicates, self.properties)
        return (*(each if each is None else tuple(sorted(each)) for each in names), self.roles)

    def has(self, kind: str) -> bool:
        """Whether all nodes of a kind, or role, are looked at."""
        return self.kinds is None or kind in self.kinds

    def shows(self, property: str) -> bool:
        """Whether a property is looked at."""
        return self.properties is None or property in self.properties

    def tells(self, predicate: str) -> bool:
        """Whether a property, or what stands beside it (its days, its unit), is looked at."""
        return self.properties is None or any(
            name == predicate or name.startswith(f"{predicate}_") for name in self.properties
        )


EVERYTHING = Looked()
