// title: Incidents by group
// question: Which cyber incidents are attributed to each group?
// columns: group, incidents
// means: Every group to which somebody attributes a cyber incident, with the incidents by name.
// not: Not who did what: an attribution that others deny is listed as well (`disputed`), and groups
//   that are blamed together each have the incident (`collective` on the edge).

MATCH (i:Incident)-[:ATTRIBUTED_TO {status: 'asserted'}]->(g:Group)
WHERE i.category = 'cyber'
WITH g, i ORDER BY i.name, i.id
WITH g, collect(i.name) AS incidents
RETURN g.name AS group, incidents
ORDER BY group, incidents;
