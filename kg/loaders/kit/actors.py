"""What a cell says of who did it: a name, perhaps behind a hedge, or a state; else a sentence.

`Believed to be the work of APT 28` is no group of that name: the words before the name are how sure
the source is. What names nobody (`Uses similar tools as Turla`) stays text.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from kg.ontology import countries

_BLANK = r"[\s?\u00a0]+"
_SURE = (r"(?:believed|thought|suspected|considered|alleged|reported|said|assessed|presumed|"
         r"assumed|likely|probably|possibly|allegedly|reportedly|purportedly|presumably|suspectedly|"
         r"apparently|perhaps|maybe|possible|probable|potential|potentially|seemingly|ostensibly|"
         r"purported|tentatively|unconfirmed|not\s+confirmed|disputed|certainly|"
         r"in\s+all\s+likelihood)")  # fmt: skip
_DEGREE = r"(?:(?:most|very|highly|quite|almost|widely|strongly|generally|commonly)\s+)?"
_DID = (r"(?:the|a)?\s*(?:work|actions?|handiwork)\s+of|(?:been\s+)?(?:carried\s+out|conducted|"
        r"done|perpetrated|launched|committed|executed|orchestrated)\s+by|responsible:|"
        r"attributed\s+(?:with\s+\w+\s+confidence\s+)?to|behind\s+it:?")  # fmt: skip
_WORK = re.compile(
    rf"(?:(?:this|the)\s+\w+\s+(?:is|was|were|are)\s+)?(?:{_DEGREE}{_SURE}\s+)*"
    rf"(?:(?:to\s+)?(?:be|have\s+been|have)\s+)?(?:{_DID})\s+(?=\S)",
    re.IGNORECASE,
)
"""`Believed to be the work of `, with what may stand in for each of its words."""
_ADVERB = re.compile(
    r"(?:\w+ly|perhaps|maybe|claimed)\s+by\s+(?=\S)|"
    rf"(?:(?:is|are|was|were)\s+)?{_DEGREE}{_SURE}"
    r"(?:\s+(?:by\s+\w+(?:\s\w+)?\s+)?to\s+(?:be|have\s+been)|\s+(?:that|as))?:?\s+(?=\S)|"
    r"(?:may|might|could)\s+(?:have\s+been|be)\s+(?=\S)", re.I
)  # fmt: skip
"""`Possibly `, `Suspected to be `."""
_AFTER = (rf"(?:(?:attribution|as yet|yet)\s+)?(?:{_DEGREE}{_SURE}|tentative)(?:\s+to\s+be)?|"
          r"(?:low|medium|moderate|high)(?:[\s-]+to[\s-]+\w+)?\s+confidence")  # fmt: skip
_QUERY = re.compile(
    rf"\s*(?:[(\[]\s*(?:{_AFTER})\s*[)\]]|(?:,|\s[-\u2013\u2014])\s*(?:{_AFTER}))\s*$", re.I
)
"""`Turla (suspected)`, `Turla - unconfirmed`."""
_ALONE = re.compile(_AFTER, re.IGNORECASE)
_MARKED = re.compile(r"\s*[(\[]\s*\?+\s*[)\]]\s*$")

_NO_NAME = re.compile(
    r"(?:also|formerly|better)\s+known\s+as|a\.?k\.?a\.?\s|(?:is\s+|are\s+|was\s+)?(?:believed|thought|"
    r"suspected|associated|affiliated|connected|linked|related|similar|tied)\s+(?:to|with)\b|(?:to\s+)?"
    r"(?:be|have|use|share)s?\s|uses?\s|shares?\s|overlaps?\s|same\s|likely\s|this\s|these\s|"
    r"an?\s|some\s|several\s|possible\s|has\s|it\s|possibly\s+(?:linked|related|associated|connected)\b|"
    r"not\s|none\s|no\s+(?:attribution|group|one|actor|known|claim|link|evidence)|denied\s|"
    r"under\s+investigation",
    re.IGNORECASE,
)
"""How a text begins that says something about an actor, and is not what it is called."""
_SENTENCE = re.compile(
    r"\b(?:is|are|was|were|has|have|may|associated with|linked? to|known as)\b|[a-z]{3}\.\s"
)
"""What a text holds that is no name."""
_UNNAMED = re.compile(
    r".*\b(?:hackers?|actors?|operatives|authorities|attackers|individuals|groups?|forces|agencies|"
    r"criminals|cybercriminals|adversar(?:y|ies)|governments?)",
    re.IGNORECASE,
)
"""`Iranian actors`, `Chinese state-sponsored hackers`: of a country, and without a name."""
LONGEST = 8
"""Words of a name; more are a sentence."""
MOST = 300
"""Characters of a name with all that may stand before it."""

PEOPLES = {
    "american": "USA", "u.s.": "USA", "us": "USA", "belarusian": "BLR", "british": "GBR",
    "chinese": "CHN", "egyptian": "EGY", "ethiopian": "ETH", "french": "FRA", "german": "DEU",
    "indian": "IND", "iranian": "IRN", "israeli": "ISR", "lebanese": "LBN", "mexican": "MEX",
    "moroccan": "MAR", "north korean": "PRK", "pakistani": "PAK", "russian": "RUS",
    "saudi": "SAU", "saudi arabian": "SAU", "south korean": "KOR", "spanish": "ESP",
    "syrian": "SYR", "turkish": "TUR", "ukrainian": "UKR", "emirati": "ARE", "vietnamese": "VNM",
}  # fmt: skip
"""Adjective → state, for `the Iranian government`."""

_GOVERNMENT = re.compile(
    r"(?:the\s+)?(?:governments?\s+of\s+(?:the\s+)?(?P<of>.+)|(?P<whose>.+?)['\u2019]s?\s+government|"
    r"(?P<adjective>.+?)\s+government)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Actor:
    """Who is named: the name as printed, the hedge beside it, and the state if it is one."""

    name: str
    hedge: str | None = None
    state: str | None = None
    leads: bool = False
    """Whether the hedge stands before the name, and so before those that follow too."""
    either: bool = False
    """Whether it was one of several, who did nothing together."""


def actors(text: str) -> list[Actor]:
    """Who a value names: one; several states; or each of those of whom it was one, with the whole
    as the hedge (`Turla or APT28`). Empty for what names nobody."""
    each = re.split(r",?\s+or\s+", re.sub(r"^either\s+", "", text.strip(), flags=re.I))
    if len(each) > 1 and len(text) <= MOST:
        found = [one for part in each for one in [actor(part)] if one and not one.name[0].islower()]
        whole = " ".join(text.split())
        named = [Actor(one.name, whole, one.state, either=True) for one in found]
        return named if len(named) == len(each) else []
    if states := joint_states(text):
        return [Actor(name, None, code) for name, code in states.items()]
    one = actor(text)
    return [one] if one else []


ONE_BY_ONE = "holds several values in one, which were taken one by one"
KEPT_AS_ONE = "may name several: kept as one name"

_LISTED = re.compile(r"\s*[;|\n\u2022]\s*")
"""Between names, and in none."""
_JOINED = re.compile(r"\s*,\s*(?:and\s+|&\s*)?|\s+(?:and|&|\+)\s+")
"""Between names, or in one: `Guardians & Co`, `Acme, Inc.`."""
_EITHER = re.compile(rf"{_JOINED.pattern}|/")
_PLAINLY = re.compile(r"\s+(?:and|&|\+|or|a\.?k\.?a\.?|alias)\s+|\s*/\s*", re.I)
"""The same of names that may have commas of their own: `Kim, Jong Un`, `Acme, Inc.`."""
WORDS = 5
"""That a name may have, which stands with another in one text."""
_OTHERWISE = re.compile(r"/|\s(?:a\.?k\.?a\.?|alias|also known as|with|or)\s|\w\s*\(", re.I)
"""Between two names of one, or two actors."""
_NUMBERED = re.compile(
    r"(?:APT|UNC|TA|FIN|DEV|Storm|TG|Unit|Group|Bureau|G|ATK|CTG|UAC)[- ]?(?:C-)?\d{1,6}", re.I
)
"""What is a name by itself, whoever else is named beside it."""


def parted(text: str, alone: Collection[str]) -> tuple[list[str], bool]:
    """The names that one text holds, and whether it may hold more than those. `A; B` is a list;
    `A and B` is two where each is a number (`APT28 and UNC2452`) or stands in `alone`, among the
    names that are printed by themselves; brackets are never parted."""
    names: list[str] = []
    open_ = False
    for part in listed(text):
        each = outside(_JOINED, part)
        if len(each) > 1 and all(_by_itself(one, alone) for one in each):
            names += each
        else:
            names.append(part)
            bare = read.name if (read := actor(part)) else part
            open_ = open_ or len(each) > 1 or _OTHERWISE.search(bare) is not None
    return names, open_


def _by_itself(text: str, alone: Collection[str]) -> bool:
    read = actor(text)
    return read is not None and bool(_NUMBERED.fullmatch(read.name) or read.name in alone)


def is_alone(text: str) -> bool:
    """Whether a text is one name, by its form."""
    return not (_LISTED.search(text) or _JOINED.search(text) or _OTHERWISE.search(text))


def listed(text: str) -> list[str]:
    """What a text lists: `A; B (C; D)` is two."""
    return outside(_LISTED, text)


def places(text: str) -> list[str]:
    """The countries that a text lists: `KP, RU` is two, `Korea, Republic of` one."""
    return [*joint_states(text)] or listed(text)


def may_be_several(text: str) -> bool:
    """Whether one name may be those of several: `A and B`, `A/B`."""
    return len(outside(_EITHER, text)) > 1


def may_be_joined(text: str) -> bool:
    """The same of a name in a list of names, which has commas of its own; a title that is a
    sentence is none of several."""
    parts = outside(_PLAINLY, text)
    return len(parts) > 1 and all(len(part.split()) <= WORDS for part in parts)


def outside(between: re.Pattern[str], text: str) -> list[str]:
    """The parts of a text between what matches outside of its brackets, empty ones left out."""
    found, start, depth = [], 0, 0
    for match in re.finditer(rf"[(\[]|[)\]]|(?P<here>{between.pattern})", text):
        if match["here"] is None:
            depth = max(0, depth + (1 if match[0] in "([" else -1))
        elif not depth:
            found.append(text[start : match.start()].strip())
            start = match.end()
    return [part for part in (*found, text[start:].strip()) if part]


def joint_states(text: str) -> dict[str, str]:
    """`Iran & Syria`: name → code of each, if all that is named is states and it is not one."""
    parts = [part.strip() for part in re.split(r"[,;&/]|\band\b", text) if part.strip()]
    if len(parts) < 2 or len(text) > MOST or state_of(text):
        return {}
    states = {part: code for part in parts if (code := state_of(part))}
    return states if len(states) == len(parts) else {}


def actor(text: str) -> Actor | None:
    """Read one name; None for what names nobody."""
    if len(text) > MOST or _ALONE.fullmatch(text.strip()):
        return None
    text = _MARKED.sub("?", text)
    plain = re.sub(_BLANK, " ", text).strip(" .,;:")
    plain = re.sub(r"^and\s+", "", plain)
    hedges = ["?"] if re.search(r"[^\s.?]\s*\?+\s*$", text) else []
    if found := _QUERY.search(plain):
        hedges.append(found[0].strip(" ,()[]-\u2013\u2014"))
        plain = plain[: found.start()]
    leads = False
    for opening, longest in ((_WORK, 3), (_ADVERB, 1)):
        if found := opening.match(plain):
            hedges.insert(0, found[0].strip(" :"))
            plain = re.sub(r"^the\s+(?=[A-Z\d])", "", plain[found.end() :])
            if plain[:1].islower() and len(plain.split()) > longest and not state_of(plain):
                return None
            hedges = [hedge for hedge in hedges if hedge != "?"]
            leads = True
            break
    state = state_of(plain)
    if not state and not _is_name(plain):
        return None
    return Actor(plain, " ".join(hedges) or None, state, leads=leads)


def _is_name(text: str) -> bool:
    adjective = next((p for p in PEOPLES if f"{text} ".casefold().startswith(f"{p} ")), None)
    unnamed = (
        adjective is not None and (len(adjective) == len(text) or _UNNAMED.fullmatch(text))
    ) or text.casefold().endswith((" government", " governments"))
    longest = 3 if text[:1].islower() else LONGEST
    sentence = _NO_NAME.match(text) or _SENTENCE.search(text) or len(text.split()) > longest
    return bool(text) and not sentence and not unnamed


def state_of(name: str) -> str | None:
    """The state that a name is, or is the government of."""
    if code := countries.code(re.sub(r"^the\s+", "", name)):
        return code
    found = _GOVERNMENT.fullmatch(name)
    if found is None:
        return None
    people = (found["adjective"] or "").casefold()
    whose = found["of"] or found["whose"] or found["adjective"] or ""
    return PEOPLES.get(people) or countries.code(whose)
