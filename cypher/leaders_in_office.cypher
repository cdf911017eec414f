// title: Leaders in office
// question: Who led which state when an incident happened?
// param incident: id, the incident
// columns: leader, state, office, from, to, leader_id, state_id
// means: People who represented a state at some time of the incident's date, as far as their time in
//   office is dated.
// not: Not who knew of it or gave an order. Where the incident is only known to the year, everybody
//   who was in office in that year is listed. Leaders without dates of office are left out.
:param incident => 'incident:wannacry';

MATCH (i:Incident {id: $incident})
WHERE i.occurred IS NOT NULL
MATCH (p:Person)-[r:REPRESENTS]->(s:State)
WHERE r.valid IS NOT NULL AND (coalesce(r.declared, false) OR r.status = 'asserted')
  AND coalesce(r.valid_from, date('0001-01-01')) <= coalesce(i.occurred_to, date('9999-12-31'))
  AND coalesce(r.valid_to, date('9999-12-31')) >= coalesce(i.occurred_from, date('0001-01-01'))
RETURN DISTINCT p.name AS leader, s.name AS state, r.office AS office,
  toString(r.valid_from) AS from, toString(r.valid_to) AS to,
  p.id AS leader_id, s.id AS state_id
ORDER BY state, from, leader, office, to, leader_id;
