// title: Taken back
// question: What was said and later taken back or replaced, by whom and when?
// columns: claim, subject, predicate, asserter, status, by_claim, on, subject_id
// means: Claims that another claim retracts or supersedes, with the claim that does so and its date; a
//   claim that its file marks as withdrawn has no other claim beside it.
// not: Not what turned out to be wrong: a source may fall silent about its error.

MATCH (s)<-[:SUBJECT]-(c:Claim)
WHERE c.status IN ['retracted', 'superseded']
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (r:Claim)-[:RETRACTS|SUPERSEDES]->(c)
RETURN DISTINCT c.id AS claim, s.name AS subject, c.predicate AS predicate, who.name AS asserter,
  c.status AS status, r.id AS by_claim, r.asserted AS on, s.id AS subject_id
ORDER BY subject, predicate, claim, by_claim;
