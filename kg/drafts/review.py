"""A claim file beside its document, as one offline page: accept, edit, reject, add, save."""

from __future__ import annotations

import hashlib
import json
from base64 import b64encode
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from kg.base.errors import InputError, Problem
from kg.base.yamlfile import Map, Seq, read
from kg.claims.files import TO_WRITE
from kg.claims.text import NotThere, Text
from kg.drafts.calling import LONGEST
from kg.drafts.claimfile import heads
from kg.drafts.document import TELLING, Document
from kg.drafts.drafters import Given
from kg.drafts.drafters.rules import heard
from kg.drafts.gazetteer import Gazetteer
from kg.drafts.offered import names, vocabulary
from kg.drafts.proposals import Span
from kg.drafts.reopened import abouts, moved
from kg.drafts.worth import SURE
from kg.identity.names import key
from kg.ontology import Ontology
from kg.views.kit.script import joined

PAGE = Path(__file__).parent / "page"


def page_of(file: Path, document: Document, known: Gazetteer, ontology: Ontology) -> str:
    """The page that reviews a claim file, drafted or written by hand, beside its document.

    Raises `InputError` where the file is no claim file, or its spans are not in the document.
    """
    top = read(file)
    if not isinstance(top, Map) or not isinstance(top.get("claims") or [], list):
        raise InputError(
            Problem("a claim file is a mapping with `document` and `claims`", f"{file}:1")
        )
    lost = settled(top, document)
    placed(file, top, document)
    draft = top.get("draft") or {}
    offered, left_out = names(known, document)
    data = {
        "file": file.name,
        "text": document.text,
        "text_sha256": hashlib.sha256(document.text.encode()).hexdigest(),
        "file_sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "top": top,
        "about": [_counted(about) if about else None for *_, about in abouts(top)],
        "lost": lost,
        "heads": heads(draft["drafter"], document.name) if draft.get("drafter") else None,
        **({} if draft.get("drafter") else _comments(file)),
        "known": {id: why for id in _entities(top) if (why := _evidence(id, known))},
        "suggested": {
            id: found for id, one in _entities(top).items() if (found := _suggested(id, one, known))
        },
        "voices": _voices(top, document, known, ontology),
        "names": offered,
        "names_left_out": left_out,
        "vocabulary": vocabulary(ontology),
        "to_write": TO_WRITE,
        "telling": TELLING,
        "longest": LONGEST,
        "sure": SURE,
    }
    return _rendered(document.name, file.name, data)


def settled(top: Map, document: Document) -> dict[str, Any]:
    """Of a draft whose document has changed since: spans whose words stand elsewhere now go there,
    those whose words are gone are taken off. Says which, by the numbers of their claims."""
    held, gone = moved(top, document.text)
    if not held and not gone:
        return {"moved": [], "gone": []}
    for number, (claim, _, _, about) in _numbered(top):
        if number in held:
            _move(claim, about, held[number], document)
        elif number in gone:
            for rows in (claim, about or Map(0)):
                rows.pop("span", None)
                rows.pop("words", None)
    for number in held:
        top["claims"][number]["span"] = [*held[number]]
    return {"moved": sorted(held), "gone": gone}


def _numbered(top: Map) -> list[tuple[int, tuple[Map, str, list[Any], Map | None]]]:
    places = {id(claim): number for number, claim in enumerate(top["claims"])}
    return [(places[id(one[0])], one) for one in abouts(top)]


def _move(claim: Map, about: Map | None, to: Span, document: Document) -> None:
    """What a draft noted of a claim goes along with its words, what lay outside is dropped."""
    claim["paragraph"] = str(document.paragraph(to.start))
    if about is None:
        return
    start, end = map(int, claim["span"])
    step = to.start - start
    about["span"] = [*to]
    about["words"] = {
        name: [int(at[0]) + step, int(at[1]) + step]
        for name, at in (about.get("words") or {}).items()
        if not isinstance(at[0], list) and start <= int(at[0]) and int(at[1]) <= end
    }


def _counted(about: Map) -> dict[str, Any]:
    """With its numbers as numbers: YAML is read as text."""

    def count(one: Any) -> Any:
        return [count(part) for part in one] if isinstance(one, list) else int(one)

    found = {name: count(about[name]) for name in ("span", "of") if about.get(name)}
    score = {"score": float(about["score"])} if about.get("score") else {}
    words = {name: count(at) for name, at in (about.get("words") or {}).items()}
    return {**about, **found, **score, **({"words": words} if words else {})}


