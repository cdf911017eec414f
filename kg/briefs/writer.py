"""Sentences out of claims: who says what, in the words of `kg.briefs.wording`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

import polars as pl

from kg.ask.ranked import Said
from kg.ask.told import Row, Told
from kg.briefs import wording
from kg.briefs.brief import Part, Passage, Sentence
from kg.graph.corpus import Corpus

MOST_ENDS = 12
"""Names in one list in a short brief; the full one has them all."""


class Writer:
    """Writes sentences about a corpus, and remembers the claims that it was given."""

    def __init__(self, corpus: Corpus, *, short: bool = False) -> None:
        self.corpus, self.short = corpus, short
        self.rows: dict[str, Row] = {}
        self.it: str | None = None
        """What was just spoken of: it is called so."""

    def know(self, said: Iterable[Said]) -> None:
        """Remember the claims of these, for the notes."""
        self.rows |= {row["id"]: row for one in said for row in one.all}

    def fetch(self, ids: Iterable[str]) -> list[Row]:
        """The claims of these ids, from the corpus where nobody has met them yet."""
        wanted = list(dict.fromkeys(ids))
        if missing := [id for id in wanted if id not in self.rows]:
            found = self.corpus.claims.filter(pl.col("id").is_in(missing))
            rows = Told.of(self.corpus, found).rows(found)
            self.rows |= {row["id"]: row for row in rows}
        return [self.rows[id] for id in wanted if id in self.rows]

    # Names

    @cached_property
    def _unnamed(self) -> frozenset[str]:
        found = self.corpus.statements.filter(
            (pl.col("predicate") == "unnamed") & (pl.col("value") == "true")
        )
        return frozenset(found["subject"])

    def the(self, id: str) -> str:
        """What is called so here, as it stands inside a sentence."""
        if id == self.it:
            return "they" if self._several(id) else "it"
        name = self.corpus.names.get(id, id)
        kind = self.corpus.ontology.kind_of(id)
        return wording.the(name, kind, unnamed=id in self._unnamed)

    def who(self, row: Row) -> str:
        """Who says it."""
        id = self.asserters.get(row["id"])
        return self.the(id) if id else "a source that is not named"

    @cached_property
    def asserters(self) -> dict[str, str | None]:
        """Claim → the id of who makes it."""
        return dict(self.corpus.claims.select("id", "asserter").iter_rows())

    def end(self, row: Row, end: str) -> str:
        """One end of a claim, with what its source calls it where that is another name."""
        name = self.the(row[end])
        own = other_name(row, end)
        return f"{name} (there “{own}”)" if own else name

    # What is said

    def that(self, said: Sequence[Said], fixed: str, last: str = "and") -> str:
        """The clause after *says that*: these share predicate and, at the `fixed` end, a thing."""
        first = said[0]
        row = (first.claims or first.all)[0]
        if first.object is None:
            return self._of_value(said)
        loose = "object" if fixed == "subject" else "subject"
        ends = dict.fromkeys(self._loose(one, loose) for one in said)
        many = self._some(list(ends), last)
        held = self.the(getattr(first, fixed))
        kind = self.corpus.ontology.kind_of(first.subject)
        phrase = self.corpus.ontology.edges[row["predicate"]].between(kind)
        if fixed == "subject":
            phrase = wording.agreeing(phrase, self._several(first.subject))
            return f"{held} {phrase} {many}"
        several = len(ends) > 1 or self._several(first.subject)
        return f"{many} {wording.agreeing(phrase, several)} {held}"

    def _loose(self, one: Said, end: str) -> str:
        rows = one.claims or one.all
        own = {other_name(row, end) for row in rows}
        name = self.the(getattr(one, end))
        if len(own) == 1 and (other := next(iter(own))):
            return f"{name} (there “{other}”)"
        return name

    def _several(self, id: str) -> bool:
        name = self.corpus.names.get(id, id)
        described = self.corpus.ontology.kind_of(id) not in ("State", "Person", "Agency", "Group")
        return described and wording.plural(name)

    def _some(self, names: list[str], last: str = "and") -> str:
        if self.short and len(names) > MOST_ENDS:
            more = len(names) - MOST_ENDS
            return f"{', '.join(names[:MOST_ENDS])} and {wording.count(more)} more"
        return wording.listed(names, last)

    def _of_value(self, said: Sequence[Said]) -> str:
        first = said[0]
        label = wording.label(first.predicate)
        values = self._some([self.value(one) for one in said])
        subject = self.the(first.subject)
        kind = self.corpus.ontology.kind_of(first.subject) or ""
        spec = self.corpus.ontology.property(kind, first.predicate)
        if spec is not None and spec.of.dated:
            dates = wording.listed(wording.when(one.value or "") for one in said)
            if first.predicate == "occurred":
                phrase = wording.HAPPENED.get(kind, "took place")
                several = self._several(first.subject)
                return f"{subject} {wording.agreeing(phrase, several)} {dates}"
            return f"{self._its(first.subject, label)} is {dates.split(' ', 1)[-1]}"
        return f"{self._its(first.subject, label)} is {values}"

    def _its(self, id: str, label: str) -> str:
        subject = self.the(id)
        own = {"it": "its", "they": "their"}.get(subject)
        return f"{own} {label}" if own else f"the {label} of {subject}"

    def value(self, one: Said) -> str:
        """A value in a sentence: dates in words, figures as they are, names quoted."""
        kind = self.corpus.ontology.kind_of(one.subject) or ""
        spec = self.corpus.ontology.property(kind, one.predicate)
        if spec is None or one.value is None:
            return one.value or ""
        return wording.day(one.value) if spec.of.dated else one.value

    # Who says it

    def passage(self, said: Sequence[Said], fixed: str) -> Passage:
        """Who says that, who repeats it, and who denies it."""
        self.know(said)
        claims = [row for one in said for row in one.claims]
        return tuple(self._sentences(said, fixed, claims))

    def _sentences(self, said: Sequence[Said], fixed: str, claims: list[Row]) -> Iterator[Sentence]:
        own, relays = _parted(claims)
        if own:
            yield self._main(said, fixed, own)
        yield from self._relayed(relays)
        yield from self._against(said, fixed)

    def _main(self, said: Sequence[Said], fixed: str, rows: list[Row]) -> Sentence:
        voices = self._voices(rows)
        that = self.that(said, fixed)
        if len(voices) == 1 and len({self.who(row) for row in rows}) > 1:
            parts, _ = self._named(rows)
            return Sentence((*parts, Part(f", one voice, say that {that}.")))
        if len(voices) == 1:
            who, aside, ids = next(iter(voices))
            brackets = f" ({aside})" if aside else ""
            return Sentence((Part(f"{wording.capital(who)} says that {that}{brackets}.", ids),))
        known = sum(1 for who, _, _ in voices if who != UNNAMED)
        start = f"{wording.capital(wording.count(known))} independent voices say that {that}: "
        if known < 2:
            start = f"It is said that {that}: by "
        parts = [Part(start)]
        for place, (who, aside, ids) in enumerate(voices):
            brackets = f" ({aside})" if aside else ""
            joint = wording.joint(place, len(voices))
            parts += [Part(f"{joint}{who}{brackets}", ids)]
        return Sentence((*parts, Part(".")))

    def _voices(self, rows: list[Row]) -> list[tuple[str, str, tuple[str, ...]]]:
        """(who, in brackets, claims) for each voice, in the order in which they first spoke."""
        groups: dict[tuple[str, ...], dict[str, list[Row]]] = {}
        for row in sorted(rows, key=lambda row: (row.get("asserted", "9999"), row["id"])):
            groups.setdefault(tuple(row["voices"]), {}).setdefault(self.who(row), []).append(row)
        found = []
        for voice, spoken in groups.items():
            rows_of = [row for each in spoken.values() for row in each]
            ids = tuple(row["id"] for row in rows_of)
            if not voice:
                found.append((UNNAMED, wording.aside(rows_of), ids))
            elif len(spoken) == 1:
                found.append((next(iter(spoken)), wording.aside(rows_of), ids))
            else:
                found.append((self._one_voice(spoken), "", ids))
        return found

    def _one_voice(self, spoken: dict[str, list[Row]]) -> str:
        """Several bodies that are one voice: `the White House (…) with the Treasury (…)`."""
        told = []
        for who, rows in spoken.items():
            aside = wording.aside(rows)
            told.append(f"{who} ({aside})" if aside else who)
        return f"{told[0]} with {wording.listed(told[1:])}, which are one voice"

    def _relayed(self, relays: list[Row]) -> Iterator[Sentence]:
        """Who repeats it, as they say themselves; and whose word goes back to it as we read it."""
        for read in (False, True):
            rows = [r for r in relays if (r.get("derivation") == "read") == read]
            if not rows:
                continue
            parts, several = self._named(rows)
            if read:
                verb = "say" if several else "says"
                tail = f" {verb} the same, which as we read it goes back to the same origin."
            else:
                tail = " repeat it." if several else " repeats it."
            yield Sentence((*parts, Part(tail)))

    def credits(self, rows: Sequence[Row], *, dated: bool = True) -> Sentence:
        """Whoever makes these claims, for a cell of a table: voice by voice."""
        parts: list[Part] = []
        own, relays = _parted(rows)
        for who, aside, ids in self._voices(own):
            brackets = f" ({aside})" if aside and dated else ""
            parts.append(Part(f"{'; ' if parts else ''}{who}{brackets}", ids))
        if relays:
            lead = "; repeated by " if parts else "repeated by "
            parts += [Part(lead), *self._named(relays, start=False)[0]]
        return Sentence(tuple(parts))

    def denial(self, said: Sequence[Said]) -> Sentence:
        """Who denies these things, the same of one subject or of several."""
        self.know(said)
        rows = [row for one in said for row in one.denials]
        parts, several = self._named(rows)
        verb = "deny" if several else "denies"
        first = [one for one in said if one.subject == said[0].subject]
        if len(first) == len(said):
            that = self.that(said, "subject", "or")
        else:
            ends = wording.listed(dict.fromkeys(self.the(str(one.object)) for one in first), "or")
            subjects = wording.listed(dict.fromkeys(self.the(one.subject) for one in said), "or")
            kind = self.corpus.ontology.kind_of(said[0].subject)
            phrase = self.corpus.ontology.edges[said[0].predicate].between(kind)
            severally = any(self._several(one.subject) for one in said)
            that = f"{subjects} {wording.agreeing(phrase, severally)} {ends}"
        return Sentence((*parts, Part(f" {verb} that {that}.")))

    def hedged_only(self, one: Said) -> Sentence:
        """That nobody says something outright."""
        end = "subject" if one.object else "object"
        parts: list[Part] = [
            Part(f"That {self.that([one], end)} is said with a reservation only: by ")
        ]
        voices = self._voices(list(one.claims))
        for place, (who, aside, ids) in enumerate(voices):
            brackets = f" ({aside})" if aside else ""
            parts.append(Part(f"{wording.joint(place, len(voices))}{who}{brackets}", ids))
        return Sentence((*parts, Part(".")))

    def withdrawal(self, one: Said, row: Row) -> Sentence:
        """That somebody no longer says something, and who took it back."""
        that, who = self.that([one], "subject"), wording.capital(self.who(row))
        said = f" {wording.when(row['asserted'])}" if row.get("asserted") else " before"
        if row["standing"] == "origin_withdrawn":
            text = f"{who} repeated{said} what has been withdrawn since: that {that}"
            return Sentence((Part(text, (row["id"],)), Part(".")))
        parts = [Part(f"{who} no longer says what it said{said}: that {that}", (row["id"],))]
        for by in row["withdrawn_by"]:
            how = "taken back" if by["how"] == "retracts" else "replaced"
            on = f" {wording.when(by['asserted'])}" if by["asserted"] else ""
            self.fetch([by["claim"]])
            parts.append(
                Part(
                    f"; it was {how}{on} by {wording.the(by['asserter'] or UNNAMED, None)}",
                    (by["claim"],),
                )
            )
        return Sentence((*parts, Part(".")))

    def _against(self, said: Sequence[Said], fixed: str) -> Iterator[Sentence]:
        """Who denies it; who disputes a claim of it."""
        denials = [row for one in said for row in one.denials]
        known = {row["id"] for row in denials}
        pointing = [id for one in said for row in one.claims for id in row["disputed_by"]]
        disputing = self.fetch(id for id in pointing if id not in known)
        if denials:
            has_claims = any(one.claims for one in said)
            what = "this" if has_claims else "that " + self.that(said, fixed)
            yield self._who_all(denials, "denies", "deny", what)
        if disputing:
            yield self._who_all(disputing, "disputes", "dispute", "this")

    def _who_all(self, rows: list[Row], one: str, many: str, what: str) -> Sentence:
        parts, several = self._named(rows)
        verb = many if several else one
        return Sentence((*parts, Part(f" {verb} {what}.")))

    def _named(self, rows: list[Row], *, start: bool = True) -> tuple[list[Part], bool]:
        """Everybody who makes these claims, as the subject of a sentence; whether several."""
        by: dict[str, list[Row]] = {}
        for row in rows:
            by.setdefault(self.who(row), []).append(row)
        parts = []
        for place, (who, own) in enumerate(by.items()):
            joint = wording.joint(place, len(by))
            name = wording.capital(who) if start and place == 0 else who
            aside = wording.aside(own)
            brackets = f" ({aside})" if aside else ""
            parts.append(Part(f"{joint}{name}{brackets}", tuple(r["id"] for r in own)))
        return parts, len(by) > 1


def _parted(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Those who say it, and those who repeat these; who repeats what was said of something else is
    among the first."""
    own = [row for row in rows if not row["derived_from"]]
    heard = {voice for row in own for voice in row["voices"]}
    relays = [row for row in rows if row["derived_from"]]
    further = [row for row in relays if not heard.issuperset(row["voices"])]
    return [*own, *further], [row for row in relays if row not in further]


UNNAMED = "somebody whom the source does not name"


def other_name(row: Row, end: str) -> str | None:
    """What the source calls an end, where that is not what it is called here."""
    own, here = row.get(f"{end}_name"), row[f"{end}_here"]
    if not own or not here or own.casefold() == here.casefold():
        return None
    return str(own)
