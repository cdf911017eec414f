// title: Find a node by any of its names
// question: Which nodes of any kind are known under a name like this?
// param words: text, as the full-text index takes them (`lazarus`, `lazrus~` for a misspelling, `hidden*`)
// columns: node, kind, name, score
// means: The five best of each kind, by every name that they are known by; claims are left out. The index is
//   the server's own.
// not: Scores of two kinds cannot be compared, each kind has its own index.
:param words => 'lazrus~';

MATCH (n) WHERE n.names IS NOT NULL
WITH DISTINCT toLower(n.kind) + '_names' AS index
CALL db.index.fulltext.queryNodes(index, $words, {limit: 5}) YIELD node, score
RETURN node, node.kind AS kind, node.name AS name, score
ORDER BY kind, score DESC, name;
