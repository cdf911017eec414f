// title: Taken back
// question: What was said and later taken back or replaced, by whom and when?
// columns: claim, subject, predicate, asserter, status, by_claim, on, subject_id
// means: Claims that another claim retracts or supersedes, with the claim that does so and its date; a
//   claim that its file marks as withdrawn (on a day, or on none), or whose asserter said the contrary later, has no other
//   claim beside it. Status `origin_withdrawn`: a repeat, and what it repeats was withdrawn.
// not: Not what turned out to be wrong: a source may fall silent about its error.

MATCH (s)<-[:SUBJECT]-(c:Claim)
WHERE c.status IN ['retracted', 'superseded', 'origin_withdrawn']
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (r:Claim)-[:RETRACTS|SUPERSEDES]->(c)
RETURN DISTINCT c.id AS claim, s.name AS subject, c.predicate AS predicate, who.name AS asserter,
  c.status AS status, r.id AS by_claim, coalesce(r.asserted, c.withdrawn) AS on, s.id AS subject_id
ORDER BY subject, predicate, claim, by_claim;
