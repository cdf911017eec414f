"""Terms of a vocabulary; the property that has them reads them."""

from __future__ import annotations

from kg.ontology.value_type import POLICIES, ValueType


class Enum(ValueType):
    """A term of a vocabulary; case, hyphens and other wordings do not matter."""

    name = "enum"
    policies = (*POLICIES, "strictest")
