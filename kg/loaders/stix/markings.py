"""To whom an object may be passed on: the strictest TLP marking of it, or of a part of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from kg.claims import marking

IDS = {
    "613f2e26-407d-48c7-9eca-b8e91df99dc9": "TLP:CLEAR",
    "34098fce-860f-48ae-8e50-ebd3cc5e41da": "TLP:GREEN",
    "f88d31f6-486f-44da-b317-01333bde0b82": "TLP:AMBER",
    "5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "TLP:RED",
    "94868c89-83c2-464b-929b-a1a8aa3c8487": "TLP:CLEAR",
    "bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "TLP:GREEN",
    "55d920b0-5e8b-4f79-9ee9-91f868d9b421": "TLP:AMBER",
    "939a9414-2ddd-4d32-a0cd-375ea402b003": "TLP:AMBER+STRICT",
    "e828b379-4e03-4974-9ac4-e53a884c97c1": "TLP:RED",
}
"""The definitions that the standard itself lays down: four of TLP 1 (its white is today's clear)
and five of TLP 2."""

TLP_2 = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
"""The extension by which STIX 2.1 carries TLP 2."""


def refs(object: Mapping[str, Any]) -> Iterator[str]:
    """The marking definitions that an object names: for all of it, and for parts of it."""
    yield from object.get("object_marking_refs", ())
    for part in object.get("granular_markings", ()):
        if "marking_ref" in part:
            yield part["marking_ref"]


def level(ref: str, definition: Mapping[str, Any] | None) -> str | None:
    """The TLP level of a marking definition; None where it is no TLP marking, or is not known."""
    known = IDS.get(ref.removeprefix("marking-definition--"))
    return known or (_defined(definition) if definition else None)


def _defined(definition: Mapping[str, Any]) -> str | None:
    inside = definition.get("definition")
    extensions = definition.get("extensions")
    two = extensions.get(TLP_2) if isinstance(extensions, dict) else None
    spelt = (
        *(inside.values() if isinstance(inside, dict) else ()),  # `tlp`, or a statement of TLP
        two.get("tlp_2_0") if isinstance(two, dict) else None,
        definition.get("name"),
        definition.get("x_opencti_definition"),
    )
    for text in spelt:
        if found := marking.level(str(text)):
            return found
    return None
