"""A linter for saved questions: the Cypher that Neo4j and kglite answer alike, seen in tokens.

Each rule is a function below `RULES`: it takes a statement's tokens and yields what is wrong, with
the token at which it is. What no token shows (a total order, which nodes carry a property) is left
to the parity tests.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)|(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")
    |(?P<name>`[^`]*`|[^\W\d]\w*)|(?P<number>\d+(?:\.\d+)?)|(?P<parameter>\$\w+|\$`[^`]*`)
    |(?P<sign><=|>=|<>|\.\.|<-(?=[\[-])|->|[^\s\w])""",
    re.VERBOSE | re.DOTALL,
)
CLAUSES = frozenset(
    (
        "MATCH",
        "OPTIONAL",
        "WITH",
        "RETURN",
        "WHERE",
        "UNWIND",
        "UNION",
        "ORDER",
        "SKIP",
        "LIMIT",
        "CALL",
        "YIELD",
    )
)
WRITES = frozenset(
    ("CREATE", "MERGE", "SET", "DELETE", "DETACH", "REMOVE", "FOREACH", "LOAD", "DROP")
)
OPERATORS = frozenset(
    (
        "AND",
        "OR",
        "XOR",
        "NOT",
        "IN",
        "AS",
        "WHEN",
        "THEN",
        "ELSE",
        "CASE",
        "END",
        "DISTINCT",
        "BY",
        "ALL",
        "ON",
    )
)
SUBQUERIES = frozenset(("COUNT", "EXISTS", "COLLECT", "CALL"))
COMPARISONS = frozenset(("=", "<>", "<", ">", "<=", ">="))
ALWAYS_THERE = frozenset(("id", "kind", "name", "predicate", "polarity", "status"))
"""Properties that every node of its kind has: kglite refuses a map with one that no node has."""

UNLIKE = {
    "keys": "name the properties: kglite lists its own too",
    "properties": "name the properties: kglite lists its own too",
    "isEmpty": "write size(x) = 0",
    "timestamp": "write datetime().epochMillis",
    "percentileCont": "kglite has no percentileCont",
    "percentileDisc": "kglite has no percentileDisc",
    "stDevP": "kglite has no stDevP",
}
PROCEDURES = ("db.labels", "db.relationshipTypes", "db.index.fulltext.queryNodes")


@dataclass(frozen=True)
class Token:
    """One word or sign, its line, and the brackets that are open around it, outermost first."""

    text: str
    type: str
    line: int
    around: tuple[int, ...]
    """Positions, among the tokens, of the open brackets."""

    @property
    def word(self) -> str:
        """The word in capitals, as keywords are compared; of a quoted name, nothing."""
        return "" if self.text.startswith("`") or self.type != "name" else self.text.upper()


Tokens = list[Token]
Found = Iterator[tuple[Token, str]]


def tokens(statement: str) -> Tokens:
    """The statement in tokens, without comments."""
    found: Tokens = []
    open_: list[int] = []
    for match in TOKEN.finditer(statement):
        text, type_ = match.group(), str(match.lastgroup)
        if type_ == "comment":
            continue
        if type_ == "sign" and text in ")]}" and open_:
            open_.pop()
        line = statement.count("\n", 0, match.start()) + 1
        found.append(Token(text, type_, line, tuple(open_)))
        if type_ == "sign" and text in "([{":
            open_.append(len(found) - 1)
    return found


def lint(statement: str) -> list[str]:
    """What is not portable in a statement, `LINE: what`, in order."""
    code = tokens(statement)
    problems = {(token.line, why) for rule in RULES for token, why in rule(code)}
    for match in TOKEN.finditer(statement):
        if match.group().startswith("/*"):
            line = statement.count("\n", 0, match.start()) + 1
            problems.add((line, "write // comments only"))
    return [f"{line}: {why}" for line, why in sorted(problems)]


def at(found: Tokens, index: int) -> str:
    """The text at a position, nothing outside."""
    return found[index].text if 0 <= index < len(found) else ""


def bracket(found: Tokens, token: Token) -> tuple[int, str]:
    """Where the innermost bracket around a token is, and which."""
    index = token.around[-1] if token.around else -1
    return index, at(found, index)


