"""The names in one document: those that are known, and those that it introduces itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache

from kg.drafts.document import Document, slug
from kg.drafts.gazetteer import Entry, Gazetteer, Mention
from kg.drafts.proposals import Span, Thing
from kg.drafts.words import among, cues, either, filled, words


@dataclass(frozen=True)
class Found:
    """A name that a document introduces."""

    name: str
    kind: str
    span: Span


def names_in(document: Document, sentences: Iterable[Span], known: Gazetteer) -> list[Mention]:
    """Every name in the prose of a document, in order; none within another."""
    spans = list(sentences)
    local = Gazetteer()
    introduced = [found for span in spans for found in _introduced(document.plain, span, known)]
    introduced += [found for span in spans for found in _observables(document.plain, span)]
    introduced += _recurring(document.plain, spans, known)
    whole = {
        document.plain[m.span.start : m.span.end]
        for span in spans
        for m in known.within(document.plain, *span)
    }
    whole |= {found.name for found in introduced}
    people = {found.name for found in introduced if found.kind == "person"}
    for found in introduced:
        if not _is_part(found, people if found.kind == "person" else whole):
            _learn(local, known, found, document)
    mentions = [m for span in spans for m in _among(document.plain, span, known, local)]
    mentions = [_explained(m, document.plain, known) for m in mentions]
    mentions = longest([*mentions, *_publisher(document, spans), *_halves(document, spans, known)])
    mentions = longest([*mentions, *_by_office(document, spans, mentions)])
    return sorted(_with_short_forms(document, spans, mentions), key=lambda m: m.span)


def _publisher(document: Document, spans: list[Span]) -> Iterator[Mention]:
    """Where a document speaks of whoever publishes it by a word of the name (`the Council`)."""
    id, name = document.publisher or ("", "")
    words_ = [word for word in re.findall(r"[A-Z][\w-]+", name) if word not in among("not_names")]
    if len(words_) < 2:
        return
    thing = Thing(id, name, known=name)
    pattern = re.compile(rf"\b[Tt]he\s({either(words_)})\b(?!\s(?:of\s)?(?:the\s)?[A-Z])")
    for span in spans:
        for match in pattern.finditer(document.plain, *span):
            yield Mention(thing, Span(*match.span(1)))


def _halves(document: Document, spans: list[Span], known: Gazetteer) -> Iterator[Mention]:
    """Of `South and North Korea`, and of `the North` in a text on it: the state that is meant."""
    half = re.compile(
        r"\b(North|South)(?=\sand\s(?:the\s)?(?:North|South)\sKorea\b)"
        r"|(?<=\b[Tt]he\s)(North|South)\b(?!-|\s(?:[A-Z]|of\b|Korea))"
    )
    for span in spans:
        for match in half.finditer(document.plain, *span):
            name = f"{match[0]} Korea"
            entry = known.called(name)
            if entry and (match[1] or name in document.plain):
                yield Mention(entry.thing, Span(*match.span()))


def _by_office(document: Document, spans: list[Span], mentions: list[Mention]) -> Iterator[Mention]:
    """`The Greek premier`: the one person told before who leads that state."""
    leaders: dict[str, dict[str, Mention]] = {}
    for one in mentions:
        if one.thing.kind == "person" and (state := one.thing.declared.get("represents")):
            leaders.setdefault(str(state), {}).setdefault(one.thing.id, one)
    office = re.compile(rf"(?:'s)?\s{either(words('leading'))}\b(?!\s[A-Z])")
    for whose in (m for m in mentions if m.thing.id in leaders):
        text, (start, end) = document.plain, whose.span
        found = office.match(text, end) if whose.people == (text[end : end + 2] != "'s") else None
        people = list(leaders[whose.thing.id].values())
        if found and len(people) == 1 and people[0].span.start < start:
            yield replace(people[0], span=Span(start, found.end()), chain=(people[0].span,))


def _explained(mention: Mention, text: str, known: Gazetteer) -> Mention:
    """A known thing under a name that only this text gives it: by way of the short form behind."""
    names = known.names_of(mention.thing.id)
    words_ = text[slice(*mention.span)]
    short = _short(words_, text) if names and words_.casefold() not in names else None
    return replace(mention, chain=(Span(*short.span(1)),)) if short else mention


def _among(text: str, span: Span, known: Gazetteer, local: Gazetteer) -> Iterator[Mention]:
    """Known and introduced names of a sentence; of two that overlap the longer."""
    found = [*local.within(text, *span), *known.within(text, *span)]
    yield from longest(found)


def longest(mentions: Iterable[Mention]) -> list[Mention]:
    """Of mentions that overlap the longest."""
    kept: list[Mention] = []
    for one in sorted(mentions, key=lambda m: (m.span.start - m.span.end, m.span.start)):
        if not any(one.span.start < k.span.end and k.span.start < one.span.end for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda m: m.span)


def _learn(local: Gazetteer, known: Gazetteer, found: Found, document: Document) -> None:
    entry = known.called(found.name)
    if entry and (entry.thing.kind == found.kind or entry.people or entry.thing.kind == "state"):
        return
    if entry and found.kind == "group" and entry.thing.kind in ("agency", "person"):
        return  # `GRU hackers` are its, and it is no group
    bare = re.sub(r"^(?:The|the)\s", "", found.name)
    if found.kind == "group":
        entry = known.called(f"{bare} Group") or known.called(bare.removesuffix(" Group"))
        if entry and entry.thing.kind == "group":
            local.add(Entry(bare, entry.thing))
            return
    if found.kind == "agency" and (body := _body(found, bare, known, document.plain)):
        local.add(body)
        return
    short = _short(found.name, document.plain)
    entry = known.called(short[1]) if short else None
    if entry and entry.thing.kind == found.kind:
        local.add(Entry(bare, entry.thing))  # `Main Intelligence Directorate (GRU)`
        return
    thing = local.called(bare).thing if local.called(bare) else None  # type: ignore[union-attr]
    if thing is None:
        declared = _declared(found, known) or _represents(found, known, document.plain)
        thing = Thing(f"{found.kind}:{slug(bare)}", bare, declared)
    local.add(Entry(bare, thing))
    if short:
        local.add(Entry(short[1], thing))
    letters = initials(bare)
    alone = re.search(rf"(?<![\w-]){letters}(?![\w-])", document.plain)
    if len(letters) > 2 and not known.called(letters) and alone:
        local.add(Entry(letters, thing))


def _body(found: Found, bare: str, known: Gazetteer, text: str) -> Entry | None:
    """A known body under the name that a text gives it: by its last words, or by its state."""
    if whole := _ends_so(known, bare, text):
        return Entry(bare, whole)
    if whole := of_that_state(known, bare):
        return Entry(bare.split("'s ", 1)[1], whole)
    whole = _seated(known, bare, text[found.span.end :])
    return Entry(bare, whole) if whole else None


def initials(name: str) -> str:
    """The first letters of a name's capitalised words (`NCA`)."""
    return "".join(word[0] for word in re.findall(r"[A-Z][\w-]+", re.sub(r"^\w+'s\s", "", name)))


