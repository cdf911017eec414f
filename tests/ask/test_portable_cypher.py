"""The saved questions keep to the Cypher that every engine answers alike; the linter sees it."""

from __future__ import annotations

import re

import pytest

from kg.ask import questions
from tests.portable import lint

QUESTIONS = questions.discover()


@pytest.mark.parametrize("name", QUESTIONS)
def test_saved_question_is_portable(name: str) -> None:
    assert lint(QUESTIONS[name].cypher) == []
    assert lint(QUESTIONS[name].because) == []


@pytest.mark.parametrize("name", QUESTIONS)
def test_parameters_are_declared_and_used(name: str) -> None:
    question = QUESTIONS[name]
    used = set(re.findall(r"\$(\w+)", question.cypher))
    assert used == {parameter.name for parameter in question.parameters}


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_file_runs_as_pasted(name: str) -> None:
    """Browser takes `:param` lines, then one statement with a semicolon at its end."""
    lines = QUESTIONS[name].text.splitlines()
    first = next(n for n, line in enumerate(lines) if line and not line.startswith("//"))
    params = [n for n, line in enumerate(lines) if line.startswith(":")]
    assert all(lines[n].startswith(":param ") and lines[n].endswith(";") for n in params)
    assert params == list(range(first, first + len(params)))
    statement = "\n".join(lines[first + len(params) :])
    assert statement.count(";") == 1
    assert statement.rstrip().endswith(";")


BAD = {
    "MATCH (n:A) RETURN count(n)": "name (AS)",
    "MATCH (n:A) RETURN n.x + 1, n.y": "name (AS)",
    "MATCH (n:A) RETURN n.x AS x, [m IN n.l | m] ORDER BY x": "name (AS)",
    "MATCH (n:A) /* really */ RETURN n": "// comments only",
    "MATCH (n:A WHERE n.x > 1) RETURN n": "WHERE inside a pattern",
    "MATCH (:A)-[r:R WHERE r.x > 1]->(b) RETURN b": "WHERE inside a pattern",
    "MATCH (n:!A) RETURN n": ":!A",
    "MATCH (n:A&B) RETURN n": ":A&B",
    "MATCH (n:A) WHERE 1 < n.x < 3 RETURN n": "chained comparison",
    "MATCH (n:A) WHERE n.x = 1 AND 1 <= n.y <= n.z RETURN n": "chained comparison",
    "MATCH (n:A)-[:R*]->(b) RETURN b": "upper bound",
    "MATCH (n:A)-[:R*2..]->(b) RETURN b": "upper bound",
    "MATCH (n:A)<-[:R*]-(b) RETURN b": "upper bound",
    "MATCH (n:A)-[:R]->+(b) RETURN b": "quantified",
    "MATCH ((a:A)-[:R]->(b)){1,3} RETURN b": "quantified",
    "MATCH p = SHORTEST 1 (a:A)-[:R]-(b) RETURN p": "shortestPath()",
    "MATCH (n:A) RETURN COLLECT { MATCH (n)-->(m) RETURN m } AS x": "COLLECT",
    "MATCH (n:A) WHERE EXISTS { (n)-[:R]->(m)-[:S]->(o) } RETURN n": "one hop",
    "MATCH (n:A) WHERE NOT EXISTS { MATCH (n)-->(m)<--(o) } RETURN n": "one hop",
    "MATCH (n:A) WHERE (n)-[:R]->(:B)-[:S]->(:C) RETURN n": "one hop",
    "MATCH (n:A) WHERE n.x = 1 AND (n)--(:B)--(:C) RETURN n": "one hop",
    "CREATE (n:A $map) RETURN n": "only reads",
    "MATCH (n:A) CALL { WITH n SET n.x = 1 } RETURN n": "only reads",
    "MATCH (n:A) DETACH DELETE n": "only reads",
    "LOAD CSV FROM 'file:///a.csv' AS row RETURN row": "only reads",
    "MATCH (n:A) CALL { WITH n RETURN 1 AS x } IN TRANSACTIONS RETURN x": "IN TRANSACTIONS",
    "MATCH (n:A) RETURN keys(n) AS k": "name the properties",
    "MATCH (n:A) RETURN properties(n) AS k": "name the properties",
    "MATCH (n:A) RETURN n {.*} AS k": "name the properties",
    "MATCH (n:A) RETURN duration.between(n.a, n.b).months AS m": "inDays",
    "MATCH (n:A) WHERE isEmpty(n.x) RETURN n": "size(x) = 0",
    "RETURN timestamp() AS t": "epochMillis",
    "MATCH (n:A) WHERE n.x XOR n.y RETURN n": "XOR",
    "MATCH (n:A) WHERE n.x IN [null, 1] RETURN n": "null",
    "RETURN apoc.text.join(['a'], '') AS t": "APOC",
    "CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey": "CALL only",
    "CALL apoc.meta.graph()": "CALL only",
    "MATCH (n:A) RETURN n LIMIT 3": "ORDER BY",
    "MATCH (n:A) WITH n ORDER BY n.x WITH n LIMIT 3 RETURN n": "ORDER BY",
    "MATCH (n {id: 'x'}) RETURN n": "needs a label",
    "MATCH (:A)-[:R]->({id: $id}) RETURN 1 AS x": "needs a label",
    "MATCH (n:A {colour: 'red'}) RETURN n": "colour in WHERE",
}


@pytest.mark.parametrize("statement", BAD)
def test_what_is_not_portable_is_seen(statement: str) -> None:
    problems = lint(statement)
    assert any(BAD[statement] in problem for problem in problems), problems


GOOD = """
MATCH (n:A|B {id: $id})-[r:R*1..6]->(m) WHERE NOT m:C RETURN n, m.name, r AS links
MATCH (n:A) WHERE any(x IN n.xs WHERE x > 1) AND 1 < n.x AND n.x < 3 RETURN n
MATCH (n:A) WHERE (n)-[:R]->(:B) AND EXISTS { (n)-[:S]->(:C) } RETURN [x IN n.l WHERE x > 1] AS l
MATCH (n:A) WHERE COUNT { MATCH (n)-[:R]->()-[:S]->(:C) WHERE n.x = 1 } > 0 RETURN n
MATCH (n:A) WHERE (n.x = 1 OR COUNT { (n)-[:R]->(m) WHERE m.x = 1 } > 0) RETURN n
MATCH (a:A)<-[:R]-(b:B) WHERE a.x < -1 RETURN a.x AS x, count(b) AS n ORDER BY n, x LIMIT 2
MATCH p = shortestPath((a:A {id: 'x'})-[:R*..4]-(b:B {id: 'y'})) RETURN length(p) AS n
CALL db.index.fulltext.queryNodes('group_names', $q) YIELD node RETURN node
MATCH (a:A) WITH collect({name: a.name, day: a.day}) AS l UNWIND l AS x RETURN x.day AS day
MATCH (n:A) WHERE n.name = 'DELETE (x {y: 1}) // SET' RETURN n.`end` AS e // CREATE
MATCH (n:A) RETURN CASE WHEN n.x = 1 THEN 'a' WHEN n.x = 2 THEN 'b' END AS x, n.x = n.y AS same
""".strip().splitlines()


@pytest.mark.parametrize("statement", GOOD)
def test_what_is_portable_passes(statement: str) -> None:
    assert lint(statement) == []
