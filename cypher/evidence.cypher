// title: Evidence
// question: What stands behind one edge, asserter, document, where in it, in which words or what paraphrase?
// param subject: id, where the edge starts
// param predicate: text, the edge's type
// param object: id, where it ends
// columns: claim, asserter, document, locator, summary, hedge
// means: One row a standing claim. `locator` is where in the document; `summary` the claim in our words,
//   or the source's own where only these are given.
// not: Denials are not evidence for it; they are in `disputed`. Claims may repeat one another.
:param subject => 'incident:bangladesh-bank-heist';
:param predicate => 'ATTRIBUTED_TO';
:param object => 'group:bluenoroff';

MATCH (s)<-[:SUBJECT]-(c:Claim {predicate: $predicate})-[:OBJECT]->(o)
WHERE s.id = $subject AND o.id = $object AND c.polarity = 'positive' AND c.status = 'asserted'
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
OPTIONAL MATCH (c)-[:REPORTED_IN]->(d:Document)
RETURN DISTINCT c.id AS claim, who.name AS asserter, d.name AS document,
  c.locator AS locator, coalesce(c.summary, c.quote) AS summary, c.hedge AS hedge
ORDER BY asserter, document, claim;