def _short(name: str, text: str) -> re.Match[str] | None:
    """The short form that a text prints behind a name: `(GRU)`, `, also known as the SVR`."""
    return re.search(
        re.escape(name) + r"(?:\s\((?:the\s|or\s)?\"?|,\s(?:also|better)\sknown\sas\s(?:the\s)?)"
        r"([A-Z][A-Za-z]{0,4}[A-Z])\b",
        text,
    )


def _state_of(body: Thing, known: Gazetteer) -> str:
    """The id of the state to which a body belongs, over what it is part of; empty for none."""
    above = str(body.declared.get("part_of") or "")
    if above.startswith("agency:") and above in known.things and above != body.id:
        return _state_of(known.things[above], known)
    return above


def _state_is_told(body: Thing, known: Gazetteer, text: str) -> bool:
    """Whether a text speaks of the state whose organ that is, if it is one's."""
    names = known.names_of(_state_of(body, known))
    return not names or any(re.search(rf"\b{re.escape(n)}\b", text, re.I) for n in names)


def of_that_state(known: Gazetteer, name: str) -> Thing | None:
    """Of `Britain's National Crime Agency`: the known body of that name and state."""
    owner, _, rest = name.partition("'s ")
    state = known.called(owner)
    if not rest or state is None or state.thing.kind != "state" or len(rest.split()) < 2:
        return None
    fits = {
        t.id: t
        for t in known.things.values()
        if t.kind == "agency" and f" {t.name}".endswith(f" {rest}")
        and _state_of(t, known) == state.thing.id
    }  # fmt: skip
    return next(iter(fits.values())) if len(fits) == 1 else None


