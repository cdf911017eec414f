// title: Undated incidents
// question: Which attributed cyber incidents carry no date in this corpus?
// columns: incident
// means: Somebody is blamed, and no document of this corpus says when it happened.
// not: The date may be well known elsewhere. "By 2018" is a date.

MATCH (i:Incident)-[:ATTRIBUTED_TO {status: 'asserted'}]->()
WHERE i.category = 'cyber' AND i.occurred IS NULL
WITH DISTINCT i
RETURN i.name AS incident
ORDER BY incident;
