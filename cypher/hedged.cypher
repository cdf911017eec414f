// title: Hedged
// question: Which attributions and figures are hedged, and how?
// columns: claim, subject, predicate, hedge
// means: Standing claims of an attribution or a number, with the document's own qualifying words.
// not: "Over" is a bound and "said" is no hedge. A claim without a row was made without reservation; that
//   does not make it surer. Likelihood and confidence are the analysts' own scales and not this.

MATCH (s)<-[:SUBJECT]-(c:Claim {polarity: 'positive', status: 'asserted'})
WHERE c.hedge IS NOT NULL AND (c.predicate = 'ATTRIBUTED_TO' OR c.number IS NOT NULL)
RETURN c.id AS claim, s.name AS subject, c.predicate AS predicate, c.hedge AS hedge
ORDER BY subject, predicate, hedge, claim;
