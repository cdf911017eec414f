// title: Sanctions
// question: Who sanctioned whom, under which programme and on which legal basis?
// columns: sanction, authority, targets, programme, legal_basis
// also: sanction_id
// means: An entry of a list that is a part of an action (`SUBGROUP_OF`) stands in the action's rows, with
//   what it adds to them. One row for each sanction, authority, programme and legal basis; the last
//   two are null where nothing in this corpus says them.
//   Of namesakes each is told by its id (`sanction_id`).
// not: A programme and a legal basis in one row need not belong together where a sanction has several.

MATCH (s:Sanction)
WHERE COUNT { (s)-[:SUBGROUP_OF {status: 'asserted'}]->(:Sanction) } = 0
MATCH p = (one:Sanction)-[:SUBGROUP_OF*0..3]->(s)
WHERE all(r IN relationships(p) WHERE r.status = 'asserted')
OPTIONAL MATCH (one)-[:DESIGNATES {status: 'asserted'}]->(t)
WITH s, one, t ORDER BY t.name, t.id
WITH s, collect(DISTINCT one) AS entries, collect(DISTINCT t) AS designated
WITH s, [t IN designated | t.name] AS targets,
  reduce(all_ = [], one IN entries | all_ + coalesce(one.programme, [])) AS programmes,
  reduce(all_ = [], one IN entries | all_ + coalesce(one.legal_basis, [])) AS bases
OPTIONAL MATCH (s)-[:IMPOSED_BY {status: 'asserted'}]->(a)
UNWIND CASE WHEN size(programmes) = 0 THEN [null] ELSE programmes END AS programme
UNWIND CASE WHEN size(bases) = 0 THEN [null] ELSE bases END AS legal_basis
WITH DISTINCT s, a, targets, programme, legal_basis ORDER BY s.id
WITH s.name AS sanction, a.name AS authority, targets, programme, legal_basis, collect(s.id) AS ids
UNWIND ids AS id
RETURN sanction, authority, targets, programme, legal_basis, CASE WHEN size(ids) > 1 THEN id END AS sanction_id
ORDER BY sanction, authority, programme, legal_basis, targets, sanction_id;
