// title: Rival attributions
// question: For which incidents do two asserters point at different states?
// columns: incident, one, state, other, other_state, incident_id, one_id, other_id
// means: Two asserters whose attributions of the incident lead to states, and to no state in common. An
//   actor leads to the state that it is, belongs to or is controlled by, in up to four links.
// not: Not a dispute that either of them has declared (`disputed`). Who blames a group without a known
//   state has no row.

MATCH (i:Incident)<-[:SUBJECT]-(c:Claim {predicate: 'ATTRIBUTED_TO', polarity: 'positive', status: 'asserted'})
MATCH (c)-[:OBJECT]->(actor)
MATCH (c)-[:ASSERTED_BY]->(who)
MATCH p = (actor)-[:ATTRIBUTED_TO|SUBGROUP_OF|CONTROLLED_BY|PART_OF*0..4]->(s:State)
WHERE all(r IN relationships(p) WHERE coalesce(r.declared, false) OR r.status = 'asserted')
WITH DISTINCT i, who, s ORDER BY s.name, s.id
WITH i, who, collect(s.id) AS ids, collect(s.name) AS names
WITH i, collect({id: who.id, name: who.name, ids: ids, names: names}) AS sides
UNWIND sides AS a
UNWIND sides AS b
WITH i, a, b
WHERE (a.name < b.name OR (a.name = b.name AND a.id < b.id)) AND none(x IN a.ids WHERE x IN b.ids)
UNWIND a.names AS state
UNWIND b.names AS other_state
RETURN i.name AS incident, a.name AS one, state, b.name AS other, other_state,
  i.id AS incident_id, a.id AS one_id, b.id AS other_id
ORDER BY incident, one, other, state, other_state, incident_id, one_id, other_id;
