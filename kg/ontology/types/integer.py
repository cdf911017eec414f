"""Whole numbers."""

from __future__ import annotations

from kg.ontology.types.number import Number
from kg.ontology.values import BadValue, Value


class Integer(Number):
    """A whole number, not negative."""

    name = "integer"
    held = "integer"

    def parse(self, given: str) -> Value:
        """Its digits, and the bound that its words state."""
        value = super().parse(given)
        if not value.text.isdecimal():
            raise BadValue("a whole number, not negative, is wanted")
        return value
