// title: Whose voice
// question: Whose voice is this corpus? Claims per asserter.
// columns: asserter, claims
// means: How many positive claims of each asserter stand in the database as Claim nodes: relations,
//   and values that the ontology marks as evidence.
// not: Not the paper that prints them, and no measure of trust. A null asserter is whoever a document
//   leaves unnamed. Denials are not counted.

MATCH (c:Claim {polarity: 'positive'})
OPTIONAL MATCH (c)-[:ASSERTED_BY]->(who)
WITH who, count(c) AS claims
RETURN who.name AS asserter, claims
ORDER BY claims DESC, asserter;
