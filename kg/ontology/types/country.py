"""Countries."""

from __future__ import annotations

from kg.ontology import countries
from kg.ontology.value_type import ValueType
from kg.ontology.values import Value


class Country(ValueType):
    """A country as ISO 3166 alpha-3; alpha-2 and English names are understood."""

    name = "country"
    page = "{ caption: countryCaption }"

    def parse(self, given: str) -> Value:
        """The alpha-3 code."""
        return Value(countries.find(given))
