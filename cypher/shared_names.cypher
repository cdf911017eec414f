// title: Names in use for several
// question: Which names do several entities of one kind carry?
// columns: kind, name, entities, ids
// means: A name, whatever its case, under which two or more groups, campaigns, agencies, organisations,
//   people or pieces of software are known. Searching for it finds them all.
// not: Not that they are the same. `kg identity` says what speaks for it and what against.

MATCH (n:Group|Campaign|Agency|Organization|Person|Software)
UNWIND n.names AS each
WITH DISTINCT n, toLower(each) AS name
WITH n, name ORDER BY n.name, n.id
WITH n.kind AS kind, name, collect(n.name) AS entities, collect(n.id) AS ids
WHERE size(entities) > 1
RETURN kind, name, entities, ids
ORDER BY kind, name, entities;
