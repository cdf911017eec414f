"""Any words."""

from __future__ import annotations

from kg.ontology.value_type import ValueType


class Text(ValueType):
    """Any words: Unicode NFC, trimmed; not empty, no broken surrogates. Zero bytes are kept."""

    name = "text"
