"""How sure a source is, in any spelling of STIX 2.1's appendix A and of OpenCTI."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from kg.ontology import BadValue, Ontology

Judgement = dict[str, str]
"""Columns of a claim: `confidence`, `likelihood`, `reliability`, `credibility`."""

WORDS = {"none": "", "not specified": "", "low": "low", "med": "moderate", "medium": "moderate",
         "moderate": "moderate", "high": "high"}  # fmt: skip
"""The None/Low/Med/High scale."""

ESTIMATES = {
    "highly unlikely": "very-unlikely",
    "almost certainly not": "almost-no-chance",
    "probably not": "unlikely",
    "even chance": "roughly-even-chance",
    "highly likely": "very-likely",
}
"""Words of Estimative Probability that ICD 203 puts otherwise."""

_ADMIRALTY = re.compile(r"(?P<reliability>[A-F])?(?P<credibility>[1-6])?(?: ?[-–:] ?.*)?")


def judged(given: object, ontology: Ontology) -> Judgement | None:
    """What a value of `confidence` says: a number from 0 to 100 (0 is not rated), a word of the
    scale, of likelihood, or of the Admiralty's. None for what is of no scale."""
    if isinstance(given, bool) or not isinstance(given, int | float | str):
        return None
    text = str(given).strip()
    if isinstance(given, str) and text.casefold() in WORDS:
        word = WORDS[text.casefold()]
        return {"confidence": word} if word else {}
    if re.fullmatch(r"\d{1,3}(?:\.0+)?", text, re.ASCII):
        return _of_number(int(float(text)))
    found = _ADMIRALTY.fullmatch(text)
    if found and any(found.groups()):
        return {name: value for name, value in found.groupdict().items() if value}
    return _estimated(text, ontology)


def _of_number(number: int) -> Judgement | None:
    if number > 100:
        return None
    if number == 0:
        return {}
    return {"confidence": "low" if number < 30 else "moderate" if number < 70 else "high"}


def _estimated(text: str, ontology: Ontology) -> Judgement | None:
    """`Likely / Probable`: any one of the words."""
    terms = ontology.vocabulary["likelihood"]
    for word in (part.strip().casefold() for part in text.split("/")):
        try:
            return {"likelihood": terms.find(ESTIMATES.get(word, word))}
        except BadValue:
            continue
    return None


FIELDS = ("confidence", "x_opencti_confidence", "x_opencti_confidence_level",
          "x_opencti_reliability")  # fmt: skip
"""Where it stands; what stands first counts."""


def of(object: Mapping[str, Any], ontology: Ontology) -> Judgement:
    """Everything that an object says of how sure its author is."""
    found: Judgement = {}
    for field in FIELDS:
        found = (judged(object.get(field), ontology) or {}) | found
    return found
