// title: Sanctioned for
// question: Which incidents did the sanctioning authority itself hold against the targets, and how many of them does it blame for each?
// param sanction: id, the sanction
// columns: incident, groups_blamed
// means: Incidents that the authority which imposed the sanction attributes, in its own voice, to the
//   sanction's targets, and how many of the targets it blames for each.
// not: Not the legal grounds: what a sanction cites as its reason is on `CITES`. The authority may have
//   said so before or after the sanction.
:param sanction => 'sanction:us-treasury-2019';

MATCH (s:Sanction {id: $sanction})-[:IMPOSED_BY {status: 'asserted'}]->(authority)
MATCH (s)-[:DESIGNATES {status: 'asserted'}]->(target)
MATCH (target)<-[:OBJECT]-(c:Claim {predicate: 'ATTRIBUTED_TO', polarity: 'positive', status: 'asserted'})
MATCH (c)-[:ASSERTED_BY]->(authority)
MATCH (c)-[:SUBJECT]->(i:Incident)
WITH i, count(DISTINCT target) AS groups_blamed
RETURN i.name AS incident, groups_blamed
ORDER BY incident, groups_blamed;
