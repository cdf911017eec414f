// title: Nobody blamed
// question: Which cyber incidents has nobody attributed to anybody?
// columns: incident, occurred, victims, status, said_by, incident_id
// means: Cyber incidents without a standing attribution, with the victims that are named. Where somebody
//   says that it is not attributed, that stands under status, with who says so; null where nothing was said.
// not: Not that nobody knows who did it.

MATCH (i:Incident)
WHERE i.category = 'cyber' AND NOT EXISTS { (i)-[:ATTRIBUTED_TO {status: 'asserted'}]->() }
OPTIONAL MATCH (i)-[:TARGETED {status: 'asserted'}]->(v)
WITH i, v ORDER BY v.name, v.id
WITH i, collect(v.name) AS victims
OPTIONAL MATCH (i)<-[:SUBJECT]-(c:Claim {predicate: 'attribution_status', polarity: 'positive', status: 'asserted'})
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
WITH DISTINCT i, victims, c.value AS status, who
RETURN i.name AS incident, i.occurred AS occurred, victims, status, who.name AS said_by, i.id AS incident_id
ORDER BY incident, occurred, victims, status, said_by, incident_id;
