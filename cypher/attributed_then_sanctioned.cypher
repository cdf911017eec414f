// title: Attributed, then sanctioned
// question: Which attributions were followed by a sanction against the same actor within a year?
// param days: integer, how many days may lie between
// columns: incident, actor, sanction, authority, days_between, incident_id, actor_id, sanction_id, authority_id
// means: Somebody attributed the incident to the actor, and so many days later, counted from the first
//   day by which it surely had been said ("in 2017": the last of that year), a sanction that names
//   the actor was imposed.
// not: Not that the one led to the other; what a sanction cites is on `CITES`. A sanction whose day is
//   not known is left out.
:param days => 365;

MATCH (i:Incident)-[r:ATTRIBUTED_TO {status: 'asserted'}]->(a)<-[:DESIGNATES {status: 'asserted'}]-(s:Sanction)
WHERE s.occurred_from = s.occurred_to AND r.first_asserted_latest <= s.occurred_from
WITH i, a, s, duration.inDays(r.first_asserted_latest, s.occurred_from).days AS days_between
WHERE days_between <= $days
OPTIONAL MATCH (s)-[:IMPOSED_BY {status: 'asserted'}]->(w)
WITH DISTINCT i, a, s, w, days_between
RETURN i.name AS incident, a.name AS actor, s.name AS sanction, w.name AS authority, days_between,
  i.id AS incident_id, a.id AS actor_id, s.id AS sanction_id, w.id AS authority_id
ORDER BY days_between, incident, actor, sanction, authority, incident_id, actor_id, sanction_id, authority_id;
