// title: Time to attribution
// question: How long after each cyber incident began did somebody first blame somebody in public?
// columns: incident, occurred, first_attributed, days, incident_id
// means: Days from the first day on which the incident can have begun to the first day by which a claim
//   of this corpus surely attributes it: at most so long, as far as this corpus goes.
// not: Not when investigators knew. An incident that is only known to the year begins on 1 January, and
//   a document that is only known to the month counts from its last day.

MATCH (i:Incident)<-[:SUBJECT]-(c:Claim {predicate: 'ATTRIBUTED_TO'})
WHERE i.category = 'cyber' AND c.polarity = 'positive' AND c.status = 'asserted'
  AND i.occurred_from IS NOT NULL AND c.asserted_to IS NOT NULL
WITH i, min(c.asserted_to) AS first
RETURN i.name AS incident, i.occurred AS occurred, toString(first) AS first_attributed,
  duration.inDays(i.occurred_from, first).days AS days, i.id AS incident_id
ORDER BY days, incident, occurred, incident_id;
