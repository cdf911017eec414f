// title: Incidents by group
// question: Which cyber incidents are attributed to each group?
// columns: group, incidents
// also: group_id
// means: Every group to which somebody attributes a cyber incident, with the incidents by name.
//   Of namesakes each is told by its id (`group_id`).
// not: Not who did what: an attribution that others deny is listed as well (`disputed`), and groups
//   that are blamed together each have the incident (`collective` on the edge).

MATCH (i:Incident)-[:ATTRIBUTED_TO {status: 'asserted'}]->(g:Group)
WHERE i.category = 'cyber'
WITH g, i ORDER BY i.name, i.id
WITH g, collect(i.name) AS incidents
WITH g, incidents ORDER BY g.id
WITH g.name AS group, collect({id: g.id, incidents: incidents}) AS found
UNWIND found AS each
RETURN group, each.incidents AS incidents, CASE WHEN size(found) > 1 THEN each.id END AS group_id
ORDER BY group, incidents, group_id;