def is_call(found: Tokens, index: int) -> bool:
    """Whether the `(` there opens a function's arguments, not a node or a group."""
    before = found[index - 1] if index else None
    return (
        before is not None
        and before.type == "name"
        and before.word not in CLAUSES | OPERATORS | WRITES
    )


def no_writes(found: Tokens) -> Found:
    """A question only reads: no CREATE (n $map), no write in CALL { }, no constraint."""
    for index, token in enumerate(found):
        if token.word in WRITES and at(found, index - 1) not in (".", ":", "|"):
            yield token, f"a question only reads ({token.text})"
        if token.word == "TRANSACTIONS" and found[index - 1].word == "IN":
            yield token, "no IN TRANSACTIONS"


def aliases(found: Tokens) -> Found:
    """Every returned expression but a variable or a property has a name."""
    for index, token in enumerate(found):
        if token.word != "RETURN":
            continue
        item: Tokens = []
        for after in [*found[index + 1 :], Token(";", "sign", token.line, token.around)]:
            deeper = len(after.around) > len(token.around)
            ends = not deeper and (after.word in CLAUSES or after.text in (";", "}"))
            if ends or (not deeper and after.text == ","):
                yield from _unnamed(item)
                item = []
            elif deeper or (after.word != "DISTINCT" and after.text not in ")]}"):
                item.append(after)
            if ends:
                break


def _unnamed(item: Tokens) -> Found:
    plain = len(item) == 1 or (len(item) == 3 and item[1].text == ".")
    plain = plain and item[0].type == "name"
    top = [token for token in item if token.around == item[0].around]
    if item and not plain and all(token.word != "AS" for token in top):
        yield item[0], "give what is returned a name (AS)"


def where_in_patterns(found: Tokens) -> Found:
    """WHERE stands after a pattern; inside brackets it belongs to a list or a subquery."""
    for position, token in enumerate(found):
        if token.word != "WHERE":
            continue
        index, which = bracket(found, token)
        inside = found[index + 1 : position] if index >= 0 else []
        same = [other for other in inside if other.around == token.around]
        if which in ("(", "[") and all(other.word != "IN" for other in same):
            yield token, "no WHERE inside a pattern"


def labels(found: Tokens) -> Found:
    """Labels are joined by `|` only, and denied in WHERE NOT n:A."""
    for index, token in enumerate(found):
        if token.text == "&" or (token.text == "!" and at(found, index - 1) in (":", "&", "|")):
            yield token, "no :!A and no :A&B; write WHERE NOT n:A"
        if token.text == "$" and at(found, index - 1) in (":", "|"):
            yield token, "no label from a parameter"


def chained_comparisons(found: Tokens) -> Found:
    """`a < b AND b < c`, never `a < b < c`."""
    last: dict[tuple[int, ...], bool] = {}
    for index, token in enumerate(found):
        if token.text in COMPARISONS:
            if at(found, index + 1) == "-" and at(found, index + 2) in "-[":
                continue
            if last.get(token.around):
                yield token, "no chained comparison"
            last[token.around] = True
        elif token.text in (",", "|", ":", ";") or token.word in CLAUSES | OPERATORS:
            last[token.around] = False
        elif token.text in "([{" and token.type == "sign":
            last[(*token.around, index)] = False


def bounded_paths(found: Tokens) -> Found:
    """`*m..n` with an upper bound; no quantified paths, no COLLECT { }, no SHORTEST."""
    for index, token in enumerate(found):
        where, which = bracket(found, token)
        if token.text == "*" and which == "[" and at(found, where - 1) in ("-", "<-"):
            rest = "".join(other.text for other in found[index + 1 : index + 5])
            if not re.match(r"(\d+)?\.\.\d|\d+(?!\.)", rest):
                yield token, "give *m..n an upper bound"
        quantified = token.text == "->" and at(found, index + 1) in ("+", "*", "{")
        if quantified or (token.text == "{" and at(found, index - 1) == ")"):
            yield token, "no quantified paths"
        if token.word == "COLLECT" and at(found, index + 1) == "{":
            yield token, "no COLLECT { }"
        if token.word == "SHORTEST":
            yield token, "write shortestPath()"


