// title: States that attribute together
// question: Which states blame the same actor for the same incident, and for how many incidents?
// columns: one, other, incidents, one_id, other_id
// means: Two states of which each, itself or by one of its agencies, attributes an incident to the same
//   actor, and the incidents by name.
// not: Not that they acted together or on findings of their own: a state may follow an ally. What
//   companies and papers say does not count for their state.

MATCH (i:Incident)<-[:SUBJECT]-(c:Claim {predicate: 'ATTRIBUTED_TO', polarity: 'positive', status: 'asserted'})
MATCH (c)-[:OBJECT]->(actor)
MATCH (c)-[:ASSERTED_BY]->(who:State|Agency)-[:PART_OF*0..4]->(s:State)
WITH DISTINCT i, actor, s
WITH i, actor, collect(s) AS states
UNWIND states AS a
UNWIND states AS b
WITH DISTINCT a, b, i
WHERE a.name < b.name OR (a.name = b.name AND a.id < b.id)
WITH a, b, i ORDER BY i.name, i.id
WITH a, b, collect(i.name) AS incidents
RETURN a.name AS one, b.name AS other, incidents, a.id AS one_id, b.id AS other_id
ORDER BY size(incidents) DESC, one, other, one_id, other_id;