def _seated(known: Gazetteer, name: str, after: str) -> Thing | None:
    """Of `the Foreign Ministry in Seoul`: the body of the state that sits there."""
    seat = re.match(r"\sin\s([A-Z]\w+)", after)
    state = known.called(seat[1]) if seat else None
    if state is None or state.thing.kind != "state":
        return None
    return of_that_state(known, f"{state.thing.name}'s {name}")


def _ends_so(known: Gazetteer, name: str, text: str) -> Thing | None:
    """The one known body whose whole name ends in this one, of three words or more."""
    if len(name.split()) < 3:
        return None
    ends = {
        t.id: t
        for t in known.things.values()
        if t.kind == "agency" and t.name.endswith(f" {name}") and _state_is_told(t, known, text)
    }
    return next(iter(ends.values())) if len(ends) == 1 else None


def _observables(text: str, span: Span) -> Iterator[Found]:
    """What its form tells: numbers of weaknesses, wallets, hosts."""
    for kind, pattern in cues("observables"):
        for match in re.finditer(pattern, text[span.start : span.end]):
            at = Span(span.start + match.start(), span.start + match.end())
            yield Found(match[0], kind, at)


def _recurring(text: str, spans: list[Span], known: Gazetteer) -> Iterator[Found]:
    """People whose last name stands alone later on (`Ada Winter … Winter said`)."""
    pair = re.compile(r"(?<![\w-])[A-Z][a-z'-]+\s(?:[A-Z]\.\s)?[A-Z][a-z'-]+(?![\w-]|\s[A-Z])")
    for span in spans:
        for match in pair.finditer(text, *span):
            first, last = match[0].split()[0], match[0].split()[-1]
            if first in among("not_names") or last in _heads() or known.called(match[0]):
                continue
            alone = re.compile(filled("@alone@").replace("LAST", re.escape(last)))
            found = Found(match[0], "person", Span(*match.span()))
            trimmed = _trimmed(found, text, known) if alone.search(text, match.end()) else None
            if trimmed:
                yield trimmed


def _heads() -> frozenset[str]:
    return among("agency_heads") | among("organization_heads") | among("group_nouns")


def _is_part(found: Found, whole: set[str]) -> bool:
    """Whether a body's name is the short form of another that stands in the text."""
    if found.kind == "person":  # `President Moon`, and Moon Jae-in
        return " " not in found.name and any(
            found.name in (n.split()[0], n.split()[-1]) for n in whole if " " in n
        )
    if found.kind not in ("agency", "organization"):
        return False
    return any(name != found.name and name.endswith(f" {found.name}") for name in whole)


def _declared(found: Found, known: Gazetteer) -> dict[str, str]:
    """What an agency's name itself tells: whose organ it is."""
    if found.kind != "agency":
        return {}
    state = next(
        (m for m in known.within(found.name, 0, len(found.name)) if m.thing.kind == "state"), None
    )
    return {"part_of": state.thing.id} if state and state.span.start < 4 else {}


def _represents(found: Found, known: Gazetteer, text: str) -> dict[str, str]:
    """Whose leader a person is, where the words before the name say so."""
    before = text[max(0, found.span.start - 60) : found.span.start]
    title = re.search(rf"(?:'s)?\s{either(words('leading'))}\s$", before)
    if found.kind != "person" or not title:
        return {}
    states = [
        m
        for m in known.within(before, 0, title.start() + 1)
        if m.thing.kind == "state" and m.span.end >= title.start()
    ]
    return {"represents": states[-1].thing.id} if states else {}


@cache
def _cues() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(pattern)) for kind, pattern in cues("names"))


def _introduced(text: str, span: Span, known: Gazetteer) -> Iterator[Found]:
    """What a sentence introduces, by the words that stand around a name."""
    for kind, pattern in _cues():
        for match in pattern.finditer(text, span.start, span.end):
            groups = match.groupdict()
            part = "list" if groups.get("list") else "name"
            whole = part == "name" and kind == "agency" and _one_body(match[part], known)
            named = [(match[part], match.start(part))] if whole else ()
            for name, start in named or _split(match[part], match.start(part)):
                found = Found(name, kind, Span(start, start + len(name)))
                if trimmed := _trimmed(found, text, known):
                    yield _hacking(trimmed, text)