def _comments(file: Path) -> dict[str, Any]:
    """What somebody wrote above all else in a file of their own, and how many comments besides,
    which the page does not keep."""
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    head = [*takewhile(lambda line: line.startswith("#") or not line.strip(), lines)]
    inside = sum(line.lstrip().startswith("#") for line in lines[len(head) :])
    return {"comment": "\n".join(head).strip(), "comments": inside}


def placed(file: Path, top: Map, document: Document) -> None:
    """Give spans that are words of the document their characters. Spans of another text would mark
    the wrong words: raises `InputError`."""
    text = Text.of(document.text)
    problems = []
    for claim, line in zip(
        top.get("claims") or [], getattr(top.get("claims"), "lines", ()), strict=False
    ):
        span = claim.get("span") if isinstance(claim, Map) else None
        if isinstance(span, str):
            try:
                start, end = text.find(span, claim.get("paragraph"))
            except NotThere as why:
                problems.append(Problem(str(why), f"{file}:{line}", "span", span))
                continue
            span = claim["span"] = Seq([start, end], line, [line, line])
            claim.setdefault("paragraph", str(text.paragraph(start)))
        if isinstance(span, list) and len(span) == 2 and all(str(end).isdecimal() for end in span):
            told = {"start": int(span[0]), "end": int(span[1]), "paragraph": claim.get("paragraph")}
            problems += [
                Problem(f"{message}; is this the document?", f"{file}:{line}", field, value)
                for field, value, message in text.problems(told)
            ]
    if problems:
        raise InputError(problems)


def name_of(top: Map, id: str, known: Gazetteer) -> str:
    """What a file calls something, else what is known of it."""
    return _entities(top).get(id) or (known.things[id].name if id in known.things else id)


def _entities(top: Map) -> dict[str, str]:
    """Id → name, of what the file declares."""
    given = top.get("entities") or {}
    return {
        id: str(one.get("name", "") if isinstance(one, dict) else one) for id, one in given.items()
    }


def _voices(
    top: Map, document: Document, known: Gazetteer, ontology: Ontology
) -> list[tuple[Span, str, str]]:
    """The sentences in which somebody speaks, and who: by the id that the file has for the name."""
    here = {name.casefold(): id for id, name in _entities(top).items()}
    found = heard(Given(document, known, ontology))
    things = ((span, who.thing) for span, who in found)
    return [(span, here.get(one.name.casefold(), one.id), one.name) for span, one in things]


def _evidence(id: str, known: Gazetteer) -> str | None:
    """By what an entity is known: which name matches."""
    thing = known.things.get(id)
    if thing is None:
        return None
    return f"known as {thing.known}" + (f", here {thing.name}" if thing.known != thing.name else "")


def _suggested(id: str, name: str, known: Gazetteer) -> list[dict[str, str]]:
    """Known things that one which is new here may be, and the name that says so."""
    if id in known.things:
        return []
    kind = id.partition(":")[0]
    same = known.others.get(name, [])
    alike = [t for t in known.things.values() if t.kind == kind and key(t.name) == key(name)]
    found = {t.id: t for t in (*same, *alike) if t.kind == kind}
    return [
        {"id": t.id, "name": t.name, "because": f"the name {t.known or t.name!r} matches"}
        for t in list(found.values())[:4]
    ]


def _rendered(title: str, file: str, data: dict[str, Any]) -> str:
    environment = Environment(loader=FileSystemLoader(PAGE), autoescape=True)
    policy = (
        f"default-src 'none'; script-src {_hash(_script())}; style-src {_hash(_style())}; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )
    return environment.get_template("review.html").render(
        title=title, file=file, script=_script(), style=_style(), policy=policy,
        data=_embedded(data),
    )  # fmt: skip


@cache
def _script() -> Markup:
    """Our modules as one function."""
    return _inert(f'(() => {{\n"use strict";\n{joined(PAGE)}\n}})();\n')


@cache
def _style() -> Markup:
    return _inert((PAGE / "review.css").read_text(encoding="utf-8"))


def _embedded(data: dict[str, Any]) -> Markup:
    """A script element that holds data; nothing in the data can end it."""
    text = json.dumps(data, ensure_ascii=False)
    for sign in ("<", "\u2028", "\u2029"):
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    opening = Markup('<script type="application/json" id="data">')
    return opening + Markup(text) + Markup("</script>")


def _inert(text: str) -> Markup:
    """Text of ours that an HTML parser takes for one element."""
    return Markup(text.replace("</script", "<\\/script").replace("<!--", "<\\!--"))


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"
