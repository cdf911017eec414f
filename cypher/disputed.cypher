// title: Disputed
// question: Which claims are disputed, and by whom?
// columns: claim, subject, predicate, disputed_by
// means: Standing claims that a denial contradicts, or that another claim disputes, with who does so.
//   What is claimed of it, and by whom, is in `disputed_claims`.
// not: Rival claims are not disputes: two different actors blamed, or two different numbers, are in
//   `who_attributes` and `conflicts`. A denial by the accused counts like any other.
// none: denials here that meet no claim: {n}. A denial disputes the claims of its own triple (subject,
//   relation, object); what speaks against another claim names that with `disputes`.
// because: MATCH (d:Claim {polarity: 'negative', status: 'asserted'})
//   WHERE COUNT { (d)-[:DISPUTES]->(:Claim) } = 0 AND COUNT { (d)-[:RETRACTS]->(:Claim) } = 0
//   RETURN count(d) AS n

MATCH (d:Claim {status: 'asserted'})-[:DISPUTES]->(c:Claim {status: 'asserted'})-[:SUBJECT]->(s)
OPTIONAL MATCH (d)-[:ASSERTED_BY]->(who)
WITH DISTINCT c, s, who
RETURN c.id AS claim, s.name AS subject, c.predicate AS predicate, who.name AS disputed_by
ORDER BY subject, predicate, claim, disputed_by;