def existence(found: Tokens) -> Found:
    """Two hops or more are counted (`COUNT { … } > 0`): as a condition they miss matches."""
    for index, token in enumerate(found):
        if token.word == "EXISTS" and at(found, index + 1) == "{":
            inside = [other for other in found if index + 1 in other.around]
            if sum(map(_is_hop, inside, [*inside[1:], *inside[-1:]])) > 1:
                yield token, "EXISTS { } of one hop only; write COUNT { MATCH … } > 0"
        if token.word == "WHERE" and _hops_in_a_row(found, index) > 1:
            yield token, "a pattern as a condition has one hop; write COUNT { MATCH … } > 0"


def _is_hop(token: Token, after: Token) -> bool:
    return token.text in ("-", "<-") and after.text in ("[", "-", "->")


def _hops_in_a_row(found: Tokens, start: int) -> int:
    """The most hops of one pattern that stands bare in a condition."""
    most = count = 0
    around = found[start].around
    for token, after in zip(found[start + 1 :], found[start + 2 :], strict=False):
        if len(token.around) < len(around) or (token.around == around and token.word in CLAUSES):
            break
        if token.word in OPERATORS or token.text == ",":
            count = 0
        in_braces = any(found[i].text == "{" for i in token.around[len(around) :])
        count += _is_hop(token, after) and not in_braces
        most = max(most, count)
    return most


def functions(found: Tokens) -> Found:
    """Nothing that an engine lacks or answers otherwise."""
    for index, token in enumerate(found):
        calls = at(found, index + 1) == "("
        if calls and token.text in UNLIKE and at(found, index - 1) != ".":
            yield token, UNLIKE[token.text]
        if token.text == "between" and at(found, index - 1) == "." and calls:
            yield token, "write duration.inDays"
        if token.text == "." and at(found, index - 1) in "{," and at(found, index + 1) == "*":
            yield token, "name the properties: kglite lists its own too"
        if token.word == "XOR":
            yield token, "kglite has no XOR"
        if token.word == "IN" and at(found, index + 1) == "[" and at(found, index + 2) == "null":
            yield token, "no null in a list that is searched"
        if token.word == "APOC" and at(found, index + 1) == ".":
            yield token, "no APOC"


def procedures(found: Tokens) -> Found:
    """Labels, relationship types and full text may be asked of the database, nothing else."""
    for index, token in enumerate(found):
        if token.word == "CALL" and at(found, index + 1) not in ("{", "("):
            name = re.match(r"[\w.]*", "".join(other.text for other in found[index + 1 :]))
            if name is None or not name.group().startswith(PROCEDURES):
                yield token, f"CALL only {', '.join(PROCEDURES)}"


def limits(found: Tokens) -> Found:
    """LIMIT and SKIP take of rows in an order."""
    ordered = False
    for token in found:
        if token.word in ("WITH", "RETURN"):
            ordered = False
        elif token.word == "ORDER":
            ordered = True
        elif token.word in ("LIMIT", "SKIP") and not ordered:
            yield token, "LIMIT and SKIP need an ORDER BY"


def node_maps(found: Tokens) -> Found:
    """A node with a key has a label; its map holds only what every node of the kind has."""
    for index, token in enumerate(found):
        if token.text != "{" or not token.around or found[token.around[-1]].text != "(":
            continue
        start = token.around[-1]
        before = found[start + 1 : index]
        node = all(other.type == "name" or other.text in (":", "|") for other in before)
        if not node or is_call(found, start) or at(found, index - 1).upper() in SUBQUERIES:
            continue
        if all(other.text != ":" for other in before):
            yield found[start], "a match by a key needs a label"
        for position, other in enumerate(found):
            key = other.around[-1:] == (index,) and at(found, position + 1) == ":"
            if key and other.text not in ALWAYS_THERE:
                yield other, f"ask for {other.text} in WHERE: kglite refuses it in a map"


RULES: tuple[Callable[[Tokens], Found], ...] = (
    no_writes,
    aliases,
    where_in_patterns,
    labels,
    chained_comparisons,
    bounded_paths,
    existence,
    functions,
    procedures,
    limits,
    node_maps,
)
