"""What the drafter by rules knows of English: `words.yaml`, and the forms of a verb."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

WORD = re.compile(r"[^\W_]+(?:['.&-][^\W_]+)*")
"""A word, with what joins its parts (`Jong-un`, `don't`, `2.0`)."""


@cache
def given() -> dict[str, Any]:
    """All of `words.yaml`."""
    text = files(__package__).joinpath("words.yaml").read_text(encoding="utf-8")
    # All of it text: `on` and `no` are words here, and not true or false.
    read: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    return read


@cache
def words(name: str) -> tuple[str, ...]:
    """One list of it."""
    return tuple(str(word) for word in given()[name])


@cache
def cues(name: str) -> tuple[tuple[str, str], ...]:
    """One list of `cues.yaml`, its words filled in: what each finds, and its pattern."""
    rows = _cues()[name]
    return tuple(
        ("", filled(row)) if isinstance(row, str) else (row[0], filled(row[1])) for row in rows
    )


def filled(pattern: str) -> str:
    """A pattern with `@word@` replaced: a part of `cues.yaml`, else any word of a list."""
    return _MACRO.sub(lambda found: _part(found[1]), pattern)


@cache
def _part(name: str) -> str:
    if name in _cues()["parts"]:
        return filled(str(_cues()["parts"][name]))
    if name in VERBS:
        return "(?:" + "|".join(inflected(verb) for verb in words(VERBS[name])) + ")"
    return either(words(name))


VERBS = {"say": "say", "say_that": "say_that", "deny": "denials"}
"""Parts of a pattern that are any form of the verbs of a list."""
_MACRO = re.compile(r"@(\w+)@")


@cache
def _cues() -> dict[str, Any]:
    text = files(__package__).joinpath("cues.yaml").read_text(encoding="utf-8")
    read: dict[str, Any] = yaml.load(text, yaml.BaseLoader)
    return read


@cache
def among(name: str) -> frozenset[str]:
    """The same, to look a word up in."""
    return frozenset(words(name))


def either(options: Iterable[str]) -> str:
    """A pattern of any of these wordings, the longest first."""
    longest = sorted(set(options), key=lambda one: (-len(one), one))
    return "(?:" + "|".join(re.escape(one).replace(r"\ ", r"\s+") for one in longest) + ")"


@cache
def forms(lemma: str) -> tuple[str, str, str, str, str]:
    """Base, third person, past, participle and gerund of a verb."""
    irregular = given()["irregular"].get(lemma)
    past, participle = irregular or (_past(lemma), _past(lemma))
    return lemma, _third(lemma), past, participle, _gerund(lemma)


def inflected(lemma: str) -> str:
    """A pattern of every form of a verb; further words after it stay as they are (`break into`)."""
    verb, _, rest = lemma.partition(" ")
    return either(forms(verb)) + (r"\s+" + re.escape(rest) if rest else "")


def _third(lemma: str) -> str:
    if lemma.endswith(("s", "x", "z", "ch", "sh", "o")):
        return lemma + "es"
    return lemma[:-1] + "ies" if re.search(r"[^aeiou]y$", lemma) else lemma + "s"


def _past(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ied"
    return _stem(lemma) + "ed"


def _gerund(lemma: str) -> str:
    if lemma.endswith("e") and not lemma.endswith("ee"):
        return lemma[:-1] + "ing"
    return _stem(lemma) + "ing"


def _stem(lemma: str) -> str:
    return lemma + lemma[-1] if lemma in among("doubled") else lemma
