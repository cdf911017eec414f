// title: Find a node by any of its names
// question: Which nodes of any kind are known under a name like this?
// param words: text, as the full-text index takes them (`lazarus`, `lazrus~` for a misspelling, `hidden*`)
// columns: node, name, names, score
// means: The nodes of each kind whose names have these words, best first. The index is the server's own;
//   it covers every name that a node is known by.
:param words => 'lazrus~';

MATCH (n) WHERE n.kind IS NOT NULL
WITH DISTINCT toLower(n.kind) + '_names' AS index
CALL db.index.fulltext.queryNodes(index, $words) YIELD node, score
RETURN node, node.name AS name, node.names AS names, score
ORDER BY score DESC, name LIMIT 25;
