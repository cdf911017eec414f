// title: Undated incidents
// question: Which attributed cyber incidents carry no date in this corpus?
// columns: incident
// also: incident_id
// means: Somebody is blamed, and no document of this corpus says when it happened.
//   Of namesakes each is told by its id (`incident_id`).
// not: The date may be well known elsewhere. "By 2018" is a date.

MATCH (i:Incident)-[:ATTRIBUTED_TO {status: 'asserted'}]->()
WHERE i.category = 'cyber' AND i.occurred IS NULL
WITH DISTINCT i ORDER BY i.id
WITH i.name AS incident, collect(i.id) AS ids
UNWIND ids AS id
RETURN incident, CASE WHEN size(ids) > 1 THEN id END AS incident_id
ORDER BY incident, incident_id;
