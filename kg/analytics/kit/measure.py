"""A measure: a function on a networkx graph that says what it answers, after whom, at what cost."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from kg.analytics.kit.result import Result
from kg.base.parameters import PYTHON, Parameter, arguments

SUPPLIED = ("graph", "as_of", "listed")
"""Parameters that `run` fills: the graph, a function from a day to the graph as of that day, and
since when lists have had what they list (`Corpus.listed`)."""


RELATIONS = "*"
"""Stands for all types of edges that do not lead from a claim."""

CLAIM = ("id", "name", "source", "predicate", "value", "unit", "bound", "polarity", "status",
         "statement", "voices", "unknown_origins", "asserted_from", "asserted_to",
         "withdrawn_from")  # fmt: skip
"""What measures that say what they read are told of claims."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A named function `graph, **parameters -> Result`, with what a reader must know of it."""

    function: Callable[..., Result]
    question: str
    reference: str
    complexity: str
    reads: frozenset[str] | None = None
    """Types of the edges that it looks at; None: all there are."""

    @property
    def name(self) -> str:
        """What it is called by."""
        return self.function.__name__

    @property
    def doc(self) -> str:
        """What it computes, after which source."""
        return inspect.getdoc(self.function) or ""

    @property
    def parameters(self) -> dict[str, Any]:
        """Name → default, of what a caller may set."""
        return {p.name: p.default for p in self._signature() if p.name not in SUPPLIED}

    def needs(self, supplied: str) -> bool:
        """Whether it asks for one of `SUPPLIED`."""
        return any(p.name == supplied for p in self._signature())

    def _signature(self) -> list[inspect.Parameter]:
        return list(inspect.signature(self.function).parameters.values())

    def __call__(self, graph: Any, **params: Any) -> Result:
        """Compute it on a graph."""
        return self.function(graph, **params).stamped(
            name=self.name,
            question=self.question,
            reference=self.reference,
            params={key: value for key, value in params.items() if key not in SUPPLIED},
        )

    def read(self, given: Mapping[str, Any]) -> dict[str, Any]:
        """Parameters as the function wants them; text becomes what the default is.

        Raises UsageError for an unknown name or a value that cannot be read.
        """
        known = [
            Parameter(name, PYTHON.get(type(default), ""), default)
            for name, default in sorted(self.parameters.items())
        ]
        return arguments(self.name, known, given)


def measure(
    question: str, reference: str, complexity: str, reads: Collection[str] | None = None
) -> Callable[[Callable[..., Result]], Measure]:
    """Make the function below a measure; its module needs nothing else to be found.

    `reads` names the types of all edges that it looks at, `RELATIONS` all that do not lead from a
    claim; whoever names them gets a graph without the others, without nodes of claims where no
    edge that is read has any, and of claims only what `CLAIM` names.
    """
    named = None if reads is None else frozenset(reads)

    def declare(function: Callable[..., Result]) -> Measure:
        return Measure(function, question, reference, complexity, named)

    return declare
