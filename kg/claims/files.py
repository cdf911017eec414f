"""Claim files: the YAML that people write by hand (`docs/claim-files.md`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

from kg.base.errors import nearest
from kg.base.limits import outside
from kg.base.yamlfile import Map, Seq, read
from kg.claims.columns import LINKS
from kg.claims.emitter import Emitter
from kg.claims.fields import LONGEST_COUNT
from kg.claims.held import held
from kg.claims.text import NotThere, Text, mark

TOP = ("document", "documents", "entities", "claims", "draft")
STATEMENT_ONLY = frozenset({"says", "denies"})
LISTS = frozenset({"span", *LINKS})
"""The fields of a claim that may hold more than one value."""

RESERVED = ("place", "places", "negative")
"""Words that the emitter keeps for its callers."""


def load(path: Path, emit: Emitter, texts: Mapping[str, Path] | None = None) -> None:
    """Read one claim file into `emit`.

    `texts` gives, by document id, where a document's text is at hand; a document may name its
    own (`text:`, relative to the claim file). Spans and quotes are checked where there is one.
    """
    top = read(path)
    if not isinstance(top, Map):
        emit.error(f"{path}:1", "", "", "a claim file is a mapping with `document` and `claims`")
        return
    _Reader(path, emit, dict(texts or {})).file(top)


TO_WRITE = "(to be written)"
"""What a draft has in the place of a summary, which is for a person to write."""


class _Reader:
    def __init__(self, path: Path, emit: Emitter, texts: dict[str, Path]) -> None:
        self.path = path
        self.emit = emit
        self.texts = texts
        self.loaded: dict[str, Text] = {}
        self.refs: dict[str, Map] = {}
        self.names: dict[str, str] = {}
        """Of the entities that the file declares, by id."""
        self.chained: set[tuple[str, ...]] = set()
        """Triples of which the draft shows by which words each end is meant."""
        self.document: str | None = None
        self.reviewed = True
        self.marks: dict[tuple[int, int], str] = {}
        """By which sum the words at a span are known, of a draft."""

    def at(self, line: int) -> str:
        return f"{self.path}:{line}"

    def file(self, top: Map) -> None:
        for key in top:
            if key not in TOP:
                self.emit.error(
                    self.at(top.lines[key]), key, "", "is no key of a claim file", nearest(key, TOP)
                )
        documents = self.items(top, "documents")
        document = top.get("document")
        if isinstance(document, Map):
            documents.append((document, top.lines["document"]))
            self.document = document.get("id")
        elif document is not None:
            message = "must be a mapping with an `id` and a `name`"
            self.emit.error(self.at(top.lines["document"]), "document", document, message)
        for document, line in documents:
            self.declare_document(document, line)
        self.entities(top)
        self.draft(top)
        for item, line in self.items(top, "claims"):
            self.statement(item, line)

    def items(self, top: Map, key: str) -> list[tuple[Map, int]]:
        """The mappings in the list under `key`, with their lines; anything else is a problem."""
        found = top.get(key)
        if found is None:
            return []
        if not isinstance(found, Seq):
            self.emit.error(self.at(top.lines[key]), key, found, "must be a list")
            return []
        kept = []
        for item, line in zip(found, found.lines, strict=True):
            if isinstance(item, Map):
                kept.append((item, line))
            else:
                self.emit.error(self.at(line), key, item, "each item must be a mapping")
        return kept

    def draft(self, top: Map) -> None:
        """What `kg draft` notes of its file counts for nothing here, but that nobody read it."""
        draft = top.get("draft")
        if not isinstance(draft, Map):
            return
        for one in self.items(draft, "claims"):
            triple = one[0].get("triple")
            if isinstance(triple, Seq) and one[0].get("words"):
                self.chained.add(tuple(map(str, triple)))
        spans = draft.get("spans")
        for span in spans if isinstance(spans, Seq) else ():
            if isinstance(span, Seq) and len(span) == 3 and all(map(_is_count, span[:2])):
                self.marks[int(span[0]), int(span[1])] = str(span[2])
        self.drafted_from(draft)
        if draft.get("reviewed") != "true":
            self.reviewed = False
            partly = draft.get("reviewed") == "partly"
            read = (
                "a part of this draft is not reviewed" if partly else "nobody reviewed this draft"
            )
            message = f"{read}; `kg draft --review` opens it"
            self.emit.warn(self.at(top.lines["draft"]), "reviewed", draft.get("reviewed"), message)

    def drafted_from(self, draft: Map) -> None:
        """Warn where a draft that kept no sum of each span was made from another text."""
        text = self.loaded.get(self.document or "")
        known = draft.get("text_sha256")
        if self.marks or text is None or not isinstance(known, str):
            return
        if known != sha256(text.text.encode()).hexdigest():
            message = "the text has changed since it was drafted: its spans may tell other words"
            self.emit.warn(self.at(draft.lines["text_sha256"]), "text_sha256", known[:12], message)

    # Documents and entities

    def declare_document(self, document: Map, line: int) -> None:
        declared = dict(document)
        id, name = declared.pop("id", None), declared.pop("name", None)
        if not (isinstance(id, str) and isinstance(name, str) and id and name):
            self.emit.error(self.at(line), "document", id or "", "needs an `id` and a `name`")
            return
        self.text_of(id, declared.pop("text", None), self.at(line))
        self.declare(id, name, declared, self.at(document.line), document)

    def text_of(self, id: str, named: Any, place: str) -> None:
        """Read the document's text, where it is at hand."""
        if isinstance(named, str):
            given = self.path.parent / named
            if why := outside(given, self.path.parent):
                self.emit.error(place, "text", named, why)
                return
            path = self.texts.setdefault(id, given)
            if not path.is_file():
                message = "there is no such file: spans and quotes are not checked"
                self.emit.warn(place, "text", named, message)
        elif named is not None:
            self.emit.error(place, "text", named, "must be the path of a text file")
        if id in self.texts and self.texts[id].is_file():
            self.loaded[id] = Text.read(self.texts[id])

    def declare(
        self, id: str, name: str, declared: dict[str, Any], place: str, written: Any
    ) -> None:
        lines = written.lines if isinstance(written, Map) else {}
        places = {key: self.at(line) for key, line in lines.items()}
        for key in RESERVED:
            if declared.pop(key, None) is not None:
                self.emit.error(places.get(key, place), key, "", "is unknown here")
        self.emit.entity(id, name, place=place, places=places, **declared)

    def entities(self, top: Map) -> None:
        entities = top.get("entities")
        if entities is None:
            return
        if not isinstance(entities, Map):
            self.emit.error(
                self.at(top.lines["entities"]),
                "entities",
                "",
                "must be a mapping from ids to names",
            )
            return
        for id, value in entities.items():
            place = self.at(entities.lines[id])
            declared = dict(value) if isinstance(value, Map) else {"name": value}
            name = declared.pop("name", None)
            if not isinstance(name, str) or not name:
                self.emit.error(place, "name", id, "this entity has no name")
                continue
            self.names[id] = name
            self.declare(id, name, declared, place, value)

    # Claims

    def statement(self, item: Map, line: int) -> None:
        if self.reviewed and item.get("summary") == TO_WRITE:
            message = "nobody has written the summary of this draft's statement"
            self.emit.warn(self.at(item.lines["summary"]), "summary", TO_WRITE, message)
        shared = {key: value for key, value in item.items() if key not in STATEMENT_ONLY}
        key = shared.pop("statement", None)
        ids = []
        for verb, negative in (("says", False), ("denies", True)):
            triples = item.get(verb)
            if triples is None:
                continue
            if not isinstance(triples, Seq) or not triples:
                self.emit.error(self.at(item.lines[verb]), verb, "", "must be a list of triples")
                continue
            # One triple needs no list around it.
            if not isinstance(triples[0], Seq):
                triples = Seq([triples], item.lines[verb], [item.lines[verb]])
            for triple, place in zip(triples, triples.lines, strict=True):
                ids.append(self.triple(triple, item, shared, negative, place))
        if not STATEMENT_ONLY & set(item):
            self.no_triples(item, line)
        document = shared.get("document", self.document)
        self.emit.join(ids, f"{document}#{key}" if key else None)

    def no_triples(self, item: Map, line: int) -> None:
        """A claim that says nothing: most often its verb is mistyped."""
        for key in item:
            if near := nearest(key, STATEMENT_ONLY):
                self.emit.error(self.at(item.lines[key]), key, "", "is no key of a claim", near)
                return
        self.emit.error(self.at(line), "says", "", "a claim needs `says` or `denies`")

    def triple(
        self, triple: Any, item: Map, shared: dict[str, Any], negative: bool, line: int
    ) -> str:
        place = self.at(line)
        if not isinstance(triple, Seq) or not 3 <= len(triple) <= 4 or None in triple[:3]:
            self.emit.error(
                place,
                "says",
                triple,
                "must be [subject, predicate, object or value] "
                "and, if need be, a mapping of further fields",
            )
            return ""
        fields = {"document": self.document, **shared}
        if len(triple) == 4:
            if not isinstance(triple[3], Map):
                self.emit.error(
                    place,
                    "says",
                    triple[3],
                    "the fourth part must be a mapping; a value with a comma goes in quotes",
                )
                return ""
            fields |= triple[3]
        meant = fields.pop("meant", None) or {}
        if not isinstance(meant, dict):
            self.emit.error(place, "meant", meant, "must be a mapping from ids to words")
            return ""
        if not self.plain(triple, fields, place):
            return ""
        self.span(fields, place)
        self.held(triple, fields, meant, place)
        self.link(fields)
        if fields.get("ref") is not None:
            self.name(fields["ref"], item, line)
        subject, predicate, target = triple[:3]
        return self.emit.claim(subject, predicate, target, place=place, negative=negative, **fields)

    def plain(self, triple: Seq, fields: dict[str, Any], place: str) -> bool:
        """Whether each part of a triple is one value, and its fields are too."""
        nested = [("says", part) for part in triple[:3] if isinstance(part, Map | Seq)]
        nested += [
            (key, value)
            for key, value in fields.items()
            if isinstance(value, Map) or (isinstance(value, Seq) and key not in LISTS)
        ]
        for field, value in nested:
            message = "must be one entity id or one value; text that holds `: ` goes in quotes"
            self.emit.error(place, field, value, message)
        unknown = [key for key in RESERVED if key in fields]
        for key in unknown:
            self.emit.unknown(key, triple[1], place)
        return not nested and not unknown

    def span(self, fields: dict[str, Any], place: str) -> None:
        span = fields.pop("span", None)
        text = self.loaded.get(fields.get("document") or "")
        if isinstance(span, str) and text is not None:
            try:
                fields["start"], fields["end"] = text.find(span, fields.get("paragraph"))
            except NotThere as why:
                self.emit.error(place, "span", span, str(why))
                return
        elif span is not None:
            if isinstance(span, str) and not span.startswith("["):
                message = "its words are found where the document's `text:` is at hand"
                self.emit.error(place, "span", span, message)
                return
            if not (isinstance(span, Seq) and len(span) == 2 and all(map(_is_count, span))):
                message = "must be [start, end] in code points, or words of the document"
                self.emit.error(place, "span", span, message)
                return
            fields["start"], fields["end"] = int(span[0]), int(span[1])
        if text is not None:
            if fields.get("paragraph") is None and isinstance(span, str):
                fields["paragraph"] = str(text.paragraph(fields["start"]))
            for field, value, message in (*text.problems(fields), *self.changed(fields, text)):
                self.emit.error(place, field, value, message)

    def changed(self, fields: dict[str, Any], text: Text) -> Iterator[tuple[str, str, str]]:
        """(field, value, message) where other words stand at a span than when it was drafted."""
        start, end = fields.get("start"), fields.get("end")
        if start is None or end is None or end > len(text.text):
            return
        if self.marks.get((start, end), mark(text.text[start:end])) != mark(text.text[start:end]):
            message = "its words no longer stand here, for the text has changed since"
            yield "span", f"[{start}, {end}]", f"{message}; `kg draft --review` finds them again"

    def held(self, triple: Seq, fields: dict[str, Any], meant: dict[str, Any], place: str) -> None:
        """Hold a claim to the words at its span, where the text is at hand."""
        text = self.loaded.get(fields.get("document") or "")
        if text is None:
            return
        if fields.get("start") is None and fields.get("locator") is None:
            message = "the document's text is at hand, and where this stands in it is not said"
            self.emit.warn(place, "span", triple[1], message)
        ends = [(id, self.names[id]) for id in (triple[0], triple[2]) if id in self.names]
        chained = tuple(triple[:3]) in self.chained
        for wrong, field, value, message in held(
            text, fields, meant, ends, self.emit.ontology, chained=chained
        ):
            (self.emit.error if wrong else self.emit.warn)(place, field, value, message)

    def link(self, fields: dict[str, Any]) -> None:
        """Refs become `SOURCE#ref`, so that they mean the same from any file."""
        name = self.emit.source.name
        for key in LINKS:
            if fields.get(key) is not None:
                refs = fields[key] if isinstance(fields[key], Seq) else [fields[key]]
                fields[key] = [_full_ref(str(ref), name) for ref in refs]

    def name(self, ref: Any, item: Map, line: int) -> None:
        """A ref names one statement of its file, whichever of its triples carry it."""
        owner = self.refs.setdefault(str(ref), item)
        if owner is not item:
            self.emit.error(self.at(line), "ref", ref, f"already names line {owner.line}")


def _full_ref(ref: str, source: str) -> str:
    if ref.startswith("claim:"):
        return ref
    file, mark, name = ref.rpartition("#")
    return f"{file.removesuffix('.yaml') if mark else source}#{name}"


def _is_count(text: object) -> bool:
    return str(text).isdecimal() and len(str(text)) <= LONGEST_COUNT
