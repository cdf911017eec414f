// title: Sanctions that outlive the incidents
// question: Which sanctions name a group whose last incident was long over?
// param days: integer, how many days the last incident must lie back
// columns: sanction, group, last_incident, last_day, days, sanction_id, group_id
// means: The group's latest dated incident in this corpus ended so many days before the sanction was
//   imposed.
// not: Not that the group has stopped: what nobody reported or nobody loaded is not here.
:param days => 365;

MATCH (s:Sanction)-[:DESIGNATES {status: 'asserted'}]->(g:Group)<-[:ATTRIBUTED_TO {status: 'asserted'}]-(i:Incident)
WHERE s.occurred_from IS NOT NULL AND i.occurred_to IS NOT NULL
WITH s, g, i ORDER BY i.occurred_to DESC, i.name, i.id
WITH s, g, collect({name: i.name, day: i.occurred_to}) AS incidents
WITH s, g, incidents[0] AS last
WITH s, g, last, duration.inDays(last.day, s.occurred_from).days AS days
WHERE days >= $days
RETURN s.name AS sanction, g.name AS group, last.name AS last_incident, toString(last.day) AS last_day, days,
  s.id AS sanction_id, g.id AS group_id
ORDER BY days DESC, sanction, group, last_incident, sanction_id, group_id;
