"""What a statement can look at: the labels, relationship types and properties that its text names.

A question through a lens is answered by a graph that is made for it. Of one that looks at incidents
and what they targeted no more need be made than that. What is found here may be too much, never too
little: where a statement holds anything that is not understood, it looks at everything.

A node that a pattern matches has a label there, is bound by what stands before, stands at the end
of a relationship of a type that is named, or may be any. Whatever else a statement tells apart, it
tells by properties that its text names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from kg.graph.looked import EVERYTHING, Looked
from kg.graph.project import CLAIM_LINKS, OF_CLAIMS
from kg.ontology import Ontology

TOKEN = re.compile(
    r"""\s+ | //[^\n]* | /\*.*?\*/
    | (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<given>\$\w+) | (?P<number>\d+(?:\.\d+)?) | (?P<word>[^\W\d]\w*) | `(?P<quoted>[^`]+)`
    | (?P<mark>[^\s\w'"`])""",
    re.DOTALL | re.VERBOSE,
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


CLAUSES = _words("MATCH OPTIONAL WHERE WITH UNWIND RETURN ORDER SKIP LIMIT UNION")
"""Words that begin a clause, or a part of one."""

WORDS = CLAUSES | _words(
    "ALL AND AS ASC ASCENDING BY CASE CONTAINS COUNT DESC DESCENDING DISTINCT ELSE END ENDS EXISTS"
    " FALSE IN IS NOT NULL OR STARTS THEN TRUE WHEN XOR"
)
"""Words of the language: they name nothing."""

BEFORE_A_LIST = WORDS - _words("ALL COUNT END EXISTS FALSE NULL TRUE")
"""Words after which a bracket begins a list, and asks for no part of anything."""

OTHERS = _words(
    "CALL CREATE DELETE DETACH EXPLAIN FILTER FINISH FOREACH INSERT LET LOAD MERGE PROFILE REMOVE"
    " SET SHORTEST SHOW USE USING YIELD"
)
"""What a statement may hold that is not read here."""

FUNCTIONS = _words(
    "abs all allshortestpaths any avg ceil coalesce collect count date datetime duration endnode"
    " exists floor head labels last left length max min nodes none nullif range reduce"
    " relationships replace reverse right round shortestpath sign single size split startnode stdev"
    " substring sum tail toboolean tofloat tointeger tolower tostring toupper trim type"
)
"""What may be called: each looks at no more of an element than it is given."""

OF_TIME = frozenset({"date", "datetime", "duration"})
"""What has functions of its own, as `duration.inDays`."""


class _Unclear(Exception):
    """Something stands here that is not understood."""


@dataclass(frozen=True)
class _Token:
    sort: str
    text: str

    @property
    def word(self) -> str:
        """In capitals; empty for what is no word of the language."""
        return self.text.upper() if self.sort == "word" else ""

    def __eq__(self, other: object) -> bool:
        return self.sort == "mark" and self.text == other

    __hash__ = object.__hash__


END = _Token("end", "")


def looked_at(cypher: str, given: Mapping[str, Any], ontology: Ontology) -> Looked:
    """What a statement looks at, as far as that is sure; else everything. An answer that holds
    whole nodes or edges needs `with_all_properties`."""
    try:
        return _Reader(list(_tokens(cypher)), given, ontology).looked()
    except _Unclear:
        return EVERYTHING


def with_all_properties(looked: Looked) -> Looked:
    """The same elements with all that they hold."""
    return replace(looked, properties=None, roles=True)


def holds_elements(cell: Any) -> bool:
    """Whether a cell of an answer may hold a node, an edge or a path."""
    if isinstance(cell, list):
        return any(map(holds_elements, cell))
    return isinstance(cell, Mapping)


def _tokens(cypher: str) -> Iterator[_Token]:
    at = 0
    while at < len(cypher):
        found = TOKEN.match(cypher, at)
        if found is None:
            raise _Unclear
        at = found.end()
        if sort := found.lastgroup:
            text = found[sort]
            yield _Token(sort, text[1:-1] if sort == "text" else text)


@dataclass
class _Reader:
    """Goes through a statement once, from left to right."""

    tokens: list[_Token]
    given: Mapping[str, Any]
    ontology: Ontology
    bound: set[str] = field(default_factory=set)
    """Names that stand for what is bound here."""
    then: dict[int, set[str]] = field(default_factory=dict)
    """What is bound from a place on."""
    outer: list[set[str]] = field(default_factory=list)
    """What was bound around each bracket that is open."""
    kinds: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)
    predicates: set[str] | None = field(default_factory=set)
    """Of claims; None where any may be meant."""

    def looked(self) -> Looked:
        """What the whole statement looks at. Raises `_Unclear`."""
        at = 0
        while at < len(self.tokens):
            self.bound = self.then.get(at, self.bound)
            at = self._step(at)
        if self.outer:
            raise _Unclear
        words = {token.text for token in self.tokens if token.sort in ("word", "quoted", "text")}
        roles = set(self.ontology.roles) & words or "labels" in {word.lower() for word in words}
        return Looked(
            frozenset(self.types),
            frozenset(self.kinds),
            None if self.predicates is None else frozenset(self.predicates),
            frozenset(words) if self._tells_properties() else None,
            roles=bool(roles),
        )

    def _at(self, at: int) -> _Token:
        return self.tokens[at] if 0 <= at < len(self.tokens) else END

    def _is_word(self, at: int) -> bool:
        """Whether a word of the language stands here, and not the name of a property."""
        word = self._at(at).word
        own = word in WORDS or word in OTHERS
        if not own or self._at(at - 1) == "." or self._at(at + 1) == ":":
            return False
        if word in OTHERS and not (word == "CALL" and self._at(at + 1) == "{"):
            raise _Unclear
        return True

    def _step(self, at: int) -> int:
        """Read what stands here; where to go on."""
        token = self._at(at)
        if token == "(":
            return self._parenthesis(at)
        if token == "{" or token == "[":
            self.outer.append(set(self.bound))
            if self._at(at - 1).word == "CALL":  # it knows what it brings in by a WITH, no more
                self.bound = set()
        elif token == "}" or token == "]":
            if not self.outer:
                raise _Unclear
            self.bound = self.outer.pop()
        elif token == ")" and (self._at(at + 1) == "(" or self._at(at + 1) == "{"):
            raise _Unclear  # a part of a path that is repeated
        elif token.sort in ("word", "quoted") and self._at(at + 1) == "(":
            self._refuse_unknown_call(at)
        elif self._is_word(at):
            self._clause(at)
        return at + 1

    def _refuse_unknown_call(self, at: int) -> None:
        name = self._at(at).text
        if self._at(at - 1) == ".":
            if self._at(at - 2).text.lower() not in OF_TIME:
                raise _Unclear
        elif name.lower() not in FUNCTIONS and name.upper() not in WORDS:
            raise _Unclear

    def _clause(self, at: int) -> None:
        """What a clause that begins here binds, or lets go of, at its end."""
        word = self._at(at).word
        if word == "WITH" and self._begins_clause(at):
            carried, end = self._carried(at + 1)
            self.then[end] = carried
        elif word == "UNWIND":
            carried, end = self._carried(at + 1)
            self.then[end] = self.bound | carried
        elif word == "UNION":
            self.bound = set()

    def _carried(self, at: int) -> tuple[set[str], int]:
        """The names that a WITH leaves, whose items begin here; where they end."""
        carried: set[str] = set()
        item: list[_Token] = []
        depth = 0
        while True:
            token = self._at(at)
            depth += (token == "(" or token == "[" or token == "{") - (
                token == ")" or token == "]" or token == "}"
            )
            done = token is END or depth < 0 or (depth == 0 and self._begins_clause(at))
            if done or (depth == 0 and token == ","):
                carried |= self._name_of(item)
                item = []
                if done:
                    return carried, at
            else:
                item.append(token)
            at += 1

    def _begins_clause(self, at: int) -> bool:
        before = self._at(at - 1).word
        own = self._at(at).word in CLAUSES and self._is_word(at)
        return own and not (self._at(at).word == "WITH" and before in ("STARTS", "ENDS"))

    def _name_of(self, item: list[_Token]) -> set[str]:
        if item and item[0].word == "DISTINCT":
            item = item[1:]
        if len(item) == 1 and item[0] == "*":
            return set(self.bound)
        named = len(item) == 1 or (len(item) > 2 and item[-2].word == "AS")
        return {self._name(item[-1])} if named and item[-1].sort in ("word", "quoted") else set()

    def _name(self, token: _Token) -> str:
        """What something is called. Raises `_Unclear` where words might be mixed up."""
        if token.text.upper() in WORDS or token.text.upper() in OTHERS:
            raise _Unclear
        return token.text

    # Patterns

    def _parenthesis(self, at: int) -> int:
        """A path that begins here, the arguments of a call, or what stands in parentheses."""
        before = self._at(at - 1)
        calls = before.sort == "quoted" or (before.sort == "word" and not self._is_word(at - 1))
        calls = calls or (before.word == "COUNT" and self._at(at - 2) != ".")
        if calls or (node := self._node(at)) is None:
            return at + 1
        chain, ties = [node], []
        at = node.end
        while self._at(at) == "-" or self._at(at) == "<":
            tie = self._tie(at)
            if tie is None:
                break
            further = self._node(tie.end)
            if further is None:
                raise _Unclear
            ties.append(tie)
            chain.append(further)
            at = further.end
        if ties and any(self._at(at) == mark for mark in ("{", "+", "*")):
            raise _Unclear
        self._note(chain, ties)
        return at

    def _note(self, chain: list[_Node], ties: list[_Tie]) -> None:
        """Note what a path looks at."""
        known = [bool(node.labels) or node.name in self.bound for node in chain]
        for number, tie in enumerate(ties):
            if not tie.may_be_nothing:
                known[number] = known[number + 1] = True
        for _ in ties:  # what no step leads from is what stands at the other side
            for number in range(len(ties)):
                known[number] = known[number + 1] = known[number] or known[number + 1]
        if not all(known):
            self.kinds |= self.ontology.nodes.keys()
            self.predicates = None
        for node in chain:
            self.kinds |= node.labels
            if "Claim" in node.labels:
                self._note_claims(node)
        for number, tie in enumerate(ties):
            self.types |= tie.types
            self._note_ends(tie, chain[number], chain[number + 1])
        self.bound = self.bound | {node.name for node in chain if node.name}

    def _note_claims(self, node: _Node) -> None:
        if self.predicates is None or node.predicate is None or len(node.labels) > 1:
            self.predicates = None
        else:
            self.predicates.add(node.predicate)

    def _note_ends(self, tie: _Tie, left: _Node, right: _Node) -> None:
        """A node without a label that may be a claim may be of any predicate."""
        if not (tie.types & OF_CLAIMS):
            return
        both = bool(tie.types & BETWEEN_CLAIMS) or tie.way == ""
        ends = {"": (left, right), ">": (left,), "<": (right,)}[tie.way]
        if tie.is_path:
            self.predicates = None
        for node in (left, right) if both else ends:
            if not node.labels and node.name not in self.bound:
                self.predicates = None

    def _node(self, at: int) -> _Node | None:
        """The node of a pattern that begins at this parenthesis; None where that is none."""
        if self._at(at) != "(":
            return None
        at += 1
        name = ""
        if self._at(at).sort in ("word", "quoted"):
            name, at = self._at(at).text, at + 1
        if name and self._is_filtered(at):
            raise _Unclear
        labels: set[str] = set()
        if self._at(at) == ":":
            labels, at = self._labels(at)
        predicate = None
        if self._at(at) == "{":
            predicate, at = self._map(at)
        if self._at(at) != ")":
            if labels:
                raise _Unclear
            return None
        return _Node(name, frozenset(labels), predicate, at + 1)

    def _is_filtered(self, at: int) -> bool:
        """Whether a pattern goes on here in a way that is not read."""
        here, then = self._at(at), self._at(at + 1).word
        return (
            here.sort == "given"
            or here.word == "WHERE"
            or (here.word == "IS" and then not in ("NULL", "NOT"))
        )

    def _labels(self, at: int) -> tuple[set[str], int]:
        """Labels that a node has, or one of which it has; where they end."""
        labels: set[str] = set()
        known = {*self.ontology.nodes, *self.ontology.roles}
        while any(self._at(at) == mark for mark in (":", "|", "&")):
            at += 1
            if self._at(at).sort not in ("word", "quoted") or self._at(at).text not in known:
                raise _Unclear
            labels.add(self._at(at).text)
            at += 1
        return labels, at

    def _map(self, at: int) -> tuple[str | None, int]:
        """What a map of properties says that the predicate is; where the map ends."""
        predicate, depth = None, 0
        while True:
            token = self._at(at)
            if token is END or token == "(" or token == "[":
                raise _Unclear
            depth += (token == "{") - (token == "}")
            if token.text == "predicate" and self._at(at + 1) == ":" and depth == 1:
                predicate = self._text(at + 2)
            at += 1
            if depth == 0:
                return predicate, at

    def _text(self, at: int) -> str | None:
        """The text that stands here, or is given for the parameter that does."""
        token, then = self._at(at), self._at(at + 1)
        if not (then == "," or then == "}"):
            return None
        found = self.given.get(token.text[1:]) if token.sort == "given" else token.text
        return found if token.sort in ("given", "text") and isinstance(found, str) else None

    def _tie(self, at: int) -> _Tie | None:
        """The relationship of a pattern that begins here; None where this is arithmetic."""
        left = self._at(at) == "<"
        at += left
        if self._at(at) != "-":
            return None
        if self._at(at + 1) != "[":
            if left or self._at(at + 1) == "-":  # no type is named: it may be of any
                raise _Unclear
            return None
        at += 2
        if self._at(at).sort in ("word", "quoted"):
            at += 1
        types, at = self._types(at)
        is_path, least, at = self._length(at)
        if self._at(at) == "{":
            _, at = self._map(at)
        if self._at(at) != "]" or self._at(at + 1) != "-":
            raise _Unclear
        right = self._at(at + 2) == ">"
        way = "" if left == right else ">" if right else "<"
        return _Tie(frozenset(types), way, is_path, least == 0, at + 2 + right)

    def _types(self, at: int) -> tuple[set[str], int]:
        types: set[str] = set()
        known = {*self.ontology.edges, *OF_CLAIMS}
        if self._at(at) != ":":
            raise _Unclear
        while self._at(at) == ":" or self._at(at) == "|":
            at += 1
            at += self._at(at) == ":"
            if self._at(at).sort not in ("word", "quoted") or self._at(at).text not in known:
                raise _Unclear
            types.add(self._at(at).text)
            at += 1
        return types, at

    def _length(self, at: int) -> tuple[bool, int, int]:
        """Whether a relationship may be several, how many it is at least, and where that ends."""
        if self._at(at) != "*":
            return False, 1, at
        at += 1
        least = 1
        if self._at(at).sort == "number":
            least, at = int(float(self._at(at).text)), at + 1
        while self._at(at) == "." or self._at(at).sort == "number":
            at += 1
        return True, least, at

    # Properties

    def _tells_properties(self) -> bool:
        """Whether each property that is asked for is named in the text."""
        for at, token in enumerate(self.tokens):
            if token == "." and self._at(at + 1) == "*":
                return False
            if token == "[" and self._is_asked_of(at - 1) and not self._is_number_or_text(at + 1):
                return False
        return True

    def _is_asked_of(self, at: int) -> bool:
        """Whether a bracket after this asks for a part of it."""
        token = self._at(at)
        named = token.sort in ("word", "quoted") and token.word not in BEFORE_A_LIST
        return named or token == "]" or token == ")" or token == "}"

    def _is_number_or_text(self, at: int) -> bool:
        """Whether a bracket that begins here surely names no property that the text does not."""
        inside = []
        while not (self._at(at) == "]" or self._at(at) is END or self._at(at) == "["):
            inside.append(self._at(at))
            at += 1
        counts = any(token.sort == "number" for token in inside) and all(
            token.sort in ("number", "word") or token.text in "+-." for token in inside
        )
        return counts or (len(inside) == 1 and inside[0].sort == "text")


BETWEEN_CLAIMS = frozenset({*map(str.upper, CLAIM_LINKS), "DISPUTES"})
"""Edges that have a claim at both ends."""


@dataclass(frozen=True)
class _Node:
    name: str
    labels: frozenset[str]
    predicate: str | None
    """What a map at it says that the claim's predicate is."""
    end: int


@dataclass(frozen=True)
class _Tie:
    types: frozenset[str]
    way: str
    """`>` or `<`; empty where either way will do."""
    is_path: bool
    may_be_nothing: bool
    end: int
