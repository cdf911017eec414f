// title: Nobody blamed
// question: Which cyber incidents has nobody attributed to anybody?
// columns: incident, occurred, victims
// means: Cyber incidents without a standing attribution, with the victims that are named.
// not: Not that nobody knows who did it.

MATCH (i:Incident)
WHERE i.category = 'cyber' AND NOT EXISTS { (i)-[:ATTRIBUTED_TO {status: 'asserted'}]->() }
OPTIONAL MATCH (i)-[:TARGETED {status: 'asserted'}]->(v)
WITH i, v ORDER BY v.name, v.id
WITH i, collect(v.name) AS victims
RETURN DISTINCT i.name AS incident, i.occurred AS occurred, victims
ORDER BY incident, occurred, victims;
