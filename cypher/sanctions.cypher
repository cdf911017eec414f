// title: Sanctions
// question: Who sanctioned whom, under which programme and on which legal basis?
// columns: sanction, authority, targets, programme, legal_basis
// also: sanction_id
// means: One row for each sanction, authority, programme and legal basis. Programme and legal basis are
//   null where nothing in this corpus says them.
//   Of namesakes each is told by its id (`sanction_id`).
// not: A programme and a legal basis in one row need not belong together where a sanction has several.

MATCH (s:Sanction)
OPTIONAL MATCH (s)-[:DESIGNATES {status: 'asserted'}]->(t)
WITH s, t ORDER BY t.name, t.id
WITH s, collect(t.name) AS targets
OPTIONAL MATCH (s)-[:IMPOSED_BY {status: 'asserted'}]->(a)
UNWIND coalesce(s.programme, [null]) AS programme
UNWIND coalesce(s.legal_basis, [null]) AS legal_basis
WITH s, a, targets, programme, legal_basis ORDER BY s.id
WITH s.name AS sanction, a.name AS authority, targets, programme, legal_basis, collect(s.id) AS ids
UNWIND ids AS id
RETURN sanction, authority, targets, programme, legal_basis, CASE WHEN size(ids) > 1 THEN id END AS sanction_id
ORDER BY sanction, authority, programme, legal_basis, targets, sanction_id;
