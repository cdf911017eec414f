"""Which state or region a location is: by its country, its region, or its name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from kg.loaders.kit.reading import slug
from kg.ontology import countries

REGIONS = {
    **{name: name.replace("-", " ").title() for name in (
        "africa", "eastern-africa", "middle-africa", "northern-africa", "southern-africa",
        "western-africa", "americas", "caribbean", "central-america", "northern-america",
        "south-america", "asia", "central-asia", "eastern-asia", "southern-asia", "western-asia",
        "europe", "eastern-europe", "northern-europe", "southern-europe", "western-europe",
        "oceania", "melanesia", "micronesia", "polynesia", "antarctica")},
    "south-eastern-asia": "South-eastern Asia",
    "latin-america-caribbean": "Latin America and the Caribbean",
    "australia-new-zealand": "Australia and New Zealand",
    "middle-east": "Middle East",
    "world": "World",
}  # fmt: skip
"""Term of STIX's vocabulary `region` → name in UN M49; and two that everybody speaks of."""

SYNONYMS = {
    "latin-america-and-the-caribbean": "latin-america-caribbean",
    "latin-america": "latin-america-caribbean",
    "australia-and-new-zealand": "australia-new-zealand",
    "southeast-asia": "south-eastern-asia",
    "south-asia": "southern-asia",
    "east-asia": "eastern-asia",
    "north-america": "northern-america",
    "central-africa": "middle-africa",
    "america": "americas",
    "global": "world",
    "worldwide": "world",
}
"""Other spellings of these."""

KIND = "x_opencti_location_type"


class Place(NamedTuple):
    """What a location became."""

    id: str
    name: str
    locality: str | None = None
    """The town or district inside it that is meant."""


def place_of(location: Mapping[str, Any]) -> Place | None:
    """The state or region; None where the location is neither by any of its fields.

    A town is in its country: the state, with the town as its locality.
    """
    country, name = str(location.get("country", "")), str(location.get("name", ""))
    code = countries.code(country) if country else None
    if code is not None:
        return Place(f"state:{code}", countries.names()[code], _locality(location))
    if region := _region(str(location.get("region", ""))):
        return region
    code = countries.code(name) if name and not _is_region(location) else None
    if code is not None:
        return Place(f"state:{code}", countries.names()[code])
    return _region(name, anything=_is_region(location))


def _is_region(location: Mapping[str, Any]) -> bool:
    return str(location.get(KIND, "")).casefold() == "region"


def _locality(location: Mapping[str, Any]) -> str | None:
    parts = [str(location[part]) for part in ("city", "administrative_area") if part in location]
    if not parts and str(location.get(KIND, "")).casefold() in ("city", "administrative-area"):
        parts = [str(location.get("name", ""))]
    return ", ".join(filter(None, parts)) or None


def _region(text: str, anything: bool = False) -> Place | None:
    term = slug(text) if text.strip() else ""
    term = SYNONYMS.get(term, term)
    name = REGIONS.get(term) or (text.strip() if anything else "")
    return Place(f"region:{slug(name)}", name) if name else None
