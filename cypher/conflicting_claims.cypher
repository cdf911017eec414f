// title: Conflicting claims
// question: Who says what, where claims about a date, a number or another value cannot all be right?
// columns: subject, predicate, value, claimed_by, document, asserted, subject_id, claim
// means: Every standing claim of a property on which claims conflict. `value` has its bound, unit and
//   hedge ("at least 11,000,000 USD", "about 12,000,000 USD"); `claimed_by` is empty where the document
//   does not say who says so.
// not: Not which of them is right. Only properties whose claims stand as nodes are looked at.

MATCH (s)<-[:SUBJECT]-(c:Claim {polarity: 'positive', status: 'asserted'})
WHERE c.predicate IN s.conflicts
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (c)-[:REPORTED_IN]->(d:Document)
RETURN s.name AS subject, c.predicate AS predicate, coalesce(c.said, c.value) AS value,
  who.name AS claimed_by, d.name AS document, c.asserted AS asserted,
  s.id AS subject_id, c.id AS claim
ORDER BY subject, predicate, value, claimed_by, document, asserted, claim;
