"""What stands side by side in a brief: rival attributions, figures, denials, names."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from kg.ask.ranked import Said
from kg.ask.rivals import BEHIND, lines
from kg.ask.told import Row
from kg.briefs import wording
from kg.briefs.brief import Block, Part, Passage, Points, Sentence, Table
from kg.briefs.matter import Matter
from kg.briefs.writer import Writer

FEW = 3
"""Denials and withdrawals on one page."""


def cell(text: str) -> Sentence:
    """A cell that cites nothing."""
    return Sentence((Part(text),))


def table(
    columns: Mapping[str, float], rows: Sequence[Sequence[Sentence]], known: str = ""
) -> Iterator[Table]:
    """A table of these (columns and how wide they are), where there are any: without a first column
    that says what is `known` in every row, and each of the first cells once where it would stand
    below its like."""
    if not rows:
        return
    heads, widths = tuple(columns), tuple(columns.values())
    if {row[0].text for row in rows} == {known}:
        heads, widths, rows = heads[1:], widths[1:], [row[1:] for row in rows]
    shown: list[tuple[Sentence, ...]] = []
    above = ""
    for row in rows:
        first = cell("") if row[0].text == above and not row[0].claims else row[0]
        above = row[0].text
        shown.append((first, *row[1:]))
    yield Table(heads, tuple(shown), widths)


def rivals(matter: Matter, writer: Writer) -> Iterator[Block]:
    """For each incident that is laid to several, who is, line by line."""
    rows: list[tuple[Sentence, ...]] = []
    own = {matter.id: matter.said} if matter.kind in matter.corpus.ontology.blamed else {}
    for id, said in {**own, **matter.events}.items():
        answers = [one for one in said if one.predicate == BEHIND and one.subject == id]
        found = lines(matter.corpus, answers)
        if len(found) > 1 or (id in own and len(answers) > 1):
            writer.know(answers)
            rows += [
                _rival(writer, one, chr(ord("A") + place))
                for place, line in enumerate(found)
                for one in line
            ]
    columns = {"What happened": 1.2, "Line": 0.55, "Held responsible": 1.3, "Who says so": 3}
    columns["Who denies it"] = 1.8
    yield from table(columns, rows, wording.capital(writer.the(matter.id)))


def _rival(writer: Writer, one: Said, line: str) -> tuple[Sentence, ...]:
    return (
        cell(wording.capital(writer.the(one.subject))),
        cell(line),
        cell(wording.capital(writer.the(str(one.object)))),
        writer.credits(one.claims) if one.claims else cell("nobody here"),
        writer.credits(one.denials),
    )


def values(matter: Matter, writer: Writer, said: Sequence[Said]) -> Iterator[Block]:
    """Figures and dates, of it and of what is laid to it, each beside what others say instead."""
    ontology = matter.corpus.ontology
    laid = [
        one
        for id, of in matter.events.items()
        for one in of
        if one.subject == id and one.object is None and ontology.kind_of(id) in ontology.blamed
    ]
    told = [one for one in (*said, *laid) if one.claims and one.predicate not in ontology.naming]
    told.sort(key=lambda one: (one.subject not in matter.focus, one.subject, one.predicate))
    writer.know(told)
    rows = [
        (
            cell(wording.capital(writer.the(one.subject))),
            cell(wording.label(one.predicate)),
            cell(writer.value(one)),
            writer.credits(one.claims),
        )
        for one in told
    ]
    columns = {"Of what": 1.5, "What": 1.1, "How much or when": 1.4, "Who says so": 2.8}
    yield from table(columns, rows, wording.capital(writer.the(matter.id)))


def denials(matter: Matter, writer: Writer, short: bool) -> Iterator[Block]:
    """Who denies what is said of it, or what that leads on to; what was taken back."""
    writer.know(matter.along)
    items: list[Passage] = [(writer.denial(these),) for these in _denied(matter, writer)]
    for one in matter.said:
        items += [(writer.withdrawal(one, row),) for row in one.gone]
    if items:
        yield Points(tuple(items[:FEW] if short else items))


def _denied(matter: Matter, writer: Writer) -> list[list[Said]]:
    """What each one denies, together where it denies the same of several things."""
    by: dict[tuple[str, str, str], list[Said]] = {}
    for one in (*matter.said, *matter.along):
        for who in dict.fromkeys(writer.who(row) for row in one.denials):
            own = tuple(row for row in one.denials if writer.who(row) == who)
            by.setdefault((who, one.predicate, one.subject), []).append(replace(one, denials=own))
    alike: dict[tuple[object, ...], list[Said]] = {}
    for (who, predicate, _), these in by.items():
        objects = frozenset(str(one.object or one.value) for one in these)
        alike.setdefault((who, predicate, objects), []).extend(these)
    return list(alike.values())


def names(matter: Matter, writer: Writer, said: Sequence[Said]) -> Iterator[Block]:
    """Its other names: who uses each, and who coined it where a source says so; names that the same
    use, and the same coined, together."""
    by: dict[tuple[str, str], list[Row]] = {}
    for one in said:
        by.setdefault((one.predicate, (one.value or "").casefold()), []).extend(one.claims)
    alike: dict[tuple[str, tuple[str, ...], tuple[str, ...]], list[list[Row]]] = {}
    for (predicate, _), claims in by.items():
        users = tuple(sorted({writer.who(row) for row in claims}))
        coiners = tuple(sorted(set(map(_coiner, claims)) - {""}))
        alike.setdefault((predicate, users, coiners), []).append(claims)
    rows = []
    for (predicate, _, coiners), these in alike.items():
        claims = [row for each in these for row in each]
        called = [str(each[0]["value"]) for each in these if each]
        rows.append(
            (
                cell("; ".join(called)),
                cell(wording.label(predicate)),
                writer.credits(claims),
                _told("; ".join(coiners), claims),
            )
        )
    columns = {"Name": 1.5, "As what": 0.8, "Who uses it": 2.8, "Who coined it": 1}
    yield from table(columns, rows)


def _coiner(row: Row) -> str:
    """Whose name the source says that it is; empty where it does not."""
    locator = row.get("locator") or ""
    told = "name-attribution" in locator or "origin:" in locator
    return str(row["cites"] or "") if told else ""


def _told(coiners: str, claims: Sequence[Row]) -> Sentence:
    """Whose the names are, and the claims that say so."""
    return Sentence((Part(coiners, tuple(row["id"] for row in claims if _coiner(row))),))
