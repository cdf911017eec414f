"""The vocabulary: node and edge kinds, one YAML file each, and all that is derived from them.

`load()` reads it; `edtf.parse` and `Property.parse` read values; `derive` makes constraints, the
reference page and JSON from it. Adding a kind is adding a file to `nodes/` or `edges/`.
"""

from kg.ontology.columns import Column
from kg.ontology.derive import constraints, fulltext, reference, to_json
from kg.ontology.kinds import (
    GROUPS,
    POLICIES,
    EdgeKind,
    EdgeLook,
    NodeKind,
    NodeLook,
    Ontology,
    Property,
)
from kg.ontology.read import load
from kg.ontology.values import BadValue, Value, Vocabulary

__all__ = [
    "GROUPS",
    "POLICIES",
    "BadValue",
    "Column",
    "EdgeKind",
    "EdgeLook",
    "NodeKind",
    "NodeLook",
    "Ontology",
    "Property",
    "Value",
    "Vocabulary",
    "constraints",
    "fulltext",
    "load",
    "reference",
    "to_json",
]
