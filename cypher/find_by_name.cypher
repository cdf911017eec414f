// title: Find by name
// question: Which nodes of any kind have this word in one of their names?
// param words: text, part of a name; case does not matter
// columns: id, kind, name, names
// means: One row a node with the words, as they stand, in any name that it is known by; `names` has the
//   names they are in. On a Neo4j server the full-text index also finds misspelt names (docs/neo4j.md).
// not: Two rows under one name are not thereby the same thing: a name is no identity.
:param words => 'lazarus';

MATCH (n)
WITH n, [known IN n.names WHERE toLower(known) CONTAINS toLower($words)] AS names
WHERE size(names) > 0
RETURN n.id AS id, n.kind AS kind, n.name AS name, names
ORDER BY kind, name, id;
