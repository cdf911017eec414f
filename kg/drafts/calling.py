"""Short ids for what a document tells of and does not name: its kind, whom it was about, the year.

A drafter calls a new event by the words that tell of it, which the proof needs; for a file that a
person reads and goes on with, they are too long.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from kg.drafts.document import slug
from kg.drafts.patterns import Sayings
from kg.drafts.proposals import Draft, Proposal, Ref, Refused, Thing
from kg.drafts.words import among
from kg.ontology import Ontology

LONGEST = 40
"""Letters of an id behind its kind, but for a year and a number."""


class Naming(NamedTuple):
    """By what new things are called."""

    happens: frozenset[str]
    """Kinds of events."""
    apart: Mapping[str, int]
    """By how good a name for an event the other end of an edge is (`tells_apart`)."""
    sayings: Sayings
    """The verbs and nouns that tell of events."""


def short(name: str, most: int = LONGEST) -> str:
    """A name as the key of an id, no longer than its first words that fit."""
    whole = slug(name)
    return whole if len(whole) <= most else whole[: most + 1].rpartition("-")[0] or whole[:most]


def shortened(draft: Draft, taken: Collection[str], ontology: Ontology) -> Draft:
    """A draft whose new things have short ids, none of which is `taken` by something else."""
    told: dict[str, list[Proposal]] = defaultdict(list)
    things: dict[str, Thing] = {}
    for one in draft.proposals:
        for ref in filter(None, (one.subject, one.object, one.asserter)):
            told[ref.thing.id].append(one)
            things[ref.thing.id] = ref.thing
    naming = Naming(
        events(ontology),
        {e.edge: e.tells_apart for e in ontology.edges.values()},
        Sayings(ontology),
    )
    names = {id: _name(thing, told[id], naming) for id, thing in things.items()}
    called: dict[str, str] = {}
    used = {*taken, *(id for id, thing in things.items() if thing.known)}
    for id, thing in things.items():
        if thing.known or id in taken:
            continue
        wanted = f"{thing.kind}:{_key(thing, told[id], naming)}"
        called[id] = _free(wanted, used)
        used.add(called[id])
    return replace(
        draft,
        proposals=tuple(_renamed(one, called, names) for one in draft.proposals),
        refused=tuple(_refused(one, called) for one in draft.refused),
    )


def _key(thing: Thing, told: Iterable[Proposal], naming: Naming) -> str:
    """What a thing is called by: its name where that is one, else whom it was about, and when."""
    if " " not in thing.name and thing.kind not in naming.happens:
        return slug(thing.name)  # a wallet's address is no name without its end
    if thing.name[:1].isupper() or thing.kind not in naming.happens:
        return short(thing.name)
    told = list(told)
    return _principal(thing, told, naming) + _year(told)


def _year(told: Iterable[Proposal]) -> str:
    """In which year an event was, as the end of an id (`-2021`)."""
    dates = [one.value.value for one in told if one.predicate == "occurred" and one.value]
    return next((f"-{found[0]}" for one in dates if (found := re.match(r"\d{4}", one))), "")


def _name(thing: Thing, told: list[Proposal], naming: Naming) -> str:
    """What a person would call an agreement, meeting or measure that a verb tells (`Agreement of A
    and B`, `Sanctions on C`); everything else is called by the words that tell of it."""
    nouns = {noun.noun for noun in naming.sayings.nouns.values() if noun.of.lower() == thing.kind}
    first = thing.name.split()[0] if thing.name.split() else ""
    if thing.known or thing.kind not in nouns or first not in naming.sayings.verbs:
        return thing.name
    ends = [(one, one.object.thing if one.subject.thing.id == thing.id else one.subject.thing)
            for one in told if one.object and naming.apart[one.predicate]]  # fmt: skip
    aimed = [end for one, end in ends if end is not one.subject.thing
             and not one.predicate.endswith("_BY")]  # fmt: skip
    names = list(dict.fromkeys(end.name for end in aimed or [end for _, end in ends]))
    if not names:
        return thing.name
    words = naming.sayings.noun.findall(thing.name)
    noun = next((w for w in words if w in nouns or w.removesuffix("s") in nouns), thing.kind)
    listed = " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))
    year = f" ({_year(told)[1:]})" if _year(told) else ""
    return f"{noun[:1].upper()}{noun[1:]} {'on' if aimed else 'of'} {listed}{year}"


def events(ontology: Ontology) -> frozenset[str]:
    """Kinds whose things happen on a day: new ones are called by the words that tell of them."""
    dated = (kind for kind, node in ontology.nodes.items() if "occurred" in node.properties)
    return frozenset(kind.lower() for kind in dated)


def _principal(thing: Thing, told: Iterable[Proposal], naming: Naming) -> str:
    """Whom an event was about: who has a name before who has none, by the relation that tells most;
    without anybody the first words that it is called by."""
    ends = [
        (end, naming.apart[one.predicate])
        for one in told
        if one.object and naming.apart[one.predicate]
        for end in [one.subject.thing if one.object.thing.id == thing.id else one.object.thing]
        if end.kind not in naming.happens
    ]
    if ends:
        end, _ = min(ends, key=lambda found: (not found[0].name[:1].isupper(), found[1]))
        return short(end.name, 28)
    kept = [word for word in slug(thing.name).split("-") if word not in among("little")]
    return short(" ".join(kept[:4]) or thing.name)


def _free(wanted: str, used: Collection[str]) -> str:
    if wanted not in used:
        return wanted
    return next(id for n in range(2, len(used) + 3) if (id := f"{wanted}-{n}") not in used)


def _renamed(one: Proposal, called: dict[str, str], names: dict[str, str]) -> Proposal:
    return replace(
        one,
        subject=_ref(one.subject, called, names),
        object=_ref(one.object, called, names) if one.object else None,
        asserter=_ref(one.asserter, called, names) if one.asserter else None,
    )


def _ref(ref: Ref, called: dict[str, str], names: dict[str, str]) -> Ref:
    thing = ref.thing
    declared = {
        key: called.get(value, value) if isinstance(value, str) else value
        for key, value in thing.declared.items()
    }
    id = called.get(thing.id, thing.id)
    named = replace(thing, id=id, name=names[thing.id], declared=declared)
    return replace(ref, thing=named)


def _refused(one: Refused, called: dict[str, str]) -> Refused:
    subject, predicate, target = one.triple
    return one._replace(
        triple=(called.get(subject, subject), predicate, called.get(target, target))
    )