def _one_body(name: str, known: Gazetteer) -> bool:
    """Whether `and` stands within one name (`Ministry of Intelligence and Security`), not between
    two: what follows it is no name that is known, no acronym, no body of its own."""
    after = name.rsplit(" and ", 1)[1:]
    return not any(known.called(one) or one.isupper() or _headed(one) for one in after)


def _headed(name: str) -> bool:
    return (
        bool(set(name.split()[:1] + name.split()[-1:]) & among("agency_heads")) and " of " in name
    )


def _hacking(found: Found, text: str) -> Found:
    """`X Group` in a text about intruders is one of theirs, where nothing calls it a company."""
    company = re.search(filled(r"@organization_nouns@\s(?:the\s)?$"), text[: found.span.start])
    cyber = len(re.findall(r"\b(?:hack|cyber|malware|ransomware)", text)) > 1
    if (
        found.kind == "organization"
        and re.fullmatch(r"\w+ Group", found.name)
        and cyber
        and not company
    ):
        return Found(found.name, "group", found.span)
    return found


def _split(names: str, start: int) -> Iterator[tuple[str, int]]:
    for one in re.finditer(r"(?:(?!,\s|\sand\s).)+", names):
        bare = re.sub(r"^[,\s]*(?:and\s)?(?:the\s)?", "", one[0])
        if re.match(r"(?:[a-z]-)?[A-Z]|\d+(?:st|nd|rd|th)\s", bare):
            yield bare, start + one.end() - len(bare)


def _trimmed(found: Found, text: str, known: Gazetteer) -> Found | None:
    """Without what is no part of a name: articles, a people or a title before it."""
    name, start = found.name, found.span.start
    apart = r"[A-Z]\w+-(?:based|owned|listed)"  # `the Georgia-based Acme`
    whole = r"(?!Cyber\s[A-Z]\w+$)" if found.kind == "group" else ""  # `Cyber Ravens`
    while lead := re.match(rf"{whole}(?:{'|'.join(words('not_names'))}|{apart})\s", name):
        name, start = name[lead.end() :], start + lead.end()
    if found.kind in ("group", "person", "software", "organization"):
        name, start = _without_lead(name, start, known, found.kind)
    owner, _, rest = name.partition("'s ")
    if found.kind == "agency" and rest and known.called(rest) and known.called(owner):
        name, start = rest, start + len(owner) + 3  # `the Treasury's Office of Assets`
    name = name.rstrip(".,'-")
    name = name.removesuffix("'s")
    if not re.match(r"(?:[a-z]-)?[A-Z]|\d", name) or name in among("not_names"):
        return None
    if re.search(filled("-@backed@$"), name):
        return None  # `Ruritania-backed hackers`
    entry = known.called(name)
    if entry and (entry.people or entry.thing.kind in ("state", "sector")):
        return None
    if found.kind in ("agency", "organization") and " " not in name and found.kind == "agency":
        return None
    if found.kind == "person" and set(name.split()) & _heads():
        return None
    if name.casefold() in among("generic"):
        return None
    return Found(name, found.kind, Span(start, start + len(name)))


def _without_lead(name: str, start: int, known: Gazetteer, kind: str) -> tuple[str, int]:
    while True:
        first = next(known.within(name, 0, len(name)), None)
        people = (
            first
            and first.span.start == 0
            and (first.people or name[: first.span.end] in ("US", "UK", "EU", "U.S.", "U.K."))
        )
        cut = first.span.end + 1 if first and people else 0
        if kind == "person":
            title = re.match(rf"{either(words('titles'))}\s", name)
            noun = name.split()[0].lower() in among("people_nouns") | among("actor_nouns")
            cut = cut or (title.end() if title else 0) or (len(name.split()[0]) + 1 if noun else 0)
        if not cut or cut >= len(name):
            return name, start
        name, start = name[cut:], start + cut


