"""Names that are known before a document is read: those of the ledger and of the ontology."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from kg.drafts.document import slug
from kg.drafts.proposals import Span, Thing
from kg.drafts.words import given
from kg.graph.corpus import Corpus
from kg.identity import names as sorts
from kg.ontology import Ontology, countries, load, publishers


@dataclass(frozen=True)
class Entry:
    """One name of a thing."""

    name: str
    thing: Thing
    people: bool = False
    """The name of a state's people (`Estonian`), which stands before what is theirs."""


@dataclass(frozen=True)
class Mention:
    """A name that stands in a text."""

    thing: Thing
    span: Span
    people: bool = False
    chain: tuple[Span, ...] = ()
    """Of a short form: where the whole name stands."""


class Gazetteer:
    """Names and what they stand for; of two things of one name the first that was added counts."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self._by_word: dict[str, dict[str, Entry]] = defaultdict(dict)
        self._names: dict[str, set[str]] = defaultdict(set)
        self._written: dict[str, set[str]] = defaultdict(set)
        self.things: dict[str, Thing] = {}
        self.others: dict[str, list[Thing]] = defaultdict(list)
        """Name → further things that carry it: for whoever reviews."""
        self.taken: frozenset[str] = frozenset()
        """Every id that the ledger holds, whether its name can be looked for or not."""
        for entry in entries:
            self.add(entry)

    def add(self, entry: Entry) -> None:
        """Add a name."""
        word = _first(entry.name)
        if not word:
            return
        by_name = self._by_word[word]
        known = by_name.setdefault(entry.name, entry)
        if known.thing.id != entry.thing.id:
            self.others[entry.name].append(entry.thing)
            return
        self.things.setdefault(entry.thing.id, entry.thing)
        self._names[entry.thing.id].add(entry.name.casefold())
        self._written[entry.thing.id].add(entry.name)

    def names_of(self, id: str) -> frozenset[str]:
        """Every name of a thing, case folded; nothing for what is not known."""
        return frozenset(self._names.get(id, ()))

    def written(self, id: str) -> list[str]:
        """Every name of a thing as it is written, but the one that it is shown by."""
        thing = self.things[id]
        return sorted(name for name in self._written[id] if name != thing.name)

    def called(self, name: str) -> Entry | None:
        """What a name stands for."""
        return self._by_word.get(_first(name), {}).get(name)

    def within(self, text: str, start: int, end: int) -> Iterator[Mention]:
        """The names in a part of a text, the longest at each place, from left to right."""
        at = start
        for word in _WORDS.finditer(text, start, end):
            if word.start() < at:
                continue
            if found := self._at(text, word.start(), word[0], end):
                entry, stop = found
                yield Mention(entry.thing, Span(word.start(), stop), entry.people)
                at = stop

    def _at(self, text: str, start: int, word: str, end: int) -> tuple[Entry, int] | None:
        best: tuple[Entry, int] | None = None
        for name, entry in self._by_word.get(word, {}).items():
            stop = start + len(name)
            if best and stop <= best[1]:
                continue
            if stop <= end and text.startswith(name, start) and _whole(text, start, stop):
                best = entry, stop
        return best


_WORDS = re.compile(r"[^\W_]+")


def _first(name: str) -> str:
    found = _WORDS.search(name)
    return found[0] if found and found.start() == 0 else ""


def _whole(text: str, start: int, stop: int) -> bool:
    before, after = text[start - 1 : start], text[stop : stop + 1]
    inside = (before.isalnum() or before in ("-", "_")) and start > 0
    return (
        not inside
        and not after.isalnum()
        and not (after == "-" and text[stop + 1 : stop + 2].isupper())
    )


def of(corpus: Corpus | None = None, without: frozenset[str] = frozenset()) -> Gazetteer:
    """The names of a corpus (but those of some ids), and of the ontology."""
    made = Gazetteer(_of_corpus(corpus, without) if corpus else ())
    made.taken = frozenset(corpus.names) - without if corpus else frozenset()
    for entry in _ontology():
        made.add(_as_known(made, entry))
    return made


def _as_known(made: Gazetteer, entry: Entry) -> Entry:
    """An entry of the ontology as a name of the ledger's thing, where that is the same by its id or
    by its whole name."""
    called = made.called(entry.thing.name)
    same = called.thing if called and called.thing.kind == entry.thing.kind else None
    known = made.things.get(entry.thing.id) or same
    return Entry(entry.name, known, entry.people) if known else entry


def _of_corpus(corpus: Corpus, without: frozenset[str]) -> Iterator[Entry]:
    for kind in _sought(corpus.ontology):
        frame = corpus.graph.nodes.get(kind)
        if frame is None or frame.is_empty():
            continue
        for row in frame.select("id", "name", "names").iter_rows(named=True):
            if row["id"] in without or not row["name"]:
                continue
            for name in dict.fromkeys((row["name"], *(row["names"] or ()))):
                if usable(name, kind, corpus.ontology):
                    plain = name.replace("’", "'")
                    yield Entry(plain, Thing(row["id"], row["name"], known=name))


def _sought(ontology: Ontology) -> list[str]:
    """Kinds whose names are looked for in a text, states first: of two things of one name, the
    first counts."""
    kinds = [node.kind for node in ontology.nodes.values() if node.sought]
    return sorted(kinds, key=lambda kind: (ontology.nodes[kind].key != "country", kind))


def usable(name: str, kind: str, ontology: Ontology | None = None) -> bool:
    """Whether a name tells itself apart from a word: by a capital or a digit, and its length. What
    an event is called may be a sentence (`attacked the portal of Acme`), which is no name."""
    node = (ontology or load()).nodes.get(kind)
    wordy = len(name.split()) > 5 or not (name[:1].isupper() or name[:1].isdigit())
    if wordy and node and node.happens and (node.said_as or node.named_as):
        return False
    told = any(c.isupper() or c.isdigit() for c in name)
    common = kind in ("Software", "Group", "Campaign") and sorts.key(name) in _COMMON
    return told and len(name) > (3 if kind == "Software" else 1) and not common


_COMMON = frozenset(
    ("at", "net", "ping", "reg", "cmd", "page", "tor", "rover", "empire", "expand", "route", "play",
     "ftp", "cactus", "dream", "royal", "silence", "north korea", "group", "it", "team", "the")
)  # fmt: skip


@cache
def _ontology() -> tuple[Entry, ...]:
    return (*_publishers(), *_states(), *_agencies())


def _publishers() -> Iterator[Entry]:
    for one in publishers.known():
        declared = {"part_of": one.part_of} if one.part_of and one.id.startswith("agency:") else {}
        thing = Thing(one.id, one.name, declared, known=one.name)
        for name in _with_bare(one.name, *one.also):
            if (
                "(" not in name
                and ("." not in name or name.startswith("U.S. "))
                and usable(name, "Software" if len(name) < 3 else "")
            ):
                yield Entry(name, thing)


def _with_bare(*names: str) -> Iterator[str]:
    """With `Justice Department` for the `US Justice Department`, which is how papers call it."""
    for name in names:
        yield name
        if name.startswith("US "):
            yield f"U.S. {name[3:]}"
        bare = name.removeprefix("US ")
        if bare != name and ("Department" in bare or "Office" in bare or "Agency" in bare):
            yield bare


def _states() -> Iterator[Entry]:
    text = files(__package__).joinpath("states.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        name = countries.names()[row["alpha3"]]
        thing = Thing(f"state:{row['alpha3']}", name, known=name)
        people = [word for word in row["people"].split("|") if word]
        names = [name, *(word for word in (row["capital"], *row["also"].split("|")) if word)]
        for word in names:
            yield Entry(word, thing)
        for word in people:
            yield Entry(word, thing, people=True)
        yield from _governments(thing, names, people)


def _governments(state: Thing, names: list[str], people: list[str]) -> Iterator[Entry]:
    name = f"Government of {state.name}"
    agency = Thing(f"agency:{slug(name)}", name, {"part_of": state.id}, known=name)
    for word in names:
        before = (
            f"{which} of {the}{word}"
            for which in ("Government", "government")
            for the in ("", "the ")
        )
        for form in (*before, f"{word}'s government", f"{word}'s Government", f"{word} government"):
            yield Entry(form, agency)
    for word in people:
        yield Entry(f"{word} government", agency)
        yield Entry(f"{word} Government", agency)


def _agencies() -> Iterator[Entry]:
    for name, state in given()["agencies"].items():
        declared = {"part_of": f"state:{state}"} if state else {}
        yield Entry(name, Thing(f"agency:{slug(name)}", name, declared, known=name))
