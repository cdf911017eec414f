// title: Known on a day
// question: What was on record on a given day (time of saying, not of happening)?
// param day: day, the day
// columns: claim, subject
// means: Claims and denials made by that day and not taken back by it.
// not: Not what had happened by then. A claim whose day of saying is unknown, or only known to lie in a
//   month or year that was not over, is left out.
:param day => '2018-12-31';

MATCH (s)<-[:SUBJECT]-(c:Claim)
WHERE c.asserted_to <= date($day)
OPTIONAL MATCH (r:Claim)-[:RETRACTS]->(c)
WHERE r.asserted_to <= date($day)
  AND NOT EXISTS { MATCH (u:Claim)-[:RETRACTS]->(r) WHERE u.asserted_to <= date($day) }
WITH s, c, count(r) AS withdrawals
WHERE withdrawals = 0
RETURN c.id AS claim, s.name AS subject
ORDER BY subject, claim;