def _with_short_forms(
    document: Document, spans: list[Span], mentions: list[Mention]
) -> list[Mention]:
    """With `Kim` for Kim Jong-un and `the Treasury` for the US Treasury Department."""
    shorts: dict[str, list[Mention]] = {}
    for one in mentions:
        if (
            one.thing.kind in ("person", "agency", "organization", "group", "software")
            and not one.people
        ):
            words_ = document.plain[one.span.start : one.span.end]
            for short in _parts(words_, one.thing.kind):
                shorts.setdefault(short, []).append(one)
    taken = [m.span for m in mentions]
    found: list[Mention] = []
    for short in sorted(shorts, key=len, reverse=True):
        if re.search(r"\s[a-z]", short):  # `Ministry of Public Security`
            found += _wordy(document, spans, short, shorts[short], taken)
    for span in spans:
        for match in re.finditer(
            filled(r"@cap@(?:\s@cap@)*"), document.plain[span.start : span.end]
        ):
            found += _short_at(document, span.start + match.start(), match[0], shorts, taken)
    return [*mentions, *found]


def _wordy(
    document: Document, spans: list[Span], short: str, whole: list[Mention], taken: list[Span]
) -> Iterator[Mention]:
    """Where a short form stands that has small words in it."""
    for span in spans:
        for match in re.compile(rf"\b{re.escape(short)}\b").finditer(document.plain, *span):
            at = Span(*match.span())
            if not any(at.start < t.end and t.start < at.end for t in taken):
                before = [m for m in whole if m.span.start < at.start] or whole[:1]
                taken.append(at)
                yield replace(before[-1], span=at, chain=(*before[-1].chain, before[-1].span))


def _short_at(
    document: Document, start: int, phrase: str, shorts: dict[str, list[Mention]], taken: list[Span]
) -> list[Mention]:
    """The short form that starts a run of capitalised words, or one of its later words."""
    pieces = list(re.finditer(r"\S+", phrase))
    for i, first in enumerate(pieces):
        for last in reversed(pieces[i:]):
            short = phrase[first.start() : last.end()].removesuffix("'s")
            at = Span(start + first.start(), start + first.start() + len(short))
            if any(at.start < t.end and t.start < at.end for t in taken):
                continue
            if whole := shorts.get(short):
                before = [m for m in whole if m.span.start < at.start] or whole[:1]
                chosen = before[-1]
                taken.append(at)
                return [replace(chosen, span=at, chain=(*chosen.chain, chosen.span))]
    return []


def _parts(name: str, kind: str) -> Iterator[str]:
    """Short forms of a name: of a person each part but initials, of a body runs of its words."""
    parts = re.findall(r"[^\s]+", name)
    parts = [part.removesuffix("'s") for part in parts]
    if len(parts) < 2:
        return
    if kind == "person":
        yield from (p for p in {parts[0], parts[-1]} if len(p) > 2 and p[0].isupper())
        return
    for start in range(len(parts)):
        for end in range(start + 1, len(parts) + 1):
            run = parts[start:end]
            if len(run) < len(parts) and run[0][0].isupper() and run[-1][0].isupper():
                short = " ".join(run)
                if _telling(short, len(run)):
                    yield short


def _telling(short: str, count: int) -> bool:
    heads = among("agency_heads") | among("organization_heads") | among("not_names") | _PLAIN
    return (
        (short == "Treasury")
        if count == 1 and short in heads
        else short not in _PLAIN and len(short) > 2
    )


_PLAIN = frozenset(
    [
        "North",
        "South",
        "East",
        "West",
        "New",
        "Central",
        "National",
        "Federal",
        "State",
        "General",
        "First",
        "Royal",
        "United",
        "International",
        "Foreign",
        "Defence",
        "Defense",
        "Justice",
        "Interior",
        "Finance",
        "Security",
        "Cyber",
        "Public",
        "Global",
        "American",
        "European",
        "Asian",
        "Korea",
        "Korean",
        "US",
        "UK",
        "U.S.",
        "Islamic",
        "Republic",
        "Democratic",
        "People",
        "Bank",
        "Special",
        "Main",
        "Supreme",
        "High",
        "Great",
        "Military",
        "Intelligence",
        "Digital",
        "Information",
        "Communications",
        "Data",
        "Air",
        "Sea",
        "Red",
        "Black",
        "White",
        "Blue",
        "Green",
        "Health",
    ]
)
