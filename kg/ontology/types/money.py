"""Amounts of money."""

from __future__ import annotations

from kg.ontology.quantity import currency, digits, quantity
from kg.ontology.types.number import Number
from kg.ontology.values import BadValue, Value


class Money(Number):
    """An amount, not negative: `80000000`, `80 million`, `over $1.1 billion`, `5 million EUR`."""

    name = "money"

    def parse(self, given: str) -> Value:
        """Its digits, the bound that its words state, and its currency."""
        amount, bound, words = quantity(given)
        if amount < 0:
            raise BadValue("an amount of money cannot be negative")
        if len(words) > 1:
            raise BadValue(f"an amount and its currency are wanted, not {' '.join(words)!r}")
        unit = currency(words[0]) if words else None
        return Value(digits(amount), number=float(amount), unit=unit, bound=bound)
