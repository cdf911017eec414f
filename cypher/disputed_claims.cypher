// title: Disputed claims
// question: Who claims what, and who disputes or denies it, where and when?
// columns: subject, predicate, object, claimed_by, hedge, disputed_by, document, disputed_on, subject_id, object_id, claim
// means: One row a standing claim and somebody who denies or disputes it. `object` is the other end, or
//   the value with its bound, unit and hedge; `document` and `disputed_on` are those of the dispute.
// not: Not who is right. Rival claims are not disputes (`rival_attributions`, `conflicting_claims`), and
//   a denial of one link of a chain is no denial of the others.

MATCH (d:Claim {status: 'asserted'})-[:DISPUTES]->(c:Claim {status: 'asserted'})-[:SUBJECT]->(s)
OPTIONAL MATCH (c)-[:OBJECT]->(o)
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(claimant)
OPTIONAL MATCH (d)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (d)-[:REPORTED_IN]->(doc:Document)
RETURN DISTINCT s.name AS subject, c.predicate AS predicate, coalesce(o.name, c.said) AS object,
  claimant.name AS claimed_by, c.hedge AS hedge, who.name AS disputed_by, doc.name AS document,
  d.asserted AS disputed_on, s.id AS subject_id, o.id AS object_id, c.id AS claim
ORDER BY subject, predicate, object, claimed_by, hedge, disputed_by, document, disputed_on, claim;
