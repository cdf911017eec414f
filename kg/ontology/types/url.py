"""Addresses on the web."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from kg.ontology.value_type import ValueType, plain_text
from kg.ontology.values import BadValue, Value


class Address(ValueType):
    """An address on the web; other schemes (`javascript:`, `file:`) are refused."""

    name = "url"

    def parse(self, given: str) -> Value:
        """The address as it is."""
        clean = plain_text(given).text
        try:
            parts = urlsplit(clean)
            fit = parts.scheme.casefold() in ("http", "https") and bool(parts.hostname)
        except ValueError:
            fit = False
        if not fit or re.search(r"[\s<>\"\\]", clean):
            raise BadValue("not a web address; write it whole, with http:// or https://")
        return Value(clean)
